"""Reads an old workbook (.xls, .et: a compound file with a BIFF8 stream).

Source: [MS-CFB] 2.2-2.6 for the container, [MS-XLS] 2.3, 2.4 for the records. Every chain is bounded by the file's own
size, and every record by its stream; what leads outside is a broken file, told as such."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import isfinite
from typing import Any

from qifu.kernel.language import said as _

from .guard import LIMITS, Limits
from .refusals import NotWhatItSays, TooBig, Trap, Unreadable

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END, _FREE, _MOST_SECTOR = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFA
_BOF, _EOF, _FILEPASS, _SHEET, _TEXTS, _CONTINUE, _ROW = 0x0809, 0x000A, 0x002F, 0x0085, 0x00FC, 0x003C, 0x0208
_FORMAT, _STYLE, _DATEMODE, _MERGED, _FORMULA_TEXT = 0x041E, 0x00E0, 0x0022, 0x00E5, 0x0207
_TEXT_CELL, _NUMBER, _PACKED, _MANY, _LABEL, _RICH, _TRUTH, _FORMULA = 0x00FD, 0x0203, 0x027E, 0x00BD, 0x0204, 0x00D6, 0x0205, 0x0006
_CELLS = frozenset({_TEXT_CELL, _NUMBER, _PACKED, _LABEL, _RICH, _TRUTH, _FORMULA})
_BIFF8 = 0x0600
_MOST_SHEETS = 1000
# Built-in formats of days, the East Asian ones (27-36, 50-58) among them; 18-21 and 45-47 are times of day.
_DATED = frozenset({14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)})
# A cell holds a day of the wall, of no zone.
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001
_SAVE_AS = "用 Excel 或 WPS 打开，“另存为”里选“Excel 工作簿 (*.xlsx)”，再上传。"


def _broken() -> Unreadable:
    return Unreadable("这个文件不完整，可能没有下载完或没有传完，没有导入任何内容。", fix="重新下载或保存一次，再上传。")


class Compound:
    """The streams of a compound file, by name. Refuses Unreadable where a chain leads outside or in a circle."""

    def __init__(self, data: bytes) -> None:
        try:
            self._open(data)
        except (struct.error, IndexError) as error:
            raise _broken() from error

    def _open(self, data: bytes) -> None:
        if len(data) < 512 or not data.startswith(MAGIC):
            raise _broken()
        self.data = data
        shift, small_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or small_shift != 6:
            raise _broken()
        self.size = 1 << shift
        first_directory, _, self.cutoff, first_small, _, first_far, fars = struct.unpack_from("<IIIIIII", data, 48)
        places = [one for one in struct.unpack_from("<109I", data, 76) if one < _MOST_SECTOR]
        far = first_far
        for _ in range(min(fars, len(data) >> shift)):
            if far >= _MOST_SECTOR:
                break
            *some, far = struct.unpack(f"<{self.size // 4}I", self._sector(far))
            places += [one for one in some if one < _MOST_SECTOR]
        if len(places) > (len(data) >> shift) + 1:
            raise _broken()
        self.table = [one for place in places for one in struct.unpack(f"<{self.size // 4}I", self._sector(place))]
        directory = self._chain(first_directory)
        small = self._chain(first_small) if first_small < _MOST_SECTOR else b""
        self.small_table = list(struct.unpack(f"<{len(small) // 4}I", small))
        self.entries: dict[str, tuple[int, int]] = {}
        self.names: set[str] = set()
        self.mini = b""
        for place in range(0, len(directory) - 127, 128):
            length, kind = struct.unpack_from("<HB", directory, place + 64)
            if kind not in (1, 2, 5) or not 2 <= length <= 64:
                continue
            name = directory[place : place + length - 2].decode("utf-16-le", "replace")
            start, count = struct.unpack_from("<II", directory, place + 116)
            self.names.add(name)
            if kind == 5 and start < _MOST_SECTOR:
                self.mini = self._chain(start)[:count]
            elif kind == 2:
                self.entries[name] = (start, count)

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.size
        found = self.data[start : start + self.size]
        if not found:
            raise _broken()
        # The last sector of a file is not always written to its end.
        return found.ljust(self.size, b"\0") if start + self.size > len(self.data) else found

    def _chain(self, start: int) -> bytes:
        parts: list[bytes] = []
        seen, most = start, len(self.data) // self.size + 1
        while seen < _MOST_SECTOR:
            if len(parts) > most or seen >= len(self.table):
                raise _broken()
            parts.append(self._sector(seen))
            seen = self.table[seen]
        return b"".join(parts)

    def stream(self, name: str) -> bytes:
        """Give a stream's bytes, whole; refuses Unreadable where some are missing."""
        start, count = self.entries[name]
        if count >= self.cutoff:
            if count > len(self.data):
                raise _broken()
            found = self._chain(start)
        else:
            parts: list[bytes] = []
            seen = start
            while seen < _MOST_SECTOR:
                if len(parts) * 64 > self.cutoff or seen >= len(self.small_table):
                    raise _broken()
                parts.append(self.mini[seen * 64 : seen * 64 + 64])
                seen = self.small_table[seen]
            found = b"".join(parts)
        if len(found) < count:
            raise _broken()
        return found[:count]


