"""Reads of visits. Everything starts from the actor's scope."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from qifu.areas.registry import api as registry
from qifu.areas.registry.api import Enterprise
from qifu.areas.response import api as response
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotFound
from qifu.kernel.access.models import Grant
from qifu.kernel.calendar.clock import local

from .models import Contact, DayLog, Opinion, Plan, Territory, Visit
from .terms import ROUND
from .workflow import HOLD


@dataclass(frozen=True)
class Officer:
    """Somebody who may take enterprises on: where, and how many they hold."""

    id: UUID
    name: str
    place: int
    title: str = ""
    held: int = 0


def officers(actor: Actor, at: datetime) -> list[Officer]:
    """Give the officers in reach whose role takes enterprises on, each once, with how many they answer for."""
    held = dict(held_now(actor).filter(part="lead").values_list("person").annotate(n=Count("id")))
    task_force = Q(task_force__isnull=True) | Q(task_force__since__lte=at) & (
        Q(task_force__until__isnull=True) | Q(task_force__until__gt=at)
    )
    grants = (
        Grant.objects.visible_to(actor)
        .filter(task_force, role__rights__contains=[HOLD], revoked_at__isnull=True, since__lte=at, place__isnull=False)
        .filter(Q(until__isnull=True) | Q(until__gt=at))
        .filter(person__closed_at__isnull=True)
        .select_related("person")
        .order_by("since", "id")
    )
    found: dict[UUID, Officer] = {}
    for grant in grants:
        found.setdefault(
            grant.person_id, Officer(grant.person_id, grant.person.name, grant.place, grant.person.title, held.get(grant.person_id, 0))
        )
    return list(found.values())


def held_now(actor: Actor) -> QuerySet[Territory]:
    """Give the territories in reach that stand now."""
    return Territory.objects.visible_to(actor).filter(until__isnull=True)


def mine(person: UUID | None) -> QuerySet[Territory]:
    """Give what a person holds now, with the enterprises; inside `acting`."""
    found = Territory.objects.filter(until__isnull=True, person=person).select_related("enterprise")
    return found.filter(enterprise__closed_at__isnull=True)


def leads_of(ids: Collection[UUID]) -> dict[UUID, Territory]:
    """Give who answers for these enterprises now; one without anybody is left out."""
    return {one.enterprise_id: one for one in Territory.objects.filter(until__isnull=True, part="lead", enterprise__in=list(ids))}


def of_firm(id: UUID) -> list[Territory]:
    """Give everybody who ever held an enterprise: those of now first, then the latest."""
    found = Territory.objects.filter(enterprise=id).order_by("-since", "-id")
    return sorted(found, key=lambda one: one.until is not None)


def contacts_made(id: UUID) -> list[Contact]:
    """Give when an enterprise was reached, the latest first."""
    return list(Contact.objects.filter(enterprise=id).order_by("-at", "-id")[:20])


def firms(
    actor: Actor, *, q: str = "", size: str = "", region: int | None = None, person: UUID | None = None, nobody: bool = False
) -> QuerySet[Enterprise]:
    """Give open enterprises in reach: searched (name, code, address), of a size, a town, an officer, or with nobody."""
    found = registry.enterprises_in_scope(actor)
    if q:
        # A village stands in the address: 按村分派 is a search.
        found = found.filter(Q(pk__in=registry.search(found, q).values("id")) | Q(address__contains=q.strip()))
    if size:
        found = found.filter(size=size)
    if region is not None:
        found = found.filter(region=region)
    lead = Territory.objects.filter(enterprise=OuterRef("pk"), part="lead", until__isnull=True)
    if person is not None:
        found = found.filter(Exists(Territory.objects.filter(enterprise=OuterRef("pk"), person=person, until__isnull=True)))
    return found.filter(~Exists(lead)) if nobody else found


def unvisited(found: QuerySet[Enterprise], since: datetime) -> QuerySet[Enterprise]:
    """Narrow enterprises to those that nobody has visited since an instant."""
    return found.filter(~Exists(Visit.objects.filter(enterprise=OuterRef("pk"), visited_at__gte=since)))


def by_town(found: QuerySet[Enterprise]) -> dict[int, int]:
    """Count enterprises by town."""
    return dict(found.order_by().values_list("region").annotate(n=Count("id")))


def by_officer(found: QuerySet[Enterprise], actor: Actor) -> list[tuple[UUID, str, int]]:
    """Count enterprises by who answers for them, the most first."""
    rows = held_now(actor).filter(part="lead", enterprise__in=found.order_by().values("id"))
    return list(rows.values_list("person", "officer_name").annotate(n=Count("id")).order_by("-n", "officer_name"))


def began(actor: Actor, at: datetime) -> datetime:
    """Give from when visits count: since the running incident was declared here, else the last thirty days."""
    for hat in actor.hats:
        if hat.place and (incident := response.incident_at(hat.place, at)) and incident.declared_at:
            return incident.declared_at
    return local(at - ROUND).replace(hour=0, minute=0, second=0, microsecond=0)


def planned_for(ids: Collection[UUID]) -> dict[UUID, Visit]:
    """Give the planned visit of each enterprise."""
    return {one.enterprise_id: one for one in Visit.objects.filter(state="planned", enterprise__in=list(ids))}


@dataclass(frozen=True)
class Told:
    """What is known of an enterprise's visits: how many, the last, how many opinions."""

    visits: int = 0
    opinions: int = 0
    last: datetime | None = None


