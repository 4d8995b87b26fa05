"""By when a task is due: a number of working days, or an hour of the same or the next day, as a table says it."""

from dataclasses import dataclass
from datetime import datetime, time

from qifu.kernel.actions import BadInput
from qifu.kernel.calendar import Allow, calendar_for
from qifu.kernel.language import said

from .terms import MOST_DAYS

HOURS = ("09:00", "12:00", "17:00", "20:00")
DAYS = (1, 2, 3, 5, 7, 10, 15, 20)


@dataclass(frozen=True)
class Limit:
    """A time allowed, and the moment that it means here and now (exclusive)."""

    days: int | None
    until: str
    due: datetime


def limit_of(code: str, *, region: int, at: datetime) -> Limit:
    """Read a limit: '3' is three working days of the place's calendar, '17:00' the next time that it is 17:00. Refuses BadInput."""
    text = code.strip()
    if text.isdecimal() and 1 <= int(text) <= MOST_DAYS:
        return Limit(int(text), "", calendar_for(region).due(at, Allow(days=int(text))).at)
    try:
        hour = time.fromisoformat(text)
    except ValueError:
        raise BadInput({"limit": said("期限写几个工作日（1到{most}），或者写几点前，如 17:00。", most=MOST_DAYS)}) from None
    return Limit(None, f"{hour:%H:%M}", calendar_for(region).due(at, Allow(until=hour)).at)


def offered(region: int, *, at: datetime) -> list[tuple[str, Limit]]:
    """Give the limits that a form offers, each with the moment that it means."""
    codes = [*sorted(HOURS, key=lambda hour: limit_of(hour, region=region, at=at).due), *(str(days) for days in DAYS)]
    return [(code, limit_of(code, region=region, at=at)) for code in codes]
