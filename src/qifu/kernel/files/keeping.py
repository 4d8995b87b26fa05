"""Keeps files and gives them back. Which subjects take files is said by the areas (`accept`)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256 as digest
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Model

from qifu.kernel.access import Actor, Hat, NotFound
from qifu.kernel.access.models import everything
from qifu.kernel.calendar import clock
from qifu.kernel.intake.vault import lock_away, take_out
from qifu.kernel.journal.writing import record
from qifu.kernel.language import said
from qifu.kernel.values import uuid7

from .looking import PDF, look
from .models import Body, File
from .refusals import OtherFile, TooMany, WrongHash

PROCESS = "files"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Subjects of one kind that take files.

    `find` gives the scoped row of an id, inside `acting`, or refuses NotFound; `may_keep` gives the hat by which the actor
    may add a file to this row at a time, or refuses; `see` are the rights of which one is needed to look, or gives them for
    a file as its subject now stands; `most` files a subject; `papers` welcomes PDF beside pictures."""

    name: str
    label: str
    find: Callable[[UUID], Any]
    may_keep: Callable[[Any, Actor, datetime], Hat]
    see: tuple[str, ...] | Callable[[File], tuple[str, ...]]
    most: int = 40
    papers: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", said(self.label))


class Keeping(NamedTuple):
    """A kept file; `again` where it was here before."""

    file: File
    again: bool


def one_of(model: type[Model], *, lacks: str = "", with_: Sequence[str] = (), **where: Any) -> Callable[[UUID], Any]:
    """Make the `find` of a kind: the row of `model` by its id, inside `acting`, with the relations `with_` read at once.

    Refuses NotFound with the sentence `lacks` where there is none that also meets `where`."""

    def find(id: UUID) -> Any:
        rows = everything(model).filter(pk=id, **where)
        # Named relations only: select_related() of none would join them all, and a row whose parent is out of reach were lost.
        found = (rows.select_related(*with_) if with_ else rows).first()
        if found is None:
            raise NotFound(lacks)
        return found

    return find


kinds: dict[str, Kind] = {}
"""Every kind of subject that takes files, by name."""


def accept(kind: Kind) -> Kind:
    """Declare subjects that take files; once, from the area's AppConfig.ready()."""
    kinds[kind.name] = kind
    return kind


def keep(
    content: bytes, *, kind: Kind, about: Any, hat: Hat, actor: Actor, at: datetime, id: UUID | None = None, name: str = "",
    sha256: str = "", taken_at: datetime | None = None,
) -> Keeping:  # fmt: skip
    """Keep one file about the scoped row `about` (needs id, region, district, party, compartment); inside an action.

    The same bytes about the same subject are one file, whoever sends them: `again` says so. `sha256` is what the device
    counted over the bytes it sent. Refuses NotAPicture, Broken, TooBig, WrongHash, OtherFile, TooMany."""
    received = digest(content).hexdigest()
    if sha256 and sha256.lower() != received:
        raise WrongHash()
    if before := everything(File).filter(about=about.id, sha256=received).first():
        return Keeping(before, again=True)
    if everything(File).filter(about=about.id, kind=kind.name).count() >= kind.most:
        raise TooMany(said("这里最多{most}张，没有再存。", most=kind.most))
    seen = look(content, papers=kind.papers)
    scope = {"region": about.region, "district": about.district, "party": about.party, "compartment": about.compartment}
    file = File(
        id=id or uuid7(), kind=kind.name, about=about.id, name=name[:120], sha256=received, size=len(content), mime=seen.mime,
        width=seen.width, height=seen.height, taken_at=taken_at, kept_at=clock.now(), kept_by=actor.id,
        kept_by_name=actor.name[:80], **scope,
    )  # fmt: skip
    # Two deliveries at once wait for each other here: the second finds the first one's row instead of failing.
    everything(File).bulk_create([file], ignore_conflicts=True)
    stored = everything(File).filter(about=about.id, sha256=received).first()
    if stored is None:
        raise OtherFile()
    if stored.id != file.id or everything(Body).filter(file=file.id).exists():
        return Keeping(stored, again=True)
    everything(Body).create(
        file=file,
        shown=lock_away(seen.shown, where=_where(file, "shown")),
        small=lock_away(seen.small, where=_where(file, "small")) if seen.small else b"",
        **scope,
    )
    record(PROCESS, file, verb="keep", actor=actor, hat=hat, at=at, about=about.id, kind=kind.name, sha256=received, size=file.size)
    return Keeping(file, again=False)


def of(about: Iterable[UUID], *, kind: str = "") -> dict[UUID, list[File]]:
    """Give the files within reach about each subject, the earliest first; one query, no bytes."""
    found: dict[UUID, list[File]] = {}
    rows = File.objects.filter(about__in=list(about))
    for file in rows.filter(kind=kind) if kind else rows:
        found.setdefault(file.about, []).append(file)
    return found


def file(id: UUID, *, actor: Actor, at: datetime) -> File:
    """Give a file that the actor may see, or refuse NotFound: the same sentence whether it lies elsewhere or nowhere."""
    found = File.objects.visible_to(actor).filter(pk=id).first()
    kind = kinds.get(found.kind) if found else None
    rights = () if found is None or kind is None else kind.see(found) if callable(kind.see) else kind.see
    if found is None or not any(actor.hat_for(right, at=at, on=found) for right in rights):
        raise NotFound("没有找到这个文件，可能编号有误，或不在您的范围内。")
    return found


def shown(file: File, *, small: bool = False) -> tuple[bytes, str]:
    """Give the bytes that are shown of a file, and their mime type."""
    body = Body.objects.only("small" if small else "shown", "file").get(file=file.id)
    part = "small" if small and body.small else "shown"
    return take_out(getattr(body, part), where=_where(file, part)), "image/jpeg" if file.is_picture else PDF


def _where(file: File, part: str) -> str:
    return f"files_body.{part}.{file.pk}"
