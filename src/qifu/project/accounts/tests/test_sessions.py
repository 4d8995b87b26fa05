"""Tests of a session in wrong hands: forged, stolen, replayed, of a number that changed hands, a link sent on to a stranger."""

from datetime import timedelta

import pytest
from django.test import Client

from qifu.kernel.access import DOOR, acting
from qifu.kernel.access.models import Person, Session
from qifu.kernel.actions import Done, Refused, run
from qifu.kernel.web import COOKIE

from .people import PHONE, actor, come_in, enrol, person

pytestmark = pytest.mark.usefixtures("database")
NEW = "16440292840"


@pytest.fixture
def admin(now):
    return actor(person("system_admin", where="奉化区", phone="16400000010", name="系统管理员"))


def with_token(token: str) -> Client:
    """Give another browser that holds this token."""
    client = Client()
    client.cookies[COOKIE] = token
    return client


def inside(client: Client) -> bool:
    """Say whether the own page opens; anything else leads to the door."""
    reply = client.get("/me")
    assert reply.status_code == 200 or reply["Location"].startswith("/login")
    return reply.status_code == 200


def test_a_forged_token_opens_nothing(now, letterbox):
    """Tests tokens changed, cut, made up, the stored hash itself, and what breaks parsers: the door each time, no fault."""
    person()
    token = come_in(letterbox).cookies[COOKIE].value
    with acting(DOOR):
        stored = Session._base_manager.get().token_hash
    flipped = token[:-1] + ("A" if token[-1] != "A" else "B")
    for forged in (flipped, token[:-1], token + "A", token.swapcase(), stored, "", "0", "x" * 5000, "' OR ''='", "%00", "null"):
        assert not inside(with_token(forged)), forged[:40]
    assert inside(with_token(token))


def test_a_stolen_token_dies_with_its_session(now, letterbox):
    """Tests that a copy opens nothing after leaving, after the factor was proved, and after all other devices were sent out."""
    person("approver", where="奉化区")
    owner = come_in(letterbox)
    thief = with_token(owner.cookies[COOKIE].value)
    assert inside(thief)
    enrol(owner, at=now.now())
    assert inside(owner) and not inside(thief)
    weak = come_in(letterbox)
    owner.post("/me/sessions/end", {})
    assert inside(owner) and not inside(weak)
    copy = with_token(owner.cookies[COOKIE].value)
    owner.post("/leave")
    assert not inside(copy)


def test_an_administrator_ends_every_session_of_a_lost_phone(admin, now, letterbox):
    """Tests that all browsers are out at the next request, that coming in anew works, and that the reason is kept."""
    lost = person()
    first, second = come_in(letterbox), come_in(letterbox)
    now.advance(timedelta(minutes=1))
    assert isinstance(run("access.sign_out", {"person": lost.id, "reason": ""}, actor=admin), Refused)
    assert inside(first) and inside(second)
    assert isinstance(run("access.sign_out", {"person": lost.id, "reason": "手机丢了"}, actor=admin), Done)
    assert not inside(first) and not inside(second)
    now.advance(timedelta(minutes=1))
    assert inside(come_in(letterbox))
    with acting(DOOR):
        assert Person._base_manager.get(pk=lost.id).door_note == "手机丢了"


def test_a_changed_number_opens_for_the_new_one_only(admin, now, letterbox):
    """Tests that sessions end, the old number gets no code, the new one enters the same account, and a taken one is refused."""
    someone, other = person(), person(phone="16440292841", name="别人")
    client = come_in(letterbox)
    now.advance(timedelta(minutes=1))
    taken = run("access.change_phone", {"person": someone.id, "phone": "16440292841", "reason": "换号"}, actor=admin)
    assert isinstance(taken, Refused) and taken.code == "NumberTaken" and inside(client)
    assert isinstance(run("access.change_phone", {"person": someone.id, "phone": NEW, "reason": "换号"}, actor=admin), Done)
    assert not inside(client)
    now.advance(timedelta(hours=2))
    sent = len(letterbox.codes())
    Client().post("/login", {"phone": PHONE})
    assert len(letterbox.codes()) == sent
    assert come_in(letterbox, phone=NEW).get("/me").context_data["name"] == someone.name
    assert inside(come_in(letterbox, phone="16440292841")) and other.id != someone.id


def test_nobody_changes_the_own_number_or_that_of_another_land(admin, now, letterbox):
    """Tests SamePerson, and that a person elsewhere is not found."""
    far = person(where="中河街道", phone="16440292842", name="邻区")
    own = run("access.change_phone", {"person": admin.person, "phone": NEW, "reason": "换号"}, actor=admin)
    assert isinstance(own, Refused) and own.code == "SamePerson"
    elsewhere = run("access.change_phone", {"person": far.id, "phone": NEW, "reason": "换号"}, actor=admin)
    assert isinstance(elsewhere, Refused) and elsewhere.code == "NotFound"


def test_a_link_sent_on_to_a_stranger_opens_nothing(now, letterbox):
    """Tests that an address of somebody's page leads a stranger to the door, and one with a login of elsewhere to nothing."""
    someone = person()
    person("system_admin", where="鄞州区", phone="16440292843", name="外人")
    link = f"/desk/people/{someone.id}"
    stranger = Client().get(link)
    assert stranger.status_code == 302 and stranger["Location"].startswith("/login")
    assert someone.name not in stranger.content.decode()
    outsider = come_in(letterbox, phone="16440292843", next=link)
    reply = outsider.get(link)
    assert reply.status_code == 404 and someone.name not in reply.content.decode()
