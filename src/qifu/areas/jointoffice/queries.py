"""Reads of menus and sittings, all inside `acting`."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from qifu.areas.casework import api as casework
from qifu.areas.registry.models import Enterprise
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor
from qifu.kernel.access.models import Grant, everything

from .models import Item, Seat, Session, Task
from .terms import SEE, TASK

PEOPLE = 60


def menu_for(firm: Enterprise) -> QuerySet[Item]:
    """Give what an enterprise may order: of its own place and those above it."""
    return Item.objects.filter(state="offered", region__in=jurisdiction.lineage(firm.region)).order_by("office_name", "name")


def menu_of(places: Sequence[int]) -> QuerySet[Item]:
    """Give the menus of some places, what was taken off last."""
    return Item.objects.filter(region__in=list(places)).order_by("-state", "office_name", "name")


def sessions(actor: Actor) -> QuerySet[Session]:
    """Give the sittings within reach, what is due first."""
    return Session.objects.visible_to(actor).select_related("enterprise").order_by("due_at", "-id")


def seats_of(session: Session) -> list[Seat]:
    """Give who comes, the monitor first."""
    return sorted(Seat.objects.filter(session=session, standing=True), key=lambda seat: (seat.role != "monitor", seat.id))


def tasks_of(session: Session) -> list[tuple[Task, casework.Case | None]]:
    """Give the promises with the cases that they are."""
    tasks = list(Task.objects.filter(session=session))
    cases = casework.by_origin(TASK, [one.id for one in tasks])
    return [(one, cases.get(one.id)) for one in tasks]


def people_near(region: int, *, but: UUID | None, at: datetime) -> list[Grant]:
    """Give the officers of a place and of those above it, within reach, who may see sittings: those who can be called, by office."""
    running = Q(revoked_at__isnull=True, since__lte=at) & (Q(until__isnull=True) | Q(until__gt=at))
    near = everything(Grant).filter(running, place__in=jurisdiction.lineage(region), role__rights__contains=[SEE])
    found: dict[UUID, Grant] = {}
    for grant in near.select_related("person", "department").order_by("place", "department__name", "person__name"):
        if grant.person_id != but:
            found.setdefault(grant.person_id, grant)
    order = list(jurisdiction.lineage(region))
    return sorted(found.values(), key=lambda one: order.index(one.place) if one.place in order else len(order))[:PEOPLE]
