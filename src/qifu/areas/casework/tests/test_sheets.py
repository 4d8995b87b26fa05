"""Troubles that come as a list: each row one case, what looks alike is asked about, and a bad row stops no good one."""

import io

import pytest
from openpyxl import Workbook, load_workbook

from qifu.areas.casework import sheets
from qifu.areas.casework.models import Case
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.access.tests.factories import at
from qifu.kernel.actions import Done, run
from qifu.kernel.calendar import clock
from qifu.kernel.intake import process
from qifu.kernel.intake.actions import Upload, receive_and_stage
from qifu.kernel.intake.models import Import
from qifu.kernel.workflow.models import ClockRun

from .factories import Desk, desk

HEAD = ["序号", "企业名称", "所在镇街", "问题描述", "联系人", "联系电话"]


@pytest.fixture
def people(database):
    with clock.use(clock.Fixed(at("2022-05-09"))):
        yield desk()


def book(rows: list[list[object]], head: list[str] = HEAD) -> bytes:
    made = Workbook()
    page = made.active
    page.append(["企业诉求汇总表"])
    page.append(head)
    for row in rows:
        page.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def received(people: Desk, content: bytes, name: str = "诉求.xlsx") -> Import:
    done = receive_and_stage(Upload("casework.cases", name, content), actor=people.bureau, at=clock.now())
    assert isinstance(done, Done), done
    return done.result


def test_each_row_is_a_case_as_if_it_was_told_one_by_one(people: Desk) -> None:
    """Tests firm by name, an unknown firm kept as words, number, kind, clock, record, sealed telephone, and the receipts."""
    firm = people.firm("奉化钧凯结构有限公司")
    rows = [
        [1, "钧凯结构", "", "车间缺普工二十人，招不到", "袁师傅", "13800136021"],
        [2, "不在名录的小厂", "裘村镇", "停电三小时，身份证330283199001011234", "", ""],
        [3, "", "莼湖街道", "请问稳岗补贴怎么申请", "", ""],
    ]
    made = received(people, book(rows))
    assert (made.counts["good"], made.counts["enters"], made.counts["wrong"]) == (3, 3, 0)
    alone = people.recorded("仓库要通行证", firm="另一家小厂", region=people.town)
    client = browser(people.bureau)
    assert "入库3件" in text(client.get(f"/desk/import/{made.id}"))
    assert client.post(f"/desk/import/{made.id}/commit").status_code == 302
    with acting(people.bureau):
        labour, power, subsidy = Case.objects.filter(channel="sheet").order_by("firm").order_by("kind")[:3]
        by_kind = {one.kind: one for one in (labour, power, subsidy)}
        assert (by_kind["labour"].enterprise_id, by_kind["labour"].party, by_kind["labour"].region) == (firm.id, firm.id, firm.region)
        assert (by_kind["labour"].phone.reveal(), by_kind["labour"].asker.reveal()) == ("13800136021", "袁师傅")
        assert (by_kind["energy"].firm, by_kind["energy"].enterprise_id) == ("不在名录的小厂", None)
        assert "199001011234" not in by_kind["energy"].text and by_kind["energy"].region == people.other
        assert len({one.number for one in by_kind.values()} | {alone.number}) == 4
        one_by_one, listed = alone, by_kind["policy"]
        same = ("state", "standing", "been", "rung", "resolve_days", "due_at", "intake_office")
        told = {name: (getattr(listed, name), getattr(one_by_one, name)) for name in same[:5]}
        assert all(mine == other for mine, other in told.values()), told
        assert "channel:sheet" in listed.facets
        assert ClockRun.objects.filter(subject=listed.id, name="classify", stopped_at__isnull=True).count() == 1
        assert by_kind["labour"].standing == "open"
    shown = text(client.get(f"/desk/cases/receipts/{made.id}"))
    assert all(one.number in shown for one in by_kind.values()) and alone.number not in shown
    people.ok(run("casework.classify", {"case": listed.id, "kind": "policy", "complexity": "simple"}, actor=people.bureau))
    from qifu.kernel import journal

    assert journal.prove(at=clock.now()).good


