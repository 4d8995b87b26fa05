"""The worklist's reads at a million applications against the same at ten thousand, under row security.

    .venv/bin/python -m benchmarks.worklist [--rows 1000000]

What is timed is what the page asks of the database: the counts of all saved views in one statement, the first page of
ids in the order of the clocks, its rows with their enterprises and teams, and the counts of overdue and due today. The
applications are made by SQL: ten districts of ten towns, ten incidents, seven in ten resumed long ago."""

import argparse
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from .measure import cost, scratch
from .table import Line, spread, timed

ROWS, FEW = 1_000_000, 10_000
GOAL, RATIO = 0.100, 1.5
ROUNDS = 40
DISTRICTS = TOWNS = 10
INCIDENTS = 10

_SCOPE = "region, party, compartment, district"
_TOWN = "(%(towns)s::int[])[1 + (e * 7919) %% %(n)s], md5('firm' || e)::uuid, '', (%(districts)s::int[])[1 + (e * 7919) %% %(n)s]"
_INCIDENTS = f"""
INSERT INTO response_incident (id, state, state_at, been, facets, pack, title, level, level_at, document, declared_at, declared_by, {_SCOPE})
SELECT md5('incident' || i)::uuid, CASE i WHEN 1 THEN 'declared' ELSE 'ended' END, %(now)s, '{{}}', '{{}}', 'bench', '第' || i || '次', 'I', %(now)s, '',
  %(now)s, '', (%(towns)s::int[])[1], NULL, '', 330200 FROM generate_series(1, {INCIDENTS}) i
"""
_ENTERPRISES = f"""
INSERT INTO registry_enterprise (id, name, name_key, pinyin, bigrams, uscc, uscc_written, provisional, why, size, size_source, size_reason,
  over_100m, industry, category, individual, staff, address, legal_person, registered_at, {_SCOPE})
SELECT md5('firm' || e)::uuid, '宁波甬江' || e || '机械有限公司', '甬江' || e || '机械', 'yongjiang' || e, '{{}}', 'X' || lpad(e::text, 17, '0'), '',
  false, '', CASE WHEN e %% 9 = 0 THEN 'above' ELSE 'small' END, 'statistics', '', e %% 45 = 0, 'C3489', '', false, e %% 800, '', '', %(now)s, {_TOWN}
FROM generate_series(1, %(firms)s) e
"""
# One in a hundred each: s runs from 0 to 99 evenly over firms and incidents.
_STATE = """(CASE WHEN s < 4 THEN 'submitted' WHEN s < 7 THEN 'forwarded' WHEN s < 10 THEN 'accepted' WHEN s < 14 THEN 'assigned'
 WHEN s < 16 THEN 'passed' WHEN s < 17 THEN 'returned' WHEN s < 19 THEN 'rectifying' WHEN s < 23 THEN 'approved' WHEN s < 24 THEN 'refused'
 WHEN s < 25 THEN 'suspended' WHEN s < 30 THEN 'withdrawn' ELSE 'resumed' END)"""
_APPLICATIONS = f"""
INSERT INTO resumption_application (id, state, state_at, due_at, been, facets, number, enterprise_id, incident_id, regime, route, office, priority,
  early, planned_at, head_count, answers, triage, submitter, acceptor, assessor, decider, remarks, conditions, reason, submitted_at, {_SCOPE})
SELECT md5('application' || e || ' ' || i)::uuid, {_STATE}, %(now)s - (e %% 500) * interval '1 hour',
  CASE WHEN s < 16 THEN %(now)s + ((e * 31 + i) %% 2000 - 200) * interval '2 minutes' END, '{{submitted}}',
  CASE WHEN e %% 45 = 0 THEN '{{over_100m,size:above}}' WHEN e %% 9 = 0 THEN '{{size:above}}' WHEN e %% 60 = 1 THEN '{{essential,size:small}}' ELSE '{{size:small}}' END::varchar[],
  'N' || e || '-' || i, md5('firm' || e)::uuid, md5('incident' || i)::uuid, 'approval', CASE WHEN e %% 9 = 0 THEN 'district' ELSE 'town' END, '', 3,
  false, %(now)s, e %% 800, '{{"fire_plan": true, "masks": 1200, "group": "已成立"}}', '[]', '', '', '', '', '', '', '', %(now)s - interval '3 days', {_TOWN}
FROM (SELECT e, i, (e * 37 + i * 13 + e / 100) %% 100 AS s FROM generate_series(1, %(firms)s) e, generate_series(1, {INCIDENTS}) i) t
"""


