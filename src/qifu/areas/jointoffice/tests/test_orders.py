"""From the menu to the last promise kept: what an order may, what a group may, and when it is closed."""

from collections.abc import Mapping

import pytest
from django.db import IntegrityError

from qifu.areas.casework import api as casework
from qifu.areas.jointoffice.actions.sitting import read_tasks
from qifu.areas.jointoffice.models import Line, Seat, Session, Task
from qifu.kernel.access import acting
from qifu.kernel.access.tests.factories import at
from qifu.kernel.actions import BadInput
from qifu.kernel.calendar import clock
from qifu.kernel.documents import issuing
from qifu.kernel.events import deliver
from qifu.kernel.indicators import Moment, indicators
from qifu.kernel.notify.models import Outgoing
from qifu.kernel.workflow.timer import timer

from .factories import World


def values(fenghua: World) -> Mapping[str, int]:
    with acting(fenghua.bureau):
        return {id: int(indicators[id].numerator.value(Moment(clock.now()))) for id in ("J01", "J02", "J03")}


def test_an_order_goes_from_the_menu_to_its_last_promise(fenghua: World) -> None:
    """Tests the whole way of W9: each promise is a case with its office and clock, and only all of them kept close the order."""
    firm = fenghua.firm()
    mine = fenghua.contacts[firm.id]
    session = fenghua.given_out(firm)
    with acting(fenghua.bureau):
        tasks = list(Task.objects.filter(session=session))
        cases = casework.by_origin("jointoffice.task", [task.id for task in tasks])
        assert [(task.office_name, cases[task.id].state, cases[task.id].office_name) for task in tasks] == [
            ("区人社局", "assigned", "区人社局"), ("莼湖街道", "assigned", "莼湖街道"),
        ]  # fmt: skip
        assert all(case.due_at is not None and case.enterprise_id == firm.id for case in cases.values())
        assert [paper.kind for paper in issuing.of(session.id)] == ["jointoffice.minutes"]
    early = fenghua.refused("jointoffice.session.confirm", by=mine, sitting=session.id)
    assert (early.code, fenghua.fresh(session).state) == ("TasksOpen", "tasks")
    fenghua.solve(firm)
    fenghua.ok("jointoffice.session.confirm", by=mine, sitting=session.id)
    not_yet = fenghua.refused("jointoffice.session.close", by=fenghua.monitor, sitting=session.id)
    assert (not_yet.code, fenghua.fresh(session).state) == ("TasksOpen", "confirmed")
    fenghua.close_cases(firm)
    assert fenghua.ok("jointoffice.session.close", by=fenghua.monitor, sitting=session.id).state == "closed_out"
    assert values(fenghua) == {"J01": 1, "J02": 2, "J03": 1}


def test_what_was_taken_off_the_menu_is_not_ordered_and_what_was_ordered_stays(fenghua: World) -> None:
    """Tests that a page opened before keeps nobody from reading why, and that an order made before still holds."""
    first, second = fenghua.firm(), fenghua.firm()
    session = fenghua.ordered(first)
    labour, parts = fenghua.menu
    fenghua.ok("jointoffice.item.take_off", by=fenghua.bureau, item=labour.id, words="人社局这周都在外面")
    ids = [str(labour.id), str(parts.id)]
    late = fenghua.refused("jointoffice.session.order", by=fenghua.contacts[second.id], enterprise=second.id, items=ids)
    assert late.code == "ItemOff"
    with acting(fenghua.bureau):
        assert Session.objects.filter(enterprise=second.id).count() == 0
        assert [line.name for line in Line.objects.filter(session=session)] == ["用工对接", "断链帮扶"]
    nothing = fenghua.refused("jointoffice.session.order", by=fenghua.contacts[second.id], enterprise=second.id, items=[])
    assert nothing.code == "NothingOrdered"
    fenghua.ok("jointoffice.item.put_back", by=fenghua.bureau, item=labour.id)
    assert fenghua.ok("jointoffice.session.order", by=fenghua.contacts[second.id], enterprise=second.id, items=ids).state == "ordered"


