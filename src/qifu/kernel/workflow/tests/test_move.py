"""What a move promises: right, state, time, guard, record, clocks and key, all or nothing."""

from datetime import timedelta
from uuid import uuid4

import pytest

from qifu.kernel import jurisdiction
from qifu.kernel.access import DOOR, NotFound, NotYours, acting
from qifu.kernel.access.hats import machine
from qifu.kernel.access.tests.factories import at, officer
from qifu.kernel.actions import Done, Refused, run
from qifu.kernel.calendar import clock
from qifu.kernel.journal import writing
from qifu.kernel.journal.models import Attempt, Entry
from qifu.kernel.workflow import InTheFuture, OutOfOrder, ToldTooLate, WrongState
from qifu.kernel.workflow.models import ClockRun, Kept
from qifu.kernel.workflow.proof import drift
from qifu.kernel.workflow.timer import tick

from .toy.models import Loan
from .toy.process import LOAN, BorrowerMayNotLend, draft

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def place():
    return jurisdiction.by_name("莼湖街道").id


@pytest.fixture
def clerk(place):
    return officer("town_clerk", place)


@pytest.fixture
def now():
    with clock.use(clock.Fixed(at("2020-02-10"))) as hands:
        yield hands


def opened(clerk, place, **more):
    with acting(clerk):
        return LOAN.open(draft(place, **more), actor=clerk, at=clock.now())


def snapshot():
    """Everything that a refused act must leave as it was."""
    with acting(everywhere()):
        return (
            list(Loan._base_manager.order_by("id").values()),
            list(Entry._base_manager.order_by("seq").values_list("seq", "verb")),
            list(ClockRun._base_manager.order_by("id").values()),
        )


def everywhere():
    with acting(DOOR):
        return machine("system")


def test_a_move_writes_state_record_and_clocks_together(clerk, place, now):
    """Tests that one move changes the object, adds one entry, stops one clock and starts another."""
    loan = opened(clerk, place)
    now.set(at("2020-02-10", "10:00"))
    with acting(clerk), LOAN.move("lend", loan, actor=clerk, at=now.now(), fen=300) as fresh:
        fresh.borrower = "张三"
    with acting(clerk):
        loan = Loan._base_manager.get()
        entry = Entry._base_manager.order_by("seq").last()
        runs = {run.name: run for run in ClockRun._base_manager.all()}
    assert (loan.state, loan.state_at, loan.been, loan.borrower) == ("lent", now.now(), ["asked", "lent"], "张三")
    assert loan.lent_at == now.now()
    assert (entry.verb, entry.left, entry.entered, entry.first, entry.data) == ("lend", "asked", "lent", True, {"fen": 300})
    assert runs["answer"].stopped_at == now.now()
    # Monday 10 Feb + 3 working days ends with Thursday 13 Feb.
    assert runs["return"].due_at == at("2020-02-14", "00:00") == loan.due_at


def test_a_move_from_another_state_is_refused_and_changes_nothing(clerk, place, now):
    """Tests that a wrong state is refused by name and leaves everything as it was."""
    loan = opened(clerk, place)
    before = snapshot()
    with acting(clerk), pytest.raises(WrongState), LOAN.move("give_back", loan, actor=clerk, at=clock.now()):
        pass
    assert snapshot() == before


def test_an_error_in_the_body_leaves_nothing(clerk, place, now):
    """Tests that the move and what the body did fall together."""
    loan = opened(clerk, place)
    before = snapshot()
    with pytest.raises(ZeroDivisionError), acting(clerk), LOAN.move("lend", loan, actor=clerk, at=clock.now()) as fresh:
        fresh.borrower = "李四"
        1 / 0  # noqa: B018
    assert snapshot() == before


def test_the_guard_knows_the_actor(clerk, place, now):
    """Tests that a guard refuses in move, possible and move_many alike."""
    loan = opened(clerk, place, borrower=clerk.id)
    before = snapshot()
    with acting(clerk):
        with pytest.raises(BorrowerMayNotLend), LOAN.move("lend", loan, actor=clerk, at=clock.now()):
            pass
        (choice,) = LOAN.possible(loan, actor=clerk, at=clock.now())
        moved = LOAN.move_many("lend", [loan.id], actor=clerk, at=clock.now())
    assert choice.refusal.code == "BorrowerMayNotLend"
    assert moved.moved == () and moved.refused[loan.id].code == "BorrowerMayNotLend"
    assert snapshot() == before


