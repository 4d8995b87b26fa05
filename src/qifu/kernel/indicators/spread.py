"""One figure over the last days and over the places at once: what a trend and a map need, in one question."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from qifu.kernel.calendar.clock import ZONE, local

from . import rollup
from .measures import _Ledger, _own_only, counted
from .terms import Moment

_DAY = "(at AT TIME ZONE 'Asia/Shanghai')::date"


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
    last = local(moment.asof).date()
    asked = tuple(last - timedelta(days=back) for back in range(days - 1, -1, -1))
    if isinstance(measure, counted) and measure.series:
        return Spread(asked, tuple(measure.series(moment, [_end_of(moment, day).asof for day in asked])), {})
    if not isinstance(measure, _Ledger):
        return Spread(asked, tuple(int(measure.value(_end_of(moment, day)) or 0) for day in asked), {})
    steps: dict[date, int] = defaultdict(int)
    places: dict[int, int] = defaultdict(int)
    for day, place, n in _steps(measure, moment, asked[0]):
        steps[max(day, asked[0])] += n
        places[place] += n
    values, total = [], 0
    for day in asked:
        total += steps[day]
        values.append(total)
    return Spread(asked, tuple(values), {place: n for place, n in places.items() if n})


def _end_of(moment: Moment, day: date) -> Moment:
    end = datetime.combine(day + timedelta(days=1), datetime.min.time(), ZONE) - timedelta(microseconds=1)
    return replace(moment, asof=min(end, moment.asof))


def _steps(measure: _Ledger, moment: Moment, first: date) -> list[tuple[date, int, int]]:
    """Give (day, place, change): from the sums where they hold everything below the moment, else from the journal."""
    with connection.cursor() as cursor:
        mark = rollup.mark(cursor) if measure._summable and moment.known is None and not _own_only() else None
        if mark is not None and (mark.latest is None or moment.asof >= mark.latest):
            sql, params = _from_sums(measure, moment, mark, first)
        else:
            sql, params = _from_journal(measure, moment)
        cursor.execute(sql, params)
        return [(day, place, int(n)) for day, place, n in cursor.fetchall()]


def _from_sums(measure: _Ledger, moment: Moment, mark: rollup.Mark, first: date) -> tuple[str, list[Any]]:
    parts: list[str] = []
    params: list[Any] = []
    base, last = mark.base(first), local(moment.asof).date()
    for half in measure.halves:
        about, given = measure._about(moment, half)
        parts.append(f"SELECT %s::date AS day, region, {half.sign} * n AS n FROM indicators_basesum WHERE {about} AND day = %s")
        params += [first, *given, base]
        parts.append(f"SELECT day, region, {half.sign} * n FROM indicators_daysum WHERE {about} AND day >= %s AND day <= %s")
        params += [*given, base, last]
    about, given = measure._about(moment, *measure.halves)
    parts.append(
        f"SELECT {_DAY}, region, sign * ({measure.expression}) FROM journal_entry WHERE {about}"
        " AND at <= %s AND recorded_at >= %s AND (era, tx) >= (%s, %s)"
    )
    params += [*given, moment.asof, mark.told_since, mark.era, mark.horizon]
    return f"SELECT day, region, sum(n) FROM ({' UNION ALL '.join(parts)}) t GROUP BY day, region", params


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
