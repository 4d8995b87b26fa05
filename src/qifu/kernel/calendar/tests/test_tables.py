"""Tests that the calendar of a place is read from its tables, and follows decrees at once."""

from datetime import date, datetime

import pytest
from django.db import IntegrityError, ProgrammingError, connections

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, acting
from qifu.kernel.calendar import Allow, calendar_for, tables
from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.calendar.models import CalendarDay, LocalDecree
from qifu.kernel.jurisdiction.models import Place, PlaceVersion

ANYBODY = Actor(id="somebody", name="某人")
CITY, DISTRICT, TOWN, OTHER = 990_001, 990_002, 990_003, 990_004
AT = datetime(2020, 1, 27, 12, tzinfo=ZONE)
FRIDAY = datetime(2020, 2, 21, 10, tzinfo=ZONE)


@pytest.fixture
def places(database):
    for number, (place, parent) in enumerate([(CITY, None), (DISTRICT, CITY), (TOWN, DISTRICT), (OTHER, CITY)]):
        Place.objects.using("owner").create(id=place, kind="district", code=f"9999{number}")
        PlaceVersion.objects.using("owner").create(
            id=990_000 + number, place_id=place, number=1, code=f"9999{number}", name=f"地{number}", kind="district", parent_id=parent
        )
    connections["owner"].close()
    jurisdiction.forget()
    tables.forget()
    yield
    jurisdiction.forget()
    tables.forget()


def decree(region=DISTRICT, **given):
    words = {"reason": "推迟复工", "document": "通告第3号", "at": AT, "is_workday": False}
    days = {"from_date": date(2020, 2, 24), "to_date": date(2020, 2, 25)}
    return tables.decree(region, **(words | days | given))


def test_the_migrations_fill_every_day_from_2004_to_2026(places):
    with acting(ANYBODY):
        assert CalendarDay.objects.count() == 8401
        assert tables.missing_years(first=2003, last=2027) == [2003, 2027]


def test_the_example_of_21_february_2020(places):
    with acting(ANYBODY):
        calendar = calendar_for(TOWN)
        assert calendar.due(FRIDAY, Allow(days=1)).at == datetime(2020, 2, 25, tzinfo=ZONE)
        assert calendar.due(FRIDAY, Allow(days=3)).at == datetime(2020, 2, 27, tzinfo=ZONE)
        assert calendar.due(FRIDAY, Allow(hours=2)).at == datetime(2020, 2, 21, 12, tzinfo=ZONE)
        assert not calendar.is_workday(date(2020, 2, 1))
        assert calendar.next_workday(date(2020, 2, 1)) == date(2020, 2, 3)
        assert calendar.working_days(FRIDAY, datetime(2020, 2, 25, tzinfo=ZONE)) == 1


def test_a_decree_moves_deadlines_at_once_for_the_place_and_those_under_it(places):
    with acting(ANYBODY):
        before = calendar_for(TOWN).due(FRIDAY, Allow(days=1))
        decree()
        after = calendar_for(TOWN).due(FRIDAY, Allow(days=1))
        assert before.at == datetime(2020, 2, 25, tzinfo=ZONE)
        assert after.at == datetime(2020, 2, 27, tzinfo=ZONE)
        assert after.because == ("2月22日、23日周末顺延", "2月24日、25日不计：推迟复工（通告第3号）")
        assert calendar_for(CITY).due(FRIDAY, Allow(days=1)) == before
        assert calendar_for(OTHER).due(FRIDAY, Allow(days=1)) == before


def test_a_decree_of_another_process_is_seen_by_the_next_transaction(places):
    with acting(ANYBODY):
        assert calendar_for(TOWN).is_workday(date(2020, 2, 24))
    LocalDecree.objects.using("owner").create(
        region=CITY,
        from_date=date(2020, 2, 24),
        to_date=date(2020, 2, 24),
        is_workday=False,
        reason="停工",
        document="通告第5号",
        recorded_at=AT,
    )
    with acting(ANYBODY):
        assert not calendar_for(TOWN).is_workday(date(2020, 2, 24))


