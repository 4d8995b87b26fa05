"""Names of enterprises as lists spell them: one key for 宁波市奉化竣晖服装辅料有限公司, 奉化竣晖服装辅料公司 and 竣晖服装辅料."""

import re
from functools import cache
from typing import NamedTuple
from unicodedata import is_normalized

from pypinyin import Style, lazy_pinyin

from qifu.kernel import jurisdiction
from qifu.kernel.values import narrow

_FORMS = frozenset(
    [group + stock + form for group in ("集团", "") for stock in ("股份", "") for form in ("有限责任公司", "有限公司", "公司", "股份")]
    + [f"({form})" for form in ("有限合伙", "普通合伙", "特殊普通合伙", "个人独资", "个体工商户")]
)
_LENGTHS = {end: sorted({len(form) for form in _FORMS if form.endswith(end)}, reverse=True) for end in {form[-2:] for form in _FORMS}}
"""How long a legal form may be that ends with these two characters, the longest first."""
_ASIDE = re.compile(r"\((?:中国)?([\u4e00-\u9fff]{2,6})\)")
_BETWEEN = re.compile(r"[\s·.,，。、\-_'\"“”‘’]+")


def clean(text: str) -> str:
    """Give a name as it is stored: plain width, no invisible signs, Chinese brackets."""
    if text.isalnum() and is_normalized("NFKC", text):
        return text[:120]
    return narrow(text).replace(" ", "").replace("(", "（").replace(")", "）")[:120]


def name_key(name: str) -> str:
    """Give the key by which two spellings of one firm match: without the names of provinces, cities and districts
    before it or in brackets, without legal form, blanks and signs. Never empty for a name that is not."""
    plain = _BETWEEN.sub("", narrow(name)).replace("（", "(").replace("）", ")").casefold()
    places = _places()
    bare = _ASIDE.sub(lambda m: "" if places.pattern.fullmatch(m[1]) else m[1], plain)
    bare = _strip(bare, places)
    return (bare or plain)[:120]


def _strip(text: str, places: "_Places") -> str:
    while (begun := places.begun.get(text[:1])) and (match := begun.match(text)) and len(text) - match.end() >= 2:
        text = text[match.end() :]
    while lengths := _LENGTHS.get(text[-2:]):
        for form in lengths:
            if text[-form:] in _FORMS:
                break
        else:
            return text
        if len(text) - form < 2:
            return text
        text = text[:-form]
    return text


class _Places(NamedTuple):
    """The names of places as one expression, and one by the character with which they begin: a name of a firm is held
    against a few of them or against none."""

    pattern: re.Pattern[str]
    begun: dict[str, re.Pattern[str]]


def _places() -> _Places:
    return _pattern(tuple(sorted(_names())))


def _names() -> set[str]:
    above = jurisdiction.places(("province", "city", "district"))
    return {one.name for one in above} | {jurisdiction.short(one.name) for one in above}


@cache
def _pattern(names: tuple[str, ...]) -> _Places:
    longest = sorted(names, key=len, reverse=True)
    if not longest:
        return _Places(re.compile(r"(?!)"), {})
    return _Places(_any_of(longest), {first: _any_of([name for name in longest if name[0] == first]) for first in {n[0] for n in longest}})


def _any_of(names: list[str]) -> re.Pattern[str]:
    # A list of before a county became a district still says 市.
    return re.compile("(?:" + "|".join(map(re.escape, names)) + ")[市区县]?")


@cache
def _reading(character: str) -> str:
    return "".join(lazy_pinyin(character, style=Style.NORMAL)).lower()


def pinyin_key(key: str) -> str:
    """Give the sort key of a firm from its name key, by which people look it up (竣晖 under J): its first twelve
    characters, one by one, since a dictionary of phrases costs 200 µs a name."""
    return " ".join(map(_reading, key[:12]))


class Spelling:
    """Makes the keys of many names; holds the list of places once."""

    def __init__(self) -> None:
        self._places = _places()

    def of(self, name: str) -> tuple[str, str]:
        """Give (name_key, pinyin) of a cleaned name."""
        key = self.key(name)
        return key, pinyin_key(key)

    def key(self, name: str) -> str:
        """Give the name_key of a cleaned name."""
        plain = name.casefold()
        if not plain.isalnum():
            plain = _BETWEEN.sub("", plain).replace("（", "(").replace("）", ")")
            plain = _ASIDE.sub(lambda m: "" if self._places.pattern.fullmatch(m[1]) else m[1], plain)
        return (_strip(plain, self._places) or plain)[:120]
