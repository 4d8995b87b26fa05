"""Nothing overdue is silent: who is reminded, who is pressed rung by rung, and what stands on the list of nobody."""

import random
from datetime import timedelta

import pytest

from qifu.areas.casework import evaluation
from qifu.areas.casework.handbook import handbook
from qifu.areas.casework.models import Case
from qifu.kernel import jurisdiction
from qifu.kernel.access import DOOR, Actor, acting
from qifu.kernel.access.hats import worn_by
from qifu.kernel.access.models import Person
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.access.tests.factories import at, officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.events import deliver
from qifu.kernel.ladder.models import Named, Told
from qifu.kernel.ladder.sweep import silent, sweep
from qifu.kernel.notify.models import Outgoing
from qifu.kernel.workflow.models import ClockRun
from qifu.kernel.workflow.timer import timer

from .factories import Desk, desk


@pytest.fixture
def people(database):
    with clock.use(clock.Fixed(at("2022-05-09"))) as hands:
        found = desk()
        found.hands = hands
        found.head = officer("labour_clerk", found.district, name="方局长", department="区人社局")
        found.deputy = officer("labour_clerk", found.district, name="葛副局长", department="区人社局")
        yield found


def named(people: Desk, who, *, rung: int = 1, office: str = "区人社局", place: int = 0) -> Named:
    given = {"place": place or people.district, "office": office, "rung": rung, "person": who.id}
    return people.ok(run("ladder.name", given, actor=people.supervisor))


def told(subject) -> list[tuple[int, str, str]]:
    with acting(timer()):
        found = Told._base_manager.filter(subject=subject.id).order_by("stage")
        return [(one.stage, one.person_name, one.covers) for one in found]


def messages(kind: str) -> list[Outgoing]:
    with acting(timer()):
        return list(Outgoing._base_manager.filter(kind=kind).order_by("made_at"))


def wearing(actor: Actor) -> Actor:
    """Give somebody with all hats of this hour."""
    with acting(DOOR):
        return worn_by(actor.person, at=clock.now(), strong=True)


def sweep_at(people: Desk, day: str, time: str = "09:00") -> int:
    return sweep(people.hands.set(at(day, time)))


def test_who_handles_is_reminded_at_half_and_on_the_last_day_once_each(people: Desk) -> None:
    """Tests both reminders, that none is sent twice, and that at night nobody's telephone rings."""
    case = people.handling()  # Monday; due the 17th at 00:00
    assert sweep_at(people, "2022-05-11") == 0
    assert sweep_at(people, "2022-05-13") == 1 and sweep_at(people, "2022-05-13", "10:00") == 0
    assert sweep_at(people, "2022-05-16", "00:05") == 1
    assert [one[:2] for one in told(case)] == [(-2, "田科员"), (-1, "田科员")]
    half, last = messages("ladder.remind")
    assert str(half.person) == people.labour.id and half.not_before == half.made_at
    assert (last.made_at, last.not_before) == (at("2022-05-16", "00:05"), at("2022-05-16", "07:00"))
    people.ok(run("casework.resolve", {"case": case.id, "ended": "solved", "answer": "送来22人。"}, actor=people.labour))
    assert sweep_at(people, "2022-05-17") == 0


def test_what_is_late_goes_up_rung_by_rung_to_people_with_a_name(people: Desk) -> None:
    """Tests head at once, the leader in charge after a working day, the first leader after three; fifty late cases ring once."""
    named(people, people.head)
    named(people, people.leader, rung=2, office="")
    first = officer("leader", people.district, name="许书记", department="区委区政府")
    named(people, first, rung=3, office="")
    case, other = people.handling(), people.handling()
    sweep_at(people, "2022-05-16")
    assert sweep_at(people, "2022-05-17", "08:00") == 2
    (late,) = messages("ladder.late")
    assert str(late.person) == people.head.id
    assert sweep_at(people, "2022-05-17", "20:00") == 0
    assert sweep_at(people, "2022-05-18") == 2
    assert sweep_at(people, "2022-05-19") == 0
    assert sweep_at(people, "2022-05-20") == 2
    assert [name for stage, name, _ in told(case) if stage > 0] == ["方局长", "韩区长", "许书记"] == [n for s, n, _ in told(other) if s > 0]
    with acting(people.supervisor):
        assert silent(people.supervisor, at=at("2022-05-20")) == []


