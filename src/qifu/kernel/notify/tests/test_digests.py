"""Tests the digests: what waits at 07:30, what happened at 20:00, each once, none where there is nothing, and only to who wants it."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from qifu.kernel import notify
from qifu.kernel.access import DOOR, acting
from qifu.kernel.access.models import Person, everything
from qifu.kernel.access.tests.factories import at
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.notify import Kind, digests, kinds, outbox
from qifu.kernel.notify.models import Outgoing
from qifu.kernel.workflow.timer import timer

from .letterbox import Letterbox, clerk, person_row

pytestmark = pytest.mark.usefixtures("database")

MORNING, EVENING = at("2020-02-11", "07:30"), at("2020-02-10", "20:00")
MADE = Kind(code="toy.made", label="做好了", words="{firm}的通知做好了。", brief="通知做好了。")


@pytest.fixture(autouse=True)
def hands() -> Iterator[clock.Fixed]:
    notify.register(MADE)
    before = dict(digests.offers)
    with clock.use(clock.Fixed(at("2020-02-10", "12:00"))) as found:
        yield found
    del kinds.kinds[MADE.code]
    digests.offers.clear()
    digests.offers.update(before)


def entered(*people: Any) -> None:
    """These have come in before: whoever never did is sent no digest."""
    with acting(DOOR):
        everything(Person).filter(id__in=[one.person for one in people]).update(entered_at=at("2020-02-01"))


def told() -> list[tuple[Any, str, dict[str, str]]]:
    with acting(timer()):
        rows = list(everything(Outgoing).filter(kind__in=("notify.morning", "notify.evening")).order_by("id"))
    return [(row.person, row.kind, json.loads(row.words.reveal())) for row in rows]


def test_what_waits_is_told_once_in_the_morning() -> None:
    """Tests a line of an area, that the second round tells nobody, and that whoever has nothing waiting hears nothing."""
    busy, idle = clerk(), clerk("16440292840", name="无事")
    entered(busy, idle)
    digests.offer("toy", lambda actor, at: [digests.Line("待受理", 3, "最早今天15:00到期")] if actor.id == busy.id else [])
    assert digests.send_due(MORNING - timedelta(minutes=1)) == 0
    assert digests.send_due(MORNING) == 2
    assert digests.send_due(MORNING + timedelta(minutes=1)) == 0
    assert [(person, kind) for person, kind, _ in told()] == [(busy.person, "notify.morning")]
    assert told()[0][2]["lines"] == "待受理3件（最早今天15:00到期）" and told()[0][2]["n"] == "3"


def test_whoever_wants_none_gets_none_and_a_missed_hour_is_left_out() -> None:
    """Tests the wish, and that at noon nobody is told of 07:30."""
    who, other = clerk(), clerk("16440292840")
    entered(who, other)
    digests.offer("toy", lambda actor, at: [digests.Line("待受理", 1)])
    assert run("notify.prefer", {"morning": "off", "evening": "on"}, actor=who).ok
    assert digests.send_due(MORNING + timedelta(hours=4)) == 0
    digests.send_due(MORNING)
    assert [person for person, _, _ in told()] == [other.person]


def test_what_was_gathered_is_told_in_the_evening() -> None:
    """Tests that the gathered messages go into one, and are ended by it."""
    who, box = clerk(), Letterbox()
    entered(who)
    assert run("notify.prefer", {"mode": "gather", "evening": "on"}, actor=who).ok
    with acting(who):
        on = person_row(who)
        notify.tell_many([notify.Tell(to=on.id, kind="toy.made", words={"firm": name}, on=on) for name in ("甲厂", "乙厂")], at=clock.now())
    with notify.using(box):
        outbox.carry(clock.now())
        digests.send_due(EVENING)
        outbox.carry(EVENING)
    ((_, kind, words),) = told()
    assert kind == "notify.evening" and words["lines"] == "甲厂的通知做好了；乙厂的通知做好了" and words["n"] == "2"
    assert box.texts == ["【企服】今天有2件事，打开企服看。"]
    with acting(timer()):
        assert set(everything(Outgoing).filter(kind="toy.made").values_list("state", flat=True)) == {"digested"}


def test_what_missed_its_digest_goes_alone() -> None:
    """Tests that a worker that slept over 20:00 loses nothing."""
    who, box = clerk(), Letterbox()
    assert run("notify.prefer", {"mode": "gather", "evening": "on"}, actor=who).ok
    with acting(who):
        on = person_row(who)
        notify.tell(on.id, "toy.made", words={"firm": "甲厂"}, on=on, at=clock.now())
    with notify.using(box):
        outbox.carry(clock.now())
        late = at("2020-02-11", "09:00")
        outbox.recover(late)
        outbox.carry(late)
    assert box.texts == ["【企服】通知做好了。"]


def test_deadlines_are_said_as_people_say_them() -> None:
    now = at("2020-02-10", "07:30")
    assert digests._until(now, now) == "已超时"
    assert digests._until(at("2020-02-10", "15:00"), now) == "最早今天15:00到期"
    assert digests._until(at("2020-02-11", "00:00"), now) == "最早今天到期"
    assert digests._until(at("2020-02-13", "00:00"), now) == "最早2月12日到期"
