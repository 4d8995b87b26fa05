"""Tests that a step tells those whom it concerns: the firm in words that a locked screen may show, the team that is to come."""

import pytest

from qifu.areas.resumption.workflow import RESUMPTION
from qifu.kernel import notify
from qifu.kernel.access import acting
from qifu.kernel.access.models import Grant, everything
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.events import deliver
from qifu.kernel.notify import digests, kinds, outbox
from qifu.kernel.notify.models import Outgoing
from qifu.kernel.notify.tests.letterbox import Letterbox, with_phone
from qifu.kernel.workflow.timer import timer

from .factories import february, world


@pytest.fixture
def town(database):
    with clock.use(clock.Fixed(february("10"))) as hands:
        yield world(hands)


def test_every_notice_of_the_table_has_its_words():
    """Tests that no move names a notice without words."""
    named = {f"resumption.{move.notice}" for move in RESUMPTION.moves.values() if move.notice}
    assert named and named <= set(kinds.kinds)


def test_what_weighs_on_a_firm_does_not_stand_on_a_locked_screen():
    """Tests that the brief words of a refusal, a suspension and a burden say neither which nor why."""
    weighs = [kind for code, kind in kinds.kinds.items() if code in ("resumption.refused", "resumption.suspended")]
    weighs += [kinds.kinds[f"resumption.burden.{verb}"] for verb in ("propose", "decide", "confirm", "at_once", "uphold")]
    for kind in weighs:
        assert not kinds.names_in(kind.brief) & {"kind", "reason"} and "没有批准" not in kind.brief and "停用" not in kind.brief


def test_the_team_hears_of_a_firm_that_it_is_to_see(town):
    """Tests that the leader alone is told, with what may stand on a locked screen, and that the contact is told too."""
    with_phone(town.assessor, "16411110001")
    with acting(timer()):
        everything(Grant).filter(person=town.assessor.person).update(lead=True)
    firm = town.firm(contact="徐会计", phone="13812346021")
    application = town.accepted(firm)
    box = Letterbox()
    with notify.using(box):
        assert run("resumption.assign", {"application": application.id, "team": town.team}, actor=town.bureau).ok
        deliver(actor=timer())
        outbox.carry(town.hands.now())
    told = {letter.kind: letter for letter in box.letters}
    assert {"resumption.team_assigned", "resumption.assigned"} <= told.keys()
    assert told["resumption.team_assigned"].to.reveal() == "16411110001"
    assert firm.name not in told["resumption.team_assigned"].text.reveal()


def test_a_message_is_found_beside_its_application(town):
    """Tests that the outbox knows what it told about, under the scope of the application."""
    application = town.accepted(town.firm(contact="徐会计", phone="13812346021"))
    deliver(actor=timer())
    with acting(town.bureau):
        (row,) = everything(Outgoing).filter(about=application.id)
    assert (row.kind, row.state, row.region) == ("resumption.accepted", "queued", application.region)


def test_the_morning_says_what_waits_for_whom(town):
    """Tests that each desk is told of the states whose next step is its own, and of no other's."""
    town.ok(town.submit(town.firm(size="small")))
    town.passed(town.firm())
    at = town.hands.now()

    def lines(actor):
        with acting(actor):
            return {line.word: line.n for line in digests.waiting(actor, at)}

    assert lines(town.town_clerk) == {"待受理": 1}
    assert lines(town.approver) == {"待决定": 1}
    assert lines(town.fire) == {}
