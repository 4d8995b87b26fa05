"""What a day plan is made from: what may be assigned, the teams at work, where things lie, and the hours that are left."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db.models import Avg

from qifu.areas.registry.models import Site
from qifu.kernel.access import Actor
from qifu.kernel.calendar import calendar_for
from qifu.kernel.calendar.clock import ZONE, local

from . import queries
from .models import Application
from .planning import Point, Team, Visit
from .workflow import RESUMPTION

MOST = 150
"""More than a district sees in a day; what is due last waits for tomorrow's plan."""
MINUTES = {"big": 60, "above": 45, "other": 30}
"""How long a visit takes, by what people told: large works have several workshops."""
BEGINS, ENDS, TOO_LATE = time(8, 30), time(18, 0), time(16, 30)


@dataclass(frozen=True)
class Day:
    """All that a plan is made from at a moment: rows to place, rows held already, teams, where things lie, and the hours."""

    at: datetime
    rows: Mapping[UUID, Application]
    visits: Sequence[Visit]
    teams: Sequence[Team]
    towns: Mapping[int, Point]
    start: datetime
    end: datetime
    more: int = 0


def day_of(actor: Actor, *, at: datetime, only: Collection[UUID] | None = None) -> Day:
    """Gather what this actor may assign now (`only` some of it), the teams, and what they hold already."""
    assign = RESUMPTION.moves["assign"]
    waiting = queries.applications(actor).select_related("incident").filter(state="accepted").order_by("due_at", "id")
    if only is not None:
        waiting = waiting.filter(pk__in=list(only)[:MOST])
    found = [a for a in waiting[: 2 * MOST] if actor.hat_for(assign.right(a), at=at, on=a)]
    crews = queries.crews(actor, at)
    held = list(queries.applications(actor).filter(state="assigned", team__in=[team.id for team in crews]).order_by("due_at", "id")[:MOST])
    chosen = [*found[:MOST], *held]
    towns = _towns(actor)
    points = _points(chosen)
    home = _middle(towns.values())
    start, end = hours(at, chosen[0].region if chosen else None)
    visits = [
        Visit(
            id=a.id, town=a.region, point=points.get(a.id) or towns.get(a.region), minutes=_minutes(a), weight=_weight(a), due=a.due_at,
            fixed=a.team_id if a.state == "assigned" else None, rough=a.id not in points,
        )
        for a in chosen
    ]  # fmt: skip
    teams = [Team(team.id, team.name, home) for team in crews]
    return Day(at, {a.id: a for a in chosen}, visits, teams, towns, start, end, max(len(found) - MOST, 0))


def hours(at: datetime, region: int | None) -> tuple[datetime, datetime]:
    """Give when the teams set out and come back: the rest of today, or the next working day when today is nearly over."""
    now = local(at)
    day = now.date()
    if now.time() >= TOO_LATE:
        calendar = calendar_for(region) if region is not None else None
        day += timedelta(days=1)
        while calendar is not None and not calendar.is_workday(day):
            day += timedelta(days=1)
    begins = datetime.combine(day, BEGINS, ZONE)
    return max(begins, now.replace(second=0, microsecond=0)) if day == now.date() else begins, datetime.combine(day, ENDS, ZONE)


def _minutes(application: Application) -> int:
    firm = application.enterprise
    return MINUTES["big" if firm.over_100m else "above" if firm.size == "above" else "other"]


def _weight(application: Application) -> int:
    return (2 if application.enterprise.over_100m else 0) + (1 if application.priority == 1 else 0)


def _towns(actor: Actor) -> dict[int, Point]:
    """Give the middle of each town by the sites that lie in it: enough for a road where a site has no coordinates."""
    rows = (
        Site.objects.visible_to(actor)
        .filter(lat__isnull=False, closed_at__isnull=True)
        .order_by()
        .values_list("region")
        .annotate(lat=Avg("lat"), lon=Avg("lon"))
    )
    return {region: Point(lat, lon) for region, lat, lon in rows}


def _points(applications: Sequence[Application]) -> dict[UUID, Point]:
    sites = Site.objects.filter(enterprise__in=[a.enterprise_id for a in applications], closed_at__isnull=True, lat__isnull=False)
    where: dict[UUID, Point] = {}
    for enterprise, lat, lon in sites.order_by("-kind", "id").values_list("enterprise", "lat", "lon"):
        where[enterprise] = Point(lat, lon)
    return {a.id: point for a in applications if (point := where.get(a.enterprise_id))}


def _middle(points: Iterable[Point]) -> Point | None:
    known = list(points)
    if not known:
        return None
    return Point(sum(p.lat for p in known) / len(known), sum(p.lon for p in known) / len(known))
