"""A figure as of any past day, and as of now, over a journal of 300 days; read by officers under row security.

    .venv/bin/python -m benchmarks.figures [--rows 10000000]

The rows are made by SQL: three processes in a hundred towns, subjects that go through their states over days, one in a
hundred told days late, one in three hundred reversed. After the roll-up, the morning of today and its late tellings come in; the
worker rolls every hour (project/worker.py), so at eleven the last hour is not in the sums yet. Every figure measured is
also compared with the plain sum over the journal."""

import argparse
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from .measure import cost, scratch
from .table import Line, spread, timed

ROWS = 10_000_000
DAYS = 300
TOWNS = 100
PAST, NOW = 0.500, 0.020
"""Goals in seconds, for the 95th of a hundred."""
_SHORT = 1.1
"""Those who begin near the end have not gone through all their states."""

# Steps of a subject: verb, left, entered, first, which subjects (a condition on their number), hours after the start.
_APPLICATION = """
('submit', '', 'submitted', true, true, 0), ('forward', 'submitted', 'forwarded', true, k % 3 = 0, 3),
('accept', CASE WHEN k % 3 = 0 THEN 'forwarded' ELSE 'submitted' END, 'accepted', true, k % 25 > 0, 8),
('withdraw', CASE WHEN k % 3 = 0 THEN 'forwarded' ELSE 'submitted' END, 'withdrawn', true, k % 25 = 0, 9),
('assign', 'accepted', 'assigned', true, k % 25 > 0, 12), ('demand', 'assigned', 'rectifying', true, k % 25 BETWEEN 1 AND 5, 20),
('mended', 'rectifying', 'assigned', false, k % 25 BETWEEN 1 AND 5, 44), ('pass', 'assigned', 'passed', true, k % 25 > 0, 50),
('approve', 'passed', 'approved', true, k % 25 > 0 AND k % 40 > 0, 70), ('refuse', 'passed', 'refused', true, k % 25 > 0 AND k % 40 = 0, 72),
('start', 'approved', 'resumed', true, k % 25 > 0 AND k % 40 > 0, 90)
"""
_WORKER = """
('list', '', 'listed', true, true, 0), ('tell', '', 'went_home', true, k % 3 > 0, 30), ('tell', '', 'plans_return', true, k % 3 > 0, 200),
('tell', '', 'returned', true, k % 3 = 1, 400)
"""
_ENTERPRISE = "('register', '', 'registered', true, true, 0), ('change', 'registered', 'registered', false, k % 2 = 0, 500)"
_PROCESSES = (
    ("resumption.application", _APPLICATION, 0.6, 7.5),
    ("registry.worker", _WORKER, 0.3, 8 / 3),
    ("registry.enterprise", _ENTERPRISE, 0.1, 1.5),
)

_FILL = """
INSERT INTO journal_entry (era, tx, process, subject, about, verb, "left", entered, first, sign, at, recorded_at, district, region,
  party, compartment, facets, actor, actor_name, role, on_behalf_of, batch, reverses, data, body, hash)
SELECT 1, 1000 + (extract(epoch FROM told) - extract(epoch FROM %(start)s::timestamptz))::bigint / 5, %(process)s, subject, subject, verb, l, e, first, 1,
  least(at, told), told, 330213, (%(regions)s::int[])[1 + k * 7919 %% %(towns)s], party, '',
  CASE WHEN k %% 11 = 0 THEN '{{over_100m,size:above}}' WHEN k %% 5 = 0 THEN '{{size:above}}' WHEN k %% 7 = 0 THEN '{{size:limit_above}}'
       WHEN k %% 17 = 0 THEN '{{essential,essential:living,size:small}}' WHEN k %% 13 = 0 THEN '{{early,size:small}}'
       ELSE '{{size:small}}' END::varchar[],
  '0190', '王晓明', 'town_clerk', '', NULL, NULL, '{{"fen": 100}}', '\\x7b7d', '\\x7b7d'
FROM (SELECT *, at + CASE WHEN k %% 100 = 0 THEN (1 + k / 100 %% 9) * interval '1 day' ELSE interval '0' END AS told FROM (
  SELECT k, verb, l, e, first, md5(%(process)s || %(start)s || k)::uuid AS subject, md5('firm' || k %% (%(subjects)s / 3 + 1))::uuid AS party,
    %(start)s::timestamptz + (k::float8 / %(subjects)s * {days} * 86400 + hours * 3600 + k %% 1800) * interval '1 second' AS at
  FROM generate_series(0::bigint, %(subjects)s - 1) AS k CROSS JOIN LATERAL (VALUES {steps}) AS s (verb, l, e, first, who, hours) WHERE who) a) t
WHERE at < %(end)s AND told < %(end)s
"""
_REVERSE = """
INSERT INTO journal_entry (era, tx, process, subject, about, verb, "left", entered, first, sign, at, recorded_at, district, region,
  party, compartment, facets, actor, actor_name, role, on_behalf_of, batch, reverses, data, body, hash)
SELECT era, tx + 9, process, subject, about, verb, "left", entered, first, -1, at, least(recorded_at + interval '30 hours', %s), district, region,
  party, compartment, facets, actor, actor_name, role, on_behalf_of, batch, seq, data, body, hash
FROM journal_entry WHERE seq %% 300 = 0 AND reverses IS NULL
"""


