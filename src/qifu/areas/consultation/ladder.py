"""A leader's note that is not given out, or to which not every office has answered in time: who wrote it down is reminded, and
then the office is pressed that took it on. Its tasks are cases, and press their own offices."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse

from qifu.kernel import ladder

from .models import Note
from .workflow import NOTES


def _recorder(note: Note, clock: str) -> Sequence[UUID]:
    return (UUID(note.recorder),)


def _of(note: Note) -> str:
    return reverse("consultation:note", args=[note.id])


ladder.watch(
    ladder.Watched(workflow=NOTES, title=lambda note: note.title, url=_of, office=lambda note, clock: note.office, handlers=_recorder)
)
