"""The one clock. Actions take `at`; only the edges (views, commands, timers) ask here, so that a replay runs under
the clock of its file, in this thread and in every other of the process (DECISIONS 2)."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)
"""Between which days anybody means what they write: a birth, a founding, a plan."""


class Clock(Protocol):
    """Anything that can say what time it is, as an aware datetime."""

    def now(self) -> datetime: ...


class System:
    """The clock of the machine."""

    def now(self) -> datetime:
        return datetime.now(ZONE)


class Fixed:
    """A clock that stands still until it is told otherwise: for tests, and for a replay that steps line by line."""

    def __init__(self, at: datetime) -> None:
        self._at = local(at)

    def now(self) -> datetime:
        return self._at

    def set(self, at: datetime) -> datetime:
        """Put the hands to `at` (aware)."""
        self._at = local(at)
        return self._at

    def advance(self, by: timedelta) -> datetime:
        """Put the hands forward by a duration."""
        self._at += by
        return self._at


class Running:
    """A clock that began at `start` when it was made and runs `speed` times as fast as the machine's."""

    def __init__(self, start: datetime, *, speed: float = 1.0) -> None:
        if speed <= 0:
            raise ValueError("a running clock needs a speed above zero")
        self._start = local(start)
        self._speed = speed
        self._began = time.monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=(time.monotonic() - self._began) * self._speed)


class _Shared:
    """The clocks that the process as a whole was told to use, the latest last; below them stands the machine's."""

    def __init__(self) -> None:
        self.clocks: list[Clock] = [System()]


_shared = _Shared()
_here: ContextVar[Clock | None] = ContextVar("qifu_clock", default=None)


def local(at: datetime) -> datetime:
    """Give an instant in the zone of the product; refuse one without a zone, since it could mean eight hours more."""
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} has no time zone")
    return at.astimezone(ZONE)


def read_day(text: str) -> date:
    """Read a day as a form or an address gives it (2020-02-10). ValueError for anything else, and for days so far off that no
    reckoning with the day before or after holds."""
    day = date.fromisoformat(text.strip())
    if not FIRST <= day <= LAST:
        raise ValueError(f"{day} is out of range")
    return day


def read_instant(text: str) -> datetime:
    """Read an instant (2020-02-10T08:00, with a zone or without). ValueError as for a day."""
    at = datetime.fromisoformat(text.strip())
    read_day(at.date().isoformat())
    return at


def current() -> Clock:
    """Give the clock in use: of this context, else of the process, else of the machine."""
    return _here.get() or _shared.clocks[-1]


def now() -> datetime:
    """Say what time it is in Asia/Shanghai. For views, commands and timers only: everything below takes `at`."""
    return local(current().now())


def today() -> date:
    """Say what day it is in Asia/Shanghai."""
    return now().date()


@contextmanager
def use(clock: Clock, *, everywhere: bool = True) -> Iterator[Clock]:
    """Run the block under another clock, and every thread of the process with it that has none of its own.

    `everywhere=False` keeps it to this context (two tests in two threads)."""
    mark = _here.set(clock)
    if everywhere:
        _shared.clocks.append(clock)
    try:
        yield clock
    finally:
        if everywhere:
            # The last occurrence of this very clock: blocks of two threads may end in another order than they began.
            place = max(i for i, used in enumerate(_shared.clocks) if used is clock)
            del _shared.clocks[place]
        _here.reset(mark)
