"""The upper level's workbook: looked into, shown as a grid, and filled by writing single cells into its own XML.

Nothing else of the file is touched: formulas, locks, styles, merged cells, pictures and print settings are the bytes that
came. A program that reads and writes whole workbooks would lose what it does not know."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import PurePath
from posixpath import normpath
from typing import Any

from lxml import etree
from openpyxl import load_workbook
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.formula import ArrayFormula

from qifu.kernel.intake import guard
from qifu.kernel.intake.refusals import TooBig, Unreadable
from qifu.kernel.language import said

from . import refusals
from .sums import Sums
from .terms import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, MOST_SHEETS

Value = int | float | str | date
Place = tuple[int, str]
"""A cell: number of the sheet from 0, address."""

_ADDRESS = re.compile(r"\$?([A-Za-z]{1,2})\$?([1-9][0-9]{0,3})")
_PLACEHOLDER = re.compile(r"[\s\d.,%/\-—_×xX*]*")
_DAY = re.compile(r"(?:\d{4}|\s)*年\s*\d*\s*月\s*\d*\s*日")
_ACTIVE = re.compile(r"vbaProject|/activeX/|/macrosheets/|/dialogsheets/|/ctrlProps/|/customUI", re.IGNORECASE)
_IS = {"ole": said("旧版的 .xls 或 .et"), "empty": said("空的"), "text": said("文本"), "pdf": "PDF", "picture": said("图片")}
_EPOCH = date(1899, 12, 30)


def check(body: bytes, filename: str) -> None:
    """Refuse what is not a plain, open, bearable .xlsx without macros; its own words, nothing is kept."""
    ending = PurePath(filename.replace("\\", "/")).suffix.lower()
    if len(body) > MOST_BYTES:
        raise refusals.TooWide(
            said("这个文件有 {n} MB，模板最多 {most} MB，没有收下。", n=len(body) // 1024 // 1024, most=MOST_BYTES // 1024 // 1024)
        )
    kind = guard.kind_of(body)
    if kind == "ole" and "EncryptedPackage".encode("utf-16-le") in body:
        raise refusals.Encrypted()
    if ending in (".xlsm", ".xltm", ".xlam") and kind == "xlsx":
        raise refusals.HasMacros()
    if kind != "xlsx":
        word = _IS.get(kind, said("别的东西"))
        if ending == ".xlsx":
            raise refusals.NotATemplate(said("名字是 .xlsx，里面是{what}，没有收下。", what=word))
        raise refusals.NotATemplate(said("这个文件是{what}，不是 .xlsx 表，没有收下。", what=word))
    if ending != ".xlsx":
        words = said("里面是 .xlsx 表，名字的结尾却是 {ending}，没有收下。", ending=ending or "？")
        raise refusals.NotATemplate(words, fix=said("把名字的结尾改成 .xlsx 再上传。"))
    try:
        guard.inspect_workbook(body)
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            if any(_ACTIVE.search(name) for name in packed.namelist()) or b"macroEnabled" in packed.read("[Content_Types].xml"):
                raise refusals.HasMacros()
        sheets = _parts(body)
    except TooBig as error:
        raise refusals.TooWide() from error
    except Unreadable as error:
        raise refusals.NotATemplate(said("这个表的内部结构不正常或者不完整，没有收下。")) from error
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError) as error:
        raise refusals.NotATemplate(said("这个文件不完整，没有收下。"), fix=said("重新下载或保存一次再上传。")) from error
    if not sheets or len(sheets) > MOST_SHEETS:
        raise refusals.TooWide(said("这个表有 {n} 张工作表，最多 {most} 张，没有收下。", n=len(sheets), most=MOST_SHEETS))
    try:
        _book(body)
    except Exception as error:
        # Whatever a reader of workbooks stumbles over, it is the file that is wrong.
        raise refusals.NotATemplate(said("这个表读不出来，没有收下。")) from error


# ------------------------------------------------------------------------------------------------ looking


@dataclass(frozen=True)
class Square:
    """A cell as the page shows it. `kind`: formula, locked, words or free."""

    address: str
    text: str
    kind: str
    wide: int = 1
    high: int = 1
    bold: bool = False
    align: str = ""
    format: str = "General"


@dataclass(frozen=True)
class Grid:
    """One sheet: its number and name, rows of cells without those under a merged one, widths of columns in characters."""

    number: int
    name: str
    rows: tuple[tuple[int, tuple[Square, ...]], ...]
    widths: tuple[float, ...]
    cut: bool
    under: Mapping[str, str] = field(default_factory=dict)
    """Address under a merged cell -> the address that stands for it."""

    @property
    def squares(self) -> dict[str, Square]:
        return {square.address: square for _row, squares in self.rows for square in squares}


@lru_cache(maxsize=8)
def _book(body: bytes) -> Any:
    return load_workbook(io.BytesIO(body))


def sheets(body: bytes) -> list[str]:
    """Give the names of the sheets, in their order."""
    return [name for name, _part in _parts(body)]


@lru_cache(maxsize=16)
def grid(body: bytes, number: int) -> Grid:
    """Give a sheet as a grid; refuses NoSuchCell for a sheet that is not there."""
    names = sheets(body)
    book = _book(body)
    if not 0 <= number < len(names) or names[number] not in book.sheetnames or not hasattr(book[names[number]], "iter_rows"):
        raise refusals.NoSuchCell(said("表里没有这张工作表，没有对上。"), fix=said("从上面选一张工作表。"))
    sheet = book[names[number]]
    bottom, right = min(sheet.max_row, MOST_ROWS), min(sheet.max_column, MOST_COLUMNS)
    spans: dict[str, tuple[int, int]] = {}
    under: dict[str, str] = {}
    for area in sheet.merged_cells.ranges:
        head = f"{get_column_letter(area.min_col)}{area.min_row}"
        spans[head] = (min(area.max_col, right) - area.min_col + 1, min(area.max_row, bottom) - area.min_row + 1)
        under |= {f"{get_column_letter(column)}{row}": head for row, column in area.cells if (row, column) != (area.min_row, area.min_col)}
    arrays = {
        address for row in sheet.iter_rows() for cell in row if isinstance(cell.value, ArrayFormula) for address in _area(cell.value.ref)
    }
    locks = bool(sheet.protection.sheet)
    rows = []
    for row in sheet.iter_rows(min_row=1, max_row=bottom, max_col=right):
        found = [_square(cell, spans.get(cell.coordinate, (1, 1)), arrays, locks) for cell in row if cell.coordinate not in under]
        rows.append((row[0].row, tuple(found)))
    widths = tuple(sheet.column_dimensions[get_column_letter(n)].width or 10 for n in range(1, right + 1))
    return Grid(number, names[number], tuple(rows), widths, sheet.max_row > bottom or sheet.max_column > right, under)


def _area(ref: str) -> set[str]:
    left, top, right, bottom = range_boundaries(ref)
    return {f"{get_column_letter(c)}{r}" for r in range(top or 1, (bottom or 1) + 1) for c in range(left or 1, (right or 1) + 1)}


def _square(cell: Any, span: tuple[int, int], arrays: set[str], locks: bool) -> Square:
    formula = cell.data_type == "f" or cell.coordinate in arrays
    text = "" if cell.value is None else str(getattr(cell.value, "text", cell.value))
    if not formula and cell.is_date and cell.value is not None and hasattr(cell.value, "date"):
        text = cell.value.date().isoformat()
    # What looks like something to be typed over is not a word of the form.
    words = bool(text) and isinstance(cell.value, str) and not _PLACEHOLDER.fullmatch(text)
    kind = "formula" if formula else "locked" if locks and cell.protection.locked else "words" if words else "free"
    return Square(
        cell.coordinate, text, kind, *span, bold=bool(cell.font and cell.font.b),
        align={"center": "center", "centerContinuous": "center", "right": "right"}.get(str(cell.alignment.horizontal), ""),
        format=str(cell.number_format),
    )  # fmt: skip


def target(body: bytes, number: int, address: str, *, words: bool) -> str:
    """Give the address of the cell that may be filled there (of the merged cell that covers it), or refuse with why not.

    `words`: what goes in is text, which may follow a label inside the cell."""
    match = _ADDRESS.fullmatch(address.strip())
    if match is None:
        raise refusals.NoSuchCell()
    there = grid(body, number)
    plain = f"{match[1].upper()}{match[2]}"
    plain = there.under.get(plain, plain)
    square = there.squares.get(plain)
    if square is None:
        raise refusals.NoSuchCell(said("表里没有 {cell} 这一格，没有对上。", cell=plain))
    if square.kind == "formula":
        raise refusals.FormulaCell(said("{cell} 是公式，由表自己算，没有对上。", cell=plain))
    if square.kind == "locked":
        raise refusals.LockedCell(said("{cell} 上级锁住了，不能填，没有对上。", cell=plain))
    if square.kind == "words" and not (words and (_DAY.search(square.text) or square.text.rstrip().endswith(("：", ":")))):
        raise refusals.LabelCell(said("{cell} 是表里原有的文字“{words}”，填了会把它盖掉，没有对上。", cell=plain, words=square.text[:20]))
    return plain


def beside(square: Square, value: str) -> str:
    """Put words after the label in a cell: 填报单位：… ; or in the place of 年 月 日."""
    if square.kind != "words":
        return value
    if _DAY.search(square.text):
        return _DAY.sub(value, square.text, count=1)
    return square.text.rstrip() + value


# ------------------------------------------------------------------------------------------------ filling


def filled(body: bytes, values: Mapping[Place, Value]) -> bytes:
    """Write values into cells and give the new file; the same values give the same bytes.

    Formulas are worked out where they are plain, and all are worked out anew when a program opens the file."""
    parts = _parts(body)
    changed = {part: _sheet_filled(body, number, part, values) for number, (_name, part) in enumerate(parts)}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as packed, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for member in packed.infolist():
            content = changed.get(member.filename) or packed.read(member)
            if member.filename == "xl/workbook.xml":
                content = _calculating(content)
            told = zipfile.ZipInfo(member.filename, member.date_time)
            told.compress_type, told.external_attr = zipfile.ZIP_DEFLATED, member.external_attr
            written.writestr(told, content)
    return out.getvalue()


def worked_out(body: bytes, number: int, values: Mapping[Place, Value]) -> dict[str, float | None]:
    """Give what the formulas of a sheet come to with these values in it; None for one that is not worked out here."""
    there = grid(body, number)
    formulas = {square.address: square.text for square in there.squares.values() if square.kind == "formula"}
    sheet = _book(body)[there.name]
    held = {address: sheet[address].value for address in there.squares if address not in formulas}
    held |= {address: value for (at, address), value in values.items() if at == number}
    sums = Sums(held, formulas)
    return {address: sums.value(address) for address in formulas}


def is_share(format: str) -> bool:
    """Say whether a number format shows hundredths: 0.968 as 96.8%."""
    return "%" in format


def is_day(format: str) -> bool:
    """Say whether a number format shows a date."""
    return bool(is_date_format(format)) and format != "General"


def _parts(body: bytes) -> list[tuple[str, str]]:
    """Give (name, part of the archive) of every sheet, in their order."""
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        book, links = _read(packed.read("xl/workbook.xml")), _read(packed.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    found = []
    for element in book.iter("{*}sheet"):
        link = next((value for key, value in element.attrib.items() if etree.QName(key).localname == "id"), "")
        there = targets.get(link, "")
        found.append((element.get("name", ""), normpath(there[1:] if there.startswith("/") else f"xl/{there}")))
    return found


def _read(xml: bytes) -> Any:
    # Declarations were refused when the file came in; nothing is fetched or expanded here either.
    return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))


def _write(root: Any) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _sheet_filled(body: bytes, number: int, part: str, values: Mapping[Place, Value]) -> bytes | None:
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        root = _read(packed.read(part))
    if etree.QName(root).localname != "worksheet":
        return None
    sums = worked_out(body, number, values)
    mine = {address: value for (at, address), value in values.items() if at == number}
    here = dict(_cells(root))
    for address, value in mine.items():
        cell = here[address] if address in here else _made(root, address)
        _put(cell, value)
    for address, cell in here.items():
        if address not in mine and cell.find("{*}f") is not None:
            _worked(cell, sums.get(address))
    return _write(root)


def _cells(root: Any) -> Iterator[tuple[str, Any]]:
    row_number = 0
    for row in root.iter("{*}row"):
        row_number = int(row.get("r") or row_number + 1)
        column = 0
        for cell in row.iterchildren("{*}c"):
            if place := cell.get("r"):
                yield place, cell
                column = range_boundaries(place)[0]
            else:
                column += 1
                yield f"{get_column_letter(column)}{row_number}", cell


def _made(root: Any, address: str) -> Any:
    """Make a cell where the file has none, in its row and in order."""
    match = _ADDRESS.fullmatch(address)
    assert match is not None
    space, number = f"{{{etree.QName(root).namespace}}}", int(match[2])
    data = root.find("{*}sheetData")
    row = next((one for one in data if int(one.get("r") or 0) == number), None)
    if row is None:
        row = etree.Element(f"{space}row", r=str(number))
        data.insert(sum(1 for one in data if int(one.get("r") or 0) < number), row)
    cell = etree.Element(f"{space}c", r=address)
    order = lambda one: range_boundaries(one.get("r") or "A1")[0]  # noqa: E731
    row.insert(sum(1 for one in row if order(one) < order(cell)), cell)
    return cell


def _put(cell: Any, value: Value) -> None:
    """Put a value in, the style stays: a number, a day as its number, words as words and never as a formula."""
    space = f"{{{etree.QName(cell).namespace}}}"
    for child in list(cell):
        cell.remove(child)
    cell.attrib.pop("t", None)
    if isinstance(value, str):
        cell.set("t", "inlineStr")
        etree.SubElement(etree.SubElement(cell, f"{space}is"), f"{space}t").text = value
        return
    etree.SubElement(cell, f"{space}v").text = str((value - _EPOCH).days) if isinstance(value, date) else repr(value)


def _worked(cell: Any, value: float | None) -> None:
    """Put in what a formula comes to, or leave it open: what stood there was of another day."""
    held = cell.find("{*}v")
    if held is not None:
        cell.remove(held)
    cell.attrib.pop("t", None)
    if value is not None:
        etree.SubElement(cell, f"{{{etree.QName(cell).namespace}}}v").text = repr(value)


_BEFORE = {
    "fileVersion", "fileSharing", "workbookPr", "AlternateContent", "revisionPtr", "workbookProtection", "bookViews", "sheets",
    "functionGroups", "externalReferences", "definedNames",
}  # fmt: skip


def _calculating(xml: bytes) -> bytes:
    """Have every formula worked out when the file is opened."""
    root = _read(xml)
    found = root.find("{*}calcPr")
    if found is None:
        found = etree.Element(f"{{{etree.QName(root).namespace}}}calcPr")
        root.insert(sum(1 for one in root if isinstance(one.tag, str) and etree.QName(one).localname in _BEFORE), found)
    found.set("fullCalcOnLoad", "1")
    return _write(root)
