"""Random rules: the closure says what a slow walk of the tree says, and unknown stays unknown until it is settled."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from qifu.kernel.rules import BOOL, DATE, FEN, INSTANT, INT, TEXT, Fact, Facts, enum, parse
from qifu.kernel.rules.kinds import ZONE, spoken
from qifu.kernel.rules.syntax import read
from qifu.kernel.rules.typed import Compare, Literal_, Name

from . import oracle
from .dictionary import local

FACTS = Facts(
    Fact("a", INT, "甲", min=-6, max=6),
    Fact("b", INT, "乙", max=6),
    Fact("x", FEN, "款", max=30_000),
    Fact("y", FEN, "额", min=-500, max=500),
    Fact("day", DATE, "日子"),
    Fact("at", INSTANT, "时刻"),
    Fact("word", TEXT, "代码"),
    Fact("kind", enum("p", "q", "r"), "类别"),
    Fact("other", enum("p", "q", "r"), "另类"),
    Fact("yes", BOOL, "已办"),
    Fact("sure", BOOL, "在册"),
)
DAYS = [date(2019, 12, 31), date(2020, 1, 31), date(2020, 2, 10), date(2020, 2, 29), date(2020, 3, 1), date(2021, 2, 28)]
MOMENTS = [local(2020, 2, 10), local(2020, 2, 10, 8, 30), local(2020, 2, 9, 23, 59, 59)]
WORDS = ["C", "C3", "C38", "R", "H61", "D"]

VALUES = st.fixed_dictionaries(
    {
        "a": st.none() | st.integers(-6, 6),
        "b": st.none() | st.integers(0, 6),
        "x": st.none() | st.integers(0, 30_000),
        "y": st.none() | st.integers(-500, 500),
        "day": st.none() | st.sampled_from(DAYS),
        "at": st.none() | st.sampled_from(MOMENTS),
        "word": st.none() | st.sampled_from(WORDS),
        "kind": st.none() | st.sampled_from("pqr"),
        "other": st.none() | st.sampled_from("pqr"),
        "yes": st.none() | st.booleans(),
        "sure": st.none() | st.booleans(),
    }
)
OPS = st.sampled_from(["<", "<=", ">", ">=", "=", "!="])
EQUAL = st.sampled_from(["=", "!="])


def built(shape: str, *parts: st.SearchStrategy) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(lambda found: shape.format(*found))


def numbers(names: list[str], literals: st.SearchStrategy[str], zero: str) -> st.SearchStrategy[str]:
    leaf = st.sampled_from(names) | literals
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            built("({} {} {})", inner, st.sampled_from(["+", "-"]), inner),
            built("min({}, {})", inner, inner),
            built("max({}, {}, {})", inner, inner, inner),
            built(
                "pct(max({}, " + zero + "), {}, {})",
                inner,
                st.integers(0, 12_000),
                st.sampled_from(["down", "up", "half_up"]),
            ),
            built("-({})", inner),
        ),
        max_leaves=5,
    )


INTS = numbers(["a", "b", "a * b", "months_since(day)"], st.integers(-9, 9).map(str), "0")
FENS = numbers(["x", "y", "y * a", "tier(x, [0: 0分, 1元: 5分, 2.5元: 50分])"], st.integers(0, 999).map(lambda n: f"{n}分"), "0分")
LISTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True).map(lambda w: f"[{', '.join(map(repr, w))}]")
CODES = st.lists(st.sampled_from("pqr"), min_size=1, max_size=3, unique=True).map(lambda w: f"[{', '.join(map(repr, w))}]")
ATOMS = st.one_of(
    st.sampled_from(["yes", "sure", "true", "false", "kind = other", "kind != other", "yes = sure", "yes != sure"]),
    built("{} {} {}", INTS, OPS, INTS),
    built("{} {} {}", FENS, OPS, FENS),
    built("{} between {} and {}", st.sampled_from(["a", "b"]), st.integers(-6, 0), st.integers(0, 6)),
    built("a {} between b and {}", st.sampled_from(["", "not"]), INTS),
    built("day {} {}", OPS, st.sampled_from(DAYS)),
    built("at {} {}", OPS, st.sampled_from(["2020-02-09T24:00", "2020-02-10 08:30", "2020-02-10T00:30Z"])),
    built("word {} {}", EQUAL, st.sampled_from(WORDS).map(repr)),
    built("{} {} kind", st.sampled_from("pqr").map(repr), EQUAL),
    built("word {} in {}", st.sampled_from(["", "not"]), LISTS),
    built("kind {} in {}", st.sampled_from(["", "not"]), CODES),
    built("a in [{}, 1, {}]", st.integers(-6, 0), st.integers(2, 6)),
    built("prefix(word, {})", LISTS | st.sampled_from(WORDS).map(repr)),
)
RULES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        built("({} and {})", inner, inner),
        built("({} or {} or {})", inner, inner, inner),
        built("not ({})", inner),
    ),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(RULES, VALUES, st.sampled_from(DAYS))
def test_a_closure_decides_as_the_slow_walk_does(text, values, on):
    """Tests that value, verdict and every condition agree with an independent reading of the same text."""
    rule = parse(text, facts=FACTS, returns=BOOL)
    expected = oracle.walk(read(text), values, on)
    assert rule.value(values, on=on) is expected
    assert rule.decide(values, on=on).outcome is expected


@settings(max_examples=150, deadline=None)
@given(INTS, FENS, VALUES, st.sampled_from(DAYS))
def test_a_number_is_what_the_slow_walk_says_and_within_its_proof(ints, fens, values, on):
    """Tests that arithmetic agrees with exact fractions, and that the proved range holds the value."""
    for text, kind in ((ints, INT), (fens, FEN)):
        rule = parse(text, facts=FACTS, returns=kind)
        value = rule.value(values, on=on)
        assert value == oracle.walk(read(text), values, on)
        assert value is None or rule.node.low <= value <= rule.node.high


@settings(max_examples=150, deadline=None)
@given(RULES, VALUES, VALUES, st.sampled_from(DAYS))
def test_learning_a_fact_settles_an_answer_and_never_turns_it_round(text, some, more, on):
    """Tests Kleene's order: what was decided with less stays decided the same with more."""
    rule = parse(text, facts=FACTS, returns=BOOL)
    before = rule.value(some, on=on)
    filled = {name: more[name] if value is None else value for name, value in some.items()}
    if before is not None:
        assert rule.value(filled, on=on) is before


