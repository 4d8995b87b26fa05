"""The words of a crisis: they stand for the product's own terms in every text of the product, and never in data.

A wrapper around the active translation. Only what is a text of the product (a key of the English catalogue) is reworded, so
that a name or a remark that happens to hold a term stays as it was written."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language, trans_real

ENGLISH = "en"


class Worded:
    """A translation whose terms are replaced, the longest first; each text is worked out once."""

    def __init__(self, base: Any, words: Mapping[str, str]) -> None:
        self.base = base
        self._words = {term.lower(): word for term, word in words.items()}
        longest_first = sorted(words, key=len, reverse=True)
        self._terms = re.compile("|".join(re.escape(term) for term in longest_first), re.IGNORECASE)
        self._made: dict[str, str] = {}

    def gettext(self, message: str) -> str:
        """Give the text of a message in the crisis's words."""
        if (made := self._made.get(message)) is not None:
            return made
        text: str = self.base.gettext(message)
        if not known(message):
            return text
        return self._made.setdefault(message, self._reworded(text))

    def ngettext(self, one: str, many: str, number: int) -> str:
        """Give the text for a number in the crisis's words."""
        return self._reworded(self.base.ngettext(one, many, number))

    def _reworded(self, text: str) -> str:
        return self._terms.sub(self._word, text)

    def _word(self, found: re.Match[str]) -> str:
        word = self._words[found[0].lower()]
        return word[0].upper() + word[1:] if found[0][0].isupper() else word

    def __getattr__(self, name: str) -> Any:
        return getattr(self.base, name)


def known(message: str) -> bool:
    """Say whether a text is one of the product: it stands in the English catalogue."""
    return trans_real.translation(ENGLISH)._catalog.get(message) is not None  # type: ignore[attr-defined]


@lru_cache(maxsize=64)
def _worded(language: str, words: tuple[tuple[str, str], ...]) -> Worded:
    return Worded(trans_real.translation(language), dict(words))


def speak(words: Mapping[str, Mapping[str, str]]) -> None:
    """Say terms by these words from now on in this request: language -> the product's term -> the crisis's word."""
    language = get_language()
    mine = words.get(language)
    if mine:
        trans_real._active.value = _worded(language, tuple(sorted(mine.items())))  # type: ignore[attr-defined]


def unspoken() -> None:
    """Go back to the product's own terms."""
    active = getattr(trans_real._active, "value", None)  # type: ignore[attr-defined]
    if isinstance(active, Worded):
        trans_real._active.value = active.base  # type: ignore[attr-defined]


@contextmanager
def in_chinese() -> Iterator[None]:
    """Say what is written down in here in Chinese, whoever asked: a record, a letter, a text message. No crisis's words."""
    before = getattr(trans_real._active, "value", None)  # type: ignore[attr-defined]
    trans_real._active.value = trans_real.translation("zh-hans")  # type: ignore[attr-defined]
    try:
        yield
    finally:
        if before is None:
            del trans_real._active.value  # type: ignore[attr-defined]
        else:
            trans_real._active.value = before  # type: ignore[attr-defined]
