"""Tests that a second factor is asked where it is needed, and that one's own account is in one's own hands."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from qifu.kernel import jurisdiction
from qifu.kernel.access import DOOR, Actor, Hat, Scope, acting
from qifu.kernel.access.models import Grant, LoginCode, Person
from qifu.kernel.actions import run
from qifu.kernel.web import ANONYMOUS, COOKIE
from qifu.project.accounts import faces, totp
from qifu.project.accounts.door import Denied, Entered

from .people import PHONE, accounts, come_in, enrol, person, place

pytestmark = pytest.mark.usefixtures("database")


def again(client: Client, letterbox) -> None:
    """Enter with the same browser by code, which is not strong."""
    come_in(letterbox, client=client)


def test_an_authenticator_is_added_by_its_first_token_and_makes_the_session_strong(now, letterbox):
    """Tests that the secret is written only with a right token, sealed, and that the person is told."""
    person("approver", where="奉化区")
    client = come_in(letterbox)
    page = client.get("/me/totp")
    secret = page.context_data["secret"].replace(" ", "")
    assert "<svg" in page.content.decode() and "style=" not in str(page.context_data["qr"])
    wrong = client.post("/me/totp", {"offer": page.context_data["offer"], "token": "000000"})
    assert wrong.status_code == 422 and wrong.context_data["secret"].replace(" ", "") == secret
    assert accounts()[0].totp_sealed == ""
    assert client.get("/me").context_data["strong"] is False
    old = client.cookies[COOKIE].value
    client.post("/me/totp", {"offer": page.context_data["offer"], "token": totp.token_at(now.now(), secret=secret)})
    assert client.get("/me").context_data["strong"] is True
    assert secret not in accounts()[0].totp_sealed and accounts()[0].totp_sealed
    assert client.cookies[COOKIE].value != old
    assert letterbox.messages[-1].kind == "factor_added" or (letterbox.codes() and letterbox.messages[-1].kind == "factor_added")


def test_an_offer_of_another_account_or_of_ones_own_making_is_refused(now, letterbox):
    """Tests that a secret that this installation did not offer to this account is not taken."""
    person("approver", where="奉化区")
    person("town_clerk", phone="16400000007", name="另一位")
    mine, theirs = come_in(letterbox), come_in(letterbox, phone="16400000007")
    page = theirs.get("/me/totp")
    secret = page.context_data["secret"].replace(" ", "")
    for offer in (page.context_data["offer"], "made:up:offer"):
        reply = mine.post("/me/totp", {"offer": offer, "token": totp.token_at(now.now(), secret=secret)})
        assert reply.status_code == 422
    assert [account.totp_sealed for account in accounts()] == ["", ""]


def test_an_authenticator_is_added_only_soon_after_entering(now, letterbox):
    """Tests that a session of half an hour adds none, and a fresh one does."""
    person("approver", where="奉化区")
    client = come_in(letterbox)
    now.advance(timedelta(minutes=31))
    page = client.get("/me/totp")
    assert page.status_code == 409 and "svg class" not in page.content.decode().replace('<svg class="ico', "")
    again(client, letterbox)
    enrol(client, at=now.now())


def test_an_authenticator_is_replaced_only_by_who_holds_it(now, letterbox):
    """Tests that a session by SMS alone cannot put another in its place."""
    person("approver", where="奉化区")
    client = come_in(letterbox)
    first = enrol(client, at=now.now())
    before = accounts()[0].totp_sealed
    again(client, letterbox)
    assert client.get("/me/totp").status_code == 409
    now.advance(timedelta(seconds=30))
    client.post("/me/strong", {"token": totp.token_at(now.now(), secret=first)})
    now.advance(timedelta(seconds=30))
    assert enrol(client, at=now.now()) != first
    assert accounts()[0].totp_sealed != before


def test_after_the_token_one_is_back_where_one_was(now, letterbox):
    """Tests that next= survives, that a used token is refused, and that strength ends after four hours."""
    person("approver", where="奉化区")
    client = come_in(letterbox)
    secret = enrol(client, at=now.now())
    again(client, letterbox)
    assert client.get("/me/strong?next=/me%3Fx%3D1").context_data["next"] == "/me?x=1"
    used = client.post("/me/strong", {"token": totp.token_at(now.now(), secret=secret), "next": "/me?x=1"})
    assert used.status_code == 422 and client.get("/me").context_data["strong"] is False
    now.advance(timedelta(seconds=30))
    right = client.post("/me/strong", {"token": totp.token_at(now.now(), secret=secret), "next": "/me?x=1"})
    assert right.headers["Location"] == "/me?x=1" and client.get("/me").context_data["strong"] is True
    now.advance(timedelta(hours=2))
    client.get("/me")
    now.advance(timedelta(hours=2))
    assert client.get("/me").context_data["strong"] is False


def test_the_refusal_for_want_of_a_token_leads_to_it_and_back(now, letterbox):
    """Tests the link on the page of a refused act: to the token, with the page that the form stood on."""
    person("system_admin", where="奉化区")
    other = person("town_clerk", phone="16400000003", name="同事")
    client = come_in(letterbox)
    address = f"/desk/people/{other.id}"
    refused = client.post(f"{address}/bar", {"reason": "离岗"}, headers={"referer": f"http://testserver{address}"})
    assert refused.status_code == 409
    link = "/me/strong?next=http%3A%2F%2Ftestserver%2Fdesk%2Fpeople%2F"
    assert link in refused.content.decode()
    # Without an authenticator the way leads over adding one.
    assert client.get(f"/me/strong?next={address}").headers["Location"].startswith("/me/totp?next=%2Fdesk")
    with acting(DOOR):
        assert Person._base_manager.get(pk=other.pk).closed_at is None


def test_wrong_tokens_cost_a_growing_wait(now, letterbox):
    """Tests that the fourth is refused before it is looked at."""
    person("approver", where="奉化区")
    client = come_in(letterbox)
    secret = enrol(client, at=now.now())
    again(client, letterbox)
    now.advance(timedelta(seconds=30))
    for _ in range(3):
        assert client.post("/me/strong", {"token": "000000"}).status_code == 422
    assert client.post("/me/strong", {"token": totp.token_at(now.now(), secret=secret)}).status_code == 429
    now.advance(timedelta(seconds=30))
    assert client.post("/me/strong", {"token": totp.token_at(now.now(), secret=secret)}).status_code == 302


def test_a_common_or_short_password_is_not_taken(now, letterbox):
    """Tests the sentences beside the field, and that a password needs the authenticator."""
    person("approver", where="奉化区")
    client = come_in(letterbox)
    assert client.post("/me/password", {"password": "长句子比怪符号好记", "again": "长句子比怪符号好记"}).status_code == 302
    assert accounts()[0].password == ""
    enrol(client, at=now.now())
    for bad in ("short", "password123"):
        assert client.post("/me/password", {"password": bad, "again": bad}).context_data["errors"]["password"]
    assert client.post("/me/password", {"password": "长句子比怪符号好记的", "again": "别的"}).context_data["errors"]["again"]
    assert accounts()[0].password == ""


def test_other_browsers_are_listed_and_can_be_sent_out(now, letterbox):
    """Tests that one, or all others, end at their next request, and that nobody else's session is touched."""
    person()
    person(phone="16400000004", name="别人")
    clients = [come_in(letterbox) for _ in range(3)]
    stranger = come_in(letterbox, phone="16400000004")
    page = clients[0].get("/me/login")
    listed = page.context_data["sessions"]
    assert len(listed) == 3 and sum(one["here"] for one in listed) == 1
    theirs = stranger.get("/me/login").context_data["sessions"][0]["id"]
    clients[0].post("/me/sessions/end", {"other": str(theirs)})
    one = next(one for one in listed if not one["here"])
    clients[0].post("/me/sessions/end", {"other": str(one["id"])})
    assert [client.get("/me").status_code for client in clients].count(200) == 2
    clients[0].post("/me/sessions/end")
    assert [client.get("/me").status_code for client in (*clients, stranger)] == [200, 302, 302, 200]


