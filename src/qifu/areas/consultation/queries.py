"""Reads of consultation. Everything starts from the actor's scope."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar
from uuid import UUID

from django.db.models import Count, Model, Q, QuerySet

from qifu.areas.casework import api as casework
from qifu.areas.casework.api import Case
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotFound
from qifu.kernel.access.models import Grant

from .models import Attendee, Item, Meeting, Note, Paper, Task
from .terms import MEETS

M = TypeVar("M", bound=Model)

SHOWN = 60
_TOWNS = ("town", "subdistrict", "zone", "park")
_SOLVED = ("solved", "merged")


def meetings(actor: Actor) -> QuerySet[Meeting]:
    """Give the meetings that the actor reaches, the nearest in time first."""
    return Meeting.objects.visible_to(actor).order_by("-starts_at", "-id")


def meeting(id: UUID, actor: Actor) -> Meeting:
    """Give one meeting, or refuse NotFound."""
    return _one(meetings(actor), id)


def note(id: UUID, actor: Actor) -> Note:
    """Give one note, or refuse NotFound."""
    return _one(Note.objects.visible_to(actor).select_related("case"), id)


def paper(id: UUID, actor: Actor) -> Paper:
    """Give one paper, or refuse NotFound."""
    return _one(Paper.objects.visible_to(actor).select_related("case", "note"), id)


def item(id: UUID, actor: Actor) -> Item:
    """Give one item with its meeting and case, or refuse NotFound."""
    return _one(Item.objects.visible_to(actor).select_related("meeting", "case__enterprise"), id)


def invitation(id: UUID, actor: Actor) -> Attendee:
    """Give one invitation, or refuse NotFound."""
    return _one(Attendee.objects.visible_to(actor), id)


def _one(rows: QuerySet[M], id: UUID) -> M:
    found = rows.filter(pk=id).first()
    if found is None:
        raise NotFound()
    return found


def notes(actor: Actor) -> QuerySet[Note]:
    """Give the notes that the actor reaches, the latest first."""
    return Note.objects.visible_to(actor).order_by("-received_at", "-id")


def items_of(meeting: Meeting) -> list[Item]:
    """Give the agenda of a meeting in order, each item with its case."""
    return list(Item.objects.filter(meeting=meeting).select_related("case__enterprise", "carried_from__meeting").order_by("place", "id"))


def waiting(actor: Actor, *, region: int) -> list[Item]:
    """Give the items of a place that were put off and stand on no later agenda; those whose case is over are left out."""
    found = Item.objects.visible_to(actor).filter(region=region, state="put_off", carried_to__isnull=True)
    return list(found.filter(case__standing="open").select_related("case", "meeting").order_by("state_at", "id")[:SHOWN])


def tasks_of(*, items: Collection[UUID] = (), notes: Collection[UUID] = ()) -> dict[UUID, list[Task]]:
    """Give the tasks of items and notes, each with its case."""
    found: dict[UUID, list[Task]] = {}
    rows = Task.objects.filter(Q(item__in=list(items)) | Q(note__in=list(notes))).select_related("case").order_by("id")
    for one in rows:
        found.setdefault(one.item_id or one.note_id, []).append(one)  # type: ignore[arg-type]
    return found


def is_answered(task: Task) -> bool:
    """Say whether an office has answered its task: the case is solved, or merged into one that goes on elsewhere."""
    return task.case.standing in _SOLVED


def progress(tasks: Iterable[Task], *, at: datetime) -> tuple[int, int, int]:
    """Give how many tasks there are, how many are answered, how many are late."""
    rows = list(tasks)
    done = [one for one in rows if is_answered(one)]
    return len(rows), len(done), sum(1 for one in rows if one not in done and one.due_at <= at)


def open_tasks(*, meeting: UUID | None = None, note: UUID | None = None) -> int:
    """Count the tasks of a meeting or of a note that are not answered; for whoever is the machine too."""
    rows = Task._base_manager.exclude(case__standing__in=_SOLVED)
    return rows.filter(item__meeting=meeting).count() if meeting else rows.filter(note=note).count()


def counts_of(meetings: Collection[UUID]) -> dict[UUID, tuple[int, int, int]]:
    """Give (items, tasks, tasks answered) of each meeting."""
    items = dict(
        Item.objects.filter(meeting__in=list(meetings)).exclude(state="withdrawn").order_by().values_list("meeting").annotate(n=Count("id"))
    )
    rows = Task.objects.filter(item__meeting__in=list(meetings)).order_by().values_list("item__meeting", "case__standing")
    found: dict[UUID, list[int]] = {id: [items.get(id, 0), 0, 0] for id in meetings}
    for id, standing in rows:
        found[id][1] += 1
        found[id][2] += standing in _SOLVED
    return {id: (n[0], n[1], n[2]) for id, n in found.items()}


def open_meetings(actor: Actor) -> list[Meeting]:
    """Give the meetings onto whose agenda something may still be put."""
    return list(Meeting.objects.visible_to(actor).filter(state__in=MEETS).order_by("starts_at")[:20])


def of_case(case: Case, actor: Actor) -> tuple[list[Item], list[Task]]:
    """Give where a case was talked about, and what it is a task of."""
    items = Item.objects.visible_to(actor).filter(case=case.id).select_related("meeting").order_by("-listed_at")[:10]
    tasks = Task.objects.visible_to(actor).filter(case=case.id).select_related("item__meeting", "note").order_by("-given_at")[:10]
    return list(items), list(tasks)


class Person(NamedTuple):
    """Somebody who is told."""

    id: UUID
    name: str


def offices(region: int, actor: Actor, *, at: datetime) -> list[casework.offices.Office]:
    """Give the offices that a place may ask or task: its departments, and the towns within the actor's reach."""
    near = [one for one in casework.offices.that_handle(region, at=at) if one.place == region or one.place in actor.scope.regions]
    found = {one.code: one for one in near}
    if jurisdiction.place(region).kind not in _TOWNS:
        towns = [one.id for one in jurisdiction.children(region) if one.kind in _TOWNS and one.id in actor.scope.regions]
        rows = _grants(at).filter(place__in=towns, task_force__isnull=True).order_by("place", "department__name")
        for code, name, place in rows.values_list("department__code", "department__name", "place").distinct():
            one = casework.offices.Office(code, name, place) if code else casework.offices.of_place(place)
            found.setdefault(one.code, one)
    return list(found.values())


