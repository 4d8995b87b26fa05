"""Tests of visits: numbered, told once, told late, with what was said becoming cases, and who was not seen."""

import json
from datetime import timedelta
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from qifu.areas.casework import api as casework
from qifu.areas.visits import queries
from qifu.areas.visits.models import Opinion, Visit
from qifu.kernel.access import acting
from qifu.kernel.access.models import everything
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.calendar import clock
from qifu.kernel.files.tests.test_looking import photo
from qifu.kernel.journal.models import Attempt, Entry
from qifu.kernel.values import uuid7

from .factories import december

SAID = {"words": "两条线停着，等轴承", "need": "material", "then": "pass"}
ASKED = {"words": "外地师傅要不要隔离", "need": "policy", "then": "answered", "answer": "绿码测温正常就能上岗"}


def report(town, firm, *, by=None, key=None, made=None, now=None, **given):
    """Give what a phone sends of a visit."""
    return {
        "action": "visits.record", "key": str(key or uuid7()), "person": str((by or town.wang).person),
        "made_at": (made or clock.now()).isoformat(), "now": (now or clock.now()).isoformat(),
        "given": {"enterprise": str(firm.id), "met": "韩立东", "words": "到岗76人", "opinions": [SAID, ASKED], "photos": [], **given},
    }  # fmt: skip


def deliver(actor, told):
    return browser(actor).post("/visits/deliver", json.dumps(told), content_type="application/json", headers={"accept": "application/json"})


def seen(town, model):
    with acting(town.bureau):
        return list(everything(model).order_by("id"))


def test_visits_and_opinions_are_numbered_for_the_enterprise(town):
    """Tests that the second visit by another officer goes on counting: 2nd visit, 3rd opinion."""
    firm, other = town.firms(2)
    town.do("visits.record", town.wang, enterprise=firm.id, opinions=[SAID, ASKED])
    town.do("visits.record", town.wang, enterprise=other.id, words="都好")
    town.hands.advance(timedelta(hours=1))
    visit = town.do("visits.record", town.li, enterprise=firm.id, opinions=[{"words": "缺两个师傅", "need": "labour"}])
    with acting(town.bureau):
        third = everything(Opinion).get(visit=visit.id)
        assert (visit.number, visit.officer_name, third.number) == (2, "李联企", 3)
        assert queries.told_of([firm.id, other.id])[firm.id].visits == 2


def test_what_was_said_becomes_a_case_or_is_answered(town):
    """Tests that one is passed on as a numbered case of the enterprise, one is answered on the spot, and one is asked about
    first and passed on later; the same opinion never becomes two cases."""
    firm = town.firm()
    unsure = {"words": "社保能不能缓缴", "need": "policy", "then": "ask"}
    town.do("visits.record", town.wang, enterprise=firm.id, opinions=[SAID, ASKED, unsure], met="韩立东")
    passed, answered, asked = seen(town, Opinion)
    assert [one.state for one in (passed, answered, asked)] == ["passed", "answered", "noted"]
    with acting(town.bureau):
        (case,) = casework.cases_of(firm.id)
        assert (case.id, case.number, case.origin) == (passed.case, passed.case_number, passed.id) and case.channel == "visit"
    town.do("visits.pass_on", town.clerk, opinion=asked.id)
    again = town.refused("visits.pass_on", town.clerk, opinion=asked.id)
    assert again.code == "WrongState"
    with acting(town.bureau):
        assert len(casework.cases_of(firm.id)) == 2


def test_answered_on_the_spot_says_how(town):
    """Tests that an answer without words is refused and nothing of the visit is kept."""
    firm = town.firm()
    refusal = town.refused("visits.record", town.wang, enterprise=firm.id, opinions=[{**ASKED, "answer": " "}])
    assert refusal.code == "NoAnswer" and seen(town, Visit) == [] and seen(town, Opinion) == []
    assert town.refused("visits.record", town.wang, enterprise=firm.id).code == "NothingSaid"


def test_telephones_are_looked_at_for_what_is_on_a_page_and_not_for_a_district(town):
    """Tests that more than a hundred at once are refused in words and no look is on the record."""
    refused = town.refused("visits.look_phones", town.bureau, enterprises=[uuid7() for _ in range(101)])
    assert refused.code == "TooManyPhones" and "100" in refused.says
    with acting(officer("auditor", town.district)):
        assert not Entry._base_manager.filter(process="look").exists()


