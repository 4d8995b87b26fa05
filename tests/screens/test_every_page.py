"""Every page that a role may read, in a real browser: WCAG 2.1 AA by axe, its width, its weight, its quiet."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from tests.serving import served

from qifu.kernel.calendar import clock
from security import lands
from security.lands import START

from .visits import LARGEST, SMALLEST, WIDTHS, Eyes, Found, stops

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BUDGET, WITH_A_CHART = 150_000, 330_000
MOST_SHIFT = 0.02
AT_A_DESK = ("desk/", "wall/", "figures/", "bulletins/", "papers/", "exports/", "ui/")


@pytest.fixture(scope="module")
def found(module_database: Any, browser: Any) -> Iterator[Found]:
    """Go round once; each page is loaded at the size of whom it is for, and then seen at the others."""
    logging.getLogger("django.request").setLevel(logging.ERROR)
    with clock.use(clock.Fixed(START)) as hands:
        made = lands.build(hands)
        with served() as live:
            eyes = Eyes(browser, live)
            for stop in stops(made):
                eyes.become(stop.who)
                first, second = ("desk", "phone") if stop.route.startswith(AT_A_DESK) else ("phone", "desk")
                eyes.open(stop.address, WIDTHS[first])
                eyes.measure_shift(MOST_SHIFT)
                eyes.weigh(WITH_A_CHART if stop.route.startswith("wall/") else BUDGET)
                eyes.judge()
                if first == "phone":
                    eyes.measure_targets()
                else:
                    eyes.measure_width(LARGEST)
                eyes.measure_width(SMALLEST)
                eyes.resize(WIDTHS[second])
                eyes.judge(wholly=False)
                eyes.found.visited.append(stop.address)
            eyes.context.close()
            yield eyes.found


def test_every_page_passes_axe(found: Found) -> None:
    """Tests levels A and AA of WCAG 2.1 at the width of a phone and of a desk."""
    assert len(found.visited) >= 90, "the round has become short"
    assert not found.axe, "\n".join(found.axe)


def test_no_page_scrolls_sideways(found: Found) -> None:
    """Tests 320 px, which is 1280 at 400 %, and 4K."""
    assert not found.wide, "\n".join(found.wide)


def test_a_thumb_hits_everything_on_a_phone(found: Found) -> None:
    """Tests that what can be pressed on a phone's page is 44 px in one direction at least."""
    assert not found.small, "\n".join(found.small)


def test_no_page_is_heavier_than_its_budget(found: Found) -> None:
    """Tests style, script, icons and fonts, compressed (DECISIONS 29)."""
    assert not found.heavy, "\n".join(found.heavy)


def test_nothing_moves_while_a_page_loads(found: Found) -> None:
    """Tests the browser's own measure of layout shift."""
    assert not found.moved, "\n".join(found.moved)


def test_every_page_is_quiet_and_asks_nobody_else(found: Found) -> None:
    """Tests that no page says an error on the console and that no request goes to another host."""
    assert not found.said, "\n".join(found.said)
    assert not found.outside, "\n".join(found.outside)
