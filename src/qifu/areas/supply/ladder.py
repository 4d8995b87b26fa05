"""A broken link for which nobody looks, a supplier that does not answer, goods that do not come: who asked the supplier is reminded,
and then the district's desk is pressed. What a maker is asked (`Call`) is the other side of a match and has its own clock: it is not
watched beside it, so that one silence is told once."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse

from qifu.kernel import ladder
from qifu.kernel.ladder.naming import unit_of
from qifu.kernel.language import said

from .models import Match, Need
from .workflow import MATCHES, NEEDS


def _desk(one: Any, clock: str) -> str:
    return unit_of(one.region)


def _asked(match: Match, clock: str) -> Sequence[UUID]:
    return ladder.the(match.proposer)


def _need(need: Need) -> str:
    return reverse("supply:desk_needs", args=[need.id])


def _match(match: Match) -> str:
    return reverse("supply:desk_matches", args=[match.id])


ladder.watch(
    ladder.Watched(
        workflow=NEEDS, title=lambda one: said("{firm}缺{product}", firm=one.enterprise.name, product=one.product), url=_need, office=_desk,
        join=("enterprise",),
    )
)  # fmt: skip
ladder.watch(
    ladder.Watched(
        workflow=MATCHES, title=lambda one: said("{supplier}供{product}", supplier=one.supplier, product=one.need.product), url=_match,
        office=_desk, handlers=_asked, join=("need",),
    )
)  # fmt: skip
