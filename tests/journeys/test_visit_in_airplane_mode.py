"""The officer at a firm without a network: prepared in the morning, two opinions and a photo, arrived once, the clerk sees it.

The phone's program is real (service worker, IndexedDB), the network is taken away by the browser, and the reply is
dropped after the server has committed."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image

from qifu.areas.casework import api as casework
from qifu.areas.visits.models import Opinion, Visit
from qifu.areas.visits.tests.factories import town
from qifu.kernel.access import acting
from qifu.kernel.access.models import everything
from qifu.kernel.access.tests.browsing import session_of
from qifu.kernel.calendar import clock
from qifu.kernel.files.models import File
from qifu.kernel.web import COOKIE

SHOTS = Path(__file__).resolve().parents[2] / "shots"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ALL = "() => new Promise(done => { const ask = indexedDB.open('qifu-visits'); ask.onsuccess = () => { const base = ask.result; const get = base.transaction('%s').objectStore('%s').getAll(); get.onsuccess = () => { base.close(); done(get.result.map(one => ({...one, blob: undefined}))); }; }; })"


class Phone:
    """One phone: pages come and go, what it keeps stays."""

    def __init__(self, page, live):
        self.context, self.live, self.page, self.broken = page.context, live, page, []
        self._watch()

    def _watch(self):
        self.page.set_viewport_size(PHONE)
        self.page.on("pageerror", lambda problem: self.broken.append(str(problem)))

    def sign_in(self, actor):
        self.context.clear_cookies()
        self.context.add_cookies([{"name": COOKIE, "value": session_of(actor), "url": self.live}])

    def killed(self):
        """Kill the tab; open another one, as after a restart."""
        self.page.close()
        self.page = self.context.new_page()
        self._watch()

    def open(self):
        self.page.goto("/visits/")
        self.page.locator("body[data-field=ready]").wait_for()

    def kept(self, store):
        return self.page.evaluate(ALL % (store, store))

    def shot(self, name):
        SHOTS.mkdir(exist_ok=True)
        self.page.wait_for_load_state()
        overflow = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{name} is {overflow}px too wide"
        self.page.screenshot(path=SHOTS / f"{name}-390.png")


def photo():
    """Give a picture as a camera gives it."""
    out = io.BytesIO()
    Image.radial_gradient("L").resize((2400, 1800)).convert("RGB").save(out, "JPEG", quality=85)
    return {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def left(desk, live, clerk):
    """Give the headline of the coverage page as the clerk sees it."""
    desk.context.clear_cookies()
    desk.context.add_cookies([{"name": COOKIE, "value": session_of(clerk), "url": live}])
    desk.set_viewport_size(DESK)
    desk.goto("/desk/visits/")
    return desk.locator("h1").inner_text()


def test_a_visit_in_airplane_mode_arrives_once_and_leaves_the_list(page, live, browser):
    """Tests the cold start without a network, what outlives a kill, the reply dropped after the commit, and the clerk's list."""
    here = town(clock.current())
    firms = here.firms(3)
    here.give(firms, here.wang)
    office = browser.new_context(base_url=live, locale="zh-CN", timezone_id="Asia/Shanghai")
    desk = office.new_page()
    assert left(desk, live, here.clerk) == "还有3家没有走访"
    phone = Phone(page, live)

    # In the office: opened once, nothing else.
    phone.sign_in(here.wang)
    phone.open()
    phone.page.locator("body[data-worker=ready]").wait_for()
    phone.page.get_by_text("今天3家").wait_for()

    # At the firm: no network, and a phone that was off.
    phone.context.set_offline(True)
    phone.killed()
    phone.open()
    phone.page.get_by_text("今天3家").wait_for()
    phone.shot("visits-today")
    firm = next(one for one in firms if one.name == phone.page.locator(".f-stop.is-now [title]").first.get_attribute("title"))
    visit(phone)

    # It waits, and outlives another kill.
    queue = phone.kept("queue")
    report = next(one for one in queue if one["kind"] == "report")
    assert len(queue) == 2 and int(phone.page.locator("#field-badge").get_attribute("data-waiting")) == 2
    phone.killed()
    with acting(here.bureau):
        assert everything(Visit).count() == everything(File).count() == 0

    # The network is back; the server commits, the reply is dropped, the tab is killed.
    dropped = []

    def drop(route):
        answer = route.fetch()
        dropped.append(answer.status)
        route.abort()

    phone.context.route("**/visits/deliver", drop)
    phone.context.set_offline(False)
    phone.open()
    for _ in range(200):
        if dropped:
            break
        phone.page.wait_for_timeout(50)
    assert dropped == [200]
    phone.killed()
    phone.context.unroute("**/visits/deliver")
    phone.open()
    phone.page.goto("/visits/#/send")
    phone.page.get_by_text("都到了").wait_for()
    phone.shot("visits-sent")

    # Once, with its numbers, its photo, one case and one answer.
    with acting(here.bureau):
        made = everything(Visit).get()
        first, second = everything(Opinion).order_by("number")
        assert (str(made.id), made.number, made.enterprise_id) == (report["id"], 1, firm.id)
        assert (first.state, second.state, second.answer) == ("passed", "answered", "测温正常就能上岗")
        assert [one.id for one in casework.cases_of(firm.id)] == [first.case]
        assert [one.id for one in everything(File).all()] == made.photos and made.minutes == 1
    assert phone.kept("photos") == [], "what the server has, the phone lets go"
    assert phone.broken == []

    # The list at the desk is one shorter, and the clerk reads what was said.
    assert left(desk, live, here.clerk) == "还有2家没有走访"
    desk.goto(f"/desk/visits/made/{made.id}")
    assert desk.get_by_text("两条线停着，等轴承").is_visible() and desk.locator(".v-ph img").count() == 1
    desk.screenshot(path=SHOTS / "visits-record-1440.png")

    # What was said is a case with its number, and waits on the worklist of whoever classifies.
    desk.get_by_role("link", name=f"诉求 {first.case_number}").click()
    assert desk.get_by_role("heading", name="两条线停着，等轴承").is_visible() and desk.get_by_text("待分类").first.is_visible()
    assert desk.get_by_text(first.case_number).first.is_visible() and desk.get_by_text(re.compile("^走访，")).first.is_visible()
    desk.goto("/desk/cases/?view=recorded")
    assert desk.locator("#list td.name", has_text="两条线停着，等轴承").count() == 1
    office.close()


