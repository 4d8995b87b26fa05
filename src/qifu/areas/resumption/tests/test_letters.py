"""Tests that each act writes its letter, that the letter says what was done, and that anybody can check it."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from django.test import Client
from PIL import Image

from qifu.areas.resumption.workflow import end_permits
from qifu.kernel.access import DOOR, acting
from qifu.kernel.access.models import everything
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.access.tests.factories import contact
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.documents import issuing
from qifu.kernel.documents.models import Issued

from .factories import february, world

pytestmark = pytest.mark.usefixtures("database")
PLAIN = str.maketrans("", "", " \r\n\u3000")


@pytest.fixture
def town():
    with clock.use(clock.Fixed(february("10"))) as hands:
        yield world(hands)


def letters(actor: Any, about: Any) -> list[Issued]:
    with acting(actor):
        return issuing.of(about)


def words(actor: Any, issued: Issued) -> str:
    with acting(actor), pypdfium2.PdfDocument(issuing.pdf_of(issued)) as opened:
        return "".join(page.get_textpage().get_text_range() for page in opened).translate(PLAIN)


def test_an_approval_writes_its_letter_in_the_same_act(town):
    """Tests number, firm, start, conditions and organ in the PDF, whatever was typed into the conditions."""
    firm = town.firm()
    application = town.passed(firm)
    typed = "食堂错峰。#set page(fill: red) {firm} {0} *"
    run("resumption.approve", {"application": application.id, "conditions": typed}, actor=town.approver)
    newest = letters(town.approver, application.id)[0]
    assert newest.kind == "resumption.approval" and newest.number == "奉复准〔2020〕1号"
    said = words(town.approver, newest)
    for part in (
        newest.number,
        firm.name,
        application.number,
        "2020年2月12日8时起复工",
        typed.translate(PLAIN),
        "奉化区企业复工应急组",
        "二、附加条件",
        "三、复工期间",
    ):
        assert part in said, part
    page = text(browser(town.bureau).get(f"/desk/applications/{application.id}"))
    assert f"发出文书：{issuing.kinds[newest.kind].label}，{newest.number}" in page, "the timeline names the paper"
    *_, last = _pictures(town.approver, newest)
    assert [found.text for found in zxingcpp.read_barcodes(Image.open(BytesIO(last)))] == [newest.link]


def _pictures(actor: Any, issued: Issued) -> list[bytes]:
    with acting(actor):
        return issuing.pictures_of(issuing.paper(issued.id, actor, at=clock.now()))


def test_every_step_that_speaks_to_the_firm_has_a_letter(town):
    """Tests receipt, completion and rectification; and that a refused act writes none and spends no number."""
    firm = town.firm(size="small")
    application = town.ok(town.submit(firm))
    of = {"application": application.id}
    town.ok(run("resumption.return", {**of, "missing": "口罩只够3天，写明怎么补"}, actor=town.town_clerk))
    town.ok(run("resumption.resubmit", of, actor=town.contacts[firm.id]))
    assert not run("resumption.accept", of, actor=town.contacts[firm.id]).ok
    town.ok(run("resumption.accept", of, actor=town.town_clerk))
    assert not run("resumption.accept", of, actor=town.town_clerk).ok
    found = {one.kind: one for one in letters(town.bureau, application.id)}
    assert set(found) == {"resumption.returned", "resumption.receipt"}
    assert found["resumption.receipt"].number == "奉莼湖复受〔2020〕1号"
    assert "口罩只够3天，写明怎么补" in words(town.bureau, found["resumption.returned"])
    assert "莼湖街道办事处" in words(town.bureau, found["resumption.receipt"])
    another = town.ok(town.submit(town.firm(size="small")))
    town.ok(run("resumption.accept", {"application": another.id}, actor=town.town_clerk))
    assert letters(town.bureau, another.id)[0].number == "奉莼湖复受〔2020〕2号"


def test_a_batch_gets_numbers_in_a_row(town):
    """Tests that a batch of approvals writes one letter each, numbered without gaps."""
    ids = [town.passed(town.firm()).id for _ in range(3)]
    town.ok(run("resumption.approve_many", {"applications": ids}, actor=town.approver))
    numbers = sorted(letters(town.approver, id)[0].number for id in ids)
    assert numbers == [f"奉复准〔2020〕{n}号" for n in (1, 2, 3)]


def test_anybody_checks_a_letter_and_learns_no_more_than_its_state(town):
    """Tests /v/<code> without an account before the start, after it, and when the permit has ended; and what it never shows."""
    firm = town.firm(legal_person="戚光耀", address="横涂路9号")
    application = town.approved(firm)
    issued = letters(town.approver, application.id)[0]
    page = Client().get(f"/v/{issued.code}")
    assert page.status_code == 200
    shown = text(page)
    assert issued.number in shown and firm.name in shown and "还没到开工时间" in shown
    for secret in ("戚光耀", "横涂路", town.approver.name, firm.uscc, "张总"):
        assert secret not in shown
    town.hands.advance(timedelta(days=3))
    assert "许可正在执行" in text(Client().get(f"/v/{issued.code}"))
    with acting(town.bureau):
        end_permits(application, at=clock.now(), why="area")
    assert "许可已停用" in text(Client().get(f"/v/{issued.code}"))


def test_a_wrong_pair_is_one_sentence_and_costs_time(town):
    """Tests that a wrong number and a wrong code cannot be told apart, and that trying on is slowed down."""
    issued = letters(town.approver, town.approved(town.firm()).id)[0]
    client = Client()
    right = client.post("/v/", {"number": issued.number.replace("〔", "[").replace("〕", "] "), "code": issued.code.lower()})
    assert right.status_code == 302 and right["Location"] == f"/v/{issued.code}"
    pairs = [(issued.number, "K7MPQ2XA"), ("奉复准〔2020〕999号", issued.code), ("奉复准〔2020〕999号", "K7MPQ2XA")]
    said = set()
    for number, code in pairs:
        answer = client.post("/v/", {"number": number, "code": code})
        assert answer.status_code == 422
        said.add("对不上，没有查到这份文书" in text(answer))
    assert said == {True}
    answers = [client.post("/v/", {"number": "奉复准〔2020〕1号", "code": f"K7MPQ2X{letter}"}).status_code for letter in "ABCDEFGHJKMN"]
    assert answers[-1] == 429 and answers[0] == 422
    assert client.get("/v/K7MPQ2XA").status_code == 404


def test_the_firm_and_its_desk_open_the_letter_and_nobody_else(town):
    """Tests page, PDF, Word and picture for the firm's contact and the desk; another firm and nobody find none of it."""
    firm = town.firm()
    issued = letters(town.approver, town.approved(firm).id)[0]
    mine = browser(town.contacts[firm.id])
    assert issued.number in text(mine.get(f"/papers/{issued.id}"))
    pdf = mine.get(f"/papers/{issued.id}/pdf")
    assert pdf.content.startswith(b"%PDF") and pdf["Content-Disposition"].startswith("attachment")
    assert mine.get(f"/papers/{issued.id}/word").content.startswith(b"PK")
    assert mine.get(f"/papers/{issued.id}/page/1").content.startswith(b"\x89PNG")
    assert mine.get(f"/papers/{issued.id}/page/9").status_code == 404
    assert issued.number in text(browser(town.bureau).get("/papers/"))
    stranger = browser(contact(town.firm().id, town.town, name="别家"))
    for path in ("", "/pdf", "/word", "/page/1"):
        assert stranger.get(f"/papers/{issued.id}{path}").status_code == 404
        assert Client().get(f"/papers/{issued.id}{path}").status_code == 302
    assert issued.number not in text(stranger.get("/papers/"))


