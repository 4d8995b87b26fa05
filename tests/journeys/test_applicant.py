"""From a town's poster to a receipt on a phone inside a chat browser, the network cut twice; then a day's report.

A touch costs 2 s, a character a quarter of a second; to what a person does the waiting of a slow phone on a poor line is added.
With QIFU_SHOTS each page is drawn into ./shots (not committed)."""

import os
import re
import time
from datetime import timedelta
from pathlib import Path

import pytest

from qifu.areas.response import api as response
from qifu.areas.resumption.actions.apply import form_of
from qifu.areas.resumption.models import Application, DailyReport
from qifu.areas.resumption.tests.factories import ANSWERS, world
from qifu.integrations.sms import FakeSms
from qifu.kernel.access import acting
from qifu.kernel.access.models import everything
from qifu.kernel.access.tests.browsing import session_of
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.files.models import File
from qifu.kernel.web import COOKIE

SHOTS = Path(__file__).resolve().parents[2] / "shots"
WECHAT = (
    "Mozilla/5.0 (Linux; Android 10; HUAWEI MAR-AL00) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/107.0.5304.141"
    " Mobile Safari/537.36 MicroMessenger/8.0.32 WeChat/arm64 NetType/4G Language/zh_CN"
)
PHONE = "13900005210"
TOUCH, CHARACTER = 2.0, 0.25
NO_WEBAUTHN = "delete window.PublicKeyCredential"

pytestmark = [pytest.mark.browser, pytest.mark.slow]


class Hand:
    """One hand on one phone: every touch and every character is counted."""

    def __init__(self, context, page):
        self.context, self.page = context, page
        self.touches = self.characters = 0
        self.broken, self.line = [], None
        page.on("pageerror", lambda problem: self.broken.append(str(problem)))
        page.on("response", lambda reply: self.broken.append(f"{reply.status} {reply.url}") if reply.status >= 500 else None)
        page.on("download", lambda one: self.broken.append(f"a download in a chat browser: {one.url}"))

    @property
    def seconds(self):
        return self.touches * TOUCH + self.characters * CHARACTER

    def touch(self, where):
        self.touches += 1
        where.tap()

    def type(self, where, words):
        self.touch(where)
        self.characters += len(words)
        where.fill(words)

    def choose(self, where, value):
        # A native list: one touch opens it, one chooses.
        self.touches += 2
        where.select_option(value)

    def date(self, where, value):
        # The phone's own calendar: open, the day, done.
        self.touches += 3
        where.fill(value)

    def button(self, word):
        self.touch(self.page.get_by_role("button", name=word))

    def slow(self, *, offline=False):
        """Make the phone an old one on a poor line (four times slower, 150 ms there and back, 1.6 Mbit/s down), or on none."""
        self.line = self.line or self.context.new_cdp_session(self.page)
        self.context.set_offline(offline)
        self.line.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        poor = {"offline": offline, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750}
        self.line.send("Network.emulateNetworkConditions", poor)

    def link(self, word):
        self.touch(self.page.get_by_role("link", name=word).first)

    def shot(self, name):
        self.page.wait_for_load_state()
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} is {wide}px too wide"
        if os.environ.get("QIFU_SHOTS"):
            SHOTS.mkdir(exist_ok=True)
            self.page.screenshot(path=SHOTS / f"phone-{name}.png", full_page=True)

    def big_enough(self):
        """Give what can be touched and is smaller than a finger, links within a sentence left out."""
        return self.page.evaluate(
            """() => [...document.querySelectorAll("button, a.btn, a.p-row, input:not([type=hidden]):not([type=file]):not([type=radio]):not([type=checkbox]), select, textarea")]
              .filter(e => e.offsetParent && !e.closest("[hidden]") && e.getBoundingClientRect().height < 44)
              .map(e => e.outerHTML.slice(0, 90))"""
        )


