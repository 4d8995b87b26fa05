"""The agenda: cases put on it with a question, decided in a sentence with tasks, put off, taken off."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from qifu.areas.casework import api as casework
from qifu.areas.casework.api import Case
from qifu.kernel.access import Actor, NotFound
from qifu.kernel.actions import BadInput, action
from qifu.kernel.language import said

from .. import queries, refusals
from ..models import Item, Meeting
from ..numbering import scope_of
from ..terms import MEETS, MOST_ITEMS
from ..workflow import ITEMS, MEETINGS
from .tasks import Give, give


@dataclass(frozen=True, kw_only=True)
class Put:
    """Cases for one meeting, each with the question to decide."""

    meeting: UUID = field(metadata={"label": "哪一次会"})
    cases: tuple[UUID, ...] = field(metadata={"label": "诉求"})
    questions: tuple[str, ...] = field(default=(), metadata={"label": "要议的事", "most": 200})
    """One for each case."""


@action("consultation.put", "列入会商")
def put(given: Put, *, actor: Actor, at: datetime, key: UUID | None = None) -> list[Item]:
    """Put cases on the agenda of a meeting, all or none. Refuses NotOnAnAgenda, CaseIsOver, AgendaIsClosed, AgendaIsFull, BadInput.

    The key belongs to the first, so that a second press lists nothing twice."""
    meeting = _open_agenda(given.meeting, actor)
    if key is not None and (known := ITEMS.delivered(key)) is not None:
        return [known]
    if not given.cases:
        raise BadInput({"cases": said("还没有选诉求。")})
    questions = [*given.questions, *[""] * len(given.cases)]
    made = []
    for number, id in enumerate(dict.fromkeys(given.cases)):
        made.append(_listed(id, questions[number], meeting, actor=actor, at=at, key=key if number == 0 else None))
    return made


def _open_agenda(id: UUID, actor: Actor) -> Meeting:
    """Lock the meeting, so that two secretaries number its items one after the other."""
    queries.meeting(id, actor)
    meeting = MEETINGS.lock(id)
    if meeting.state not in MEETS:
        raise refusals.AgendaIsClosed()
    return meeting


def _listed(id: UUID, question: str, meeting: Meeting, *, actor: Actor, at: datetime, key: UUID | None) -> Item:
    case = Case.objects.visible_to(actor).filter(pk=id).first()
    if case is None:
        raise NotFound()
    _may_be_talked_of(case)
    words = question.replace("\x00", "").strip()
    if not words:
        raise BadInput({"questions": said("“{title}”还没有写要议什么。", title=case.title)})
    return _open(case, words, meeting, actor=actor, at=at, key=key)


def _may_be_talked_of(case: Case) -> None:
    if case.compartment:
        raise refusals.NotOnAnAgenda()
    if not casework.is_open(case):
        raise refusals.CaseIsOver(said("“{title}”{state}，没有改动。", title=case.title, state=casework.state_word(case)))


def _open(
    case: Case, question: str, meeting: Meeting, *, actor: Actor, at: datetime, key: UUID | None = None, carried: Item | None = None
) -> Item:
    last = Item._base_manager.filter(meeting=meeting).aggregate(last=Max("place"))["last"] or 0
    if last >= MOST_ITEMS:
        raise refusals.AgendaIsFull()
    item = Item(
        meeting=meeting, case=case, place=last + 1, question=question, carried_from=carried, listed_by=actor.id,
        listed_by_name=actor.name[:80], **scope_of(meeting.region),
    )  # fmt: skip
    return ITEMS.open(item, actor=actor, at=at, key=key, meeting=meeting.number, case=case.number)


def carry_over(id: UUID, meeting: Meeting, *, place: int, actor: Actor, at: datetime) -> Item:
    """Put on the agenda of a later meeting what an earlier one put off; once only, and not what is solved meanwhile."""
    before = queries.item(id, actor)
    if before.state != "put_off" or Item._base_manager.filter(carried_from=before).exists():
        raise refusals.AgendaIsClosed("这一项已经带到别的会上，没有再带。", fix="刷新看看。")
    _may_be_talked_of(before.case)
    return _open(before.case, before.question, meeting, actor=actor, at=at, carried=before)


@dataclass(frozen=True, kw_only=True)
class Ask:
    item: UUID
    question: str = field(metadata={"label": "要议的事", "most": 200})


@action("consultation.ask", "改要议的事")
def ask(given: Ask, *, actor: Actor, at: datetime, key: UUID | None = None) -> Item:
    """Say better what is to be decided, before it is."""
    with ITEMS.move("ask", given.item, actor=actor, at=at, key=key) as item:
        _open_agenda(item.meeting_id, actor)
        item.question = given.question.strip()
    return item


@dataclass(frozen=True, kw_only=True)
class Decide:
    """What was decided, in a sentence, and which offices do what by when."""

    item: UUID
    decision: str = field(metadata={"label": "议定意见"})
    tasks: tuple[Give, ...] = field(default=(), metadata={"label": "任务"})


@action("consultation.decide", "议定")
def decide(given: Decide, *, actor: Actor, at: datetime, key: UUID | None = None) -> Item:
    """Decide an item in the meeting and give the tasks; again, as long as the minutes are not signed, to mend or to add.

    Refuses AgendaIsClosed, CaseIsOver, AlreadyGiven, BadInput."""
    before = queries.item(given.item, actor)
    meeting = MEETINGS.lock(before.meeting_id)
    if meeting.state != "held":
        raise refusals.AgendaIsClosed("这次会不在会上，没有写议定意见。", fix="先按“开会”；纪要送签以后要先退回再改。")
    if before.state == "listed":
        _may_be_talked_of(before.case)
    words = given.decision.replace("\x00", "").strip()
    if not words:
        raise BadInput({"decision": said("还没有写议定意见。")})
    if len(words) > 1000:
        raise BadInput({"decision": said("最多1000个字，现在{n}个。", n=len(words))})
    verb = "decide_again" if before.state == "decided" else "decide"
    with ITEMS.move(verb, given.item, actor=actor, at=at, key=key, tasks=len(given.tasks)) as item:
        item.decision, item.reason = words, ""
    give(given.tasks, source=queries.item(item.id, actor), actor=actor, at=at)
    return item


@dataclass(frozen=True, kw_only=True)
class Why:
    item: UUID
    reason: str = field(default="", metadata={"label": "为什么", "most": 300})


@action("consultation.put_off", "下次再议")
def put_off(given: Why, *, actor: Actor, at: datetime, key: UUID | None = None) -> Item:
    """Leave an item for the next meeting, which takes it along."""
    return _without(given, "put_off", actor=actor, at=at, key=key)


@action("consultation.withdraw", "撤下")
def withdraw(given: Why, *, actor: Actor, at: datetime, key: UUID | None = None) -> Item:
    """Take an item off the agenda; its case goes its own way."""
    return _without(given, "withdraw", actor=actor, at=at, key=key)


def _without(given: Why, verb: str, *, actor: Actor, at: datetime, key: UUID | None) -> Item:
    _open_agenda(queries.item(given.item, actor).meeting_id, actor)
    with ITEMS.move(verb, given.item, actor=actor, at=at, key=key) as item:
        item.reason = given.reason.strip()
    return item
