"""Tests that a passkey opens what its owner may open, and that no forged, old or borrowed answer changes anything."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client

from qifu.kernel.access import DOOR, acting
from qifu.kernel.access.models import Challenge, Passkey, Session
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.journal.models import Attempt
from qifu.kernel.web import COOKIE
from qifu.project.accounts import door, passkeys
from qifu.project.accounts.actions.passkeys import PER_SENDER

from .authenticator import PRESENT, SYNCED, VERIFIED, Device
from .people import actor, come_in, enrol, person

pytestmark = pytest.mark.usefixtures("database")
WECHAT = "Mozilla/5.0 (Linux; Android 12) MicroMessenger/8.0.47"


def asked(client: Client, kind: str) -> dict:
    reply = client.post("/login/passkey/ask" if kind == "enter" else "/me/passkeys/ask", {"kind": kind})
    assert reply.status_code == 200, reply.content.decode()
    return reply.json()


def add(client: Client, device: Device, name: str = "办公室电脑"):
    return client.post("/me/passkeys", {"answer": device.make(asked(client, "add")), "name": name})


def keys() -> list[Passkey]:
    with acting(DOOR):
        return list(Passkey._base_manager.order_by("added_at"))


def attempts() -> list[str]:
    with acting(DOOR):
        return list(Attempt._base_manager.order_by("id").values_list("code", flat=True))


def replace_key(one: Challenge, number: int) -> Challenge:
    return Challenge(key=f"{number:064d}", kind=one.kind, sender=one.sender, created_at=one.created_at)


def is_strong(client: Client) -> bool:
    return bool(client.get("/me").context_data["strong"])


def entered(device: Device, client: Client | None = None) -> tuple[Client, object]:
    client = client or Client()
    return client, client.post("/login/passkey", {"answer": device.sign(asked(client, "enter"))})


@pytest.fixture
def owner(now, letterbox) -> tuple[Client, Device]:
    """An approver with one key, in a browser that has added it."""
    person("approver", where="奉化区")
    client, device = come_in(letterbox), Device()
    assert add(client, device).status_code == 302
    return client, device


def test_a_key_is_added_by_name_and_makes_the_session_strong(now, letterbox):
    """Tests that a key is written with its name, that the cookie changes and that the owner is told by SMS."""
    person("approver", where="奉化区")
    client = come_in(letterbox)
    assert not is_strong(client)
    before = client.cookies[COOKIE].value
    assert add(client, Device(), name="办公室电脑").status_code == 302
    letterbox.codes()
    assert [key.name for key in keys()] == ["办公室电脑"]
    assert is_strong(client) and client.cookies[COOKIE].value != before
    assert letterbox.messages[-1].kind == "factor_added"
    assert "办公室电脑" in client.get("/me/login").content.decode()


def test_a_key_lets_its_owner_in_without_number_or_code(owner):
    """Tests that device and finger are two factors: no SMS goes out, and the session is strong at once."""
    _, device = owner
    client, reply = entered(device)
    assert reply.status_code == 302 and is_strong(client)
    with acting(DOOR):
        assert Session._base_manager.filter(how="passkey").count() == 1


def test_a_key_proves_a_session_that_came_in_by_code(owner, letterbox):
    """Tests the strong act: by code alone it is asked, with the key it goes on to where the person was."""
    _, device = owner
    client = come_in(letterbox)
    assert not is_strong(client)
    assert client.get("/me/strong").context_data["keys"] is True
    reply = client.post("/me/strong/passkey", {"answer": device.sign(asked(client, "prove")), "next": "/me/login"})
    assert reply.status_code == 302 and reply["Location"] == "/me/login" and is_strong(client)


def test_several_keys_and_a_removed_one(owner, now):
    """Tests that each key opens, that a removed one does not, and that the other goes on."""
    client, first = owner
    second = Device()
    add(client, second, name="手机")
    gone = next(key for key in keys() if key.name == "手机")
    assert entered(second)[1].status_code == 302
    assert "已删掉" in client.post(f"/me/passkeys/{gone.id}/remove").content.decode()
    assert entered(second)[1].status_code == 422
    assert entered(first)[1].status_code == 302


def test_removing_and_adding_ask_for_the_second_factor(owner, letterbox):
    """Tests that who came in by SMS alone neither removes a key nor adds one, nor an authenticator, beside it."""
    client = come_in(letterbox)
    only = keys()[0]
    reply = client.post(f"/me/passkeys/{only.id}/remove")
    assert reply.status_code == 302 and reply["Location"].startswith("/me/strong")
    assert client.post("/me/passkeys/ask", {"kind": "add"}).json()["code"] == "SecondFactorNeeded"
    assert client.get("/me/totp").status_code == 409 and client.get("/me/passkeys").status_code == 409
    assert [(key.id, key.ended_at) for key in keys()] == [(only.id, None)]


def test_another_persons_key_is_neither_removed_nor_taken_for_ones_own(owner, letterbox):
    """Tests that a key opens its own account only, in whose session it is shown and by whose name it is said."""
    _, device = owner
    person("approver", phone="16400000007", name="另一位", where="奉化区")
    other = come_in(letterbox, phone="16400000007")
    add(other, mine := Device(), name="我的")
    theirs = next(key for key in keys() if key.name == "办公室电脑")
    assert other.post(f"/me/passkeys/{theirs.id}/remove").status_code == 404
    assert all(key.ended_at is None for key in keys())
    weak = come_in(letterbox, phone="16400000007")
    assert weak.post("/me/strong/passkey", {"answer": device.sign(asked(weak, "prove"))}).status_code == 422
    assert not is_strong(weak)
    mine.owner = device.owner  # the device says that its key is for somebody else
    assert entered(mine)[1].status_code == 422


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "https://qifu.example.com"}, {"origin": "http://localhost"}, {"origin": "https://localhost:8443"},
        {"host": "example.com"}, {"flags": PRESENT}, {"flags": VERIFIED}, {"crossed": True},
    ],
    ids=["another site", "no TLS", "another port", "another host", "no finger", "nobody there", "in a frame"],
)  # fmt: skip
def test_an_answer_given_elsewhere_or_by_nobody_opens_nothing(owner, letterbox, lie):
    """Tests what a false site, a page in a frame and a device without its owner can bring: a refusal, on the record."""
    _, device = owner
    client = come_in(letterbox)
    liar = replace(device, **lie)
    before = keys()[0].count
    reply = client.post("/me/strong/passkey", {"answer": liar.sign(asked(client, "prove"))})
    assert reply.status_code == 422 and "没有验成" in reply.content.decode() and not is_strong(client)
    assert entered(liar)[1].status_code == 422
    assert keys()[0].count == before and attempts() == ["WrongPasskey", "WrongPasskey"]


def test_forged_signatures_and_broken_answers_open_nothing(owner, letterbox):
    """Tests another's signature, a creation shown as a signature, and bytes that are no answer."""
    _, device = owner
    client = come_in(letterbox)
    forged = [
        device.sign(asked(client, "prove"), by=ec.generate_private_key(ec.SECP256R1())),
        device.sign(asked(client, "prove"), kind="webauthn.create"),
        Device().sign(asked(client, "prove")),
    ]
    cut = json.loads(device.sign(asked(client, "prove")))
    cut["response"]["authenticatorData"] = cut["response"]["authenticatorData"][:20]
    broken = [json.dumps(cut), "", "null", "[]", "{}", '{"response": {"clientDataJSON": "e30"}}', "x" * 30_000]
    for answer in forged + broken:
        assert client.post("/me/strong/passkey", {"answer": answer}).status_code == 422
    assert not is_strong(client) and keys()[0].doubted_at is None
    assert client.post("/me/strong/passkey", {"answer": device.sign(asked(client, "prove"))}).status_code == 302