def test_a_visit_delivered_twice_is_one(town):
    """Tests the key: the second delivery is told the same numbers and changes nothing."""
    firm = town.firm()
    told = report(town, firm)
    first, second = deliver(town.wang, told).json(), deliver(town.wang, told).json()
    assert (first["again"], second["again"]) == (False, True)
    assert first["told"] == second["told"] and [one["number"] for one in first["told"]["opinions"]] == [1, 2]
    (visit,) = seen(town, Visit)
    assert str(visit.id) == told["key"] and len(seen(town, Opinion)) == 2
    with acting(officer("auditor", town.district)):
        assert Entry._base_manager.filter(process="visits.visit", verb="record").count() == 1


def test_a_second_delivery_after_a_new_plan_is_still_the_first_visit(town):
    """Tests that a retry does not eat the next planned visit."""
    firm = town.firm()
    told = report(town, firm)
    deliver(town.wang, told)
    town.do("visits.plan", town.clerk, enterprises=[firm.id], kind="revisit", reason="看轴承到了没有")
    again = deliver(town.wang, told).json()
    assert again["again"] and again["told"]["number"] == 1
    assert sorted(one.state for one in seen(town, Visit)) == ["planned", "visited"]


@pytest.mark.parametrize("wrong", [timedelta(hours=2), timedelta(days=-400)])
def test_a_phone_with_a_wrong_clock_does_no_harm(town, wrong):
    """Tests that the server counts back from its own clock, keeps the phone's beside, and says that it is wrong."""
    firm = town.firm()
    town.hands.set(december("20", "17:30"))
    made, now = december("20", "14:30") + wrong, december("20", "17:30") + wrong
    answer = deliver(town.wang, report(town, firm, made=made, now=now)).json()
    (visit,) = seen(town, Visit)
    assert answer["clock"] and (visit.visited_at, visit.told_at) == (december("20", "14:30"), made)
    assert "手机时间" in text(browser(town.clerk).get(f"/desk/visits/made/{visit.id}"))


def test_a_visit_told_two_days_late_is_taken_with_its_cases(town):
    """Tests a phone that was two days without a network: the visit has its own time, its case begins when it can be known."""
    firm = town.firm()
    town.hands.set(december("22", "14:30"))
    answer = deliver(town.wang, report(town, firm, made=december("20", "15:00"), now=december("22", "14:30")))
    assert answer.status_code == 200, answer.json()
    (visit,) = seen(town, Visit)
    assert visit.visited_at == december("20", "15:00") and seen(town, Opinion)[0].case is not None


def test_another_person_does_not_send_it(town):
    """Tests that a colleague on the same phone is refused, and that the attempt is on record."""
    firm = town.firm()
    answer = deliver(town.li, report(town, firm))
    assert (answer.status_code, answer.json()["code"]) == (409, "NotTheirs") and seen(town, Visit) == []
    with acting(officer("auditor", town.district)):
        assert Attempt._base_manager.filter(code="NotTheirs", actor=town.li.id).exists()


def test_the_phone_delivers_visits_and_logs_and_nothing_else(town):
    """Tests that the delivery door leads to no other act."""
    firm = town.firm()
    told = {**report(town, firm), "action": "visits.assign"}
    assert deliver(town.wang, told).status_code == 400 and seen(town, Visit) == []


def test_a_visit_waits_for_its_photos(town):
    """Tests that a visit that names a photo is taken only after it; the clerk sees it, another town's clerk does not."""
    firm = town.firm()
    content, number = photo(640, 480), uuid7()
    told = report(town, firm, photos=[str(number)])
    missing = deliver(town.wang, told)
    assert (missing.status_code, missing.json()["code"]) == (424, "EvidenceMissing") and seen(town, Visit) == []
    upload = {"kind": "visits.visit", "about": str(firm.id), "id": str(number), "sha256": sha256(content).hexdigest()}
    sent = browser(town.wang).post("/files/", {**upload, "file": SimpleUploadedFile("visit.jpg", content)})
    assert sent.status_code == 201 and deliver(town.wang, told).status_code == 200
    (visit,) = seen(town, Visit)
    assert f"/files/{number}/small" in text(browser(town.clerk).get(f"/desk/visits/made/{visit.id}"))
    stranger = officer("town_clerk", town.other)
    assert browser(stranger).get(f"/desk/visits/made/{visit.id}").status_code == 404
    assert browser(stranger).get(f"/files/{number}/small").status_code == 404


