"""The pages of consultation: agenda, meeting, big screen, invitation, notes, papers; what is refused stands beside what was typed."""

from datetime import timedelta

import pytest

from qifu.areas.casework.tests.factories import Desk, desk
from qifu.areas.consultation.models import Attendee, Item, Meeting, Note, Paper
from qifu.areas.consultation.tests.factories import decided, given_out, held, listed, ok, planned, received, task
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser, hidden, text
from qifu.kernel.access.tests.factories import at
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock


@pytest.fixture
def people(database):
    with clock.use(clock.Fixed(at("2022-05-09"))):
        yield desk()


def test_a_meeting_is_planned_and_cases_are_ticked_onto_its_agenda(people: Desk) -> None:
    """Tests planning with offices, the bulk act of the worklist, the question of each case, and what may not be listed."""
    client = browser(people.bureau)
    page = client.get("/desk/consult/new")
    given = {
        "key": hidden(page, "key"),
        "title": "用工会商",
        "day": "2022-05-09",
        "hour": "15:00",
        "minutes": "60",
        "room": "201",
        "chair": "韩",
    }
    assert client.post("/desk/consult/new", given | {"hour": "15点"}).status_code == 422
    assert client.post("/desk/consult/new", given | {"day": "2022-05-08"}).status_code == 422
    made = client.post("/desk/consult/new", given | {"offices": ["区人社局"]})
    assert made.status_code == 302
    case, second = people.classified(), people.recorded("变压器停电")
    bar = text(client.post("/desk/cases/bulk/asks", {"row": [str(case.id), str(second.id)]}))
    assert "列入会商2件" in bar
    form = client.post("/desk/consult/put", {"row": [str(case.id), str(second.id)]})
    assert case.title in text(form) and "用工会商" in text(form)
    with acting(people.bureau):
        meeting = Meeting.objects.get()
    sent = {"key": hidden(form, "key"), "confirm": "1", "meeting": str(meeting.id), "row": [str(case.id), str(second.id)]}
    lacking = client.post("/desk/consult/put", sent | {f"question-{case.id}": "宿舍谁来腾"})
    assert lacking.status_code == 422 and "宿舍谁来腾" in text(lacking)
    done = client.post("/desk/consult/put", sent | {f"question-{case.id}": "宿舍谁来腾", f"question-{second.id}": "能不能避开上班"})
    assert done.status_code == 302
    shown = text(client.get(done["Location"]))
    assert "宿舍谁来腾" in shown and "能不能避开上班" in shown and "区人社局" in shown
    assert "宿舍谁来腾" in text(client.get(f"/desk/cases/{case.id}"))


def test_the_big_screen_decides_item_by_item(people: Desk) -> None:
    """Tests the item, its question and case on the screen, more rows for tasks, the decision, and that a stale form is refused whole."""
    case = people.classified("缺普工二十人招不到人")
    meeting, (item,) = held(people, case)
    client = browser(people.bureau)
    room = text(client.get(f"/desk/consult/meetings/{meeting.id}/room"))
    assert case.title in room and item.question in room and "写议定意见、派任务" in room
    form = client.get(f"/desk/consult/items/{item.id}/decide?from=room&n=1")
    sent = {"key": hidden(form, "key"), "seen": hidden(form, "seen"), "from": "room", "n": "1", "decision": "人社牵头，三天内办"}
    rows = {"office": ["区人社局", "区消防救援大队", ""], "what": ["对接职校", "核宿舍", ""], "limit": ["3", "17:00", "3"], "lead": "0"}
    more = client.post(f"/desk/consult/items/{item.id}/decide", sent | rows | {"more": "1"})
    assert text(more).count('name="office"') == 6 and "核宿舍" in text(more)
    bad = client.post(f"/desk/consult/items/{item.id}/decide", sent | rows | {"what": ["对接职校", "", ""]})
    assert bad.status_code == 422 and "field__error" in text(bad) and "对接职校" in text(bad)
    with clock.use(clock.Fixed(at("2022-05-09", "09:05"))):
        done = client.post(f"/desk/consult/items/{item.id}/decide", sent | rows)
        assert (done.status_code, done["Location"]) == (302, f"/desk/consult/meetings/{meeting.id}/room?n=1")
        stale = browser(people.colleague).post(f"/desk/consult/items/{item.id}/decide", sent | {"key": "", "decision": "改成经信牵头"})
        assert stale.status_code == 409 and "改成经信牵头" in text(stale)
    with acting(people.bureau):
        assert Item.objects.get(pk=item.id).decision == "人社牵头，三天内办"
    for path in ("", "/room?n=1", "/write", "/came"):
        assert client.get(f"/desk/consult/meetings/{meeting.id}{path}").status_code == 200


def test_minutes_are_seen_before_they_are_signed(people: Desk) -> None:
    """Tests the way of the minutes by the pages, and that a session without a second factor is sent to prove it."""
    meeting, (item,) = held(people, people.classified())
    decided(people, item, task("区人社局"))
    client = browser(people.bureau)
    form = client.get(f"/desk/consult/meetings/{meeting.id}/write")
    assert item.question in text(form) and "会议议定" in text(form)
    kept = {"key": hidden(form, "key"), "seen": hidden(form, "seen")}
    assert client.post(f"/desk/consult/meetings/{meeting.id}/write", kept | {"words": "下周再碰"}).status_code == 302
    leader = browser(people.leader)
    page = leader.get(f"/desk/consult/meetings/{meeting.id}")
    assert "签发纪要" in text(page) and "下周再碰" in text(page)
    signed = leader.post(f"/desk/consult/meetings/{meeting.id}/sign", {"seen": hidden(page, "seen")})
    assert signed.status_code == 302
    assert "会纪〔2022〕1号" in text(client.get(f"/desk/consult/meetings/{meeting.id}"))


