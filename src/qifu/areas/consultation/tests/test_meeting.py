"""Tests that a meeting leads from its agenda to tasks that are cases, and to minutes that another person signs."""

from datetime import timedelta

import pytest

from qifu.areas.casework.models import Case
from qifu.areas.casework.tests.factories import Desk
from qifu.areas.casework.tests.factories import desk as people
from qifu.areas.consultation.models import Attendee, Item, Meeting, Task
from qifu.areas.consultation.tests.factories import decided, held, listed, news, ok, planned, solve, task, tasks_of
from qifu.kernel.access import acting
from qifu.kernel.access.tests.factories import at, officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.documents import issuing
from qifu.kernel.ladder.tests.hearing import due, head, heard, sweep_on
from qifu.kernel.notify.models import Outgoing

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def hands():
    with clock.use(clock.Fixed(at("2020-02-17", "09:00"))) as fixed:
        yield fixed


@pytest.fixture
def desk(hands) -> Desk:
    return people()


def case_now(desk: Desk, id) -> Case:
    with acting(desk.bureau):
        return Case.objects.get(pk=id)


def meeting_now(desk: Desk, id) -> Meeting:
    with acting(desk.bureau):
        return Meeting.objects.get(pk=id)


def test_the_whole_way_from_the_agenda_to_the_last_task(desk: Desk, hands):
    """Tests that a case is put on, decided, given to a lead and to others as cases with clocks, minuted by one, signed by
    another under a number, and that the meeting closes when the last task is answered and opens again when one is not solved."""
    case = desk.classified(enterprise=desk.firm().id)
    meeting = planned(desk)
    item = listed(desk, meeting, case)
    ok(run("consultation.call", {"meeting": meeting.id}, actor=desk.bureau))
    hands.set(at("2020-02-17", "15:00"))
    ok(run("consultation.begin", {"meeting": meeting.id}, actor=desk.bureau))
    decided(desk, item, task("区消防救援大队", "核宿舍消防", "17:00"), task("区人社局", "对接职校", "3", lead=True))
    given = tasks_of(desk, item=item.id)
    assert given["区人社局"].case_id == case.id and given["区人社局"].itself and given["区人社局"].lead
    lead = case_now(desk, case.id)
    assert (lead.state, lead.office, lead.resolve_days) == ("assigned", "区人社局", 3)
    assert given["区人社局"].due_at == at("2020-02-21", "00:00")
    other = given["区消防救援大队"]
    assert other.case_id != case.id and not other.itself and other.due_at == at("2020-02-17", "17:00")
    assert (other.case.channel, other.case.office, other.case.origin) == ("meeting", "区消防救援大队", other.id)
    assert other.case.due_at == at("2020-02-17", "17:00") and other.case.party is None

    with acting(desk.bureau):
        asked = list(Attendee.objects.filter(meeting=meeting.id))
    came = {"meeting": meeting.id, "came": [asked[0].id], "names": ["田科员"]}
    ok(run("consultation.came", came, actor=desk.bureau))
    ok(run("consultation.write", {"meeting": meeting.id, "words": "下周一再碰一次。"}, actor=desk.bureau))
    refused = run("consultation.sign", {"meeting": meeting.id}, actor=desk.bureau)
    assert not refused.ok and meeting_now(desk, meeting.id).state == "drafted"
    signed = ok(run("consultation.sign", {"meeting": meeting.id}, actor=desk.leader))
    assert signed.signer_name == "韩区长" and signed.state == "minuted"
    with acting(desk.bureau):
        paper = issuing.of(meeting.id)[0]
    assert paper.number.endswith("会纪〔2020〕1号")
    said = str(paper.data)
    for words in (case.title, "人社牵头", "核宿舍消防", "对接职校", "下周一再碰一次", "田科员", other.case.number):
        assert words in said

    solve(other.case, desk.fire)
    news()
    assert meeting_now(desk, meeting.id).state == "minuted"
    solve(case, desk.labour)
    news()
    assert meeting_now(desk, meeting.id).state == "closed"
    hands.advance(timedelta(minutes=5))
    ok(run("casework.reject", {"case": case.id, "why": "same"}, actor=desk.call_taker))
    news()
    assert meeting_now(desk, meeting.id).state == "minuted"


def test_who_wrote_the_minutes_does_not_sign_them(desk: Desk):
    """Tests that a leader who wrote the minutes is refused, that another signs, and that the database holds it too."""
    meeting, (item,) = held(desk, desk.classified())
    decided(desk, item)
    secretary_and_leader = officer("bureau_clerk", desk.district, name="兼任", department="区经信局")
    ok(run("consultation.write", {"meeting": meeting.id}, actor=secretary_and_leader))
    with acting(desk.bureau):
        assert Meeting.objects.get(pk=meeting.id).writers == [secretary_and_leader.id]
        Meeting.objects.filter(pk=meeting.id).update(writers=[desk.leader.id])
    refused = run("consultation.sign", {"meeting": meeting.id}, actor=desk.leader)
    assert (refused.code, meeting_now(desk, meeting.id).state) == ("WriterDoesNotSign", "drafted")
    with acting(desk.bureau):
        Meeting.objects.filter(pk=meeting.id).update(writer=desk.bureau.id, writers=[desk.leader.id, desk.bureau.id])
    assert run("consultation.sign", {"meeting": meeting.id}, actor=desk.leader).code == "WriterDoesNotSign"
    with acting(desk.bureau):
        assert issuing.of(meeting.id) == []