def test_the_day_is_taken_along_complete_and_on_record(town):
    """Tests all enterprises of the officer with contact, way and what waits; the looks at numbers once a day; no stranger's."""
    mine, theirs = town.firms(3), town.firm()
    town.give(mine, town.wang)
    town.give([theirs], town.li)
    town.do("visits.record", town.wang, enterprise=mine[0].id, opinions=[SAID])
    phone = browser(town.wang)
    day = phone.post("/visits/day").json()
    phone.post("/visits/day")
    stops = {one["id"]: one for one in day["stops"]}
    assert stops.keys() == {str(one.id) for one in mine}
    done = stops[str(mine[0].id)]
    assert (done["visits"], done["opinions"], done["done_number"]) == (1, 1, 1) and done["said"][0]["words"] == SAID["words"]
    assert stops[str(mine[1].id)]["today"] and stops[str(mine[1].id)]["phone"].startswith("164")
    assert stops[str(mine[1].id)]["way"]["geo"].startswith("geo:")
    with acting(officer("auditor", town.district)):
        looks = Entry._base_manager.filter(process="look", actor=town.wang.id)
        assert sorted(look.subject for look in looks) == sorted(one.id for one in mine)
    assert browser(officer("fire_clerk", town.district)).post("/visits/day").status_code == 403


def test_the_shell_holds_nobodys_data(town, client):
    """Tests what lies on the phone without a login."""
    firm = town.firm()
    for address in ("/visits/shell", "/visits/worker.js", "/visits/manifest.webmanifest"):
        answer = client.get(address)
        assert answer.status_code == 200 and firm.name not in text(answer)


def test_the_plain_form_does_the_same(town):
    """Tests the way without script: a refused form keeps what was typed, the second press is the first visit."""
    firm = town.firm()
    town.give([firm], town.wang)
    phone = browser(town.wang)
    assert firm.name in text(phone.get("/visits/"))
    refused = phone.post(f"/visits/firms/{firm.id}", {"words-0": "缺纸箱", "then-0": "answered", "need-0": "material", "key": str(uuid7())})
    assert refused.status_code == 409 and "缺纸箱" in text(refused) and seen(town, Visit) == []
    form = {"words-0": "缺纸箱", "then-0": "pass", "need-0": "material", "key": str(uuid7())}
    assert phone.post(f"/visits/firms/{firm.id}", form).status_code == 302
    assert phone.post(f"/visits/firms/{firm.id}", form).status_code == 302
    (visit,) = seen(town, Visit)
    assert visit.number == 1 and "第1次走访" in text(phone.get("/visits/made"))


def test_who_was_not_visited_stands_on_the_list_until_seen(town):
    """Tests coverage by town and officer: the list shrinks by one, and the numbers of the rest are looked at on record."""
    mine = town.firms(2)
    town.give(mine, town.wang)
    desk = browser(town.clerk)
    page = text(desk.get("/desk/visits/"))
    assert "还有2家没有走访" in page and "王联企" in page
    town.do("visits.record", town.wang, enterprise=mine[0].id, words="都好")
    page = text(desk.get("/desk/visits/"))
    assert "还有1家没有走访" in page and mine[1].name in page and mine[0].name not in page
    shown = text(desk.post("/desk/visits/phones", {"id": [str(mine[1].id)]}))
    assert "tel:16430000002" in shown
    with acting(officer("auditor", town.district)):
        assert Entry._base_manager.filter(process="look", actor=town.clerk.id, subject=mine[1].id).count() == 1


def test_a_planned_visit_is_for_whoever_answers_and_is_dropped_with_a_reason(town):
    """Tests that a plan has its clock, that one waits at a time, and that nobody's silence drops it."""
    firm = town.firm()
    town.give([firm], town.wang)
    assert town.do("visits.plan", town.clerk, enterprises=[firm.id], kind="asked") == 1
    assert town.do("visits.plan", town.clerk, enterprises=[firm.id], kind="routine") == 0
    (visit,) = seen(town, Visit)
    assert (visit.officer, visit.due_at) == (str(town.wang.person), december("23", "00:00"))
    assert town.refused("visits.drop", town.wang, visit=visit.id, reason=" ").code == "NoReason"
    town.do("visits.drop", town.wang, visit=visit.id, reason="企业搬走了")
    assert "还有1家没有走访" in text(browser(town.clerk).get("/desk/visits/"))
