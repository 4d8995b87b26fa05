"""A planned visit to which nobody goes in its time, and an opinion about which the officer went back to ask and gave no answer: the
officer is reminded, and then the town is pressed."""

from django.urls import reverse

from qifu.kernel import ladder
from qifu.kernel.language import said

from .models import Opinion, Visit
from .workflow import MADE, SAID


def _of(one: Visit | Opinion) -> str:
    return reverse("visits:firm", args=[one.enterprise_id])


def _asked(opinion: Opinion) -> str:
    """Name an opinion by firm and number: its words stay on its page."""
    return said("{firm}的第{n}条意见，回去问的", firm=opinion.enterprise.name, n=opinion.number)


ladder.watch(
    ladder.Watched(
        workflow=MADE, title=lambda visit: said("走访{firm}", firm=visit.enterprise.name), url=_of,
        handlers=lambda visit, clock: ladder.the(visit.officer), join=("enterprise",),
    )
)  # fmt: skip
ladder.watch(
    ladder.Watched(
        workflow=SAID, title=_asked, url=_of, handlers=lambda opinion, clock: ladder.the(opinion.officer), join=("enterprise",)
    )
)  # fmt: skip