def test_an_answer_counts_once_and_for_its_own_session(owner, letterbox, now):
    """Tests a replay, an answer from another browser, from before five minutes, and one made for another purpose."""
    _, device = owner
    one, other = come_in(letterbox), come_in(letterbox)
    answer = device.sign(asked(one, "prove"))
    assert other.post("/me/strong/passkey", {"answer": answer}).status_code == 422
    assert not is_strong(other)
    assert one.post("/me/strong/passkey", {"answer": answer}).status_code == 302
    assert one.post("/me/strong/passkey", {"answer": answer}).status_code == 422
    late = device.sign(asked(other, "prove"))
    now.advance(timedelta(minutes=5))
    assert other.post("/me/strong/passkey", {"answer": late}).status_code == 422
    for_entering = device.sign(asked(other, "enter"))
    assert other.post("/me/strong/passkey", {"answer": for_entering}).status_code == 422
    assert not is_strong(other)
    stranger = Client()
    assert stranger.post("/login/passkey", {"answer": device.sign(asked(other, "enter"))}).status_code == 422
    assert COOKIE not in stranger.cookies
    assert set(attempts()) == {"PasskeySpent"}


def test_a_wrong_answer_spends_its_challenge_too(owner, letterbox):
    """Tests that nobody tries twice at one challenge."""
    _, device = owner
    client = come_in(letterbox)
    given = asked(client, "prove")
    assert client.post("/me/strong/passkey", {"answer": device.sign(given, by=Device().key)}).status_code == 422
    assert client.post("/me/strong/passkey", {"answer": device.sign(given)}).status_code == 422
    assert attempts() == ["WrongPasskey", "PasskeySpent"]


