"""Tests that deadlines in working days are right, and say why they moved: held against a slow and obvious count."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from qifu.kernel.calendar import Allow, Due, national
from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.calendar.days import Decree, National, WorkingDays, days_words

DAY = timedelta(days=1)
TOWN, DISTRICT, CITY = 3, 2, 1
ROWS = {row["date"]: row for year in national.known_years() for row in national.days_of(year)}


def year(number):
    rows = [row for day, row in ROWS.items() if day.year == number]
    special = [row for row in rows if row["name"] or row["is_workday"] != (row["date"].weekday() < 5)]
    return {row["date"]: National(row["is_workday"], row["name"], row["source"]) for row in special} if rows else None


YEARS = {number: year(number) for number in national.known_years()}


def calendar(*decrees, lineage=(TOWN, DISTRICT, CITY)):
    return WorkingDays(lineage=lineage, national=YEARS.get, decrees=decrees)


def at(*parts):
    return datetime(*parts, tzinfo=ZONE)


def decree(first, last, *, region=DISTRICT, works=False, number=1):
    return Decree(region, first, last, works, "推迟复工", "通告第3号", number)


# ---------------------------------------------------------------- the oracle: one day after another, nothing clever


def slow_is_workday(day, decrees, lineage):
    for region in lineage:
        mine = [one for one in decrees if one.region == region and one.from_date <= day <= one.to_date]
        if mine:
            return max(mine, key=lambda one: one.number).is_workday
    if day in ROWS:
        return ROWS[day]["is_workday"]
    return day.weekday() < 5


def slow_due(start, days, works):
    day = start.date()
    while days and not works(day):
        day += DAY
    while days:
        day += DAY
        if works(day):
            days -= 1
    day += DAY
    return at(day.year, day.month, day.day)


MOMENTS = some.datetimes(datetime(2003, 12, 1), datetime(2027, 6, 1), timezones=some.just(ZONE))  # noqa: DTZ001
EARLY_2020 = some.datetimes(datetime(2020, 1, 10), datetime(2020, 5, 20), timezones=some.just(ZONE))  # noqa: DTZ001


@some.composite
def decrees_near(draw, start):
    found = []
    for number in range(draw(some.integers(0, 4))):
        first = start.date() + DAY * draw(some.integers(-10, 30))
        last = first + DAY * draw(some.integers(0, 12))
        region = draw(some.sampled_from([TOWN, DISTRICT, CITY, 99]))
        found.append(decree(first, last, region=region, works=draw(some.booleans()), number=number))
    return found


@settings(max_examples=400, deadline=None)
@given(data=some.data(), start=some.one_of(MOMENTS, EARLY_2020), days=some.integers(0, 25))
def test_due_agrees_with_the_slow_count(data, start, days):
    decrees = data.draw(decrees_near(start))
    fast = calendar(*decrees)

    def works(day):
        return slow_is_workday(day, decrees, (TOWN, DISTRICT, CITY))

    due = fast.due(start, Allow(days=days))
    assert due.at == slow_due(start, days, works)
    assert (due.at.time(), due.at.utcoffset()) == (time(0), timedelta(hours=8))
    assert [fast.is_workday(start.date() + DAY * n) for n in range(40)] == [works(start.date() + DAY * n) for n in range(40)]
    # The deadline moved against a plain Monday-to-Friday-less count of days exactly when something is said.
    plain = start.date() + DAY * (days + 1)
    assert bool(due.because) or due.at.date() == plain


@settings(max_examples=300, deadline=None)
@given(data=some.data(), start=some.one_of(MOMENTS, EARLY_2020), days=some.integers(1, 25))
def test_reaching_a_deadline_uses_exactly_the_days_allowed(data, start, days):
    fast = calendar(*data.draw(decrees_near(start)))
    due = fast.due(start, Allow(days=days)).at
    assert fast.working_days(start, due) == days
    assert fast.working_days(start, due - DAY) == days - 1
    assert fast.working_days(start, start) == 0
    assert fast.working_days(due, start) == 0


@given(start=MOMENTS, hours=some.integers(1, 100))
def test_hours_run_by_the_clock_through_nights_and_holidays(start, hours):
    assert calendar().due(start, Allow(hours=hours)) == Due(start + timedelta(hours=hours))


@given(start=MOMENTS, until=some.times())
@example(start=at(2020, 2, 17, 22), until=time(22))
def test_until_is_the_next_such_time_within_a_day(start, until):
    due = calendar().due(start, Allow(until=until)).at
    assert due.time() == until
    assert timedelta(0) < due - start <= DAY


@given(start=MOMENTS)
def test_nought_days_end_with_the_calendar_day_working_day_or_not(start):
    due = calendar().due(start, Allow(days=0))
    assert due == Due(at(*(start.date() + DAY).timetuple()[:3]))


# ---------------------------------------------------------------- the days of 2020, by hand


@pytest.mark.parametrize(
    ("start", "days", "end", "because"),
    [
        (at(2020, 2, 21, 10), 1, at(2020, 2, 25), ("2月22日、23日周末顺延",)),
        (at(2020, 2, 21, 10), 3, at(2020, 2, 27), ("2月22日、23日周末顺延",)),
        (at(2020, 2, 24, 10), 3, at(2020, 2, 28), ()),
        (at(2020, 2, 22, 10), 1, at(2020, 2, 26), ("2月22日、23日周末顺延", "从2月24日起算")),
        (at(2020, 1, 23, 17), 1, at(2020, 2, 4), ("1月24日至30日春节放假", "春节假期延长到2月2日（国务院办公厅通知）")),
        (at(2020, 4, 24, 9), 1, at(2020, 4, 27), ("4月25日周六顺延", "4月26日劳动节调休上班，计入")),
        (at(2020, 1, 17, 9), 1, at(2020, 1, 20), ("1月18日周六顺延", "1月19日春节调休上班，计入")),
        (at(2020, 9, 30, 9), 1, at(2020, 10, 10), ("10月1日至8日国庆节放假",)),
        (at(2019, 12, 31, 9), 1, at(2020, 1, 3), ("2020年1月1日元旦放假",)),
    ],
)
def test_the_days_of_2020(start, days, end, because):
    due = calendar().due(start, Allow(days=days))
    assert due.at == end
    assert [text.replace("中秋", "国庆节") for text in due.because] == list(because)


def test_a_local_decree_says_its_reason_and_document():
    put_off = decree(date(2020, 2, 3), date(2020, 2, 9), region=CITY)
    due = calendar(put_off).due(at(2020, 1, 23, 17), Allow(days=1))
    assert due.at == at(2020, 2, 11)
    assert due.because[-1] == "2月3日至9日不计：推迟复工（通告第3号）"
    assert calendar(put_off, lineage=(7,)).due(at(2020, 1, 23, 17), Allow(days=1)).at == at(2020, 2, 4)


def test_a_weekend_that_a_decree_makes_a_working_day_is_said():
    works = decree(date(2020, 2, 8), date(2020, 2, 8), works=True)
    due = calendar(works).due(at(2020, 2, 7, 9), Allow(days=1))
    assert due.at == at(2020, 2, 9)
    assert due.because == ("2月8日按工作日计：推迟复工（通告第3号）",)


def test_the_nearest_decree_wins_and_among_its_own_the_latest():
    day = date(2020, 2, 5)
    city_off = decree(day, day, region=CITY, number=9)
    district_on = decree(day, day, region=DISTRICT, works=True, number=1)
    district_off = decree(day, day, region=DISTRICT, works=False, number=2)
    assert not calendar(city_off).is_workday(day)
    assert calendar(city_off, district_on).is_workday(day)
    assert not calendar(city_off, district_on, district_off).is_workday(day)
    assert calendar(city_off, district_on, district_off, lineage=(CITY,)).is_workday(day) is False
    assert calendar(district_off, lineage=(CITY,)).is_workday(day)


def test_a_missing_year_falls_back_to_weekdays_and_says_so():
    due = calendar().due(at(2026, 12, 31, 9), Allow(days=1))
    assert due.at == at(2027, 1, 2)
    assert due.because == ("2027年的放假安排还没有录入，暂按周一至周五计算",)


def test_many_weekends_are_summed_up():
    due = calendar().due(at(2020, 6, 29, 9), Allow(days=30))
    assert due.because == ("其间6个周末共12天顺延",)


def test_a_decree_without_end_is_refused_rather_than_counted_for_ever():
    with pytest.raises(ValueError, match="no working day"):
        calendar(decree(date(2020, 1, 1), date(2999, 1, 1))).due(at(2020, 2, 1), Allow(days=1))


@pytest.mark.parametrize("wrong", [{}, {"days": 1, "hours": 1}, {"days": -1}, {"hours": 0}])
def test_a_time_allowed_is_exactly_one_thing(wrong):
    with pytest.raises(ValueError, match="a time allowed"):
        Allow(**wrong)


def test_days_are_named_as_people_name_them():
    assert days_words([date(2020, 2, 8), date(2020, 2, 9)], year=2020) == "2月8日、9日"
    assert days_words([date(2020, 1, 31), date(2020, 2, 1)], year=2020) == "1月31日、2月1日"
    days = [date(2020, 12, 31) + DAY * n for n in range(3)]
    assert days_words(days, year=2020) == "12月31日至2021年1月2日"


def test_the_national_table_is_that_of_the_package_day_by_day():
    import chinese_calendar

    for day, row in ROWS.items():
        assert row["is_workday"] == chinese_calendar.is_workday(day), day
    assert min(ROWS) == date(2004, 1, 1)
    assert {day.year for day in ROWS} >= set(range(national.FIRST, national.LAST + 1))
    with pytest.raises(LookupError, match="还没有发布"):
        list(national.days_of(2099))
