"""Tests of what a phone takes along and delivers: once, as its own person, by the server's clock, and never lost."""

import json
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from qifu.areas.resumption.actions.assess import stamp
from qifu.areas.resumption.models import Application, Item, Visit
from qifu.kernel import jurisdiction
from qifu.kernel.access import DOOR, acting
from qifu.kernel.access.models import TaskForce, everything
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.access.tests.factories import LONG_AGO, officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.files.models import File
from qifu.kernel.files.tests.test_looking import photo
from qifu.kernel.journal.models import Attempt, Entry
from qifu.kernel.values import uuid7
from qifu.kernel.workflow.models import Kept

from .factories import february, member, world

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def town():
    with clock.use(clock.Fixed(february("10", "14:00"))) as hands:
        made = world(hands)
        made.hands.set(february("10", "14:00"))
        yield made


@pytest.fixture
def visit(town):
    """Give an application that waits for the team's visit."""
    firm = town.firm()
    application = town.accepted(firm)
    application = town.ok(run("resumption.assign", {"application": application.id, "team": town.team}, actor=town.bureau))
    application.enterprise = firm
    return application


def items(town, application):
    with acting(town.bureau):
        return {item.code: item for item in everything(Item).filter(application=application.id)}


def report(town, application, *, fix=(), key=None, by=None, made=None, now=None, leave=(), **given):
    """Give what a phone sends: everything looked at, some of it to mend."""
    here = items(town, application)
    found = [
        {"code": code, "result": "fix" if code in fix else "ok", "note": "现场看到的" if code in fix else "", "seen": stamp(item)}
        for code, item in here.items()
        if code not in leave
    ]
    seen = given.pop("seen", application.state_at.isoformat())
    made = made or clock.now()
    return {
        "action": "resumption.assess", "key": str(key or uuid7()), "person": str((by or town.assessor).person),
        "made_at": made.isoformat(), "now": (now or clock.now()).isoformat(),
        "given": {"application": str(application.id), "conclusion": "demand" if fix else "pass", "found": found, "seen": seen, **given},
    }  # fmt: skip


def deliver(client, told):
    return client.post("/field/deliver", json.dumps(told), content_type="application/json", headers={"accept": "application/json"})


def fresh(town, application):
    with acting(town.bureau):
        return everything(Application).get(pk=application.id)


def test_the_day_is_taken_along_complete(town, visit):
    """Tests stops with checklist, contact, way and what the enterprise said; the look at the number is written down once."""
    phone = browser(town.assessor)
    day = phone.post("/field/day").json()
    phone.post("/field/day")
    (stop,) = day["stops"]
    assert (day["person"], stop["id"]) == (str(town.assessor.person), str(visit.id))
    assert datetime.fromisoformat(stop["seen"]) == visit.state_at
    assert [item["code"] for item in stop["items"]] == list(items(town, visit))
    assert stop["way"]["geo"].startswith("geo:") and stop["people"] == 40 and stop["due_words"]
    assert any(item["said"] for item in stop["items"])
    with acting(officer("auditor", town.district)):
        looks = list(Entry._base_manager.filter(process="look", subject=visit.id))
    assert [(look.actor, look.data["fields"]) for look in looks] == [(town.assessor.id, "phone")]
    assert browser(town.fire).post("/field/day").status_code == 403


def test_the_shell_and_the_worker_hold_nobodys_data(town, visit, client):
    """Tests what lies on the phone without a login."""
    for address in ("/field/shell", "/field/worker.js", "/field/manifest.webmanifest"):
        answer = client.get(address)
        assert answer.status_code == 200 and visit.enterprise.name not in text(answer)
    assert "/field/shell" in text(client.get("/field/worker.js"))


def test_a_report_delivered_twice_is_one_visit(town, visit):
    """Tests the key: the second delivery is told that it was done before, and changes nothing."""
    told = report(town, visit, fix=["masks"], remarks="明天补齐", signer="周敏芝", objection="已经订了货")
    first, second = (deliver(browser(town.assessor), told) for _ in range(2))
    assert (first.status_code, first.json()["again"], second.status_code, second.json()["again"]) == (200, False, 200, True)
    with acting(town.bureau):
        kept = everything(Visit).get()
    assert (str(kept.id), kept.conclusion, kept.signer, kept.objection) == (told["key"], "demand", "周敏芝", "已经订了货")
    assert fresh(town, visit).state == "rectifying" and items(town, visit)["masks"].note == "现场看到的"


