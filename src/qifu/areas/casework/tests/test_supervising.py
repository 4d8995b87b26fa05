"""Supervision (督办): a number, an answer owed by a date, the supervisor's word on it, and how silence is counted."""

from dataclasses import replace
from uuid import UUID

import pytest

from qifu.areas.casework import supervision
from qifu.areas.casework.models import Supervision
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser, hidden, text
from qifu.kernel.access.tests.factories import at, officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.events import deliver
from qifu.kernel.journal import reading
from qifu.kernel.ladder.models import Told
from qifu.kernel.ladder.sweep import sweep
from qifu.kernel.notify.models import Outgoing
from qifu.kernel.workflow.models import ClockRun
from qifu.kernel.workflow.timer import timer

from .factories import Desk


def supervised(people: Desk, case=None, **more) -> Supervision:
    given = {"case": (case or people.handling()).id, "text": "本周内办结", **more}
    return people.ok(run("casework.supervise", given, actor=people.supervisor))


def reply(people: Desk, one: Supervision, words: str = "已送来8人", *, actor=None):
    return run("casework.reply_supervision", {"supervision": one.id, "reply": words}, actor=actor or people.labour)


def now(one: Supervision) -> Supervision:
    with acting(timer()):
        return Supervision._base_manager.get(pk=one.id)


def messages(kind: str) -> list[UUID]:
    """Give who was told, in order."""
    deliver(actor=timer())
    with acting(timer()):
        return list(Outgoing._base_manager.filter(kind=kind).order_by("made_at").values_list("person", flat=True))


def test_an_answer_is_owed_by_a_working_day_and_goes_back_until_it_will_do(people: Desk) -> None:
    """Tests number, days, clock, answer, sending back with a clock anew, confirming, and what the record says of it."""
    people.hands.set(at("2022-05-13"))  # a Friday
    one = supervised(people)
    other = supervised(people, days=3)
    assert [one.number, other.number] == ["奉督办〔2022〕1号", "奉督办〔2022〕2号"]
    assert (one.state, one.due_at) == ("asked", at("2022-05-17", "00:00")), "one working day by the handbook, after the weekend"
    assert other.due_at == at("2022-05-19", "00:00")
    people.hands.set(at("2022-05-16", "15:00"))
    people.ok(reply(people, one))
    assert (now(one).state, now(one).due_at, now(one).replied_at) == ("replied", None, at("2022-05-16", "15:00"))
    people.hands.set(at("2022-05-16", "16:00"))
    back = {"supervision": one.id, "why": "写清几号办结"}
    assert people.ok(run("casework.return_supervision", back, actor=people.leader)).due_at == at("2022-05-18", "00:00")
    people.hands.set(at("2022-05-17"))
    people.ok(reply(people, one, "20日办结"))
    done = people.ok(run("casework.confirm_supervision", {"supervision": one.id}, actor=people.supervisor))
    assert (done.state, done.reply, done.returns, done.why) == ("confirmed", "20日办结", 1, "")
    assert now(one).replied_at == at("2022-05-16", "15:00"), "the first answer's hour stays"
    with acting(people.supervisor):
        entries = [entry for entry in reading.timeline(one.case) if entry.process == "casework.supervision"]
        verbs = [entry.verb for entry in entries if entry.subject == one.id]
        runs = ClockRun.objects.filter(subject=one.id).order_by("started_at").values_list("owner", "stopped_at")
        assert verbs == ["supervise", "reply", "send_back", "reply", "confirm"]
        assert list(runs) == [("区人社局", at("2022-05-16", "15:00")), ("区人社局", at("2022-05-17"))]
        first = next(entry for entry in entries if entry.subject == one.id)
        assert first.data == {"office": "区人社局", "number": "奉督办〔2022〕1号"}, "no word of the case stands on the record"


def test_only_the_office_answers_and_only_another_confirms(people: Desk) -> None:
    """Tests another office, the supervisor in the office's place, who answered, the wrong step, and that nothing changed."""
    one = supervised(people)
    assert reply(people, one, actor=people.fire).code == "OtherOffice"
    assert reply(people, one, actor=people.supervisor).code == "NotYours"
    assert run("casework.confirm_supervision", {"supervision": one.id}, actor=people.supervisor).code == "WrongState"
    both = officer("supervisor", people.district, name="两顶帽子", department="区人社局")
    both = replace(both, hats=(*both.hats, *people.labour.hats))
    people.ok(reply(people, one, actor=both))
    assert run("casework.confirm_supervision", {"supervision": one.id}, actor=both).code == "AnotherJudges"
    assert run("casework.return_supervision", {"supervision": one.id, "why": "再写"}, actor=both).code == "AnotherJudges"
    assert run("casework.confirm_supervision", {"supervision": one.id}, actor=people.labour).code == "NotYours"
    assert (now(one).state, now(one).judge) == ("replied", "")


