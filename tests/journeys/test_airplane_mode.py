"""The assessor in a workshop without a network: prepared in the morning, started cold, signed, killed, sent once.

The phone's program is real (service worker, IndexedDB), the network is taken away by the browser, and the reply is
dropped after the server has committed."""

import io
import math
from pathlib import Path

import pytest
from PIL import Image

from qifu.areas.resumption.models import Application, Item, Visit
from qifu.areas.resumption.tests.factories import world
from qifu.kernel.access import acting
from qifu.kernel.access.models import everything
from qifu.kernel.access.tests.browsing import session_of
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.files.models import File
from qifu.kernel.web import COOKIE

SHOTS = Path(__file__).resolve().parents[2] / "shots"
PHONE = {"width": 390, "height": 844}

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ALL = "() => new Promise(done => { const ask = indexedDB.open('qifu-field'); ask.onsuccess = () => { const base = ask.result; const get = base.transaction('%s').objectStore('%s').getAll(); get.onsuccess = () => { base.close(); done(get.result.map(one => ({...one, blob: undefined}))); }; }; })"


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
        self.page.goto("/field/")
        self.page.locator("body[data-field=ready]").wait_for()

    def kept(self, store):
        return self.page.evaluate(ALL % (store, store))

    def shot(self, name):
        SHOTS.mkdir(exist_ok=True)
        self.page.wait_for_load_state()
        overflow = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{name} is {overflow}px too wide"
        self.page.screenshot(path=SHOTS / f"{name}-390.png")

    def waiting(self):
        found = self.page.locator("#field-badge")
        return int(found.get_attribute("data-waiting")) if found.count() else 0


def photo(shade=120):
    """Give a picture as a camera gives it: larger than what is sent."""
    picture = Image.radial_gradient("L").resize((3000, 2250)).convert("RGB")
    picture.paste((shade, 90, 60), (200, 200, 900, 900))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_in_airplane_mode_one_assessment_arrives_once(page, live):
    """Tests the cold start without a network, the queue that outlives tab and session, and the reply dropped after the commit."""
    town = world(clock.current())
    first, second = (town.accepted(town.firm()) for _ in range(2))
    for application in (first, second):
        town.ok(run("resumption.assign", {"application": application.id, "team": town.team}, actor=town.bureau))
    fire = {"application": first.id, "code": "fire_patrol", "result": "ok", "note": "记录齐全"}
    town.ok(run("resumption.check_item", fire, actor=town.fire))
    phone = Phone(page, live)

    # In the office: opened once, nothing else.
    phone.sign_in(town.assessor)
    phone.open()
    phone.page.locator("body[data-worker=ready]").wait_for()
    phone.page.get_by_text("今天2家").wait_for()

    # In the workshop: no network, and a phone that was off.
    phone.context.set_offline(True)
    phone.killed()
    phone.open()
    phone.page.get_by_text("今天2家").wait_for()
    phone.shot("field-today")
    assess(phone, town, first)

    # Everything waits, and outlives another kill.
    photos = phone.kept("photos")
    queue = phone.kept("queue")
    report = next(one for one in queue if one["kind"] == "report")
    assert len(queue) == 4 and phone.waiting() == 4
    phone.killed()
    phone.open()
    phone.page.get_by_text("4条等着发").wait_for()
    phone.shot("field-waiting")

    # The session has ended meanwhile: told, and nothing lost.
    phone.context.clear_cookies()
    phone.context.set_offline(False)
    phone.killed()
    phone.page.goto("/field/shell")
    phone.page.get_by_text("登录过期了。手机里的4条都在").wait_for()
    assert len(phone.kept("queue")) == 4
    # Somebody else signs in on this phone: their day, and not a word of the other's but how many.
    phone.sign_in(officer("assessor", town.district, name="别人"))
    phone.open()
    phone.page.goto("/field/#/send")
    phone.page.get_by_text("还有另一位同志的4条").wait_for()
    assert first.enterprise.name not in phone.page.locator("#field").inner_text()
    with acting(town.bureau):
        assert everything(Visit).count() == everything(File).count() == 0

    # The same person again; the server commits, the reply is dropped, the tab is killed.
    phone.sign_in(town.assessor)
    phone.killed()
    dropped = []

    def drop(route):
        answer = route.fetch()
        dropped.append(answer.status)
        route.abort()

    phone.context.route("**/field/deliver", drop)
    phone.open()
    for _ in range(200):
        if dropped:
            break
        phone.page.wait_for_timeout(50)
    assert dropped == [200]
    with acting(town.bureau):
        assert everything(Visit).count() == 1
    phone.killed()
    phone.context.unroute("**/field/deliver")
    phone.open()
    phone.page.goto("/field/#/send")
    phone.page.get_by_text("都到了").wait_for()
    phone.shot("field-sent")

    with acting(town.bureau):
        visit = everything(Visit).get()
        assert str(visit.id) == report["id"] and visit.conclusion == "demand" and visit.objection == "车间已经够宽"
        assert everything(Application).get(pk=first.id).state == "rectifying"
        # What the server counted over what arrived is what the phone had counted over what it sent.
        assert sorted(everything(File).values_list("sha256", flat=True)) == sorted(one["sha"] for one in photos)
        assert {item.code: item.result for item in everything(Item).filter(application=first.id)}["masks"] == "fix"
        assert everything(Item).get(application=first.id, code="fire_patrol").checked_by == town.fire.id
    assert phone.kept("photos") == [], "what the server has, the phone lets go"
    assert phone.broken == []


def assess(phone, town, application):
    """Do the whole visit by touch: an item to mend with a photo, another department's item, an objection, a signature."""
    page = phone.page
    page.locator(f"[title='{application.enterprise.name}']").click()
    left = True
    while left:
        here = page.locator("#field h1").inner_text()
        if page.locator(".p-lock").count():
            assert page.get_by_text("只有他们能改、能免").is_visible() and page.locator(".p-tri").count() == 0
            phone.shot("field-locked")
        elif "口罩" in here:
            page.locator("input[type=file]").set_input_files(photo())
            page.locator(".p-ph[data-sha]").wait_for()
            page.get_by_role("button", name="要整改").click()
            page.locator(".f-note .input").fill("只够一天")
            # The same picture again is the same picture.
            page.locator("input[type=file]").set_input_files(photo())
            page.get_by_text("没有再存一遍").wait_for()
            page.locator("input[type=file]").set_input_files(photo(200))
            page.locator(".p-ph[data-sha]").nth(1).wait_for()
            phone.shot("field-item")
        else:
            page.get_by_role("button", name="符合").click()
            page.locator("button[aria-pressed=true]", has_text="符合").wait_for()
        left = page.locator("#field-next").inner_text() != "看结论"
        page.locator("#field-next").click()
        page.wait_for_function("was => document.querySelector('#field h1').innerText !== was", arg=here)
    page.get_by_text("要整改1项").wait_for()
    page.get_by_text("不同意？写上意见再签").click()
    page.get_by_label("企业的意见").fill("车间已经够宽")
    pad = page.locator(".p-sign canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 90)
    page.mouse.down()
    for step in range(30):
        page.mouse.move(box["x"] + 40 + step * 7, box["y"] + 90 + 30 * math.sin(step / 2))
    page.mouse.up()
    page.locator("#field-hand-in:not([disabled])").wait_for()
    phone.shot("field-sign")
    page.locator("#field-hand-in").click()
    page.get_by_text("4条等着发").wait_for()
