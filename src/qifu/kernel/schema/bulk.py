"""Set-based inserts: one statement whatever the number of rows, and an answer which rows were not taken."""

import re
import struct
import sys
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import accumulate, chain
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from django.db import connection, models
from psycopg import pq
from psycopg.adapt import Dumper


class Same(NamedTuple):
    """One value for a whole column."""

    value: Any


def insert(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]], *, conflict: bool = False) -> set[UUID]:
    """Insert rows given as values in the order of `columns`; gives the ids that went in.

    With `conflict` a row that breaks a uniqueness is left out instead of failing the statement; otherwise it fails."""
    fields: list[Any] = [model._meta.get_field(name) for name in columns]
    typed = [(field.column, field.db_type(connection) or "text") for field in fields]
    return {id for (id,) in insert_rows(model._meta.db_table, typed, rows, conflict=conflict, returning="id")}


def insert_rows(
    table: str, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]], *, conflict: bool = False, returning: str = ""
) -> list[tuple[Any, ...]]:
    """Insert rows into a table with columns of (name, type) in one statement."""
    return insert_columns(table, columns, list(zip(*rows, strict=True)), conflict=conflict, returning=returning)


def insert_columns(
    table: str,
    columns: Sequence[tuple[str, str]],
    values_of: Sequence[Sequence[Any] | Same],
    *,
    conflict: bool = False,
    returning: str = "",
) -> list[tuple[Any, ...]]:
    """Insert rows told column by column in one statement; COPY is refused under row security. A list that stands for two
    columns is sent once."""
    count = max((len(values) for values in values_of if not isinstance(values, Same)), default=0)
    if not count:
        return []
    selected, unnested, scalars = [], [], []
    arrays: list[Any] = []
    sent: dict[tuple[int, str], str] = {}
    for (column, kind), values in zip(columns, values_of, strict=True):
        name = f'"{column}"'
        if isinstance(values, Same) or _same(values):
            selected.append(f"%s::{kind}")
            scalars.append(literal([str(one) for one in values[0]]) if kind.endswith("[]") else values[0])
            continue
        if kind == "integer[]":
            # All of them as one array, and each row's piece of it: an array written within an array is read twice.
            ends = list(accumulate(map(len, values)))
            selected.append(f'(%b::{kind})["{column} from":"{column} to"]')
            scalars.append(array("i", chain.from_iterable(values)))
            unnested += [f'unnest(%s::integer[]) AS "{column} {end}"' for end in ("from", "to")]
            arrays += [array("i", [1, *(end + 1 for end in ends[:-1])]), array("i", ends)]
            continue
        if (before := sent.setdefault((id(values), kind), name)) != name:
            selected.append(before)
            continue
        # unnest would flatten an array of arrays: each goes as its own literal.
        selected.append(f"{name}::{kind}")
        unnested.append(f"unnest(%s::{'text' if kind.endswith('[]') else kind}[]) AS {name}")
        arrays.append(column_literal([literal(one) for one in values]) if kind.endswith("[]") else column_of(values, kind))
    names = ", ".join(f'"{column}"' for column, _ in columns)
    # Side by side in a list of what is selected; unnest(a, b, …) in FROM would write each down and read it again.
    source = f" FROM (SELECT {', '.join(unnested)}) AS t" if arrays else f" FROM generate_series(1, {count})"
    sql = f'INSERT INTO "{table}" ({names}) SELECT {", ".join(selected)}{source}'
    sql += (" ON CONFLICT DO NOTHING" if conflict else "") + (f" RETURNING {returning}" if returning else "")
    with bound() as cursor:
        cursor.execute(sql, [*scalars, *arrays])
        return cursor.fetchall() if returning else []


class _Numbers(Dumper):
    """Sends an array of integers as it lies in memory: as text each would be written here and read there."""

    format, oid = pq.Format.BINARY, 1007

    def dump(self, obj: "array[int]") -> bytes:
        told = array("i", [4]) * (2 * len(obj))
        told[1::2] = obj
        if sys.byteorder == "little":
            told.byteswap()
        return _head(23, len(obj)) + told.tobytes()


class _Binary(bytes):
    """An array in the form in which the database sends and takes one."""


class _Bytes(Dumper):
    format = pq.Format.BINARY

    def dump(self, obj: _Binary) -> bytes:
        return obj


def _head(kind: int, count: int) -> bytes:
    """Begin an array: one dimension, no NULL, what its values are (their oid), how many, from 1. Before each stands its length."""
    return struct.pack("!iiiii", 1, 0, kind, count, 1)


