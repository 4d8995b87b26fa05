"""The arithmetic of working days: pure, so that it can be held against a slow and obvious count.

A day is decided by the nearest decree, else by the national table, else (year missing) by the day of the week."""

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from qifu.kernel.calendar.clock import ZONE, local
from qifu.kernel.calendar.terms import Allow, Due
from qifu.kernel.calendar.words import WEEKDAYS
from qifu.kernel.language import said as _

DAY = timedelta(days=1)
FARTHEST = 3660  # days; a count that runs longer is an error of input, such as a decree without an end


@dataclass(frozen=True, slots=True)
class National:
    """What the national table says of a day that is not simply its day of the week."""

    is_workday: bool
    name: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Decree:
    """A decree as the count needs it; `number` rises with the time it was recorded."""

    region: int
    from_date: date
    to_date: date
    is_workday: bool
    reason: str
    document: str
    number: int = 0


Kind = Literal["ordinary", "weekend", "holiday", "makeup", "decree"]
Year = Mapping[date, National]


@dataclass(frozen=True, slots=True)
class DayIs:
    """Whether a day counts, and because of what."""

    is_workday: bool
    kind: Kind
    name: str = ""
    source: str = ""
    guessed: bool = False  # the national table has no such year


class WorkingDays:
    """The calendar of one jurisdiction.

    `lineage`: the place and those above it, nearest first. `national(year)`: the special days of a year, None where
    the year is missing. `decrees`: those in force for any of the places."""

    def __init__(self, *, lineage: Sequence[int], national: Callable[[int], Year | None], decrees: Sequence[Decree]) -> None:
        self._national = functools.cache(national)  # a missing year is asked for once, not on each of its days
        rank = {region: near for near, region in enumerate(lineage)}
        mine = [decree for decree in decrees if decree.region in rank]
        # Nearest place first, then the latest: the first that covers a day decides it.
        self._decrees = sorted(mine, key=lambda decree: (rank[decree.region], -decree.number))

    def is_workday(self, on: date) -> bool:
        """Say whether a day is a working day here."""
        return self.day(on).is_workday

    def day(self, on: date) -> DayIs:
        """Say what a day is here, and because of what."""
        plain = self._plain(on)
        for decree in self._decrees:
            if decree.from_date <= on <= decree.to_date:
                if decree.is_workday and plain.kind == "ordinary":
                    return plain
                return DayIs(decree.is_workday, "decree", decree.reason, decree.document)
        return plain

    def _plain(self, on: date) -> DayIs:
        weekend = on.weekday() >= 5
        year = self._national(on.year)
        if year is not None and (special := year.get(on)):
            kind: Kind = "makeup" if special.is_workday else "holiday"
            return DayIs(special.is_workday, kind, special.name, special.source)
        return DayIs(not weekend, "weekend" if weekend else "ordinary", guessed=year is None)

    def due(self, start: datetime, allow: Allow) -> Due:
        """Give the instant (exclusive) up to which a time is allowed that begins at `start`.

        Working days: the day of the start does not count, and a start on a day off counts from the next working day,
        as if it had come in then. Nought days end with the calendar day of the start, working day or not."""
        start = local(start)
        if allow.hours is not None:
            return Due(start + timedelta(hours=allow.hours))
        if allow.until is not None:
            tonight = datetime.combine(start.date(), allow.until, ZONE)
            return Due(tonight if tonight > start else datetime.combine(start.date() + DAY, allow.until, ZONE))
        if not allow.days:
            return Due(_end_of(start.date()))
        return self._count(start.date(), allow.days)

    def _count(self, start: date, days: int) -> Due:
        seen = [(start, self.day(start))]
        counted = 0
        began = seen[0][1].is_workday
        for on in _days_after(start):
            what = self.day(on)
            seen.append((on, what))
            if what.is_workday:
                if began:
                    counted += 1
                began = True
                if counted == days:
                    break
        return Due(_end_of(seen[-1][0]), _because(seen, start=start))

    def working_days(self, start: datetime, end: datetime) -> int:
        """Count the working days used from `start` to `end`, so that a deadline reached uses exactly those allowed.

        The day of the start (if it is off, the next working day) does not count; a day counts once `end` is inside it,
        midnight being the end of the day before. An `end` before the start counts nothing."""
        first, last = local(start).date(), (local(end) - timedelta(microseconds=1)).date()
        used, began = 0, self.is_workday(first)
        for on in _days_after(first):
            if on > last:
                break
            if self.is_workday(on):
                used += began
                began = True
        return used

    def next_workday(self, on: date) -> date:
        """Give the day itself if it is a working day, else the next that is."""
        if self.is_workday(on):
            return on
        return next(day for day in _days_after(on) if self.is_workday(day))


