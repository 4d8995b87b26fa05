"""The worklist's reads: saved views, bounded counts, one page of ids in the order of their clocks.

Written in SQL, because a page must answer at a million applications: each branch is an ordered walk along an index that
stops after as many rows as the page needs, and no count goes beyond a thousand. Row security holds the scope; the
regions stand in the statement as well, since only they lead to the index (region, state, due_at)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q

from qifu.areas.registry import api as registry
from qifu.areas.registry import queries as register
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor
from qifu.kernel.calendar.clock import local
from qifu.kernel.language import said

from .actions.items import OWN
from .models import Application
from .terms import SIZES, STATES

COUNTED_TO = 999
"""Above this a count is shown as 999+, and nobody counts further."""
PAGE = 50
PAGES = 20
"""Beyond the thousandth row nobody turns pages: a filter finds faster."""
FOUND_TO = 500
"""How many enterprises a search may name."""
_FEW_REGIONS = 40
"""Up to here each region is walked by itself; a city's reach is walked by state."""

OPEN = ("submitted", "forwarded", "accepted", "assigned", "passed")
"""States in which an office must act."""
RUNNING = (*OPEN, "returned", "rectifying")
"""States of an application that is not finished."""
SORTS = {
    "due": "a.due_at ASC, a.id",
    "-due": "a.due_at DESC NULLS LAST, a.id",
    "staff": "a.head_count ASC, a.id",
    "-staff": "a.head_count DESC, a.id",
    "time": "a.state_at ASC, a.id",
    "-time": "a.state_at DESC, a.id",
}


@dataclass(frozen=True)
class Slice:
    """Applications in one state, by one route ('' both); of one's own teams, or with an open item of a department."""

    state: str
    route: str = ""
    teams: tuple[UUID, ...] = ()
    departments: tuple[str, ...] = ()


@dataclass(frozen=True)
class View:
    """One saved view: its name, its word, the group in which it stands, and what it holds."""

    name: str
    label: str
    group: str
    slices: tuple[Slice, ...]
    due: str = ""
    facet: str = ""
    tone: str = ""
    follower: UUID | None = None
    """Only what this person follows."""


@dataclass(frozen=True)
class Want:
    """A view narrowed by filters: what the address bar says."""

    view: View
    towns: tuple[int, ...] = ()
    teams: tuple[UUID, ...] = ()
    size: str = ""
    state: str = ""
    big: bool = False
    text: str = ""
    sort: str = "due"
    page: int = 1


class Cell(NamedTuple):
    """What is counted by itself: applications in these states, by one route ('' both), with one span of due dates."""

    states: tuple[str, ...]
    route: str = ""
    due: str = ""


_ALONE = (*RUNNING, "approved", "resumed")
"""States that have a view of their own."""


def _cells(want: Want) -> list[Cell] | None:
    """Give the cells whose sum is a view's count; None where it is not a sum of cells.

    A state that has a view of its own is a cell of its own: it is counted once for all views."""
    if want.towns or want.teams or want.size or want.big or want.text or want.view.facet or want.view.follower:
        return None
    slices = {one for one in want.view.slices if want.state in ("", one.state)}
    if any(one.teams or one.departments for one in slices):
        return None
    both = {one.state for one in slices if not one.route}
    cells = [Cell((one.state,), one.route, want.view.due) for one in slices if one.route and one.state not in both]
    if want.view.due:
        return [*cells, *([Cell(tuple(sorted(both)), due=want.view.due)] if both else [])]
    other = tuple(sorted(both.difference(_ALONE)))
    return [*cells, *(Cell((state,)) for state in both.intersection(_ALONE)), *([Cell(other)] if other else [])]


def _upto(where: str) -> str:
    return f"(SELECT count(*) FROM (SELECT 1 FROM resumption_application a WHERE {where} LIMIT {COUNTED_TO + 1}) t)"


def _in(*states: str) -> tuple[Slice, ...]:
    return tuple(Slice(state) for state in states)


def views(actor: Actor) -> list[View]:
    """Give the saved views in the order in which a day is worked through."""
    return [
        View("mine", said("我的待办"), said("我的"), mine(actor)),
        View("overdue", said("已逾期"), said("我的"), _in(*OPEN), due="overdue", tone="stop"),
        View("today", said("今日到期"), said("我的"), _in(*OPEN), due="today", tone="ask"),
        View("followed", said("我关注的"), said("我的"), _in(*STATES) if actor.person else (), follower=actor.person),
        View("open", said("全部在办"), said("本单位"), _in(*RUNNING)),
        *[View(state, STATES[state], said("本单位"), _in(state)) for state in RUNNING],
        View("big", said("亿元以上"), said("跟一跟"), _in(*RUNNING), facet="over_100m"),
        View("essential", said("保障类"), said("跟一跟"), _in(*RUNNING), facet="essential"),
        View("fire", said("卡在消防"), said("跟一跟"), _stuck(actor, "fire")),
        View("project", said("重大项目"), said("跟一跟"), () if _wide(actor) else _in(*RUNNING), facet="project"),
        View("approved", said("已批准未开工"), said("跟一跟"), _in("approved")),
        View("resumed", said("已复工"), said("跟一跟"), _in("resumed")),
        View("closed", said("未批准、暂停、撤回"), said("跟一跟"), _in("refused", "suspended", "withdrawn")),
        View("all", said("全部"), said("跟一跟"), _in(*STATES)),
    ]


