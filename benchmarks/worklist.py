"""The worklist's reads at a million applications against the same at ten thousand, under row security.

    .venv/bin/python -m benchmarks.worklist [--rows 1000000]

What is timed first is what the page asks of the database: the counts of all saved views in one statement, the first page
of ids in the order of the clocks, its rows with their enterprises and teams, and the counts of overdue and due today; then
the whole page as the server makes it, from the cookie to the last byte of the template. The applications are made by SQL: ten districts of ten towns, ten incidents, seven in ten resumed long ago."""

import argparse
import random
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from .measure import cost, scratch
from .table import Line, spread, timed

ROWS, FEW = 1_000_000, 10_000
GOAL, RATIO = 0.100, 1.5
ROUNDS = 40
DISTRICTS = TOWNS = 10
INCIDENTS = 10

_MAY_BE_EMPTY = ("mine", "overdue", "followed", "fire")
"""Views whose marks, checklists and kinds the rows made here do not have."""

_TOWN = {
    "region": "(%(towns)s::int[])[1 + e * 7919 %% %(n)s]", "district": "(%(districts)s::int[])[1 + e * 7919 %% %(n)s]", "party": "md5('firm' || e)::uuid",
}  # fmt: skip
_INCIDENT = {
    "id": "md5('incident' || i)::uuid", "state": "CASE i WHEN 1 THEN 'declared' ELSE 'ended' END", "pack": "'bench'", "title": "'第' || i || '次'",
    "level": "'I'", "region": "(%(towns)s::int[])[1]", "district": "330200",
}  # fmt: skip
_ENTERPRISE = _TOWN | {
    "id": "md5('firm' || e)::uuid", "name": "'宁波甬江' || e || '机械有限公司'", "name_key": "'甬江' || e || '机械'", "pinyin": "'yongjiang' || e",
    "uscc": "'X' || lpad(e::text, 17, '0')", "size": "CASE WHEN e %% 9 = 0 THEN 'above' ELSE 'small' END", "size_source": "'statistics'",
    "over_100m": "e %% 45 = 0", "industry": "'C3489'", "staff": "e %% 800",
}  # fmt: skip
_APPLICATION = _TOWN | {
    "id": "md5('application' || e || ' ' || i)::uuid",
    # s runs evenly from 0 to 99 over firms and incidents: seven in ten resumed, one in six still under way.
    "state": """CASE WHEN s < 4 THEN 'submitted' WHEN s < 7 THEN 'forwarded' WHEN s < 10 THEN 'accepted' WHEN s < 14 THEN 'assigned'
      WHEN s < 16 THEN 'passed' WHEN s < 17 THEN 'returned' WHEN s < 19 THEN 'rectifying' WHEN s < 23 THEN 'approved' WHEN s < 24 THEN 'refused'
      WHEN s < 25 THEN 'suspended' WHEN s < 30 THEN 'withdrawn' ELSE 'resumed' END""",
    "state_at": "%(now)s - (e %% 500) * interval '1 hour'",
    "due_at": "CASE WHEN s < 16 THEN %(now)s + ((e * 31 + i) %% 2000 - 200) * interval '2 minutes' END",
    "been": "'{submitted}'::varchar[]",
    "facets": """(CASE WHEN e %% 45 = 0 THEN '{over_100m,size:above}' WHEN e %% 9 = 0 THEN '{size:above}'
      WHEN e %% 60 = 1 THEN '{essential,size:small}' WHEN e %% 700 = 2 THEN '{project,size:small}' ELSE '{size:small}' END)::varchar[]""",
    "number": "'N' || e || '-' || i", "enterprise_id": "md5('firm' || e)::uuid", "incident_id": "md5('incident' || i)::uuid", "regime": "'approval'",
    "route": "CASE WHEN e %% 9 = 0 THEN 'district' ELSE 'town' END", "head_count": "e %% 800",
    "answers": """'{"fire_plan": true, "masks": 1200, "group": "已成立"}'::jsonb""", "submitted_at": "%(now)s - interval '3 days'",
}  # fmt: skip
EMPTY = {"boolean": "false", "jsonb": "'{}'::jsonb", "uuid": "NULL", "timestamp with time zone": "%(now)s", "date": "%(now)s"}


def districts_and_towns() -> tuple[int, list[int], list[int], list[int]]:
    """Give a city, ten of its districts, ten towns of each in any order, and the district code of each town."""
    from qifu.kernel import jurisdiction

    city = next(p for p in jurisdiction.lineage(jurisdiction.by_name("莼湖街道").id) if jurisdiction.place(p).kind == "city")
    homes = [p for p in jurisdiction.reach(city) if jurisdiction.place(p).kind == "district"][:DISTRICTS]
    towns = [t for home in homes for t in sorted(p for p in jurisdiction.reach(home) if p != home)[:TOWNS]]
    random.Random(3).shuffle(towns)
    return city, homes, towns, [jurisdiction.district_of(town) for town in towns]


def _insert(model: Any, given: dict[str, str], source: str) -> str:
    """Give the statement that fills a model's table from a source; what is not given is left empty."""
    from django.db import connection

    columns = {}
    for field in model._meta.concrete_fields:
        kind = field.db_type(connection)
        empty = "NULL" if field.null else "'{}'" if kind.endswith("[]") else "0" if "int" in kind else EMPTY.get(kind, "''")
        columns[f'"{field.column}"'] = given.get(field.column, empty)
    return f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) SELECT {', '.join(columns.values())} FROM {source}"


