"""What does not load, which word is at fault, and what the person is told."""

import time
from datetime import date

import pytest

from qifu.kernel.rules import (
    BOOL,
    FEN,
    INT,
    TEXT,
    Fact,
    FloatRefused,
    ForbiddenFact,
    Gap,
    NotUnderstood,
    Overflow,
    Overlap,
    Parameter,
    RuleRefused,
    TooLong,
    Type,
    UnknownFact,
    Unused,
    WrongType,
    enum,
    many,
    parse,
)

from .dictionary import FACTS

_DAY = date(2020, 2, 11)


def refusal(text, returns=BOOL, **options):
    with pytest.raises(RuleRefused) as caught:
        parse(text, facts=options.pop("facts", FACTS), returns=returns, **options)
    return caught.value


@pytest.mark.parametrize(
    ("text", "kind", "word", "place"),
    [
        ("", NotUnderstood, "", (1, 1)),
        ("  \n ", NotUnderstood, "", (2, 2)),
        ("whitelist and", NotUnderstood, "", (1, 14)),
        ("whitelist whitelist", NotUnderstood, "whitelist", (1, 11)),
        ("whitelist\nand\n  sise = 'above'", UnknownFact, "sise", (3, 3)),
        ("(whitelist", NotUnderstood, "", (1, 11)),
        ("whitelist)", NotUnderstood, ")", (1, 10)),
        ("invest > = 1元", NotUnderstood, "=", (1, 10)),
        ("1 < change < 3", NotUnderstood, "<", (1, 12)),
        ("size = 'above", NotUnderstood, "'", (1, 8)),
        ("size = 'above\n'", NotUnderstood, "'", (1, 8)),
        ("size.code = 1", NotUnderstood, ".", (1, 5)),
        ("whitelist && promised", NotUnderstood, "&&", (1, 11)),
        ("whitelist 且 promised", NotUnderstood, "且", (1, 11)),
        ("whitelist AND promised", NotUnderstood, "AND", (1, 11)),
        ("whitelist @ promised", NotUnderstood, "@", (1, 11)),
        ("open('x')", NotUnderstood, "open", (1, 1)),
        ("__import__('os')", NotUnderstood, "__import__", (1, 1)),
        ("not", NotUnderstood, "", (1, 4)),
        ("and", NotUnderstood, "and", (1, 1)),
        ("size in []", NotUnderstood, "]", (1, 10)),
        ("size in [size]", WrongType, "size", (1, 10)),
        ("size in 'above'", NotUnderstood, "'above'", (1, 9)),
        ("founded = 2020-2-10", NotUnderstood, "2020-2-10", (1, 11)),
        ("founded = 2020-02-30", NotUnderstood, "2020-02-30", (1, 11)),
        ("planned_start = 2020-02-10T24:01", NotUnderstood, "2020-02-10T24:01", (1, 17)),
        ("planned_start = 2020-02-10T25:00", NotUnderstood, "2020-02-10T25:00", (1, 17)),
        ("change = 5x", NotUnderstood, "5x", (1, 10)),
        ("change = 5万公里", NotUnderstood, "5万公里", (1, 10)),
        ("change = 0.5", FloatRefused, "0.5", (1, 10)),
        ("change = .5", FloatRefused, ".5", (1, 10)),
        ("change = 5.", FloatRefused, "5.", (1, 10)),
        ("change = 1e3", FloatRefused, "1e3", (1, 10)),
        ("change = 1.0", FloatRefused, "1.0", (1, 10)),
        ("invest = 1.234元", FloatRefused, "1.234元", (1, 10)),
        ("invest = 0.5分", FloatRefused, "0.5分", (1, 10)),
        ("change = 1.23456万", FloatRefused, "1.23456万", (1, 10)),
        ("pct(invest, 0.001%, down) = 0元", FloatRefused, "0.001%", (1, 13)),
        ("pct(invest, 20%, nearest) = 0元", NotUnderstood, "nearest", (1, 18)),
        ("pct(invest, 20%) = 0元", WrongType, "pct", (1, 1)),
        ("pct(20%, invest, down) = 0元", WrongType, "pct", (1, 1)),
        ("pct(change, 20%, down) = 0", WrongType, "pct", (1, 1)),
        ("pct(invest, change, down) = 0元", WrongType, "pct", (1, 1)),
        ("pct(size, 20%, down) = 0元", WrongType, "size", (1, 5)),
        ("min(change) = 1", NotUnderstood, ")", (1, 11)),
        ("min(change, invest) = 1", WrongType, "invest", (1, 13)),
        ("size > 'above'", WrongType, ">", (1, 6)),
        ("industry < 'C'", WrongType, "<", (1, 10)),
        ("whitelist >= true", WrongType, ">=", (1, 11)),
        ("invest >= 100", WrongType, ">=", (1, 8)),
        ("founded >= 2020-02-10T00:00", WrongType, ">=", (1, 9)),
        ("planned_start >= 2020-02-10", WrongType, ">=", (1, 15)),
        ("size = site_zone", WrongType, "=", (1, 6)),
        ("size = industry", WrongType, "=", (1, 6)),
        ("size = 'abov'", WrongType, "'abov'", (1, 8)),
        ("size = above", UnknownFact, "above", (1, 8)),
        ("size in ['above', 1]", WrongType, "1", (1, 19)),
        ("size in ['above', 'above']", Overlap, "'above'", (1, 19)),
        ("change in [1, 2, 1]", Overlap, "1", (1, 18)),
        ("whitelist in [true]", WrongType, "in", (1, 11)),
        ("invest in [1, 2]", WrongType, "in", (1, 8)),
        ("prefix(change, 'C')", WrongType, "change", (1, 8)),
        ("prefix(size, 'a')", WrongType, "size", (1, 8)),
        ("prefix(industry, '')", WrongType, "''", (1, 18)),
        ("prefix(industry, industry)", WrongType, "industry", (1, 18)),
        ("months_since(planned_start) > 1", WrongType, "planned_start", (1, 14)),
        ("change and whitelist", WrongType, "change", (1, 1)),
        ("not change", WrongType, "change", (1, 5)),
        ("change + invest > 1", WrongType, "+", (1, 8)),
        ("whitelist + 1 > 1", WrongType, "whitelist", (1, 1)),
        ("invest * invest > 1元", WrongType, "*", (1, 8)),
        ("invest * 20% > 1元", WrongType, "*", (1, 8)),
        ("change", WrongType, "change", (1, 1)),
        ("headcount between 9 and 5", Gap, "between", (1, 11)),
        ("size between 'above' and 'small'", WrongType, "between", (1, 6)),
        ("headcount between 1 and 1元", WrongType, "between", (1, 11)),
        ("tier(invest, [0: 1, 5元: 2, 5元: 3]) = 1", Overlap, "5元", (1, 28)),
        ("tier(invest, [0: 1, 5元: 2, 4元: 3]) = 1", Overlap, "4元", (1, 28)),
        ("tier(invest, [0: 1, 0: 2]) = 1", Overlap, "0", (1, 21)),
        ("tier(invest, [0: 1, 1元: 2, 2元: 3, 1元: 4]) = 1", Overlap, "1元", (1, 35)),
        ("pct(invest, invest, down) = 0元", WrongType, "pct", (1, 1)),
        ("pct(20%, 20%, down) = 0%", WrongType, "pct", (1, 1)),
        ("tier(invest, [1分: 1]) = 1", Gap, "1分", (1, 15)),
        ("tier(invest, [0: 1, 5: 2]) = 1", WrongType, "5", (1, 21)),
        ("tier(invest, [0: 1元, 5元: 2]) > 1元", WrongType, "2", (1, 26)),
        ("tier(invest, [0: size]) = 1", WrongType, "size", (1, 18)),
        ("tier(invest, [0: 'a']) = 1", WrongType, "'a'", (1, 18)),
        ("tier(size, [0: 1]) = 1", WrongType, "size", (1, 6)),
        ("invest + loans > 1元", Overflow, "+", (1, 8)),
        ("loans * 2 > 1元", Overflow, "*", (1, 7)),
        ("pct(loans, 10001, down) > 1元", Overflow, "pct", (1, 1)),
        ("change = 9223372036854775808", Overflow, "9223372036854775808", (1, 10)),
        ("native_place = 'x'", ForbiddenFact, "native_place", (1, 1)),
        ("whitelist and 籍贯 = '某省'", ForbiddenFact, "籍贯", (1, 15)),
        ("past_infection", ForbiddenFact, "past_infection", (1, 1)),
    ],
)
def test_each_refusal_points_at_the_word(text, kind, word, place):
    """Tests the kind of refusal, the word, its line and column, and a sentence in both languages."""
    refused = refusal(text)
    assert type(refused) is kind
    assert (refused.word, (refused.line, refused.column)) == (word, place)
    assert refused.says.endswith("。")
    assert refused.en.endswith(".")
    assert f"第{place[0]}行第{place[1]}个字" in str(refused)


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("sise = 'above'", "是否指 size（企业规模）？"),
        ("size = above", "选项要加引号，写成 'above'。"),
        ("size = 'abov'", "是否指 'above'（规模以上）？"),
        ("size = 'zzz'", "可选：above、limit_above、small。"),
        ("invest >= 100", "金额要带单位，例如 100元、50万元。"),
        ("planned_start >= 2020-02-10", "和时刻比较要写出时间，例如 2020-02-10T00:00。"),
        ("whitelist || promised", "改写成 or。"),
        ("whitelist OR promised", "改写成 or。"),
        ("whitelist 且已签 promised", "改写成 and。"),
        ("whitelist 甲乙 promised", "事实用登记的英文名称，文字加引号。"),
        ("whitelist @ promised", ""),
        ("size = '甲乙", ""),
        ("change = 0.5", "金额写成 0.5元，比例写成 20% 或基点 2000。"),
        ("invest + loans > 1元", "给“贷款余额”（loans）登记上限。"),
        ("size = site_zone", "两个选项表不同。"),
        ("size = industry", ""),
        ("pct(20%, 20%, down) = 0%", "例如 pct(invest, 20%, down)。"),
        ("pct(change, 20%, down) = 0", "写成 pct(max(数, 0), 比例, down)。"),
        ("1 < change < 3", "写成 x between a and b，或用 and 分成两条。"),
        ("qqqq", "先在事实登记表里登记它，或换一个已登记的名称。"),
    ],
)
def test_a_refusal_says_what_to_write_instead(text, fix):
    """Tests the nearest remedy."""
    assert refusal(text).fix == fix


