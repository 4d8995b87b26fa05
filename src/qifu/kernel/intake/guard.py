"""Looks into a file before anything parses it: is it what its name says, and is it safe to unpack.

Every part of a workbook that the reader will parse is inflated here once, counted and scanned, so that a lying size,
a bomb, an entity or a single cell at the far corner of a sheet is refused in words and not met by the parser."""

import io
import re
import struct
import zipfile
import zlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath
from posixpath import normpath

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from qifu.kernel.language import said as _

from .refusals import NotWhatItSays, TooBig, Trap, Unreadable

MB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What is read at once. Bytes, but for `ratio` (unpacked to packed) and `cells` (rows x columns of one sheet)."""

    upload: int = 30 * MB
    unpacked: int = 50 * MB
    """Always allowed, whatever the size of the upload (SECURITY 5.8)."""
    growth: int = 20
    """A large upload may unpack to this many times its size: 100,000 rows of twelve columns take 8 and 69 MB."""
    unpacked_most: int = 200 * MB
    ratio: int = 100
    """No part may unpack to more than this many times its packed size; sheets of real lists stay below 25."""
    cells: int = 4_000_000
    """Of one sheet as the parser will lay it out, blank cells between written ones included."""
    written: int = 3_000_000
    """Cells with something in them, of all sheets together: what bounds the memory."""
    text: int = 200 * MB
    """Of all cells together. A workbook keeps equal texts once; a parser writes each out again in every cell."""
    formulas: int = 200_000
    """How many formula cells are remembered by place."""

    def unpacked_for(self, size: int) -> int:
        """Give the unpacked bytes allowed for an upload of this size."""
        return min(max(self.unpacked, self.growth * size), self.unpacked_most)


LIMITS = Limits()


@dataclass
class Inspected:
    """What the inspection found: formula cells by sheet name as {row number: {column index}}, the numbers of hidden rows
    by sheet name, notes for the person."""

    formulas: dict[str, dict[int, set[int]]] = field(default_factory=dict)
    hidden: dict[str, set[int]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


# ---------------------------------------------------------------------------------------------- what kind of file

_MAGIC = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"%PDF", "pdf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"{\\rtf", "word"),
    (b"SQLite format 3", "program"),
)
_IS = {
    "pdf": "PDF 文件",
    "picture": "图片",
    "archive": "压缩包",
    "program": "程序或数据文件",
    "word": "Word 文档",
    "ole": "旧版工作簿",
    "zip": "压缩包",
    "xlsx": "新版工作簿",
    "html": "网页",
    "text": "文本",
    "empty": "空文件",
}
_LATER = {
    "pdf": "PDF 里的表读不准，没有导入，请找到原来的表格再上传。",
    "picture": "这是图片，没有导入，请先录成表格再上传。",
    "archive": "这是压缩包，没有导入，请先解开，把里面的表格单独上传。",
    "zip": "这是压缩包，没有导入，请先解开，把里面的表格单独上传。",
    "word": "这是 Word 文档，没有导入，请把里面的表复制到表格里再上传。",
    "program": "这是程序或数据文件，没有导入。",
    "html": "这是从网页系统导出的网页，只是名字像表格，没有导入。",
    "ods": "这是 .ods 表，没有导入，请另存为 .xlsx 再上传。",
    "xlsb": "这是二进制的 .xlsb 表，没有导入，请另存为 .xlsx 再上传。",
    "numbers": "这是苹果 Numbers 表，没有导入，请导出为 .xlsx 再上传。",
    "et": "这是新版 WPS 的压缩格式，这里读不了，没有导入，请另存为 .xlsx 再上传。",
}
_SHEETS = {"xlsx": (".xlsx",), "ole": (".xls", ".et"), "text": (".csv", ".txt", ".json")}
_TEXT_NAMES = (".csv", ".txt", ".json", ".xls", ".et", "")
_INSIDE = {
    "xl/workbook.xml": "xlsx",
    "xl/workbook.bin": "xlsb",
    "word/document.xml": "word",
    "content.xml": "ods",
    "Index/Document.iwa": "numbers",
}
_SAVE_AS = "用 Excel 或 WPS 打开，“另存为”里选“Excel 工作簿 (*.xlsx)”。"


def kind_of(data: bytes) -> str:
    """Say what the bytes are, whatever the name: xlsx, text, html, or a kind that is not read here."""
    if not data:
        return "empty"
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return _kind_of_zip(data) if kind == "zip" else kind
    start = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<?xml")):
        return "html"
    return "text"


def _kind_of_zip(data: bytes) -> str:
    try:
        names = set(zipfile.ZipFile(io.BytesIO(data)).namelist())
    except (zipfile.BadZipFile, struct.error, ValueError, OverflowError, NotImplementedError, UnicodeDecodeError):
        # A workbook that broke on the way still says in its first bytes what it was.
        return "xlsx" if b"[Content_Types].xml" in data[:4096] or b"xl/" in data[:4096] else "zip"
    return next((kind for name, kind in _INSIDE.items() if name in names), "zip")


def check_name(data: bytes, filename: str) -> str:
    """Give "xlsx", "ole" or "text" by what the bytes are; the name decides nothing but whether text may be a list.

    Refuses what is no sheet at all, in words for its kind."""
    ending = PurePath(filename.replace("\\", "/")).suffix.lower()
    kind = kind_of(data)
    if kind == "empty":
        raise Unreadable("这个文件是空的，没有导入任何内容。", fix="看看是不是选错了文件，或还没有保存。")
    if kind in ("xlsx", "ole") or (kind == "text" and ending in _TEXT_NAMES):
        return kind
    if kind in ("zip", "archive") and ending in (".et", ".ett"):
        kind = "et"
    raise NotWhatItSays(_LATER.get(kind, _("只读得了表格，这个文件是{what}，没有导入。", what=_IS.get(kind, _("别的东西")))), fix=_SAVE_AS)


def differs(kind: str, filename: str) -> str:
    """Say in words that a file is of another kind than its name says; '' where they agree."""
    ending = PurePath(filename.replace("\\", "/")).suffix.lower()
    return (
        _("名字的结尾是 {ending}，里面是{inside}，按里面的读了。", ending=ending, inside=_IS[kind])
        if ending and ending not in _SHEETS[kind]
        else ""
    )


# ------------------------------------------------------------------------------------------------- inside a workbook

_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST)")
_ROOT = re.compile(rb"<[A-Za-z_]")
# Every program writes a cell as <c r="B12" …>. Whatever is written otherwise, or stands right of column Z or below row
# 99,999, is looked at one by one; in real lists these are few.
_UNUSUAL = re.compile(rb"""<c(?! r="[A-Z][0-9]{1,5}")(?=[\s/>])[^>]*>""")
_PLAIN = re.compile(rb"""<c r="([A-Z]{1,3})([0-9]{1,7})"[\s/>]""")
_PLAIN_WRITTEN = re.compile(rb"""<c r="([A-Z]{1,3})([0-9]{1,7})"(?:[^>]*[^>/])?>""")
_FORMULA = re.compile(rb"""<(?:\w+:)?c\b[^>]{0,200}?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]{0,200}>\s{0,8}<(?:\w+:)?f\b""")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]{0,100})?>\s*([0-9]+)\s*</")
_TEXT_END = re.compile(rb"</(?:\w+:)?si\s*>|<(?:\w+:)?si\s*/>")
_TAG = re.compile(rb"<(?:\w+:)?(row|c)(?=[\s/>])([^>]*)>")
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Z]{0,3})([0-9]{1,7})["']""")
_NEAR_ROWS, _NEAR_COLUMNS = 99_999, 26
_ENDLESS = (1_048_576, 16_384)
_CHUNK = 1 * MB
_LONGEST = 2 * MB
_HIDDEN = re.compile(rb"""<row\b(?=[^>]{0,300}\bhidden="(?:1|true)")[^>]{0,300}?\br="([0-9]{1,7})"[^>]*[^>/]>""")


