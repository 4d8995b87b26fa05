"""The bulletin's grammar, pure: sentences with conditions, numbers by name, and comparisons that know zero, more and less.

A sentence is {"says": words with {tokens}, "if": conditions}. A token is FIGURE, FIGURE.of, FIGURE.rate, FIGURE.gap_OTHER
(its rate over another's, in tenths of a percentage point), FIGURE.PHRASE (a comparison with a day before), FIGURE.towns (the
places with the most), or a name of a word (place, whole, asof)."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_TOKEN = re.compile(r"\{([^{}]+)\}")
_CONDITION = re.compile(r"^\s*([\w.]+)\s*(==|!=|>=|<=|>|<)\s*([\w.-]+)\s*$")
_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "==": lambda a, b: a == b, "!=": lambda a, b: a != b, ">=": lambda a, b: a >= b,
    "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, "<": lambda a, b: a < b,
}  # fmt: skip
ATTRIBUTES = ("value", "of", "rate", "change", "rest")
GAP = "gap_"


class WrongWording(ValueError):
    """A sentence of the pack that cannot be read; `says` names it."""

    def __init__(self, says: str) -> None:
        self.says = says
        super().__init__(says)


@dataclass(frozen=True)
class Asked:
    """One number that a text asks for: which figure, which side of it, at which place (None: the whole)."""

    figure: str
    attribute: str = "value"
    place: int | None = None


@dataclass(frozen=True)
class Number:
    """A number in a text, before it is said."""

    asked: Asked


Piece = str | Number
Answer = Callable[[Asked], int | None]


def holds(condition: str, answer: Answer) -> bool:
    """Say whether conditions joined by `and` hold; a number that is not known makes its condition false."""
    return all(_holds(one, answer) for one in condition.split(" and "))


def _holds(condition: str, answer: Answer) -> bool:
    found = _CONDITION.match(condition)
    if found is None:
        raise WrongWording(f"条件“{condition}”看不懂，要写成“R15 > 0”")
    left, right = _number(found[1], answer), _number(found[3], answer)
    return left is not None and right is not None and _COMPARE[found[2]](left, right)


def _number(word: str, answer: Answer) -> int | None:
    return int(word) if word.lstrip("-").isdigit() else answer(asked(word))


def asked(word: str) -> Asked:
    """Read F23, F23.of, F23.rate, F23.change, F23.rest, F23.gap_F24."""
    figure, _, attribute = word.strip().partition(".")
    if attribute and attribute not in ATTRIBUTES and not attribute.startswith(GAP):
        raise WrongWording(f"“{word}”：没有 {attribute} 这一项")
    return Asked(figure, attribute or "value")


def read(
    sentence: str,
    *,
    words: Mapping[str, str],
    phrases: Mapping[str, Mapping[str, str]],
    answer: Answer,
    towns: Callable[[str], Sequence[tuple[str, int]]],
) -> list[Piece]:
    """Give the pieces of a sentence: words as they are, numbers still to be said."""
    pieces: list[Piece] = []
    last = 0
    for found in _TOKEN.finditer(sentence):
        pieces.append(sentence[last : found.start()])
        pieces.extend(_token(found[1], words=words, phrases=phrases, answer=answer, towns=towns))
        last = found.end()
    pieces.append(sentence[last:])
    return joined(pieces)


def _token(
    token: str,
    *,
    words: Mapping[str, str],
    phrases: Mapping[str, Mapping[str, str]],
    answer: Answer,
    towns: Callable[[str], Sequence[tuple[str, int]]],
) -> list[Piece]:
    if token in words:
        return [words[token]]
    figure, _, attribute = token.partition(".")
    if attribute == "towns":
        return _towns(figure, towns(figure))
    if attribute in phrases:
        change = answer(Asked(figure, "change"))
        phrase = phrases[attribute]["same" if not change else "more" if change > 0 else "less"]
        before, _, after = phrase.partition("{n}")
        return [before, Number(Asked(figure, "change")), after] if "{n}" in phrase else [phrase]
    return [Number(asked(token))]


def _towns(figure: str, found: Sequence[tuple[str, int]]) -> list[Piece]:
    pieces: list[Piece] = []
    for name, place in found:
        pieces += ["、" if pieces else "", name, Number(Asked(figure, "value", place))]
    return pieces


def joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Join neighbouring words and drop the empty."""
    found: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and found and isinstance(found[-1], str):
            found[-1] += piece
        elif piece != "":
            found.append(piece)
    return found


