"""Why a rule, a fact or a document was not taken, pointing at the word.

Everything here is told to the person who wrote the rule, so each refusal carries a Chinese and an English sentence,
the place, and the nearest fix. Nothing is half taken: a text with one wrong word loads not at all.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .syntax import Word


class RuleRefused(Exception):
    """A rule, fact or document that does not load; `says` is the Chinese sentence, `en` the English, `fix` the remedy.

    `line` and `column` count from 1 and point at `word`; `path` says where in a document ("conditions[2].if").
    """

    def __init__(self, says: str, en: str, *, at: Word | None = None, fix: str = "", path: str = "") -> None:
        self.says = says
        self.en = en
        self.fix = fix
        self.path = path
        self.word = at.text if at else ""
        self.line = at.line if at else None
        self.column = at.column if at else None
        super().__init__(says)

    def __str__(self) -> str:
        place = f"第{self.line}行第{self.column}个字：" if self.line else ""
        path = f"{self.path}，" if self.path and place else f"{self.path}：" if self.path else ""
        return path + place + self.says + (f" {self.fix}" if self.fix else "")

    def inside(self, path: str) -> RuleRefused:
        """Say where in a document the refusal happened; the innermost place comes last."""
        self.path = f"{path}.{self.path}" if self.path else path
        return self


class NotUnderstood(RuleRefused):
    """The text is not a sentence of the language."""


class TooLong(RuleRefused):
    """The text is longer, or nested deeper, than a rule that a person can check."""


class WrongType(RuleRefused):
    """Two things that cannot be compared or added: money with a number, a day with an instant."""


class FloatRefused(RuleRefused):
    """A number with a decimal point that is neither money nor a percentage."""


class UnknownFact(RuleRefused):
    """A name that the fact dictionary does not hold."""


class Unused(RuleRefused):
    """A declared parameter, or a row of a table, that no decision can ever reach."""


class Overflow(RuleRefused):
    """A value that may leave 64 bits; refused when the rule loads, never when it pays."""


class Overlap(RuleRefused):
    """Two tiers or two rows of a UNIQUE table hold for the same enterprise."""


class Gap(RuleRefused):
    """No tier or row holds for some enterprise."""


class ForbiddenFact(RuleRefused):
    """Origin, illness, or a most-protected value, which may never decide about a person or an enterprise."""


class WrongDeclaration(RuleRefused):
    """A fact or a document that contradicts itself."""


class AddedLayer(RuleRefused):
    """A lower level adds a condition without reason, approval from above and an end (FEATURES 2.15)."""


class WrongExample(RuleRefused):
    """A document's own example that it decides otherwise."""


class WrongValue(RuleRefused):
    """A value handed to a rule that is not of the declared type or range."""


class NotInForce(RuleRefused):
    """No version holds on that day, as known then."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that `name` most likely meant."""
    found = get_close_matches(name.lower(), list(known), n=1, cutoff=0.6)
    return found[0] if found else None


def shown(value: Any, *, limit: int = 24) -> str:
    """Shorten a piece of somebody's text for a message."""
    text = str(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"
