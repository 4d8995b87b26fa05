"""What of casework takes photos and PDFs: the case itself (a note of a leader, a broken part, a paper)."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.http import HttpRequest
from django.urls import reverse

from qifu.kernel.access import Actor, Hat, require
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local
from qifu.kernel.files import keeping
from qifu.kernel.files.keeping import Kind, accept, one_of
from qifu.kernel.files.models import File
from qifu.kernel.language import said
from qifu.ui.parts import Photo

from .models import Case


def _may(case: Any, actor: Actor, at: datetime) -> Hat:
    return actor.hat_for("case.handle", at=at, on=case) or require(actor, "case.record", at=at, on=case)


PHOTOS = accept(
    Kind(name="casework.case", label="诉求", find=one_of(Case), may_keep=_may, see=("case.see", "case.own"), most=12, papers=True)
)
MOST_AT_ONCE = 6


def bring(case: Case, content: bytes, *, name: str, actor: Actor, at: datetime) -> File:
    """Keep a picture or PDF with a case inside an action of one's own. Refuses as `keeping.keep`."""
    return keeping.keep(content, kind=PHOTOS, about=case, hat=_may(case, actor, at), actor=actor, at=at, name=name).file


def photos_of(case: UUID) -> list[Photo]:
    """Draw the photos and papers of a case, the earliest first; a paper has no small picture."""
    return [
        Photo(
            reverse("file", args=[one.id]), reverse("file_small", args=[one.id]) if one.is_picture else "",
            f"{local(one.kept_at):%m-%d}", one.name or said("PDF"),
        )
        for one in keeping.of([case]).get(case, [])
    ]  # fmt: skip


def keep_photos(request: HttpRequest, case: UUID) -> int:
    """Keep the photos that a form brought along with a case that was just written down; gives how many were no photos.

    Each is an act of its own: the case stands whatever the pictures are. A second press keeps nothing twice."""
    refused = 0
    for number, file in enumerate(request.FILES.getlist("photo")[:MOST_AT_ONCE]):
        sent = {"kind": PHOTOS.name, "about": case, "content": file.read(), "name": file.name or "", "id": uuid5(case, f"photo {number}")}
        refused += not run("files.keep", sent, actor=request.actor, at=clock.now()).ok  # type: ignore[attr-defined]
    return refused
