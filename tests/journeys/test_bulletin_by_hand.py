"""The leader's page and the bulletin by hand: the clerk drafts, another reviews, the leader reads, calls and signs.

With QIFU_SHOTS set, screenshots at the widths of a phone, a desk and the wall go into that folder."""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest

from qifu.areas.resumption.tests.factories import world
from qifu.kernel.access.tests.browsing import session_of
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.calendar import clock
from qifu.kernel.web import COOKIE

SIZES = {390: 844, 1440: 900, 1920: 1080}

pytestmark = [pytest.mark.browser, pytest.mark.slow]


class Hands:
    """One browser that is handed from person to person; nothing may break in it, nothing may stick out of the page."""

    def __init__(self, page, live):
        self.page, self.live, self.broken = page, live, []
        page.on("pageerror", lambda problem: self.broken.append(str(problem)))
        page.on("console", lambda said: self.broken.append(said.text) if said.type == "error" else None)

    def sign_in(self, actor, width=1440):
        # What the last one's page still asks for would come back as refused.
        self.page.goto("about:blank")
        self.page.context.clear_cookies()
        self.page.context.add_cookies([{"name": COOKIE, "value": session_of(actor), "url": self.live}])
        self.size(width)

    def size(self, width):
        self.page.set_viewport_size({"width": width, "height": SIZES[width]})

    def shot(self, name, *widths):
        for width in widths:
            self.size(width)
            self.page.wait_for_load_state()
            over = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert over <= 0, f"{name} is {over}px wider than {width}"
            if folder := os.environ.get("QIFU_SHOTS"):
                Path(folder).mkdir(parents=True, exist_ok=True)
                self.page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=width != 1920)


def test_the_leader_reads_calls_and_signs(page, live):
    """Tests draft, edit, review and signature by their buttons; the rows of a number beside and over the text; the wall."""
    # A bulletin speaks as of its hour: what it tells has happened the day before, whatever o'clock it is now.
    with clock.use(clock.Fixed(clock.now() - timedelta(days=1)), everywhere=False) as yesterday:
        town = world(yesterday)
        firms = [town.firm(over_100m=not n) for n in range(4)]
        town.approved(firms[0])
        town.accepted(firms[1])
    clerk, leader = officer("bureau_clerk", town.district, name="周敏"), officer("leader", town.district, name="何俊")
    hands = Hands(page, live)

    hands.sign_in(clerk)
    page.goto("/bulletins/")
    page.get_by_role("button", name="起草今天的通报").click()
    assert page.get_by_text("2家", exact=True).first.is_visible()
    address = page.url.split("?")[0]
    page.get_by_role("link", name="2家", exact=True).first.click()
    panel = page.locator("#rows")
    assert panel.locator("tbody tr").count() == 2 and panel.is_visible()
    hands.shot("bulletin-rows", 1440, 390)
    assert panel.is_visible(), "on the phone it lies over the text"
    page.get_by_role("link", name=re.compile("关上")).click()
    assert not page.locator("#rows").count()
    hands.size(1440)
    page.get_by_role("link", name="改文字").click()
    text = page.locator("textarea[name=p0]").input_value()
    page.locator("textarea[name=p0]").fill(text.replace("{2家}", "{3家}", 1))
    page.get_by_role("button", name="存好").click()
    assert page.get_by_text("不是这一段算出来的数").is_visible()
    assert "{3家}" in page.locator("textarea[name=p0]").input_value(), "what was typed stays"
    page.locator("textarea[name=p0]").fill(text)
    page.locator("textarea[name=own]").fill("明天逐家上门。")
    hands.shot("bulletin-edit", 1440, 390)
    page.get_by_role("button", name="存好").click()
    assert page.get_by_text("周敏补写").is_visible()
    assert not page.get_by_role("button", name=re.compile("核对无误")).count(), "who drafted does not review"

    hands.sign_in(town.bureau)
    page.goto(address)
    page.get_by_role("button", name=re.compile("核对无误")).click()

    hands.sign_in(leader, 390)
    page.goto("/wall/")
    assert page.get_by_text("第1期通报等您签发").is_visible()
    assert page.locator(".fig").count() == 5
    hands.shot("leader", 390, 1440)
    hands.size(390)
    page.get_by_role("link", name="看过再签").click()
    page.get_by_role("button", name="签发", exact=True).click()
    assert "签发 何俊" in page.locator(".signed").inner_text()
    hands.shot("bulletin", 390, 1440)
    page.goto("/wall/?theme=wall")
    hands.size(1920)
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), "the wall never scrolls"
    smallest = page.evaluate(
        "Math.min(...[...document.querySelectorAll('.lead__in *')].filter(e => e.childNodes.length && [...e.childNodes]"
        ".some(n => n.nodeType === 3 && n.data.trim())).filter(e => !e.closest('svg')).map(e => parseFloat(getComputedStyle(e).fontSize)))"
    )
    assert smallest >= 20
    hands.shot("wall", 1920)
    page.route("**/wall/**", lambda route: route.abort())
    value = page.locator(".fig__value").first.inner_text()
    page.clock.install()
    page.evaluate("document.dispatchEvent(new Event('wall:feed'))")
    assert page.locator(".fig__value").first.inner_text() == value, "numbers stay when the feed is cut"
    assert [said for said in hands.broken if "ERR_FAILED" not in said and "Failed to load resource" not in said] == []
