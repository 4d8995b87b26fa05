"""What can be told from words alone: bigrams, likeness, the kind by its words, what is masked. Pure."""

import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from operator import add
from typing import NamedTuple

_PLAIN = re.compile(r"[^\u4e00-\u9fff\u3400-\u4dbf0-9a-z]+")
_IDENTITY = re.compile(r"(?<!\d)(\d{4})\d{10}([\dXx]{4})(?!\d)")
_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
_LONG = re.compile(r"\d{11}")
_SPLIT = re.compile(r"^\s*(?:\d{1,3}[.、．)）]|[（(]\d{1,3}[)）]|[-•·]|[一二三四五六七八九十]{1,3}、)\s*", re.M)
GRAMS_MOST = 400
LIKE = 0.30
"""From this share of common bigrams on two texts are shown as alike."""
SAME, SAME_OF_NOBODY = 0.6, 0.8
"""From this share on a row of a list is asked about: the same firm's (or number's), and of those who named none the same town's."""
BANDS = 4


def grams(*texts: str) -> list[str]:
    """Give the bigrams of texts, each once, in order; a piece of one sign is its own. At most GRAMS_MOST."""
    found: dict[str, None] = {}
    for text in texts:
        for piece in _PLAIN.split(text.lower()):
            found.update(dict.fromkeys(map(add, piece, piece[1:]) if len(piece) != 1 else piece))
    return list(found)[:GRAMS_MOST]


class Likeness(NamedTuple):
    """How alike two texts are: a share of 0 to 1, and the words that they have in common."""

    share: float
    words: tuple[str, ...]


def likeness(one: Sequence[str], other: Sequence[str]) -> Likeness:
    """Compare two lists of bigrams: the share of the shorter that stands in the longer, so that a short call matches a letter.

    The common words are neighbouring bigrams put together: 口罩 + 罩不 + 不够 is 口罩不够."""
    fewer, more = (one, other) if len(one) <= len(other) else (other, one)
    if len(fewer) < 2:
        return Likeness(0.0, ())
    there = set(more)
    common = [gram for gram in fewer if gram in there]
    return Likeness(len(common) / max(len(fewer), 4), _joined(common))


def _joined(common: Iterable[str]) -> tuple[str, ...]:
    words: list[str] = []
    for gram in common:
        if words and len(gram) == 2 and words[-1][-1] == gram[0]:
            words[-1] += gram[1]
        else:
            words.append(gram)
    return tuple(sorted((word for word in words if len(word) >= 2), key=len, reverse=True)[:3])


def signature(grams: Sequence[str]) -> tuple[int, ...]:
    """Give the blocking keys of a text: the least of its bigrams under BANDS orders (MinHash). Texts that share six bigrams
    of ten have one in common with 97 of 100; only such pairs are compared, so that a list is not compared with itself."""
    return tuple(map(min, zip(*map(_orders, grams), strict=True))) if grams else ()


@cache
def _orders(gram: str) -> tuple[int, ...]:
    word = zlib.crc32(gram.encode())
    return tuple((word * odd ^ word >> 15) & 0xFFFFFFFF for odd in _ODD)


_ODD = (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F)


class Guess(NamedTuple):
    """What the words say: kind, the words that say so, and whether it is a question that is answered at once."""

    kind: str
    words: tuple[str, ...]
    simple: bool


def guess(text: str, *, kinds: Mapping[str, Sequence[str]], simple: Sequence[str]) -> Guess:
    """Find the kind whose words stand in the text most (long words weigh more); '' where none does."""
    best, most = "", 0
    why: tuple[str, ...] = ()
    for kind, words in kinds.items():
        found = [word for word in words if word in text]
        if found and (weight := sum(map(len, found))) > most:
            best, why, most = kind, tuple(found), weight
    return Guess(best, why[:4], any(word in text for word in simple) and len(text) < 80)


def masked(text: str) -> tuple[str, str, int]:
    """Give the text with numbers of identity cards and mobiles masked, the first mobile that stood in it, and how many were masked."""
    if not _LONG.search(text):
        return text, "", 0
    phone = _MOBILE.search(_IDENTITY.sub("", text))
    plain, cards = _IDENTITY.subn(r"\1**********\2", text)
    plain, mobiles = _MOBILE.subn(r"\1****\2", plain)
    return plain, phone.group(0) if phone else "", cards + mobiles


def titled(text: str, *, most: int) -> str:
    """Give the first sentence as a title, cut where it is long."""
    first = re.split(r"[。！？!?\n；;]", text.strip(), maxsplit=1)[0].strip() or text.strip()
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
