"""Tests of territories: given, handed over with history, proposed and confirmed by another, nobody left out, logs and their gaps."""

from datetime import date, timedelta

import pytest

from qifu.areas.visits.models import DayLog, Opinion, Plan, Territory, Visit
from qifu.kernel.access import acting
from qifu.kernel.access.models import everything
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.actions import run
from qifu.kernel.events import deliver
from qifu.kernel.indicators import Moment, figure
from qifu.kernel.workflow.timer import timer

from .factories import december


def held(town, *, now=True):
    with acting(town.bureau):
        rows = everything(Territory).order_by("id")
        return list(rows.filter(until__isnull=True) if now else rows)


def test_a_hand_over_keeps_both_times(town):
    """Tests that who had it and who has it both stand, each with their time, and that one answers for it at any moment."""
    firm = town.firm()
    town.give([firm], town.wang)
    town.hands.advance(timedelta(days=2))
    done = town.give([firm], town.li)
    old, new = held(town, now=False)
    assert (done.new, done.handed) == (1, 1) and (old.officer_name, new.officer_name) == ("王联企", "李联企")
    assert old.until == new.since and old.handed_to_id == new.id and old.state == "ended"
    again = town.give([firm], town.li)
    assert (again.new, again.same) == (0, 1) and len(held(town, now=False)) == 2
    page = text(browser(town.clerk).get(f"/desk/visits/firms/{firm.id}"))
    assert "王联企" in page and "李联企" in page and "交出" in page


def test_helpers_and_residents_stand_beside(town):
    """Tests many to many: one answers, others help and stay, and nobody is pushed out by them."""
    firm = town.firm()
    town.give([firm], town.wang)
    town.give([firm], town.li, part="help")
    town.give([firm], town.li, part="resident")
    town.give([firm], town.wang, part="help")
    assert sorted((one.officer_name, one.part) for one in held(town)) == [
        ("李联企", "help"), ("李联企", "resident"), ("王联企", "help"), ("王联企", "lead"),
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["clerk", "stranger"])
def test_only_an_officer_of_the_place_takes_enterprises_on(town, who):
    """Tests that neither a clerk nor another town's officer is given one, and that nothing of the list is."""
    firms = town.firms(2)
    person = town.clerk.person if who == "clerk" else officer("liaison", town.other).person
    refusal = town.refused("visits.assign", town.bureau, enterprises=[one.id for one in firms], person=person)
    assert refusal.code == "NotAnOfficer" and held(town) == []


def test_another_towns_clerk_gives_nothing_here(town):
    """Tests that enterprises elsewhere are not found, and the whole list is refused."""
    firms = [town.firm(), town.firm(place=town.other)]
    refusal = town.refused("visits.assign", town.clerk, enterprises=[one.id for one in firms], person=town.wang.person)
    assert refusal.code == "NotFound" and held(town) == []
    assert town.refused("visits.assign", town.wang, enterprises=[firms[0].id], person=town.wang.person).code == "NotYours"


def test_whoever_has_nobody_is_listed_with_the_nearest_at_one_touch(town):
    """Tests the list of nobody's firms, and that one touch empties it."""
    firm = town.firm()
    town.give(town.firms(2), town.wang)
    desk = browser(town.clerk)
    page = text(desk.get("/desk/visits/territories?show=nobody"))
    assert "1家没有人包" in page and "给李联企（手上0家）" in page
    done = desk.post(
        "/desk/visits/territories/assign", {"one": f"{firm.id}:{town.li.person}", "back": "/desk/visits/territories?show=nobody"}
    )
    assert done.status_code == 302 and "given=1" in done["Location"]
    assert "家家有人包" in text(desk.get("/desk/visits/territories?show=nobody"))


def test_a_village_is_found_by_its_address(town):
    """Tests assigning by village: the list is narrowed by address."""
    town.firm(address="莼湖街道桐照村3号", name="奉化桐照网具有限公司")
    town.firm()
    page = text(browser(town.clerk).get("/desk/visits/territories?q=桐照村"))
    assert "桐照网具" in page and "走访机械2号" not in page


def test_a_proposal_is_confirmed_by_another_in_one_act(town):
    """Tests that the proposal changes nothing, says how many change and why, that its maker may not confirm it, that another
    may, and that a row that somebody changed meanwhile is left alone and counted."""
    mine, loose = town.firms(7), town.firms(2)
    town.give(mine, town.wang)
    desk, second = browser(town.clerk), browser(town.leader)
    made = desk.post("/desk/visits/plans", {"place": str(town.place)})
    assert made.status_code == 302
    with acting(town.bureau):
        plan = everything(Plan).get()
    whys = {row["why"] for row in plan.rows}
    assert plan.firms == 9 and "没有人包" in whys and any("手上" in why for why in whys) and len(held(town)) == 7
    page = text(desk.get(made["Location"]))
    assert "方案是您排的" in page and f"改{len(plan.rows)}家" in page
    assert desk.post(f"/desk/visits/plans/{plan.id}/confirm").status_code == 403 and len(held(town)) == 7
    town.give([loose[0]], town.wang)
    assert second.post(f"/desk/visits/plans/{plan.id}/confirm").status_code == 302
    with acting(town.bureau):
        plan = everything(Plan).get()
    assert (plan.state, plan.skipped, plan.confirmer_name) == ("confirmed", 1, "镇长")
    now = {one.enterprise_id: one.officer_name for one in held(town)}
    assert len(now) == 9 and now[loose[0].id] == "王联企" and now[loose[1].id] == "李联企"
    assert "没有再动" in text(desk.get(made["Location"]))


