"""What the leader's page shows: five numbers with their days and places, what waits, the map. Inside `acting`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor
from qifu.kernel.calendar.clock import local
from qifu.kernel.indicators import Indicator, Moment, Spread, Stuck, indicators, spreads, values
from qifu.kernel.journal.models import Entry
from qifu.kernel.language import Said, listed, said

from . import chosen
from .chosen import Shown
from .nav import SEE
from .places import short

DAYS = 14
WIDE, HIGH, MARGIN = 100.0, 28.0, 3.0
"""The box of a trend line."""
TILE, STEP_X, STEP_Y, ACROSS = (68, 72), 73, 77, 5
LOW = 30
"""A place is marked when it lags behind the next by this much (tenths of a percent)."""
CHART = (42.0, 270.0, 18.0, 202.0)
"""Left, right, top and bottom of the chart's lines."""
LABEL = 20.0


@dataclass(frozen=True)
class Number:
    """One of the five: its rate or count, of how many, since yesterday, among the places, with whom it waits."""

    id: str
    name: str
    value: str
    unit: str
    of: str
    change: int
    change_says: str
    points: str
    rank: str
    stuck: Stuck | None
    stuck_tone: str
    """Empty where nobody says with whom it waits."""
    href: str
    spreads: tuple[Spread, Spread | None]
    indicator: Indicator


@dataclass(frozen=True)
class Tile:
    """A place on the map."""

    place: int
    name: str
    rate: str
    whole: str
    of: str
    x: int
    y: int
    tone: str
    zone: bool
    href: str
    tenths: int | None


@dataclass(frozen=True)
class Chart:
    """Two lines and their finding, with the table behind."""

    title: str
    lines: tuple[tuple[str, str, str, float, float, float], ...]
    """(name, points, last value, x, y, height of its label)"""
    gap: str
    ticks: tuple[tuple[float, str], ...]
    rows: tuple[tuple[str, ...], ...]
    names: tuple[str, ...]


def home_of(actor: Actor, at: datetime) -> int | None:
    """Give the place for which somebody looks: that of the widest hat with the right."""
    places = [hat.place for hat in actor.hats if SEE in hat.rights and hat.valid(at) and hat.place]
    return min(places, key=lambda place: len(jurisdiction.lineage(place)), default=None)


def place_of(actor: Actor, at: datetime, wanted: str) -> int | None:
    """Give the place asked for where the actor reaches it, else their own."""
    home = home_of(actor, at)
    if home is not None and wanted.isdecimal() and len(wanted) < 10 and int(wanted) in jurisdiction.reach(home, local(at).date()):
        return int(wanted)
    return home


def last_fed(within: tuple[int, ...], at: datetime) -> datetime | None:
    """Give when the last entry of these places was recorded, within a week."""
    found = Entry._base_manager.filter(region__in=within, recorded_at__gte=at - timedelta(days=7), recorded_at__lte=at)
    latest: datetime | None = found.order_by("-recorded_at").values_list("recorded_at", flat=True).first()
    return latest


# ------------------------------------------------------------------------------------------------ numbers


def numbers(shown: Sequence[Shown], *, place: int, at: datetime) -> list[Number]:
    """Compute the chosen numbers for a place."""
    within = jurisdiction.reach(place, local(at).date())
    known = [one for one in shown if one.figure in indicators]
    yesterday = Moment(at - timedelta(days=1), None, within)
    before = values([indicators[one.figure].numerator for one in known], yesterday)
    moment = Moment(at, None, within)
    sides = [side for one in known for side in (indicators[one.figure].numerator, indicators[one.figure].denominator) if side is not None]
    over = spreads(sides, moment=moment, days=DAYS)
    return [_number(one, over, int(before[indicators[one.figure].numerator]), place=place, moment=moment) for one in known]


def _number(shown: Shown, over: Mapping[Any, Spread], before: int, *, place: int, moment: Moment) -> Number:
    indicator, at = indicators[shown.figure], moment.asof
    top = over[indicator.numerator]
    below = over[indicator.denominator] if indicator.denominator is not None else None
    now, of = top.values[-1], below.values[-1] if below else 0
    change, says = now - before, change_says(now - before, indicator.unit)
    if (partly := _partly(shown.owed, moment)) is not None:
        change, says = 0, partly
    rate = tenths(now, of)
    value, unit = (say_tenths(rate), "%") if rate is not None else (f"{now:,}", indicator.unit)
    stuck = list(indicator.stuck(moment)) if indicator.stuck else []
    late = sum(one.late for one in stuck)
    return Number(
        shown.figure, shown.name, value, unit,
        _("%(now)s / %(of)s%(unit)s") % {"now": f"{now:,}", "of": f"{of:,}", "unit": indicator.unit} if below else "",
        change, says,
        points(_rates(top, below)), _rank(top, below, place, at),
        _together(stuck), ("stop" if late else "ask") if stuck else ("ok" if indicator.stuck else ""),
        f"{_figure(shown.figure)}?{urlencode({'as_of': at.isoformat(timespec='minutes'), 'place': place})}", (top, below), indicator,
    )  # fmt: skip


