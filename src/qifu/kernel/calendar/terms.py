"""What a deadline is made of: the time allowed, and the instant that follows from it."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Protocol

from qifu.kernel.language import said as _


@dataclass(frozen=True)
class Allow:
    """A time allowed, exactly one of: `days` working days (0 = by the end of the same calendar day, working day or
    not), `hours` by the clock, or `until` a time of the same night (the next one after the start)."""

    days: int | None = None
    hours: int | None = None
    until: time | None = None

    def __post_init__(self) -> None:
        given = [part for part in (self.days, self.hours, self.until) if part is not None]
        if len(given) != 1:
            raise ValueError("a time allowed is exactly one of days, hours, until")
        if (self.days is not None and self.days < 0) or (self.hours is not None and self.hours <= 0):
            raise ValueError("a time allowed is not negative")

    def __str__(self) -> str:
        if self.days is not None:
            return _("{days}个工作日内", days=self.days) if self.days else _("当天内")
        return _("{hours}小时内", hours=self.hours) if self.hours is not None else _("{until:%H:%M}前", until=self.until)


@dataclass(frozen=True)
class Due:
    """The instant allowed (exclusive: 24:00 is the next 00:00) and the days that moved it, each with its decree."""

    at: datetime
    because: tuple[str, ...] = ()


class Calendar(Protocol):
    """The working days of one jurisdiction: the national table with the local decrees laid over it."""

    def is_workday(self, on: date) -> bool: ...

    def due(self, start: datetime, allow: Allow) -> Due: ...

    def working_days(self, start: datetime, end: datetime) -> int: ...
