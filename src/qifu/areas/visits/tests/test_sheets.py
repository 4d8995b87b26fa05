"""A list of officers and enterprises as a spreadsheet: seen row by row, and what is clear takes place in one act."""

import io

import pytest
from openpyxl import Workbook, load_workbook

from qifu.areas.visits.models import Territory
from qifu.kernel.access import acting
from qifu.kernel.access.models import Person, everything
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.actions import Done, run
from qifu.kernel.calendar import clock
from qifu.kernel.intake import process
from qifu.kernel.intake.actions import Upload, receive_and_stage
from qifu.kernel.intake.models import Import
from qifu.kernel.intake.target import DOUBTFUL
from qifu.kernel.privacy.sealing import blind

HEAD = ["序号", "企业名称", "统一社会信用代码", "包联责任人", "联系电话", "作为"]


def book(rows: list[list[object]], head: list[str] = HEAD) -> bytes:
    made = Workbook(write_only=True)
    page = made.create_sheet("包联")
    page.append(["企业包联名单"])
    page.append(head)
    for row in rows:
        page.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def received(town, content: bytes, name: str = "包联.xlsx", *, actor=None) -> Import:
    done = receive_and_stage(Upload("visits.territories", name, content), actor=actor or town.bureau, at=clock.now())
    assert isinstance(done, Done), done
    return done.result


def held(town) -> list[tuple[str, str, str]]:
    with acting(town.bureau):
        rows = everything(Territory).filter(until__isnull=True).select_related("enterprise")
        return sorted((one.enterprise.name, one.officer_name, one.part) for one in rows)


def whys(town, made: Import) -> dict[int, str]:
    with acting(town.bureau):
        return {one.row: one.problems[0].says for one in process.looked(made.id, actor=town.bureau)}


def test_a_list_is_seen_row_by_row_and_takes_place_at_once(town):
    """Tests firm by code and by name, each part, a hand-over that waits for a word, the unknown firm and officer, two leads of one
    firm, a word that is no part; that nothing has happened before the yes; and what is given back."""
    one, two, three = town.firms(3)
    town.give([two], town.li)
    rows = [
        [1, "", one.uscc, "王联企", "", ""],
        [2, two.name, "", "王联企", "", "包联责任人"],
        [3, one.name, "", "李联企", "", "协助"],
        [4, one.name, "", "王联企", "", "驻企"],
        [5, "没有这家厂", "", "王联企", "", ""],
        [6, three.name, "", "没这个人", "", ""],
        [7, one.name, "", "李联企", "", "责任人"],
        [8, three.name, "", "李联企", "", "看门"],
        [9, three.name, "", "", "", ""],
    ]
    made = received(town, book(rows))
    assert (made.counts["enters"], made.counts["wrong"], made.counts["doubtful"]) == (3, 5, 1)
    said = whys(town, made)
    assert set(said) == {4, 7, 8, 9, 10, 11}
    assert "现在由李联企包" in said[4] and "没有找到这家企业" in said[7] and "没有叫没这个人" in said[8] and "第3行" in said[9]
    assert held(town) == [(two.name, "李联企", "lead")]
    desk = browser(town.bureau)
    page = text(desk.get(f"/desk/import/{made.id}"))
    assert "现在由李联企包，入库后换人" in page
    with acting(town.bureau):
        (waits,) = process.looked(made.id, actor=town.bureau, verdict=DOUBTFUL)
    town.do("intake.choose", town.bureau, source=made.id, row=waits.id, choice="enter")
    assert desk.post(f"/desk/import/{made.id}/commit").status_code == 302
    assert held(town) == sorted(
        [(one.name, "王联企", "lead"), (two.name, "王联企", "lead"), (one.name, "李联企", "help"), (one.name, "王联企", "resident")]
    )
    with acting(town.bureau):
        done = Import.objects.get(pk=made.id)
        assert done.result["updated"] == 1 and done.result["created"] == 3 and "1家换了人" in done.result["says"]
        old = everything(Territory).get(enterprise=two.id, until__isnull=False)
        assert old.handed_to.officer_name == "王联企"
    back = load_workbook(io.BytesIO(run("intake.return", {"source": made.id}, actor=town.bureau).result)).active
    reasons = "".join(str(row[0].value) for row in back.iter_rows())
    assert "没有找到这家企业" in reasons and "没有填干部" in reasons and "包联责任人、协助、驻企" in reasons