def column_index(letters: str) -> int:
    """Give the index of a column from 0: A is 0, AA is 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def column_letters(index: int) -> str:
    """Give the letters of a column index from 0."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _in(window: bytes, signs: bytes, rare: bytes) -> bool:
    """Say whether these signs stand in a piece; asked for the rarest of them first, since one sign alone is found ten times as fast."""
    return rare in window and signs in window


def _reach(window: bytes, rows: int, columns: int) -> tuple[int, int]:
    """Widen (rows, columns) by the far cells of a piece; endlessly, if a cell is not written as programs write it."""
    if _in(window, b":c", b":") and re.search(rb"<\w+:c[\s/>]", window):
        return _ENDLESS
    for tag in _UNUSUAL.findall(window):
        place = _PLAIN.match(tag)
        if place is None:
            return _ENDLESS
        rows, columns = max(rows, int(place[2])), max(columns, column_index(place[1].decode()) + 1)
    return rows, columns


def _cut(window: bytes) -> tuple[bytes, bytes]:
    """Cut before the last cell or tag, so that none is torn; refuse a text longer than any cell may hold."""
    end = window.rfind(b"<c")
    if end < 0:
        end = window.rfind(b"<")
    if len(window) - max(end, 0) > _LONGEST:
        raise TooBig("有一格的文字太长，没有导入。", fix="一格最多三万多个字，删短后再上传。")
    return (window[:end], window[end:]) if end >= 0 else (b"", window)


