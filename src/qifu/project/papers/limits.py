"""How many unknown codes one network address may open before it waits. Held in this process: nothing is written by a look."""

from collections import deque
from datetime import datetime, timedelta
from threading import Lock

MOST = 20
SPAN = timedelta(minutes=10)
_KEPT = 10_000

_wrong: dict[str, deque[datetime]] = {}
_lock = Lock()


def waits(sender: str, *, at: datetime) -> bool:
    """Say whether this sender has opened too many unknown codes lately."""
    with _lock:
        return len(_lately(sender, at=at)) >= MOST


def count(sender: str, *, at: datetime) -> None:
    """Count an unknown code."""
    with _lock:
        if len(_wrong) >= _KEPT:
            _wrong.pop(next(iter(_wrong)))
        _wrong.setdefault(sender, deque(maxlen=MOST)).append(at)


def _lately(sender: str, *, at: datetime) -> deque[datetime]:
    found = _wrong.get(sender, deque())
    while found and not at - SPAN < found[0] <= at:
        found.popleft()
    return found