def test_a_photograph_sent_at_the_desk_lands_on_its_letter(town):
    """Tests the upload page: a photo of the letter leads to it, one of a cat says kindly that nothing was kept."""
    issued = letters(town.approver, town.approved(town.firm()).id)[0]
    desk = browser(town.bureau)
    photo = BytesIO()
    last = Image.open(BytesIO(_pictures(town.approver, issued)[-1])).convert("RGB")
    last.rotate(5, expand=True, fillcolor=(90, 80, 70)).save(photo, "JPEG")
    photo.name = "盖章.jpg"
    photo.seek(0)
    answer = desk.post("/papers/back", {"file": photo})
    assert answer.status_code == 302 and str(issued.id) in answer["Location"]
    assert "盖章件" in text(desk.get(f"/papers/{issued.id}")) and "还没有。打印" not in text(desk.get(f"/papers/{issued.id}"))
    cat = BytesIO()
    Image.new("RGB", (900, 700), (180, 140, 90)).save(cat, "JPEG")
    cat.name = "猫.jpg"
    cat.seek(0)
    answer = desk.post("/papers/back", {"file": cat})
    assert answer.status_code == 422 and "没有找到本系统文书的二维码" in text(answer)


def test_the_five_papers_come_out_filled(town):
    """Tests that each of the five is a PDF, a Word file and a picture with the application's own answers in it."""
    firm = town.firm()
    application = town.passed(firm)
    desk = browser(town.bureau)
    said = {"register": firm.name, "staff": "首批返岗", "plan": "分三批返岗，错峰就餐", "undertaking": "承诺人：张总", "survey": "合格"}
    for paper, word in said.items():
        address = f"/desk/applications/{application.id}/papers/{paper}"
        with pypdfium2.PdfDocument(desk.get(f"{address}?as=pdf").content) as opened:
            shown = "".join(page.get_textpage().get_text_range() for page in opened).translate(PLAIN)
        assert word.translate(PLAIN) in shown and application.number in shown, paper
        assert desk.get(f"{address}?as=word").content.startswith(b"PK")
        assert desk.get(f"{address}?as=1").content.startswith(b"\x89PNG")
        assert desk.get(f"{address}?as=99").status_code == 404


