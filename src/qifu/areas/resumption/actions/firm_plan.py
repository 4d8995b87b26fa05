"""One enterprise, one plan: what it is about, its measures, and their owners' progress (FEATURES 2.12)."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from qifu.areas.registry import api as registry
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotFound, require
from qifu.kernel.access.models import everything
from qifu.kernel.actions import BadInput, action
from qifu.kernel.calendar.clock import local
from qifu.kernel.journal import writing
from qifu.kernel.language import said

from .. import queries, refusals
from ..firm_plans import LONGEST_DAYS, MOST_LINES, OWNERS, PLAN_LINES, UNDONE, owners_only
from ..lookbacks import hours_to
from ..models import FirmPlan, PlanLine

PROCESS = "resumption.firm_plan"
_KEEP = "resumption.firm_plan"


@dataclass(frozen=True, kw_only=True)
class Write:
    """What an enterprise's plan is about."""

    enterprise: UUID
    aim: str = field(metadata={"label": "要解决什么"})


@action("resumption.firm_plan.write", "写一企一策")
def write(given: Write, *, actor: Actor, at: datetime, key: UUID | None = None) -> FirmPlan:
    """Begin an enterprise's plan, or say anew what it is about. Needs no incident. Refuses BadInput, NotYours."""
    firm = registry.enterprise(given.enterprise)
    hat = require(actor, _KEEP, at=at, on=firm)
    aim = given.aim.strip()
    if not aim or len(aim) > 500:
        raise BadInput({"aim": "写一两句要解决什么，最多500个字。"})
    plan = everything(FirmPlan).select_for_update().filter(enterprise=firm.id).first()
    first = plan is None
    if plan is None:
        plan = FirmPlan(enterprise=firm, made_at=at, region=firm.region, district=jurisdiction.district_of(firm.region), party=firm.id)
    plan.aim, plan.changed_at, plan.keeper = aim, at, actor.name[:80]
    plan.save(force_insert=first)
    writing.record(PROCESS, plan, verb="write", actor=actor, hat=hat, at=at, entered="written", first=first)
    return plan


@dataclass(frozen=True, kw_only=True)
class AddLine:
    """One measure: what, whose (an office's code or a person's id), by which day."""

    plan: UUID
    what: str = field(metadata={"label": "措施"})
    owner: str = field(metadata={"label": "谁负责"})
    due_on: date = field(metadata={"label": "几号前办好"})


@action("resumption.firm_plan.add", "写一条措施")
def add(given: AddLine, *, actor: Actor, at: datetime, key: UUID | None = None) -> PlanLine:
    """Add a measure; its owner has the clock until the end of the day. Refuses BadInput, TooManyLines, NotYours."""
    plan = _locked(given.plan)
    require(actor, _KEEP, at=at, on=plan)
    errors = {}
    what = given.what.strip()
    if not what or len(what) > 200:
        errors["what"] = "写清办什么，最多200个字。"
    people = {str(id): name for id, name in queries.people_with("resumption.firm_plan.line", plan.region, at=at)}
    if given.owner not in OWNERS and given.owner not in people:
        errors["owner"] = "选一个负责的单位或人。"
    errors |= _day_errors(given.due_on, at)
    if errors:
        raise BadInput(errors)
    if everything(PlanLine).filter(plan=plan.id, state__in=UNDONE).count() >= MOST_LINES:
        raise refusals.TooManyLines()
    named = given.owner not in OWNERS
    line = PlanLine(
        plan=plan, what=what, owner="person" if named else given.owner, owner_person=given.owner if named else "",
        owner_name=people.get(given.owner, "")[:80], office=(people[given.owner] if named else OWNERS[given.owner][0])[:80],
        due_on=given.due_on, hours=hours_to(given.due_on, at), region=plan.region, district=plan.district, party=plan.party,
        facets=[f"owner:{'person' if named else given.owner}"],
    )  # fmt: skip
    return PLAN_LINES.open(line, actor=actor, at=at, key=key, owner=line.owner, hours=line.hours)


