"""An application past its promised day: the town is pressed for its own step, the district for what it was sent. An act against
a firm that nobody decides, an appeal that nobody answers, a look back that nobody takes are not silent either."""

from datetime import timedelta

import pytest

from qifu.areas.resumption.models import PlanLine
from qifu.kernel.access import acting
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.ladder.models import Told
from qifu.kernel.ladder.sweep import silent, sweep
from qifu.kernel.workflow.timer import timer

from .factories import february, world


@pytest.fixture
def town(database):
    with clock.use(clock.Fixed(february("10"))) as hands:
        yield world(hands)


def told(application) -> list[tuple[int, str]]:
    with acting(timer()):
        return list(Told._base_manager.filter(subject=application.id).order_by("stage").values_list("stage", "person_name"))


def test_who_has_the_step_is_pressed_and_the_firm_does_not_read_of_it(town):
    """Tests a day that ends with one application still in the town, one sent on, one small one, and one decided in time."""
    supervisor = officer("supervisor", town.district, department="区督查室")
    mayor = officer("town_leader", town.town, name="汪镇长")
    head = officer("leader", town.district, name="方局长", department="区经信局")
    town.ok(run("ladder.name", {"place": town.town, "rung": 1, "person": mayor.id}, actor=supervisor))
    firm = town.firm()
    waits, sent = town.ok(town.submit(firm)), town.ok(town.submit(town.firm()))
    small, done = town.ok(town.submit(town.firm(size="small"))), town.approved(town.firm())
    town.ok(run("resumption.forward", {"application": sent.id}, actor=town.town_clerk))
    sweep(town.hands.set(max(waits.due_at, sent.due_at, small.due_at)))
    assert told(waits) == told(small) == [(1, "汪镇长")] and told(sent) == told(done) == []
    with acting(supervisor):
        assert [late.subject for late in silent(supervisor, at=clock.now())] == [sent.id]
    town.ok(run("ladder.name", {"place": town.district, "rung": 1, "person": head.id}, actor=supervisor))
    sweep(clock.now())
    assert told(sent) == [(1, "方局长")] and told(waits) == [(1, "汪镇长")] and told(done) == []
    with acting(town.contacts[firm.id]):
        assert not Told.objects.exists()


def test_an_act_that_nobody_decides_is_pressed_and_one_that_ends_by_itself_is_not(town):
    """Tests the end of the hearing, an act in force past its day before the timer came round, and the answer to an appeal."""
    supervisor = officer("supervisor", town.district, department="区督查室")
    head = officer("leader", town.district, name="方局长", department="区经信局")
    town.ok(run("ladder.name", {"place": town.district, "rung": 1, "person": head.id}, actor=supervisor))
    held = town.ok(town.proposed(town.approved(town.firm())))
    town.heard(held)
    town.hands.advance(timedelta(minutes=5))
    held = town.ok(run("resumption.burden.confirm", {"burden": held.id, "answer": "已核"}, actor=town.approver))
    waits = town.ok(town.proposed(town.approved(town.firm())))
    asks = {"burden": held.id, "way": "review", "organ": "奉化区人民政府", "asked_on": clock.now().date().isoformat()}
    appeal = town.ok(run("resumption.appeal.ask", asks, actor=town.contacts[held.enterprise_id]))
    taken = {"appeal": appeal.id, "organ": "奉化区人民政府", "case_number": "奉政复〔2020〕1号"}
    appeal = town.ok(run("resumption.appeal.take", taken, actor=town.bureau))
    sweep(town.hands.set(waits.due_at - timedelta(minutes=1)))
    assert not [stage for stage, _name in told(waits) if stage > 0]
    sweep(town.hands.set(max(waits.due_at, held.until)))
    assert (1, "方局长") in told(waits) and told(held) == [] and not [stage for stage, _name in told(appeal) if stage > 0]
    sweep(town.hands.set(appeal.due_at))
    assert (1, "方局长") in told(appeal) and told(held) == []
    with acting(supervisor):
        assert silent(supervisor, at=clock.now()) == []


def test_a_measure_of_a_plan_reminds_who_owns_it_and_then_presses_its_place(town):
    """Tests a measure of a named person and one of an office, half of the time, the last day, lateness once, and silence when done."""
    supervisor = officer("supervisor", town.district, department="区督查室")
    mayor = officer("town_leader", town.town, name="汪镇长")
    town.ok(run("ladder.name", {"place": town.town, "rung": 1, "person": mayor.id}, actor=supervisor))
    plan = town.ok(run("resumption.firm_plan.write", {"enterprise": town.firm().id, "aim": "缺40个熟练工"}, actor=town.town_clerk))
    day = (clock.now() + timedelta(days=4)).date()

    def measure(owner: str) -> PlanLine:
        given = {"plan": plan.id, "what": "帮招20个熟练工", "owner": owner, "due_on": day}
        return town.ok(run("resumption.firm_plan.add", given, actor=town.town_clerk))

    hers, offices, done = measure(town.town_clerk.person), measure("labour"), measure(town.town_clerk.person)
    given = {"line": done.id, "words": "招到21个"}
    town.ok(run("resumption.firm_plan.tick", given, actor=town.town_clerk))
    clerk = town.town_clerk.name
    sweep(town.hands.advance((hers.due_at - clock.now()) / 2))
    assert told(hers) == [(-1, clerk)] and told(offices) == [(-1, "汪镇长")]
    sweep(town.hands.set(hers.due_at - timedelta(hours=14)))
    assert told(hers) == [(-2, clerk), (-1, clerk)]
    sweep(town.hands.set(hers.due_at))
    sweep(clock.now())
    assert told(hers)[2:] == [(1, "汪镇长")] == told(offices)[2:] and told(done) == []
    with acting(supervisor):
        assert silent(supervisor, at=clock.now()) == []
