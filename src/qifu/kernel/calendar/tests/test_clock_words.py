"""Tests that there is one clock for the process, and that times read as people say them."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest

from qifu.kernel.calendar import clock, deadline, left, moment
from qifu.kernel.calendar.clock import ZONE, Fixed, Running, System


def shanghai(*parts):
    return datetime(*parts, tzinfo=ZONE)


START = shanghai(2020, 2, 17, 18)


def in_a_thread(ask):
    answers = []
    thread = threading.Thread(target=lambda: answers.append(ask()))
    thread.start()
    thread.join()
    return answers[0]


def test_a_replay_is_seen_by_every_thread_and_ends_with_its_block():
    before = clock.now()
    with clock.use(Fixed(START)) as hands:
        assert clock.now() == in_a_thread(clock.now) == START
        hands.advance(timedelta(days=1))
        assert clock.today() == in_a_thread(clock.today) == date(2020, 2, 18)
    assert before <= clock.now() < before + timedelta(minutes=5)
    assert isinstance(clock.current(), System)
    assert isinstance(in_a_thread(clock.current), System)


def test_a_clock_kept_to_its_context_is_not_seen_by_other_threads():
    with clock.use(Fixed(START)), clock.use(Fixed(shanghai(2021, 1, 1)), everywhere=False):
        assert clock.today() == date(2021, 1, 1)
        assert in_a_thread(clock.now) == START


def test_a_block_that_fails_gives_the_clock_back():
    with pytest.raises(RuntimeError), clock.use(Fixed(START)):
        raise RuntimeError
    assert isinstance(clock.current(), System)


def test_blocks_of_two_threads_may_end_in_another_order_than_they_began():
    entered, leave = threading.Event(), threading.Event()

    def second():
        with clock.use(Fixed(shanghai(2021, 1, 1))):
            entered.set()
            leave.wait(10)

    thread = threading.Thread(target=second)
    with clock.use(Fixed(START)):
        thread.start()
        assert entered.wait(10)
    assert clock.today() == date(2021, 1, 1)
    leave.set()
    thread.join()
    assert isinstance(clock.current(), System)


def test_a_running_clock_runs_forward_at_its_speed():
    running = Running(START, speed=100_000)
    one, two = running.now(), running.now()
    assert START <= one <= two < START + timedelta(days=30)
    with pytest.raises(ValueError, match="speed"):
        Running(START, speed=0)


def test_now_is_in_shanghai_whatever_zone_the_clock_speaks():
    with clock.use(Fixed(datetime(2020, 2, 17, 16, tzinfo=UTC))):
        assert clock.now().isoformat() == "2020-02-18T00:00:00+08:00"
        assert clock.today() == date(2020, 2, 18)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        Fixed(datetime(2020, 2, 17))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("minutes", "says"),
    [
        (200, "还剩3小时20分"),
        (-940, "逾期15小时40分"),
        (60, "还剩1小时"),
        (59, "还剩59分钟"),
        (0.5, "还剩不到1分钟"),
        (0, "刚到时限"),
        (-0.5, "刚到时限"),
        (2 * 1440 + 5 * 60 + 59, "还剩2天5小时"),
        (-1440, "逾期1天"),
    ],
)
def test_what_is_left_is_said_in_whole_minutes_never_too_many(minutes, says):
    assert left(START + timedelta(minutes=minutes), START) == says


def test_moments_are_said_as_people_say_them():
    today = date(2020, 2, 17)
    assert moment(START, today) == "今天18:00"
    assert moment(shanghai(2020, 2, 18, 9, 5), today) == "明天09:05"
    assert moment(shanghai(2020, 2, 16, 9), today) == "昨天09:00"
    assert moment(START, date(2020, 2, 10)) == "2月17日 周一 18:00"
    assert moment(START, date(2021, 2, 10)) == "2020年2月17日 周一 18:00"
    assert moment(shanghai(2020, 2, 25), date(2020, 2, 20)) == "2月25日 周二 00:00"


def test_a_deadline_at_midnight_is_the_end_of_the_day_before():
    assert deadline(shanghai(2020, 2, 25), date(2020, 2, 20)) == "2月24日 周一 24:00"
    assert deadline(shanghai(2020, 2, 18), date(2020, 2, 17)) == "今天24:00"
    assert deadline(START, date(2020, 2, 17)) == "今天18:00"
