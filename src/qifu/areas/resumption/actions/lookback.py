"""Look-backs: drawing a town's share, sending somebody, saying what was found, saying that it is mended (FEATURES 2.16)."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotFound, require
from qifu.kernel.access.models import everything
from qifu.kernel.actions import BadInput, action
from qifu.kernel.calendar.clock import local
from qifu.kernel.files.models import File
from qifu.kernel.journal import writing

from .. import queries, refusals
from ..lookbacks import LOOKBACKS, OPEN, WAITING, Rule, hours_to, law_and_rule, rule_of, seed, share, silent_or_odd
from ..models import Application, Draw, Inspection

DRAW = "resumption.draw"


@dataclass(frozen=True, kw_only=True)
class DrawTown:
    """The town whose firms are drawn from this morning."""

    place: int


@action("resumption.lookback.draw", "抽取回头看")
def draw(given: DrawTown, *, actor: Actor, at: datetime, key: UUID | None = None) -> int:
    """Draw a town's look-backs of the day: the silent, the odd, and a share by lot; gives how many. A second time draws none.

    Nobody stands in two at once; who was drawn by lot lately is left out of the lot."""
    found = law_and_rule(given.place, at)
    day = local(at).date()
    if found is None:
        return 0
    law, rule = found
    said = Draw(region=given.place, district=jurisdiction.district_of(given.place), day=day, of=0, drawn=0, percent=rule.percent,
                seed=seed(day, given.place), made_at=at)  # fmt: skip
    hat = require(actor, "resumption.lapse", at=at, on=said)
    if everything(Draw).filter(region=given.place, day=day).exists():
        return 0
    running = list(
        everything(Application).filter(region=given.place, state="resumed", incident=law.incident).select_related("enterprise", "incident")
    )
    chosen = _chosen(running, rule=rule, day=day, place=given.place)
    said.of, said.drawn = len(running), len(chosen)
    said.save(force_insert=True)
    writing.record(DRAW, said, verb="draw", actor=actor, hat=hat, at=at, of=said.of, drawn=said.drawn, percent=said.percent)
    open_looks([(one, why) for one, why in chosen], rule=rule, actor=actor, at=at)
    return len(chosen)


def _chosen(running: list[Application], *, rule: Rule, day: date, place: int) -> list[tuple[Application, str]]:
    firms = [one.enterprise_id for one in running]
    now_open = set(everything(Inspection).filter(enterprise__in=firms, state__in=OPEN).values_list("enterprise", flat=True))
    free = [one for one in running if one.enterprise_id not in now_open]
    odd = silent_or_odd(free, day=day, rule=rule)
    by_id = {one.id: one for one in free}
    chosen = [(by_id[id], why) for id, why in list(odd.items())[: rule.most]]
    lately = everything(Inspection).filter(enterprise__in=firms, day__gt=day - timedelta(days=rule.rest))
    rested = set(lately.values_list("enterprise", flat=True)) | {one.enterprise_id for one, _ in chosen}
    lots = {one.enterprise_id: one for one in free if one.enterprise_id not in rested}
    drawn = share(lots, seed=seed(day, place), percent=rule.percent, least=rule.least)
    return [*chosen, *((lots[firm], "share") for firm in drawn)]


def open_looks(chosen: list[tuple[Application, str]], *, rule: Rule, actor: Actor, at: datetime) -> None:
    """Open a look-back for each application with its reason."""
    rows = [
        Inspection(
            enterprise=one.enterprise, application=one, pack=rule_pack(one), why=why, day=local(at).date(), days=rule.allowed(why),
            office=queries.office_name(one.region)[:80], region=one.region, district=one.district, party=one.enterprise_id,
            facets=sorted({*one.facets, f"why:{why}"}),
        )
        for one, why in chosen
    ]  # fmt: skip
    LOOKBACKS.open_many(rows, actor=actor, at=at, datas=[{"why": row.why, "days": row.days} for row in rows])


def rule_pack(application: Application) -> str:
    """Give the pack of an application's incident."""
    return application.incident.pack


# ------------------------------------------------------------------------------------------------ sending, looking, mending


def known(id: UUID) -> Inspection:
    """Give one look-back within the scope; refuses NotFound."""
    found = everything(Inspection).filter(pk=id).select_related("enterprise", "application").first()
    if found is None:
        raise NotFound()
    return found


@dataclass(frozen=True, kw_only=True)
class Send:
    """Who is to look; nobody in particular means the town."""

    inspection: UUID
    person: UUID | None = None