def _partly(owed: str, moment: Moment) -> str | None:
    """Say how many have told today, where some have not: their yesterday's numbers would be compared with themselves."""
    if owed not in indicators or not (missing := int(indicators[owed].numerator.value(moment))):
        return None
    below = indicators[owed].denominator
    of = int(below.value(moment)) if below is not None else missing
    return _("今天报了%(told)s家，共%(of)s家，报齐再比") % {"told": f"{of - missing:,}", "of": f"{of:,}"}


def tenths(value: int, of: int) -> int | None:
    """Give a share in tenths of a percent, rounded half up."""
    return (value * 2000 + of) // (2 * of) if of else None


def say_tenths(rate: int) -> str:
    """Say 968 as 96.8, 1000 as 100."""
    return str(rate // 10) if rate in (0, 1000) else f"{rate / 10:.1f}"


def change_says(change: int, unit: str) -> str:
    """Say a change in things, never in points."""
    if change == 0:
        return _("和昨天一样")
    words = {"n": f"{abs(change):,}", "unit": unit}
    return _("比昨天多%(n)s%(unit)s") % words if change > 0 else _("比昨天少%(n)s%(unit)s") % words


def _rates(top: Spread, below: Spread | None) -> list[float]:
    if below is None:
        return [float(n) for n in top.values]
    return [n / of if of else 0.0 for n, of in zip(top.values, below.values, strict=True)]


def points(values: Sequence[float]) -> str:
    """Draw a trend into its box: the lowest day at the bottom, the highest on top, a flat one in the middle."""
    low, high = min(values), max(values)
    step = (WIDE - 2 * MARGIN) / max(len(values) - 1, 1)

    def y(value: float) -> float:
        share = (value - low) / (high - low) if high > low else 0.5
        return HIGH - MARGIN - share * (HIGH - 2 * MARGIN)

    return " ".join(f"{MARGIN + step * n:.1f},{y(value):.1f}" for n, value in enumerate(values))


def _together(stuck: Sequence[Stuck]) -> Stuck | None:
    """Say the one or two with whom the most waits, and how many in all."""
    if not stuck:
        return None
    first = stuck[0]
    who = listed(dict.fromkeys(one.who for one in stuck[:2]))
    total, late = sum(one.count for one in stuck), sum(one.late for one in stuck)
    what = first.says.values.get("what", "") if isinstance(first.says, Said) else ""
    says = said("{n:,}家{what}，{late}家超时", n=total, what=what, late=late) if late else said("{n:,}家{what}", n=total, what=what)
    return Stuck(who, total, says, first.place, first.right, late, first.due_at, first.url)


def _rank(top: Spread, below: Spread | None, place: int, at: datetime) -> str:
    """Say where this stands: of a place with others below, the lowest of them; of a town, its rank in its district."""
    if below is None:
        return ""
    found = _rates_of(top, below, place, at)
    if len(found) < 2:
        return ""
    name, rate, _of = found[0]
    if rate >= 1000:
        return _("各镇街都到100%%") % {}
    return _("最低%(place)s%(rate)s%%") % {"place": short(name), "rate": rate // 10}


def _rates_of(top: Spread, below: Spread, place: int, at: datetime) -> list[tuple[str, int, int]]:
    day = local(at).date()
    found: list[tuple[str, int, int]] = []
    if not below.places:
        return found
    for one in jurisdiction.children(place, day):
        within = jurisdiction.reach(one.id, day)
        rate = tenths(top.within(within), below.within(within))
        if rate is not None:
            found.append((one.name, rate, one.id))
    return sorted(found, key=lambda row: (row[1], row[2]))


def _figure(id: str) -> str:
    try:
        return reverse("figures:one", args=[id])
    except NoReverseMatch:
        return ""


# ------------------------------------------------------------------------------------------------ map


def tiles(number: Number, *, place: int, at: datetime) -> list[Tile]:
    """Lay the places below one out as tiles: where the pack puts them, else in rows by their order."""
    top, below = number.spreads
    if below is None:
        return []
    day = local(at).date()
    placed = chosen.tiles()
    children = jurisdiction.children(place, day)
    known = all((one.code or one.name) in placed for one in children)
    rates = {id: rate for _name, rate, id in _rates_of(top, below, place, at)}
    lowest = sorted(rates.values())
    lags = len(lowest) > 1 and lowest[1] - lowest[0] >= LOW
    found = []
    for n, one in enumerate(children):
        column, row = placed[one.code or one.name] if known else (n % ACROSS, n // ACROSS)
        within = jurisdiction.reach(one.id, day)
        value, of = top.within(within), below.within(within)
        rate = rates.get(one.id)
        found.append(
            Tile(
                one.id, short(one.name), "—" if rate is None else str(rate // 10), f"{value}/{of}", str(of), column * STEP_X, row * STEP_Y,
                "ask" if rate is not None and lags and rate == lowest[0] else _shade(rate, lowest),
                one.kind in ("zone", "park"), f"?{urlencode({'place': one.id})}", rate,
            )
        )  # fmt: skip
    return found


def _shade(rate: int | None, lowest: Sequence[int]) -> str:
    if rate is None or not lowest or lowest[-1] == lowest[0]:
        return "t2"
    share = (rate - lowest[0]) / (lowest[-1] - lowest[0])
    return "t4" if share > 0.67 else "t3" if share > 0.33 else "t2"


def finding(found: Sequence[Tile]) -> str:
    """Say the map in a sentence: who lags behind, or from where to where it goes."""
    ranked = sorted((tile for tile in found if tile.tenths is not None), key=lambda tile: (tile.tenths, tile.place))
    if len(ranked) < 2:
        return ""
    low, second, high = ranked[0], ranked[1], ranked[-1]
    assert low.tenths is not None and second.tenths is not None and high.tenths is not None
    if low.tenths >= 1000:
        return _("各地都到了100%%") % {}
    if second.tenths - low.tenths >= LOW:
        return _("%(low)s%(a)s%%，其他地方都到了%(b)s%%") % {"low": low.name, "a": low.rate, "b": second.rate}
    return _("最低%(low)s%(a)s%%，最高%(high)s%(b)s%%") % {"low": low.name, "a": low.rate, "high": high.name, "b": high.rate}


# ------------------------------------------------------------------------------------------------ chart


def chart(choice: chosen.Chosen, found: Sequence[Number], *, place: int, at: datetime) -> Chart | None:
    """Draw the two lines that the pack sets against each other, over the days since the first of them moved."""
    if len(choice.chart) != 2:
        return None
    held = {number.id: number for number in found}
    held |= {number.id: number for number in numbers([one for one in choice.chart if one.figure not in held], place=place, at=at)}
    pair = [held[one.figure] for one in choice.chart if one.figure in held]
    if len(pair) != 2 or any(number.spreads[1] is None for number in pair):
        return None
    rates = [_rates(*number.spreads) for number in pair]
    days = pair[0].spreads[0].days
    begin = next((n for n, (a, b) in enumerate(zip(*rates, strict=True)) if a or b), len(days) - 1)
    begin = min(begin, len(days) - 2)
    days, rates = days[begin:], [line[begin:] for line in rates]
    left, right, top, bottom = CHART
    step = (right - left) / (len(days) - 1)

    def spot(n: int, rate: float) -> tuple[float, float]:
        return left + step * n, bottom - min(rate, 1.0) * (bottom - top)

    drawn = []
    labels = _apart([spot(0, line[-1])[1] for line in rates])
    for shown, line, label in zip(choice.chart, rates, labels, strict=True):
        spots = [spot(n, rate) for n, rate in enumerate(line)]
        percent = f"{line[-1] * 100:.1f}%"
        drawn.append((shown.name, " ".join(f"{x:.1f},{y:.1f}" for x, y in spots), percent, spots[-1][0], spots[-1][1], label))
    upper, lower = [spot(n, r) for n, r in enumerate(rates[0])], [spot(n, r) for n, r in enumerate(rates[1])]
    gap = round(abs(rates[0][-1] - rates[1][-1]) * 100, 1)
    marked = range(0, len(days) - 1, max(len(days) // 4, 1))
    ticks = (*((left + step * n, f"{days[n].day}") for n in marked), (right, _day(days[-1])))
    return Chart(
        (choice.apart if gap >= 5 else choice.together).format(gap=f"{gap:g}"),
        tuple(drawn),
        " ".join(f"{x:.1f},{y:.1f}" for x, y in [*upper, *reversed(lower)]),
        ticks,
        tuple((f"{day.month}-{day.day}", *(f"{line[n] * 100:.1f}" for line in rates)) for n, day in enumerate(days)),
        tuple(shown.name for shown in choice.chart),
    )


def _apart(heights: Sequence[float]) -> list[float]:
    """Put two labels beside the ends of their lines, never over each other."""
    upper, lower = sorted(range(2), key=lambda n: heights[n])
    found = [height + 5 for height in heights]
    if found[lower] - found[upper] < LABEL:
        middle = (found[lower] + found[upper]) / 2
        found[upper], found[lower] = middle - LABEL / 2, middle + LABEL / 2
    return found


def _day(day: date) -> str:
    return _("%(d)s日") % {"d": day.day}
