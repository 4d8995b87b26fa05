"""A planned visit to which nobody goes in its time: the officer is reminded, and then the town is pressed."""

from django.urls import reverse

from qifu.kernel import ladder
from qifu.kernel.language import said

from .models import Visit
from .workflow import MADE


def _of(visit: Visit) -> str:
    return reverse("visits:firm", args=[visit.enterprise_id])


ladder.watch(
    ladder.Watched(
        workflow=MADE, title=lambda visit: said("走访{firm}", firm=visit.enterprise.name), url=_of,
        handlers=lambda visit, clock: ladder.the(visit.officer), join=("enterprise",),
    )
)  # fmt: skip
