"""The fact dictionary: what may be declared, and what may never decide."""

import pytest

from qifu.kernel.rules import (
    BOOL,
    DATE,
    FEN,
    INT,
    RATE,
    TEXT,
    Fact,
    Facts,
    ForbiddenFact,
    Parameter,
    WrongDeclaration,
    enum,
    many,
    parse,
)
from qifu.kernel.rules.facts import forbidden


@pytest.mark.parametrize(
    "name",
    [
        "origin",
        "native_place",
        "nativePlace",
        "nativeplace",
        "NATIVE_PLACE",
        "place_of_origin",
        "placeoforigin",
        "worker_origin",
        "or_igin",
        "hometown",
        "home_province",
        "birthplace",
        "place_of_birth",
        "household_registration",
        "hukou",
        "huji",
        "jiguan",
        "nationality",
        "minzu",
        "ethnic_group",
        "race",
        "religion",
    ],
)
def test_origin_is_never_a_fact(name):
    """Tests that each spelling of origin is found in a name, a label and a meaning."""
    for fact in (Fact(name, TEXT, "某项"), Fact("some", TEXT, "某项", en=name), Fact("some", TEXT, "某项", meaning=name)):
        with pytest.raises(ForbiddenFact) as refused:
            Facts(fact)
        assert "《就业促进法》第三条" in refused.value.says


@pytest.mark.parametrize(
    "name",
    [
        "illness",
        "past_illness",
        "disease",
        "past_infection",
        "PastInfection",
        "infected_before",
        "was_ill",
        "sick_before",
        "diagnosis",
        "medical_history",
        "healthhistory",
        "patient",
        "bingshi",
    ],
)
def test_illness_is_never_a_fact(name):
    """Tests that each spelling of illness is found, and the duty is named."""
    for fact in (Fact(name, BOOL, "某项"), Fact("some", BOOL, "某项", en=name), Fact("some", BOOL, "某项", meaning=name)):
        with pytest.raises(ForbiddenFact) as refused:
            Facts(fact)
        assert "《就业促进法》第三十条" in refused.value.says
        assert refused.value.fix


@pytest.mark.parametrize(
    "label",
    [
        *["籍贯", "员工籍贯", "籍·贯", "户籍所在地", "户口", "老家", "家乡", "出生地", "来源地", "民族", "国籍"],
        *["病史", "传染病史", "曾患病", "疾病", "既往情况", "曾确诊", "感染过", "康复者"],
        "籍 贯",
        "籍\u200b贯",
    ],
)
def test_chinese_words_of_origin_and_illness_are_found(label):
    """Tests labels, meanings, phrases and choices, also with blanks or dots between the characters."""
    for fact in (
        Fact("some", BOOL, label),
        Fact("some", BOOL, "某项", meaning=label),
        Fact("some", BOOL, "某项", zh_is=label),
        Fact("some", BOOL, "某项", zh_not=label),
        Fact("some", enum(a=label), "某项"),
    ):
        with pytest.raises(ForbiddenFact):
            Facts(fact)


@pytest.mark.parametrize(
    "word",
    [
        *["original_amount", "alternative", "racecourse_tax", "illuminated", "bill", "skill", "patience", "sickle"],
        *["test_result", "valid_until", "temperature", "书籍", "民营", "户外", "行业", "家具", "检测结果", "健康码颜色"],
    ],
)
def test_what_only_looks_alike_is_allowed(word):
    """Tests that the search is for words, and that present results of a test may decide."""
    assert forbidden(word) is None


def test_the_most_protected_class_is_never_a_fact():
    """Tests that P3 is refused, P2 is not, and a class that does not exist is."""
    with pytest.raises(ForbiddenFact, match="P3"):
        Facts(Fact("temperature", INT, "体温", klass="P3"))
    assert Facts(Fact("temperature", INT, "体温", klass="P2"))
    with pytest.raises(WrongDeclaration):
        Facts(Fact("temperature", INT, "体温", klass="P4"))


def test_a_parameter_cannot_bring_it_back():
    """Tests that a parameter named or labelled after origin does not load."""
    for name, zh in (("native_places", ""), ("some", "籍贯名单")):
        with pytest.raises(ForbiddenFact):
            parse(f"a in {name}", facts={"a": TEXT}, returns=BOOL, parameters={name: Parameter(many(TEXT), ("x",), zh=zh)})


@pytest.mark.parametrize(
    "fact",
    [
        Fact("Size", INT, "甲"),
        Fact("1size", INT, "甲"),
        Fact("size-class", INT, "甲"),
        Fact("规模", INT, "甲"),
        Fact("and", BOOL, "甲"),
        Fact("down", BOOL, "甲"),
        Fact("tier", INT, "甲"),
        Fact("a" * 65, INT, "甲"),
        Fact("", INT, "甲"),
        Fact("a", INT, ""),
        Fact("a", RATE, "甲"),
        Fact("a", many(TEXT), "甲"),
        Fact("a", DATE, "甲", max=3),
        Fact("a", TEXT, "甲", min=0),
        Fact("a", INT, "甲", min=3, max=2),
        Fact("a", FEN, "甲", max=-1),
        Fact("a", INT, "甲", max=2**63),
        Fact("a", INT, "甲", min=-(2**63) - 1),
    ],
)
def test_a_fact_that_contradicts_itself_is_refused(fact):
    """Tests names, labels, types and ranges."""
    with pytest.raises(WrongDeclaration):
        Facts(fact)


def test_a_dictionary_holds_each_fact_once_under_its_own_name():
    """Tests repetition and a wrong key, and that it reads as a mapping."""
    a = Fact("a", INT, "甲", min=3, max=3)
    with pytest.raises(WrongDeclaration):
        Facts(a, a)
    with pytest.raises(WrongDeclaration):
        Facts.of({"b": a})
    facts = Facts(a, Fact("b" * 64, INT, "乙"))
    assert list(facts) == ["a", "b" * 64]
    assert facts["a"] is a
    assert Facts.of(facts) is facts
    assert dict(Facts.of({"a": a})) == {"a": a}


@pytest.mark.parametrize("codes", [(), ("a", "a")])
def test_an_enumeration_has_codes_each_once(codes):
    """Tests an empty enumeration and one with a repeated code."""
    with pytest.raises(ValueError, match="codes"):
        enum(*codes)
