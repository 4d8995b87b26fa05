"""The main job as its people live it: from a poster's code to the signed bulletin, one browser handed from person to person.

With QIFU_SHOTS=<folder> each step is kept there as a picture: 390 px where it is done on a phone, 1366 and 1440 at a desk."""

import io
import math
import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from qifu.areas.insight.models import Bulletin
from qifu.areas.resumption.models import Application, Visit
from qifu.areas.resumption.tests.factories import code, world
from qifu.integrations.sms import FakeSms
from qifu.kernel.access import DOOR, acting
from qifu.kernel.access.hats import machine
from qifu.kernel.access.models import everything
from qifu.kernel.access.tests.browsing import session_of
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.credentials import keys
from qifu.kernel.events import deliver
from qifu.kernel.files.models import File
from qifu.kernel.web import COOKIE
from qifu.project.accounts import totp

PHONE, DESK = (390,), (1366, 1440)
HEIGHTS = {390: 844, 1366: 768, 1440: 900}
MINE = "13900005311"

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# What sticks out of the page, and is not inside something that scrolls by itself.
_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && getComputedStyle(e).position !== "absolute")
  .slice(0, 5).map(e => e.tagName + "." + e.className + " " + Math.round(e.getBoundingClientRect().right))"""


class Story:
    """One browser that is handed from person to person; nothing may break in it, nothing may stick out of a page."""

    def __init__(self, page, live):
        self.page, self.live, self.widths, self.told, self.broken = page, live, PHONE, 0, []
        page.on("pageerror", lambda problem: self.broken.append(str(problem)))
        page.on("response", lambda reply: self.broken.append(f"{reply.status} {reply.url}") if reply.status >= 500 else None)

    def take(self, actor, widths=DESK, *, strong=None):
        """Hand the browser to a person (nobody: None), at the width of what lies before them."""
        # What the last one's page still asks for would come back as refused.
        self.page.goto("about:blank")
        self.page.context.clear_cookies()
        if actor is not None:
            cookie = {"name": COOKIE, "value": session_of(actor, strong=strong), "url": self.live}
            self.page.context.add_cookies([cookie])
        self.widths = widths
        self._wide(widths[-1])

    def _wide(self, width):
        self.page.set_viewport_size({"width": width, "height": HEIGHTS[width]})

    def shot(self, name):
        """Keep a picture at each width of this person, and refuse a page that is wider than its screen."""
        self.told += 1
        for width in self.widths:
            if self.page.viewport_size["width"] != width:
                self._wide(width)
            self.page.wait_for_load_state()
            over = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert over <= 0, f"{name} is {over}px wider than {width}: {self.page.evaluate(_WIDE)}"
            if folder := os.environ.get("QIFU_SHOTS"):
                Path(folder).mkdir(parents=True, exist_ok=True)
                self.page.screenshot(path=Path(folder) / f"{self.told:02d}-{name}-{width}.png", full_page=width == 390)

    def arrive(self, address):
        """Wait for a page; where it does not come, tell what stands there instead."""
        try:
            self.page.wait_for_url(address)
        except Exception as late:
            raise AssertionError(f"at {self.page.url}: {self.page.locator('body').inner_text()[:400]}") from late

    def says(self, words):
        expect(self.page.get_by_text(words).first).to_be_visible()

    def button(self, word, within=None):
        (within or self.page).get_by_role("button", name=word).first.click()

    def link(self, word):
        self.page.get_by_role("link", name=word).first.click()

    def ticks(self, *names, value="yes"):
        for name in names:
            self.page.locator(f"input[name={name}][value={value}]").check()


def photo(shade=120):
    """Give a picture as a camera gives it."""
    picture = Image.radial_gradient("L").resize((1600, 1200)).convert("RGB")
    picture.paste((shade, 90, 60), (200, 200, 900, 900))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def square(shot):
    """Read the square in a picture."""
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(shot)).convert("L"))
    assert found, "no square in the picture"
    return found[0].text


def codes(settings):
    """List the last login codes that the fake gateway was given for this number, the newest first."""
    sent = FakeSms(settings.VAR / "run" / "sms.jsonl").sent()
    return [re.search(r"\d{6}", one.text)[0] for one in sent if one.to == MINE and "验证码" in one.text]


def test_from_the_poster_to_the_signed_bulletin(page, live, settings):
    """Tests that the main job is done by everybody's own buttons, from a town's poster to a bulletin that is signed and printed."""
    keys.forget()
    town = world(clock.current())
    # Pictures show people, not the names that tests give.
    town.town_clerk, town.bureau = officer("town_clerk", town.town, name="袁晨睿"), officer("bureau_clerk", town.district, name="黄泽")
    town.approver, town.fire = officer("approver", town.district, name="高洋"), officer("fire_clerk", town.district, name="陶亮文")
    firm = town.firm(name="奉化海丰精密机械有限公司", over_100m=True, legal_person="王建成", staff=42, address="莼湖街道滨海路18号")
    others = [town.firm(size="small") for _ in range(4)]
    told = {"place": town.town, "phone": "96000", "contact": "何素梅", "hours": "8:30—20:00"}
    town.ok(run("resumption.set_counter", told, actor=town.town_clerk))
    for n, other in enumerate(others):
        (town.submit, town.accepted, town.passed, town.approved)[n](other)
    clerk, leader = officer("bureau_clerk", town.district, name="周敏"), officer("leader", town.district, name="何俊")
    story = Story(page, live)

    claims_and_comes_in(story, town, firm, settings)
    number = applies(story, firm)
    goes_through_the_desks(story, town, firm, number)
    is_answered_by_the_fire_clerk(story, town, firm)
    is_seen_in_the_workshop(story, town, firm)
    is_decided(story, town, firm)
    with acting(DOOR):
        system = machine("system")
    deliver(actor=system)
    starts_and_tells_the_day(story, town, firm)
    is_told_to_the_leader(story, town, clerk, leader, firm)
    assert story.broken == []


def claims_and_comes_in(story, town, firm, settings):
    """The contact whose number nobody knows: asks under the poster's code, is confirmed by the town, comes in by a code."""
    page = story.page
    story.take(town.town_clerk)
    page.goto("/desk/posters/330213008")
    story.shot("poster")
    poster = square(page.locator(".poster__qr").screenshot())
    story.take(None, PHONE)
    page.goto(poster)
    story.shot("landing")
    story.link("申请做联系人")
    page.get_by_label("企业全称").fill(firm.name)
    page.get_by_label("统一社会信用代码").fill(code(1))
    page.get_by_label("您的姓名").fill("王小满")
    page.get_by_label("手机号").fill(MINE)
    story.button("交给镇街核对")
    story.says("收到了，镇街来核对")
    story.shot("claimed")

    story.take(town.town_clerk)
    page.goto("/desk/claims")
    story.shot("claims")
    story.button("核对过了，确认")
    story.says("没有等着核对的")

    story.take(None, PHONE)
    page.goto("/t/330213008")
    page.get_by_label("手机号").fill(MINE)
    before = codes(settings)[:1]
    story.button("发验证码")
    story.arrive("**/login/code")
    story.shot("code")
    # A message is sent after the page has answered.
    for _ in range(100):
        if codes(settings)[:1] != before:
            break
        page.wait_for_timeout(50)
    page.locator("input[name=code]").fill(codes(settings)[0])
    story.button("进去")
    story.arrive("**/home/**")
    story.says(firm.name)
    story.mine = page.context.cookies()


