"""The grammar of the bulletin: conditions, comparisons that know zero, and what an editor may and may not touch."""

import pytest

from qifu.areas.insight import chosen, composing, wording
from qifu.areas.insight.wording import Asked, Number
from qifu.kernel.indicators import indicators

PHRASES = {"than": {"more": "比前一天多{n}", "same": "和前一天一样", "less": "比前一天少{n}"}}
FIGURES = [{"words": "570家"}, {"words": "552家"}, {"words": "96.8%"}, {"words": "21家"}]
BEFORE = [{"t": "截至2月17日20时，全区"}, {"f": 0}, {"t": "企业中，"}, {"f": 1}, {"t": "已受理，占"}, {"f": 2}, {"t": "。"}]


def said(sentence: str, change: int) -> list[wording.Piece]:
    return wording.read(sentence, words={"whole": "全区"}, phrases=PHRASES, answer=lambda asked: change, towns=lambda id: [("溪口", 1)])


CHANGE = Number(Asked("R11", "change"))


@pytest.mark.parametrize(
    ("change", "words"),
    [(23, ["全区，比前一天多", CHANGE]), (0, ["全区，和前一天一样"]), (-2, ["全区，比前一天少", CHANGE])],
)
def test_a_comparison_is_said_for_more_for_nothing_and_for_less(change: int, words: list[wording.Piece]) -> None:
    """Tests that nobody reads 比前一天多0家 or 多-2家."""
    assert said("{whole}，{R11.than}", change) == words


def test_the_places_with_the_most_are_named_with_their_number() -> None:
    assert said("其中{R15.towns}。", 3) == ["其中溪口", Number(Asked("R15", "value", 1)), "。"]


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("R15 > 0", True),
        ("R15 > 0 and F23 == 5", True),
        ("R15.rest == 0", False),
        ("R15 >= F23", True),
        ("F24 > 0", False),
        ("R15 < 5", False),
    ],
)  # fmt: skip
def test_a_sentence_stands_only_where_its_condition_holds(condition: str, holds: bool) -> None:
    """Tests comparisons with numbers and with other figures; what is not known makes it false."""
    known = {Asked("R15"): 5, Asked("F23"): 5, Asked("R15", "rest"): 2}
    assert wording.holds(condition, known.get) is holds


def test_words_may_be_changed_and_numbers_moved_but_not_altered() -> None:
    """Tests that an edited text keeps each computed number, wherever it now stands."""
    assert wording.written(BEFORE, FIGURES) == "截至2月17日20时，全区{570家}企业中，{552家}已受理，占{96.8%}。"
    found = wording.reread("{552家}已受理，全区共{570家}，截至2月17日20时。", BEFORE, FIGURES)
    assert [piece.get("f") for piece in found if "f" in piece] == [1, 0]
    assert wording.plain(found, FIGURES) == "552家已受理，全区共570家，截至2月17日20时。"


@pytest.mark.parametrize(
    "text",
    ["{553家}已受理。", "{552家}已受理，{552家}。", "{21家}新增。", "553家已受理。", "{552家}已受理，另有3家。", "占97.1%，{552家}。"],
)
def test_a_number_that_was_not_computed_is_found(text: str) -> None:
    """Tests a changed number, one used twice, one of another paragraph, and digits typed beside the braces."""
    assert isinstance(wording.reread(text, BEFORE, FIGURES), str)


def test_dates_may_be_written_by_hand() -> None:
    found = wording.reread("{552家}已受理，明天17时前看完，2月18日再报。", BEFORE, FIGURES)
    assert not isinstance(found, str)


def test_every_pack_speaks_of_figures_that_exist() -> None:
    """Tests the packs as shipped: sentences, numbers of the wall, map, lines and names to chase."""
    assert {"epidemic", "typhoon"} <= set(chosen.packs())
    for pack in chosen.packs():
        assert chosen.bulletin(pack), pack
        choice = chosen.chosen(pack)
        named = [one.figure for one in (*choice.numbers, *choice.chart, *choice.chase)] + [choice.map]
        assert [id for id in named if id not in indicators] == []
        assert len(choice.numbers) == 5 and len(choice.chart) == 2


@pytest.mark.parametrize(
    ("change", "says"),
    [({"headline": "{X99}开工"}, "X99"), ({"headline": [{"if": "F23 more 0", "says": "a"}]}, "看不懂"), ({"hour": ""}, "hour"),
     ({"phrases": {"than": {"more": "多{n}"}}}, "phrases.than"), ({"headline": [{"if": "X98 > 0", "says": "a"}]}, "X98")],
)  # fmt: skip
def test_a_wrong_sentence_is_said_with_its_word(change: dict, says: str) -> None:
    """Tests that a pack's fault is found before a bulletin is made from it."""
    spec = {"name": "通报", "issuer": "区", "hour": "20:00", "headline": "今天", "paragraphs": ["{F23}"], "phrases": {}} | change
    assert any(says in fault for fault in wording.faults(spec, {"F23"}.__contains__))


def test_the_gap_of_two_rates_is_a_number_with_its_own_unit() -> None:
    """Tests that it is read from a sentence and a condition, said without its sign, and that the other figure must exist."""
    assert said("低{R42.gap_R41}。", 0) == ["低", Number(Asked("R42", "gap_R41")), "。"]
    assert wording.holds("R42.gap_R41 < 0", {Asked("R42", "gap_R41"): -32}.get)
    assert [composing.said(indicators["R42"], "gap_R41", n) for n in (-32, 50)] == ["3.2个百分点", "5个百分点"]
    spec = {
        "name": "报",
        "issuer": "组",
        "hour": "20:00",
        "headline": "好",
        "paragraphs": [["{R42.gap_R41}", "{R42.gap_R99}", "{R42.gap_}"]],
    }
    assert wording.faults(spec, indicators.__contains__) == ["“R42.gap_R99”：没有这个指标或这一项", "“R42.gap_”：没有这个指标或这一项"]