def _wide(actor: Actor) -> bool:
    return actor.scope.everywhere or len(actor.scope.regions) > _FEW_REGIONS


def _stuck(actor: Actor, department: str) -> tuple[Slice, ...]:
    """Give what waits for a department's items; not above a district, where it would mean reading every checklist."""
    return () if _wide(actor) else (Slice("assigned", departments=(department,)), Slice("rectifying", departments=(department,)))


_BY_RIGHT = {
    "resumption.forward": ("submitted", "district"),
    "resumption.accept.town": ("submitted", "town"),
    "resumption.accept.district": ("forwarded", ""),
    "resumption.assign.town": ("accepted", "town"),
    "resumption.assign.district": ("accepted", "district"),
    "resumption.decide.town": ("passed", "town"),
    "resumption.decide.district": ("passed", "district"),
}


def mine(actor: Actor) -> tuple[Slice, ...]:
    """Give what waits for this very actor, by the rights of their hats."""
    slices = [Slice(*where) for right, where in _BY_RIGHT.items() if actor.may(right)]
    teams = tuple(sorted({hat.task_force for hat in actor.hats if hat.task_force and "resumption.assess" in hat.rights}, key=str))
    if teams:
        slices.append(Slice("assigned", teams=teams))
    if departments := tuple(code for code, right in OWN.items() if actor.may(right)):
        slices += [Slice("assigned", departments=departments), Slice("rectifying", departments=departments)]
    return tuple(slices)


def is_mine(application: Application, actor: Actor) -> bool:
    """Say whether the next step of this application is this actor's (items of a department left aside)."""
    return any(
        one.state == application.state
        and one.route in ("", application.route)
        and not one.departments
        and (not one.teams or application.team_id in one.teams)
        for one in mine(actor)
    )


# ------------------------------------------------------------------------------------------------ reading


