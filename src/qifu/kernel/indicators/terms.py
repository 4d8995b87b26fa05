"""What a figure is: a defined indicator, a moment, a value, and the rows behind it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from qifu.kernel.access import Scope
from qifu.kernel.language import said


@dataclass(frozen=True)
class Known:
    """A seal: everything of `era` below `horizon` was known then."""

    number: int
    era: int
    horizon: int
    at: datetime | None = None


@dataclass(frozen=True)
class Moment:
    """As of when, and as known at which seal (None: now). `within` narrows to places inside the actor's reach."""

    asof: datetime
    known: Known | None = None
    within: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Row:
    """One row behind a figure: `weight` adds up to the value of a sum, and is 1 for a count."""

    id: UUID
    weight: int = 1
    label: str = ""
    url: str = ""
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class RowSet:
    """The list behind: a count is its length, a sum its total."""

    rows: Sequence[Row]
    columns: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return sum(row.weight for row in self.rows)


class Measure(Protocol):
    """One of standing, reached, happened, counted: gives a value and the rows that make it."""

    def value(self, moment: Moment) -> int: ...

    def rows(self, moment: Moment) -> Sequence[tuple[UUID, int]]: ...


@dataclass(frozen=True)
class Stuck:
    """With whom something waits (卡在谁那里): an office of a place, how many, how many past their time, until when.

    `right` is what the one to call holds there."""

    who: str
    count: int
    says: str
    place: int | None = None
    right: str = ""
    late: int = 0
    due_at: datetime | None = None
    url: str = ""


@dataclass(frozen=True)
class Matter:
    """Something that somebody in charge must decide or press: what, by when, with whom, and where it is done."""

    title: str
    note: str = ""
    due_at: datetime | None = None
    url: str = ""
    act: str = ""
    place: int | None = None
    right: str = ""
    weight: int = 0
    """How many things hang on it: of two equally late, the heavier stands first."""


@dataclass(frozen=True)
class Indicator:
    """A defined figure (指标): what is counted, in which unit, of how many, on whose word.

    `parts` are further numbers by name, for a figure with several (F26: firms, staff). `instant` marks one whose value
    is an instant instead of a number."""

    id: str
    label: str
    unit: str
    numerator: Any
    denominator: Any = None
    source: str = ""
    definition: str = ""
    parts: dict[str, Any] = field(default_factory=dict)
    describe: Callable[[Sequence[UUID]], dict[UUID, Row]] | None = None
    columns: tuple[str, ...] = ()
    instant: bool = False
    stuck: Callable[[Moment], "Sequence[Stuck]"] | None = None
    """With whom the rest waits, the most first; asked within the scope of who looks."""

    def __post_init__(self) -> None:
        for name in ("label", "unit", "source", "definition"):
            object.__setattr__(self, name, said(getattr(self, name)))
        object.__setattr__(self, "columns", tuple(said(column) for column in self.columns))


@dataclass(frozen=True)
class Figure:
    """An indicator at a moment, within a scope that is said in words."""

    indicator: Indicator
    moment: Moment
    value: Any
    of: int | None = None
    values: dict[str, int] = field(default_factory=dict)
    scope: str = ""

    @property
    def rate(self) -> int | None:
        """Give the share in tenths of a percent, rounded half up; None without a denominator."""
        if not self.of:
            return None
        return (self.value * 2000 + self.of) // (2 * self.of)


__all__ = ["Figure", "Indicator", "Known", "Matter", "Measure", "Moment", "Row", "RowSet", "Scope", "Stuck"]
