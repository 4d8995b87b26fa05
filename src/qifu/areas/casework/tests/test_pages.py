"""The pages of casework: the call, the list, one case, the acts, the offices, the enterprise's own."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from qifu.areas.casework.models import Case
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser, hidden, text
from qifu.kernel.access.tests.factories import at
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.files.models import File

from .factories import Desk, desk


@pytest.fixture
def people(database):
    with clock.use(clock.Fixed(at("2022-05-09"))):
        yield desk()


def test_a_call_becomes_a_case_while_the_telephone_rings(people: Desk) -> None:
    """Tests that the firm is found by its number, a duplicate is named with its words, and the case has a number at once."""
    firm = people.firm("奉化钧凯结构有限公司")
    people.recorded(enterprise=firm.id)
    client = browser(people.call_taker)
    found = text(client.post("/desk/cases/alike", {"firm": "钧凯"}))
    assert "奉化钧凯结构有限公司" in found and f'data-pick="{firm.id}"' in found
    found = text(client.post("/desk/cases/alike", {"text": "我们车间招不到人，缺普工", "enterprise": str(firm.id)}))
    assert "可能已经有人反映过" in found and "缺普工" in found and "用工" in found
    page = client.get("/desk/cases/new")
    given = {
        "key": hidden(page, "key"),
        "text": "停电了三个小时，生产线停了",
        "channel": "hotline",
        "firm": "不在名录的小厂",
        "phone": "13800136021",
    }
    kept = client.post("/desk/cases/new", given)
    assert kept.status_code == 302
    assert client.post("/desk/cases/new", given).status_code == 302
    with acting(people.call_taker):
        (case,) = Case.objects.filter(firm="不在名录的小厂")
        assert (case.kind, case.enterprise_id, case.phone.reveal()) == ("energy", None, "13800136021")
    shown = text(client.get(kept["Location"]))
    assert case.number in shown and "名录里没有" in shown and "13800136021" not in shown
    assert client.post("/desk/cases/new", {"text": " ", "channel": "hotline"}).status_code == 422


def test_another_text_on_a_page_gone_back_to_is_another_case(people: Desk) -> None:
    """Tests that a page shown again by the browser's way back, with its old key, loses nothing that is typed into it."""
    client = browser(people.call_taker)
    page = client.get("/desk/cases/new")
    given = {"key": hidden(page, "key"), "text": "停电了三个小时，生产线停了", "channel": "hotline", "firm": "不在名录的小厂"}
    assert client.post("/desk/cases/new", given).status_code == 302
    for _ in range(2):
        assert client.post("/desk/cases/new", given | {"text": "缺两个电工"}).status_code == 302
    with acting(people.call_taker):
        assert sorted(case.text for case in Case.objects.filter(firm="不在名录的小厂")) == ["停电了三个小时，生产线停了", "缺两个电工"]


def test_the_list_shows_what_waits_for_whom(people: Desk) -> None:
    """Tests the views of those who classify, handle, call back and settle, and the preview beside the list."""
    case, other = people.classified("缺普工二十人招不到人"), people.assigned(text="技工社保接续办不了")
    for who, view in ((people.bureau, case), (people.labour, other)):
        page = text(browser(who).get("/desk/cases/"))
        assert view.title in page, who.name
    assert case.title not in text(browser(people.labour).get("/desk/cases/?view=mine"))
    assert case.title in text(browser(people.call_taker).get("/desk/cases/?view=all&q=普工"))
    assert case.title in text(browser(people.call_taker).get(f"/desk/cases/?view=all&q={case.number}"))
    assert "按类别多半归区人社局" in text(browser(people.bureau).get(f"/desk/cases/{case.id}/preview"))
    for view in ("overdue", "today", "ours", "open", "recorded", "instruction", "closed_out", "all"):
        assert browser(people.bureau).get(f"/desk/cases/?view={view}").status_code == 200
    assert browser(people.contacts.setdefault(case.id, people.leader)).get("/desk/cases/offices").status_code == 200


