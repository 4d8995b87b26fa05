"""Persons as this area makes them: contacts and officers, found again by the blind index of their phone."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from qifu.kernel.access.models import Person
from qifu.kernel.privacy import P2
from qifu.kernel.privacy.sealing import blind, place, seal
from qifu.kernel.schema import bulk
from qifu.kernel.values import uuid7


class Known(NamedTuple):
    """A person who has this phone already, perhaps out of sight; `same` says whether the name is the same."""

    id: UUID
    same: bool


def known(pairs: Sequence[tuple[str, str]]) -> dict[str, Known]:
    """Find persons by (blind index of the phone, name), wherever they are: one person is one person for all her firms.

    Gives nothing but the id: the function of the database looks past row security, its caller does not."""
    if not pairs:
        return {}
    indexes, names = zip(*pairs, strict=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM registry_person_of_phone(%s::text[], %s::text[])", [list(indexes), list(names)])
        return {index: Known(id, same) for index, id, same in cursor.fetchall()}


def person_values(*, name: str, phone: str, title: str, region: int, party: UUID | None, district: int) -> tuple[Any, ...]:
    """Give the values of a new person in the order of COLUMNS; the phone is sealed for this row."""
    id = uuid7()
    sealed = seal(phone, klass=P2, where=place("access_person", "phone_sealed", id)) if phone else ""
    return (id, name[:60], title[:60], sealed, blind("phone", phone) if phone else "", region, party, "", district)


COLUMNS = ("id", "name", "title", "phone_sealed", "phone_index", "region", "party", "compartment", "district")


def add(rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert new persons."""
    bulk.insert(Person, COLUMNS, rows)
