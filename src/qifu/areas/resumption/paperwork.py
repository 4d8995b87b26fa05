"""Photos and papers that an applicant sends along with a draft; they stay beside it when it is handed in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from qifu.kernel.access import Actor, Hat, NotFound, require
from qifu.kernel.access.models import everything
from qifu.kernel.calendar.clock import local
from qifu.kernel.files.keeping import Kind, accept
from qifu.kernel.files.models import File

from .models import Application, Draft

PAPER = "resumption.paper"
MARK = "__"
"""Between the step that a photo belongs to and the name that its phone gave it."""


@dataclass(frozen=True)
class Photo:
    """One picture as a page shows it: its address, the small one, when it was taken, what the phone called it."""

    id: UUID
    href: str
    src: str
    note: str
    alt: str
    step: str


def _find(id: UUID) -> Draft:
    found = everything(Draft).filter(pk=id).first()
    if found is None:
        raise NotFound()
    return found


def _may_keep(draft: Draft, actor: Actor, at: datetime) -> Hat:
    return require(actor, "resumption.apply", at=at, on=draft)


accept(Kind(name=PAPER, label="申请材料", find=_find, may_keep=_may_keep, see=("resumption.apply", "resumption.see"), most=24, papers=True))


def photos_of(draft: Draft | None, step: str = "") -> list[Photo]:
    """Give the photos of a draft, of one step where asked, in the order in which they came."""
    if draft is None:
        return []
    return [photo for photo in _photos([draft.id]) if not step or photo.step == step]


def photos_of_application(application: Application) -> list[Photo]:
    """Give what was sent along with an application, also with what was put right later."""
    drafts = everything(Draft).filter(enterprise=application.enterprise_id, incident=application.incident_id)
    return _photos(list(drafts.values_list("id", flat=True)))


def _photos(drafts: list[UUID]) -> list[Photo]:
    found = everything(File).filter(kind=PAPER, about__in=drafts).order_by("kept_at", "id")
    rows = []
    for file in found:
        step, mark, name = file.name.partition(MARK)
        rows.append(
            Photo(
                file.id, reverse("file", args=[file.id]), reverse("file_small", args=[file.id]),
                f"{local(file.taken_at or file.kept_at):%H:%M}", (name if mark else file.name) or "照片", step if mark else "",
            )
        )  # fmt: skip
    return rows