def test_an_unused_parameter_is_refused_and_a_used_one_is_not():
    """Tests that nothing is declared in vain, and that a near name leads to it."""
    cap = {"cap": Parameter(FEN, 100)}
    assert isinstance(refusal("whitelist", parameters=cap), Unused)
    assert refusal("invest < cpa", parameters=cap).fix == "是否指 cap？"
    assert parse("invest < cap", facts=FACTS, returns=BOOL, parameters=cap).value({"invest": 99}, on=_DAY) is True


def test_a_missing_lowest_tier_names_where_it_begins():
    """Tests that the sentence about a gap says the lowest value, as money or as a number."""
    assert refusal("tier(invest, [1分: 1]) = 1").says == "第一档从“1分”起，0元起的没有档。"
    assert refusal("tier(change, [0: 1]) = 1").says == "第一档从“0”起，-6起的没有档。"


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (FEN, 0.5),
        (FEN, True),
        (INT, 2**63),
        (INT, None),
        (TEXT, 3),
        (BOOL, 1),
        (many(TEXT), ["a"]),
        (many(TEXT), "abc"),
        (many(TEXT), ("a", 1)),
        (many(INT), (1, 0.5)),
        (enum("a"), "b"),
    ],
)
def test_a_parameter_holds_what_it_says(kind, given):
    """Tests that no float, wrong type or wrong code comes in as a parameter."""
    assert isinstance(refusal("whitelist", parameters={"cap": Parameter(kind, given)}), WrongType)


