"""The reads of a worklist: bounded counts, one page of ids in the order of their clocks.

Written in SQL, because a page must answer at a million rows: each branch is an ordered walk along an index that stops
after as many rows as the page needs, and no count goes beyond a thousand. Row security holds the scope; the regions
stand in the statement as well, since only they lead to an index (region, state, due_at)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from qifu.kernel.access import Actor
from qifu.kernel.calendar.clock import local

from .terms import COUNTED_TO, PAGE, Only, Slice, Table, Want

FEW_REGIONS = 40
"""Up to here each region is walked by itself; a city's reach is walked by state."""


def wide(actor: Actor) -> bool:
    """Say whether the reach is a whole city or more."""
    return actor.scope.everywhere or len(actor.scope.regions) > FEW_REGIONS


class _Cell(NamedTuple):
    """What is counted by itself: rows in these states, of one kind ('' all), with one span of due dates."""

    states: tuple[str, ...]
    kind: str = ""
    due: str = ""


def _is_sum(want: Want) -> bool:
    """Say whether a view's count is a sum of cells."""
    narrowed = want.towns or want.facets or want.only or want.text or want.view.facet or want.view.only
    return not (narrowed or any(one.only for one in want.slices))


class Worklist:
    """All reads of one request over one table: which regions, which moment, which words were searched.

    `named` gives the ids that a search means; it is asked once for the same words."""

    def __init__(self, table: Table, actor: Actor, at: datetime, *, named: Callable[[str], list[UUID]]) -> None:
        self.table, self.actor, self.at = table, actor, at
        self.tonight = (local(at) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        self._named_by = named
        self._found: dict[str, list[UUID]] = {}
        self._cells: dict[_Cell, int] = {}

    # -------------------------------------------------------------------------------------------- counts

    def count(self, wants: Mapping[str, Want]) -> dict[str, int]:
        """Give live counts by name, each at most COUNTED_TO + 1; one statement for all.

        Most are sums over cells (states, a kind, a span of due dates), and each cell is counted once for all views."""
        cells = self._cells_of({name: want for name, want in wants.items() if _is_sum(want)})
        new = {cell for found in cells.values() for cell in found if cell not in self._cells}
        alone = [name for name in wants if name not in cells]
        numbered = sorted(cell for cell in new if cell.states[1:] or cell.due)
        parts, params = [], list[Any]()
        for of_kind in (False, True):
            if few := [cell for cell in sorted(new.difference(numbered)) if bool(cell.kind) == of_kind]:
                asked = ["a.state = k.state", *([f"a.{self.table.kind} = k.kind"] if of_kind else [])]
                where, given = self._in_reach(asked, leads=of_kind and self._leads)
                parts.append(
                    f"SELECT k.state, k.kind, -1, {self._upto(where)} FROM unnest(%s::varchar[], %s::varchar[]) AS k (state, kind)"
                )
                params += [*given, [cell.states[0] for cell in few], [cell.kind for cell in few]]
        for number, cell in enumerate(numbered):
            span, values = self._span(cell.due)
            asked = ["a.state = ANY (%s)", *([f"a.{self.table.kind} = %s"] if cell.kind else []), *span]
            leads = bool(cell.kind) and self._leads
            parts.append(f"SELECT '', '', {number}, {self._in_each(asked, leads=leads)}")
            params += [*([] if leads else self._each), list(cell.states), *([cell.kind] if cell.kind else []), *values]
        for number, name in enumerate(alone, len(numbered)):
            counting, values = self._alone(wants[name])
            parts.append(f"SELECT '', '', {number}, {counting}")
            params += values
        counts: dict[str, int] = {}
        if parts:
            with self._walking() as cursor:
                cursor.execute(" UNION ALL ".join(parts), params)
                for state, kind, number, count in cursor.fetchall():
                    if number >= len(numbered):
                        counts[alone[number - len(numbered)]] = min(count, COUNTED_TO + 1)
                    else:
                        self._cells[numbered[number] if number >= 0 else _Cell((state,), kind)] = count
        for name, found in cells.items():
            counts[name] = min(sum(self._cells[cell] for cell in found), COUNTED_TO + 1)
        return counts

    @staticmethod
    def _cells_of(wants: Mapping[str, Want]) -> dict[str, list[_Cell]]:
        """Give by name the cells whose sum is a view's count. States that stand in the same views are one cell."""
        whole = {name: {one.state for one in want.slices if not one.kind} for name, want in wants.items()}
        shared: dict[tuple[str, ...], list[str]] = {}
        for state in sorted(set().union(*whole.values())):
            names = tuple(name for name, states in whole.items() if state in states and not wants[name].view.due)
            shared.setdefault(names, []).append(state)
        cells: dict[str, list[_Cell]] = {}
        for name, want in wants.items():
            due, states = want.view.due, whole[name]
            cells[name] = [_Cell((one.state,), one.kind, due) for one in set(want.slices) if one.kind and one.state not in states]
            if due:
                cells[name] += [_Cell(tuple(sorted(states)), due=due)] if states else []
            else:
                cells[name] += [_Cell(tuple(found)) for names, found in shared.items() if name in names]
        return cells

    def groups(self, want: Want) -> dict[str, int]:
        """Count what is overdue, due today and later, within a view and its filters."""
        return self.count({due: replace(want, view=replace(want.view, due=due)) for due in ("overdue", "today") if not want.view.due})

    # -------------------------------------------------------------------------------------------- ids and rows

    def ids(self, want: Want) -> list[UUID]:
        """Give the ids of one page in order."""
        first = (want.page - 1) * PAGE
        return self._first(want, first + PAGE)[first:]

    def all_ids(self, want: Want, *, most: int) -> list[UUID]:
        """Give all ids of a view in order, `most` at the utmost: for an export."""
        return self._first(want, most)

    # -------------------------------------------------------------------------------------------- statements

    @property
    def regions(self) -> tuple[int, ...]:
        return self.actor.scope.regions

    def _upto(self, where: str) -> str:
        return f"(SELECT count(*) FROM (SELECT 1 FROM {self.table.name} a WHERE {where} LIMIT {COUNTED_TO + 1}) t)"

    def _alone(self, want: Want) -> tuple[str, list[Any]]:
        """Count what is no sum of cells. Slices that are narrowed each in its way are counted each by its own index, since
        their OR would be answered by a scan of everything; a row that stands in two of them counts once."""
        if want.text or want.only or want.view.only or not any(one.only for one in want.slices):
            where, params = self._where(want)
            return self._upto(where), params
        parts: list[str] = []
        params = []
        for one in want.slices:
            where, values = self._where(want, one)
            parts.append(f"(SELECT a.id FROM {self.table.name} a WHERE {where} LIMIT {COUNTED_TO + 1})")
            params += values
        return f"(SELECT count(*) FROM ({' UNION '.join(parts)}) t)", params

    def _in_reach(self, where: Sequence[str], *, leads: bool = False) -> tuple[str, list[Any]]:
        # A wide reach walks by state, where a list of regions leads nowhere and is compared for every row a second time.
        if leads or self.actor.scope.everywhere or (self._wide and not self.actor.scope.parties):
            return " AND ".join(where), []
        return " AND ".join([*where, "a.region = ANY (%s)"]), [list(self.regions)]

    def _in_each(self, where: Sequence[str], *, leads: bool = False) -> str:
        """Count within each region by itself where they are few: due dates alone would lead through all of the country."""
        if leads or self._wide:
            return self._upto(" AND ".join(where))
        inside = " AND ".join(["a.region = r.region", *where])
        return (
            "(SELECT count(*) FROM (SELECT 1 FROM unnest(%s::int[]) AS r (region) CROSS JOIN LATERAL"
            f" (SELECT 1 FROM {self.table.name} a WHERE {inside} LIMIT {COUNTED_TO + 1}) t LIMIT {COUNTED_TO + 1}) u)"
        )

    @property
    def _leads(self) -> bool:
        """Say whether a slice of one kind is looked for by its kind. Who has a firm as well reads more than their regions, so
        that their list names them."""
        return self.table.kind_leads and not self.actor.scope.parties

    @property
    def _each(self) -> list[Any]:
        return [] if self._wide else [list(self.regions)]

    def _span(self, due: str) -> tuple[list[str], list[Any]]:
        if due == "overdue":
            return ["a.due_at <= %s"], [self.at]
        if due == "today":
            return ["a.due_at > %s", "a.due_at <= %s"], [self.at, self.tonight]
        return [], []

    def _within(self, want: Want) -> tuple[int, ...] | None:
        """Give the regions to look in; None for everywhere."""
        if want.towns:
            inside = want.towns if self.actor.scope.everywhere else [t for t in want.towns if t in self.regions]
            return tuple(inside)
        return None if self.actor.scope.everywhere else self.regions

    def _first(self, want: Want, most: int) -> list[UUID]:
        rare, gathered = self._wide and want.rare, bool(want.view.only)
        if want.sort != "due" or want.text or gathered or rare:
            where, params = self._where(want)
            order = self.table.sorts.get(want.sort, "a.due_at ASC, a.id")
            sql = f"SELECT a.id FROM {self.table.name} a WHERE {where} ORDER BY {order} LIMIT {most}"
            return self._ids(sql, params, walk=not (rare or gathered))
        parts: list[str] = []
        params = []
        for one in want.slices:
            branch, values = self._branch(want, one, most)
            parts.append(branch)
            params += values
        if not parts:
            return []
        # The same row may stand in two slices that are narrowed each in its way: a team's and a department's.
        twice = any(one.only for one in want.view.slices)
        union = (" UNION " if twice else " UNION ALL ").join(parts)
        return self._ids(f"SELECT id FROM ({union}) u ORDER BY due_at, id LIMIT {most}", params)

    def _branch(self, want: Want, one: Slice, most: int) -> tuple[str, list[Any]]:
        narrow, params = self._narrow(want)
        own, values = self._slice(one)
        where = " AND ".join([own, *narrow])
        regions = self._within(want)
        if regions is None or len(regions) > FEW_REGIONS or (one.kind and self._leads and not want.towns):
            # Row security narrows the walk along (state, due_at); a list of regions here would turn it into a sort of all.
            return (
                f"(SELECT a.id, a.due_at FROM {self.table.name} a WHERE {where} ORDER BY a.due_at LIMIT {most})",
                [*values, *params],
            )
        return (
            "SELECT b.id, b.due_at FROM unnest(%s::int[]) AS r (region) CROSS JOIN LATERAL ("
            f"SELECT a.id, a.due_at FROM {self.table.name} a WHERE a.region = r.region AND {where} ORDER BY a.due_at LIMIT {most}) b",
            [list(regions), *values, *params],
        )

    def _where(self, want: Want, *alone: Slice) -> tuple[str, list[Any]]:
        """Give the condition of a want, or of these of its slices."""
        slices = alone or want.slices
        if not slices:
            return "false", []
        parts: list[str] = ["a.state = ANY (%s)"] if len(slices) > 1 else []
        params: list[Any] = [sorted({one.state for one in slices})] if parts else []
        if len(slices) == 1 or any(one.kind or one.only for one in slices):
            each = [self._slice(one) for one in slices]
            parts.append("(" + " OR ".join(f"({sql})" for sql, _ in each) + ")")
            params += [value for _, values in each for value in values]
        regions = self._within(want)
        if regions is not None:
            parts.append("a.region = ANY (%s)")
            params.append([*regions])
        narrow, values = self._narrow(want)
        return " AND ".join([*parts, *narrow]), [*params, *values]

    def _slice(self, one: Slice) -> tuple[str, list[Any]]:
        parts, params = ["a.state = %s"], list[Any]([one.state])
        if one.kind:
            parts.append(f"a.{self.table.kind} = %s")
            params.append(one.kind)
        return self._with(parts, params, one.only)

    @staticmethod
    def _with(parts: list[str], params: list[Any], only: Iterable[Only]) -> tuple[str, list[Any]]:
        for sql, values in only:
            parts.append(sql)
            params += values
        return " AND ".join(parts), params

    def _narrow(self, want: Want) -> tuple[list[str], list[Any]]:
        parts: list[str] = []
        params: list[Any] = []
        for facet in (want.view.facet, *want.facets):
            if facet:
                # Written as the partial indexes are: a cast to another length, or two facets at once, would miss them.
                parts.append("a.facets @> %s::varchar(40)[]")
                params.append([facet])
        span, values = self._span(want.view.due)
        parts += span
        params += values
        for sql, given in (*want.view.only, *want.only):
            parts.append(sql)
            params += given
        if want.text:
            # As rows, not as a list: the planner takes a list for a filter and walks all of the reach past it.
            parts.append("a.id IN (SELECT unnest(%s::uuid[]))")
            params.append(self._named(want.text))
        return parts, params

    def _named(self, text: str) -> list[UUID]:
        if text not in self._found:
            self._found[text] = self._named_by(text)
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
        return wide(self.actor)
