"""Texts that the record and the packs hold in Chinese, said again in the reader's language.

A pack brings its English beside its Chinese (`teach`). A sentence that the product wrote down (why a deadline moved, what is
odd about a row) is known by its pattern in the catalogue, so `retold` finds pattern and values and it is drawn like any other:
nothing is stored twice, and what was written years ago is said too."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import get_language, gettext, trans_real

from .terms import ENGLISH, known

_NAMES = re.compile(r"\{(\w+)\}")
_OWN = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_taught: dict[str, str] = {}
_DAYS = r"[\d年月日至、]+"
_SHAPES = dict.fromkeys(("n", "sum", "year", "month", "day"), r"[\d,]+") | {"days": _DAYS, "first": _DAYS, "end": _DAYS}
_SHAPES |= {"weekday": "周[一二三四五六日]"}
"""What a value of that name looks like; of any other name it is anything."""
_ENOUGH = 3
"""Characters that a sentence has of its own: with fewer it could be any name, unless its values have a shape."""


class _Pattern(NamedTuple):
    text: str
    reads: re.Pattern[str]
    weight: int
    """How much of it is words: of two that fit, the one with more words is the sentence."""


def teach(texts: Mapping[str, str]) -> None:
    """Learn the English of texts that stand in data: Chinese -> English. The interface's own catalogue wins."""
    if any(_taught.get(chinese) != english for chinese, english in texts.items()):
        _taught.update(texts)
        _patterns.cache_clear()
        matched.cache_clear()


def worded(pattern: str) -> str:
    """Give a text of the product or of a pack in the language that is active now."""
    text: str = gettext(pattern)
    english = _taught.get(pattern)
    return english if english is not None and text == pattern and get_language() == ENGLISH else text


def spoken(text: str) -> bool:
    """Say whether a text has an English: in the catalogue or in a pack."""
    return known(text) or text in _taught


@lru_cache(maxsize=8192)
def matched(text: str) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """Give the pattern that a kept sentence was made from, and its values as they stand there; None where there is none."""
    found: _Pattern | None = None
    for one in _patterns():
        if (found is None or one.weight > found.weight) and one.reads.fullmatch(text):
            found = one
    if found is None:
        return None
    return found.text, tuple(((match := found.reads.fullmatch(text)) and match.groupdict().items()) or ())


@lru_cache(maxsize=1)
def _patterns() -> tuple[_Pattern, ...]:
    return tuple(_compiled({*_catalogue(), *_taught}))


def _catalogue() -> Iterator[str]:
    # It has keys(), but is no mapping that could be walked. Keys of plurals are pairs.
    keys = trans_real.translation(ENGLISH)._catalog.keys()  # type: ignore[attr-defined]
    yield from (key for key in keys if isinstance(key, str))


def _compiled(texts: set[str]) -> Iterator[_Pattern]:
    for text in sorted(texts):
        names = _NAMES.findall(text)
        # A value with a format of its own (a sum, a time) cannot be told from its words.
        if not names or len(names) != len(set(names)) or len(names) != text.count("{"):
            continue
        weight = len(_OWN.findall(_NAMES.sub("", text))) + ("days" in names)
        if weight >= _ENOUGH or _SHAPES.keys() >= set(names):
            body = "".join(
                f"(?P<{part[1:-1]}>{_SHAPES.get(part[1:-1], '.+?')})" if _NAMES.fullmatch(part) else re.escape(part)
                for part in re.split(r"(\{\w+\})", text)
            )
            yield _Pattern(text, re.compile(body, re.DOTALL), weight)
