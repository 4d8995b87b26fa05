"""What goes into the mapped cells at a moment: figures by name, within their places, and the words around them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from qifu.kernel import jurisdiction
from qifu.kernel.calendar.clock import ZONE, local
from qifu.kernel.indicators import Indicator, Moment, indicators

from . import book, refusals
from .models import Blank
from .terms import FIGURE_PARTS, WORD_PARTS


class Gone(Exception):
    """What a cell was mapped to is not there any more: a word of terms.WHY."""


@dataclass(frozen=True)
class Answer:
    """What a cell is given: the value for the file (None: left as it was), its words for people, its number to compare."""

    value: book.Value | None
    text: str
    number: float | None = None


@dataclass
class Computed:
    """All that was computed: values for the file, a line for each cell, and the cells that nothing could be put into."""

    body: bytes
    """The template."""
    values: dict[book.Place, book.Value] = field(default_factory=dict)
    lines: list[dict[str, Any]] = field(default_factory=list)
    missing: list[dict[str, Any]] = field(default_factory=list)


class Computer:
    """Answers for one template at one moment; equal questions are asked once."""

    def __init__(self, blank: Blank, body: bytes, moment: Moment, *, filler: str = "") -> None:
        self.blank, self.body, self.moment, self.filler = blank, body, moment, filler
        self.day = local(moment.asof).date()
        self.asked: dict[tuple[str, str, int, datetime], Any] = {}

    def compute(self, before: Sequence[Mapping[str, Any]]) -> Computed:
        """Compute every mapped cell; `before` are the lines of the table to compare with."""
        found = Computed(self.body)
        was = {(line["sheet"], line["cell"]): line for line in before}
        for cell in self.blank.cells:
            at = (int(cell["sheet"]), str(cell["cell"]))
            square = book.grid(self.body, at[0]).squares[at[1]]
            try:
                answer = self.answer(cell, square)
            except Gone as gone:
                found.missing.append({**cell, "why": str(gone)})
                continue
            if answer.value is not None:
                found.values[at] = answer.value
            old = was.get(at)
            # Another figure in the same cell is no difference between two days.
            old = old if old is not None and all(old[key] == cell[key] for key in ("figure", "part", "place")) else None
            found.lines.append(
                {
                    **cell, "text": answer.text, "number": answer.number,
                    "before": old["text"] if old else None, "step": _step(answer, old),
                }
            )  # fmt: skip
        return found

    def answer(self, cell: Mapping[str, Any], square: book.Square) -> Answer:
        """Give what goes into one cell. Raises Gone where the indicator, its part or the place is."""
        part = str(cell["part"])
        if part in WORD_PARTS:
            return self._words(part, int(cell["place"]), square)
        indicator = indicators.get(str(cell["figure"]))
        if indicator is None:
            raise Gone("figure")
        try:
            check_part(indicator, part)
        except refusals.NoSuchPart as refused:
            raise Gone("part") from refused
        place = int(cell["place"])
        if place not in jurisdiction.reach(self.blank.region, self.day):
            raise Gone("place")
        return self._figure(indicator, part, place, square)

    def _words(self, part: str, place: int, square: book.Square) -> Answer:
        if part == "day":
            text = f"{self.day.year}年{self.day.month}月{self.day.day}日"
            plain = square.kind != "words" and book.is_day(square.format)
            return Answer(self.day if plain else book.beside(square, text), text)
        text = {"place": jurisdiction.name(place), "unit": self.blank.unit, "filler": self.filler}[part]
        return Answer(book.beside(square, text), text) if text else Answer(None, "")

    def _figure(self, indicator: Indicator, part: str, place: int, square: book.Square) -> Answer:
        if part == "rate":
            value, of = self._ask(indicator, "value", place), self._ask(indicator, "of", place)
            if not of:
                return Answer(None, "—")
            tenths = (value * 2000 + of) // (2 * of)
            return Answer(tenths / 1000 if book.is_share(square.format) else tenths / 10, f"{tenths / 10}%", tenths / 10)
        if part == "change":
            found = self._ask(indicator, "value", place) - self._ask(indicator, "value", place, back=timedelta(days=1))
            return Answer(found, str(found), found)
        found = self._ask(indicator, part, place)
        if found is None:
            return Answer(None, "—")
        if isinstance(found, datetime):
            here = local(found)
            text = f"{here.month}月{here.day}日{here.hour}时" + (f"{here.minute}分" if here.minute else "")
            return Answer(text, text)
        return Answer(found, str(found), found)

    def _ask(self, indicator: Indicator, part: str, place: int, *, back: timedelta = timedelta(0)) -> Any:
        asof = self.moment.asof - back
        key = (indicator.id, part, place, asof)
        if key not in self.asked:
            measure = {"value": indicator.numerator, "of": indicator.denominator}.get(part) or indicator.parts[part.removeprefix("part:")]
            moment = replace(self.moment, asof=asof, within=jurisdiction.reach(place, local(asof).date()))
            self.asked[key] = measure.value(moment)
        return self.asked[key]


def values_of(lines: Sequence[Mapping[str, Any]], body: bytes) -> dict[book.Place, book.Value]:
    """Give again what the lines of a kept table put into the file, for its page."""
    found: dict[book.Place, book.Value] = {}
    for line in lines:
        square = book.grid(body, line["sheet"]).squares[line["cell"]]
        if line["number"] is not None:
            share = line["part"] == "rate" and book.is_share(square.format)
            found[line["sheet"], line["cell"]] = line["number"] / 100 if share else line["number"]
        elif line["text"] and line["text"] != "—":
            found[line["sheet"], line["cell"]] = book.beside(square, line["text"])
    return found


def check_part(indicator: Indicator, part: str) -> None:
    """Refuse what an indicator does not have: a share without a whole, a difference of two instants, an unknown part."""
    there = part in FIGURE_PARTS or part.removeprefix("part:") in indicator.parts
    if not there or (part in ("of", "rate") and indicator.denominator is None) or (indicator.instant and part != "value"):
        raise refusals.NoSuchPart()


def parts_of(indicator: Indicator) -> list[tuple[str, Any]]:
    """Give what of an indicator may be asked for: (part, word)."""
    found = [("value", FIGURE_PARTS["value"])]
    if indicator.denominator is not None:
        found += [("of", FIGURE_PARTS["of"]), ("rate", FIGURE_PARTS["rate"])]
    if not indicator.instant:
        found.append(("change", FIGURE_PARTS["change"]))
    return found + [(f"part:{name}", name) for name in indicator.parts]


def label_of(cell: Mapping[str, Any]) -> str:
    """Say what stands in a cell: 莼湖街道 复工企业 比例."""
    part = str(cell["part"])
    if part in WORD_PARTS:
        return str(WORD_PARTS[part])
    indicator = indicators.get(str(cell["figure"]))
    words = [jurisdiction.name(int(cell["place"])), str(indicator.label if indicator else cell["figure"])]
    if part != "value":
        words.append(str(FIGURE_PARTS.get(part, part.removeprefix("part:"))))
    return " ".join(words)


def _step(answer: Answer, old: Mapping[str, Any] | None) -> str:
    """Say the difference: +3, -2, +1.5; '' where there is none or nothing to compare."""
    if old is None or answer.number is None or old["number"] is None or answer.number == old["number"]:
        return ""
    found = round(answer.number - old["number"], 1)
    return f"{found:+}"


def moment_of(blank: Blank, day: date, at: datetime) -> datetime:
    """Give the instant as of which the table of a day speaks: its hour, or now while that has not come."""

    return min(datetime.combine(day, time.fromisoformat(blank.hour), ZONE), at)