def test_what_was_rolled_back_moves_nothing(places):
    with pytest.raises(RuntimeError), acting(ANYBODY):
        decree()
        assert not calendar_for(TOWN).is_workday(date(2020, 2, 24))
        raise RuntimeError
    with acting(ANYBODY):
        assert calendar_for(TOWN).is_workday(date(2020, 2, 24))


def test_a_revoked_decree_stays_on_the_record_and_no_longer_counts(places):
    with acting(ANYBODY):
        written = decree()
        later = datetime(2020, 2, 1, tzinfo=ZONE)
        tables.revoke(written, at=later)
        tables.revoke(written, at=datetime(2020, 2, 9, tzinfo=ZONE))
        assert calendar_for(TOWN).is_workday(date(2020, 2, 24))
        assert LocalDecree.objects.get().revoked_at == later


def test_one_transaction_reads_a_calendar_once(places, django_assert_num_queries):
    with acting(ANYBODY):
        calendar_for(TOWN).due(FRIDAY, Allow(days=1))
    with acting(ANYBODY), django_assert_num_queries(1):
        for _ in range(5):
            calendar_for(TOWN).due(FRIDAY, Allow(days=3))
    with acting(ANYBODY), django_assert_num_queries(0):
        calendar_for(TOWN).due(FRIDAY, Allow(days=0))
        calendar_for(TOWN).due(FRIDAY, Allow(hours=3))


def test_a_calendar_is_readable_before_anybody_acts(places):
    assert calendar_for(TOWN).is_workday(date(2020, 2, 24))


def test_a_missing_year_is_warned_of_once(places, caplog):
    with acting(ANYBODY):
        calendar = calendar_for(TOWN)
        for day in range(1, 8):
            calendar.is_workday(date(2031, 1, day))
        due = calendar_for(TOWN).due(datetime(2031, 1, 3, 9, tzinfo=ZONE), Allow(days=1))
    assert due.because[-1] == "2031年的放假安排还没有录入，暂按周一至周五计算"
    assert [record.getMessage() for record in caplog.records if "2031" in record.getMessage()] == [
        "calendar for 2031 missing: Monday to Friday are taken as working days"
    ]


def test_years_load_again_without_harm(places):
    assert tables.load_years([2020]) == 366
    assert tables.load_years([2020]) == 366
    with acting(ANYBODY):
        assert CalendarDay.objects.count() == 8401


def test_a_corrected_year_is_read_again_by_a_process_that_knew_it_before(places):
    """Tests it without any word from whoever corrected it, and that a process asks no more often than before."""
    with acting(ANYBODY):
        assert calendar_for(TOWN).is_workday(date(2020, 2, 24))
    held = dict(tables._years)
    day = CalendarDay.objects.using("owner").filter(date=date(2020, 2, 24))
    try:
        day.update(is_workday=False, name="补休")
        tables.mark_years()
        # Another process: it was not told, and still holds what it read.
        tables._years.update(held)
        tables._version[:] = ["as it was"]
        with acting(ANYBODY):
            assert not calendar_for(TOWN).is_workday(date(2020, 2, 24))
            known = tables._years[2020]
            assert not calendar_for(OTHER).is_workday(date(2020, 2, 24)) and tables._years[2020] is known
    finally:
        tables.load_years([2020])
    with acting(ANYBODY):
        assert calendar_for(TOWN).is_workday(date(2020, 2, 24))


def test_the_application_cannot_change_the_national_table(places):
    with pytest.raises(ProgrammingError, match="permission denied"), acting(ANYBODY):
        CalendarDay.objects.filter(date=date(2020, 2, 3)).update(is_workday=False)
    with acting(ANYBODY):
        assert CalendarDay.objects.get(date=date(2020, 2, 3)).is_workday


@pytest.mark.parametrize("wrong", [{"to_date": date(2020, 2, 23)}, {"reason": ""}, {"document": ""}])
def test_a_decree_that_runs_backwards_or_gives_no_reason_is_refused(places, wrong):
    with pytest.raises(IntegrityError), acting(ANYBODY):
        decree(**wrong)
    with acting(ANYBODY):
        assert LocalDecree.objects.count() == 0
