"""Files as offices have them, and as attackers build them. Made by code, so that a reader sees what is in each."""

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence
from datetime import date
from typing import Any

import xlwt
from openpyxl import Workbook

from qifu.kernel.values.codes import uscc_check_digit

HEADER = ("序号", "单位名称", "统一社会信用代码", "所在镇（街道）", "规上企业", "联系人及电话", "员工数", "", "计划复工时间")
CODE, OTHER_CODE = (first + uscc_check_digit(first) for first in ("91330213MA2AE8KX1", "91330213MA2AE8KX2"))


def workbook(sheets: dict[str, Sequence[Sequence[Any]]], *, merges: dict[str, Sequence[str]] | None = None) -> bytes:
    """Make an .xlsx of sheets of rows; `merges` names ranges by sheet."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(list(row))
        for place in (merges or {}).get(name, ()):
            page.merge_cells(place)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(data: bytes, change: dict[str, bytes], *, add: dict[str, bytes] | None = None) -> bytes:
    """Give the workbook with some parts replaced and others added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(name, change.get(name, before.read(name)))
        for name, content in (add or {}).items():
            after.writestr(name, content)
    return out.getvalue()


def sheet_xml(body: str, *, dimension: str = "A1") -> bytes:
    """Give the XML of a sheet around rows."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<dimension ref="{dimension}"/><sheetData>{body}</sheetData></worksheet>'
    ).encode()


def with_sheet(body: str, *, dimension: str = "A1") -> bytes:
    """Give a workbook whose one sheet holds these rows as written."""
    return repacked(workbook({"名单": [["x"]]}), {"xl/worksheets/sheet1.xml": sheet_xml(body, dimension=dimension)})


def text_cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def bomb(megabytes: int = 300) -> bytes:
    """Give a small workbook with a part that unpacks to many megabytes."""
    return repacked(workbook({"名单": [["x"]]}), {"xl/worksheets/sheet1.xml": sheet_xml("<row/>" * (megabytes * 1024 * 1024 // 6))})


def lying_bomb(megabytes: int = 300) -> bytes:
    """Give a bomb whose directory says that it is small."""
    data = bytearray(bomb(megabytes))
    true = struct.pack("<I", len(sheet_xml("")) + megabytes * 1024 * 1024 // 6 * 6)
    place = data.find(true)
    while place >= 0:
        data[place : place + 4] = struct.pack("<I", 2000)
        place = data.find(true, place + 1)
    return bytes(data)


def many_empty_rows() -> bytes:
    """Give a real list whose format was painted down to the last row of the sheet: 1,048,576 rows."""
    rows = f'<row r="1">{text_cell("A1", "企业名称")}{text_cell("B1", "员工数")}</row>'
    rows += f'<row r="2">{text_cell("A2", "甲公司")}<c r="B2"><v>12</v></c></row>'
    rows += "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(3, 1_048_577))
    return with_sheet(rows, dimension="A1:XFD1048576")


def far_cell() -> bytes:
    """Give a sheet with a cell in the first and one in the last corner."""
    rows = f'<row r="1">{text_cell("A1", "企业名称")}</row><row r="1048576">{text_cell("XFD1048576", "x")}</row>'
    return with_sheet(rows, dimension="A1:XFD1048576")


def hidden_far_cell() -> bytes:
    """Give the same with the place of the far cell written in another way."""
    rows = f'<row r="1">{text_cell("A1", "企业名称")}</row><row><c\n r = \'XFD1048576\' t="inlineStr"><is><t>x</t></is></c></row>'
    return with_sheet(rows)


def unplaced_cells() -> bytes:
    """Give a row of 16,000 cells that do not say where they stand, and one far below."""
    rows = '<row r="1">' + "<c><v>1</v></c>" * 16_000 + '</row><row r="99999"><c><v>1</v></c></row>'
    return with_sheet(rows)


def one_text_in_many_cells(cells: int = 300_000) -> bytes:
    """Give a workbook with one text of 30,000 characters that stands in very many cells: gigabytes once written out."""
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, cells + 1))
    strings = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>' + "甲乙" * 15_000 + "</t></si></sst>"
    return repacked(
        workbook({"名单": [["x"]]}),
        {"xl/worksheets/sheet1.xml": sheet_xml(rows)},
        add={"xl/sharedStrings.xml": strings.encode()},
    )


def shared_texts(rows: int = 100) -> bytes:
    """Give a workbook as Excel itself writes it: each text once, in a part of its own."""
    body = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{n % 3}</v></c><c r="B{n}" t="s"><v>3</v></c></row>' for n in range(1, rows + 1))
    texts = "".join(f"<si><t>{text}</t></si>" for text in ("甲公司", "乙公司", "丙公司", "长" * 20_000))
    strings = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{texts}</sst>'
    return repacked(
        workbook({"名单": [["x"]]}), {"xl/worksheets/sheet1.xml": sheet_xml(body)}, add={"xl/sharedStrings.xml": strings.encode()}
    )


def other_namespace() -> bytes:
    """Give cells under another prefix of the same namespace."""
    rows = '<x:row xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r="1"><x:c r="A1"><x:v>1</x:v></x:c>'
    rows += '<x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>'
    return with_sheet(rows)


def entities() -> bytes:
    """Give a workbook whose sheet declares entities that grow."""
    lol = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    body = sheet_xml(f'<row r="1">{text_cell("A1", "&b;")}</row>').replace(b"?><", f"?>{lol}<".encode(), 1)
    return repacked(workbook({"名单": [["x"]]}), {"xl/worksheets/sheet1.xml": body})


def outer_entity() -> bytes:
    """Give a workbook that would read a file of the server."""
    outer = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    body = sheet_xml(f'<row r="1">{text_cell("A1", "&a;")}</row>').replace(b"?><", f"?>{outer}<".encode(), 1)
    return repacked(workbook({"名单": [["x"]]}), {"xl/worksheets/sheet1.xml": body})


def utf16_entities() -> bytes:
    """Give the same written in UTF-16, where a search for bytes does not find it."""
    body = sheet_xml("").decode().replace("UTF-8", "UTF-16").replace("?><", '?><!DOCTYPE x [<!ENTITY a "b">]><', 1)
    return repacked(workbook({"名单": [["x"]]}), {"xl/worksheets/sheet1.xml": body.encode("utf-16")})


def broken_deflate() -> bytes:
    """Give a workbook with a part whose bytes are rubbish."""
    data = workbook({"名单": [["企业名称"], ["甲"]]})
    good = zipfile.ZipFile(io.BytesIO(data))
    place = good.getinfo("xl/worksheets/sheet1.xml").header_offset
    return data[: place + 60] + b"\xff" * 40 + data[place + 100 :]


def stored(name: str, content: bytes) -> bytes:
    """Give a zip with one part stored as it is."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def crc(content: bytes) -> int:
    return zlib.crc32(content)


