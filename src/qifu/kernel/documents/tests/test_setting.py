"""Tests that a paper says exactly what its data says, in every form, whatever people typed."""

import time
from datetime import date
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from docx import Document
from openpyxl import load_workbook
from PIL import Image

from qifu.kernel.documents import excel, papers, photos, typeset, word
from qifu.kernel.documents.papers import Bulletin, Column, Form, Letter, Line, Par, Sheet, Stamp, Table

STAMP = Stamp(number="明复准〔2020〕17号", code="K7MPQ2XA", address="https://qifu.example/v/K7MPQ2XA")
HOSTILE = '#set text(red)\n*粗* _x_ $y$ \\ <script>alert(1)</script> @ref {{ x }} #{read("/etc/passwd")} "//注释" `raw`'
RARE = "塸㛃䶮𫖯"


def letter(**change: Any) -> Letter:
    said: dict[str, Any] = {
        "organ": "明川区企业复工应急组", "title": "关于同意复工的通知", "to": "明川某某有限公司",
        "body": ("来文收悉。", Par("一、同意复工", "heading"), "自2020年2月17日8时起。"), "dated": date(2020, 2, 16),
    }  # fmt: skip
    return Letter(**(said | change))


def sheet(length: int = 3, **change: Any) -> Sheet:
    columns = (
        Column("序号", "centre", 0.4),
        Column("企业名称", width=3),
        Column("员工", "number", band="人数"),
        Column("到岗", "number", band="人数"),
    )
    return Sheet(
        **{
            "title": "复工名单", "columns": columns, "rows": [(n, f"第{n}家有限公司", n * 1000, n) for n in range(1, length + 1)],
            "totals": ("", "合计", 123456, 7), "unit": "家、人", "filler": "周敏", "checker": "王芸", "office": "区经信局", **change,
        }
    )  # fmt: skip


