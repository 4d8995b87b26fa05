"""Tests that every file is read or refused in words: nothing else comes out, whatever goes in."""

import codecs
import io
import random
import re
import resource
import zipfile
from datetime import date, datetime, time

import pytest
from openpyxl import Workbook as Book
from python_calamine import CalamineWorkbook

from qifu.kernel.intake import Unreadable
from qifu.kernel.intake.guard import LIMITS, Limits
from qifu.kernel.intake.reader import read
from qifu.kernel.intake.refusals import NotWhatItSays, TooBig, Trap

from . import corpus

PLAIN = [["企业名称", "员工数"], ["甲公司", 12], ["乙公司", 7]]


def _rows(book):
    return [list(sheet.rows()) for sheet in book.sheets]


def _refused(data: bytes, name: str, kind: type[Unreadable] = Unreadable) -> Unreadable:
    with pytest.raises(kind) as caught:
        read(data, name)
    refusal = caught.value
    assert refusal.says.endswith("。"), refusal.says
    assert refusal.fix.endswith("。"), refusal.fix
    assert not set(refusal.says) & set("!！"), refusal.says
    return refusal


def test_a_workbook_is_read_as_it_stands():
    assert _rows(read(corpus.workbook({"名单": PLAIN}), "a.xlsx")) == [[["企业名称", "员工数"], ["甲公司", 12.0], ["乙公司", 7.0]]]


def test_a_path_is_read_like_bytes(tmp_path):
    path = tmp_path / "名单.xlsx"
    path.write_bytes(corpus.workbook({"名单": PLAIN}))
    assert _rows(read(path, path.name)) == _rows(read(path.read_bytes(), "a.xlsx"))


# ------------------------------------------------------------------------------------------------ traps in workbooks


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (corpus.bomb, TooBig),
        (corpus.lying_bomb, TooBig),
        (corpus.far_cell, TooBig),
        (corpus.hidden_far_cell, TooBig),
        (corpus.unplaced_cells, TooBig),
        (corpus.other_namespace, TooBig),
        (corpus.one_text_in_many_cells, TooBig),
        (corpus.entities, Trap),
        (corpus.outer_entity, Trap),
        (corpus.utf16_entities, Trap),
        (corpus.broken_deflate, Unreadable),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_trap_is_refused_in_words_and_without_filling_the_memory(make, kind):
    data = make()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    _refused(data, "名单.xlsx", kind)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # kilobytes


def test_a_sheet_painted_down_to_its_last_row_is_read():
    book = read(corpus.many_empty_rows(), "名单.xlsx")
    assert _rows(book) == [[["企业名称", "员工数"], ["甲公司", 12.0]]]


def test_a_real_last_row_is_read():
    rows = f'<row r="1">{corpus.text_cell("A1", "企业名称")}</row><row r="1048576">{corpus.text_cell("A1048576", "甲")}</row>'
    found = list(read(corpus.with_sheet(rows), "名单.xlsx").sheets[0].rows())
    assert len(found) == 1_048_576
    assert found[-1] == ["甲"]


def test_a_large_honest_list_is_not_taken_for_a_bomb():
    assert LIMITS.unpacked_for(7_700_000) > 69_000_000
    assert LIMITS.unpacked_for(200_000) == LIMITS.unpacked
    assert LIMITS.unpacked_for(1 << 40) == LIMITS.unpacked_most


def test_too_large_an_upload_is_refused_before_it_is_opened():
    with pytest.raises(TooBig):
        read(corpus.workbook({"名单": PLAIN}), "a.xlsx", limits=Limits(upload=1000))


def test_more_cells_than_memory_bears_are_refused():
    with pytest.raises(TooBig):
        read(corpus.workbook({"名单": PLAIN}), "a.xlsx", limits=Limits(written=5))


def test_texts_kept_once_are_read_in_every_cell_as_long_as_memory_bears_it():
    found = _rows(read(corpus.shared_texts(), "名单.xlsx"))[0]
    assert [row[0] for row in found[:3]] == ["乙公司", "丙公司", "甲公司"]
    with pytest.raises(TooBig):
        read(corpus.shared_texts(), "名单.xlsx", limits=Limits(text=5_000_000))
    assert read(corpus.shared_texts(), "名单.xlsx", limits=Limits(text=6_100_000))


@pytest.mark.parametrize("keep", [0, 3, 30, 200, 1000, -400, -30, -1])
def test_a_file_that_broke_on_the_way_is_refused(keep):
    _refused(corpus.workbook({"名单": PLAIN})[:keep], "名单.xlsx")


