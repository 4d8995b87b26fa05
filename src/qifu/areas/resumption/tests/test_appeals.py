"""Appeals against acts that burden: asked, heard by others, and what their outcome does to the act and the permit."""

from datetime import timedelta

import pytest

from qifu.areas.resumption.appeals import last_day
from qifu.areas.resumption.models import Appeal, Application, Burden, Permit
from qifu.areas.resumption.terms import AppealWay
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local
from qifu.kernel.documents.models import Issued
from qifu.kernel.events import deliver
from qifu.kernel.workflow.timer import tick, timer

from .factories import february, world

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def town():
    with clock.use(clock.Fixed(february("10"))) as hands:
        yield world(hands)


def suspended(town):
    application = town.approved(town.firm())
    burden = town.suspended(application)
    town.hands.advance(timedelta(minutes=5))
    town.heard(burden)
    return application, town.ok(run("resumption.burden.uphold", {"burden": burden.id, "answer": "危险还在"}, actor=town.approver))


def refused(town):
    application = town.passed(town.firm())
    burden = town.ok(town.proposed(application, kind="refusal"))
    town.heard(burden)
    return application, town.ok(run("resumption.burden.confirm", {"burden": burden.id, "answer": "已核"}, actor=town.approver))


def asked(town, burden, *, way="review", actor=None):
    given = {"burden": burden.id, "way": way, "organ": "奉化区人民政府", "asked_on": local(clock.now()).date().isoformat()}
    return run("resumption.appeal.ask", given, actor=actor or town.contacts[burden.enterprise_id])


def settled(town, appeal, outcome, *, actor=None, **more):
    given = {
        "appeal": appeal.id,
        "outcome": outcome,
        "document": "奉政复决〔2020〕1号",
        "settled_on": local(clock.now()).date().isoformat(),
        **more,
    }
    return run("resumption.appeal.settle", given, actor=actor or another(town))


def another(town):
    """Give a clerk of the bureau who neither proposed the act nor asked for the appeal."""
    return officer("bureau_clerk", town.bureau.hats[0].place, name="另一位经办人")


def taken(town, appeal):
    """Let it be taken, a minute later; give it."""
    town.hands.advance(timedelta(minutes=1))
    given = {"appeal": appeal.id, "organ": "奉化区人民政府", "case_number": "奉政复〔2020〕1号"}
    appeal = town.ok(run("resumption.appeal.take", given, actor=town.bureau))
    town.hands.advance(timedelta(minutes=1))
    return appeal


def stands(town, application, burden):
    """Give the states of both and how many sites are permitted."""
    with acting(town.bureau):
        return (
            Application._base_manager.get(pk=application.id).state,
            Burden._base_manager.get(pk=burden.id).state,
            Permit._base_manager.filter(application=application.id, ended_at__isnull=True).count(),
        )


def test_a_revoked_suspension_gives_the_permit_back_and_writes_its_letter(town):
    """Tests the whole way: asked by the enterprise, taken, answered within its clock, revoked, permits back, letter with what follows."""
    application, burden = suspended(town)
    assert stands(town, application, burden) == ("suspended", "in_force", 0)
    appeal = town.ok(asked(town, burden))
    town.hands.advance(timedelta(minutes=1))
    given = {"appeal": appeal.id, "organ": "奉化区人民政府", "case_number": "奉政复〔2020〕1号"}
    taken = town.ok(run("resumption.appeal.take", given, actor=town.bureau))
    assert local(taken.due_at - timedelta(seconds=1)).date() == local(february("24")).date()
    town.hands.advance(timedelta(minutes=1))
    town.ok(run("resumption.appeal.answer", {"appeal": appeal.id, "answer": "现场没有人测温"}, actor=town.bureau))
    town.hands.advance(timedelta(minutes=1))
    town.ok(settled(town, appeal, "revoke", words="事实不清"))
    deliver(actor=timer())
    deliver(actor=timer())
    assert stands(town, application, burden) == ("approved", "revoked", 1)
    with acting(town.bureau):
        letter = str(Issued.objects.get(about=appeal.id).data)
    assert "撤销原决定" in letter and "奉政复决〔2020〕1号" in letter and "许可同时恢复" in letter and "事实不清" in letter


