"""What a benchmark hands back: lines of a table, and the quantiles of many small measurements."""

import time
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, NamedTuple


class Line(NamedTuple):
    """One line of docs/benchmarks.md; `met` is None where there is no goal."""

    what: str
    measured: str
    goal: str = ""
    met: bool | None = None

    def __str__(self) -> str:
        verdict = {True: "met", False: "MISSED", None: ""}[self.met]
        return " | ".join(part for part in (self.what, self.measured, self.goal, verdict) if part)


class Spread(NamedTuple):
    """Seconds of wall: half of the measurements took at most `p50`, nineteen of twenty at most `p95`."""

    p50: float
    p95: float
    worst: float

    def __str__(self) -> str:
        return f"p50 {self.p50 * 1000:.1f} ms, p95 {self.p95 * 1000:.1f} ms"


def spread(seconds: Sequence[float]) -> Spread:
    """Give the quantiles of measurements."""
    ordered = sorted(seconds)

    def at(share: float) -> float:
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)]

    return Spread(at(0.5), at(0.95), ordered[-1])


def timed(do: Callable[[], Any]) -> tuple[float, Any]:
    """Run once; give the seconds of wall and what came of it."""
    start = time.perf_counter()
    result = do()
    return time.perf_counter() - start, result


def rows_of(name: str) -> list[tuple[str, ...]]:
    """Run one benchmark and give its rows as text: what, measured, goal, whether it was met.

    It stands here because a spawned process does not find what a package's __main__ defines."""
    return [_cells(row) for row in import_module(f"benchmarks.{name}").main()]


def _cells(row: Sequence[object]) -> tuple[str, ...]:
    what, measured, goal, *_ = map(str, row)
    met = row.met if isinstance(row, Line) else None
    return what, measured, goal, {True: "met", False: "**missed**", None: ""}[met]
