"""When a page can be read on a mid phone over a slow line: CPU slowed four times, 150 ms there and back, 1.6 Mbit/s down.

First: nothing of the product is on the device yet. Again: style and script are, as on every page after the first.
Measure by `make bench ONLY=paint`: it lends a machine without a Chinese font one. Without any, the browser asks the system for each
character in vain, which no user's device does, and a worklist comes 0.2 to 0.4 s later."""

import os
import shutil
import statistics
from collections.abc import Iterator
from typing import Any

from .sample import Visitor, demo
from .table import Line

GOAL = 1.0
ROUNDS = 5
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
PAGES = (
    ("the door", "", "/", PHONE),
    ("phone home of a firm", "enterprise_contact", "/home/", PHONE),
    ("worklist of a bureau", "bureau_clerk", "/desk/", DESK),
    ("leader's page on the phone", "leader", "/wall/", PHONE),
    ("leader's page at a desk", "leader", "/wall/", DESK),
)
_PAINTS = """() => new Promise(done => {
  const first = performance.getEntriesByName("first-contentful-paint")[0]?.startTime || 0;
  new PerformanceObserver(list => {
    const largest = list.getEntries().at(-1);
    done({first, largest: largest.startTime, server: performance.getEntriesByType("navigation")[0].responseStart});
  }).observe({type: "largest-contentful-paint", buffered: true});
  setTimeout(() => done({first, largest: first, server: 0}), 2000);
})"""


def main() -> list[Line]:
    """Measure each page in a fresh browser, then once more with what it has kept."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get("QIFU_BROWSER") or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with demo() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        lines = [line for page in PAGES for line in _measured(browser, address, *page)]
        browser.close()
    return lines


def _measured(browser: Any, address: str, name: str, role: str, path: str, size: dict[str, int]) -> Iterator[Line]:
    visitor = Visitor(address)
    if role:
        visitor.enter(role)
    rounds = [_round(browser, address, visitor, path, size) for _ in range(ROUNDS)]
    for number, when in enumerate(("first", "again")):
        first, largest, server = (statistics.median(one[number][key] for one in rounds) / 1000 for key in ("first", "largest", "server"))
        # Useful is the largest part that is painted, not the first stroke.
        measured = f"{largest:.2f} s (first stroke {first:.2f} s, first byte {server:.2f} s)"
        yield Line(f"{name}, {size['width']} px, {when}", measured, f"< {GOAL:.0f} s", largest < GOAL)


def _round(browser: Any, address: str, visitor: Visitor, path: str, size: dict[str, int]) -> list[dict[str, float]]:
    context = browser.new_context(base_url=address, locale="zh-CN", viewport=size)
    context.add_cookies([{"name": key, "value": value, "url": address} for key, value in visitor.cookies.items()])
    found = []
    for _ in range(2):
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.send("Network.emulateNetworkConditions", SLOW)
        wire.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        page.goto(path, wait_until="load")
        found.append(page.evaluate(_PAINTS))
        page.close()
    context.close()
    return found
