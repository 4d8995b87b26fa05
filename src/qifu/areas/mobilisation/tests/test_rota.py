"""A rota: filled, published, swapped with consent, taken on, handed over, and read by a calendar."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from qifu.areas.mobilisation import queries
from qifu.areas.mobilisation.models import Roster, Turn
from qifu.kernel.access import Actor, acting
from qifu.kernel.access.tests.factories import at, officer
from qifu.kernel.calendar import clock
from qifu.kernel.journal.models import Entry

from .factories import do, home, refuse, ringing, staff, town

NOW = at("2020-02-11", "09:00")
FIRST = date(2020, 2, 13)


@pytest.fixture
def hands(database: Any) -> Iterator[clock.Fixed]:
    with clock.use(clock.Fixed(NOW)) as fixed:
        yield fixed


@pytest.fixture
def planner(hands: clock.Fixed) -> Actor:
    return officer("control_office", home(), name="排班人", department="防控办")


def planned(planner: Actor, people: list[Actor], *, days: int = 4, **more: Any) -> Roster:
    roster = do(
        "plan_rota",
        planner,
        place=home(),
        title="应急值班",
        first_day=FIRST,
        last_day=FIRST + timedelta(days=days - 1),
        posts=["值班员"],
        **more,
    )
    do("choose_people", planner, roster=roster.id, people=[{"person": one.person} for one in people])
    return do("fill_rota", planner, roster=roster.id)


def rows(actor: Actor, roster: Roster) -> list[Turn]:
    with acting(actor):
        return list(queries.turns(roster))


def by_person(people: list[Actor], turn: Turn) -> Actor:
    return next(one for one in people if one.person == turn.person)


def test_a_rota_is_filled_published_and_read_below(planner: Actor) -> None:
    """Tests that every duty has somebody and a reason, and that a town reads the district's rota once it is published."""
    people = staff(8)
    roster = planned(planner, people)
    found = rows(planner, roster)
    assert len(found) == 8 and all(one.person and one.why for one in found)
    clerk = officer("town_clerk", town(), name="镇街甲")
    with acting(clerk):
        assert queries.rosters(clerk) == []
    do("publish_rota", planner, roster=roster.id)
    with acting(clerk):
        assert [one.title for one in queries.rosters(clerk)] == ["应急值班"]
    assert {one.state for one in rows(planner, roster)} == {"published"}
    far = officer("town_clerk", home("鄞州区"), name="外区")
    with acting(far):
        assert queries.rosters(far) == []


def test_a_rota_with_gaps_is_not_published_and_says_where(planner: Actor) -> None:
    """Tests that too few people leave gaps with reasons, which stop the publishing."""
    roster = planned(planner, staff(2))
    empty = [one for one in rows(planner, roster) if one.person is None]
    assert empty and all("人" in one.why for one in empty)
    answer = refuse("publish_rota", planner, roster=roster.id)
    assert answer.code == "Unfilled" and f"{len(empty)}个班" in answer.says
    with acting(planner):
        assert Roster._base_manager.get(pk=roster.id).state == "drafted"


def test_by_hand_the_same_law_holds(planner: Actor) -> None:
    """Tests that rest, leave and others' people are refused by name, and nothing changes."""
    people = staff(8)
    roster = planned(planner, people)
    first, second, *_ = rows(planner, roster)
    answer = refuse("assign_turn", planner, turn=second.id, person=first.person)
    assert answer.code == "NotFree" and first.name in answer.says and "16小时" in answer.says
    assert refuse("assign_turn", planner, turn=second.id, person=planner.person).code == "NotFound"
    assert refuse("assign_turn", people[0], turn=second.id, person=first.person).code == "NotYours"
    assert [one.person for one in rows(planner, roster)][1] == second.person
    gone = do("assign_turn", planner, turn=second.id)
    assert gone.person is None and gone.name == ""


def test_leave_taken_later_empties_nothing_by_itself_and_new_people_fill_the_rest(planner: Actor) -> None:
    """Tests that who leaves the list loses the drafted duties, and filling again fills only what is empty."""
    people = staff(8)
    roster = planned(planner, people)
    before = {one.id: one.person for one in rows(planner, roster)}
    gone = people[0]
    do("choose_people", planner, roster=roster.id, people=[{"person": one.person} for one in people[1:]])
    do("fill_rota", planner, roster=roster.id)
    after = {one.id: one.person for one in rows(planner, roster)}
    assert gone.person not in after.values()
    assert {id for id in before if before[id] != after[id]} == {id for id, person in before.items() if person == gone.person}


