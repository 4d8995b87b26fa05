"""Tests that one note of a leader gives several offices each a task with its own time, and closes when all have answered."""

from datetime import timedelta

import pytest

from qifu.areas.casework.models import Case
from qifu.areas.casework.tests.factories import Desk
from qifu.areas.casework.tests.factories import desk as people
from qifu.areas.consultation.models import Note, Task
from qifu.areas.consultation.tests.factories import given_out, news, ok, received, solve, task, tasks_of
from qifu.kernel.access import acting
from qifu.kernel.access.tests.factories import at, officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.ladder.models import Told
from qifu.kernel.ladder.sweep import sweep
from qifu.kernel.notify.models import Outgoing
from qifu.kernel.workflow.timer import timer

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def hands():
    with clock.use(clock.Fixed(at("2020-02-17", "22:10"))) as fixed:
        yield fixed


@pytest.fixture
def desk(hands) -> Desk:
    return people()


def told(subject) -> list[tuple[int, str]]:
    with acting(timer()):
        return list(Told._base_manager.filter(subject=subject.id).order_by("stage").values_list("stage", "person_name"))


def note_now(desk: Desk, id) -> Note:
    with acting(desk.bureau):
        return Note.objects.get(pk=id)


def test_a_note_of_the_night_is_answered_by_three_offices_the_next_day(desk: Desk, hands):
    """Tests 22:10 to 17:00: three offices, a town among them, each with a case due at its own hour; each is told at night; the note
    closes with the third and the leader hears and reads it."""
    note = received(desk)
    hands.advance(timedelta(minutes=5))
    town = f"place:{desk.town}"
    given_out(
        desk,
        note,
        task("区人社局", "清点卡在路口的人", "12:00"),
        task("区消防救援大队", "路口加一盏灯", "17:00"),
        task(town, "挨家打电话", "17:00"),
    )
    given = tasks_of(desk, note=note.id)
    assert {office: one.due_at for office, one in given.items()} == {
        "区人社局": at("2020-02-18", "12:00"), "区消防救援大队": at("2020-02-18", "17:00"), town: at("2020-02-18", "17:00"),
    }  # fmt: skip
    assert {(one.case.channel, one.case.state) for one in given.values()} == {("instruction", "assigned")}
    assert [one.case.due_at for one in given.values()] == [one.due_at for one in given.values()]
    assert given[town].case.region == desk.town
    assert note_now(desk, note.id).due_at == at("2020-02-18", "17:15")
    with acting(desk.bureau):
        told = dict(Outgoing.objects.filter(kind="consultation.instructed").values_list("person", "urgent"))
    assert {desk.labour.person, desk.fire.person, desk.town_clerk.person} <= told.keys()

    hands.set(at("2020-02-18", "08:30"))
    solve(given["区人社局"].case, desk.labour, "共31人，都已安置。")
    solve(given[town].case, desk.town_clerk, "沿线17家都打了，还有4辆车。")
    news()
    assert note_now(desk, note.id).state == "given"
    hands.set(at("2020-02-18", "16:40"))
    solve(given["区消防救援大队"].case, desk.fire)
    news()
    closed = note_now(desk, note.id)
    assert (closed.state, closed.closed_at) == ("closed", at("2020-02-18", "16:40"))
    with acting(desk.bureau):
        assert Outgoing.objects.filter(kind="consultation.answered", person=desk.leader.person).count() == 1
    ok(run("consultation.read", {"note": note.id}, actor=desk.leader))
    assert note_now(desk, note.id).read_at == at("2020-02-18", "16:40")


