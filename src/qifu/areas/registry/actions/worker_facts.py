"""Dated facts of workers: went home, plans to return, dissuaded, returned, under observation (DECISIONS 20).

Each is independent of the others, stands in the journal as process registry.worker, and is projected on the worker in
the same act. Where somebody is looked after is a fact; how healthy anybody is, is none."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Literal
from uuid import UUID

from django.db import connection

from qifu.areas.registry import asking, ledger
from qifu.areas.registry.models import Worker
from qifu.areas.registry.terms import WORKER, FactInFuture, NothingChanged
from qifu.kernel.access import ActionRefused, Actor, Hat, NotFound
from qifu.kernel.actions import action
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.journal import reading, writing
from qifu.kernel.schema import bulk

Fact = Literal["went_home", "plans_return", "dissuaded", "returned", "observed_cdc", "observed_home"]
_COLUMN = {
    "went_home": "went_home_on",
    "plans_return": "plans_return_on",
    "dissuaded": "dissuaded_on",
    "returned": "returned_on",
    "observed_cdc": "observed_on",
    "observed_home": "observed_on",
}


@dataclass(frozen=True, kw_only=True)
class WorkerFact:
    """A fact about one worker on a day (today where none is said)."""

    worker: UUID = field(metadata={"label": "员工"})
    fact: Fact = field(metadata={"label": "情况"})
    on: date | None = field(default=None, metadata={"label": "日期"})


@dataclass(frozen=True, kw_only=True)
class WorkerFacts:
    """Facts about many workers."""

    rows: tuple[WorkerFact, ...] = field(metadata={"label": "情况"})


@dataclass(frozen=True, kw_only=True)
class RetractFact:
    """A fact that was told wrongly."""

    worker: UUID = field(metadata={"label": "员工"})
    fact: Fact = field(metadata={"label": "情况"})
    reason: str = field(metadata={"label": "理由", "most": 120})


@dataclass(frozen=True)
class Told:
    """What became of facts: how many were new, how many stood there already, and refusals by row."""

    recorded: int = 0
    unchanged: int = 0
    refused: dict[int, str] = field(default_factory=dict)


@action("registry.worker_fact", "登记员工动向")
def worker_fact(given: WorkerFact, *, actor: Actor, at: datetime, key: UUID | None = None) -> Worker:
    """Record a dated fact. Refuses FactInFuture, NothingChanged where it stands on that day already, NotFound, NotYours."""
    done = tell([given], actor=actor, at=at, batch=key, strict=True)
    if not done.recorded:
        raise NothingChanged("这一条已经登记过了，没有再记一次。")
    return Worker.objects.get(pk=given.worker)


@action("registry.worker_facts_many", "登记一批员工动向")
def worker_facts_many(given: WorkerFacts, *, actor: Actor, at: datetime, key: UUID | None = None) -> Told:
    """Record many facts, set-based, a journal row each; a refused row leaves no trace."""
    return tell(given.rows, actor=actor, at=at, batch=key)


@action("registry.retract_fact", "更正员工动向")
def retract_fact(given: RetractFact, *, actor: Actor, at: datetime, key: UUID | None = None) -> Worker:
    """Take a fact back: its entries are reversed at their own time, so that every figure loses it, and the worker's row
    is folded anew. Refuses NothingChanged where it was never told, NotYours."""
    worker = asking.locked(Worker, given.worker)
    hat = asking.hat_for(actor, asking.WORKERS, at=at, on=worker)
    history = reading.latest_standing(worker.id, WORKER)
    falls = [entry for entry in history if entry.entered == given.fact]
    if not falls:
        raise NothingChanged("没有登记过这一条，没有改动。")
    stamp = writing.Stamp(actor, hat, clock.now(), key)
    writing.write_many(
        [
            writing.row(
                stamp=stamp, process=WORKER, subject=worker.id, about=e.about, verb=e.verb, left=e.left, entered=e.entered,
                first=e.first, at=e.at, district=e.district, region=e.region, party=e.party, compartment=e.compartment,
                facets=e.facets, data={**e.data, "why": given.reason}, reverses=e.seq,
            )
            for e in falls
        ]
    )  # fmt: skip
    _fold(worker, [entry for entry in history if entry not in falls])
    return worker


def _fold(worker: Worker, history: Sequence[Any]) -> None:
    for column in set(_COLUMN.values()):
        setattr(worker, column, None)
    worker.observed = ""
    for entry in history:
        if entry.entered in _COLUMN:
            _project(worker, entry.entered, entry.at.astimezone(ZONE).date())
    worker.save(update_fields=[*set(_COLUMN.values()), "observed"])


def _project(worker: Worker, fact: str, on: date) -> None:
    setattr(worker, _COLUMN[fact], on)
    if fact.startswith("observed_"):
        worker.observed = fact.removeprefix("observed_")


def tell(rows: Sequence[WorkerFact], *, actor: Actor, at: datetime, batch: UUID | None = None, strict: bool = False) -> Told:
    """Record facts inside the open transaction: one lock, one update, one insert, whatever the number."""
    ids = {given.worker for given in rows}
    found = {w.id: w for w in Worker.objects.filter(pk__in=ids).select_for_update().order_by("id")}
    been = _been(list(ids))
    today = at.astimezone(ZONE).date()
    refused: dict[int, str] = {}
    pairs: list[tuple[Hat, dict[str, Any]]] = []
    touched: dict[UUID, Worker] = {}
    unchanged = 0
    for index, given in enumerate(rows):
        try:
            worker = found.get(given.worker)
            if worker is None:
                raise NotFound()
            hat = asking.hat_for(actor, asking.WORKERS, at=at, on=worker)
            on = given.on or today
            if on > today:
                raise FactInFuture()
        except ActionRefused as refusal:
            if strict:
                raise
            refused[index] = refusal.says
            continue
        if on in been[worker.id, given.fact]:
            unchanged += 1
            continue
        instant = at if on == today else datetime.combine(on, time(), ZONE)
        first = not been[worker.id, given.fact]
        been[worker.id, given.fact].add(on)
        if on == max(been[worker.id, given.fact]):
            _project(worker, given.fact, on)
        touched[worker.id] = worker
        facets = ["relative"] if worker.relative_of_id else []
        pairs.append((hat, ledger.line(worker, verb=given.fact, at=instant, entered=given.fact, first=first, facets=facets)))
    columns = [*sorted(set(_COLUMN.values())), "observed"]
    bulk.update(Worker, columns, [(worker.id, *(getattr(worker, name) for name in columns)) for worker in touched.values()])
    ledger.write_each(WORKER, pairs, actor=actor, batch=batch)
    return Told(len(pairs), unchanged, refused)


_BEEN = """
SELECT subject, entered, at FROM journal_entry WHERE process = %s AND subject = ANY(%s) AND entered <> ''
GROUP BY subject, entered, at HAVING sum(sign) > 0
"""


def _been(ids: list[UUID]) -> defaultdict[tuple[UUID, str], set[date]]:
    """Give the days on which each fact stands for each worker: what was reversed stands no more."""
    found: defaultdict[tuple[UUID, str], set[date]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(_BEEN, [WORKER, ids])
        for subject, entered, at in cursor.fetchall():
            found[subject, entered].add(at.astimezone(ZONE).date())
    return found
