"""Pure decisions of resumption: from triage's answers to route, priority and holds; and the earliest start."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .terms import Route


@dataclass(frozen=True)
class Reason:
    """One rule's answer as people read it: its sentence, met or not (None: unknown), the fix, and whose rule it is."""

    id: str
    says: str
    met: bool | None
    fix: str = ""
    origin: str = ""
    level: str = ""

    def as_data(self) -> dict[str, object]:
        return {"id": self.id, "says": self.says, "met": self.met, "fix": self.fix, "origin": self.origin, "level": self.level}


def route(size: str, *, decides: str) -> Route:
    """Give who decides: `decides` is town, zone or district, as the measure in force says for this size."""
    return Route.DISTRICT if decides == "district" else Route.TOWN


def earliest_start(*, planned: datetime, not_before: datetime | None, early: bool) -> datetime:
    """Give when it may start: the day planned, but not before the common instant unless it resumes early (2.10)."""
    if early or not_before is None:
        return planned
    return max(planned, not_before)


def holds(reasons: Sequence[Reason]) -> list[Reason]:
    """Give the reasons that stand in the way: not met, and not merely unknown."""
    return [reason for reason in reasons if reason.met is False]


def required_left(items: Sequence[tuple[str, bool, str]]) -> list[str]:
    """Give the names of required items (name, required, result) that nobody has looked at yet."""
    return [name for name, required, result in items if required and result == ""]


def to_mend(items: Sequence[tuple[str, bool, str]]) -> list[str]:
    """Give the names of required items that must be put right before it can pass."""
    return [name for name, required, result in items if required and result == "fix"]