def test_each_act_has_its_page_and_its_end(people: Desk) -> None:
    """Tests the forms one after the other, by the people whose step it is, up to an extension and help."""
    client, case = browser(people.bureau), people.recorded()
    here = f"/desk/cases/{case.id}"
    page = client.get(f"{here}/classify")
    assert "因为提到" in text(page)
    seen = {name: hidden(page, name) for name in ("key", "seen")}
    assert client.post(f"{here}/classify", {**seen, "kind": "labour", "complexity": "complex"}).status_code == 302
    assert client.post(f"{here}/assign", {"seen": "2022-05-08T09:00:00+08:00", "office": "区人社局", "rung": "local"}).status_code == 409
    page = client.get(f"{here}/assign")
    given = {name: hidden(page, name) for name in ("key", "seen")} | {"rung": "local"}
    assert client.post(f"{here}/assign", given).status_code == 422
    assert client.post(f"{here}/assign", given | {"office": "区人社局"}).status_code == 302
    labour = browser(people.labour)
    assert labour.post(f"{here}/take", {}).status_code == 302
    assert labour.post(f"{here}/ask_help", {"office": "区消防救援大队", "ask": "看一下宿舍能不能住人"}).status_code == 302
    helps = text(browser(people.fire).get("/desk/cases/helps"))
    assert "看一下宿舍" in helps
    with acting(people.fire):
        one = Case.objects.get(pk=case.id).helps.get()
    assert browser(people.fire).post(f"/desk/cases/helps/{one.id}", {"reply": "能住40人", "can": "1"}).status_code == 302
    assert labour.post(f"{here}/ask_more", {"days": "3", "reason": "职校下周才放人"}).status_code == 302
    assert "申请延期" in text(browser(people.supervisor).get(here))
    assert browser(people.supervisor).post(f"{here}/allow_more", {}).status_code == 302
    assert browser(people.supervisor).post(f"{here}/supervise", {"text": "请本周内办结"}).status_code == 302
    assert labour.post(f"{here}/resolve", {"ended": "solved", "answer": "已对接职校"}).status_code == 302
    calls = browser(people.call_taker)
    assert calls.post(f"{here}/tried", {}).status_code == 302
    assert calls.post(f"{here}/call_back", {"score": "5"}).status_code == 302
    assert browser(people.labour).post(f"{here}/close", {}).status_code == 403
    assert calls.post(f"{here}/close", {}).status_code == 302
    shown = text(browser(people.leader).get(here))
    for word in ("能住40人", "请本周内办结", "已对接职校", "打过一次电话", "区人社局"):
        assert word in shown, word


def test_the_enterprise_says_it_and_says_that_it_is_not_solved(people: Desk) -> None:
    """Tests one box, the receipt with the office that has it, the answer, and the way back."""
    firm = people.firm()
    own = people.contacts[firm.id]
    client = browser(own)
    assert "有难处" in text(client.get("/home/cases/"))
    kept = client.post("/home/cases/new", {"key": hidden(client.get("/home/cases/new"), "key"), "text": "缺普工二十人，招不到人"})
    assert kept.status_code == 302 and "收到了" in text(client.get(kept["Location"]))
    with acting(own):
        (case,) = Case.objects.all()
    for name, given, who in (
        ("classify", {"kind": "labour"}, people.bureau), ("assign", {"office": "区人社局"}, people.bureau), ("take", {}, people.labour),
        ("resolve", {"ended": "solved", "answer": "送来22人"}, people.labour),
    ):  # fmt: skip
        people.ok(run(f"casework.{name}", {"case": case.id, **given}, actor=who))
    shown = text(client.get(f"/home/cases/{case.id}/"))
    assert "送来22人" in shown and "田科员" not in shown and "区人社局" in shown
    assert client.post(f"/home/cases/{case.id}/not_solved", {"why": "part", "reason": "只来了8个"}).status_code == 302
    assert "重新在办" in text(client.get(f"/home/cases/{case.id}/"))
    stranger = browser(people.contacts[people.firm().id])
    assert stranger.get(f"/home/cases/{case.id}/").status_code == 404


