"""What a rule decides: every operator at its boundary, unknown values, and what an answer carries."""

from datetime import date, timedelta

import pytest

from qifu.kernel.rules import BOOL, DATE, FEN, INSTANT, INT, RATE, TEXT, Parameter, WrongType, WrongValue, many, parse
from qifu.kernel.rules.closures import months
from qifu.kernel.rules.typed import rounded

from .dictionary import FACTS, local

ON = date(2020, 2, 11)


def value(text, returns=BOOL, on=ON, parameters=None, rounding=None, **facts):
    return parse(text, facts=FACTS, returns=returns, parameters=parameters, rounding=rounding).value(facts, on=on)


@pytest.mark.parametrize(
    ("op", "below", "same", "above"),
    [
        ("<", True, False, False),
        ("<=", True, True, False),
        (">", False, False, True),
        (">=", False, True, True),
        ("=", False, True, False),
        ("==", False, True, False),
        ("!=", True, False, True),
        ("≥", False, True, True),
        ("≤", True, True, False),
        ("≠", True, False, True),
        ("＞", False, False, True),
    ],
)
def test_each_comparison_at_one_step_around_its_boundary(op, below, same, above):
    """Tests that a comparison turns exactly at its constant: one fen, one person, one day, one microsecond."""
    micro = timedelta(microseconds=1)
    for text, name, constant, step in [
        (f"invest {op} 100万元", "invest", 100_000_000, 1),
        (f"headcount {op} 50", "headcount", 50, 1),
        (f"founded {op} 2020-02-10", "founded", date(2020, 2, 10), timedelta(days=1)),
        (f"planned_start {op} 2020-02-09T24:00", "planned_start", local(2020, 2, 10), micro),
    ]:
        rule = parse(text, facts=FACTS, returns=BOOL)
        found = [rule.value({name: v}, on=ON) for v in (constant - step, constant, constant + step)]
        assert found == [below, same, above]


def test_a_constant_may_stand_on_either_side():
    """Tests that 100万元 <= invest reads as invest >= 100万元."""
    assert value("100万元 <= invest", invest=100_000_000) is True
    assert value("100万元 < invest", invest=100_000_000) is False
    assert value("'above' = size", size="above") is True


@pytest.mark.parametrize(("n", "inside"), [(4, False), (5, True), (6, True), (299, True), (300, True), (301, False)])
def test_between_includes_both_ends(n, inside):
    """Tests both ends of between, and its negation."""
    assert value("headcount between 5 and 300", headcount=n) is inside
    assert value("headcount not between 5 and 300", headcount=n) is not inside


def test_between_may_be_one_value():
    """Tests that both ends may be the same."""
    assert value("headcount between 5 and 5", headcount=5) is True
    assert value("headcount between 5 and 5", headcount=6) is False


def test_in_compares_whole_values():
    """Tests in and not in for choices, texts, numbers, amounts and days."""
    assert value("size in ['above', 'limit_above']", size="limit_above") is True
    assert value("size in ['above', 'limit_above']", size="small") is False
    assert value("size not in ['above']", size="small") is True
    assert value("industry in ['C', 'D']", industry="C38") is False
    assert value("headcount in [1, 2]", headcount=2) is True
    assert value("change in [-1, 2]", change=-1) is True
    assert value("invest in [1元]", invest=100) is True
    assert value("founded in [2020-02-10]", founded=date(2020, 2, 10)) is True


def test_prefix_looks_at_the_start_only():
    """Tests one prefix, several, and that the end of a text does not count."""
    assert value("prefix(industry, 'C')", industry="C38") is True
    assert value("prefix(industry, 'C')", industry="C") is True
    assert value("prefix(industry, 'C38')", industry="C3") is False
    assert value("prefix(industry, 'C')", industry="BC") is False
    assert value("prefix(industry, 'C')", industry="") is False
    assert value("prefix(industry, ['H61', 'R'])", industry="R90") is True
    assert value("prefix(industry, ['H61', 'R'])", industry="H62") is False