class Worklist:
    """All reads of one request: which regions, which moment, which words were searched."""

    def __init__(self, actor: Actor, at: datetime) -> None:
        self.actor, self.at = actor, at
        self.tonight = (local(at) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        self._found: dict[str, list[UUID]] = {}
        self._cells: dict[Cell, int] = {}

    def count(self, wants: Mapping[str, Want]) -> dict[str, int]:
        """Give live counts by name, each at most COUNTED_TO + 1; one statement for all.

        Most are sums over cells (a state, a route, a span of due dates), and each cell is counted once for all views."""
        cells = {name: _cells(want) for name, want in wants.items()}
        new = {cell for found in cells.values() for cell in found or () if cell not in self._cells}
        alone = [name for name, found in cells.items() if found is None]
        numbered = sorted(cell for cell in new if cell.states[1:] or cell.due)
        parts, params = [], list[Any]()
        for routed in (False, True):
            if few := [cell for cell in sorted(new.difference(numbered)) if bool(cell.route) == routed]:
                where, given = self._in_reach(["a.state = k.state", *(["a.route = k.route"] if routed else [])])
                parts.append(f"SELECT k.state, k.route, -1, {_upto(where)} FROM unnest(%s::varchar[], %s::varchar[]) AS k (state, route)")
                params += [*given, [cell.states[0] for cell in few], [cell.route for cell in few]]
        for number, cell in enumerate(numbered):
            span, values = self._span(cell.due)
            where = ["a.state = ANY (%s)", *(["a.route = %s"] if cell.route else []), *span]
            parts.append(f"SELECT '', '', {number}, {self._in_each(where)}")
            params += [*self._each, list(cell.states), *([cell.route] if cell.route else []), *values]
        for number, name in enumerate(alone, len(numbered)):
            where, values = self._where(wants[name])
            parts.append(f"SELECT '', '', {number}, {_upto(where)}")
            params += values
        counts: dict[str, int] = {}
        if parts:
            with self._walking() as cursor:
                cursor.execute(" UNION ALL ".join(parts), params)
                for state, route, number, count in cursor.fetchall():
                    if number >= len(numbered):
                        counts[alone[number - len(numbered)]] = count
                    else:
                        self._cells[numbered[number] if number >= 0 else Cell((state,), route)] = count
        for name, found in cells.items():
            if found is not None:
                counts[name] = min(sum(self._cells[cell] for cell in found), COUNTED_TO + 1)
        return counts

    def _in_reach(self, where: Sequence[str]) -> tuple[str, list[Any]]:
        if self.actor.scope.everywhere:
            return " AND ".join(where), []
        return " AND ".join([*where, "a.region = ANY (%s)"]), [list(self.regions)]

    def _in_each(self, where: Sequence[str]) -> str:
        """Count within each region by itself where they are few: due dates alone would lead through all of the country."""
        if self._wide:
            return _upto(" AND ".join(where))
        inside = " AND ".join(["a.region = r.region", *where])
        return (
            "(SELECT count(*) FROM (SELECT 1 FROM unnest(%s::int[]) AS r (region) CROSS JOIN LATERAL"
            f" (SELECT 1 FROM resumption_application a WHERE {inside} LIMIT {COUNTED_TO + 1}) t LIMIT {COUNTED_TO + 1}) u)"
        )

    @property
    def _each(self) -> list[Any]:
        return [] if self._wide else [list(self.regions)]

    def _span(self, due: str) -> tuple[list[str], list[Any]]:
        if due == "overdue":
            return ["a.due_at <= %s"], [self.at]
        if due == "today":
            return ["a.due_at > %s", "a.due_at <= %s"], [self.at, self.tonight]
        return [], []

    def groups(self, want: Want) -> dict[str, int]:
        """Count what is overdue, due today and later, within a view and its filters."""
        return self.count({due: replace(want, view=replace(want.view, due=due)) for due in ("overdue", "today") if not want.view.due})

    def ids(self, want: Want) -> list[UUID]:
        """Give the ids of one page in order."""
        first = (want.page - 1) * PAGE
        return self._first(want, first + PAGE)[first:]

    def all_ids(self, want: Want, *, most: int) -> list[UUID]:
        """Give all ids of a view in order, `most` at the utmost: for an export."""
        return self._first(want, most)

    def rows(self, ids: Sequence[UUID]) -> list[Application]:
        """Give these applications in this order, with what a row shows; those out of scope are left out."""
        found = {a.id: a for a in Application.objects.visible_to(self.actor).filter(pk__in=ids).select_related("enterprise", "team")}
        return [found[id] for id in ids if id in found]

    # -------------------------------------------------------------------------------------------- statements

    @property
    def regions(self) -> tuple[int, ...]:
        return self.actor.scope.regions

    def _within(self, want: Want) -> tuple[int, ...] | None:
        """Give the regions to look in; None for everywhere."""
        if want.towns:
            inside = want.towns if self.actor.scope.everywhere else [t for t in want.towns if t in self.regions]
            return tuple(inside)
        return None if self.actor.scope.everywhere else self.regions

    def _first(self, want: Want, most: int) -> list[UUID]:
        rare = self._wide and bool(want.view.facet or want.big)
        if want.sort != "due" or want.text or want.view.follower or rare:
            where, params = self._where(want)
            sql = f"SELECT a.id FROM resumption_application a WHERE {where} ORDER BY {SORTS[want.sort]} LIMIT {most}"
            return self._ids(sql, params, walk=not (rare or want.view.follower))
        parts: list[str] = []
        params = []
        for one in self._slices(want):
            branch, values = self._branch(want, one, most)
            parts.append(branch)
            params += values
        if not parts:
            return []
        # The same application may stand in two slices: a team's and a department's.
        twice = any(one.teams or one.departments for one in want.view.slices)
        union = (" UNION " if twice else " UNION ALL ").join(parts)
        return self._ids(f"SELECT id FROM ({union}) u ORDER BY due_at, id LIMIT {most}", params)

    def _branch(self, want: Want, one: Slice, most: int) -> tuple[str, list[Any]]:
        narrow, params = self._narrow(want)
        own, values = self._slice(one)
        where = " AND ".join([own, *narrow])
        regions = self._within(want)
        if regions is None or len(regions) > _FEW_REGIONS:
            # Row security narrows the walk along (state, due_at); a list of regions here would turn it into a sort of all.
            return (
                f"(SELECT a.id, a.due_at FROM resumption_application a WHERE {where} ORDER BY a.due_at LIMIT {most})",
                [*values, *params],
            )
        return (
            "SELECT b.id, b.due_at FROM unnest(%s::int[]) AS r (region) CROSS JOIN LATERAL ("
            f"SELECT a.id, a.due_at FROM resumption_application a WHERE a.region = r.region AND {where} ORDER BY a.due_at LIMIT {most}) b",
            [list(regions), *values, *params],
        )

    def _where(self, want: Want) -> tuple[str, list[Any]]:
        slices = self._slices(want)
        if not slices:
            return "false", []
        parts, params = ["a.state = ANY (%s)"], [sorted({one.state for one in slices})]
        if any(one.route or one.teams or one.departments for one in slices):
            each = [self._slice(one) for one in slices]
            parts.append("(" + " OR ".join(f"({sql})" for sql, _ in each) + ")")
            params += [value for _, values in each for value in values]
        if (regions := self._within(want)) is not None:
            parts.append("a.region = ANY (%s)")
            params.append(list(regions))
        narrow, values = self._narrow(want)
        return " AND ".join([*parts, *narrow]), [*params, *values]

    @staticmethod
    def _slices(want: Want) -> list[Slice]:
        return [one for one in want.view.slices if want.state in ("", one.state)]

    @staticmethod
    def _slice(one: Slice) -> tuple[str, list[Any]]:
        parts, params = ["a.state = %s"], [one.state]
        if one.route:
            parts.append("a.route = %s")
            params.append(one.route)
        if one.teams:
            parts.append("a.team_id = ANY (%s)")
            params.append(list(one.teams))  # type: ignore[arg-type]
        if one.departments:
            parts.append(
                "EXISTS (SELECT 1 FROM resumption_item i WHERE i.application_id = a.id AND i.department = ANY (%s) AND i.result = '')"
            )
            params.append(list(one.departments))  # type: ignore[arg-type]
        return " AND ".join(parts), params

    def _narrow(self, want: Want) -> tuple[list[str], list[Any]]:
        parts: list[str] = []
        params: list[Any] = []
        for facet in (want.view.facet, f"size:{want.size}" if want.size else "", "over_100m" if want.big else ""):
            if facet:
                # Written as the partial indexes are: a cast to another length, or two facets at once, would miss them.
                parts.append("a.facets @> %s::varchar(40)[]")
                params.append([facet])
        span, values = self._span(want.view.due)
        parts += span
        params += values
        if want.view.follower:
            parts.append("a.id IN (SELECT w.application_id FROM resumption_watch w WHERE w.person = %s)")
            params.append(want.view.follower)
        if want.teams:
            parts.append("a.team_id = ANY (%s)")
            params.append(list(want.teams))
        if want.text:
            parts.append("a.id = ANY (%s)")
            params.append(self._named(want.text))
        return parts, params

    def _named(self, text: str) -> list[UUID]:
        """Give the applications that a search means: by the whole number, in a narrow reach also by a part, or by the firm."""
        if text not in self._found:
            reached = Application.objects.visible_to(self.actor).order_by()
            number = Q(number=text.upper()) if self._wide or not any(ch.isdigit() for ch in text) else Q(number__contains=text.upper())
            firms = register.search(registry.enterprises_in_scope(self.actor), text).order_by().values_list("pk", flat=True)[:FOUND_TO]
            ids = set(reached.filter(number).values_list("pk", flat=True)[:FOUND_TO])
            ids.update(reached.filter(enterprise__in=list(firms)).values_list("pk", flat=True)[: 2 * FOUND_TO])
            self._found[text] = sorted(ids, key=str)
        return self._found[text]

    def _ids(self, sql: str, params: Iterable[Any], *, walk: bool = True) -> list[UUID]:
        with self._walking(walk) as cursor:
            cursor.execute(sql, list(params))
            return [id for (id,) in cursor.fetchall()]

    @contextmanager
    def _walking(self, walk: bool = True) -> Iterator[Any]:
        """Give a cursor; for a wide reach one that walks an index in order instead of gathering a whole state first.

        The planner cannot know how much of the table a policy lets through, takes it for almost nothing, and would read
        all of it to sort it."""
        with connection.cursor() as cursor:
            if walk and self._wide:
                cursor.execute("SELECT set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true)")
            yield cursor
            if walk and self._wide:
                cursor.execute("SELECT set_config('enable_bitmapscan', 'on', true), set_config('enable_sort', 'on', true)")

    @property
    def _wide(self) -> bool:
        return _wide(self.actor)


def towns(actor: Actor) -> list[tuple[int, str]]:
    """Give the towns and zones of the actor's reach, by name, for the filter; none where the reach is a whole city."""
    regions = actor.scope.regions
    if len(regions) > 60:
        return []
    kinds = ("town", "subdistrict", "zone", "park")
    return [(region, jurisdiction.name(region)) for region in regions if jurisdiction.place(region).kind in kinds]


def sizes() -> list[tuple[str, str]]:
    """Give the size classes for the filter."""
    return list(SIZES.items())
