"""Builds the journal's rows: canonical bytes, their hash, and the one INSERT that every writer shares."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from qifu.kernel.access import Actor, Hat, wrote
from qifu.kernel.calendar import clock
from qifu.kernel.schema import bulk

COLUMNS = (
    "era", "process", "subject", "about", "verb", "left", "entered", "first", "sign", "at", "recorded_at",
    "district", "region", "party", "compartment", "facets", "actor", "actor_name", "role", "on_behalf_of",
    "batch", "reverses", "data", "body", "hash",
)  # fmt: skip
_TYPES = (
    "int", "text", "uuid", "uuid", "text", "text", "text", "bool", "int", "timestamptz", "timestamptz",
    "int", "int", "uuid", "text", "text", "text", "text", "text", "text",
    "uuid", "bigint", "jsonb", "bytea", "bytea",
)  # fmt: skip
_NAMES = ", ".join(f'"{c}"' for c in COLUMNS)
INSERT_ONE = (
    f"INSERT INTO journal_entry ({_NAMES}) VALUES ("
    + ", ".join("%s::varchar[]" if c == "facets" else f"%s::{t}" for c, t in zip(COLUMNS, _TYPES, strict=True))
    + ")"
)
_TYPED = tuple((c, "varchar[]" if c == "facets" else t) for c, t in zip(COLUMNS, _TYPES, strict=True))
_FACETS = COLUMNS.index("facets")

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Made once: an encoder per row is half the cost of a row."""
_MAX_WORD = 200
_era: dict[str, int] = {}


class Stamp(NamedTuple):
    """Who wrote, in which role, for whom, and when it became known: the same for a whole batch."""

    actor: Actor
    hat: Hat
    recorded_at: datetime
    batch: UUID | None = None


class NotForTheJournal(TypeError):
    """The data of an entry may hold only words and integers under keys that its verb declares."""


def era() -> int:
    """Give the era of this process; it changes only by a restore, after which every process starts anew."""
    if "now" not in _era:
        with connection.cursor() as cursor:
            cursor.execute("SELECT max(number) FROM journal_era")
            _era["now"] = cursor.fetchone()[0]
    return _era["now"]


def forget_era() -> None:
    """Ask again next time (after a restore, and between databases in tests)."""
    _era.clear()


def canonical(values: Mapping[str, Any]) -> bytes:
    """Give the canonical bytes: one JSON object, fixed order of keys, UTC with microseconds, no spaces."""
    return _encode(values).encode()


def when(at: datetime) -> str:
    """Give an instant as the record writes it."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def check_data(data: Mapping[str, Any], allowed: Sequence[str], verb: str) -> None:
    """Refuse keys that the verb did not declare, and anything but short words and integers (KERNEL mistake 12)."""
    for key, value in data.items():
        if key not in allowed:
            raise NotForTheJournal(f"{verb} does not declare data {key!r}")
        if value is not None and not isinstance(value, int | str):
            raise NotForTheJournal(f"{verb}.{key} is {type(value).__name__}: words and integers only")
        if isinstance(value, str) and len(value) > _MAX_WORD:
            raise NotForTheJournal(f"{verb}.{key} is longer than {_MAX_WORD} characters: text stands on the row")


def row(
    *,
    stamp: Stamp,
    process: str,
    subject: UUID,
    about: UUID,
    verb: str,
    left: str,
    entered: str,
    first: bool,
    at: datetime,
    district: int,
    region: int,
    party: UUID | None,
    compartment: str,
    facets: Sequence[str],
    data: Mapping[str, Any],
    reverses: int | None = None,
) -> tuple[Any, ...]:
    """Give the parameters of one journal row in the order of COLUMNS."""
    actor, hat, recorded_at, batch = stamp
    wrote(process)
    sign = 1 if reverses is None else -1
    facets = sorted(facets)
    words = _encode(dict(sorted(data.items()))) if data else "{}"
    on_behalf_of = hat.department or (str(hat.task_force) if hat.task_force else "")
    body = canonical(
        {
            "process": process,
            "subject": str(subject),
            "about": str(about),
            "verb": verb,
            "left": left,
            "entered": entered,
            "first": first,
            "sign": sign,
            "at": when(at),
            "recorded_at": when(recorded_at),
            "district": district,
            "region": region,
            "party": str(party) if party else None,
            "compartment": compartment,
            "facets": facets,
            "actor": actor.id,
            "actor_name": actor.name,
            "role": hat.role,
            "on_behalf_of": on_behalf_of,
            "batch": str(batch) if batch else None,
            "reverses": reverses,
            "data": data,
        }
    )
    return (
        era(), process, subject, about, verb, left, entered, first, sign, at, recorded_at,
        district, region, party, compartment, "{" + ",".join(facets) + "}", actor.id, actor.name, hat.role, on_behalf_of,
        batch, reverses, words, body, sha256(body).digest(),
    )  # fmt: skip


def write_many(rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows in one statement."""
    lists = [(*row[:_FACETS], [word for word in row[_FACETS][1:-1].split(",") if word], *row[_FACETS + 1 :]) for row in rows]
    bulk.insert_rows("journal_entry", _TYPED, lists)


SUBJECT, ABOUT, PARTY = UUID(int=1), UUID(int=2), UUID(int=3)
"""Stand for the ids in a row that is made once for many."""
_ALIKE = (
    "WITH k AS MATERIALIZED (SELECT kind, {by_kind}, facets::varchar[] AS facets, p1, p2, p3, p4"
    " FROM unnest(%s::int[], {kinds}, %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])"
    " AS k(kind, {by_kind}, facets, p1, p2, p3, p4))"
    " INSERT INTO journal_entry ({names}) SELECT {values} FROM (SELECT k.*, t.id, {about} AS about, {party} AS party,"
    " t.hash, convert_to(concat(p1, t.id, p2, {about}, p3, {party}, p4), 'UTF8') AS body"
    " FROM (SELECT {columns}) AS t JOIN k USING (kind)) AS e"
)
_BY_KIND = {
    "left": "text",
    "first": "bool",
    "district": "int",
    "region": "int",
    "compartment": "text",
    "role": "text",
    "on_behalf_of": "text",
    "data": "jsonb",
}
_IDS = ("subject", "about", "party")