def test_text_compares_by_letter():
    """Tests that texts are equal or not, without case or width folding."""
    assert value("industry = 'C'", industry="C") is True
    assert value("industry = 'C'", industry="c") is False
    assert value("industry != “C，（”", industry="C，（") is False


def test_arithmetic_is_exact_and_binds_as_in_school():
    """Tests +, -, *, unary minus and brackets."""
    assert value("1 + 2 * 3", INT) == 7
    assert value("(1 + 2) * 3", INT) == 9
    assert value("10 - 2 - 3", INT) == 5
    assert value("-2 * 3", INT) == -6
    assert value("2 * -3", INT) == -6
    assert value("--2", INT) == 2
    assert value("invest - 2 * 50万元", FEN, invest=100_000_001) == 1
    assert value("headcount * 500元", FEN, headcount=3) == 150_000
    assert value("500元 * headcount", FEN, headcount=3) == 150_000
    assert value("－2＋3＊2", INT) == 4


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1分", 1),
        ("3角", 30),
        ("0.5元", 50),
        ("1元", 100),
        ("2百元", 20_000),
        ("2千元", 200_000),
        ("50万元", 50_000_000),
        ("1.5万元", 1_500_000),
        ("0.000001万元", 1),
        ("1亿元", 10_000_000_000),
        ("7yuan", 700),
        ("7fen", 7),
    ],
)
def test_money_is_read_in_fen(text, fen):
    """Tests every unit of money."""
    assert value(text, FEN) == fen


def test_counts_and_rates_are_read_whole():
    """Tests 万, 亿 and percent, which is basis points."""
    assert value("50万", INT) == 500_000
    assert value("1.5亿", INT) == 150_000_000
    assert value("20%", RATE) == 2000
    assert value("2.5％", RATE) == 250
    assert value("0.01%", RATE) == 1


def test_instants_are_local_unless_a_zone_is_written():
    """Tests 24:00, a blank for T, seconds, Z and an offset."""
    assert value("2020-02-09T24:00", INSTANT) == local(2020, 2, 10)
    assert value("2020-02-10 08:30", INSTANT) == local(2020, 2, 10, 8, 30)
    assert value("2020-02-10T08:30:05", INSTANT) == local(2020, 2, 10, 8, 30, 5)
    assert value("2020-02-10T00:30Z", INSTANT) == local(2020, 2, 10, 8, 30)
    assert value("2020-02-10T09:30+09:00", INSTANT) == local(2020, 2, 10, 8, 30)
    assert value("2020-02-29", DATE) == date(2020, 2, 29)


@pytest.mark.parametrize(
    ("base", "rate", "down", "up", "half_up"),
    [
        (0, 2000, 0, 0, 0),
        (1, 2000, 0, 1, 0),
        (2, 2500, 0, 1, 1),
        (3, 5000, 1, 2, 2),
        (4, 2500, 1, 1, 1),
        (5, 2500, 1, 2, 1),
        (10_000, 1, 1, 1, 1),
        (9_999, 1, 0, 1, 1),
        (4_999, 1, 0, 1, 0),
        (5_000, 1, 0, 1, 1),
        (7, 10_000, 7, 7, 7),
        (7, 20_000, 14, 14, 14),
        (7, 0, 0, 0, 0),
    ],
)
def test_each_rounding_is_exact(base, rate, down, up, half_up):
    """Tests down, up and half up at and around the half."""
    assert [rounded(base, rate, how) for how in ("down", "up", "half_up")] == [down, up, half_up]
    for how, expected in (("down", down), ("up", up), ("half_up", half_up)):
        assert value(f"pct(invest, {rate}, {how})", FEN, invest=base) == expected


def test_the_rounding_may_come_from_the_document():
    """Tests that a pct without rounding takes the document's, and its own goes first."""
    assert value("pct(invest, 20%)", FEN, rounding="up", invest=1) == 1
    assert value("pct(invest, 20%, down)", FEN, rounding="up", invest=1) == 0
    assert value("pct(headcount, 50%, down)", INT, headcount=5) == 2