def test_rubbish_of_any_kind_is_read_or_refused_and_nothing_else():
    draw = random.Random(20200207)
    good = corpus.workbook({"名单": PLAIN}, merges={"名单": ["A1:B1"]})
    for _ in range(300):
        data = bytearray(good)
        for _ in range(draw.randint(1, 6)):
            data[draw.randrange(len(data))] = draw.randrange(256)
        for name in ("名单.xlsx", "名单.csv"):
            try:
                _rows(read(bytes(data), name))
            except Unreadable as refusal:
                assert refusal.says


def test_damaged_parts_are_read_or_refused_and_nothing_else():
    draw = random.Random(7)
    good = corpus.workbook({"名单": PLAIN, "二": PLAIN})
    parts = {n: zipfile.ZipFile(io.BytesIO(good)).read(n) for n in zipfile.ZipFile(io.BytesIO(good)).namelist()}
    for _ in range(200):
        name = draw.choice(list(parts))
        part = bytearray(parts[name])
        for _ in range(draw.randint(1, 4)):
            place = draw.randrange(len(part))
            part[place : place + draw.randint(0, 3)] = bytes(draw.randrange(256) for _ in range(draw.randint(0, 3)))
        try:
            _rows(read(corpus.repacked(good, {name: bytes(part)}), "名单.xlsx"))
        except Unreadable as refusal:
            assert refusal.says


# -------------------------------------------------------------------------------------------- names and what is inside


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize("name", ["名单.xls", "名单.et", "名单.xlsx", "名单", "名单.docx"])
def test_an_old_workbook_is_read_whatever_its_name(name):
    """Tests that what is inside decides, and that a name which says otherwise is told."""
    book = read(corpus.old_workbook({"名单": PLAIN}), name)
    assert _rows(book) == [[["企业名称", "员工数"], ["甲公司", 12.0], ["乙公司", 7.0]]]
    assert any("按里面的读了" in note for note in book.notes) == (name in ("名单.xlsx", "名单.docx"))


def test_an_old_workbook_tells_hidden_sheets_rows_and_formulas():
    book = read(corpus.old_workbook({"名单": PLAIN, "底稿": PLAIN}, hidden_sheets=("底稿",), hidden_rows=(2,), formula=True), "名单.xls")
    assert [sheet.name for sheet in book.sheets] == ["名单"]
    assert book.notes[:2] == ("“名单”有1行是隐藏的，也读了。", "隐藏的工作表“底稿”没有读。")
    assert book.sheets[0].formulas


def test_an_old_workbook_reads_as_another_reader_reads_it():
    """Tests every kind of cell against an independent reader: texts, whole and broken numbers, days, truth, merged cells."""
    rows = [
        ["企业", 1, -1, 0.1, 12.34, 1e-7, 3.30213e17, True, False, "", date(2020, 2, 18)],
        ["", "x" * 300, 2**29, -(2**29) - 1, 123456789012],
    ]
    data = corpus.old_workbook({"名单": rows, "二": [[1.5, "é"]]}, merges=((4, 6, 1, 2),))
    other = CalamineWorkbook.from_filelike(io.BytesIO(data))
    book = read(data, "a.xls")
    for i, sheet in enumerate(book.sheets):
        theirs = other.get_sheet_by_index(i)
        plain = [[datetime.combine(c, time()) if type(c) is date else c for c in row] for row in theirs.iter_rows()]
        assert list(sheet.rows()) == plain
        assert list(sheet.merges) == (theirs.merged_cell_ranges or [])


def test_long_texts_that_run_over_records_are_measured():
    """Tests shared texts longer than a record: read whole, and refused where they stand in too many cells."""
    data = corpus.old_workbook({"名单": [["甲乙" * 9000, "x"]] * 3})
    assert list(read(data, "a.xls").sheets[0].rows())[2][0] == "甲乙" * 9000
    with pytest.raises(TooBig):
        read(data, "a.xls", limits=Limits(text=50_000))
    assert read(data, "a.xls", limits=Limits(text=55_000))


