"""The timer: tries the lapse verb of each overdue clock, and recomputes deadlines after a decree."""

from collections import defaultdict
from datetime import datetime

from qifu.kernel.access import ActionRefused, Actor, acting
from qifu.kernel.access.hats import machine
from qifu.kernel.calendar import Allow

from . import clocks
from .engine import workflows
from .models import ClockRun


def timer() -> Actor:
    """Give the timer as an actor with a role of its own (roles.csv)."""
    from qifu.kernel.access import DOOR

    with acting(DOOR):
        return machine("timer")


def tick(at: datetime, *, limit: int = 1000) -> int:
    """Try the lapse verb of each overdue clock as the timer; one transaction each, rows locked by others skipped.

    A clock whose verb is refused stays overdue and is tried again at the next tick. Returns how many moved."""
    actor = timer()
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


def recompute(region: int, *, actor: Actor, at: datetime, reason: str) -> int:
    """After a decree: set due_at of every open clock of a region anew, by distinct (start, allowed); inside `acting`.

    Returns how many deadlines moved. Each keeps its why."""
    moved = 0
    by_case: dict[tuple[str, str, datetime, Allow], list[ClockRun]] = defaultdict(list)
    for process, workflow in workflows.items():
        named = {clock.name: clock for clock in workflow.clocks}
        runs = list(
            ClockRun._base_manager.select_for_update().filter(
                process=process, region=region, stopped_at__isnull=True, paused_at__isnull=True
            )
        )
        subjects = (
            workflow.model._base_manager.in_bulk([run.subject for run in runs]) if any(callable(c.allow) for c in named.values()) else {}
        )
        for run in runs:
            clock = named[run.name]
            by_case[(process, run.name, run.started_at, clock.allowed(subjects.get(run.subject)))].append(run)
    calendar = clocks.calendar(region)
    for (process, _, started_at, allow), runs in by_case.items():
        due = calendar.due(started_at, allow)
        ids = [run.id for run in runs if run.due_at != due.at]
        if not ids:
            continue
        ClockRun._base_manager.filter(pk__in=ids).update(due_at=due.at, because=[*due.because, reason])
        model = workflows[process].model
        for subject in model._base_manager.filter(pk__in=[run.subject for run in runs]):
            nearest = (
                ClockRun._base_manager.filter(subject=subject.id, stopped_at__isnull=True, paused_at__isnull=True)
                .order_by("due_at")
                .first()
            )
            model._base_manager.filter(pk=subject.id).update(due_at=nearest.due_at if nearest else None)
        moved += len(ids)
    return moved