def test_the_nineteen_items_cap():
    """Tests DOMAIN SYS-72: at most a fifth of the investment, at most 500,000 yuan, to the fen."""
    text = "min(pct(invest, 20%, down), 50万元)"
    for invest, expected in [(249_999_999, 49_999_999), (250_000_000, 50_000_000), (250_000_005, 50_000_000)]:
        assert value(text, FEN, invest=invest) == expected


def test_min_and_max_take_the_right_end():
    """Tests two and three parts."""
    assert value("min(3, 1, 2)", INT) == 1
    assert value("max(1, 3, 2)", INT) == 3
    assert value("max(change, 0)", INT, change=-3) == 0


@pytest.mark.parametrize(
    ("invest", "fen"),
    [(0, 0), (99_999_999, 0), (100_000_000, 1_000_000), (499_999_999, 1_000_000), (500_000_000, 5_000_000)],
)
def test_a_tier_is_for_the_whole_amount_from_its_start(invest, fen):
    """Tests each start one fen below and at it."""
    assert value("tier(invest, [0: 0元, 100万元: 1万元, 500万元: 5万元])", FEN, invest=invest) == fen


def test_a_tier_may_start_below_zero_and_give_a_rate():
    """Tests a negative start, and a tier inside pct."""
    assert value("tier(change, [-6: 1, 0: 2])", INT, change=-1) == 1
    assert value("pct(invest, tier(invest, [0: 10%, 1元: 20%]), down)", FEN, invest=100) == 20
    assert value("pct(invest, tier(invest, [0: 10%, 1元: 20%]), down)", FEN, invest=90) == 9


@pytest.mark.parametrize(
    ("start", "end", "n"),
    [
        (date(2020, 1, 10), date(2020, 2, 9), 0),
        (date(2020, 1, 10), date(2020, 2, 10), 1),
        (date(2020, 1, 10), date(2020, 2, 11), 1),
        (date(2020, 1, 31), date(2020, 2, 28), 0),
        (date(2020, 1, 31), date(2020, 2, 29), 1),
        (date(2020, 2, 29), date(2021, 2, 28), 12),
        (date(2020, 2, 28), date(2021, 2, 27), 11),
        (date(2020, 2, 10), date(2020, 2, 10), 0),
        (date(2020, 2, 11), date(2020, 2, 10), -1),
        (date(2019, 12, 31), date(2020, 1, 30), 0),
    ],
)
def test_months_are_whole_and_the_last_day_stands_in(start, end, n):
    """Tests Civil Code 202 at month ends and leap years."""
    assert months(start, end) == n
    assert value("months_since(founded)", INT, on=end, founded=start) == n


KLEENE = [True, False, None]


@pytest.mark.parametrize("a", KLEENE)
@pytest.mark.parametrize("b", KLEENE)
def test_unknown_in_and_or_not(a, b):
    """Tests the nine cells of and and or, and the three of not."""
    order = {False: 0, None: 1, True: 2}
    assert value("whitelist and promised", whitelist=a, promised=b) is min(a, b, key=order.get)
    assert value("whitelist or promised", whitelist=a, promised=b) is max(a, b, key=order.get)
    assert value("not whitelist", whitelist=a) is (None if a is None else not a)


@pytest.mark.parametrize(
    "text",
    [
        "invest >= 1元",
        "1元 <= invest",
        "invest = loans",
        "invest != loans",
        "size in ['above']",
        "size not in ['above']",
        "prefix(industry, 'C')",
        "headcount between 1 and 2",
        "not whitelist",
        "whitelist = true",
        "site_zone = old_zone",
        "months_since(founded) >= 0",
        "-change < 9",
        "change + 1 < 9",
        "1 + change < 9",
        "0 * change = 0",
        "min(change, 1) < 9",
        "max(9, change) > 1",
        "pct(invest, 20%, down) >= 0元",
        "tier(invest, [0: 1]) = 1",
    ],
)
def test_whatever_asks_an_unknown_fact_is_unknown(text):
    """Tests that no operator turns unknown into an answer, also where any value would do."""
    assert value(text) is None


