"""Registers listeners and delivers the journal to them, each entry once, below the snapshot's xmin."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from qifu.kernel.access import Actor, acting
from qifu.kernel.calendar import clock
from qifu.kernel.workflow.terms import SLACK

VERSION = "v1"


class Event(NamedTuple):
    """One piece of news. Names are additive and never renamed (DECISIONS 23)."""

    name: str
    seq: int
    process: str
    verb: str
    subject: UUID
    about: UUID
    left: str
    entered: str
    sign: int
    at: datetime
    region: int
    district: int
    party: UUID | None
    data: dict[str, Any]


def after(event: Event, *subjects: Any) -> datetime:
    """Give the instant at which something follows from news: that of the news, and not before the subjects stood where they stand.

    Where the worker stood still meanwhile, so that it would be told too late, it follows now: it must follow all the same."""
    at, now = max([event.at, *(one.state_at for one in subjects)]), clock.now()
    return at if now - at < SLACK - timedelta(minutes=1) else now


Hear = Callable[[Event, Actor], None]
HearMany = Callable[[Sequence[Event], Actor], None]


@dataclass(frozen=True)
class Listener:
    """Who wants which news, and what is done with it (inside the transaction that moves the cursor)."""

    name: str
    wants: tuple[str, ...]
    hear: HearMany = field(compare=False)


listeners: dict[str, Listener] = {}


def listen(*wants: str, name: str) -> Callable[[Hear], Hear]:
    """Register a function as the listener `name` for events by name or pattern."""

    def register(hear: Hear) -> Hear:
        def one_by_one(events: Sequence[Event], actor: Actor) -> None:
            for event in events:
                hear(event, actor)

        listeners[name] = Listener(name, wants, one_by_one)
        return hear

    return register


def listen_many(*wants: str, name: str) -> Callable[[HearMany], HearMany]:
    """Register a function that is given all its news of one reading at once, in order: for what asks once for many."""

    def register(hear: HearMany) -> HearMany:
        listeners[name] = Listener(name, wants, hear)
        return hear

    return register


_NEXT = """
SELECT seq, process, verb, subject, about, "left", entered, sign, at, region, district, party, data, tx
FROM journal_entry WHERE era = %s AND tx >= %s
  -- an earlier era is over: all of it is known
  AND (%s OR tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
ORDER BY tx, seq LIMIT %s
"""


_CURSORS = "SELECT listener, era, tx, (SELECT max(number) FROM journal_era) FROM events_cursor WHERE listener = ANY (%s)"
_MOVE = """
UPDATE events_cursor SET era = %s, tx = %s WHERE listener IN (
  SELECT listener FROM events_cursor WHERE listener = ANY (%s) AND era = %s AND tx = %s FOR UPDATE SKIP LOCKED)
"""


def deliver(*, actor: Actor, limit: int = 1000) -> int:
    """Deliver what became known since the last time to every listener; returns how many entries were passed, by listener.

    Reading stops at the snapshot's xmin, so that a transaction still under way is never skipped. A batch ends at a
    transaction's end, since the cursor counts transactions. Listeners that stand at one place share one reading; those
    that want nothing of it go on together, each of the others in a transaction of its own, so that one that fails keeps
    its place and takes nothing from the rest."""
    passed = 0
    waiting: list[tuple[Listener, list[Event], _Reading]] = []
    with acting(actor), connection.cursor() as cursor:
        for (era, tx, newest), names in _standing(cursor).items():
            reading = _read(cursor, era, tx, newest, limit)
            heard = {name: wanted for name in names if (wanted := _wanted(listeners[name], reading.events))}
            waiting += [(listeners[name], wanted, reading) for name, wanted in heard.items()]
            passed += len(reading.events) * _move(cursor, [name for name in names if name not in heard], reading)
    for listener, wanted, reading in waiting:
        with acting(actor), connection.cursor() as cursor:
            if _move(cursor, [listener.name], reading):
                listener.hear(wanted, actor)
                passed += len(reading.events)
    return passed


class _Reading(NamedTuple):
    """What was read from one place of the record on, and the place reached."""

    since: tuple[int, int]
    reached: tuple[int, int]
    events: list[Event]


def _standing(cursor: Any) -> dict[tuple[int, int, int], list[str]]:
    """Give the listeners by where they stand (era, transaction) and the newest era; a new one stands at the era's beginning."""
    cursor.execute(_CURSORS, [list(listeners)])
    found = cursor.fetchall()
    if new := listeners.keys() - {row[0] for row in found}:
        cursor.execute(
            "INSERT INTO events_cursor (listener, era, tx)"
            " SELECT unnest(%s::text[]), max(number), 0 FROM journal_era ON CONFLICT DO NOTHING",
            [sorted(new)],
        )
        cursor.execute(_CURSORS, [list(listeners)])
        found = cursor.fetchall()
    places: dict[tuple[int, int, int], list[str]] = {}
    at = {name: place for name, *place in found}
    for name in listeners:
        era, tx, newest = at[name]
        places.setdefault((era, tx, newest), []).append(name)
    return places


def _read(cursor: Any, era: int, tx: int, newest: int, limit: int) -> _Reading:
    while True:
        cursor.execute(_NEXT, [era, tx, era < newest, limit])
        rows = cursor.fetchall()
        whole = len(rows) < limit
        if whole or rows[0][-1] != rows[-1][-1]:
            break
        limit *= 2  # one transaction larger than the batch: take it whole
    batch = rows if whole else [row for row in rows if row[-1] < rows[-1][-1]]
    end = batch[-1][-1] + 1 if batch else tx
    reached = (era + 1, 0) if whole and era < newest else (era, end)
    return _Reading((era, tx), reached, [Event(f"{row[1]}.{row[2]}.{VERSION}", *row[:-1]) for row in batch])


def _wanted(listener: Listener, events: Sequence[Event]) -> list[Event]:
    names = {name for name in {event.name for event in events} if any(fnmatchcase(name, want) for want in listener.wants)}
    return [event for event in events if event.name in names] if names else []


def _move(cursor: Any, names: Sequence[str], reading: _Reading) -> int:
    """Move the cursors that still stand where was read from; gives how many. Whoever else moved one delivers its news."""
    if not names or reading.reached == reading.since:
        return 0
    cursor.execute(_MOVE, [*reading.reached, list(names), *reading.since])
    moved: int = cursor.rowcount
    return moved