def inspect_workbook(data: bytes, *, limits: Limits = LIMITS) -> Inspected:
    """Inflate and scan every XML part of an .xlsx once; refuse what is not a plain workbook of bearable size."""
    if len(data) > limits.upload:
        raise TooBig(_("这个文件有 {size} MB，一次最多读 {most} MB，没有导入。", size=len(data) // MB, most=limits.upload // MB))
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except (zipfile.BadZipFile, struct.error, ValueError, OverflowError, NotImplementedError, UnicodeDecodeError) as error:
        raise _broken() from error
    if len(members) > 5000 or len({m.filename for m in members}) != len(members):
        raise Trap()
    return _Inspection(data, members, limits).run()


def _broken() -> Unreadable:
    return Unreadable("这个文件不完整，可能没有下载完或没有传完，没有导入任何内容。", fix="重新下载或保存一次，再上传。")


class _Box:
    """The smallest rectangle around the cells that hold something."""

    def __init__(self) -> None:
        self.top = self.left = 1 << 30
        self.bottom = self.right = -1
        self.row = self.column = 0

    @property
    def cells(self) -> int:
        return 0 if self.bottom < 0 else (self.bottom - self.top + 1) * (self.right - self.left + 1)

    def add(self, places: list[tuple[bytes, bytes]]) -> None:
        """Stretch around cells given as (letters, row)."""
        if places:
            rows = [int(row) for _, row in places]
            columns = [column_index(letters.decode()) for letters in {letters for letters, _ in places}]
            self.top, self.bottom = min(self.top, *rows), max(self.bottom, *rows)
            self.left, self.right = min(self.left, *columns), max(self.right, *columns)

    def place(self, piece: bytes) -> None:
        """Stretch around the cells of a piece of XML, counting for those that do not say where they stand."""
        for tag, attributes in _TAG.findall(piece):
            place = _PLACE.search(attributes)
            if tag == b"row":
                self.row, self.column = (int(place[2]) if place else self.row + 1), -1
                continue
            if place and place[1]:
                self.row, self.column = int(place[2]), column_index(place[1].decode())
            else:
                self.column += 1
            if not attributes.endswith(b"/"):
                self.top, self.bottom = min(self.top, self.row), max(self.bottom, self.row)
                self.left, self.right = min(self.left, self.column), max(self.right, self.column)


class _Inspection:
    """One pass over the parts of one archive."""

    def __init__(self, data: bytes, members: list[zipfile.ZipInfo], limits: Limits) -> None:
        self.data, self.members, self.limits = data, members, limits
        self.left = limits.unpacked_for(len(data))
        self.parts: dict[str, bytes] = {}
        self.formulas: dict[str, dict[int, set[int]]] = {}
        self.formula_count = 0
        self.hidden: dict[str, set[int]] = {}
        self.written = 0
        self.longest = 0
        self.texts: zipfile.ZipInfo | None = None
        self.sheets: list[zipfile.ZipInfo] = []
        self.external = False

    def run(self) -> Inspected:
        found = Inspected()
        for member in self.members:
            name = member.filename
            if member.flag_bits & 0x1:
                raise Unreadable("这个文件加了密码，打不开，没有导入任何内容。", fix="去掉密码，另存为 .xlsx 再上传。")
            if name.startswith("xl/externalLinks/"):
                self.external = True
            elif name.endswith("vbaProject.bin"):
                found.notes.append("表里带有宏，没有运行。")
            elif name.lower().endswith((".xml", ".rels", ".vml")):
                self._scan(member)
        self._check_text()
        if self.external:
            found.notes.append("表里引用了别的文件，没有去打开，只取了上次存下的值。")
        if any(self.hidden.values()):
            found.hidden = {name: self.hidden[part] for name, part in self._sheet_parts() if self.hidden.get(part)}
        if self.formulas:
            found.formulas = {name: self.formulas[part] for name, part in self._sheet_parts() if part in self.formulas}
        return found

    def _scan(self, member: zipfile.ZipInfo) -> None:
        sheet = member.filename.lower().startswith("xl/worksheets/") and not member.filename.endswith(".rels")
        texts = "sharedstrings" in member.filename.lower()
        if sheet:
            self.sheets.append(member)
        keep = member.filename in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
        kept: list[bytes] = []
        tail, seen, strings = b"", 0, 0
        reach = (_NEAR_ROWS, _NEAR_COLUMNS)

        def look(window: bytes) -> None:
            nonlocal reach
            self.written += window.count(b"c>")
            if self.written > self.limits.written:
                raise TooBig(_("这个文件的格子太多，一次最多读 {value} 万格，没有导入。", value=self.limits.written // 10000))
            if reach != _ENDLESS:
                reach = _reach(window, *reach)
            if _in(window, b"<f", b"f"):
                self._note_formulas(member.filename, window)
            if _in(window, b"hidden", b"h"):
                self.hidden.setdefault(member.filename, set()).update(int(row) for row in _HIDDEN.findall(window))

        for chunk in self._inflate(member):
            if not seen:
                self._check_start(chunk)
            seen += len(chunk)
            if sheet:
                window, tail = _cut(tail + chunk)
                look(window)
            elif texts:
                self.texts = member
                # Whatever the prefix, each text lies between two of these.
                *between, tail = (tail + chunk).split(b"si>")
                self.longest = max(self.longest, len(tail), *map(len, between))
                strings += len(between)
                if strings > 2 * self.limits.written or len(tail) > _LONGEST:
                    raise TooBig("这个文件里的文字太多，没有导入。")
            if keep:
                kept.append(chunk)
        if keep:
            self.parts[member.filename] = b"".join(kept)
        if sheet:
            look(tail)
        if reach[0] * reach[1] > self.limits.cells and self._extent(member, strange=reach == _ENDLESS) > self.limits.cells:
            raise TooBig(
                "表里有一格写在离内容很远的地方，整张表撑到了几百万格，没有导入。",
                fix="按 Ctrl+End 找到最远的那一格，删掉多余的行和列，保存后再上传。",
            )

    def _check_text(self) -> None:
        """Refuse a few long texts that stand in very many cells. Counted cell by cell only where it could be so."""
        if self.texts is None or self.longest * self.written <= self.limits.text:
            return
        self.left += self.texts.file_size
        lengths, tail = array("I"), b""
        for chunk in self._inflate(self.texts):
            *ended, tail = _TEXT_END.split(tail + chunk)
            lengths.extend(map(len, ended))
        total = 0
        for member in self.sheets:
            self.left += member.file_size
            for piece in self._pieces(member):
                total += sum(lengths[int(n)] for n in _VALUE.findall(piece) if len(n) < 8 and int(n) < len(lengths))
                # A value that is not written in plain digits may be any of the texts.
                total += self.longest * piece.count(b"&#")
                if total > self.limits.text:
                    raise TooBig("这个文件里同样的长文字重复了太多遍，没有导入。")

    def _check_start(self, start: bytes) -> None:
        """Refuse XML that is not UTF-8, and any declaration: they stand before the first element or nowhere."""
        if start[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in start[:64]:
            raise Trap()
        if _DECLARES.search(start) or not _ROOT.search(start):
            raise Trap()

    def _inflate(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        """Yield the part in pieces, by its real size; the sizes in the directory may lie and are compared afterwards."""
        packed = self._packed(member)
        if member.compress_type == zipfile.ZIP_STORED:
            pieces: Iterator[bytes] = (packed[i : i + _CHUNK] for i in range(0, len(packed), _CHUNK))
        elif member.compress_type == zipfile.ZIP_DEFLATED:
            pieces = _deflated(packed)
        else:
            raise Trap()
        total = 0
        most = max(self.limits.ratio * len(packed), 1 * MB)
        for piece in pieces:
            total += len(piece)
            self.left -= len(piece)
            if self.left < 0 or total > most:
                allowed = self.limits.unpacked_for(len(self.data)) // MB
                raise TooBig(_("这个文件解开后大得不合常理（超过 {most} MB），没有打开，也没有导入。", most=min(allowed, most // MB or 1)))
            yield piece
        if total != member.file_size:
            raise Trap()

    def _packed(self, member: zipfile.ZipInfo) -> bytes:
        header = self.data[member.header_offset : member.header_offset + 30]
        if len(header) < 30 or header[:4] != b"PK\x03\x04":
            raise _broken()
        name_length, extra_length = struct.unpack("<HH", header[26:30])
        start = member.header_offset + 30 + name_length + extra_length
        if self.data[member.header_offset + 30 : start - extra_length].decode("utf-8", "replace") != member.filename and (
            member.filename.isascii()
        ):
            raise Trap()
        packed = self.data[start : start + member.compress_size]
        if len(packed) != member.compress_size:
            raise _broken()
        return packed

    def _note_formulas(self, part: str, window: bytes) -> None:
        places = self.formulas.setdefault(part, {})
        for letters, row in _FORMULA.findall(window):
            if self.formula_count >= self.limits.formulas:
                return
            places.setdefault(int(row), set()).add(column_index(letters.decode()))
            self.formula_count += 1

    def _extent(self, member: zipfile.ZipInfo, *, strange: bool) -> int:
        """Count rows x columns of the cells that hold something, cell by cell. Only for a sheet that looks too wide."""
        self.left += member.file_size
        box = _Box()
        for piece in self._pieces(member):
            if strange:
                box.place(piece)
            else:
                box.add(_PLAIN_WRITTEN.findall(piece))
        return box.cells

    def _pieces(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        tail = b""
        for chunk in self._inflate(member):
            window, tail = _cut(tail + chunk)
            yield window
        yield tail

    def _sheet_parts(self) -> list[tuple[str, str]]:
        """Give (sheet name, part name) in the order of the workbook."""
        try:
            book = fromstring(self.parts["xl/workbook.xml"])
            links = fromstring(self.parts["xl/_rels/workbook.xml.rels"])
        except (KeyError, ParseError, DefusedXmlException, ValueError) as error:
            raise _broken() from error
        targets = {link.get("Id"): link.get("Target", "") for link in links}
        found = []
        for element in book.iter():
            if element.tag.rpartition("}")[2] != "sheet":
                continue
            link = next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == "id"), None)
            target = targets.get(link, "")
            found.append((element.get("name", ""), normpath(target[1:] if target.startswith("/") else f"xl/{target}")))
        return found


def _deflated(packed: bytes) -> Iterator[bytes]:
    machine = zlib.decompressobj(-15)
    rest = packed
    try:
        while not machine.eof:
            piece = machine.decompress(rest, _CHUNK)
            rest = machine.unconsumed_tail
            if piece:
                yield piece
            elif not rest:
                raise _broken()
    except zlib.error as error:
        raise _broken() from error
