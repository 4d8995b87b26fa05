"""What a team brought back from its visits, for whoever decides: findings, photos with their hash, the signature, an objection."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from qifu.kernel.files.keeping import of as files_of
from qifu.kernel.files.models import File
from qifu.kernel.language import said
from qifu.ui.parts import Photo, State
from qifu.ui.words import say_moment, say_span

from ..models import Application, Item, Visit

CONCLUSIONS = {"pass": (said("评估通过"), "ok"), "demand": (said("要求整改"), "ask")}
_CLOCK_SAID = 300
"""Seconds by which a phone's clock may be wrong before it is worth a word."""


@dataclass(frozen=True)
class Visited:
    """One visit as the page shows it."""

    conclusion: State
    who: str
    when: str
    late: str
    remarks: str
    objection: str
    signer: str
    signature: Photo | None


@dataclass(frozen=True)
class Pictured:
    """The photos of one item."""

    name: str
    photos: Sequence[Photo]


def visits_of(application: Application, *, at: datetime) -> list[Visited]:
    """Give the visits of an application, the latest first; inside `acting`."""
    files = {file.id: file for file in files_of([application.id]).get(application.id, [])}
    return [_visit(one, files.get(one.signature), at=at) for one in Visit.objects.filter(application=application.id).order_by("-at")]


def _visit(one: Visit, signature: File | None, *, at: datetime) -> Visited:
    late = said("{at}收到", at=say_moment(one.received_at, at=at)) if (one.received_at - one.at).total_seconds() > _CLOCK_SAID else ""
    if abs(one.ahead) > _CLOCK_SAID:
        span = say_span(timedelta(seconds=abs(one.ahead)))
        late = _("，").join(
            str(word)
            for word in (late, said("手机时间{x}{span}，按服务器时间记", x=said("快") if one.ahead > 0 else said("慢"), span=span))
            if word
        )
    return Visited(
        State(*CONCLUSIONS[one.conclusion]), one.assessor_name, say_moment(one.at, at=at), late, one.remarks, one.objection, one.signer,
        photo_of(signature, said("签字"), at=at) if signature else None,
    )  # fmt: skip


def pictures_of(items: Sequence[Item], *, at: datetime) -> list[Pictured]:
    """Give the photos of the items that have any, in the checklist's order."""
    found = files_of(item.id for item in items)
    return [Pictured(item.name, [photo_of(file, item.name, at=at) for file in found[item.id]]) for item in items if item.id in found]


def photo_of(file: File, name: str, *, at: datetime) -> Photo:
    """Draw one kept photo: when it was taken, and the beginning of the hash that the phone and the server agree on."""
    word = say_moment(file.taken_at or file.kept_at, at=at)
    return Photo(reverse("file", args=[file.id]), reverse("file_small", args=[file.id]), word, f"{name}，{word}，{file.sha256[:12]}")