def test_a_menu_is_changed_by_its_own_place_alone(fenghua: World) -> None:
    """Tests that a town's clerk neither changes the district's menu nor writes on it."""
    labour, _ = fenghua.menu
    answer = fenghua.refused("jointoffice.item.take_off", by=fenghua.clerk, item=labour.id, words="不要了")
    assert (answer.code, fenghua.fresh(labour).state) == ("NotFound", "offered")
    given = {"place": fenghua.district, "name": "镇里加的", "says": "试", "office": "区人社局", "days": 3}
    assert fenghua.refused("jointoffice.item.offer", by=fenghua.clerk, **given).code == "NotYours"
    again = fenghua.refused("jointoffice.item.offer", by=fenghua.bureau, **{**given, "name": "用工对接"})
    assert again.says.startswith("菜单上已经有这一项")


def test_an_order_is_taken_back_before_a_group_is_set_and_not_after(fenghua: World) -> None:
    """Tests both, that a second order waits for the first, and that a called-off one makes room."""
    first, second = fenghua.firm(), fenghua.firm()
    mine = fenghua.contacts[first.id]
    session = fenghua.ordered(first)
    twice = fenghua.refused("jointoffice.session.order", by=mine, enterprise=first.id, items=[str(fenghua.menu[0].id)])
    assert twice.says.startswith("这家企业已经点过一单")
    assert fenghua.ok("jointoffice.session.withdraw", by=mine, sitting=session.id).state == "withdrawn"
    other = fenghua.agreed(second)
    late = fenghua.refused("jointoffice.session.withdraw", by=fenghua.contacts[second.id], sitting=other.id)
    assert (late.code, fenghua.fresh(other).state) == ("GroupAlreadySet", "group_set")
    fenghua.ok("jointoffice.session.call_off", by=fenghua.monitor, sitting=other.id, words="路封了")
    assert fenghua.ordered(second).state == "ordered"


def test_nobody_sits_in_two_works_at_the_same_time(fenghua: World) -> None:
    """Tests the monitor and a member: overlapping times are refused by the database, neighbouring ones are not."""
    first, second, third = fenghua.firm(), fenghua.firm(), fenghua.firm()
    person = str(fenghua.clerk.person)
    fenghua.agreed(first, people=[person])
    waiting = fenghua.ordered(second)
    same = {"sitting": waiting.id, "day": "2020-02-18", "hour": "15:00", "offices": ["区经信局"]}
    clash = fenghua.refused("jointoffice.session.set_group", by=fenghua.monitor, **same)
    assert clash.says.startswith("组里有人那个时间已经排了去另一家")
    assert (fenghua.fresh(waiting).state, fenghua.fresh(waiting).starts_at) == ("ordered", None)
    by_another = fenghua.refused("jointoffice.session.set_group", by=fenghua.approver, **{**same, "people": [person]})
    assert by_another.says == clash.says
    assert fenghua.ok("jointoffice.session.set_group", by=fenghua.monitor, **{**same, "hour": "15:30"}).state == "group_set"
    moved = fenghua.agreed(third, day="2020-02-19")
    back = fenghua.refused(
        "jointoffice.session.move", by=fenghua.monitor, sitting=moved.id, day="2020-02-18", hour="14:30", offices=["区经信局"]
    )
    assert back.says == clash.says
    with acting(fenghua.bureau):
        assert Seat.objects.filter(session=moved, standing=True, starts_at=at("2020-02-19", "14:00")).count() == 2


def test_the_table_itself_seats_nobody_twice(fenghua: World) -> None:
    """Tests the constraint without any action before it."""
    session = fenghua.agreed(fenghua.firm())
    with acting(fenghua.bureau):
        seat = Seat.objects.get(session=session, role="monitor")
    with pytest.raises(IntegrityError, match="joint_one_place_at_a_time"), acting(fenghua.bureau):
        seat.pk = None
        Seat(session=session, role="member", person=seat.person, starts_at=seat.starts_at, ends_at=seat.ends_at, region=seat.region,
             party=seat.party, district=seat.district).save()  # fmt: skip


