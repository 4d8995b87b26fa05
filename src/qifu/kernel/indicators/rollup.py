"""Rolls the journal up by local day, incrementally, and proves the sums against it.

A row is in the sums when it was known below the horizon: today's rows too. What is told later, or corrects an earlier
day, is live until the next roll and is then added to its own day and to every base after."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from qifu.kernel.calendar.clock import ZONE

_GROUP = 'process, region, district, compartment, facets, verb, "left", entered, first'
_DAY = "(at AT TIME ZONE 'Asia/Shanghai')::date"
_KNOWN = "(era, tx) < (%s, %s)"
_LONGEST = timedelta(days=1)
"""A transaction open at a roll was begun at most so long before it."""


class Mark(NamedTuple):
    """Where the roll-up stands.

    `day` is the day of the roll, `since` the first base; `latest` is the last `at` among the rows that are in, `ahead`
    how far any of them was dated ahead of its telling."""

    era: int
    horizon: int
    day: date
    since: date
    latest: datetime | None
    ahead: timedelta
    rolled_at: datetime

    @property
    def told_since(self) -> datetime:
        """Give the instant from which everything was recorded that is not in: it spares the older partitions."""
        return self.rolled_at - _LONGEST

    def base(self, day: date) -> date:
        """Give the base from which the days up to `day` are added; date.min where none is laid before it."""
        if day >= self.day:
            return self.day
        first = day.replace(day=1)
        return first if first >= self.since else date.min


def mark(cursor: Any) -> Mark | None:
    """Give the watermark, None before the first roll."""
    cursor.execute("SELECT era, horizon, day, since, latest, ahead, rolled_at FROM indicators_watermark WHERE id = 1")
    found = cursor.fetchone()
    return Mark(*found) if found else None


def roll(at: datetime) -> int:
    """Roll up everything known now; inside `acting` as the system. Returns the rows added.

    Two at once wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('indicators.roll'))")
        before = mark(cursor)
        cursor.execute("SELECT (SELECT max(number) FROM journal_era), pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        era, horizon = cursor.fetchone()
        day, now = at.astimezone(ZONE).date(), at
        if before is not None:
            day, now = max(day, before.day), max(at, before.rolled_at)
        added, latest, ahead = _add_new(cursor, before, (era, horizon))
        since = _lay_bases(cursor, before, day)
        values = [era, horizon, day, since, latest, ahead, now]
        cursor.execute(
            "INSERT INTO indicators_watermark AS w (id, era, horizon, day, since, latest, ahead, rolled_at)"
            " VALUES (1, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (id) DO UPDATE"
            " SET era = excluded.era, horizon = excluded.horizon, day = excluded.day, since = excluded.since,"
            " latest = GREATEST(w.latest, excluded.latest), ahead = GREATEST(w.ahead, excluded.ahead), rolled_at = excluded.rolled_at",
            values,
        )
        return added


def _add_new(cursor: Any, before: Mark | None, horizon: tuple[int, int]) -> tuple[int, datetime | None, timedelta]:
    """Add the rows that are known now and were not before to their day, and to every base after that day.

    Gives how many there were, the last `at` among them, and how far any was dated ahead."""
    inside, params = _KNOWN, [*horizon]
    if before is not None:
        inside += " AND (era, tx) >= (%s, %s)"
        params += [before.era, before.horizon]
    cursor.execute(
        f"WITH fresh AS MATERIALIZED (SELECT {_GROUP}, {_DAY} AS day, sum(sign) AS n, count(*) AS rows,"
        f" max(at) AS latest, max(at - recorded_at) AS ahead FROM journal_entry WHERE {inside} GROUP BY {_GROUP}, {_DAY}),"
        # In the order in which they are read: the rows of one state on one day lie together.
        f" days AS (INSERT INTO indicators_daysum ({_GROUP}, day, n)"
        f" SELECT {_GROUP}, day, n FROM fresh ORDER BY process, day, entered, region"
        f" ON CONFLICT ({_GROUP}, day) DO UPDATE SET n = indicators_daysum.n + excluded.n),"
        f" bases AS (INSERT INTO indicators_basesum ({_GROUP}, day, n)"
        f" SELECT {_GROUP}, b.base, sum(f.n) FROM fresh f"
        f" JOIN (SELECT DISTINCT day AS base FROM indicators_basesum) b ON f.day < b.base"
        f" GROUP BY {_GROUP}, b.base ON CONFLICT ({_GROUP}, day) DO UPDATE SET n = indicators_basesum.n + excluded.n)"
        f" SELECT COALESCE(sum(rows), 0), max(latest), GREATEST(max(ahead), interval '0') FROM fresh",
        params,
    )
    rows, latest, ahead = cursor.fetchone()
    return int(rows), latest, ahead


def _lay_bases(cursor: Any, before: Mark | None, today: date) -> date:
    """Lay a base for each new first of a month and for today; the old watermark's base falls away. Gives the first base."""
    if before is not None and before.day != today and before.day.day != 1:
        cursor.execute("DELETE FROM indicators_basesum WHERE day = %s", [before.day])
    if before is not None:
        begin = before.day
    else:
        cursor.execute("SELECT min(day) FROM indicators_daysum")
        begin = min(cursor.fetchone()[0] or today, today)
    wanted = [day for day in _firsts(begin, today) if before is None or day > before.day] + [today]
    cursor.execute("SELECT DISTINCT day FROM indicators_basesum")
    laid = {row[0] for row in cursor.fetchall()}
    for day in sorted(set(wanted) - laid):
        nearest = max((d for d in laid if d < day), default=date.min)
        cursor.execute(
            f"INSERT INTO indicators_basesum ({_GROUP}, day, n) SELECT {_GROUP}, %s, sum(n) FROM ("
            f" SELECT {_GROUP}, n FROM indicators_basesum WHERE day = %s"
            f" UNION ALL SELECT {_GROUP}, n FROM indicators_daysum WHERE day >= %s AND day < %s) t GROUP BY {_GROUP}"
            " ORDER BY process, entered, region",
            [day, nearest, nearest, day],
        )
        laid.add(day)
    return before.since if before is not None else min(wanted)


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
            f" UNION ALL SELECT {_GROUP}, {_DAY}, -sign FROM journal_entry WHERE {_KNOWN}) t"
            f" GROUP BY {_GROUP}, day HAVING sum(n) <> 0",
            [here.era, here.horizon],
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
