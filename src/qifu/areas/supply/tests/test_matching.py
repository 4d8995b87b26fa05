"""From a broken link to the delivered part: search, both sides' yes, what each may see, what the database holds."""

import pytest
from django.db import IntegrityError, connection

from qifu.areas.casework import api as casework
from qifu.areas.supply import queries
from qifu.areas.supply.models import Call, Card, Making, Match, Need
from qifu.kernel import jurisdiction
from qifu.kernel.access import acting
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.indicators import Moment, indicators
from qifu.kernel.notify.models import Outgoing

from .factories import World


def values(fenghua: World) -> dict[str, int]:
    with acting(fenghua.desk):
        return {id: int(indicators[id].numerator.value(Moment(clock.now()))) for id in ("G01", "G02", "G03", "G04")}


def test_the_supplier_in_another_city_is_found_by_search(fenghua: World) -> None:
    """Tests SYS-39: seals from Suzhou stopped, another maker there is found by two words, agreed, delivered; the need is one case."""
    firm = fenghua.firm()
    need = fenghua.lacks(firm)
    other = fenghua.keeps()
    fenghua.keeps(name="苏州圈椅厂", product="红木圈椅")
    with acting(fenghua.desk):
        found = queries.find("密封圈", fenghua.desk)
        assert [(one.kind, one.name, one.source) for one in found] == [("outside", "苏州新密封件厂", "苏州工信局2月14日电话")]
    match = fenghua.ok("supply.match.propose", by=fenghua.desk, need=need.id, supplier=other.id)
    with acting(fenghua.desk):
        case = casework.by_origin("supply.need", [need.id])[need.id]
        assert (case.enterprise_id, case.state, case.office_name, case.due_at is not None) == (firm.id, "assigned", "区经信局", True)
    fenghua.ok("supply.match.note_yes", by=fenghua.desk, match=match.id, answer="每只2元，后天发")
    own = fenghua.refused("supply.match.agree", by=fenghua.desk, match=match.id)
    assert (own.code, fenghua.fresh(match).state) == ("AnotherAgrees", "offered")
    fenghua.ok("supply.match.agree", by=fenghua.contacts[firm.id], match=match.id)
    fenghua.hear()
    assert fenghua.fresh(need).state == "matched"
    fenghua.ok("supply.match.deliver", by=fenghua.contacts[firm.id], match=match.id)
    fenghua.hear()
    assert fenghua.fresh(need).state == "met"
    assert values(fenghua) == {"G01": 0, "G02": 1, "G03": 120, "G04": 1}


def test_a_maker_here_says_yes_before_it_learns_who_needs_it(fenghua: World) -> None:
    """Tests both sides: the maker reads product and town, the enterprise reads the terms; names come with the second yes."""
    buyer, maker = fenghua.firm(), fenghua.firm()
    need, making = fenghua.lacks(buyer), fenghua.makes(maker)
    match = fenghua.ok("supply.match.propose", by=fenghua.desk, need=need.id, making=making.id, quantity=600)
    with acting(fenghua.contacts[maker.id]):
        call = Call.objects.get()
        assert (call.product, call.quantity, call.town, call.buyer) == ("密封圈", 600, "莼湖街道", "")
        assert not Match.objects.exists() and not Need.objects.exists()
    fenghua.ok("supply.call.accept", by=fenghua.contacts[maker.id], inquiry=call.id, answer="每只1.8元，明天能发300")
    fenghua.hear()
    with acting(fenghua.contacts[buyer.id]):
        mine = Match.objects.get()
        assert (mine.state, mine.answer) == ("offered", "每只1.8元，明天能发300")
        assert not Call.objects.exists() and not Making.objects.exists()
    fenghua.ok("supply.match.agree", by=fenghua.contacts[buyer.id], match=match.id)
    fenghua.hear()
    with acting(fenghua.contacts[maker.id]):
        assert (Call.objects.get().state, Call.objects.get().buyer) == ("agreed", buyer.name)
    with acting(fenghua.desk):
        told = sorted(Outgoing._base_manager.filter(kind__startswith="supply.").values_list("kind", flat=True))
    assert told == ["supply.agreed", "supply.asked", "supply.offered"]
    fenghua.ok("supply.match.fail", by=fenghua.contacts[buyer.id], match=match.id, words="第一批尺寸不对")
    fenghua.hear()
    assert (fenghua.fresh(need).state, fenghua.fresh(call).state) == ("open", "over")