def test_a_sitting_is_not_written_up_before_its_day_and_not_empty(fenghua: World) -> None:
    """Tests both refusals, and that promises without an office name their line and make no case."""
    firm = fenghua.firm()
    session = fenghua.agreed(firm)
    assert fenghua.refused("jointoffice.session.hold", by=fenghua.clerk, sitting=session.id, minutes="会办").code == "NotYetThere"
    fenghua.hands.set(at("2020-02-18", "16:00"))
    assert fenghua.refused("jointoffice.session.hold", by=fenghua.clerk, sitting=session.id, minutes=" ").code in (
        "NothingWritten",
        "BadInput",
    )
    fenghua.ok("jointoffice.session.hold", by=fenghua.clerk, sitting=session.id, minutes="会办")
    bad = fenghua.refused("jointoffice.session.give_out", by=fenghua.clerk, sitting=session.id, tasks="区人社局：招工\n尽快解决宿舍")
    assert "第2行" in (bad.errors or {})["tasks"]
    assert fenghua.refused("jointoffice.session.give_out", by=fenghua.clerk, sitting=session.id, tasks="").code == "NoTasks"
    with acting(fenghua.bureau):
        assert (list(casework.cases_of(firm.id)), Session.objects.get(pk=session.id).state) == ([], "held")
    done = fenghua.ok("jointoffice.session.give_out", by=fenghua.clerk, sitting=session.id, tasks="", none=True)
    assert (done.state, done.promised) == ("tasks", 0)
    assert fenghua.ok("jointoffice.session.confirm", by=fenghua.contacts[firm.id], sitting=session.id).state == "confirmed"


def test_enterprise_and_group_are_told_when_they_meet(fenghua: World) -> None:
    """Tests the messages of a time agreed: the firm's number, the named member, and who handles the work of a called bureau."""
    session = fenghua.agreed(fenghua.firm(), people=[str(fenghua.clerk.person)])
    deliver(actor=timer())
    with acting(fenghua.bureau):
        told = list(Outgoing._base_manager.filter(about=session.id).values_list("kind", "person"))
    assert sorted(kind for kind, _ in told) == ["jointoffice.agreed", "jointoffice.called", "jointoffice.called"]
    assert {person for _, person in told if person} == {fenghua.clerk.person, fenghua.labour.person}


def test_a_promise_goes_to_the_office_that_is_meant_or_to_none() -> None:
    """Tests the words before the colon: the whole name, what one name alone contains, and a sentence for two or for no office."""
    bureau, hall, water = (casework.Office(str(at), name, 1) for at, name in enumerate(("区人社局分局", "区人社局", "水务集团")))
    offices = [bureau, hall, water]
    assert [office for _text, office in read_tasks("区人社局：招工\n水务：接水", offices)] == [hall, water]
    for text, words in (("局：招工", "不止一个单位"), ("区人：招工", "不止一个单位"), ("电力：送电", "看不出谁来办")):
        with pytest.raises(BadInput) as refused:
            read_tasks(text, offices)
        assert words in refused.value.errors["tasks"]
    with pytest.raises(BadInput) as refused:
        read_tasks("区人社局：招工", [])
    assert "没有能办的单位" in refused.value.errors["tasks"]


def test_lines_too_long_are_refused_by_their_number_and_nobody_is_called(fenghua: World) -> None:
    """Tests who leads what: a name of 81 characters, a thirteenth line; and a promise of 301, of which no case is made."""
    session = fenghua.ordered(fenghua.firm())
    given = {"sitting": session.id, "day": "2020-02-18", "hour": "15:00", "offices": ["区经信局"]}
    for leaders, says in (("用工线 王明\n物流线 " + "李" * 81, "第2行：最多80个字，现在81个"), ("用工线 王明\n" * 13, "最多写12行")):
        refused = fenghua.refused("jointoffice.session.set_group", by=fenghua.monitor, **given, leaders=leaders)
        assert says in refused.errors["leaders"]
    assert fenghua.fresh(session).state == "ordered"
    with acting(fenghua.bureau):
        assert not Seat.objects.exists()
        offices = casework.offices_for(session.region, at=clock.now())
    with pytest.raises(BadInput) as refused:
        read_tasks("区人社局：招工\n区人社局：" + "招" * 301, offices)
    assert "第2行：最多300个字，现在301个" in refused.value.errors["tasks"]
    assert [len(text) for text, _office in read_tasks("区人社局：" + "招" * 300, offices)] == [300]