def test_an_old_workbook_may_not_be_a_bomb():
    with pytest.raises(TooBig):
        read(corpus.old_workbook({"名单": PLAIN}), "a.xls", limits=Limits(written=5))
    with pytest.raises(TooBig):
        read(corpus.old_workbook({"名单": PLAIN}, far=True), "a.xls")


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda: OLE + b"\0" * 600, "不完整"),
        (lambda: corpus.old_workbook({"名单": PLAIN})[:3000], "不完整"),
        (lambda: corpus.old_workbook({"名单": PLAIN}).replace(b"\xfc\x00", b"\xfd\x00"), "不完整"),
        (lambda: corpus.compound({"EncryptionInfo": b"x" * 50, "EncryptedPackage": b"x" * 5000}), "加了密码"),
        (lambda: corpus.old_workbook({"名单": PLAIN}, locked=True), "加了密码"),
        (lambda: corpus.compound({"WordDocument": b"x" * 5000}), "Word"),
        (lambda: corpus.compound({"Workbook": b"\x09\x08\x08\x00\x00\x05\x05\x00" + b"\0" * 5000}), "太旧"),
        (lambda: corpus.compound({"Other": b"x" * 5000}), "没有表格"),
    ],
)
def test_an_old_file_that_cannot_be_read_is_told_why(make, word):
    assert word in _refused(make(), "名单.xls").says


def test_damaged_old_workbooks_are_read_or_refused_and_nothing_else():
    draw = random.Random(1997)
    good = corpus.old_workbook({"名单": PLAIN * 40})
    for _ in range(300):
        data = bytearray(good[: draw.randrange(600, len(good))] if draw.random() < 0.3 else good)
        for _ in range(draw.randint(1, 5)):
            data[draw.randrange(len(data))] = draw.randrange(256)
        try:
            _rows(read(bytes(data), "名单.xls"))
        except Unreadable as refusal:
            assert refusal.says


def test_a_chat_list_becomes_rows_and_no_line_is_lost():
    """Tests numbered lines in many hands: keycaps, circles, mixed separators, labels, wide digits, two phones, asides."""
    said = """#接龙
各企业报联系人和在岗人数[玫瑰]

1. 张三 13812345678 某某机械有限公司 36人
2、甲乙服装厂，李四：139-1234-5678（溪口镇） 12人
3️⃣ 王五/丙丁有限公司/0574-88881234/13712345678
④赵六 戊己超市 １３６１２３４５６７８ 👍👍
5 钱七	庚辛塑料有限公司	手机：13512345678
@所有人 抓紧
"""
    book = read(said.encode(), "粘贴的文字.txt")
    (sheet,) = book.sheets
    rows = list(sheet.rows())
    assert len(rows) == 1 + len(said.splitlines())
    listed = [row[:6] for number, row in enumerate(rows[1:], start=2) if number not in sheet.asides and any(row)]
    assert listed == [
        ["1", "某某机械有限公司", "张三", "13812345678", "", "36"],
        ["2", "甲乙服装厂", "李四", "13912345678", "溪口镇", "12"],
        ["3", "丙丁有限公司", "王五", "0574-88881234/13712345678", "", ""],
        ["4", "戊己超市", "赵六", "13612345678", "", ""],
        ["5", "庚辛塑料有限公司", "钱七", "13512345678", "", ""],
    ]
    assert sheet.asides == {2, 3, 10}


def test_a_table_with_numbers_is_not_taken_for_a_chat():
    rows = _rows(read("序号,企业名称,员工数\n1,甲公司,3\n2,乙公司,4\n".encode(), "a.csv"))[0]
    assert rows[0] == ["序号", "企业名称", "员工数"]


