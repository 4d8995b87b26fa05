"""Acts that need two people, tried by one: through the action, the list, the form and raw SQL. Refused, and on the record."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection

from qifu.areas.response.models import Measure, Proposal
from qifu.areas.resumption.models import Application
from qifu.areas.resumption.tests.factories import World, february, member, world
from qifu.kernel import jurisdiction
from qifu.kernel.access import DOOR, Actor, acting
from qifu.kernel.access.hats import worn_by
from qifu.kernel.access.models import Grant, TaskForce
from qifu.kernel.access.tests.browsing import browser
from qifu.kernel.access.tests.factories import LONG_AGO, at, officer
from qifu.kernel.actions import Done, run
from qifu.kernel.calendar import clock
from qifu.kernel.journal.models import Attempt, Entry
from qifu.kernel.workflow import Moved

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def town() -> Iterator[World]:
    with clock.use(clock.Fixed(february("10"))) as hands:
        yield world(hands)


def attempts(actor: Actor) -> list[tuple[str, str]]:
    """Give what this person tried in vain: (action, code), oldest first, and only what is marked as forbidden."""
    with acting(DOOR):
        found = Attempt._base_manager.filter(actor=actor.id, forbidden=True).order_by("id")
        assert all(one.actor_name and one.says for one in found)
        return list(found.values_list("action", "code"))


def raw(actor: Actor, statement: str, values: list[Any]) -> None:
    """Run SQL as the application's role within the actor's scope, past every guard."""
    with acting(actor), connection.cursor() as cursor:
        cursor.execute(statement, values)


def also(actor: Actor, role: str, place: int) -> Actor:
    """Give a person one more hat."""
    district = actor_district(actor)
    with acting(DOOR):
        Grant._base_manager.create(person_id=actor.person, role_id=role, place=place, since=LONG_AGO, region=place, district=district)
        return worn_by(actor.person, at=clock.now(), strong=True)


def actor_district(actor: Actor) -> int:
    with acting(DOOR):
        return Grant._base_manager.filter(person=actor.person).values_list("district", flat=True)[0]


# ---------------------------------------------------------------- who assessed does not decide


@pytest.fixture
def both(town: World) -> Actor:
    """Give somebody who is on the team and may decide."""
    with acting(DOOR):
        team = TaskForce._base_manager.get(pk=town.team)
    return also(member(team, town.district, name="又评又批"), "approver", town.district)


@pytest.fixture
def assessed(town: World, both: Actor) -> Application:
    """Give an application that this person has assessed."""
    application = town.accepted(town.firm())
    town.ok(run("resumption.assign", {"application": application.id, "team": town.team}, actor=town.bureau))
    return town.ok(run("resumption.assess", {"application": application.id, "conclusion": "pass", "all_ok": True}, actor=both))


def unchanged(town: World, application: Application) -> None:
    with acting(town.bureau):
        fresh = Application._base_manager.get(pk=application.id)
        verbs = list(Entry._base_manager.filter(subject=application.id).order_by("seq").values_list("verb", flat=True))
    assert (fresh.state, fresh.decider, fresh.decided_at) == ("passed", "", None)
    assert verbs[-1] == "pass"


@pytest.mark.parametrize("verb", ["approve", "send_back"])
def test_the_assessor_does_not_decide_by_the_action(town: World, both: Actor, assessed: Application, verb: str) -> None:
    """Tests approving and sending back what one has assessed."""
    given = {"application": assessed.id, **({"reason": "再看"} if verb == "send_back" else {})}
    answer = run(f"resumption.{verb}", given, actor=both)
    assert (answer.ok, answer.code) == (False, "AssessorMayNotDecide")
    assert attempts(both) == [(f"resumption.{verb}", "AssessorMayNotDecide")]
    unchanged(town, assessed)


def test_the_assessor_does_not_decide_by_a_list(town: World, both: Actor, assessed: Application) -> None:
    """Tests that a batch refuses this one by name, lets the others go, and writes the attempt down."""
    other = town.passed(town.firm())
    answer = run("resumption.approve_many", {"applications": [assessed.id, other.id]}, actor=both)
    assert isinstance(answer, Done) and isinstance(answer.result, Moved)
    assert answer.result.moved == (other.id,)
    assert {id: refusal.code for id, refusal in answer.result.refused.items()} == {assessed.id: "AssessorMayNotDecide"}
    assert attempts(both) == [("resumption.approve_many", "AssessorMayNotDecide")]
    unchanged(town, assessed)


@pytest.mark.parametrize("verb", ["approve", "send_back"])
def test_the_assessor_does_not_decide_by_the_form(town: World, both: Actor, assessed: Application, verb: str) -> None:
    """Tests the page of each act: refused with its sentence, recorded."""
    reply = browser(both, strong=True).post(f"/desk/applications/{assessed.id}/{verb}", {"reason": "再看", "conditions": ""})
    assert reply.status_code in (403, 409)
    assert "不能又由您决定" in reply.content.decode()
    assert [code for _, code in attempts(both)] == ["AssessorMayNotDecide"]
    unchanged(town, assessed)


def test_the_assessor_does_not_decide_by_raw_sql(town: World, both: Actor, assessed: Application) -> None:
    """Tests that the table itself refuses assessor and decider in one person."""
    with pytest.raises(IntegrityError, match="assessor_does_not_decide"):
        raw(both, "UPDATE resumption_application SET state = 'approved', decider = %s WHERE id = %s", [both.id, assessed.id])
    unchanged(town, assessed)


def test_another_person_decides(town: World, assessed: Application) -> None:
    """Tests that the rule stops one person and not the work."""
    assert town.ok(run("resumption.approve", {"application": assessed.id}, actor=town.approver)).state == "approved"


def test_the_assessor_refuses_nothing_that_another_proposed(town: World, both: Actor, assessed: Application) -> None:
    """Tests that a refusal, proposed and heard, is not decided by who assessed."""
    burden = town.ok(town.proposed(assessed, kind="refusal"))
    town.heard(burden)
    answer = run("resumption.burden.confirm", {"burden": burden.id, "answer": "已核"}, actor=both)
    assert (answer.ok, answer.code) == (False, "AssessorMayNotDecide")
    assert attempts(both) == [("resumption.burden.confirm", "AssessorMayNotDecide")]
    unchanged(town, assessed)


def test_who_proposed_a_burden_does_not_decide_it(town: World, assessed: Application) -> None:
    """Tests the action and raw SQL: the same person twice, though with both rights."""
    burden = town.ok(town.proposed(assessed, kind="refusal", actor=town.approver))
    town.heard(burden)
    answer = run("resumption.burden.confirm", {"burden": burden.id, "answer": "已核"}, actor=town.approver)
    assert (answer.ok, answer.code) == (False, "SamePerson")
    assert attempts(town.approver) == [("resumption.burden.confirm", "SamePerson")]
    with pytest.raises(IntegrityError, match="burden_decided_by_another"):
        raw(town.approver, "UPDATE resumption_burden SET state = 'decided', decided_by = asked_by WHERE id = %s", [burden.id])
    unchanged(town, assessed)


# ---------------------------------------------------------------- who asked does not answer


@pytest.fixture
def office(town: World) -> Actor:
    """Give an office that stands above the district too: it could answer whatever it asks."""
    return also(officer("control_office", town.district, name="区防控办", department="区防控办"), "control_office", city(town))


def city(town: World) -> int:
    return jurisdiction.lineage(town.district)[1]


@pytest.fixture
def asked(town: World, office: Actor) -> Proposal:
    value = {"regime": "filing", "categories": ["utility"]}
    given = {"key": "regime", "place": str(town.district), "value": value, "reason": "已全部评估", "until": at("2020-02-28")}
    return town.ok(run("response.propose", given, actor=office))


def still_asked(office: Actor, proposal: Proposal) -> None:
    with acting(office):
        fresh = Proposal._base_manager.get(pk=proposal.id)
        assert (fresh.state, fresh.decided_by, fresh.made_id) == ("asked", "", None)
        assert not Measure._base_manager.filter(base__isnull=False).exists()


@pytest.mark.parametrize("verb", ["approve", "refuse"])
def test_the_proposer_does_not_answer_by_the_action(office: Actor, asked: Proposal, verb: str) -> None:
    """Tests approving and refusing one's own proposal, though one's other hat stands above."""
    answer = run(f"response.{verb}", {"proposal": asked.id}, actor=office)
    assert (answer.ok, answer.code) == (False, "SamePerson")
    assert attempts(office) == [(f"response.{verb}", "SamePerson")]
    still_asked(office, asked)


@pytest.mark.parametrize("verb", ["approve", "refuse"])
def test_the_proposer_does_not_answer_by_the_form(office: Actor, asked: Proposal, verb: str) -> None:
    """Tests the page of a proposal."""
    reply = browser(office, strong=True).post(f"/desk/response/proposal/{asked.id}/{verb}", {"answer": "同意"})
    assert reply.status_code in (403, 409) and "另一个人" in reply.content.decode()
    assert [code for _, code in attempts(office)] == ["SamePerson"]
    still_asked(office, asked)


@pytest.mark.parametrize("state", ["approved", "refused"])
def test_the_proposer_does_not_answer_by_raw_sql(office: Actor, asked: Proposal, state: str) -> None:
    """Tests that the table refuses a proposal answered by who asked."""
    with pytest.raises(IntegrityError, match="proposal_decided_by_another"):
        raw(office, "UPDATE response_proposal SET state = %s, decided_by = asked_by WHERE id = %s", [state, asked.id])
    still_asked(office, asked)


@pytest.mark.parametrize(
    "change",
    [
        "approved_by = set_by, reason = '加严', until = since + interval '1 day'",
        "approved_by = '', reason = '加严', until = since + interval '1 day'",
        "approved_by = 'another', reason = '', until = since + interval '1 day'",
        "approved_by = 'another', reason = '加严', until = NULL",
    ],
)
def test_no_stricter_measure_without_reason_second_person_and_end_by_raw_sql(office: Actor, asked: Proposal, change: str) -> None:
    """Tests that the table refuses a stricter local rule that lacks any of the three."""
    with pytest.raises(IntegrityError, match="a_layer_needs_reason_approval_expiry"):
        raw(office, f"UPDATE response_measure SET stricter = true, {change} WHERE id = %s", [asked.base_id])


# ---------------------------------------------------------------- nobody gives oneself a role


@pytest.fixture
def admin(town: World) -> Actor:
    return officer("system_admin", town.district, name="管理员")


def hats(actor: Actor) -> int:
    with acting(DOOR):
        return int(Grant._base_manager.filter(person=actor.person).count())


def test_nobody_gives_oneself_a_role_by_the_action(town: World, admin: Actor) -> None:
    """Tests giving oneself the approver's hat."""
    answer = run("access.give", {"person": admin.person, "role": "approver", "place": town.district, "reason": "临时"}, actor=admin)
    assert (answer.ok, answer.code) == (False, "SamePerson")
    assert attempts(admin) == [("access.give", "SamePerson")] and hats(admin) == 1


