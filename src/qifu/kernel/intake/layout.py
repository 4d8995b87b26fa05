"""Finds the list inside a sheet: which rows are title, header, total, blank or footnote, and which are rows of the list.

Every row of a sheet ends in exactly one place: a block's `rows`, its `others` (with what they are), or its `blanks`.
Trailing blank rows do not count, as nobody wrote them."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice, repeat
from typing import Any, NamedTuple

from .guard import column_letters
from .mapping import ARROW, BEYOND, SERIAL, normal
from .parsers import as_text
from .reader import UNSEEN, Merge, Row, Sheet

CHUNK = 5_000
_LOOK_AT = 40
"""Rows, not counting blank ones, within which a header is looked for."""
_MOST_COLUMNS = 400

_SECOND = re.compile(r" #\d+$")

TITLE, HEADER, TOTAL, NOTE, BLANK = "title", "header", "total", "note", "blank"
KINDS = {TITLE: "标题", HEADER: "表头", TOTAL: "合计", NOTE: "说明", BLANK: "空行"}


class Other(NamedTuple):
    """A row that is not a row of the list: its number, what it is, what it says, and the cells of a total."""

    row: int
    kind: str
    text: str
    cells: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Head:
    """The header of one sheet: one label per column ("员工数 ▸ 总数"; unlike each other), column letters, row numbers."""

    sheet: str
    labels: tuple[str, ...]
    letters: tuple[str, ...]
    rows: tuple[int, ...] = ()
    merged: int = 0
    """How many columns got their label from two rows."""

    @property
    def width(self) -> int:
        return len(self.labels)


@dataclass
class Block:
    """A run of rows of one sheet, in order. `rows[i]` stood in row `numbers[i]` and has `head.width` cells."""

    sheet: int
    head: Head
    numbers: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    others: list[Other] = field(default_factory=list)
    blanks: int = 0
    formulas: dict[int, list[int]] = field(default_factory=dict)
    """Index in `rows` to the columns (from 0) whose value came from a formula."""
    filled: int = 0
    """Cells filled from a merged cell above."""
    unseen: int = 0
    """Cells from which invisible characters were dropped."""

    @property
    def counted(self) -> int:
        """How many source rows this block accounts for."""
        return len(self.rows) + len(self.others) + self.blanks


_TOTAL = re.compile(r"\s*(?:[合小总共累]\s*计|总\s*数|总\s*共|本页小计|全部合计)\s*(?:[:：(（].*|\d.*|共.*|[家户人个].*)?")
_TOTAL_FIRST = frozenset("合小总共累本全 \u3000\t")
_FOOT = re.compile(
    r"\s*(?:填表|制表|填报|审核|审批|负责人|联系人[:：]|分管领导|单位负责人|注[:：]|备注[:：]|说明[:：]|附注|以上|此表|本表)"
)
_SECTION = re.compile(r"\s*(?:[一二三四五六七八九十]+\s*[、.．]|[（(][一二三四五六七八九十]+[)）])")


def lay_out(sheet: Sheet, index: int, *, knows: Callable[[Any], float], chunk: int = CHUNK) -> Iterator[Block]:
    """Yield the sheet in blocks of at most `chunk` rows of the list. `knows` says how surely a cell is a header (0-1).

    Pure and steady: the same sheet always gives the same blocks, which is what makes staging resumable."""
    start: list[tuple[int, Row]] = []
    source = enumerate(sheet.rows(), start=1)
    for number, row in source:
        if not _is_blank(row):
            start.append((number, row[:_MOST_COLUMNS]))
            if len(start) >= _LOOK_AT:
                break
    if not start:
        return
    head, titles = _find_head(start, sheet, knows)
    yield from _Sorter(sheet, index, head, titles, chunk).run(start, source)


class _Sorter:
    """Puts each row of one sheet where it belongs, block by block. Blank rows are the gaps between the others."""

    def __init__(self, sheet: Sheet, index: int, head: Head, titles: Sequence[Other], chunk: int) -> None:
        self.sheet, self.index, self.head, self.chunk = sheet, index, head, chunk
        self.titles = {other.row: other for other in titles}
        self.block = Block(index, head)
        self.last = 0
        self.echo = [tuple(filter(None, map(normal, _SECOND.sub("", label).split(ARROW)))) for label in head.labels]
        self.key = next((i for i, words in enumerate(self.echo) if words and words[0] not in SERIAL), 0)
        self.head_starts = {" ", "\u3000"} | {part[0] for label in head.labels for part in label.split(ARROW) if part}
        self.down = _downward(sheet.merges, body_from=max(self.titles, default=0) + 1)
        self.across = {top + 1 for (top, left), (bottom, right) in sheet.merges if right - left >= 2 and bottom == top}
        self.kept: dict[int, Any] = {}

    def run(self, start: list[tuple[int, Row]], source: Iterator[tuple[int, Row]]) -> Iterator[Block]:
        for number, row in start:
            if len(self.block.rows) >= self.chunk:
                yield self._next()
            self.put(number, row)
        quiet = not self.down and not self.across and not self.sheet.formulas and not self.sheet.asides
        while some := list(islice(source, (self.chunk - len(self.block.rows)) or self.chunk)):
            if len(self.block.rows) >= self.chunk:
                yield self._next()
            if quiet and self._plain([row for _, row in some]):
                block, first = self.block, some[0][0]
                block.blanks += first - self.last - 1
                self.last = some[-1][0]
                block.numbers.extend(range(first, self.last + 1))
                block.rows.extend(row for _, row in some)
                continue
            for number, row in some:
                self.put(number, row[:_MOST_COLUMNS])
        if self.block.counted:
            yield self.block

    def _next(self) -> Block:
        done, self.block = self.block, Block(self.index, self.head)
        return done

    def _plain(self, rows: list[Row]) -> bool:
        """Say whether nothing among these rows can be a blank row, a total, a header or a footnote: asked column by
        column, which is what makes 100,000 rows cheap."""
        width = self.head.width
        if set(map(len, rows)) != {width}:
            return False
        blank = max(map(list.count, rows, repeat("")))
        if blank + 2 > width:
            return False
        columns = list(zip(*rows, strict=True))
        for column in columns[:4]:
            if any(cell[:1] in _TOTAL_FIRST and _TOTAL.fullmatch(cell) for cell in column if cell.__class__ is str and cell):
                return False
            if blank + 5 > width and any(_FOOT.match(cell) for cell in column if cell.__class__ is str):
                return False
        words = self.echo[self.key]
        return not any(
            not cell.strip() or (cell[0] in self.head_starts and normal(cell) in words)
            for cell in columns[self.key]
            if cell.__class__ is str
        )

    def put(self, number: int, row: Row) -> None:
        """Sort one row."""
        if _is_blank(row) and number not in self.down:
            return
        block = self.block
        block.blanks += number - self.last - 1
        self.last = number
        if number in self.titles:
            block.others.append(self.titles[number])
            return
        kind = NOTE if number in self.sheet.asides else self._kind(number, row)
        if kind:
            cells = tuple(row[: self.head.width]) if kind == TOTAL else ()
            block.others.append(Other(number, kind, _excerpt(row), cells))
            return
        row = self._fill(number, row)
        width = self.head.width
        row = row + [""] * (width - len(row)) if len(row) < width else row[:width]
        if number in self.sheet.formulas:
            offset = self.sheet.first_column
            columns = sorted(c - offset for c in self.sheet.formulas[number] if 0 <= c - offset < width)
            if columns:
                block.formulas[len(block.rows)] = columns
        block.numbers.append(number)
        block.rows.append(row)

    def _kind(self, number: int, row: Row) -> str:
        written = [cell for cell in row if cell != ""]
        first_texts = [cell for cell in row[:4] if cell.__class__ is str and cell.strip()]
        if any(cell[0] in _TOTAL_FIRST and _TOTAL.fullmatch(cell) for cell in first_texts):
            return TOTAL
        if len(written) > 1 and self._echoes(row):
            return HEADER
        if written and written[0].__class__ is str:
            if _FOOT.match(written[0]) and len(written) <= 4:
                return NOTE
            if len(written) == 1 and self.head.width > 2 and (number in self.across or _SECTION.match(written[0])):
                return NOTE
        return ""

    def _echoes(self, row: Row) -> bool:
        """Say whether the header stands here once more (a printed page began)."""
        same = unlike = 0
        for words, cell in zip(self.echo, row, strict=False):
            if cell != "" and words:
                if normal(cell) in words:
                    same += 1
                else:
                    unlike += 1
        return same >= 2 and same > 3 * unlike

    def _fill(self, number: int, row: Row) -> Row:
        columns = self.down.get(number)
        if not columns:
            return row
        row = list(row)
        for column, first in columns:
            place = column - self.sheet.first_column
            if not 0 <= place < len(row):
                continue
            if first:
                self.kept[column] = row[place]
            elif row[place] == "" and self.kept.get(column, "") != "":
                row[place] = self.kept[column]
                self.block.filled += 1
        return row


def _downward(merges: Sequence[Merge], *, body_from: int) -> dict[int, list[tuple[int, bool]]]:
    """Give {row number: [(column, is the top of the merge)]} for merges that run down through the list."""
    rows: dict[int, list[tuple[int, bool]]] = {}
    budget = 200_000
    for (top, left), (bottom, right) in merges:
        if bottom == top or right != left or top + 1 < body_from or bottom - top > budget:
            continue
        budget -= bottom - top
        for row in range(top, bottom + 1):
            rows.setdefault(row + 1, []).append((left, row == top))
    return rows


def _is_blank(row: Row) -> bool:
    if row.count("") == len(row):
        return True
    return all(cell == "" or (cell.__class__ is str and not cell.strip()) for cell in row)


def _excerpt(row: Row) -> str:
    return " ".join(as_text(cell) for cell in row if cell != "")[:120]


# ----------------------------------------------------------------------------------------------------------- header


def _find_head(start: list[tuple[int, Row]], sheet: Sheet, knows: Callable[[Any], float]) -> tuple[Head, list[Other]]:
    """Find the header among the first rows; give it and the rows above the list (titles, header rows)."""
    written = [(number, row) for number, row in start if not _is_blank(row)]
    width = max((_written_width(row) for _, row in written), default=1)
    best, best_score = -1, 0.0
    for place, (_, row) in enumerate(written):
        score = _header_score(row, knows)
        if score > best_score:
            best, best_score = place, score
    if best < 0 or best_score < 1.5:
        best = _plausible_header(written, width, fallback=best if best_score >= 0.8 and width <= 2 else -1)
    if best < 0:
        letters = _letters(sheet, width)
        return Head(sheet.name, tuple(f"{letter}列" for letter in letters), letters), []
    number, row = written[best]
    above = written[best - 1] if best else None
    below = written[best + 1] if best + 1 < len(written) else None
    across = _across(sheet, number)
    if below and _is_lower_half(row, below[1], across, knows):
        lower = below
        labels, merged = _joined(row, below[1], across)
        head_rows: tuple[int, ...] = (number, lower[0])
    elif above and _is_upper_half(above[1], row, _across(sheet, above[0])):
        labels, merged = _joined(above[1], row, _across(sheet, above[0]))
        head_rows = (above[0], number)
    else:
        labels, merged = [as_text(cell) for cell in row], 0
        head_rows = (number,)
    width = max(width, len(labels)) if any(labels) else width
    labels = (labels + [""] * width)[:width]
    # Columns right of the last label in which nothing is written are no columns; of a text the last has something somewhere.
    while labels and not labels[-1] and not sheet.usual and not any(len(r) >= len(labels) and r[len(labels) - 1] != "" for _, r in written):
        labels.pop()
    others = [Other(n, HEADER if n in head_rows else TITLE, _excerpt(r)) for n, r in written if n <= max(head_rows)]
    letters = _letters(sheet, len(labels))
    if sheet.usual:
        labels = [label or (f"{BEYOND}{letters[i]}列" if i >= sheet.usual else "") for i, label in enumerate(labels)]
    return Head(sheet.name, _unlike(labels, letters), letters, head_rows, merged), others


def _letters(sheet: Sheet, width: int) -> tuple[str, ...]:
    return tuple(column_letters(sheet.first_column + i) for i in range(width))


def _unlike(labels: Sequence[str], letters: Sequence[str]) -> tuple[str, ...]:
    """Make labels unlike each other, as they are compared: a blank one is named by its letter, a second one by a number.

    员工数（总数） and 员工数（外地） are one word to a mapping: both would be read into one field, the last over the first."""
    seen: dict[str, int] = {}
    found = []
    for written, letter in zip(labels, letters, strict=True):
        label = UNSEEN.sub("", written).replace("\n", "")[:60] or f"{letter}列"
        bare = normal(label)
        seen[bare] = seen.get(bare, 0) + 1
        found.append(label if seen[bare] == 1 else f"{label} #{seen[bare]}")
    return tuple(found)


def _written_width(row: Row) -> int:
    for place in range(len(row), 0, -1):
        if row[place - 1] != "":
            return place
    return 0


def _header_score(row: Row, knows: Callable[[Any], float]) -> float:
    score = 0.0
    for cell in row:
        if cell == "":
            continue
        if cell.__class__ is not str:
            score -= 0.5
        elif len(cell) <= 40:
            score += knows(cell) - 0.1
    return score


def _plausible_header(written: list[tuple[int, Row]], width: int, *, fallback: int) -> int:
    """Without known words: the first row that is text all over and nearly as wide as the list, with others below."""
    for place, (_, row) in enumerate(written[:-1]):
        cells = [cell for cell in row if cell != ""]
        texts = [cell for cell in cells if cell.__class__ is str and len(cell) <= 40 and not _has_digits(cell)]
        if len(cells) >= 2 and len(texts) == len(cells) and len(cells) >= 0.6 * width:
            return place
    return fallback


def _has_digits(cell: str) -> bool:
    return sum(ch.isdigit() for ch in cell) > 3


def _across(sheet: Sheet, number: int) -> dict[int, int]:
    """Give {left column: right column} (from 0 in the row's list) of cells merged sideways in one row."""
    offset = sheet.first_column
    return {
        left - offset: right - offset
        for (top, left), (bottom, right) in sheet.merges
        if top == number - 1 and right > left and bottom == top
    }


def _groups(upper: Row, across: dict[int, int]) -> dict[int, int]:
    """Give {column: column whose label stands above it} where the upper row has a group of two or more."""
    groups: dict[int, int] = {}
    if across:
        for left, right in across.items():
            groups |= dict.fromkeys(range(left, right + 1), left)
        return groups
    left = -1
    for column, cell in enumerate(upper):
        if cell != "":
            left = column
        elif left >= 0:
            groups[column] = left
            groups[left] = left
    return groups


def _is_lower_half(upper: Row, lower: Row, across: dict[int, int], knows: Callable[[Any], float]) -> bool:
    """Say whether `lower` holds the second level of the header: words, only under groups of the upper row."""
    groups = _groups(upper, across)
    places = [column for column, cell in enumerate(lower) if cell != ""]
    if not places or not groups:
        return False
    if any(lower[c].__class__ is not str or len(lower[c]) > 30 or lower[c].strip().isdigit() for c in places):
        return False
    outside = [c for c in places if c not in groups and not (c < len(upper) and upper[c] == lower[c])]
    under = [c for c in places if c in groups]
    if across:
        return len(under) >= 2 and not outside
    return len(under) >= 2 and not outside and sum(1 for c in under if c < len(upper) and upper[c] == "") >= 1


def _is_upper_half(upper: Row, lower: Row, across: dict[int, int]) -> bool:
    """Say whether `upper` holds group words over a header that was found below; one that spans all is a title."""
    cells = [cell for cell in upper if cell != ""]
    if len(cells) < 2 or any(cell.__class__ is not str or len(cell) > 20 for cell in cells):
        return False
    if not across and any(any(ch.isdigit() or ch in ":：" for ch in cell) for cell in cells):
        return False
    return bool(_groups(upper, across))


def _joined(upper: Row, lower: Row, across: dict[int, int]) -> tuple[list[str], int]:
    groups = _groups(upper, across)
    labels, merged = [], 0
    for column in range(max(len(upper), len(lower))):
        above = as_text(upper[groups[column]]) if column in groups else as_text(upper[column]) if column < len(upper) else ""
        below = as_text(lower[column]) if column < len(lower) else ""
        if above and below and above != below and column in groups:
            labels.append(f"{above}{ARROW}{below}")
            merged += 1
        else:
            own = as_text(upper[column]) if column < len(upper) else ""
            labels.append(below or own)
    return labels, merged


# -------------------------------------------------------------------------------------------------------- as bytes

_UNSEEN_ESCAPED = re.compile(r"\\u00(?:0[0-8bcef]|1[0-9a-f]|7f)")


def _plain(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat() if not (cell.hour or cell.minute or cell.second) else cell.isoformat(" ", "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def pack(block: Block) -> bytes:
    """Write a block's rows as UTF-8 JSON, without invisible characters; dates become 2020-02-18, in `rows` too."""
    written, dated = _dump(block.rows)
    # `isprintable` is many times faster than the expression, and nearly always enough.
    if (not written.isprintable() or "\\u00" in written) and (UNSEEN.search(written) or _UNSEEN_ESCAPED.search(written)):
        for row in block.rows:
            for place, cell in enumerate(row):
                if cell.__class__ is str and UNSEEN.search(cell):
                    row[place] = UNSEEN.sub("", cell)
                    block.unseen += 1
        written, dated = _dump(block.rows)
    if dated:
        block.rows = json.loads(written)
    return written.encode("utf-8", "replace")


def _dump(rows: list[Row]) -> tuple[str, bool]:
    odd: list[bool] = []

    def plain(cell: Any) -> str:
        odd.append(True)
        return _plain(cell)

    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"), default=plain), bool(odd)


def unpack(written: bytes) -> Any:
    """Read what `pack` wrote, or a larger JSON that holds it."""
    return json.loads(written)