def fill(session: Any, *, rows: int, towns: list[int], districts: list[int], now: datetime) -> None:
    """Write applications past row security and their checks."""
    given = {"towns": towns, "districts": districts, "n": len(towns), "now": now, "firms": rows // INCIDENTS}
    session.execute("SET session_replication_role = replica; SET maintenance_work_mem = '256MB'")
    for statement in (_INCIDENTS, _ENTERPRISES, _APPLICATIONS):
        session.execute(statement, given)
    session.execute("VACUUM (ANALYZE) response_incident, registry_enterprise, resumption_application")


def main(rows: int = ROWS) -> list[Line]:
    """Fill both, then measure in turns."""
    with scratch("bench_few"):
        return list(_measured(rows))


def _measured(rows: int) -> Iterator[Line]:
    import os
    from pathlib import Path

    from django.db import connection

    from qifu.areas.resumption import worklist
    from qifu.areas.resumption.worklist import Want, Worklist
    from qifu.kernel import jurisdiction
    from qifu.kernel.access import acting
    from qifu.kernel.access.tests.factories import officer
    from qifu.kernel.calendar import clock
    from qifu.kernel.calendar.clock import ZONE
    from qifu.project import database
    from qifu.project import scratch as databases

    here = Path(os.environ["QIFU_VAR"])
    city = next(p for p in jurisdiction.lineage(jurisdiction.by_name("莼湖街道").id) if jurisdiction.place(p).kind == "city")
    homes = [p for p in jurisdiction.reach(city) if jurisdiction.place(p).kind == "district"][:DISTRICTS]
    towns = [t for home in homes for t in sorted(p for p in jurisdiction.reach(home) if p != home)[:TOWNS]]
    codes = [jurisdiction.district_of(town) for town in towns]
    random.Random(3).shuffle(towns)
    now = datetime(2020, 2, 17, 10, tzinfo=ZONE)
    sizes = {"bench_few": FEW, "bench_many": rows}
    with clock.use(clock.Fixed(now)), databases.fresh(here, "bench_many"):
        actors = {}
        for name, size in sizes.items():
            with databases.pointed_at(name):
                with database.superuser(here, name=name) as session:
                    fill(session, rows=size, towns=towns, districts=codes, now=now)
                # The same places in both, so the same reach; a person of each, since rows of one are not in the other.
                actors[name] = {"district clerk": officer("bureau_clerk", homes[0]), "city clerk": officer("city_clerk", city)}

        def page(actor: Any, view: Any) -> int:
            found, want = Worklist(actor, now), Want(view)
            with acting(actor):
                found.count({**{one.name: Want(one) for one in worklist.views(actor)}, "": want})
                shown = found.rows(found.ids(want))
                found.groups(want)
            return len(shown)

        for who in ("district clerk", "city clerk"):
            offered = [view for view in worklist.views(actors["bench_many"][who]) if view.slices]
            seconds: dict[tuple[str, str], list[float]] = {}
            cpu: dict[str, list[float]] = {name: [] for name in sizes}
            for block in range(4):
                for name in sizes:
                    with databases.pointed_at(name):
                        actor = actors[name][who]
                        page(actor, offered[0])

                        def turns(actor: Any = actor, name: str = name) -> None:
                            for view in offered:
                                for _ in range(ROUNDS // 4):
                                    took, shown = timed(lambda: page(actor, view))
                                    seconds.setdefault((name, view.name), []).append(took)
                                    assert shown or view.name in ("mine", "overdue") or name == "bench_few", (who, view.name)

                        cpu[name].append(cost(turns).cpu / len(offered) / (ROUNDS // 4))
            for view in offered:
                few, many = spread(seconds["bench_few", view.name]), spread(seconds["bench_many", view.name])
                print(f"{who}, {view.label}: {FEW:,}: {few}; {rows:,}: {many}; {many.p95 / few.p95:.2f}x", flush=True)
            few, many = (spread([s for (n, _), found in seconds.items() if n == name for s in found]) for name in sizes)
            ratio = many.p50 / few.p50
            spent = sorted(m / f for m, f in zip(cpu["bench_many"], cpu["bench_few"], strict=True))[len(cpu["bench_few"]) // 2]
            yield Line(f"worklist page of a {who}, {len(offered)} views, {rows:,} applications", f"{many}; CPU {sorted(cpu['bench_many'])[2] * 1000:.1f} ms", f"p95 < {GOAL * 1000:.0f} ms", many.p95 < GOAL)
            yield Line(f"the same against {FEW:,} applications ({few})", f"{ratio:.2f}x of wall, {spent:.2f}x of CPU", f"≤ {RATIO}x", ratio <= RATIO)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    for line in main(parser.parse_args().rows):
        print(line)
