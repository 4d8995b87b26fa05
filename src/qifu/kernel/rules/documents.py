"""Decision documents: conditions, dated parameters and a table of outcomes, as data with dates and an origin.

A switch of regime, a new exclusion list or a later not-before instant is a new row here, not a release (FEATURES 2.2,
2.9). A document is checked whole when it loads, for every period that its dated values make, and runs its own examples.
A lower level adds no condition to a higher one's document unless reason, approval from above and an end are written
(FEATURES 2.15, DOMAIN SYS-104); past its end a layer falls away by itself.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Any, Final, Literal

from .closures import Run
from .errors import AddedLayer, NotInForce, WrongDeclaration
from .facts import Facts
from .kinds import DATE, Language, spoken
from .language import Condition, ConditionAnswer, Verdict, require_day, settle
from .typed import Node, Parameter

Level = Literal["nation", "province", "city", "district", "town"]
LEVELS: Final[tuple[Level, ...]] = ("nation", "province", "city", "district", "town")
_LEVEL_ZH: Final = {"nation": "国家", "province": "省级", "city": "市级", "district": "区级", "town": "镇街级"}
_LEVEL_EN: Final = {
    "nation": "national", "province": "provincial", "city": "city", "district": "district", "town": "town",
}  # fmt: skip


def level_words(level: Level) -> str:
    """省级, 市级."""
    return _LEVEL_ZH[level]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a condition comes from: whose paper, which article."""

    level: Level
    document: str
    article: str = ""
    url: str = ""

    def says(self, language: Language = "zh") -> str:
        if language == "en":
            return f"{_LEVEL_EN[self.level]}: {self.document}" + (f", {self.article}" if self.article else "")
        paper = self.document if set(self.document) & set("《〔") else f"《{self.document}》"
        return f"{_LEVEL_ZH[self.level]}{paper}{self.article}"


