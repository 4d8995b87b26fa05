"""Reads of bulletins: published ones are everybody's who stands under or above their place, drafts their makers'."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotFound
from qifu.kernel.calendar.clock import local

from .models import Bulletin
from .nav import SEE


def bulletins(actor: Actor, at: datetime) -> QuerySet[Bulletin]:
    """Give the bulletins that an actor may read: published ones of their own line of places, all in their reach."""
    places = {hat.place for hat in actor.hats if SEE in hat.rights and hat.place}
    line = {one for place in places for one in jurisdiction.lineage(place, local(at).date())}
    own = Q() if actor.scope.everywhere and not places else Q(region__in=actor.scope.regions)
    return Bulletin.objects.filter(own | Q(state="published", region__in=line))


def bulletin(id: UUID, actor: Actor, at: datetime) -> Bulletin:
    """Give one bulletin, or refuse NotFound."""
    found = bulletins(actor, at).filter(pk=id).first()
    if found is None:
        raise NotFound()
    return found


def latest(actor: Actor, place: int, at: datetime) -> Bulletin | None:
    """Give the newest bulletin of the line of a place."""
    line = jurisdiction.lineage(place, local(at).date())
    return bulletins(actor, at).exclude(state="void").filter(region__in=line).order_by("-day").first()


def beside(bulletin: Bulletin, actor: Actor, at: datetime) -> Sequence[Bulletin | None]:
    """Give the one before and the one after."""
    found = bulletins(actor, at).exclude(state="void").filter(region=bulletin.region)
    return found.filter(day__lt=bulletin.day).order_by("-day").first(), found.filter(day__gt=bulletin.day).order_by("day").first()
