"""Tests of the rule by which territories are proposed: nobody without a person, loads alike, little changed, each with a reason."""

from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from qifu.areas.visits.planning import Firm, Officer, propose
from qifu.areas.visits.terms import FAIR
from qifu.kernel.values.road import Point

HERE, THERE = 1, 2


def officer(number: int, *, towns: frozenset[int] = frozenset({HERE}), home: int = HERE) -> Officer:
    return Officer(UUID(int=number), f"干部{number:03}", towns, home)


def firm(number: int, *, now: Officer | None = None, town: int = HERE, at: Point | None = None) -> Firm:
    return Firm(UUID(int=1000 + number), f"企业{number:03}", town, at, now=now.id if now else None, now_name=now.name if now else "")


def test_whoever_has_nobody_goes_to_the_one_with_fewest():
    """Tests that new firms fill the shorter list, and that firms in good hands stay."""
    a, b = officer(1), officer(2)
    held = [firm(n, now=a) for n in range(3)]
    done = propose([*held, firm(10), firm(11)], [a, b])
    assert {one.to.id for one in done.changes} == {b.id} and done.same == len(held)
    assert {one.why for one in done.changes} == {"没有人包"}


def test_of_equals_the_nearest():
    """Tests that of two officers with as many firms the one with a firm next door gets it."""
    a, b = officer(1), officer(2)
    firms = [firm(1, now=a, at=Point(29.50, 121.5)), firm(2, now=b, at=Point(29.60, 121.5)), firm(3, at=Point(29.601, 121.5))]
    assert [one.to.id for one in propose(firms, [a, b]).changes] == [b.id]


def test_an_officer_who_left_hands_everything_over_with_that_reason():
    """Tests that firms of somebody who is gone are given out anew, and say why."""
    gone, a = officer(9), officer(1)
    done = propose([firm(n, now=gone) for n in range(4)], [a])
    assert [one.why for one in done.changes] == ["干部009已不在岗"] * 4


def test_a_firm_of_a_town_without_officers_is_left_and_named():
    """Tests that nothing is given across a border."""
    done = propose([firm(1, town=THERE)], [officer(1)])
    assert not done.changes and [one.town for one in done.left] == [THERE]


def test_a_second_run_on_the_result_changes_nothing():
    """Tests that a plan that was confirmed is not made anew the next day."""
    officers = [officer(n) for n in range(1, 5)]
    firms = [firm(n, now=officers[0] if n < 12 else None) for n in range(30)]
    first = propose(firms, officers)
    to = {one.firm.id: one.to for one in first.changes}
    after = [Firm(f.id, f.name, f.town, f.point, now=to[f.id].id if f.id in to else f.now, now_name="") for f in firms]
    assert not propose(after, officers).changes


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 6), st.lists(st.integers(0, 6), max_size=60))
def test_nobody_without_a_person_loads_alike_and_no_more_moved_than_needed(people, holders):
    """Tests for any beginning: everybody has somebody, loads lie at most FAIR apart, and of firms in good hands only those
    above the fair load change hands."""
    officers = [officer(n) for n in range(1, people + 1)]
    firms = [firm(n, now=officers[who - 1] if 0 < who <= people else None) for n, who in enumerate(holders)]
    done = propose(firms, officers)
    to = {one.firm.id: one.to.id for one in done.changes}
    loads = {one.id: 0 for one in officers}
    for one in firms:
        loads[to.get(one.id, one.now)] += 1
    assert max(loads.values()) - min(loads.values()) <= FAIR
    before = {one.id: sum(f.now == one.id for f in firms) for one in officers}
    moved = sum(f.now is not None and f.id in to for f in firms)
    fair = len(firms) // people
    assert moved <= sum(max(n - fair, 0) for n in before.values())
    assert sorted(n for _, _, n in done.loads) == sorted(n for id, n in loads.items() if n or before[id])
    assert all(one.why for one in done.changes)
