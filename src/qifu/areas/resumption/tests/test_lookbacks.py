"""Look-backs (回头看, FEATURES 2.16, E-06): drawn by a rule that can be counted again, looked at by another, mended and looked at again."""

from datetime import timedelta

import pytest

from qifu.areas.resumption.lookbacks import lot, share, towns_to_draw
from qifu.areas.resumption.models import Draw, Inspection
from qifu.kernel import jurisdiction
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local
from qifu.kernel.events import deliver
from qifu.kernel.files.tests.test_looking import photo
from qifu.kernel.indicators import Moment, figure
from qifu.kernel.workflow.timer import tick, timer

from .factories import february, world

pytestmark = pytest.mark.usefixtures("database")
CODES = ("same", "entry", "masks", "meals", "new")


@pytest.fixture
def town():
    with clock.use(clock.Fixed(february("11"))) as hands:
        yield world(hands)


def resumed(town, *, size="small"):
    """Give a firm at work."""
    firm = town.firm(size=size)
    application = town.approved(firm)
    town.hands.set(max(clock.now(), february("12", "08:30")))
    return town.ok(run("resumption.start", {"application": application.id}, actor=town.contacts[firm.id]))


def looks(town):
    with acting(town.bureau):
        return list(Inspection._base_manager.order_by("drawn_at", "id"))


def draw_look_backs():
    """Do what the timer does."""
    actor = timer()
    with acting(actor):
        places = towns_to_draw(clock.now())
    return sum(run("resumption.lookback.draw", {"place": place}, actor=actor).result for place in places)


def morning(town, day):
    town.hands.set(february(day, "07:31"))
    return draw_look_backs()


def handed_in(look, *, conclusion, wrong=(), actor, **more):
    given = {
        "inspection": look.id, "conclusion": conclusion, "results": {code: "fix" if code in wrong else "ok" for code in CODES},
        "notes": dict.fromkeys(wrong, "测温点没有人，派人守着"), **more,
    }  # fmt: skip
    return run("resumption.lookback.look", given, actor=actor)


def test_the_morning_draws_by_a_seed_that_can_be_counted_again(town):
    """Tests that the share of the day is the one anybody gets from seed and ids, once a day, with its record; a new day draws anew."""
    applications = [resumed(town) for _ in range(3)]
    told = {"at_work": 30, "expected": 40, "running": 1, "capacity": 1, "answers": {"temperature_checked": 30, "mask_days": 9}}
    for one in applications:
        town.ok(run("resumption.report_day", {"enterprise": one.enterprise_id, **told}, actor=town.contacts[one.enterprise_id]))
    town.hands.set(february("13", "07:29"))
    assert draw_look_backs() == 0
    assert morning(town, "13") == 1
    assert draw_look_backs() == 0
    (drawn,) = looks(town)
    with acting(town.bureau):
        said = Draw._base_manager.get()
    assert said.of == len(applications) and said.drawn == 1
    assert drawn.enterprise_id == min((one.enterprise_id for one in applications), key=lambda firm: lot(said.seed, firm))
    assert drawn.why == "share" and drawn.state == "drawn"
    again = share([one.enterprise_id for one in applications], seed=said.seed, percent=said.percent, least=1)
    assert again == [drawn.enterprise_id]


def test_silent_and_odd_firms_are_drawn_with_their_reason(town):
    """Tests that a firm without reports and one whose numbers fell are drawn first, and each says why."""
    silent, odd = resumed(town), resumed(town)
    for day, people in (("12", 30), ("13", 30), ("14", 3)):
        town.hands.set(february(day, "17:00"))
        told = {"at_work": people, "expected": 40, "running": 1, "capacity": 1, "answers": {"temperature_checked": people, "mask_days": 9}}
        town.ok(run("resumption.report_day", {"enterprise": odd.enterprise_id, **told}, actor=town.contacts[odd.enterprise_id]))
    morning(town, "15")
    assert {look.enterprise_id: look.why for look in looks(town)} == {silent.enterprise_id: "silent", odd.enterprise_id: "odd"}


