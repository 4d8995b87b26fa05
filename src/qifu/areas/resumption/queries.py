"""Reads of resumption: worklists, the dynamic list, the register, and the small facts that actions need."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Q, QuerySet

from qifu.areas.registry import api as registry
from qifu.areas.registry.models import Enterprise
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotFound
from qifu.kernel.access.models import Grant, Role, TaskForce, everything
from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.indicators import Row
from qifu.kernel.workflow.models import ClockRun

from .models import Application, Counter, Draft, Watch
from .terms import STATES

MACHINES = ("timer", "system", "replay")
"""Roles that nobody can turn to."""


def next_number(district: int, at: datetime) -> str:
    """Give the next number of a district's day: 330213-0210-0007. Two at once wait for each other, none is given twice."""
    day = at.astimezone(ZONE).date()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO resumption_daycount (district, day, last) VALUES (%s, %s, 1)"
            " ON CONFLICT (district, day) DO UPDATE SET last = resumption_daycount.last + 1 RETURNING last",
            [district, day],
        )
        return f"{district}-{day:%y%m%d}-{cursor.fetchone()[0]:04d}"


def known_of(enterprise: Enterprise) -> dict[str, Any]:
    """Give what the register knows and no form asks again."""
    kinds = {site.kind for site in registry.sites_of(enterprise.id)}
    return {
        "staff": enterprise.staff or None,
        "legal_person": enterprise.legal_person,
        "has_dormitory": "dormitory" in kinds or None,
        "has_canteen": "canteen" in kinds or None,
        "roster_complete": registry.workers_count(enterprise.id) > 0 or None,
    }


def district_place(region: int) -> int:
    """Give the place id of the district above a town or zone."""
    return next((p for p in jurisdiction.lineage(region) if jurisdiction.place(p).kind == "district"), region)


def office_name(place: int) -> str:
    """Give how people call the office that must act: 江口街道, 奉化区."""
    return jurisdiction.name(place)


def teams(region: int, at: datetime) -> list[TaskForce]:
    """Give the assessment teams at work in a district."""
    line = jurisdiction.lineage(region)
    found = everything(TaskForce).filter(kind="assessment", place__in=line, since__lte=at)
    return list(found.filter(Q(until__isnull=True) | Q(until__gt=at)).order_by("name"))


def crews(actor: Actor, at: datetime) -> list[TaskForce]:
    """Give the assessment teams at work for the places of an actor's hats, each once; none where the reach is a whole city."""
    found: dict[UUID, TaskForce] = {}
    for place in sorted({hat.place for hat in actor.hats if hat.place}):
        if jurisdiction.place(place).kind in ("district", "town", "subdistrict", "zone", "park"):
            found |= {team.id: team for team in teams(place, at)}
    return sorted(found.values(), key=lambda team: (team.since, str(team.id)))


def team_names(ids: Sequence[UUID]) -> list[tuple[UUID, str]]:
    """Give the names of teams by id."""
    return list(everything(TaskForce).filter(pk__in=ids).values_list("pk", "name"))


def applications(actor: Actor) -> QuerySet[Application]:
    """Give the applications that the actor reaches, with what a row shows."""
    return Application.objects.visible_to(actor).select_related("enterprise", "team")


def application(id: UUID, actor: Actor) -> Application:
    """Give one application, or refuse NotFound: the same sentence whether it lies elsewhere or nowhere."""
    found = Application.objects.visible_to(actor).select_related("enterprise", "incident", "team").filter(pk=id).first()
    if found is None:
        raise NotFound()
    return found


def follows(application: Application, actor: Actor) -> bool:
    """Say whether this person follows an application."""
    return actor.person is not None and Watch.objects.filter(application=application.id, person=actor.person).exists()


def of_enterprise(enterprise: UUID) -> list[Application]:
    """Give the applications of an enterprise, the latest first."""
    return list(Application.objects.filter(enterprise=enterprise).order_by("-submitted_at"))


def draft_of(enterprise: UUID, incident: UUID) -> Draft | None:
    """Give the draft that waits to be handed in, or None where nothing has been saved yet."""
    return Draft.objects.filter(enterprise=enterprise, incident=incident, sent_at__isnull=True).first()