def visit(phone):
    """Do the whole visit by touch: before the door, two opinions, a look over it, a photo, handed in."""
    page = phone.page
    page.get_by_role("button", name="到了，开始第1家").click()
    page.get_by_text("第1次走访").wait_for()
    phone.shot("visits-door")
    page.locator("#field-begin").click()
    page.locator("#v-words").fill("两条线停着，等轴承")
    page.get_by_role("radio", name="原料配件").click()
    phone.shot("visits-opinion")
    page.locator("#field-more").click()
    page.get_by_text("第2条意见").first.wait_for()
    page.locator("#v-words").fill("外地师傅要不要隔离")
    page.get_by_role("radio", name="当场答复").click()
    page.get_by_label("怎么答的，记下来").fill("测温正常就能上岗")
    page.locator("#field-over").click()
    page.get_by_text("说了2条").wait_for()
    page.locator("input[type=file]").set_input_files(photo())
    page.locator(".p-ph[data-sha]").wait_for()
    # The tab dies in the middle: everything is still there.
    phone.killed()
    phone.open()
    phone.page.get_by_role("button", name="接着记第1家").click()
    phone.page.get_by_text("说了2条").wait_for()
    phone.page.locator(".p-ph[data-sha]").wait_for()
    phone.shot("visits-end")
    phone.page.locator("#field-hand-in").click()
    phone.page.get_by_text("记好了，用了1分钟").wait_for()
    phone.page.get_by_text("存在这台手机里").wait_for()
    phone.shot("visits-done")
