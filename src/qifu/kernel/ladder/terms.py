"""What is watched and when somebody is told: the port of the areas, and the data of the province."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

import yaml
from django.conf import settings

from qifu.kernel.access.terms import person_of
from qifu.kernel.language import said

if TYPE_CHECKING:
    # The package is opened before the apps are ready.
    from qifu.kernel.workflow.engine import Workflow

SEE, KEEP = "ladder.see", "ladder.keep"
NAMED = "ladder.named"
FORCE = "force:"
"""How the office of a special group begins: its own leader is the first who is told."""
LATE_FROM = 1
"""Stages below are reminders, from here on the rungs by number."""


def _nobody(subject: Any, clock: str) -> Sequence[UUID]:
    return ()


def the(*people: str) -> Sequence[UUID]:
    """Give who of these is to be reminded, by the ids that rows keep: a machine is nobody."""
    return [found for id in people if (found := person_of(id)) is not None]


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A process whose clocks are watched. Each function takes the subject, and the clock's name where it matters.

    A clock that lapses ends by itself, so nobody is late with it: it is not watched.

    `office` gives the code of the office whose time it is: a department's, 'place:<id>', 'force:<id>' of a task force, or
    '' for the subject's own place. `handlers` are persons to remind; where there are none, the office's head is. `load`
    narrows and joins what is read."""

    workflow: "Workflow[Any]"
    title: Callable[[Any], str]
    url: Callable[[Any], str]
    office: Callable[[Any, str], str] = lambda subject, clock: ""
    handlers: Callable[[Any, str], Sequence[UUID]] = _nobody
    join: tuple[str, ...] = ()


watched: dict[str, Watched] = {}
"""What is watched, by the name of its process."""


def watch(one: Watched) -> Watched:
    """Watch the clocks of a process; once, from the area's AppConfig.ready()."""
    watched[one.workflow.name] = one
    return one


@dataclass(frozen=True)
class Remind:
    """A reminder before the deadline: after so many percent of the time, or for the last working days."""

    stage: int
    code: str
    label: str
    share: int = 0
    working_days: int = 0


@dataclass(frozen=True)
class Rung:
    """One rung: told when so many working days late, or hours where the time allowed was less than a day."""

    stage: int
    name: str
    days: int
    hours: int


@dataclass(frozen=True)
class Ladder:
    """The reminders and rungs of this installation, in order."""

    reminders: tuple[Remind, ...]
    rungs: tuple[Rung, ...]

    def label(self, stage: int) -> str:
        """Name a stage."""
        if stage >= LATE_FROM:
            return self.rungs[stage - LATE_FROM].name if stage - LATE_FROM < len(self.rungs) else ""
        return next((one.label for one in self.reminders if one.stage == stage), "")


@cache
def ladder() -> Ladder:
    """Read the ladder of this installation once; ValueError where it has no rung or goes down."""
    raw: dict[str, Any] = yaml.safe_load((settings.PACKS / "zhejiang" / "ladder.yaml").read_text("utf-8"))
    reminders = tuple(
        Remind(-number, code, said(one["label"]), int(one.get("share", 0)), int(one.get("working_days", 0)))
        for number, (code, one) in enumerate(raw["remind"].items(), 1)
    )
    rungs = tuple(
        Rung(number, said(one["name"]), int(one["days"]), int(one["hours"])) for number, one in enumerate(raw["rungs"], LATE_FROM)
    )
    if not rungs or [rung.days for rung in rungs] != sorted(rung.days for rung in rungs):
        raise ValueError("ladder.yaml: at least one rung, each no sooner than the one below")
    if any(bool(one.share) == bool(one.working_days) for one in reminders):
        raise ValueError("ladder.yaml: a reminder has either a share or working days")
    return Ladder(reminders, rungs)