@contextmanager
def bound() -> Iterator[psycopg.Cursor]:
    """Give a cursor whose values go beside the statement: within it, megabytes would be quoted here and read there."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.adapters.register_dumper(array, _Numbers)
        cursor.adapters.register_dumper(_Binary, _Bytes)
        yield cursor


def _same(column: Sequence[Any]) -> bool:
    return len(column) > 1 and column[-1] == column[0] and column.count(column[0]) == len(column)


def column_of(values: Sequence[Any], kind: str) -> Any:
    """Give one column of a type to a `bound` cursor: numbers, ids and hashes as they lie in memory, since to read them as text
    costs the database as much as to write the row; all else, and what has a gap, as an array literal."""
    kinds = set(map(type, values))
    if kind in ("integer", "int") and kinds == {int} and min(values) >= -(2**31) and max(values) < 2**31:
        return array("i", values)
    if kind == "uuid" and kinds == {str} and (found := _ids(values)):
        return found
    if kind == "bytea" and kinds == {bytes} and len(set(map(len, values))) == 1:
        before = struct.pack("!i", len(values[0]))
        return _Binary(_head(17, len(values)) + before + before.join(values))
    return column_literal(values)


def _ids(values: Sequence[str]) -> _Binary | None:
    """Give ids written 8-4-4-4-12; None where one is not, which is the database's to read or refuse."""
    together, count, before = "".join(values), len(values), "00000010"
    if together.count("-") != 4 * count or any(together[place::36] != "-" * count for place in (8, 13, 18, 23)):
        return None
    try:
        found = bytes.fromhex(before + before.join(values).replace("-", ""))
    except ValueError:
        return None
    return _Binary(_head(2950, count) + found) if len(found) == 20 * count else None


def column_literal(values: Sequence[Any]) -> str:
    """Give an array literal of one column: a driver that dumps value by value takes ten times as long."""
    kinds = set(map(type, values))
    blank = type(None) in kinds
    kinds.discard(type(None))
    if kinds <= _BARE:
        return "{" + ",".join(["NULL" if value is None else str(value) for value in values] if blank else map(str, values)) + "}"
    if not blank and all(issubclass(kind, str) for kind in kinds):
        joined = '","'.join(values)
        if "\\" not in joined and joined.count('"') == 2 * (len(values) - 1):
            return '{"' + joined + '"}'
    elif kinds == {str}:
        joined = ",".join(["NULL" if value is None else f'"{value}"' for value in values])
        if "\\" not in joined and joined.count('"') == 2 * (len(values) - values.count(None)):
            return "{" + joined + "}"
    return "{" + ",".join(map(_one, values)) + "}"


_BARE = {bool, int, float, date, UUID}
"""Types whose text needs no quotes in an array."""


def _one(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, str):
        # Not str(value): a sentence would be said in the language of whoever asked, and it is kept in Chinese.
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, datetime):
        return '"' + value.isoformat() + '"'
    if isinstance(value, bytes):
        return '"\\\\x' + value.hex() + '"'
    return str(value)


_QUOTED = re.compile(r'[\s"\\{}]|null', re.IGNORECASE)
"""What stands in quotes within an array."""


def literal(words: Sequence[str]) -> str:
    """Give an array literal of words; plain ones without quotes, which an array of arrays would have to escape again."""
    joined = ",".join(words)
    if "" not in words and joined.count(",") == len(words) - 1 and not _QUOTED.search(joined):
        return "{" + joined + "}"
    return "{" + ",".join('"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"' for word in words) + "}"


def update(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> int:
    """Update rows by id; each row is (id, *values in the order of `columns`). No array columns."""
    if not rows:
        return 0
    fields: list[Any] = [model._meta.get_field(name) for name in columns]
    names = ['"id"', *(f'"{field.column}"' for field in fields)]
    casts = ["uuid", *(field.db_type(connection) or "text" for field in fields)]
    sets = ", ".join(f"{name} = t.{name}" for name in names[1:])
    arrays = ", ".join(f"%s::{cast}[]" for cast in casts)
    sql = f'UPDATE "{model._meta.db_table}" AS r SET {sets} FROM unnest({arrays}) AS t({", ".join(names)}) WHERE r.id = t."id"'
    with connection.cursor() as cursor:
        cursor.execute(sql, [column_literal(column) for column in zip(*rows, strict=True)])
        return cursor.rowcount