@action("resumption.lookback.send", "派人去看")
def send(given: Send, *, actor: Actor, at: datetime, key: UUID | None = None) -> Inspection:
    """Name who goes. Refuses BadInput where the person holds no right to look there."""
    inspection = LOOKBACKS.lock(given.inspection)
    hat = require(actor, "resumption.assign.town", at=at, on=inspection)
    if inspection.state not in WAITING:
        raise refusals.SentToAnother("这家现在不用去看，没有改派。", fix="刷新看看它到了哪一步。")
    people = dict(queries.people_with("resumption.assess", inspection.region, at=at))
    if given.person is not None and given.person not in people:
        raise BadInput({"person": "这个人在这里不能去看，换一个人。"})
    LOOKBACKS.once(key, inspection)
    inspection.assigned_to = str(given.person) if given.person else ""
    inspection.assigned_name = people[given.person] if given.person else ""
    everything(Inspection).filter(pk=inspection.id).update(assigned_to=inspection.assigned_to, assigned_name=inspection.assigned_name)
    writing.record(LOOKBACKS.name, inspection, verb="send", actor=actor, hat=hat, at=at)
    return inspection


@dataclass(frozen=True, kw_only=True)
class Look:
    """What was found: a result for each question, a note for each that is not right, and what follows."""

    inspection: UUID
    conclusion: Literal["ok", "mend", "escalate"] = field(metadata={"label": "结论"})
    results: dict = field(default_factory=dict, metadata={"label": "看到的"})
    notes: dict = field(default_factory=dict, metadata={"label": "情况"})
    remarks: str = field(default="", metadata={"label": "备注", "most": 500})
    days: int = field(default=0, metadata={"label": "几天改好"})


@action("resumption.lookback.look", "回头看")
def look(given: Look, *, actor: Actor, at: datetime, key: UUID | None = None) -> Inspection:
    """Hand in a look: fine, to be mended by a day, or on to a proposed suspension. All is kept with who looked.

    Refuses BadInput (unanswered, unnoted, no photo), FaultsFound, NoFaults, SentToAnother, OwnVisit."""
    locked = LOOKBACKS.lock(given.inspection)
    rule = rule_of(locked.pack)
    assert rule is not None
    answers = _answers(given, rule)
    wrong = [code for code, one in answers.items() if one["result"] == "fix"]
    if given.conclusion == "ok" and wrong:
        raise refusals.FaultsFound()
    if given.conclusion != "ok" and not wrong:
        raise refusals.NoFaults()
    if given.conclusion == "mend" and given.days not in rule.mend:
        raise BadInput({"days": "选几天改好。"})
    if given.conclusion == "escalate" and not everything(File).filter(about=locked.id, kind="resumption.look").exists():
        raise BadInput({"photos": "先拍一张照片：拟暂停要有证据。"})
    by = local(at).date() + timedelta(days=given.days)
    facts = {"asked": len(answers), "wrong": len(wrong)} | ({"hours": hours_to(by, at)} if given.conclusion == "mend" else {})
    with LOOKBACKS.move(given.conclusion, locked, actor=actor, at=at, key=key, **facts) as inspection:
        inspection.answers, inspection.remarks = answers, given.remarks.strip()
        inspection.looked_by, inspection.looked_by_name = actor.id, actor.name[:80]
        inspection.last_look_at, inspection.looks = at, inspection.looks + 1
        if given.conclusion == "mend":
            inspection.mend_by, inspection.mend_hours, inspection.mended_words = by, facts["hours"], ""
    return inspection


def _answers(given: Look, rule: Rule) -> dict[str, dict[str, str]]:
    answers, errors = {}, {}
    for question in rule.questions:
        result, note = str(given.results.get(question.code, "")), str(given.notes.get(question.code, "")).strip()
        if result not in ("ok", "fix"):
            errors[f"r-{question.code}"] = "这一项还没有看。"
        elif result == "fix" and not note:
            errors[f"n-{question.code}"] = "写一句看到什么、改成什么样，企业会看到。"
        elif len(note) > 200:
            errors[f"n-{question.code}"] = "最多200个字，删短一点再交。"
        answers[question.code] = {"result": result, "note": note}
    if errors:
        raise BadInput(errors)
    return answers


@dataclass(frozen=True, kw_only=True)
class Mended:
    """The enterprise's word that it is put right."""

    inspection: UUID
    words: str = field(metadata={"label": "改了什么"})


@action("resumption.lookback.mended", "整改好了")
def mended(given: Mended, *, actor: Actor, at: datetime, key: UUID | None = None) -> Inspection:
    """Say that what was found is put right; the town looks again. Refuses BadInput, WrongState."""
    words = given.words.strip()
    if not words or len(words) > 300:
        raise BadInput({"words": "写一句改了什么，最多300个字。"})
    with LOOKBACKS.move("mended", given.inspection, actor=actor, at=at, key=key) as inspection:
        inspection.mended_words = words
    return inspection
