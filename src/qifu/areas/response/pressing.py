"""What response lays before those in charge: departures from a rule from above that wait for their word."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import NoReverseMatch, reverse

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor
from qifu.kernel.indicators import Matter, matter_providers
from qifu.kernel.language import said as _

from .models import Proposal

APPROVE = "response.approve_layer"


def matters(actor: Actor, at: datetime, within: tuple[int, ...] | None) -> Sequence[Matter]:
    """Lay the open proposals before who may approve them; nobody else is asked."""
    if not actor.may(APPROVE):
        return []
    found = Proposal.objects.visible_to(actor).filter(state="asked").select_related("base").order_by("state_at")
    if within is not None:
        found = found.filter(place__in=within)
    return [
        Matter(
            _("{name}报批“{title}”，同不同意", name=jurisdiction.name(one.place), title=one.base.title),
            one.reason,
            one.since if one.since > at else None,
            url=_page(one),
            act=_("看报批"),
            place=one.place,
            right="response.measure",
            weight=1,
        )
        for one in found
    ]


def _page(one: Proposal) -> str:
    try:
        return reverse("response:proposal", args=[one.id])
    except NoReverseMatch:
        return ""


matter_providers["response"] = matters