@dataclass(frozen=True, slots=True)
class Layer:
    """Why a lower level may be stricter for a time: the document above, the reason, who above approved it, until when."""

    of: str
    reason: str
    approved_level: Level
    approved_name: str
    approved_document: str
    until: date

    def says(self, language: Language = "zh") -> str:
        who = self.approved_name + (f"（{self.approved_document}）" if self.approved_document else "")
        if language == "en":
            return f"Added for: {self.reason}; approved by {who}; until {self.until}"
        return f"加严理由：{self.reason}；由{who}批准，到{spoken(self.until, DATE, 'zh')}为止"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table of outcomes: when it holds, the result is `then`."""

    id: str
    node: Node = field(repr=False)
    run: Run = field(repr=False)
    then: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Decision(Verdict):
    """A verdict with the table's result: `result` is None without a table and while it is unknown.

    `row` is the row that decided ("otherwise" for the default) and `why` its sentence; `open_rows` are those that
    something unknown keeps open.
    """

    result: str | None = None
    label: str = ""
    row: str | None = None
    why: str = ""
    open_rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Period:
    """What the document says from one day on: its values, conditions and rows."""

    start: date
    parameters: Mapping[str, Parameter]
    conditions: tuple[Condition, ...]
    rows: tuple[Row, ...]
    asks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One version of one document, checked whole. Immutable: a correction is the next version."""

    id: str
    version: int
    title: str
    valid_from: date
    valid_to: date | None
    published: date | None
    supersedes: int | None
    origin: Origin
    regions: tuple[str, ...]
    layer: Layer | None
    hit: Literal["first", "unique"]
    otherwise: str | None
    labels: Mapping[str, tuple[str, str]]
    periods: tuple[Period, ...] = field(repr=False)
    facts: Facts = field(repr=False)
    digest: str
    known: int | None = None

    def holds(self, on: date) -> bool:
        """Whether the document is valid on a day; `valid_to` is the last such day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def at(self, on: date) -> Period:
        """Return what the document says on a day. Refuses NotInForce outside its dates."""
        require_day(on)
        if not self.holds(on):
            raise NotInForce(
                f"《{self.title}》{spoken(on, DATE, 'zh')}不在有效期内（{self._valid()}）。",
                f"“{self.id}” version {self.version} does not hold on {on}.",
            )
        return self.periods[bisect_right([p.start for p in self.periods], on) - 1]

    def _valid(self) -> str:
        last = f"至{spoken(self.valid_to, DATE, 'zh')}" if self.valid_to else "起"
        return spoken(self.valid_from, DATE, "zh") + last

    def decide(self, facts: Mapping[str, Any], *, on: date, layers: Iterable[Document] = ()) -> Decision:
        """Decide for one subject by the law of a local day, with the local layers that hold on it.

        All conditions must hold; the table's result stands beside the outcome and does not depend on it unless a row
        names a condition. Refuses NotInForce, WrongValue, and AddedLayer for a layer that is not one of this document.
        """
        period = self.at(on)
        values = self.facts.checked(facts, only=period.asks)
        answers = tuple(c.answer(values, on=on) for c in period.conditions)
        for layer in layers:
            answers += self._layered(layer, facts, on)
        outcome = settle(answers)
        if not period.rows:
            return Decision(outcome, answers)
        row, open_rows, result = self._table(period, values, on)
        label = self.labels[result][0] if result is not None and result in self.labels else result or ""
        why = row.zh if row else ""
        named = row.id if row else "otherwise" if result is not None and not open_rows else None
        return Decision(outcome, answers, result, label, named, why, tuple(r.id for r in open_rows))

    def _layered(self, layer: Document, facts: Mapping[str, Any], on: date) -> tuple[ConditionAnswer, ...]:
        if layer.layer is None or layer.layer.of != self.id:
            raise no_layer(layer.id, self.id)
        if not layer.holds(on):
            return ()
        period = layer.at(on)
        values = layer.facts.checked(facts, only=period.asks)
        return tuple(replace(c.answer(values, on=on), id=f"{layer.id}.{c.id}") for c in period.conditions)

    def _table(self, period: Period, values: Mapping[str, Any], on: date) -> tuple[Row | None, tuple[Row, ...], str | None]:
        # An unknown row before the first that holds keeps the result open, unless it would come to the same; in a
        # UNIQUE table a row that holds leaves the others no room.
        open_rows: list[Row] = []
        for row in period.rows:
            held = row.run(values, on)
            if held is True:
                same = self.hit == "unique" or all(r.then == row.then for r in open_rows)
                return (row, (), row.then) if same else (None, tuple(open_rows), None)
            if held is None:
                open_rows.append(row)
        if all(r.then == self.otherwise for r in open_rows):
            return None, (), self.otherwise
        return None, tuple(open_rows), None

    def describe(self, *, on: date, language: Language = "zh") -> list[str]:
        """Say the document of a day line by line, each condition with its origin."""
        period, zh = self.at(on), language == "zh"
        lines = []
        for c in period.conditions:
            text = c.text if zh else c.en
            origin = c.origin.says(language) if c.origin else ""
            lines.append(f"{text}（{origin}）" if zh else f"{text} ({origin})")
        for row in period.rows:
            label = self.labels.get(row.then, (row.then, row.then))[not zh]
            lines.append(f"{row.zh}的，{label}" if zh else f"If {row.en}: {label}")
        if self.otherwise is not None:
            label = self.labels.get(self.otherwise, (self.otherwise, self.otherwise))[not zh]
            lines.append(f"其他的，{label}" if zh else f"Otherwise: {label}")
        if self.layer:
            lines.append(self.layer.says(language))
        return lines


def in_force(versions: Iterable[Document], *, on: date, known: int | None = None) -> Document:
    """Select the version of one document that holds on a day, as known at a place in the order of knowing.

    `known` is that place (the journal's, see `load_document`); None is now. A version without one came with the
    release and was always known. What a known version supersedes is out; of several that hold, the newest decides.
    Refuses NotInForce, two documents mixed, a version twice, and a later version of a lower level (AddedLayer).
    """
    require_day(on)
    found = sorted(versions, key=lambda d: d.version)
    for before, after in pairwise(found):
        if before.id != after.id:
            raise WrongDeclaration(f"“{before.id}”和“{after.id}”不是同一份文件的版本。", "Versions of two documents are mixed.")
        if before.version == after.version:
            raise WrongDeclaration(
                f"“{before.id}”的第{before.version}版有两份。", f"Version {before.version} of “{before.id}” stands twice."
            )
        if LEVELS.index(after.origin.level) > LEVELS.index(before.origin.level):
            raise AddedLayer(
                f"“{after.id}”第{after.version}版出自{_LEVEL_ZH[after.origin.level]}，"
                f"不能替代{_LEVEL_ZH[before.origin.level]}的第{before.version}版。",
                f"Version {after.version} of “{after.id}” is of a lower level than the one before.",
                fix="下一级的补充写成单独的文件，并写明 stricter_than。",
            )
    seen = [d for d in found if known is None or d.known is None or d.known <= known]
    replaced = {d.supersedes for d in seen}
    valid = [d for d in seen if d.version not in replaced and d.holds(on)]
    if not valid:
        name = f"《{found[0].title}》" if found else "这份文件"
        raise NotInForce(f"{name}在{spoken(on, DATE, 'zh')}没有生效的版本。", f"No version holds on {on}.")
    return valid[-1]


def no_layer(layer: str, of: str) -> AddedLayer:
    """The refusal of a document that is not written as a layer of another."""
    return AddedLayer(f"“{layer}”没有写明是加在“{of}”上的。", f"“{layer}” is no layer of “{of}”.")