def test_nothing_to_change_is_a_sentence(town):
    """Tests that a good list is left alone, and that a place without officers says so."""
    town.give(town.firms(2), town.wang)
    town.give(town.firms(2), town.li)
    assert town.refused("visits.propose", town.clerk, place=town.place).code == "NothingToChange"
    alone = officer("town_clerk", town.other)
    town.firm(place=town.other)
    assert town.refused("visits.propose", alone, place=town.other).code == "NobodyToTake"
    assert "没有人包" in text(browser(alone).get("/desk/visits/territories"))


def test_after_unsealing_whoever_matters_is_visited_within_one_working_day(town):
    """Tests that lifting an area plans visits to enterprises above size there, due on the next working day, and to no others."""
    above, small, elsewhere = town.firm(), town.firm(size="small"), town.firm(place=town.other)
    town.give([above], town.wang)
    control = officer("control_office", town.district, department="防控办")
    town.do("response.declare", control, pack="epidemic", level="I", place="奉化区", document="1号")
    area = town.do(
        "response.area.draw",
        control,
        klass="lockdown",
        name="湖头片",
        places=["莼湖街道"],
        sites=[],
        since=december("20", "14:00"),
        document="2号",
    )
    town.do("response.area.confirm", control, area=area.id)
    town.hands.advance(timedelta(hours=1))
    town.do("response.area.lift", control, area=area.id, document="3号")
    deliver(actor=timer())
    with acting(town.bureau):
        visits = list(everything(Visit).all())
    assert [(one.enterprise_id, one.kind, one.officer_name) for one in visits] == [(above.id, "unsealed", "王联企")]
    assert visits[0].due_at == december("22", "00:00")
    assert small.id and elsewhere.id


def test_a_log_a_day_a_difficulty_is_an_opinion_and_gaps_are_listed(town):
    """Tests the resident's week: written once a day, rewritten in time, a difficulty noted once, yesterday may still be
    written, the day before last week stays a gap, and tomorrow is refused."""
    firm = town.firm()
    town.give([firm], town.wang, part="resident")
    hard = {"item": "packing", "result": "hard", "note": "纸箱只够两天"}
    town.do("visits.write_log", town.wang, enterprise=firm.id, looked=[hard, {"item": "meals"}])
    town.do("visits.write_log", town.wang, enterprise=firm.id, looked=[hard], words="夜班正常")
    with acting(town.bureau):
        log, opinion = everything(DayLog).get(), everything(Opinion).get()
    assert (log.words, log.found, opinion.words, opinion.need) == ("夜班正常", {"packing": "hard"}, "包装：纸箱只够两天", "material")
    assert opinion.case is not None
    assert town.refused("visits.write_log", town.wang, enterprise=firm.id, day=date(2021, 12, 21), words="x").code == "NotYetDay"
    town.hands.set(december("24", "18:00"))
    town.do("visits.write_log", town.wang, enterprise=firm.id, day=date(2021, 12, 23), words="补记")
    assert town.refused("visits.write_log", town.wang, enterprise=firm.id, day=date(2021, 12, 21), words="x").code == "TooLateToLog"
    assert town.refused("visits.write_log", town.li, enterprise=firm.id, words="x").code == "NotResident"
    page = text(browser(town.clerk).get("/desk/visits/logs"))
    assert "这一周缺2天日志" in page and "缺2天" in page


def test_the_figures_open_their_rows(town):
    """Tests visits, coverage, opinions and holders, and that a former holder still counts for the day on which they held."""
    firms = town.firms(3)
    town.give(firms[:2], town.wang)
    said = [{"words": "缺人", "then": "pass"}, {"words": "问政策", "then": "answered", "answer": "见通告"}]
    town.do("visits.record", town.wang, enterprise=firms[0].id, opinions=said)
    town.do("visits.record", town.li, enterprise=firms[0].id, words="再看一次")
    town.hands.advance(timedelta(days=1))
    town.give(firms[:2], town.li)

    def of(id, when):
        with acting(town.bureau):
            found = figure(id, moment=Moment(when), actor=town.bureau)
            return found.value, found.of

    later = december("21", "20:00")
    assert [of(id, later) for id in ("F37", "F38", "V1", "V2", "F39", "V4", "F88", "V5")] == [
        (2, None), (2, None), (1, 3), (2, 3), (2, None), (1, 2), (1, None), (2, 3),
    ]  # fmt: skip
    assert of("F88", december("20", "20:00")) == (1, None)
    page = text(browser(town.bureau).get("/figures/V2"))
    assert firms[1].name in page and firms[0].name not in page


def test_a_case_that_is_solved_closes_the_opinion_and_opens_it_again(town):
    """Tests that the enterprise's word on the case is the opinion's, both ways."""
    firm = town.firm()
    town.do("visits.record", town.wang, enterprise=firm.id, opinions=[{"words": "路口进不来车", "then": "pass"}])
    with acting(town.bureau):
        opinion = everything(Opinion).get()
    answered = run("casework.answer", {"case": opinion.case, "answer": "开了绿色通道"}, actor=town.bureau)
    assert answered.ok, answered
    deliver(actor=timer())
    with acting(town.bureau):
        assert everything(Opinion).get().state == "solved"
