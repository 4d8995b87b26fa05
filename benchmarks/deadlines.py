"""A decree makes two working days off: all open deadlines under its place are found anew, by the worker.

    .venv/bin/python -m benchmarks.deadlines [--rows 100000]

The cases in hand and their clocks are made by SQL in a hundred towns, with as many clocks again that have stopped; the decree
is laid by its action and heard by the worker's own listener. Afterwards it is revoked, and every deadline stands as before."""

import argparse
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from .measure import cost, scratch
from .table import Line
from .worklist import districts_and_towns

ROWS = 100_000
GOAL = 60.0

_CLOCKS = """
INSERT INTO workflow_clock (id, process, subject, name, owner, started_at, due_at, stopped_at, lapse, because, given, region, district, party,
  compartment)
SELECT gen_random_uuid(), 'casework.case', id, name, '经办单位', state_at, due, CASE WHEN old THEN state_at END, '', '{}', 0, region, district, NULL, ''
FROM (SELECT id, state_at, region, district, 'resolve' AS name, due_at AS due, false AS old FROM casework_case
  UNION ALL SELECT id, state_at, region, district, 'respond', state_at, true FROM casework_case) c
"""


def main(rows: int = ROWS) -> list[Line]:
    """Fill, lay the decree, let the worker hear it, take it back."""
    with scratch("bench_deadlines"):
        return list(_measured(rows))


def _measured(rows: int) -> Iterator[Line]:
    import os
    from pathlib import Path

    from django.db import connection

    from qifu.areas.casework.workflow import CASES
    from qifu.kernel.access.tests.factories import officer
    from qifu.kernel.actions import run
    from qifu.kernel.calendar import Allow, calendar_for, clock
    from qifu.kernel.calendar.clock import ZONE
    from qifu.kernel.events import deliver
    from qifu.kernel.workflow.timer import timer
    from qifu.project import database

    from . import cases

    city, homes, towns, codes = districts_and_towns()
    start = datetime(2020, 2, 10, 9, tzinfo=ZONE)
    here = Path(os.environ["QIFU_VAR"])
    assert any(one.name == "resolve" for one in CASES.clocks)
    with (
        clock.use(clock.Fixed(start + timedelta(hours=1))) as hands,
        database.superuser(here, name=connection.settings_dict["NAME"]) as session,
    ):
        office = officer("control_office", city)
        cases.fill(session, rows=rows, towns=towns, districts=codes, bureaus=[str(home) for home in homes], now=start)
        due = {town: calendar_for(town).due(start, Allow(days=5)).at for town in towns}
        session.execute("UPDATE casework_case SET state = 'handling', state_at = %s, due_at = NULL, merged_into_id = NULL", [start])
        for town, at in due.items():
            session.execute("UPDATE casework_case SET due_at = %s WHERE region = %s", [at, town])
        session.execute(_CLOCKS)
        session.execute("VACUUM (ANALYZE) casework_case, workflow_clock")
        before = _moments(session)
        decree = {
            "place": city,
            "from_date": "2020-02-12",
            "to_date": "2020-02-13",
            "works": "no",
            "reason": "停工",
            "document": "甬政发〔2020〕3号",
        }
        laid = run("calendar.lay", decree, actor=office)
        assert laid.ok, laid
        worker = timer()
        spent = cost(lambda: deliver(actor=worker))
        moved = session.execute("SELECT sum(moved) FROM calendar_localdecree").fetchone()[0]
        later = _moments(session)
        assert moved == rows and later[0] == later[1] == rows and later[2] > before[2], (moved, before, later)
        yield Line(
            f"{rows:,} open deadlines found anew after a decree, each with its reason, {rows:,} stopped ones left alone",
            f"{spent.wall:.1f} s wall, {spent.cpu:.1f} s CPU (Python {spent.python:.1f})",
            f"≤ {GOAL:.0f} s",
            spent.wall <= GOAL,
        )
        hands.advance(timedelta(minutes=5))
        ref = session.execute("SELECT ref FROM calendar_localdecree").fetchone()[0]
        back = run("calendar.take_back", {"decree": ref}, actor=office)
        assert back.ok, back
        spent = cost(lambda: deliver(actor=worker))
        assert _moments(session) == before, (before, _moments(session))
        yield Line("the same taken back: every deadline stands as before", f"{spent.wall:.1f} s wall, {spent.cpu:.1f} s CPU")


def _moments(session: Any) -> tuple[int, int, datetime]:
    """Give how many open clocks there are, how many cases stand as their clock does, and the latest deadline."""
    return tuple(
        session.execute(
            "SELECT count(*), count(*) FILTER (WHERE c.due_at = s.due_at), max(c.due_at) FROM workflow_clock c"
            " JOIN casework_case s ON s.id = c.subject WHERE c.stopped_at IS NULL"
        ).fetchone()
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    for line in main(parser.parse_args().rows):
        print(line)