@pytest.fixture
def hand(browser, live):
    context = browser.new_context(
        base_url=live, user_agent=WECHAT, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True,
        locale="zh-CN", timezone_id="Asia/Shanghai", accept_downloads=False,
    )  # fmt: skip
    context.add_init_script(NO_WEBAUTHN)
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield Hand(context, page)
    context.close()


def sms_code(settings):
    sent = [one for one in FakeSms(settings.VAR / "run" / "sms.jsonl").sent() if "验证码" in one.text]
    return re.search(r"\d{6}", sent[0].text)[0]


def test_from_poster_to_receipt(hand, live, settings):
    """Tests that a known contact comes from the poster to a receipt in eight minutes, an old phone's waiting counted, the network cut twice."""
    town = world(clock.current())
    firm = town.firm(size="small", contact="周敏芝", phone=PHONE, legal_person="周敏")
    set_ = run("resumption.set_counter", {"place": town.town, "phone": "96000", "contact": "何素梅"}, actor=town.town_clerk)
    assert set_.ok, set_
    page = hand.page
    hand.slow()
    begun = time.monotonic()

    page.goto("/t/330213008")
    assert page.get_by_text("在微信里就能办完").is_visible()
    hand.shot("landing")
    assert hand.big_enough() == []
    hand.type(page.get_by_label("手机号"), PHONE)
    hand.button("发验证码")
    page.wait_for_url("**/login/code")
    hand.shot("code")
    hand.type(page.locator("input[name=code]"), sms_code(settings))
    hand.button("进去")
    page.wait_for_url("**/home/**")
    assert page.get_by_text("何素梅").is_visible()
    hand.shot("home")
    hand.link("开始填")

    hand.type(page.get_by_label("首批返岗人数"), "四十")
    hand.touch(page.locator("label.check", has=page.locator("input[name=roster_complete][value=yes]")))
    for name in ("has_dormitory", "has_canteen"):
        hand.touch(page.locator("label.check", has=page.locator(f"input[name={name}][value=no]")))
    hand.button("存好，下一步")
    page.get_by_text("填一个整数").first.wait_for()
    hand.shot("wrong")
    hand.touch(page.get_by_role("button", name="是，40人"))
    hand.button("存好，下一步")
    page.get_by_label("口罩够用").wait_for()

    # The first cut: what is typed without a network is there when it comes back, also after the page was closed.
    hand.slow(offline=True)
    hand.type(page.get_by_label("口罩够用"), "12")
    hand.type(page.get_by_label("测温设备"), "3")
    page.get_by_text("存在这部手机里").wait_for()
    hand.shot("offline")
    hand.slow()
    page.reload()
    assert page.get_by_label("口罩够用").input_value() == "12"
    hand.button("存好，下一步")

    hand.date(page.locator("input[name=planned_at]"), (clock.now() + timedelta(days=1)).strftime("%Y-%m-%d"))
    hand.type(page.locator("input[name=group]"), "周敏")
    hand.type(page.locator("textarea[name=plan_text]"), "先开一车间两条线，分三批返岗，错峰就餐，每天两次测温，设临时观察间。")
    for name in ("fire_patrol", "fire_plan"):
        hand.touch(page.locator("label.check", has=page.locator(f"input[name={name}][value=yes]")))
    hand.shot("plan")
    hand.button("存好，下一步")
    hand.touch(page.locator("label.check", has=page.locator("input[name=undertaken]")))
    assert page.locator("input[name=signer]").input_value() == "周敏", "who signs is known already"
    hand.shot("undertaking")
    hand.button("存好，核对一遍")
    page.get_by_role("heading", name="请看一遍，没错就提交").wait_for()
    hand.shot("check")

    # The second cut: pressed without a network, handed in once when it is back.
    hand.slow(offline=True)
    hand.button("提交申请")
    page.get_by_text("存好了，有网自动交").wait_for()
    hand.shot("check-offline")
    with acting(town.bureau):
        assert not everything(Application).exists()
    hand.slow()
    page.wait_for_url("**/receipt**")
    hand.shot("receipt")
    number = page.locator(".p-no").inner_text()
    with acting(town.bureau):
        application = everything(Application).get()
    assert (application.number, application.enterprise_id, application.head_count) == (number, firm.id, 40)
    assert page.locator("a[href='tel:96000']").is_visible()
    assert hand.broken == []
    waited = time.monotonic() - begun
    print(f"poster to receipt: {hand.touches} touches, {hand.characters} characters, {hand.seconds:.0f} s, and {waited:.0f} s of waiting")
    assert hand.seconds + waited <= 8 * 60


