"""Moves at the same moment: locks, keys, deadlocks and two timers, each with a connection or process of its own."""

import subprocess
import sys
import threading
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest

from qifu.kernel import jurisdiction
from qifu.kernel.access import DOOR, Actor, acting
from qifu.kernel.access.tests.factories import at, officer
from qifu.kernel.actions import action, run
from qifu.kernel.calendar import clock
from qifu.kernel.journal.models import Attempt, Entry
from qifu.kernel.workflow.models import ClockRun
from qifu.kernel.workflow.proof import drift

from .races import at_once, done, refused
from .toy.models import Loan
from .toy.process import LOAN, draft

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def place(database):
    return jurisdiction.by_name("莼湖街道").id


@pytest.fixture(autouse=True)
def now(database):
    with clock.use(clock.Fixed(at("2020-02-10"))) as hands:
        yield hands


@pytest.fixture
def clerks(place):
    return [officer("town_clerk", place, name=f"经办人{n}") for n in range(2)]


def opened(clerk: Actor, place: int, count: int = 1) -> list[Loan]:
    with acting(clerk):
        return list(LOAN.open_many([draft(place, title=f"书{n}") for n in range(count)], actor=clerk, at=clock.now()))


def verbs(clerk: Actor) -> list[str]:
    with acting(clerk):
        return list(Entry._base_manager.order_by("seq").values_list("verb", flat=True))


def test_two_clerks_at_once_make_one_move(clerks, place):
    """Tests ten races: one moves, the other is told in which state it is now, and the attempt is on the record."""
    loans = opened(clerks[0], place, 10)
    for loan in loans:
        results = at_once(*(partial(run, "toy.lend", {"loan": loan.id}, actor=clerk) for clerk in clerks))
        assert len(done(results)) == 1 and refused(results) == ["WrongState"]
        (loser,) = [result for result in results if not result.ok]
        assert loser.says == "这件事现在是“已借出”，不能“借出”，没有改动。"
    assert verbs(clerks[0]).count("lend") == 10
    with acting(clerks[0]):
        assert drift(LOAN) == []
        assert ClockRun._base_manager.filter(name="return", stopped_at__isnull=True).count() == 10
    with acting(DOOR):
        assert Attempt._base_manager.filter(code="WrongState", action="toy.lend").count() == 10


def test_twenty_deliveries_of_one_key_make_one_move(clerks, place):
    """Tests that a device's twenty deliveries move once, and that all hear that it is done."""
    (loan,), key = opened(clerks[0], place), uuid4()
    results = at_once(*(partial(run, "toy.lend", {"loan": loan.id}, actor=clerks[0], key=key) for _ in range(20)))
    assert len(done(results)) == 20
    assert sorted(result.again for result in results) == [False, *[True] * 19]
    assert {result.result.id for result in results} == {loan.id}
    assert verbs(clerks[0]).count("lend") == 1
    with acting(DOOR):
        assert not Attempt._base_manager.exists()


def test_ten_openings_of_one_key_open_once(clerks, place):
    """Tests that ten deliveries of one opening leave one subject, and that all are given it."""
    key = uuid4()
    results = at_once(*(partial(run, "toy.ask", {"title": "书", "place": place}, actor=clerks[0], key=key) for _ in range(10)))
    assert len(done(results)) == 10, results
    assert len({result.result.id for result in results}) == 1
    with acting(clerks[0]):
        assert Loan._base_manager.count() == 1 and Entry._base_manager.count() == 1


def test_a_text_without_a_bound_that_is_longer_than_its_column_is_refused_in_words(clerks, place):
    """Tests that it is no fault of the server, and that nothing is written."""
    answer = run("toy.ask", {"title": "书" * 61, "place": place}, actor=clerks[0])
    assert (answer.code, answer.says) == ("TooLong", "有一处内容太长，没有保存。")
    with acting(clerks[0]):
        assert not Loan._base_manager.exists() and not Entry._base_manager.exists()


# ---------------------------------------------------------------- deadlocks


@dataclass(frozen=True, kw_only=True)
class Both:
    first: UUID
    second: UUID


@dataclass
class Meeting:
    """Lets two acts each hold one row before either reaches for the other's."""

    gate: threading.Barrier
    tries: int = 0


meetings: list[Meeting] = []


@action("toy.lend_both", "借出两本")
def lend_both(given: Both, *, actor: Actor, at: datetime, key: UUID | None = None) -> None:
    meeting = meetings[-1]
    meeting.tries += 1
    with LOAN.move("lend", given.first, actor=actor, at=at):
        pass
    if meeting.tries <= 2:
        meeting.gate.wait(timeout=30)
    LOAN.lock(given.second)


def test_a_deadlock_is_tried_again_and_nobody_hears_of_it(clerks, place):
    """Tests that two acts that lock each other's rows both take place, the victim by a second try, nothing twice."""
    one, other = opened(clerks[0], place, 2)
    meetings.append(Meeting(threading.Barrier(2)))
    ways = [{"first": one.id, "second": other.id}, {"first": other.id, "second": one.id}]
    results = at_once(*(partial(run, "toy.lend_both", way, actor=clerk) for way, clerk in zip(ways, clerks, strict=True)))
    assert len(done(results)) == 2, results
    assert meetings.pop().tries == 3
    assert verbs(clerks[0]).count("lend") == 2
    with acting(clerks[0]):
        assert drift(LOAN) == []


# ---------------------------------------------------------------- two timers

TICK = """
import sys
import django
django.setup()
from datetime import datetime
from qifu.kernel.calendar import clock
from qifu.kernel.workflow.timer import tick
at = datetime.fromisoformat(sys.argv[1])
with clock.use(clock.Fixed(at)):
    print("ready", flush=True)
    sys.stdin.readline()
    print(tick(at))
"""


def test_two_timers_lapse_each_overdue_clock_once(database: Any, clerks, place, now):
    """Tests two worker processes at the same instant: together they move each overdue subject once."""
    loans = opened(clerks[0], place, 40)
    with acting(clerks[0]):
        LOAN.move_many("lend", [loan.id for loan in loans], actor=clerks[0], at=clock.now())
    due = at("2020-02-14", "00:00")
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    workers = [
        subprocess.Popen([sys.executable, "-c", TICK, due.isoformat()], env=database.environment, text=True, **pipes) for _ in range(2)
    ]
    assert [worker.stdout.readline() for worker in workers] == ["ready\n"] * 2
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    said = [worker.communicate(timeout=120) for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0], said
    assert sum(int(out) for out, _ in said) == 40, said
    now.set(due)
    assert verbs(clerks[0]).count("lose") == 40
    with acting(clerks[0]):
        assert drift(LOAN) == []
        assert not ClockRun._base_manager.filter(stopped_at__isnull=True).exists()
