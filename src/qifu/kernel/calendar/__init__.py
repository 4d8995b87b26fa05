"""Working days of a jurisdiction and the one clock. No table of another package.

from qifu.kernel.calendar import Allow, Due, calendar_for, clock
"""

from qifu.kernel.calendar import clock
from qifu.kernel.calendar.terms import Allow, Calendar, Due
from qifu.kernel.calendar.words import deadline, left, moment

__all__ = ["Allow", "Calendar", "Due", "calendar_for", "clock", "deadline", "left", "moment"]


def calendar_for(region: int) -> Calendar:
    """Give the calendar of a place (int id): the national days under the decrees of the place and those above it.

    Cached; a missing year warns and falls back to weekdays."""
    from qifu.kernel.calendar.tables import calendar_for as load  # models exist only once Django has started

    return load(region)
