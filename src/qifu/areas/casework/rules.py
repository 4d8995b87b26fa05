"""What can be told from words alone: bigrams, likeness, the kind by its words, what is masked. Pure."""

import re
import sys
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress
from typing import NamedTuple

_PLAIN = re.compile(r"[^\u4e00-\u9fff\u3400-\u4dbf0-9a-z]+")
_IDENTITY = re.compile(r"(?<!\d)(\d{4})\d{10}([\dXx]{4})(?!\d)")
_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
_LONG = re.compile(r"\d{11}")
_SPLIT = re.compile(r"^\s*(?:\d{1,3}[.、．)）]|[（(]\d{1,3}[)）]|[-•·]|[一二三四五六七八九十]{1,3}、)\s*", re.M)
_ENDS = re.compile(r"[。！？!?\n；;]")
GRAMS_MOST = 400
LIKE = 0.30
"""From this share of common bigrams on two texts are shown as alike."""
SAME, SAME_OF_NOBODY = 0.6, 0.8
"""From this share on a row of a list is asked about: the same firm's (or number's), and of those who named none the same town's."""
BANDS = 4


def grams(*texts: str) -> list[int]:
    """Give the bigrams of texts, each once, in order, and then the pieces of one sign; at most GRAMS_MOST.

    As numbers (see `gram`): a list of 50,000 troubles has two millions, and the database sends, keeps, compares and indexes
    numbers at half the cost. Every sign that counts has two bytes, so that two of them make one number."""
    return next(grams_of_each([" ".join(texts)]))


def grams_of_each(texts: Sequence[str]) -> Iterator[list[int]]:
    """Give the bigrams of each text, as `grams` does. Some hundred texts are cut as one: to begin costs more than to cut."""
    for start in range(0, len(texts), _TOGETHER):
        yield from _cut(texts[start : start + _TOGETHER])


def _cut(texts: Sequence[str]) -> Iterator[list[int]]:
    plain = _GAPS.sub("\0", "\1".join([text.replace("\1", " ") for text in texts]).lower())
    raw, marks = plain.encode("utf-16-le"), plain.encode("ascii", "replace").replace(b"\1", b"\0")
    found = array("i", bytes(max(2 * len(raw) - 4, 0)))
    found[0::2], found[1::2] = (array("i", raw[start : start + ((len(raw) - start) & ~3)]) for start in (0, 2))
    if sys.byteorder == "big":
        found.byteswap()
    # A sign is marked by what it is in ASCII or by '?', of which any two have a bit in common; a gap is 0. All marks make one
    # number, in which the next sign's stands eight bits higher.
    here, there = (int.from_bytes(one, "little") for one in (marks, marks.translate(_THERE)))
    both = (here & here >> 8).to_bytes(len(marks), "little")
    alone = (there & ~(there << 8 | there >> 8)).to_bytes(len(marks), "little")
    start = 0
    for text in plain.split("\1"):
        end = start + len(text)
        each = list(dict.fromkeys(compress(found[start : end - 1], both[start : end - 1]))) if text else []
        if alone.find(1, start, end) >= 0:
            each += dict.fromkeys(ord(piece) for piece in text.split("\0") if len(piece) == 1)
        yield each[:GRAMS_MOST]
        start = end + 1


_TOGETHER = 250
_GAPS = re.compile(r"[^\u4e00-\u9fff\u3400-\u4dbf0-9a-z\1]+")
_THERE = bytes(sign > 0 for sign in range(256))


def gram(signs: str) -> int:
    """Give the number of one or two signs: the first in the lower half of 32 bits, the second in the upper, read with a sign."""
    number = ord(signs[0]) | (ord(signs[1]) << 16 if len(signs) > 1 else 0)
    return number - (1 << 32) if number >> 31 else number


def written(gram: int) -> str:
    """Give the signs of a bigram."""
    first, second = chr(gram & 0xFFFF), gram >> 16 & 0xFFFF
    return first + chr(second) if second else first


class Likeness(NamedTuple):
    """How alike two texts are: a share of 0 to 1, and the words that they have in common."""

    share: float
    words: tuple[str, ...]


def likeness(one: Sequence[int], other: Sequence[int]) -> Likeness:
    """Compare two lists of bigrams: the share of the shorter that stands in the longer, so that a short call matches a letter.

    The common words are neighbouring bigrams put together: 口罩 + 罩不 + 不够 is 口罩不够."""
    fewer, more = (one, other) if len(one) <= len(other) else (other, one)
    if len(fewer) < 2:
        return Likeness(0.0, ())
    there = set(more)
    common = [gram for gram in fewer if gram in there]
    return Likeness(len(common) / max(len(fewer), 4), _joined(map(written, common)))


