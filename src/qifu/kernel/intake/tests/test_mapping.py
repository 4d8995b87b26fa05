"""Tests that columns find their fields, with the reason told."""

from django.utils import translation

from qifu.kernel.intake.mapping import CONTENT, REMEMBERED, SAME, SIMILAR, SKIP, Guess, Vocabulary, fingerprint, guess, normal
from qifu.kernel.language import said

from .lists import firms

WORDS = Vocabulary(firms())


def _guess(*labels, samples=None, remembered=None):
    return guess(labels, samples or [()] * len(labels), vocabulary=WORDS, remembered=remembered)


def test_same_and_similar_names_are_found():
    assert _guess("序号", "单位名称", "统一社会信用代码（18位）", "所在镇（街道）", "规上企业", "员工数 ▸ 总数", "计划复工时间") == [
        Guess(SKIP, ""), Guess("name", SAME), Guess("code", SAME), Guess("town", SIMILAR), Guess("size", SAME), Guess("staff", SAME),
        Guess("start", SAME),
    ]  # fmt: skip


def test_a_field_is_given_once_to_the_column_that_is_surest_of_it():
    assert [g.field for g in _guess("企业名称（全称）", "企业名称", "员工人数", "员工数")] == ["name", SKIP, "staff", SKIP]


def test_a_column_of_contact_and_telephone_takes_both_fields():
    found = _guess("联系人及电话", "联系人", "电话", samples=[("徐会计13800000001",), ("徐会计",), ("13800000001",)])
    assert [g.field for g in found] == ["contact_phone", SKIP, SKIP]


def test_a_column_without_a_telling_name_is_known_by_its_content():
    found = _guess("企业名称", "列2", samples=[("甲",), ("13800000001", "13900000002", "")])
    assert found[1] == Guess("phone", CONTENT)


def test_what_an_office_chose_before_comes_first():
    found = _guess("企业名称", "员工数", remembered={normal("企业名称"): "name", normal("员工数"): SKIP})
    assert found == [Guess("name", REMEMBERED), Guess(SKIP, REMEMBERED)]


def test_a_remembered_field_that_is_gone_is_forgotten():
    assert _guess("企业名称", remembered={normal("企业名称"): "no_such_field"}) == [Guess("name", SAME)]


def test_the_mark_of_a_header_does_not_depend_on_order_or_width():
    assert fingerprint(["企业名称", "员工数 "]) == fingerprint(["员工数", "企业名称："])
    assert fingerprint(["企业名称", "员工数"]) != fingerprint(["企业名称"])


def test_a_list_is_in_chinese_whatever_its_reader_speaks():
    """Tests that a header that is a field's own name is known to somebody who reads English."""
    with translation.override("en"):
        assert str(said("企业名称")) != "企业名称"
        assert Vocabulary(firms()).knows("企业名称") == 1.0
