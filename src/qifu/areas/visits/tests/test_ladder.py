"""A planned visit to which nobody goes."""

from qifu.areas.visits.models import Visit
from qifu.kernel.access import acting
from qifu.kernel.ladder.tests.hearing import due, head, heard, sweep_on

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
