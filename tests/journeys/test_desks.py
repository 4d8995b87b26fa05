"""The town desk and the bureau desk by keyboard and mouse: decide a small firm, forward a large one, plan the day, publish.

With QIFU_SHOTS set, each step is kept as a picture at the widths of an office (1366, 1440) in ./shots (not committed)."""

import os
import re
from pathlib import Path

import pytest

from qifu.areas.resumption.models import Application
from qifu.areas.resumption.tests.factories import LONG_AGO, world
from qifu.kernel.access import DOOR, acting
from qifu.kernel.access.models import TaskForce, everything
from qifu.kernel.access.tests.browsing import session_of
from qifu.kernel.calendar import clock
from qifu.kernel.web import COOKIE

SHOTS = Path(__file__).resolve().parents[2] / "shots" if os.environ.get("QIFU_SHOTS") else None
OFFICES = ({"width": 1366, "height": 768}, {"width": 1440, "height": 900})

pytestmark = [pytest.mark.browser, pytest.mark.slow]


class Desk:
    """One screen at which one after another sits down."""

    def __init__(self, page, live):
        self.page, self.live, self.broken = page, live, []
        page.on("pageerror", lambda problem: self.broken.append(str(problem)))
        page.on("response", lambda reply: self.broken.append(f"{reply.status} {reply.url}") if reply.status >= 500 else None)
        page.set_viewport_size(OFFICES[0])

    def sit_down(self, actor):
        # What the last one's page still asks for would come back as refused.
        self.page.goto("about:blank")
        self.page.context.clear_cookies()
        self.page.context.add_cookies([{"name": COOKIE, "value": session_of(actor), "url": self.live}])

    def shot(self, name):
        """Keep a picture at each width, and refuse a page that is wider than its screen."""
        for size in OFFICES:
            self.page.set_viewport_size(size)
            self.page.wait_for_load_state()
            assert self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, name
            if SHOTS:
                SHOTS.mkdir(exist_ok=True)
                self.page.screenshot(path=SHOTS / f"desk-{name}-{size['width']}.png")
        self.page.set_viewport_size(OFFICES[0])

    @property
    def selected(self) -> str:
        return self.page.locator("tr.is-selected td.name").inner_text()


def test_a_day_at_the_town_desk_and_the_bureau_desk(page, live):
    """Tests that both clerks do their day by keys and buttons alone: nothing jumps, and each consequence is read before."""
    town = world(clock.current())
    with acting(DOOR):
        first = TaskForce._base_manager.get(pk=town.team)
        TaskForce._base_manager.create(
            name="评估二组", kind="assessment", place=town.district, region=first.region, district=first.district, since=LONG_AGO
        )
    small, above = town.firm(size="small"), town.firm(over_100m=True)
    for firm in (small, above):
        town.ok(town.submit(firm))
    waiting = [town.accepted(town.firm(size="small")) for _ in range(4)]
    listed = town.approved(town.firm(size="small"))
    desk = Desk(page, live)

    desk.sit_down(town.town_clerk)
    page.goto("/desk/")
    page.wait_for_load_state("networkidle")
    top = page.locator("tr[data-row]").first.bounding_box()
    begun = desk.selected
    page.keyboard.press("j")
    assert desk.selected != begun
    page.keyboard.press("k")
    assert desk.selected == begun and page.locator("tr[data-row]").first.bounding_box() == top
    page.keyboard.press("Space")
    page.locator("[data-bulk] [data-chosen]", has_text="1").wait_for()
    page.keyboard.press("Escape")
    desk.shot("town-worklist")
    page.get_by_role("link", name=above.name).first.click()
    assert page.get_by_text("还不能：先受理，再评估。").is_visible()
    page.get_by_role("button", name="盖章转区里").click()
    page.locator(".toast", has_text="盖章转区里").wait_for()
    page.goto("/desk/?view=submitted")
    page.wait_for_load_state("networkidle")
    page.locator("#preview h2", has_text=small.name).wait_for()
    page.keyboard.press("e")
    page.locator(".toast", has_text="已办：受理").wait_for()
    page.get_by_role("link", name="把筛选存成视图").click()
    page.get_by_label("叫什么").fill("等我受理的")
    desk.shot("own-view")
    page.get_by_role("button", name="存", exact=True).click()
    assert page.locator(".views a.is-here", has_text="等我受理的").is_visible()

    desk.sit_down(town.bureau)
    page.goto("/desk/?view=accepted")
    page.wait_for_load_state("networkidle")
    for number in range(2):
        page.locator("[data-tick]").nth(number).check()
    page.locator("#bulk-says", has_text="分派2件").wait_for()
    desk.shot("bulk")
    page.goto("/desk/plan")
    choice = page.locator("select[name^=team-]").first
    name = choice.get_attribute("name")
    desk.shot("plan")
    choice.select_option("")
    page.locator(".crew--left", has_text="改过").wait_for()
    assert page.locator(f".crew--left select[name='{name}']").is_visible()
    row = page.locator(".crew:not(.crew--left) [data-stop]").first
    row.drag_to(page.locator(".crew--left"))
    page.locator(".footbar", has_text="您改了2家").wait_for()
    desk.shot("plan-changed")
    page.get_by_role("button", name=re.compile("^分派")).click()
    assert page.get_by_text("已分派评估组3件").is_visible()
    with acting(town.bureau):
        planned = everything(Application).filter(state="assigned", visit_at__isnull=False)
        assert planned.count() == 3 and everything(Application).filter(state="accepted").count() == len(waiting) + 1 - 3

    page.goto("/desk/lists/batches")
    desk.shot("batches")
    page.get_by_role("button", name="发布第1批").click()
    page.locator(".toast", has_text="第1批已经发布").wait_for()
    page.get_by_role("link", name="第1批").click()
    assert page.get_by_text(listed.enterprise.name).is_visible()
    desk.shot("published")
    page.goto("/desk/lists")
    assert page.get_by_role("link", name=listed.enterprise.name).first.is_visible() and page.get_by_text("第1批").is_visible()
    desk.shot("dynamic")
    page.goto("/desk/lists/register")
    assert page.get_by_text("评估一组").first.is_visible()
    desk.shot("register")

    desk.sit_down(town.town_leader)
    page.goto("/desk/?view=open")
    page.locator("tr[data-row] .name a").first.click()
    page.get_by_role("button", name="关注").click()
    assert page.get_by_role("button", name="关注中").is_visible()
    desk.shot("application")
    page.keyboard.press("j")
    page.get_by_text("第2件").wait_for()
    assert desk.broken == []