def thirteen_towns(towns: Sequence[str], *, each: int = 4) -> dict[str, list[list[Any]]]:
    """Give one sheet per town, each with a title, a header of two levels, rows, a total and a footnote."""
    sheets: dict[str, list[list[Any]]] = {}
    for t, town in enumerate(towns):
        rows: list[list[Any]] = [
            [f"{town}复工企业摸底表", *[""] * 8],
            list(HEADER),
            ["", "", "", "", "", "", "总数", "重点地区", ""],
        ]
        rows += [
            [n + 1, f"{town}第{n}机械有限公司", "", "同上" if n else town, ["是", "√", "规上", "否"][n % 4],
             f"徐会计138{t:04d}{n:04d}", 100 + n, "无" if n else 0, ["2.18", 43879, "2月18日", "2020/2/18"][n % 4]]
            for n in range(each)
        ]  # fmt: skip
        rows.append(["合计", f"{each}家", "", "", "", "", sum(100 + n for n in range(each)), 0, ""])
        rows.append(["填表人：周敏", *[""] * 8])
        sheets[town] = rows
    return sheets


MERGES = ("A1:I1", "A2:A3", "B2:B3", "C2:C3", "D2:D3", "E2:E3", "F2:F3", "G2:H2", "I2:I3")


_DAY = xlwt.easyxf(num_format_str='yyyy"年"m"月"d"日"')


def old_workbook(
    sheets: dict[str, Sequence[Sequence[Any]]],
    *,
    hidden_sheets: Sequence[str] = (),
    hidden_rows: Sequence[int] = (),
    formula: bool = False,
    far: bool = False,
    merges: Sequence[tuple[int, int, int, int]] = (),
    locked: bool = False,
) -> bytes:
    """Make an .xls (or .et: the same bytes) of sheets of rows; `hidden_rows` count from 0 on the first sheet."""
    book = xlwt.Workbook(encoding="utf-8")
    for name, rows in sheets.items():
        page = book.add_sheet(name)
        page.visibility = int(name in hidden_sheets)
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                page.write(i, j, cell, _DAY) if isinstance(cell, date) else page.write(i, j, cell)
        for top, bottom, left, right in merges:
            page.merge(top, bottom, left, right)
        for i in hidden_rows if name not in hidden_sheets else ():
            page.row(i).hidden = True
        if formula:
            page.write(len(rows), 1, xlwt.Formula("1+1"))
        if far:
            page.write(65535, 255, "x")
    out = io.BytesIO()
    book.save(out)
    data = bytearray(out.getvalue())
    if locked:
        # The record after the first BOF (WRITEACCESS and its like) becomes FILEPASS.
        place = data.find(b"\x09\x08\x10\x00\x00\x06\x05\x00") + 20
        data[place : place + 2] = b"\x2f\x00"
    return bytes(data)


def compound(streams: dict[str, bytes]) -> bytes:
    """Make a compound file of streams of at least 4,096 bytes each (shorter ones are filled up): 512-byte sectors."""
    padded = {name: content.ljust(4096, b"\0") for name, content in streams.items()}
    table: list[int] = [0xFFFFFFFD]
    body = b""
    entries = [("Root Entry", 5, 0xFFFFFFFE, 0)]
    for name, content in padded.items():
        count = -(-len(content) // 512)
        start = len(table)
        entries.append((name, 2, start, len(content)))
        table += [*range(start + 1, start + count), 0xFFFFFFFE]
        body += content.ljust(count * 512, b"\0")
    directory = b""
    for name, kind, start, size in entries:
        raw = name.encode("utf-16-le") + b"\0\0"
        directory += struct.pack("<64sHBB", raw, len(raw), kind, 1) + b"\xff" * 12 + b"\0" * 36 + struct.pack("<III", start, size, 0)
    first, count = len(table), -(-len(directory) // 512)
    table += [*range(first + 1, first + count), 0xFFFFFFFE]
    body += directory.ljust(count * 512, b"\0")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    head += struct.pack("<IIIIIIIII", 0, 1, first, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<I", 0) + b"\xff" * 4 * 108
    return head + struct.pack("<128I", *table, *[0xFFFFFFFF] * (128 - len(table))) + body