def test_of_namesakes_the_place_decides_and_then_the_number(town):
    """Tests an officer of another town with the same name, two of the same town, and the number that tells them apart."""
    firm, there = town.firm(), town.firm(place=town.other)
    officer("liaison", town.other, name="王联企")
    made = received(town, book([[1, firm.name, "", "王联企", "", ""], [2, there.name, "", "王联企", "", ""]]))
    assert made.counts["enters"] == 2
    second = officer("liaison", town.place, name="王联企")
    with acting(town.bureau):
        everything(Person).filter(pk=second.person).update(phone_index=blind("phone", "13800136021"))
    rows = [[1, firm.name, "", "王联企", "", ""], [2, firm.name, "", "王联企", "138 0013 6021", "协助"]]
    made = received(town, book(rows))
    assert made.counts["enters"] == 1 and "有2位王联企，写上手机号码" in whys(town, made)[3]
    town.do("intake.commit", town.bureau, source=made.id)
    with acting(town.bureau):
        assert [one.person_id for one in everything(Territory).all()] == [second.person]


def test_several_may_help_at_one_firm_in_one_list(town):
    """Tests many to many: two who help at one enterprise both stand; the same row twice waits and is one."""
    firm = town.firm()
    rows = [[1, firm.name, "", "王联企", "", "协助"], [2, firm.name, "", "李联企", "", "协助"], [3, firm.name, "", "李联企", "", "协助"]]
    made = received(town, book(rows))
    assert (made.counts["enters"], made.counts["doubtful"]) == (2, 1)
    town.do("intake.commit", town.bureau, source=made.id)
    assert held(town) == [(firm.name, "李联企", "help"), (firm.name, "王联企", "help")]


def test_what_changed_since_it_was_seen_is_turned_back(town):
    """Tests an officer who lost the role between the preview and the yes: that row alone is refused with the reason."""
    one, two = town.firms(2)
    made = received(town, book([[1, one.name, "", "王联企", "", ""], [2, two.name, "", "李联企", "", ""]]))
    with acting(town.bureau):
        from qifu.kernel.access.models import Grant

        everything(Grant).filter(person=town.li.person).update(revoked_at=clock.now())
    town.do("intake.commit", town.bureau, source=made.id)
    assert held(town) == [(one.name, "王联企", "lead")]
    assert "没有叫李联企" in whys(town, made)[4]


def test_a_town_gives_only_its_own_and_an_officer_gives_nothing(town):
    """Tests that another town's enterprise is not found, that who visits may not import, and that nothing is given."""
    mine, theirs = town.firm(), town.firm(place=town.other)
    made = received(town, f"企业,干部\n{mine.name},王联企\n{theirs.name},王联企\n".encode(), "包联.csv", actor=town.clerk)
    assert (made.counts["enters"], made.counts["wrong"]) == (1, 1)
    refused = receive_and_stage(Upload("visits.territories", "包联.xlsx", book([])), actor=town.wang, at=clock.now())
    assert not refused.ok and refused.code == "NotYours"
    assert browser(town.wang).get("/desk/import?kind=visits.territories").status_code == 403
    assert "包联名单" in text(browser(town.clerk).get("/desk/import?kind=visits.territories"))
    assert held(town) == []


@pytest.mark.parametrize("rows", [10_000])
def test_ten_thousand_rows_with_errors_are_seen_and_enter_but_for_those(town, rows):
    """Tests a whole district's list: 100 rows in error are said each with its line, the others take place at once."""
    firms = [[f"奉化大名单{n}号有限公司", "莼湖街道"] for n in range(rows)]
    head = "企业名称,所在镇街\n" + "\n".join(",".join(one) for one in firms)
    done = receive_and_stage(Upload("registry.enterprises", "企业.csv", head.encode()), actor=town.bureau, at=clock.now())
    town.do("intake.commit", town.bureau, source=done.result.id)
    listed = [[n, name, "", "王联企" if n % 2 else "李联企", "", ""] for n, (name, _) in enumerate(firms)]
    for n in range(0, rows, 100):
        listed[n][1 if n % 200 else 3] = "没有的"
    made = received(town, book(listed))
    assert (made.counts["enters"], made.counts["wrong"]) == (rows - rows // 100, rows // 100)
    town.do("intake.commit", town.bureau, source=made.id)
    assert len(held(town)) == rows - rows // 100
