"""The four measures. Three of them are sums of signs over the journal; the fourth is an area's own dated query."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from qifu.kernel.access import actor_now
from qifu.kernel.calendar.clock import ZONE, local

from . import rollup
from .terms import Moment


@dataclass(frozen=True)
class _Ledger:
    """A sum over the journal, grouped by subject for the rows. `expression` gives each row's share before its sign.

    `where` narrows by facets (size -> size:above); `among` by a queryset of the subjects, for what the journal may not
    carry; `by` groups the rows by another column (party: how many firms)."""

    process: str
    expression: str
    condition: str
    params: tuple[Any, ...]
    where: tuple[str, ...] = ()
    among: Callable[[], Any] | None = None
    by: str = "subject"
    each: bool = True
    """A subject counts once (standing, reached); otherwise each entry counts (happened)."""

    def _query(self, moment: Moment, *, grouped: bool) -> tuple[str, list[Any]]:
        clauses, params = ["process = %s", "at <= %s", self.condition], [self.process, moment.asof, *self.params]
        if self.where:
            clauses.append("facets @> %s::varchar[]")
            params.append(list(self.where))
        if moment.within is not None:
            clauses.append("region = ANY (%s)")
            params.append(list(moment.within))
        if moment.known is not None:
            clauses.append("(era < %s OR (era = %s AND tx < %s))")
            params += [moment.known.era, moment.known.era, moment.known.horizon]
        if self.among is not None:
            inner, inner_params = self.among().query.sql_with_params()
            clauses.append(f"subject IN ({inner})")
            params += inner_params
        total = f"sum(sign * ({self.expression}))"
        where = " AND ".join(f"({c})" for c in clauses)
        if not grouped and not self.each:
            return f"SELECT COALESCE({total}, 0) FROM journal_entry WHERE {where}", params
        rows = f"SELECT {self.by} AS id, {total} AS n FROM journal_entry WHERE {where} GROUP BY {self.by} HAVING {total} <> 0"
        if grouped:
            return rows, params
        return f"SELECT count(*) FROM ({rows}) AS t", params

    def value(self, moment: Moment) -> int:
        with connection.cursor() as cursor:
            if self._summable and moment.known is None and not _own_only():
                return self._from_sums(moment, cursor)
            if self._summable:
                sql, params = self._flat(moment)
            else:
                sql, params = self._query(moment, grouped=False)
            cursor.execute(sql, params)
            return int(cursor.fetchone()[0])

    @property
    def _summable(self) -> bool:
        """Whether the sums of days give it: one state (each subject's sum is 0 or 1, so it needs no grouping), or entries."""
        counts_entries = not self.each and "data" not in self.expression
        return self.among is None and self.by == "subject" and (counts_entries or (self.each and self.one_state))

    def _from_sums(self, moment: Moment, cursor: Any) -> int:
        """Add up: the base before the month, the days since, and from the journal what the roll-up does not hold yet."""
        mark = rollup.mark(cursor)
        if mark is None:
            sql, params = self._flat(moment)
            cursor.execute(sql, params)
            return int(cursor.fetchone()[0])
        day = min(local(moment.asof).date(), mark.day)
        start = datetime.combine(day, datetime.min.time(), ZONE)
        where, params = ["process = %s", self.condition], [self.process, *self.params]
        if self.where:
            where.append("facets @> %s::varchar[]")
            params.append(list(self.where))
        if moment.within is not None:
            where.append("region = ANY (%s)")
            params.append(list(moment.within))
        about = " AND ".join(f"({c})" for c in where)
        cursor.execute("SELECT max(day) FROM indicators_basesum WHERE process = %s AND day <= %s", [self.process, day])
        base = cursor.fetchone()[0] or date.min
        live = "at >= %s AND at <= %s AND (era < %s OR (era = %s AND tx < %s))"
        late = "at <= %s AND (era > %s OR (era = %s AND tx >= %s))"
        cursor.execute(
            f"SELECT (SELECT COALESCE(sum(n * ({self.expression})), 0) FROM indicators_basesum WHERE {about} AND day = %s)"
            f" + (SELECT COALESCE(sum(n * ({self.expression})), 0) FROM indicators_daysum WHERE {about} AND day >= %s AND day < %s)"
            f" + (SELECT COALESCE(sum(sign * ({self.expression})), 0) FROM journal_entry WHERE {about} AND {live})"
            f" + (SELECT COALESCE(sum(sign * ({self.expression})), 0) FROM journal_entry WHERE {about} AND {late})",
            [
                *params, base, *params, base, day,
                *params, start, moment.asof, mark.era, mark.era, mark.horizon,
                *params, moment.asof, mark.era, mark.era, mark.horizon,
            ],
        )  # fmt: skip
        return int(cursor.fetchone()[0])

    def _flat(self, moment: Moment) -> tuple[str, list[Any]]:
        flat = _Ledger(self.process, self.expression, self.condition, self.params, self.where, self.among, self.by, each=False)
        return flat._query(moment, grouped=False)

    @property
    def one_state(self) -> bool:
        return bool(self.params) and len(self.params[0]) == 1

    def rows(self, moment: Moment) -> Sequence[tuple[UUID, int]]:
        sql, params = self._query(moment, grouped=True)
        with connection.cursor() as cursor:
            cursor.execute(sql + " ORDER BY id", params)
            return [(id, 1 if self.each else int(n)) for id, n in cursor.fetchall()]


def _facets(where: Mapping[str, Any] | None) -> tuple[str, ...]:
    return tuple(sorted(f"{k}:{v}" if v is not True else k for k, v in (where or {}).items()))


def standing(process: str, *states: str, where: Mapping[str, Any] | None = None, among: Callable[[], Any] | None = None) -> _Ledger:
    """How many are there: entries in less entries out."""
    names = list(states)
    return _Ledger(
        process,
        f'(entered = ANY ({_array(names)}))::int - ("left" = ANY ({_array(names)}))::int',
        '(entered = ANY (%s) OR "left" = ANY (%s))',
        (names, names),
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
    return _Ledger(process, "1", "entered = ANY (%s) AND first", (list(states),), _facets(where), among, by)


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
    return _Ledger(process, expression, "verb = ANY (%s)", (list(verbs),), _facets(where), among, each=False)


@dataclass(frozen=True)
class counted:
    """An area's own dated query, for crowds, ledgers and facts: gives (id, weight) pairs at a moment."""

    name: str
    query: Callable[[Moment], Sequence[tuple[UUID, int]]]

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