def office(code: str, region: int, actor: Actor, *, at: datetime) -> casework.offices.Office:
    """Give one of these offices, or refuse NotFound."""
    found = next((one for one in offices(region, actor, at=at) if one.code == code), None)
    if found is None:
        raise NotFound("没有这个单位，或那里没有人能办。", fix="另选一个单位。")
    return found


def people_of(codes: Sequence[str], *, at: datetime) -> dict[str, list[Person]]:
    """Give who works on cases in each office, once each: they are told."""
    places = [int(code.removeprefix("place:")) for code in codes if code.startswith("place:")]
    forces = [code.removeprefix("force:") for code in codes if code.startswith("force:")]
    within = Q(department__code__in=list(codes)) | Q(place__in=places, place__isnull=False) | Q(task_force__in=forces)
    rows = _grants(at).filter(within)
    found: dict[str, dict[UUID, Person]] = {code: {} for code in codes}
    for grant in rows.select_related("person", "department", "role"):
        for name in _offices_of(grant):
            if name in found:
                found[name].setdefault(grant.person_id, Person(grant.person_id, grant.person.name))
    return {code: list(people.values()) for code, people in found.items()}


def _offices_of(grant: Grant) -> list[str]:
    """A hat's office: its special group's alone; else its department, and the place itself for a town and for who coordinates."""
    if grant.task_force_id:
        return [f"force:{grant.task_force_id}"]
    own = f"place:{grant.place}"
    if grant.department is None:
        return [own]
    coordinates = "case.coordinate" in grant.role.rights or jurisdiction.place(grant.place).kind in _TOWNS
    return [grant.department.code, own] if coordinates else [grant.department.code]


def leaders(region: int, *, at: datetime) -> list[Person]:
    """Give who leads a place, for the note's form: its leaders by name."""
    rows = Grant._base_manager.filter(role__rights__contains=["consult.read"], place=region, revoked_at__isnull=True, since__lte=at)
    rows = rows.filter(Q(until__isnull=True) | Q(until__gt=at)).select_related("person").order_by("person__name")
    return list({one.person_id: Person(one.person_id, one.person.name) for one in rows}.values())


def _grants(at: datetime) -> QuerySet[Grant]:
    rows = Grant._base_manager.filter(role__rights__contains=["case.handle"], revoked_at__isnull=True, since__lte=at)
    return rows.filter(Q(until__isnull=True) | Q(until__gt=at)).exclude(role__in=("system", "timer", "replay"))