def test_a_refusal_can_be_printed_whole():
    """Tests the line that a log or a command shows: place, sentence, remedy."""
    assert str(refusal("sise = 'above'")) == "第1行第1个字：没有名为“sise”的事实。 是否指 size（企业规模）？"
    assert str(refusal("whitelist", INT)) == "第1行第1个字：这条规则得出的是“是或否”，应得出“整数”。"


def test_a_list_is_not_a_value():
    """Tests that a list parameter is compared by in only, and a scalar is no list."""
    trades = {"trades": Parameter(many(TEXT), ("C",))}
    assert isinstance(refusal("industry = trades", parameters=trades), WrongType)
    assert isinstance(refusal("industry in one", parameters={"one": Parameter(TEXT, "C")}), WrongType)
    wrong = {"sizes": Parameter(many(TEXT), ("above", "huge"))}
    assert "huge" in refusal("size in sizes", parameters=wrong).says


def test_a_rule_gives_what_it_is_asked_for():
    """Tests that the type of the whole is proved."""
    assert isinstance(refusal("invest", INT), WrongType)
    assert isinstance(refusal("invest >= 1元", FEN), WrongType)
    assert parse("invest", facts=FACTS, returns=FEN).returns == FEN


def test_a_hundred_thousand_characters_are_refused_at_once():
    """Tests that a huge text costs nothing: by length, by nesting, by parts, by digits. By the processor: another may have the wall."""
    texts = [
        "x" * 100_000,
        "(" * 100_000,
        "not " * 25_000,
        "9" * 100_000,
        "(" * 2_000 + "whitelist" + ")" * 1_900,
        "not " * 900 + "whitelist",
        "-" * 3_900 + "1",
        "1" + "+1" * 1_900,
        "min(1," * 600 + "1" + ")" * 600,
        "'a'='a'or " * 390 + "whitelist",
        "9" * 3_999,
        "1." + "0" * 3_900 + "元",
        "[" * 3_000,
    ]
    begun = time.process_time()
    for text in texts:
        assert isinstance(refusal(text), RuleRefused)
    assert time.process_time() - begun < 10, "some text takes its time"
    assert refusal(texts[0]).says == "这条规则有100000个字，最多4000个。"
    for text in (texts[4], texts[5], texts[6], texts[7], texts[8], texts[9]):
        assert isinstance(refusal(text), TooLong)


