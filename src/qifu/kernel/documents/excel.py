"""Lists as Excel, printing on A4 as the PDF does. Whatever a person typed is a text cell; no cell is a formula."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from qifu.kernel.intake.writer import LIVE, plain

from .papers import Cell, Column, Letter, Paper, Sheet, Stamp, Table, chinese_day

_THIN = Side(style="thin", color="000000")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


class NotATable(TypeError):
    """A letter has no rows: it goes to Word."""


def xlsx(paper: Paper, *, stamp: Stamp | None = None) -> bytes:
    """Write a list as .xlsx: watermark line, title, unit, filters, head, rows, sums, filler and checker.

    Integers stay numbers, so that an office can add them up; everything else is text. Raises NotATable for a letter."""
    if not isinstance(paper, Sheet):
        raise NotATable(paper.kind)
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "".join(c for c in plain(paper.title) if c not in "[]:*?/\\'")[:31] or "名单"
    book.properties.creator, book.properties.created, book.properties.modified = "", _EPOCH, _EPOCH
    wide = len(paper.columns)
    at = _Writer(sheet, wide)
    if paper.mark:
        at.across(paper.mark, size=9, colour="808080")
    at.across(paper.title, size=16, bold=True, align="center", high=28)
    words = [f"填报单位：{paper.office}" if paper.office else "", paper.as_of, f"单位：{paper.unit}" if paper.unit else ""]
    if line := "　　".join(word for word in words if word):
        at.across(line)
    if stamp is not None and stamp.number:
        at.across(f"编号：{stamp.number}　核对码 {stamp.code}　{stamp.address}", size=9)
    if paper.filters:
        at.across(f"范围：{'；'.join(paper.filters)}", size=9)
    at.head(paper.columns)
    head = at.row - 1
    at.rows(Table(columns=paper.columns, rows=paper.rows, totals=paper.totals))
    if paper.note:
        at.across(paper.note, size=9)
    signs = [f"填表：{paper.filler}" if paper.filler else "", f"核对：{paper.checker}" if paper.checker else ""]
    if line := "　　　　".join([*(s for s in signs if s), *([chinese_day(paper.dated)] if paper.dated else [])]):
        at.across(line)
    _widths(sheet, paper)
    sheet.freeze_panes = sheet.cell(head + 1, 1)
    sheet.auto_filter.ref = f"A{head}:{get_column_letter(wide)}{head + len(paper.rows)}"
    sheet.page_setup.orientation = "portrait" if paper.portrait else "landscape"
    sheet.page_setup.paperSize, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 9, 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{head}:{head}"
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


class _Writer:
    """Writes from the top down; knows the next row."""

    def __init__(self, sheet: Any, wide: int) -> None:
        self.sheet, self.wide, self.row = sheet, wide, 1

    def across(
        self, text: str, *, size: float = 10.5, bold: bool = False, align: str = "left", colour: str = "000000", high: float = 0
    ) -> None:
        cell = _put(self.sheet, self.row, 1, text)
        cell.font = Font(name="宋体", size=size, bold=bold, color=colour)
        cell.alignment = Alignment(horizontal=align, vertical="center")
        if self.wide > 1:
            self.sheet.merge_cells(start_row=self.row, end_row=self.row, start_column=1, end_column=self.wide)
        if high:
            self.sheet.row_dimensions[self.row].height = high
        self.row += 1

    def head(self, columns: Any) -> None:
        if any(column.band for column in columns):
            self._bands(columns)
        for n, column in enumerate(columns, 1):
            cell = _put(self.sheet, self.row, n, column.label)
            cell.font, cell.border = Font(name="宋体", size=10.5, bold=True), _BOX
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        self.row += 1

    def _bands(self, columns: Any) -> None:
        first = 0
        for n in range(1, len(columns) + 1):
            if n < len(columns) and columns[n].band == columns[first].band:
                continue
            cell = _put(self.sheet, self.row, first + 1, columns[first].band)
            cell.font, cell.alignment = Font(name="宋体", size=10.5, bold=True), Alignment(horizontal="center")
            if n - first > 1 and columns[first].band:
                self.sheet.merge_cells(start_row=self.row, end_row=self.row, start_column=first + 1, end_column=n)
            first = n
        for n in range(1, len(columns) + 1):
            self.sheet.cell(self.row, n).border = _BOX
        self.row += 1

    def rows(self, table: Table) -> None:
        plain_font, bold = Font(name="宋体", size=10), Font(name="宋体", size=10, bold=True)
        styles = {kind: Alignment(horizontal=where, vertical="center", wrap_text=kind == "text") for kind, where in _STAND.items()}
        for values, font in [*((row, plain_font) for row in table.rows), *([(table.totals, bold)] if table.totals else [])]:
            for n, (column, value) in enumerate(zip(table.columns, values, strict=False), 1):
                cell = _put(self.sheet, self.row, n, value)
                cell.font, cell.border, cell.alignment = font, _BOX, styles[column.kind]
                if cell.data_type == "n":
                    cell.number_format = "#,##0" if isinstance(value, int) else "0.0"
            self.row += 1


_STAND = {"text": "left", "number": "right", "centre": "center"}


def _put(sheet: Any, row: int, column: int, value: Cell) -> Any:
    cell = sheet.cell(row, column)
    if isinstance(value, int | float) and not isinstance(value, bool):
        cell.value = value
        return cell
    text = plain(value)
    cell.value = text
    cell.data_type = "s"
    if text.lstrip(" 　").startswith(LIVE):
        # Excel's own mark for "this is text": re-typing the cell does not make a formula of it.
        cell.quotePrefix = True
    return cell


def _widths(sheet: Any, paper: Sheet) -> None:
    for n, column in enumerate(paper.columns, 1):
        longest = max((_span(row[n - 1]) for row in paper.rows[:200] if len(row) >= n), default=0)
        sheet.column_dimensions[get_column_letter(n)].width = min(max(longest, _span(column.label), 6) + 2, 46)


def _span(value: Cell) -> int:
    """Give how wide a cell is: a Chinese character takes two."""
    text = plain(value)
    return sum(2 if ord(c) > 0x2E7F else 1 for c in text)


__all__ = ["Column", "Letter", "NotATable", "xlsx"]
