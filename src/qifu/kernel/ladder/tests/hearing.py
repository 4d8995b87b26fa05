"""Who is named and who heard, for the tests of whatever is watched."""

from datetime import timedelta
from typing import Any

from qifu.kernel.access import Actor, acting
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.ladder.models import Told
from qifu.kernel.ladder.sweep import sweep
from qifu.kernel.workflow.models import ClockRun
from qifu.kernel.workflow.timer import timer


def head(place: int, name: str, *, office: str = "", rung: int = 1, seat: int | None = None) -> Actor:
    """Give an officer who is named on a rung for an office of a place (`seat` where the office sits in another)."""
    found = officer("leader", seat or place, name=name, department=office)
    by = officer("supervisor", place, department="区督查室")
    answer = run("ladder.name", {"place": place, "office": office, "rung": rung, "person": found.id}, actor=by, at=clock.now())
    assert answer.ok, (answer.code, answer.says, answer.errors)
    return found


def heard(*subjects: Any) -> list[tuple[int, str]]:
    """Give who was told of these at which stage (below 1 a reminder), in the order of stages."""
    with acting(timer()):
        rows = Told._base_manager.filter(subject__in=[one.id for one in subjects]).order_by("stage", "person_name", "id")
        return list(rows.values_list("stage", "person_name"))


def due(subject: Any, name: str) -> Any:
    """Give when the clock of this name that runs for a subject ends."""
    with acting(timer()):
        return ClockRun._base_manager.get(subject=subject.id, name=name, stopped_at__isnull=True).due_at


def sweep_on(hands: clock.Fixed, when: Any, **later: int) -> int:
    """Sweep at an instant, or so much later; gives how many clocks were told of."""
    return sweep(hands.set(when + timedelta(**later)))
