"""A leader's note that is not given out, or to which not every office has answered in time: who wrote it down is reminded, and
then the office is pressed that took it on. Its tasks are cases, and press their own offices. Minutes that are owed or lie unsigned
press the office that called the meeting, and a paper that is drafted and does not go out its writer and then its place."""

from django.urls import reverse

from qifu.kernel import ladder
from qifu.kernel.language import said

from .models import Meeting, Note, Paper
from .workflow import MEETINGS, NOTES, PAPERS


def _writes(meeting: Meeting, clock: str) -> list[str]:
    """Who called the meeting owes the minutes; once they are drafted they wait for somebody else."""
    return [meeting.planner] if clock == "write" else []


def _meeting(meeting: Meeting) -> str:
    return reverse("consultation:meeting", args=[meeting.id])


def _note(note: Note) -> str:
    return reverse("consultation:note", args=[note.id])


def _paper(paper: Paper) -> str:
    return reverse("consultation:paper", args=[paper.id])


ladder.watch(
    ladder.Watched(
        workflow=NOTES, title=lambda note: note.title, url=_note, office=lambda note, clock: note.office,
        handlers=lambda note, clock: ladder.the(note.recorder),
    )
)  # fmt: skip
ladder.watch(
    ladder.Watched(
        workflow=MEETINGS, title=lambda meeting: said("{title}的纪要", title=meeting.title), url=_meeting,
        office=lambda meeting, clock: meeting.office, handlers=lambda meeting, clock: ladder.the(*_writes(meeting, clock)),
    )
)  # fmt: skip
ladder.watch(
    ladder.Watched(
        workflow=PAPERS, title=lambda paper: said("文书：{title}", title=paper.title), url=_paper,
        handlers=lambda paper, clock: ladder.the(paper.writer),
    )
)  # fmt: skip