def fill(session: Any, *, rows: int, regions: list[int], start: datetime, end: datetime) -> int:
    """Write the journal past row security, without its indexes for as long as it takes; gives the rows there are."""
    # Pages are marked as seen by all only when the commit has reached the disk.
    session.execute("SET synchronous_commit = on; SET work_mem = '256MB'; SET maintenance_work_mem = '512MB'")
    months, day = [], start.date().replace(day=1)
    while day <= end.date():
        months.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    for month in months:
        session.execute("SELECT qifu_journal_month(%s)", [month])
    indexes = session.execute(
        "SELECT c.relname, pg_get_indexdef(c.oid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
        " WHERE i.indrelid = 'journal_entry'::regclass AND NOT i.indisprimary"
    ).fetchall()
    for name, _ in indexes:
        session.execute(f"DROP INDEX {name}")
    for process, steps, share, each in _PROCESSES:
        given = {"process": process, "start": start, "end": end, "regions": regions, "towns": len(regions)}
        session.execute(_FILL.format(steps=steps.replace("%", "%%"), days=DAYS), given | {"subjects": int(rows * _SHORT * share / each)})
    session.execute(_REVERSE, [end - timedelta(seconds=1)])
    for _, definition in indexes:
        session.execute(definition.replace("ON ONLY", "ON"))
    # Transactions of an earlier era are all known, as after a restore: their numbers need not be those of this server.
    session.execute("INSERT INTO journal_era (number, since, reason) VALUES (2, %s, 'bench')", [end])
    session.execute("VACUUM (ANALYZE) journal_entry")
    return int(session.execute("SELECT count(*) FROM journal_entry").fetchone()[0])


def come_in(session: Any, *, since: datetime, now: datetime, regions: list[int], rows: int) -> None:
    """Write what is told since an instant of today until now, one row in a hundred about a day of the last month."""
    a_day = rows // DAYS
    for process, steps, share, each in _PROCESSES:
        given = {"process": process, "start": since, "end": now, "regions": regions, "towns": len(regions)}
        session.execute(_FILL.format(steps=steps.replace("%", "%%"), days=1), given | {"subjects": int(a_day * share / each)})
    session.execute("UPDATE journal_entry SET era = 2, tx = pg_current_xact_id()::text::bigint WHERE recorded_at >= %s", [since])
    session.execute(
        "UPDATE journal_entry SET at = at - (1 + seq %% 30) * interval '1 day' WHERE recorded_at >= %s AND seq %% 100 = 0", [since]
    )


def main(rows: int = ROWS) -> list[Line]:
    """Fill, roll, measure, compare."""
    with scratch("bench_figures"):
        return list(_measured(rows))


