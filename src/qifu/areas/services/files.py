"""What of services takes files: a certificate from outside, as a photo or a PDF, with the papers handed in for it."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from qifu.kernel.access import Actor, Hat, require
from qifu.kernel.calendar.clock import local
from qifu.kernel.files import keeping
from qifu.kernel.files.keeping import Kind, accept, one_of
from qifu.kernel.language import said
from qifu.ui.parts import Kept

from .models import Certificate
from .workflow import ASK, CERTIFY


def _may(one: Any, actor: Actor, at: datetime) -> Hat:
    return actor.hat_for(CERTIFY, at=at, on=one) or require(actor, ASK, at=at, on=one)


KIND = accept(
    Kind(
        name="services.certificate",
        label="损失证明",
        find=one_of(Certificate),
        may_keep=_may,
        see=("services.see", "services.own"),
        most=8,
        papers=True,
    )
)


def beside(one: Any, actor: Actor, at: datetime) -> Kept | None:
    """Give the files of a certificate and whether the actor may add one; None for what takes no files."""
    if not isinstance(one, Certificate):
        return None
    rows = [
        (reverse("file", args=[file.id]), file.name or said("照片"), f"{local(file.kept_at):%Y-%m-%d %H:%M} {file.kept_by_name}")
        for file in keeping.of([one.id], kind=KIND.name).get(one.id, [])
    ]
    may = len(rows) < KIND.most and any(actor.hat_for(right, at=at, on=one) is not None for right in (CERTIFY, ASK))
    return Kept(KIND.name, str(one.id), rows, may)
