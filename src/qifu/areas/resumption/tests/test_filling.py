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
from qifu.kernel.documents.models import Issued
from qifu.kernel.forms import Field
from qifu.kernel.journal.models import Entry

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


def test_the_question_that_the_clerk_chose_is_where_the_applicant_is_led(town):
    """Tests that a sentence without any word of a label leads to its question from home and list, and is gone when mended."""
    firm = town.firm(size="small")
    application = town.ok(town.submit(firm))
    desk = browser(town.town_clerk)
    path = f"/desk/applications/{application.id}/return"
    form = text(desk.get(path))
    assert "说的是哪几题" in form and 'value="thermometers"' in form and "物资：测温设备" in form
    wrong = desk.post(path, {"missing": "两台不够用", "questions": ["no_such"]})
    assert wrong.status_code == 422 and "申请表里没有这一题" in text(wrong) and "两台不够用" in text(wrong)
    with acting(town.bureau):
        assert everything(Application).get().state == "submitted"
    assert desk.post(path, {"missing": "两台不够用，至少三台", "questions": ["thermometers"]}).status_code == 302
    with acting(town.bureau):
        now = everything(Application).get()
        assert (now.state, now.asked) == ("returned", "thermometers")
        assert everything(Entry).get(subject=application.id, verb="return").data == {"missing": "thermometers"}
        letter = everything(Issued).filter(about=application.id).latest("issued_at")
        assert "两台不够用，至少三台（测温设备）" in str(letter.data)

    phone = browser(town.contacts[firm.id])
    assert "/home/apply/materials#f-thermometers" in text(phone.get("/home/"))
    tasks = text(phone.get("/home/apply/"))
    assert "补这一处就行" in tasks and tasks.count("/home/apply/materials#f-thermometers") == 2, "the row and the button"
    assert "两台不够用" in tasks and "要补" in tasks
    step = text(phone.get("/home/apply/materials"))
    asked, said, following = (step.index(words) for words in ('id="f-thermometers"', "两台不够用，至少三台", 'id="f-disinfectant"'))
    assert asked < said < following and step.count("两台不够用") == 1, "at its question, and not once more below"
    saved = phone.post("/home/apply/materials", {"mask_days": "12", "thermometers": "4"})
    assert saved["Location"] == "/home/apply/check"
    assert phone.post("/home/apply/check", {}).status_code == 302
    with acting(town.bureau):
        now = everything(Application).get()
        assert (now.state, now.asked, now.answers["thermometers"]) == ("submitted", "", 4)


def test_several_questions_are_named_at_once_and_each_is_mended(town):
    """Tests that a return names questions of two steps: each step waits, the sentence stands at its first question, the others
    are marked; too many are refused and change nothing."""
    firm = town.firm(size="small")
    application = town.ok(town.submit(firm))
    desk = browser(town.town_clerk)
    path = f"/desk/applications/{application.id}/return"
    with acting(town.bureau):
        every = list(form_of(response.law(town.town, clock.now())).fields())
    refused = desk.post(path, {"missing": "都看一遍", "questions": every[:9]})
    again = text(refused)
    assert refused.status_code == 422 and "一次最多选8题" in again and "都看一遍" in again
    assert again.count(" checked") == 9, "what was ticked stays ticked"
    with acting(town.bureau):
        assert everything(Application).get().state == "submitted"
    chosen = ["mask_days", "thermometers", "fire_patrol"]
    assert desk.post(path, {"missing": "数和照片对不上", "questions": chosen}).status_code == 302
    with acting(town.bureau):
        assert everything(Application).get().asked == "mask_days thermometers fire_patrol"
        assert everything(Entry).get(subject=application.id, verb="return").data == {"missing": "mask_days thermometers fire_patrol"}
        letter = everything(Issued).filter(about=application.id).latest("issued_at")
        assert "数和照片对不上（口罩够用、测温设备、防火巡查已做）" in str(letter.data)

    phone = browser(town.contacts[firm.id])
    tasks = text(phone.get("/home/apply/"))
    assert "补这2处就行" in tasks and "/home/apply/materials#f-mask_days" in tasks and "/home/apply/plan#f-fire_patrol" in tasks
    step = text(phone.get("/home/apply/materials"))
    assert step.count("数和照片对不上") == 1 and step.count("这一题也要补") == 1
    assert step.index("数和照片对不上") < step.index('id="f-thermometers"') < step.index("这一题也要补")
    assert text(phone.get("/home/apply/plan")).count("数和照片对不上") == 1
    assert "这一题也要补" not in text(phone.get("/home/apply/people")), "another step is left as it is"


def test_a_choice_and_a_tick_carry_the_sentence_too(town):
    """Tests that a question that is answered with yes or no shows the sentence inside its own group."""
    firm = town.firm(size="small")
    application = town.ok(town.submit(firm))
    given = {"application": application.id, "missing": "预案没有演练", "questions": ["fire_plan"]}
    town.ok(run("resumption.return", given, actor=town.town_clerk))
    step = text(browser(town.contacts[firm.id]).get("/home/apply/plan"))
    group = step[step.index('id="f-fire_plan"') :]
    assert "预案没有演练" in group[: group.index("</fieldset>")] and step.count("预案没有演练") == 1


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
