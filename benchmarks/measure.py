"""Measures CPU of this process and of its PostgreSQL backend beside wall time, in interleaved blocks of one run."""

import os
import shutil
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

TICK = os.sysconf("SC_CLK_TCK")


class Cost(NamedTuple):
    """Seconds: CPU of Python, CPU of the backend, wall."""

    python: float
    backend: float
    wall: float

    @property
    def cpu(self) -> float:
        return self.python + self.backend


def backend_cpu(pid: int | None = None) -> float:
    """Give the CPU seconds of the connection's server process, or of another one by its id."""
    from django.db import connection

    if pid is None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pid = cursor.fetchone()[0]
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def cost(do: Callable[[], Any]) -> Cost:
    """Run once and give what it cost."""
    backend, python, wall = backend_cpu(), time.process_time(), time.perf_counter()
    do()
    spent = time.process_time() - python, time.perf_counter() - wall
    return Cost(spent[0], backend_cpu() - backend, spent[1])


def interleaved(blocks: int, **runs: Callable[[], Any]) -> dict[str, list[Cost]]:
    """Run each in turn, block after block, so that a busy machine slows all of them alike."""
    found: dict[str, list[Cost]] = {name: [] for name in runs}
    for _ in range(blocks):
        for name, do in runs.items():
            found[name].append(cost(do))
    return found


def median(costs: Sequence[Cost], what: str = "cpu") -> float:
    return statistics.median(getattr(c, what) for c in costs)


def ratio(costs: dict[str, list[Cost]], ours: str, theirs: str) -> float:
    """Give the median over blocks of CPU of ours by CPU of theirs."""
    return statistics.median(a.cpu / b.cpu for a, b in zip(costs[ours], costs[theirs], strict=True))


@contextmanager
def scratch(name: str) -> Iterator[None]:
    """Give a fresh migrated database of its own server for the block."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qifu.project.settings.test")
    import tempfile

    home = Path(os.environ.get("QIFU_BENCH_HOME") or tempfile.mkdtemp(prefix="qifu-bench-"))
    home.mkdir(exist_ok=True)
    home.chmod(0o755)
    os.environ["QIFU_VAR"] = str(home)
    from qifu.project import database

    database.start(home)
    try:
        import django

        django.setup()
        from qifu.project import scratch as databases

        with databases.fresh(home, name):
            yield
    finally:
        database.stop(home)
        if not os.environ.get("QIFU_BENCH_HOME"):
            database.erase(home)
            shutil.rmtree(home, ignore_errors=True)