def draws(page, height=20):
    """Write something on the pad as a finger would."""
    pad = page.locator(".p-sign canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    for step in range(30):
        page.mouse.move(box["x"] + 40 + step * 7, box["y"] + 60 + height * (step % 5 - 2) / 2)
    page.mouse.up()


def test_a_name_is_written_with_the_finger_and_waits_for_a_network(hand, live):
    """Tests that an undertaking signed without a network is kept on the phone, sent when there is one, shown again and handed in."""
    town = world(clock.current())
    firm = town.firm(size="small")
    me = town.contacts[firm.id]
    with acting(me):
        form = form_of(response.law(firm.region, clock.now()))
    planned = {"planned_at": (clock.now() + timedelta(days=1)).isoformat()}
    for step in form.steps[:-1]:
        answers = {one.name: (ANSWERS | planned).get(one.name) for one in step.fields}
        town.ok(run("resumption.save_step", {"enterprise": firm.id, "step": step.name, "answers": answers}, actor=me))
    page = hand.page
    hand.context.add_cookies([{"name": COOKIE, "value": session_of(me), "url": live}])
    page.goto("/home/apply/undertaking")
    page.wait_for_load_state("networkidle")
    hand.touch(page.locator("label.check", has=page.locator("input[name=undertaken]")))
    page.locator("input[name=signer]").fill("周敏")
    page.get_by_text("刚刚存好").wait_for()
    hand.context.set_offline(True)
    draws(page)
    page.get_by_text("没有网，签名留在这部手机里").wait_for()
    hand.shot("signed-offline")
    with acting(town.bureau):
        assert not everything(File).exists()
    hand.context.set_offline(False)
    page.get_by_text("已收到").wait_for()
    with acting(town.bureau):
        kept = everything(File).get(kind="resumption.signature")
    assert page.locator("input[name=signature]").input_value() == str(kept.id)
    hand.shot("signed")
    hand.button("存好，核对一遍")
    page.get_by_role("heading", name="请看一遍，没错就提交").wait_for()
    page.goto("/home/apply/undertaking")
    page.locator(f".p-sign img[src*='{kept.id}']").wait_for()
    # Signed anew and pressed at once: the form waits for the name instead of leaving it behind.
    hand.button("重签")
    draws(page, height=12)
    hand.button("存好，核对一遍")
    page.get_by_role("heading", name="请看一遍，没错就提交").wait_for()
    with acting(town.bureau):
        kept = everything(File).filter(kind="resumption.signature").exclude(pk=kept.id).get()
    hand.button("提交申请")
    page.wait_for_url("**/receipt**")
    with acting(town.bureau):
        assert everything(Application).get().signature == kept.id
    page.goto(f"{page.url.split('/receipt')[0]}/papers/undertaking")
    page.locator(f"img[src*='{kept.id}']").wait_for()
    hand.shot("undertaking-paper")
    assert hand.broken == []


def test_a_session_that_ends_in_the_middle_loses_nothing(hand, live):
    """Tests that what is typed after the session has ended stays, is told, and is there after coming back; and that a tab's other answer is shown."""
    town = world(clock.current())
    firm = town.firm(size="small")
    page = hand.page
    hand.context.add_cookies([{"name": COOKIE, "value": session_of(town.contacts[firm.id]), "url": live}])
    page.goto("/home/apply/people")
    page.get_by_label("首批返岗人数").fill("41")
    page.get_by_text("刚刚存好").wait_for()
    hand.context.clear_cookies(name=COOKIE)
    hand.context.add_cookies([{"name": COOKIE, "value": "gone", "url": live}])
    page.get_by_label("首批返岗人数").fill("42")
    page.get_by_role("heading", name="再验一次手机").wait_for()
    hand.shot("lost")
    page.get_by_role("link", name="验一次，接着填").tap()
    page.get_by_text("填过的都在").wait_for()
    hand.context.add_cookies([{"name": COOKIE, "value": session_of(town.contacts[firm.id]), "url": live}])
    page.goto("/home/apply/people")
    assert page.get_by_label("首批返岗人数").input_value() == "42"
    other = hand.context.new_page()
    other.goto("/home/apply/people")
    for tab, number in ((page, "43"), (other, "44")):
        for name in ("roster_complete", "has_dormitory", "has_canteen"):
            tab.locator("label.check", has=tab.locator(f"input[name={name}][value=yes]")).tap()
        tab.get_by_label("首批返岗人数").fill(number)
        tab.get_by_role("button", name="存好，下一步").tap()
        tab.wait_for_load_state()
    other.get_by_text("刚在另一个页面改过").wait_for()
    other.get_by_role("button", name="用另一页的：43人").tap()
    other.get_by_role("button", name="存好，下一步").tap()
    other.get_by_label("口罩够用").wait_for()


def test_a_day_is_told_in_six_touches(hand, live):
    """Tests that a day like the one before is told in at most six touches from home, without a network counts from the pressing, and odd numbers are asked."""
    town = world(clock.current())
    firm = town.firm(size="small", staff=142)
    contact, page = town.contacts[firm.id], hand.page
    application = town.approved(firm, planned_at=(clock.now() - timedelta(days=1)).isoformat(), head_count=96)
    town.ok(run("resumption.start", {"application": application.id}, actor=contact))
    yesterday = (clock.now() - timedelta(days=1)).date()
    told = {"at_work": 96, "expected": 142, "running": 3, "capacity": 5, "answers": {"mask_days": 6, "temperature_odd": 0}}
    town.ok(run("resumption.report_day", {"enterprise": firm.id, "day": yesterday, **told}, actor=contact))
    hand.context.add_cookies([{"name": COOKIE, "value": session_of(contact), "url": live}])
    page.goto("/home/")
    hand.shot("home-daily")
    hand.link("去报")
    page.get_by_role("button", name="和昨天一样，上报").wait_for()
    hand.shot("daily")
    assert hand.big_enough() == []
    hand.button("和昨天一样，上报")
    page.wait_for_url("**/done**")
    hand.shot("daily-done")
    assert page.get_by_text("67.6").is_visible() and page.get_by_text("96 / 142人").is_visible()
    assert hand.touches <= 6 and hand.characters == 0
    print(f"a day like yesterday: {hand.touches} touches")

    hand.link("改一改")
    page.locator("#f-at_work").fill("42")
    page.get_by_text("比昨天少 54 人，是吗？").wait_for()
    page.locator(".p-chips label", has_text="是，轮休").tap()
    hand.shot("daily-odd")
    hand.context.set_offline(True)
    page.get_by_role("button", name=re.compile("存好，有网就报")).tap()
    page.get_by_text("存好了，有网自动报").wait_for()
    hand.shot("daily-offline")
    hand.context.set_offline(False)
    page.wait_for_url("**/done**")
    page.get_by_text("29.6").wait_for()
    with acting(town.bureau):
        rows = list(everything(DailyReport).filter(day__gt=yesterday).order_by("revision").values_list("revision", "at_work", "why"))
    assert rows == [(1, 96, ""), (2, 42, "rota")]
    assert hand.broken == []
