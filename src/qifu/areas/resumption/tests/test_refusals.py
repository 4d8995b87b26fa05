"""What resumption refuses: a sentence, the nearest fix, the attempt on the record, and nothing changed."""

import pytest

from qifu.areas.response.models import Incident
from qifu.areas.resumption.models import Application, Draft, Item, Permit
from qifu.kernel.access import DOOR, acting
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.journal.models import Attempt, Entry

from .factories import ANSWERS, february, world

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def town():
    with clock.use(clock.Fixed(february("08"))) as hands:
        yield world(hands)


def everything(town):
    """All that a refused act must leave as it was."""
    with acting(town.bureau):
        return [list(model._base_manager.order_by("pk").values()) for model in (Application, Item, Permit, Draft)] + [
            Entry._base_manager.count()
        ]


def refused(town, name, given, *, actor):
    """Run an act that must be refused; gives the answer after proving that nothing changed and the attempt is written."""
    before = everything(town)
    with acting(DOOR):
        attempts = Attempt._base_manager.count()
    answer = run(name, given, actor=actor)
    assert not answer.ok
    assert everything(town) == before
    with acting(DOOR):
        assert Attempt._base_manager.count() == attempts + 1
    return answer


def hand_in(town, firm, **answers):
    return {"enterprise": firm.id, "answers": {**ANSWERS, **answers}}


def test_a_start_before_the_common_instant_is_refused_with_its_origin(town):
    """Tests the not-before instant: one minute before it is refused, the instant itself is not."""
    firm = town.firm()
    contact = town.contacts[firm.id]
    answer = refused(town, "resumption.submit", hand_in(town, firm, planned_at="2020-02-09T23:59"), actor=contact)
    assert answer.code == "BeforeTheTime" and "2月10日 00:00" in answer.says and "省" in answer.says
    assert town.submit(firm, planned_at="2020-02-10T00:00").ok


def test_early_resumption_is_for_essentials_with_a_plan(town):
    """Tests 2.10: an ordinary firm is refused by name, an essential one passes the instant."""
    ordinary, essential = town.firm(), town.firm(category="control_supply")
    early = {"early": True, "planned_at": "2020-02-09T08:00"}
    answer = refused(town, "resumption.submit", hand_in(town, ordinary, **early), actor=town.contacts[ordinary.id])
    assert answer.code == "NotEssential"
    application = town.ok(town.submit(essential, **early))
    assert application.early and application.priority == 1
    answer = refused(town, "resumption.submit", hand_in(town, ordinary, plan_text=""), actor=town.contacts[ordinary.id])
    assert answer.code == "PapersMissing" and "复工方案" in answer.says


def test_a_listed_firm_resumes_early_while_its_list_opens_that(town):
    """Tests 1.13: an ordinary firm may start early once a list of the province says so, and not by a list that opens loans only."""
    firm, given = town.firm(), {"early": True, "planned_at": "2020-02-09T08:00"}
    keeper = officer("key_list_clerk", town.district)
    lists = [
        town.ok(run("registry.publish_key_list", {"name": name, "level": "province", "since": "2020-02-05", "opens": opens}, actor=keeper))
        for name, opens in (("重点贷款名单", ["loans"]), ("重点物资保障名单", ["early_resumption"]))
    ]
    for one, code in zip(lists, ("NotEssential", ""), strict=True):
        town.ok(run("registry.put_on_key_list", {"key_list": one.id, "enterprises": [firm.id], "since": "2020-02-05"}, actor=keeper))
        if code:
            assert refused(town, "resumption.submit", hand_in(town, firm, **given), actor=town.contacts[firm.id]).code == code
    assert town.ok(town.submit(firm, **given)).early


def test_a_trade_that_gathers_people_is_not_accepted(town):
    """Tests SYS-105: handed in, its reason shown, but not accepted while the measure stands."""
    firm = town.firm(size="small", industry="R8760")
    application = town.ok(town.submit(firm))
    assert next(r for r in application.triage if r["id"] == "trade_open")["met"] is False
    answer = refused(town, "resumption.accept", {"application": application.id}, actor=town.town_clerk)
    assert answer.code == "ExcludedTrade"


def test_triage_says_each_rule_with_its_origin(town):
    """Tests 2.2: the shipped document's answers, their order, and the level that each comes from."""
    application = town.ok(town.submit(town.firm(over_100m=True)))
    assert application.priority == 2
    assert [(r["id"], r["met"], r["level"]) for r in application.triage] == [
        ("trade_open", True, "city"),
        ("site_open", True, "district"),
        ("after_not_before", True, "province"),
        ("plan_there", True, "district"),
        ("papers_there", True, "district"),
        ("code_settled", True, "district"),
    ]


def test_the_assessor_may_not_decide(town):
    """Tests that the same person is refused even wearing an approver's hat, in single and in bulk."""
    application = town.passed(town.firm())
    with acting(DOOR):
        from qifu.kernel.access.hats import worn_by
        from qifu.kernel.access.models import Grant

        Grant._base_manager.create(
            person_id=town.assessor.person, role_id="approver", place=town.district, since=february("01"), region=town.district,
            district=application.district,
        )  # fmt: skip
        both = worn_by(town.assessor.person, at=clock.now(), strong=True)
    assert refused(town, "resumption.approve", {"application": application.id}, actor=both).code == "AssessorMayNotDecide"
    moved = run("resumption.approve_many", {"applications": [application.id]}, actor=both)
    assert moved.ok and moved.result.refused[application.id].code == "AssessorMayNotDecide"