def _locked(id: UUID) -> FirmPlan:
    plan = everything(FirmPlan).select_for_update().filter(pk=id).first()
    if plan is None:
        raise NotFound()
    return plan


def _day_errors(day: date, at: datetime) -> dict[str, str]:
    today = local(at).date()
    if not today <= day <= today + timedelta(days=LONGEST_DAYS):
        return {"due_on": said("选今天到{n}天以内的一天。", n=LONGEST_DAYS)}
    return {}


@dataclass(frozen=True, kw_only=True)
class Tell:
    """How far a measure is, in a sentence."""

    line: UUID
    words: str = field(metadata={"label": "进展"})


@action("resumption.firm_plan.tell", "报进展")
def tell(given: Tell, *, actor: Actor, at: datetime, key: UUID | None = None) -> PlanLine:
    """Say how far it is; it stays open. Refuses OthersLine, BadInput, and where it is over."""
    line = PLAN_LINES.lock(given.line)
    hat = require(actor, "resumption.firm_plan.line", at=at, on=line)
    owners_only(line, actor, at)
    if line.state not in UNDONE:
        raise refusals.OthersLine("这一条已经结束了，进展没有记。", fix="还没办好的，请写方案的人点“还没办好”。")
    words = _words(given.words)
    PLAN_LINES.once(key, line)
    _note(line, words, actor=actor, at=at)
    everything(PlanLine).filter(pk=line.id).update(notes=line.notes)
    writing.record(PLAN_LINES.name, line, verb="tell", actor=actor, hat=hat, at=at)
    return line


@action("resumption.firm_plan.tick", "办好了")
def tick(given: Tell, *, actor: Actor, at: datetime, key: UUID | None = None) -> PlanLine:
    """Say that one's own measure is done, with what came of it."""
    words = _words(given.words)
    with PLAN_LINES.move("tick", given.line, actor=actor, at=at, key=key) as line:
        _note(line, words, actor=actor, at=at)
    return line


@action("resumption.firm_plan.drop", "不办了")
def drop(given: Tell, *, actor: Actor, at: datetime, key: UUID | None = None) -> PlanLine:
    """Leave a measure, with why; it stays in the plan."""
    words = _words(given.words)
    with PLAN_LINES.move("drop", given.line, actor=actor, at=at, key=key) as line:
        _note(line, words, actor=actor, at=at)
    return line


@dataclass(frozen=True, kw_only=True)
class Later:
    """A new day for a measure, and why."""

    line: UUID
    words: str = field(metadata={"label": "为什么"})
    due_on: date = field(metadata={"label": "几号前办好"})


@action("resumption.firm_plan.postpone", "延期")
def postpone(given: Later, *, actor: Actor, at: datetime, key: UUID | None = None) -> PlanLine:
    """Give a measure a later day, once."""
    return _new_day("postpone", given, actor=actor, at=at, key=key)


@action("resumption.firm_plan.reopen", "还没办好")
def reopen(given: Later, *, actor: Actor, at: datetime, key: UUID | None = None) -> PlanLine:
    """Open again what was ticked and is not done."""
    return _new_day("reopen", given, actor=actor, at=at, key=key)


def _new_day(verb: str, given: Later, *, actor: Actor, at: datetime, key: UUID | None) -> PlanLine:
    words = _words(given.words)
    if errors := _day_errors(given.due_on, at):
        raise BadInput(errors)
    hours = hours_to(given.due_on, at)
    with PLAN_LINES.move(verb, given.line, actor=actor, at=at, key=key, hours=hours) as line:
        line.due_on, line.hours = given.due_on, hours
        _note(line, words, actor=actor, at=at)
    return line


def _words(words: str) -> str:
    words = words.strip()
    if not words or len(words) > 200:
        raise BadInput({"words": "写一句，最多200个字。"})
    return words


def _note(line: PlanLine, words: str, *, actor: Actor, at: datetime) -> None:
    line.notes = [*line.notes, {"at": at.isoformat(), "by": actor.name[:80], "words": words}][-30:]
