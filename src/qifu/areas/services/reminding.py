"""Whoever owns a public answer is told in the morning of the day by which they must look at it again: once for each such day."""

from datetime import datetime, time, timedelta

from qifu.kernel import notify
from qifu.kernel.access import acting
from qifu.kernel.access.terms import person_of
from qifu.kernel.calendar.clock import local
from qifu.kernel.workflow.timer import timer

from .models import Article

MORNING = time(8, 30)
LATELY = timedelta(days=7)
"""How long after its day an answer is still told of: the worker may have stood still, but nobody is told of an old one anew."""
MOST = 2000


def remind(at: datetime) -> int:
    """Tell the owner of each answer whose review is due by today (the worker's round); gives how many are new."""
    here = local(at)
    if here.time() < MORNING:
        return 0
    with acting(timer()):
        found = Article._base_manager.filter(state="published", review_on__lte=here.date(), review_on__gt=here.date() - LATELY)
        orders = [
            notify.Tell(
                to=owner, kind="services.review", on=one, key=f"review:{one.id}:{one.review_on}",
                words={"title": one.title, "day": f"{one.review_on.month}月{one.review_on.day}日"},
            )
            for one in found.order_by("review_on", "id")[:MOST]
            if (owner := person_of(one.owner)) is not None
        ]  # fmt: skip
        return len(notify.tell_many(orders, at=at))
