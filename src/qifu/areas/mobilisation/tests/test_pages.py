"""The pages of notices and duties, as their people open and post them."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from qifu.areas.mobilisation import queries
from qifu.areas.mobilisation.models import Notice, Roster, Turn
from qifu.kernel.access import Actor, acting
from qifu.kernel.access.tests.browsing import session_of
from qifu.kernel.access.tests.factories import at, officer
from qifu.kernel.calendar import clock
from qifu.kernel.web import COOKIE

from .factories import do, home, ringing, staff, town

NOW = at("2020-02-11", "09:00")


@pytest.fixture
def hands(database: Any) -> Iterator[clock.Fixed]:
    with clock.use(clock.Fixed(NOW)) as fixed:
        yield fixed


def browser(actor: Actor) -> Client:
    client = Client()
    client.cookies[COOKIE] = session_of(actor, strong=True)
    return client


def test_a_notice_is_written_published_confirmed_and_chased_in_the_browser(hands: clock.Fixed) -> None:
    """Tests the way of a notice by its pages: form, count, second person, inbox, confirm, list of who has not, their numbers."""
    author = officer("control_office", home(), name="信息员", department="防控办")
    publisher = officer("approver", home(), name="主任", department="防控办")
    clerk = ringing(officer("town_clerk", town(), name="镇街甲"), "13800000001")
    other = ringing(officer("town_clerk", town("裘村镇"), name="镇街乙"), "13800000002")
    desk, boss, reader = browser(author), browser(publisher), browser(clerk)
    form = {
        "title": "复工后消防要点",
        "text": "每天查两次。",
        "places": [str(home())],
        "roles": ["town_clerk"],
        "confirm_by": "2020-02-12T18:00",
    }
    missing = desk.post(reverse("mobilisation:new_notice"), {**form, "title": "", "roles": []})
    assert missing.status_code == 422 and "每天查两次。" in missing.content.decode()
    made = desk.post(reverse("mobilisation:new_notice"), form)
    assert made.status_code == 302
    page = desk.get(made["Location"]).content.decode()
    assert "现在算来发给 2 人" in page
    with acting(author):
        notice = Notice.objects.get()
    act = lambda verb: reverse("mobilisation:act_on_notice", args=[notice.id, verb])  # noqa: E731
    assert desk.post(act("hand_in")).status_code == 302
    refused = desk.post(act("publish"))
    assert refused.status_code == 403
    assert boss.post(act("publish")).status_code == 302
    assert "复工后消防要点" in reader.get(reverse("mobilisation:inbox")).content.decode()
    read = reverse("mobilisation:read", args=[notice.id])
    assert "看过了，确认" in reader.get(read).content.decode()
    assert reader.post(reverse("mobilisation:confirm", args=[notice.id])).status_code == 302
    assert "您已确认" in reader.get(read).content.decode()
    assert desk.get(read).status_code == 404
    page = desk.get(reverse("mobilisation:desk_notice", args=[notice.id])).content.decode()
    assert "50.0" in page and "还没确认的 1 人" in page and "13800000002" not in page
    called = desk.post(act("call")).content.decode()
    assert 'href="tel:13800000002"' in called and "13800000001" not in called
    assert browser(other).get(reverse("mobilisation:desk_notice", args=[notice.id])).status_code == 404
    edited = desk.post(reverse("mobilisation:edit_notice", args=[notice.id]), form)
    assert edited.status_code == 409


def test_a_rota_is_planned_filled_published_and_printed_in_the_browser(hands: clock.Fixed) -> None:
    """Tests the way of a rota by its pages, Excel and PDF, and that a plain duty officer may not plan."""
    planner = officer("control_office", home(), name="排班人", department="防控办")
    people = staff(9)
    desk, mate = browser(planner), browser(people[0])
    form = {
        "title": "二月值班", "first_day": "2020-02-13", "last_day": "2020-02-16", "posts": "值班员\n", "rest_hours": "16",
        "most_in_week": "3", "shift": ["白班", "夜班"], "from": ["08:30", "17:30"], "to": ["17:30", "08:30"], "phone": "0574-88590000",
    }  # fmt: skip
    assert mate.post(reverse("mobilisation:rosters"), form).status_code == 403
    wrong = desk.post(reverse("mobilisation:rosters"), {**form, "last_day": "2020-02-01"})
    assert wrong.status_code == 409 and "二月值班" in wrong.content.decode()
    made = desk.post(reverse("mobilisation:rosters"), form)
    assert made.status_code == 302
    given: dict[str, Any] = {"person": [str(one.person) for one in people], "fill": "1", f"off-{people[0].person}": "2-13，2-14"}
    odd = desk.post(made["Location"], {**given, f"off-{people[1].person}": "下周三"})
    assert odd.status_code == 422 and "下周三" in odd.content.decode()
    filled = desk.post(made["Location"], given)
    assert filled.status_code == 302
    page = desk.get(filled["Location"]).content.decode()
    assert page.count("没有人") == 0 and "请假2天" in page
    with acting(planner):
        roster = Roster.objects.get()
        turns = list(queries.turns(roster))
    assert people[0].person not in {one.person for one in turns if one.day.day in (13, 14)}
    assert mate.get(filled["Location"]).status_code == 404
    assert desk.post(reverse("mobilisation:act_on_roster", args=[roster.id, "publish"])).status_code == 302
    assert mate.get(filled["Location"]).status_code == 200
    excel, pdf = (desk.get(filled["Location"], {"as": kind}) for kind in ("excel", "pdf"))
    assert excel.content[:2] == b"PK" and pdf.content[:5] == b"%PDF-"
    assert desk.get(filled["Location"], {"as": "nonsense"}).status_code == 404


def test_a_duty_is_swapped_taken_and_handed_over_in_the_browser(hands: clock.Fixed) -> None:
    """Tests asking, agreeing, taking on and handing over by the pages, and the telephone of who is on duty."""
    planner = officer("control_office", home(), name="排班人", department="防控办")
    people = [ringing(one, f"1380000010{number}") for number, one in enumerate(staff(8))]
    roster = do("plan_rota", planner, place=home(), title="值班", first_day="2020-02-12", last_day="2020-02-14", posts=["值班员"])
    do("choose_people", planner, roster=roster.id, people=[{"person": one.person} for one in people])
    do("fill_rota", planner, roster=roster.id)
    do("publish_rota", planner, roster=roster.id)
    with acting(planner):
        turns = list(queries.turns(roster))
    first = turns[0]
    mine = next(one for one in people if one.person == first.person)
    free = next(one for one in people if one.person not in {one.person for one in turns[:4]})
    act = lambda verb: reverse("mobilisation:act_on_turn", args=[first.id, verb])  # noqa: E731
    asker, asked = browser(mine), browser(free)
    assert asker.post(act("ask"), {"person": str(free.person), "why": "开会"}).status_code == 302
    assert "开会" in asked.get(reverse("mobilisation:duty")).content.decode()
    assert asked.post(act("agree")).status_code == 302
    hands.set(first.starts_at + timedelta(minutes=5))
    asked, desk = browser(free), browser(planner)
    assert asked.post(act("take")).status_code == 302
    page = desk.get(reverse("mobilisation:duty")).content.decode()
    assert free.name in page and "1380000010" not in page
    number = re.search(r'href="tel:(\d+)"', desk.post(act("call")).content.decode())
    assert number is not None and number[1].startswith("1380000010")
    hands.set(first.ends_at - timedelta(minutes=5))
    asked = browser(free)
    empty = asked.post(act("hand_over"), {"note": ""})
    assert empty.status_code == 409 and "没有交班" in empty.content.decode()
    assert asked.post(act("hand_over"), {"note": "无事"}).status_code == 302
    with acting(planner):
        assert Turn._base_manager.get(pk=first.id).note == "无事"


def test_a_calendar_reads_ones_duties_by_a_secret_link_that_can_be_renewed(hands: clock.Fixed) -> None:
    """Tests that the link needs no login, shows its owner's duties and no other's, and dies when renewed."""
    planner = officer("control_office", home(), name="排班人", department="防控办")
    people = staff(8)
    roster = do("plan_rota", planner, place=home(), title="值班，含周末", first_day="2020-02-12", last_day="2020-02-14", posts=["值班员"])
    do("choose_people", planner, roster=roster.id, people=[{"person": one.person} for one in people])
    do("fill_rota", planner, roster=roster.id)
    do("publish_rota", planner, roster=roster.id)
    with acting(planner):
        first = queries.turns(roster)[0]
        mine = [one for one in queries.turns(roster) if one.person == first.person]
    owner = next(one for one in people if one.person == first.person)
    page = browser(owner).post(reverse("mobilisation:renew_feed")).content.decode()
    link = re.search(r"(/duty/feed/[\w-]+\.ics)", page)
    assert link is not None
    answer = Client().get(link[1])
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/calendar")
    assert text.count("BEGIN:VEVENT") == len(mine) and f"UID:{first.id}@qifu" in text and "值班\\，" not in text
    assert "DTSTART:20200212T003000Z" in text and all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    again = browser(owner).post(reverse("mobilisation:renew_feed")).content.decode()
    assert link[1] not in again
    gone = Client().get(link[1])
    assert gone.status_code == 409 and "换了或停了" in gone.content.decode()
    assert Client().get("/duty/feed/nonsense.ics").status_code == 409
