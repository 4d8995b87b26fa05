"""The name under an undertaking, written with the finger: what the pad on a page needs to keep it and to show it again."""

from types import SimpleNamespace
from uuid import UUID

from django.urls import reverse

from qifu.kernel.access.models import everything
from qifu.kernel.calendar.clock import local
from qifu.kernel.files.models import File
from qifu.kernel.language import said

from ..paperwork import SIGNATURE


def sign_of(*, about: str, form: str, where: str, named: UUID | str | None, wanted: bool) -> SimpleNamespace:
    """Give the pad: about what, beside which form, under which word the phone keeps it, and what is signed already."""
    kept = arrived(named)
    return SimpleNamespace(
        kind=SIGNATURE, about=about, form=form, where=where, named=named or "", wanted=wanted,
        picture=reverse("file", args=[kept.id]) if kept else "",
        says=said("{at} 已收到", at=f"{local(kept.kept_at):%H:%M}") if kept else "",
    )  # fmt: skip


def arrived(named: UUID | str | None) -> File | None:
    """Give the signature that a page names, where it is here and within reach."""
    try:
        id = UUID(str(named)) if named else None
    except ValueError:
        return None
    return everything(File).filter(pk=id, kind=SIGNATURE).first() if id else None
