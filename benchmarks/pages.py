"""How long the server takes for any page of the sample district, with 32 people who touch something every three seconds.

Each person follows the links of the page before, at random but the same each time; what they load is grouped by its
address without ids. Measured at the other end of the line, from asking to the last byte."""

import random
import re
import threading
import time
from collections import defaultdict
from html import unescape
from http.client import HTTPException

from .sample import ROLES, Visitor, demo
from .table import Line, spread

USERS, BETWEEN, SECONDS = 32, 3.0, 90
GOAL = 0.150
FEWEST = 8
_LINK = re.compile(r'<a\b[^>]*\shref="(/[^"#]*|\?[^"#]*)"')
# A paper or a table is a file that is made, not a page.
_FILES = re.compile(r"export|as=|/pdf|/word|/paper|\.csv|\.xlsx|^/static|^/files|^/ui/")
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d+")


def main() -> list[Line]:
    """Let them work for a while and give the quantiles of all pages, then of the slowest addresses."""
    took: dict[str, list[float]] = defaultdict(list)
    wrong: list[str] = []
    with demo() as address:
        people = [threading.Thread(target=_work, args=(address, number, took, wrong)) for number in range(USERS)]
        for one in people:
            one.start()
        for one in people:
            one.join()
    if not took:
        return [Line(f"any page, {USERS} people", f"nothing was answered: {', '.join(sorted(set(wrong))[:3])}", "", False)]
    every = spread([seconds for found in took.values() for seconds in found])
    often = {route: spread(found) for route, found in took.items() if len(found) >= FEWEST}
    slowest = sorted(often.items(), key=lambda pair: -pair[1].p95)
    count = sum(map(len, took.values()))
    title = f"any page, {USERS} people, {BETWEEN:.0f} s between touches, {count} pages of {len(took)} addresses"
    lines = [Line(title, f"{every}; {len(wrong)} not answered", f"p95 < {GOAL * 1000:.0f} ms", every.p95 < GOAL and not wrong)]
    lines += [Line(f"of these `{route}` ({len(took[route])})", str(found), "", None) for route, found in slowest[:6]]
    return [*lines, *[Line("not answered", words) for words in sorted(set(wrong))[:5]]]


def _work(address: str, number: int, took: dict[str, list[float]], wrong: list[str]) -> None:
    """Work until the time is over; a line that breaks is one page not answered, and this person stops."""
    try:
        _touch(address, number, took, wrong)
    except (OSError, HTTPException, AssertionError) as broken:
        wrong.append(f"{ROLES[number % len(ROLES)]}: {type(broken).__name__}")


def _touch(address: str, number: int, took: dict[str, list[float]], wrong: list[str]) -> None:
    chance, visitor = random.Random(number), Visitor(address)
    time.sleep(BETWEEN * number / USERS)
    home = at = visitor.enter(ROLES[number % len(ROLES)])
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        started = time.perf_counter()
        status, kind, page = visitor.ask("GET", at)
        seconds = time.perf_counter() - started
        if status == 200 and kind.startswith("text/html"):
            took[_ID.sub("{id}", at.split("?")[0])].append(seconds)
        elif status >= 400:
            wrong.append(f"{status} {_ID.sub('{id}', at)}")
        base = at.split("?")[0]
        links = [unescape(link) for link in _LINK.findall(page) if not _FILES.search(link)] if status == 200 else []
        at = chance.choice(links) if links and chance.random() < 0.9 else home
        at = base + at if at.startswith("?") else at
        time.sleep(max(0.0, BETWEEN - seconds))
