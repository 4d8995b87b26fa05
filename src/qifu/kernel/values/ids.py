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
    nanoseconds = time.time_ns()
    milliseconds, rest = divmod(nanoseconds, 1_000_000)
    tick = (milliseconds << 12) | ((rest << 12) // 1_000_000)  # RFC 9562 section 6.2, method 3
    with _lock:
        tick = max(tick, _state["tick"] + 1)
        _state["tick"] = tick
    random = int.from_bytes(os.urandom(8), "big") & 0x3FFF_FFFF_FFFF_FFFF
    number = ((tick >> 12) & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | (tick & 0xFFF) << 64 | 0b10 << 62 | random
    return UUID(int=number)
