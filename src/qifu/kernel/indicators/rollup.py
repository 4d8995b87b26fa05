"""Rolls the journal up by local day, incrementally, and proves the sums against it.

A row is in the sums when it was known below the horizon and happened before the watermark's day. A row told late, or
a correction of an earlier day, is live until the next roll and is then added to its own day and to every base after."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from qifu.kernel.calendar.clock import ZONE

_GROUP = 'process, region, district, compartment, facets, verb, "left", entered, first'
_DAY = "(at AT TIME ZONE 'Asia/Shanghai')::date"


class Mark(NamedTuple):
    """Where the roll-up stands."""

    era: int
    horizon: int
    day: date

    def at(self) -> datetime:
        """Give the instant at which the first live day begins."""
        return datetime.combine(self.day, datetime.min.time(), ZONE)


def mark(cursor: Any) -> Mark | None:
    """Give the watermark, None before the first roll."""
    cursor.execute("SELECT era, horizon, day FROM indicators_watermark WHERE id = 1")
    found = cursor.fetchone()
    return Mark(*found) if found else None


def roll(at: datetime) -> int:
    """Roll up everything known now that happened before today; inside `acting` as the system. Returns the rows added.

    Two at once wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('indicators.roll'))")
        before = mark(cursor)
        cursor.execute("SELECT (SELECT max(number) FROM journal_era), pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        era, horizon = cursor.fetchone()
        now = Mark(era, horizon, at.astimezone(ZONE).date())
        if before is not None and now.day < before.day:
            now = now._replace(day=before.day)
        added = _add_new(cursor, before, now)
        _lay_bases(cursor, before, now)
        cursor.execute(
            "INSERT INTO indicators_watermark (id, era, horizon, day, rolled_at) VALUES (1, %s, %s, %s, %s)"
            " ON CONFLICT (id) DO UPDATE"
            " SET era = excluded.era, horizon = excluded.horizon, day = excluded.day, rolled_at = excluded.rolled_at",
            [now.era, now.horizon, now.day, at],
        )
        return added


_KNOWN = "(era < %s OR (era = %s AND tx < %s))"


def _add_new(cursor: Any, before: Mark | None, now: Mark) -> int:
    """Add the rows that are inside now and were not before to their day, and to every base after that day."""
    inside, params = f"{_KNOWN} AND at < %s", [now.era, now.era, now.horizon, now.at()]
    if before is not None:
        inside += f" AND NOT ({_KNOWN} AND at < %s)"
        params += [before.era, before.era, before.horizon, before.at()]
    cursor.execute(
        f"WITH fresh AS MATERIALIZED (SELECT {_GROUP}, {_DAY} AS day, sum(sign) AS n, count(*) AS rows"
        f" FROM journal_entry WHERE {inside} GROUP BY {_GROUP}, {_DAY}),"
        f" days AS (INSERT INTO indicators_daysum ({_GROUP}, day, n) SELECT {_GROUP}, day, n FROM fresh"
        f" ON CONFLICT ({_GROUP}, day) DO UPDATE SET n = indicators_daysum.n + excluded.n),"
        f" bases AS (INSERT INTO indicators_basesum ({_GROUP}, day, n)"
        f" SELECT {_GROUP}, b.base, sum(f.n) FROM fresh f"
        f" JOIN (SELECT DISTINCT day AS base FROM indicators_basesum) b ON f.day < b.base"
        f" GROUP BY {_GROUP}, b.base ON CONFLICT ({_GROUP}, day) DO UPDATE SET n = indicators_basesum.n + excluded.n)"
        f" SELECT COALESCE(sum(rows), 0) FROM fresh",
        params,
    )
    return int(cursor.fetchone()[0])


def _lay_bases(cursor: Any, before: Mark | None, now: Mark) -> None:
    """Lay a base for each new first of a month and for the watermark's day; the old watermark's base falls away."""
    if before is not None and before.day != now.day and before.day.day != 1:
        cursor.execute("DELETE FROM indicators_basesum WHERE day = %s", [before.day])
    if before is not None:
        begin = before.day
    else:
        cursor.execute("SELECT min(day) FROM indicators_daysum")
        begin = cursor.fetchone()[0] or now.day
    wanted = [day for day in _firsts(begin, now.day) if before is None or day > before.day] + [now.day]
    cursor.execute("SELECT DISTINCT day FROM indicators_basesum")
    laid = {row[0] for row in cursor.fetchall()}
    for day in sorted(set(wanted) - laid):
        nearest = max((d for d in laid if d < day), default=date.min)
        cursor.execute(
            f"INSERT INTO indicators_basesum ({_GROUP}, day, n) SELECT {_GROUP}, %s, sum(n) FROM ("
            f" SELECT {_GROUP}, n FROM indicators_basesum WHERE day = %s"
            f" UNION ALL SELECT {_GROUP}, n FROM indicators_daysum WHERE day >= %s AND day < %s) t GROUP BY {_GROUP}",
            [day, nearest, nearest, day],
        )
        laid.add(day)


def _firsts(begin: date, end: date) -> list[date]:
    found, day = [], begin.replace(day=1)
    while day <= end:
        found.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    return [d for d in found if d >= begin]


def drift() -> list[tuple[Any, ...]]:
    """Give the groups in which the sums differ from the journal; inside `acting` as the system, empty is right."""
    with connection.cursor() as cursor:
        here = mark(cursor)
        if here is None:
            return []
        cursor.execute(
            f"SELECT {_GROUP}, day, sum(n) FROM ("
            f" SELECT {_GROUP}, day, n FROM indicators_daysum"
            f" UNION ALL SELECT {_GROUP}, {_DAY}, -sign FROM journal_entry WHERE {_KNOWN} AND at < %s) t"
            f" GROUP BY {_GROUP}, day HAVING sum(n) <> 0",
            [here.era, here.era, here.horizon, here.at()],
        )
        days = cursor.fetchall()
        cursor.execute(
            f"SELECT {_GROUP}, day, sum(n) FROM ("
            f" SELECT {_GROUP}, day, n FROM indicators_basesum"
            f" UNION ALL SELECT {_GROUP}, b.base, -d.n FROM indicators_daysum d"
            f" JOIN (SELECT DISTINCT day AS base FROM indicators_basesum) b ON d.day < b.base) t"
            f" GROUP BY {_GROUP}, day HAVING sum(n) <> 0"
        )
        return days + cursor.fetchall()