@dataclass
class OldSheet:
    """One worksheet: its rows from row 1 on, of equal length, beginning in column `left`; ((top, left), (bottom, right))."""

    name: str
    hidden: bool
    rows: list[list[Any]]
    left: int
    merges: tuple[tuple[tuple[int, int], tuple[int, int]], ...]
    formulas: dict[int, set[int]]
    hidden_rows: set[int]


@dataclass
class OldBook:
    """The worksheets in the order of the tabs, and what was noticed."""

    sheets: list[OldSheet] = field(default_factory=list)
    macros: bool = False


def read_old_workbook(data: bytes, *, limits: Limits = LIMITS) -> OldBook:
    """Read an old workbook, each record once; refuses what is locked, broken, too old, another document, or a bomb.

    Read here and not by a parser of another language: those give their memory up front by counts that a file claims,
    and a file of two kilobytes that claims four thousand million texts ends the process that reads it."""
    if len(data) > limits.upload:
        raise TooBig()
    box = Compound(data)
    if {"EncryptedPackage", "EncryptionInfo"} & box.names:
        raise _locked()
    name = next((one for one in ("Workbook", "WORKBOOK", "Book", "BOOK") if one in box.entries), "")
    if not name:
        if "WordDocument" in box.names:
            raise NotWhatItSays("这是 Word 文档，没有导入。", fix="把里面的表复制到 Excel 或 WPS 表格，保存后再上传。")
        if "PowerPoint Document" in box.names:
            raise NotWhatItSays("这是演示文稿，没有导入。", fix="把里面的表复制到 Excel 或 WPS 表格，保存后再上传。")
        raise NotWhatItSays("这个旧版 Office 文件里没有表格，没有导入。", fix=_SAVE_AS)
    try:
        sheets = _Records(box.stream(name), limits).run()
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise _broken() from error
    return OldBook(sheets, macros=any(one.startswith(("_VBA_PROJECT", "VBA")) for one in box.names))


def _locked() -> Unreadable:
    return Unreadable("这个文件加了密码，打不开，没有导入任何内容。", fix="在 Excel 或 WPS 里打开，去掉密码，保存后再上传。")


@dataclass
class _Page:
    """A sheet while its records are read: cells by row and column, from 0."""

    cells: dict[int, dict[int, Any]] = field(default_factory=dict)
    formulas: dict[int, set[int]] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    merges: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    left: int = 1 << 30
    bottom: int = -1
    right: int = -1
    waits: tuple[int, int] | None = None
    """The formula cell whose text stands in the next record."""

    def grid(self) -> list[list[Any]]:
        width = self.right - self.left + 1
        rows: list[list[Any]] = []
        for number in range(self.bottom + 1):
            row: list[Any] = [""] * width
            for column, value in self.cells.get(number, {}).items():
                row[column - self.left] = value
            rows.append(row)
        return rows