def applies(story, firm):
    """The contact fills what is not known yet, with a photo; a number in words is asked back; hands in; gives the number."""
    page = story.page
    story.shot("home")
    page.get_by_role("link", name="员工", exact=True).first.click()
    story.link("登记一人")
    page.get_by_label("姓名").fill("李小明")
    page.get_by_label("手机号码").fill("13900005322")
    story.button("登记")
    story.says("李小明")
    story.shot("roster")
    page.goto("/home/")
    story.link("开始填")
    page.get_by_label("首批返岗人数").fill("四十")
    story.ticks("roster_complete", "has_dormitory", "has_canteen")
    story.button("存好，下一步")
    story.says("填一个整数")
    story.shot("apply-asked-back")
    story.button("是，40人")
    page.locator("#photos input[type=file]").set_input_files(photo())
    expect(page.locator(".p-photos a.p-ph")).to_have_count(1)
    story.shot("apply-photo")
    story.button("存好，下一步")
    page.get_by_label("口罩够用").fill("12")
    page.get_by_label("测温设备").fill("3")
    story.button("存好，下一步")
    page.locator("input[name=planned_at]").fill(clock.now().strftime("%Y-%m-%d"))
    page.locator("select[name=planned_at_time]").select_option("00:00")
    page.locator("input[name=group]").fill("王建成")
    page.locator("textarea[name=plan_text]").fill("先开一车间两条线，分三批返岗；食堂分时就餐，每天两次测温。")
    story.ticks("fire_patrol", "fire_plan")
    story.shot("apply-plan")
    story.button("存好，下一步")
    page.locator("input[name=undertaken]").check()
    page.locator("input[name=signer]").fill("王建成")
    story.shot("apply-undertaking")
    story.button("存好，核对一遍")
    page.get_by_role("heading", name="请看一遍，没错就提交").wait_for()
    story.shot("apply-check")
    story.button("提交申请")
    story.arrive("**/receipt**")
    story.shot("receipt")
    return page.locator(".p-no").inner_text()


