"""A letter that is not answered in time: its writer is reminded, and then the office is pressed that has the case."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse

from qifu.kernel import ladder

from .models import Letter
from .workflow import LETTERS


def _writer(letter: Letter, clock: str) -> Sequence[UUID]:
    return ladder.the(letter.writer)


def _office(letter: Letter, clock: str) -> str:
    """The letter lies where the case lies, in a town; who waits for its answer is the office that handles the case."""
    return letter.case.office


def _of(letter: Letter) -> str:
    return reverse("correspondence:letter", args=[letter.id])


ladder.watch(ladder.Watched(workflow=LETTERS, title=lambda letter: letter.title, url=_of, office=_office, handlers=_writer, join=("case",)))
