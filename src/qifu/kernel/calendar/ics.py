"""Calendar files (RFC 5545), which telephones and mail programs read and subscribe to: text, folding, instants."""

from collections.abc import Sequence
from datetime import UTC, datetime


def text(words: str) -> str:
    """Give words as a value of a property."""
    escaped = words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(escaped.splitlines())


def stamp(at: datetime) -> str:
    """Give an instant in UTC: 20200217T083000Z."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def file(lines: Sequence[str]) -> str:
    """Give the file of these lines, each folded at 75 octets, never inside a character."""
    return "\r\n".join(part for line in lines for part in _folded(line)) + "\r\n"


def _folded(line: str) -> list[str]:
    lines: list[str] = []
    held = b""
    for char in line:
        raw = char.encode()
        if len(held) + len(raw) > (75 if not lines else 74):
            lines.append(held.decode())
            held = b""
        held += raw
    return [lines[0], *(f" {one}" for one in lines[1:]), f" {held.decode()}"] if lines else [held.decode()]
