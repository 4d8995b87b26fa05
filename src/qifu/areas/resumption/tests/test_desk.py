"""Tests that a clerk finds, keeps and foresees at the desk: own views, what is followed, many at once, why a clock is due."""

import re
from dataclasses import replace

import pytest

from qifu.areas.resumption.models import Application, SavedView, Watch
from qifu.areas.resumption.worklist import Want, Worklist, views
from qifu.kernel import jurisdiction
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock

from .factories import february, world


@pytest.fixture
def town(database):
    with clock.use(clock.Fixed(february("10"))) as hands:
        yield world(hands)


def count_of(page: str, view: str) -> int:
    found = re.search(rf'<a href="[^"]*"[^>]*>{view}<span class="count[^"]*">(\d+)', page)
    assert found, f"no view {view}"
    return int(found.group(1))


def test_each_view_counts_exactly_what_it_lists(town):
    """Tests counts against lists for each view and role, also where a view's states are counted as one, or a state by its routes."""
    above, below = town.firm(over_100m=True), town.firm(size="small")
    town.ok(town.submit(above))
    town.ok(town.submit(below))
    town.accepted(town.firm())
    town.ok(town.submit(town.firm(size="small", place=town.other)))
    for size in ("above", "small"):
        town.passed(town.firm(size=size))
        town.approved(town.firm(size=size))
    gone = town.ok(town.submit(town.firm()))
    town.ok(run("resumption.withdraw", {"application": gone.id}, actor=town.contacts[gone.enterprise_id]))
    town.suspended(town.approved(town.firm()))
    seen = 0
    for who in (
        town.bureau,
        town.town_clerk,
        town.town_leader,
        town.approver,
        town.assessor,
        town.fire,
        officer("city_clerk", city_of(town)),
    ):
        with acting(who):
            found = Worklist(who, clock.now())
            offered = {view.name: Want(view) for view in views(who)}
            counts = found.count(offered)
            for name, want in offered.items():
                listed = found.ids(want)
                assert counts[name] == len(set(listed)) == len(listed), (who.name, name)
                due = found.groups(want)
                for one, view in ((one, replace(want.view, due=one)) for one in due):
                    assert due[one] == len(found.ids(Want(view))), (who.name, name, one)
                seen += len(listed)
            assert counts["all"] == Application.objects.count()
    assert seen > 60


def city_of(town) -> int:
    return next(place for place in jurisdiction.lineage(town.district) if jurisdiction.place(place).kind == "city")


def test_filters_are_kept_under_a_name_of_ones_own(town):
    """Tests that a view holds its filters and its live count, that a colleague does not see it, and that it goes again."""
    small, above = town.ok(town.submit(town.firm(size="small"))), town.ok(town.submit(town.firm()))
    client = browser(town.bureau)
    words = "view=open&size=small"
    asked = text(client.get(f"/desk/views?{words}&page=2&done=accept"))
    assert 'value="全部在办 规下"' in asked and 'value="view=open&amp;size=small"' in asked
    assert client.post("/desk/views", {"name": "", "words": words}).status_code == 422
    assert client.post("/desk/views", {"name": "长" * 25, "words": words}).status_code == 422
    kept = client.post("/desk/views", {"name": "小的先看", "words": words})
    assert kept["Location"] == f"/desk/?{words}"
    page = text(client.get(kept["Location"]))
    assert count_of(page, "小的先看") == 1 and small.enterprise.name in page and above.enterprise.name not in page
    town.ok(town.submit(town.firm(size="small")))
    assert count_of(text(client.get("/desk/")), "小的先看") == 2
    assert "小的先看" not in text(browser(town.approver).get("/desk/"))
    with acting(town.bureau):
        (view,) = SavedView.objects.all()
    other = browser(town.approver)
    other.post(f"/desk/views/{view.id}/drop")
    assert "小的先看" in text(client.get("/desk/"))
    client.post(f"/desk/views/{view.id}/drop")
    assert "小的先看" not in text(client.get("/desk/"))


def test_too_many_views_are_refused_and_the_words_stay(town):
    """Tests that the thirteenth view is refused with a way on, and that a name used again takes the new filters."""
    client = browser(town.bureau)
    for number in range(12):
        assert client.post("/desk/views", {"name": f"视图{number}", "words": "view=open"}).status_code == 302
    refused = client.post("/desk/views", {"name": "再来一个", "words": "view=open"})
    assert refused.status_code == 409 and "先删一个不用的" in text(refused) and "再来一个" in text(refused)
    assert client.post("/desk/views", {"name": "视图3", "words": "view=all"}).status_code == 302
    with acting(town.bureau):
        assert SavedView.objects.count() == 12 and SavedView.objects.get(name="视图3").words == "view=all"


