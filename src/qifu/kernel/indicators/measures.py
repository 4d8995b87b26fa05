"""The four measures. Three of them are sums of signs over the journal; the fourth is an area's own dated query."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from qifu.kernel.access import actor_now
from qifu.kernel.calendar.clock import ZONE, local

from . import rollup
from .terms import Moment

BELOW = "NOT ((era, tx) >= (%s, %s))"
"""Known below a horizon. Nearly every row is: said as `<` the planner takes it for a rare thing, and walks the journal along it."""


@dataclass(frozen=True)
class _Half:
    """One side of a sum: entries in (+1), entries out (-1), or entries that happened, by a column and its words."""

    sign: int
    column: str
    names: tuple[str, ...]
    first: bool = False

    @property
    def condition(self) -> str:
        return f'"{self.column}" = ANY (%s)' + (" AND first" if self.first else "")


@dataclass(frozen=True)
class _Ledger:
    """A sum over the journal, grouped by subject for the rows. `expression` gives each row's share before its sign.

    `where` narrows by facets (size -> size:above); `among` by a queryset of the subjects, for what the journal may not
    carry; `by` groups the rows by another column (party: how many firms)."""

    process: str
    expression: str
    halves: tuple[_Half, ...]
    where: tuple[str, ...] = ()
    among: Callable[[], Any] | None = None
    by: str = "subject"
    each: bool = True
    """A subject counts once (standing, reached); otherwise each entry counts (happened)."""

    def value(self, moment: Moment) -> int:
        with connection.cursor() as cursor:
            mark = rollup.mark(cursor) if self._summable and moment.known is None and not _own_only() else None
            if mark is not None:
                sql, params = self._from_sums(moment, mark)
            elif self._summable:
                sql, params = self._flat(moment)
            else:
                sql, params = self._query(moment, grouped=False)
            cursor.execute(sql, params)
            return int(cursor.fetchone()[0])

    def rows(self, moment: Moment) -> Sequence[tuple[UUID, int]]:
        sql, params = self._query(moment, grouped=True)
        with connection.cursor() as cursor:
            cursor.execute(sql + " ORDER BY id", params)
            return [(id, 1 if self.each else int(n)) for id, n in cursor.fetchall()]

    # ------------------------------------------------------------------------------------------ from the journal

    def _narrowed(self, moment: Moment) -> tuple[str, list[Any]]:
        """Give the condition on the entries that count at a moment, as known then, among those asked for."""
        where, params = self._about(moment, *self.halves)
        known, given = told_by(moment)
        among, values = self._chosen()
        return where + known + among, [*params, *given, *values]

    def _chosen(self) -> tuple[str, list[Any]]:
        """Give the condition on the subjects, for what the journal may not carry."""
        if self.among is None:
            return "", []
        inner, params = self.among().query.sql_with_params()
        return f" AND subject IN ({inner})", list(params)

    def _query(self, moment: Moment, *, grouped: bool) -> tuple[str, list[Any]]:
        where, params = self._narrowed(moment)
        total = f"sum(sign * ({self.expression}))"
        if not grouped and not self.each:
            return f"SELECT COALESCE({total}, 0) FROM journal_entry WHERE {where}", params
        rows = f"SELECT {self.by} AS id, {total} AS n FROM journal_entry WHERE {where} GROUP BY {self.by} HAVING {total} <> 0"
        if grouped:
            return rows, params
        return f"SELECT count(*) FROM ({rows}) AS t", params

    def _flat(self, moment: Moment) -> tuple[str, list[Any]]:
        return replace(self, each=False)._query(moment, grouped=False)

    def _about(self, moment: Moment, *halves: _Half) -> tuple[str, list[Any]]:
        """Give the condition on a row of the journal or of the sums, times left aside."""
        where, params = self._own(*halves)
        inside, given = in_reach(moment)
        return where + inside, [*params, *given]

    def _own(self, *halves: _Half) -> tuple[str, list[Any]]:
        """Give what a measure asks of a row by itself, whatever the moment and the reach."""
        clauses = ["process = %s", "(" + " OR ".join(half.condition for half in halves) + ")"]
        params: list[Any] = [self.process, *(list(half.names) for half in halves)]
        if self.where:
            clauses.append("facets @> %s::varchar[]")
            params.append(list(self.where))
        return " AND ".join(clauses), params

    # ---------------------------------------------------------------------------------------------- from the sums

    @property
    def _summable(self) -> bool:
        """Whether the sums of days give it: entries, or subjects where each one's sum is 0 or 1 and needs no grouping.

        So it is in one state reached, and in any states stood in, since nothing stands in two states at once."""
        once = len(self.halves) > 1 or len(self.halves[0].names) == 1
        return self.among is None and self.by == "subject" and (once if self.each else "data" not in self.expression)

    def _from_sums(self, moment: Moment, mark: rollup.Mark) -> tuple[str, list[Any]]:
        """Add up: a base, the days since it, and from the journal what the sums do not hold.

        Until `mark.latest` the day asked for is counted row by row, since it may be asked for at noon; after it there is
        nothing in the sums that lies ahead."""
        asked = local(moment.asof).date()
        day = min(asked, mark.day)
        whole = mark.latest is None or moment.asof >= mark.latest
        base, until = mark.base(day), asked if whole else day - timedelta(days=1)
        parts: list[str] = []
        params: list[Any] = []
        for half in self.halves:
            about, given = self._about(moment, half)
            parts.append(f"{half.sign} * (SELECT COALESCE(sum(n), 0) FROM indicators_basesum WHERE {about} AND day = %s)")
            params += [*given, base]
            if base <= until:
                parts.append(f"{half.sign} * (SELECT COALESCE(sum(n), 0) FROM indicators_daysum WHERE {about} AND day >= %s AND day <= %s)")
                params += [*given, base, until]
        about, given = self._about(moment, *self.halves)
        live = f"(SELECT COALESCE(sum(sign * ({self.expression})), 0) FROM journal_entry WHERE {about} AND at <= %s AND recorded_at >= %s"
        parts.append(f"{live} AND (era, tx) >= (%s, %s))")
        params += [*given, moment.asof, mark.told_since, mark.era, mark.horizon]
        if not whole:
            start = datetime.combine(day, datetime.min.time(), ZONE)
            parts.append(f"{live} AND {BELOW} AND at >= %s)")
            params += [*given, moment.asof, start - mark.ahead, mark.era, mark.horizon, start]
        return f"SELECT {' + '.join(parts)}", params


def told_by(moment: Moment) -> tuple[str, list[Any]]:
    """Give the condition on entries that had happened at a moment, and were known then."""
    if moment.known is None:
        return " AND at <= %s", [moment.asof]
    return f" AND at <= %s AND {BELOW}", [moment.asof, moment.known.era, moment.known.horizon]


def in_reach(moment: Moment) -> tuple[str, list[Any]]:
    """Give the condition on the places. Row security holds the scope; they stand here as well, since only they lead to an index."""
    regions = _regions(moment)
    return ("", []) if regions is None else (" AND region = ANY (%s)", [list(regions)])


def _regions(moment: Moment) -> tuple[int, ...] | None:
    """Give the regions in which rows can lie; None where they may lie anywhere, or be reached as a party."""
    if moment.within is not None:
        return moment.within
    actor = actor_now()
    if actor is None or actor.scope.everywhere or actor.scope.parties:
        return None
    return actor.scope.regions


def _facets(where: Mapping[str, Any] | None) -> tuple[str, ...]:
    return tuple(sorted(f"{k}:{v}" if v is not True else k for k, v in (where or {}).items()))


def standing(process: str, *states: str, where: Mapping[str, Any] | None = None, among: Callable[[], Any] | None = None) -> _Ledger:
    """How many are there: entries in less entries out. For processes, whose subjects are in one state at a time."""
    return _Ledger(
        process,
        f'(entered = ANY ({_array(states)}))::int - ("left" = ANY ({_array(states)}))::int',
        (_Half(1, "entered", states), _Half(-1, "left", states)),
        _facets(where),
        among,
    )


def reached(
    process: str,
    *states: str,
    where: Mapping[str, Any] | None = None,
    among: Callable[[], Any] | None = None,
    by: str = "subject",
) -> _Ledger:
    """How many have ever been there; by="party": of how many firms."""
    return _Ledger(process, "1", (_Half(1, "entered", states, first=True),), _facets(where), among, by)


def happened(
    process: str,
    *verbs: str,
    sum: str | None = None,
    where: Mapping[str, Any] | None = None,
    among: Callable[[], Any] | None = None,
) -> _Ledger:
    """How many times, or the sum of one journalled integer (fen, persons)."""
    if sum is not None and not sum.isidentifier():
        raise ValueError(f"{sum!r} is not a key of data")
    expression = f"COALESCE((data->>'{sum}')::bigint, 0)" if sum else "1"
    return _Ledger(process, expression, (_Half(1, "verb", verbs),), _facets(where), among, each=False)


@dataclass(frozen=True)
class lacking:
    """Who is in one ledger and not in another: registered and not yet applied. Its rows are those of `whole`.

    Both are grouped alike, or by columns that hold the same ids (subject of the one, party of the other)."""

    whole: _Ledger
    having: _Ledger

    def value(self, moment: Moment) -> int:
        rows, params = self._rows(moment)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({rows}) t", params)
            return int(cursor.fetchone()[0])

    def rows(self, moment: Moment) -> Sequence[tuple[UUID, int]]:
        rows, params = self._rows(moment)
        with connection.cursor() as cursor:
            cursor.execute(f"{rows} ORDER BY id", params)
            return [(id, 1) for (id,) in cursor.fetchall()]

    def _rows(self, moment: Moment) -> tuple[str, list[Any]]:
        whole, params = self.whole._query(moment, grouped=True)
        having, more = self.having._query(moment, grouped=True)
        return f"SELECT id FROM ({whole}) w EXCEPT SELECT id FROM ({having}) h", [*params, *more]


@dataclass(frozen=True)
class counted:
    """An area's own dated query, for crowds, ledgers and facts: gives (id, weight) pairs at a moment.

    `series` gives the values at several instants by one question, where a trend asks often."""

    name: str
    query: Callable[[Moment], Sequence[tuple[UUID, int]]]
    series: Callable[[Moment, Sequence[datetime]], Sequence[int]] | None = None

    def value(self, moment: Moment) -> int:
        return sum(weight for _, weight in self.query(moment))

    def rows(self, moment: Moment) -> Sequence[tuple[UUID, int]]:
        return self.query(moment)


@dataclass(frozen=True)
class decided:
    """An instant (or another single value) that one measure sets; its row is that measure."""

    name: str
    query: Callable[[Moment], tuple[Any, UUID] | None]

    def value(self, moment: Moment) -> Any:
        found = self.query(moment)
        return found[0] if found else None

    def rows(self, moment: Moment) -> Sequence[tuple[UUID, int]]:
        found = self.query(moment)
        return [(found[1], 1)] if found else []


def _array(words: Sequence[str]) -> str:
    """Give a literal array of state names; they come from process tables, never from a person."""
    if not all(w.replace("_", "").isalnum() for w in words):
        raise ValueError(f"not state names: {words}")
    return "ARRAY[" + ",".join(f"'{w}'" for w in words) + "]::varchar[]"


def _own_only() -> bool:
    """Say whether the actor reaches rows by being their party: sums know regions only."""
    actor = actor_now()
    return actor is None or bool(actor.scope.parties)
