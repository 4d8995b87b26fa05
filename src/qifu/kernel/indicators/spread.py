"""One figure over the last days and over the places at once: what a trend and a map need, in one question."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from qifu.kernel.calendar.clock import ZONE, local

from . import rollup
from .measures import _Ledger, _own_only, counted, in_reach
from .terms import Moment

_DAY = "(at AT TIME ZONE 'Asia/Shanghai')::date"
_ROW = 'process, verb, "left", entered, first, facets'
_Step = tuple[date, int, int]
"""A day, a place, and by how much it changed there."""


@dataclass(frozen=True)
class Spread:
    """The values at the end of each day (the last one at the moment itself), and of each place at the moment."""

    days: tuple[date, ...]
    values: tuple[int, ...]
    places: dict[int, int]

    def within(self, places: tuple[int, ...]) -> int:
        """Add up the places of one reach."""
        return sum(self.places.get(place, 0) for place in places)


def spread(measure: Any, *, moment: Moment, days: int = 14) -> Spread:
    """Give a measure over the last `days` local days and by place; inside `acting`.

    A sum over the journal answers both by one query; any other measure is asked for its series, or once a day, and gives no
    places."""
    return spreads([measure], moment=moment, days=days)[measure]


def spreads(measures: Iterable[Any], *, moment: Moment, days: int = 14) -> dict[Any, Spread]:
    """Give many measures as `spread` does, with one question for all that the sums of the journal answer."""
    last = local(moment.asof).date()
    asked = tuple(last - timedelta(days=back) for back in range(days - 1, -1, -1))
    every = dict.fromkeys(measures)
    steps = _steps([one for one in every if isinstance(one, _Ledger)], moment, asked[0])
    return {one: _drawn(steps[one], asked) if one in steps else _asked(one, moment, asked) for one in every}


def _asked(measure: Any, moment: Moment, days: tuple[date, ...]) -> Spread:
    """Ask for a series at once, or for each day."""
    if isinstance(measure, counted) and measure.series:
        return Spread(days, tuple(measure.series(moment, [_end_of(moment, day).asof for day in days])), {})
    return Spread(days, tuple(int(measure.value(_end_of(moment, day)) or 0) for day in days), {})


def _drawn(steps: list[_Step], days: tuple[date, ...]) -> Spread:
    """Add up the changes by day and by place; what came before the first day counts on it."""
    changes: dict[date, int] = defaultdict(int)
    places: dict[int, int] = defaultdict(int)
    for day, place, n in steps:
        changes[max(day, days[0])] += n
        places[place] += n
    values, total = [], 0
    for day in days:
        total += changes[day]
        values.append(total)
    return Spread(days, tuple(values), {place: n for place, n in places.items() if n})


def _end_of(moment: Moment, day: date) -> Moment:
    end = datetime.combine(day + timedelta(days=1), datetime.min.time(), ZONE) - timedelta(microseconds=1)
    return replace(moment, asof=min(end, moment.asof))


def _steps(measures: list[_Ledger], moment: Moment, first: date) -> dict[_Ledger, list[_Step]]:
    """Give the changes of each measure: from the sums where they hold everything below the moment, else from the journal."""
    found: dict[_Ledger, list[_Step]] = {}
    with connection.cursor() as cursor:
        sums = [one for one in measures if one._summable] if moment.known is None and not _own_only() else []
        mark = rollup.mark(cursor) if sums else None
        if mark is not None and (mark.latest is None or moment.asof >= mark.latest):
            cursor.execute(*_from_sums(sums, moment, mark, first))
            rows = cursor.fetchall()
            found = {one: [(row[0], row[1], int(row[n])) for row in rows if row[n]] for n, one in enumerate(sums, 2)}
        for one in measures:
            if one not in found:
                cursor.execute(*_from_journal(one, moment))
                found[one] = [(day, place, int(n)) for day, place, n in cursor.fetchall()]
    return found


def _from_sums(measures: list[_Ledger], moment: Moment, mark: rollup.Mark, first: date) -> tuple[str, list[Any]]:
    """Ask for (day, place, change of each measure): a base, the days since it, and from the journal what the sums do not hold."""
    changes, params = [], list[Any]()
    for one in measures:
        parts = []
        for half in one.halves:
            own, given = one._own(half)
            parts.append(f"{half.sign} * COALESCE(sum(n) FILTER (WHERE {own}), 0)")
            params += given
        changes.append(" + ".join(parts))
    inside, places = in_reach(moment)
    about, given = f"process = ANY (%s){inside}", [sorted({one.process for one in measures}), *places]
    base, last = mark.base(first), local(moment.asof).date()
    rows = (
        f"SELECT %s::date AS day, region, {_ROW}, n FROM indicators_basesum WHERE {about} AND day = %s"
        f" UNION ALL SELECT day, region, {_ROW}, n FROM indicators_daysum WHERE {about} AND day >= %s AND day <= %s"
        f" UNION ALL SELECT {_DAY}, region, {_ROW}, sign FROM journal_entry WHERE {about}"
        " AND at <= %s AND recorded_at >= %s AND (era, tx) >= (%s, %s)"
    )
    params += [first, *given, base, *given, base, last, *given, moment.asof, mark.told_since, mark.era, mark.horizon]
    return f"SELECT day, region, {', '.join(changes)} FROM ({rows}) t GROUP BY day, region", params


def _from_journal(measure: _Ledger, moment: Moment) -> tuple[str, list[Any]]:
    """A subject counts once: its running sum says on which day it began to count, and on which it ceased to."""
    where, params = measure._narrowed(moment)
    step = f"sign * ({measure.expression})"
    if not measure.each:
        return f"SELECT {_DAY} AS day, region, sum({step}) FROM journal_entry WHERE {where} GROUP BY 1, 2", params
    running = f"sum({step}) OVER (PARTITION BY {measure.by} ORDER BY at, seq)"
    inner = f"SELECT {_DAY} AS day, region, {step} AS n, {running} AS after FROM journal_entry WHERE {where}"
    return (
        f"SELECT day, region, sum((after <> 0)::int - (after - n <> 0)::int) FROM ({inner}) t GROUP BY 1, 2",
        params,
    )
