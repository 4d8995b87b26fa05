"""Fills the national table from the chinesecalendar package, whose every release follows the State Council's notice."""

import logging
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import chinese_calendar
from chinese_calendar import constants

FIRST, LAST = 2004, 2026  # what the package knows in the release that is locked
NOTICE = "国务院办公厅通知"
NAMES = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}

# Days of a later notice within one holiday, which the package does not tell from the first one.
_LATER = {date(2020, 1, 31) + timedelta(days=n): "春节假期延长" for n in range(3)}

log = logging.getLogger(__name__)


def known_years() -> range:
    """Give the years that the installed package knows, which may be more than were loaded."""
    return range(min(constants.holidays).year, max(constants.holidays).year + 1)


def days_of(year: int) -> Iterator[dict[str, Any]]:
    """Give every day of a year as a row of the table; refuse a year that the package does not know."""
    if year not in known_years():
        raise LookupError(f"{year}年的放假安排还没有发布，升级软件后再载入。")
    day = date(year, 1, 1)
    while day.year == year:
        rest, work = constants.holidays.get(day), constants.workdays.get(day)
        name = _LATER.get(day) or NAMES.get(rest or work or "", "")
        yield {
            "date": day,
            "is_workday": bool(work) or (not rest and day.weekday() < 5),
            "name": name,
            "source": NOTICE if rest or work else "",
        }
        day += timedelta(days=1)


def fill(model: Any, years: Iterable[int], *, using: str) -> int:
    """Write the days of the years into the table (idempotent, as the owner); answers the number of rows."""
    rows = [model(**day) for year in years for day in days_of(year)]
    model.objects.using(using).bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["date"],
        update_fields=["is_workday", "name", "source"],
        batch_size=2000,
    )
    return len(rows)