def test_what_looks_alike_waits_for_a_word_and_is_not_merged(people: Desk) -> None:
    """Tests a double in the file, a double of an open case, the same words of another firm, and both answers."""
    firm, other = people.firm("奉化钧凯结构有限公司"), people.firm("奉化泽信服饰有限公司")
    there = people.recorded("车间缺普工二十人，年后招不到人", enterprise=firm.id)
    rows = [
        [1, firm.name, "", "年后车间缺普工二十人，招不到人", "", ""],
        [2, other.name, "", "年后车间缺普工二十人，招不到人", "", ""],
        [3, other.name, "", "车间年后缺普工二十人，还是招不到人", "", ""],
        [4, other.name, "", "贷款到期，银行不肯续贷", "", ""],
    ]
    made = received(people, book(rows))
    assert (made.counts["good"], made.counts["doubtful"], made.counts["enters"]) == (2, 2, 2)
    with acting(people.bureau):
        seen = process.preview(made.id, actor=people.bureau, at=clock.now())
        why = {row.row: row.problems[0].says for row in seen.doubtful}
        assert there.number in why[3] and "缺普工二十人" in why[3]
        assert "第4行" in why[5]
    page = text(browser(people.bureau).get(f"/desk/import/{made.id}"))
    assert "是不是在办的那一件" in page and "另一件" in page
    first, second = (row.id for row in seen.doubtful)
    people.ok(run("intake.choose", {"source": made.id, "row": first, "choice": "skip"}, actor=people.bureau))
    people.ok(run("intake.choose", {"source": made.id, "row": second, "choice": "enter"}, actor=people.bureau))
    people.ok(run("intake.commit", {"source": made.id}, actor=people.bureau))
    with acting(people.bureau):
        assert Case.objects.filter(channel="sheet").count() == 3
        assert Case.objects.get(pk=there.id).state == "recorded" and not Case.objects.filter(state="merged").exists()


def test_a_double_is_found_among_few_and_among_many(people: Desk) -> None:
    """Tests one firm's five cases, of which all are compared, and a town's sixty of nobody in particular, of which only those
    with a part of the signature are: the same words are found in both, with the row where they stood first."""
    firm = people.firm("奉化钧凯结构有限公司")
    things = [chr(0x5000 + 37 * n) + chr(0x6000 + 53 * n) + chr(0x7000 + 29 * n) + chr(0x5800 + 41 * n) for n in range(70)]
    rows = [[n, firm.name, "", f"{things[n]}{things[n + 1]}没有了", "", ""] for n in range(0, 10, 2)]
    rows += [[n, "", "莼湖街道", f"{things[n]}缺{things[n + 1]}等着用", "", ""] for n in range(10, 69)]
    rows += [[90, firm.name, "", f"还是{rows[1][3]}", "", ""], [91, "", "莼湖街道", str(rows[20][3]), "", ""]]
    made = received(people, book(rows))
    assert (made.counts["doubtful"], made.counts["enters"]) == (2, len(rows) - 2)
    with acting(people.bureau):
        why = {row.row: row.problems[0].says for row in process.looked(made.id, actor=people.bureau)}
    assert why[len(rows) + 1].startswith("和第4行") and why[len(rows) + 2].startswith("和第23行")


def test_bad_rows_go_back_and_nothing_is_half_done(people: Desk) -> None:
    """Tests empty words, a cell of a hundred thousand signs and a town that is none: returned with reasons, put right, entered
    once; a second press makes nothing twice; and whoever may not import is refused with nothing written."""
    rows: list[list[object]] = [[n, f"小厂{n}", "莼湖街道", f"第{n}条产线缺料{n * 7919}公斤", "", ""] for n in range(30)]
    rows[3][3] = ""
    rows[7][3] = "长" * 30_000
    rows[11][2] = "没有这个镇"
    made = received(people, book(rows))
    assert (made.counts["wrong"] + made.counts["doubtful"], made.counts["enters"]) == (3, 27)
    back = run("intake.return", {"source": made.id}, actor=people.bureau)
    sheet = load_workbook(io.BytesIO(back.result)).active
    said = [str(row[0].value) for row in sheet.iter_rows() if row[0].value]
    assert any("太长" in one for one in said) and any("镇街" in one for one in said)
    outsider = browser(people.fire)
    assert outsider.post(f"/desk/import/{made.id}/commit").status_code == 403
    refused = run("intake.commit", {"source": made.id}, actor=people.labour)
    assert not refused.ok
    with acting(people.bureau):
        assert not Case.objects.exists()
    people.ok(run("intake.commit", {"source": made.id}, actor=people.bureau))
    assert not run("intake.commit", {"source": made.id}, actor=people.bureau).ok
    with acting(people.bureau):
        assert Case.objects.count() == 27
        (empty,) = [row for row in process.looked(made.id, actor=people.bureau) if row.row == 6]
    people.ok(run("intake.fix", {"source": made.id, "row": empty.id, "values": {"text": "缺包装箱"}}, actor=people.bureau))
    people.ok(run("intake.commit", {"source": made.id}, actor=people.bureau))
    with acting(people.bureau):
        assert Case.objects.count() == 28
        assert sheets.receipts(Import.objects.get(pk=made.id)).count() == 28


def test_a_town_takes_in_only_its_own(people: Desk) -> None:
    """Tests that a row of another town is turned back to who sent the list, before anything enters."""
    done = receive_and_stage(
        Upload("casework.cases", "诉求.csv", "什么事,镇街\n缺普工,莼湖街道\n停电,裘村镇\n".encode()),
        actor=people.town_clerk,
        at=clock.now(),
    )
    made = people.ok(done)
    assert (made.counts["enters"], made.counts["wrong"]) == (1, 1)