def goes_through_the_desks(story, town, firm, number):
    """The town forwards with its stamp, the bureau accepts from the preview, and the day plan sends a team."""
    page = story.page
    story.take(town.town_clerk)
    page.goto("/desk/")
    page.wait_for_load_state("networkidle")
    story.shot("town-worklist")
    story.link(firm.name)
    story.shot("town-application")
    story.button(re.compile("盖章转区里"))
    story.says("待区里受理")

    story.take(town.bureau)
    page.goto("/desk/?view=open")
    page.wait_for_load_state("networkidle")
    page.locator("tr[data-row]", has_text=firm.name).locator("td.k-text").first.click()
    page.locator("#preview h2", has_text=firm.name).wait_for()
    story.shot("bureau-worklist")
    story.button(re.compile("^受理"), page.locator("#preview"))
    page.locator(".toast", has_text="已办：受理").wait_for()
    page.goto("/desk/plan")
    story.shot("day-plan")
    story.button(re.compile("^分派"))
    story.says("已分派评估组")
    with acting(town.bureau):
        assert everything(Application).get(number=number).state == "assigned"


def is_answered_by_the_fire_clerk(story, town, firm):
    """The fire clerk answers what is the fire clerk's alone; nobody else changes it afterwards."""
    page = story.page
    story.take(town.fire)
    page.goto("/desk/")
    story.link(firm.name)
    own = page.locator(".own-item", has_text="消防巡查")
    own.locator("input[name=note]").fill("记录齐全")
    story.shot("fire-item")
    story.button("合格", own)
    page.locator(".toast", has_text="已办").wait_for()