def _end_of(day: date) -> datetime:
    return datetime.combine(day + DAY, datetime.min.time(), ZONE)


def _days_after(day: date) -> Iterator[date]:
    for far in range(1, FARTHEST):
        yield day + far * DAY
    raise ValueError(f"no working day found within {FARTHEST} days after {day}")


# ---------------------------------------------------------------- why, in words

_FEW_WEEKENDS = 3
_Run = tuple[DayIs, list[date]]


def _because(seen: Sequence[tuple[date, DayIs]], *, start: date) -> tuple[str, ...]:
    """Say of each day that moved the deadline why it did: days off, working weekends, decrees, a year not known."""
    runs: list[_Run] = []
    for on, what in seen:
        if what.kind == "ordinary" or (on == start and what.is_workday):
            continue
        if runs and _same(runs[-1][0], what) and runs[-1][1][-1] == on - DAY:
            runs[-1][1].append(on)
        else:
            runs.append((what, [on]))
    weekends = [run for run in runs if run[0].kind == "weekend"]
    many = len(weekends) > _FEW_WEEKENDS
    says = [_run_words(run, year=start.year) for run in runs if not (many and run[0].kind == "weekend")]
    if not seen[0][1].is_workday:
        begins = next(on for on, what in seen if what.is_workday)
        says.append(_("从{days}起算", days=_one(begins, start.year)))
    if many:
        says.append(_("其间{n}个周末共{sum}天顺延", n=len(weekends), sum=sum((len(days) for _, days in weekends))))
    guessed = sorted({on.year for on, what in seen if what.guessed})
    says.extend(_("{year}年的放假安排还没有录入，暂按周一至周五计算", year=year) for year in guessed)
    return tuple(says)


def _same(one: DayIs, other: DayIs) -> bool:
    return (one.is_workday, one.kind, one.name, one.source) == (other.is_workday, other.kind, other.name, other.source)


def _run_words(run: _Run, *, year: int) -> str:
    what, on = run
    days = days_words(on, year=year)
    if what.kind == "weekend":
        if len(on) > 1:
            return _("{days}周末顺延", days=days)
        return _("{days}{weekday}顺延", days=days, weekday=_("周" + WEEKDAYS[on[0].weekday()]))
    if what.kind == "decree":
        says = "{days}按工作日计：{name}（{source}）" if what.is_workday else "{days}不计：{name}（{source}）"
        return _(says, days=days, name=what.name, source=what.source)
    if what.kind == "makeup":
        return _("{days}{name}调休上班，计入", days=days, name=what.name)
    if what.name.endswith("延长"):
        return _("{name}到{days}（{source}）", name=what.name, days=_one(on[-1], year), source=what.source)
    return _("{days}{name}放假", days=days, name=what.name)


def days_words(days: Sequence[date], *, year: int) -> str:
    """Name neighbouring days as people do: 2月8日、9日; 1月30日至2月2日. Days of another year carry theirs."""
    first, last = _one(days[0], year), days[-1]
    if len(days) == 1:
        return first
    same_month = (days[0].year, days[0].month) == (last.year, last.month)
    end = _("{day}日", day=last.day) if same_month else _one(last, days[0].year)
    return _("{first}、{end}" if len(days) == 2 else "{first}至{end}", first=first, end=end)


def _one(day: date, year: int) -> str:
    if day.year == year:
        return _("{month}月{day}日", month=day.month, day=day.day)
    return _("{year}年{month}月{day}日", year=day.year, month=day.month, day=day.day)
