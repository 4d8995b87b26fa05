"""What goes along with a paper (附件): kept files in an order of their own, added and left out while it is a draft.

    class Paper(Enclosing, Subject): ...
    PAPER = enclosing.accept_along("consultation.paper", "文书附件", model=Paper, see=(SEE,))
    # inside a move of the draft
    enclosing.enclose(paper, given.content, kind=PAPER, name=given.name, hat=hat, actor=actor, at=at)

A file itself is never changed or deleted: what is left out stays kept, and goes with nothing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models

from qifu.kernel.access import Actor, Hat, NotFound, Scope, enter

from .keeping import Kind, accept, keep, one_of
from .models import File
from .refusals import ByTheDraft, TooManyAlong

MOST = 9
"""Files that go along with one paper."""
_KEPT_MOST = 40
_STOPS = "。．.，,；;、 　"


class Enclosing(models.Model):
    """A row with which files go along, in their order."""

    enclosed = ArrayField(models.UUIDField(), default=list, blank=True)

    class Meta:
        abstract = True


def accept_along(name: str, label: str, *, model: Any, see: tuple[str, ...]) -> Kind:
    """Declare rows with which files go along; once. They are added by the area's own act, never by posting to /files/."""

    def by_the_draft(row: Any, actor: Actor, at: datetime) -> Hat:
        raise ByTheDraft()

    return accept(Kind(name=name, label=label, find=one_of(model), may_keep=by_the_draft, see=see, most=_KEPT_MOST, papers=True))


def enclose(row: Any, content: bytes, *, kind: Kind, name: str, hat: Hat, actor: Actor, at: datetime) -> File:
    """Keep a picture or PDF and let it go along; the caller saves the row. The same bytes twice are one.

    Refuses TooManyAlong, and what is neither picture nor PDF."""
    if len(row.enclosed) >= MOST:
        raise TooManyAlong()
    file, _again = keep(content, kind=kind, about=row, hat=hat, actor=actor, at=at, name=name.strip())
    if file.id not in row.enclosed:
        row.enclosed = [*row.enclosed, file.id]
    return file


def leave_out(row: Any, file: UUID) -> None:
    """Let a file go along no longer; the caller saves the row. Refuses NotFound."""
    if file not in row.enclosed:
        raise NotFound("这个附件不在这份上，可能已经去掉了。")
    row.enclosed = [one for one in row.enclosed if one != file]


def of(row: Any) -> list[File]:
    """Give what goes along with a row, in its order, as far as whoever asks reaches it."""
    found = File.objects.in_bulk(row.enclosed) if row.enclosed else {}
    return [found[id] for id in row.enclosed if id in found]


def title_of(file: File) -> str:
    """Name a file as papers do (GB/T 9704 7.3.4): without its ending, and no stop after it; '' where it has no name."""
    stem, dot, ending = file.name.rpartition(".")
    return (stem if dot and len(ending) <= 5 else file.name).strip(_STOPS)


def titles(row: Any) -> Sequence[str]:
    """Name everything that goes along with a row, in its order."""
    return tuple(title_of(file) or f"材料{number}" for number, file in enumerate(of(row), 1))


@contextmanager
def within_reach_of(row: Any, *, actor: Actor) -> Iterator[None]:
    """Read within the place of one row that was published to the reader, then step back into their own scope.

    Call inside `acting(actor)`, after it was seen that the row is theirs to read."""
    scope = Scope(regions=(row.region,))
    enter(Actor(id="reader", name=actor.name, hats=(Hat(role="reader", rights=frozenset(), scope=scope),)))
    try:
        yield
    finally:
        enter(actor)


__all__ = ["MOST", "Enclosing", "accept_along", "enclose", "leave_out", "of", "title_of", "titles", "within_reach_of"]