def test_an_office_answers_its_invitation_and_takes_the_time_along(people: Desk) -> None:
    """Tests the invitation of a town that does not reach the district's meeting, its answer, and the calendar file."""
    meeting = planned(people, offices=(f"place:{people.town}",))
    ok(run("consultation.call", {"meeting": meeting.id}, actor=people.bureau))
    town = browser(people.town_clerk)
    assert town.get(f"/desk/consult/meetings/{meeting.id}").status_code == 404
    assert meeting.title in text(town.get("/desk/consult/invited/"))
    with acting(people.town_clerk):
        own = Attendee.objects.get()
    file = town.get(f"/desk/consult/invited/{own.id}/calendar.ics")
    assert file["Content-Type"].startswith("text/calendar")
    start = meeting.starts_at - timedelta(hours=8)
    assert f"DTSTART:{start:%Y%m%dT%H%M%S}Z" in file.content.decode().replace("\r\n ", "")
    assert town.post(f"/desk/consult/invited/{own.id}", {"reply": "coming", "who": ""}).status_code == 422
    assert town.post(f"/desk/consult/invited/{own.id}", {"reply": "coming", "who": "袁经办"}).status_code == 302
    assert "袁经办" in text(browser(people.bureau).get(f"/desk/consult/meetings/{meeting.id}"))


def test_a_note_is_written_down_given_out_and_read(people: Desk) -> None:
    """Tests the pages of a note from the form to the leader's telephone."""
    client = browser(people.bureau)
    form = client.get("/desk/consult/notes/new")
    sent = {
        "key": hidden(form, "key"),
        "leader_id": str(people.leader.person),
        "day": "2022-05-08",
        "hour": "22：10",
        "text": "路口的事今晚办掉。",
    }
    assert client.post("/desk/consult/notes/new", sent | {"hour": "晚上"}).status_code == 422
    kept = client.post("/desk/consult/notes/new", sent)
    assert kept.status_code == 302
    with acting(people.bureau):
        note = Note.objects.get()
    assert (note.written_at, note.leader) == (at("2022-05-08", "22:10"), "韩区长")
    give = client.get(f"/desk/consult/notes/{note.id}/give")
    rows = {"office": ["区人社局", "区消防救援大队"], "what": ["清点", "加灯"], "limit": ["17:00", "2"]}
    given = {"key": hidden(give, "key"), "seen": hidden(give, "seen")}
    assert client.post(f"/desk/consult/notes/{note.id}/give", given | rows | {"limit": ["x", "2"]}).status_code == 422
    done = client.post(f"/desk/consult/notes/{note.id}/give", given | rows)
    assert done.status_code == 302
    leader = browser(people.leader)
    shown = text(leader.get(f"/desk/consult/notes/{note.id}"))
    assert "2个单位，0个反馈了" in shown and "区消防救援大队" in shown
    assert note.title in text(leader.get("/desk/consult/notes/"))
    assert leader.get(f"/desk/consult/notes/{note.id}/give").status_code == 200


def test_a_paper_is_filled_on_the_page_and_signed_by_the_leader(people: Desk) -> None:
    """Tests drafting from a case and a note, what it will look like, and the leader's list of what waits for a signature."""
    case = people.handling(enterprise=people.firm().id)
    note = given_out(people, received(people), task("区人社局", "清点", "17:00"))
    client = browser(people.bureau)
    for kind in ("dispatch", "supervision", "letter", "request", "readback"):
        assert case.title in text(client.get(f"/desk/consult/papers/new?kind={kind}&case={case.id}"))
    assert "清点" in text(client.get(f"/desk/consult/papers/new?kind=dispatch&note={note.id}"))
    form = client.get(f"/desk/consult/papers/new?kind=letter&case={case.id}")
    sent = {
        "key": hidden(form, "key"),
        "kind": "letter",
        "case": str(case.id),
        "title": "关于商请协助的函",
        "to": "苏州市工信局",
        "body": "商请协助。\n盼复。",
    }
    assert client.post("/desk/consult/papers/new", sent | {"body": " "}).status_code == 422
    kept = client.post("/desk/consult/papers/new", sent)
    assert kept.status_code == 302 and "盼复" in text(client.get(kept["Location"]))
    refused = client.post(f"{kept['Location']}/send", {})
    assert refused.status_code == 409 and "要领导签发" in text(refused)
    leader = browser(people.leader)
    assert "关于商请协助的函" in text(leader.get("/desk/consult/papers/"))
    page = leader.get(kept["Location"])
    assert leader.post(f"{kept['Location']}/sign", {"seen": hidden(page, "seen")}).status_code == 302
    with acting(people.bureau):
        paper = Paper.objects.get()
    assert paper.number in text(client.get(f"/desk/cases/{case.id}"))
    assert client.get(f"/papers/{paper.issued}/word").status_code == 200


def test_what_was_put_off_waits_on_the_first_page(people: Desk) -> None:
    """Tests that a put-off item is shown until a meeting takes it along, ticked in the form."""
    case = people.classified()
    meeting = planned(people)
    item = listed(people, meeting, case)
    client = browser(people.bureau)
    assert client.post(f"/desk/consult/items/{item.id}/put_off", {"reason": "人没到齐"}).status_code == 302
    assert "下次再议的1件" in text(client.get("/desk/consult/"))
    assert f'value="{item.id}" checked' in text(client.get("/desk/consult/new"))
    planned(people, title="第二次", carry=(item.id,))
    assert "下次再议的1件" not in text(client.get("/desk/consult/"))
