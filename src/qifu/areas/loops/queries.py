"""Reads of outside loops, within the actor's scope."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Count, QuerySet

from qifu.kernel.access import Actor, NotFound

from .models import Order, Platform, Renewal
from .terms import STATES

SHOWN = 200


def platforms(actor: Actor) -> list[Platform]:
    """Give the platforms that the actor reaches, by name."""
    return list(Platform.objects.visible_to(actor).order_by("stopped_at", "name"))


def platform(id: UUID, actor: Actor) -> Platform:
    """Give one platform, or refuse NotFound."""
    found = Platform.objects.visible_to(actor).filter(pk=id).first()
    if found is None:
        raise NotFound()
    return found


def order(id: UUID, actor: Actor) -> Order:
    """Give one work order, or refuse NotFound."""
    found = Order.objects.visible_to(actor).select_related("platform", "case").filter(pk=id).first()
    if found is None:
        raise NotFound()
    return found


def orders(actor: Actor, *, platform: UUID | None = None, state: str = "") -> QuerySet[Order]:
    """Give work orders, the latest first."""
    found = Order.objects.visible_to(actor).select_related("platform", "case")
    found = found.filter(platform=platform) if platform else found
    return (found.filter(state=state) if state in STATES else found).order_by("-came_at", "-id")


def counted(actor: Actor) -> Mapping[UUID, Mapping[str, int]]:
    """Count the work orders of each platform by where their reply stands."""
    rows = Order.objects.visible_to(actor).order_by().values_list("platform", "state").annotate(n=Count("id"))
    found: dict[UUID, dict[str, int]] = {}
    for platform, state, n in rows:
        found.setdefault(platform, {})[state] = n
    return found


def waiting(platform: UUID) -> Renewal | None:
    """Give the renewal that waits for a second person."""
    return Renewal.objects.filter(platform=platform, decided_at__isnull=True).first()


def of_channel(channel: str, regions: Sequence[int]) -> Platform | None:
    """Give the platform of a channel in the nearest of these places (a region's own lineage)."""
    found = {one.region: one for one in Platform._base_manager.filter(channel=channel, region__in=list(regions), stopped_at__isnull=True)}
    return next((found[region] for region in regions if region in found), None)
