"""How fast the journal is sealed, exported and verified: rows per second of wall and of CPU.

    .venv/bin/python -m benchmarks.journal [--rows 200000]

`measure(rows)` runs on the database that Django points at and fills it with rows of its own; alone, this module makes
a server of its own in a temporary folder. CPU is this process (or the verifier's) plus its PostgreSQL backend."""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

GOAL = 100_000
"""Rows per second on one core that a verification must reach."""
_AT_ONCE = 5000
_STATES = ("submitted", "accepted", "assessing", "assessed", "approved", "started")


@dataclass(frozen=True)
class Measured:
    """One line of the table: what, how many rows, seconds of wall and of CPU (all processes)."""

    what: str
    rows: int
    wall: float
    cpu: float
    goal: int | None = None

    @property
    def line(self) -> str:
        goal = "" if self.goal is None else f"  goal {self.goal:,}: {'met' if self.rows / self.cpu >= self.goal else 'MISSED'}"
        return (
            f"{self.what:<42}{self.rows:>11,} rows  wall {self.wall:7.2f} s {self.rows / self.wall:>10,.0f}/s"
            f"  CPU {self.cpu:7.2f} s {self.rows / self.cpu:>10,.0f}/s{goal}"
        )


def fill(rows: int, *, began: datetime, batch: int = _AT_ONCE) -> None:
    """Write rows such as a district's eleven days leave them, as the workflow's own writer builds them."""
    from qifu.kernel.access import Actor, Hat, Scope, acting
    from qifu.kernel.journal import writing
    from qifu.kernel.values import uuid7

    hat = Hat(role="town_clerk", rights=frozenset(), scope=Scope(everywhere=True), department="经济发展办公室")
    actor = Actor(id=str(uuid7()), name="王晓明", hats=(hat,))
    for low in range(0, rows, batch):
        at = began + timedelta(seconds=low)
        stamp = writing.Stamp(actor, hat, at, uuid7())
        with acting(actor):
            writing.write_many([_row(number, stamp) for number in range(low, min(low + batch, rows))])


def _row(number: int, stamp: Any) -> tuple[Any, ...]:
    from qifu.kernel.journal import writing
    from qifu.kernel.values import uuid7

    step, subject = number % 5, uuid7()
    return writing.row(
        stamp=stamp, process="resumption.application", subject=subject, about=subject, verb="accept", left=_STATES[step],
        entered=_STATES[step + 1], first=True, at=stamp.recorded_at, district=330213, region=100 + number % 40, party=subject,
        compartment="", facets=["size:above", "over_100m"], data={"fen": number},
    )  # fmt: skip


def measure(rows: int, *, folder: Path) -> Iterator[Measured]:
    """Fill, seal in ten batches, export, verify; the verifier runs as an auditor runs it, alone in a fresh process."""
    from qifu.kernel.access import acting
    from qifu.kernel.calendar import clock
    from qifu.kernel.journal import proof, sealing, verify
    from qifu.kernel.journal.export import export

    began, spent = clock.now(), []
    for part in range(10):
        fill(rows // 10, began=began + timedelta(hours=part))
        with _watched() as seconds:
            sealing.seal(at=began + timedelta(hours=part, minutes=30))
        spent.append(seconds())
    total = rows // 10 * 10
    yield Measured("seal, ten batches", total, sum(wall for wall, _ in spent), sum(cpu for _, cpu in spent))

    file, head = folder / "journal.jsonl", folder / "head.json"
    with _watched() as seconds:
        export(file)
    yield Measured("export", total, *seconds())
    with acting(sealing.SYSTEM):
        head.write_text(sealing.seals()[4].line())

    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-I", verify.__file__, str(file), "--head", str(head)], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    yield Measured("verify an export (python verify.py)", total, time.perf_counter() - start, cpu, GOAL)

    for what, columns, goal in (("qifu journal verify --rows-only", False, GOAL), ("qifu journal verify, with columns", True, None)):
        with _watched() as seconds:
            found = proof.prove(at=began, columns=columns, objects=False)
        assert found.good, found.report.problems
        yield Measured(what, total, *seconds(), goal)


@contextmanager
def _watched() -> Iterator[Callable[[], tuple[float, float]]]:
    """Give a function that afterwards says the seconds of wall and of CPU, the backend's among them."""
    backend = _backend()
    start, cpu, behind = time.perf_counter(), time.process_time(), _cpu_of(backend)
    result: list[float] = []
    yield lambda: (result[0], result[1])
    result += [time.perf_counter() - start, time.process_time() - cpu + _cpu_of(backend) - behind]


def _backend() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _cpu_of(pid: int) -> float:
    """Give a process's seconds of CPU; 0 where the system has no /proc or the server is elsewhere."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Measure on a server of our own; 1 if a goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qifu-bench-") as home:
        folder = Path(home)
        folder.chmod(0o755)
        os.environ |= {"QIFU_VAR": home, "DJANGO_SETTINGS_MODULE": "qifu.project.settings.test", "QIFU_TEST_DB": "1"}
        from qifu.project import database

        database.start(folder)
        try:
            database.prepare(folder)
            import django

            django.setup()
            from qifu.project import scratch

            with scratch.fresh(folder, "qifu_bench"):
                done = []
                for measured in measure(given.rows, folder=folder):
                    print(measured.line, flush=True)
                    done.append(measured)
        finally:
            database.erase(folder)
    return int(any(m.goal and m.rows / m.cpu < m.goal for m in done))


if __name__ == "__main__":
    sys.exit(main())
