"""The timer: tries the lapse verb of each overdue clock, and recomputes deadlines after a decree."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import Exists, JSONField, OuterRef, TextField

from qifu.kernel.access import ActionRefused, Actor, acting
from qifu.kernel.access.hats import machine
from qifu.kernel.calendar import Allow, Due
from qifu.kernel.calendar.clock import local
from qifu.kernel.jurisdiction import reach
from qifu.kernel.schema import bulk

from . import clocks
from .engine import Workflow, workflows
from .models import ClockRun

PIECE = 5000
"""How many clocks are found anew at a time."""
_WORD = 120
NEAREST = "due_at = (SELECT min(c.due_at) FROM workflow_clock c WHERE c.subject = s.id AND c.stopped_at IS NULL AND c.paused_at IS NULL)"


def timer() -> Actor:
    """Give the timer as an actor with a role of its own (roles.csv)."""
    from qifu.kernel.access import DOOR

    with acting(DOOR):
        return machine("timer")


def tick(at: datetime, *, limit: int = 1000, actor: Actor | None = None) -> int:
    """Try the lapse verb of each overdue clock as the timer; one transaction each, rows locked by others skipped.

    A clock whose verb is refused stays overdue and is tried again at the next tick. Who ticks again and again may hand over
    the timer as `actor`. Returns how many moved."""
    actor = actor or timer()
    with acting(actor):
        overdue = list(
            ClockRun._base_manager.filter(stopped_at__isnull=True, paused_at__isnull=True, due_at__lte=at)
            .exclude(lapse="")
            .order_by("due_at")
            .values_list("id", "process", "subject", "lapse")[:limit]
        )
    moved = 0
    for run, process, subject, lapse in overdue:
        with acting(actor):
            if not ClockRun._base_manager.select_for_update(skip_locked=True).filter(pk=run, stopped_at__isnull=True).exists():
                continue
            try:
                with workflows[process].move(lapse, subject, actor=actor, at=at):
                    pass
            except ActionRefused:
                continue
            moved += 1
    return moved


def begin_missing(workflow: Workflow[Any], at: datetime, *, limit: int = 1000) -> int:
    """Start the clocks of subjects that entered their state before the process had such a clock; inside `acting` of the timer.

    They run from `at`, never from when the state was entered: nobody is late for a time that was not theirs. What has a clock, and
    what has gone on, stays as it is, so that this may be asked again and again. Returns how many began."""
    begun = 0
    for clock in workflow.clocks:
        runs = ClockRun._base_manager.filter(subject=OuterRef("pk"), name=clock.name, stopped_at__isnull=True)
        found = workflow.model._base_manager.select_for_update(skip_locked=True).filter(~Exists(runs), state__in=clock.runs_in)
        subjects = list(found.order_by("id")[: limit - begun])
        memo: dict[tuple[int, Allow], Due] = {}
        workflow._start_many([workflow._run_values(one, clocks.begin(clock, one, at, memo=memo)) for one in subjects])
        if subjects:
            with connection.cursor() as cursor:
                table = workflow.model._meta.db_table
                cursor.execute(f'UPDATE "{table}" s SET {NEAREST} WHERE s.id = ANY (%s::uuid[])', [[one.id for one in subjects]])
        begun += len(subjects)
    return begun


def recompute(region: int, *, reason: str) -> int:
    """Find the open deadlines of a place and all under it anew by the calendar as it stands; inside `acting` of an actor who
    reaches them all. Each keeps its why, with the reason behind it. Returns how many moved.

    Set-based, as a decree may move a hundred thousand: the same start, place and time allowed are asked of the calendar once."""
    moved = 0
    for process, workflow in workflows.items():
        found = ClockRun._base_manager.select_for_update().filter(process=process, region__in=reach(region), stopped_at__isnull=True)
        # A time by the clock is the same on any calendar: where all clocks are such, no row is read.
        if workflow.clocks and any(callable(clock.allow) or clock.allow.days is not None for clock in workflow.clocks):
            rows = found.values_list("id", "subject", "region", "name", "started_at", "due_at", "given").order_by("id")
            moved += sum(_recompute(workflow, piece, reason) for piece in _pieces(rows))
    return moved


def _pieces(rows: Any) -> Iterator[list[tuple[Any, ...]]]:
    """Give the rows piece by piece, each from where the last one ended: an offset would read all that came before anew."""
    piece = list(rows[:PIECE])
    while piece:
        yield piece
        piece = list(rows.filter(id__gt=piece[-1][0])[:PIECE]) if len(piece) == PIECE else []


def _recompute(workflow: Workflow[Any], runs: Sequence[tuple[Any, ...]], reason: str) -> int:
    named = {clock.name: clock for clock in workflow.clocks}
    asks = any(callable(clock.allow) for clock in named.values())
    # What is long is no ground for a deadline; a clock that does ask for it gets it, row by row.
    long = [one.name for one in workflow.model._meta.concrete_fields if isinstance(one, TextField | ArrayField | JSONField)]
    subjects = workflow.model._base_manager.defer(*long).in_bulk([run[1] for run in runs]) if asks else {}
    known: dict[Any, Due | None] = {}
    changed: list[tuple[UUID, UUID, Due]] = []
    for id, subject, region, name, started_at, due_at, given in runs:
        clock = named[name]
        stands = subjects.get(subject) or SimpleNamespace(region=region)
        case = (region, name, clock.allowed(stands), local(started_at).date(), given)
        if case not in known:
            known[case] = clocks.due_again(clocks.Run(clock, "", started_at, due_at, given=given), stands)
        due = known[case]
        if due is not None and due.at != due_at:
            changed.append((id, subject, due))
    if changed:
        whys = [bulk.literal([word[:_WORD] for word in (*due.because, reason)]) for _, _, due in changed]
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE workflow_clock c SET due_at = v.due_at, because = v.because::varchar[]"
                " FROM unnest(%s::uuid[], %s::timestamptz[], %s::text[]) AS v (id, due_at, because) WHERE c.id = v.id",
                [[id for id, _, _ in changed], [due.at for _, _, due in changed], whys],
            )
            cursor.execute(
                f'UPDATE "{workflow.model._meta.db_table}" s SET {NEAREST} WHERE s.id = ANY (%s::uuid[])',
                [list({subject for _, subject, _ in changed})],
            )
    return len(changed)