def is_seen_in_the_workshop(story, town, firm):
    """The assessor takes the day along, works without a network, gets a signature, and what waits is sent at the gate."""
    page = story.page
    story.take(town.assessor, PHONE)
    page.goto("/field/")
    page.locator("body[data-worker=ready]").wait_for()
    story.shot("field-today")
    page.context.set_offline(True)
    page.locator(f"[title='{firm.name}']").click()
    pictured, left = False, True
    while left:
        here = page.locator("#field h1").inner_text()
        if page.locator(".p-lock").count():
            story.shot("visit-locked")
        elif page.locator(".p-tri").count():
            if not pictured:
                page.locator("input[type=file]").set_input_files(photo(200))
                page.locator(".p-ph[data-sha]").wait_for()
            page.get_by_role("button", name="符合").click()
            page.locator("button[aria-pressed=true]", has_text="符合").wait_for()
            if not pictured:
                story.shot("visit-item")
            pictured = True
        left = page.locator("#field-next").inner_text() != "看结论"
        page.locator("#field-next").click()
        page.wait_for_function("was => document.querySelector('#field h1').innerText !== was", arg=here)
    story.says("建议通过")
    page.locator("textarea").first.fill("都看过，观察间建议搬到一楼")
    pad = page.locator(".p-sign canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 90)
    page.mouse.down()
    for step in range(30):
        page.mouse.move(box["x"] + 40 + step * 7, box["y"] + 90 + 30 * math.sin(step / 2))
    page.mouse.up()
    page.locator("#field-hand-in:not([disabled])").wait_for()
    story.shot("visit-signed")
    page.locator("#field-hand-in").click()
    story.says("等着发")
    with acting(town.bureau):
        seen = everything(Visit).count()
    page.context.set_offline(False)
    page.goto("/field/#/send")
    story.says("都到了")
    story.shot("field-sent")
    with acting(town.bureau):
        assert everything(Visit).count() == seen + 1
        assert everything(File).exists()


def is_decided(story, town, firm):
    """The approver proves to be the approver, and approves; the letter's square is checked by anybody."""
    page = story.page
    story.take(town.approver, strong=False)
    page.goto("/me/totp")
    secret = "".join(page.locator("details .num").text_content().split())
    page.locator("input[name=token]").fill(totp.token_at(clock.now(), secret=secret))
    story.shot("authenticator")
    page.locator("input[name=token]").press("Enter")
    story.arrive("**/me/login**")
    story.take(town.approver, strong=False)
    page.goto("/desk/")
    story.link(firm.name)
    story.shot("approver-application")
    story.link(re.compile("动态口令|^批准"))
    page.wait_for_load_state()
    if page.locator("input[name=token]").count() == 0:
        story.shot("needs-token")
        page.locator("textarea[name=conditions]").fill("两天内把观察间搬到一楼")
        story.button("批准复工")
    page.locator("input[name=token]").wait_for()
    story.shot("token")
    page.locator("input[name=token]").fill(totp.token_at(clock.now() + timedelta(seconds=30), secret=secret))
    page.locator("input[name=token]").press("Enter")
    page.wait_for_url(lambda address: "/strong" not in address)
    if not page.locator("textarea[name=conditions]").count():
        page.goto("/desk/")
        story.link(firm.name)
        story.link(re.compile("^批准"))
    page.locator("textarea[name=conditions]").fill("两天内把观察间搬到一楼")
    story.shot("approve")
    story.button("批准复工")
    story.says("已批准")
    story.shot("approved")
    story.link("复工通知书")
    letter = page.locator(".doc__pages img").first
    letter.wait_for()
    story.shot("letter")
    # The square stands at the foot of the last page.
    drawn = page.request.get(page.locator(".doc__pages img").last.get_attribute("src")).body()
    assert page.request.get(page.get_by_role("link", name="下载PDF").get_attribute("href")).body().startswith(b"%PDF")
    story.take(None, PHONE)
    page.goto(story.live + re.sub(r"^https?://[^/]+", "", square(drawn)))
    story.says(firm.name)
    story.says("有效")
    story.shot("letter-checked")


def starts_and_tells_the_day(story, town, firm):
    """The contact says that work has begun, hands a worker the pass, which anybody checks, and tells the day."""
    page = story.page
    story.take(None, PHONE)
    page.context.add_cookies(story.mine)
    page.goto("/home/")
    story.shot("home-approved")
    story.link("报告开工")
    story.button("已经开工")
    story.arrive("**/home/applications/**")
    assert not re.search(r"\b[a-z]{4,}\b", page.locator("main").inner_text()), "the log speaks to people"
    story.shot("standing-resumed")
    page.goto("/home/passes/")
    story.shot("passes")
    story.link("李小明")
    story.button("生成链接")
    given = page.locator("input#link").input_value()

    page.goto(re.sub(r"^https?://[^/]+", story.live, given))
    page.locator("[data-square] svg").wait_for()
    story.shot("pass")
    seen = page.screenshot()
    story.take(None, PHONE)
    page.goto("/check/")
    page.set_input_files("[data-photo]", {"name": "pass.png", "mimeType": "image/png", "buffer": seen})
    page.locator(".verdict--ok").wait_for()
    story.shot("pass-checked")

    page.context.add_cookies(story.mine)
    page.goto("/home/daily")
    for name, value in (
        ("at_work", "40"),
        ("expected", "42"),
        ("running", "3"),
        ("capacity", "5"),
        ("mask_days", "12"),
        ("temperature_odd", "0"),
    ):
        field = page.locator(f"#f-{name}")
        if field.count():
            if not field.is_visible():
                page.locator("details.p-wholes summary").click()
            field.fill(value)
    story.shot("daily")
    page.locator("[data-primary]").click()
    story.arrive("**/done**")
    story.says("40 / 42人")
    story.shot("daily-told")


def is_told_to_the_leader(story, town, clerk, leader, firm):
    """One drafts the bulletin, another reviews it, the leader opens a number's rows on the phone and signs; it is printed."""
    page = story.page
    story.take(clerk)
    page.goto("/bulletins/")
    story.button("起草今天的通报")
    story.arrive("**/bulletins/*/**")
    address = page.url.split("?")[0]
    story.shot("bulletin-draft")
    story.take(town.bureau)
    page.goto(address)
    story.shot("bulletin-review")
    story.button(re.compile("核对无误"))
    page.wait_for_load_state()

    story.take(leader, (390, 1440))
    page.goto("/wall/")
    expect(page.locator(".fig")).to_have_count(5)
    story.shot("leader")
    story.take(leader, PHONE)
    page.goto("/wall/")
    story.link("看过再签")
    story.button("签发")
    expect(page.locator(".signed")).to_contain_text("签发 何俊")
    story.take(leader, (390, 1440))
    page.goto(address)
    story.shot("bulletin")
    paper = page.get_by_role("link", name="PDF").first.get_attribute("href")
    assert page.request.get(paper).body().startswith(b"%PDF")

    story.take(clerk)
    page.goto(address)
    publish = page.get_by_role("button", name="发布", exact=True)
    publish.click()
    expect(publish).to_have_count(0)
    with acting(leader):
        assert everything(Bulletin).get().state == "published"
    story.shot("bulletin-published")

    story.take(town.bureau)
    page.goto("/figures/")
    story.shot("figures")
    story.link(re.compile("规上企业复工申请受理"))
    story.says("这1行")
    story.link(firm.name)
    story.arrive("**/desk/applications/**")
    story.shot("application-at-the-end")
    page.goto("/desk/breaches")
    story.shot("breaches")