class _Run:
    """A reader over pieces of records that continue each other ([MS-XLS] 2.5.293)."""

    def __init__(self, stream: bytes, pieces: list[tuple[int, int]]) -> None:
        self.stream, self.rest = stream, iter(pieces)
        self.at, self.end = next(self.rest)

    def more(self) -> bool:
        """Go on to the next piece where this one is used up; say whether it did."""
        if self.at < self.end:
            return False
        self.at, self.end = next(self.rest, (0, 0))
        if not self.end:
            raise _broken()
        return True

    def text(self) -> str:
        """Read one text."""
        self.more()
        length, options = struct.unpack_from("<HB", self.stream, self.at)
        self.at += 3
        extra = 0
        if options & 8:
            extra = 4 * int(struct.unpack_from("<H", self.stream, self.at)[0])
            self.at += 2
        if options & 4:
            extra += int(struct.unpack_from("<I", self.stream, self.at)[0])
            self.at += 4
        wide, left = bool(options & 1), int(length)
        parts: list[str] = []
        while left:
            if self.more():
                # A text that goes on says anew how wide its letters are.
                wide = bool(self.stream[self.at] & 1)
                self.at += 1
            some = min(left, (self.end - self.at) // (2 if wide else 1))
            if some <= 0:
                raise _broken()
            size = some * (2 if wide else 1)
            parts.append(self.stream[self.at : self.at + size].decode("utf-16-le" if wide else "latin-1", "replace"))
            self.at += size
            left -= some
        while extra:
            self.more()
            step = min(extra, self.end - self.at)
            self.at, extra = self.at + step, extra - step
        return "".join(parts)


class _Records:
    """One walk over the records of a workbook stream."""

    def __init__(self, stream: bytes, limits: Limits) -> None:
        self.stream, self.limits = stream, limits
        self.tabs: list[tuple[int, str, int, int]] = []
        self.texts: list[str] = []
        self.dated: list[bool] = []
        self.formats: dict[int, bool] = {}
        self.from_1904 = False
        self.written = self.long = self.formula_count = 0

    def run(self) -> list[OldSheet]:
        kind, size = struct.unpack_from("<HH", self.stream)
        if kind & 0xFF != 0x09:
            raise _broken()
        version = struct.unpack_from("<H", self.stream, 4)[0] if kind == _BOF and size >= 4 else 0
        if version != _BIFF8:
            raise Unreadable("这个表是 Excel 97 以前的格式，太旧了，没有导入任何内容。", fix=_SAVE_AS)
        self._globals()
        found = []
        for start, name, state, sort in self.tabs:
            if sort == 0:
                page = self._page(start)
                rows = page.grid() if page.bottom >= 0 else []
                hidden = {row + 1 for row in page.hidden if row in page.cells}
                found.append(OldSheet(name, state != 0, rows, max(min(page.left, 255), 0), tuple(page.merges), page.formulas, hidden))
        return found

    def _walk(self, place: int) -> Iterator[tuple[int, int, int]]:
        """Yield (kind, where its body begins, its size) up to the end of this part; what is nested inside (charts) is not
        yielded. Refuses a part that does not end."""
        depth = 0
        while place + 4 <= len(self.stream):
            kind, size = struct.unpack_from("<HH", self.stream, place)
            if place + 4 + size > len(self.stream):
                break
            if kind == _BOF:
                depth += 1
            elif kind == _EOF:
                depth -= 1
                if depth <= 0:
                    return
            elif depth == 1:
                yield kind, place + 4, size
            elif depth == 0:
                break
            place += 4 + size
        raise _broken()

    def _globals(self) -> None:
        stream = self.stream
        for kind, body, size in self._walk(0):
            if kind == _FILEPASS:
                raise _locked()
            if kind == _SHEET:
                start, state, sort = struct.unpack_from("<IBB", stream, body)
                self.tabs.append((start, self._short(body + 6, body + size), state & 3, sort))
                if len(self.tabs) > _MOST_SHEETS:
                    raise Trap()
            elif kind == _TEXTS:
                self._shared(body - 4)
            elif kind == _FORMAT:
                self.formats[struct.unpack_from("<H", stream, body)[0]] = _is_dated(self._long(body + 2, body + size))
            elif kind == _STYLE:
                code = struct.unpack_from("<H", stream, body + 2)[0]
                self.dated.append(code in _DATED or self.formats.get(code, False))
            elif kind == _DATEMODE:
                self.from_1904 = struct.unpack_from("<H", stream, body)[0] == 1

    def _page(self, start: int) -> _Page:
        page = _Page()
        for kind, body, size in self._walk(start):
            if kind in _CELLS:
                self._cell(kind, body, size, page)
            elif kind == _MANY:
                row, column = struct.unpack_from("<HH", self.stream, body)
                for place in range((size - 6) // 6):
                    style, packed = struct.unpack_from("<HI", self.stream, body + 4 + place * 6)
                    self._put(page, row, column + place, self._number(_unpacked(packed), style))
            elif kind == _FORMULA_TEXT and page.waits:
                row, column = page.waits
                self._put(page, row, column, self._long(body, body + size))
                page.waits = None
            elif kind == _ROW:
                row, _, _, _, _, _, options = struct.unpack_from("<HHHHHHH", self.stream, body)
                if options & 0x20:
                    page.hidden.add(row)
            elif kind == _MERGED:
                count = struct.unpack_from("<H", self.stream, body)[0]
                for place in range(min(count, (size - 2) // 8)):
                    top, bottom, left, right = struct.unpack_from("<HHHH", self.stream, body + 2 + place * 8)
                    if top <= bottom and left <= right:
                        page.merges.append(((top, left), (bottom, right)))
        return page

    def _cell(self, kind: int, body: int, size: int, page: _Page) -> None:
        stream = self.stream
        row, column, style = struct.unpack_from("<HHH", stream, body)
        value: Any = ""
        if kind == _TEXT_CELL:
            number = struct.unpack_from("<I", stream, body + 6)[0]
            if number >= len(self.texts):
                raise _broken()
            value = self.texts[number]
        elif kind == _NUMBER:
            value = self._number(struct.unpack_from("<d", stream, body + 6)[0], style)
        elif kind == _PACKED:
            value = self._number(_unpacked(struct.unpack_from("<I", stream, body + 6)[0]), style)
        elif kind in (_LABEL, _RICH):
            value = self._long(body + 6, body + size)
        elif kind == _TRUTH:
            truth, wrong = struct.unpack_from("<BB", stream, body + 6)
            value = "" if wrong else bool(truth)
        elif kind == _FORMULA:
            value = self._result(row, column, style, body + 6, page)
            if self.formula_count < self.limits.formulas:
                page.formulas.setdefault(row + 1, set()).add(column)
                self.formula_count += 1
        self._put(page, row, column, value)

    def _result(self, row: int, column: int, style: int, place: int, page: _Page) -> Any:
        sort, value, marked = struct.unpack_from("<BxBxxxH", self.stream, place)
        if marked != 0xFFFF:
            return self._number(struct.unpack_from("<d", self.stream, place)[0], style)
        if sort == 0:
            page.waits = (row, column)
        return bool(value) if sort == 1 else ""

    def _put(self, page: _Page, row: int, column: int, value: Any) -> None:
        if column > 255:
            raise _broken()
        if value == "" and value is not False:
            return
        page.cells.setdefault(row, {})[column] = value
        page.bottom, page.left, page.right = max(page.bottom, row), min(page.left, column), max(page.right, column)
        self.written += 1
        if self.written > self.limits.written:
            raise TooBig(_("这个文件的格子太多，一次最多读 {value} 万格，没有导入。", value=self.limits.written // 10000))
        if (page.bottom + 1) * (page.right - page.left + 1) > self.limits.cells:
            raise TooBig(
                "表里有一格写在离内容很远的地方，整张表撑到了几百万格，没有导入。",
                fix="按 Ctrl+End 找到最远的那一格，删掉多余的行和列，保存后再上传。",
            )
        if value.__class__ is str:
            self.long += len(value)
            if self.long > self.limits.text:
                raise TooBig("这个文件里同样的长文字重复了太多遍，没有导入。")

    def _number(self, number: float, style: int) -> Any:
        if style < len(self.dated) and self.dated[style]:
            days = number + (1462 if self.from_1904 else 0)
            if 1 <= days < 2_958_466:
                return _EPOCH + timedelta(seconds=round(days * 86400))
        return number if isfinite(number) else ""

    def _short(self, place: int, end: int) -> str:
        length, options = struct.unpack_from("<BB", self.stream, place)
        return self._letters(place + 2, end, length, wide=bool(options & 1))

    def _long(self, place: int, end: int) -> str:
        length, options = struct.unpack_from("<HB", self.stream, place)
        return self._letters(place + 3, end, length, wide=bool(options & 1))

    def _letters(self, place: int, end: int, length: int, *, wide: bool) -> str:
        raw = self.stream[place : min(end, place + length * (2 if wide else 1))]
        return raw.decode("utf-16-le" if wide else "latin-1", "replace")

    def _shared(self, place: int) -> None:
        """Read the shared texts, which run on over records."""
        stream = self.stream
        size = struct.unpack_from("<H", stream, place + 2)[0]
        count = struct.unpack_from("<I", stream, place + 8)[0]
        pieces = [(place + 12, place + 4 + size)]
        after = place + 4 + size
        while after + 4 <= len(stream) and struct.unpack_from("<H", stream, after)[0] == _CONTINUE:
            size = struct.unpack_from("<H", stream, after + 2)[0]
            if after + 4 + size > len(stream):
                raise _broken()
            pieces.append((after + 4, after + 4 + size))
            after += 4 + size
        run = _Run(stream, pieces)
        for _each in range(count):
            self.texts.append(run.text())


def _unpacked(packed: int) -> float:
    """Give the number of an RK value ([MS-XLS] 2.5.217): 30 bits of an integer or the top of a double, perhaps a hundredfold."""
    if packed & 2:
        number = float((packed >> 2) - (1 << 30 if packed & 0x80000000 else 0))
    else:
        number = struct.unpack("<d", struct.pack("<II", 0, packed & 0xFFFFFFFC))[0]
    return number / 100 if packed & 1 else number


def _is_dated(code: str) -> bool:
    """Say whether a number format shows a day: letters of dates outside of quotes, brackets and escapes."""
    bare = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|_.', "", code.lower())
    return bool(re.search(r"[ymd年月日]", bare)) and "0" not in bare.replace(".0", "") and "general" not in bare


__all__ = ["MAGIC", "Compound", "OldBook", "OldSheet", "read_old_workbook"]
