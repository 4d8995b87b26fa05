"""Clocks that stand still and go on, held against a slow and obvious count: a day is used once it begins while the clock runs."""

from datetime import datetime, time, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from qifu.kernel.calendar import Allow
from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.calendar.tests.test_days import CITY, DAY, DISTRICT, TOWN, calendar, decree, decrees_near, slow_is_workday
from qifu.kernel.workflow import Clock, clocks

LINEAGE = (TOWN, DISTRICT, CITY)
WORKS, STANDS, DONE = "handling", "waiting", "resolved"


def at(day, hour):
    return datetime.combine(day, time(), ZONE) + timedelta(hours=hour)


def slow_due(start, days, pauses, works):
    """Give the deadline day by day; pauses are (from, until) in order, each begun while there was time left.

    The working day on which it came in is free. Any later one is used as it begins, unless the clock stands still. When none
    is left the day ends it, unless the clock stands still then; whoever goes on on a day off has the next working day."""

    def stands(moment):
        return any(since <= moment < until for since, until in pauses)

    day, free, left = start.date(), True, days
    while True:
        if works(day):
            left -= not free and not stands(at(day, 0))
            free = False
        elif not left and any(until.date() == day for _, until in pauses):
            left = 1
        if not left and not stands(at(day + DAY, 0)):
            return at(day + DAY, 0)
        day += DAY


@some.composite
def histories(draw):
    """Draw a start, decrees around it, and pauses of hours to weeks; near the make-up days of 2020 and 2021, and where the
    national table ends (a year that nobody has published yet)."""
    first = draw(some.sampled_from([datetime(2020, 1, 10), datetime(2020, 4, 15), datetime(2021, 9, 10), datetime(2026, 12, 15)]))  # noqa: DTZ001
    start = at((first + draw(some.integers(0, 20)) * DAY).date(), draw(some.integers(8, 18)))
    decrees = draw(decrees_near(start))
    days = draw(some.integers(1, 12))

    def works(day):
        return slow_is_workday(day, decrees, LINEAGE)

    pauses: list = []
    for gap, length in draw(some.lists(some.tuples(some.integers(1, 150), some.integers(1, 300)), max_size=4)):
        since = _in_office_hours((pauses[-1][1] if pauses else start) + timedelta(hours=gap))
        if since >= slow_due(start, days, pauses, works):
            break
        pauses.append((since, _in_office_hours(since + timedelta(hours=length))))
    return start, days, pauses, decrees


def _in_office_hours(moment):
    """Midnight belongs to the day before; nobody presses a button at that instant."""
    return moment + timedelta(minutes=1) if moment.time() == time() else moment


def ran(start, days, pauses, decrees):
    """Give the run that this history leaves."""
    clock = Clock("resolve", "办理", Allow(days=days), frozenset({WORKS}), frozenset({STANDS}))
    history = [("", WORKS, start)]
    for since, until in pauses:
        history += [(WORKS, STANDS, since), (STANDS, WORKS, until)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clocks, "calendar", lambda region: calendar(*decrees))
        (run,) = clocks.fold([clock], history, SimpleNamespace(region=TOWN))
        assert clocks.due_again(run, SimpleNamespace(region=TOWN)).at == run.due_at, "what is given back is kept with the run"
    return run


FRIDAY = datetime(2020, 6, 12, tzinfo=ZONE).date()


@settings(max_examples=600, deadline=None)
@given(history=histories())
@example(history=(at(FRIDAY - DAY, 9), 4, [(at(FRIDAY + DAY, 9), at(FRIDAY + 4 * DAY, 9))], []))
@example(history=(at(FRIDAY - DAY, 9), 1, [(at(FRIDAY, 10), at(FRIDAY + DAY, 12))], []))
def test_a_clock_that_stood_still_agrees_with_the_slow_count(history):
    """Tests random pauses, also such as begin or end on days off, under random decrees."""
    start, days, pauses, decrees = history
    assert ran(*history).due_at == slow_due(start, days, pauses, lambda day: slow_is_workday(day, decrees, LINEAGE))


@settings(max_examples=300, deadline=None)
@given(history=histories())
def test_who_was_in_time_does_not_go_on_late(history):
    """Tests that after any pause there is time left, and never less than before it."""
    start, days, pauses, decrees = history
    for n, (_, until) in enumerate(pauses):
        before, after = ran(start, days, pauses[:n], decrees).due_at, ran(start, days, pauses[: n + 1], decrees).due_at
        assert after > until and after >= before


def test_a_pause_over_the_weekend_and_monday_gives_monday_back():
    """Tests by hand: four days from Thursday 11 June; it stands still from Saturday until Tuesday: two days are given back."""
    thursday, saturday, tuesday = at(FRIDAY - DAY, 9), at(FRIDAY + DAY, 9), at(FRIDAY + 4 * DAY, 9)
    assert ran(thursday, 4, [], []).due_at == at(FRIDAY + 6 * DAY, 0), "by the end of Wednesday 17"
    found = ran(thursday, 4, [(saturday, tuesday)], [])
    assert (found.due_at, found.given) == (at(FRIDAY + 8 * DAY, 0), 2), "by the end of Friday 19"


def test_days_that_are_off_by_decree_are_not_given_back():
    """Tests by hand that standing still on days on which nobody works moves nothing."""
    off = decree(FRIDAY + 3 * DAY, FRIDAY + 4 * DAY)
    paused = [(at(FRIDAY, 15), at(FRIDAY + 4 * DAY, 15))]
    assert ran(at(FRIDAY - DAY, 9), 4, paused, [off]).due_at == ran(at(FRIDAY - DAY, 9), 4, [], [off]).due_at