def test_inside_a_chat_browser_papers_are_pictures_and_nothing_is_downloaded(town):
    """Tests that a contact in WeChat gets each page of a letter and of the five as a picture, with the way out, and no download."""
    application = town.approved(town.firm())
    contact = town.contacts[application.enterprise_id]
    letter = letters(contact, application.id)[0]
    own = f"/home/applications/{application.id}/papers/plan"
    inside, outside = browser(contact), browser(contact)
    inside.defaults["HTTP_USER_AGENT"] = "Mozilla/5.0 (Linux; Android 10) MicroMessenger/8.0.32"
    for address, picture in ((f"/papers/{letter.id}", f"/papers/{letter.id}/page/1"), (own, f"{own}?as=1")):
        page, elsewhere = text(inside.get(address)), text(outside.get(address))
        assert "长按图片能存" in page and "在浏览器打开" in page
        assert picture.removeprefix(own) in page and inside.get(picture).content.startswith(b"\x89PNG")
        for download in ("as=pdf", "as=word", f"{letter.id}/pdf", f"{letter.id}/word", "data-print"):
            assert download not in page
        assert ("as=pdf" in elsewhere or f"{letter.id}/pdf" in elsewhere) and "长按图片能存" not in elsewhere


def test_a_corrected_letter_is_withdrawn_and_says_so_everywhere(town):
    """Tests that a clerk may not withdraw, an approver may, once, with a reason that the check page shows."""
    issued = letters(town.approver, town.approved(town.firm()).id)[0]
    assert browser(town.bureau).post(f"/papers/{issued.id}/withdraw", {"why": "日期写错"}).status_code == 403
    desk = browser(town.approver)
    assert desk.post(f"/papers/{issued.id}/withdraw", {"why": ""}).status_code == 422
    assert desk.post(f"/papers/{issued.id}/withdraw", {"why": "日期写错"}).status_code == 302
    assert desk.post(f"/papers/{issued.id}/withdraw", {"why": "又一次"}).status_code == 422
    shown = text(Client().get(f"/v/{issued.code}"))
    assert "已作废" in shown and "日期写错" in shown
    with acting(DOOR):
        assert everything(Issued).filter(number=issued.number).count() == 1