def test_another_town_cannot_even_find_it(clerk, place, now):
    """Tests that outside the scope the subject does not exist, and that a right without reach is no right."""
    loan = opened(clerk, place)
    other = officer("town_clerk", jurisdiction.by_name("裘村镇").id)
    before = snapshot()
    with acting(other), pytest.raises(NotFound), LOAN.move("lend", loan, actor=other, at=clock.now()):
        pass
    with acting(other), pytest.raises(NotYours):
        LOAN.open(draft(place), actor=other, at=clock.now())
    assert snapshot() == before


def test_time_runs_forward(clerk, place, now):
    """Tests that a move before its predecessor, in the future, or told too late is refused."""
    loan = opened(clerk, place)
    early, late = at("2020-02-09"), at("2020-02-11")
    before = snapshot()
    for when, refusal in ((early, OutOfOrder), (late, InTheFuture)):
        with acting(clerk), pytest.raises(refusal), LOAN.move("lend", loan, actor=clerk, at=when):
            pass
    now.set(at("2020-02-12"))
    with acting(clerk), pytest.raises(ToldTooLate), LOAN.move("lend", loan, actor=clerk, at=at("2020-02-10", "09:30")):
        pass
    assert snapshot() == before


def test_a_move_may_be_told_late_as_far_as_its_row_allows(clerk, place, now):
    """Tests that an offline report within `backdate` stands at its own time and stops the clock then."""
    loan = opened(clerk, place)
    with acting(clerk), LOAN.move("lend", loan, actor=clerk, at=clock.now()):
        pass
    now.set(at("2020-02-10", "19:00"))
    with acting(clerk), LOAN.move("give_back", loan, actor=clerk, at=at("2020-02-10", "10:20")):
        pass
    with acting(clerk):
        entry = Entry._base_manager.order_by("seq").last()
        assert (entry.at, entry.recorded_at) == (at("2020-02-10", "10:20"), at("2020-02-10", "19:00"))
        assert ClockRun._base_manager.get(name="return").stopped_at == at("2020-02-10", "10:20")


def test_a_retry_with_the_same_key_is_a_no_op(clerk, place, now):
    """Tests that the second delivery answers Done and writes nothing, for openings and moves."""
    key, second = uuid4(), uuid4()
    first = run("toy.ask", {"title": "书", "place": place}, actor=clerk, key=key)
    again = run("toy.ask", {"title": "书", "place": place}, actor=clerk, key=key)
    assert isinstance(again, Done) and again.again and again.result.id == first.result.id
    run("toy.lend", {"loan": first.result.id}, actor=clerk, key=second)
    before = snapshot()
    repeat = run("toy.lend", {"loan": first.result.id}, actor=clerk, key=second)
    assert isinstance(repeat, Done) and repeat.again
    assert snapshot() == before


def test_a_fact_beside_the_moves_is_no_drift(clerk, place, now):
    """Tests that the last entry may be no move (an item checked, a call made): the object still equals its journal."""
    loan = opened(clerk, place)
    now.advance(timedelta(minutes=1))
    with acting(clerk):
        writing.record(LOAN.name, loan, verb="note", actor=clerk, hat=clerk.hats[0], at=now.now())
    with acting(everywhere()):
        assert drift(LOAN) == []


def test_a_key_that_was_kept_for_another_thing_is_no_retry(clerk, place, now):
    """Tests that what was not done is never told done: nothing is written, and the sentence says so."""
    key = uuid4()
    first = run("toy.ask", {"title": "书", "place": place}, actor=clerk).result
    second = run("toy.ask", {"title": "伞", "place": place}, actor=clerk).result
    assert run("toy.lend", {"loan": first.id}, actor=clerk, key=key).ok
    before = snapshot()
    refused = run("toy.lend", {"loan": second.id}, actor=clerk, key=key)
    assert isinstance(refused, Refused) and refused.code == "KeyTaken" and "这一次没有办" in refused.says
    assert snapshot() == before