def _joined(common: Iterable[str]) -> tuple[str, ...]:
    words: list[str] = []
    for gram in common:
        if words and len(gram) == 2 and words[-1][-1] == gram[0]:
            words[-1] += gram[1]
        else:
            words.append(gram)
    return tuple(sorted((word for word in words if len(word) >= 2), key=len, reverse=True)[:3])


def signature(grams: Sequence[int]) -> tuple[int, ...]:
    """Give the blocking keys of a text: the least of its bigrams under BANDS orders (MinHash). Texts that share six bigrams
    of ten have one in common with 97 of 100; only such pairs are compared, so that a list is not compared with itself."""
    return tuple(min((gram * odd ^ gram >> 15) & 0xFFFFFFFF for gram in grams) for odd in _ODD) if grams else ()


_ODD = (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F)


class Guess(NamedTuple):
    """What the words say: kind, the words that say so, and whether it is a question that is answered at once."""

    kind: str
    words: tuple[str, ...]
    simple: bool


class Words:
    """The words by which kinds are known. Which of them may stand in a text its bigrams say: two or three of a hundred."""

    def __init__(self, kinds: Mapping[str, Sequence[str]], *, simple: Sequence[str]) -> None:
        self.simple = tuple(simple)
        words = [(kind, word) for kind, words in kinds.items() for word in words]
        self.kinds, self.words = [kind for kind, _ in words], [word for _, word in words]
        self.begun: dict[int, list[int]] = {}
        self.others: list[int] = []
        for number, word in enumerate(self.words):
            known = len(word) > 1 and not _PLAIN.search(word)
            (self.begun.setdefault(gram(word[:2]), []) if known else self.others).append(number)

    def guess(self, text: str) -> Guess:
        """Say which kind the words are of."""
        kind, why = self.kind(text, grams(text))
        return Guess(kind, why, len(text) < 80 and any(word in text for word in self.simple))

    def kind(self, text: str, known: Sequence[int]) -> tuple[str, tuple[str, ...]]:
        """Find the kind whose words stand in the text most (long words weigh more), and up to four of them; '' where none
        does. `known`: the bigrams of the text."""
        maybe: Iterable[int] = range(len(self.words))
        if len(known) < GRAMS_MOST:
            maybe = sorted([*self.others, *(number for one in self.begun.keys() & known for number in self.begun[one])])
        found: dict[str, list[str]] = {}
        for number in maybe:
            if (word := self.words[number]) in text:
                found.setdefault(self.kinds[number], []).append(word)
        # The first of those that weigh the same.
        best = max(found, key=lambda kind: sum(map(len, found[kind])), default="")
        return best, tuple(found.get(best, ())[:4])


def masked(text: str) -> tuple[str, str, int]:
    """Give the text with numbers of identity cards and mobiles masked, the first mobile that stood in it, and how many were masked."""
    if not _LONG.search(text):
        return text, "", 0
    phone = _MOBILE.search(_IDENTITY.sub("", text))
    plain, cards = _IDENTITY.subn(r"\1**********\2", text)
    plain, mobiles = _MOBILE.subn(r"\1****\2", plain)
    return plain, phone.group(0) if phone else "", cards + mobiles


def headed(title: str, text: str, *, most: int) -> tuple[str, str]:
    """Give title and text. Without a title it is the first sentence; one that is too long stands whole before the text."""
    title = title.strip()
    if not title:
        return titled(text, most=most), text
    return (title, text) if len(title) <= most else (title[: most - 1] + "…", f"{title}\n{text}")


def titled(text: str, *, most: int) -> str:
    """Give the first sentence as a title, cut where it is long."""
    first = _ENDS.split(text.strip(), maxsplit=1)[0].strip() or text.strip()
    return first if len(first) <= most else first[: most - 1] + "…"


def pieces(text: str) -> list[str]:
    """Split a group's message into its items: numbered lines where there are any, else blocks between empty lines, else one."""
    marks = list(_SPLIT.finditer(text))
    if len(marks) >= 2:
        starts = [mark.end() for mark in marks]
        ends = [mark.start() for mark in marks[1:]] + [len(text)]
        found = [text[a:b].strip() for a, b in zip(starts, ends, strict=True)]
    else:
        found = [block.strip() for block in re.split(r"\n\s*\n", text)]
    return [one for one in found if one]