def test_between_with_an_unknown_end_is_decided_by_the_other():
    """Tests that between is two comparisons joined by and."""
    assert value("invest between loans and 2元", invest=300) is False
    assert value("invest between loans and 2元", invest=200) is None
    assert value("invest between 2元 and loans", invest=199) is False


def test_a_verdict_splits_at_and_and_carries_each_answer():
    """Tests the ids, outcomes, values, what is required and what is missing."""
    rule = parse("size = 'above' and (invest >= 100万元 and not whitelist)", facts=FACTS, returns=BOOL)
    verdict = rule.decide({"size": "above", "invest": 86_000_000}, on=ON)
    assert verdict.outcome is False
    assert [(c.id, c.outcome, c.value, c.required, c.gap) for c in verdict.conditions] == [
        ("c1", True, "above", "above", None),
        ("c2", False, 86_000_000, 100_000_000, 14_000_000),
        ("c3", None, None, False, None),
    ]
    assert (verdict.failed, verdict.held) == (("c2",), ("c3",))
    assert rule.asks == ("size", "invest", "whitelist")
    assert [f.name for f in verdict.conditions[2].unknown] == ["whitelist"]


def test_a_verdict_is_unknown_only_when_nothing_failed():
    """Tests true, unknown and false of the whole."""
    rule = parse("whitelist and promised", facts=FACTS, returns=BOOL)
    assert rule.decide({"whitelist": True, "promised": True}, on=ON).outcome is True
    assert rule.decide({"whitelist": True}, on=ON).outcome is None
    assert rule.decide({"whitelist": False}, on=ON).outcome is False


@pytest.mark.parametrize(
    ("text", "facts", "gap"),
    [
        ("invest >= 100元", {"invest": 9_999}, 1),
        ("invest > 100元", {"invest": 10_000}, 1),
        ("invest <= 100元", {"invest": 10_001}, 1),
        ("invest < 100元", {"invest": 10_000}, 1),
        ("invest = 100元", {"invest": 9_000}, 1_000),
        ("invest = 100元", {"invest": 11_000}, 1_000),
        ("invest != 100元", {"invest": 10_000}, None),
        ("not (invest < 100元)", {"invest": 9_000}, 1_000),
        ("100元 <= invest", {"invest": 9_000}, 1_000),
        ("headcount between 5 and 9", {"headcount": 3}, 2),
        ("headcount between 5 and 9", {"headcount": 12}, 3),
        ("headcount not between 5 and 9", {"headcount": 6}, None),
        ("founded <= 2020-02-10", {"founded": date(2020, 2, 12)}, timedelta(days=2)),
        ("founded > 2020-02-10", {"founded": date(2020, 2, 10)}, timedelta(days=1)),
        ("planned_start >= 2020-02-10T00:00", {"planned_start": local(2020, 2, 8, 8)}, timedelta(hours=40)),
        ("size = 'above'", {"size": "small"}, None),
        ("invest <= 3 * loans", {"invest": 10_000, "loans": 3_000}, 1_000),
        ("whitelist = true", {"whitelist": False}, None),
    ],
)
def test_the_gap_is_what_is_missing(text, facts, gap):
    """Tests the missing amount of each comparison, and none where it cannot be counted."""
    facts_open = {**FACTS}
    facts_open["loans"] = FACTS["loans"].__class__("loans", FEN, "贷款余额", max=10**12)
    answer = parse(text, facts=facts_open, returns=BOOL).decide(facts, on=ON).conditions[0]
    assert answer.outcome is False
    assert answer.gap == gap


def test_nothing_is_missing_where_a_condition_holds():
    """Tests that a satisfied or unknown condition has no gap."""
    rule = parse("invest >= 100元", facts=FACTS, returns=BOOL)
    assert rule.decide({"invest": 20_000}, on=ON).conditions[0].gap is None
    assert rule.decide({}, on=ON).conditions[0].gap is None


