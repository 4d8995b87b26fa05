"""A letter that is not answered in time: its writer is reminded, and then the writer's own place is pressed."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse

from qifu.kernel import ladder

from .models import Letter
from .workflow import LETTERS


def _writer(letter: Letter, clock: str) -> Sequence[UUID]:
    return (UUID(letter.writer),)


def _of(letter: Letter) -> str:
    return reverse("correspondence:letter", args=[letter.id])


ladder.watch(ladder.Watched(workflow=LETTERS, title=lambda letter: letter.title, url=_of, handlers=_writer))
