"""A leader's note (批示件): written down with its photo, given to several offices, answered by each, read by the leader."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from qifu.areas.casework.api import Case
from qifu.kernel import notify
from qifu.kernel.access import Actor, NotFound, person_of
from qifu.kernel.actions import BadInput, action
from qifu.kernel.language import said

from .. import queries, refusals
from ..models import Note, Task
from ..numbering import home_of, next_number, scope_of
from ..terms import TAKE
from ..workflow import NOTES
from .tasks import Give, give

HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Receive:
    """What the note says, whose it is and when it was written. The photo is kept beside it afterwards."""

    text: str = field(metadata={"label": "批示内容", "most": 2000})
    leader: str = field(default="", metadata={"label": "谁批的", "most": 40})
    leader_id: UUID | None = None
    written_at: datetime = field(metadata={"label": "什么时候批的"})
    case: UUID | None = field(default=None, metadata={"label": "批在哪件诉求上"})


@action("consultation.receive", "登记批示")
def receive(given: Receive, *, actor: Actor, at: datetime, key: UUID | None = None) -> Note:
    """Write a leader's note down. Refuses BadInput, NotOnAnAgenda."""
    home, text = home_of(actor, TAKE, at=at), given.text.replace("\x00", "").strip()
    leader, person = given.leader.strip(), given.leader_id
    if person is not None:
        known = {one.id: one.name for one in queries.leaders(home.place, at=at)}
        if person not in known:
            raise BadInput({"leader": said("没有这位领导。")})
        leader = leader or known[person]
    errors = {}
    if not text:
        errors["text"] = said("还没有写批示内容。")
    if not leader:
        errors["leader"] = said("还没有写谁批的。")
    if given.written_at > at + timedelta(minutes=10):
        errors["written_at"] = said("批示时间还没有到。")
    if errors:
        raise BadInput(errors)
    case = Case.objects.visible_to(actor).filter(pk=given.case).first() if given.case else None
    if given.case and case is None:
        raise NotFound()
    if case is not None and case.compartment:
        raise refusals.NotOnAnAgenda()
    note = Note(
        number=next_number("批", home.place, at=at), leader=leader[:40], leader_id=person, title=_titled(text), text=text,
        written_at=given.written_at, case=case, office=home.code, office_name=home.name, recorder=actor.id,
        recorder_name=actor.name[:80], **scope_of(home.place),
    )  # fmt: skip
    return NOTES.open(note, actor=actor, at=at, key=key)


def _titled(text: str) -> str:
    first = text.splitlines()[0].strip()
    for mark in "。；！？":
        first = first.partition(mark)[0]
    return first if len(first) <= 40 else first[:39] + "…"


@dataclass(frozen=True, kw_only=True)
class GiveOut:
    note: UUID
    tasks: tuple[Give, ...] = field(metadata={"label": "任务"})


@action("consultation.give", "批示交办")
def give_out(given: GiveOut, *, actor: Actor, at: datetime, key: UUID | None = None) -> Note:
    """Give each office its task with its own time; also more of them later. Refuses BadInput, NotFound."""
    if not given.tasks:
        raise BadInput({"tasks": said("还没有选单位。")})
    before = queries.note(given.note, actor)
    made = give(given.tasks, source=NOTES.lock(before.id), actor=actor, at=at)
    last = max(Task._base_manager.filter(note=before.id).values_list("due_at", flat=True), default=at)
    hours = max(1, -int(-(max(last, *(one.due_at for one in made)) - at) // HOUR))
    verb = "give" if before.state == "received" else "give_more"
    with NOTES.move(verb, given.note, actor=actor, at=at, key=key, offices=len(made), hours=hours) as note:
        note.hours = hours
    return note


@dataclass(frozen=True, kw_only=True)
class Of:
    note: UUID


@action("consultation.read", "已阅")
def read(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Note:
    """Let the leader say that what came back was read."""
    with NOTES.move("read", given.note, actor=actor, at=at, key=key) as note:
        note.read_at = note.read_at or at
    return note


@dataclass(frozen=True, kw_only=True)
class Press:
    note: UUID
    words: str = field(metadata={"label": "还要怎么办", "most": 500})


@action("consultation.press", "还要再办")
def press(given: Press, *, actor: Actor, at: datetime, key: UUID | None = None) -> Note:
    """Let the leader say what is not enough yet; who wrote the note down hears it and gives more out."""
    with NOTES.move("press", given.note, actor=actor, at=at, key=key) as note:
        note.words, note.read_at = given.words.strip(), None
        note.hours = 24
    if actor.id != note.recorder and (recorder := person_of(note.recorder)) is not None:
        words = {"title": note.title[:30], "number": note.number, "leader": note.leader}
        notify.tell(recorder, "consultation.pressed", words=words, on=note, at=at)
    return note
