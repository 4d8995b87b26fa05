"""What goes along with a paper (附件): kept files in an order of their own, added and left out while it is a draft.

    class Paper(Enclosing, Subject): ...
    PAPER = enclosing.accept_along("consultation.paper", "文书附件", model=Paper, see=(SEE,))
    # inside a move of the draft
    enclosing.enclose(paper, given.content, kind=PAPER, name=given.name, hat=hat, actor=actor, at=at)

A file itself is never changed or deleted: what is left out stays kept, and goes with nothing."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models

from qifu.kernel.access import Actor, Hat, NotFound, Scope, enter
from qifu.kernel.access.models import everything

from .keeping import Kind, accept, keep, one_of
from .models import File
from .refusals import ByTheDraft, TooManyAlong

MOST = 9
"""Files that go along with one paper."""
_KEPT_MOST = 40
_STOPS = "。．.，,；;、 　"
_ENDING = re.compile(r"\.(?:jpe?g|png|webp|hei[cf]|pdf)$", re.IGNORECASE)


class Enclosing(models.Model):
    """A row with which files go along, in their order."""

    enclosed = ArrayField(models.UUIDField(), default=list, blank=True)
    enclosed_as = ArrayField(models.CharField(max_length=120, blank=True), default=list, blank=True)
    """What each is called on this row: a file keeps the name it first came with."""

    class Meta:
        abstract = True


def accept_along(
    name: str, label: str, *, model: Any, see: tuple[str, ...], draft: tuple[str, ...] = (), out: tuple[str, ...] = ()
) -> Kind:  # fmt: skip
    """Declare rows with which files go along; once. They are added by the area's own act, never by posting to /files/.

    Of one right in `see` they are looked at; where only who writes or signs reads the draft, `draft` are their rights: `see`
    opens what goes along with a row in a state of `out`, not a draft's and not what was left out of it."""

    def by_the_draft(row: Any, actor: Actor, at: datetime) -> Hat:
        raise ByTheDraft()

    def now(file: File) -> tuple[str, ...]:
        went = everything(model).filter(pk=file.about, state__in=out, enclosed__contains=[file.id]).exists()
        return (*draft, *see) if went else draft

    sees = now if draft else see
    return accept(Kind(name=name, label=label, find=one_of(model), may_keep=by_the_draft, see=sees, most=_KEPT_MOST, papers=True))


def enclose(row: Any, content: bytes, *, kind: Kind, name: str, hat: Hat, actor: Actor, at: datetime) -> File:
    """Keep a picture or PDF and let it go along; the caller saves the row. The same bytes twice are one, under the newer name.

    Refuses TooManyAlong, and what is neither picture nor PDF."""
    if len(row.enclosed) >= MOST:
        raise TooManyAlong()
    file, _again = keep(content, kind=kind, about=row, hat=hat, actor=actor, at=at, name=name.strip())
    named = _named(row) | {file.id: name.strip()}
    row.enclosed, row.enclosed_as = list(named), list(named.values())
    return file


def leave_out(row: Any, file: UUID) -> None:
    """Let a file go along no longer; the caller saves the row. Refuses NotFound."""
    if file not in row.enclosed:
        raise NotFound("这个附件不在这份上，可能已经去掉了。")
    named = {one: name for one, name in _named(row).items() if one != file}
    row.enclosed, row.enclosed_as = list(named), list(named.values())


def _named(row: Any) -> dict[UUID, str]:
    files: list[UUID] = row.enclosed
    names: list[str] = row.enclosed_as
    return {file: names[n] if n < len(names) else "" for n, file in enumerate(files)}


def of(row: Any) -> list[File]:
    """Give what goes along with a row, in its order and by its name there, as far as whoever asks reaches it."""
    found = File.objects.in_bulk(row.enclosed) if row.enclosed else {}
    named = [(found[id], name) for id, name in _named(row).items() if id in found]
    for file, name in named:
        file.name = name or file.name
    return [file for file, _ in named]


def title_of(file: File) -> str:
    """Name a file as papers do (GB/T 9704 7.3.4): without its ending, and no stop after it; '' where it has no name."""
    return _ENDING.sub("", file.name.strip()).strip(_STOPS)


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
