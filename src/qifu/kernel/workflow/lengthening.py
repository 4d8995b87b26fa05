"""More time for a running clock, inside the act that allows it; that act's move is the record."""

from datetime import datetime, timedelta

from qifu.kernel.calendar import Allow

from . import clocks
from .engine import Workflow
from .models import ClockRun, Subject


def lengthen(workflow: Workflow[Subject], subject: Subject, name: str, *, days: int, because: str) -> None:
    """Put working days behind the deadline of a clock that runs or stands still; the subject's own deadline follows.

    The area must let the clock's `allow` say so too, so that a correction folds the same deadline."""
    run = ClockRun._base_manager.select_for_update().get(subject=subject.id, name=name, stopped_at__isnull=True)
    last_day = run.due_at - timedelta(microseconds=1)
    run.due_at = clocks.calendar(subject.region).due(last_day, Allow(days=days)).at
    _keep(workflow, subject, run, because)


def bring_forward(workflow: Workflow[Subject], subject: Subject, name: str, *, due_at: datetime, because: str) -> None:
    """Set an earlier (or later) end of a running clock that the law of the act itself has fixed to an instant.

    As with `lengthen`, the area lets the clock's `allow` say so too."""
    run = ClockRun._base_manager.select_for_update().get(subject=subject.id, name=name, stopped_at__isnull=True)
    run.due_at = due_at
    _keep(workflow, subject, run, because)


def _keep(workflow: Workflow[Subject], subject: Subject, run: ClockRun, because: str) -> None:
    run.because = [*run.because, because[:120]]
    run.save(update_fields=["due_at", "because"])
    running = ClockRun._base_manager.filter(subject=subject.id, stopped_at__isnull=True, paused_at__isnull=True)
    nearest = running.order_by("due_at").values_list("due_at", flat=True).first()
    workflow.model._base_manager.filter(pk=subject.id).update(due_at=nearest)
    subject.due_at = nearest
