"""Opens thousands of subjects at once, told column by column: the same rows, entries and clocks as one by one.

A list of 50,000 troubles differs in few things that the record asks for (place, facets, clocks): what many have in common
is asked, judged and encoded once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from qifu.kernel.access import Actor, require
from qifu.kernel.calendar import clock as time
from qifu.kernel.journal import writing
from qifu.kernel.schema import bulk
from qifu.kernel.values import uuid7s

from . import clocks
from .engine import Workflow
from .models import ClockRun

OWN = ("id", "state", "state_at", "due_at", "been", "facets", "region", "party", "compartment", "district")
"""What the table itself fills in; the caller tells the rest."""


class Alike(NamedTuple):
    """What many subjects have in common: an unsaved one of them (scope, facets and whatever its clocks ask), whether they
    belong to a party, and the data of their entries."""

    subject: Any
    of_party: bool
    data: Mapping[str, Any]


def open_alike(
    process: Workflow[Any],
    kinds: Sequence[Alike],
    of: Sequence[int],
    ids: Sequence[str],
    parties: Sequence[str | None],
    columns: Mapping[str, Sequence[Any] | bulk.Same],
    *,
    actor: Actor,
    at: datetime,
    batch: UUID | None = None,
) -> None:
    """Save new subjects in the start state, four statements whatever the number.

    Of each: `of` its kind, `ids` its id as text, `parties` its party, `columns` every column that is not in OWN. Refuses
    NotYours where a kind lies outside the actor's reach: then none is saved."""
    if not of:
        return
    now, opening, memo = time.now(), process.opening, dict[Any, Any]()
    process._check_time(opening.backdate, at, now)
    entries, begun = [], []
    for kind in kinds:
        subject = kind.subject
        hat = require(actor, opening.who, at=at, on=subject)
        writing.check_data(kind.data, opening.data, opening.verb)
        subject.facets = sorted(subject.facets)
        begun.append([clocks.begin(c, subject, at, memo=memo) for c in process.clocks if process.start in c.runs_in])
        entries.append(
            writing.row(
                stamp=writing.Stamp(actor, hat, now, batch), process=process.name, subject=writing.SUBJECT, about=writing.ABOUT,
                verb=opening.verb, left="", entered=process.start, first=True, at=at, district=subject.district,
                region=subject.region, party=writing.PARTY if kind.of_party else None, compartment=subject.compartment,
                facets=subject.facets, data=kind.data,
            )
        )  # fmt: skip
    subjects = [kind.subject for kind in kinds]
    scope = {
        "region": [subjects[n].region for n in of], "party": list(parties), "compartment": [subjects[n].compartment for n in of],
        "district": [subjects[n].district for n in of],
    }  # fmt: skip
    due = [min((run.due_at for run in runs), default=None) for runs in begun]
    own: dict[str, Any] = {
        "id": ids, "state": bulk.Same(process.start), "state_at": bulk.Same(at), "due_at": [due[n] for n in of],
        "been": bulk.Same([process.start]), "facets": [subjects[n].facets for n in of], **scope,
    }  # fmt: skip
    if opening.stamp:
        own[opening.stamp] = bulk.Same(at)
    _insert(process.model, {**columns, **own})
    writing.write_alike(entries, of, ids, party=parties)
    _start(process, begun, of, ids, scope)


def _start(process: Workflow[Any], begun: Sequence[Sequence[clocks.Run]], of: Sequence[int], ids: Sequence[str], scope: Any) -> None:
    for place, clock in enumerate(c for c in process.clocks if process.start in c.runs_in):
        runs = [of_kind[place] for of_kind in begun]
        _insert(
            ClockRun,
            {
                "id": uuid7s(len(of)), "process": bulk.Same(process.name), "subject": ids, "name": bulk.Same(clock.name),
                "owner": [runs[n].owner for n in of], "started_at": [runs[n].started_at for n in of],
                "due_at": [runs[n].due_at for n in of], "paused_at": bulk.Same(None), "stopped_at": bulk.Same(None),
                "lapse": bulk.Same(clock.lapse or ""), "given": bulk.Same(0), "because": [list(runs[n].because) for n in of], **scope,
            },
        )  # fmt: skip


def _insert(model: Any, columns: Mapping[str, Any]) -> None:
    fields = [model._meta.get_field(name) for name in columns]
    typed = [(field.column, field.db_type(connection) or "text") for field in fields]
    bulk.insert_columns(model._meta.db_table, typed, list(columns.values()))
