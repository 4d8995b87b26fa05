"""Identifiers that sort by the time they were made (DECISIONS 3)."""

import os
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_state = {"tick": 0}


def uuid7() -> UUID:
    """Make a UUID version 7 (RFC 9562): milliseconds, 12 bits of the part of a millisecond, 62 random bits.

    Within a process each is greater than the one before, also when the machine's clock steps back. It never follows
    an injected clock: an id says when the row was made, and two replays must not make the same ids."""
    return UUID(uuid7s(1)[0])


def uuid7s(number: int) -> list[str]:
    """Make many at once, as text and in order: their random halves are drawn together, and an object each costs ten times that."""
    tick, noise = _ticks(number), os.urandom(8 * number).hex()
    found: list[str] = []
    while len(found) < number:
        low, first = tick & 0xFFF, 16 * len(found)
        when = f"{tick >> 12 & 0xFFFF_FFFF_FFFF:012x}"
        head, many = f"{when[:8]}-{when[8:]}-7", min(0x1000 - low, number - len(found))
        found += [
            f"{head}{_TWELVE_BITS[low + i]}-{_VARIANT[noise[at]]}{noise[at + 1 : at + 4]}-{noise[at + 4 : at + 16]}"
            for i, at in enumerate(range(first, first + 16 * many, 16))
        ]
        tick += many
    return found


_TWELVE_BITS = [f"{n:03x}" for n in range(0x1000)]
_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}


def _ticks(number: int) -> int:
    """Take so many ticks for this process alone, and give the first."""
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    now = (milliseconds << 12) | ((rest << 12) // 1_000_000)  # RFC 9562 section 6.2, method 3
    with _lock:
        first = max(now, _state["tick"] + 1)
        _state["tick"] = first + number - 1
    return first
