"""Set-based inserts: one statement whatever the number of rows, and an answer which rows were not taken."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection, models


def insert(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]], *, conflict: bool = False) -> set[UUID]:
    """Insert rows given as values in the order of `columns`; gives the ids that went in.

    With `conflict` a row that breaks a uniqueness is left out instead of failing the statement; otherwise it fails."""
    fields: list[Any] = [model._meta.get_field(name) for name in columns]
    typed = [(field.column, field.db_type(connection) or "text") for field in fields]
    return {id for (id,) in insert_rows(model._meta.db_table, typed, rows, conflict=conflict, returning="id")}


def insert_rows(
    table: str, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]], *, conflict: bool = False, returning: str = ""
) -> list[tuple[Any, ...]]:
    """Insert rows into a table with columns of (name, type) in one statement; COPY is refused under row security."""
    if not rows:
        return []
    selected, unnested, arrays, scalars, texts = [], [], [], [], []
    for (column, kind), values in zip(columns, zip(*rows, strict=True), strict=True):
        name = f'"{column}"'
        if not kind.endswith("[]") and _same(values):
            selected.append(f"%s::{kind}")
            scalars.append(values[0])
            continue
        # unnest would flatten an array of arrays: each goes as its own literal.
        words = [literal(one) for one in values] if kind.endswith("[]") else values
        selected.append(f"{name}::{kind}")
        unnested.append(name)
        arrays.append("%s::text[]" if kind.endswith("[]") else f"%s::{kind}[]")
        texts.append(column_literal(words))
    names = ", ".join(f'"{column}"' for column, _ in columns)
    source = f" FROM unnest({', '.join(arrays)}) AS t({', '.join(unnested)})" if arrays else f" FROM generate_series(1, {len(rows)})"
    sql = f'INSERT INTO "{table}" ({names}) SELECT {", ".join(selected)}{source}'
    sql += (" ON CONFLICT DO NOTHING" if conflict else "") + (f" RETURNING {returning}" if returning else "")
    with bound() as cursor:
        cursor.execute(sql, [*scalars, *texts])
        return cursor.fetchall() if returning else []


@contextmanager
def bound() -> Iterator[psycopg.Cursor]:
    """Give a cursor whose values go beside the statement: within it, megabytes would be quoted here and read there."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        yield cursor


def _same(column: Sequence[Any]) -> bool:
    first = column[0]
    return len(column) > 1 and all(value is first or value == first for value in column)


def column_literal(values: Sequence[Any]) -> str:
    """Give an array literal of one column: a driver that dumps value by value takes ten times as long."""
    kinds = set(map(type, values))
    if kinds == {str}:
        joined = '","'.join(values)
        if "\\" not in joined and joined.count('"') == 2 * (len(values) - 1):
            return '{"' + joined + '"}'
    elif kinds == {str, type(None)}:
        joined = ",".join(["NULL" if value is None else f'"{value}"' for value in values])
        if "\\" not in joined and joined.count('"') == 2 * (len(values) - values.count(None)):
            return "{" + joined + "}"
    elif kinds in ({int}, {UUID}):
        return "{" + ",".join(map(str, values)) + "}"
    return "{" + ",".join(map(_one, values)) + "}"


def _one(value: Any) -> str:
    if value is None:
        return "NULL"
    if value.__class__ is bool:
        return "t" if value else "f"
    if isinstance(value, str):
        return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, datetime):
        return '"' + value.isoformat() + '"'
    if isinstance(value, bytes):
        return '"\\\\x' + value.hex() + '"'
    return str(value)


def literal(words: Sequence[str]) -> str:
    """Give an array literal of words."""
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
