"""Tests that phones, search pieces and sort keys are those that people expect."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from qifu.kernel.values import Problem, bigrams, check_phone, mask_id, mask_phone, query_bigrams, read_whole
from qifu.kernel.values.pinyin import SURNAMES, initials, person_initials, person_key, sort_key


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("13812346021", "13812346021"),
        ("+86 138-1234-6021", "13812346021"),
        ("86 13812346021", "13812346021"),
        ("００８６１３８１２３４６０２１", "13812346021"),
        ("0574-88888888", "057488888888"),
        ("（0574）8888 8888", "057488888888"),
        ("+86 574 88888888", "057488888888"),
        ("010-12345678", Problem),
        ("8888888", Problem),
        ("1381234602", Problem),
        ("12812346021", Problem),
        ("1.38E+10", Problem),
        ("13٨٠٠٠٠٠٠٠٠", Problem),
        ("无", Problem),
        ("", Problem),
    ],
)
def test_phones_become_bare_digits_or_a_reason(typed, number):
    answer = check_phone(typed)
    assert isinstance(answer, Problem) if number is Problem else answer == number


def test_masks_hide_the_middle():
    assert mask_phone("13812346021") == "138****6021"
    assert mask_phone("057488888888") == "0574****8888"
    assert mask_phone("12345") == "*****"
    assert mask_id("11010519491231002X") == "110105**********2X"
    assert mask_id("123") == "***"


@given(text=some.text("0123456789-+ ", max_size=30))
def test_a_mask_never_shows_more_than_eight_characters(text):
    assert len([ch for ch in mask_phone(text) if ch != "*"]) <= 8
    assert len([ch for ch in mask_id(text) if ch != "*"]) <= 8


def test_search_pieces_are_singles_and_pairs():
    assert bigrams("裘村镇") == sorted(["裘", "村", "镇", "裘村", "村镇"])
    assert bigrams(" ＡＢ-c ") == sorted(["a", "b", "c", "ab", "bc"])
    assert bigrams("。") == []


@given(text=some.text(max_size=30), start=some.integers(0, 29), length=some.integers(1, 10))
def test_every_part_of_a_text_finds_it(text, start, length):
    assert set(query_bigrams(text[start : start + length])) <= set(bigrams(text))


def test_surnames_sort_as_surnames_and_places_as_places():
    assert person_key("单雄信").startswith("shan xiong xin")
    assert person_key("曾国藩").startswith("zeng guo fan")
    assert person_key("尉迟恭").startswith("yu chi gong")
    assert person_initials("解缙") == "xj"
    assert sort_key("重庆路").startswith("chong qing lu")
    assert initials("裘村镇") == "qcz"
    assert sorted(["张三", "单四", "曾五", "阿六"], key=person_key) == ["阿六", "单四", "曾五", "张三"]


def test_every_override_is_needed():
    from pypinyin import lazy_pinyin

    assert [name for name, reading in SURNAMES.items() if lazy_pinyin(name) == [reading]] == []


def test_a_whole_number_is_read_from_plain_digits_alone():
    """Tests what Python calls digits and refuses as a number, and more nines than it reads."""
    assert [read_whole(text) for text in ("0", " 12 ", "000000007", "9" * 9)] == [0, 12, 7, 999999999]
    assert [read_whole(text) for text in ("", "²", "３", "-1", "1_0", "9" * 10, "9" * 5000)] == [None] * 7