def _measured(rows: int) -> Iterator[Line]:
    import os
    from pathlib import Path

    from django.db import connection

    from qifu.kernel import jurisdiction
    from qifu.kernel.access import acting
    from qifu.kernel.access.tests.factories import officer
    from qifu.kernel.calendar import clock
    from qifu.kernel.calendar.clock import ZONE
    from qifu.kernel.indicators import Moment, happened, reached, rollup, standing
    from qifu.kernel.journal.sealing import whole
    from qifu.project import database

    town = jurisdiction.by_name("莼湖街道").id
    city = next(p for p in jurisdiction.lineage(town) if jurisdiction.place(p).kind == "city")
    regions = sorted(p for p in jurisdiction.reach(city) if jurisdiction.place(p).kind in ("town", "subdistrict", "zone"))
    regions = sorted({town, *regions[: TOWNS - 1]})
    midnight = datetime(2020, 12, 1, tzinfo=ZONE)
    start, now = midnight - timedelta(days=DAYS), midnight + timedelta(hours=11)
    here = Path(os.environ["QIFU_VAR"])
    with clock.use(clock.Fixed(now)), database.superuser(here, name=connection.settings_dict["NAME"]) as session:
        seconds, filled = timed(lambda: fill(session, rows=rows, regions=regions, start=start, end=midnight))
        print(f"filled {filled:,} rows in {seconds:.0f} s", flush=True)

        def roll() -> None:
            with whole():
                rollup.roll(now)

        spent = cost(roll)
        session.execute("VACUUM (ANALYZE) indicators_daysum, indicators_basesum")
        sums = session.execute("SELECT (SELECT count(*) FROM indicators_daysum), (SELECT count(*) FROM indicators_basesum)").fetchone()
        yield Line(
            f"first roll-up of {filled:,} rows",
            f"{spent.wall:.0f} s wall, {spent.cpu:.0f} s CPU; {sums[0]:,} sums of days, {sums[1]:,} of months",
        )
        last = now - timedelta(hours=1)
        come_in(session, since=midnight, now=last, regions=regions, rows=rows)
        with whole():
            seconds, added = timed(lambda: rollup.roll(last))
        yield Line("the roll-up of an hour, here of ten at once", f"{seconds:.1f} s wall for {added:,} rows")
        come_in(session, since=last, now=now, regions=regions, rows=rows)
        session.execute("ANALYZE journal_entry")

        clerk, chief = officer("town_clerk", town), officer("city_clerk", city)
        application, worker = "resumption.application", "registry.worker"
        measures: dict[str, Any] = {
            "reached, with a facet": reached(application, "accepted", where={"size": "above"}),
            "standing": standing(application, "resumed"),
            "standing in five states": standing(application, "submitted", "forwarded", "accepted", "assigned", "passed"),
            "standing, with a facet": standing(application, "assigned", where={"over_100m": True}),
            "happened": happened(application, "submit"),
            "happened, with a facet": happened(application, "approve", where={"size": "small"}),
        }
        draw, compared = random.Random(5), list[int]()
        days = [start + timedelta(days=draw.randrange(1, DAYS), hours=draw.choice((9, 17, 23)), minutes=30) for _ in range(40)]
        for reach, actor in (("one town", clerk), (f"{len(regions)} towns", chief)):
            found, nowadays, busy, busy_now = [], [], 0.0, 0.0
            for name, measure in measures.items():

                def asked(moments: list[Moment], actor: Any = actor, measure: Any = measure) -> tuple[list[float], float]:
                    took: list[float] = []

                    def ask() -> None:
                        for moment in moments:
                            with acting(actor):
                                took.append(timed(lambda: measure.value(moment))[0])

                    return took, cost(ask).cpu

                past, spent_past = asked([Moment(day) for day in days])
                present, spent_now = asked([Moment(now)] * 20)
                busy, busy_now = busy + spent_past, busy_now + spent_now
                print(f"{reach}, {name}: past {spread(past)}; now {spread(present)}", flush=True)
                found += past
                nowadays += present
                for moment in (Moment(days[3]), Moment(days[7]), Moment(now)):
                    with acting(actor), connection.cursor() as cursor:
                        cursor.execute(*(measure._flat(moment) if measure.each else measure._query(moment, grouped=False)))
                        truth = int(cursor.fetchone()[0])
                        assert measure.value(moment) == truth, (name, moment, measure.value(moment), truth)
                        compared.append(truth)
            yield Line(
                f"figure as of a past day, {reach} ({len(measures)} measures, 40 days)",
                f"{spread(found)}; CPU {busy / len(found) * 1000:.1f} ms",
                f"p95 < {PAST * 1000:.0f} ms",
                spread(found).p95 < PAST,
            )
            yield Line(
                f"figure as of now, {reach}",
                f"{spread(nowadays)}; CPU {busy_now / len(nowadays) * 1000:.1f} ms",
                f"p95 < {NOW * 1000:.0f} ms",
                spread(nowadays).p95 < NOW,
            )
        assert sum(map(bool, compared)) > len(compared) * 0.7, compared
        yield Line("the same figures as plain sums over the journal", f"{len(compared)} of {len(compared)} equal")
        several = reached(application, "passed", "rectifying", where={"over_100m": True})
        by_firm = reached(worker, "went_home", by="party")
        for name, measure in (("subjects in either of two states", several), ("how many firms", by_firm)):
            for reach, actor in (("one town", clerk), (f"{len(regions)} towns", chief)):
                found = []
                for moment in map(Moment, [*days[:4], now]):
                    with acting(actor):
                        found.append(timed(lambda: measure.value(moment))[0])
                yield Line(f"figure that reads the journal itself ({name}), {reach}", str(spread(found)))
        with whole():
            seconds, differing = timed(rollup.drift)
        assert differing == [], differing[:3]
        yield Line(f"nightly proof of the sums against {filled:,} rows", f"{seconds:.0f} s wall")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    for line in main(parser.parse_args().rows):
        print(line)