@pytest.mark.parametrize(
    ("data", "name", "word"),
    [
        (b"%PDF-1.7 ...", "名单.xlsx", "PDF"),
        (b"\x89PNG\r\n\x1a\n....", "名单.csv", "图片"),
        (b"MZ\x90\0" + b"\0" * 100, "名单.xlsx", "程序"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "名单.xls", "网页"),
        (corpus.stored("note.txt", b"hello"), "名单.xlsx", "压缩包"),
        (corpus.stored("note.txt", b"hello"), "名单.et", "WPS"),
        ("企业名称,员工数\n甲,1\n".encode(), "名单.exe", "文本"),
        ("企业名称,员工数\n甲,1\n".encode(), "名单.xlsx", "文本"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused_by_what_it_is(data, name, word):
    assert word in _refused(data, name, NotWhatItSays).says


def test_an_empty_file_is_said_to_be_empty():
    assert "空的" in _refused(b"", "名单.xlsx").says
    assert "空的" in _refused(b"", "名单.csv").says


# ------------------------------------------------------------------------------------------------ what is in the cells


def test_a_formula_gives_its_stored_value_and_is_marked():
    book = Book()
    book.active.append(["企业名称", "员工数", "合计"])
    book.active.append(["甲", 3, "=B2*2"])
    out = io.BytesIO()
    book.save(out)
    sheet = re.sub(rb"(<f>B2\*2</f>)<v(?: ?/>|></v>)", rb"\1<v>6</v>", zipfile.ZipFile(out).read("xl/worksheets/sheet1.xml"))
    found = read(corpus.repacked(out.getvalue(), {"xl/worksheets/sheet1.xml": sheet}), "a.xlsx")
    assert list(found.sheets[0].rows())[1] == ["甲", 3.0, 6.0]
    assert found.sheets[0].formulas == {2: {2}}
    assert found.notes == ("1格是公式，取了上次算出的值，没有重新计算。",)


def test_text_that_looks_like_a_formula_is_text():
    rows = f'<row r="1">{corpus.text_cell("A1", "=cmd|&apos;/c calc&apos;!A0")}{corpus.text_cell("B1", "+1")}</row>'
    assert _rows(read(corpus.with_sheet(rows), "a.xlsx")) == [[["=cmd|'/c calc'!A0", "+1"]]]
    assert _rows(read("企业,数\n=1+1,@SUM(A1)\n".encode(), "a.csv")) == [[["企业", "数"], ["=1+1", "@SUM(A1)"]]]


def test_links_to_other_files_are_noted_and_not_followed():
    data = corpus.repacked(corpus.workbook({"名单": PLAIN}), {}, add={"xl/externalLinks/externalLink1.xml": b"<externalLink/>"})
    found = read(data, "a.xlsx")
    assert any("没有去打开" in note for note in found.notes)
    assert len(_rows(found)[0]) == 3


def test_a_hidden_sheet_is_not_read_and_that_is_said():
    book = Book()
    book.active.append(["企业名称"])
    book.create_sheet("底稿").sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    found = read(out.getvalue(), "a.xlsx")
    assert [sheet.name for sheet in found.sheets] == ["Sheet"]
    assert found.notes == ("隐藏的工作表“底稿”没有读。",)


def test_dates_are_dates():
    data = corpus.workbook({"名单": [["日期"], [date(2020, 2, 18)]]})
    assert _rows(read(data, "a.xlsx"))[0][1] == [date(2020, 2, 18)] or str(_rows(read(data, "a.xlsx"))[0][1][0]).startswith("2020-02-18")


# ------------------------------------------------------------------------------------------------------ encodings

TEXT = "企业名称,员工数,地址\r\n奉化䶮机械有限公司,12,“江口”街道\r\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("gb18030"),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.replace(",", "\t").encode("utf-16-le"),
        TEXT.replace(",", "\t").encode(),
        TEXT.replace(",", ";").encode("gb18030"),
        TEXT.replace(",", "|").encode(),
        TEXT.replace(",", "，").encode(),
    ],
    ids=["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-be", "utf-16-le without mark", "tabs", "semicolons", "bars", "wide commas"],
)
def test_text_is_read_in_the_encodings_and_separators_of_offices(data):
    expected = [["企业名称", "员工数", "地址"], ["奉化䶮机械有限公司", "12", "“江口”街道"]]
    assert _rows(read(data, "名单.csv")) == [expected]
    assert _rows(read(data, "名单.txt")) == [expected]


def test_an_encoding_that_is_none_is_refused():
    assert "编码" in _refused(b"\xff\xff\x80\x81,\xfe\xfe\xff" * 40, "名单.csv").says


def test_zeros_and_marks_that_turn_the_writing_are_dropped_and_noted():
    found = read("企业名称,员工\n甲\u202e司公\0乙\u200b,1\n".encode(), "名单.csv")
    assert _rows(found) == [[["企业名称", "员工"], ["甲司公乙", "1"]]]
    assert found.notes == ("去掉了3个看不见的控制字符。",)


def test_a_program_called_csv_is_refused():
    _refused(bytes(range(256)) * 40, "名单.csv")


def test_a_cell_without_end_is_refused():
    assert "太长" in _refused(('企业名称,员工\n"' + "甲" * 300_000 + '",1\n').encode(), "名单.csv").says


def test_lines_of_different_length_are_made_even():
    assert _rows(read(b"a,b,c\n1\n1,2,3\n", "a.csv")) == [[["a", "b", "c"], ["1", "", ""], ["1", "2", "3"]]]
