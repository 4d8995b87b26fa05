"""Tests that times, time left, masks and numbers are said as people need them."""

from datetime import datetime, timedelta

import pytest
from django.utils import translation

from qifu.kernel.calendar.clock import ZONE
from qifu.ui import words
from qifu.ui.templatetags.ui import sentences

NOW = datetime(2020, 2, 17, 15, 40, tzinfo=ZONE)
MIDNIGHT = datetime(2020, 2, 18, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("due", "tone", "said"),
    [
        (NOW - timedelta(hours=15, minutes=40), "late", "逾期 15小时40分"),
        (NOW - timedelta(days=3), "late", "逾期 3天"),
        (NOW, "late", "刚到时限"),
        (NOW + timedelta(seconds=20), "soon", "还剩 不到1分"),
        (NOW + timedelta(hours=2, minutes=20), "soon", "还剩 2小时20分"),
        (NOW + timedelta(hours=4, minutes=1), "", "还剩 4小时1分"),
        (MIDNIGHT, "", "还剩 8小时20分"),
        (MIDNIGHT + timedelta(hours=12), "", "明天 12:00"),
        (MIDNIGHT + timedelta(days=1), "", "明天 24:00"),
        (MIDNIGHT + timedelta(days=2), "", "2月19日 周三"),
    ],
)
def test_time_left_is_said_in_its_tone(due: datetime, tone: str, said: str) -> None:
    """Tests that red begins at the exclusive deadline, amber four hours before, and that further off only the day is said."""
    clock = words.say_left(due, at=NOW)
    assert (clock.tone, clock.word) == (tone, said)


def test_a_paused_clock_says_whom_it_waits_for() -> None:
    """Tests that a pause is never red, even past its deadline."""
    clock = words.say_left(NOW - timedelta(hours=1), at=NOW, waits_for="企业")
    assert (clock.tone, clock.word) == ("paused", "暂停 · 等企业")


def test_a_clock_that_was_met_says_so_and_by_how_much_it_was_missed() -> None:
    """Tests both ends of a stopped clock."""
    due = NOW - timedelta(hours=5)
    assert words.say_left(due, at=NOW, done_at=due - timedelta(minutes=1)).word == "已按时办"
    assert words.say_left(due, at=NOW, done_at=due + timedelta(hours=4)).word == "已办，晚了 4小时"


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (NOW.replace(hour=18, minute=0), "今天18:00前"),
        (MIDNIGHT, "今天24:00前"),
        (MIDNIGHT + timedelta(hours=12), "明天 周二 12:00前"),
        (MIDNIGHT + timedelta(days=7), "2月24日 周一 24:00前"),
        (datetime(2021, 1, 5, 9, tzinfo=ZONE), "2021年1月5日 09:00前"),
    ],
)
def test_midnight_belongs_to_the_day_before(due: datetime, said: str) -> None:
    """Tests that an exclusive deadline at 0:00 is 24:00 of the day that ends."""
    assert words.say_deadline(due, at=NOW) == said


def test_a_moment_of_another_zone_is_said_in_the_products_own() -> None:
    """Tests that UTC is never shown."""
    from datetime import UTC

    assert words.say_moment(datetime(2020, 2, 17, 7, 22, tzinfo=UTC), at=NOW) == "15:22"
    assert words.say_moment(datetime(2020, 2, 16, 7, 22, tzinfo=UTC), at=NOW, style="full") == "2月16日 周日 15:22"


def test_times_are_complete_in_english() -> None:
    """Tests that no Chinese is left in a clock read in English."""
    with translation.override("en"):
        assert words.say_left(NOW + timedelta(hours=2, minutes=20), at=NOW).word == "2 h 20 min left"
        assert words.say_moment(NOW, at=NOW, style="full") == "Mon 17 Feb 15:40"


@pytest.mark.parametrize(
    ("value", "kind", "said"),
    [
        ("13812346021", "", "138****6021"),
        ("330224197001011234", "id", "330224********34"),
        ("91330283MA2F12345X", "", "9133****345X"),
        ("周敏芝", "name", "周**"),
        ("123", "", "***"),
        ("", "", ""),
    ],
)
def test_masked_values_keep_only_their_ends(value: str, kind: str, said: str) -> None:
    """Tests that nothing short is shown whole."""
    assert words.mask(value, kind=kind) == said


def test_numbers_have_thousands_and_a_cap_and_unknown_is_not_zero() -> None:
    """Tests counts, money in fen, and the dash for what is not known."""
    assert words.say_number(61240) == "61,240"
    assert words.say_number(1204, cap=999) == "999+"
    assert words.say_number(None) == "—"
    assert (words.say_yuan(328640), words.say_yuan(4120000), words.say_yuan(-5)) == ("3,286.40", "41,200", "-0.05")


def test_sentences_stand_one_after_the_other() -> None:
    """Tests that Chinese sentences have no space between them, and that one without its stop does not run into the next."""
    said = ["企业马上收到复工通知书", "要附条件就写明到期日。", "没做到转人去看"]
    assert sentences(said) == "企业马上收到复工通知书；要附条件就写明到期日。没做到转人去看"
    with translation.override("en"):
        assert sentences(["The firm hears at once", "It starts tomorrow.", "The town sees it"]) == (
            "The firm hears at once; It starts tomorrow. The town sees it"
        )
    assert sentences(None) == ""