def test_a_competitor_sees_nobodys_need_and_only_what_a_maker_shows(fenghua: World) -> None:
    """Tests a firm's eyes: its own rows, public cards of others, and a card that is gone once it is hidden."""
    buyer, maker, rival = fenghua.firm(), fenghua.firm(), fenghua.firm()
    fenghua.lacks(buyer)
    making = fenghua.makes(maker)
    eyes = fenghua.contacts[rival.id]
    asked = queries.pieces("密封圈")
    with acting(eyes):
        assert not Need.objects.exists() and not Making.objects.exists() and not queries.shown(asked).exists()
    numbers = {"capacity": 5000, "free": 1500, "per": "day"}
    fenghua.ok("supply.making.change", by=fenghua.contacts[maker.id], making=making.id, **numbers, shown=True)
    with acting(eyes):
        assert [(card.firm, card.spare) for card in queries.shown(asked)] == [(maker.name, "每天1500只")]
        assert not Making.objects.exists()
    theirs = fenghua.refused("supply.making.change", by=eyes, making=making.id, **numbers)
    assert (theirs.code, fenghua.fresh(making).free) == ("NotFound", 1500)
    fenghua.ok("supply.making.change", by=fenghua.contacts[maker.id], making=making.id, **numbers)
    with acting(eyes):
        assert not queries.shown(asked).exists()
    with acting(fenghua.desk):
        assert Card.objects.filter(making=making.id, on=False).exists()


def test_a_desk_elsewhere_finds_what_is_shown_and_nothing_else(fenghua: World) -> None:
    """Tests the search under row security: another district finds the public card, not the maker's row nor the outside register."""
    hidden, open_one = fenghua.firm(), fenghua.firm()
    fenghua.makes(hidden)
    fenghua.makes(open_one, shown=True)
    fenghua.keeps()
    haishu = jurisdiction.by_name("海曙区")
    assert haishu is not None
    there = officer("bureau_clerk", haishu.id, name="海曙经信")
    with acting(there):
        assert [(one.kind, one.name) for one in queries.find("密封圈", there)] == [("card", open_one.name)]
    with acting(fenghua.desk):
        assert {one.kind for one in queries.find("密封圈", fenghua.desk)} == {"making", "outside"}


def test_a_need_is_agreed_with_one_supplier_and_asked_of_none_twice(fenghua: World) -> None:
    """Tests the sentences, and the table itself."""
    buyer, first, second = fenghua.firm(), fenghua.firm(), fenghua.firm()
    need = fenghua.lacks(buyer)
    one, two = fenghua.makes(first), fenghua.makes(second)
    match = fenghua.ok("supply.match.propose", by=fenghua.desk, need=need.id, making=one.id)
    twice = fenghua.refused("supply.match.propose", by=fenghua.desk, need=need.id, making=one.id)
    assert twice.says == "这家已经问过了，还没有结果，没有再问。"
    other = fenghua.ok("supply.match.propose", by=fenghua.desk, need=need.id, making=two.id)
    busy = fenghua.refused("supply.need.pass_on", by=fenghua.desk, need=need.id, words="本地做不了")
    assert (busy.code, fenghua.fresh(need).state) == ("StillTrying", "open")
    with acting(fenghua.desk):
        calls = {call.match: call for call in Call.objects.all()}
    for it, firm in ((match, first), (other, second)):
        fenghua.ok("supply.call.accept", by=fenghua.contacts[firm.id], inquiry=calls[it.id].id, answer="能")
    fenghua.hear()
    fenghua.ok("supply.match.agree", by=fenghua.contacts[buyer.id], match=match.id)
    both = fenghua.refused("supply.match.agree", by=fenghua.contacts[buyer.id], match=other.id)
    assert (both.says[:15], fenghua.fresh(other).state) == ("这样东西已经和一家谈成了，没有", "offered")
    with pytest.raises(IntegrityError, match="supply_one_agreed_match"), acting(fenghua.desk), connection.cursor() as cursor:
        cursor.execute("UPDATE supply_match SET state = 'agreed' WHERE id = %s", [other.id])


def test_a_need_that_nobody_here_meets_goes_to_another_city_by_its_case(fenghua: World) -> None:
    """Tests that it keeps one case through all tries, and comes back or is met."""
    buyer = fenghua.firm()
    need, other = fenghua.lacks(buyer), fenghua.keeps()
    match = fenghua.ok("supply.match.propose", by=fenghua.desk, need=need.id, supplier=other.id)
    number = fenghua.fresh(need).case_number
    fenghua.ok("supply.match.note_no", by=fenghua.desk, match=match.id, answer="也停着")
    passed = fenghua.ok("supply.need.pass_on", by=fenghua.desk, need=need.id, words="两家都做不了")
    assert (passed.state, passed.case_number) == ("passed_on", number)
    with acting(fenghua.desk):
        assert len(list(casework.cases_of(buyer.id))) == 1
    assert fenghua.refused("supply.match.propose", by=fenghua.desk, need=need.id, supplier=other.id).code == "NeedIsOver"
    alone = fenghua.refused("supply.need.found", by=fenghua.desk, need=need.id, words="苏州工信局帮找到")
    assert (alone.code, fenghua.fresh(need).state) == ("AnotherFinds", "passed_on")
    second = officer("bureau_clerk", fenghua.district, name="经信员二", department="区经信局")
    assert fenghua.ok("supply.need.found", by=second, need=need.id, words="苏州工信局帮找到").state == "met"
    assert values(fenghua)["G03"] == 120