def test_a_case_that_is_solved_meanwhile_is_not_decided(desk: Desk):
    """Tests that an item whose case was answered before its turn is refused with what to do, and that it can be taken off."""
    case = desk.classified()
    meeting, (item,) = held(desk, case)
    ok(run("casework.classify", {"case": case.id, "kind": "labour", "complexity": "simple"}, actor=desk.bureau))
    ok(run("casework.answer", {"case": case.id, "answer": "已经招到人了。"}, actor=desk.call_taker))
    refused = run("consultation.decide", {"item": item.id, "decision": "人社牵头", "tasks": [task("区人社局")]}, actor=desk.bureau)
    assert refused.code == "CaseIsOver" and "撤下" in refused.fix
    with acting(desk.bureau):
        assert not Task.objects.filter(item=item.id).exists() and Item.objects.get(pk=item.id).state == "listed"
    again = run("consultation.put", {"meeting": meeting.id, "cases": [case.id], "questions": ["再议"]}, actor=desk.bureau)
    assert again.code == "CaseIsOver"
    ok(run("consultation.withdraw", {"item": item.id}, actor=desk.bureau))
    ok(run("consultation.write", {"meeting": meeting.id, "words": "没有别的事。"}, actor=desk.bureau))


def test_what_is_said_about_an_officer_is_on_no_agenda(desk: Desk):
    """Tests that a confidential case is not found by the secretary and refused even to somebody who is cleared for it."""
    case, meeting = desk.reported(), planned(desk)
    given = {"meeting": meeting.id, "cases": [case.id], "questions": ["怎么办"]}
    assert run("consultation.put", given, actor=desk.bureau).code == "NotFound"
    with acting(desk.discipline):
        assert Case.objects.filter(pk=case.id).exists()
    assert run("consultation.put", given, actor=desk.discipline).code in ("NotYours", "NotFound", "NotOnAnAgenda")
    both = desk.bureau.__class__(
        id=desk.bureau.id, name=desk.bureau.name, hats=(*desk.bureau.hats, *desk.discipline.hats), person=desk.bureau.person, strong=True
    )
    assert run("consultation.put", given, actor=both).code == "NotOnAnAgenda"
    paper = {"kind": "dispatch", "case": case.id, "title": "交办单", "body": "请办", "to": "区经信局"}
    assert run("consultation.draft", paper, actor=both).code == "NotOnPaper"
    with acting(both):
        assert not Item.objects.exists()


def test_two_secretaries_at_once_decide_once(desk: Desk):
    """Tests that the second decision on an item says that it was decided, and that an office is not tasked twice."""
    _, (item,) = held(desk, desk.classified())
    decided(desk, item, task("区人社局"))
    again = run("consultation.decide", {"item": item.id, "decision": "改成消防牵头", "tasks": [task("区人社局")]}, actor=desk.colleague)
    assert again.code == "AlreadyGiven"
    with acting(desk.bureau):
        assert Item.objects.get(pk=item.id).decision == "人社牵头，三天内腾出宿舍"
        assert Task.objects.filter(item=item.id).count() == 1


def test_an_item_stands_on_one_agenda_at_a_time(desk: Desk):
    """Tests that a case that waits on one agenda is not put on another."""
    case = desk.classified()
    listed(desk, planned(desk), case)
    other = planned(desk, title="另一次会")
    again = run("consultation.put", {"meeting": other.id, "cases": [case.id], "questions": ["再议"]}, actor=desk.colleague)
    assert not again.ok
    with acting(desk.bureau):
        assert Item.objects.filter(case=case.id).count() == 1


def test_what_is_put_off_goes_to_the_next_meeting_once(desk: Desk):
    """Tests that an item put off is carried to the next meeting, not a second time, and not once its case is solved."""
    case, solved = desk.classified(), desk.classified(text="询问高新奖励怎么报")
    _, items = held(desk, case, solved)
    for item in items:
        ok(run("consultation.put_off", {"item": item.id, "reason": "人没到齐"}, actor=desk.bureau))
    ok(run("casework.classify", {"case": solved.id, "kind": "labour", "complexity": "simple"}, actor=desk.bureau))
    ok(run("casework.answer", {"case": solved.id, "answer": "网上报。"}, actor=desk.call_taker))
    second = planned(desk, title="第二次会", carry=(items[0].id,))
    with acting(desk.bureau):
        carried = Item.objects.get(meeting=second.id)
        assert (carried.case_id, carried.question, carried.carried_from_id) == (case.id, items[0].question, items[0].id)
        count = Meeting.objects.count()
    for id in (items[0].id, items[1].id):
        refused = run("consultation.plan", {"title": "第三次", "starts_at": clock.now() + timedelta(hours=5), "room": "201", "chair": "韩",
                                            "carry": [id]}, actor=desk.bureau)  # fmt: skip
        assert refused.code in ("AgendaIsClosed", "CaseIsOver")
    with acting(desk.bureau):
        assert Meeting.objects.count() == count


