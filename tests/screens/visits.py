"""Opens every page that a role may read in a real browser: the lands of tests/security, under their clock."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders

from qifu.kernel.web import COOKIE, routes
from security import matrix
from security.lands import Land

AXE = (Path(__file__).resolve().parents[1] / "vendor/axe-4.10.3.min.js").read_text(encoding="utf-8")
WIDTHS = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1440, "height": 900}}
SMALLEST, LARGEST = {"width": 320, "height": 640}, {"width": 3840, "height": 2160}
"""A page at 400 % of 1280 (WCAG 1.4.10), and the wall of an office."""

_SHIFTS = """new PerformanceObserver(list => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.__shift = (window.__shift || 0) + one.value;
}).observe({type: "layout-shift", buffered: true})"""
JUDGE = """async (only) => (await axe.run(document, {
  runOnly: only.length ? only : ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], resultTypes: ["violations"], elementRef: false
})).violations.flatMap(broken => broken.nodes.slice(0, 4).map(node => `${broken.id}: ${node.target.join(" ")} (${
  node.failureSummary.split("\\n").slice(1, 2).join("").trim().slice(0, 160)})`))"""
# What another width shows or hides; colours and structure stay.
_OF_THE_WIDTH = [
    "scrollable-region-focusable", "aria-hidden-focus", "label", "link-name", "button-name", "select-name", "summary-name", "image-alt",
    "svg-img-alt", "nested-interactive", "td-headers-attr", "link-in-text-block",
]  # fmt: skip
_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# A link inside a sentence is as high as its line; what is labelled is touched by its label.
_SMALL = """() => [...document.querySelectorAll("a[href], button, summary, input, select, textarea")].filter(one => {
  if (one.disabled || one.type === "hidden" || !one.checkVisibility({visibilityProperty: true, opacityProperty: true})) return false;
  if (one.closest(".skip, .sr, [hidden], .demo, dialog:not([open])")) return false;
  if (one.matches("a") && getComputedStyle(one).display === "inline") return false;
  const boxes = [one, ...(one.labels || [])].map(it => it.getBoundingClientRect());
  return boxes.every(box => box.height < 43.5 || box.width < 43.5) && boxes[0].width > 1;
}).map(one => `${one.outerHTML.slice(0, 120)} ${one.getBoundingClientRect().width}x${one.getBoundingClientRect().height}`)"""


@dataclass(frozen=True)
class Stop:
    """One page and whoever opens it."""

    route: str
    address: str
    who: Any


@dataclass
class Found:
    """What was wrong where, by kind."""

    axe: list[str] = field(default_factory=list)
    wide: list[str] = field(default_factory=list)
    small: list[str] = field(default_factory=list)
    heavy: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    visited: list[str] = field(default_factory=list)


# The shell of the field is everybody's; what it fetches is the assessor's.
_PREFERRED = {"field/": "assessor", "visits/": "liaison", "desk/": "bureau_clerk"}


def stops(lands: dict[str, Land]) -> Iterator[Stop]:
    """Give each route that answers a person with a page, once, with the first role that gets it."""
    visitors = list(matrix.people(lands))
    for route, pattern in routes():
        if route == "login/with/<slug:service>/back":
            # Another service's answer, told once: opened by hand it is a refusal, not a page.
            continue
        wanted = next((role for begin, role in _PREFERRED.items() if route.startswith(begin)), "")
        for who in sorted(visitors, key=lambda one: one.role != wanted):
            everybody = pattern.callback.permission.kind in ("public", "door")
            if not (who.token or everybody) or not matrix.may_open(who, pattern.callback.permission):
                continue
            kind, found = _page(who, route, lands["own"])
            if found:
                yield Stop(route, found, who)
            # Nobody else gets another kind of answer than the one who has got one.
            if kind or everybody:
                break


def _page(who: Any, route: str, land: Land) -> tuple[str, str]:
    """Give (kind of answer, address) of the first address that has one; the address is '' where it is not a page."""
    for _, address in matrix.addresses(route, land):
        answer = who.client.generic("GET", address)
        if answer.status_code == 200:
            whole = answer["Content-Type"].startswith("text/html") and not answer.streaming and b"<html" in answer.content
            return answer["Content-Type"], address if whole else ""
    return "", ""


class Eyes:
    """One tab that goes from page to page and notes what is amiss."""

    def __init__(self, browser: Any, live: str) -> None:
        self.live, self.found = live, Found()
        context = browser.new_context(base_url=live, locale="zh-CN", timezone_id="Asia/Shanghai", viewport=WIDTHS["desk"])
        context.set_default_timeout(15_000)
        context.add_init_script(_SHIFTS)
        context.add_init_script(AXE)
        self.context, self.page, self.at = context, context.new_page(), ""
        self.page.on("pageerror", lambda fault: self.found.said.append(f"{self.at}: {fault}"))
        self.page.on("console", lambda said: self.found.said.append(f"{self.at}: {said.text}") if said.type == "error" else None)
        self.page.on(
            "request", lambda asked: None if asked.url.startswith((live, "blob:")) else self.found.outside.append(f"{self.at}: {asked.url}")
        )

    def become(self, who: Any) -> None:
        self.context.clear_cookies()
        if who.token:
            self.context.add_cookies([{"name": COOKIE, "value": who.token, "url": self.live}])

    def open(self, address: str, size: dict[str, int]) -> None:
        self.at = address
        self.page.set_viewport_size(size)
        self.page.goto(address, wait_until="load")

    def resize(self, size: dict[str, int]) -> None:
        if self.page.viewport_size != size:
            self.page.set_viewport_size(size)
            # What watches the size hears of it in the next frame.
            self.page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")

    def judge(self, *, wholly: bool = True) -> None:
        """Run axe on the page as it stands; not wholly: only what depends on the width."""
        width = self.page.viewport_size["width"]
        self.found.axe += [f"{self.at} at {width}: {words}" for words in self.page.evaluate(JUDGE, [] if wholly else _OF_THE_WIDTH)]

    def measure_width(self, size: dict[str, int]) -> None:
        self.resize(size)
        if (over := self.page.evaluate(_WIDE)) > 0:
            self.found.wide.append(f"{self.at} is {over}px wider than {size['width']}")

    def measure_targets(self) -> None:
        """Note what a thumb would miss on a phone's page."""
        if self.page.evaluate("document.body.classList.contains('is-phone')"):
            self.found.small += [f"{self.at}: {words}" for words in self.page.evaluate(_SMALL)]

    def weigh(self, budget: int) -> None:
        """Note a page whose own style, script, pictures of the frame and fonts cost more than the budget, compressed."""
        asked = self.page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
        files = {urlsplit(name).path.removeprefix("/static/") for name in asked if "/static/" in name}
        size = sum(_gzipped(name) for name in files)
        if size > budget:
            self.found.heavy.append(f"{self.at}: {size} bytes")

    def measure_shift(self, most: float) -> None:
        if (moved := self.page.evaluate("window.__shift || 0")) >= most:
            self.found.moved.append(f"{self.at}: {moved:.3f} at {self.page.viewport_size['width']}")


def _gzipped(name: str) -> int:
    found = finders.find(name)
    assert found, name
    return len(gzip.compress(Path(str(found)).read_bytes(), 9))
