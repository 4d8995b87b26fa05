"""Builds an Actor from grants: each grant becomes a hat with its own reach."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection
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


class Held(NamedTuple):
    """One grant in force with its role, department and task force, in the order of HELD."""

    role: str
    label: str
    rights: list[str]
    compartments: list[str]
    place: int | None
    party: UUID | None
    purpose: str
    since: datetime
    until: datetime | None
    department: str | None
    department_name: str | None
    task_force: UUID | None
    task_force_name: str | None
    task_force_since: datetime | None
    task_force_until: datetime | None


HELD = (
    "r.code, r.label, r.rights, r.compartments, g.place, g.for_party, g.purpose, g.since, g.until,"
    " d.code, d.name, t.id, t.name, t.since, t.until"
)
GRANTS = (
    "access_grant g JOIN access_role r ON r.code = g.role_id LEFT JOIN access_department d ON d.id = g.department_id"
    " LEFT JOIN access_taskforce t ON t.id = g.task_force_id"
)
IN_FORCE = "g.revoked_at IS NULL AND g.since <= %(at)s AND (g.until IS NULL OR g.until > %(at)s)"
"""Written as SQL because every request asks it: the same by objects cost more than most pages."""


def hat_of(held: Held, *, at: datetime) -> Hat:
    """Turn one grant into the hat that it is."""
    scope = reach_of(held.place, at)
    ends = [t for t in (held.until, held.task_force_until) if t]
    where = held.department_name or (jurisdiction.name(held.place) if held.place else "")
    return Hat(
        role=held.role,
        rights=frozenset(held.rights),
        scope=Scope(scope.regions, (held.party,) if held.party else (), tuple(held.compartments), scope.everywhere),
        place=held.place,
        department=held.department or "",
        purpose=held.purpose,
        label=" ".join(part for part in (held.task_force_name or where, held.label) if part),
        task_force=held.task_force,
        since=max(held.since, held.task_force_since) if held.task_force_since else held.since,
        until=min(ends) if ends else None,
    )


def hats_of(grants: Iterable[Held], *, at: datetime) -> tuple[Hat, ...]:
    """Give the hats of these grants that are valid at `at`: a membership ends with its task force."""
    return tuple(hat for hat in (hat_of(held, at=at) for held in grants) if hat.valid(at))


def actor_for(person: Person, *, at: datetime, strong: bool = False) -> Actor:
    """Give the person as an actor with all hats valid at `at`. Reads grants: call at the door or inside `acting`."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {HELD} FROM {GRANTS} WHERE g.person_id = %(person)s AND {IN_FORCE} ORDER BY g.since, g.id",
            {"person": person.id, "at": at},
        )
        hats = hats_of((Held(*row) for row in cursor.fetchall()), at=at)
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
