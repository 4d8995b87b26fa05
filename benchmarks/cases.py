"""The worklist and the search of cases at a million, under row security: for an officer, a bureau and a city.

    .venv/bin/python -m benchmarks.cases [--rows 1000000]

Timed is the whole page as the server makes it, from the cookie to the last byte, for every saved view that may hold
something; then the search of two-character words, as the worklist asks it: the ids that are meant, their first page and the
counts of it. The words are of four kinds: in one case of eight, of sixty, of two thousand, and in none. The cases are made
by SQL over a hundred towns of ten districts; four in five are done."""

import argparse
import random
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from .measure import cost, scratch
from .table import Line, spread, timed
from .worklist import EMPTY, districts_and_towns

ROWS = 1_000_000
PAGE, SEARCH = 0.100, 0.150
ROUNDS = 12

_OFTEN = ("员工", "返岗", "贷款", "物流", "口罩", "电费", "社保", "房租")
_SELDOM = "原料供应运输车辆通行证明订单违约合同税费减免招工培训宿舍食堂设备维修出口退税汇率仓储冷链环评用地消防验收检测认证商标专利融资担保"
_TITLES = 2_000
"""So many texts there are, over which the cases are spread; each has a word that no other has."""

_CASE = {
    "id": "md5('case' || n)::uuid", "number": "'N' || n", "channel": "(ARRAY['hotline', 'web', 'visit'])[1 + n %% 3]", "kind": "'transport'",
    "complexity": "'complex'", "rung": "'local'", "region": "(%(towns)s::int[])[1 + t]", "district": "(%(districts)s::int[])[1 + t]",
    "state": """CASE WHEN s < 2 THEN 'recorded' WHEN s < 4 THEN 'classified' WHEN s < 7 THEN 'assigned' WHEN s < 15 THEN 'handling'
      WHEN s < 16 THEN 'waiting' WHEN s < 17 THEN 'contested' WHEN s < 18 THEN 'escalated' WHEN s < 19 THEN 'coordinating'
      WHEN s < 20 THEN 'reopened' WHEN s < 23 THEN 'resolved' WHEN s < 25 THEN 'confirmed' WHEN s < 28 THEN 'merged'
      WHEN s < 40 THEN 'answered' ELSE 'closed_out' END""",
    "state_at": "%(now)s - (n %% 500) * interval '1 hour'", "recorded_at": "%(now)s - (n %% 8000) * interval '1 hour'",
    "due_at": "CASE WHEN s < 25 THEN %(now)s + ((n * 31) %% 2000 - 200) * interval '2 minutes' END", "been": "'{recorded}'::varchar[]",
    "facets": "(CASE WHEN n %% 90 = 0 THEN '{channel:instruction}' ELSE '{channel:hotline}' END)::varchar[]",
    "office": "CASE WHEN n %% 3 = 0 THEN (%(bureaus)s::text[])[1 + t / 10] ELSE 'place:' || (%(towns)s::int[])[1 + t] END",
    "office_name": "'经办单位'", "handler": "CASE WHEN s BETWEEN 7 AND 20 THEN md5('officer' || n %% 2000) ELSE '' END", "handler_name": "'王晓明'",
    "title": "x.title", "text": "x.text", "grams": "x.grams", "firm": "'宁波甬江' || n %% 50000 || '机械有限公司'", "answer_channel": "'call'",
    "respond_days": "1", "resolve_days": "5", "merged_into_id": "CASE WHEN s BETWEEN 25 AND 27 THEN md5('case' || n - 1)::uuid END",
}  # fmt: skip


def texts() -> list[tuple[str, str, list[int]]]:
    """Give the texts: title, text and bigrams. A common word stands in one of eight, a rare one in one alone."""
    from qifu.areas.casework import rules

    draw, found = random.Random(11), []
    for n in range(_TITLES):
        words = draw.sample([_SELDOM[i : i + 2] for i in range(0, len(_SELDOM) - 1, 2)], 3)
        rare = chr(0x4E00 + n * 7) + chr(0x4E00 + n * 5 + 3)
        text = f"企业反映{_OFTEN[n % len(_OFTEN)]}方面有困难，{'、'.join(words)}一直没有解决，联系{rare}，请帮助协调，尽快答复。"
        found.append((text[:20], text, rules.grams(text[:20], text)))
    return found


def fill(session: Any, *, rows: int, towns: list[int], districts: list[int], bureaus: list[str], now: datetime) -> None:
    """Write cases past row security and their checks; indexes are built when all rows are there."""
    from django.db import connection

    from qifu.areas.casework.models import Case

    session.execute("SET synchronous_commit = on; SET session_replication_role = replica; SET maintenance_work_mem = '512MB'")
    session.execute("CREATE TEMP TABLE x (which int PRIMARY KEY, title text, text text, grams int[])")
    with session.cursor() as cursor, cursor.copy("COPY x FROM STDIN") as copy:
        for n, (title, text, grams) in enumerate(texts()):
            copy.write_row((n, title, text, grams))
    table = Case._meta.db_table
    indexes = session.execute(
        "SELECT c.relname, pg_get_indexdef(c.oid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
        " WHERE i.indrelid = %s::regclass AND NOT i.indisunique", [table],
    ).fetchall()  # fmt: skip
    for name, _ in indexes:
        session.execute(f"DROP INDEX {name}")
    columns = {}
    for field in Case._meta.concrete_fields:
        if not field.generated:
            kind = field.db_type(connection)
            empty = "NULL" if field.null else "'{}'" if kind.endswith("[]") else "0" if "int" in kind else EMPTY.get(kind, "''")
            columns[f'"{field.column}"'] = _CASE.get(field.column, empty)
    session.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns.values())} FROM"
        " (SELECT n, (n * 37 + n / 100) %% 100 AS s, (n::bigint * 7919 %% %(count)s)::int AS t FROM generate_series(1, %(rows)s) n) c"
        f" JOIN x ON x.which = n %% {_TITLES}",
        {"rows": rows, "count": len(towns), "towns": towns, "districts": districts, "bureaus": bureaus, "now": now},
    )
    for _, definition in indexes:
        session.execute(definition)
    session.execute(f"VACUUM (ANALYZE) {table}")


