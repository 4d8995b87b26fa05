"""The worker learns the suggested kind anew, once a month in each district that has closed enough."""

from datetime import timedelta

import pytest

from qifu.areas.casework import learning
from qifu.areas.casework.models import Lesson
from qifu.areas.casework.tests.factories import Desk, monday
from qifu.areas.casework.tests.test_learning import closed
from qifu.areas.casework.workflow import CASES
from qifu.kernel.access import acting
from qifu.kernel.access.tests.factories import at
from qifu.kernel.calendar import clock
from qifu.kernel.journal.models import Attempt, Entry
from qifu.kernel.workflow.timer import timer
from qifu.project import worker


@pytest.fixture
def people(database):
    with monday() as found:
        yield found


def lessons() -> list[Lesson]:
    with acting(timer()):
        return list(Lesson._base_manager.order_by("version"))


def test_a_district_is_learned_once_a_month(people: Desk) -> None:
    """Tests the first lesson, none the next day nor on the 29th, the second on the 30th; by the timer, on the record."""
    closed(people, learning.LEAST + 10)
    assert worker.learn(clock.now()) == 1
    first = clock.now()
    for days, done in ((1, 0), (29, 0), (30, 1), (31, 0)):
        people.hands.set(first + timedelta(days=days))
        assert worker.learn(clock.now()) == done, days
    one, two = lessons()
    assert (one.version, two.version, two.at - one.at) == (1, 2, learning.AGAIN)
    assert one.region == two.region == people.district
    with acting(timer()):
        entries = Entry._base_manager.filter(process="casework.lesson").order_by("seq")
        assert [(entry.verb, entry.actor, entry.data["version"]) for entry in entries] == [("learn", "timer", 1), ("learn", "timer", 2)]


def test_too_little_is_not_asked_for_and_nobody_is_refused_every_day(people: Desk) -> None:
    """Tests a district one case short of enough: no lesson, and no attempt on the record; with that case there is one."""
    closed(people, learning.LEAST - 1)
    assert worker.learn(clock.now()) == 0 and lessons() == []
    with acting(timer()):
        assert not Attempt._base_manager.filter(action="casework.learn").exists()
    closed(people, 1)
    assert worker.learn(clock.now()) == 1


def test_the_worker_learns_from_nothing_confidential(people: Desk) -> None:
    """Tests that what is said about an officer is in no lesson of the worker's either."""
    closed(people, learning.LEAST)
    secret = people.reported("经办科员收了烟酒才肯盖章")
    with acting(people.discipline):
        assert not CASES.move_many("answer", [secret.id], actor=people.discipline, at=clock.now(), by="").refused
    assert worker.learn(clock.now()) == 1
    (one,) = lessons()
    assert one.cases == learning.LEAST and "conduct" not in one.kinds


def test_a_machine_without_the_library_learns_nothing_and_says_nothing(people: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests that the round passes silently where scikit-learn is not installed."""
    closed(people, learning.LEAST)
    monkeypatch.setattr(learning, "installed", lambda: False)
    assert worker.learn(clock.now()) == 0 and lessons() == []
    with acting(timer()):
        assert not Attempt._base_manager.filter(action="casework.learn").exists()


def test_the_worker_s_own_rounds_come_to_it() -> None:
    """Tests that learning is among the slow rounds, each day."""
    (one,) = (found for found in worker.slow_rounds(at("2022-05-09")) if found.name == "lessons")
    assert one.call is worker.learn and one.every == 24 * 3600
