"""Whose a case is: departments, towns without departments, and special groups of people from several departments.

An office is a code: a department's, 'place:<id>', or 'force:<id>' of a special group (专项组) or task force (专班)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, actor_now
from qifu.kernel.access.models import Department, Grant, TaskForce

from .handbook import handbook

HANDLES, COORDINATES = "case.handle", "case.coordinate"
FORCE = "force:"
_TOWNS = ("town", "subdistrict", "zone", "park")


class Office(NamedTuple):
    """An office as a page names it, with the place that it sits in."""

    code: str
    name: str
    place: int


def of_place(place: int) -> Office:
    """Give the office of a place itself."""
    return Office(f"place:{place}", jurisdiction.name(place), place)


def of_force(force: TaskForce) -> Office:
    """Give the office of a special group."""
    return Office(f"{FORCE}{force.id}", force.name, force.place)


def offices_of(actor: Actor) -> tuple[str, ...]:
    """Give the codes of the offices that an actor's hats belong to: of each hat its department, and the place itself for
    those of a town and for who coordinates there. A hat of a special group is the group's alone, whoever it was lent by."""
    found: dict[str, None] = {}
    for hat in actor.hats:
        if hat.task_force:
            found.setdefault(f"{FORCE}{hat.task_force}")
            continue
        if hat.department:
            found.setdefault(hat.department)
        if hat.place and (not hat.department or COORDINATES in hat.rights or jurisdiction.place(hat.place).kind in _TOWNS):
            found.setdefault(f"place:{hat.place}")
    return tuple(found)


def own(actor: Actor, code: str) -> bool:
    """Say whether an office is the actor's; what no office has yet is anybody's who holds the right."""
    return not code or code in offices_of(actor)


def home_of(actor: Actor) -> Office | None:
    """Give the office under which an actor records and answers."""
    for hat in (one for one in actor.hats if not one.task_force):
        if hat.place:
            if hat.department:
                unit = Department.objects.filter(code=hat.department).first()
                return Office(hat.department, unit.name if unit else hat.department, hat.place)
            return of_place(hat.place)
    return None


def that_handle(region: int, *, at: datetime, above: bool = True) -> list[Office]:
    """Give the offices that handle cases of a region, nearest first: where somebody holds the right now. Of the level
    above one's own reach nobody's rights can be read: its departments are given, and the place itself, if `above`."""
    line = list(jurisdiction.lineage(region))
    own = _grants(line, at=at).filter(task_force__isnull=True)
    rows = own.values_list("department__code", "department__name", "department__place", "place").distinct()
    found: dict[str, Office] = {}
    for code, name, seat, place in sorted(rows, key=lambda row: (line.index(row[3] or region), row[1] or "")):
        one = Office(code, name, seat) if code else of_place(place)
        found.setdefault(one.code, one)
    for force in _forces(at).filter(place__in=line, members__in=_in_force(at)).distinct().order_by("name", "id"):
        found.setdefault(of_force(force).code, of_force(force))
    if above and (over := _above(line)) is not None:
        for code, name in Department.objects.filter(place=over).order_by("name").values_list("code", "name"):
            found.setdefault(code, Office(code, name, over))
        found.setdefault(of_place(over).code, of_place(over))
    return list(found.values())


def group_for(pieces: Sequence[str], region: int, *, at: datetime) -> Office | None:
    """Give the special group or task force at work for a region whose name holds the first of these pieces that any does, the
    nearest one; None where there is none, or nobody in it."""
    line = list(jurisdiction.lineage(region))
    forces = _forces(at).filter(place__in=line, members__in=_in_force(at)).distinct()
    near = sorted(forces, key=lambda force: (line.index(force.place), force.name, str(force.id)))
    return next((of_force(force) for piece in pieces for force in near if piece in force.name), None)


def _above(line: Sequence[int]) -> int | None:
    """Give the nearest place of a lineage that has offices and lies above the reach of whoever acts."""
    actor = actor_now()
    if actor is None or actor.scope.everywhere:
        return None
    kinds = ("district", "city", "province")
    return next((place for place in line if jurisdiction.place(place).kind in kinds and place not in actor.scope.regions), None)


def _forces(at: datetime) -> QuerySet[TaskForce]:
    """Give the special groups at work whose kind leads cases."""
    found = TaskForce._base_manager.filter(kind__in=list(handbook().forces), since__lte=at)
    return found.filter(Q(until__isnull=True) | Q(until__gt=at))


def rung_of(code: str) -> str:
    """Give the rung on which an office works by itself: a special group's or a task force's own; '' for others."""
    if not code.startswith(FORCE):
        return ""
    kind = TaskForce._base_manager.filter(pk=UUID(code.removeprefix(FORCE))).values_list("kind", flat=True).first()
    return handbook().forces.get(kind or "", "")


def name_of(code: str) -> str:
    """Give the name of a department or a special group by its code; the code itself where nobody knows it."""
    if not code.startswith(FORCE):
        return Department.objects.filter(code=code).values_list("name", flat=True).first() or code
    try:
        id = UUID(code.removeprefix(FORCE))
    except ValueError:
        return code
    return TaskForce.objects.filter(pk=id).values_list("name", flat=True).first() or code


def named(code: str, region: int, *, at: datetime) -> Office | None:
    """Give an office that handles cases of a region, by its code; None where there is none."""
    return next((one for one in that_handle(region, at=at) if one.code == code), None)


def people_in(codes: Iterable[str], *, at: datetime) -> dict[str, int]:
    """Count who may handle in each office; at least one, so that nothing is divided by nought."""
    wanted = list(codes)
    places = [int(code.removeprefix("place:")) for code in wanted if code.startswith("place:")]
    forces = [UUID(code.removeprefix(FORCE)) for code in wanted if code.startswith(FORCE)]
    found = _in_force(at).filter(Q(department__code__in=wanted) | Q(department__isnull=True, place__in=places), task_force__isnull=True)
    rows = found.order_by().values_list("department__code", "place").annotate(n=Count("person", distinct=True))
    counted: dict[str, int] = {}
    members = _in_force(at).filter(task_force__in=forces).order_by().values_list("task_force").annotate(n=Count("person", distinct=True))
    counted |= {f"{FORCE}{force}": n for force, n in members}
    for code, place, n in rows:
        name = code or f"place:{place}"
        counted[name] = counted.get(name, 0) + n
    return {code: max(counted.get(code, 0), 1) for code in wanted}


def _grants(line: Sequence[int], *, at: datetime) -> QuerySet[Grant]:
    return _in_force(at).filter(place__in=line)


def _in_force(at: datetime) -> QuerySet[Grant]:
    found = Grant._base_manager.filter(role__rights__contains=[HANDLES], revoked_at__isnull=True, since__lte=at)
    return found.filter(Q(until__isnull=True) | Q(until__gt=at)).exclude(role__in=("system", "timer", "replay"))


def likely(offices: Sequence[Office], pieces: Sequence[str]) -> Office | None:
    """Give the office whose name holds the first of these pieces that any does; else the nearest."""
    for piece in pieces:
        for one in offices:
            if piece in one.name:
                return one
    return offices[0] if offices else None
