"""Names to chase: for each town one text with who has not yet, as of now, to be pasted into its group as it is."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from qifu.kernel import jurisdiction
from qifu.kernel.calendar.clock import local
from qifu.kernel.indicators import Moment, Row, indicators

from . import chosen

NAMED = 60
"""More names than this no group reads: the text then points to the list."""


@dataclass(frozen=True)
class Notice:
    """One text for one town, with the rows behind it (contact and masked number) for who makes the calls."""

    town: str
    text: str
    rows: Sequence[Row]


@dataclass(frozen=True)
class Chased:
    """One figure whose rows are chased, by town."""

    id: str
    name: str
    total: int
    columns: Sequence[str]
    notices: Sequence[Notice]


def lists(place: int, *, at: datetime) -> list[Chased]:
    """Give what the pack says is chased, for a place and those below it; inside `acting`."""
    choice = chosen.chosen(chosen.pack_at(place, at))
    within = jurisdiction.reach(place, local(at).date())
    return [_chased(shown, within, at=at) for shown in choice.chase if shown.figure in indicators]


def _chased(shown: chosen.Shown, within: tuple[int, ...], *, at: datetime) -> Chased:
    indicator = indicators[shown.figure]
    found = indicator.numerator.rows(Moment(at, None, within))
    described = indicator.describe([id for id, _ in found]) if indicator.describe else {}
    towns: dict[str, list[Row]] = defaultdict(list)
    for id, _ in found:
        row = described.get(id)
        if row is not None:
            towns[row.cells[0] if row.cells else ""].append(row)
    notices = [
        Notice(town, text(shown.name, town, [row.label for row in rows], at=at), rows)
        for town, rows in sorted(towns.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    ]
    return Chased(shown.figure, shown.name, len(found), indicator.columns, notices)


def text(what: str, town: str, names: Sequence[str], *, at: datetime) -> str:
    """Write the text: what, how many, as of when, the names in order."""
    here = local(at)
    head = f"{town}{what}的{len(names)}家（截至{here.month}月{here.day}日{here:%H:%M}）："
    listed = "；".join(names[:NAMED])
    rest = f"；另有{len(names) - NAMED}家，见催办名单" if len(names) > NAMED else ""
    return f"{head}\n{listed}{rest}。"