def test_a_revoked_refusal_is_decided_anew(town):
    """Tests that the application waits for its decision again, without a new one being handed in."""
    application, burden = refused(town)
    appeal = taken(town, town.ok(asked(town, burden, way="suit")))
    town.ok(settled(town, appeal, "revoke"))
    deliver(actor=timer())
    deliver(actor=timer())
    assert stands(town, application, burden)[:2] == ("passed", "revoked")
    town.hands.advance(timedelta(minutes=1))
    town.ok(run("resumption.approve", {"application": application.id}, actor=town.approver))


def test_nothing_is_reopened_beside_a_newer_application(town):
    """Tests that a firm that applied anew meanwhile keeps that one, and the old refusal is only revoked."""
    application, burden = refused(town)
    appeal = taken(town, town.ok(asked(town, burden)))
    town.hands.advance(timedelta(minutes=1))
    with acting(town.bureau):
        enterprise = Application._base_manager.select_related("enterprise").get(pk=application.id).enterprise
    newer = town.ok(town.submit(enterprise))
    town.ok(settled(town, appeal, "revoke"))
    deliver(actor=timer())
    deliver(actor=timer())
    assert stands(town, application, burden)[:2] == ("refused", "revoked")
    assert stands(town, newer, burden)[0] == "submitted"


def test_a_changed_decision_ends_on_its_new_day(town):
    """Tests that the new end is kept, told as the deadline, and the burden lapses then and not later."""
    application, burden = suspended(town)
    appeal = taken(town, town.ok(asked(town, burden)))
    assert settled(town, appeal, "change").code == "BadInput"
    assert settled(town, appeal, "change", until="2020-02-20").code == "BadInput"
    assert stands(town, application, burden) == ("suspended", "in_force", 0)
    town.ok(settled(town, appeal, "change", until="2020-02-11"))
    deliver(actor=timer())
    with acting(town.bureau):
        fresh = Burden._base_manager.get(pk=burden.id)
    assert fresh.until == fresh.due_at == february("12", "00:00") and fresh.until < burden.until
    town.hands.set(february("12", "00:01"))
    tick(clock.now())
    deliver(actor=timer())
    assert stands(town, application, burden)[:2] == ("approved", "expired")


def test_what_is_upheld_goes_on(town):
    """Tests that neither act nor permit changes, and that the letter says where one may turn next."""
    application, burden = suspended(town)
    appeal = taken(town, town.ok(asked(town, burden)))
    town.ok(settled(town, appeal, "uphold"))
    deliver(actor=timer())
    assert stands(town, application, burden) == ("suspended", "in_force", 0)
    with acting(town.bureau):
        assert "15日内向人民法院提起行政诉讼" in str(Issued.objects.get(about=appeal.id).data)


def test_who_decided_and_who_is_a_stranger_write_nothing(town):
    """Tests who may not: before a decision nobody, the decider and a town above its route not the outcome, another firm nothing."""
    application = town.approved(town.firm())
    proposed = town.ok(town.proposed(application))
    assert asked(town, proposed).code == "NothingToAppeal"
    other, burden = suspended(town)
    assert asked(town, burden, actor=town.contacts[application.enterprise_id]).code == "NotFound"
    appeal = town.ok(asked(town, burden))
    assert not asked(town, burden).ok
    assert settled(town, appeal, "revoke").code == "WrongState"
    appeal = taken(town, appeal)
    assert settled(town, appeal, "revoke", actor=town.town_clerk).code == "NotYours"
    assert settled(town, appeal, "revoke", actor=town.contacts[burden.enterprise_id]).code == "NotYours"
    with acting(town.bureau):
        Appeal._base_manager.filter(pk=appeal.id).update(decider=town.bureau.id)
    assert settled(town, appeal, "revoke", actor=town.bureau).code == "OwnDecision"
    deliver(actor=timer())
    assert stands(town, other, burden) == ("suspended", "in_force", 0)
    with acting(town.bureau):
        assert Appeal._base_manager.get(pk=appeal.id).state == "taken" and not Issued.objects.filter(about=appeal.id).exists()


