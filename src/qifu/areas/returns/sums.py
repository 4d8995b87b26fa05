"""Works out the plain formulas of a form (sums, differences, shares), so that a filled table shows its totals where nothing
recalculates: on a phone, in a chat, on our own page. What it does not know it leaves to the spreadsheet program."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from openpyxl.utils import get_column_letter, range_boundaries

_TOKEN = re.compile(r"\s*(?:(\d+\.?\d*)|(\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)(?![\w(!])|([A-Z]+)(?=\()|([-+*/(),%]))")
_LARGEST = 10_000


class Unknown(Exception):
    """A formula that is not worked out here."""


class Sums:
    """The values of one sheet by address: what stands in it, and formulas worked out on demand."""

    def __init__(self, cells: Mapping[str, Any], formulas: Mapping[str, str]) -> None:
        self.cells, self.formulas = cells, formulas
        self.known: dict[str, float | None] = {}

    def value(self, address: str) -> float | None:
        """Give what a formula cell comes to, or None where it is not worked out."""
        if address not in self.known:
            self.known[address] = None  # a formula that leads back to itself finds nothing here
            try:
                self.known[address] = _Reader(self.formulas[address], self._one).read()
            except (Unknown, ZeroDivisionError):
                return None
        return self.known[address]

    def _one(self, address: str) -> float | None:
        if address in self.formulas:
            found = self.value(address)
            if found is None:
                raise Unknown(address)
            return found
        held = self.cells.get(address)
        if held is None or held == "" or isinstance(held, str):
            return None
        if isinstance(held, bool) or not isinstance(held, int | float):
            raise Unknown(address)
        return held


class _Reader:
    """Reads one formula from left to right."""

    def __init__(self, formula: str, one: Callable[[str], float | None]) -> None:
        text, self.tokens, at = formula.removeprefix("=").upper(), list[tuple[int, str]](), 0
        while at < len(text.rstrip()):
            match = _TOKEN.match(text, at)
            if match is None:
                raise Unknown(formula)
            kind = match.lastindex or 0
            self.tokens.append((kind, match[kind].replace("$", "")))
            at = match.end()
        self.one = one

    def read(self) -> float:
        found = self._sum()
        if self.tokens:
            raise Unknown(self.tokens[0][1])
        return found

    def _next(self, *wanted: str) -> str:
        if self.tokens and self.tokens[0][0] == 4 and self.tokens[0][1] in wanted:
            return self.tokens.pop(0)[1]
        return ""

    def _sum(self) -> float:
        found = self._product()
        while sign := self._next("+", "-"):
            other = self._product()
            found = found + other if sign == "+" else found - other
        return found

    def _product(self) -> float:
        found = self._factor()
        while sign := self._next("*", "/"):
            other = self._factor()
            found = found * other if sign == "*" else found / other
        return found

    def _factor(self) -> float:
        if self._next("-"):
            return -self._factor()
        if self._next("("):
            found = self._sum()
            self._close()
        elif not self.tokens:
            raise Unknown("")
        else:
            kind, word = self.tokens.pop(0)
            if kind == 1:
                found = float(word) if "." in word else int(word)
            elif kind == 2 and ":" not in word:
                found = self.one(word) or 0
            elif kind == 3:
                found = self._called(word)
            else:
                raise Unknown(word)
        return found / 100 if self._next("%") else found

    def _close(self) -> None:
        if not self._next(")"):
            raise Unknown(")")

    def _called(self, name: str) -> float:
        self._next("(")
        if name == "ROUND":
            found = self._sum()
            if not self._next(","):
                raise Unknown(name)
            digits = int(self._sum())
            self._close()
            # Spreadsheets round a half away from nothing.
            scale = 10**digits
            return (1 if found >= 0 else -1) * int(abs(found) * scale + 0.5) / scale
        if name not in ("SUM", "AVERAGE"):
            raise Unknown(name)
        values: list[float] = []
        while True:
            if self.tokens and self.tokens[0][0] == 2 and ":" in self.tokens[0][1]:
                values += [value for value in map(self.one, _within(self.tokens.pop(0)[1])) if value is not None]
            else:
                values.append(self._sum())
            if not self._next(","):
                break
        self._close()
        return sum(values) / (len(values) if name == "AVERAGE" else 1)


def _within(area: str) -> list[str]:
    left, top, right, bottom = range_boundaries(area)
    if not (left and top and right and bottom) or (right - left + 1) * (bottom - top + 1) > _LARGEST:
        raise Unknown(area)
    return [f"{get_column_letter(column)}{row}" for row in range(top, bottom + 1) for column in range(left, right + 1)]
