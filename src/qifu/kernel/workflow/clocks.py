"""Deadlines as a function of states: pure folding of a history into clock runs, and the step of a single move."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from qifu.kernel.calendar import Allow, Due, calendar_for
from qifu.kernel.language import said

from .terms import Clock


@dataclass(frozen=True)
class Run:
    """One run of a clock: when it began, when it is due (exclusive), when it paused or stopped, why it is due then, and how
    many working days were given back because it stood still."""

    clock: Clock
    owner: str
    started_at: datetime
    due_at: datetime
    because: tuple[str, ...] = ()
    paused_at: datetime | None = None
    stopped_at: datetime | None = None
    given: int = 0


def begin(clock: Clock, subject: Any, at: datetime, *, memo: dict[tuple[int, Allow], Due] | None = None) -> Run:
    """Start a clock on a subject at `at`; `memo` spares a batch the same question about the same place."""
    allow = clock.allowed(subject)
    due = memo.get((subject.region, allow)) if memo is not None else None
    if due is None:
        due = calendar(subject.region).due(at, allow)
        if memo is not None:
            memo[subject.region, allow] = due
    owner = str(getattr(subject, clock.owner, "") or "") if clock.owner else ""
    return Run(clock, owner, at, due.at, tuple(due.because))


def calendar(region: int) -> Any:
    """Give the calendar in force in a region, local decrees laid over the national table."""
    return calendar_for(region)


def step(clock: Clock, left: str, entered: str) -> str:
    """Say what a move from `left` to `entered` does to a clock: start, stop, pause, resume or nothing ('')."""
    ran, stood = left in clock.runs_in, left in clock.pauses_in
    runs, stands = entered in clock.runs_in, entered in clock.pauses_in
    if runs:
        return "" if ran else ("resume" if stood else "start")
    if stands:
        return "pause" if ran else ""
    return "stop" if ran or stood else ""


def resumed(run: Run, subject: Any, *, at: datetime) -> Run:
    """Give a paused run as it goes on: the time that stood still is given back, in the unit in which it was allowed.

    In working days that is what the run would have used meanwhile: counted from its own start, since a pause that begins on
    a day off must not use up the next working day. One that was in time does not go on late: if it stood still on its last day
    and goes on on a day off, it has the next working day."""
    assert run.paused_at is not None
    allow, days_of = run.clock.allowed(subject), calendar(subject.region)
    if allow.hours is not None:
        return replace(run, due_at=run.due_at + (at - run.paused_at), paused_at=None)
    days = days_of.working_days(run.started_at, at) - days_of.working_days(run.started_at, run.paused_at)
    if allow.days and run.paused_at < run.due_at and days_of.due(run.started_at, Allow(days=allow.days + run.given + days)).at <= at:
        days += 1
    if not days:
        return replace(run, paused_at=None)
    given = run.given + days
    if allow.days is not None:
        due_at = days_of.due(run.started_at, Allow(days=allow.days + given)).at
    else:
        due_at = days_of.due(run.due_at - timedelta(microseconds=1), Allow(days=days)).at
    why = said("等待期间顺延{n}个工作日", n=days)
    return replace(run, due_at=due_at, paused_at=None, given=given, because=(*run.because, why))


def due_again(run: Run, subject: Any) -> Due | None:
    """Give when a run is due by the calendar as it stands now; None for one that the calendar does not move."""
    allow = run.clock.allowed(subject)
    if allow.days is None:
        return None
    due = calendar(subject.region).due(run.started_at, Allow(days=allow.days + run.given))
    return replace(due, because=(*due.because, said("等待期间顺延{n}个工作日", n=run.given))) if run.given else due


def fold(clocks: Iterable[Clock], history: Sequence[tuple[str, str, datetime]], subject: Any) -> list[Run]:
    """Give all runs that a history of (left, entered, at) has made, in order. What a correction rebuilds from."""
    runs: list[Run] = []
    for clock in clocks:
        current: Run | None = None
        for left, entered, at in history:
            what = step(clock, left, entered)
            if what == "start" or (what == "resume" and current is None):
                current = begin(clock, subject, at)
            elif what == "pause" and current:
                current = replace(current, paused_at=at)
            elif what == "resume" and current:
                current = resumed(current, subject, at=at)
            elif what == "stop" and current:
                runs.append(replace(current, stopped_at=at, paused_at=None))
                current = None
        if current:
            runs.append(current)
    return runs
