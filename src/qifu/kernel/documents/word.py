"""Papers as Word files, for whoever must paste or edit them. The PDF is what was issued; a Word file says that it is a copy."""

from base64 import b64decode
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import segno
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell

from qifu.kernel.intake.writer import plain

from .papers import Bulletin, Cell, Form, Letter, Paper, Sheet, Stamp, Table, chinese_day, paragraphs

RED = RGBColor(0xC8, 0x10, 0x2E)
_SONG, _HEI, _TITLE = "仿宋", "黑体", "宋体"
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


def docx(paper: Paper, *, stamp: Stamp | None = None) -> bytes:
    """Write a paper as .docx: the same words in the same order; fonts by their Chinese names, as offices have them."""
    stamp = stamp or Stamp()
    doc = Document()
    # The file says when the paper was made, never the hour of this machine: two copies are alike.
    doc.core_properties.author, doc.core_properties.title = "", plain(paper.name if isinstance(paper, Bulletin) else paper.title)
    doc.core_properties.created = doc.core_properties.modified = _EPOCH
    _page(doc, landscape=isinstance(paper, Sheet) and not paper.portrait)
    if isinstance(paper, Letter):
        _letter(doc, paper, stamp)
    elif isinstance(paper, Bulletin):
        _bulletin(doc, paper, stamp)
    elif isinstance(paper, Sheet):
        _sheet(doc, paper, stamp)
    else:
        _form(doc, paper, stamp)
    out = BytesIO()
    doc.save(out)
    return out.getvalue()


def _letter(doc: Any, paper: Letter, stamp: Stamp) -> None:
    _line(doc, paper.head or f"{paper.organ}文件", size=36, font=_TITLE, bold=True, colour=RED, align="centre", after=18)
    _line(doc, stamp.number + (f"　　签发人：{paper.signer}" if paper.signer else ""), align="centre", rule=True, after=24)
    _line(doc, paper.title, size=22, font=_TITLE, bold=True, align="centre", after=20)
    if paper.to:
        _line(doc, f"{paper.to}：")
    _body(doc, paper)
    for number, name in enumerate(paper.attachments, 1):
        first = "附件：" if number == 1 else "　　　"
        _line(doc, f"{first}{f'{number}. ' if len(paper.attachments) > 1 else ''}{name}", indent=True)
    _line(doc, paper.signed or paper.organ, align="right", before=36)
    _line(doc, chinese_day(paper.dated) if paper.dated else "", align="right")
    if paper.contact:
        _line(doc, f"（{paper.contact}）", indent=True)
    _checked(doc, stamp)
    if paper.copies:
        _line(doc, f"抄送：{paper.copies}", size=12)
    _tables(doc, paper.tables, "附件")


def _bulletin(doc: Any, paper: Bulletin, stamp: Stamp) -> None:
    _line(doc, paper.name, size=30, font=_TITLE, bold=True, colour=RED, align="centre", after=12)
    day = chinese_day(paper.dated) if paper.dated else ""
    _line(doc, f"{paper.organ}　　{paper.issue}　{day}", align="centre", rule=True, after=18)
    _line(doc, paper.title, size=20, font=_TITLE, bold=True, align="centre", after=16)
    _body(doc, paper)
    _line(doc, "　　".join(paper.people), size=12, before=24)
    _checked(doc, stamp)
    _tables(doc, paper.tables, "附")


def _sheet(doc: Any, paper: Sheet, stamp: Stamp) -> None:
    if paper.mark:
        _line(doc, paper.mark, size=9)
    _line(doc, paper.title, size=18, font=_TITLE, bold=True, align="centre", after=6)
    words = [f"填报单位：{paper.office}" if paper.office else "", paper.as_of, f"单位：{paper.unit}" if paper.unit else ""]
    _line(doc, "　　　　".join(word for word in words if word), size=10.5)
    if paper.filters:
        _line(doc, f"范围：{'；'.join(paper.filters)}", size=10)
    table = Table(columns=paper.columns, rows=paper.rows, totals=paper.totals)
    _grid(doc, table, size=9)
    if paper.note:
        _line(doc, paper.note, size=9.5)
    signs = [f"填表：{paper.filler}" if paper.filler else "", f"核对：{paper.checker}" if paper.checker else ""]
    _line(doc, "　　　　".join([*(s for s in signs if s), *([chinese_day(paper.dated)] if paper.dated else [])]), size=10.5)
    _checked(doc, stamp)


