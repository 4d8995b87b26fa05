"""Tests what is told from words alone: bigrams as numbers, and the kind by its words."""

from hypothesis import example, given
from hypothesis import strategies as some

from qifu.areas.casework import rules
from qifu.areas.casework.handbook import handbook

SAID = some.lists(some.text("口罩不够用工人请问ＡaAB9龥鿿㐀𠀀，。 \n\0\1", max_size=12), max_size=3)


def test_bigrams_are_cut_within_their_piece_and_read_back_as_signs() -> None:
    """Tests two columns of text: each bigram once, none over a comma, a lone sign on its own, the widest signs too."""
    found = rules.grams("口罩不够，Mask口罩", "好。鿿鿿")
    assert [rules.written(one) for one in found] == ["口罩", "罩不", "不够", "ma", "as", "sk", "k口", "鿿鿿", "好"]
    assert found == [rules.gram(rules.written(one)) for one in found] and min(found) < 0
    assert rules.grams("") == rules.grams("。", " ") == []


@given(texts=SAID)
@example(texts=["İ，a"])
def test_no_text_has_a_bigram_that_does_not_stand_in_it(texts: list[str]) -> None:
    """Tests any texts: every number stands in one of them, every two neighbouring signs that count are there."""
    words = [rules.written(one) for one in rules.grams(*texts)]
    lowered = [text.lower() for text in texts]
    assert len(words) == len(set(words)) and all(any(word in text for text in lowered) for word in words)
    there = {text[at : at + 2] for text in lowered for at in range(len(text) - 1)}
    assert {two for two in there if not any(map(rules._PLAIN.match, two))} <= set(words)


@given(texts=SAID)
@example(texts=["", "口罩", "", "1", "", "\1罩罩\1a"] * 60)
def test_many_texts_are_cut_as_each_by_itself(texts: list[str]) -> None:
    """Tests texts cut as one: no bigram over the border of two, none lost, a lone sign stays with its text."""
    assert list(rules.grams_of_each(texts)) == [rules.grams(one) for one in texts]


@given(texts=SAID)
@example(texts=["请问用工人" * 120])
def test_the_kind_is_the_one_whose_words_stand_in_the_text(texts: list[str]) -> None:
    """Tests the search by bigrams against looking for every word, also in a text longer than its bigrams."""
    text, best, most = "".join(texts), ("", ()), 0
    for kind in handbook().kinds.values():
        found = tuple(word for word in kind.words if word in text)
        if (weight := sum(map(len, found))) > most:
            best, most = (kind.code, found[:4]), weight
    seen = handbook().guess(text)
    assert (seen.kind, seen.words) == best
    assert seen.simple == (len(text) < 80 and any(word in text for word in handbook().simple))
