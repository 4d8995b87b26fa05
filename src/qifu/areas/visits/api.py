"""What areas above and the project may ask of visits. Call inside `acting`; `remind` and `begin_clocks` are the worker's rounds."""

from collections.abc import Collection
from uuid import UUID

from . import queries
from .queries import Told
from .reminding import begin_clocks, remind


def officers_of(ids: Collection[UUID]) -> dict[UUID, tuple[UUID, str]]:
    """Give who answers for these enterprises: (person, name); one without anybody is left out."""
    return {id: (one.person_id, one.officer_name) for id, one in queries.leads_of(ids).items()}


def told_of(ids: Collection[UUID]) -> dict[UUID, Told]:
    """Give how often enterprises were visited, how much they said, and when last."""
    return queries.told_of(ids)


__all__ = ["Told", "begin_clocks", "officers_of", "remind", "told_of"]