def faults(spec: Any, known: Callable[[str], bool]) -> list[str]:
    """List what is wrong with a pack's bulletin: missing parts, unknown figures, conditions that cannot be read."""
    if not isinstance(spec, Mapping):
        return ["要是一组“名称：内容”"]
    wrong = [f"没有写 {key}" for key in ("name", "issuer", "hour", "headline", "paragraphs") if not spec.get(key)]
    phrases = spec.get("phrases") or {}
    for name, phrase in phrases.items():
        if set(phrase) != {"more", "same", "less"}:
            wrong.append(f"phrases.{name} 要有 more、same、less")
    every = [*_sentences(spec.get("headline")), *(s for paragraph in spec.get("paragraphs") or [] for s in _sentences(paragraph))]
    for sentence in every:
        for token in _TOKEN.findall(sentence.get("says", "")):
            figure, _, attribute = token.partition(".")
            if token in WORDS or (known(figure) and attribute in ("", "towns", *ATTRIBUTES, *phrases)):
                continue
            if known(figure) and attribute.startswith(GAP) and known(attribute.removeprefix(GAP)):
                continue
            wrong.append(f"“{token}”：没有这个指标或这一项")
        for condition in filter(None, str(sentence.get("if", "")).split(" and ")):
            found = _CONDITION.match(condition)
            if found is None:
                wrong.append(f"条件“{condition}”看不懂")
            else:
                sides = [side.partition(".") for side in (found[1], found[3]) if not side.lstrip("-").isdigit()]
                wrong += [f"条件“{condition}”：没有 {id} 这个指标" for id, _, _ in sides if not known(id)]
    return wrong


WORDS = ("place", "whole", "asof", "day")


def _sentences(given: Any) -> list[Mapping[str, Any]]:
    return [sentence(one) for one in (given if isinstance(given, list) else [given] if given else [])]


def sentence(given: Any) -> Mapping[str, Any]:
    """Read a sentence: plain words, or words with a condition."""
    return given if isinstance(given, Mapping) else {"says": str(given)}


# ------------------------------------------------------------------------------------------------ editing

BRACED = re.compile(r"\{([^{}]*)\}")
_DIGITS = re.compile(r"\d[\d,.]*")
_IN_A_DATE = re.compile(r"\d+(?=[年月日时分期号:：])|(?<=[:：])\d+")


def written(pieces: Sequence[Mapping[str, Any]], figures: Sequence[Mapping[str, Any]]) -> str:
    """Write a paragraph for editing: each computed number in braces."""
    return "".join("{" + figures[piece["f"]]["words"] + "}" if "f" in piece else str(piece["t"]) for piece in pieces)


def plain(pieces: Sequence[Mapping[str, Any]], figures: Sequence[Mapping[str, Any]]) -> str:
    """Write a paragraph as it is read."""
    return "".join(figures[piece["f"]]["words"] if "f" in piece else str(piece["t"]) for piece in pieces)


def reread(text: str, before: Sequence[Mapping[str, Any]], figures: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]] | str:
    """Read an edited paragraph back; gives the offending word where a number is not one that was computed for it.

    Outside of braces only those digits may stand that stood there before, and dates."""
    left = [piece["f"] for piece in before if "f" in piece]
    stood = set(_DIGITS.findall("".join(str(piece["t"]) for piece in before if "t" in piece)))
    found: list[dict[str, Any]] = []
    last = 0
    for token in BRACED.finditer(text):
        found.append({"t": text[last : token.start()]})
        index = next((f for f in left if figures[f]["words"] == token[1].strip()), None)
        if index is None:
            return token[1]
        left.remove(index)
        found.append({"f": index})
        last = token.end()
    found.append({"t": text[last:]})
    for piece in found:
        words = _IN_A_DATE.sub("", str(piece.get("t", "")))
        for digits in _DIGITS.findall(words):
            if digits not in stood:
                return str(digits)
    return [piece for piece in found if piece != {"t": ""}]


def numbers_in(text: str) -> list[str]:
    """List the numbers of a text that are no part of a date."""
    return [digits.rstrip(",.") for digits in _DIGITS.findall(_IN_A_DATE.sub("", text))]