def _form(doc: Any, paper: Form, stamp: Stamp) -> None:
    _line(doc, paper.title, size=20, font=_TITLE, bold=True, align="centre", after=6)
    _line(doc, f"{paper.place}　　编号：{paper.number or stamp.number}", size=10.5)
    if paper.lines:
        grid = doc.add_table(rows=0, cols=2)
        grid.style = "Table Grid"
        for line in paper.lines:
            left, right = grid.add_row().cells
            _fill(left, line.label, size=11)
            _fill(right, line.value, size=11)
    _body(doc, paper, size=12)
    if paper.table is not None:
        _grid(doc, paper.table, size=10)
    if paper.drawn:
        doc.add_picture(BytesIO(b64decode(paper.drawn)), height=Mm(16))
    for words in (paper.note, *paper.signatures, paper.foot):
        if words:
            _line(doc, words, size=11, before=6)
    _checked(doc, stamp)


def _body(doc: Any, paper: Letter | Form | Bulletin, *, size: float = 16) -> None:
    for par in paragraphs(paper):
        _line(doc, par.text, size=size, font=_HEI if par.kind == "heading" else _SONG, indent=par.kind != "plain")


def _checked(doc: Any, stamp: Stamp) -> None:
    if not stamp.address:
        return
    picture = BytesIO()
    segno.make(stamp.address, error="m", micro=False).save(picture, kind="png", scale=6, border=2)
    doc.add_picture(picture, width=Mm(24))
    _line(doc, f"扫码核对真伪　核对码 {stamp.code[:4]} {stamp.code[4:]}　以核对页上的PDF为准", size=9)


def _tables(doc: Any, tables: Sequence[Table], word: str) -> None:
    for number, table in enumerate(tables, 1):
        doc.add_page_break()
        _line(doc, f"{word}{number if len(tables) > 1 else ''}　{table.title}", size=16, font=_TITLE, bold=True, align="centre")
        words = [table.as_of, f"单位：{table.unit}" if table.unit else ""]
        _line(doc, "　　　　".join(word for word in words if word), size=10.5)
        _grid(doc, table, size=10.5)
        if table.note:
            _line(doc, table.note, size=10.5)


def _grid(doc: Any, table: Table, *, size: float) -> None:
    lines = [*((row, False) for row in table.rows), *([(table.totals, True)] if table.totals else [])]
    grid = doc.add_table(rows=1 + len(lines), cols=len(table.columns))
    grid.style = "Table Grid"
    # The face stands in the style: said again in each of ten thousand cells it costs seconds.
    grid.style.font.size, grid.style.font.name = Pt(size), _TITLE
    grid.style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _TITLE)
    # The elements themselves: asking the library for a row's cells walks the whole table each time.
    head, *rest = grid._tbl.tr_lst
    for tc, column in zip(head.tc_lst, table.columns, strict=True):
        _fill(_Cell(tc, grid), f"{column.band}　{column.label}" if column.band else column.label, size=size, bold=True)
    for tr, (values, bold) in zip(rest, lines, strict=True):
        for tc, column, value in zip(tr.tc_lst, table.columns, values, strict=False):
            _put(_Cell(tc, grid), _shown(value), bold=bold, right=column.kind == "number")


def _put(cell: Any, text: str, *, bold: bool, right: bool) -> None:
    paragraph = cell.paragraphs[0]
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = paragraph.add_run(text)
    if bold:
        run.font.bold = True


def _shown(value: Cell) -> str:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else plain(value)


def _fill(cell: Any, text: str, *, size: float, bold: bool = False, right: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _run(paragraph, text, size=size, font=_TITLE, bold=bold)


def _line(
    doc: Any,
    text: str,
    *,
    size: float = 16,
    font: str = _SONG,
    bold: bool = False,
    colour: RGBColor | None = None,
    align: str = "",
    indent: bool = False,
    rule: bool = False,
    before: float = 0,
    after: float = 0,
) -> None:
    paragraph = doc.add_paragraph()
    form = paragraph.paragraph_format
    form.space_before, form.space_after, form.line_spacing = Pt(before), Pt(after), Pt(size * 1.75)
    if align:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if align == "centre" else WD_ALIGN_PARAGRAPH.RIGHT
    if indent:
        form.first_line_indent = Pt(size * 2)
    if rule:
        _red_rule(paragraph)
    _run(paragraph, text, size=size, font=font, bold=bold, colour=colour)


def _run(paragraph: Any, text: str, *, size: float, font: str, bold: bool = False, colour: RGBColor | None = None) -> None:
    run = paragraph.add_run(plain(text))
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, font
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)
    if colour is not None:
        run.font.color.rgb = colour


def _red_rule(paragraph: Any) -> None:
    borders = paragraph._p.get_or_add_pPr().makeelement(qn("w:pBdr"), {})
    rule = {"val": "single", "sz": "16", "space": "6", "color": "C8102E"}
    borders.append(borders.makeelement(qn("w:bottom"), {qn(f"w:{name}"): value for name, value in rule.items()}))
    paragraph._p.pPr.append(borders)


def _page(doc: Any, *, landscape: bool) -> None:
    page = doc.sections[0]
    page.page_width, page.page_height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    page.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    sides = (18, 17, 15, 15) if landscape else (37, 35, 28, 26)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = (Mm(side) for side in sides)
