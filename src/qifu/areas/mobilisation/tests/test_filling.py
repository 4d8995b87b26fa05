"""The plain rule of filling, against a slow obvious judge."""

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest

from qifu.areas.mobilisation.filling import Duty, Filled, Hand, Law, fill
from qifu.kernel.calendar.clock import ZONE

FIRST = date(2020, 2, 10)
LAW = Law(rest_hours=16, most_in_week=3)


def duties(days: int, posts: tuple[str, ...] = ("值班员",)) -> list[Duty]:
    found = []
    for n in range(days):
        day = FIRST + timedelta(days=n)
        for hour, length, points in ((8, 9, 2), (17, 15, 3)):
            for post in posts:
                starts = datetime(day.year, day.month, day.day, hour, 30, tzinfo=ZONE)
                found.append(
                    Duty(
                        id=UUID(int=len(found) + 1),
                        day=day,
                        post=post,
                        starts_at=starts,
                        ends_at=starts + timedelta(hours=length),
                        points=points,
                    )
                )
    return found


def hands(count: int, **more: frozenset) -> list[Hand]:
    return [Hand(person=UUID(int=1000 + n), name=f"人{n:02d}", **more) for n in range(count)]


def broken(all_duties: list[Duty], done: list[Filled], people: list[Hand], law: Law) -> list[str]:
    """Say every way in which a rota breaks its law, looking at each pair and each hour."""
    who = {one.duty: one.person for one in done}
    found = []
    for hand in people:
        mine = sorted((one for one in all_duties if who.get(one.id, one.person) == hand.person), key=lambda one: one.starts_at)
        for one, other in pairwise(mine):
            if other.starts_at - one.ends_at < timedelta(hours=law.rest_hours):
                found.append(f"{hand.name} rests too little before {other.starts_at}")
        for n in range(-7, 40):
            first = FIRST + timedelta(days=n)
            if sum(first <= one.day < first + timedelta(days=7) for one in mine) > law.most_in_week:
                found.append(f"{hand.name} has too many in the week of {first}")
        wrong = [one for one in mine if one.day in hand.off or (hand.posts and one.post not in hand.posts)]
        found += [f"{hand.name} should not be on {one.day} {one.post}" for one in wrong]
    return found


def test_a_month_is_filled_lawfully_and_fairly() -> None:
    """Tests 60 people on 28 days: nobody twice, everybody rested, and no two differ by more than one duty."""
    todo, people = duties(28, ("带班领导", "值班员")), hands(60)
    done = fill(todo, people, LAW)
    assert len(done) == len(todo) and all(one.person for one in done)
    assert broken(todo, done, people, LAW) == []
    carried = Counter({hand.person: 0 for hand in people})
    points = {one.id: one.points for one in todo}
    for one in done:
        carried[one.person] += points[one.duty]
    assert max(carried.values()) - min(carried.values()) <= 3


@pytest.mark.parametrize("count", [1, 3, 4, 8])
def test_too_few_people_leave_duties_empty_and_say_why(count: int) -> None:
    """Tests that law is not bent for want of people: what nobody can do stays empty with its reasons."""
    todo, people = duties(14), hands(count)
    done = fill(todo, people, LAW)
    assert broken(todo, done, people, LAW) == []
    assert all(one.why for one in done)
    assert all("没有人合适" in one.why for one in done if one.person is None)
    assert any(one.person is None for one in done) == (count * LAW.most_in_week * 2 < len(todo))


def test_leave_posts_and_other_rotas_are_kept() -> None:
    """Tests days off, also the morning after a night, posts, and duties on another rota."""
    off = frozenset({FIRST + timedelta(days=3)})
    people = [*hands(8, off=off), Hand(person=UUID(int=7777), name="领导", posts=frozenset({"带班领导"}))]
    todo = duties(7, ("带班领导", "值班员"))
    done = fill(todo, people, LAW)
    assert broken(todo, done, people, LAW) == []
    by_id = {one.id: one for one in todo}
    for one in done:
        if one.person and one.person != UUID(int=7777):
            duty = by_id[one.duty]
            assert duty.day not in off and not (duty.points == 3 and duty.day + timedelta(days=1) in off)
    lonely = hands(1)
    busy = Duty(
        id=UUID(int=5), day=FIRST, post="别处", starts_at=todo[0].starts_at, ends_at=todo[0].ends_at, points=2, person=lonely[0].person
    )
    first = fill(duties(1), lonely, LAW, also=[busy])
    assert [one.person for one in first] == [None, None]
    assert "已经在值别的班" in first[0].why and "16小时" in first[1].why


def test_the_same_people_give_the_same_rota() -> None:
    """Tests that the order in which people come does not matter, and that what is filled stays."""
    todo, people = duties(10), hands(9)
    assert fill(todo, people, LAW) == fill(todo, people[::-1], LAW)
    half = fill(todo, people, LAW)[:6]
    who = {one.duty: one.person for one in half}
    kept = [Duty(**{**one.__dict__, "person": who.get(one.id)}) for one in todo]
    assert not {one.duty for one in fill(kept, people, LAW)} & set(who)
