"""Tests that a text is one thing in the record and another on the page: Chinese kept, the reader's language drawn."""

import pickle

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.html import format_html

from qifu.kernel.access import NotYours
from qifu.kernel.language import in_chinese, listed, plain, said, speak, unspoken
from qifu.kernel.language.terms import known
from qifu.kernel.workflow import WrongState

OFFICE = "这一步要由另一个部门的人来确认。"


def test_a_text_is_kept_in_chinese_and_drawn_in_the_language_of_the_page() -> None:
    """Tests that an English reader's refusal is written down in Chinese and shown in English."""
    refusal = NotYours()
    with translation.override("en"):
        drawn = Template("{{ r.says }}").render(Context({"r": refusal}))
        assert drawn == str(refusal.says) == f"{refusal.says}" == format_html("{}", refusal.says)
        assert drawn.isascii()
        assert refusal.says == "这件事不在您的职责范围内，没有办理。" and refusal.says[:3] == "这件事"
        assert pickle.loads(pickle.dumps(refusal.says)) == refusal.says
    assert str(refusal.says) == "这件事不在您的职责范围内，没有办理。"


def test_values_are_said_too_and_names_are_left_alone() -> None:
    """Tests that a label inside a sentence is translated, and that what people typed passes through, braces and all."""
    refusal = WrongState(said("这件事现在是“{state}”，不能“{act}”，没有改动。", state=said("登录"), act="{x}复工<b>"))
    assert refusal.says == "这件事现在是“登录”，不能“{x}复工<b>”，没有改动。"
    with translation.override("en"):
        shown = str(refusal.says)
        assert "Sign in" in shown and "{x}复工<b>" in shown
        assert "&lt;b&gt;" in Template("{{ s }}").render(Context({"s": refusal.says}))


def test_a_list_is_joined_as_its_reader_joins_it() -> None:
    """Tests that a list of labels is Chinese as a value and English on an English page."""
    both = listed([said("登录"), "周敏"])
    assert plain(both) == "登录、周敏"
    with translation.override("en"):
        assert str(both) == "Sign in, 周敏"


@pytest.mark.parametrize(("language", "own", "word"), [("zh-hans", "职责", "本分"), ("en", "duties", "tasks")])
def test_a_crisis_renames_the_product_s_terms_and_never_data(language: str, own: str, word: str) -> None:
    """Tests that a term is replaced in texts of the product only: a firm that bears the term keeps its name."""
    firm = f"{own}贸易有限公司"
    assert known(NotYours.says) and not known(firm)
    with translation.override(language):
        before = str(NotYours().says)
        try:
            speak({language: {own: word}})
            after = str(NotYours().says)
            assert translation.get_language() == language
            assert translation.gettext(firm) == firm and str(said(firm)) == firm
        finally:
            unspoken()
        assert own in before and after == before.replace(own, word) != before
        assert str(NotYours().says) == before


def test_what_is_written_down_is_chinese_whoever_asked() -> None:
    """Tests that a record made by an English reader is Chinese, and that the page goes on in English and in its crisis's words."""
    office = said("返回")
    with translation.override("en"):
        english = f"{office}"
        try:
            speak({"en": {english: "Retreat"}})
            with in_chinese():
                assert f"{office}" == translation.gettext("返回") == "返回"
            assert f"{office}" == "Retreat"
        finally:
            unspoken()
    translation.deactivate()
    with in_chinese():
        assert f"{office}" == "返回"
    assert f"{office}" == "返回"
