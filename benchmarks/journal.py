"""How fast the journal is sealed, exported and verified: rows per second of wall and of CPU.

CPU is this process (or the verifier's own) plus its PostgreSQL backend. Alone: `python -m benchmarks.journal [ROWS]`."""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from .measure import Cost, cost, scratch
from .table import Line

ROWS = 200_000
GOAL = 100_000
"""Rows per second on one core that a verification must reach."""
_AT_ONCE = 5000
_STATES = ("submitted", "accepted", "assessing", "assessed", "approved", "started")


class Measured(NamedTuple):
    """One line: what, how many rows, what they cost, rows per second wanted (0: no goal)."""

    what: str
    rows: int
    cost: Cost
    goal: int = 0

    def line(self) -> Line:
        """Give the line as the table of all benches has it; one core is asked for, so CPU counts."""
        wall, cpu = self.rows / self.cost.wall, self.rows / self.cost.cpu
        return Line(
            f"{self.what}, {self.rows:,} rows",
            f"{cpu:,.0f} per CPU second (Python {self.cost.python:.2f} s, PostgreSQL {self.cost.backend:.2f} s); {wall:,.0f} rows/s of wall",
            f"{self.goal:,} rows/s of one core" if self.goal else "",
            cpu >= self.goal if self.goal else None,
        )


def main(rows: int = ROWS) -> list[Line]:
    """Give the lines of the table."""
    with scratch("bench_journal"), tempfile.TemporaryDirectory() as folder:
        return [measured.line() for measured in measure(rows, folder=Path(folder))]


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

    began, costs, total = clock.now(), [], rows // 10 * 10
    for part in range(10):
        at = began + timedelta(hours=part)
        fill(rows // 10, began=at)
        costs.append(cost(lambda at=at: sealing.seal(at=at)))  # type: ignore[misc]
    yield Measured("seal in ten batches", total, Cost(*(sum(parts) for parts in zip(*costs, strict=True))))

    file, head = folder / "journal.jsonl", folder / "head.json"
    yield Measured("export", total, cost(lambda: export(file)))
    with acting(sealing.SYSTEM):
        head.write_text(sealing.seals()[4].line())
    alone = [sys.executable, "-I", verify.__file__, str(file), "--head", str(head)]
    yield Measured("verify an export (verify.py alone)", total, _cost_of_child(alone), GOAL)

    def prove(columns: bool) -> None:
        found = proof.prove(at=began, columns=columns, objects=False)
        assert found.good, found.report.problems

    yield Measured("verify the live journal: rows and seals", total, cost(lambda: prove(False)), GOAL)
    yield Measured("verify the live journal: and every column against its body", total, cost(lambda: prove(True)))


def _cost_of_child(command: list[str]) -> Cost:
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 0.0, wall)


if __name__ == "__main__":
    for line in main(*map(int, sys.argv[1:2])):
        print(line, flush=True)
