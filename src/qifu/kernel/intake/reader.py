"""Reads a spreadsheet or a delimited text into rows of plain cells. Nothing in a file is ever run or followed.

A cell is a str, float, bool, or a date kind; an empty one is "". A formula gives the value that was stored with it,
and its place is remembered. Text that begins with = + - @ is text."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from qifu.kernel.language import said as _

from . import chat, objects
from .guard import LIMITS, MB, Limits, check_name, differs, inspect_workbook
from .oldbook import read_old_workbook
from .refusals import NotWhatItSays, TooBig, Unreadable

Cell = str | float | bool | date | datetime | time | timedelta
Row = list[Any]
Merge = tuple[tuple[int, int], tuple[int, int]]
"""((top, left), (bottom, right)), each from 0, both inclusive."""

# Controls, the marks that turn the direction of writing, and the invisible ones: they show one thing and say another.
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True)
class Sheet:
    """One sheet: `rows()` starts anew each time and yields lists of equal length from row 1 on; `first_column` is the
    index of the column that the first cell of each list stands in."""

    name: str
    rows: Callable[[], Iterator[Row]]
    first_column: int = 0
    merges: tuple[Merge, ...] = ()
    formulas: Mapping[int, set[int]] = field(default_factory=dict)
    """Row number to column indexes of the sheet that hold formulas."""
    usual: int = 0
    """Of a text: up to which column more than a few rows reach; what lies beyond may have got there by a comma. 0: not known."""
    asides: frozenset[int] = frozenset()
    """Row numbers of what people said around a list in a chat."""


@dataclass(frozen=True)
class Workbook:
    """The sheets that people see, in order, and what was noticed on the way, in Chinese."""

    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...] = ()


def read(source: str | Path | bytes, filename: str, *, limits: Limits = LIMITS) -> Workbook:
    """Read a workbook of either age (.xlsx, .xls, .et), a .csv or pasted text, given as a path or as bytes: the content says
    what it is, not the name. Refuses Unreadable and its kinds, each with a remedy."""
    if isinstance(source, bytes):
        data = source
    else:
        path = Path(source)
        if path.stat().st_size > limits.upload:
            raise TooBig(
                _("这个文件有 {size} MB，一次最多读 {most} MB，没有导入。", size=path.stat().st_size // MB, most=limits.upload // MB)
            )
        data = path.read_bytes()
    if len(data) > limits.upload:
        raise TooBig(_("这个文件有 {size} MB，一次最多读 {most} MB，没有导入。", size=len(data) // MB, most=limits.upload // MB))
    kind = check_name(data, filename)
    notes = [said] if (said := differs(kind, filename)) else []
    if kind == "text":
        book = _read_text(data, filename)
    else:
        book = _read_old(data, limits=limits) if kind == "ole" else _read_workbook(data, limits=limits)
    return Workbook(book.sheets, (*notes, *book.notes))


# -------------------------------------------------------------------------------------------------------- workbooks


def _read_old(data: bytes, *, limits: Limits) -> Workbook:
    book = read_old_workbook(data, limits=limits)
    notes = ["表里带有宏，没有运行。"] if book.macros else []
    sheets = []
    for one in book.sheets:
        if one.hidden:
            notes.append(_("隐藏的工作表“{name}”没有读。", name=one.name))
            continue
        sheets.append(Sheet(one.name, rows=partial(iter, one.rows), first_column=one.left, merges=one.merges, formulas=one.formulas))
        if one.hidden_rows:
            notes.append(_("“{name}”有{n}行是隐藏的，也读了。", name=one.name, n=len(one.hidden_rows)))
    if count := sum(len(columns) for one in book.sheets for columns in one.formulas.values()):
        notes.append(_("{count}格是公式，取了上次算出的值，没有重新计算。", count=count))
    return Workbook(tuple(sheets), tuple(notes))


def _read_workbook(data: bytes, *, limits: Limits) -> Workbook:
    inspected = inspect_workbook(data, limits=limits)
    notes = list(inspected.notes)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = []
        for index, about in enumerate(book.sheets_metadata):
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            if about.visible != SheetVisibleEnum.Visible:
                notes.append(_("隐藏的工作表“{name}”没有读。", name=about.name))
                continue
            sheets.append(_sheet(book, index, about.name, inspected.formulas.get(about.name, {})))
            if hidden := inspected.hidden.get(about.name):
                notes.append(_("“{name}”有{n}行是隐藏的，也读了。", name=about.name, n=len(hidden)))
    except BaseException as error:
        raise _unreadable(error) from error
    if inspected.formulas:
        count = sum(len(columns) for rows in inspected.formulas.values() for columns in rows.values())
        notes.append(_("{count}格是公式，取了上次算出的值，没有重新计算。", count=count))
    return Workbook(tuple(sheets), tuple(notes))


def _sheet(book: CalamineWorkbook, index: int, name: str, formulas: Mapping[int, set[int]]) -> Sheet:
    sheet = book.get_sheet_by_index(index)
    start = sheet.start
    if start is None:
        return Sheet(name, rows=lambda: iter(()))
    return Sheet(
        name,
        rows=sheet.iter_rows,
        first_column=start[1],
        merges=tuple(sheet.merged_cell_ranges or ()),
        formulas=formulas,
    )


def _unreadable(error: BaseException) -> BaseException:
    """Turn what the parser raises into a refusal. Its panics do not descend from Exception."""
    if isinstance(error, CalamineError | ValueError | OSError | OverflowError) or type(error).__name__ == "PanicException":
        return Unreadable("这个文件的内容坏了，读不出表格，没有导入任何内容。", fix=Unreadable.fix)
    return error


# ------------------------------------------------------------------------------------------------------------- text

_DELIMITERS = (",", "\t", ";", "|", "，")


def _read_text(data: bytes, filename: str) -> Workbook:
    text, notes = decode(data)
    if UNSEEN.search(text):
        text, count = UNSEEN.subn("", text)
        notes.append(_("去掉了{count}个看不见的控制字符。", count=count))
    name = Path(filename.replace("\\", "/")).stem[:60]
    if filename.lower().endswith(".json"):
        whole = objects.rows_of(text)
        return Workbook((Sheet(name, rows=lambda: map(list, whole)),), tuple(notes))
    if chat.looks_like(text):
        rows, asides = chat.rows_of(text)
        return Workbook((Sheet(name, rows=lambda: iter([list(row) for row in rows]), asides=asides),), (*notes, chat.SAYS))
    delimiter = sniff_delimiter(text)
    try:
        widths = Counter(_written(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise Unreadable(
            "有一格的文字太长，或引号没有成对，这个文件读不下去，没有导入任何内容。",
            fix="用 Excel 或 WPS 打开看看，另存为 .xlsx 再上传。",
        ) from error
    width = max(widths, default=0)
    if width > 2000:
        raise Unreadable("这个文本里分不出列，没有导入任何内容。", fix="用 Excel 或 WPS 打开，另存为 .xlsx 再上传。")
    return Workbook((Sheet(name, rows=lambda: _text_rows(text, delimiter, width), usual=_usual(widths)),), tuple(notes))


def _written(row: Row) -> int:
    width = len(row)
    while width and row[width - 1] == "":
        width -= 1
    return width


def _usual(widths: Mapping[int, int]) -> int:
    """Give the widest column that more than one in five of the rows with something in them reach."""
    rows, reached = sum(times for width, times in widths.items() if width), 0
    for width in sorted(widths, reverse=True):
        reached += widths[width]
        if reached * 5 > rows:
            return width
    return 0


def _text_rows(text: str, delimiter: str, width: int) -> Iterator[Row]:
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        yield row[:width] if len(row) >= width else row + [""] * (width - len(row))


def decode(data: bytes) -> tuple[str, list[str]]:
    """Decode by mark, else UTF-16 by its zeros, else UTF-8, else GB 18030; refuse what is none of them."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _decoded(data, name), []
    sample = data[:4000]
    zeros = sample.count(b"\0")
    wide = "utf-16-le" if sample[1::2].count(b"\0") * 2 > zeros else "utf-16-be"
    if zeros * 4 >= len(sample):
        return _decoded(data, wide), []
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        if zeros:
            # Chinese in UTF-16 has few zeros: those of its commas and line ends.
            return _decoded(data, wide), []
        return _decoded(data, "gb18030"), ["文字按国标编码（GB 18030）读出。"]
    if zeros * 10 > len(sample):
        raise NotWhatItSays("这个文件不是文本，没有导入任何内容。", fix="用 Excel 或 WPS 打开原表，另存为 .xlsx 再上传。")
    return text, []


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable("认不出这个文件的文字编码，没有导入任何内容。", fix="用 Excel 或 WPS 打开，另存为 .xlsx 再上传。") from error


def sniff_delimiter(text: str) -> str:
    """Give the separator that cuts the first lines into the steadiest number of columns; a comma if none does."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:30]
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        except csv.Error:
            continue
        cut = [width for width in widths if width > 1]
        if not cut:
            continue
        usual = max(set(cut), key=cut.count)
        score = cut.count(usual) * min(usual, 30) ** 0.5
        if score > best_score:
            best, best_score = delimiter, score
    return best