def test_a_message_of_a_group_becomes_cases(people: Desk) -> None:
    """Tests that each item is one case, that a named firm is found, and that what is not ticked is not kept."""
    firm = people.firm("奉化钧凯结构有限公司")
    client = browser(people.call_taker)
    page = text(client.post("/desk/cases/paste", {"whole": "1. 钧凯结构：缺口罩五百只\n2. 某某厂：货车进不来\n3. 谢谢"}))
    assert firm.name in page and page.count('name="take"') == 3
    given = {
        "step": "keep",
        "piece": ["钧凯结构：缺口罩五百只", "某某厂：货车进不来", "谢谢"],
        "enterprise": [str(firm.id), "", ""],
        "take": ["0", "1"],
    }
    assert client.post("/desk/cases/paste", given).status_code == 302
    with acting(people.call_taker):
        assert sorted(Case.objects.values_list("kind", "channel")) == [("supplies", "message"), ("transport", "message")]


def test_many_are_given_out_and_taken_on_at_once(people: Desk) -> None:
    """Tests that the consequences are said before, by office, and that nothing happens until it is confirmed."""
    cases = [people.classified(f"第{n}车间招不到普工") for n in range(3)]
    client, rows = browser(people.bureau), {"row": [str(one.id) for one in cases]}
    assert "区人社局3件" in text(client.post("/desk/cases/bulk/asks", rows))
    assert "批量交办" in text(client.post("/desk/cases/bulk/assign", rows))
    assert "已交办3件" in text(client.post("/desk/cases/bulk/assign", rows | {"confirm": "1"}))
    labour = browser(people.labour)
    assert "可以接办3件" in text(labour.post("/desk/cases/bulk/asks", rows))
    assert "已接办3件" in text(labour.post("/desk/cases/bulk/take", rows | {"confirm": "1"}))
    assert "田科员" in text(labour.get(f"/desk/cases/{cases[0].id}"))


def test_a_case_takes_a_paper_beside_its_photos_and_shows_it_by_its_name(people: Desk) -> None:
    """Tests the picker of new case and case page, a PDF that comes with a new case and one added later, and a table that is refused."""
    paper = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
    page = browser(people.call_taker)
    assert 'accept="image/*,application/pdf"' in page.get("/desk/cases/new").content.decode()
    sent = SimpleUploadedFile("停电通知.pdf", paper, content_type="application/pdf")
    came = page.post("/desk/cases/new", {"text": "停电两天了", "channel": "hotline", "photo": sent})
    assert came.status_code == 302
    with acting(people.bureau):
        case = Case.objects.get()
    here = f"/desk/cases/{case.id}"
    shown = page.get(here).content.decode()
    assert "停电通知.pdf" in shown and 'accept="image/*,application/pdf"' in shown and "/small" not in shown
    given = {"kind": "casework.case", "about": str(case.id), "next": here}
    later = SimpleUploadedFile("抄表记录.pdf", paper + b"\n", content_type="application/pdf")
    assert page.post("/files/", {**given, "file": later}).status_code == 302
    wrong = page.post("/files/", {**given, "next": "", "file": SimpleUploadedFile("表.xlsx", b"PK\x03\x04")})
    assert wrong.status_code == 422 and wrong.json()["code"] == "NotAPicture" and "也不是PDF" in wrong.json()["says"]
    with acting(people.bureau):
        assert sorted(one.name for one in File.objects.filter(about=case.id)) == ["停电通知.pdf", "抄表记录.pdf"]


def test_who_reads_cases_and_no_register_reads_the_firm_s_name_only(people: Desk) -> None:
    """Tests that a case links to its enterprise for whoever may open the register, and names it for the others."""
    firm = people.firm()
    case, card = people.assigned(enterprise=firm.id), f"/desk/enterprises/{firm.id}"
    for who, opens in ((people.bureau, True), (people.discipline, False)):
        assert (browser(who).get(card).status_code == 200) == opens
        page = text(browser(who).get(f"/desk/cases/{case.id}"))
        assert firm.name in page and (card in page) == opens
