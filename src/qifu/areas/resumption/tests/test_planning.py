"""Tests that a day of visits is laid out as a dispatcher would: big ones first, little road, nobody overloaded."""

from datetime import timedelta
from itertools import pairwise
from random import Random
from uuid import UUID, uuid4

from qifu.areas.resumption.planning import Plan, Point, Team, Visit, propose, road_km
from qifu.kernel.access.tests.factories import at

START, END = at("2020-02-17", "08:30"), at("2020-02-17", "18:00")


def visit(lat: float, lon: float, *, weight: int = 0, **more) -> Visit:
    return Visit(uuid4(), 1, Point(lat, lon), more.pop("minutes", 40), weight, **more)


def teams(number: int, **more) -> list[Team]:
    return [Team(uuid4(), f"评估{n}组", Point(29.55, 121.60), **more) for n in range(number)]


def placed(plan: Plan) -> list[UUID]:
    return [stop.visit.id for stops in plan.routes.values() for stop in stops]


def test_fifty_visits_and_nine_teams_all_find_a_place():
    """Tests that every visit stands once, in a route in which the times follow each other and end before the evening."""
    dice = Random(7)
    visits = [visit(29.45 + dice.random() * 0.2, 121.5 + dice.random() * 0.2, weight=dice.randrange(3)) for _ in range(50)]
    plan = propose(visits, teams(9), start=START, end=END)
    assert sorted(placed(plan), key=str) == sorted((v.id for v in visits), key=str) and not plan.left
    for stops in plan.routes.values():
        assert 1 <= len(stops) <= 7
        for before, after in pairwise(stops):
            assert before.leaves <= after.arrives
        assert stops[-1].leaves <= END and not any(stop.over for stop in stops)


def test_the_same_day_gives_the_same_plan():
    """Tests that the order in which rows arrive changes nothing, so that two clerks see one proposal."""
    dice = Random(3)
    visits = [visit(29.5 + dice.random() * 0.1, 121.5 + dice.random() * 0.1) for _ in range(20)]
    crew = teams(3)
    one = propose(visits, crew, start=START, end=END)
    other = propose(visits[::-1], crew, start=START, end=END)
    assert {id: [s.visit.id for s in stops] for id, stops in one.routes.items()} == {
        id: [s.visit.id for s in stops] for id, stops in other.routes.items()
    }


def test_neighbours_go_to_one_team():
    """Tests that two clusters far apart are not mixed: the road is what a route is chosen by."""
    west = [visit(29.50 + n / 1000, 121.30) for n in range(4)]
    east = [visit(29.50 + n / 1000, 121.80) for n in range(4)]
    plan = propose([*west, *east], teams(2), start=START, end=END)
    sides = [{stop.visit.point.lon for stop in stops} for stops in plan.routes.values()]
    assert sorted(sides, key=str) == [{121.30}, {121.80}]


def test_when_not_all_fit_the_big_ones_go_first():
    """Tests that the small one waits, not the big one, and that what waits is named."""
    small, big = visit(29.55, 121.60), visit(29.56, 121.61, weight=2)
    plan = propose([small, big], teams(1, most=1), start=START, end=END)
    assert placed(plan) == [big.id] and [v.id for v in plan.left] == [small.id]


def test_what_a_person_placed_stays_and_says_when_it_is_too_much():
    """Tests that a pin is obeyed against price and load, and that the stop which does not fit says so."""
    crew = teams(2, most=2)
    visits = [visit(29.55, 121.60 + n / 100) for n in range(3)]
    pins = {v.id: crew[1].id for v in visits}
    plan = propose(visits, crew, start=START, end=END, pinned=pins)
    stops = plan.routes[crew[1].id]
    assert len(stops) == 3 and not plan.routes[crew[0].id]
    assert [stop.over for stop in stops] == [False, False, True] and all(stop.pinned for stop in stops)
    nobody = propose(visits, crew, start=START, end=END, pinned={visits[0].id: None})
    assert [v.id for v in nobody.left] == [visits[0].id]


def test_a_visit_that_ends_after_its_clock_is_late():
    """Tests that lateness is measured by the end of the visit against the clock of that application."""
    slow = visit(29.55, 121.60, minutes=60, due=START + timedelta(minutes=30))
    (stop,) = next(iter(propose([slow], teams(1), start=START, end=END).routes.values()))
    assert stop.late and not stop.over


def test_what_a_team_holds_already_stays_with_it():
    """Tests that visits assigned before are kept in their team's route and only joined by new ones."""
    crew = teams(2)
    held = visit(29.70, 121.90, fixed=crew[0].id)
    plan = propose([held, visit(29.55, 121.60)], crew, start=START, end=END)
    assert held.id in [stop.visit.id for stop in plan.routes[crew[0].id]]


def test_roads_without_coordinates_are_estimated():
    """Tests that a site without coordinates is neither at zero distance nor in the way of a plan."""
    here = Point(29.55, 121.60)
    assert road_km(here, here) == 0 < road_km(None, here, same_town=True) < road_km(None, here)
    assert 1.2 < road_km(here, Point(29.56, 121.60)) < 1.6