def write_alike(
    kinds: Sequence[tuple[Any, ...]],
    of: Sequence[int],
    subjects: Sequence[str],
    *,
    about: Sequence[str] | None = None,
    party: Sequence[str | None] | None = None,
) -> None:
    """Insert a row per subject that is like the row of its kind but for its ids; `of` gives each subject's kind.

    A kind is a row made by `row` with SUBJECT, ABOUT and PARTY (or None) as ids. Kinds may differ in state left, place,
    compartment, facets, data and the hat that wrote. Where `about` or `party` is not told it is the subject. The database
    puts the ids into the canonical bytes, which would cost more to send; it hashes ten times as slowly, so the hash is sent."""
    if not subjects:
        return
    place = {name: number for number, name in enumerate(COLUMNS)}
    pieces = [_pieces(kind[place["body"]].decode()) for kind in kinds]
    hashes = _hashes(pieces, of, subjects, subjects if about is None else about, subjects if party is None else party)
    values, constants = [], []
    for name, typed in _TYPED:
        if name in (*_IDS, "body"):
            values.append({"subject": "e.id"}.get(name, f"e.{name}"))
        elif name == "hash":
            values.append("e.hash")
        elif name in _BY_KIND or name == "facets":
            values.append(f'e."{name}"')
        else:
            values.append(f"%s::{typed}")
            constants.append(kinds[0][place[name]])
    given = {"id": subjects} | ({"about": about} if about is not None else {}) | ({"party": party} if party is not None else {})
    typed_of = {"kind": "int", "hash": "bytea"} | dict.fromkeys(given, "uuid")
    sql = _ALIKE.format(
        names=_NAMES, values=", ".join(values), by_kind=", ".join(f'"{name}"' for name in _BY_KIND),
        columns=", ".join(f"unnest(%s::{typed}[]) AS {name}" for name, typed in typed_of.items()),
        kinds=", ".join(f"%s::{typed}[]" for typed in _BY_KIND.values()),
        **{name: f"t.{name}" if name in given else "t.id" for name in ("about", "party")},
    )  # fmt: skip
    with bulk.bound() as cursor:
        cursor.execute(
            sql,
            [
                bulk.column_literal(range(len(kinds))),
                *(bulk.column_literal([kind[place[name]] for kind in kinds]) for name in (*_BY_KIND, "facets")),
                *map(bulk.column_literal, zip(*pieces, strict=True)),
                *constants, *map(bulk.column_of, (of, hashes, *given.values()), typed_of.values()),
            ],
        )  # fmt: skip


def _hashes(
    pieces: Sequence[tuple[str, str, str, str]],
    of: Sequence[int],
    subjects: Sequence[str],
    abouts: Sequence[str],
    parties: Sequence[str | None],
) -> list[bytes]:
    """Give the hash of each row's canonical bytes."""
    # Of Chinese words a text of its own for each row would be written twice: as signs and as bytes.
    told, found = [[piece.encode() for piece in kind] for kind in pieces], []
    for kind, subject, about, party in zip(of, subjects, abouts, parties, strict=True):
        first, second, third, fourth = told[kind]
        ids = subject.encode(), about.encode(), (party or "").encode()
        found.append(sha256(b"".join((first, ids[0], second, ids[1], third, ids[2], fourth))).digest())
    return found


def _pieces(body: str) -> tuple[str, str, str, str]:
    """Split canonical bytes where the ids go; a row of nobody has null there, and its last piece is empty."""
    first, _, rest = body.partition(str(SUBJECT))
    second, _, rest = rest.partition(str(ABOUT))
    third, _, fourth = rest.partition(str(PARTY))
    return first, second, third, fourth


def record(
    process: str,
    subject: Any,
    *,
    verb: str,
    actor: Actor,
    hat: Hat,
    at: datetime,
    left: str = "",
    entered: str = "",
    first: bool = False,
    about: UUID | None = None,
    **data: Any,
) -> int:
    """Write one row that is not a move: a creation elsewhere, a note, a dated fact. Returns its seq.

    `entered` names a dated fact that the subject has reached (a worker went home); a figure may count it."""
    check_data(data, tuple(data), verb)
    values = row(
        stamp=Stamp(actor, hat, clock.now()),
        process=process, subject=subject.id, about=about or subject.id, verb=verb, left=left, entered=entered, first=first, at=at,
        district=subject.district, region=subject.region, party=subject.party, compartment=subject.compartment,
        facets=getattr(subject, "facets", ()), data=data,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(INSERT_ONE + " RETURNING seq", values)
        return cursor.fetchone()[0]


def record_many(rows: Sequence[Mapping[str, Any]], *, process: str, actor: Actor, hat: Hat, batch: UUID | None = None) -> None:
    """Write many rows that are not moves, set-based; each mapping holds what `row` needs but process and stamp."""
    stamp = Stamp(actor, hat, clock.now(), batch)
    write_many([row(stamp=stamp, process=process, **values) for values in rows])


def look(subject: Any, *, fields: Sequence[str], purpose: str, actor: Actor, hat: Hat, at: datetime) -> int:
    """Record a look at sensitive fields: their names and the purpose, never the values."""
    return record("look", subject, verb="look", actor=actor, hat=hat, at=at, fields=",".join(fields)[:_MAX_WORD], purpose=purpose)
