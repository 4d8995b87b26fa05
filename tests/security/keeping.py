"""Compares what the engine does with what a process promises: every verb, state, role, guard, stamp and clock."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction

from qifu.areas.schools import workflow as schools
from qifu.kernel.access import ActionRefused, Actor, acting
from qifu.kernel.journal.models import Entry
from qifu.kernel.workflow.models import ClockRun
from qifu.kernel.workflow.tests.spoiling import Spoiling

from .promised import ROWS
from .promising import BEFORE, NOW, Case, Ground, Promise


class Undone(Exception):
    """Ends a block whose writes are not to stay."""


@contextmanager
def undone(ground: Ground) -> Iterator[None]:
    """Act as one who reaches everything, in a transaction of which nothing stays."""
    with suppress(Undone), acting(ground.by_role["system"]):
        yield
        raise Undone


@contextmanager
def forgotten() -> Iterator[None]:
    with suppress(Undone), transaction.atomic():
        yield
        raise Undone


def make(ground: Ground, promise: Promise, state: str, facts: dict[str, Any], *, save: bool = True) -> Any:
    """Put a row of a process straight into a state, with the clocks that would run there."""
    model = promise.workflow.model
    facts = promise.facts | facts
    region = ground.closed if facts.pop("closed", 0) else ground.place
    facts |= {"application_id": ground.assessed} if facts.pop("assessed", 0) else {}
    facts |= {"place": ground.home} if facts.pop("of_district", 0) else {}
    values = ROWS[model](ground, facts, save)
    made = model(
        id=uuid4(), region=region, district=ground.district, state=state, state_at=BEFORE, been=[state] if state else [], **(values | facts)
    )
    if save:
        made.due_at = promise.runs[state][1] if state in promise.runs else None
        made.save(force_insert=True)
        for where, paused in ((promise.runs.get(state), None), (promise.runs.get(paused_in(promise, state)), BEFORE)):
            if where:
                ClockRun._base_manager.create(
                    process=promise.workflow.name, subject=made.id, name=where[0], started_at=BEFORE, due_at=where[1], paused_at=paused,
                    region=made.region, district=made.district,
                )  # fmt: skip
    return made


def paused_in(promise: Promise, state: str) -> str:
    """Give the state in which the clock runs that stands still in this one."""
    name = promise.pauses.get(state)
    return next((s for s, (clock_name, *_) in promise.runs.items() if clock_name == name), "")


def said(promise: Promise, verb: str, row: Any, actor: Actor, *, when: datetime = NOW) -> str | None:
    move = promise.workflow.moves.get(verb)
    if move is None:
        return "no such verb"
    try:
        promise.workflow._check(move, row, actor=actor, at=when, now=NOW)
    except ActionRefused as refusal:
        return refusal.code
    return None


def grid(ground: Ground, promise: Promise, verbs: set[str]) -> Iterator[str]:
    """Try verbs in every state as every role, with and without a second factor, now and too late."""
    for state in promise.steps:
        row = make(ground, promise, state, {}, save=False)
        for verb in sorted(verbs):
            for role, actor in ground.by_role.items():
                name = role.removeprefix("city:")
                for strong in (True, False):
                    found = said(promise, verb, row, replace(actor, strong=strong))
                    if name not in promise.who[verb]:
                        wanted = "NotYours"
                    elif verb in promise.strong and not strong:
                        wanted = "SecondFactorNeeded"
                    else:
                        wanted = "" if verb in promise.steps[state] else "WrongState"
                    if (wanted and found != wanted) or (not wanted and found in ("NotYours", "SecondFactorNeeded", "WrongState")):
                        yield f"{state} {verb} {role} {strong}: {found}, not {wanted or 'allowed'}"
            if verb in promise.steps[state]:
                actor = replace(ground.by_role[min(promise.who[verb])], strong=True)
                allowed = promise.late.get(verb, timedelta(0))
                if said(promise, verb, row, actor, when=NOW - allowed - timedelta(minutes=9)) == "ToldTooLate":
                    yield f"{state} {verb} may not be told {allowed} late"
                if said(promise, verb, row, actor, when=NOW - allowed - timedelta(minutes=11)) != "ToldTooLate":
                    yield f"{state} {verb} may be told later than {allowed}"


def table(promise: Promise) -> Iterator[str]:
    """Compare verbs and what entries may hold."""
    rows = promise.workflow.moves
    yield from (f"nobody promised {verb}" for verb in set(rows) ^ set(promise.who))
    for verb, row in rows.items():
        if set(row.data) != promise.may_hold.get(verb, set()):
            yield f"{verb} may hold {row.data}"


def opening(ground: Ground, promise: Promise, only: set[str] | None = None) -> Iterator[str]:
    """Open as every role, or only some, late and too late; look at state, stamp, clocks and entry."""
    verb, roles, late, stamp, holds = promise.opens
    first = next(iter(promise.steps))
    if set(promise.workflow.opening.data) != holds:
        yield f"{verb} may hold {promise.workflow.opening.data}"
    for role, actor in ((role, actor) for role, actor in ground.by_role.items() if only is None or role in only):
        for when, wanted in ((NOW, None), (NOW - late - timedelta(minutes=9), None), (NOW - late - timedelta(minutes=11), "ToldTooLate")):
            code = None
            with forgotten():
                row = make(ground, promise, "", {}, save=False)
                if stamp:
                    setattr(row, stamp, None)
                try:
                    promise.workflow.open(row, actor=actor, at=when)
                except ActionRefused as refusal:
                    code = refusal.code
                else:
                    if (row.state, row.been, stamp and getattr(row, stamp)) != (first, [first], stamp and when):
                        yield f"{verb}: {row.state}, {stamp}"
                    if when == NOW:
                        yield from looked(promise, row, verb, "", first, NOW)
            # What is told too late is refused before anybody asks whose it is.
            allowed = wanted or (None if role.removeprefix("city:") in roles else "NotYours")
            if code != allowed:
                yield f"{verb} as {role} at {when}: {code}, not {allowed}"


def moving(ground: Ground, promise: Promise, verbs: set[str], states: set[str]) -> Iterator[str]:
    """Make every promised step for real, from a row in its state, and look at what became of it."""
    for state, steps in promise.steps.items():
        for verb, target in steps.items():
            if verb not in verbs and not states & {state, target}:
                continue
            case = next((c for c in promise.cases if (c.state, c.verb, c.code) == (state, verb, None)), None)
            actor = replace(ground.by_role[case.role if case else min(promise.who[verb])], strong=True)
            facts = dict(case.facts) if case else {}
            facts |= _by(case, actor) if case else {}
            if promise.workflow is schools.REOPENING and state == "studied":
                facts |= {"studier": "bureau"}
            for stamp in promise.stamps.values():
                facts.setdefault(stamp, None)
            with forgotten():
                row = make(ground, promise, state, facts)
                before = {name: getattr(row, name) for name in stamped(promise)}
                try:
                    with promise.workflow.move(verb, row.id, actor=actor, at=NOW) as fresh:
                        pass
                except ActionRefused as refusal:
                    yield f"{state} {verb}: {refusal.code}"
                    continue
                fresh = promise.workflow.model._base_manager.get(pk=row.id)
                if fresh.state != target or fresh.state_at != NOW:
                    yield f"{state} {verb} leads to {fresh.state}"
                wanted = before | ({promise.stamps[verb]: NOW} if verb in promise.stamps else {})
                if {name: getattr(fresh, name) for name in wanted} != wanted:
                    yield f"{state} {verb} stamps otherwise"
                yield from looked(promise, fresh, verb, state, target, NOW)


def stamped(promise: Promise) -> set[str]:
    return {*promise.stamps.values(), *filter(None, [promise.opens[3]]), *({promise.idle} - {"due_at"})}


def looked(promise: Promise, row: Any, verb: str, left: str, target: str, when: datetime) -> Iterator[str]:
    """Compare the last entry and the open clocks of a row with the promise."""
    entry = Entry._base_manager.filter(subject=row.id).order_by("-seq")[0]
    if (entry.verb, entry.left, entry.entered) != (verb, left, target):
        yield f"{left} {verb}: the record says {entry.verb} {entry.left} {entry.entered}"
    found = {
        run.name: (run.due_at, run.paused_at, run.owner, run.lapse)
        for run in ClockRun._base_manager.filter(subject=row.id, stopped_at__isnull=True)
    }
    ran, stood = promise.runs.get(left, ("",))[0], promise.pauses.get(left, "")
    wanted: dict[str, Any] = {}
    if target in promise.runs:
        name, due, column, lapse = promise.runs[target]
        if name in (ran, stood):
            # It was put there by `make` and goes on: with its own day, without an owner.
            wanted[name] = (found.get(name, (due,))[0], None, "", "")
        else:
            wanted[name] = (due, None, getattr(row, column) if column else "", lapse)
    if target in promise.pauses and ran == promise.pauses[target]:
        name = promise.pauses[target]
        wanted[name] = (promise.runs[left][1], when, "", "")
    if found != wanted:
        yield f"{left} {verb}: clocks are {found}, not {wanted}"
    due = min((run[0] for run in found.values() if run[1] is None), default=None)
    if row.due_at != due:
        yield f"{left} {verb}: due {row.due_at}, not {due}"


def guards(ground: Ground, promise: Promise) -> Iterator[str]:
    """Ask each guard about its cases."""
    for case in promise.cases:
        actor = replace(ground.by_role[case.role], strong=True)
        facts = case.facts | _by(case, actor)
        found = said(promise, case.verb, make(ground, promise, case.state, facts, save=False), actor)
        if found != case.code:
            yield f"{case.name}: {found}, not {case.code}"


def _by(case: Case, actor: Actor) -> dict[str, Any]:
    """Give the column in which the actor stands, alone or as one of several."""
    return {case.by: [actor.id] if case.by == "writers" else actor.id} if case.by else {}


def problems(ground: Ground, promise: Promise, change: Spoiling | None = None) -> Iterator[str]:
    """Give what is not as promised; with a spoiling, only what may show it is asked."""
    about = change.about if change else ""
    verbs = {change.verb} if change and change.verb in promise.who else set() if change else set(promise.who)
    states = {change.state} if change and change.state else set() if change else set(promise.steps)
    yield from table(promise)
    if about in ("", "row"):
        yield from grid(ground, promise, verbs)
    if about in ("", "guard"):
        yield from guards(ground, promise)
    if about in ("", "opening"):
        yield from opening(ground, promise)
    if about == "clock":
        # A clock does not ask who opens: one that may is enough to see it begin.
        yield from opening(ground, promise, only={min(promise.opens[1])})
    if about in ("", "row", "target", "stamp", "clock"):
        yield from moving(ground, promise, verbs, states)


def concerns(promise: Promise, change: Spoiling) -> bool:
    """Say whether a guard of the module is used by this process: one module may hold several tables."""
    reached, todo = set(), [move.guard for move in promise.workflow.moves.values() if move.guard]
    while todo:
        guard = todo.pop()
        if guard.__name__ not in reached:
            reached.add(guard.__name__)
            todo += [g for n, g in vars(promise.guards).items() if callable(g) and n in guard.__code__.co_names and hasattr(g, "__code__")]
    return change.name.split(" ")[0] in reached