def fill(session: Any, *, rows: int, towns: list[int], districts: list[int], now: datetime) -> None:
    """Write applications past row security and their checks."""
    from qifu.areas.registry.models import Enterprise
    from qifu.areas.response.models import Incident
    from qifu.areas.resumption.models import Application

    given = {"towns": towns, "districts": districts, "n": len(towns), "now": now, "firms": rows // INCIDENTS}
    # Pages are marked as seen by all only when the commit has reached the disk.
    session.execute("SET synchronous_commit = on; SET session_replication_role = replica; SET maintenance_work_mem = '256MB'")
    firms, incidents = "generate_series(1, %(firms)s) e", f"generate_series(1, {INCIDENTS}) i"
    session.execute(_insert(Incident, _INCIDENT, incidents), given)
    session.execute(_insert(Enterprise, _ENTERPRISE, firms), given)
    session.execute(
        _insert(Application, _APPLICATION, f"(SELECT e, i, (e * 37 + i * 13 + e / 100) %% 100 AS s FROM {firms}, {incidents}) t"), given
    )
    session.execute("VACUUM (ANALYZE) response_incident, registry_enterprise, resumption_application")


def main(rows: int = ROWS) -> list[Line]:
    """Fill both, then measure in turns."""
    with scratch("bench_few"):
        return list(_measured(rows))


def _measured(rows: int) -> Iterator[Line]:
    import os
    from pathlib import Path

    from qifu.areas.resumption import worklist
    from qifu.areas.resumption.worklist import Want, Worklist
    from qifu.kernel.access import acting
    from qifu.kernel.access.tests.factories import officer
    from qifu.kernel.calendar import clock
    from qifu.kernel.calendar.clock import ZONE
    from qifu.project import database
    from qifu.project import scratch as databases

    here = Path(os.environ["QIFU_VAR"])
    city, homes, towns, codes = districts_and_towns()
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

        with databases.pointed_at("bench_many"):
            for who, actor in actors["bench_many"].items():
                yield _whole(who, actor, [view for view in worklist.views(actor) if view.slices])
        for who in ("district clerk", "city clerk"):
            offered = [view for view in worklist.views(actors["bench_many"][who]) if view.slices]
            seconds: dict[tuple[str, str], list[float]] = {}
            cpu: dict[str, list[float]] = {name: [] for name in sizes}
            for _ in range(4):
                for name in sizes:
                    with databases.pointed_at(name):
                        actor = actors[name][who]
                        page(actor, offered[0])

                        def turns(actor: Any = actor, name: str = name) -> None:
                            for view in offered:
                                for _ in range(ROUNDS // 4):
                                    took, shown = timed(lambda: page(actor, view))
                                    seconds.setdefault((name, view.name), []).append(took)
                                    assert shown or view.name in _MAY_BE_EMPTY or name == "bench_few", (who, view.name)

                        cpu[name].append(cost(turns).cpu / len(offered) / (ROUNDS // 4))
            for view in offered:
                few, many = spread(seconds["bench_few", view.name]), spread(seconds["bench_many", view.name])
                print(f"{who}, {view.label}: {FEW:,}: {few}; {rows:,}: {many}; {many.p95 / few.p95:.2f}x", flush=True)
            few, many = (spread([s for (n, _), found in seconds.items() if n == name for s in found]) for name in sizes)
            ratio = many.p50 / few.p50
            spent = sorted(m / f for m, f in zip(cpu["bench_many"], cpu["bench_few"], strict=True))[len(cpu["bench_few"]) // 2]
            yield Line(
                f"worklist page of a {who}, {len(offered)} views, {rows:,} applications",
                f"{many}; CPU {sorted(cpu['bench_many'])[2] * 1000:.1f} ms",
                f"p95 < {GOAL * 1000:.0f} ms",
                many.p95 < GOAL,
            )
            yield Line(
                f"the same against {FEW:,} applications ({few})",
                f"{ratio:.2f}x of wall, {spent:.2f}x of CPU",
                f"≤ {RATIO}x",
                ratio <= RATIO,
            )


def _whole(who: str, actor: Any, offered: list[Any]) -> Line:
    """Ask for the page of each view through middleware, view and template, in this process."""
    from django.test import RequestFactory
    from django.test.client import ClientHandler

    from qifu.kernel.access.tests.browsing import session_of
    from qifu.kernel.web import COOKIE

    browser, handler = RequestFactory(), ClientHandler(enforce_csrf_checks=False)
    browser.cookies[COOKIE] = session_of(actor, strong=True)

    def page(view: Any) -> int:
        answer = handler(browser._base_environ(PATH_INFO="/desk/", QUERY_STRING=f"view={view.name}"))
        assert answer.status_code == 200 and answer.wsgi_request.resolver_match.view_name == "resumption:worklist", (who, view.name)
        return len(answer.content)

    for view in offered:
        page(view)
    seconds: list[float] = []

    def turns() -> None:
        for view in offered:
            seconds.extend(timed(lambda view=view: page(view))[0] for _ in range(ROUNDS // 4))

    spent = cost(turns)
    many = spread(seconds)
    mean = f"CPU {spent.cpu / len(seconds) * 1000:.1f} ms, of it PostgreSQL {spent.backend / len(seconds) * 1000:.1f} ms"
    return Line(f"the whole page of a {who}, {len(offered)} views", f"{many}; {mean}", f"p95 < {GOAL * 1000:.0f} ms", many.p95 < GOAL)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    for line in main(parser.parse_args().rows):
        print(line)
