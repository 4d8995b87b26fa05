"""A planned visit to which nobody goes, and an opinion that was taken home and not answered."""

from qifu.areas.visits import api
from qifu.areas.visits.models import Opinion, Visit
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.ladder.tests.hearing import due, head, heard, sweep_on
from qifu.kernel.notify.models import Outgoing
from qifu.kernel.workflow.models import ClockRun
from qifu.kernel.workflow.timer import timer

from .factories import Town, december


def test_a_visit_that_waits_reminds_its_officer_and_presses_the_town(town: Town) -> None:
    """Tests both for a visit after unsealing, once each, the town alone where nobody looks after the firm, and silence once it is made."""
    head(town.place, "汪镇长")
    held, loose = town.firms(2)
    town.give([held], town.wang)
    town.do("visits.plan", town.clerk, enterprises=[held.id, loose.id], kind="unsealed")
    with acting(town.clerk):
        visits = {one.enterprise_id: one for one in Visit.objects.all()}
    late = due(visits[held.id], "visit")
    sweep_on(town.hands, late, hours=-12)
    assert heard(visits[held.id])[-1] == (-2, "王联企")
    sweep_on(town.hands, late)
    assert [one for one in heard(*visits.values()) if one[0] > 0] == [(1, "汪镇长"), (1, "汪镇长")]
    town.hands.set(december("22", "10:00"))
    for firm in (held, loose):
        town.do("visits.record", town.wang, enterprise=firm.id, met="韩立东", words="机器开了")
    told = heard(*visits.values())
    assert sweep_on(town.hands, december("31")) == 0 and heard(*visits.values()) == told


def test_an_opinion_that_was_taken_home_reminds_its_officer_and_presses_the_town(town: Town) -> None:
    """Tests its two working days over a weekend, the chip and the to-do of the officer, that what was answered or passed on at once is
    never told of, that no message carries the words, and that answering ends it."""
    head(town.place, "汪镇长")
    firm = town.firm()
    town.hands.set(december("17", "15:00"))
    said = [
        {"words": "社保能不能缓缴", "need": "policy", "then": "ask"},
        {"words": "口罩怎么领", "need": "supplies", "then": "answered", "answer": "街道二楼领"},
        {"words": "缺轴承", "need": "material", "then": "pass"},
    ]
    town.do("visits.record", town.wang, enterprise=firm.id, opinions=said, met="韩立东")
    with acting(town.clerk):
        asked, answered, passed = Opinion.objects.order_by("number")
    assert (asked.state, asked.due_at, answered.due_at, passed.due_at) == ("noted", december("22", "00:00"), None, None)
    page = browser(town.wang).get("/desk/visits/opinions").content.decode()
    assert "社保能不能缓缴" in page and page.count('class="clock') == 1
    assert "您回去问、还没答复的意见" in text(browser(town.wang).get("/todo"))
    sweep_on(town.hands, december("21", "09:00"))
    assert heard(asked) == [(-2, "王联企"), (-1, "王联企")]
    sweep_on(town.hands, december("22", "09:00"))
    sweep_on(town.hands, december("22", "11:00"))
    assert heard(asked)[2:] == [(1, "汪镇长")] and heard(answered, passed) == []
    with acting(timer()):
        late = [one.words.reveal() for one in Outgoing._base_manager.filter(kind="ladder.late")]
    assert len([words for words in late if f"{firm.name}的第1条意见" in words and "王联企" in words]) == 1
    assert not any("社保" in words for words in late)
    town.do("visits.answer", town.wang, opinion=asked.id, answer="可以缓三个月")
    told = heard(asked)
    assert sweep_on(town.hands, december("31")) == 0 and heard(asked) == told


def test_an_opinion_taken_home_before_there_was_a_clock_gets_one_from_the_day_it_is_found(town: Town) -> None:
    """Tests two working days from that day and none from the day it was noted, once however often it is asked, on the to-do and the
    ladder, and that what has its clock, or was answered, keeps what it has."""
    head(town.place, "汪镇长")
    firm = town.firm()
    town.hands.set(december("10", "15:00"))
    said = [{"words": words, "then": "ask"} for words in ("社保能不能缓缴", "贷款找谁", "用电能不能便宜")]
    town.do("visits.record", town.wang, enterprise=firm.id, opinions=said, met="韩立东")
    with acting(timer()):
        old, answered, newer = Opinion._base_manager.order_by("number")
        # As noted by a version that had no clock.
        ClockRun._base_manager.filter(subject__in=[old.id, answered.id]).delete()
        Opinion._base_manager.filter(pk__in=[old.id, answered.id]).update(due_at=None)
    town.do("visits.answer", town.wang, opinion=answered.id, answer="找普惠专员")
    with acting(timer()):
        kept = list(ClockRun._base_manager.filter(subject=newer.id).values())
    assert sweep_on(town.hands, december("17", "14:00")) >= 0 and heard(old) == []
    assert [api.begin_clocks(town.hands.set(december("17", hour))) for hour in ("15:00", "15:01", "21:00")] == [1, 0, 0]
    with acting(timer()):
        run = ClockRun._base_manager.get(subject=old.id)
        assert (run.started_at, run.due_at, run.owner) == (december("17", "15:00"), december("22", "00:00"), "王联企")
        assert Opinion._base_manager.get(pk=old.id).due_at == run.due_at
        assert list(ClockRun._base_manager.filter(subject=newer.id).values()) == kept
        assert not ClockRun._base_manager.filter(subject=answered.id).exists()
    sweep_on(town.hands, december("21", "09:00"))
    assert heard(old) == [(-2, "王联企"), (-1, "王联企")]
    sweep_on(town.hands, december("22", "11:00"))
    assert heard(old)[2:] == [(1, "汪镇长")]
    town.do("visits.answer", town.wang, opinion=old.id, answer="可以缓三个月")
    assert due_or_none(old) is None and api.begin_clocks(december("23")) == 0


def due_or_none(opinion: Opinion) -> object:
    """Give when what is left of an opinion is due; None where nothing runs."""
    with acting(timer()):
        return Opinion._base_manager.values_list("due_at", flat=True).get(pk=opinion.id)