def test_who_is_away_is_covered_and_who_has_left_is_nobody(people: Desk) -> None:
    """Tests cover for its days alone, and that the name of somebody without office is no name: it stands on the list."""
    row = named(people, people.head)
    given = {"named": row.id, "cover": people.deputy.id, "away_from": "2022-05-16", "away_until": "2022-05-17"}
    assert run("ladder.away", {**given, "cover": people.head.id}, actor=people.supervisor).code == "BadInput"
    assert run("ladder.away", given, actor=people.labour).code == "NotYours"
    people.ok(run("ladder.away", given, actor=people.supervisor))
    case = people.handling()
    sweep_at(people, "2022-05-17")
    assert (1, "葛副局长", "方局长") in told(case)
    people.hands.set(at("2022-05-18"))
    people.ok(run("ladder.end", {"named": row.id}, actor=people.supervisor))
    gone = officer("labour_clerk", people.district, name="退休的", department="区人社局", until=at("2022-05-20"))
    named(people, gone)
    late = people.handling()
    sweep_at(people, "2022-05-26")
    assert not [one for one in told(late) if one[0] > 0]
    with acting(people.supervisor):
        assert [run_.subject for run_ in silent(people.supervisor, at=clock.now())] == [late.id]
    named(people, people.head)
    sweep_at(people, "2022-05-26", "09:01")
    with acting(people.supervisor):
        assert silent(people.supervisor, at=clock.now()) == []
    assert (1, "方局长", "") in told(late)


def test_a_message_that_did_not_arrive_has_told_nobody(people: Desk) -> None:
    """Tests that a failed message puts the case back on the list."""
    named(people, people.head)
    case = people.handling()
    sweep_at(people, "2022-05-17")
    with acting(timer()):
        Outgoing._base_manager.filter(kind="ladder.late").update(state="failed", why="没有这个号码")
    with acting(people.supervisor):
        assert [one.subject for one in silent(people.supervisor, at=clock.now())] == [case.id]


def test_a_confidential_case_is_told_to_nobody_and_stands_only_before_those_cleared(people: Desk) -> None:
    """Tests that no message tells of a complaint about an officer, and that a supervisor sees nothing of it here either."""
    for rung in (1, 2, 3):
        named(people, people.leader, rung=rung, office="")
    case = people.reported()
    sweep_at(people, "2022-06-20")
    with acting(people.supervisor):
        assert silent(people.supervisor, at=clock.now()) == []
    with acting(people.discipline):
        assert [one.subject for one in silent(people.discipline, at=clock.now())] == [case.id]
    assert told(case) == [] and messages("ladder.late") == []


def test_every_breached_clock_has_told_somebody_in_office_or_stands_on_the_list(people: Desk) -> None:
    """Tests it on random ways of random cases, with names that come and go, at random hours, against the clocks themselves."""
    lot = random.Random(20220509)
    offices = ["区人社局", "区消防救援大队", f"place:{people.town}"]
    hands = {"区人社局": people.labour, "区消防救援大队": people.fire, offices[2]: people.town_clerk}
    cases: list[Case] = []
    for day in range(9, 31):
        people.hands.set(at(f"2022-05-{day:02d}", f"{lot.randrange(24):02d}:{lot.randrange(60):02d}"))
        if lot.random() < 0.5:
            cases.append(people.classified())
        for case in cases:
            office = lot.choice(offices)
            turn = lot.randrange(6)
            if turn == 0:
                run("casework.assign", {"case": case.id, "office": office}, actor=people.bureau)
            elif turn == 1:
                for hand in hands.values():
                    run("casework.take", {"case": case.id}, actor=hand)
            elif turn == 2:
                for hand in hands.values():
                    run("casework.wait", {"case": case.id, "why": "firm"}, actor=hand)
            elif turn == 3:
                for hand in hands.values():
                    run("casework.go_on", {"case": case.id}, actor=hand)
        who = lot.choice([people.head, people.leader, people.supervisor])
        place, unit = lot.choice([(people.district, "区人社局"), (people.district, ""), (people.town, "")])
        if lot.random() < 0.4:
            run("ladder.name", {"place": place, "office": unit, "rung": lot.randint(1, 3), "person": who.id}, actor=people.supervisor)
        if lot.random() < 0.3:
            with acting(people.supervisor):
                standing = list(Named.objects.filter(ended_at__isnull=True).values_list("id", flat=True))
            if standing:
                run("ladder.end", {"named": lot.choice(standing)}, actor=people.supervisor)
        sweep(clock.now())
        with acting(timer()):
            now = clock.now()
            late = {one.id for one in ClockRun._base_manager.filter(stopped_at=None, paused_at=None, due_at__lte=now)}
            heard = {(one.run, one.due_at) for one in Told._base_manager.filter(stage__gte=1, person__isnull=False)}
            due = {one.id: one.due_at for one in ClockRun._base_manager.filter(pk__in=late)}
        with acting(people.supervisor):
            listed = {one.id for one in silent(people.supervisor, at=now)}
        assert listed == {id for id in late if (id, due[id]) not in heard}
    with acting(timer()):
        assert Told._base_manager.filter(stage__gte=1).exists()
        rung_of = {}
        for one in Told._base_manager.filter(stage__gte=1).order_by("at"):
            rung_of.setdefault((one.run, one.due_at), []).append(one.stage)
    assert listed | set(rung_of) and all(stages == sorted(set(stages)) for stages in rung_of.values())


