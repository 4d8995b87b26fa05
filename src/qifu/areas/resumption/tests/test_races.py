"""Two clerks deciding at once, ten hands on one application, twenty firms at the same moment."""

from functools import partial

import pytest

from qifu.areas.resumption.models import Application, Draft, Permit
from qifu.areas.resumption.workflow import RESUMPTION
from qifu.kernel.access import acting
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.journal.models import Entry
from qifu.kernel.workflow.proof import drift
from qifu.kernel.workflow.tests.races import at_once, done, refused

from .factories import ANSWERS, february, world

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def town():
    with clock.use(clock.Fixed(february("10"))) as hands:
        yield world(hands)


def test_two_approvers_at_once_make_one_decision(town):
    """Tests approval against refusal, five times: one stands, the other is told so, and nothing of it is left."""
    second = officer("approver", town.district, name="第二位审批人")
    for _ in range(5):
        application = town.passed(town.firm())
        burden = town.ok(town.proposed(application, kind="refusal"))
        town.heard(burden)
        of = {"application": application.id}
        results = at_once(
            partial(run, "resumption.approve", of, actor=town.approver),
            partial(run, "resumption.burden.confirm", {"burden": burden.id, "answer": "已核"}, actor=second),
        )
        assert len(done(results)) == 1 and refused(results) == ["WrongState"], results
        (loser,) = [result for result in results if not result.ok]
        with acting(town.bureau):
            fresh = Application._base_manager.get(pk=application.id)
            decisions = Entry._base_manager.filter(subject=application.id, verb__in=["approve", "refuse"]).count()
            permits = Permit._base_manager.filter(application=application.id).count()
        approved = fresh.state == "approved"
        word = "已批准" if approved else "未批准"
        assert loser.says.startswith(f"这件事现在是“{word}”") and loser.says.endswith("没有改动。")
        assert fresh.decider == (town.approver.id if approved else second.id)
        assert (decisions, permits) == (1, 1 if approved else 0)
    with acting(town.bureau):
        assert drift(RESUMPTION) == []


def test_ten_applications_of_one_firm_at_once_leave_one_open(town):
    """Tests that ten hands that hand in together leave one application; nine hear that there is one already."""
    firm = town.firm()
    given = {"enterprise": firm.id, "answers": ANSWERS}
    results = at_once(*(partial(run, "resumption.submit", given, actor=town.contacts[firm.id]) for _ in range(10)))
    assert len(done(results)) == 1, results
    assert refused(results) == ["AlreadyThere"] * 9
    assert {result.says for result in results if not result.ok} == {"这家企业已经有一份在办的申请，没有再收一份。"}
    with acting(town.bureau):
        application = Application._base_manager.get()
        assert application.number.endswith("-0001")
        assert Entry._base_manager.filter(process=RESUMPTION.name).count() == 1
        assert Draft._base_manager.filter(sent_at__isnull=True).count() == 0


def test_no_number_is_given_twice(town):
    """Tests that twenty firms at the same moment have the numbers 1 to 20."""
    firms = [town.firm(size="small") for _ in range(20)]
    acts = [partial(run, "resumption.submit", {"enterprise": firm.id, "answers": ANSWERS}, actor=town.contacts[firm.id]) for firm in firms]
    results = at_once(*acts)
    assert len(done(results)) == 20, results
    assert sorted(int(result.result.number[-4:]) for result in results) == list(range(1, 21))
