"""Filling in by story: what was returned is mended in place, two pages notice each other, the likely answer is offered, photos go along."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from qifu.areas.response import api as response
from qifu.areas.resumption.actions.apply import form_of, to_mend
from qifu.areas.resumption.models import Application, Draft
from qifu.areas.resumption.views.questions import likely
from qifu.kernel.access import acting
from qifu.kernel.access.models import everything
from qifu.kernel.access.tests.browsing import browser, hidden, text
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.forms import Field

from .factories import february, world

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def town():
    with clock.use(clock.Fixed(february("10"))) as hands:
        yield world(hands)


def test_what_was_returned_is_mended_in_its_own_steps(town):
    """Tests that only what the clerk named is open, that a half mended step is kept as a draft, and that handing in again closes it."""
    firm = town.firm(size="small")
    application = town.ok(town.submit(firm))
    town.ok(run("resumption.return", {"application": application.id, "missing": "防火巡查缺最近两天"}, actor=town.town_clerk))
    phone = browser(town.contacts[firm.id])
    home = text(phone.get("/home/"))
    assert "补材料" in home and "/home/apply/" in home
    tasks = text(phone.get("/home/apply/"))
    assert "补这一处就行" in tasks and "防火巡查缺最近两天" in tasks
    step = phone.get("/home/apply/plan")
    assert "防火巡查缺最近两天" in text(step) and "分三批返岗" in text(step)
    saved = phone.post("/home/apply/plan", {"plan_text": "巡查补齐了", "fire_patrol": "yes"}, headers={"X-Saves": "1"})
    assert saved.status_code == 204 and saved["X-Seen"] == "1"
    assert "巡查补齐了" in text(phone.get("/home/apply/plan"))
    mended = {
        "planned_at": "2020-02-12", "planned_at_time": "08:00", "group": "张总", "plan_text": "巡查补齐了", "fire_patrol": "yes",
        "fire_plan": "yes",
    }  # fmt: skip
    assert phone.post("/home/apply/plan", mended)["Location"] == "/home/apply/check"
    check = phone.get("/home/apply/check")
    assert "再交一次" in text(check)
    assert phone.post("/home/apply/check", {"key": hidden(check, "key")}).status_code == 302
    with acting(town.bureau):
        now = everything(Application).get()
        assert (now.state, now.answers["plan_text"]) == ("submitted", "巡查补齐了")
        assert not everything(Draft).filter(sent_at__isnull=True).exists()


def test_a_second_page_does_not_overwrite_what_it_has_not_seen(town):
    """Tests that the later save of an older page is told and keeps nothing, that its own autosave is not another's."""
    firm = town.firm()
    phone = browser(town.contacts[firm.id])
    give = {"mask_days": "12", "thermometers": "3"}
    save = lambda page, seen, **more: phone.post(  # noqa: E731
        "/home/apply/materials", give | {"page": page, "seen": str(seen)} | more, headers={"X-Saves": "1"}
    )
    assert save("a", 0).status_code == 204
    assert save("a", 0, mask_days="13").status_code == 204, "an answer that was lost on the way leaves the page behind its own saves"
    refused = phone.post("/home/apply/materials", give | {"page": "b", "seen": "0", "mask_days": "9"})
    assert refused.status_code == 422
    assert "刚在另一个页面改过" in text(refused) and "用另一页的：13天" in text(refused) and 'value="9"' in text(refused)
    with acting(town.contacts[firm.id]):
        assert everything(Draft).get().answers["mask_days"] == 13
    assert phone.post("/home/apply/materials", give | {"page": "b", "seen": hidden(refused, "seen"), "mask_days": "9"}).status_code == 302
    with acting(town.contacts[firm.id]):
        assert everything(Draft).get().answers["mask_days"] == 9


@pytest.mark.parametrize(
    ("kind", "written", "meant"),
    [
        ("whole", "四十", "40"), ("whole", "一百二十人", "120"), ("whole", "两千三百", "2300"), ("whole", "１，２００", "1200"),
        ("whole", "约40人", "40"), ("whole", "3万", ""), ("whole", "很多", ""), ("whole", "一二", ""),
        ("day", "2020-02-31", "2020-02-29"), ("day", "2月15日", "2020-02-15"), ("day", "明天", ""),
    ],
)  # fmt: skip
def test_the_likely_answer_is_offered_and_only_where_it_is_likely(town, kind, written, meant):
    """Tests numerals, full-width signs, units and days that a month does not have; what nobody knows offers nothing."""
    assert likely(Field("n", "数", kind), written) == meant


def test_a_clerks_sentence_names_its_questions(town):
    """Tests that words of a label lead to its step, and that a sentence without any leads to none."""
    with acting(town.bureau):
        form = form_of(response.law(town.town, clock.now()))
    assert to_mend(form, "防火巡查缺最近两天") == {"plan": ["fire_patrol"]}
    assert list(to_mend(form, "口罩不够")) == ["materials"]
    assert to_mend(form, "请看一下") == {}


def picture(colour="red"):
    out = BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return out.getvalue()


def test_photos_stand_beside_their_step_and_the_same_one_is_known_again(town):
    """Tests that a photo shows on its step alone, that the same bytes are one file, and that others reach none."""
    firm, other = town.firm(), town.firm()
    phone = browser(town.contacts[firm.id])
    draft = phone.post("/home/apply/materials", {"mask_days": "5"}, headers={"X-Saves": "1"})["X-Draft"]
    send = lambda who, body, name="materials__a.jpg": who.post(  # noqa: E731
        "/files/", {"kind": "resumption.paper", "about": draft, "file": SimpleUploadedFile(name, body)}
    )
    first = send(phone, picture())
    assert first.status_code == 201 and send(phone, picture()).json()["again"]
    assert first.json()["href"] in text(phone.get("/home/apply/materials"))
    assert first.json()["href"] not in text(phone.get("/home/apply/plan"))
    assert "照片1张" in text(phone.get("/home/apply/check"))
    bad = send(phone, b"<svg onload=alert(1)>", "materials__b.jpg")
    assert bad.status_code == 422 and bad.json()["says"]
    assert send(browser(town.contacts[other.id]), picture("blue")).status_code in (403, 404)
    assert browser(town.contacts[other.id]).get(first.json()["href"]).status_code in (403, 404)