def test_what_is_told_must_add_up(fenghua: World) -> None:
    """Tests the sentences of numbers and days, a maker asked for its own need, and that nothing was written."""
    firm = fenghua.firm()
    mine = fenghua.contacts[firm.id]
    numbers = {"enterprise": firm.id, "product": "密封圈", "unit": "只", "per": "day"}
    more = fenghua.refused("supply.making.tell", by=mine, **numbers, capacity=100, free=200)
    assert more.errors == {"free": "能给别家的不能比产能还多。"}
    lack = {"enterprise": firm.id, "product": "密封圈", "quantity": 1, "unit": "只", "by": "2020-02-01", "since": "2020-03-01"}
    late = run("supply.need.tell", lack, actor=mine, at=clock.now())
    assert set(late.errors or {}) == {"by", "since"}
    with acting(fenghua.desk):
        assert not Making.objects.exists() and not Need.objects.exists()
    making, need = fenghua.makes(firm), fenghua.lacks(firm)
    own = fenghua.refused("supply.match.propose", by=fenghua.desk, need=need.id, making=making.id)
    assert (own.code, fenghua.refused("supply.match.propose", by=fenghua.desk, need=need.id).code) == ("OwnMaking", "NotAsked")
    with acting(fenghua.desk):
        assert not Match.objects.exists() and not list(casework.cases_of(firm.id))


def test_no_officer_says_yes_for_both_sides(fenghua: World) -> None:
    """Tests that the desk answers for no maker, and that a call-taker who answered for one does not agree for the other."""
    buyer, maker = fenghua.firm(), fenghua.firm()
    need, making = fenghua.lacks(buyer), fenghua.makes(maker)
    match = fenghua.ok("supply.match.propose", by=fenghua.desk, need=need.id, making=making.id)
    with acting(fenghua.desk):
        call = Call.objects.get()
    second = officer("bureau_clerk", fenghua.district, name="经信员二", department="区经信局")
    for officer_, verb in ((fenghua.desk, "accept"), (second, "accept"), (second, "decline")):
        assert fenghua.refused(f"supply.call.{verb}", by=officer_, inquiry=call.id, answer="能").code == "DeskDoesNotAnswer"
    assert fenghua.fresh(call).state == "asked"
    fenghua.ok("supply.call.accept", by=fenghua.taker, inquiry=call.id, answer="能")
    fenghua.hear()
    both = fenghua.refused("supply.match.agree", by=fenghua.taker, match=match.id)
    assert (both.code, fenghua.fresh(match).state, fenghua.fresh(call).buyer) == ("SupplierAnswered", "offered", "")
    fenghua.ok("supply.match.agree", by=fenghua.contacts[buyer.id], match=match.id)


@pytest.mark.parametrize("heard", [True, False])
def test_after_a_need_is_met_nobody_else_learns_who_needed_it(fenghua: World, heard: bool) -> None:
    """Tests that a second match is not agreed after delivery, before or after the news of it, and that it lapses with its call."""
    buyer, first, second = fenghua.firm(), fenghua.firm(), fenghua.firm()
    need = fenghua.lacks(buyer)
    makings = [fenghua.makes(firm) for firm in (first, second)]
    matches = [fenghua.ok("supply.match.propose", by=fenghua.desk, need=need.id, making=one.id) for one in makings]
    with acting(fenghua.desk):
        calls = {call.match: call for call in Call.objects.all()}
    for match, firm in zip(matches, (first, second), strict=True):
        fenghua.ok("supply.call.accept", by=fenghua.contacts[firm.id], inquiry=calls[match.id].id, answer="能")
    fenghua.hear()
    fenghua.ok("supply.match.agree", by=fenghua.contacts[buyer.id], match=matches[0].id)
    fenghua.ok("supply.match.deliver", by=fenghua.contacts[buyer.id], match=matches[0].id)
    if heard:
        fenghua.hear()
        assert (fenghua.fresh(need).state, fenghua.fresh(matches[1]).state) == ("met", "lapsed")
    late = fenghua.refused("supply.match.agree", by=fenghua.contacts[buyer.id], match=matches[1].id)
    assert late.code == ("WrongState" if heard else "NeedIsOver")
    fenghua.hear()
    other = fenghua.fresh(calls[matches[1].id])
    assert (fenghua.fresh(need).state, fenghua.fresh(matches[1]).state, other.state, other.buyer) == ("met", "lapsed", "over", "")
