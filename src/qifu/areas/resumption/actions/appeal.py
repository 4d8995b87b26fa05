"""Appeals against acts that burden: asked by the enterprise (or noted for it), then what others decided, from their papers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotFound
from qifu.kernel.access.models import everything
from qifu.kernel.actions import BadInput, action
from qifu.kernel.calendar.clock import local
from qifu.kernel.language import said
from qifu.kernel.values import uuid7

from .. import appeal_letters, queries, refusals
from ..appeals import APPEALS
from ..burdens import BURDENS
from ..models import Appeal, Burden
from ..terms import AppealWay, Route

Outcome = Literal["uphold", "change", "revoke", "decline"]


@dataclass(frozen=True, kw_only=True)
class Ask:
    """Which way, to whom, on what day."""

    burden: UUID = field(metadata={"label": "处理"})
    way: AppealWay = field(metadata={"label": "哪一种"})
    organ: str = field(metadata={"label": "向哪里提出", "most": 60})
    asked_on: date = field(metadata={"label": "哪天提出"})


@action("resumption.appeal.ask", "申请复议或起诉")
def ask(given: Ask, *, actor: Actor, at: datetime, key: UUID | None = None) -> Appeal:
    """Keep that an enterprise turned to another office or the court against a decision. Whether in time, they decide.

    Refuses NothingToAppeal before there is a decision, BadInput (organ, day)."""
    burden = BURDENS.lock(given.burden)
    if burden.decided_at is None or not burden.decided_by:
        raise refusals.NothingToAppeal()
    _check(at, {"organ": given.organ}, {"asked_on": (given.asked_on, local(burden.decided_at).date())})
    place = jurisdiction.name(burden.region if burden.route == Route.TOWN else queries.district_place(burden.region))
    appeal = Appeal(
        id=uuid7(), burden=burden, enterprise=burden.enterprise, way=given.way, route=burden.route,
        decider=burden.decided_by, asker=actor.id,
        proposer=burden.asked_by, office=place, organ=given.organ.strip(), asked_on=given.asked_on,
        told_by_name=actor.name[:80], region=burden.region, district=burden.district,
        party=burden.party, facets=[f"way:{given.way}", f"kind:{burden.kind}"],
    )  # fmt: skip
    return APPEALS.open(appeal, actor=actor, at=at, key=key, way=str(given.way))


@dataclass(frozen=True, kw_only=True)
class Take:
    """By whom it was taken, under which number."""

    appeal: UUID = field(metadata={"label": "复议或诉讼"})
    organ: str = field(metadata={"label": "谁受理", "most": 60})
    case_number: str = field(metadata={"label": "案号", "most": 60})


@action("resumption.appeal.take", "记受理")
def take(given: Take, *, actor: Actor, at: datetime, key: UUID | None = None) -> Appeal:
    """Write down that it was taken; the clock of the office's answer begins."""
    _check(at, {"organ": given.organ, "case_number": given.case_number})
    return _moved("take", given.appeal, actor, at, key, organ=given.organ.strip(), case_number=given.case_number.strip())


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the office answered, in short."""

    appeal: UUID = field(metadata={"label": "复议或诉讼"})
    answer: str = field(metadata={"label": "答复要点", "most": 500})


@action("resumption.appeal.answer", "记已交答复")
def answer(given: Answer, *, actor: Actor, at: datetime, key: UUID | None = None) -> Appeal:
    """Write down that the office handed in its answer, and what it said."""
    _check(at, {"answer": given.answer})
    return _moved("answer", given.appeal, actor, at, key, answer=given.answer.strip())


@dataclass(frozen=True, kw_only=True)
class Settle:
    """How it ended: by which paper of which day; the new last day where the decision was changed."""

    appeal: UUID = field(metadata={"label": "复议或诉讼"})
    outcome: Outcome = field(metadata={"label": "结果"})
    document: str = field(metadata={"label": "文书", "most": 80})
    settled_on: date = field(metadata={"label": "文书日期"})
    until: date | None = field(default=None, metadata={"label": "新的最后一天"})
    words: str = field(default="", metadata={"label": "说明", "most": 500})


@action("resumption.appeal.settle", "记复议或诉讼结果")
def settle(given: Settle, *, actor: Actor, at: datetime, key: UUID | None = None) -> Appeal:
    """Write down the outcome and issue its letter; the burden follows by itself. Never by who decided the act
    (OwnDecision), proposed it or asked for the appeal (OwnAppeal); changed and revoked with a second factor, after it was taken."""
    locked = APPEALS.lock(given.appeal)
    burden = everything(Burden).select_related("enterprise", "incident").get(pk=locked.burden_id)
    _check(at, {"document": given.document}, {"settled_on": (given.settled_on, locked.asked_on)})
    until = _new_end(given, burden, at)
    facts = {"hours": round((until - burden.until).total_seconds() / 3600)} if until and burden.until else {}

    def fill(appeal: Appeal) -> None:
        appeal.document, appeal.settled_on, appeal.words = given.document.strip(), given.settled_on, given.words.strip()
        appeal.until, appeal.recorder_name = until, actor.name[:80]

    appeal = _moved(given.outcome, locked.id, actor, at, key, fill=fill, facts=facts if given.outcome == "change" else None)
    appeal_letters.issue(appeal, burden, verb=given.outcome, actor=actor, at=at)
    return appeal


@dataclass(frozen=True, kw_only=True)
class Withdraw:
    """The enterprise does not go on with it."""

    appeal: UUID = field(metadata={"label": "复议或诉讼"})


@action("resumption.appeal.withdraw", "撤回复议或诉讼")
def withdraw(given: Withdraw, *, actor: Actor, at: datetime, key: UUID | None = None) -> Appeal:
    """Keep that the enterprise withdrew it."""
    return _moved("withdraw", given.appeal, actor, at, key)


def _moved(
    verb: str, id: UUID, actor: Actor, at: datetime, key: UUID | None,
    *, fill: Callable[[Appeal], None] | None = None, facts: dict[str, int] | None = None, **columns: str,
) -> Appeal:  # fmt: skip
    with APPEALS.move(verb, id, actor=actor, at=at, key=key, **(facts or {})) as appeal:
        for name, value in columns.items():
            setattr(appeal, name, value)
        if fill is not None:
            fill(appeal)
    return appeal


def _new_end(given: Settle, burden: Burden, at: datetime) -> datetime | None:
    """Give the end that a changed decision has: the close of that day, earlier than the present end, not past."""
    if given.outcome != "change":
        return None
    if burden.state != "in_force" or burden.until is None:
        raise BadInput({"outcome": said("这件处理现在没有期限在走，变更不了；撤销的选“撤销”，没有变化的选“维持”。")})
    if given.until is None:
        raise BadInput({"until": said("变更了就写新的最后一天，照文书抄。")})
    end = local(at).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=(given.until - local(at).date()).days + 1)
    if not at < end < burden.until:
        raise BadInput({"until": said("新的最后一天要在今天和原来的最后一天之间；今天就停的，选“撤销”。")})
    return end


def _check(at: datetime, words: Mapping[str, str], days: Mapping[str, tuple[date, date]] | None = None) -> None:
    """Refuse what is left blank, and a day after today or before the one that it follows."""
    errors = {name: said("还没有写，照文书抄。") for name, text in words.items() if not text.strip()}
    for name, (day, since) in (days or {}).items():
        if not since <= day <= local(at).date():
            errors[name] = said("日期要在{since}和今天之间。", since=f"{since:%-m月%-d日}")
    if errors:
        raise BadInput(errors)


def known(id: UUID) -> Appeal:
    """Give one appeal within the scope; refuses NotFound."""
    found = everything(Appeal).filter(pk=id).select_related("enterprise", "burden", "burden__enterprise").first()
    if found is None:
        raise NotFound()
    return found