def test_a_town_is_pressed_for_itself_and_the_district_for_what_is_the_districts(people: Desk) -> None:
    """Tests that the town's head is not rung for a bureau's delay, and that names are kept by who keeps that place."""
    mayor = officer("town_leader", people.town, name="汪镇长")
    assert run("ladder.name", {"place": people.other, "rung": 1, "person": mayor.id}, actor=people.town_clerk).code in (
        "NotYours",
        "NotAnOfficer",
    )
    people.ok(run("ladder.name", {"place": people.town, "rung": 1, "person": mayor.id}, actor=people.town_clerk))
    bureaus = people.handling(enterprise=people.firm().id)
    towns = people.assigned(office=f"place:{people.town}", enterprise=people.firm().id)
    sweep_at(people, "2022-05-20")
    assert (1, "汪镇长", "") in told(towns)
    assert not [one for one in told(bureaus) if one[0] > 0]


def test_a_special_group_leads_a_case_with_its_own_clock_and_its_leader_is_pressed(people: Desk) -> None:
    """Tests that people of two departments handle as one office for as long as the group stands, with the days of its rung."""
    group = people.ok(run("registry.form_task_force", {"name": "交通保障组", "kind": "service_group"}, actor=people.bureau))
    lead = {"person": people.fire.person, "role": "group_member", "lead": True}
    for one in (lead, {"person": people.labour.person, "role": "group_member"}):
        people.ok(run("registry.add_member", {"task_force": group.id, "member": one}, actor=people.bureau))
    labour, code = wearing(people.labour), f"force:{group.id}"
    case = people.classified()
    assert run("casework.assign", {"case": case.id, "office": f"force:{case.id}"}, actor=people.bureau).code == "NotFound"
    given = people.ok(run("casework.assign", {"case": case.id, "office": code}, actor=people.bureau))
    assert (given.office, given.office_name, given.rung) == (code, "交通保障组", "group")
    assert run("casework.take", {"case": case.id}, actor=people.colleague).code == "OtherOffice"
    taken = people.ok(run("casework.take", {"case": case.id}, actor=labour))
    assert taken.resolve_days == handbook().rungs["group"].resolve
    sweep_at(people, "2022-05-17")
    assert (1, "陶参谋", "") in told(case)
    people.ok(run("registry.end_task_force", {"task_force": group.id}, actor=people.bureau))
    people.hands.set(at("2022-05-17", "10:00"))
    labour = wearing(people.labour)
    assert run("casework.resolve", {"case": case.id, "ended": "solved", "answer": "好了"}, actor=labour).code == "OtherOffice"
    assert run("casework.assign", {"case": people.classified().id, "office": code}, actor=people.bureau).code == "NotFound"


def test_what_is_given_at_night_for_the_next_afternoon_is_reminded_of_in_the_morning(people: Desk) -> None:
    """Tests that an order of fewer than 24 hours is not silent until it is late, and that one of the same day is not reminded of."""
    named(people, people.head)
    people.hands.set(at("2022-05-09", "22:10"))
    task, soon = people.classified(), people.classified()
    for case, hour in ((task, "17:00"), (soon, "23:30")):
        people.ok(run("casework.assign", {"case": case.id, "office": "区人社局", "until": hour}, actor=people.bureau))
    assert sweep_at(people, "2022-05-09", "23:00") == 0
    sweep_at(people, "2022-05-10", "07:30")
    assert told(task) == [(-2, "方局长", "")] and told(soon) == [(1, "方局长", "")]
    assert sweep_at(people, "2022-05-10", "16:59") == 0
    assert sweep_at(people, "2022-05-10", "17:00") == 1 and told(task)[-1] == (1, "方局长", "")


