"""What a first morning waits for: a cold demo, the twelve files of day one, the bulletin as PDF.

    .venv/bin/python -m benchmarks.morning

The demo is started by `make demo` in a fresh clone, with no virtual environment and no data, and asked until its first page
answers; packages come from wherever pip is set up to find them. The files go in through their pages by the people whose they are,
with every question answered and the officers' lists signed by a second person."""

import os
import re
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from .measure import scratch
from .sample import Visitor, running
from .table import Line, timed

ROOT = Path(__file__).resolve().parents[1]
COLD, FILES, PDF = 120.0, 60.0, 2.0
TIMES = 5
_FRESH = ("QIFU_VAR", "QIFU_DATABASE_URL", "QIFU_BENCH_DEMO", "PYTHONPATH", "VIRTUAL_ENV", "DJANGO_SETTINGS_MODULE")
"""What a fresh clone must not inherit."""


def main() -> list[Line]:
    """Start a cold demo, print its bulletin, and bring in the twelve files."""
    return [*_cold(), *_files()]


def _cold() -> Iterator[Line]:
    with tempfile.TemporaryDirectory(prefix="qifu-bench-") as folder:
        home = Path(folder) / "qifu"
        Path(folder).chmod(0o755)
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(home)], check=True)
        outer = {name: value for name, value in os.environ.items() if name not in _FRESH}
        start = time.perf_counter()
        with running(["make", "demo", "PORT={port}"], env=outer, cwd=home) as address:
            took = time.perf_counter() - start
            yield Line("`make demo` in a fresh clone, to its first page", f"{took:.0f} s", f"≤ {COLD:.0f} s", took <= COLD)
            yield _bulletin(address)


def _bulletin(address: str) -> Line:
    """Draft today's bulletin and ask for its PDF: what is not signed is not kept, each asking sets the paper anew."""
    visitor = Visitor(address)
    visitor.enter("bureau_clerk")
    _, _, page = visitor.ask("GET", "/bulletins/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token, "no form on the page of bulletins"
    status, _, draft = visitor.ask("POST", "/bulletins/draft", {"csrfmiddlewaretoken": token[1]})
    assert status == 302, status
    taken = []
    for _ in range(TIMES):
        took, (status, kind, _) = timed(lambda: visitor.ask("GET", f"{draft}paper/pdf"))
        assert (status, kind) == (200, "application/pdf"), (status, kind)
        taken.append(took)
    words = f"{max(taken):.2f} s at most"
    return Line(f"the day's bulletin set as PDF, {TIMES} times anew", words, f"< {PDF:.0f} s", max(taken) < PDF)


def _files() -> Iterator[Line]:
    with scratch("bench_morning"):
        from qifu.areas.registry.models import Enterprise
        from qifu.kernel.access import DOOR, acting
        from qifu.kernel.access.models import Person
        from qifu.kernel.access.tests.browsing import browser
        from qifu.kernel.access.tests.factories import officer
        from qifu.kernel.calendar import clock
        from qifu.project.tests.test_day_one import BROUGHT, FIRMS, answered, brought, place

        people = {(role, where): officer(role, place(where)) for _, _, role, where in BROUGHT}
        signer = officer("approver", place("明川区"))
        with acting(DOOR):
            Person.objects.update(entered_at=clock.now())

        def bring() -> None:
            for name, kind, role, where in BROUGHT:
                client = browser(people[role, where], strong=True)
                address = brought(client, name, kind)
                answered(client, people[role, where], address)
                if kind == "officers":
                    assert client.post(f"{address}/send").status_code == 302
                    assert browser(signer, strong=True).post(f"{address}/sign").status_code == 302
                assert client.post(f"{address}/commit").status_code == 302, name

        took, _ = timed(bring)
        with acting(people["bureau_clerk", "明川区"]):
            there = Enterprise.objects.filter(closed_at__isnull=True, provisional=False).count()
        assert there == FIRMS, there
        words = f"{took:.1f} s; {there} enterprises"
        yield Line(f"the {len(BROUGHT)} files of day one, each question answered", words, f"< {FILES:.0f} s", took < FILES)


if __name__ == "__main__":
    for line in main():
        print(line)