def test_nobody_lifts_a_burden_alone_by_an_appeal_of_their_own(town):
    """Tests the short way: who wrote the appeal down, or proposed the act, settles nothing, nor anybody without a second factor."""
    application, burden = suspended(town)
    with acting(town.bureau):
        proposer = Burden._base_manager.get(pk=burden.id).asked_by
    appeal = town.ok(asked(town, burden, actor=town.bureau))
    assert settled(town, appeal, "revoke").code == "WrongState"
    appeal = taken(town, appeal)
    assert (appeal.asker, appeal.proposer) == (town.bureau.id, proposer)
    assert [settled(town, appeal, one, actor=town.bureau, until="2020-02-11").code for one in ("revoke", "change", "uphold")] == [
        "OwnAppeal"
    ] * 3
    with acting(town.bureau):
        Appeal._base_manager.filter(pk=appeal.id).update(asker="x", proposer=town.bureau.id)
    assert settled(town, appeal, "revoke", actor=town.bureau).code == "OwnAppeal"
    other = officer("town_clerk", burden.region, strong=False)
    assert settled(town, appeal, "revoke", actor=other).code == "SecondFactorNeeded"
    deliver(actor=timer())
    assert stands(town, application, burden) == ("suspended", "in_force", 0)
    with acting(town.bureau):
        assert Appeal._base_manager.get(pk=appeal.id).state == "taken" and not Issued.objects.filter(about=appeal.id).exists()


def test_the_last_day_is_counted_as_the_letter_says(town):
    """Tests 60 days for reconsideration and six months for a suit, also where that month is shorter."""
    burden = Burden(decided_at=february("10"))
    assert [f"{last_day(burden, way):%m-%d}" for way in AppealWay] == ["04-10", "08-10"]
    burden.decided_at = february("10") + timedelta(days=203)
    assert f"{local(burden.decided_at):%m-%d} {last_day(burden, AppealWay.SUIT)}" == "08-31 2021-02-28"


def test_an_appeal_by_hand_from_both_sides(town):
    """Tests the pages: where to turn, told on the phone, written down at the desk, the outcome read by the enterprise."""
    _application, burden = suspended(town)
    contact, bureau = browser(town.contacts[burden.enterprise_id]), browser(town.bureau)
    page = text(contact.get(f"/home/burdens/{burden.id}"))
    assert "不服这个决定" in page and "向奉化区人民政府申请" in page and "4月10日前" in page
    form = f"/home/burdens/{burden.id}/appeal"
    empty = contact.post(form, {"way": "review", "organ": "", "asked_on": "2020-02-10"})
    assert empty.status_code == 422 and "还没有填" in text(empty)
    done = contact.post(form, {"way": "review", "organ": "奉化区人民政府", "asked_on": "2020-02-10"})
    assert done.status_code == 302 and "记下了" in text(contact.get(done["Location"]))
    with acting(town.bureau):
        appeal = Appeal._base_manager.get()
    with acting(town.bureau):
        firm = Burden._base_manager.select_related("enterprise").get(pk=burden.id).enterprise.name
    assert firm in text(bureau.get("/desk/burdens/?view=appealed"))
    assert "行政复议 · 奉化区人民政府" in text(bureau.get(f"/desk/burdens/{burden.id}"))
    page = text(bureau.get(f"/desk/appeals/{appeal.id}"))
    assert "记受理" in page
    town.hands.advance(timedelta(minutes=1))
    lacking = bureau.post(f"/desk/appeals/{appeal.id}/take", {"organ": "奉化区人民政府"})
    assert lacking.status_code == 422
    taken = bureau.post(f"/desk/appeals/{appeal.id}/take", {"organ": "奉化区人民政府", "case_number": "1号"})
    assert taken.status_code == 302 and "答复的时钟开始走" in text(bureau.get(taken["Location"]))
    page = text(browser(town.approver, strong=True).get(f"/desk/appeals/{appeal.id}"))
    assert "记结果" not in page
    town.hands.advance(timedelta(minutes=1))
    given = {"outcome": "uphold", "document": "奉政复决1号", "settled_on": "2020-02-10", "until": "", "words": ""}
    assert bureau.post(f"/desk/appeals/{appeal.id}/settle", given).status_code == 403
    assert browser(another(town)).post(f"/desk/appeals/{appeal.id}/settle", given).status_code == 302
    page = text(contact.get(f"/home/appeals/{appeal.id}"))
    assert "维持原决定" in page and "复议诉讼结果通知" in page
    stranger = browser(officer("town_clerk", town.other))
    assert stranger.get(f"/desk/appeals/{appeal.id}").status_code == 404