@pytest.mark.parametrize("wrong", [timedelta(hours=1), timedelta(hours=-1)])
def test_a_phone_an_hour_wrong_does_no_harm(town, visit, wrong):
    """Tests that the server counts back from its own clock, keeps the phone's beside, and says that it is wrong."""
    town.hands.set(february("10", "16:30"))
    made, now = february("10", "15:10") + wrong, february("10", "16:30") + wrong
    answer = deliver(browser(town.assessor), report(town, visit, made=made, now=now)).json()
    assert "快了1小时" in answer["clock"] if wrong > timedelta() else "慢了1小时" in answer["clock"]
    with acting(town.bureau):
        kept = everything(Visit).get()
    assert (kept.at, kept.told_at, kept.ahead) == (february("10", "15:10"), made, int(wrong.total_seconds()))
    assert fresh(town, visit).assessed_at == february("10", "15:10")


def test_another_person_does_not_send_it(town, visit):
    """Tests that a colleague of the same team on the same phone is refused, and the report is neither taken nor kept."""
    with acting(town.bureau):
        team = everything(TaskForce).get(pk=town.team)
    colleague = member(team, town.district, name="同组的人")
    answer = deliver(browser(colleague), report(town, visit))
    assert (answer.status_code, answer.json()["code"]) == (409, "NotTheirs")
    assert fresh(town, visit).state == "assigned"
    with acting(officer("auditor", town.district)):
        assert Attempt._base_manager.filter(code="NotTheirs", actor=colleague.id).exists()


def test_a_phone_delivers_assessments_and_nothing_else(town, visit):
    """Tests that the delivery door leads to no other act."""
    told = {**report(town, visit), "action": "resumption.approve"}
    assert deliver(browser(town.assessor), told).status_code == 400
    assert browser(town.assessor).post("/field/deliver", b"[", content_type="application/json").status_code == 400
    assert fresh(town, visit).state == "assigned"


def test_a_report_waits_for_its_photos(town, visit):
    """Tests that a report that names a photo is taken only after the photo, whose hash is the phone's."""
    content, number = photo(640, 480), uuid7()
    told = report(town, visit, photos=[str(number)])
    phone = browser(town.assessor)
    missing = deliver(phone, told)
    assert (missing.status_code, missing.json()["code"]) == (424, "EvidenceMissing")
    assert fresh(town, visit).state == "assigned"
    item = items(town, visit)["masks"]
    upload = {"kind": "resumption.item", "about": str(item.id), "id": str(number), "sha256": sha256(content).hexdigest()}
    sent = phone.post("/files/", {**upload, "file": SimpleUploadedFile("masks.jpg", content)})
    assert sent.json()["sha256"] == sha256(content).hexdigest()
    assert deliver(phone, told).status_code == 200
    # Whoever decides sees it beside the item, with the words that came along.
    page = text(browser(town.approver).get(f"/desk/applications/{visit.id}"))
    assert f"/files/{number}/small" in page and sha256(content).hexdigest()[:12] in page
    # The enterprise sees what was photographed at its own place; a stranger does not.
    assert browser(town.contacts[visit.enterprise_id]).get(f"/files/{number}/small").status_code == 200
    assert browser(town.contacts[town.firm().id]).get(f"/files/{number}/small").status_code == 404


def test_only_the_team_the_department_and_the_enterprise_photograph(town, visit):
    """Tests who may put a photo to an item: an assessor of another team may not."""
    item = items(town, visit)["fire_patrol"]

    def send(actor, size):
        upload = {"kind": "resumption.item", "about": str(item.id), "file": SimpleUploadedFile("a.jpg", photo(size, 100))}
        return browser(actor).post("/files/", upload).status_code

    assert send(other_team(town), 200) == 403
    with acting(town.bureau):
        assert everything(File).count() == 0
    allowed = (town.assessor, town.fire, town.contacts[visit.enterprise_id])
    assert [send(actor, 300 + number) for number, actor in enumerate(allowed)] == [201, 201, 201]


