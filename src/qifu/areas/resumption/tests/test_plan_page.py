"""Tests that the day plan is proposed, changed by hand and confirmed by the page's own forms."""

import re

import pytest

from qifu.areas.resumption.models import Application, Item
from qifu.kernel.access import DOOR, acting
from qifu.kernel.access.models import TaskForce, everything
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.calendar import clock

from .factories import LONG_AGO, february, world


@pytest.fixture
def town(database):
    with clock.use(clock.Fixed(february("10"))) as hands:
        yield world(hands)


def second_team(town):
    with acting(DOOR):
        first = TaskForce._base_manager.get(pk=town.team)
        return TaskForce._base_manager.create(
            name="评估二组", kind="assessment", place=town.district, region=first.region, district=first.district, since=LONG_AGO
        )


def choices(page: str) -> dict[str, str]:
    """Give what each row of the form says: application -> team."""
    found = re.findall(r'<select class="input input--sm" name="team-([^"]+)">(.*?)</select>', page, re.S)
    return {id: re.search(r'value="([^"]*)" selected', options).group(1) for id, options in found}


def test_a_day_is_proposed_changed_by_hand_and_confirmed_at_once(town):
    """Tests that a changed row is marked and obeyed, that one left out stays, and that each gets team, time and checklist."""
    other = second_team(town)
    waiting = [town.accepted(town.firm(size="small")) for _ in range(4)]
    clerk = browser(town.bureau)
    page = text(clerk.get("/desk/plan"))
    chosen = choices(page)
    assert set(chosen) == {str(a.id) for a in waiting} and set(chosen.values()) <= {str(town.team), str(other.id)}
    assert "今天能看完" in page and "分派4家" in page
    moved, left = waiting[0], waiting[1]
    target = str(other.id) if chosen[str(moved.id)] == str(town.team) else str(town.team)
    form = {f"was-{id}": team for id, team in chosen.items()} | {f"team-{id}": team for id, team in chosen.items()}
    form |= {f"team-{moved.id}": target, f"team-{left.id}": ""}
    again = text(clerk.post("/desk/plan", form | {"do": "again"}))
    assert choices(again)[str(moved.id)] == target and "您改了2家" in again and "分派3家" in again
    with acting(town.bureau):
        assert set(everything(Application).values_list("state", flat=True)) == {"accepted"}
    done = text(clerk.post("/desk/plan", form | {"do": "assign"}))
    assert "已分派评估组3件" in done
    with acting(town.bureau):
        rows = {a.id: a for a in everything(Application).all()}
        assert rows[left.id].state == "accepted" and rows[left.id].visit_at is None
        assigned = [rows[a.id] for a in waiting if a.id != left.id]
        assert {a.state for a in assigned} == {"assigned"} and str(rows[moved.id].team_id) == target
        assert all(a.visit_at >= clock.now() for a in assigned)
        assert {everything(Item).filter(application=a.id).exists() for a in assigned} == {True}
    assert rows[moved.id].enterprise_id and "已派" in text(clerk.get("/desk/plan"))
    assert clerk.post("/desk/plan", form | {"do": "assign"}).status_code == 409


def test_a_town_plans_only_what_it_decides(town):
    """Tests that a town clerk's plan holds the small firms of the town, not those that the district assigns."""
    small, above = town.accepted(town.firm(size="small")), town.accepted(town.firm())
    page = text(browser(town.town_clerk).get("/desk/plan"))
    assert small.enterprise.name in page and above.enterprise.name not in page
    assert above.enterprise.name in text(browser(town.bureau).get("/desk/plan"))
    assert browser(town.fire).get("/desk/plan").status_code == 403


def test_without_teams_or_work_the_page_says_what_to_do(town):
    """Tests the empty states: nothing accepted yet, and no team at work."""
    assert "没有等分派的" in text(browser(town.bureau).get("/desk/plan"))
    with acting(DOOR):
        TaskForce._base_manager.filter(pk=town.team).update(until=clock.now())
    assert "还没有评估小组" in text(browser(town.bureau).get("/desk/plan"))
