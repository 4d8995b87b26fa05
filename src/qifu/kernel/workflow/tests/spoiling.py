"""Spoils the table of a process in every small way, for tests that want each spoiling noticed.

A test states what a process promises without reading its table; here the table loses a row, a guard or one statement
of a guard, a clock, a stamp, a second factor, or becomes wider, one at a time."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from types import ModuleType
from typing import Any

from qifu.kernel.calendar import Allow
from qifu.kernel.workflow.engine import Workflow


@dataclass(frozen=True)
class Spoiling:
    """One change of a table for the worse: what it is about, and the row, clock state or guard that it touches."""

    name: str
    spoil: Callable[[], Any]
    about: str
    """row, target, stamp, data, opening, clock, guard"""
    verb: str = ""
    state: str = ""


@contextmanager
def spoiled(workflow: Workflow, guards: ModuleType, change: Spoiling) -> Iterator[None]:
    """Change the table, and the module of its guards, in place for the block."""
    moves, clocks, opening = dict(workflow.moves), workflow.clocks, workflow.opening
    before = dict(vars(guards))
    try:
        change.spoil()
        yield
    finally:
        workflow.moves, workflow.clocks, workflow.opening = moves, clocks, opening
        vars(guards).clear()
        vars(guards).update(before)


def spoilings(workflow: Workflow, guards: ModuleType, *, idle: str, seen: str) -> Iterator[Spoiling]:
    """Give every spoiling of a process.

    `idle` is a column of time that no row stamps; `seen` a right of people who may only look."""
    yield from _rows(workflow, idle=idle, seen=seen)
    yield from _openings(workflow, seen=seen)
    yield from _clocks(workflow)
    yield from guard_spoilings(workflow, guards)


def _row(workflow: Workflow, verb: str, **changes: Any) -> Callable[[], None]:
    def spoil() -> None:
        workflow.moves[verb] = replace(workflow.moves[verb], **changes)

    return spoil


def _rows(workflow: Workflow, *, idle: str, seen: str) -> Iterator[Spoiling]:
    for verb, move in workflow.moves.items():
        at = {"verb": verb}
        yield Spoiling(f"no row {verb}", lambda verb=verb: workflow.moves.pop(verb), "row", **at)
        yield Spoiling(f"{verb} for whoever may look", _row(workflow, verb, who=seen), "row", **at)
        for route in ("town", "district") if "{route}" in move.who else ():
            right = move.who.replace("{route}", route)
            yield Spoiling(f"{verb} by {right} on both routes", _row(workflow, verb, who=right), "row", **at)
        for state in set(workflow.states) - set(move.sources):
            yield Spoiling(f"{verb} from {state} too", _row(workflow, verb, sources=(*move.sources, state)), "row", **at)
        for state in move.sources if len(move.sources) > 1 else ():
            left = tuple(s for s in move.sources if s != state)
            yield Spoiling(f"{verb} no more from {state}", _row(workflow, verb, sources=left), "row", **at)
        yield Spoiling(f"{verb}: factor turned round", _row(workflow, verb, strong=not move.strong), "row", **at)
        for backdate in {timedelta(0), timedelta(days=7)} - {move.backdate}:
            yield Spoiling(f"{verb} told {backdate} late", _row(workflow, verb, backdate=backdate), "row", **at)
        if move.guard:
            yield Spoiling(f"{verb} without its guard", _row(workflow, verb, guard=None), "guard", **at)
        for state in sorted(set(workflow.states) - {move.target})[:2]:
            yield Spoiling(f"{verb} leads to {state}", _row(workflow, verb, target=state), "target", **at)
        stamp = None if move.stamp else idle
        yield Spoiling(f"{verb} stamps {stamp}", _row(workflow, verb, stamp=stamp), "stamp", **at)
        for key in move.data:
            yield Spoiling(f"{verb} may not hold {key}", _row(workflow, verb, data=tuple(k for k in move.data if k != key)), "data", **at)
        yield Spoiling(f"{verb} may hold words", _row(workflow, verb, data=(*move.data, "words")), "data", **at)


def _openings(workflow: Workflow, *, seen: str) -> Iterator[Spoiling]:
    opening = workflow.opening
    changes: dict[str, dict[str, Any]] = {"by anybody": {"who": seen}, "holding words": {"data": (*opening.data, "words")}}
    if opening.stamp:
        changes["without its stamp"] = {"stamp": None}
    for backdate in {timedelta(0), timedelta(days=7)} - {opening.backdate}:
        changes[f"told {backdate} late"] = {"backdate": backdate}
    for name, change in changes.items():
        yield Spoiling(
            f"opening {name}", lambda change=change: setattr(workflow, "opening", replace(opening, **change)), "opening", verb=opening.verb
        )


def _clock(workflow: Workflow, name: str, **changes: Any) -> Callable[[], None]:
    def spoil() -> None:
        workflow.clocks = tuple(replace(c, **changes) if c.name == name else c for c in workflow.clocks)

    return spoil


def _clocks(workflow: Workflow) -> Iterator[Spoiling]:
    for one in workflow.clocks:
        gone = tuple(c for c in workflow.clocks if c is not one)
        yield Spoiling(f"no clock {one.name}", lambda gone=gone: setattr(workflow, "clocks", gone), "clock", state=min(one.runs_in))
        for state in sorted(one.runs_in):
            less = one.runs_in - {state}
            yield Spoiling(f"{one.name} does not run in {state}", _clock(workflow, one.name, runs_in=less), "clock", state=state)
        for state in sorted(set(workflow.states) - one.runs_in - one.pauses_in):
            more = one.runs_in | {state}
            yield Spoiling(f"{one.name} runs in {state} too", _clock(workflow, one.name, runs_in=more), "clock", state=state)
        for state in one.pauses_in:
            never = one.pauses_in - {state}
            yield Spoiling(f"{one.name} does not pause in {state}", _clock(workflow, one.name, pauses_in=never), "clock", state=state)
        longer = _clock(workflow, one.name, allow=Allow(days=4))
        yield Spoiling(f"{one.name} is longer", longer, "clock", state=min(one.runs_in))
        if one.owner:
            yield Spoiling(f"{one.name} is nobody's", _clock(workflow, one.name, owner=""), "clock", state=min(one.runs_in))
        if one.lapse:
            yield Spoiling(f"{one.name} lapses into nothing", _clock(workflow, one.name, lapse=None), "clock", state=min(one.runs_in))


def guard_spoilings(workflow: Workflow, guards: ModuleType) -> Iterator[Spoiling]:
    """Give every guard of a module without one of its statements, at any depth: a condition, or a call of another guard."""
    for name, guard in list(vars(guards).items()):
        if not inspect.isfunction(guard) or list(inspect.signature(guard).parameters)[1:] != ["actor", "at"]:
            continue
        source = textwrap.dedent(inspect.getsource(guard))
        for number, text in _statements(source):
            yield Spoiling(f"{name} without “{text}”", _rewritten(workflow, guards, name, guard, source, number), "guard")


def _statements(source: str) -> list[tuple[int, str]]:
    """Give what may be left out of a guard: each statement that can refuse, by its number in the walk of the tree."""
    found = []
    for number, node in enumerate(ast.walk(ast.parse(source))):
        docs = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if isinstance(node, ast.If | ast.For | ast.Expr | ast.Return) and not docs:
            found.append((number, ast.unparse(node).splitlines()[0]))
    return found


def _rewritten(workflow: Workflow, guards: ModuleType, name: str, guard: Any, source: str, number: int) -> Callable[[], None]:
    """Put another body under the name of a guard, wherever a row or another guard holds it."""

    def spoil() -> None:
        tree = ast.parse(source)
        gone = list(ast.walk(tree))[number]

        class Leave(ast.NodeTransformer):
            def visit(self, node: ast.AST) -> Any:
                return ast.Pass() if node is gone else self.generic_visit(node)

        made: dict[str, Any] = {}
        exec(compile(ast.fix_missing_locations(Leave().visit(tree)), "<spoiled>", "exec"), vars(guards), made)
        setattr(guards, name, made[name])
        for verb, move in list(workflow.moves.items()):
            if move.guard is guard:
                workflow.moves[verb] = replace(move, guard=made[name])

    return spoil
