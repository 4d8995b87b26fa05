"""Reads the calendar tables, from memory where nothing can have changed, and writes decrees."""

import logging
from collections.abc import Iterable
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db import connections, transaction

from qifu.kernel import jurisdiction
from qifu.kernel.calendar import national
from qifu.kernel.calendar.days import Decree, National, WorkingDays, Year
from qifu.kernel.calendar.models import CalendarDay, LocalDecree
from qifu.kernel.calendar.terms import Allow, Due

log = logging.getLogger(__name__)

_years: dict[int, Year] = {}
_decrees: list[tuple[Any, tuple[Decree, ...]]] = []  # none, or one: what was read last, under its version
_version: list[str] = []  # none, or one: of the national table from which the years were read
_warned: set[int] = set()


class RegionCalendar:
    """The calendar of one place. It asks the tables only when working days are counted, and then once."""

    def __init__(self, region: int) -> None:
        self.region = region

    @cached_property
    def _days(self) -> WorkingDays:
        decrees = decrees_in_force()
        return WorkingDays(lineage=jurisdiction.lineage(self.region), national=year_of, decrees=decrees)

    def is_workday(self, on: date) -> bool:
        """Say whether a day is a working day here."""
        return self._days.is_workday(on)

    def due(self, start: datetime, allow: Allow) -> Due:
        """Give the instant (exclusive) up to which a time is allowed that begins at `start`, and why it moved."""
        return (self._days if allow.days else _PLAIN).due(start, allow)

    def working_days(self, start: datetime, end: datetime) -> int:
        """Count the working days used from `start` to `end`."""
        return self._days.working_days(start, end)

    def next_workday(self, on: date) -> date:
        """Give the day itself if it is a working day here, else the next that is."""
        return self._days.next_workday(on)


_PLAIN = WorkingDays(lineage=(), national=lambda year: None, decrees=())


def calendar_for(region: int) -> RegionCalendar:
    """Give the calendar of a place: cached for the open transaction, since a decree may come between two."""
    held = _held_by_transaction()
    if held is None:
        return RegionCalendar(region)
    return held.setdefault(region, RegionCalendar(region))


def _held_by_transaction() -> dict[int, RegionCalendar] | None:
    connection = connections["default"]
    if not connection.in_atomic_block:
        return None
    # Django makes a new list of hooks at every commit and rollback, so the list in use marks the transaction.
    mark, held = getattr(connection, "qifu_calendars", (None, {}))
    if mark is not connection.run_on_commit:
        held = {}
        connection.qifu_calendars = (connection.run_on_commit, held)  # type: ignore[attr-defined]
    return held


def year_of(year: int) -> Year | None:
    """Give the special days of a year from the national table; None, and a warning once, where the year is missing."""
    found = _years.get(year)
    if found is None:
        version = list(_version)
        rows = _read(
            "SELECT date, is_workday, name, source FROM calendar_calendarday WHERE date BETWEEN %s AND %s",
            [date(year, 1, 1), date(year, 12, 31)],
        )
        if not rows:
            if year not in _warned:
                _warned.add(year)
                log.warning("calendar for %s missing: Monday to Friday are taken as working days", year)
            return None
        special = {day: National(works, name, source) for day, works, name, source in rows}
        found = {day: what for day, what in special.items() if what.name or what.is_workday != (day.weekday() < 5)}
        # Read beside a thread that saw the table change, it would be remembered as of the new one.
        if _version == version:
            _years[year] = found
    return found


def decrees_in_force() -> tuple[Decree, ...]:
    """Give all decrees not revoked, read again only when their number or their revocations have changed.

    The same look sees whether a year of the national table came or was corrected, in whichever process: then it is read again."""
    *decrees, years = _read(
        "SELECT count(*), coalesce(sum(id), 0), count(revoked_at), coalesce(sum(id) FILTER (WHERE revoked_at IS NOT NULL), 0),"
        " (SELECT coalesce(string_agg(year || digest, ',' ORDER BY year), '') FROM calendar_knownyear) FROM calendar_localdecree",
        [],
    )[0]
    _follow(years)
    version = tuple(decrees)
    held = next(iter(_decrees), None)
    if held is None or held[0] != version:
        rows = _read(
            "SELECT region, from_date, to_date, is_workday, reason, document, id FROM calendar_localdecree WHERE revoked_at IS NULL",
            [],
        )
        held = (version, tuple(Decree(*row) for row in rows))
        _decrees[:] = [held]
    return held[1]


def _follow(version: str) -> None:
    """Drop the years that this process remembers where the table is no longer that from which they were read."""
    if _version != [version]:
        _years.clear()
        _version[:] = [version]


def decree(region: int, *, from_date: date, to_date: date, is_workday: bool, reason: str, document: str, at: datetime) -> LocalDecree:
    """Lay a decree over the calendar of a place and everything under it; both days included.

    The caller journals it and has the open deadlines computed anew."""
    written = LocalDecree.objects.create(
        region=region,
        from_date=from_date,
        to_date=to_date,
        is_workday=is_workday,
        reason=reason,
        document=document,
        recorded_at=at,
    )
    forget()
    return written


def revoke(written: LocalDecree, *, at: datetime) -> None:
    """Take a decree back from now on; the row stays. Revoking twice keeps the first time."""
    LocalDecree.objects.filter(pk=written.pk, revoked_at__isnull=True).update(revoked_at=at)
    forget()


def load_years(years: Iterable[int] | None = None, *, using: str = "owner") -> int:
    """Write years of the national table as the owner, by default all that the installed package knows."""
    count = national.fill(CalendarDay, national.known_years() if years is None else years, using=using)
    mark_years(using=using)
    return count


def mark_years(*, using: str = "owner") -> int:
    """Note as the owner which years are new or not as they were, so that the worker finds open deadlines anew; gives how many."""
    with connections[using].cursor() as cursor:
        cursor.execute(_MARK)
        changed = cursor.rowcount
    forget()
    return int(changed)


_MARK = """
INSERT INTO calendar_knownyear AS k (year, digest, moved, settled_at)
SELECT extract(year FROM date)::int, md5(string_agg(date::text || is_workday || name, ',' ORDER BY date)), 0, NULL
FROM calendar_calendarday GROUP BY 1
ON CONFLICT (year) DO UPDATE SET digest = excluded.digest, settled_at = NULL WHERE k.digest <> excluded.digest
"""


def missing_years(*, first: int, last: int) -> list[int]:
    """List the years in a span that the national table lacks."""
    held = {row[0] for row in _read("SELECT DISTINCT extract(year FROM date)::int FROM calendar_calendarday", [])}
    return [year for year in range(first, last + 1) if year not in held]


def forget() -> None:
    """Drop what this process and this transaction remember of the tables."""
    _years.clear()
    _warned.clear()
    _version.clear()
    _decrees.clear()
    connections["default"].qifu_calendars = (None, {})  # type: ignore[attr-defined]


def _read(sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    connection = connections["default"]
    if connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return list(cursor.fetchall())
    # Public rows, also asked before anybody acts (a greeting that says whether today is a working day).
    with transaction.atomic(using="default"), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', 'qifu_app', true)")
        cursor.execute(sql, values)
        return list(cursor.fetchall())