def test_a_returned_dispatch_without_a_referee_presses_the_place_and_not_the_office(people: Desk) -> None:
    """Tests that the office's clock stands still, that the place's own named person hears once a rung, and silence once it is settled."""
    named(people, people.head)
    named(people, people.leader, office="")
    case = people.assigned()
    people.ok(run("casework.contest", {"case": case.id, "ground": "not_ours", "reason": "不是我们的事"}, actor=people.labour))
    assert sweep_at(people, "2022-05-12") and sweep_at(people, "2022-05-12", "09:01") == 0
    assert [one for one in told(case) if one[0] > 0] == [(1, "韩区长", "")]
    given = {"case": case.id, "office": "区人社局", "reason": "仍由人社办"}
    people.ok(run("casework.settle", given, actor=people.supervisor))
    sweep_at(people, "2022-05-12", "10:00")
    assert [one for one in told(case) if one[0] > 0] == [(1, "韩区长", "")]


def test_a_case_that_a_machine_handles_stops_nobody(people: Desk) -> None:
    """Tests that its clocks press the head, and that a supervision of it is asked and answered without a message to a machine."""
    named(people, people.head)
    case = people.assigned()
    people.ok(run("casework.take", {"case": case.id}, actor=people.labour))
    with acting(timer()):
        Case._base_manager.filter(pk=case.id).update(handler="system")
    given = {"case": case.id, "text": "三天了没有动静"}
    people.ok(run("casework.supervise", given, actor=people.supervisor))
    while deliver(actor=timer()):
        pass
    assert messages("casework.supervised") == []
    sweep_at(people, "2022-06-09")
    assert {name for _, name, _ in told(case)} == {"方局长"}


def test_a_helper_who_is_late_is_pressed_for_its_own_clock_and_the_lead_is_not(people: Desk) -> None:
    """Tests that the helper's head hears of the help before the lead's head of the case, and nobody once the case is solved."""
    chief = officer("fire_clerk", people.district, name="江大队长", department="区消防救援大队")
    named(people, people.head)
    named(people, chief, office="区消防救援大队")
    case = people.handling()
    ask = {"case": case.id, "office": "区消防救援大队", "ask": "看通道"}
    late, answered = (people.ok(run("casework.ask_help", ask, actor=people.labour)) for _ in range(2))
    people.ok(run("casework.give_help", {"help": answered.id, "reply": "通道已看"}, actor=people.fire))
    assert late.due_at < case.due_at
    sweep(people.hands.set(late.due_at))
    assert (1, "江大队长", "") in told(late) and not [one for one in told(case) if one[0] > 0] and told(answered) == []
    assert {str(one.person) for one in messages("ladder.late")} == {chief.id}
    named(people, people.leader, rung=2, office="")
    people.ok(run("casework.ask_help", ask, actor=people.labour))
    given = {"case": case.id, "ended": "solved", "answer": "送来22人。"}
    people.ok(run("casework.resolve", given, actor=people.labour))
    before = told(late)
    with acting(people.supervisor):
        # What was late counts, though nobody waits for it any more; what was asked a moment ago does not.
        (fire,) = evaluation.helped(people.supervisor, first=at("2022-05-09").date(), last=clock.today())
        assert (fire.given, fire.taken) == (2, 1)
    sweep_at(people, "2022-05-30")
    assert told(late) == before
    with acting(people.supervisor):
        assert silent(people.supervisor, at=clock.now()) == []


def test_a_place_that_is_not_there_or_elsewhere_is_not_found(people: Desk) -> None:
    """Tests both by address and by action: no such place and one out of reach are refused, and nobody is named."""
    page = browser(people.supervisor)
    for place, code in (("1", "NotYours"), ("999999999", "NotFound")):
        assert page.post("/pressing/names/new", {"place": place, "rung": "1", "person": str(people.head.person)}).status_code == 404
        assert run("ladder.name", {"place": int(place), "rung": 1, "person": people.head.person}, actor=people.supervisor).code == code
    with acting(people.supervisor):
        assert not Named.objects.exists()


RUNGS = [
    # rung, office, whom its clocks press; taken on by and at, respond until; handed up at, resolve until
    ("local", "区人社局", "方局长", "2022-05-11", "2022-05-11", "2022-05-19", "2022-05-19"),
    ("group", "用工保障组", "田科员", "2022-05-21", "2022-05-23", "2022-05-31", "2022-05-31"),
    ("task_force", "用工专班", "陶参谋", "2022-06-02", "2022-06-02", "2022-06-15", "2022-06-15"),
    ("other_city", "市经信局", "毛局长", "2022-06-18", "2022-06-20", "2022-07-05", "2022-07-05"),
    ("province", "省经信厅", "金厅长", "2022-07-08", "2022-07-08", "2022-07-30", "2022-08-01"),
]
"""A day ends when the next begins; 3 June is the holiday of the dragon boats."""


