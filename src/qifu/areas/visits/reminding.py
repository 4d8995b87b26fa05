"""Rounds of the worker. Whoever stays at an enterprise and has not written yesterday's log is told in the morning, while it may
still be written; opinions of before the clock get theirs."""

from datetime import datetime, time, timedelta

from qifu.kernel import notify
from qifu.kernel.access import acting
from qifu.kernel.access.models import everything
from qifu.kernel.calendar.clock import local
from qifu.kernel.workflow.timer import begin_missing, timer

from .actions.logs import gaps
from .models import DayLog, Territory
from .workflow import SAID

MORNING = time(8, 30)
MOST = 2000


def begin_clocks(at: datetime) -> int:
    """Give a clock, from now, to opinions that were taken home before there was one (an older installation); gives how many."""
    with acting(timer()):
        return begin_missing(SAID, at)


def remind(at: datetime) -> int:
    """Tell each resident of the day before that has no log, once (the worker's round); gives how many are new."""
    here = local(at)
    if here.time() < MORNING:
        return 0
    day = here.date() - timedelta(days=1)
    with acting(timer()):
        held = list(everything(Territory).filter(part="resident", until__isnull=True).select_related("enterprise")[:MOST])
        written = set(everything(DayLog).filter(territory__in=[one.id for one in held], day=day).values_list("territory", flat=True))
        orders = [
            notify.Tell(
                to=one.person_id, kind="visits.log_missing", on=one, key=f"log:{one.id}:{day}",
                words={"day": f"{day.month}月{day.day}日", "firm": one.enterprise.name},
            )
            for one in held
            if one.id not in written and gaps(one, {}, at=at, days=1)
        ]  # fmt: skip
        return len(notify.tell_many(orders, at=at))
