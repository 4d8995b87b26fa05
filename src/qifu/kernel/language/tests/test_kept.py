"""Texts that stand in rows and packs in Chinese, and what a reader of English is told."""

from datetime import date, datetime

import pytest
from django.utils import translation

from qifu.kernel.calendar import Allow
from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.calendar.tests.test_days import calendar as calendar_of
from qifu.kernel.language import plain, retold, said


def test_a_kept_sentence_is_the_same_in_chinese_and_said_in_english() -> None:
    """Tests that what a clock wrote down is found by its pattern, with the values it was written with."""
    kept = plain(said("等待期间顺延{n}个工作日", n=3))
    with translation.override("zh-hans"):
        assert str(retold(kept)) == kept
    with translation.override("en"):
        assert str(retold(kept)) == "put off by 3 working days of waiting"
        assert retold(kept) == kept, "as a value it stays what the record says"


def test_every_why_of_a_deadline_has_its_english() -> None:
    """Tests that over a whole year no reason that the calendar gives is left in Chinese but for the names of decrees."""
    calendar = calendar_of()
    reasons = {
        reason
        for start in range(1, 360, 5)
        for days in (1, 3, 15)
        for reason in calendar.due(
            datetime.fromordinal(date(2020, 1, 1).toordinal() + start).replace(tzinfo=ZONE), Allow(days=days)
        ).because
    }
    with translation.override("en"):
        told = [str(retold(plain(reason))) for reason in reasons]
    assert len(told) > 20
    assert [one for one in told if any("\u4e00" <= sign <= "\u9fff" for sign in one.replace("国庆节、中秋节", ""))] == []


@pytest.mark.parametrize("word", ["王小明", "张三到李四", "测温没有人管", "本人10日到", "{x}复工", ""])
def test_what_a_person_wrote_stays_as_it_is_written(word: str) -> None:
    """Tests that a name or a remark that resembles a sentence is never put into other words."""
    with translation.override("en"):
        assert str(retold(word)) == word
