"""Acts that burden an enterprise: propose, say one's word, decide, uphold, drop, lift. Never by one person (FEATURES 2.17)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from qifu.areas.registry import api as registry
from qifu.areas.registry.models import Enterprise
from qifu.areas.response import api as response
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotFound, require
from qifu.kernel.access.models import everything
from qifu.kernel.actions import BadInput, action
from qifu.kernel.files.models import File
from qifu.kernel.journal import writing
from qifu.kernel.language import said
from qifu.kernel.values import uuid7

from .. import burden_letters, queries, refusals
from ..burdens import BURDENS
from ..models import Application, Burden, Inspection, Item
from ..terms import AT_ONCE_HOURS, LONGEST_DAYS, BurdenKind, Removal
from ..workflow import RESUMPTION, end_permits
from .lists import take_off

Ground = Literal["items", "measures", "risk", "false_report"]
ALLOWED_IN = {BurdenKind.REFUSAL: ("passed",), BurdenKind.SUSPENSION: ("approved", "resumed")}


@dataclass(frozen=True, kw_only=True)
class Propose:
    """What is to be done, why, on what basis and evidence, and for how many days."""

    enterprise: UUID = field(metadata={"label": "企业"})
    kind: BurdenKind = field(metadata={"label": "处理"})
    ground: Ground = field(metadata={"label": "理由"})
    basis: str = field(metadata={"label": "依据"})
    reason: str = field(metadata={"label": "说明"})
    items: tuple[str, ...] = field(default=(), metadata={"label": "清单上的项目"})
    files: tuple[UUID, ...] = field(default=(), metadata={"label": "照片和材料"})
    days: int = field(default=0, metadata={"label": "几天"})
    urgent: bool = field(default=False, metadata={"label": "有现实危险"})
    measure: UUID | None = field(default=None, metadata={"label": "依据的措施"})


@action("resumption.burden.propose", "拟处理")
def propose(given: Propose, *, actor: Actor, at: datetime, key: UUID | None = None) -> Burden:
    """Propose a burden; nothing holds until another person has decided. The enterprise is asked for its word.

    Refuses BadInput (basis, reason, days), NoEvidence, NothingToBurden."""
    enterprise = registry.enterprise(given.enterprise)
    application = next(iter(queries.of_enterprise(enterprise.id)), None)
    states = ALLOWED_IN.get(given.kind)
    if states and (application is None or application.state not in states):
        raise refusals.NothingToBurden()
    law = response.law(enterprise.region, at, incident=application.incident if application else None)
    if law.incident is None:
        raise refusals.NothingToBurden("这里现在没有正在应对的事件，没有措施可以依据，没有拟。")
    _complete(given)
    id = uuid7()
    burden = Burden(
        id=id, enterprise=enterprise, application=application, incident=law.incident, measure=given.measure, kind=given.kind,
        route=application.route if application else law.decider(enterprise.size), ground=given.ground, basis=given.basis.strip(),
        reason=given.reason.strip(), evidence=evidence_of(given, enterprise, application), urgent=given.urgent,
        hours=0 if given.kind == BurdenKind.REFUSAL else given.days * 24, hear_hours=law.hearing_hours(), asked_by=actor.id,
        asked_by_name=actor.name[:80], region=enterprise.region, district=jurisdiction.district_of(enterprise.region),
        party=enterprise.id, facets=[f"kind:{given.kind}"],
    )  # fmt: skip
    _known_measure(given, law)
    facts = {"kind": str(given.kind), "ground": given.ground, "evidence": len(burden.evidence), "urgent": int(given.urgent)}
    return BURDENS.open(burden, actor=actor, at=at, key=key, **facts, hours=burden.hours)


def _complete(given: Propose) -> None:
    errors = {}
    for name, text, most in (("basis", given.basis, 200), ("reason", given.reason, 500)):
        if not text.strip():
            errors[name] = said("还没有写“依据”：写文件名和第几条。") if name == "basis" else said("还没有写“说明”：看到什么、为什么不行。")
        elif len(text) > most:
            errors[name] = said("最多{most}个字，现在{n}个，删短一点再交。", most=most, n=len(text))
    if given.kind != BurdenKind.REFUSAL and not 1 <= given.days <= LONGEST_DAYS:
        errors["days"] = said("写1到{longest_days}天。到期自动解除，还要的到时另作。", longest_days=LONGEST_DAYS)
    if errors:
        raise BadInput(errors)


def _known_measure(given: Propose, law: response.Law) -> None:
    if given.measure is not None and given.measure not in {row.id for row in law.measures()}:
        raise BadInput({"measure": said("这条措施现在没有在执行，换一条。")})


def evidence_of(given: Propose, enterprise: Enterprise, application: Application | None) -> list[dict[str, str]]:
    """Give the evidence as it is kept: items of the list that are not right, and files about this firm's matter."""
    found: list[dict[str, str]] = []
    if given.items and application is not None:
        rows = everything(Item).filter(application=application.id, code__in=given.items).exclude(result="ok")
        found += [{"item": item.code, "name": item.name, "note": item.note} for item in rows]
    about = [enterprise.id, *([application.id] if application else [])]
    about += everything(Inspection).filter(enterprise=enterprise.id).values_list("id", flat=True)
    found += [{"file": str(file.id), "name": file.name} for file in everything(File).filter(pk__in=given.files, about__in=about)]
    if not found:
        raise refusals.NoEvidence()
    return found


