"""Tests that what leaves is text, watermarked, and never a formula."""

import csv
import io
from datetime import date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.intake.writer import watermark, write_csv, write_sheets, write_xlsx

AT = datetime(2020, 2, 7, 9, 12, tzinfo=ZONE)
MARK = watermark(who="周敏", office="区经信局", at=AT, purpose="核对")
EVIL = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "=cmd|'/c calc'!A0", "＝1+1", "#N/A", "'x", " =1", "=\u202e1"]


def _cells(data: bytes):
    book = load_workbook(io.BytesIO(data))
    return [[list(row) for row in page.iter_rows()] for page in book.worksheets]


def test_the_watermark_says_who_when_and_what_for():
    assert MARK == "周敏（区经信局）　2020-02-07 09:12 导出　用途：核对　含内部信息，不外传"


def test_no_cell_of_a_workbook_is_a_formula():
    (page,) = _cells(write_xlsx(["名称"], [[text] for text in EVIL], mark=MARK))
    assert page[0][0].value == MARK
    assert all(cell.data_type == "s" for row in page for cell in row)
    assert page[2][0].value == "=1+1"
    assert page[2][0].quotePrefix


def test_live_cells_of_a_csv_get_an_apostrophe():
    rows = list(csv.reader(io.StringIO(write_csv(["名称"], [[text] for text in EVIL]).decode("utf-8-sig"), newline="")))
    assert rows[1] == ["'=1+1"]
    assert all(not row[0].lstrip().startswith(("=", "+", "-", "@")) for row in rows if row)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=20), min_size=1, max_size=20))
def test_any_text_comes_out_as_text(texts):
    (page,) = _cells(write_xlsx(["甲"], [[text, text] for text in texts]))
    assert all(cell.data_type in "sn" for row in page for cell in row)
    assert all(cell.value is None for row in page for cell in row if cell.data_type == "n")
    for row in csv.reader(io.StringIO(write_csv(["甲"], [[text] for text in texts]).decode("utf-8-sig"), newline="")):
        assert all(not cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


def test_values_are_written_as_people_read_them():
    row = [None, 3, 3.0, 2.5, True, date(2020, 2, 18), AT, ("13800000001", "057488888888")]
    (page,) = _cells(write_xlsx(list("abcdefgh"), [row]))
    assert [cell.value for cell in page[1]] == [None, "3", "3", "2.5", "是", "2020-02-18", "2020-02-07 09:12", "13800000001、057488888888"]


def test_sheets_get_names_that_are_allowed_and_unlike():
    data = write_sheets([("江口/街道", ["a"], []), ("江口街道", ["a"], []), ("", ["a"], [])])
    assert load_workbook(io.BytesIO(data)).sheetnames == ["江口街道", "江口街道2", "名单"]


def test_nothing_to_write_is_still_a_workbook():
    assert load_workbook(io.BytesIO(write_sheets([]))).sheetnames == ["名单"]