def test_a_case_goes_up_all_five_rungs_and_each_presses_its_own_person(people: Desk) -> None:
    """Tests that on each rung both clocks run out after that rung's working days, that the person named there hears of each and
    nobody else, that each step up is offered on the page, and that above the province there is none."""
    city, province = jurisdiction.lineage(people.district)[1:3]
    named(people, people.head)
    seats = ((city, "市经信局", "毛局长"), (province, "省经信厅", "金厅长"))
    clerks = {"区人社局": people.labour}
    for place, office, name in seats:
        clerks[office] = officer("bureau_clerk", place, name=f"{office}经办", department=office)
        head, keeper = officer("leader", place, name=name, department=office), officer("supervisor", place)
        given = {"place": place, "office": office, "rung": 1, "person": head.id}
        people.ok(run("ladder.name", given, actor=keeper))
    codes = {office: office for office in clerks}
    for kind, office, lead in (("service_group", "用工保障组", people.labour), ("special_team", "用工专班", people.fire)):
        force = people.ok(run("registry.form_task_force", {"name": office, "kind": kind}, actor=people.bureau))
        member = {"person": lead.person, "role": "group_member", "lead": True}
        people.ok(run("registry.add_member", {"task_force": force.id, "member": member}, actor=people.bureau))
        codes[office], clerks[office] = f"force:{force.id}", lead
    case = people.assigned()
    for number, (rung, office, name, respond, taken, resolve, up) in enumerate(RUNGS):
        assert (case.rung, case.office_name, case.due_at) == (rung, office, at(respond, "00:00"))
        assert heard(people, respond, taken) == [name]
        if office in ("用工保障组", "用工专班"):
            clerks[office] = wearing(clerks[office])
        people.hands.set(at(taken, "10:00"))
        case = people.ok(run("casework.take" if rung == "local" else "casework.coordinate", {"case": case.id}, actor=clerks[office]))
        days = handbook().rungs[rung]
        assert (case.handler, case.due_at) == (clerks[office].id, at(resolve, "00:00"))
        assert (case.respond_days, case.resolve_days) == (days.respond, days.resolve)
        # Who handles is reminded before; once it is late, the office's named person is.
        assert heard(people, resolve, up) == [name]
        people.hands.set(at(up, "10:00"))
        if number + 1 < len(RUNGS):
            (above, next_office, *_) = RUNGS[number + 1]
            page = browser(clerks[office]).get(f"/desk/cases/{case.id}/escalate")
            assert next_office in text(page), (rung, text(page))
            given = {"case": case.id, "office": codes[next_office], "rung": above, "reason": "手上的办法都用过了"}
            case = people.ok(run("casework.escalate", given, actor=clerks[office]))
    given = {"case": case.id, "office": codes["省经信厅"], "reason": "再往上"}
    assert run("casework.escalate", given, actor=clerks["省经信厅"]).code == "NoHigherRung"
    with acting(clerks["省经信厅"]):
        assert Case.objects.get(pk=case.id).state == "coordinating"
        owners = list(ClockRun.objects.filter(subject=case.id).exclude(name="classify").order_by("started_at").values_list("name", "owner"))
    names = [("respond", "resolve"), *[("lift", "coordinate")] * 4]
    assert owners == [(clock_, row[1]) for row, both in zip(RUNGS, names, strict=True) for clock_ in both]
    people.ok(run("casework.resolve", {"case": case.id, "ended": "solved", "answer": "省里协调了三个市。"}, actor=clerks["省经信厅"]))


def heard(people: Desk, due: str, on: str) -> list[str]:
    """Sweep a minute before a clock runs out and on the morning of a day after it; give who was told of lateness meanwhile."""
    before = {one.id for one in messages("ladder.late")}
    sweep(people.hands.set(at(due, "00:00") - timedelta(minutes=1)))
    assert {one.id for one in messages("ladder.late")} == before
    sweep_at(people, on)
    new = [one.person for one in messages("ladder.late") if one.id not in before]
    with acting(timer()):
        return list(Person._base_manager.filter(pk__in=new).values_list("name", flat=True))