def test_a_decision_needs_a_second_factor(town):
    """Tests that an approver who has not proved it is asked to, and nothing is decided."""
    application = town.passed(town.firm())
    weak = officer("approver", town.district, strong=False)
    assert refused(town, "resumption.approve", {"application": application.id}, actor=weak).code == "SecondFactorNeeded"


def test_a_decision_waits_for_the_code(town):
    """Tests 1.1: a provisional firm is accepted and assessed, only the decision waits."""
    application = town.passed(town.firm(uscc=""))
    assert refused(town, "resumption.approve", {"application": application.id}, actor=town.approver).code == "CodeUnsettled"


def test_one_open_application_of_a_firm(town):
    """Tests that a second application is refused by the database, in words."""
    firm = town.firm()
    town.ok(town.submit(firm))
    answer = refused(town, "resumption.submit", hand_in(town, firm), actor=town.contacts[firm.id])
    assert "已经有一份在办的申请" in answer.says


def test_a_start_before_the_permitted_day_is_refused(town):
    """Tests may_start_from."""
    firm = town.firm()
    application = town.approved(firm)
    answer = refused(town, "resumption.start", {"application": application.id}, actor=town.contacts[firm.id])
    assert answer.code == "NotYet" and "2月12日 08:00" in answer.says


def test_an_assessment_with_open_items_is_refused(town):
    """Tests that nothing passes unseen, and a named fault stops it until mended."""
    application = town.accepted(town.firm())
    town.ok(run("resumption.assign", {"application": application.id, "team": town.team}, actor=town.bureau))
    given = {"application": application.id, "conclusion": "pass"}
    assert refused(town, "resumption.assess", given, actor=town.assessor).code == "NotYetAssessed"
    fault = {**given, "found": [{"code": "masks", "result": "fix"}], "all_ok": True}
    assert refused(town, "resumption.assess", fault, actor=town.assessor).code == "ItemsToMend"
    stranger = officer("assessor", town.district, name="别组的")
    assert refused(town, "resumption.assess", {**given, "all_ok": True}, actor=stranger).code == "WrongTeam"


def test_a_departments_item_is_its_own(town):
    """Tests 2.5: what the fire service has checked, the team may not change or waive."""
    application = town.accepted(town.firm())
    town.ok(run("resumption.assign", {"application": application.id, "team": town.team}, actor=town.bureau))
    item = {"application": application.id, "code": "fire_patrol"}
    town.ok(run("resumption.check_item", {**item, "result": "fix", "note": "缺两天记录"}, actor=town.fire))
    assert refused(town, "resumption.check_item", {**item, "result": "ok"}, actor=town.assessor).code == "NotTheDepartmentsItem"
    waive = {"application": application.id, "code": "fire_plan", "result": "waived"}
    assert refused(town, "resumption.check_item", waive, actor=town.assessor).code == "NotTheDepartmentsItem"


def test_a_running_case_keeps_its_regime(town):
    """Tests 2.9: after a switch to filing the old case is still decided, a new one files itself, and none is asked for at the end."""
    old = town.passed(town.firm())
    control = officer("control_office", town.district)
    town.hands.set(february("08", "10:00"))
    with acting(control):
        incident = Incident._base_manager.get().id
    lowered = run("response.level", {"incident": incident, "level": "III", "document": "调整响应级别的通知"}, actor=control)
    assert lowered.ok, (lowered.code, lowered.says, lowered.errors)
    town.hands.set(february("08", "11:00"))
    firm = town.firm()
    new = town.ok(town.submit(firm))
    assert (old.regime, new.regime) == ("approval", "filing")
    assert refused(town, "resumption.file", {"application": old.id}, actor=town.contacts[old.party]).code in ("WrongState", "NotYet")
    assert town.ok(run("resumption.file", {"application": new.id}, actor=town.contacts[firm.id])).state == "approved"
    assert town.ok(run("resumption.approve", {"application": old.id}, actor=town.approver)).state == "approved"


def test_what_the_register_knows_is_filled_in(town):
    """Tests 2.1: the draft begins with staff and legal person, and the rest is one list."""
    firm = town.firm(legal_person="傅明", staff=64)
    given = {"enterprise": firm.id, "step": "materials", "answers": {"mask_days": "5", "thermometers": "2"}}
    draft = town.ok(run("resumption.save_step", given, actor=town.contacts[firm.id]))
    assert (draft.answers["head_count"], draft.answers["signer"], draft.answers["mask_days"]) == (64, "傅明", 5)
    answer = refused(town, "resumption.submit", {"enterprise": firm.id}, actor=town.contacts[firm.id])
    assert answer.code == "PapersMissing"


def test_a_text_longer_than_its_column_is_refused_in_words(town):
    """Tests that an overlong reason is no fault of the server, and loses nothing."""
    application = town.ok(town.submit(town.firm(size="small")))
    given = {"application": application.id, "missing": "补" * 501}
    refusal = refused(town, "resumption.return", given, actor=town.town_clerk)
    assert refusal.code == "BadInput" and "最多500个字，现在501个" in refusal.errors["missing"]
