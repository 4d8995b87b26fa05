"""Whoever is on a rota hears of it: published, changed, asked, handed over, tomorrow; and what being lent takes along."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from qifu.areas.mobilisation import telling
from qifu.areas.mobilisation.models import Loan, Roster, Turn
from qifu.areas.mobilisation.views.fairness import loads, spread
from qifu.kernel.access import Actor, acting
from qifu.kernel.access.hats import worn_by
from qifu.kernel.access.scope import DOOR
from qifu.kernel.access.tests.factories import at, officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.notify.models import Outgoing
from qifu.kernel.values.secret import Secret
from qifu.kernel.workflow.timer import tick

from .factories import do, home, refuse, staff

NOW = at("2020-02-10", "09:00")
FIRST = date(2020, 2, 11)


@pytest.fixture
def hands(database: Any) -> Iterator[clock.Fixed]:
    with clock.use(clock.Fixed(NOW)) as fixed:
        yield fixed


@pytest.fixture
def planner(hands: clock.Fixed) -> Actor:
    return officer("control_office", home(), name="排班人")


@pytest.fixture
def people(hands: clock.Fixed) -> list[Actor]:
    return staff(6)


@pytest.fixture
def rota(planner: Actor, people: list[Actor]) -> Roster:
    shift = [{"name": "白班", "start": "08:30", "end": "17:30"}]
    given = {
        "place": home(),
        "title": "二月",
        "first_day": FIRST,
        "last_day": FIRST + timedelta(days=5),
        "shifts": shift,
        "posts": ["值班员"],
    }
    made = do("plan_rota", planner, **given)
    do("choose_people", planner, roster=made.id, people=[{"person": one.person} for one in people])
    do("fill_rota", planner, roster=made.id)
    return do("publish_rota", planner, roster=made.id)


def told(who: Actor, kind: str) -> set[Any]:
    with acting(who):
        return set(Outgoing._base_manager.filter(kind=f"mobilisation.{kind}").values_list("person", flat=True))


def turns(who: Actor) -> list[Turn]:
    with acting(who):
        return list(Turn._base_manager.select_related("roster").order_by("starts_at"))


def holder(turn: Turn) -> Actor:
    with acting(DOOR):
        return worn_by(turn.person, at=clock.now(), strong=True)


def test_everybody_of_a_rota_hears_of_it_of_changes_and_of_swaps(rota: Roster, planner: Actor, people: list[Actor]) -> None:
    """Tests one message each at publication, both at a change, and each side of a swap."""
    assert told(planner, "rota") == {one.person for one in people}
    first, second, third, *_ = turns(planner)
    other = next(one for one in people if one.person not in {one.person for one in turns(planner)[:3]})
    do("assign_turn", planner, turn=first.id, person=other.person)
    assert (told(planner, "turn"), told(planner, "turn_off")) == ({other.person}, {first.person})
    do("ask_swap", holder(second), turn=second.id, person=first.person)
    assert told(planner, "swap") == {first.person}
    do("decline_swap", holder(first), turn=second.id)
    assert told(planner, "swap_declined") == {second.person}
    do("ask_swap", holder(second), turn=second.id, person=first.person)
    do("agree_swap", holder(first), turn=second.id)
    assert told(planner, "swap_agreed") == {second.person} and third.person is not None


def test_tomorrow_is_told_once_in_the_afternoon_and_to_who_holds_it_then(
    rota: Roster, planner: Actor, people: list[Actor], hands: clock.Fixed
) -> None:
    """Tests that nobody is told in the morning, once after four, and anew when the duty has gone to another."""
    first = turns(planner)[0]
    assert telling.remind(clock.now()) == 0
    hands.set(at("2020-02-10", "16:00"))
    assert telling.remind(clock.now()) == 1 and telling.remind(clock.now()) == 0
    other = next(one for one in people if one.person not in {one.person for one in turns(planner)[:3]})
    do("assign_turn", planner, turn=first.id, person=other.person)
    assert telling.remind(clock.now()) == 1
    assert told(planner, "turn_tomorrow") == {first.person, other.person}


def test_who_is_on_duty_next_hears_that_there_is_a_word(rota: Roster, planner: Actor, hands: clock.Fixed) -> None:
    """Tests that the next one of the post is told, without the words of the note."""
    first, second, *_ = turns(planner)
    hands.set(first.starts_at)
    do("take_duty", holder(first), turn=first.id)
    hands.set(first.ends_at)
    do("hand_over", holder(first), turn=first.id, note="三号厂房漏水，已报修")
    assert told(planner, "handed_over") == {second.person}
    with acting(planner):
        words = [Secret(one.words).reveal() for one in Outgoing._base_manager.filter(kind="mobilisation.handed_over")]
    assert all("漏水" not in one for one in words)


def test_loads_are_counted_for_each_person(rota: Roster, planner: Actor) -> None:
    """Tests duties, nights and days off against a count by hand."""
    with acting(planner):
        rows = loads(home(), first=FIRST, last=FIRST + timedelta(days=5))
    by_hand = turns(planner)
    assert sum(one.duties for one in rows) == len(by_hand) and sum(one.nights for one in rows) == 0
    assert sum(one.off for one in rows) == sum(one.day.weekday() >= 5 for one in by_hand)
    assert spread(rows, "duties") == (min(one.duties for one in rows), max(one.duties for one in rows))


def test_being_lent_takes_rights_along_and_leaves_duties_to_who_covers(
    rota: Roster, planner: Actor, people: list[Actor], hands: clock.Fixed
) -> None:
    """Tests that the task force's rights begin with the approval and end with recall or last day, and that duties go over by law."""
    leader = officer("approver", home(), name="局长")
    boss = officer("bureau_clerk", home(), name="建专班的")
    answer = run("registry.form_task_force", {"name": "口罩专班", "region": home()}, actor=boss)
    assert answer.ok, answer
    goes = next(one for one in people if one.person == turns(planner)[0].person)
    covers = next(one for one in people if one.person == turns(planner)[3].person)
    held = [one for one in turns(planner) if one.person == goes.person]
    given = {"place": home(), "to": "口罩专班", "task": "驻企", "cover": covers.person, "cover_work": "接电话", "first_day": FIRST}
    loan = do("ask_loan", goes, **given, last_day=FIRST + timedelta(days=6), force=answer.result.id)
    assert told(planner, "loan") == {covers.person}
    do("cover_loan", covers, loan=loan.id)
    before = roles(goes)
    do("approve_loan", leader, loan=loan.id)
    assert roles(goes) - before == {"assessor"}
    assert told(planner, "loan_approved") == {goes.person, covers.person}
    with acting(leader):
        ahead = [Turn._base_manager.get(pk=one.id) for one in held]
    assert {one.person for one in ahead} <= {goes.person, covers.person} and ahead[0].person == covers.person
    do("recall_loan", leader, loan=loan.id)
    assert roles(goes) == before and told(planner, "loan_back") == {goes.person, covers.person}
    again = do("ask_loan", goes, **given, last_day=FIRST, force=answer.result.id)
    do("cover_loan", covers, loan=again.id)
    do("approve_loan", leader, loan=again.id)
    hands.set(at("2020-02-12", "00:00"))
    assert tick(clock.now()) == 1 and roles(goes) == before
    with acting(leader):
        assert Loan.objects.get(pk=again.id).state == "back"
    assert refuse("move_duties", leader, loan=again.id).code == "NotFound"


def roles(who: Actor) -> set[str]:
    """Give the roles that somebody wears now."""
    with acting(DOOR):
        return {hat.role for hat in worn_by(who.person, at=clock.now(), strong=True).hats}
