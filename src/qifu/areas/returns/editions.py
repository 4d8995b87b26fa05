"""A new edition of a template takes over what was mapped in the one before: by the words around a cell, not by its address."""

from collections.abc import Mapping, Sequence
from typing import Any

from qifu.kernel.access import ActionRefused

from . import book, guessing
from .terms import WORD_PARTS

Cell = Mapping[str, Any]
_Words = tuple[str, str, str]


def taken_over(cells: Sequence[Cell], old: bytes, new: bytes) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Give the cells of the old template as they stand in the new one, and those that were not found or may not be filled.

    A cell is the one with the same words left of it, above it and in it, on the sheet of the same name (or the only one);
    where several have them the one at the old address, and none where that is not among them: nobody guesses a number."""
    kept: list[dict[str, Any]] = []
    lost: list[dict[str, Any]] = []
    before, after = book.sheets(old), book.sheets(new)
    known: dict[int, Mapping[_Words, list[str]]] = {}
    for cell in cells:
        sheet = _sheet(int(cell["sheet"]), before, after)
        address = ""
        if sheet is not None:
            if sheet not in known:
                known[sheet] = _by_words(book.grid(new, sheet))
            found = known[sheet].get(_words(book.grid(old, int(cell["sheet"])), str(cell["cell"])), [])
            address = str(cell["cell"]) if cell["cell"] in found else found[0] if len(found) == 1 else ""
        if address and _fits(new, sheet or 0, address, words=cell["part"] in WORD_PARTS):
            kept.append({**cell, "sheet": sheet or 0, "cell": address})
        else:
            lost.append(dict(cell))
    return kept, lost


def _sheet(number: int, before: Sequence[str], after: Sequence[str]) -> int | None:
    if number < len(before) and before[number] in after:
        return list(after).index(before[number])
    return 0 if len(before) == len(after) == 1 else None


def _words(grid: book.Grid, address: str) -> _Words:
    left, above = guessing.words_around(grid, address)
    square = grid.squares.get(address)
    own = "".join(square.text.split()) if square is not None and square.kind == "words" else ""
    return left, above, own


def _by_words(grid: book.Grid) -> dict[_Words, list[str]]:
    found: dict[_Words, list[str]] = {}
    for address, square in grid.squares.items():
        if square.kind in ("free", "words"):
            found.setdefault(_words(grid, address), []).append(address)
    return found


def _fits(body: bytes, sheet: int, address: str, *, words: bool) -> bool:
    try:
        book.target(body, sheet, address, words=words)
    except ActionRefused:
        return False
    return True
