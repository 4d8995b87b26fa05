"""What people of a rota are told: that it is published, changed, asked for, handed over; and the day before."""

from collections import defaultdict
from datetime import datetime, time, timedelta
from uuid import UUID

from qifu.kernel import notify
from qifu.kernel.access import acting
from qifu.kernel.calendar.clock import ZONE, local
from qifu.kernel.workflow.timer import timer

from .actions import training
from .models import Roster, Seat, Trainee, Turn
from .terms import LEFT

EVENING = time(16, 0)
"""From when on tomorrow is told."""
MOST = 2000


def moment(at: datetime) -> str:
    """Say an instant in a message: 2月13日17:30."""
    here = local(at)
    return f"{here.month}月{here.day}日{here:%H:%M}"


def published(roster: Roster, *, at: datetime) -> int:
    """Tell everybody of a rota how many duties they have and when the first is; gives to how many."""
    by: dict[UUID, list[Turn]] = defaultdict(list)
    for turn in Turn._base_manager.filter(roster=roster.id, person__isnull=False).exclude(state="dropped").order_by("starts_at"):
        if turn.person is not None:
            by[turn.person].append(turn)
    orders = [
        notify.Tell(
            to=person, kind="mobilisation.rota", on=roster, key=f"rota:{roster.id}:{person}",
            words={"title": roster.title, "n": len(turns), "first": moment(turns[0].starts_at)},
        )
        for person, turns in by.items()
    ]  # fmt: skip
    return len(notify.tell_many(orders, at=at))


def of_turn(turn: Turn, kind: str, to: UUID | None, *, at: datetime, who: str) -> None:
    """Tell somebody of one duty: asked, agreed, declined."""
    if to is not None:
        notify.tell(to, kind, words={"who": who, "time": moment(turn.starts_at), "post": turn.post}, on=turn, at=at)


def changed(turn: Turn, before: UUID | None, *, at: datetime) -> None:
    """Tell who has a duty now, and who no longer has."""
    words = {"title": turn.roster.title, "time": moment(turn.starts_at), "post": turn.post, "who": turn.name}
    if turn.person is not None:
        notify.tell(turn.person, "mobilisation.turn", words=words, on=turn, at=at)
    if before is not None:
        notify.tell(before, "mobilisation.turn_off", words=words, on=turn, at=at)


def next_after(turn: Turn) -> Turn | None:
    """Give the duty that follows one on the same rota: of the same post first."""
    ahead = Turn._base_manager.filter(roster=turn.roster_id, starts_at__gte=turn.ends_at - timedelta(hours=1), person__isnull=False)
    soon = ahead.filter(starts_at__lte=turn.ends_at + timedelta(hours=24)).exclude(state="dropped").order_by("starts_at")
    return soon.filter(post=turn.post).first() or soon.first()


def handed_over(turn: Turn, *, at: datetime) -> None:
    """Tell whoever is on duty next that there is a word for them; the word itself stays on the page."""
    following = next_after(turn)
    if following is not None and following.person not in (None, turn.person):
        of_turn(following, "mobilisation.handed_over", following.person, at=at, who=turn.name)


def remind(at: datetime) -> int:
    """Tell of tomorrow once each: duties, meetings, courses that end (the worker's round); gives how many are new."""
    here = local(at)
    if here.time() < EVENING:
        return 0
    tomorrow = here.date() + timedelta(days=1)
    start = datetime.combine(tomorrow, time(0), ZONE)
    end = start + timedelta(days=1)
    with acting(timer()):
        turns = Turn._base_manager.filter(starts_at__gte=start, starts_at__lt=end, state__in=["published", "asked"], person__isnull=False)
        orders = [
            notify.Tell(
                to=one.person, kind="mobilisation.turn_tomorrow", on=one, key=f"tomorrow:{one.id}:{one.person}",
                words={"time": moment(one.starts_at), "post": one.post, "until": moment(one.ends_at)},
            )
            for one in turns[:MOST]
            if one.person is not None
        ]  # fmt: skip
        told = len(notify.tell_many(orders, at=at))
        seats = Seat._base_manager.filter(
            left_at__isnull=True, came_at__isnull=True, meeting__slot__starts_at__gte=start, meeting__slot__starts_at__lt=end
        )
        told += training.remind_meetings(seats.select_related("trainee__volunteer", "meeting__slot", "meeting__course")[:MOST], at=at)
        late = Trainee._base_manager.filter(state__in=LEFT, course__state="open", course__finish_by=tomorrow)
        return told + training.remind_due(late.select_related("course", "volunteer")[:MOST], at=at)
