"""Guesses which column holds which field, and says how it knew; and the fingerprint by which a mapping is remembered."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import sha256
from typing import Any

from qifu.kernel.language import plain

from .parsers import as_text
from .target import Combined, Field, Target

SKIP = ""
"""A column that is not imported: the original file keeps it."""
ARROW = " ▸ "
BEYOND = "表头右边"
"""How a column is called that lies right of the header of a text and that hardly a row reaches."""

SAME, SIMILAR, CONTENT, REMEMBERED, CHOSEN = "列名相同", "列名相近", "按内容认出", "上次这样对的", "人工选定"

_DROP = re.compile(r"[\s*＊:：、,，.。\"“”'‘’_\-/\\▸★☆]+")
_ASIDE = re.compile(r"[(（\[【<《].*?[)）\]】>》]")
SERIAL = frozenset({"序号", "编号", "no", "序", "行号", "no."})


@dataclass(frozen=True)
class Guess:
    """Where a column goes ("" for nowhere) and how that was known ("" if not)."""

    field: str
    how: str


def normal(label: Any) -> str:
    """Reduce a header to what is compared: width, case, blanks, punctuation and asides in brackets do not count."""
    narrow = unicodedata.normalize("NFKC", as_text(label)).lower()
    bare = _DROP.sub("", _ASIDE.sub("", narrow))
    return bare or _DROP.sub("", narrow)


def fingerprint(labels: Sequence[str]) -> str:
    """Give the mark of a header by which an office's mapping is found again: its labels in any order."""
    return sha256("\n".join(sorted(filter(None, map(normal, labels)))).encode()).hexdigest()[:32]


class Vocabulary:
    """The words by which a target's fields are known."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.exact: dict[str, str] = {}
        self.words: list[tuple[str, str]] = []
        for choice in target.choices:
            # A list is in Chinese whatever language its reader has chosen.
            for word in (plain(choice.label), *choice.synonyms):
                known = normal(word)
                self.exact.setdefault(known, choice.key)
                self.words.append((known, choice.key))

    def knows(self, label: Any) -> float:
        """Say how surely a cell is one of the headers: 0 to 1."""
        bare = normal(label)
        if not bare or len(bare) > 40:
            return 0.0
        if bare in self.exact or bare in SERIAL:
            return 1.0
        # Containment only: this is asked of every cell of the first rows, most of which are no headers.
        inside = [len(word) for word in self.exact if len(word) > 1 and word in bare]
        return 0.6 * max(inside) / len(bare) + 0.3 if inside and max(inside) * 3 >= len(bare) else 0.0

    def ranked(self, label: str) -> list[tuple[float, str]]:
        """Give the fields that a label may mean, best first, each with its likeness from 0 to 1."""
        whole = normal(label)
        child = normal(label.rpartition(ARROW)[2])
        best: dict[str, float] = {}
        for weight, bare in ((1.0, whole), (0.9, child)):
            if not bare:
                continue
            if bare in self.exact:
                best[self.exact[bare]] = max(best.get(self.exact[bare], 0.0), weight)
                continue
            for word, key in self.words:
                likeness = weight * _likeness(bare, word)
                if likeness > best.get(key, 0.0):
                    best[key] = likeness
        for combined in self.target.combined:
            # 联系人电话 may be a telephone or a contact with one: the cells decide, the fuller reading is tried first.
            if whole in map(normal, combined.synonyms):
                best[combined.key] = 1.001
        return sorted(((score, key) for key, score in best.items()), key=lambda pair: -pair[0])


def _likeness(a: str, b: str) -> float:
    if a == b:
        return 1.0
    short, long = sorted((a, b), key=len)
    if len(short) >= 2 and short in long:
        return 0.6 + 0.35 * len(short) / len(long)
    ratio = SequenceMatcher(None, a, b, autojunk=False).ratio()
    return ratio * 0.9


def guess(
    labels: Sequence[str],
    samples: Sequence[Sequence[Any]],
    *,
    vocabulary: Vocabulary,
    remembered: Mapping[str, str] | None = None,
) -> list[Guess]:
    """Guess the field of each column; each field is given once, to the column that is surest of it.

    `samples` holds some cells of each column. `remembered` maps normal labels to fields and comes first."""
    target = vocabulary.target
    known = {choice.key for choice in target.choices}
    found: list[Guess | None] = [None] * len(labels)
    taken: set[str] = set()

    def give(index: int, field: str, how: str) -> None:
        found[index] = Guess(field, how)
        taken.update(_fields_of(target, field))

    for index, label in enumerate(labels):
        field = (remembered or {}).get(normal(label))
        if field is not None and (field == SKIP or (field in known and not taken & _fields_of(target, field))):
            give(index, field, REMEMBERED)

    claims = []
    for index, label in enumerate(labels):
        if found[index] is None and normal(label) not in SERIAL:
            claims += [(score, -index, key) for score, key in vocabulary.ranked(label) if score >= 0.6]
    for score, negative, key in sorted(claims, reverse=True):
        index = -negative
        if found[index] is None and not taken & _fields_of(target, key) and _bearable(target, key, samples[index]):
            give(index, key, SAME if score >= 0.9 else SIMILAR)

    for index, label in enumerate(labels):
        if found[index] is None and normal(label) not in SERIAL and not label.startswith(BEYOND):
            key = _by_content(target, samples[index], taken)
            if key:
                give(index, key, CONTENT)
    return [g or Guess(SKIP, "") for g in found]


def _fields_of(target: Target, key: str) -> set[str]:
    for combined in target.combined:
        if combined.key == key:
            return {key, *combined.fields}
    return {key} if key else set()


def _bearable(target: Target, key: str, sample: Sequence[Any]) -> bool:
    """Say whether the cells do not speak against a combined column: 联系人 alone is not 联系人及电话."""
    choice = next(c for c in target.choices if c.key == key)
    return not isinstance(choice, Combined) or choice.looks is None or _share(choice, sample) >= 0.3


def _by_content(target: Target, sample: Sequence[Any], taken: set[str]) -> str:
    candidates: tuple[Field | Combined, ...] = (*target.combined, *target.fields)
    for choice in candidates:
        if choice.looks and not taken & _fields_of(target, choice.key) and _share(choice, sample) >= 0.8:
            return choice.key
    return SKIP


def _share(choice: Field | Combined, sample: Sequence[Any]) -> float:
    texts = [as_text(cell) for cell in sample if cell != ""]
    if not texts or choice.looks is None:
        return 0.0
    return sum(map(choice.looks, texts)) / len(texts)