def test_nobody_gives_oneself_a_role_by_the_form(town: World, admin: Actor) -> None:
    """Tests one's own page among the people."""
    given = {"role": "approver", "place": str(town.district), "reason": "临时"}
    reply = browser(admin, strong=True).post(f"/desk/people/{admin.person}/give", given)
    assert reply.status_code in (403, 409, 422) and hats(admin) == 1
    assert [code for _, code in attempts(admin)] == ["SamePerson"]


def test_nobody_gives_oneself_a_role_by_raw_sql(town: World, admin: Actor) -> None:
    """Tests that the table refuses a grant whose giver and holder are one person."""
    statement = (
        "INSERT INTO access_grant (id, person_id, role_id, place, since, given_by, region, district, compartment, purpose, lead)"
        " VALUES (gen_random_uuid(), %s, 'approver', %s, %s, %s, %s, 330213, '', '', false)"
    )
    with pytest.raises(IntegrityError, match="grant_is_given_by_another"):
        raw(admin, statement, [admin.person, town.district, clock.now(), admin.id, town.district])
    assert hats(admin) == 1


def test_nobody_unbars_or_bars_oneself(town: World, admin: Actor) -> None:
    """Tests that one's own door is another's business, by action and by form."""
    for verb in ("bar", "reset_factor"):
        answer = run(f"access.{verb}", {"person": admin.person, "reason": "试试"}, actor=admin)
        assert (answer.ok, answer.code) == (False, "SamePerson"), verb
        assert browser(admin, strong=True).post(f"/desk/people/{admin.person}/{verb}", {"reason": "试试"}).status_code in (403, 409, 422)
    assert [code for _, code in attempts(admin)] == ["SamePerson"] * 4


# ---------------------------------------------------------------- the record itself


def test_nobody_edits_the_record_by_raw_sql(town: World) -> None:
    """Tests that no role of the application changes or removes an entry or an attempt."""
    town.accepted(town.firm())
    for table in ("journal_entry", "journal_attempt"):
        for statement in (f"UPDATE {table} SET actor_name = '别人'", f"DELETE FROM {table}", f"TRUNCATE {table}"):
            with pytest.raises(Exception, match="permission denied"):
                raw(town.bureau, statement, [])
