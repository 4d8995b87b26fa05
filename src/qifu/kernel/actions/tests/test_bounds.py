"""Words that are too long are refused beside their field, whoever calls the action: never cut, and nothing is changed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from qifu.kernel.access import Actor
from qifu.kernel.actions import BadInput, Refused, action, actions, length, most, parse, run
from qifu.kernel.actions.bounds import over_in
from qifu.kernel.actions.parsing import MAX_TEXT

TELL = "tests.tell"
SOMEBODY = Actor(id="anonymous", name="访客")


@dataclass(frozen=True, kw_only=True)
class Part:
    code: str = ""
    note: str = field(default="", metadata={"label": "看到的情况", "most": 5})


@dataclass(frozen=True, kw_only=True)
class Tell:
    reason: str = field(metadata={"label": "原因", "most": 10})
    long: str = field(default="", metadata={"most": 5000})
    free: str = ""
    posts: tuple[str, ...] = field(default=(), metadata={"label": "岗位", "most": 3})
    one: Part = Part()
    parts: tuple[Part, ...] = ()
    ids: tuple[UUID, ...] = ()


@pytest.fixture
def told() -> Iterator[list[Tell]]:
    """Give what an action of these tests was told."""
    seen: list[Tell] = []

    def tell(given: Tell, *, actor: Actor, at: datetime, key: UUID | None = None) -> None:
        seen.append(given)

    action(TELL, "说一句")(tell)
    yield seen
    del actions[TELL]


def wrong(given: Tell | dict[str, Any]) -> dict[str, str]:
    """Give the sentences beside the fields, as an instance is refused at the action's door and a mapping by `parse`."""
    if isinstance(given, Tell):
        return {name: str(words) for name, words in over_in(given).items()}
    with pytest.raises(BadInput) as refused:
        parse(Tell, given)
    return {name: str(words) for name, words in refused.value.errors.items()}


TOO_LONG = [
    ({"reason": "字" * 11}, {"reason": "“原因”最多10个字，现在11个，删短一点再交。"}),
    ({"reason": "x", "long": "字" * 5001}, {"long": "最多5000个字，现在5001个，删短一点再交。"}),
    ({"reason": "x", "posts": ("测温", "登记登记")}, {"posts": "第2项：“岗位”最多3个字，现在4个，删短一点再交。"}),
    ({"reason": "x", "one": Part(note="123456")}, {"note": "“看到的情况”最多5个字，现在6个，删短一点再交。"}),
    (
        {"reason": "字" * 12, "parts": (Part(note="12345"), Part(note="1234567"))},
        {
            "reason": "“原因”最多10个字，现在12个，删短一点再交。",
            "parts": "第2项：“看到的情况”最多5个字，现在7个，删短一点再交。",
        },
    ),
]


@pytest.mark.parametrize(("given", "sentences"), TOO_LONG)
def test_a_longer_word_is_refused_beside_its_field_as_a_form_or_as_an_input(given: dict[str, Any], sentences: dict[str, str]) -> None:
    """Tests texts, lists of texts, parts and lists of parts; all faults at once."""
    assert wrong(given) == sentences
    assert wrong(Tell(**given)) == sentences


def test_parts_written_as_words_are_bounded_too() -> None:
    """Tests the parts of a line of JSON, which are no instances yet."""
    assert wrong({"reason": "x", "parts": [{"note": "123456"}]}) == {"parts": "第1项：“看到的情况”最多5个字，现在6个，删短一点再交。"}


@pytest.mark.parametrize("words", ["字" * 10, "  " + "字" * 10 + "\n", "😀" * 10, "𠮷" * 10, "一\r\n" * 5 + "\r\n", "é" * 10])
def test_characters_are_counted_and_neither_bytes_nor_blanks_around(words: str) -> None:
    """Tests ten characters of each sort: four bytes each, with blanks around them, with the two-sign line ends of browsers."""
    assert parse(Tell, {"reason": words}).reason == words.replace("\r\n", "\n").strip()
    assert over_in(Tell(reason=words)) == {}
    assert list(wrong({"reason": "了" + words.strip() + "了"})) == ["reason"]


def test_what_says_nothing_holds_what_it_always_held() -> None:
    """Tests that words from outside keep the common bound, and that an input made by the product is not held to it."""
    assert wrong({"reason": "x", "free": "字" * (MAX_TEXT + 1)}) == {"free": f"最多{MAX_TEXT}个字，现在{MAX_TEXT + 1}个，删短一点再交。"}
    assert parse(Tell, {"reason": "x", "long": "字" * 5000}).long == "字" * 5000
    assert over_in(Tell(reason="x", free="字" * (MAX_TEXT + 1))) == {}


def test_a_form_reads_the_bound_of_the_input() -> None:
    """Tests that a number need not be written twice, and that nobody reads one that is not there."""
    assert (most(Tell, "reason"), most(Tell, "long")) == (10, 5000)
    with pytest.raises(KeyError):
        most(Tell, "free")
    assert length(" 一\r\n二 ") == 3


@pytest.mark.parametrize("given", [{"reason": "字" * 11}, Tell(reason="字" * 11)])
def test_nothing_is_done_after_a_refusal(told: list[Tell], given: Any, database: Any) -> None:
    """Tests that the action never begins, whether pages, devices or other code ask, and that it does with one word less."""
    answer = run(TELL, given, actor=SOMEBODY)
    assert isinstance(answer, Refused)
    assert answer.code == "BadInput"
    assert list(answer.errors or {}) == ["reason"]
    assert told == []
    assert run(TELL, {"reason": "字" * 10}, actor=SOMEBODY).ok
    assert [one.reason for one in told] == ["字" * 10]


def test_another_action_is_held_to_the_bound_too(told: list[Tell]) -> None:
    """Tests that the bound stands at the action's door and not only before a page."""
    with pytest.raises(BadInput):
        actions[TELL].do(Tell(reason="字" * 11), actor=SOMEBODY, at=None)
    assert told == []
