"""What a correction promises: the reversal stands beside what it reverses, and every figure follows."""

from datetime import timedelta

import pytest

from qifu.kernel.access import acting
from qifu.kernel.access.tests.factories import at, officer
from qifu.kernel.calendar import clock
from qifu.kernel.indicators import Moment, happened, reached, standing
from qifu.kernel.journal import reading
from qifu.kernel.journal.models import Entry
from qifu.kernel.workflow import ChainBreaks
from qifu.kernel.workflow.models import ClockRun
from qifu.kernel.workflow.proof import drift

from .test_move import clerk, now, opened, place  # noqa: F401
from .toy.models import Loan
from .toy.process import LOAN

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def corrector(place):  # noqa: F811
    return officer("corrector", place)


def entry_of(loan, verb):
    return reading.entries(subject=loan.id).filter(verb=verb).first()


def figures(asof=None):
    moment = Moment(asof or clock.now())
    return (
        standing("toy.loan", "lent").value(moment),
        reached("toy.loan", "lent").value(moment),
        happened("toy.loan", "lend", sum="fen").value(moment),
        len(reached("toy.loan", "lent").rows(moment)),
    )


def test_what_never_happened_leaves_every_figure(clerk, corrector, place, now):  # noqa: F811
    """Tests that a reversed last step takes object, clocks and figures back, and adds rows instead of editing any."""
    loan = opened(clerk, place)
    now.advance(timedelta(hours=1))
    with acting(clerk), LOAN.move("lend", loan, actor=clerk, at=clock.now(), fen=500):
        pass
    with acting(clerk):
        assert figures() == (1, 1, 500, 1)
        before = list(Entry._base_manager.order_by("seq").values())
    with acting(corrector):
        LOAN.correct(entry_of(loan, "lend"), actor=corrector, at=None, reason="wrong_firm")
    with acting(clerk):
        assert figures() == (0, 0, 0, 0)
        assert list(Entry._base_manager.order_by("seq").values())[: len(before)] == before
        loan = Loan._base_manager.get()
        assert (loan.state, loan.lent_at, loan.been) == ("asked", None, ["asked"])
        assert [run.name for run in ClockRun._base_manager.filter(stopped_at__isnull=True)] == ["answer"]
        assert drift(LOAN) == []


def test_a_step_that_others_rest_on_is_not_taken_out_alone(clerk, corrector, place, now):  # noqa: F811
    """Tests that a correction that breaks the chain is refused whole, and that `following` takes the rest along."""
    loan = opened(clerk, place)
    for verb in ("lend", "give_back"):
        now.advance(timedelta(hours=1))
        with acting(clerk), LOAN.move(verb, loan, actor=clerk, at=clock.now()):
            pass
    with acting(corrector), pytest.raises(ChainBreaks):
        LOAN.correct(entry_of(loan, "lend"), actor=corrector, at=None, reason="wrong_firm")
    with acting(clerk):
        assert Entry._base_manager.count() == 3
    with acting(corrector):
        LOAN.correct(entry_of(loan, "lend"), actor=corrector, at=None, reason="wrong_firm", following=True)
    with acting(clerk):
        loan = Loan._base_manager.get()
        assert (loan.state, loan.returned_at) == ("asked", None)
        assert reached("toy.loan", "back").value(Moment(clock.now())) == 0
        assert drift(LOAN) == []


def test_a_step_moves_to_its_true_time(clerk, corrector, place, now):  # noqa: F811
    """Tests that a corrected time changes figures as of then, the stamp and the clock."""
    loan = opened(clerk, place)
    now.set(at("2020-02-10", "15:00"))
    with acting(clerk), LOAN.move("lend", loan, actor=clerk, at=clock.now()):
        pass
    with acting(corrector):
        LOAN.correct(entry_of(loan, "lend"), actor=corrector, at=at("2020-02-10", "11:00"), reason="wrong_time")
    with acting(clerk):
        assert figures(at("2020-02-10", "12:00"))[:2] == (1, 1)
        loan = Loan._base_manager.get()
        assert loan.lent_at == loan.state_at == at("2020-02-10", "11:00")
        assert ClockRun._base_manager.get(name="answer").stopped_at == at("2020-02-10", "11:00")
        assert drift(LOAN) == []


def test_a_second_entry_becomes_the_first_when_the_first_falls(clerk, corrector, place, now):  # noqa: F811
    """Tests that `reached` still counts a subject once when only its first visit to the state never happened."""
    loan = opened(clerk, place)
    for verb in ("lend", "mend", "mended"):
        now.advance(timedelta(minutes=30))
        with acting(clerk), LOAN.move(verb, loan, actor=clerk, at=clock.now()):
            pass
    with acting(clerk):
        assert figures()[:2] == (1, 1)
        first = entry_of(loan, "lend")
        assert first.first
    with acting(corrector):
        LOAN.correct(first, actor=corrector, at=None, reason="wrong_firm", following=True)
    with acting(clerk):
        assert figures()[:2] == (0, 0)