def main(rows: int = ROWS) -> list[Line]:
    """Fill, then measure pages and searches of three people."""
    with scratch("bench_cases"):
        return list(_measured(rows))


def _measured(rows: int) -> Iterator[Line]:
    import os
    from pathlib import Path

    from django.db import connection

    from qifu.areas.casework import worklist
    from qifu.kernel.access.tests.factories import officer
    from qifu.kernel.calendar import clock
    from qifu.kernel.calendar.clock import ZONE
    from qifu.project import database

    city, homes, towns, codes = districts_and_towns()
    now = datetime(2020, 2, 17, 10, tzinfo=ZONE)
    bureaus = [f"bureau-{home}" for home in homes]
    here = Path(os.environ["QIFU_VAR"])
    with clock.use(clock.Fixed(now)):
        people = {
            "an officer of a town": officer("town_clerk", towns[0]),
            "a bureau of a district": officer("bureau_clerk", homes[0], department=bureaus[0]),
            "a city": officer("supervisor", city),
        }
        with database.superuser(here, name=connection.settings_dict["NAME"]) as session:
            seconds, _ = timed(lambda: fill(session, rows=rows, towns=towns, districts=codes, bureaus=bureaus, now=now))
        print(f"filled {rows:,} cases in {seconds:.0f} s", flush=True)
        for who, actor in people.items():
            yield _pages(who, actor, [view for view in worklist.views(actor) if view.slices], rows=rows)
        for who, actor in people.items():
            yield from _searches(who, actor, now, rows=rows)


def _pages(who: str, actor: Any, offered: list[Any], *, rows: int) -> Line:
    from django.test import RequestFactory
    from django.test.client import ClientHandler

    from qifu.kernel.access.tests.browsing import session_of
    from qifu.kernel.web import COOKIE

    browser, handler = RequestFactory(), ClientHandler(enforce_csrf_checks=False)
    browser.cookies[COOKIE] = session_of(actor, strong=True)

    def page(view: Any) -> int:
        answer = handler(browser._base_environ(PATH_INFO="/desk/cases/", QUERY_STRING=f"view={view.name}"))
        assert answer.status_code == 200 and answer.wsgi_request.resolver_match.view_name == "casework:worklist", (who, view.name)
        return len(answer.content)

    for view in offered:
        page(view)
    took: dict[str, list[float]] = {view.name: [] for view in offered}

    def turns() -> None:
        for view in offered:
            took[view.name] += [timed(lambda view=view: page(view))[0] for _ in range(ROUNDS)]

    spent = cost(turns)
    every = [seconds for found in took.values() for seconds in found]
    for name, found in took.items():
        print(f"{who}, {name}: {spread(found)}", flush=True)
    mean = f"CPU {spent.cpu / len(every) * 1000:.1f} ms, of it PostgreSQL {spent.backend / len(every) * 1000:.1f} ms"
    found = spread(every)
    return Line(
        f"worklist page of {who}, {len(offered)} views, {rows:,} cases", f"{found}; {mean}", f"p95 < {PAGE * 1000:.0f} ms", found.p95 < PAGE
    )


def _searches(who: str, actor: Any, now: datetime, *, rows: int) -> Iterator[Line]:
    from qifu.areas.casework import worklist
    from qifu.areas.casework.worklist import Want, Worklist
    from qifu.kernel.access import acting

    everything = next(view for view in worklist.views(actor) if view.name == "all")
    seldom = [_SELDOM[i : i + 2] for i in range(0, 16, 2)]
    rare = [chr(0x4E00 + n * 7) + chr(0x4E00 + n * 5 + 3) for n in range(10, 18)]
    every: list[float] = []
    told: list[str] = []
    busy = 0.0
    for kind, words in (
        ("1 in 8", _OFTEN),
        ("1 in 10", seldom),
        (f"1 in {_TITLES:,}", rare),
        ("in none", ("鱻麤", "龘靐", "厵爨", "灪籱")),
    ):
        took: list[float] = []
        hits = 0

        def ask(words: Any = words, took: list[float] = took) -> None:
            nonlocal hits
            for word in words:
                for _ in range(3):

                    def search(word: str = word) -> int:
                        found, want = Worklist(actor, now), Want(everything, text=word)
                        with acting(actor):
                            found.count({"": want})
                            return len(found.rows(found.ids(want)))

                    seconds, shown = timed(search)
                    took.append(seconds)
                    hits += shown

        busy += cost(ask).cpu
        assert bool(hits) == (kind != "in none") or kind.startswith("1 in 2"), (who, kind, hits)
        told.append(f"{kind} p95 {spread(took).p95 * 1000:.0f} ms")
        every += took
    found = spread(every)
    words = f"{found}; CPU {busy / len(every) * 1000:.1f} ms; {', '.join(told)}"
    yield Line(f"search of {rows:,} cases by two characters, {who}", words, f"p95 < {SEARCH * 1000:.0f} ms", found.p95 < SEARCH)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    for line in main(parser.parse_args().rows):
        print(line)
