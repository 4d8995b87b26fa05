"""Tests that money is whole, roundings are named, and shares lose nothing."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from qifu.kernel.values import Problem, divide, fen, in_wan, in_words, in_yuan, pct, read_yuan, share, yuan

AMOUNTS = some.integers(-(10**15), 10**15)
WEIGHTS = some.lists(some.integers(0, 10**9), min_size=1, max_size=40).filter(any)


@pytest.mark.parametrize("wrong", [1.0, 0.1, True, "5", Decimal(5), None])
def test_only_whole_numbers_are_fen(wrong):
    with pytest.raises(TypeError):
        fen(wrong)
    with pytest.raises(TypeError):
        pct(wrong, 2000, rounding="down")
    with pytest.raises(TypeError):
        share(100, [wrong, 1])


def test_yuan_refuses_floats_and_parts_of_a_fen():
    assert yuan(3) == 300
    assert yuan("1234.5") == 123_450
    assert yuan(Decimal("0.01")) == 1
    with pytest.raises(TypeError):
        yuan(0.1)
    with pytest.raises(ValueError, match="whole number of fen"):
        yuan("0.001")
    with pytest.raises(ValueError, match="whole number of fen"):
        yuan("NaN")


def test_every_division_names_its_rounding():
    with pytest.raises(TypeError):
        pct(100, 2000)
    with pytest.raises(ValueError, match="bankers"):
        divide(1, 2, rounding="bankers")


@given(amount=AMOUNTS, points=some.integers(0, 20_000))
def test_a_share_of_an_amount_agrees_with_decimal(amount, points):
    exact = Decimal(amount) * points / 10_000
    assert pct(amount, points, rounding="down") == int(exact.quantize(Decimal(1), ROUND_DOWN))
    assert pct(amount, points, rounding="half_up") == int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    assert pct(-amount, points, rounding="half_up") == -pct(amount, points, rounding="half_up")


def test_twenty_percent_of_three_fen():
    assert pct(fen(3), 2000, rounding="down") == 0
    assert pct(fen(3), 2000, rounding="half_up") == 1
    assert min(pct(yuan(3_000_000), 2000, rounding="down"), yuan(500_000)) == fen(50_000_000)


@given(total=AMOUNTS, weights=WEIGHTS)
def test_shares_add_up_and_each_is_within_a_fen_of_its_part(total, weights):
    parts = share(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(total * weight, sum(weights))) < 1
        assert weight or part == 0


def test_of_equal_remainders_the_first_gets_the_fen():
    assert share(100, [1, 1, 1]) == [34, 33, 33]
    assert share(-100, [1, 1, 1]) == [-34, -33, -33]
    assert share(2, [1, 1, 1, 1]) == [1, 1, 0, 0]


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [-1, 3]])
def test_weights_that_mean_nothing_are_refused(weights):
    with pytest.raises(ValueError, match="weights"):
        share(100, weights)


def test_amounts_are_written_as_people_write_them():
    assert in_yuan(123_450) == "1,234.50元"
    assert in_yuan(-5) == "-0.05元"
    assert in_yuan(50_000_000) == "500,000元"
    assert in_wan(50_000_000) == "50万元"
    assert in_wan(1_250_001) == "1.250001万元"
    assert in_wan(1_255_000, digits=1) == "1.3万元"
    assert in_wan(1_255_000, digits=1, rounding="down") == "1.2万元"
    assert in_wan(-4_900, digits=0) == "0万元"
    assert in_words(50_000_000) == "50万元"
    assert in_words(123_450) == "1,234.50元"
    assert in_words(1_234_567) == "12,345.67元"


@given(amount=AMOUNTS)
def test_what_is_written_reads_back(amount):
    assert read_yuan(in_yuan(amount)) == amount
    assert read_yuan(in_wan(amount)) == amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [("50万", 50_000_000), ("￥1,234.5", 123_450), ("３００元", 30_000), ("1.2亿元", 12_000_000_000), ("5千块", 500_000)],
)
def test_amounts_are_read_as_people_write_them(text, amount):
    assert read_yuan(text) == amount


@pytest.mark.parametrize(("text", "code"), [("", "empty"), ("约50万", "not_an_amount"), ("1.005", "too_fine"), ("1e5", "not_an_amount")])
def test_what_is_no_amount_says_so(text, code):
    answer = read_yuan(text)
    assert isinstance(answer, Problem)
    assert answer.code == code
