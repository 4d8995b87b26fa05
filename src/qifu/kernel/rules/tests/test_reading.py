"""Documents as YAML text, with the traps of YAML taken out."""

import time
from datetime import date

import pytest

from qifu.kernel.rules import (
    BOOL,
    INSTANT,
    Fact,
    Facts,
    FloatRefused,
    NotUnderstood,
    RuleRefused,
    TooLong,
    WrongDeclaration,
    load_document,
    read_yaml,
)

from .dictionary import local

TEXT = """
id: not-before
title: 最早复工时间
valid: {from: 2020-02-08, to: 2020-02-18}
origin: {level: province, document: 浙政办发电〔2020〕1号}
parameters:
  not_before:
    - {from: 2020-02-08, value: 2020-02-09T24:00}
    - {from: 2020-02-12, value: 2020-02-10 08:30:00}
conditions:
  - {id: late_enough, text: 不早于规定时间, if: planned_start >= not_before}
  - {id: listed, text: 在名单内, if: whitelist, on_unknown: fail}
"""
FACTS = Facts(Fact("planned_start", INSTANT, "计划复工时间"), Fact("whitelist", BOOL, "在名单内"))


def test_a_document_is_read_from_its_text():
    """Tests dates, an instant written as 24:00 and one that YAML reads itself, taken as local."""
    document = load_document(read_yaml(TEXT), FACTS)
    start = {"planned_start": local(2020, 2, 10), "whitelist": True}
    assert document.decide(start, on=date(2020, 2, 11)).outcome is True
    assert document.decide(start, on=date(2020, 2, 12)).outcome is False
    assert document.origin.says() == "省级浙政办发电〔2020〕1号"


@pytest.mark.parametrize(
    ("text", "kind", "place"),
    [
        ("id: a\nid: b", WrongDeclaration, (2, 1)),
        ("a:\n  b: 1\n  b: 2", WrongDeclaration, (3, 3)),
        ("a: &x [1]\nb: *x", WrongDeclaration, (2, 4)),
        ("a: [1", NotUnderstood, (1, 6)),
        ("a: b: c", NotUnderstood, (1, 5)),
        ("a: !!python/name:os.system x", NotUnderstood, (1, 4)),
        ("a: 2020-02-31", NotUnderstood, (None, None)),
        ("- a", WrongDeclaration, (None, None)),
        ("", WrongDeclaration, (None, None)),
        ("[" * 5_000, NotUnderstood, (None, None)),
    ],
)
def test_text_that_would_be_misread_is_refused(text, kind, place):
    """Tests repeated keys, aliases, tags, bad dates and depth, with the line."""
    with pytest.raises(RuleRefused) as refused:
        read_yaml(text)
    assert type(refused.value) is kind
    assert (refused.value.line, refused.value.column) == place


def test_a_huge_text_is_refused_at_once():
    """Tests the limit itself and one more."""
    begun = time.process_time()
    with pytest.raises(TooLong):
        read_yaml("a: " + "x" * 199_998)
    assert time.process_time() - begun < 2
    assert read_yaml("a: " + "x" * 199_997)


def test_a_decimal_in_the_text_does_not_become_money():
    """Tests that YAML's float is refused where it stands."""
    with pytest.raises(FloatRefused) as refused:
        load_document(read_yaml(TEXT.replace("2020-02-09T24:00", "0.2")), FACTS)
    assert refused.value.path == "parameters.not_before[0].value"
