"""What is taken back is gone at the next request: a grant, a login, a task force, a post."""

import csv
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from qifu.areas.registry.models import ContactPost
from qifu.areas.resumption.tests.factories import World, february, world
from qifu.kernel.access import DOOR, Actor, acting
from qifu.kernel.access.hats import actor_for
from qifu.kernel.access.models import Grant, TaskForce
from qifu.kernel.access.tests.browsing import browser
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.actions import Done, run
from qifu.kernel.calendar import clock
from qifu.kernel.web import routes

pytestmark = pytest.mark.usefixtures("database")


def roles() -> Iterator[Any]:
    """Give every role that a person in an office may hold."""
    with (settings.PACKS / "roles.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["says"] and row["code"] not in ("enterprise_contact", "school_head"):
                yield pytest.param(row["code"], id=row["code"])


def page_of(actor: Actor) -> str:
    """Give an address without arguments that one of the actor's rights opens; '' where no page asks for any of them."""
    for route, pattern in routes():
        if "<" not in route and set(pattern.callback.permission.rights) & actor.rights:
            return "/" + route
    return ""


@pytest.fixture
def town() -> Iterator[World]:
    with clock.use(clock.Fixed(february("10"))) as hands:
        yield world(hands)


@pytest.fixture
def admin(town: World) -> Actor:
    return officer("system_admin", town.district, name="管理员")


def done(name: str, actor: Actor, /, **given: Any) -> Any:
    answer = run(name, given, actor=actor)
    assert isinstance(answer, Done), answer
    return answer.result


def grants_of(actor: Actor) -> list[Grant]:
    with acting(DOOR):
        return list(Grant._base_manager.filter(person=actor.person))


def opens(client: Client, page: str) -> bool:
    """Say whether a page opens; a refusal by the door is 403, to nobody it is the login."""
    status = client.get(page).status_code
    assert status in (200, 302, 403, 409), status
    return status != 403


@pytest.mark.parametrize("role", list(roles()))
def test_a_revoked_grant_is_gone_at_the_next_request(town: World, admin: Actor, role: str) -> None:
    """Tests that the same browser opens its page before and is refused after, for every role; and has no hat on its own page."""
    person = officer(role, town.district, name=f"被收回的{role}")
    client, page = browser(person, strong=True), page_of(person)
    label = person.hats[0].label
    assert opens(client, page or "/me") and label in client.get("/me").content.decode()
    for grant in grants_of(person):
        done("access.revoke", admin, grant=grant.id, reason="调离")
    if page:
        assert client.get(page).status_code == 403
        assert client.post(page).status_code in (403, 405)
    after = client.get("/me")
    assert after.status_code in (200, 302) and label not in after.content.decode()


@pytest.mark.parametrize("role", ["town_clerk", "approver", "assessor", "auditor", "worker"])
def test_a_barred_person_is_out_at_the_next_request(town: World, admin: Actor, role: str) -> None:
    """Tests that a disabled login is led to the door from every page, and that what was typed does nothing."""
    person = officer(role, town.district, name=f"被停用的{role}")
    client = browser(person, strong=True)
    assert client.get("/me").status_code == 200
    done("access.bar", admin, person=person.person, reason="停职")
    for page in filter(None, ("/me", page_of(person))):
        reply = client.get(page)
        assert reply.status_code == 302 and reply["Location"].startswith("/login"), page
        assert client.post(page).status_code in (302, 405)
    done("access.unbar", admin, person=person.person, reason="复职")
    assert client.get("/me").status_code == 200


def test_a_grant_lapses_by_itself(town: World) -> None:
    """Tests that a secondment ends at its instant without anybody doing anything."""
    person = officer("bureau_clerk", town.district, until=clock.now() + timedelta(hours=1), name="借调")
    client = browser(person)
    assert client.get("/desk/").status_code == 200
    town.hands.advance(timedelta(minutes=59, seconds=59))
    assert client.get("/desk/").status_code == 200
    town.hands.advance(timedelta(seconds=1))
    assert client.get("/desk/").status_code == 403


def test_the_end_of_a_task_force_ends_its_hats(town: World) -> None:
    """Tests that an assessor whose only hat is the team's may no more enter the field, nor assess what was assigned."""
    application = town.accepted(town.firm())
    town.ok(run("resumption.assign", {"application": application.id, "team": town.team}, actor=town.bureau))
    for grant in grants_of(town.assessor):
        if grant.task_force_id is None:
            done("access.revoke", officer("system_admin", town.district), grant=grant.id, reason="只留专班")
    client = browser(town.assessor)
    assert client.get("/field/").status_code == 200
    assert client.get(f"/field/{application.id}").status_code == 200
    done("registry.end_task_force", officer("bureau_clerk", town.district), task_force=town.team)
    with acting(DOOR):
        assert TaskForce._base_manager.get(pk=town.team).until == clock.now()
    assert client.get("/field/").status_code == 403
    assert client.get(f"/field/{application.id}").status_code == 403
    assert client.post(f"/field/{application.id}", {"conclusion": "pass"}).status_code == 403


def test_a_contact_who_was_replaced_is_out(town: World) -> None:
    """Tests that the end of a contact's post ends the hat: the firm's pages are closed at the next request."""
    firm = town.firm(contact="金军芳", phone="16472025951")
    with acting(town.bureau):
        post = ContactPost._base_manager.select_related("person").get(enterprise=firm.id)
    with acting(DOOR):
        holder = actor_for(post.person, at=clock.now())
    client = browser(holder)
    assert client.get("/home/").status_code == 200
    done("registry.add_contact", town.bureau, enterprise=firm.id, name="孟桦", phone="16466421953", main=True)
    done("registry.end_contact", town.bureau, post=post.id)
    assert client.get("/home/").status_code == 403


def test_a_factor_that_was_voided_counts_no_more(town: World, admin: Actor) -> None:
    """Tests that after a reset the session is weak: the decision is refused with SecondFactorNeeded and nothing is decided."""
    application = town.passed(town.firm())
    client = browser(town.approver, strong=True)
    town.hands.advance(timedelta(minutes=1))
    done("access.reset_factor", admin, person=town.approver.person, reason="手机丢了")
    reply = client.post(f"/desk/applications/{application.id}/approve", {"conditions": ""})
    assert reply.status_code != 302 or "strong" in reply["Location"]
    with acting(town.bureau):
        application.refresh_from_db()
    assert application.state == "passed"