@pytest.mark.parametrize("more", [{"text": "  "}, {"text": "办" * 1001}, {"days": 0}, {"days": 21}])
def test_what_does_not_fit_takes_no_number(people: Desk, more: dict) -> None:
    """Tests empty and endless words, no days and too many; the next number is still the first."""
    case = people.handling()
    answer = run("casework.supervise", {"case": case.id, "text": "快办", **more}, actor=people.supervisor)
    assert answer.errors, answer
    assert supervised(people, case).number == "奉督办〔2022〕1号"
    one = supervised(people, case)
    for action, name in (("reply", people.labour), ("return", people.supervisor)):
        given = {"supervision": one.id, "reply" if action == "reply" else "why": " "}
        assert run(f"casework.{action}_supervision", given, actor=name).errors
    assert now(one).state == "asked"


def test_nobody_supervises_what_is_in_nobodys_hands(people: Desk) -> None:
    """Tests a case that was not given out yet and one that is solved; and who has no right to."""
    for case in (people.classified(), people.resolved()):
        assert run("casework.supervise", {"case": case.id, "text": "快办"}, actor=people.supervisor).code == "OtherOffice"
    assert run("casework.supervise", {"case": people.handling().id, "text": "快办"}, actor=people.bureau).code == "NotYours"
    with acting(timer()):
        assert not Supervision._base_manager.exists()


def test_it_stays_with_the_office_that_was_asked(people: Desk) -> None:
    """Tests that a case given to another office, or solved, leaves the answer owed by who was asked; withdrawn, nobody owes it."""
    case = people.assigned()
    one = supervised(people, case)
    people.ok(run("casework.assign", {"case": case.id, "office": "区消防救援大队"}, actor=people.bureau))
    assert reply(people, one, actor=people.fire).code == "OtherOffice"
    people.ok(reply(people, one, "已改派消防"))
    solved = people.handling()
    two = supervised(people, solved)
    people.ok(run("casework.resolve", {"case": solved.id, "ended": "solved", "answer": "送来22人。"}, actor=people.labour))
    people.ok(reply(people, two, "已办结"))
    three = supervised(people)
    people.ok(run("casework.withdraw_supervision", {"supervision": three.id}, actor=people.leader))
    assert reply(people, three).code == "WrongState"
    with acting(timer()):
        assert not ClockRun._base_manager.filter(subject=three.id, stopped_at=None).exists()


def test_silence_goes_up_the_ladder_and_is_counted_by_office(people: Desk) -> None:
    """Tests that a day without an answer presses the office's head, and that count and list say the same."""
    head = officer("labour_clerk", people.district, name="方局长", department="区人社局")
    named = {"place": people.district, "office": "区人社局", "rung": 1, "person": head.id}
    people.ok(run("ladder.name", named, actor=people.supervisor))
    one, two, three = (supervised(people, days=days) for days in (1, 3, 1))
    people.ok(reply(people, three))
    people.hands.set(at("2022-05-11", "09:00"))
    sweep(clock.now())
    with acting(timer()):
        told = set(Told._base_manager.filter(stage=1).values_list("subject", "person_name"))
    assert told == {(one.id, "方局长")}
    with acting(people.supervisor):
        (stands,) = (found for found in supervision.by_office(people.supervisor, at=clock.now()) if found.code == "区人社局")
    assert (stands.pressed, stands.silent) == (3, 1)
    page = browser(people.bureau)
    assert "3，1张过期没回" in text(browser(people.supervisor).get("/desk/cases/offices"))
    listed = text(page.get("/desk/cases/supervisions?office=区人社局"))
    assert all(found.number in listed for found in (one, two, three))
    people.ok(run("casework.confirm_supervision", {"supervision": three.id}, actor=people.supervisor))
    assert three.number not in text(page.get("/desk/cases/supervisions?office=区人社局"))


