"""Builds an Actor from grants: each grant becomes a hat with its own reach."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from qifu.kernel import jurisdiction

from .models import Grant, Person, Role, everything
from .terms import Actor, Hat, Scope

_EVERYWHERE_ABOVE = 1000
"""Places: above this, whole reach is a flag and not an array (DECISIONS 4)."""


def reach_of(place: int | None, at: datetime) -> Scope:
    """Give the scope of a place and all below it, as its tree stood on that day."""
    if place is None:
        return Scope()
    regions = jurisdiction.reach(place, on=at.date())
    if len(regions) > _EVERYWHERE_ABOVE:
        return Scope(everywhere=True)
    return Scope(regions=regions)


def hat_of(grant: Grant, *, at: datetime) -> Hat:
    """Turn one grant into the hat that it is."""
    scope = reach_of(grant.place, at)
    parties = (grant.for_party,) if grant.for_party else ()
    ends = [t for t in (grant.until, grant.revoked_at, grant.task_force and grant.task_force.until) if t]
    department = grant.department
    return Hat(
        role=grant.role_id,
        rights=frozenset(grant.role.rights),
        scope=Scope(scope.regions, parties, tuple(grant.role.compartments), scope.everywhere),
        place=grant.place,
        department=department.code if department else "",
        purpose=grant.purpose,
        label=_label(grant),
        task_force=grant.task_force_id,
        since=max(grant.since, grant.task_force.since) if grant.task_force else grant.since,
        until=min(ends) if ends else None,
    )


def _label(grant: Grant) -> str:
    where = grant.department.name if grant.department else (jurisdiction.name(grant.place) if grant.place else "")
    return " ".join(part for part in (grant.task_force.name if grant.task_force else where, grant.role.label) if part)


def actor_for(person: Person, *, at: datetime, strong: bool = False) -> Actor:
    """Give the person as an actor with all hats valid at `at`. Reads grants: call at the door or inside `acting`."""
    grants = (
        everything(Grant).filter(_in_force(at), person=person).select_related("role", "department", "task_force").order_by("since", "id")
    )
    hats = tuple(hat for hat in (hat_of(grant, at=at) for grant in grants) if hat.valid(at))
    return Actor(id=str(person.id), name=person.name, hats=hats, person=person.id, strong=strong)


def holders(phone_index: str, *, at: datetime) -> list[Person]:
    """Give the persons with this phone who may enter: not barred, and at least one grant in force. Asked at the door."""
    if not phone_index:
        return []
    task_force = Q(task_force__isnull=True) | (
        Q(task_force__since__lte=at) & (Q(task_force__until__isnull=True) | Q(task_force__until__gt=at))
    )
    held = everything(Grant).filter(_in_force(at), task_force, person=OuterRef("pk"))
    return list(everything(Person).filter(Exists(held), phone_index=phone_index, closed_at__isnull=True).order_by("id"))


def _in_force(at: datetime) -> Q:
    return Q(revoked_at__isnull=True, since__lte=at) & (Q(until__isnull=True) | Q(until__gt=at))


def machine(code: str) -> Actor:
    """Give a machine actor (`timer`, `system`, `replay`): its rights are a row of roles.csv like anybody's."""
    role = Role.objects.get(code=code)
    hat = Hat(
        role=code,
        rights=frozenset(role.rights),
        scope=Scope(compartments=tuple(role.compartments), everywhere=True),
        label=role.label,
    )
    return Actor(id=code, name=role.label, hats=(hat,), worker=True, strong=True)


def worn_by(person: UUID, *, at: datetime, strong: bool = False) -> Actor:
    """Give the actor of a person id (tests, replay, jobs)."""
    return actor_for(everything(Person).get(pk=person), at=at, strong=strong)
