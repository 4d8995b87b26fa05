"""The way of a case from its telephone call to its closing-out, and what each step refuses."""

import pytest

from qifu.areas.casework.models import Case
from qifu.kernel.access import acting
from qifu.kernel.access.tests.factories import at
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock

from .factories import Desk, desk


@pytest.fixture
def people(database):
    with clock.use(clock.Fixed(at("2022-05-09"))) as hands:
        found = desk()
        found.hands = hands
        yield found


def test_a_case_runs_from_call_to_closing_out(people: Desk) -> None:
    """Tests every step by the person whose step it is, and that the number says place and year."""
    firm = people.firm()
    case = people.recorded(enterprise=firm.id, asker="徐会计", phone="13800136021")
    assert case.number.endswith("-22-0001") and case.kind == "labour" and "招不到" in case.kind_why
    case = people.resolved(enterprise=firm.id)
    assert not run("casework.call_back", {"case": case.id}, actor=people.labour).ok
    contact = people.contacts[firm.id]
    people.ok(run("casework.call_back", {"case": case.id, "score": 4}, actor=people.call_taker))
    people.ok(run("casework.close", {"case": case.id}, actor=people.second))
    again = people.ok(run("casework.not_solved", {"case": case.id, "why": "part", "reason": "只来了8个"}, actor=contact))
    assert (again.state, again.reopenings, again.office_name) == ("reopened", 1, "区人社局")
    people.ok(run("casework.take", {"case": case.id}, actor=people.labour))
    people.ok(run("casework.resolve", {"case": case.id, "ended": "solved", "answer": "又送来14人。"}, actor=people.labour))
    people.ok(run("casework.agree", {"case": case.id, "score": 5}, actor=contact))
    done = people.ok(run("casework.close", {"case": case.id}, actor=people.second))
    with acting(people.bureau):
        assert Case.objects.get(pk=done.id).standing == "solved"
