"""The rule of the days of testing, by itself."""

from datetime import date

import pytest

from qifu.areas.schools.rules import Rule, closes, faults, in_words, is_test_day, next_test_days

THREE = ("mon", "wed", "fri")


@pytest.mark.parametrize(("day", "is_one"), [(2, True), (3, False), (4, True), (5, False), (6, True), (7, False), (8, False)])
def test_a_week_of_may_has_three_days_of_testing(day, is_one):
    """Tests Monday, Wednesday and Friday of the week of 2 May 2022, a Monday."""
    assert is_test_day(date(2022, 5, day), THREE) is is_one


def test_the_next_days_begin_today():
    """Tests that today counts, that days run over the weekend and the month, and that no days are none."""
    assert next_test_days(date(2022, 5, 27), THREE) == [date(2022, 5, 27), date(2022, 5, 30), date(2022, 6, 1)]
    assert next_test_days(date(2022, 5, 28), ("sun",), count=2) == [date(2022, 5, 29), date(2022, 6, 5)]
    assert next_test_days(date(2022, 5, 28), ()) == []
    assert next_test_days(date(2022, 5, 28), ("someday",)) == []


def test_days_are_said_in_the_order_of_the_week():
    """Tests the words whatever the order of the file."""
    assert in_words(("fri", "mon", "wed")) == "周一、周三、周五"


def test_an_area_closes_by_the_effects_that_the_data_names():
    """Tests that what closes a school is data, and that an effect not named does not."""
    rule = Rule(closed_by={"gather": ("refuse",)})
    assert closes(rule, {"gather": "refuse", "resume": "allow"})
    assert not closes(rule, {"gather": "condition", "resume": "refuse"})
    assert not closes(Rule(), {"gather": "refuse"})


def test_a_wrong_file_says_each_fault():
    """Tests that days, checks and effects that nobody knows are named."""
    row = {"test_days": ["mon", "someday"], "checks": [{"code": "a"}], "closed_by": {"gather": "refuse"}}
    assert len(list(faults(row))) == 4
