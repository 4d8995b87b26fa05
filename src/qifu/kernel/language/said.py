"""A sentence that knows its pattern and its values: Chinese as a value, the reader's language when it is drawn.

Tables of processes, refusals and labels are written once and read by many at the same time: the record keeps them in
Chinese, a page says them in its own language. Django's lazy text is no `str` and would be written down in the language
of whoever happened to ask."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.utils.translation import gettext

from .kept import matched, spoken, worded


class Said(str):
    """A Chinese text. As a value (kept, compared, sent, joined) it is Chinese; `str()`, an f-string and a template say it
    in the language that is active then. Values in braces are said in the same way and never looked up in a catalogue."""

    pattern: str
    values: dict[str, Any]

    def __new__(cls, pattern: str, /, **values: Any) -> "Said":
        if isinstance(pattern, Said) and not values:
            return pattern
        pattern = plain(pattern)
        made = super().__new__(cls, pattern.format(**{name: plain(value) for name, value in values.items()}) if values else pattern)
        made.pattern, made.values = pattern, values
        return made

    def __str__(self) -> str:
        if not apps.ready:
            return plain(self)
        pattern = worded(self.pattern)
        return pattern.format(**{name: _drawn(value) for name, value in self.values.items()}) if self.values else pattern

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __add__(self, other: str) -> "Said":
        return Said("{a}{b}", a=self, b=other)

    def __radd__(self, other: str) -> "Said":
        return Said("{a}{b}", a=other, b=self)

    def format(self, *_: Any, **values: Any) -> "Said":
        """Fill the braces; kept for a pattern that is chosen first and filled later."""
        return Said(self.pattern, **values)

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.pattern, self.values)


class _Listed(Said):
    """Texts one after the other."""

    parts: tuple[str, ...]
    by: str

    def __str__(self) -> str:
        if not apps.ready:
            return plain(self)
        return gettext(self.by).join(str(part) for part in self.parts)

    def __reduce__(self) -> tuple[Any, ...]:
        return listed, (self.parts, self.by)


said = Said
"""`said("还有{n}项没看。", n=3)`. Modules import it as `_`, so that the usual tools find the texts."""


def listed(parts: Iterable[str], by: str = "、") -> str:
    """Give texts joined as the reader joins them: 、 in Chinese, a comma in English."""
    parts = tuple(parts)
    pattern = by.join(plain(part) for part in parts)
    made = str.__new__(_Listed, pattern)
    made.pattern, made.values, made.parts, made.by = pattern, {}, parts, by
    return made


def retold(text: str) -> str:
    """Give a text that the record or a pack holds in Chinese as the sentence it was, so that a page says it to its reader.

    What nobody has said in English, a name or a remark, stays as it is written."""
    if isinstance(text, Said) or not text:
        return text
    if spoken(text):
        return Said(text)
    found = matched(text)
    return Said(found[0], **{name: retold(value) for name, value in found[1]}) if found else text


def plain(value: Any) -> Any:
    """Give a text as it is kept, in Chinese; anything else as it is."""
    return str.__str__(value) if isinstance(value, str) else value


def _drawn(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value


def _again(pattern: str, values: dict[str, Any]) -> Said:
    return Said(pattern, **values)
