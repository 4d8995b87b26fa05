"""`make bench`: runs every benchmark in a process of its own and writes docs/benchmarks.md."""

import multiprocessing
import os
import sys
from importlib import import_module
from pathlib import Path

ALL = ("moves", "journal", "figures", "worklist", "passes")
PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

`make bench` writes this page. Ratios are taken in one run, block beside block; CPU is Python and its PostgreSQL backend.
"""


def rows_of(name: str) -> list[tuple[str, ...]]:
    """Run one benchmark and give its rows as text: what, measured, goal."""
    return [tuple(str(cell) for cell in row[:3]) for row in import_module(f"benchmarks.{name}").main()]


def main(names: list[str]) -> int:
    """Run the named ones, or all; the load of the machine at the start stands beside them."""
    load = os.getloadavg()[0]
    lines = [HEAD, f"{os.cpu_count()} cores, load {load:.1f} at the start.", "", "| what | measured | goal |", "|---|---|---|"]
    context = multiprocessing.get_context("spawn")
    for name in names or ALL:
        with context.Pool(1) as pool:
            for row in pool.apply(rows_of, (name,)):
                print(*row, sep=" | ", flush=True)
                lines.append("| " + " | ".join(cell.replace("|", "/") for cell in row) + " |")
    if not names:
        PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
