"""Tests the gateways against servers that misbehave: what surely did not arrive, what nobody knows, and nothing twice."""

import base64
import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from qifu.integrations.calls import BadReply, NoReply, Reply, call, retry_after
from qifu.integrations.chat import DingTalkRobot, WeComRobot
from qifu.integrations.mail import Smtp
from qifu.integrations.sms import HttpSms
from qifu.integrations.work import WorkNotice
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.notify import Forged, Letter, Message, NotTaken
from qifu.kernel.values import uuid7
from qifu.kernel.values.secret import Secret

from .misbehaving import SECRET, Call, SmsProvider, closed_port, mailing, serving, sign

AT = datetime(2020, 2, 10, 9, 0, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def hands() -> Iterator[clock.Fixed]:
    with clock.use(clock.Fixed(AT)) as found:
        yield found


def letter(to: str = "16440292839", text: str = "【企服】通知做好了。", **more: Any) -> Letter:
    return Letter(id=uuid7(), to=Secret(to), text=Secret(text), kind="toy.made", title="做好了", template="T-1", **more)


def sms(address: str, **more: Any) -> HttpSms:
    return HttpSms(address, key="k", secret=Secret(SECRET), seconds=0.3, **more)


# ---------------------------------------------------------------- short messages


def test_a_batch_goes_in_one_call_and_each_gets_its_own_answer() -> None:
    """Tests taken and refused side by side, and that the same id twice is taken once."""
    provider = SmsProvider()
    provider.refuses["16400000000"] = "空号"
    letters = [letter(), letter("16400000000"), letter()]
    with serving(provider) as (address, mood):
        gateway = sms(address)
        first, again = gateway.hand(letters), gateway.hand(letters)
    assert [one.state for one in first] == [one.state for one in again] == ["taken", "refused", "taken"]
    assert first[1].why == "空号" and len(mood.calls) == 2
    assert len(provider.taken) == 2 and provider.deliveries == 6


@pytest.mark.parametrize("how", ["broken", "silent", "page", "moved", "slow", "drip", "drip_head"])
def test_what_nobody_knows_is_not_called_taken_or_lost(how: str) -> None:
    """Tests that a 500, a dropped answer, a proxy's page, a redirect and a slow answer all leave the end open."""
    with serving(SmsProvider()) as (address, mood):
        mood.next = [how]
        with pytest.raises(Exception) as failed:
            sms(address).hand([letter()])
    assert not isinstance(failed.value, NotTaken)
    assert "16440292839" not in repr(failed.value) and "通知" not in repr(failed.value)


def test_what_surely_did_not_arrive_is_said() -> None:
    """Tests a limit with its pause, a refused signature, and a gateway that is not there."""
    provider = SmsProvider()
    with serving(provider) as (address, mood):
        mood.next = ["busy", "denied"]
        with pytest.raises(NotTaken) as busy:
            sms(address).hand([letter()])
        with pytest.raises(NotTaken) as denied:
            sms(address).hand([letter()])
    with pytest.raises(NotTaken) as gone:
        sms(f"http://127.0.0.1:{closed_port()}").hand([letter()])
    assert busy.value.after == timedelta(seconds=7) and "401" in denied.value.why and "连不上" in gone.value.why
    assert provider.taken == {}


@pytest.mark.parametrize("how", ["drip", "drip_head"])
def test_an_answer_that_drips_is_given_up_in_time(how: str) -> None:
    """Tests that the far side is hung up on long before it has dripped out its head or its body."""
    with serving(SmsProvider()) as (address, mood):
        mood.next, mood.slow = [how], 1.0
        begun = time.monotonic()
        with pytest.raises(NoReply):
            call("POST", f"{address}/messages", body=b'{"messages": []}', headers=signed(b'{"messages": []}'), seconds=0.5)
    assert time.monotonic() - begun < 5, "ten seconds of dripping"


def test_a_name_that_nobody_finds_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests that a look-up which hangs is under the call's one deadline, that many of them stop no later call for good, and that a
    name without an address and one address that hangs before one that answers are told apart."""
    held, real = threading.Event(), socket.getaddrinfo

    def slow(host: str, *rest: Any) -> Any:
        return held.wait(20) and [] if host == "slow.example" else real(host, *rest)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    began = time.monotonic()
    for _ in range(3):
        with pytest.raises(NotTaken, match="连不上"):
            call("GET", "http://slow.example/", seconds=0.2)
    assert time.monotonic() - began < 3
    with serving(lambda asked: {}) as (address, _):
        assert call("POST", address, seconds=5).status == 200
    held.set()
    with pytest.raises(NotTaken, match="连不上"):
        call("GET", "http://slow.example/", seconds=5)


def test_an_odd_answer_is_none() -> None:
    """Tests that addresses that no line leads to, nesting without end and an odd Retry-After never raise anything else."""
    for wrong in (
        "https://[half",
        "https://a:99999999",
        f"http://{'a' * 70}.example/",
        "http://a..b/",
        "http://127.0.0.1\u200b.example\u2100/",
    ):
        with pytest.raises(NotTaken):
            call("POST", wrong)
    with pytest.raises(BadReply):
        Reply(200, {}, b"[" * 100_000).json()
    for odd in ("\u00b2", "\u0667", "soon", "9" * 5000):
        assert retry_after(Reply(429, {"retry-after": odd}, b"")) == timedelta(minutes=1)


def signed(body: bytes) -> dict[str, str]:
    return {"X-Qifu-Time": "1", "X-Qifu-Sign": sign("1", body)}


def test_a_code_at_the_door_goes_at_once_and_says_when_it_did_not() -> None:
    """Tests the direct way, with the sender's sign once."""
    provider = SmsProvider()
    message = Message(to=Secret("16440292839"), text=Secret("【企服】验证码 123456"), kind="login_code", at=AT)
    with serving(provider) as (address, _):
        sms(address).send(message)
        provider.refuses["16440292839"] = "黑名单"
        with pytest.raises(NotTaken):
            sms(address).send(message)
    assert [one["text"] for one in provider.taken.values()] == ["【企服】验证码 123456"]


def callback(said: int, body: bytes, *, signed_with: str = "") -> dict[str, str]:
    return {"x-qifu-time": str(said), "x-qifu-sign": signed_with or sign(str(said), body)}


def test_a_callback_counts_only_signed_and_fresh() -> None:
    """Tests a good one, a forged one, one whose body was changed, an old one, and one without anything."""
    gateway, now = sms("http://127.0.0.1"), int(AT.timestamp())
    id = uuid7()
    body = json.dumps({"receipts": [{"id": str(id), "state": "delivered", "at": "2020-02-10T08:59:00+08:00"}, {"state": "odd"}]}).encode()
    (receipt,) = gateway.receipts(callback(now, body), body, at=AT)
    assert (receipt.id, receipt.state, receipt.at) == (id, "delivered", AT - timedelta(minutes=1))
    bad = [
        (callback(now, body, signed_with="0" * 64), body),
        (callback(now, body), body.replace(b"delivered", b"failed")),
        (callback(now - 301, body), body),
        (callback(now, b"[]"), b"[]"),
        ({}, body),
    ]
    for headers, sent in bad:
        with pytest.raises(Forged):
            gateway.receipts(headers, sent, at=AT)


def test_the_provider_is_asked_about_ids_and_texts() -> None:
    provider = SmsProvider()
    one = letter()
    with serving(provider) as (address, _):
        gateway = sms(address)
        gateway.hand([one])
        lost = uuid7()
        assert [(told.id, told.state) for told in gateway.ask([one.id, lost])] == [(one.id, "delivered"), (lost, "absent")]
        assert gateway.approval("toy.made", "通知").state == "asked"
        provider.approved["toy.made"] = "approved"
        assert gateway.approval("toy.made", "通知").number == "T-toy.made"


# ---------------------------------------------------------------- robots


def test_the_robots_say_too_fast_gone_and_unknown_apart() -> None:
    """Tests errcodes of both apps, and that one group's trouble stops no other's."""
    codes = {"wecom": (45009, 93000), "ding": (130101, 310000)}
    for robot, (fast, gone) in zip((WeComRobot(seconds=0.3), DingTalkRobot(seconds=0.3)), codes.values(), strict=True):
        answers = iter([0, fast, gone, 0, 0])
        with serving(lambda call, answers=answers: {"errcode": next(answers)}) as (address, mood):
            letters = [letter(f"{address}/send?key=1") for _ in range(6)]
            mood.next = ["", "", "", "", "silent", "broken"]
            states = [one.state for one in robot.hand(letters)]
        assert states == ["taken", "again", "refused", "taken", "unknown", "unknown"]
        assert mood.calls[0].json == {"msgtype": "text", "text": {"content": "【企服】通知做好了。"}}


def test_dingtalk_checks_the_signature() -> None:
    """Tests time and signature as the other side reckons them, over the secret of the group."""

    def check(call: Call) -> dict[str, Any]:
        said = call.query["timestamp"]
        mine = hmac.new(b"SEC1", f"{said}\nSEC1".encode(), hashlib.sha256).digest()
        good = call.query["sign"] == base64.b64encode(mine).decode() and abs(int(said) / 1000 - AT.timestamp()) < 3600
        return {"errcode": 0 if good else 310000}

    with serving(check) as (address, _):
        right = letter(f"{address}/robot/send?access_token=t", secret=Secret("SEC1"))
        wrong = letter(f"{address}/robot/send?access_token=t", secret=Secret("SEC2"))
        assert [one.state for one in DingTalkRobot().hand([right, wrong])] == ["taken", "refused"]


# ---------------------------------------------------------------- work notices


class WorkApp:
    """The far side: knows two numbers, checks each signature, takes a business id once."""

    def __init__(self) -> None:
        self.taken: dict[str, dict[str, str]] = {}

    def __call__(self, call: Call) -> dict[str, Any]:
        query = "&".join(f"{name}={value}" for name, value in sorted(call.form.items()))
        said = "\n".join(("POST", call.headers["x-hmac-auth-timestamp"], call.headers["x-hmac-auth-nonce"], call.path, query))
        mine = base64.b64encode(hmac.new(SECRET.encode(), said.encode(), hashlib.sha256).digest()).decode()
        if mine != call.headers["x-hmac-auth-signature"]:
            return {"success": False, "errorMsg": "签名不对"}
        if call.path.endswith("get_by_mobile"):
            known = {"16440292839": "a1", "16440292840": "a2"}.get(call.form["mobile"])
            return {"success": True, "content": {"success": bool(known), "data": {"accountId": known} if known else None}}
        if call.form["bizMsgId"] in self.taken:
            return {"success": True, "content": {"success": False, "responseMessage": "bizMsgId重复"}}
        self.taken[call.form["bizMsgId"]] = call.form
        return {"success": True, "content": {"success": True, "data": {"msgId": f"m{len(self.taken)}"}}}


def test_a_work_notice_is_taken_once_also_when_its_answer_got_lost() -> None:
    """Tests the lookup, the signature, an unknown number, a dropped answer, and the second delivery under the same id."""
    app = WorkApp()
    known, stranger = letter(), letter("16499999999")
    with serving(app) as (address, mood):
        gateway = WorkNotice(address, key="k", secret=Secret(SECRET), tenant="1", seconds=0.3)
        mood.next = ["", "silent"]
        assert [one.state for one in gateway.hand([known, stranger])] == ["unknown", "refused"]
        assert [one.state for one in gateway.hand([known])] == ["taken"]
        mood.next = ["broken"]
        assert gateway.hand([letter("16440292840")])[0].state == "again"
    assert len(app.taken) == 1 and next(iter(app.taken.values()))["receiverIds"] == "a1"
    assert sum("get_by_mobile" in call.path for call in mood.calls) == 3


# ---------------------------------------------------------------- mail


def test_mail_is_sent_once_and_each_end_is_told_apart() -> None:
    """Tests taken, never, later, a server that falls silent after taking, and one that is not there."""
    with mailing() as (port, server):
        gateway = Smtp("127.0.0.1", port=port, sender="qifu@example.cn", secure="", seconds=0.5)
        server.answers = {"gone@example.cn": "550 no such user", "full@example.cn": "452 mailbox full"}
        letters = [letter("a@example.cn", text="您好"), letter("gone@example.cn"), letter("full@example.cn")]
        assert [one.state for one in gateway.hand(letters)] == ["taken", "refused", "again"]
        server.silent_after_taking = True
        assert [one.state for one in gateway.hand([letter("b@example.cn"), letter("c@example.cn")])] == ["unknown", "again"]
    assert [to for to, _ in server.mails] == ["a@example.cn", "b@example.cn"]
    assert str(letters[0].id) in server.mails[0][1]
    with pytest.raises(NotTaken):
        Smtp("127.0.0.1", port=closed_port(), sender="qifu@example.cn", secure="", seconds=0.5).hand([letter("a@example.cn")])
