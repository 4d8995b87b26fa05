"""Whoever owns a public answer is told in the morning of the day by which they must look at it again: once for each such day.
Where the owner has left, it falls to those of the unit: they are told once that it is nobody's, and again on that day."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q

from qifu.kernel import notify
from qifu.kernel.access import acting
from qifu.kernel.access.terms import person_of
from qifu.kernel.actions import run
from qifu.kernel.booking import slots
from qifu.kernel.calendar.clock import ZONE, local
from qifu.kernel.workflow.timer import timer

from . import owners
from .actions.appointments import FILL_BEFORE, first_in_line
from .models import Appointment, Article
from .terms import PUBLIC

MORNING = time(8, 30)
LATELY = timedelta(days=7)
"""How long after its day an answer is still told of: the worker may have stood still, but nobody is told of an old one anew."""
MOST = 2000


def fill(at: datetime) -> int:
    """Give freed places to those who wait longest, and let go who waited in vain (the worker's round); gives how many moved."""
    actor, moved = timer(), 0
    with acting(actor):
        ripe, over = slots.awaited(after=at + FILL_BEFORE)
        vain = list(Appointment._base_manager.filter(waits_for__in=over, state="waiting").values_list("id", flat=True)) if over else []
    for one in vain:
        moved += run("services.appointment.pass_by", {"appointment": one}, actor=actor, at=at).ok
    for slot in ripe:
        while True:
            with acting(actor):
                first = first_in_line(slot)
            answer = run("services.appointment.fill", {"appointment": first}, actor=actor, at=at) if first is not None else None
            if answer is None or not answer.ok or answer.result.state != "booked":
                break
            moved += 1
    return moved


def remind(at: datetime) -> int:
    """Find answers whose owner has left, and tell of what is due by today and of what is nobody's (the worker's round); gives how
    many messages are new."""
    here = local(at)
    if here.time() < MORNING:
        return 0
    actor = timer()
    with acting(actor):
        left = owners.without_owner(at, most=MOST)
    for one in left:
        run("services.article.leave", {"article": one.id, "owner": one.owner}, actor=actor, at=at)
    with acting(actor):
        due = Q(review_on__lte=here.date(), review_on__gt=here.date() - LATELY)
        lost = Q(owner="", left_at__gt=datetime.combine(here.date() - LATELY, time(), ZONE))
        found = (
            Article._base_manager.filter(due | lost, state__in=PUBLIC).order_by("review_on", "id").defer("grams", "grams_title", "answer")
        )
        articles = list(found[:MOST])
        falls_to = owners.heirs([one for one in articles if not one.owner], at)
        orders = [*_reviews(articles, falls_to, here.date()), *_nobodys(articles, falls_to, here.date())]
        return len(notify.tell_many(orders, at=at))


def _reviews(articles: list[Article], falls_to: dict[UUID, list[UUID]], today: date) -> list[notify.Tell]:
    orders = []
    for one in articles:
        if not today - LATELY < one.review_on <= today:
            continue
        told = {"title": one.title, "day": f"{one.review_on.month}月{one.review_on.day}日"}
        key, waits = f"review:{one.id}:{one.review_on}", "_revising" if one.state == "revising" else ""
        if (owner := person_of(one.owner)) is not None:
            orders.append(notify.Tell(to=owner, kind=f"services.review{waits}", on=one, key=key, words=told))
        orders += [
            notify.Tell(to=person, kind=f"services.review_nobody{waits}", on=one, key=f"{key}:{person}", words=told)
            for person in falls_to.get(one.id, ())
        ]
    return orders


def _nobodys(articles: list[Article], falls_to: dict[UUID, list[UUID]], today: date) -> list[notify.Tell]:
    """One message a person for all that became nobody's on one day: who leaves may have owned forty."""
    first: dict[tuple[UUID, date], Article] = {}
    count: Counter[tuple[UUID, date]] = Counter()
    for one in articles:
        if one.owner or one.left_at is None or (day := local(one.left_at).date()) <= today - LATELY:
            continue
        for person in falls_to.get(one.id, ()):
            first.setdefault((person, day), one)
            count[person, day] += 1
    return [
        notify.Tell(to=person, kind="services.nobodys", on=one, key=f"nobodys:{person}:{day}", words={"n": count[person, day]})
        for (person, day), one in first.items()
    ]
