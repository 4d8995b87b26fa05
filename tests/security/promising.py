"""The words in which a process is promised: who may do what in which state, what is stamped, held, and how long it may take."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any
from uuid import UUID, uuid4

from qifu.areas.resumption.models import Application
from qifu.kernel.access import Actor
from qifu.kernel.access.tests.factories import at
from qifu.kernel.workflow.engine import Workflow

NOW = at("2022-05-09")
"""A Monday."""
BEFORE = at("2022-05-04")
EARLY = at("2022-04-01")
HOURS = timedelta(hours=1)

MACHINES = {"system", "replay"}
CLOCKWORK = {"timer", "system"}


@dataclass
class Case:
    """A row that a guard is about: what it must say, and to whom."""

    name: str
    state: str
    verb: str
    role: str
    code: str | None
    facts: dict[str, Any] = field(default_factory=dict)
    by: str = ""
    """The column that names the actor, alone or (`writers`) as one of several."""


@dataclass
class Promise:
    """What one process promises, without a look at its table."""

    workflow: Workflow
    guards: ModuleType
    opens: tuple[str, set[str], timedelta, str | None, set[str]]
    """verb, roles, how late, stamp, what the entry may hold"""
    who: dict[str, set[str]]
    steps: dict[str, dict[str, str]]
    idle: str
    seen: str
    strong: set[str] = field(default_factory=set)
    late: dict[str, timedelta] = field(default_factory=dict)
    stamps: dict[str, str] = field(default_factory=dict)
    may_hold: dict[str, set[str]] = field(default_factory=dict)
    runs: dict[str, tuple[str, datetime, str, str]] = field(default_factory=dict)
    """state -> clock, when due if begun on this Monday, whose column, what it tries when overdue"""
    pauses: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    """Columns with which every guard lets every step pass."""
    cases: list[Case] = field(default_factory=list)


@dataclass
class Ground:
    """A district with an incident, its measures, an actor of every role, and one of the city above."""

    place: int
    district: int
    home: int
    closed: int
    incident: UUID
    measure: UUID
    by_role: dict[str, Actor]
    checks: dict[str, bool]
    firm: UUID
    assessed: UUID
    """An application that the approver has assessed."""
    plan: UUID
    case: UUID
    course: UUID
    """That is to be passed; a call for volunteers asks for it."""
    call: UUID


Row = Callable[[Ground, dict[str, Any], bool], dict[str, Any]]
"""Gives the columns without which no row of a table can stand: of a ground, and of the facts wished for (it may take some
away); the last says whether the row will be saved."""


def standing_at(ground: Ground, state: str, assessor: str, *, save: bool) -> Application | None:
    """Give an application in a state: what a guard reads of it."""
    if not state:
        return None
    made = Application(
        id=uuid4(), number=uuid4().hex[:24], enterprise_id=ground.firm, incident_id=ground.incident, regime="approval", route="town",
        planned_at=BEFORE, head_count=1, state=state, state_at=BEFORE, assessor=assessor, region=ground.place, district=ground.district,
    )  # fmt: skip
    if not save:
        return made
    # A firm has one application at a time: the ground's own, put into this state.
    Application._base_manager.filter(pk=ground.assessed).update(state=state, assessor=assessor)
    return Application._base_manager.get(pk=ground.assessed)
