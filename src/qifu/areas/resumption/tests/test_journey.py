"""The thin spine: from application to acceptance, assessment, decision, start, and a figure that opens its rows."""

import pytest

from qifu.areas.resumption.models import Application, Item, Permit
from qifu.areas.resumption.workflow import RESUMPTION
from qifu.kernel.access import acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.indicators import Moment, figure, rows
from qifu.kernel.workflow.proof import drift

from .factories import february, world

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def town():
    with clock.use(clock.Fixed(february("10"))) as hands:
        yield world(hands)


def f23(world):
    with acting(world.bureau):
        moment = Moment(clock.now())
        return figure("F23", moment=moment, actor=world.bureau), rows("F23", moment=moment, actor=world.bureau)


def test_an_enterprise_above_designated_size_from_application_to_start(town):
    """Tests the whole way: each step by the person whose it is, each stamp once, the figure with its one row."""
    firm = town.firm()
    town.firm()
    application = town.ok(town.submit(firm))
    assert (application.route, application.number, application.state) == ("district", "330213-200210-0001", "submitted")
    town.hands.set(february("10", "09:30"))
    town.ok(run("resumption.forward", {"application": application.id}, actor=town.town_clerk))
    town.hands.set(february("10", "10:00"))
    town.ok(run("resumption.accept", {"application": application.id}, actor=town.bureau))
    town.ok(run("resumption.assign", {"application": application.id, "team": town.team}, actor=town.bureau))
    town.hands.set(february("10", "15:00"))
    found = {"application": application.id, "conclusion": "pass", "all_ok": True}
    town.ok(run("resumption.assess", found, actor=town.assessor))
    town.hands.set(february("10", "16:40"))
    town.ok(run("resumption.approve", {"application": application.id, "conditions": "观察间搬到一楼"}, actor=town.approver))
    town.hands.set(february("12", "08:00"))
    town.ok(run("resumption.start", {"application": application.id}, actor=town.contacts[firm.id]))
    with acting(town.bureau):
        application = Application._base_manager.get(pk=application.id)
        assert application.state == "resumed"
        assert (application.submitted_at, application.accepted_at) == (february("10"), february("10", "10:00"))
        assert (application.assessed_at, application.passed_at) == (february("10", "15:00"), february("10", "15:00"))
        assert application.decided_at == february("10", "16:40")
        assert (application.may_start_from, application.started_at) == (february("12", "08:00"), february("12", "08:00"))
        assert Permit._base_manager.get().may_start_from == february("12", "08:00")
        assert Item._base_manager.filter(application=application, result="ok").count() > 5
        assert drift(RESUMPTION) == []
    value, behind = f23(town)
    assert (value.value, value.of, len(behind.rows), behind.rows[0].label) == (1, 2, 1, firm.name)


def test_a_small_enterprise_is_decided_by_its_town(town):
    """Tests that below designated size the town decides, and the town's leader is another person than the assessor."""
    firm = town.firm(size="small")
    application = town.ok(town.submit(firm))
    assert application.route == "town"
    refused = run("resumption.forward", {"application": application.id}, actor=town.town_clerk)
    assert refused.code == "NotForwarded"
    town.ok(run("resumption.accept", {"application": application.id}, actor=town.town_clerk))
    town.ok(run("resumption.assign", {"application": application.id, "team": town.team}, actor=town.town_clerk))
    town.ok(run("resumption.assess", {"application": application.id, "conclusion": "pass", "all_ok": True}, actor=town.assessor))
    approved = town.ok(run("resumption.approve", {"application": application.id}, actor=town.town_leader))
    assert approved.state == "approved"
    assert f23(town)[0].value == 0


def test_a_withdrawn_application_stays_accepted_and_a_corrected_one_does_not(town):
    """Tests that F23 keeps what was withdrawn after acceptance, and loses what was accepted by mistake."""
    kept, struck = town.accepted(town.firm()), town.accepted(town.firm())
    assert f23(town)[0].value == 2
    town.hands.set(february("10", "11:00"))
    town.ok(run("resumption.withdraw", {"application": kept.id}, actor=town.contacts[kept.party]))
    assert f23(town)[0].value == 2
    town.ok(run("resumption.correct", {"application": struck.id, "verb": "accept", "reason": "wrong_firm"}, actor=town.corrector))
    value, behind = f23(town)
    assert (value.value, [row.id for row in behind.rows]) == (1, [kept.id])