def test_guesses_sent_at_once_get_no_more_than_five_tries(now, letterbox):
    """Tests that tries are counted under a lock: forty guesses in eight threads spend five."""
    person()
    ticket = run("access.request_code", {"phone": PHONE, "address": ""}, actor=ANONYMOUS).result

    def guess(number: int) -> str:
        try:
            found = run("access.enter_code", {"ticket": ticket, "code": f"{number:05d}"}, actor=ANONYMOUS, at=now.now()).result
            return found.refusal.says if isinstance(found, Denied) else "in"
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        says = list(threads.map(guess, range(40)))
    assert sum(said.startswith("验证码不对") for said in says) == 4
    with acting(DOOR):
        assert LoginCode._base_manager.get().tries == 5


def test_the_same_code_at_once_opens_one_session(now, letterbox):
    """Tests that of eight browsers with the same right code one comes in."""
    person()
    ticket = run("access.request_code", {"phone": PHONE, "address": ""}, actor=ANONYMOUS).result
    code = letterbox.codes()[0]

    def enter(_: int):
        try:
            return run("access.enter_code", {"ticket": ticket, "code": code}, actor=ANONYMOUS, at=now.now()).result
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(enter, range(8)))
    assert sum(isinstance(one, Entered) for one in found) == 1 and len(accounts()) == 1


def test_all_hats_are_shown_and_the_face_is_chosen(now, letterbox):
    """Tests one person with two hats: both, with place and end; the first hat's face, then the chosen one."""
    someone = person("town_clerk")
    until = now.now() + timedelta(days=10)
    spot = place("奉化区")
    with acting(DOOR):
        Grant._base_manager.create(
            person=someone, role_id="assessor", place=spot, since=now.now(), until=until, purpose="专班抽调",
            region=spot, district=jurisdiction.district_of(spot),
        )  # fmt: skip
    client = come_in(letterbox)
    page = client.get("/me")
    assert [(hat["where"], hat["until"]) for hat in page.context_data["hats"]] == [("奉化区莼湖街道", None), ("奉化区", until)]
    assert [face["code"] for face in page.context_data["faces"]] == ["desk", "field"]
    reply = client.post("/me/face", {"face": "field"})
    assert reply.headers["Location"] == "/field/" and reply.cookies[faces.COOKIE].value == "field"
    assert client.post("/me/face", {"face": "audit"}).headers["Location"] == "/me"
    now.set(until)
    client = come_in(letterbox)
    assert len(client.get("/me").context_data["hats"]) == 1


def test_who_has_no_page_of_a_face_begins_on_the_own_page(now):
    """Tests somebody without a hat, a face without a page of its own, and a face whose page asks for more than the hat has."""
    nobody = Actor(id="x", name="没有身份")
    worker, banker = (
        Actor(id="y", name=code, hats=(Hat(role=code, rights=frozenset(), scope=Scope()),)) for code in ("worker", "bank_manager")
    )
    with acting(DOOR):
        assert [face.start for face in faces.faces_of(banker)] == ["/home/"]
        assert [faces.start_page(one) for one in (nobody, worker, banker)] == ["/me", "/me", "/me"]


def test_nobody_is_let_onto_the_own_pages_from_outside(now, letterbox):
    """Tests that each of them leads to the door."""
    for address in ("/me", "/me/login", "/me/strong", "/me/totp", "/me/password", "/desk/people"):
        assert Client().get(address).headers["Location"].startswith("/login?next="), address