def test_a_firm_that_files_is_drawn_at_once_and_for_the_same_day(town):
    """Tests E-06: under filing with commitment the look is on the town's list as soon as the firm has filed, due today."""
    office = officer("control_office", town.district, department="防控办二")
    above = officer("control_office", jurisdiction.lineage(town.district)[1], department="市防控办")
    value = {"regime": "filing", "categories": ["living"]}
    given = {"key": "regime", "place": str(town.district), "value": value, "reason": "已全部评估", "until": february("29")}
    asked = town.ok(run("response.propose", given, actor=office))
    town.ok(run("response.approve", {"proposal": asked.id}, actor=above))
    firm = town.firm(size="small", category="living")
    application = town.ok(town.submit(firm))
    town.ok(run("resumption.file", {"application": application.id}, actor=town.contacts[firm.id]))
    deliver(actor=timer())
    (look,) = looks(town)
    assert (look.why, look.application_id) == ("filed", application.id)
    assert local(look.due_at - timedelta(seconds=1)).date() == local(clock.now()).date()


def test_what_is_found_is_mended_and_looked_at_again(town):
    """Tests the whole way: to be mended by a day, the firm says so, the town looks again and finds it right; figures and messages."""
    application = resumed(town)
    morning(town, "13")
    (look,) = looks(town)
    firm = application.enterprise_id
    done = town.ok(handed_in(look, conclusion="mend", wrong=("entry",), days=1, actor=town.town_clerk))
    assert (done.state, done.mend_by) == ("mending", local(clock.now()).date() + timedelta(days=1))
    other = town.firm()
    assert run("resumption.lookback.mended", {"inspection": look.id, "words": "改了"}, actor=town.contacts[other.id]).code == "NotFound"
    assert run("resumption.lookback.mended", {"inspection": look.id, "words": " "}, actor=town.contacts[firm]).code == "BadInput"
    town.hands.advance(timedelta(hours=3))
    town.ok(run("resumption.lookback.mended", {"inspection": look.id, "words": "派了两个人守门"}, actor=town.contacts[firm]))
    town.hands.advance(timedelta(minutes=5))
    done = town.ok(handed_in(looks(town)[0], conclusion="ok", actor=town.town_clerk))
    assert (done.state, done.looks) == ("fine", 2)
    with acting(town.bureau):
        seen, found, waits = (figure(id, moment=Moment(clock.now()), actor=town.bureau) for id in ("R50", "R51", "R52"))
    assert (seen.value, found.value, waits.value) == (1, 1, 0)


def test_a_day_to_mend_that_passes_brings_the_town_back(town):
    """Tests that nobody has to remember: after the day the look waits again, with the town's clock."""
    resumed(town)
    morning(town, "13")
    town.ok(handed_in(looks(town)[0], conclusion="mend", wrong=("masks",), days=1, actor=town.town_clerk))
    town.hands.set(february("14", "20:00"))
    tick(clock.now())
    assert looks(town)[0].state == "mending"
    town.hands.set(february("15", "00:00"))
    tick(clock.now())
    assert looks(town)[0].state == "again" and looks(town)[0].due_at > clock.now()


def test_a_look_that_does_not_fit_is_refused_and_changes_nothing(town):
    """Tests unanswered, unnoted, fine with faults, faults without, no day, no photo, another's, elsewhere."""
    resumed(town)
    morning(town, "13")
    (look,) = looks(town)
    clerk = town.town_clerk
    assert "r-same" in handed_in(look, conclusion="ok", actor=clerk, results={}).errors
    assert "n-entry" in handed_in(look, conclusion="mend", wrong=("entry",), notes={}, days=1, actor=clerk).errors
    assert handed_in(look, conclusion="ok", wrong=("entry",), actor=clerk).code == "FaultsFound"
    assert handed_in(look, conclusion="mend", days=1, actor=clerk).code == "NoFaults"
    assert "days" in handed_in(look, conclusion="mend", wrong=("entry",), days=9, actor=clerk).errors
    assert "photos" in handed_in(look, conclusion="escalate", wrong=("entry",), actor=clerk).errors
    colleague = officer("town_clerk", town.town, name="同事")
    town.ok(run("resumption.lookback.send", {"inspection": look.id, "person": colleague.person}, actor=town.bureau))
    assert handed_in(look, conclusion="ok", actor=clerk).code == "SentToAnother"
    assert handed_in(look, conclusion="ok", actor=officer("town_clerk", town.other)).code == "NotFound"
    assert handed_in(look, conclusion="ok", actor=town.approver).code == "NotYours"
    stranger = officer("town_clerk", town.other)
    assert "person" in run("resumption.lookback.send", {"inspection": look.id, "person": stranger.person}, actor=town.bureau).errors
    found = looks(town)[0]
    assert (found.state, found.looks, found.answers, found.assigned_to) == ("drawn", 0, {}, str(colleague.person))


