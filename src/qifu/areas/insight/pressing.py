"""What insight itself lays before a leader: a bulletin that waits for their name."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import NoReverseMatch, reverse

from qifu.kernel.access import Actor
from qifu.kernel.indicators import Matter, matter_providers
from qifu.kernel.language import said

from .models import Bulletin


def matters(actor: Actor, at: datetime, within: tuple[int, ...] | None) -> Sequence[Matter]:
    """Lay the bulletins that wait for a signature before those who may sign."""
    if not actor.may("insight.sign"):
        return []
    found = Bulletin.objects.visible_to(actor).filter(state="reviewed").order_by("day")
    if within is not None:
        found = found.filter(region__in=within)
    return [
        Matter(
            said("第{issue}期通报等您签发", issue=one.issue),
            one.headline,
            one.due_at,
            url=_page(one),
            act=said("看过再签"),
            place=one.region,
            right="insight.review",
            weight=1,
        )
        for one in found
    ]


def _page(one: Bulletin) -> str:
    try:
        return reverse("insight:bulletin", args=[one.id])
    except NoReverseMatch:
        return ""


matter_providers["insight"] = matters