def test_a_report_on_a_subject_that_moved_is_kept(clerk, place, now):
    """Tests that a stale device report is neither forced nor dropped."""
    loan = opened(clerk, place)
    answer = run("toy.lend", {"loan": loan.id, "seen": at("2020-02-09").isoformat()}, actor=clerk)
    assert isinstance(answer, Refused) and answer.code == "SubjectMoved"
    with acting(clerk):
        kept = Kept._base_manager.get()
        assert (kept.action, kept.subject, kept.settled_at) == ("toy.lend", loan.id, None)
        assert Loan._base_manager.get().state == "asked"


def test_a_refused_act_is_on_the_record(clerk, place, now):
    """Tests that the refusal rolls back and the attempt is written by name."""
    loan = opened(clerk, place)
    stranger = officer("town_clerk", jurisdiction.by_name("裘村镇").id, name="王某")
    answer = run("toy.lend", {"loan": loan.id}, actor=stranger)
    assert isinstance(answer, Refused) and answer.code == "NotFound"
    with acting(DOOR):
        attempt = Attempt._base_manager.get()
        assert (attempt.action, attempt.code, attempt.actor_name, attempt.subject, attempt.forbidden) == (
            "toy.lend", "NotFound", "王某", loan.id, True,
        )  # fmt: skip


def test_a_paused_clock_gives_the_days_back(clerk, place, now):
    """Tests that the deadline moves by the working days that it stood still, and says why."""
    loan = opened(clerk, place)
    with acting(clerk), LOAN.move("lend", loan, actor=clerk, at=clock.now()):
        pass
    now.set(at("2020-02-11"))
    with acting(clerk), LOAN.move("mend", loan, actor=clerk, at=clock.now()) as fresh:
        pass
    assert fresh.due_at is None
    now.set(at("2020-02-13"))
    with acting(clerk), LOAN.move("mended", loan, actor=clerk, at=clock.now()) as fresh:
        pass
    with acting(clerk):
        run_ = ClockRun._base_manager.get(name="return")
    # Due end of Thursday 13; two working days stood still: end of Monday 17.
    assert fresh.due_at == run_.due_at == at("2020-02-18", "00:00")
    assert "顺延" in run_.because[-1]


def test_the_timer_tries_the_lapse_of_overdue_clocks(clerk, place, now):
    """Tests that tick moves what is overdue, once, as the timer, and nothing earlier."""
    loan = opened(clerk, place)
    with acting(clerk), LOAN.move("lend", loan, actor=clerk, at=clock.now()):
        pass
    due = at("2020-02-14", "00:00")
    now.set(due - timedelta(minutes=1))
    assert tick(clock.now()) == 0
    now.set(due)
    assert tick(clock.now()) == 1
    assert tick(clock.now()) == 0
    with acting(clerk):
        assert Loan._base_manager.get().state == "lost"
        assert Entry._base_manager.order_by("seq").last().actor == "timer"


def test_bulk_moves_all_that_may_and_names_the_rest(clerk, place, now):
    """Tests that 200 move in one batch, the forbidden ones are refused by name, and objects equal the journal."""
    with acting(clerk):
        loans = LOAN.open_many([draft(place, borrower=clerk.id if i % 10 == 0 else "") for i in range(200)], actor=clerk, at=clock.now())
    with acting(clerk):
        moved = LOAN.move_many("lend", [loan.id for loan in loans], actor=clerk, at=clock.now())
    assert (len(moved.moved), len(moved.refused)) == (180, 20)
    with acting(clerk):
        assert Loan._base_manager.filter(state="lent", lent_at=clock.now(), due_at=at("2020-02-14", "00:00")).count() == 180
        assert Entry._base_manager.filter(batch=moved.batch).count() == 180
        assert ClockRun._base_manager.filter(name="answer", stopped_at__isnull=True).count() == 20
        assert drift(LOAN) == []
