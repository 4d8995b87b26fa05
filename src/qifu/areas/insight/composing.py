"""Computes a bulletin: figures as of an instant, as known at a horizon, set into the pack's sentences.

Every number keeps what it is, its instants and a digest of the rows behind it, so that the same list opens for ever."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from qifu.kernel import jurisdiction
from qifu.kernel.calendar.clock import local
from qifu.kernel.indicators import Indicator, Known, Moment, indicators, spread, spreads

from . import wording
from .places import short
from .wording import GAP, Asked, Number

DAY = timedelta(days=1)
_TOWNS = 2
"""How many places a sentence names."""


@dataclass(frozen=True)
class Composed:
    """What a draft is made of."""

    headline: str
    paragraphs: list[list[dict[str, Any]]]
    figures: list[dict[str, Any]]
    annex: dict[str, Any]


class Composer:
    """Asks each figure once, and keeps what it said."""

    def __init__(self, place: int, *, asof: datetime, known: Known) -> None:
        self.place, self.asof, self.known = place, asof, known
        day = local(asof).date()
        self.within = jurisdiction.reach(place, day)
        self.towns = list(jurisdiction.children(place, day))
        self.figures: list[dict[str, Any]] = []
        self._values: dict[Asked, int | None] = {}

    # ---------------------------------------------------------------- numbers

    def moment(self, place: int | None = None) -> Moment:
        """Give the moment of this bulletin, for the whole or for one place."""
        within = self.within if place is None else jurisdiction.reach(place, local(self.asof).date())
        return Moment(self.asof, self.known, within)

    def answer(self, asked: Asked) -> int | None:
        """Give a number: value, denominator, rate in tenths of a percent, change since the day before, rest, or gap of rates."""
        if asked not in self._values:
            self._values[asked] = self._ask(asked)
        return self._values[asked]

    def _ask(self, asked: Asked) -> int | None:
        indicator = indicators[asked.figure]
        moment = self.moment(asked.place)
        if asked.attribute == "value":
            return int(indicator.numerator.value(moment))
        if asked.attribute == "change":
            return (self.answer(replace(asked, attribute="value")) or 0) - int(indicator.numerator.value(earlier(moment)))
        if asked.attribute.startswith(GAP):
            ours = self.answer(replace(asked, attribute="rate"))
            theirs = self.answer(replace(asked, figure=asked.attribute.removeprefix(GAP), attribute="rate"))
            return None if ours is None or theirs is None else ours - theirs
        if indicator.denominator is None:
            return None
        if asked.attribute == "of":
            return int(indicator.denominator.value(moment))
        value, of = self.answer(replace(asked, attribute="value")), self.answer(replace(asked, attribute="of"))
        if value is None or not of:
            return None
        return of - value if asked.attribute == "rest" else (value * 2000 + of) // (2 * of)

    def most(self, figure: str) -> list[tuple[str, int]]:
        """Give the places with the most of a figure: short name and place, none where there is none."""
        found = spread(indicators[figure].numerator, moment=self.moment(), days=1)
        counts = []
        for town in self.towns:
            n = found.within(jurisdiction.reach(town.id, local(self.asof).date()))
            if not found.places:
                n = int(indicators[figure].numerator.value(self.moment(town.id)))
            if n > 0:
                counts.append((n, town))
        counts.sort(key=lambda pair: (-pair[0], pair[1].code, pair[1].id))
        return [(short(town.name), town.id) for _, town in counts[:_TOWNS]]

    # ---------------------------------------------------------------- sentences

    def compose(self, spec: Mapping[str, Any], *, words: Mapping[str, str], corrections: Sequence[Mapping[str, Any]] = ()) -> Composed:
        """Write headline, paragraphs and annex; a paragraph of which no sentence holds falls away."""
        headline = self._sentences(spec["headline"], spec, words, first=True)
        title = wording.plain(headline, self.figures)
        self.figures = []
        paragraphs = [self._sentences(paragraph, spec, words) for paragraph in spec["paragraphs"]]
        paragraphs = [paragraph for paragraph in paragraphs if paragraph]
        if corrections:
            paragraphs.append(self._corrections(str(spec.get("correction", CORRECTION)), corrections))
        return Composed(title[:80], paragraphs, self.figures, self._annex(spec.get("annex") or {}))

    def _sentences(self, given: Any, spec: Mapping[str, Any], words: Mapping[str, str], *, first: bool = False) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for one in map(wording.sentence, given if isinstance(given, list) else [given]):
            if one.get("if") and not wording.holds(str(one["if"]), self.answer):
                continue
            pieces = wording.read(str(one["says"]), words=words, phrases=spec.get("phrases") or {}, answer=self.answer, towns=self.most)
            found += [{"f": self._keep(piece)} if isinstance(piece, Number) else {"t": piece} for piece in pieces]
            if first:
                break
        return found

    def _corrections(self, sentence: str, corrections: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for one in corrections:
            before, _, after = sentence.format(issue=one["issue"], label=one["label"], was=one["was"], now="\0").partition("\0")
            self.figures.append({**one["figure"]})
            found += [{"t": before}, {"f": len(self.figures) - 1}, {"t": after}]
        return found

    def _keep(self, number: Number) -> int:
        self.figures.append(kept(number.asked, self.answer(number.asked), moment=self.moment(number.asked.place)))
        return len(self.figures) - 1

    # ---------------------------------------------------------------- annex

    def _annex(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        """Give the table of places: a column of counts, or of a rate in tenths of a percent; the whole as its last row."""
        columns = spec.get("columns") or []
        if not columns or not self.towns:
            return {}
        sides = {
            (side, id): measure
            for column in columns
            for id in [column.get("rate") or column["figure"]]
            for side, measure in (("value", indicators[id].numerator), ("of", indicators[id].denominator))
            if measure is not None and (side == "value" or column.get("rate"))
        }
        over = spreads(sides.values(), moment=self.moment(), days=1)
        day = local(self.asof).date()

        def cell(column: Mapping[str, Any], places: tuple[int, ...] | None) -> str:
            id = column.get("rate") or column["figure"]

            def total(side: str) -> int:
                found = over[sides[side, id]]
                return found.values[-1] if places is None else found.within(places)

            if not column.get("rate"):
                return str(total("value"))
            return per_cent(total("value"), total("of"), sign="")

        rows = [[town.name, *(cell(column, jurisdiction.reach(town.id, day)) for column in columns)] for town in self.towns]
        return {
            "title": spec.get("title", ""),
            "unit": spec.get("unit", ""),
            "note": spec.get("note", ""),
            "head": [spec.get("places", "镇街"), *(column["name"] for column in columns)],
            "rows": [row for row in rows if any(word not in ("0", "—") for word in row[1:])],
            "total": [jurisdiction.name(self.place), *(cell(column, None) for column in columns)],
        }


CORRECTION = "更正：第{issue}期“{label}”为{was}，按现在的记录是{now}。"


def earlier(moment: Moment) -> Moment:
    """Give the same hour of the day before, as known at the same horizon."""
    return replace(moment, asof=moment.asof - DAY)


def kept(asked: Asked, value: int | None, *, moment: Moment) -> dict[str, Any]:
    """Give what a bulletin keeps of one number: what it is, its instants, and a digest of its rows."""
    indicator = indicators[asked.figure]
    found = rows(indicator, asked, moment)
    return {
        "id": asked.figure,
        "attribute": asked.attribute,
        "place": asked.place,
        "label": indicator.label,
        "value": value,
        "words": said(indicator, asked.attribute, value),
        "asof": moment.asof.isoformat(),
        "definition": indicator.definition,
        "source": indicator.source,
        "rows": len(found),
        "digest": digest(found),
    }


def said(indicator: Indicator, attribute: str, value: int | None) -> str:
    """Say a number with its unit: 552家, 96.8%, 21家 (a change without its sign), 3.2个百分点 (a gap without its sign)."""
    if value is None:
        return "（没有数）"
    if attribute == "rate":
        return f"{value // 10}%" if value % 10 == 0 else f"{value / 10:.1f}%"
    if attribute.startswith(GAP):
        return f"{abs(value) // 10}个百分点" if value % 10 == 0 else f"{abs(value) / 10:.1f}个百分点"
    return f"{abs(value):,}{indicator.unit}"


def per_cent(value: int, of: int, *, sign: str = "%") -> str:
    """Say a share with one decimal; a dash where there is nothing to share."""
    return f"{((value * 2000 + of) // (2 * of)) / 10:.1f}{sign}" if of else "—"


def rows(indicator: Indicator, asked: Asked, moment: Moment) -> list[tuple[UUID, int]]:
    """Give exactly the rows behind a number: those counted, the denominator's, who is left, or what a day changed."""
    if asked.attribute == "of":
        return list(indicator.denominator.rows(moment))
    now = list(indicator.numerator.rows(moment))
    if asked.attribute == "change":
        before = dict(indicator.numerator.rows(earlier(moment)))
        after = dict(now)
        changed = [(id, after.get(id, 0) - before.get(id, 0)) for id in sorted({*before, *after})]
        return [(id, n) for id, n in changed if n]
    return now


def digest(found: Sequence[tuple[UUID, int]]) -> str:
    """Give the SHA-256 of a list of rows, in order of their ids."""
    return sha256("\n".join(f"{id} {n}" for id, n in sorted(found, key=lambda row: str(row[0]))).encode()).hexdigest()