def other_team(town):
    with acting(DOOR):
        team = TaskForce._base_manager.create(
            name="评估二组", kind="assessment", place=town.district, region=town.district, district=330213, since=LONG_AGO
        )
    return member(team, town.district, name="二组的人")


def test_an_item_is_checked_by_its_team_or_its_department(town, visit):
    """Tests that membership is asked of single items too, that a team-mate may go on with what the team began, and that a
    department that has spoken keeps its item."""
    masks = {"application": visit.id, "code": "masks", "result": "ok"}
    assert run("resumption.check_item", masks, actor=other_team(town)).code == "WrongTeam"
    assert items(town, visit)["masks"].result == ""
    patrol = {"application": visit.id, "code": "fire_patrol"}
    town.ok(run("resumption.check_item", {**patrol, "result": "fix", "note": "没见记录"}, actor=town.assessor))
    town.ok(run("resumption.check_item", {**patrol, "result": "ok"}, actor=town.assessor))
    town.ok(run("resumption.check_item", {**patrol, "result": "fix", "note": "缺两天"}, actor=town.fire))
    assert run("resumption.check_item", {**patrol, "result": "ok"}, actor=town.assessor).code == "NotTheDepartmentsItem"
    item = items(town, visit)["fire_patrol"]
    assert (item.result, item.checked_by) == ("fix", town.fire.id)
    assert [(one["result"], one["by"]) for one in item.before] == [("fix", town.assessor.name), ("ok", town.assessor.name)]


def test_after_mending_a_department_looks_again_itself(town, visit):
    """Tests that neither the enterprise's word nor the team's 'all right' speaks for the fire service, and that who looked
    before stays known."""
    town.ok(run("resumption.check_item", {"application": visit.id, "code": "fire_patrol", "result": "fix"}, actor=town.fire))
    whole = {"application": visit.id, "conclusion": "demand", "all_ok": True}
    town.ok(run("resumption.assess", whole, actor=town.assessor))
    town.ok(run("resumption.mended", {"application": visit.id}, actor=town.contacts[visit.enterprise_id]))
    item = items(town, visit)["fire_patrol"]
    assert (item.result, item.checked_by) == ("", "") and item.before[-1]["by"] == town.fire.name
    answer = run("resumption.assess", {**whole, "conclusion": "pass"}, actor=town.assessor)
    assert answer.code == "NotYetAssessed" and fresh(town, visit).state == "assigned"
    town.ok(run("resumption.check_item", {"application": visit.id, "code": "fire_patrol", "result": "ok"}, actor=town.fire))
    town.ok(run("resumption.assess", {**whole, "conclusion": "pass"}, actor=town.assessor))


def test_a_late_check_of_one_item_is_kept_or_done_once(town, visit):
    """Tests `seen` and the key of a single item told late."""
    given = {"application": visit.id, "code": "masks", "result": "fix", "note": "只够一天", "seen": visit.state_at.isoformat()}
    key = uuid4()
    town.ok(run("resumption.check_item", given, actor=town.assessor, key=key))
    assert run("resumption.check_item", {**given, "result": "ok"}, actor=town.assessor, key=key).again
    assert items(town, visit)["masks"].result == "fix"
    town.hands.set(february("10", "15:00"))
    town.ok(run("resumption.assign", {"application": visit.id, "team": town.team}, actor=town.bureau))
    assert run("resumption.check_item", {**given, "result": "ok"}, actor=town.assessor, key=uuid4()).code == "SubjectMoved"
    assert items(town, visit)["masks"].result == "fix"


# ---------------------------------------------------------------- what came too late


