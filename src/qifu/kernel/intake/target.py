"""What an area declares so that a list can come in: fields, how each is read, what makes a row unique, what to call."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from qifu.kernel.access.terms import Actor
from qifu.kernel.language import said as _

from .refusals import NoSuchTarget

GOOD, DOUBTFUL, WRONG = 0, 1, 2


class Odd(Exception):
    """A cell is not simply what it should be. Raise one of the three kinds from a parser."""

    verdict = WRONG
    enters = False

    def __init__(self, says: str, *, value: Any = None, enters: bool | None = None) -> None:
        super().__init__(says)
        self.says = says
        self.value = value
        if enters is not None:
            self.enters = enters


class Note(Odd):
    """Read without doubt, but not as written: "“无”当0". Counted by sentence and shown beside the column."""

    verdict = GOOD
    enters = True


class Doubt(Odd):
    """A person should look. The row waits, unless `enters=True`: then it goes in as provisional, with the doubt told
    to `Target.commit` (a wrong or blank code never stops an import, FEATURES 1.1)."""

    verdict = DOUBTFUL


class Wrong(Odd):
    """Cannot be read as what the column holds. The row stays out until it is put right."""

    verdict = WRONG


Parse = Callable[[Any], Any]
"""Reads one cell (str, float, bool, date kinds; never blank) into a value, or raises Note, Doubt or Wrong."""


@dataclass(frozen=True)
class Context:
    """What a parser may need to know: who imports, when, for which place, and the year of dates without one."""

    actor: Actor
    at: datetime
    region: int
    year: int


Prepare = Callable[[Context], Parse]
"""Makes the parser of one field, once per evaluation: the place to load a look-up table."""


@dataclass(frozen=True)
class Field:
    """One field of a target. `parse` comes from `parsers` or from the area; `synonyms` are headers seen in the wild.

    `blank` is raised for an empty cell: None lets it be None. `looks` says whether a sample cell looks like this
    field, for columns whose header says nothing. `adds_up`: compared with the sums written in 合计 rows.
    `private`: shown by its first character only (names of people); long numbers are masked in any column."""

    key: str
    label: str
    parse: Prepare
    synonyms: tuple[str, ...] = ()
    blank: Odd | None = None
    looks: Callable[[str], bool] | None = None
    adds_up: bool = False
    private: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", _(self.label))


@dataclass(frozen=True)
class Combined:
    """One column that holds several fields (联系人及电话). `split` gives the raw text for each field, or raises Odd."""

    key: str
    label: str
    split: Callable[[Any], Mapping[str, Any]]
    fields: tuple[str, ...]
    synonyms: tuple[str, ...] = ()
    looks: Callable[[str], bool] | None = None
    private: bool = False


class Problem(NamedTuple):
    """One thing about one row: which field, what was written, what is the matter, and how grave. `meant`: "field=text" that
    a person's yes puts into the row, where the doubt is a question of yes or no."""

    field: str
    label: str
    was: str
    says: str
    verdict: int
    enters: bool
    meant: str = ""


class Entry(NamedTuple):
    """One row that may enter: where it stood, {field: value} for every field of the target, and its open doubts."""

    sheet: str
    row: int
    values: dict[str, Any]
    doubts: tuple[Problem, ...] = ()

    @property
    def place(self) -> str:
        """Say where it stood: 江口 第23行."""
        return _("{sheet} 第{row}行", sheet=self.sheet, row=self.row)


@dataclass(frozen=True)
class Batch:
    """Up to 5,000 rows of one sheet that may enter, column by column: `columns[field][i]` and row number `rows[i]`;
    `doubts[i]` where a row has open doubts. Iterating gives entries."""

    sheet: str
    rows: list[int]
    columns: Mapping[str, Sequence[Any]]
    doubts: dict[int, tuple[Problem, ...]]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Entry]:
        keys = list(self.columns)
        sheet, doubts = self.sheet, self.doubts
        for i, (row, values) in enumerate(zip(self.rows, zip(*self.columns.values(), strict=True), strict=True)):
            yield Entry(sheet, row, dict(zip(keys, values, strict=True)), doubts.get(i, ()))


