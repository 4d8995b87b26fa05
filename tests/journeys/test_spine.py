"""The thin spine by hand in a browser: applicant, town, bureau, assessor, approver, start, the figure with its row.

Screenshots go to ./shots (not committed) at the widths of a phone and of a desk."""

import re
from pathlib import Path

import pytest

from qifu.areas.resumption.tests.factories import world
from qifu.kernel.access.tests.browsing import session_of
from qifu.kernel.calendar import clock
from qifu.kernel.web import COOKIE

SHOTS = Path(__file__).resolve().parents[2] / "shots"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}

pytestmark = [pytest.mark.browser, pytest.mark.slow]


# What sticks out of the page, and is not inside something that scrolls by itself.
_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && getComputedStyle(e).position !== "absolute")
  .slice(0, 5).map(e => e.tagName + "." + e.className + " " + Math.round(e.getBoundingClientRect().right))"""


class Hands:
    """One browser that is handed from person to person."""

    def __init__(self, page, live):
        self.page, self.live = page, live
        self.broken = []
        page.on("pageerror", lambda problem: self.broken.append(str(problem)))
        page.on(
            "console",
            lambda said: self.broken.append(said.text) if said.type == "error" and "Failed to load resource" not in said.text else None,
        )
        page.on("response", lambda reply: self.broken.append(f"{reply.status} {reply.url}") if reply.status >= 500 else None)

    def sign_in(self, actor, size=DESK):
        self.page.context.clear_cookies()
        self.page.context.add_cookies([{"name": COOKIE, "value": session_of(actor), "url": self.live}])
        self.page.set_viewport_size(size)

    def shot(self, name):
        SHOTS.mkdir(exist_ok=True)
        for size in (PHONE, DESK):
            before = self.page.viewport_size
            self.page.set_viewport_size(size)
            overflow = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            wide = self.page.evaluate(_WIDE) if overflow > 0 else []
            assert overflow <= 0, f"{name} is {overflow}px wider than {size['width']}: {wide}"
            self.page.screenshot(path=SHOTS / f"{name}-{size['width']}.png", full_page=True)
            self.page.set_viewport_size(before)


def test_from_application_to_the_figure(page, live):
    """Tests that the main job is done by its buttons alone, on a phone and at a desk, without an error in the browser."""
    town = world(clock.current())
    firm = town.firm(over_100m=True)
    town.firm(size="small")
    others = [town.firm(size="small") for _ in range(6)]
    for number, other in enumerate(others):
        (town.accepted if number % 2 else lambda f: town.ok(town.submit(f)))(other)
    hands = Hands(page, live)

    hands.sign_in(town.contacts[firm.id], PHONE)
    page.goto("/home/")
    hands.shot("home-begin")
    page.get_by_role("link", name="开始填").click()
    hands.shot("apply-people")
    page.get_by_label("首批返岗人数").fill("四十")
    page.get_by_role("button", name="存好，下一步").click()
    assert page.get_by_text("填一个整数").first.is_visible()
    hands.shot("apply-people-wrong")
    page.get_by_label("首批返岗人数").fill("40")
    for name in ("roster_complete", "has_dormitory", "has_canteen"):
        page.locator(f"input[name={name}][value=yes]").check()
    page.get_by_role("button", name="存好，下一步").click()
    page.get_by_label("口罩够用").fill("12")
    page.get_by_label("测温设备").fill("3")
    page.get_by_role("button", name="存好，下一步").click()
    day = clock.now().strftime("%Y-%m-%d")
    page.locator("input[name=planned_at]").fill(day)
    page.locator("select[name=planned_at_time]").select_option("00:00")
    page.locator("input[name=group]").fill("张总")
    page.locator("textarea[name=plan_text]").fill("先开一车间两条线，分三批返岗；食堂分时就餐。")
    for name in ("fire_patrol", "fire_plan"):
        page.locator(f"input[name={name}][value=yes]").check()
    hands.shot("apply-plan")
    page.get_by_role("button", name="存好，下一步").click()
    page.locator("input[name=undertaken]").check()
    page.locator("input[name=signer]").fill("张总")
    hands.shot("apply-undertaking")
    page.get_by_role("button", name="存好，核对一遍").click()
    hands.shot("apply-check")
    page.goto("/home/apply/")
    hands.shot("apply-tasks")
    page.get_by_role("link", name="核对后提交").click()
    page.get_by_role("button", name="提交申请").click()
    number = page.locator(".p-no").inner_text()
    hands.shot("receipt")

    hands.sign_in(town.town_clerk)
    page.goto("/desk/")
    page.get_by_role("link", name=firm.name).first.click()
    hands.shot("subject-submitted")
    page.get_by_role("button", name=re.compile("盖章转区里")).click()
    assert page.get_by_text("待区里受理").first.is_visible()

    hands.sign_in(town.bureau)
    page.goto("/desk/?view=open")
    page.wait_for_load_state("networkidle")
    hands.shot("worklist")
    page.locator("tr[data-row]", has_text=firm.name).locator("td.k-text").first.click()
    page.locator("#preview h2", has_text=firm.name).wait_for()
    page.locator("#preview").get_by_role("button", name=re.compile("^受理")).click()
    page.locator(".toast", has_text="已办：受理").wait_for()
    assert "/desk/?" in page.url
    hands.shot("worklist-done")
    page.locator("tr[data-row] [data-tick]").nth(0).check()
    page.locator("tr[data-row] [data-tick]").nth(1).check()
    page.locator("#bulk-says", has_text="受理").wait_for()
    hands.shot("worklist-bulk")
    page.get_by_role("link", name=firm.name).first.click()
    page.get_by_role("link", name=re.compile("^分派")).click()
    hands.shot("assign")
    page.get_by_text("评估一组").click()
    page.get_by_role("button", name="分派").click()

    hands.sign_in(town.fire)
    page.goto("/desk/")
    page.get_by_role("link", name=firm.name).first.click()
    hands.shot("subject-fire")
    page.locator(".own-item", has_text="消防巡查").locator("input[name=note]").fill("记录齐全")
    page.locator(".own-item", has_text="消防巡查").get_by_role("button", name="合格").click()
    page.locator(".toast", has_text="已办").wait_for()

    hands.sign_in(town.assessor, PHONE)
    page.goto("/field/")
    page.locator("body[data-field=ready]").wait_for()
    hands.shot("field-today")
    page.get_by_role("button", name="到了，开始第1家").click()
    page.locator(".p-prog").wait_for()
    hands.shot("visit")
    for number in range(page.locator(".p-prog i").count()):
        page.locator(f".p-prog[aria-label$='做到第{number + 1}项']").wait_for()
        if page.locator(".p-tri").count():
            page.get_by_role("button", name="符合").click()
            page.locator("button[aria-pressed=true]", has_text="符合").wait_for()
        page.locator("#field-next").click()
    page.get_by_text("建议通过").wait_for()
    page.locator("textarea").first.fill("都看过，观察间建议搬到一楼")
    page.get_by_text("不同意？写上意见再签").click()
    page.get_by_text("不肯签字，结论已当面念过").click()
    hands.shot("visit-done")
    page.locator("#field-hand-in:not([disabled])").click()
    page.get_by_text("收到").first.wait_for()
    hands.shot("field-done")

    hands.sign_in(town.approver)
    page.goto("/desk/")
    page.get_by_role("link", name=firm.name).first.click()
    hands.shot("subject-passed")
    page.get_by_role("link", name=re.compile("^批准")).click()
    page.locator("textarea[name=conditions]").fill("两天内把观察间搬到一楼")
    hands.shot("approve")
    page.get_by_role("button", name="批准复工").click()
    assert page.get_by_text("已批准").first.is_visible()
    hands.shot("subject-approved")

    hands.sign_in(town.contacts[firm.id], PHONE)
    page.goto("/home/")
    hands.shot("home-approved")
    page.get_by_role("link", name="报告开工").click()
    hands.shot("start")
    page.get_by_role("button", name="已经开工").click()
    hands.shot("standing-resumed")
    page.goto("/home/")
    hands.shot("home-resumed")

    hands.sign_in(town.bureau)
    page.goto("/figures/")
    hands.shot("figures")
    page.get_by_role("link", name=re.compile("规上企业复工申请受理")).click()
    assert page.get_by_text("这1行").is_visible()
    hands.shot("figure")
    page.get_by_role("link", name=firm.name).click()
    assert page.get_by_text(number).first.is_visible()
    page.get_by_role("link", name=re.compile("复工登记表")).click()
    hands.shot("paper")
    page.goto("/desk/breaches")
    hands.shot("breaches")
    assert hands.broken == []
