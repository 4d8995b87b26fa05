"""Proves that the objects equal their journal: the nightly comparison of state, time and stamps."""

from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from qifu.kernel.journal.proof import Differs

from .engine import Workflow, workflows


class Drift(NamedTuple):
    """One object that does not equal its journal."""

    subject: UUID
    on_object: str
    in_journal: str


def drift(workflow: Workflow) -> list[Drift]:
    """Give the subjects whose state or state_at differs from the last entry that stands; inside `acting`, empty is right.

    A dated fact beside the moves (an item checked, a call made) enters no state."""
    table = workflow.model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH standing AS (
              SELECT DISTINCT ON (e.subject) e.subject, e.entered, e.at FROM journal_entry e
              WHERE e.process = %s AND e.sign = 1 AND e.entered <> ''
                AND NOT EXISTS (SELECT 1 FROM journal_entry r WHERE r.subject = e.subject AND r.reverses = e.seq)
              ORDER BY e.subject, e.at DESC, e.seq DESC)
            SELECT t.id, t.state, COALESCE(s.entered, '') FROM "{table}" t LEFT JOIN standing s ON s.subject = t.id
            WHERE t.state IS DISTINCT FROM COALESCE(s.entered, '') OR (s.at IS NOT NULL AND t.state_at <> s.at)
            """,
            [workflow.name],
        )
        return [Drift(*row) for row in cursor.fetchall()]


def all_drift() -> Iterator[Differs]:
    """Give the drift of every process, for the verifier of the journal."""
    for name, workflow in sorted(workflows.items()):
        for found in drift(workflow):
            yield Differs(name, found.subject, found.on_object, found.in_journal)
