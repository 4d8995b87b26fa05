"""Tests that people come in by number and code, and only they."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from qifu.kernel.access import DOOR, acting
from qifu.kernel.access.models import Account, Grant, LoginCode, Person, Session
from qifu.kernel.actions import Done, Refused, run
from qifu.kernel.journal.models import Attempt
from qifu.kernel.web import ANONYMOUS, COOKIE
from qifu.project.accounts import totp
from qifu.project.accounts.door import Denied, Entered, tidy

from .people import NOBODYS, PHONE, accounts, come_in, enrol, person

pytestmark = pytest.mark.usefixtures("database")


def ask(phone=PHONE, address="10.0.0.1"):
    return run("access.request_code", {"phone": phone, "address": address}, actor=ANONYMOUS)


def enter(ticket, code, **more):
    return run("access.enter_code", {"ticket": ticket, "code": code, **more}, actor=ANONYMOUS)


def attempts():
    with acting(DOOR):
        return list(Attempt._base_manager.order_by("at", "id").values_list("action", "code"))


def sessions_open():
    with acting(DOOR):
        return Session._base_manager.filter(ended_at__isnull=True).count()


def test_a_known_number_enters_with_its_code_and_gets_an_account_once(now, letterbox):
    """Tests that the first entering makes the account and the second finds it."""
    someone = person()
    for _ in range(2):
        come_in(letterbox)
        now.advance(timedelta(minutes=1))
    assert [account.person_id for account in accounts()] == [someone.id]
    assert sessions_open() == 2


def test_after_entering_one_is_where_one_wanted_to_go(now, letterbox):
    """Tests that next= is kept over both pages, and that no foreign address is followed."""
    person()
    client = Client()
    reply = client.get("/me?x=1")
    assert reply.headers["Location"] == "/login?next=%2Fme%3Fx%3D1"
    client.post("/login", {"phone": PHONE, "next": "/me?x=1"})
    assert client.post("/login/code", {"code": letterbox.codes()[-1]}).headers["Location"] == "/me?x=1"
    client.post("/login", {"phone": PHONE, "next": "https://elsewhere.example/"})
    assert client.post("/login/code", {"code": letterbox.codes()[-1]}).headers["Location"] == "/desk/"


def test_the_cookie_is_closed_to_scripts_and_other_sites(now, letterbox):
    """Tests httponly, SameSite=Lax, and secure as the settings say."""
    person()
    client = Client()
    client.post("/login", {"phone": PHONE})
    with override_settings(SESSION_COOKIE_SECURE=True):
        reply = client.post("/login/code", {"code": letterbox.codes()[-1]})
    cookie = reply.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"], cookie["path"]) == (True, "Lax", True, "/")


def test_entering_gives_a_new_token_and_ends_the_one_brought_along(now, letterbox):
    """Tests that a token planted before entering opens nothing afterwards."""
    person()
    client = come_in(letterbox)
    planted = client.cookies[COOKIE].value
    come_in(letterbox, client=client)
    assert client.cookies[COOKIE].value != planted
    other = Client()
    other.cookies[COOKIE] = planted
    assert other.get("/me").headers["Location"].startswith("/login")
    assert client.get("/me").status_code == 200


def test_leaving_ends_the_session(now, letterbox):
    """Tests that the token opens nothing after leaving, even where the cookie was kept."""
    person()
    client = come_in(letterbox)
    token = client.cookies[COOKIE].value
    assert client.post("/leave").headers["Clear-Site-Data"] == '"cache"'
    client.cookies[COOKIE] = token
    assert client.get("/me").status_code == 302


def test_a_code_works_once(now, letterbox):
    """Tests that the second use is denied and on the record."""
    person()
    ticket = ask().result
    code = letterbox.codes()[-1]
    assert isinstance(enter(ticket, code).result, Entered)
    second = enter(ticket, code).result
    assert isinstance(second, Denied) and second.refusal.code == "CodeSpent"
    assert attempts() == [("access.enter_code", "CodeSpent")]
    assert sessions_open() == 1


def test_a_code_lasts_five_minutes(now, letterbox):
    """Tests that the deadline is exclusive."""
    person()
    first, second = ask().result, ask().result
    one, two = letterbox.codes()
    now.advance(timedelta(minutes=5) - timedelta(seconds=1))
    assert isinstance(enter(first, one).result, Entered)
    now.advance(timedelta(seconds=1))
    assert enter(second, two).result.refusal.code == "CodeSpent"


def test_five_wrong_tries_spend_a_code_and_stay_spent(now, letterbox):
    """Tests that tries are kept although nothing was opened, and that the right code is of no use afterwards."""
    person()
    ticket = ask().result
    right = letterbox.codes()[-1]
    wrong = "000000" if right != "000000" else "111111"
    says = [enter(ticket, wrong).result.refusal.says for _ in range(5)]
    assert says[0] == "验证码不对，还可以再试4次。"
    assert enter(ticket, right).result.refusal.code == "CodeSpent"
    assert [code for _, code in attempts()] == ["WrongCode"] * 4 + ["CodeSpent"] * 2
    assert accounts() == [] and sessions_open() == 0


def test_at_most_five_codes_an_hour_for_one_number(now, letterbox):
    """Tests that the sixth is refused with no message, a minute short of the hour too, and that the hour ends."""
    person()
    assert all(isinstance(ask(address=f"10.0.0.{n}"), Done) for n in range(5))
    now.advance(timedelta(minutes=59))
    refused = ask(address="10.0.1.1")
    assert isinstance(refused, Refused) and refused.code == "TooManyCodes"
    assert len(letterbox.codes()) == 5
    assert attempts() == [("access.request_code", "TooManyCodes")]
    now.advance(timedelta(minutes=1))
    assert isinstance(ask(), Done)


def test_a_number_nobody_has_is_answered_in_the_same_words(now, letterbox):
    """Tests that pages of known and unknown numbers are the same but for the digits, and that no message leaves."""
    person()
    pages = []
    for phone in (PHONE, NOBODYS):
        client = Client()
        sent = client.post("/login", {"phone": phone})
        page = client.get("/login/code").content.decode()
        wrong = client.post("/login/code", {"code": "12345"})
        pages.append((sent.status_code, sent.headers["Location"], wrong.status_code, _plain(page), _plain(wrong.content.decode())))
    assert pages[0] == pages[1]
    assert len(letterbox.codes()) == 1


def _plain(page):
    import re

    page = re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]+', r"\1", page)
    return re.sub(r"164\*{4}\d{4}", "NUMBER", page)


def _work(do):
    with CaptureQueriesContext(connection) as queries:
        do()
    return [query["sql"].split(" ", 1)[0] + query["sql"].count(",") * "," for query in queries]


def test_a_known_and_an_unknown_number_cost_the_same_work(now, letterbox):
    """Tests that asking for a code, and trying a wrong one, take the same statements for both."""
    person()
    ask(phone="16400000001"), enter(ask(phone="16400000001").result, "1")  # what a process does once
    work = {}
    for phone in (PHONE, NOBODYS):
        tickets = []
        asked = _work(lambda phone=phone, tickets=tickets: tickets.append(ask(phone).result))
        tried = _work(lambda tickets=tickets: enter(tickets[0], "12345"))
        work[phone] = (len(asked), len(tried))
    assert work[PHONE] == work[NOBODYS]


class CountingHasher(MD5PasswordHasher):
    """Counts the hashes that are worked out."""

    worked = 0

    def encode(self, password, salt):
        CountingHasher.worked += 1
        return super().encode(password, salt)


def _with_password(letterbox, now, password="长句子比怪符号好记 2026"):
    client = come_in(letterbox)
    secret = enrol(client, at=now.now())
    reply = client.post("/me/password", {"password": password, "again": password})
    assert reply.status_code == 302, reply.content.decode()[:3000]
    now.advance(timedelta(minutes=1))
    return secret, password


def by_password(phone, password, token, address="10.0.0.9"):
    given = {"phone": phone, "password": password, "token": token, "address": address}
    return run("access.enter_password", given, actor=ANONYMOUS)


def test_password_and_token_together_open_a_strong_session(now, letterbox):
    """Tests that each of the three alone being wrong denies in the same words."""
    person("approver", where="奉化区")
    secret, password = _with_password(letterbox, now)
    token = totp.token_at(now.now(), secret=secret)
    says = {
        by_password(PHONE, "something else", token).result.refusal.says,
        by_password(PHONE, password, "000000" if token != "000000" else "111111").result.refusal.says,
        by_password(NOBODYS, password, token).result.refusal.says,
    }
    assert len(says) == 1
    entered = by_password(PHONE, password, token).result
    assert isinstance(entered, Entered)
    client = Client()
    client.cookies[COOKIE] = entered.token
    assert client.get("/me").context_data["strong"] is True


def test_a_token_works_once(now, letterbox):
    """Tests that the token of an entering is refused to the next one within its thirty seconds."""
    person("approver", where="奉化区")
    secret, password = _with_password(letterbox, now)
    token = totp.token_at(now.now(), secret=secret)
    assert isinstance(by_password(PHONE, password, token).result, Entered)
    assert by_password(PHONE, password, token).result.refusal.code == "WrongPassword"
    now.advance(timedelta(seconds=30))
    assert isinstance(by_password(PHONE, password, totp.token_at(now.now(), secret=secret)).result, Entered)


@override_settings(PASSWORD_HASHERS=["qifu.project.accounts.tests.test_entering.CountingHasher"])
def test_a_wrong_password_costs_one_hash_whether_or_not_there_is_an_account(now, letterbox):
    """Tests hashes and statements for an account with password, one without, and a number nobody has."""
    person("approver", where="奉化区")
    person(phone="16400000002", name="没有密码")
    _with_password(letterbox, now)
    by_password("16400000001", "x", "1")  # what a process does once
    work = {}
    for phone in (PHONE, "16400000002", NOBODYS):
        before = CountingHasher.worked
        statements = len(_work(lambda phone=phone: by_password(phone, "wrong", "123456", address=f"10.1.1.{len(phone)}")))
        work[phone] = (CountingHasher.worked - before, statements)
    assert work[PHONE] == work["16400000002"] == work[NOBODYS] == (1, work[PHONE][1])


def test_wrong_passwords_cost_a_growing_wait_also_where_nobody_is(now, letterbox):
    """Tests 30 seconds after the third, a minute after the fourth, and that the right one must wait too."""
    person("approver", where="奉化区")
    secret, password = _with_password(letterbox, now)
    for phone in (PHONE, NOBODYS):
        for _ in range(3):
            assert by_password(phone, "wrong", "1").result.refusal.code == "WrongPassword"
        assert by_password(phone, "wrong", "1").code == "TooManyTries"
    token = totp.token_at(now.now(), secret=secret)
    assert by_password(PHONE, password, token).code == "TooManyTries"
    now.advance(timedelta(seconds=30))
    assert by_password(PHONE, "wrong", "1").result.refusal.code == "WrongPassword"
    now.advance(timedelta(seconds=59))
    assert by_password(PHONE, password, totp.token_at(now.now(), secret=secret)).code == "TooManyTries"
    now.advance(timedelta(seconds=1))
    assert isinstance(by_password(PHONE, password, totp.token_at(now.now(), secret=secret)).result, Entered)
    assert by_password(PHONE, "wrong", "1").result.refusal.code == "WrongPassword"


def test_every_refusal_at_the_door_is_on_the_record_under_the_persons_region(now, letterbox):
    """Tests that the record names whose number was tried, for their own auditors, and holds no number."""
    someone = person()
    enter(ask().result, "1")
    ask("不是号码")
    with acting(DOOR):
        wrong, bad = Attempt._base_manager.order_by("id")
        assert (wrong.subject, wrong.region, wrong.code) == (someone.id, someone.region, "WrongCode")
        assert (bad.region, bad.code) == (0, "BadInput")
        assert PHONE not in f"{wrong.says}{bad.says}"


def test_a_barred_person_and_one_without_hats_are_as_unknown_as_anybody(now, letterbox):
    """Tests that neither gets a message, and that a code sent before opens nothing after."""
    someone = person()
    ticket = ask().result
    code = letterbox.codes()[-1]
    with acting(DOOR):
        Person._base_manager.filter(pk=someone.pk).update(closed_at=now.now())
    assert enter(ticket, code).result.refusal.code == "WrongCode"
    with acting(DOOR):
        Person._base_manager.filter(pk=someone.pk).update(closed_at=None)
        Grant._base_manager.filter(person=someone).update(revoked_at=now.now())
    ask()
    assert len(letterbox.codes()) == 1 and accounts() == []


def test_a_number_handed_on_opens_nothing_of_the_one_before(now, letterbox):
    """Tests that the new holder gets an account of their own: no hats, password or authenticator of the other's."""
    before = person("approver", where="奉化区", name="前任")
    client = come_in(letterbox)
    enrol(client, at=now.now())
    with acting(DOOR):
        Grant._base_manager.filter(person=before).update(revoked_at=now.now())
    after = person(name="后任")
    now.advance(timedelta(hours=2))
    fresh = come_in(letterbox)
    assert [account.person_id for account in accounts()] == [before.id, after.id]
    assert accounts()[1].totp_sealed == "" and accounts()[0].login.startswith("gone:")
    assert fresh.get("/me").context_data["name"] == "后任"
    assert client.get("/me").status_code == 302