def test_minutes_wait_until_each_item_has_an_outcome(desk: Desk):
    """Tests that minutes are refused with an open item, and for a meeting of nothing."""
    meeting, (item,) = held(desk, desk.classified())
    assert run("consultation.write", {"meeting": meeting.id}, actor=desk.bureau).code == "NotDecided"
    ok(run("consultation.put_off", {"item": item.id}, actor=desk.bureau))
    assert run("consultation.write", {"meeting": meeting.id}, actor=desk.bureau).code == "NothingToSay"
    assert meeting_now(desk, meeting.id).state == "held"


def test_offices_are_told_hear_of_changes_and_answer(desk: Desk, hands):
    """Tests that each office's people are told through the outbox, again when time or room change and when it is called off, that
    an office answers for itself only, and that a town reads its own invitation though the meeting is the district's."""
    meeting = planned(desk, offices=("区人社局", f"place:{desk.town}"))
    with acting(desk.bureau):
        assert not Outgoing.objects.filter(kind__startswith="consultation").exists()
    ok(run("consultation.call", {"meeting": meeting.id}, actor=desk.bureau))
    with acting(desk.town_clerk):
        own = Attendee.objects.get(office=f"place:{desk.town}")
        assert not Meeting.objects.filter(pk=meeting.id).exists() and own.title == meeting.title
    refused = run("consultation.reply", {"invitation": own.id, "reply": "coming", "who": "袁"}, actor=desk.labour)
    assert refused.code == "OtherOffice"
    assert run("consultation.reply", {"invitation": own.id, "reply": "coming"}, actor=desk.town_clerk).errors
    ok(run("consultation.reply", {"invitation": own.id, "reply": "coming", "who": "袁经办"}, actor=desk.town_clerk))
    given = {"meeting": meeting.id, "title": "用工会商", "starts_at": at("2020-02-17", "16:00"), "room": "政府301", "chair": "韩区长",
             "offices": ["区人社局", f"place:{desk.town}"]}  # fmt: skip
    ok(run("consultation.change", given, actor=desk.bureau))
    with acting(desk.town_clerk):
        assert Attendee.objects.get(pk=own.id).room == "政府301"
    ok(run("consultation.drop", {"meeting": meeting.id, "reason": "领导有会"}, actor=desk.bureau))
    with acting(desk.bureau):
        told = list(Outgoing.objects.filter(kind__startswith="consultation").order_by("id").values_list("kind", "person"))
    for person in (desk.labour.person, desk.town_clerk.person):
        kinds = [kind for kind, whom in told if whom == person]
        assert kinds == ["consultation.called", "consultation.moved", "consultation.called_off"]
    assert run("consultation.reply", {"invitation": own.id, "reply": "absent"}, actor=desk.town_clerk).code == "AgendaIsClosed"


def test_a_case_in_other_hands_stays_there_and_the_lead_gets_its_own(desk: Desk):
    """Tests that a case that an office handles is not torn away by a decision: the lead gets a case of its own."""
    case = desk.handling()
    _, (item,) = held(desk, case)
    decided(desk, item, task("区消防救援大队", "核宿舍", "2", lead=True), task("区人社局", "接着对接", "3"))
    given = tasks_of(desk, item=item.id)
    assert (case_now(desk, case.id).office, case_now(desk, case.id).state) == ("区人社局", "handling")
    assert given["区消防救援大队"].case_id != case.id and given["区人社局"].case_id != case.id


def test_minutes_that_are_owed_press_the_office_that_called_the_meeting(desk: Desk, hands) -> None:
    """Tests the planner's reminder, the head when they are not written, and again when they lie unsigned; silence once they are signed."""
    head(desk.district, "金主任", office="区经信局")
    meeting, items = held(desk, desk.classified())
    decided(desk, items[0], task("区人社局"))
    late = due(meeting, "write")
    sweep_on(hands, late, hours=-12)
    assert heard(meeting)[-1] == (-2, "黄科长")
    sweep_on(hands, late)
    sweep_on(hands, late, hours=1)
    assert heard(meeting)[-1] == (1, "金主任") and len(heard(meeting)) == 2
    ok(run("consultation.write", {"meeting": meeting.id, "words": "会上议了用工。"}, actor=desk.bureau))
    sweep_on(hands, due(meeting, "sign"))
    assert [one for one in heard(meeting) if one[0] > 0] == [(1, "金主任"), (1, "金主任")]
    ok(run("consultation.sign", {"meeting": meeting.id}, actor=desk.leader))
    told = heard(meeting)
    sweep_on(hands, clock.now(), days=9)
    assert heard(meeting) == told
