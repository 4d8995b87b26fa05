"""Tests that one list tells a person with several hats what waits, under the hat that may do it, and nobody else's."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from qifu.areas.resumption.tests.factories import LONG_AGO, february, world
from qifu.kernel import jurisdiction
from qifu.kernel.access import DOOR, Actor, acting
from qifu.kernel.access.hats import worn_by
from qifu.kernel.access.models import Grant, Role
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.ui import todo

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def hands(database):
    with clock.use(clock.Fixed(february("10"))) as hands:
        yield hands


def also(actor: Actor, role: str, place: int) -> Actor:
    """Give somebody one more hat."""
    with acting(DOOR):
        Grant._base_manager.create(
            person_id=actor.person, role_id=role, place=place, since=LONG_AGO, region=place, district=jurisdiction.district_of(place)
        )
        return worn_by(actor.person, at=clock.now(), strong=actor.strong)


def counts(actor: Actor) -> dict[str, tuple[int, int]]:
    with acting(actor):
        return {one.todo.code: (one.count, one.late) for one in todo.all_hats(actor, at=clock.now())}


def test_what_waits_stands_under_the_hat_that_may_do_it(hands):
    """Tests two towns and a bureau in one person: each thing under its own hat, all of it in one sum."""
    there = world(hands)
    small, large = there.firm(size="small"), there.firm(size="above")
    far = there.firm(size="small", place=there.other)
    for firm in (small, large, far):
        there.ok(there.submit(firm))
    several = also(also(there.town_clerk, "town_clerk", there.other), "bureau_clerk", there.district)
    with acting(several):
        together, first, second, third = todo.by_hat(several, at=clock.now())
    by_code = [{one.todo.code: one.count for one in waits} for waits in (first, second, third)]
    assert by_code[0]["resumption.accept.town"] == 1 and by_code[0]["resumption.forward"] == 1
    assert by_code[1] == {"resumption.accept.town": 1}
    # The bureau accepts in both towns too: the same two things stand under its hat, and once in the sum.
    assert {one.todo.code: one.count for one in together}["resumption.accept.town"] == 2
    page = browser(several).get("/todo")
    assert [group["label"] for group in page.context_data["groups"]] == [hat.label for hat in several.hats[:3]]
    assert page.context_data["total"] == todo.total(together)
    assert page.context_data["shared"] == sum(todo.total(waits) for waits in (first, second, third)) - todo.total(together)
    assert browser(several).get("/todo/count").json() == {"count": todo.total(together), "late": 0}


def test_a_step_that_is_taken_leaves_the_list_and_comes_to_the_next_person(hands):
    """Tests that the list follows the work, and that what is past its time is said."""
    there = world(hands)
    application = there.ok(there.submit(there.firm(size="above")))
    assert counts(there.town_clerk)["resumption.forward"] == (1, 0)
    assert "resumption.accept.district" not in counts(there.bureau)
    there.ok(run("resumption.forward", {"application": application.id}, actor=there.town_clerk))
    assert "resumption.forward" not in counts(there.town_clerk)
    assert counts(there.bureau)["resumption.accept.district"] == (1, 0)
    hands.advance(timedelta(days=10))
    assert counts(there.bureau)["resumption.accept.district"] == (1, 1)
    page = browser(there.bureau).get("/todo")
    assert "1 件过了时限" in text(page)


def test_nobody_is_asked_to_confirm_their_own(hands):
    """Tests that what needs another person does not wait for the one who proposed it."""
    there = world(hands)
    application = there.approved(there.firm(size="above"))
    there.ok(there.proposed(application, actor=there.approver, urgent=True))
    assert "resumption.burden" not in counts(there.approver)
    other = officer("approver", there.district, name="另一位")
    assert counts(other)["resumption.burden"][0] == 1


def test_neither_another_town_nor_another_firm_is_counted(hands):
    """Tests reach: a number tells nobody how much waits elsewhere."""
    there = world(hands)
    there.ok(there.submit(there.firm(size="small")))
    stranger = officer("town_clerk", there.other)
    assert counts(stranger) == {}
    page = browser(stranger).get("/todo")
    assert page.context_data["total"] == 0 and "现在没有等您办的事" in text(page)
    there.ok(there.submit(other := there.firm(size="small")))
    application = there.ok(there.submit(there.firm(size="small", place=there.other)))
    there.ok(run("resumption.return", {"application": application.id, "missing": "口罩只够3天"}, actor=stranger))
    assert counts(there.contacts[application.enterprise_id])["resumption.own"][0] == 1
    assert counts(there.contacts[other.id]) == {}


def test_the_whole_list_is_one_statement(hands):
    """Tests that the number in the frame costs the database one question, however many hats and areas there are."""
    there = world(hands)
    several = also(also(there.town_clerk, "bureau_clerk", there.district), "approver", there.district)
    with acting(several), CaptureQueriesContext(connection) as asked:
        todo.by_hat(several, at=clock.now())
    assert len(asked) == 1


def test_every_kind_has_a_page_that_its_holder_may_open(hands):
    """Tests all that the areas offer: a right that some role has, counted without a fault, at a page that opens for them."""
    with acting(DOOR):
        roles = list(Role.objects.exclude(says=""))
    assert len(todo.offered()) >= 15
    for one in todo.offered():
        holders = [role for role in roles if not one.right or one.right in role.rights]
        assert holders, one.code
        assert one.href, one.code
        permission = resolve(one.href.partition("?")[0]).func.permission
        for role in holders:
            assert permission.kind != "rights" or set(permission.rights) & set(role.rights), (one.code, role.code)


def test_every_role_has_a_list_that_counts(hands):
    """Tests that no role's list breaks on an area that it reaches in an odd way."""
    there = world(hands)
    with acting(DOOR):
        codes = list(Role.objects.exclude(says="").values_list("code", flat=True))
    for code in codes:
        assert browser(officer(code, there.district)).get("/todo").status_code == 200, code


def test_one_who_lost_every_hat_and_one_who_is_nobody(hands):
    """Tests that the list of nobody says so, and that no stranger reads a number."""
    from django.test import Client

    gone = officer("town_clerk", jurisdiction.by_name("莼湖街道").id, until=clock.now() + timedelta(hours=1))
    client = browser(gone)
    hands.advance(timedelta(hours=2))
    assert "现在没有身份" in text(client.get("/todo"))
    assert client.get("/todo/count").json() == {"count": 0, "late": 0}
    assert re.match(r"/login\?next=", Client().get("/todo")["Location"])
    assert Client().get("/todo/count", headers={"accept": "application/json"}).status_code == 401


def test_the_frame_leads_there_and_the_own_page_too(hands):
    """Tests that the list is one touch away from every page at a desk."""
    there = world(hands)
    for page in ("/desk/", "/me"):
        assert 'href="/todo"' in text(browser(there.bureau).get(page))
