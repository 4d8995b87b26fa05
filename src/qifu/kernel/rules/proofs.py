"""Proofs over a table of rows: no two rows of a UNIQUE table hold at once, none is missing, none is dead.

Every atom is a fact against constants, so the whole space falls into finitely many cells in which all atoms are
constant; one point of each is tried. The proof is complete, or it is refused as too wide to make.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice, product
from math import prod
from typing import Any, Final

from .facts import Fact
from .kinds import ZONE
from .typed import Between, Compare, In, Joined, Known, Literal_, Name, Node, Not, Prefix, walk

MAX_CELLS: Final = 50_000


class Unprovable(Exception):
    """An atom that is no fact against constants, or too many cells; `node` points at it."""

    def __init__(self, node: Node | None) -> None:
        super().__init__("unprovable")
        self.node = node


def cells(rows: Sequence[Node]) -> Iterator[Mapping[str, Any]]:
    """One point of every cell that the rows can tell apart. Raises Unprovable."""
    facts: dict[str, Fact] = {}
    cuts: dict[str, list[Literal_]] = {}
    for row in rows:
        for atom in _atoms(row):
            found = {n.fact.name: n.fact for n in walk(atom) if isinstance(n, Name)}
            facts |= found
            if all(f.type.name in ("bool", "enum") for f in found.values()):
                continue
            for name in found:
                cuts.setdefault(name, []).extend(_constants(atom))
    axes = [(name, _points(fact, cuts.get(name, []))) for name, fact in facts.items()]
    if prod(len(points) for _, points in axes) > MAX_CELLS:
        raise Unprovable(None)
    names = [name for name, _ in axes]
    return (dict(zip(names, point, strict=True)) for point in product(*(points for _, points in axes)))


def _atoms(node: Node) -> Iterator[Node]:
    match node:
        case Not() | Known():
            yield from _atoms(node.part)
        case Joined():
            for part in node.parts:
                yield from _atoms(part)
        case _:
            yield node


def _constants(atom: Node) -> list[Literal_]:
    match atom:
        case Compare(left=Name(), right=Literal_() as constant) | Compare(left=Literal_() as constant, right=Name()):
            return [constant]
        case Between(part=Name(), least=Literal_() as least, most=Literal_() as most):
            return [least, most]
        case In(part=Name()) | Prefix(part=Name()):
            return [atom.items]
        case _:
            raise Unprovable(atom)


def _points(fact: Fact, constants: list[Literal_]) -> list[Any]:
    values = [v for c in constants for v in (c.value if c.type.many else (c.value,))]
    kind = fact.type
    if kind.name == "bool":
        return [True, False]
    if kind.name == "enum":
        return list(kind.codes)
    if kind.name == "text":
        return _texts(values)
    if kind.counts:
        around = {v + d for v in values for d in (-1, 0, 1)} | {fact.low, fact.high}
        return sorted(v for v in around if fact.low <= v <= fact.high)
    if kind.name == "date":
        return sorted({p for v in values for p in _near(v, timedelta(days=1))}) or [date(2000, 1, 1)]
    return sorted({p for v in values for p in _near(v, timedelta(microseconds=1))}) or [datetime(2000, 1, 1, tzinfo=ZONE)]


def _near(value: date, step: timedelta) -> list[date]:
    found = [value]
    for move in (-step, step):
        try:
            found.append(value + move)
        except OverflowError:
            continue
    return found


def _texts(values: list[str]) -> list[str]:
    """Each constant, each constant with a strange end (a longer text with that start), and a strange text."""
    used = {c for v in values for c in v}
    strange = next(chr(n) for n in range(0xE000, 0xF8FF) if chr(n) not in used)
    return sorted({*values, *(v + strange for v in values), strange})


@dataclass(frozen=True, slots=True)
class Finding:
    """A point where two rows hold, or none does."""

    rows: tuple[int, ...]
    point: Mapping[str, Any]


def search(
    rows: Sequence[Callable[[Mapping[str, Any]], Any]],
    points: Iterator[Mapping[str, Any]],
    *,
    unique: bool,
    otherwise: bool,
) -> Finding | set[int]:
    """Find the first point where two rows of a UNIQUE table hold, or none does; else return the rows that decide."""
    reached: set[int] = set()
    for point in points:
        hits = tuple(islice((i for i, row in enumerate(rows) if row(point) is True), 2 if unique else 1))
        if len(hits) > 1 or (not hits and not otherwise):
            return Finding(hits, point)
        reached.update(hits)
    return reached