@dataclass(frozen=True, kw_only=True)
class Say:
    """The enterprise's word."""

    burden: UUID = field(metadata={"label": "处理"})
    words: str = field(metadata={"label": "陈述"})


@action("resumption.burden.say", "陈述申辩")
def say(given: Say, *, actor: Actor, at: datetime, key: UUID | None = None) -> Burden:
    """Keep what the enterprise says about what is proposed; who decides must see it. May be said until it is decided."""
    burden = BURDENS.lock(given.burden)
    hat = require(actor, "resumption.apply", at=at, on=burden)
    if burden.state not in ("proposed", "provisional"):
        raise refusals.NothingToBurden("这件已经决定了，陈述没有收。", fix="不服的，决定书里写着到哪里申请复议。")
    words = given.words.strip()
    if not words:
        raise BadInput({"words": said("还没有写。没有意见就写“没有意见”。")})
    if len(words) > 1000:
        raise BadInput({"words": said("最多1000个字，现在{n}个，删短一点再交。", n=len(words))})
    BURDENS.once(key, burden)
    everything(Burden).filter(pk=burden.id).update(heard_at=at, heard_words=words)
    writing.record(BURDENS.name, burden, verb="say", actor=actor, hat=hat, at=at)
    burden.heard_at, burden.heard_words = at, words
    return burden


@dataclass(frozen=True, kw_only=True)
class Decide:
    """The decision about what another has proposed; `answer` says how the enterprise's word was weighed."""

    burden: UUID = field(metadata={"label": "处理"})
    answer: str = field(default="", metadata={"label": "对陈述的回应", "most": 500})


@action("resumption.burden.confirm", "决定处理")
def confirm(given: Decide, *, actor: Actor, at: datetime, key: UUID | None = None) -> Burden:
    """Decide what another has proposed; the application moves with it and the letter is issued in the same transaction.

    An urgent suspension whose hearing is still open begins at once for at most 48 hours. Refuses SamePerson, NotYetHeard."""
    locked = BURDENS.lock(given.burden)
    if locked.heard_at is not None and not given.answer.strip():
        raise BadInput({"answer": said("企业陈述过，写一句怎么看的；会写进决定书。")})
    verb = "decide" if locked.kind == BurdenKind.REFUSAL else "confirm"
    if locked.urgent and locked.heard_at is None and locked.kind == BurdenKind.SUSPENSION:
        verb = "at_once"
    hours = AT_ONCE_HOURS if verb == "at_once" else locked.hours
    facts = {} if verb == "decide" else {"hours": hours}
    with BURDENS.move(verb, locked, actor=actor, at=at, key=key, **facts) as burden:
        burden.decided_by, burden.decided_by_name, burden.answer = actor.id, actor.name[:80], given.answer.strip()
        burden.until = at + timedelta(hours=hours) if hours else None
    _act_on_application(burden, actor=actor, at=at)
    burden_letters.issue_decision(burden, actor=actor, at=at)
    return burden


def _act_on_application(burden: Burden, *, actor: Actor, at: datetime) -> None:
    if burden.kind == BurdenKind.REFUSAL:
        with RESUMPTION.move("refuse", burden.application_id, actor=actor, at=at, reason=burden.ground) as application:
            application.decider, application.reason = actor.id, burden.reason
            application.decided_at = application.decided_at or at
    elif burden.kind == BurdenKind.SUSPENSION:
        with RESUMPTION.move("suspend", burden.application_id, actor=actor, at=at, reason=burden.ground) as application:
            application.reason = burden.reason
            end_permits(application, at=at, why="suspended")
            take_off([application.id], at=at, why=Removal.SUSPENDED)


@action("resumption.burden.uphold", "维持暂停")
def uphold(given: Decide, *, actor: Actor, at: datetime, key: UUID | None = None) -> Burden:
    """Let what was done at once go on for the days proposed, after the enterprise was heard."""
    locked = BURDENS.lock(given.burden)
    with BURDENS.move("uphold", locked, actor=actor, at=at, key=key, hours=locked.hours) as burden:
        burden.decided_by, burden.decided_by_name, burden.answer = actor.id, actor.name[:80], given.answer.strip()
        burden.until = at + timedelta(hours=burden.hours)
    burden_letters.issue_decision(burden, actor=actor, at=at)
    return burden


@action("resumption.burden.drop", "不作处理")
def drop(given: Decide, *, actor: Actor, at: datetime, key: UUID | None = None) -> Burden:
    """Do not do what was proposed; what was done at once ends."""
    return _end("drop", given, actor=actor, at=at, key=key)


@action("resumption.burden.lift", "提前解除")
def lift(given: Decide, *, actor: Actor, at: datetime, key: UUID | None = None) -> Burden:
    """End a burden before its day."""
    return _end("lift", given, actor=actor, at=at, key=key)


def _end(verb: str, given: Decide, *, actor: Actor, at: datetime, key: UUID | None) -> Burden:
    if not given.answer.strip():
        raise BadInput({"answer": said("写一句为什么，企业会看到。")})
    with BURDENS.move(verb, given.burden, actor=actor, at=at, key=key) as burden:
        burden.answer = given.answer.strip()
    return burden


def known(id: UUID) -> Burden:
    """Give one burden within the scope; refuses NotFound."""
    found = everything(Burden).filter(pk=id).select_related("enterprise", "application", "incident").first()
    if found is None:
        raise NotFound()
    return found