def counter_of(region: int) -> Counter | None:
    """Give whom a place's enterprises turn to: its own counter, else that of the place above it."""
    line = jurisdiction.lineage(region)
    found = {row.region: row for row in Counter._base_manager.filter(region__in=line)}
    return next((found[place] for place in line if place in found), None)


def clock_run(application: UUID) -> ClockRun | None:
    """Give the clock that runs (or stands still) on an application, with why it is due then."""
    return ClockRun.objects.filter(subject=application, stopped_at__isnull=True).order_by("due_at").first()


def on_hand(teams: Sequence[UUID], *, since: datetime) -> dict[UUID, tuple[int, int]]:
    """Give each team's load of a day: (still to visit, handed in since `since`)."""
    found = Application.objects.filter(team__in=teams).filter(Q(state="assigned") | Q(assessed_at__gte=since))
    rows = (
        found.order_by()
        .values_list("team")
        .annotate(
            waiting=Count("id", filter=Q(state="assigned")), done=Count("id", filter=~Q(state="assigned") & Q(assessed_at__gte=since))
        )
    )
    return {team: (waiting, done) for team, waiting, done in rows}


def visits(teams: Sequence[UUID], actor: Actor, *, since: datetime) -> list[Application]:
    """Give what these teams have to visit, the most urgent first, and below it what they handed in since `since`."""
    found = applications(actor).filter(team__in=teams)
    waiting = found.filter(state="assigned").order_by(F("visit_at").asc(nulls_last=True), "due_at", "id")[:200]
    done = found.exclude(state="assigned").filter(assessed_at__gte=since).order_by("-assessed_at")[:200]
    return [*waiting, *done]


def labels_of(roles: Iterable[str]) -> dict[str, str]:
    """Give the words of roles by their codes."""
    return dict(Role.objects.filter(code__in=list(roles)).values_list("code", "label"))


def holders_of(right: str) -> list[str]:
    """Give the words of the roles that hold a right: whom to turn to."""
    return list(Role.objects.filter(rights__contains=[right]).exclude(code__in=MACHINES).order_by("code").values_list("label", flat=True))


def by_state(actor: Actor) -> dict[str, int]:
    """Give how many applications stand in each state."""
    return dict(Application.objects.visible_to(actor).order_by().values_list("state").annotate(Count("id")))


def breaches(actor: Actor, *, name: str, start: datetime, end: datetime) -> QuerySet[ClockRun]:
    """Give the runs of a same-day clock that were missed in a span: stopped after their end, or still running past it."""
    return (
        ClockRun.objects.visible_to(actor)
        .filter(process="resumption.application", name=name, started_at__gte=start, started_at__lt=end)
        .filter(Q(stopped_at__gte=F("due_at")) | Q(stopped_at__isnull=True, due_at__lte=end))
        .order_by("due_at")
    )


def describe(ids: Sequence[UUID]) -> Mapping[UUID, Row]:
    """Give the rows behind a figure: enterprise, town, state, number; only those within scope."""
    found = Application._base_manager.filter(pk__in=ids).select_related("enterprise")
    return {
        a.id: Row(
            a.id,
            1,
            a.enterprise.name,
            f"/desk/applications/{a.id}",
            (jurisdiction.name(a.region), STATES.get(a.state, ""), a.number),
        )
        for a in found
    }


def people_with(right: str, region: int, *, at: datetime) -> list[tuple[UUID, str]]:
    """Give the people whose hat at this place or above it holds a right there, each once, nearest first; only those in scope."""
    line = list(jurisdiction.lineage(region))
    found = (
        Grant.objects.filter(place__in=line, role__rights__contains=[right], revoked_at__isnull=True, since__lte=at)
        .filter(Q(until__isnull=True) | Q(until__gt=at), person__closed_at__isnull=True)
        .exclude(role__in=MACHINES)
        .select_related("person", "role", "department")
    )
    rows = sorted(found, key=lambda grant: (line.index(grant.place or 0), grant.since, str(grant.id)))
    named: dict[UUID, str] = {}
    for grant in rows:
        where = grant.department.name if grant.department else jurisdiction.name(grant.place or region)
        named.setdefault(grant.person_id, f"{grant.person.name}（{where}）")
    return list(named.items())[:60]
