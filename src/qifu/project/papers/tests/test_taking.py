"""Tests that lists leave the house marked, recorded, and above 500 rows only by two people."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.http import QueryDict
from openpyxl import load_workbook

from qifu.areas.resumption.tests.factories import february, world
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.actions import Done, Refused, run
from qifu.kernel.calendar import clock
from qifu.kernel.documents import exporting
from qifu.kernel.documents.exporting import Listing
from qifu.kernel.documents.models import Export, ExportFile
from qifu.kernel.documents.papers import Column, Sheet
from qifu.kernel.journal import reading
from qifu.kernel.workflow.timer import timer

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def town():
    with clock.use(clock.Fixed(february("10"))) as hands:
        yield world(hands)


@pytest.fixture
def long_list():
    """A list of as many rows as its filter says."""

    def read(filters: QueryDict, actor: Any, at: Any, most: int) -> Sheet:
        rows = [(n, f"第{n}家") for n in range(min(int(filters.get("n", "0")), most))]
        return Sheet(title="长名单", columns=(Column("序号", "number"), Column("企业")), rows=rows, unit="家")

    def count(filters: QueryDict, actor: Any, at: Any, most: int) -> int:
        return min(int(filters.get("n", "0")), most + 1)

    exporting.register(Listing(name="test.long", label="长名单", needs=("resumption.see",), count=count, read=read))
    yield "test.long"
    del exporting.listings["test.long"]


def ask(actor: Any, rows: int, **more: Any) -> Any:
    return run("documents.export", {"listing": "test.long", "filters": f"n={rows}", "purpose": "开会用", **more}, actor=actor)


def cells(content: bytes) -> list[Any]:
    page = load_workbook(BytesIO(content)).active
    return [cell for row in page.iter_rows(values_only=True) for cell in row if cell is not None]


def test_up_to_500_rows_leave_at_once_with_a_mark(town, long_list):
    """Tests that 500 rows are given in each form, that the mark says who, when and what for, and that the record knows."""
    done = ask(town.bureau, 500)
    assert isinstance(done, Done)
    found = cells(done.result.content)
    assert "第499家" in found and town.bureau.name in found[0] and "用途：开会用" in found[0] and "2020-02-10 09:00" in found[0]
    assert any(f"填表：{town.bureau.name}" in str(cell) and "核对：" in str(cell) for cell in found), (
        "a list is filled by one, checked by another"
    )
    assert ask(town.bureau, 20, form="pdf").result.content.startswith(b"%PDF")
    assert ask(town.bureau, 20, form="docx").result.content.startswith(b"PK")
    with acting(town.bureau):
        assert Export.objects.count() == 0
        taken = list(reading.entries(process=exporting.PROCESS))
    assert [entry.data["rows"] for entry in taken] == [500, 20, 20] and {entry.verb for entry in taken} == {"take"}


@pytest.mark.parametrize(("rows", "form", "code"), [(0, "xlsx", "Nothing"), (20_001, "xlsx", "TooMany"), (2_001, "pdf", "TooManyForPaper")])
def test_what_cannot_leave_says_why(town, long_list, rows, form, code):
    """Tests that empty lists, too long ones and paper of thousands of rows are refused and nothing is kept."""
    refused = ask(town.bureau, rows, form=form)
    assert isinstance(refused, Refused) and refused.code == code
    with acting(town.bureau):
        assert Export.objects.count() == 0


def test_more_than_500_rows_need_another_person_and_wait_a_day(town, long_list):
    """Tests the whole way: asked, not by oneself, not by who may not, allowed, made, fetched by the asker alone, gone after a day."""
    row = ask(town.bureau, 501).result
    assert isinstance(row, Export) and row.state == "asked"
    assert exporting.make_waiting(timer()) == 0
    for actor, code in ((town.bureau, "NotYours"), (officer("approver", town.town), "NotFound")):
        refused = run("documents.answer_export", {"export": row.id, "allow": True}, actor=actor)
        assert isinstance(refused, Refused) and refused.code == code
    assert run("documents.fetch_export", {"export": row.id}, actor=town.bureau).code == "Gone"
    assert isinstance(run("documents.answer_export", {"export": row.id, "allow": True}, actor=town.approver), Done)
    assert run("documents.answer_export", {"export": row.id, "allow": False}, actor=town.approver).code == "NotAnymore"
    assert exporting.make_waiting(timer()) == 1
    assert run("documents.fetch_export", {"export": row.id}, actor=town.approver).code == "NotFound"
    taken = run("documents.fetch_export", {"export": row.id}, actor=town.bureau)
    assert "第500家" in cells(taken.result.content)
    with acting(town.bureau):
        verbs = [entry.verb for entry in reading.entries(process=exporting.PROCESS)]
        sealed = bytes(ExportFile.objects.get(export=row.id).sealed)
    assert verbs == ["ask", "allow", "make", "fetch"]
    assert not sealed.startswith(b"PK"), "the file lies sealed"
    town.hands.advance(timedelta(days=1, minutes=1))
    assert run("documents.fetch_export", {"export": row.id}, actor=town.bureau).code == "Gone"
    exporting.make_waiting(timer())
    with acting(town.bureau):
        assert not ExportFile.objects.exists()


def test_nobody_allows_their_own(town, long_list):
    """Tests that who may allow still needs another for an own list."""
    row = ask(town.approver, 600).result
    refused = run("documents.answer_export", {"export": row.id, "allow": True}, actor=town.approver)
    assert isinstance(refused, Refused) and refused.code == "SamePerson"
    with acting(town.approver):
        assert Export.objects.get().state == "asked"
    second = officer("approver", town.district, name="另一位审批")
    turned = run("documents.answer_export", {"export": row.id, "allow": False, "reason": "先减到本镇"}, actor=second)
    assert isinstance(turned, Done) and exporting.make_waiting(timer()) == 0


def test_a_killed_worker_makes_it_again(town, long_list):
    """Tests that a file begun and never ended goes back to waiting after ten minutes."""
    row = ask(town.bureau, 501).result
    run("documents.answer_export", {"export": row.id, "allow": True}, actor=town.approver)
    with acting(timer()):
        Export._base_manager.filter(pk=row.id).update(state="making", begun_at=clock.now())
    assert exporting.again(timer()) == 0
    town.hands.advance(timedelta(minutes=11))
    assert exporting.again(timer()) == 1 and exporting.make_waiting(timer()) == 1


def test_the_worklist_leaves_as_it_is_filtered(town):
    """Tests the page: filters in words on the file, rows within reach only, and what a contact asks is refused."""
    mine, other = town.firm(size="small"), town.firm(size="small", place=town.other)
    for firm in (mine, other):
        town.ok(town.submit(firm))
    desk = browser(town.bureau)
    address = f"/exports/new?list=resumption.worklist&view=all&town={town.town}"
    assert "1行" in text(desk.get(address))
    assert desk.post(address, {"form": "xlsx", "purpose": ""}).status_code == 422
    found = cells(desk.post(address, {"form": "xlsx", "purpose": "核对"}).content)
    assert mine.name in found and other.name not in found and any("镇街：莼湖街道" in str(cell) for cell in found)
    both = cells(desk.post("/exports/new?list=resumption.worklist&view=all", {"form": "xlsx", "purpose": "核对"}).content)
    assert mine.name in both and other.name in both
    town_only = cells(browser(town.town_clerk).post("/exports/new?list=resumption.worklist&view=all", {"purpose": "核对"}).content)
    assert mine.name in town_only and other.name not in town_only
    assert browser(town.contacts[mine.id]).get("/exports/new?list=resumption.worklist").status_code == 403
    assert desk.get("/exports/new?list=nonsense").status_code == 404


def test_the_second_person_finds_it_on_a_page(town, long_list):
    """Tests that the request stands on the second person's page, is allowed there, and the asker downloads on theirs."""
    row = ask(town.bureau, 501).result
    second, first = browser(town.approver), browser(town.bureau)
    assert "等您同意" in text(second.get("/exports/")) and "等您同意" not in text(first.get("/exports/"))
    assert second.post(f"/exports/{row.id}/answer", {"allow": "1"}).status_code == 302
    assert "排队生成" in text(first.get("/exports/"))
    exporting.make_waiting(timer())
    assert "可以下载" in text(first.get("/exports/"))
    assert first.post(f"/exports/{row.id}/file").content.startswith(b"PK")