def test_the_limits_themselves_are_allowed():
    """Tests that the longest text and the deepest nesting still load."""
    assert parse("whitelist" + " " * 3_991, facts=FACTS, returns=BOOL)
    assert isinstance(refusal("whitelist" + " " * 3_992), TooLong)
    assert parse("(" * 32 + "whitelist" + ")" * 32, facts=FACTS, returns=BOOL)
    assert isinstance(refusal("(" * 33 + "whitelist" + ")" * 33), TooLong)
    assert parse("whitelist or " * 300 + "promised", facts=FACTS, returns=BOOL)


def test_depth_is_given_back_exactly():
    """Tests that after each kind of nesting has closed, 32 levels are allowed and 33 are not."""
    before = "(whitelist) and -1 = 1 and not whitelist and min(1, 2) = 1 and 1 + 1 - 1 = 2 * 2 * 2 and "
    assert parse(before + "(" * 32 + "whitelist" + ")" * 32, facts=FACTS, returns=BOOL)
    for deep in ("(" * 33 + "whitelist" + ")" * 33, "not " * 33 + "whitelist", "-" * 33 + "1 = 1", "1" + "+1" * 33 + "= 1"):
        assert isinstance(refusal(before + deep), TooLong)
    for fits in ("not " * 32 + "whitelist", "-" * 32 + "1 = 1", "1" + "+1" * 32 + "= 1"):
        assert parse(before + fits, facts=FACTS, returns=BOOL)


def test_brackets_side_by_side_are_not_deep():
    """Tests that depth is given back when a bracket closes."""
    text = " and ".join(["(not ((whitelist)) and -(-1) = min(1, 2) * 1 + 1)"] * 40)
    assert parse(text, facts=FACTS, returns=BOOL)


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("full + 0分 >= 0分", True),
        ("full + 1分 >= 0分", False),
        ("full * 1 >= 0分", True),
        ("full * -1 <= 0分", True),
        ("-full <= 0分", True),
        ("0分 - full - 1分 <= 0分", True),
        ("0分 - full - 2分 <= 0分", False),
        ("pct(full, 100%, up) >= 0分", True),
        ("pct(full, 100.01%, down) >= 0分", False),
        ("low - 1分 <= 0分", False),
        ("full - low >= 0分", False),
        ("full - full >= 0分", True),
        ("low - low <= 0分", False),
        ("low - full <= 0分", False),
        ("-low >= 0分", False),
        ("low * -1 >= 0分", False),
        ("min(full, 1分) + full >= 0分", False),
        ("min(full, 0分) + full >= 0分", True),
        ("max(low, 0分) + full >= 0分", True),
        ("max(low, -1分) + low <= 0分", False),
        ("tier(full, [0: 0分, 1分: 1分]) + full >= 0分", False),
        ("tier(full, [0: 0分, 1分: -1分]) + full >= 0分", True),
    ],
)
def test_the_overflow_proof_is_exact_at_sixty_four_bits(text, fits):
    """Tests that the last value that fits loads and the next does not."""
    facts = {
        "full": Fact("full", FEN, "满", max=2**63 - 1),
        "low": Fact("low", FEN, "低", min=-(2**63), max=0),
    }
    if fits:
        assert parse(text, facts=facts, returns=BOOL)
    else:
        assert isinstance(refusal(text, facts=facts), Overflow)


def test_bare_types_make_a_dictionary():
    """Tests the short form of the contract, which is checked like any other."""
    assert parse("a > 1", facts={"a": INT}, returns=BOOL).sentence("zh") == "a多于1"
    for facts in ({"origin": TEXT}, {"a": enum("ok", 籍贯="x")}):
        with pytest.raises(ForbiddenFact):
            parse("1 = 1", facts=facts, returns=BOOL)
    assert isinstance(BOOL, Type)
