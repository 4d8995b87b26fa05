"""An officer's day: whom to see today and in which order, from planned visits, from who was never seen, and from the road."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from qifu.areas.registry import api as registry
from qifu.areas.registry.api import Enterprise, Site
from qifu.kernel.access import Actor
from qifu.kernel.calendar.clock import local
from qifu.kernel.values.road import Point, road_km

from . import queries
from .models import Territory, Visit
from .queries import Told
from .terms import A_DAY


@dataclass(frozen=True)
class Stop:
    """One enterprise of an officer: what is known, whether it is for today, and where in the order (0: not today)."""

    firm: Enterprise
    parts: tuple[str, ...]
    site: Site | None
    told: Told
    planned: Visit | None
    done: Visit | None
    today: bool
    number: int = 0
    km: float | None = None

    @property
    def point(self) -> Point | None:
        """Give where its gate is."""
        if self.site is None or self.site.lat is None or self.site.lon is None:
            return None
        return Point(self.site.lat, self.site.lon)


def day_of(actor: Actor, at: datetime) -> list[Stop]:
    """Give all enterprises of an officer: those done today, those for today in road order, then the rest by name."""
    held: dict[UUID, list[Territory]] = {}
    for one in queries.mine(actor.person):
        held.setdefault(one.enterprise_id, []).append(one)
    midnight = local(at).replace(hour=0, minute=0, second=0, microsecond=0)
    done = {one.enterprise_id: one for one in Visit.objects.filter(officer=actor.id, visited_at__gte=midnight).select_related("enterprise")}
    firms = {id: rows[0].enterprise for id, rows in held.items()} | {id: one.enterprise for id, one in done.items()}
    told, planned, sites = queries.told_of(firms), queries.planned_for(firms), registry.sites_of_many(list(firms))
    stops = [
        Stop(
            firm, tuple(sorted(one.part for one in held.get(id, []))), _gate(sites.get(id, [])), told[id], planned.get(id), done.get(id),
            today=False,
        )
        for id, firm in firms.items()
    ]  # fmt: skip
    seen = sorted((one for one in stops if one.done), key=lambda one: (one.done.visited_at if one.done else at, one.firm.pinyin))
    waiting = [one for one in stops if not one.done]
    chosen = _chosen(waiting, at=at, room=max(A_DAY - len(seen), 0))
    rest = sorted((one for one in waiting if one.firm.id not in {c.firm.id for c in chosen}), key=lambda one: one.firm.pinyin)
    return [*_numbered([*seen], 0, road=False), *_numbered(_in_order(chosen), len(seen), road=True), *rest]


def _gate(sites: Sequence[Site]) -> Site | None:
    return next((site for site in sites if site.kind == "production"), sites[0] if sites else None)


def _chosen(waiting: Sequence[Stop], *, at: datetime, room: int) -> list[Stop]:
    """Choose today's: whatever is planned, however many; then, while there is room, who was never seen or longest ago,
    of those near to what is chosen already."""
    chosen = sorted((one for one in waiting if one.planned), key=lambda one: (one.planned.due_at if one.planned else None) or at)
    free = [one for one in waiting if not one.planned]
    while free and len(chosen) < room:
        near = min(free, key=lambda one: (one.told.visits > 0, one.told.last or at, _far(one, chosen), one.firm.pinyin))
        if near.told.visits == 0:
            # Among those never seen the road decides.
            near = min((one for one in free if one.told.visits == 0), key=lambda one: (_far(one, chosen), one.firm.pinyin))
        free.remove(near)
        chosen.append(near)
    return chosen


def _far(one: Stop, chosen: Sequence[Stop]) -> float:
    return min((road_km(one.point, other.point, same_town=one.firm.region == other.firm.region) for other in chosen), default=0.0)


def _in_order(chosen: Sequence[Stop]) -> list[Stop]:
    """Put today's stops in road order: the most urgent first, from there always to the nearest."""
    left = list(chosen)
    route = [left.pop(0)] if left else []
    while left:
        here = route[-1]
        nearest = min(left, key=lambda one: road_km(here.point, one.point, same_town=here.firm.region == one.firm.region))
        left.remove(nearest)
        route.append(nearest)
    return route


def _numbered(stops: Sequence[Stop], start: int, *, road: bool) -> list[Stop]:
    found: list[Stop] = []
    for number, one in enumerate(stops, start=start + 1):
        before = found[-1] if found and road else None
        km = round(road_km(before.point, one.point), 1) if before and before.point and one.point else None
        found.append(Stop(one.firm, one.parts, one.site, one.told, one.planned, one.done, True, number, km))
    return found


def today_of(stops: Sequence[Stop]) -> list[Stop]:
    """Give the stops of today."""
    return [one for one in stops if one.today]