def test_a_danger_leads_to_a_proposed_suspension_with_its_photo(town):
    """Tests that the photo of the look is evidence of the proposal, and that the look itself suspends nothing."""
    application = resumed(town)
    morning(town, "13")
    (look,) = looks(town)
    kept = town.ok(
        run("files.keep", {"kind": "resumption.look", "about": look.id, "content": photo(), "name": "门口.jpg"}, actor=town.town_clerk)
    )
    done = town.ok(handed_in(look, conclusion="escalate", wrong=("entry", "masks"), actor=town.town_clerk))
    assert done.state == "escalated"
    clerk = browser(town.town_clerk)
    assert f"/desk/applications/{application.id}/burden/suspension" in text(clerk.get(f"/desk/lookbacks/{look.id}"))
    form = {"ground": "risk", "basis": "《通告》第三条", "reason": "门口没人测温", "days": "3"}
    sent = clerk.post(f"/desk/applications/{application.id}/burden/suspension", form)
    assert sent.status_code == 302, text(sent)
    with acting(town.bureau):
        burden = application.burdens.get()
        application.refresh_from_db()
    assert str(kept.file.id) in {one.get("file") for one in burden.evidence} and application.state == "resumed"


def test_the_desk_and_the_phone_show_who_was_and_was_not_looked_at(town):
    """Tests the pages by hand: the list, the phone's form, the enterprise that hears only after the look."""
    application = resumed(town)
    with acting(town.bureau):
        firm = application.enterprise
    morning(town, "13")
    (look,) = looks(town)
    clerk, contact = browser(town.town_clerk), browser(town.contacts[firm.id])
    page = text(clerk.get("/desk/lookbacks/"))
    assert firm.name in page and "今天抽到 1 家，已看 0 家，没看 1 家" in page
    assert "已抽到，待看" in text(clerk.get("/desk/lookbacks/?view=never"))
    assert contact.get(f"/home/lookbacks/{look.id}").status_code == 404 and "回头看" not in text(contact.get("/home/"))
    assert firm.name in text(clerk.get("/lookbacks/"))
    form = {f"r-{code}": "ok" for code in CODES} | {"r-entry": "fix", "conclusion": "mend"}
    lacking = clerk.post(f"/lookbacks/{look.id}", form)
    assert lacking.status_code == 422 and "企业会看到" in text(lacking)
    handed = clerk.post(f"/lookbacks/{look.id}", form | {"n-entry": "门口没有人测温", "days": "2"})
    assert handed.status_code == 302 and "企业收到要改的几项" in text(clerk.get(handed["Location"]))
    assert "回头看有 1 项要改" in text(contact.get("/home/"))
    own = text(contact.get(f"/home/lookbacks/{look.id}"))
    assert "门口没有人测温" in own and "整改好了" in own
    town.hands.advance(timedelta(minutes=1))
    said = contact.post(f"/home/lookbacks/{look.id}", {"words": "安排了门卫"})
    assert said.status_code == 302 and "再来看一次" in text(contact.get(said["Location"]))
    assert "安排了门卫" in text(clerk.get(f"/lookbacks/{look.id}"))
    assert browser(officer("town_clerk", town.other)).get(f"/desk/lookbacks/{look.id}").status_code == 404
