"""Reads of letters. Everything starts from the actor's scope."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotFound
from qifu.kernel.access.models import Department

from .models import Delivery, Letter, Parcel, Peer


def letters(actor: Actor) -> QuerySet[Letter]:
    """Give the letters that the actor reaches, the nearest due first."""
    return Letter.objects.visible_to(actor).select_related("case", "peer")


def letter(id: UUID, actor: Actor) -> Letter:
    """Give one letter, or refuse NotFound."""
    found = letters(actor).filter(pk=id).first()
    if found is None:
        raise NotFound()
    return found


def of_case(case: UUID) -> list[Letter]:
    """Give the letters about a case, the latest first; inside acting."""
    return list(Letter.objects.filter(case=case).order_by("-written_at"))


def peers(actor: Actor) -> QuerySet[Peer]:
    """Give the other installations that are known here."""
    return Peer.objects.visible_to(actor).order_by("state", "name")


def peer(id: UUID, actor: Actor) -> Peer:
    """Give one of them, or refuse NotFound."""
    found = Peer.objects.visible_to(actor).filter(pk=id).first()
    if found is None:
        raise NotFound()
    return found


def trusted(region: int) -> list[Peer]:
    """Give the installations that offices of a place may write to: their own and those of the places above."""
    return list(Peer.objects.filter(region__in=jurisdiction.lineage(region), state="trusted").order_by("name"))


def parcels_of(about: UUID) -> list[Parcel]:
    """Give what was sent about a letter, the latest first."""
    return list(Parcel.objects.filter(about=about).order_by("-made_at"))


def received(actor: Actor, *, most: int = 100) -> Sequence[Delivery]:
    """Give what came in lately from other installations, taken or not."""
    return list(Delivery.objects.visible_to(actor).select_related("peer").order_by("-at")[:most])


def organ_of(actor: Actor, region: int, *, at: datetime) -> str:
    """Say in whose name a letter goes out: the writer's department with its place, or the place itself."""
    for hat in actor.hats:
        if hat.place and hat.valid(at) and not hat.task_force:
            unit = Department.objects.filter(code=hat.department).first() if hat.department else None
            name = unit.name if unit else jurisdiction.name(hat.place)
            place = jurisdiction.name(hat.place)
            # 区经信局 is said as 奉化区经信局 where it goes out of the district.
            return (place.removesuffix("区") + name if unit and name.startswith("区") else name if unit is None else f"{place}{name}")[:80]
    return jurisdiction.name(region)
