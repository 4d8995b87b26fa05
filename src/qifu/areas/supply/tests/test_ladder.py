"""A broken link for which nobody looks, and a supplier that does not answer."""

from qifu.kernel.access.tests.factories import at
from qifu.kernel.ladder.tests.hearing import due, head, heard, sweep_on

from .factories import World


def test_a_broken_link_presses_the_districts_desk_and_a_maker_who_is_silent_is_told_of_once(fenghua: World) -> None:
    """Tests the need, the match whose asker is reminded, and that what the maker is asked is not told of beside it."""
    head(fenghua.district, "方区长")
    buyer, maker, other = fenghua.firm(), fenghua.firm(), fenghua.firm()
    alone, need, making = fenghua.lacks(other), fenghua.lacks(buyer), fenghua.makes(maker)
    match = fenghua.ok("supply.match.propose", by=fenghua.desk, need=need.id, making=making.id)
    silent = due(match, "reply")
    sweep_on(fenghua.hands, silent, hours=-6)
    assert heard(match) == [(-2, "经信员")]
    sweep_on(fenghua.hands, silent)
    assert heard(match) == [(-2, "经信员"), (1, "方区长")]
    sweep_on(fenghua.hands, due(alone, "answer"))
    assert heard(alone)[-1] == (1, "方区长")
    with_call = heard(match)
    fenghua.ok("supply.match.refuse", by=fenghua.contacts[buyer.id], match=match.id, words="等不及")
    for one, firm in ((alone, other), (need, buyer)):
        fenghua.ok("supply.need.drop", by=fenghua.contacts[firm.id], need=one.id, words="不要了")
    assert sweep_on(fenghua.hands, at("2020-03-09")) == 0 and heard(match) == with_call
