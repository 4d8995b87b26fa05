"""The register's rows of the journal: dated facts about enterprises, sites, contacts, workers and task forces."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from qifu.kernel.access import Actor, Hat
from qifu.kernel.calendar import clock
from qifu.kernel.journal import writing


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


LISTED = ("name", "uscc", "size", "over_100m")
"""What a list of firms says of each: the record keeps what it was, so that a list of an earlier day is read as it stood."""


def was(row: Any, new: Iterable[str]) -> dict[str, Any]:
    """Give what stood there before a change, for the record: was_name, was_size; call before anything is set."""
    return {f"was_{name}": getattr(row, name) for name in LISTED if name in new}


def checked(data: Mapping[str, Any], verb: str) -> Mapping[str, Any]:
    """Refuse anything but short words and integers."""
    writing.check_data(data, tuple(data), verb)
    return data


def write(process: str, *lines: Mapping[str, Any], actor: Actor, hat: Hat, batch: UUID | None = None) -> None:
    """Write entries of one process in one statement."""
    writing.record_many(lines, process=process, actor=actor, hat=hat, batch=batch)


def write_alike(process: str, groups: Sequence[tuple[Hat, Mapping[str, Any], Sequence[str]]], *, actor: Actor, batch: UUID | None) -> None:
    """Write the same entry for many enterprises at once: each is subject, root of the timeline and party of its own row.

    A group is the hat that wrote, the entry without ids, and the ids that it is written for."""
    now = clock.now()
    ids = {"subject": writing.SUBJECT, "about": writing.ABOUT, "party": writing.PARTY}
    made = [writing.row(stamp=writing.Stamp(actor, hat, now, batch), process=process, **ids, **entry) for hat, entry, _ in groups]
    numbers = [number for number, (_, _, members) in enumerate(groups) for _ in members]
    writing.write_alike(made, numbers, [id for _, _, members in groups for id in members])


def write_each(process: str, pairs: Iterable[tuple[Hat, Mapping[str, Any]]], *, actor: Actor, batch: UUID | None = None) -> None:
    """Write entries that different hats carry: one statement per hat."""
    groups: dict[int, tuple[Hat, list[Mapping[str, Any]]]] = {}
    for hat, entry in pairs:
        groups.setdefault(id(hat), (hat, []))[1].append(entry)
    for hat, entries in groups.values():
        write(process, *entries, actor=actor, hat=hat, batch=batch)