@settings(max_examples=150, deadline=None)
@given(RULES, VALUES, st.sampled_from(DAYS))
def test_every_rule_and_every_answer_can_be_said(text, values, on):
    """Tests that no rule is without a sentence, brackets close, and what is unknown is named."""
    rule = parse(text, facts=FACTS, returns=BOOL)
    said = [rule.sentence("zh"), rule.sentence("en")]
    for answer in rule.decide(values, on=on).conditions:
        said += [answer.says("zh"), answer.says("en")]
        assert (answer.outcome is None) == bool(answer.unknown)
        assert all(values[f.name] is None for f in answer.unknown)
    for sentence in said:
        assert sentence
        assert sentence.count("（") == sentence.count("）")
        assert sentence.count("(") == sentence.count(")")
        assert "None" not in sentence


@settings(max_examples=150, deadline=None)
@given(ATOMS, VALUES, st.sampled_from(DAYS))
def test_a_gap_is_just_enough(text, values, on):
    """Tests that a fact moved by its gap holds, and moved by one step less does not."""
    rule = parse(text, facts=FACTS, returns=BOOL)
    answer, node = rule.decide(values, on=on).conditions[0], rule.node
    fits = isinstance(node, Compare) and isinstance(node.left, Name) and isinstance(node.right, Literal_)
    if not fits or answer.gap is None:
        return
    name, step = node.left.fact.name, timedelta(microseconds=1) if node.left.type == INSTANT else 1
    if node.left.type == DATE:
        step = timedelta(days=1)
    sign = 1 if answer.required > answer.value or node.op == ">" else -1
    wide = Facts(*(Fact(f.name, f.type, f.zh, min=-(10**6), max=10**6) if f.type.counts else f for f in FACTS.values()))
    again = parse(text, facts=wide, returns=BOOL)
    assert again.value({**values, name: answer.value + sign * answer.gap}, on=on) is True
    assert again.value({**values, name: answer.value + sign * (answer.gap - step)}, on=on) is False


@given(st.integers(-(10**15), 10**15))
def test_money_said_in_chinese_is_read_back_to_the_fen(fen):
    """Tests that no amount loses a fen between the sentence and the rule."""
    said = spoken(abs(fen), FEN, "zh")
    assert parse(said, facts=FACTS, returns=FEN).value({}, on=DAYS[0]) == abs(fen)


@given(st.datetimes(min_value=local(2019, 1, 1).replace(tzinfo=None), timezones=st.just(ZONE)), st.dates())
def test_months_are_counted_as_the_slow_walk_counts_them(moment, other):
    """Tests the month count against adding months one by one, both ways."""
    start, end = moment.date(), other
    if abs(start.year - end.year) > 40:
        return
    rule = parse("months_since(day)", facts=FACTS, returns=INT)
    assert rule.value({"day": start}, on=end) == oracle.months(start, end)
