"""`make bench`: runs every benchmark in a process of its own and writes docs/benchmarks.md.

`make bench ONLY="worklist imports"` runs these parts alone and writes their sections anew; the others stand."""

import multiprocessing
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from .table import rows_of

PARTS = {
    "moves": "State moves",
    "journal": "The journal: sealing and verifying",
    "imports": "Import of a list",
    "cases_import": "Import of cases",
    "worklist": "The worklist",
    "cases": "Cases",
    "deadlines": "Deadlines after a decree",
    "figures": "Figures as of any day",
    "messages": "Messages through the outbox",
    "morning": "The first morning",
    "pages": "Any page, with 32 people",
    "paint": "First useful paint on a slow phone",
}
PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

`make bench` writes this page, `make bench ONLY=NAME` one section of it. Ratios are taken in one run, block beside
block. CPU is Python and its PostgreSQL backends; wall is what it took on a machine that did other work as well, so the
load stands beside it. A goal is met by wall, unless it is said of CPU.
"""


def section(name: str, rows: Sequence[Sequence[str]], *, load: tuple[float, float]) -> str:
    """Give the section of one part, its load at the start and at the end."""
    lines = [
        f"## {PARTS[name]}",
        "",
        f"`make bench ONLY={name}`, {time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, load {load[0]:.1f} to {load[1]:.1f}.",
        "",
        "| what | measured | goal | |",
        "|---|---|---|---|",
        *("| " + " | ".join(cell.replace("|", "/") for cell in row) + " |" for row in rows),
    ]
    return "\n".join(lines) + "\n"


def written(page: str, new: dict[str, str]) -> str:
    """Give the page with these sections in the place of theirs; a section that nobody has measured is left out."""
    there = {part.split("\n", 1)[0]: f"## {part}".rstrip() + "\n" for part in page.split("\n## ")[1:]}
    sections = [new.get(name) or there.get(title, "") for name, title in PARTS.items()]
    return "\n".join([HEAD, *filter(None, sections)])


def main(names: list[str]) -> int:
    """Run the named ones, or all, and write the page after each: a run that breaks off keeps what it has measured."""
    if unknown := [name for name in names if name not in PARTS]:
        print(f"no benchmark of this name: {', '.join(unknown)}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    context = multiprocessing.get_context("spawn")
    for name in names or PARTS:
        load = os.getloadavg()[0]
        with context.Pool(1) as pool:
            rows = pool.apply(rows_of, (name,))
        for row in rows:
            print(*filter(None, row), sep=" | ", flush=True)
        page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        PAGE.write_text(written(page, {name: section(name, rows, load=(load, os.getloadavg()[0]))}), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