def test_an_or_keeps_the_answers_inside():
    """Tests the parts of an or, and of a denied and."""
    for text in ("whitelist or invest >= 100元", "not (not whitelist and invest < 100元)"):
        answer = parse(text, facts=FACTS, returns=BOOL).decide({"whitelist": False, "invest": 1}, on=ON).conditions[0]
        assert [(p.outcome, p.gap) for p in answer.parts] == [(False, None), (False, 9_999)]


def test_only_what_keeps_an_answer_open_is_asked_for():
    """Tests that unknown facts in a settled part are left out."""
    text = "(whitelist and invest >= 1元) or (promised and headcount >= 1)"
    answer = parse(text, facts=FACTS, returns=BOOL).decide({"whitelist": False, "promised": True}, on=ON).conditions[0]
    assert [f.name for f in answer.unknown] == ["headcount"]


def test_parameters_stand_for_values_and_lists():
    """Tests a scalar, a list of texts for prefix and in, and codes for a choice."""
    given = {
        "least": Parameter(FEN, 100),
        "trades": Parameter(many(TEXT), ("H61", "R")),
        "sizes": Parameter(many(TEXT), ("above",)),
        "none": Parameter(many(INT), ()),
    }
    text = "invest >= least and prefix(industry, trades) and size in sizes and headcount not in none"
    assert value(text, parameters=given, invest=100, industry="R9", size="above", headcount=1) is True
    assert value(text, parameters=given, invest=99, industry="R9", size="above", headcount=1) is False
    assert value("industry in trades", parameters={"trades": given["trades"]}, industry="R9") is False


def test_facts_that_a_rule_does_not_ask_for_are_left_unread():
    """Tests that other facts, even wrong ones, do not disturb a rule."""
    assert value("whitelist", whitelist=True, invest=0.5, nonsense=object()) is True


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("invest >= 1元", {"invest": 1.0}),
        ("invest >= 1元", {"invest": True}),
        ("invest >= 1元", {"invest": "100"}),
        ("invest >= 1元", {"invest": -1}),
        ("invest >= 1元", {"invest": 10**14 + 1}),
        ("change >= 1", {"change": 7}),
        ("whitelist", {"whitelist": 1}),
        ("size = 'above'", {"size": "huge"}),
        ("industry = 'C'", {"industry": 3}),
        ("founded >= 2020-02-10", {"founded": local(2020, 2, 10)}),
        ("founded >= 2020-02-10", {"founded": "2020-02-10"}),
        ("planned_start >= 2020-02-10T00:00", {"planned_start": date(2020, 2, 10)}),
        ("planned_start >= 2020-02-10T00:00", {"planned_start": local(2020, 2, 10).replace(tzinfo=None)}),
    ],
)
def test_a_value_of_another_type_or_range_is_refused(text, facts):
    """Tests that no value is bent to fit: float, bool for int, day for instant, naive, out of range."""
    with pytest.raises(WrongValue) as refused:
        value(text, **facts)
    (given,) = facts.values()
    assert refused.value.says
    assert isinstance(given, bool | int) or str(given) not in refused.value.says


def test_the_ends_of_a_range_are_inside():
    """Tests the declared minimum and maximum themselves."""
    assert value("change >= -6", change=-6) is True
    assert value("change <= 6", change=6) is True
    assert value("invest >= 0元", invest=0) is True


def test_a_day_is_not_an_instant():
    """Tests that `on` must be a plain local date, and that a value rule gives no verdict."""
    rule = parse("whitelist", facts=FACTS, returns=BOOL)
    for on in (local(2020, 2, 10), "2020-02-10"):
        with pytest.raises(WrongValue):
            rule.decide({}, on=on)
        with pytest.raises(WrongValue):
            rule.value({}, on=on)
    with pytest.raises(WrongType):
        parse("invest", facts=FACTS, returns=FEN).decide({}, on=ON)


def test_checked_values_are_read_once():
    """Tests that a dictionary's own checked values pass through, and another's are checked again."""
    checked = FACTS.checked({"invest": 100})
    assert FACTS.checked(checked) is checked
    assert parse("invest >= 1元", facts=FACTS, returns=BOOL).value(checked, on=ON) is True
    with pytest.raises(WrongValue):
        FACTS.checked({"invset": 100})
