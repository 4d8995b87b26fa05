"""An order from the menu that nobody arranges, and a sitting that nobody writes down."""

from qifu.kernel.access.tests.factories import at
from qifu.kernel.ladder.tests.hearing import due, head, heard, sweep_on

from .factories import World


def test_an_order_that_nobody_arranges_presses_the_town_and_its_monitor_is_reminded(fenghua: World) -> None:
    """Tests two working days for the group, the monitor's reminder before the minutes are due, the town when they are, once each."""
    head(fenghua.town, "汪镇长")
    waits, sits = fenghua.ordered(fenghua.firm()), fenghua.agreed(fenghua.firm(), day="2020-02-20")
    late = due(waits, "set")
    sweep_on(fenghua.hands, late)
    assert [one for one in heard(waits) if one[0] > 0] == [(1, "汪镇长")]
    assert sweep_on(fenghua.hands, late, hours=1) == 0
    minutes = due(sits, "minutes")
    sweep_on(fenghua.hands, minutes, hours=-2)
    assert heard(sits) and {name for _, name in heard(sits)} == {"书记"}
    sweep_on(fenghua.hands, minutes)
    assert heard(sits)[-1] == (1, "汪镇长")
    fenghua.ok("jointoffice.session.hold", by=fenghua.clerk, sitting=sits.id, minutes="企业说缺普工二十人。")
    fenghua.ok("jointoffice.session.give_out", by=fenghua.clerk, sitting=sits.id, none=True)
    told = heard(sits)
    fenghua.ok("jointoffice.session.withdraw", by=fenghua.contacts[waits.enterprise_id], sitting=waits.id)
    assert sweep_on(fenghua.hands, at("2020-03-02")) == 0 and heard(sits) == told