def test_a_count_that_goes_back_stops_the_key_and_is_on_the_record(owner, letterbox):
    """Tests that a copy is noticed: the key opens nothing any more, its owner is told, the attempt names the person."""
    _, device = owner
    copy = replace(device)
    assert entered(device)[1].status_code == 302
    assert entered(device)[1].status_code == 302
    _, reply = entered(copy)
    assert reply.status_code == 422 and "可能被人复制过" in reply.content.decode()
    assert entered(device)[1].status_code == 422
    letterbox.codes()
    assert letterbox.messages[-1].kind == "passkey_doubted"
    found = keys()[0]
    assert found.doubted_at is not None
    with acting(DOOR):
        noted = Attempt._base_manager.get(code="PasskeyDoubted")
        assert noted.subject is not None and noted.region != 0
    assert "可能被人复制过" in come_in(letterbox).get("/me/login").content.decode()


def test_a_key_kept_by_a_cloud_counts_nothing_and_goes_on(now, letterbox):
    """Tests keys that are on several devices: their count is always 0, which is no copy."""
    person("approver", where="奉化区")
    device = Device(flags=PRESENT | VERIFIED | SYNCED, counts=False)
    client = come_in(letterbox)
    add(client, device)
    assert [entered(device)[1].status_code for _ in range(2)] == [302, 302]
    assert keys()[0].synced and "几台设备都能用" in client.get("/me/login").content.decode()


def test_a_key_of_an_unknown_kind_or_for_nobody_is_not_added(now, letterbox):
    """Tests that registration refuses another algorithm, another origin, an unverified maker, a name of blanks."""
    person("approver", where="奉化区")
    client = come_in(letterbox)
    answers = [Device().make(asked(client, "add"), algorithm=-65535)]
    answers += [
        Device(**lie).make(asked(client, "add")) for lie in ({"origin": "https://evil.example"}, {"flags": PRESENT}, {"crossed": True})
    ]
    for answer in answers:
        assert client.post("/me/passkeys", {"answer": answer, "name": "x"}).status_code == 422
    nameless = client.post("/me/passkeys", {"answer": Device().make(asked(client, "add")), "name": "   "})
    assert nameless.status_code == 422 and "起个名字" in nameless.content.decode()
    assert keys() == [] and not is_strong(client)