def test_an_office_whose_cases_went_elsewhere_is_still_counted(people: Desk) -> None:
    """Tests that an office with a supervision and no case any more has its line."""
    case = people.assigned()
    supervised(people, case)
    people.ok(run("casework.assign", {"case": case.id, "office": "区消防救援大队"}, actor=people.bureau))
    with acting(people.supervisor):
        found = {one.code: (one.open, one.pressed) for one in supervision.by_office(people.supervisor, at=clock.now())}
    assert found == {"区人社局": (0, 1), "区消防救援大队": (1, 0)}


def test_each_side_is_told_and_finds_its_own_part(people: Desk) -> None:
    """Tests the way through the pages: button, the handler's answer, the supervisor's word; and the messages of each step."""
    case = people.handling()
    here = f"/desk/cases/{case.id}"
    boss, clerk, other = browser(people.supervisor), browser(people.labour), browser(people.fire)
    assert "督办什么" in text(boss.get(f"{here}/supervise"))
    assert boss.post(f"{here}/supervise", {"text": "本周内办结", "days": "2"}).status_code == 302
    with acting(people.supervisor):
        one = Supervision.objects.get()
    assert one.days == 2
    page = f"/desk/cases/supervisions/{one.id}"
    assert [str(who) for who in messages("casework.supervised")] == [people.labour.id]
    assert "等我们回复" in text(clerk.get("/desk/cases/supervisions")) and "等我们回复" not in text(boss.get("/desk/cases/supervisions"))
    assert "没有督办" in text(other.get("/desk/cases/supervisions"))
    assert "等您单位回复的督办" in text(clerk.get("/todo")) and "等您单位回复的督办" not in text(other.get("/todo"))
    assert "回复督办" in text(clerk.get(here)) and "回复督办" not in text(other.get(here))
    form = clerk.get(page)
    sent = {"do": "reply", "key": hidden(form, "key"), "seen": hidden(form, "seen")}
    assert clerk.post(page, sent | {"reply": ""}).status_code == 422
    assert other.post(page, {"do": "reply", "reply": "替他回"}).status_code == 409
    for _ in range(2):
        assert clerk.post(page, sent | {"reply": "明天送人"}).status_code == 302
    assert [str(who) for who in messages("casework.replied")] == [people.supervisor.id]
    assert "等您确认" in text(boss.get("/desk/cases/supervisions")) and "等您确认的督办" in text(boss.get("/todo"))
    assert boss.post(page, {"do": "send_back", "why": "写清几人"}).status_code == 302
    assert [str(who) for who in messages("casework.sent_back")] == [people.labour.id]
    assert "写清几人" in text(clerk.get(page))
    assert clerk.post(page, {"do": "reply", "reply": "送8人"}).status_code == 302
    assert clerk.post(page, {"do": "confirm"}).status_code == 403
    assert clerk.post(page, {"do": "nonsense"}).status_code == 404
    assert boss.post(page, {"do": "confirm"}).status_code == 302
    shown = text(boss.get(here))
    assert all(words in shown for words in (one.number, "本周内办结", "送8人", "已确认"))
    assert "办结的" in text(clerk.get("/desk/cases/supervisions"))


def test_the_enterprise_reads_nothing_of_it(people: Desk) -> None:
    """Tests that a firm's contact sees its case and not that its office was pressed."""
    firm = people.firm()
    one = supervised(people, people.handling(enterprise=firm.id))
    contact = browser(people.contacts[firm.id])
    page = contact.get(f"/home/cases/{one.case_id}/")
    assert page.status_code == 200 and "督办" not in text(page) and "本周内办结" not in text(page)
    with acting(people.contacts[firm.id]):
        assert not Supervision.objects.exists()


def test_a_confidential_case_leaves_no_gap_and_tells_nobody(people: Desk) -> None:
    """Tests that a supervision in a compartment has a number drawn by lot, no message, and stands before none but the cleared."""
    case = people.reported()
    people.ok(run("casework.assign", {"case": case.id, "office": "区纪委"}, actor=people.discipline))
    cleared = officer("discipline", people.district, name="书记", department="区纪委")
    above = [replace(hat, scope=cleared.hats[0].scope) for hat in people.supervisor.hats]
    secret = people.ok(run("casework.supervise", {"case": case.id, "text": "查清"}, actor=replace(cleared, hats=(*cleared.hats, *above))))
    assert secret.number.startswith("M-") and secret.compartment == case.compartment
    assert supervised(people).number == "奉督办〔2022〕1号"
    assert len(messages("casework.supervised")) == 1
    with acting(people.supervisor):
        assert not Supervision.objects.filter(pk=secret.id).exists()
    assert "区纪委" not in text(browser(people.supervisor).get("/desk/cases/offices"))