@pytest.fixture
def late(town, visit):
    """Give a report of an item that a colleague wrote otherwise while the phone had no network, delivered twice."""
    told = report(town, visit, fix=["masks"])
    town.hands.set(february("10", "14:40"))
    town.ok(
        run("resumption.check_item", {"application": visit.id, "code": "masks", "result": "ok", "note": "电话问的"}, actor=town.assessor)
    )
    town.hands.set(february("10", "15:00"))
    answers = [deliver(browser(town.assessor), told) for _ in range(2)]
    assert [(a.status_code, a.json()["code"]) for a in answers] == [(202, "SubjectMoved")] * 2
    with acting(town.bureau):
        return everything(Kept).get()


def test_a_report_of_an_item_that_changed_is_kept_once(town, visit, late):
    """Tests that neither side is overwritten, and that both stand side by side with their origin."""
    assert fresh(town, visit).state == "assigned" and items(town, visit)["masks"].result == "ok"
    desk = browser(town.bureau)
    assert visit.enterprise.name in text(desk.get("/desk/reports"))
    page = text(desk.get(f"/desk/reports/{late.id}"))
    assert "现场看到的" in page and "电话问的" in page and town.assessor.name in page
    assert browser(town.fire).get("/desk/reports").status_code == 403
    elsewhere = officer("bureau_clerk", jurisdiction.by_name("鄞州区").id)
    assert browser(elsewhere).get(f"/desk/reports/{late.id}").status_code == 404


def test_one_person_takes_the_report_item_by_item(town, visit, late):
    """Tests that the report becomes its author's assessment with the chosen item, once, and the clerk's decision is on record."""
    desk = browser(town.bureau)
    done = desk.post(f"/desk/reports/{late.id}", {"outcome": "report", "take": ["masks"]})
    assert done.status_code == 302
    now = fresh(town, visit)
    assert (now.state, now.assessor) == ("rectifying", town.assessor.id) and items(town, visit)["masks"].result == "fix"
    assert desk.post(f"/desk/reports/{late.id}", {"outcome": "now"}).status_code == 409
    with acting(town.bureau):
        kept = everything(Kept).get()
        assert kept.settled_by == town.bureau.name and kept.given == late.given
        assert everything(Visit).get().id == kept.key
        assert Entry._base_manager.filter(subject=visit.id, verb="settle", actor=town.bureau.id).count() == 1


def test_what_stands_may_stay(town, visit, late):
    """Tests the other outcome: nothing of the application changes, the report stays on file; and a report whose visit is
    over can only be filed."""
    town.ok(run("resumption.assess", {"application": visit.id, "conclusion": "pass", "all_ok": True}, actor=town.assessor))
    refused = run("resumption.settle_report", {"report": late.id, "outcome": "report"}, actor=town.bureau)
    assert refused.code == "NotAssessing"
    before = fresh(town, visit).state_at
    assert browser(town.bureau).post(f"/desk/reports/{late.id}", {"outcome": "now"}).status_code == 302
    assert (fresh(town, visit).state, fresh(town, visit).state_at) == ("passed", before)
    with acting(town.bureau):
        assert everything(Kept).get().outcome.startswith("以现在的为准")


def test_a_note_too_long_for_an_item_goes_back_to_the_phone_and_the_visit_is_not_taken(town, visit):
    """Tests an item's note of 301 characters from a phone and 501 of remarks: neither is cut, nothing is written."""
    client = browser(town.assessor)
    told = report(town, visit, fix=["masks"])
    note = next(one for one in told["given"]["found"] if one["code"] == "masks")
    before = {code: (item.result, item.note) for code, item in items(town, visit).items()}
    for long, more in (("只够一天" * 76, {}), ("只够一天", {"remarks": "备" * 501})):
        note["note"] = long
        answer = deliver(client, {**told, "given": told["given"] | more})
        assert (
            answer.status_code == 422
            and ("最多500个字，现在501个" if more else "“看到的情况”最多300个字，现在304个") in answer.json()["says"]
        )
        assert fresh(town, visit).state == "assigned"
        assert {code: (item.result, item.note) for code, item in items(town, visit).items()} == before
    note["note"] = "只够一天" * 75
    assert deliver(client, told).status_code == 200
    assert items(town, visit)["masks"].note == "只够一天" * 75