def test_what_is_followed_stands_in_ones_own_view(town):
    """Tests that following is one touch, is counted for the follower alone, and ends by the same button."""
    application = town.ok(town.submit(town.firm(size="small")))
    client, path = browser(town.bureau), f"/desk/applications/{application.id}"
    assert count_of(text(client.get("/desk/")), "我关注的") == 0
    assert client.post(f"{path}/follow", {"on": "1", "back": path})["Location"] == path
    assert client.post(f"{path}/follow", {"on": "1"}).status_code == 302
    assert "关注中" in text(client.get(path))
    page = text(client.get("/desk/?view=followed"))
    assert count_of(page, "我关注的") == 1 and application.enterprise.name in page
    assert count_of(text(browser(town.approver).get("/desk/")), "我关注的") == 0
    client.post(f"{path}/follow", {"on": "0"})
    with acting(town.bureau):
        assert not Watch.objects.exists()
    foreign = town.ok(town.submit(town.firm(size="small", place=town.other)))
    assert browser(town.town_clerk).post(f"/desk/applications/{foreign.id}/follow", {"on": "1"}).status_code == 404


def test_many_are_assigned_by_the_road_with_their_consequence_before(town):
    """Tests that ticked rows say which team gets them, and lead to a plan of just these rows."""
    chosen = [town.accepted(town.firm(size="small")) for _ in range(2)]
    left = town.accepted(town.firm(size="small"))
    client = browser(town.bureau)
    rows = {"row": [str(a.id) for a in chosen]}
    asks = text(client.post("/desk/bulk/asks", rows))
    assert "评估一组2家" in asks and "分派2件" in asks and 'formaction="/desk/plan"' in asks
    page = text(client.post("/desk/plan", rows))
    assert left.enterprise.name not in page and all(a.enterprise.name in page for a in chosen) and "分派2家" in page
    again = text(client.post("/desk/plan", {"only": "1", "do": "again"} | {f"team-{a.id}": str(town.team) for a in chosen}))
    assert left.enterprise.name not in again and "分派2家" in again


def test_a_row_that_cannot_be_seen_in_time_is_named_before(town):
    """Tests that the foot of the list names who would be late, before anybody presses."""
    town.accepted(town.firm(size="small"))
    application = town.accepted(town.firm(size="small"))
    # After half past four nobody sets out: tomorrow is too late for what is due tonight.
    town.hands.set(february("10", "17:00"))
    asks = text(browser(town.bureau).post("/desk/bulk/asks", {"row": [str(application.id)]}))
    assert f"{application.enterprise.name}排到2月11日" in asks and "会逾期" in asks


def test_a_clock_says_why_it_is_due_then(town):
    """Tests that the page and the preview explain the deadline: what is left, since when, which promise, on whose word."""
    application = town.accepted(town.firm(size="small"))
    town.hands.set(february("10", "14:36"))
    client = browser(town.bureau)
    for path in (f"/desk/applications/{application.id}", f"/desk/applications/{application.id}/preview"):
        page = text(client.get(path))
        assert "还剩9小时24分，因为2月10日 09:00起算，当日评估" in page
    row = text(client.get("/desk/?view=accepted"))
    assert "2月10日 09:00受理，当日评估" in row
    town.hands.set(february("11", "01:00"))
    assert "已过1小时，因为" in text(browser(town.bureau).get(f"/desk/applications/{application.id}"))
    returned = town.ok(town.submit(town.firm(size="small")))
    client = browser(town.town_clerk)
    assert client.post(f"/desk/applications/{returned.id}/return", {"missing": "方案"}).status_code == 302
    assert "还没赶上" not in text(client.get(f"/desk/applications/{returned.id}"))


def test_the_decision_before_its_time_says_what_comes_first_and_who_decides(town):
    """Tests that a step which is not open yet is shown with its reason and its people, without a button."""
    application = town.accepted(town.firm())
    page = text(browser(town.bureau).get(f"/desk/applications/{application.id}"))
    assert "还不能：先评估。" in page and "复工审批人" in page and f"{application.id}/approve" not in page
