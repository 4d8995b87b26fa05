"""Set-based inserts: one statement whatever the number of rows, and an answer which rows were not taken."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection, models


def insert(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]], *, conflict: bool = False) -> set[UUID]:
    """Insert rows given as values in the order of `columns`; gives the ids that went in.

    With `conflict` a row that breaks a uniqueness is left out instead of failing the statement; otherwise it fails."""
    if not rows:
        return set()
    fields = [model._meta.get_field(name) for name in columns]
    selected, casts, values = [], [], []
    for field, column in zip(fields, zip(*rows, strict=True), strict=True):
        kind = field.db_type(connection) or "text"
        name = f'"{field.column}"'
        if kind.endswith("[]"):
            # unnest would flatten an array of arrays: each goes as its own literal.
            casts.append("text")
            selected.append(f"{name}::{kind}")
            values.append([literal(one) for one in column])
        else:
            casts.append(kind)
            selected.append(name)
            values.append(list(column))
    names = ", ".join(f'"{field.column}"' for field in fields)
    arrays = ", ".join(f"%s::{cast}[]" for cast in casts)
    sql = (
        f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {", ".join(selected)} FROM unnest({arrays}) AS t({names})'
        + (" ON CONFLICT DO NOTHING" if conflict else "")
        + " RETURNING id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return {id for (id,) in cursor.fetchall()}


def literal(words: Sequence[str]) -> str:
    """Give an array literal of words."""
    return "{" + ",".join('"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"' for word in words) + "}"


def update(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> int:
    """Update rows by id; each row is (id, *values in the order of `columns`). No array columns."""
    if not rows:
        return 0
    fields = [model._meta.get_field(name) for name in columns]
    names = ['"id"', *(f'"{field.column}"' for field in fields)]
    casts = ["uuid", *(field.db_type(connection) or "text" for field in fields)]
    sets = ", ".join(f"{name} = t.{name}" for name in names[1:])
    arrays = ", ".join(f"%s::{cast}[]" for cast in casts)
    sql = f'UPDATE "{model._meta.db_table}" AS r SET {sets} FROM unnest({arrays}) AS t({", ".join(names)}) WHERE r.id = t."id"'
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(column) for column in zip(*rows, strict=True)])
        return cursor.rowcount
