"""Registers listeners and delivers the journal to them, each entry once, below the snapshot's xmin."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from qifu.kernel.access import Actor, acting

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


@dataclass(frozen=True)
class Listener:
    """Who wants which news, and what is done with it (inside the transaction that moves the cursor)."""

    name: str
    wants: tuple[str, ...]
    hear: Callable[[Event, Actor], None] = field(compare=False)


listeners: dict[str, Listener] = {}


def listen(*wants: str, name: str) -> Callable[[Callable[[Event, Actor], None]], Callable[[Event, Actor], None]]:
    """Register a function as the listener `name` for events by name or pattern."""

    def register(hear: Callable[[Event, Actor], None]) -> Callable[[Event, Actor], None]:
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


def deliver(*, actor: Actor, limit: int = 1000) -> int:
    """Deliver what became known since the last time to every listener; returns how many entries were heard.

    Reading stops at the snapshot's xmin, so that a transaction still under way is never skipped. A batch ends at a
    transaction's end, since the cursor counts transactions."""
    heard = 0
    for listener in listeners.values():
        with acting(actor), connection.cursor() as cursor:
            heard += _deliver_to(listener, actor=actor, limit=limit, cursor=cursor)
    return heard


def _deliver_to(listener: Listener, *, actor: Actor, limit: int, cursor: Any) -> int:
    cursor.execute(
        "INSERT INTO events_cursor (listener, era, tx) SELECT %s, max(number), 0 FROM journal_era ON CONFLICT DO NOTHING",
        [listener.name],
    )
    cursor.execute(
        "SELECT c.era, c.tx, (SELECT max(number) FROM journal_era) FROM events_cursor c WHERE listener = %s FOR UPDATE SKIP LOCKED",
        [listener.name],
    )
    found = cursor.fetchone()
    if found is None:
        return 0
    era, tx, newest = found
    while True:
        cursor.execute(_NEXT, [era, tx, era < newest, limit])
        rows = cursor.fetchall()
        whole = len(rows) < limit
        if not whole and rows[0][-1] == rows[-1][-1]:
            limit *= 2  # one transaction larger than the batch: take it whole
            continue
        break
    last = rows[-1][-1] if rows else tx
    batch = rows if whole else [row for row in rows if row[-1] < last]
    for row in batch:
        name = f"{row[1]}.{row[2]}.{VERSION}"
        if any(fnmatchcase(name, want) for want in listener.wants):
            listener.hear(Event(name, *row[:-1]), actor)
    if whole and era < newest:
        era, reached = era + 1, 0
    else:
        reached = batch[-1][-1] + 1 if batch else tx
    cursor.execute("UPDATE events_cursor SET era = %s, tx = %s WHERE listener = %s", [era, reached, listener.name])
    return len(batch)
