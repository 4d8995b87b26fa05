"""The day plan of the assessment teams (FEATURES 2.3): pure, so that fifty visits and nine teams are one function call.

Big ones first, each into the team and place in its route where it costs the least road; a person may pin any row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from qifu.kernel.values.road import SAME_TOWN_KM, Point, drive, road_km

_CROWDED = 4.0
"""Minutes that each visit already on a route adds to its price: teams fill evenly where the roads are alike."""


@dataclass(frozen=True)
class Visit:
    """One application to be seen. `weight` sorts (larger first); `fixed` is one that its team holds already.

    `rough` says that `point` is only the middle of its town."""

    id: UUID
    town: int
    point: Point | None
    minutes: int
    weight: int = 0
    due: datetime | None = None
    fixed: UUID | None = None
    rough: bool = False


@dataclass(frozen=True)
class Team:
    """One team: its name, where it sets out, and how many visits it can bear in a day."""

    id: UUID
    name: str
    home: Point | None = None
    most: int = 7


@dataclass(frozen=True)
class Stop:
    """One visit in its route: when the team arrives and leaves, the road to it, and what stands in the way."""

    visit: Visit
    arrives: datetime
    leaves: datetime
    km: float
    first: bool
    rough: bool
    late: bool
    over: bool
    pinned: bool = False


@dataclass(frozen=True)
class Plan:
    """Who goes where in which order, and what found no place today."""

    routes: Mapping[UUID, Sequence[Stop]]
    left: Sequence[Visit]
    start: datetime
    end: datetime

    @property
    def km(self) -> float:
        """Add up the roads of all teams."""
        return sum(stop.km for stops in self.routes.values() for stop in stops)


def propose(
    visits: Sequence[Visit], teams: Sequence[Team], *, start: datetime, end: datetime, pinned: Mapping[UUID, UUID | None] | None = None
) -> Plan:
    """Lay the day out. `pinned` says who goes where by hand (None: nobody today); the rest is chosen.

    A pin is obeyed although the team cannot make it, and the stop says so; what is chosen always fits before `end`."""
    pins = pinned or {}
    routes: dict[UUID, list[Visit]] = {team.id: [] for team in teams}
    by_id = {team.id: team for team in teams}
    left: list[Visit] = []
    for visit in sorted((v for v in visits if v.fixed in routes), key=_order):
        routes[visit.fixed].append(visit)  # type: ignore[index]
    for team in teams:
        routes[team.id] = _tour(routes[team.id], team)
    waiting = [v for v in visits if v.fixed not in routes]
    # What a person has placed stands before anything is chosen round it.
    for visit in sorted(waiting, key=lambda v: (pins.get(v.id) not in routes, *_order(v))):
        if visit.id in pins:
            chosen = pins[visit.id]
            if chosen not in by_id:
                left.append(visit)
                continue
            _, place = _cheapest(routes[chosen], by_id[chosen], visit)  # type: ignore[index]
            routes[chosen].insert(place, visit)  # type: ignore[index]
            continue
        offers = [(*_cheapest(routes[team.id], team, visit), number, team) for number, team in enumerate(teams)]
        for _price, place, _number, team in sorted(offers, key=lambda offer: (offer[0], offer[2])):
            tried = [*routes[team.id][:place], visit, *routes[team.id][place:]]
            if len(tried) <= team.most and _length(tried, team) <= (end - start).total_seconds() / 60:
                routes[team.id] = tried
                break
        else:
            left.append(visit)
    return Plan(
        {team.id: _timed(routes[team.id], team, start=start, end=end, pins=pins) for team in teams}, sorted(left, key=_order), start, end
    )


def _order(visit: Visit) -> tuple[int, float, str]:
    """Sort the big ones first, then what is due first; the id only makes it repeatable."""
    return (-visit.weight, visit.due.timestamp() if visit.due else float("inf"), str(visit.id))


def _between(before: Visit | None, after: Visit, team: Team) -> float:
    if before is None:
        return road_km(team.home, after.point)
    if before.town == after.town and (before.rough or after.rough):
        return SAME_TOWN_KM
    return road_km(before.point, after.point, same_town=before.town == after.town)


def _cheapest(route: Sequence[Visit], team: Team, visit: Visit) -> tuple[float, int]:
    """Give (price, place): the minutes that the best place in this route costs, and which place it is."""
    best = (float("inf"), 0)
    for place in range(len(route) + 1):
        before = route[place - 1] if place else None
        after = route[place] if place < len(route) else None
        more = _between(before, visit, team)
        if after is not None:
            more += _between(visit, after, team) - _between(before, after, team)
        if (price := drive(more)) < best[0] - 1e-9:
            best = (price, place)
    return best[0] + _CROWDED * len(route), best[1]


def _tour(held: Sequence[Visit], team: Team) -> list[Visit]:
    route: list[Visit] = []
    for visit in held:
        _, place = _cheapest(route, team, visit)
        route.insert(place, visit)
    return route


def _length(route: Sequence[Visit], team: Team) -> float:
    before: Visit | None = None
    minutes = 0.0
    for visit in route:
        minutes += drive(_between(before, visit, team)) + visit.minutes
        before = visit
    return minutes


def _timed(route: Sequence[Visit], team: Team, *, start: datetime, end: datetime, pins: Mapping[UUID, UUID | None]) -> Sequence[Stop]:
    stops: list[Stop] = []
    before: Visit | None = None
    at = start
    for number, visit in enumerate(route):
        km = _between(before, visit, team)
        arrives = _to_five(at + timedelta(minutes=drive(km)))
        at = arrives + timedelta(minutes=visit.minutes)
        late = visit.due is not None and at > visit.due
        over = at > end or number >= team.most
        rough = visit.rough or bool(before and before.rough)
        stops.append(Stop(visit, arrives, at, km, before is None, rough, late, over, pinned=visit.id in pins and not visit.fixed))
        before = visit
    return stops


def _to_five(at: datetime) -> datetime:
    """Round up to five minutes: nobody keeps a finer promise."""
    minutes = -(-(at.minute * 60 + at.second) // 300) * 5
    return at.replace(minute=0, second=0, microsecond=0) + timedelta(minutes=minutes)
