"""Text as people type and paste it, and the pieces that search looks for."""

import re
import unicodedata

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_BLANK = re.compile(r"[\s\u00a0\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060\ufeff]+")


def narrow(text: str) -> str:
    """Turn full-width letters, digits and signs into plain ones, and drop the invisible characters that sheets add."""
    text = unicodedata.normalize("NFKC", text).replace("\u2212", "-")
    return _BLANK.sub(" ", text).strip()


def bigrams(text: str) -> list[str]:
    """Cut a text into the single characters and neighbouring pairs that search compares, sorted, each once.

    Case, width, blanks and punctuation do not count. A query matches when all its pieces are among a text's pieces;
    for a query of one character that is the character, so a text holds singles as well as pairs."""
    plain = "".join(ch for ch in unicodedata.normalize("NFKC", text).casefold() if ch.isalnum())
    pairs = {plain[i : i + 2] for i in range(len(plain) - 1)}
    return sorted(pairs | set(plain))


def query_bigrams(text: str) -> list[str]:
    """Cut a search text into the fewest pieces that must all be there: its pairs, or its only character."""
    pieces = bigrams(text)
    pairs = [piece for piece in pieces if len(piece) == 2]
    return pairs or pieces


def read_whole(text: str, *, most: int = 9) -> int | None:
    """Read a whole number of at most so many plain digits, as an address or a form gives it; None for anything else.

    To Python ² is a digit, but no number, and neither are five thousand nines."""
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= most else None


def is_han(character: str) -> bool:
    """Say whether a character is a Chinese one."""
    return bool(_HAN.fullmatch(character))
