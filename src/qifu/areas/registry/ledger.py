"""The register's rows of the journal: dated facts about enterprises, sites, contacts, workers and task forces."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from qifu.kernel.access import Actor, Hat
from qifu.kernel.calendar import clock
from qifu.kernel.journal import writing
from qifu.kernel.schema import bulk


def line(
    row: Any,
    *,
    verb: str,
    at: datetime,
    left: str = "",
    entered: str = "",
    first: bool = False,
    about: UUID | None = None,
    facets: Sequence[str] | None = None,
    region: int | None = None,
    data: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Give one entry about a scoped row, as `record_many` takes it."""
    return {
        "subject": row.id,
        "about": about or row.id,
        "verb": verb,
        "left": left,
        "entered": entered,
        "first": first,
        "at": at,
        "district": row.district,
        "region": row.region if region is None else region,
        "party": row.party,
        "compartment": row.compartment,
        "facets": list(facets if facets is not None else getattr(row, "facets", ())),
        "data": checked(data or {}, verb),
    }


def checked(data: Mapping[str, Any], verb: str) -> Mapping[str, Any]:
    """Refuse anything but short words and integers."""
    writing.check_data(data, tuple(data), verb)
    return data


def write(process: str, *lines: Mapping[str, Any], actor: Actor, hat: Hat, batch: UUID | None = None) -> None:
    """Write entries of one process in one statement."""
    writing.record_many(lines, process=process, actor=actor, hat=hat, batch=batch)


_NOBODY = UUID(int=0)
_WHO = ("subject", "about", "party")
_ALIKE = (
    "WITH k AS MATERIALIZED (SELECT kind, region, district, facets::varchar[] AS facets, string_to_array(body, '{nobody}') AS piece"
    " FROM unnest(%s::int[], %s::int[], %s::int[], %s::text[], %s::text[]) AS k(kind, region, district, facets, body))"
    " INSERT INTO journal_entry ({names}) SELECT {values} FROM (SELECT k.*, t.id::uuid AS id,"
    # Without OFFSET 0 the bytes would be put together once to be kept and once more to be hashed.
    " convert_to(concat(piece[1], t.id, piece[2], t.id, piece[3], t.id, piece[4]), 'UTF8') AS body"
    " FROM unnest(%s::text[], %s::int[]) AS t(id, kind) JOIN k USING (kind) OFFSET 0) AS e"
)


def write_alike(
    process: str,
    kinds: Mapping[Any, Sequence[str]],
    like: Callable[[Any], Mapping[str, Any]],
    *,
    actor: Actor,
    hat: Hat,
    batch: UUID | None,
) -> None:
    """Write the same entry for many enterprises at once: each is subject, root of the timeline and party of its own row.

    `kinds` maps what tells entries apart (region, facets) to ids; `like(kind)` gives the entry without them. The
    canonical bytes are made once per kind; the id is put in, and the bytes are hashed, by the database."""
    stamp = writing.Stamp(actor, hat, clock.now(), batch)
    made = [writing.row(stamp=stamp, process=process, **dict.fromkeys(_WHO, _NOBODY), **like(kind)) for kind in kinds]
    if not made:
        return
    place = {name: number for number, name in enumerate(writing.COLUMNS)}
    by_kind = {"region": "e.region", "district": "e.district", "facets": "e.facets", "body": "e.body", "hash": "sha256(e.body)"}
    values, constants = [], []
    for name in writing.COLUMNS:
        if name in _WHO:
            values.append("e.id")
        elif name in by_kind:
            values.append(by_kind[name])
        else:
            values.append(f"%s::{_TYPES[name]}")
            constants.append(made[0][place[name]])
    columns = [[row[place[name]] for row in made] for name in ("region", "district", "facets")]
    bodies = [bytes(row[place["body"]]).decode() for row in made]
    ids, numbers = [], []
    for number, members in enumerate(kinds.values()):
        ids += members
        numbers += [number] * len(members)
    assert all(body.count(str(_NOBODY)) == len(_WHO) for body in bodies)
    sql = _ALIKE.format(names=", ".join(f'"{name}"' for name in writing.COLUMNS), values=", ".join(values), nobody=_NOBODY)
    with bulk.bound() as cursor:
        cursor.execute(sql, [list(range(len(made))), *columns, bodies, *constants, bulk.column_literal(ids), bulk.column_literal(numbers)])


_TYPES = dict(writing._TYPED)


def write_each(process: str, pairs: Iterable[tuple[Hat, Mapping[str, Any]]], *, actor: Actor, batch: UUID | None = None) -> None:
    """Write entries that different hats carry: one statement per hat."""
    groups: dict[int, tuple[Hat, list[Mapping[str, Any]]]] = {}
    for hat, entry in pairs:
        groups.setdefault(id(hat), (hat, []))[1].append(entry)
    for hat, entries in groups.values():
        write(process, *entries, actor=actor, hat=hat, batch=batch)
