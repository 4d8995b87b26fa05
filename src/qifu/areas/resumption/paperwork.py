"""Photos and papers that an applicant sends along with a draft; they stay beside it when it is handed in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from qifu.kernel.access import Actor, Hat, NotFound, require
from qifu.kernel.access.models import everything
from qifu.kernel.calendar.clock import local
from qifu.kernel.files.keeping import Kind, accept, one_of
from qifu.kernel.files.models import File
from qifu.kernel.language import said

from . import refusals
from .models import Application, Draft
from .terms import Regime

PAPER = "resumption.paper"
SIGNATURE = "resumption.signature"
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


def _may_keep(draft: Draft, actor: Actor, at: datetime) -> Hat:
    return require(actor, "resumption.apply", at=at, on=draft)


accept(
    Kind(
        name=PAPER,
        label="申请材料",
        find=one_of(Draft),
        may_keep=_may_keep,
        see=("resumption.apply", "resumption.see"),
        most=24,
        papers=True,
    )
)


def _unsigned(id: UUID) -> Draft | Application:
    """Give what is still to be signed: a draft that has not gone, or an application that is filed under commitment."""
    found = (
        everything(Draft).filter(pk=id, sent_at__isnull=True).first()
        or everything(Application).filter(pk=id, regime=Regime.FILING, state="submitted").first()
    )
    if found is None:
        raise NotFound("这份已经交了，不再收签名。")
    return found


accept(
    Kind(
        name=SIGNATURE, label=said("承诺书上的签名"), find=_unsigned, see=("resumption.apply", "resumption.see"), most=12,
        may_keep=lambda about, actor, at: require(actor, "resumption.apply", at=at, on=about),
    ),
)  # fmt: skip


def signed(named: UUID | None, *, enterprise: UUID, incident: UUID, wanted: bool) -> UUID | None:
    """Give the signature that an undertaking is handed in with, once it is here.

    Refuses NotSigned where the measure wants one and none is named, SignatureMissing where the named one has not arrived."""
    if named is None:
        if wanted:
            raise refusals.NotSigned()
        return None
    about = [
        *everything(Draft).filter(enterprise=enterprise, incident=incident).values_list("id", flat=True),
        *everything(Application).filter(enterprise=enterprise, incident=incident).values_list("id", flat=True),
    ]
    if not everything(File).filter(pk=named, kind=SIGNATURE, about__in=about).exists():
        raise refusals.SignatureMissing()
    return named


def signature_of(application: Application) -> File | None:
    """Give the name under the undertaking as it was written by hand, within reach."""
    return everything(File).filter(pk=application.signature, kind=SIGNATURE).first() if application.signature else None


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