def told_of(ids: Collection[UUID]) -> dict[UUID, Told]:
    """Give how often enterprises were visited, how much they said, and when last; all of them are in the answer."""
    ids = list(ids)
    rows = (
        Visit.objects.filter(enterprise__in=ids, state="visited")
        .values_list("enterprise")
        .annotate(n=Max("number"), last=Max("visited_at"))
    )
    visits = {id: (n, last) for id, n, last in rows}
    opinions = dict(Opinion.objects.filter(enterprise__in=ids).values_list("enterprise").annotate(n=Max("number")))
    return {id: Told(visits.get(id, (0, None))[0] or 0, opinions.get(id, 0), visits.get(id, (0, None))[1]) for id in ids}


def open_opinions(ids: Collection[UUID], *, most: int = 6) -> dict[UUID, list[Opinion]]:
    """Give what enterprises still wait to hear of, and what was answered last, the newest first."""
    found: dict[UUID, list[Opinion]] = {}
    for one in Opinion.objects.filter(enterprise__in=list(ids)).order_by("enterprise", "-number"):
        kept = found.setdefault(one.enterprise_id, [])
        if len(kept) < most:
            kept.append(one)
    return found


def visit(id: UUID) -> Visit:
    """Give one visit with its enterprise, or refuse NotFound."""
    found = Visit.objects.select_related("enterprise").filter(pk=id).first()
    if found is None:
        raise NotFound()
    return found


def plan(id: UUID) -> Plan:
    """Give one proposal, or refuse NotFound."""
    found = Plan.objects.filter(pk=id).first()
    if found is None:
        raise NotFound()
    return found


def opinion(id: UUID) -> Opinion:
    """Give one opinion with its enterprise, or refuse NotFound."""
    found = Opinion.objects.select_related("enterprise", "visit").filter(pk=id).first()
    if found is None:
        raise NotFound()
    return found


def opinions(actor: Actor, *, state: str = "", need: str = "", region: int | None = None, q: str = "") -> QuerySet[Opinion]:
    """Give the opinions in reach, the newest first."""
    found = Opinion.objects.visible_to(actor).select_related("enterprise", "visit")
    if state:
        found = found.filter(state=state)
    if need:
        found = found.filter(need=need)
    if region is not None:
        found = found.filter(region=region)
    if q:
        found = found.filter(Q(words__contains=q) | Q(enterprise__name__contains=q))
    return found.order_by("-noted_at", "-id")


def logs_of(territories: Iterable[Territory], *, days: Sequence[Any]) -> dict[tuple[UUID, Any], DayLog]:
    """Give the logs of these territories on these days."""
    found = DayLog.objects.filter(territory__in=[one.id for one in territories], day__in=list(days))
    return {(one.territory_id, one.day): one for one in found}


def residents(actor: Actor) -> list[Territory]:
    """Give who stays at which enterprise now, by town and name."""
    found = held_now(actor).filter(part="resident").select_related("enterprise")
    return sorted(found, key=lambda one: (one.region, one.enterprise.pinyin, one.officer_name))


def town_words(ids: Iterable[int]) -> list[tuple[int, str]]:
    """Give places with their names, in the order of the tree."""
    return [(id, jurisdiction.name(id)) for id in sorted(set(ids))]


def one_at_a_time(enterprise: UUID) -> None:
    """Let visits and words of one enterprise be numbered one after the other: two officers may stand there at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('visits'), hashtext(%s))", [str(enterprise)])