def test_a_note_that_lies_or_is_not_answered_presses_the_office_that_took_it_on(desk: Desk, hands):
    """Tests two hours without giving it out, the morning of the last day, a quarter past five; its task presses its own office."""
    own = officer("leader", desk.district, name="金主任", department="区经信局")
    theirs = officer("leader", desk.district, name="方局长", department="区人社局")
    for head, office in ((own, "区经信局"), (theirs, "区人社局")):
        ok(run("ladder.name", {"place": desk.district, "office": office, "rung": 1, "person": head.id}, actor=desk.supervisor))
    lies, late = received(desk), received(desk)
    hands.advance(timedelta(minutes=5))
    given_out(desk, late, task("区人社局", "清点", "17:00"))
    case = tasks_of(desk, note=late.id)["区人社局"].case
    sweep(hands.set(at("2020-02-18", "00:10")))
    assert told(lies) == [(1, "金主任")]
    sweep(hands.set(at("2020-02-18", "07:30")))
    assert told(late) == [(-2, "黄科长")] and told(case) == [(-2, "方局长")]
    sweep(hands.set(at("2020-02-18", "17:00")))
    assert told(case) == [(-2, "方局长"), (1, "方局长")] and told(late) == [(-2, "黄科长")]
    sweep(hands.set(at("2020-02-18", "17:15")))
    assert told(late) == [(-2, "黄科长"), (1, "金主任")]


def test_a_note_closes_when_the_last_office_has_answered_and_opens_again(desk: Desk, hands):
    """Tests that a task that is not solved after all opens the note again, and its new answer closes it again; the first news comes
    three hours late, because the worker stood still."""
    note = given_out(desk, received(desk), task("区人社局", "清点", "3"))
    case = tasks_of(desk, note=note.id)["区人社局"].case
    solve(case, desk.labour)
    hands.advance(timedelta(hours=3))
    news()
    assert note_now(desk, note.id).state == "closed"
    hands.advance(timedelta(hours=1))
    ok(run("casework.reject", {"case": case.id, "why": "part"}, actor=desk.call_taker))
    news()
    assert note_now(desk, note.id).state == "given"
    solve(case, desk.labour)
    news()
    news()
    assert note_now(desk, note.id).state == "closed"


def test_the_leader_presses_again_and_more_is_given(desk: Desk, hands):
    """Tests that what is not enough goes back with the leader's words to who wrote the note down, who gives more."""
    note = given_out(desk, received(desk), task("区人社局", "清点", "3"))
    solve(tasks_of(desk, note=note.id)["区人社局"].case, desk.labour)
    news()
    refused = run("consultation.press", {"note": note.id, "words": "还要查"}, actor=desk.bureau)
    assert refused.code == "NotYours" and note_now(desk, note.id).state == "closed"
    ok(run("consultation.press", {"note": note.id, "words": "司机的吃住谁管，写清楚"}, actor=desk.leader))
    with acting(desk.bureau):
        assert Outgoing.objects.filter(kind="consultation.pressed", person=desk.bureau.person).exists()
    given_out(desk, note, task("区消防救援大队", "管好司机吃住", "1"))
    assert len(tasks_of(desk, note=note.id)) == 2 and note_now(desk, note.id).state == "given"


def test_what_is_no_note_or_no_task_is_refused_and_nothing_is_given(desk: Desk):
    """Tests empty words, a time ahead, an unknown leader; an unknown office, no words, a wrong limit: all or nothing."""
    for name, value in (("text", " "), ("leader", " "), ("written_at", at("2020-02-19"))):
        given = {"text": "办", "leader": "韩区长", "written_at": clock.now(), name: value}
        assert set(run("consultation.receive", given, actor=desk.bureau).errors) == {name}
    stranger = {"text": "办", "leader_id": desk.labour.person, "written_at": clock.now()}
    assert run("consultation.receive", {"leader": "", **stranger}, actor=desk.bureau).errors
    note = received(desk)
    good = task("区人社局", "清点", "3")
    for bad in (task("不存在的局", "办", "3"), task("区消防救援大队", " ", "3"), task("区消防救援大队", "办", "明天")):
        assert not run("consultation.give", {"note": note.id, "tasks": [good, bad]}, actor=desk.bureau).ok
    assert run("consultation.give", {"note": note.id, "tasks": []}, actor=desk.bureau).errors
    with acting(desk.bureau):
        assert not Task.objects.exists() and not Case.objects.exists()
    assert note_now(desk, note.id).state == "received"
