"""Tests that credit codes and identity numbers are checked by their arithmetic, and refusals say what is wrong."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some
from stdnum.cn import uscc as stdnum_uscc

from qifu.kernel.values import IdentityNumber, Problem, Uscc, check_identity, check_uscc
from qifu.kernel.values.codes import identity_check_digit, uscc_check_digit

TODAY = date(2020, 2, 17)
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
GOOD = "91110000600037341L"
FIRST_17 = some.builds(
    lambda head, place, body: head + place + body,
    some.sampled_from(["91", "92", "93", "12", "51"]),
    some.text("0123456789", min_size=6, max_size=6),
    some.text(ALPHABET, min_size=9, max_size=9),
)


@given(first=FIRST_17)
def test_the_check_digit_is_that_of_another_implementation(first):
    assert uscc_check_digit(first) == stdnum_uscc.calc_check_digit(first)
    assert check_uscc(first + uscc_check_digit(first)) == first + uscc_check_digit(first)


@given(first=FIRST_17, place=some.integers(8, 16), other=some.sampled_from(ALPHABET))
def test_one_wrong_character_is_found(first, place, other):
    code = first + uscc_check_digit(first)
    if code[place] != other:
        assert isinstance(check_uscc(code[:place] + other + code[place + 1 :]), Problem)


@given(first=FIRST_17, place=some.integers(8, 16))
def test_two_neighbours_swapped_are_found(first, place):
    code = first + uscc_check_digit(first)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if swapped != code:
        assert isinstance(check_uscc(swapped), Problem)


@pytest.mark.parametrize(
    "typed",
    [
        GOOD,
        GOOD.lower(),
        " 9111 0000 6000 37341L ",
        "９１１１００００６０００３７３４１Ｌ",
        "91110000-600037341-L",
        "'91110000600037341L",
        "\ufeff91110000600037341L\u200b\n",
    ],
)
def test_width_case_blanks_and_dashes_are_put_right(typed):
    answer = check_uscc(typed)
    assert isinstance(answer, Uscc)
    assert answer == GOOD
    assert (answer.place, answer.organisation) == ("110000", "600037341")


@pytest.mark.parametrize(
    ("typed", "code", "says"),
    [
        ("", "empty", "还没有填统一社会信用代码。"),
        ("3.3E+17", "scientific", "表格软件把代码变成了3.3E+17，原来的数字已经丢失。把这一列设为“文本”格式后重新填写。"),
        ("9.13302e+17", "scientific", None),
        ("913302006000373000", "rounded", None),
        ("330200000012345", "old_number", None),
        ("60003734-1", "organisation_code", None),
        (GOOD[:-1], "length", "统一社会信用代码是18位，这里是17位，少了1位。"),
        (GOOD + "1", "length", "统一社会信用代码是18位，这里是19位，多了1位。"),
        ("9111OOOO600037341L", "lookalike", "第5位写的是O，代码里不用这个字母，多半是数字0。"),
        ("91110000企00037341L", "character", "第9位的“企”不会出现在代码里，代码只有数字和大写字母。"),
        ("91A10000600037341L", "place", None),
        ("911100006000373411", "check_digit", None),
    ],
)
def test_what_is_wrong_is_said_in_chinese(typed, code, says):
    answer = check_uscc(typed)
    assert isinstance(answer, Problem)
    assert answer.code == code
    assert says is None or answer.says == says
    assert answer.says.endswith("。")


def test_a_letter_written_for_a_digit_brings_what_was_meant():
    answer = check_uscc("9111OOOO6OOO37341L")
    assert isinstance(answer, Problem)
    assert answer.suggestion == GOOD


def number(born: str, place: str = "330213", serial: str = "001") -> str:
    first = place + born + serial
    return first + identity_check_digit(first)


def test_the_official_example_is_right():
    answer = check_identity("11010519491231002x", today=TODAY)
    assert isinstance(answer, IdentityNumber)
    assert answer.reveal() == "11010519491231002X"
    assert answer.born == date(1949, 12, 31)
    assert answer.female
    assert str(answer) == "110105**********2X"


def test_a_place_founded_after_the_tables_is_not_refused():
    answer = check_identity(number("20180101"), today=TODAY)
    assert isinstance(answer, IdentityNumber)


@given(
    born=some.dates(date(1900, 1, 1), TODAY),
    serial=some.integers(0, 999),
    place=some.integers(0, 16),
    digit=some.sampled_from("0123456789"),
)
def test_any_one_wrong_digit_is_found(born, serial, place, digit):
    good = number(f"{born:%Y%m%d}", serial=f"{serial:03d}")
    assert isinstance(check_identity(good, today=TODAY), IdentityNumber)
    if good[place] != digit:
        assert isinstance(check_identity(good[:place] + digit + good[place + 1 :], today=TODAY), Problem)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("330213490101001", "old_number"),
        ("3302131949010100", "length"),
        ("33021319490101OO1X", "character"),
        ("3.30213E+17", "scientific"),
        (number("20200230"), "birth_date"),
        (number("20200218"), "birth_date"),
        (number("17990101"), "birth_date"),
        ("110105194912310021", "check_digit"),
    ],
)
def test_a_wrong_number_says_why_and_does_not_repeat_it(typed, code):
    answer = check_identity(typed, today=TODAY)
    assert isinstance(answer, Problem)
    assert answer.code == code
    assert not typed or typed not in answer.says