class Entering(Protocol):
    """The rows that may enter, once through: entry by entry, or `batches()` for those who insert by columns."""

    def __iter__(self) -> Iterator[Entry]: ...

    def batches(self) -> Iterator[Batch]: ...


@dataclass(frozen=True)
class Committed:
    """What the area did with the rows: counts, ids if it likes, and the rows that it turned away with a reason.

    `refused` maps (sheet, row number) to a Chinese sentence; those rows stay in the import as wrong."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: Mapping[tuple[str, int], str] = field(default_factory=dict)
    says: str = ""

    @property
    def entered(self) -> int:
        return self.created + self.updated + self.unchanged


Commit = Callable[..., Committed]
"""`commit(entries: Entering, *, actor, at, source) -> Committed`: one set-based action inside the transaction of
`intake.commit`, journal rows included. Raise ActionRefused to refuse the whole list. `source` is the Import."""

Review = Callable[[Batch, Context], Iterable[tuple[int, Problem]]]
"""Looks at up to 5,000 rows at once against the database; gives (index, problem)."""


@dataclass(frozen=True)
class Target:
    """A kind of list that can come in.

    `keys` are alternatives, each a tuple of fields: the first one that a row has complete is its identity within the
    file; a second row with the same identity is doubtful. `sheet_field` takes the sheet's name when no column of the
    sheet is mapped to it (one sheet per town). `right` must be held over the place of the office."""

    name: str
    label: str
    unit: str
    fields: tuple[Field, ...]
    commit: Commit
    right: str
    required: tuple[str, ...] = ()
    keys: tuple[tuple[str, ...], ...] = ()
    combined: tuple[Combined, ...] = ()
    sheet_field: str | None = None
    title: str = ""
    """The field that names a row in lists (企业名称); the first field if empty."""
    review: Review | None = None
    reviewing: Callable[[Context], Review] | None = None
    """Makes the review once per judging, where it has to remember what stood further up in the file."""
    sign: str = ""
    """The right by which another person signs the list before it enters; '' where one person is enough."""
    desk: bool = False
    """Offered on the page of lists beside those of the register."""
    receipt: str = ""
    """The name of the page that shows what a list has become, by the import's id; '' where its sentence says it all."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", _(self.label))
        object.__setattr__(self, "unit", _(self.unit))
        keys = [f.key for f in self.fields] + [c.key for c in self.combined]
        if len(set(keys)) != len(keys):
            raise ValueError(f"{self.name}: a field is declared twice")
        known = {f.key for f in self.fields}
        named = {*self.required, *(k for key in self.keys for k in key), *(k for c in self.combined for k in c.fields)}
        if self.sheet_field:
            named.add(self.sheet_field)
        if self.title:
            named.add(self.title)
        if not named <= known:
            raise ValueError(f"{self.name}: unknown fields {sorted(named - known)}")

    def field(self, key: str) -> Field:
        return next(f for f in self.fields if f.key == key)

    @property
    def choices(self) -> tuple[Field | Combined, ...]:
        """Everything that a column can be mapped to."""
        return (*self.fields, *self.combined)


_targets: dict[str, Target] = {}


def register(target: Target) -> Target:
    """Offer a target by name (from an area's AppConfig.ready); the same name twice stops the start."""
    if _targets.get(target.name, target) is not target:
        raise ValueError(f"intake target {target.name} is registered twice")
    _targets[target.name] = target
    return target


def target_named(name: str) -> Target:
    """Give a target, or refuse NoSuchTarget."""
    if name not in _targets:
        raise NoSuchTarget()
    return _targets[name]


def targets() -> Mapping[str, Target]:
    """Give all targets by name."""
    return MappingProxyType(_targets)


__all__ = [
    "DOUBTFUL",
    "GOOD",
    "WRONG",
    "Batch",
    "Combined",
    "Commit",
    "Committed",
    "Context",
    "Doubt",
    "Entering",
    "Entry",
    "Field",
    "Note",
    "Odd",
    "Parse",
    "Prepare",
    "Problem",
    "Target",
    "Wrong",
    "register",
    "target_named",
    "targets",
]
