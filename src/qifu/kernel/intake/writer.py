"""Writes a table out as .xlsx or .csv: a watermark line, a header, rows. Every cell is text, and none is a formula.

A cell that begins with = + - @ TAB or CR is live in a .csv, and in an .xlsx whose reader types it again: it gets an
apostrophe in the first, and in the second the mark by which Excel itself says "this is text" (SECURITY 5.8)."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from qifu.kernel.calendar.clock import ZONE

from .reader import UNSEEN

LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")
_MOST_TEXT = 32_000


def watermark(*, who: str, office: str, at: datetime, purpose: str = "") -> str:
    """Give the line on top of every list that leaves: who took it, where from, when, what for."""
    words = [f"{who}（{office}）" if office else who, f"{at.astimezone(ZONE):%Y-%m-%d %H:%M} 导出"]
    return "　".join([*words, *([f"用途：{purpose}"] if purpose else []), "含内部信息，不外传"])


def plain(cell: Any) -> str:
    """Give a cell as text, without invisible characters; dates as 2020-02-18, instants to the minute in Shanghai."""
    if cell is None:
        return ""
    if cell.__class__ is str:
        text = cell
    elif isinstance(cell, datetime):
        text = f"{cell.astimezone(ZONE) if cell.tzinfo else cell:%Y-%m-%d %H:%M}"
    elif isinstance(cell, date):
        text = cell.isoformat()
    elif cell.__class__ is bool:
        text = "是" if cell else "否"
    elif cell.__class__ is float and abs(cell) < 1e15 and cell == int(cell):
        text = str(int(cell))
    elif isinstance(cell, list | tuple | set | frozenset):
        text = "、".join(map(plain, cell))
    else:
        text = str(cell)
    return UNSEEN.sub("", text)[:_MOST_TEXT]


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, mark: str = "") -> bytes:
    """Write UTF-8 with a byte-order mark, so that Excel and WPS read the Chinese; live cells get an apostrophe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    if mark:
        writer.writerow([_inert(mark)])
    writer.writerow([_inert(column) for column in columns])
    for row in rows:
        writer.writerow([_inert(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _inert(cell: Any) -> str:
    text = plain(cell)
    return f"'{text}" if text.lstrip(" \u3000").startswith(LIVE) else text


def write_xlsx(
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    mark: str = "",
    sheet: str = "名单",
    wide: Sequence[str] = (),
) -> bytes:
    """Write one sheet. `wide` names columns that hold sentences."""
    return write_sheets([(sheet, columns, rows)], mark=mark, wide=wide)


def write_sheets(
    sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Any]]]],
    *,
    mark: str = "",
    wide: Sequence[str] = (),
) -> bytes:
    """Write several sheets, each (name, columns, rows), row by row; memory stays flat."""
    book = Workbook(write_only=True)
    used: set[str] = set()
    for name, columns, rows in sheets:
        page = book.create_sheet(_sheet_name(name, used))
        for place, column in enumerate(columns, start=1):
            page.column_dimensions[get_column_letter(place)].width = 44 if column in wide else 18
        page.freeze_panes = "A3" if mark else "A2"
        if mark:
            page.append([_text(page, mark, font=Font(color="8A8A8A", size=9))])
            page.oddFooter.center.text = mark.replace("&", "&&")[:200]
        head = [_text(page, column, font=Font(bold=True), fill=PatternFill("solid", fgColor="EEEAE0")) for column in columns]
        page.append(head)
        for row in rows:
            page.append([_cell(page, cell) for cell in row])
    if not used:
        book.create_sheet("名单")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(page: Any, cell: Any) -> Any:
    text = plain(cell)
    if not text:
        return None
    # openpyxl makes a formula of "=…" and an error of "#N/A": those are typed by hand, the others are text anyway.
    return _text(page, text) if text.startswith((*LIVE, "#", "'", " ")) else text


def _text(page: Any, text: str, *, font: Any = None, fill: Any = None) -> Any:
    cell = WriteOnlyCell(page, value=UNSEEN.sub("", text))
    cell.data_type = "s"
    cell.number_format = "@"
    if text.startswith(LIVE):
        cell.quotePrefix = True
    if font is not None:
        cell.font = font
        cell.alignment = Alignment(vertical="center")
    if fill is not None:
        cell.fill = fill
    return cell


def _sheet_name(name: str, used: set[str]) -> str:
    kept = "".join(ch for ch in UNSEEN.sub("", name) if ch not in "[]:*?/\\'")[:28].strip() or "名单"
    found, n = kept, 1
    while found.lower() in used:
        n += 1
        found = f"{kept}{n}"
    used.add(found.lower())
    return found