def test_the_same_key_is_not_added_twice_and_not_by_two_people(owner, letterbox):
    """Tests that a key belongs to one account."""
    _, device = owner
    person("approver", phone="16400000007", name="另一位", where="奉化区")
    other = come_in(letterbox, phone="16400000007")
    assert add(other, device).status_code == 422
    assert len(keys()) == 1 and not is_strong(other)


def test_a_barred_person_and_one_without_a_hat_enter_by_no_key(owner, now):
    """Tests that a key opens exactly as long as a code would."""
    _, device = owner
    admin = person("system_admin", where="奉化区", phone="16400000009", name="管理员")
    who = keys()[0].account_id
    with acting(DOOR):
        owner_id = Passkey._base_manager.select_related("account").get(account=who).account.person_id
    assert run("access.bar", {"person": owner_id, "reason": "离岗"}, actor=actor(admin)).ok
    client, reply = entered(device)
    assert reply.status_code == 422 and COOKIE not in client.cookies
    assert run("access.unbar", {"person": owner_id, "reason": "回岗"}, actor=actor(admin)).ok
    assert entered(device)[1].status_code == 302


def test_voiding_the_second_factor_voids_the_keys(owner, now, letterbox):
    """Tests a lost phone: after the administrator's word the key proves nothing, and a new one may be added."""
    _, device = owner
    admin = person("system_admin", where="奉化区", phone="16400000009", name="管理员")
    with acting(DOOR):
        owner_id = Passkey._base_manager.select_related("account").get().account.person_id
    now.advance(timedelta(seconds=1))
    assert run("access.reset_factor", {"person": owner_id, "reason": "手机丢了"}, actor=actor(admin)).ok
    assert entered(device)[1].status_code == 422
    now.advance(timedelta(seconds=1))
    client = come_in(letterbox)
    assert client.post("/me/passkeys/ask", {"kind": "prove"}).json()["code"] == "NoPasskey"
    assert add(client, Device(), name="新手机").status_code == 302 and is_strong(client)


def test_wechat_offers_none_and_says_the_way_out(owner, letterbox):
    """Tests that WeChat's browser hears a sentence instead of a button that does nothing."""
    inside = Client(headers={"user-agent": WECHAT})
    assert "data-passkey" not in inside.get("/login").content.decode()
    come_in(letterbox, client=inside)
    for page in ("/me/strong", "/me/login"):
        body = inside.get(page).content.decode()
        assert "在浏览器打开" in body and "data-passkey" not in body


def test_ten_keys_are_enough_and_an_authenticator_may_stand_beside(owner, now):
    """Tests the limit, and that both factors of one account prove."""
    client, _ = owner
    enrol(client, at=now.now())
    for number in range(2, 11):
        assert add(client, Device(), name=f"第{number}把").status_code == 302
    assert client.post("/me/passkeys/ask", {"kind": "add"}).json()["code"] == "EnoughPasskeys"
    assert len(keys()) == 10


def test_challenges_are_forgotten_after_a_day_and_limited_by_sender(now):
    """Tests that asking without entering fills no table for long, and has an end for one address."""
    browser = Client()
    assert browser.post("/login/passkey/ask").status_code == 200
    with acting(DOOR):
        first = Challenge._base_manager.get()
        rest = [replace_key(first, number) for number in range(1, PER_SENDER)]
        Challenge._base_manager.bulk_create(rest)
    assert browser.post("/login/passkey/ask").json()["code"] == "TooManyAsked"
    now.advance(timedelta(days=2))
    with acting(DOOR):
        door.tidy(clock.now())
        assert Challenge._base_manager.count() == 0


def test_the_address_is_the_installations_own(settings):
    """Tests that scheme, host and port are those under which people reach it, however they are written."""
    settings.ADDRESS = "https://QIFU.fenghua.example/"
    assert passkeys.origin() == "https://qifu.fenghua.example"