def text_of(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as opened:
        return ["".join(page.get_textpage().get_text_range().split()) for page in opened]


def test_a_letter_carries_number_words_date_and_a_code_that_a_phone_reads() -> None:
    """Tests that the PDF's text is complete, and that the picture of its page holds the address as a QR code."""
    (text,) = text_of(typeset.pdf(letter(), stamp=STAMP))
    for words in (
        "明川区企业复工应急组文件",
        STAMP.number,
        "关于同意复工的通知",
        "明川某某有限公司：",
        "一、同意复工",
        "2020年2月16日",
        "K7MPQ2XA",
    ):
        assert words in text
    (page,) = typeset.pages(letter(), stamp=STAMP)
    assert [found.text for found in zxingcpp.read_barcodes(Image.open(BytesIO(page)))] == [STAMP.address]


def test_a_photograph_on_a_desk_comes_back_to_its_code() -> None:
    """Tests that the code is read off a page that was photographed small, turned, grey and compressed; and off nothing else."""
    (page,) = typeset.pages(letter(), stamp=STAMP, ppi=150)
    photo = Image.open(BytesIO(page)).convert("L").rotate(11, expand=True, fillcolor=90)
    out = BytesIO()
    photo.save(out, "JPEG", quality=55)
    assert photos.code_in(out.getvalue()) == "K7MPQ2XA"
    (bare,) = typeset.pages(letter())
    assert photos.code_in(bare) == ""
    (foreign,) = typeset.pages(letter(), stamp=Stamp(address="https://elsewhere.example/pay?to=me"))
    assert photos.code_in(foreign) == ""
    assert photos.code_in(b"GIF89a no picture") == "" == photos.code_in(b"")


@pytest.mark.parametrize(
    "paper", [letter(), sheet(), Form(title="登记表"), Bulletin(name="通报", organ="组", title="题")], ids=lambda p: p.kind
)
def test_the_same_data_gives_the_same_bytes(paper: papers.Paper) -> None:
    """Tests that a PDF depends on nothing but its data, also after the data was kept and read back."""
    first = typeset.pdf(paper, stamp=STAMP)
    time.sleep(1.1)
    assert typeset.pdf(paper, stamp=STAMP) == first
    assert typeset.pdf(papers.of_data(papers.as_data(paper)), stamp=STAMP) == first


def test_what_people_type_is_text_in_every_form() -> None:
    """Tests that markup, templates and paths typed into any part come out as the characters that were typed."""
    wanted = "".join(HOSTILE.split())
    said = (
        letter(title=HOSTILE, to=HOSTILE, body=(HOSTILE, Par(HOSTILE, "heading")), attachments=(HOSTILE,), contact=HOSTILE, copies=HOSTILE),
        sheet(title=HOSTILE, rows=[(1, HOSTILE, 1, 1)], filters=(HOSTILE,), note=HOSTILE, filler=HOSTILE, mark=HOSTILE),
        Form(title=HOSTILE, lines=(Line("名", HOSTILE),), text=(HOSTILE,), signatures=(HOSTILE,), note=HOSTILE),
        Bulletin(name="通报", organ=HOSTILE, title=HOSTILE, body=(HOSTILE,), people=(HOSTILE,)),
    )
    for paper in said:
        # Headlines break within a word at a hyphen or nowhere: the words are compared without blanks.
        text = "".join(text_of(typeset.pdf(paper)))
        assert text.count(wanted) >= 2, paper.kind
        document = Document(BytesIO(word.docx(paper)))
        spoken = "".join("".join(p.text.split()) for p in document.paragraphs)
        assert wanted in spoken


def test_rare_characters_and_long_names_stand_on_paper() -> None:
    """Tests that characters of people's and places' names outside the usual sets are set and can be copied out again."""
    name = "宁波市明川区" + RARE * 12 + "(集团)有限公司"
    text = "".join(text_of(typeset.pdf(letter(title=f"关于同意{name}复工的通知", to=name, body=(name * 9,)))))
    assert text.count(RARE * 12) >= 5
    with pypdfium2.PdfDocument(typeset.pdf(sheet(rows=[(1, name * 3, 1, 1)]))) as opened:
        assert len(opened) == 1


def test_a_list_of_500_rows_repeats_its_head_and_adds_up(record_property: Any) -> None:
    """Tests that all 500 rows are there, the head is on every page, and sums, unit, filler and checker on the last or first."""
    began = time.perf_counter()
    pages = text_of(typeset.pdf(sheet(500, filters=("镇街：临江街道",), mark="周敏（区经信局）2020-02-17 20:00 导出")))
    record_property("seconds for 500 rows", round(time.perf_counter() - began, 2))
    assert len(pages) > 5
    assert all("企业名称" in page and "周敏（区经信局）" in page for page in pages)
    joined = "".join(pages)
    assert all(f"第{n}家有限公司" in joined for n in range(1, 501))
    assert "范围：镇街：临江街道" in pages[0] and "单位：家、人" in pages[0] and f"共{len(pages)}页" in pages[0]
    assert "合计123,456" in pages[-1] and "填表：周敏" in pages[-1] and "核对：王芸" in pages[-1]


def test_excel_holds_the_list_and_no_formula() -> None:
    """Tests that cells beginning like formulas are text and stay so, numbers are numbers, and filters and mark stand above."""
    live = ["=1+1", "+86", "-2", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", "＝1"]
    rows = [(n, text, n, n) for n, text in enumerate(live)]
    book = load_workbook(BytesIO(excel.xlsx(sheet(rows=rows, filters=("规模：规上",), mark="周敏 2020-02-17 导出", note="=1"))))
    page = book.active
    cells = [cell for row in page.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    shown = {cell.value: cell for cell in cells}
    assert all(shown[text.strip() if text.startswith("\t") else text].quotePrefix for text in live if text in shown)
    assert shown["=1+1"].quotePrefix and shown["@SUM(A1)"].quotePrefix
    assert 123456 in shown and shown[123456].data_type == "n"
    assert page["A1"].value == "周敏 2020-02-17 导出" and any(value == "范围：规模：规上" for value in shown)
    assert page.page_setup.orientation == "landscape" and page.print_title_rows


def test_a_bulletin_has_its_tables_after_it() -> None:
    """Tests that a bulletin's tables come on pages of their own with unit and as-of."""
    table = Table(
        title="各镇街情况",
        columns=(Column("镇街"), Column("家数", "number")),
        rows=[("临江街道", 38)],
        totals=("全区", 570),
        unit="家",
        as_of="截至2月17日20时",
    )
    paper = Bulletin(
        name="复工复产情况通报",
        organ="区应急组",
        issue="第18期",
        dated=date(2020, 2, 17),
        title="461家开了工",
        body=("截至20时。",),
        tables=(table,),
        people=("统计：周敏", "核对：王芸"),
    )
    pages = text_of(typeset.pdf(paper, stamp=STAMP))
    assert len(pages) == 2
    assert "461家开了工" in pages[0] and "核对：王芸" in pages[0] and "第18期" in pages[0]
    assert "附各镇街情况" in pages[1] and "单位：家" in pages[1] and "全区570" in pages[1]
