"""The upper level's workbook: what is taken in, which cells may be filled, and that nothing else of it changes."""

import io
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from qifu.areas.returns import book, guessing, refusals
from qifu.areas.returns.sums import Sums

from .forms import added, city_table

FORM = city_table()
VALUES: dict[book.Place, book.Value] = {
    (0, "B5"): 12,
    (0, "B6"): 30,
    (0, "C5"): 9,
    (0, "C6"): 24,
    (0, "D5"): 0.75,
    (0, "A2"): "填报单位：奉化区",
}


def parts(body: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_formulas_locks_styles_merged_cells_and_pictures_survive() -> None:
    """Tests that but for the cells filled, and formulas marked to be worked out, the upper level's file is what it was."""
    before, after = parts(FORM), parts(book.filled(FORM, VALUES))
    assert list(after) == list(before)
    assert {name for name in before if before[name] != after[name]} == {"xl/worksheets/sheet1.xml", "xl/workbook.xml"}
    was, now = load_workbook(io.BytesIO(FORM)).active, load_workbook(io.BytesIO(book.filled(FORM, VALUES))).active
    for row in was.iter_rows():
        for cell in row:
            there = now[cell.coordinate]
            assert (there.style_id, there.protection.locked) == (cell.style_id, cell.protection.locked), cell.coordinate
            assert there.value == VALUES.get((0, cell.coordinate), cell.value), cell.coordinate
    assert now.merged_cells.ranges == was.merged_cells.ranges
    assert now.protection.sheet and now.protection.password == was.protection.password
    assert now.print_area == was.print_area and len(now._images) == 1


def test_totals_are_right_where_nothing_recalculates() -> None:
    """Tests sums and shares as a telephone shows them, and that a program works all out anew when it opens the file."""
    now = load_workbook(io.BytesIO(book.filled(FORM, VALUES)), data_only=True)
    assert (now.active["B7"].value, now.active["C7"].value) == (42, 33)
    assert now.active["D7"].value == pytest.approx(33 / 42)
    assert now.calculation.fullCalcOnLoad


def test_the_same_values_give_the_same_bytes() -> None:
    """Tests that a kept digest can be compared."""
    assert book.filled(FORM, VALUES) == book.filled(FORM, dict(reversed(VALUES.items())))


def test_words_that_begin_like_a_formula_stay_words() -> None:
    """Tests that no name of a place or a person becomes a formula in the upper level's file."""
    now = load_workbook(io.BytesIO(book.filled(FORM, {(0, "B5"): '=HYPERLINK("http://x")'}))).active
    assert now["B5"].data_type in ("s", "inlineStr") and now["B5"].value.startswith("=HYPER")


def test_a_cell_that_the_file_does_not_hold_is_made_in_its_place() -> None:
    """Tests a blank cell far from the others, in a row of its own and in one that is there."""
    out = io.BytesIO()
    sparse = Workbook()
    sparse.active["A1"], sparse.active["D1"], sparse.active["B9"] = "甲", "丁", "壬"
    sparse.save(out)
    now = load_workbook(io.BytesIO(book.filled(out.getvalue(), {(0, "B1"): 1, (0, "C4"): date(2020, 2, 17), (0, "A9"): 3}))).active
    assert [now["A1"].value, now["B1"].value, now["D1"].value, now["A9"].value, now["B9"].value] == ["甲", 1, "丁", 3, "壬"]
    assert now["C4"].value == (date(2020, 2, 17) - date(1899, 12, 30)).days


@pytest.mark.parametrize(
    ("address", "words", "refusal"),
    [
        ("B7", False, refusals.FormulaCell), ("D7", True, refusals.FormulaCell), ("A5", False, refusals.LockedCell),
        ("C1", False, refusals.LockedCell), ("A2", False, refusals.LabelCell), ("ZZ9", False, refusals.NoSuchCell),
        ("hello", False, refusals.NoSuchCell),
    ],
)  # fmt: skip
def test_what_is_not_to_be_filled_is_refused_by_name(address: str, words: bool, refusal: type[Exception]) -> None:
    """Tests formulas, locked cells (also under a merged one), words of the form, and addresses of nothing."""
    with pytest.raises(refusal):
        book.target(FORM, 0, address, words=words)


def test_words_may_follow_a_label_and_take_the_place_of_a_blank_date() -> None:
    """Tests 填报单位： and 年 月 日, and an address typed as people type it."""
    squares = book.grid(FORM, 0).squares
    assert book.target(FORM, 0, " $a$2 ", words=True) == "A2"
    assert book.beside(squares["A2"], "奉化区") == "填报单位：奉化区"
    assert book.beside(squares[book.target(FORM, 0, "D2", words=True)], "2020年2月17日") == "2020年2月17日"
    assert book.target(FORM, 0, "b5", words=False) == "B5"


def test_a_merged_cell_is_filled_at_its_head() -> None:
    """Tests that any address under a merged cell leads to the one that shows."""
    out = io.BytesIO()
    made = Workbook()
    made.active.merge_cells("B2:C3")
    made.active["A1"] = "甲"
    made.save(out)
    assert book.target(out.getvalue(), 0, "C3", words=False) == "B2"


@pytest.mark.parametrize(
    ("body", "name", "refusal"),
    [
        (added(FORM, "xl/vbaProject.bin"), "日报.xlsx", refusals.HasMacros),
        (FORM, "日报.xlsm", refusals.HasMacros),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "日报.xlsx", refusals.Encrypted),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "日报.xlsx", refusals.NotATemplate),
        (b"%PDF-1.7", "日报.xlsx", refusals.NotATemplate),
        (FORM, "日报.pdf", refusals.NotATemplate),
        (FORM[:900], "日报.xlsx", refusals.NotATemplate),
        (b"", "日报.xlsx", refusals.NotATemplate),
        (added(FORM, "xl/bomb.xml", b"<a>" + b" " * 60_000_000), "日报.xlsx", refusals.TooWide),
        (added(FORM, "xl/trap.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "日报.xlsx", refusals.NotATemplate),
    ],
    ids=["macros", "macros by name", "encrypted", "old", "pdf inside", "another name", "torn", "empty", "bomb", "entities"],
)  # fmt: skip
def test_what_is_no_plain_template_is_refused_in_its_own_words(body: bytes, name: str, refusal: type[refusals.NotATemplate]) -> None:
    """Tests files that are not what their name says, that carry something alive, or that unpack to too much."""
    with pytest.raises(refusal) as refused:
        # A bomb packs well: it is made small enough to come in.
        book.check(_packed(body) if len(body) > book.MOST_BYTES else body, name)
    assert type(refused.value) is refusal
    assert "没有收下" in refused.value.says


def _packed(body: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as packed, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for name in packed.namelist():
            written.writestr(name, packed.read(name))
    return out.getvalue()


def test_a_plain_template_is_taken_in() -> None:
    """Tests that locks on cells are no reason to refuse."""
    book.check(FORM, "日报.XLSX")
    assert book.sheets(FORM) == ["复工日报"]


def test_the_words_around_a_cell_are_its_heads() -> None:
    """Tests that merged heads above and the town at the left are read for a cell."""
    assert guessing.words_around(book.grid(FORM, 0), "C6") == ("裘村镇", "企业复工情况日报表 复工申请 受理企业")


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=SUM(A1:A3)", 6), ("=A1+A2*2", 5), ("=(A1+A2)/A3", 1), ("=-A1", -1), ("=ROUND(A2/A3,2)", 0.67), ("=$A$3*50%", 1.5),
        ("=AVERAGE(A1:A3,B9)", 1.5), ("=A1/B9", None), ("=IF(A1>0,1,0)", None), ("=Other!A1", None), ("=B1", None), ("=SUM(B1,A1)", None),
    ],
)  # fmt: skip
def test_only_what_is_known_is_worked_out(formula: str, value: float | None) -> None:
    """Tests plain arithmetic; that a circle, a division by nothing, another sheet and any other function are left to the program."""
    assert Sums({"A1": 1, "A2": 2, "A3": 3}, {"B1": "=B2", "B2": "=B1", "C1": formula}).value("C1") == (
        pytest.approx(value) if value is not None else None
    )
