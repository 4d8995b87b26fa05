"""Acts that burden an enterprise (FEATURES 2.17): two people, a hearing, a letter with remedies, an end; never by one alone."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection

from qifu.areas.registry import api as registry
from qifu.areas.response import api as response
from qifu.areas.resumption.models import Application, Burden, Permit
from qifu.kernel.access import acting
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.documents import issuing
from qifu.kernel.documents.models import Issued
from qifu.kernel.events import deliver
from qifu.kernel.files.tests.test_looking import photo
from qifu.kernel.journal.models import Entry
from qifu.kernel.workflow.timer import tick, timer

from .factories import february, world

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def town():
    with clock.use(clock.Fixed(february("10"))) as hands:
        yield world(hands)


def of(town, burden):
    with acting(town.bureau):
        return Burden._base_manager.get(pk=burden.id)


def state(town, application):
    with acting(town.bureau):
        return Application._base_manager.get(pk=application.id).state


def permits(town, application):
    with acting(town.bureau):
        return Permit._base_manager.filter(application=application.id, ended_at__isnull=True).count()


def later(town, **by):
    town.hands.advance(timedelta(**by))


def test_a_suspension_takes_two_a_hearing_and_ends_by_itself(town):
    """Tests the whole way: proposed, heard, decided by another, letter, permits gone, three days later back, and told."""
    application = town.approved(town.firm())
    burden = town.ok(town.proposed(application))
    assert (burden.state, state(town, application), permits(town, application)) == ("proposed", "approved", 1)
    later(town, hours=2)
    town.heard(burden, "当天已经安排专人测温")
    later(town, minutes=5)
    done = town.ok(run("resumption.burden.confirm", {"burden": burden.id, "answer": "补测记录还是没有"}, actor=town.approver))
    assert done.until == clock.now() + timedelta(days=3)
    assert (state(town, application), permits(town, application)) == ("suspended", 0)
    with acting(town.bureau):
        letter = Issued.objects.get(about=burden.id)
        text = str(letter.data)
    for said in (
        "《通告》第三条",
        "测温没有人管",
        "当天已经安排专人测温",
        "补测记录还是没有",
        "60日内",
        "6个月内",
        "人民政府申请行政复议",
        "自动解除",
    ):
        assert said in text, said
    later(town, days=3, minutes=-1)
    tick(clock.now())
    assert state(town, application) == "suspended"
    later(town, minutes=1)
    assert tick(clock.now()) == 1
    deliver(actor=timer())
    assert (state(town, application), permits(town, application), of(town, burden).state) == ("approved", 1, "expired")
    with acting(town.bureau):
        assert issuing.standing_of(letter, at=clock.now()).word == "已到期"


def test_who_proposed_does_not_decide(town):
    """Tests that one person with both rights is refused, by the act and by the table, and nothing has changed."""
    application = town.approved(town.firm())
    burden = town.ok(town.proposed(application, actor=town.approver, urgent=True))
    refused = run("resumption.burden.confirm", {"burden": burden.id}, actor=town.approver)
    assert refused.code == "SamePerson"
    with pytest.raises(IntegrityError, match="burden_decided_by_another"), acting(town.approver), connection.cursor() as cursor:
        cursor.execute("UPDATE resumption_burden SET decided_by = asked_by WHERE id = %s", [burden.id])
    assert (of(town, burden).state, state(town, application), permits(town, application)) == ("proposed", "approved", 1)


def test_nothing_is_decided_while_the_enterprise_may_still_speak(town):
    """Tests the hearing: refused before its end, allowed after it, without a word too; urgent begins at once for 48 hours."""
    application = town.approved(town.firm())
    burden = town.ok(town.proposed(application))
    refused = run("resumption.burden.confirm", {"burden": burden.id}, actor=town.approver)
    assert refused.code == "NotYetHeard" and "2月11日" in refused.says
    assert (of(town, burden).state, state(town, application)) == ("proposed", "approved")
    later(town, hours=24)
    town.ok(run("resumption.burden.confirm", {"burden": burden.id}, actor=town.approver))
    assert state(town, application) == "suspended"


def test_an_urgent_suspension_holds_two_days_unless_it_is_upheld_after_a_hearing(town):
    """Tests both ends: not heard and not upheld it lapses after 48 hours; heard and upheld it runs its days."""
    lapsing, upheld = town.approved(town.firm()), town.approved(town.firm())
    first, second = (town.ok(town.proposed(one, urgent=True)) for one in (lapsing, upheld))
    for burden in (first, second):
        done = town.ok(run("resumption.burden.confirm", {"burden": burden.id}, actor=town.approver))
        assert (done.state, done.until) == ("provisional", clock.now() + timedelta(hours=48))
    later(town, hours=1)
    assert run("resumption.burden.uphold", {"burden": second.id}, actor=town.approver).code == "NotYetHeard"
    town.heard(second)
    done = town.ok(run("resumption.burden.uphold", {"burden": second.id, "answer": "危险还在"}, actor=town.approver))
    assert done.until == clock.now() + timedelta(days=3)
    later(town, hours=47)
    tick(clock.now())
    deliver(actor=timer())
    assert (state(town, lapsing), state(town, upheld)) == ("approved", "suspended")


def test_a_refusal_is_proposed_heard_and_decided(town):
    """Tests that an assessed application is refused only so, with its letter; and that one may apply anew."""
    firm = town.firm()
    application = town.passed(firm)
    burden = town.ok(town.proposed(application, kind="refusal"))
    town.heard(burden, "没有意见")
    town.ok(run("resumption.burden.confirm", {"burden": burden.id, "answer": "已核"}, actor=town.approver))
    assert state(town, application) == "refused"
    with acting(town.bureau):
        fresh = Application._base_manager.get(pk=application.id)
        assert fresh.decider == town.approver.id and Issued.objects.filter(about=burden.id).count() == 1
    later(town, minutes=1)
    assert town.submit(firm).ok


def test_a_town_does_not_undo_what_the_district_approved(town):
    """Tests that a town's leader decides nothing about a district's application."""
    application = town.approved(town.firm())
    burden = town.ok(town.proposed(application, urgent=True))
    refused = run("resumption.burden.confirm", {"burden": burden.id}, actor=town.town_leader)
    assert refused.code == "NotYours"
    assert (of(town, burden).state, state(town, application)) == ("proposed", "approved")


@pytest.mark.parametrize(
    ("lack", "code"),
    [
        ({"basis": " "}, "BadInput"),
        ({"reason": ""}, "BadInput"),
        ({"days": 0}, "BadInput"),
        ({"days": 31}, "BadInput"),
        ({"items": []}, "NoEvidence"),
        ({"items": ["no-such-item"]}, "NoEvidence"),
        ({"measure": "00000000-0000-7000-8000-000000000000"}, "BadInput"),
    ],
)
def test_no_burden_without_basis_reason_evidence_and_end(town, lack, code):
    """Tests that each of them is asked for and that nothing is kept without it."""
    application = town.approved(town.firm())
    assert town.proposed(application, **lack).code == code
    with acting(town.bureau):
        assert not Burden._base_manager.exists()
        assert not Entry._base_manager.filter(process="resumption.burden").exists()


def test_an_exclusion_keeps_applications_away_until_its_day(town):
    """Tests that a firm whose report was false is not taken for some days, is told why, and is taken again afterwards."""
    application = town.accepted(town.firm())
    town.ok(run("resumption.assign", {"application": application.id, "team": town.team}, actor=town.bureau))
    burden = town.ok(town.proposed(application, kind="exclusion", ground="false_report"))
    contact = town.contacts[application.enterprise_id]
    town.ok(run("resumption.withdraw", {"application": application.id, "reason": "改日"}, actor=contact))
    later(town, hours=24)
    town.ok(run("resumption.burden.confirm", {"burden": burden.id}, actor=town.approver))
    with acting(town.bureau):
        firm = registry.enterprise(application.enterprise_id)
    refused = town.submit(firm, planned_at="2020-02-20T08:00")
    assert refused.code == "Excluded" and "2月14日" in refused.says and "申报不实" in refused.says
    later(town, days=3)
    assert town.submit(firm, planned_at="2020-02-20T08:00").ok


@pytest.mark.parametrize("minutes", [0, 40])
def test_burdens_lapse_with_the_response(town, minutes):
    """Tests that the end of the incident ends what was proposed and what holds, and closes what is under way; so it does when the
    worker stood still for so long that nobody could tell it any more."""
    holding, waiting, running = town.approved(town.firm()), town.approved(town.firm()), town.accepted(town.firm())
    first = town.ok(town.proposed(holding, urgent=True))
    town.ok(run("resumption.burden.confirm", {"burden": first.id}, actor=town.approver))
    second = town.ok(town.proposed(waiting))
    later(town, hours=1)
    office = officer("control_office", town.district, department="防控办")
    with acting(town.bureau):
        incident = str(holding.incident_id)
    assert run("response.end", {"incident": incident, "document": "第9号公告"}, actor=office).ok
    later(town, minutes=minutes)
    deliver(actor=timer())
    deliver(actor=timer())
    assert [of(town, one).state for one in (first, second)] == ["fallen", "fallen"]
    assert (state(town, holding), state(town, waiting), state(town, running)) == ("lapsed", "approved", "lapsed")


def test_a_burden_falls_with_the_measure_it_rests_on(town):
    """Tests that a change of level that stops the measure ends the burden and gives the permits back."""
    application = town.approved(town.firm())
    with acting(town.bureau):
        measure = response.law(application.region, clock.now()).one("not_before")
    burden = town.ok(town.proposed(application, urgent=True, ground="measures", measure=str(measure.id)))
    town.ok(run("resumption.burden.confirm", {"burden": burden.id}, actor=town.approver))
    later(town, hours=1)
    office = officer("control_office", town.district, department="防控办")
    assert run("response.level", {"incident": str(application.incident_id), "level": "IV"}, actor=office).ok
    deliver(actor=timer())
    deliver(actor=timer())
    with acting(town.bureau):
        stopped = not response.holds(measure.id, clock.now())
    assert stopped
    assert (of(town, burden).state, state(town, application), permits(town, application)) == ("fallen", "approved", 1)


def test_the_word_is_the_enterprises_own(town):
    """Tests that another firm's contact cannot speak, that an empty word is none, and that it is too late after the decision."""
    application, other = town.approved(town.firm()), town.firm()
    burden = town.ok(town.proposed(application, urgent=True))
    given = {"burden": burden.id, "words": "替他说"}
    assert run("resumption.burden.say", given, actor=town.contacts[other.id]).code in ("NotFound", "NotYours")
    own = town.contacts[application.enterprise_id]
    assert run("resumption.burden.say", given | {"words": "  "}, actor=own).code == "BadInput"
    assert run("resumption.burden.say", given | {"words": "长" * 1001}, actor=own).code == "BadInput"
    assert of(town, burden).heard_at is None
    town.ok(run("resumption.burden.drop", {"burden": burden.id, "answer": "重新看过，没有危险"}, actor=town.bureau))
    assert run("resumption.burden.say", given, actor=own).code == "NothingToBurden"
    assert (of(town, burden).state, permits(town, application)) == ("dropped", 1)


def test_a_photo_is_evidence_and_the_enterprise_may_answer_with_one(town):
    """Tests that a photo about the application stands as evidence in the letter, one about another firm does not."""
    application, other = town.approved(town.firm()), town.approved(town.firm())
    kept = {}
    for about in (application, other):
        given = {"kind": "resumption.ground", "about": about.id, "content": photo(80, 60), "name": "现场.jpg"}
        kept[about] = town.ok(run("files.keep", given, actor=town.bureau)).file.id
    assert town.proposed(application, items=[], files=[kept[other]]).code == "NoEvidence"
    burden = town.ok(town.proposed(application, items=[], files=[kept[application]]))
    answer = {"kind": "resumption.word", "about": burden.id, "content": photo(90, 60), "name": "测温.jpg"}
    assert not run("files.keep", answer, actor=town.contacts[other.enterprise_id]).ok
    assert run("files.keep", answer, actor=town.contacts[application.enterprise_id]).ok
    town.heard(burden, "照片是今天的测温点")
    town.ok(run("resumption.burden.confirm", {"burden": burden.id, "answer": "只有上午有人"}, actor=town.approver))
    with acting(town.bureau):
        assert "现场照片或材料“现场.jpg”" in str(Issued.objects.get(about=burden.id).data)