def test_a_swap_needs_the_other_person(planner: Actor) -> None:
    """Tests asking, that only the one asked may agree, and whose duty it is before and after."""
    people = staff(8)
    roster = planned(planner, people)
    do("publish_rota", planner, roster=roster.id)
    turn = rows(planner, roster)[0]
    mine = by_person(people, turn)
    free = next(one for one in people if one.person not in {row.person for row in rows(planner, roster)[:4]})
    assert refuse("ask_swap", free, turn=turn.id, person=free.person).code == "NotYourDuty"
    asked = do("ask_swap", mine, turn=turn.id, person=free.person, why="家里有事")
    assert (asked.state, asked.person) == ("asked", mine.person)
    assert refuse("agree_swap", mine, turn=turn.id).code == "NotAskedYou"
    with acting(free):
        assert [one.id for one in queries.asked_of(free.person, at=NOW)] == [turn.id]
    swapped = do("agree_swap", free, turn=turn.id)
    assert (swapped.state, swapped.person, swapped.name) == ("published", free.person, free.name)
    with acting(mine):
        assert turn.id not in {one.id for one in queries.own_turns(mine.person, since=NOW)}
        assert Entry.objects.filter(process="mobilisation.turn", verb="agree", subject=turn.id).count() == 1


def test_a_swap_that_breaks_rest_is_refused_when_asked_and_when_agreed(planner: Actor) -> None:
    """Tests that the law is asked at both ends: what was free yesterday may not be today."""
    people = staff(8)
    roster = planned(planner, people)
    do("publish_rota", planner, roster=roster.id)
    first, second, *rest = rows(planner, roster)
    mine, next_one = by_person(people, first), by_person(people, second)
    assert refuse("ask_swap", mine, turn=first.id, person=next_one.person).code == "NotFree"
    free = next(one for one in people if one.person not in {row.person for row in (first, second, *rest[:2])})
    do("ask_swap", mine, turn=first.id, person=free.person)
    do("assign_turn", planner, turn=second.id, person=free.person)
    assert refuse("agree_swap", free, turn=first.id).code == "NotFree"
    declined = do("decline_swap", free, turn=first.id)
    assert (declined.state, declined.person) == ("published", mine.person)


def test_duty_is_taken_on_time_and_handed_over_with_a_word(planner: Actor, hands: clock.Fixed) -> None:
    """Tests too early, another's duty, the empty note, and that the next one reads it."""
    people = staff(8)
    roster = planned(planner, people)
    do("publish_rota", planner, roster=roster.id)
    turn, following = rows(planner, roster)[:2]
    mine = by_person(people, turn)
    assert refuse("take_duty", mine, turn=turn.id).code == "NotYetTime"
    hands.set(turn.starts_at - timedelta(minutes=30))
    assert refuse("take_duty", by_person(people, following), turn=turn.id).code == "NotYourDuty"
    do("take_duty", mine, turn=turn.id)
    with acting(mine):
        assert [one.name for one in queries.now_on_duty(mine, at=turn.starts_at)] == [mine.name]
    hands.set(turn.ends_at)
    assert refuse("hand_over", mine, turn=turn.id, note="  ").code == "NoNote"
    do("hand_over", mine, turn=turn.id, note="江口街道来电一次，已转经信局。")
    with acting(mine):
        last = queries.last_note(following)
        assert last is not None and last.note.startswith("江口街道")


def test_the_number_of_who_is_on_duty_is_given_and_noted(planner: Actor) -> None:
    """Tests one touch to call, the look on record, and no number for a draft."""
    people = [ringing(one, f"1380000010{number}") for number, one in enumerate(staff(8))]
    roster = planned(planner, people)
    turn = rows(planner, roster)[0]
    assert refuse("call_duty", planner, turn=turn.id).code == "NotFound"
    do("publish_rota", planner, roster=roster.id)
    assert do("call_duty", planner, turn=turn.id).startswith("1380000010")
    with acting(planner):
        assert Entry.objects.filter(process="look", subject=turn.id).count() == 1


def test_wrong_days_are_refused(planner: Actor) -> None:
    """Tests an end before its start and a rota of a year."""
    base = {"place": home(), "title": "表", "first_day": FIRST}
    assert refuse("plan_rota", planner, **base, last_day=FIRST - timedelta(days=1)).code == "WrongDays"
    assert refuse("plan_rota", planner, **base, last_day=FIRST + timedelta(days=365)).code == "WrongDays"
    assert (
        refuse("plan_rota", planner, **base, last_day=FIRST, shifts=[{"name": "白班", "start": "八点", "end": "17:00"}]).code == "BadInput"
    )
    with acting(planner):
        assert not Turn.objects.exists()


def test_words_and_shifts_too_many_for_a_rota_are_refused(planner: Actor) -> None:
    """Tests a post of 21 characters, a shift's name of 21 and a fifth shift a day: none is cut or left out, no rota is made."""
    base = {"place": home(), "title": "应急值班", "first_day": FIRST, "last_day": FIRST}
    shift = {"name": "白班", "start": "08:00", "end": "12:00"}
    assert "第2项：“岗位”最多20个字，现在21个" in refuse("plan_rota", planner, **base, posts=["值班员", "岗" * 21]).errors["posts"]
    assert "最多20个字，现在21个" in refuse("plan_rota", planner, **base, shifts=[shift | {"name": "班" * 21}]).errors["shifts"]
    assert refuse("plan_rota", planner, **base, shifts=[shift] * 5).errors["shifts"] == "一天最多4个班次。"
    with acting(planner):
        assert not Roster.objects.exists() and not Turn.objects.exists()
