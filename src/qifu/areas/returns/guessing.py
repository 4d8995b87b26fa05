"""Guesses what belongs into a cell from the words left of it and above it; a person chooses."""

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

from qifu.kernel import jurisdiction
from qifu.kernel.indicators import indicators
from qifu.kernel.language import plain

from .book import Grid, Square
from .computing import parts_of

MOST = 5
_WORDS = {
    "unit": ("填报单位", "报送单位", "单位名称"),
    "filler": ("填表人", "填报人", "制表"),
    "day": ("填报日期", "填表日期", "日期", "年月日"),
}
_RATE, _CHANGE = ("率", "占比", "比例", "%", "％"), ("比昨", "较昨", "比前", "较前", "增减", "新增", "当日")


@dataclass(frozen=True)
class Guess:
    """What may be meant: a figure ('' for words), its part and place."""

    figure: str
    part: str
    place: int


def letters(column: int) -> str:
    """Give the letters of a column from 1."""
    return get_column_letter(column)


def words_around(grid: Grid, address: str) -> tuple[str, str]:
    """Give the nearest words left of a cell in its row, and all words above it in its column, joined."""
    squares = grid.squares
    column, row = _split(address)
    left = next((t for c in range(column - 1, 0, -1) if (t := _words(grid, squares, c, row))), "")
    above: list[str] = []
    for r in range(row - 1, 0, -1):
        text = _words(grid, squares, column, r)
        if text and text not in above:
            above.append(text)
        if len(above) == 3:
            break
    return left, " ".join(reversed(above))


def _words(grid: Grid, squares: dict[str, Square], column: int, row: int) -> str:
    address = f"{get_column_letter(column)}{row}"
    square = squares.get(grid.under.get(address, address))
    if square is None or square.kind == "formula" or not any("一" <= c <= "鿿" for c in square.text):
        return ""
    return "".join(square.text.split())


def _split(address: str) -> tuple[int, int]:
    letters, row = coordinate_from_string(address)
    return column_index_from_string(letters), row


def guesses(grid: Grid, address: str, places: Sequence[int], home: int) -> list[Guess]:
    """Give what the words around a cell may mean, the likeliest first; nothing where nothing fits."""
    left, above = words_around(grid, address)
    own = grid.squares[address].text if address in grid.squares else ""
    near = own or left
    for part, said in _WORDS.items():
        if any(word in near.replace(" ", "") for word in said) or (part == "day" and "年" in own and "日" in own):
            return [Guess("", part, home)]
    place = place_named(left, places) or home
    about = "".join(one for one in (left if place == home else "", above) if one)
    part = "rate" if any(word in about[-12:] for word in _RATE) else "change" if any(word in about[-12:] for word in _CHANGE) else "value"
    scored = sorted(
        ((_alike(about, plain(indicator.label)), id) for id, indicator in indicators.items()), key=lambda one: (-one[0], one[1])
    )
    found = []
    for score, id in scored[:MOST]:
        if score > 0:
            fits = part in [name for name, _word in parts_of(indicators[id])]
            found.append(Guess(id, part if fits else "value", place))
    return found


def place_named(text: str, places: Sequence[int]) -> int | None:
    """Give the place that words name, in full or short; None where no place is named."""
    if not text:
        return None
    for place in places:
        name = jurisdiction.name(place)
        if name in text or (len(text) >= 2 and text in (jurisdiction.short(name), name.removesuffix("街道"), name.rstrip("镇乡"))):
            return place
    return None


def _pairs(text: str) -> set[str]:
    plain = "".join(c for c in text if "一" <= c <= "鿿")
    return {plain[n : n + 2] for n in range(len(plain) - 1)}


def _alike(words: str, label: str) -> float:
    """Say how much of a label's pairs of characters stands in the words; from 0 to 1."""
    wanted = _pairs(label)
    return len(wanted & _pairs(words)) / len(wanted) if wanted else 0