def test_sessions_end_by_age_and_by_silence(now, letterbox):
    """Tests twelve hours in all, and four without a request."""
    person()
    client = come_in(letterbox)
    for _ in range(3):
        now.advance(timedelta(hours=3, minutes=50))
        assert client.get("/me").status_code == 200
    now.advance(timedelta(minutes=31))
    assert client.get("/me").status_code == 302
    silent = come_in(letterbox)
    now.advance(timedelta(hours=4))
    assert silent.get("/me").status_code == 302


def test_the_door_tidies_up_after_a_day(now, letterbox):
    """Tests that codes and counts go, and that sessions stay for half a year."""
    person()
    come_in(letterbox)
    by_password(PHONE, "x", "1")
    now.advance(timedelta(days=2))
    with acting(DOOR):
        tidy(now.now())
        assert (LoginCode._base_manager.count(), Session._base_manager.count()) == (0, 1)


def test_one_touch_in_the_demo_and_nowhere_else(now, letterbox):
    """Tests that outside the demo the act is refused, recorded as forbidden, and opens no session."""
    someone = person("approver", where="奉化区")
    come_in(letterbox)
    _offer(someone, "approver")
    client = Client()
    with override_settings(DEMO=False):
        assert client.post("/demo/enter", {"role": "approver"}).status_code == 403
        assert client.get("/demo/sms").status_code == 404
        assert "演示" not in client.get("/").content.decode()
    with acting(DOOR):
        assert Attempt._base_manager.get(code="NotADemo").forbidden
    assert sessions_open() == 1
    assert client.post("/demo/enter", {"role": "approver"}).status_code == 302
    assert client.get("/me").context_data["strong"] is True
    assert client.post("/demo/enter", {"role": "nobody"}).status_code == 404


def _offer(someone, role):
    with acting(DOOR):
        Account._base_manager.filter(person=someone).update(demo=role)
