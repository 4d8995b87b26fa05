"""Reads the journal within the scope of the open transaction: timelines, the latest entry, entries to correct."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Q

from .models import Entry


def entries(*, subject: UUID | None = None, about: UUID | None = None, process: str | None = None) -> Any:
    """Give entries as a queryset in the order in which they were written."""
    found = Entry._base_manager.defer("body", "hash").order_by("seq")
    if subject is not None:
        found = found.filter(subject=subject)
    if about is not None:
        # Two indexes: by subject, and of what stands below it. Most entries are about their own subject, and in one are enough.
        found = found.filter(Q(subject=about, about=about) | Q(about=about) & ~Q(subject=F("about")))
    if process is not None:
        found = found.filter(process=process)
    return found


def timeline(subject: Any) -> list[Entry]:
    """Give all entries about a subject and its children in order of `at`, corrections beside what they correct."""
    found = list(entries(about=subject.id).exclude(process="look"))
    at_of = {entry.seq: entry.at for entry in found}
    found.sort(key=lambda e: (at_of.get(e.reverses, e.at) if e.reverses else e.at, e.seq))
    return found


def latest_standing(subject: UUID, process: str) -> list[Entry]:
    """Give the entries of one subject that were not reversed, in order of `at`: its true history."""
    found = list(entries(subject=subject, process=process))
    reversed_seqs = {entry.reverses for entry in found if entry.reverses}
    return sorted((e for e in found if not e.reverses and e.seq not in reversed_seqs), key=lambda e: (e.at, e.seq))


def make_months(months: Iterable[date]) -> int:
    """Make the partitions of these months; returns how many were new."""
    made = 0
    with connection.cursor() as cursor:
        for month in sorted({m.replace(day=1) for m in months}):
            cursor.execute("SELECT qifu_journal_month(%s)", [month])
            made += bool(cursor.fetchone()[0])
    return made
