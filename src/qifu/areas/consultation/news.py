"""What becomes of tasks comes back by news of casework: a note or a meeting whose tasks are all answered closes, and opens again."""

from pathlib import Path
from uuid import UUID

from qifu.kernel import notify
from qifu.kernel.access import Actor
from qifu.kernel.events import Event, after, listen

from . import queries
from .models import Meeting, Note, Task
from .workflow import MEETINGS, NOTES

notify.load(Path(__file__).parent / "notices.yaml")

ENDS = ("answer", "resolve", "merge")
OPENS = ("reject", "not_solved", "unmerge")


@listen(*(f"casework.case.{verb}.v1" for verb in (*ENDS, *OPENS)), name="consultation.tasks")
def follow(event: Event, actor: Actor) -> None:
    """Close what is answered, open again what is not; each once, whatever the order of the news: the cases as they are decide."""
    for task in Task._base_manager.filter(case=event.subject).select_related("item__meeting", "note"):
        if task.note is not None:
            _note(task.note, event, actor)
        elif task.item is not None:
            _meeting(task.item.meeting, event, actor)


def _note(note: Note, event: Event, actor: Actor) -> None:
    left = queries.open_tasks(note=note.id)
    at = after(event, note)
    if not left and note.state == "given":
        count = Task._base_manager.filter(note=note.id).count()
        with NOTES.move("all_answered", note.id, actor=actor, at=at, offices=count) as fresh:
            pass
        if note.leader_id:
            words = {"title": note.title[:30], "n": count, "number": note.number}
            notify.tell(UUID(str(note.leader_id)), "consultation.answered", words=words, on=fresh, at=at)
    elif left and note.state == "closed":
        with NOTES.move("again", note.id, actor=actor, at=at) as fresh:
            fresh.read_at = None


def _meeting(meeting: Meeting, event: Event, actor: Actor) -> None:
    left, at = queries.open_tasks(meeting=meeting.id), after(event, meeting)
    if not left and meeting.state == "minuted":
        with MEETINGS.move("all_done", meeting.id, actor=actor, at=at):
            pass
    elif left and meeting.state == "closed":
        with MEETINGS.move("again", meeting.id, actor=actor, at=at):
            pass
