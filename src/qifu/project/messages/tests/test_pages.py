"""Tests what people do about messages in the browser: say how they want to be told, see why one did not arrive, send it again."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from qifu.integrations.sms import HttpSms
from qifu.integrations.tests.misbehaving import SECRET, SmsProvider, serving, sign
from qifu.kernel import jurisdiction, notify
from qifu.kernel.access import DOOR, acting
from qifu.kernel.access.models import everything
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.access.tests.factories import at, officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.journal.models import Attempt, Entry
from qifu.kernel.notify import Answer, Kind, kinds, outbox, receipts
from qifu.kernel.notify.models import Outgoing, Preference, Robot
from qifu.kernel.notify.tests.letterbox import TAKEN, Letterbox, clerk, person_row, town
from qifu.kernel.values.secret import Secret
from qifu.kernel.workflow.timer import timer

pytestmark = pytest.mark.usefixtures("database")

NOON = at("2020-02-10", "12:00")
MADE = Kind(code="toy.made", label="做好了", words="{firm}：{what}做好了。", brief="{what}做好了。", groups=True)


@pytest.fixture(autouse=True)
def hands() -> Iterator[clock.Fixed]:
    notify.register(MADE)
    with clock.use(clock.Fixed(NOON)) as found:
        yield found
    del kinds.kinds[MADE.code]


@pytest.fixture
def keeper() -> Any:
    found = jurisdiction.by_name("奉化区")
    assert found is not None
    return officer("system_admin", found.id)


def write(who: Any, *, n: int = 1, when: Any = NOON) -> list[UUID]:
    with acting(who):
        on = person_row(who)
        words = {"firm": "宁波森顺", "what": "通知"}
        return notify.tell_many([notify.Tell(to=on.id, kind="toy.made", words=words, on=on)] * n, at=when)


def states() -> list[str]:
    with acting(timer()):
        return list(everything(Outgoing).order_by("id").values_list("state", flat=True))


# ---------------------------------------------------------------- the own wishes


def test_whoever_gathers_is_told_in_the_digest() -> None:
    """Tests that the wish is kept, that what can wait waits, and that what is urgent does not."""
    who, box = clerk(), Letterbox()
    page = browser(who)
    wishes = {"mode": "gather", "channel": "", "quiet_from": "21:00", "quiet_until": "08:00", "evening": "on", "mail": ""}
    assert page.post("/me/messages", wishes).status_code == 302
    with acting(DOOR):
        wish = everything(Preference).get(person=who.person)
    assert (wish.mode, f"{wish.quiet_from:%H:%M}", wish.morning, wish.evening) == ("gather", "21:00", False, True)
    write(who)
    with notify.using(box):
        outbox.carry(NOON)
    assert box.letters == [] and states() == ["gathered"]
    assert "等汇总" in text(page.get("/me/messages"))


def test_hours_and_addresses_that_are_none_are_said_beside_their_field() -> None:
    """Tests the sentences, that what was typed is kept, and that nothing was stored."""
    who = clerk()
    shown = browser(who).post("/me/messages", {"mode": "each", "quiet_from": "半夜", "quiet_until": "07:00"})
    assert shown.status_code == 422 and "22:00 这样的时间" in text(shown) and "半夜" in text(shown)
    with acting(DOOR):
        assert not everything(Preference).exists()


def test_ones_own_quiet_hours_hold(hands: clock.Fixed) -> None:
    """Tests that a wish for 20:30 to 08:00 keeps a message of 21:00 until then."""
    who, box = clerk(), Letterbox()
    assert run("notify.prefer", {"quiet_from": "20:30", "quiet_until": "08:00", "evening": "on"}, actor=who).ok
    evening, morning = at("2020-02-10", "21:00"), at("2020-02-11", "08:00")
    write(who, when=evening)
    with notify.using(box):
        outbox.carry(evening)
        outbox.carry(morning - timedelta(minutes=1))
        assert box.letters == []
        outbox.carry(morning)
    assert len(box.letters) == 1


def test_a_mail_address_counts_when_its_digits_have_come_back() -> None:
    """Tests wrong digits, right ones, and that a message then goes by mail with the full words."""
    who, post, sms = clerk(), Letterbox(), Letterbox()
    page = browser(who)
    wishes = {"mode": "each", "quiet_from": "22:00", "quiet_until": "07:00", "mail": "yuan@example.cn"}
    with notify.using(sms, mail=post):
        assert page.post("/me/messages", wishes).status_code == 302
        notify.settle()
        (asked,) = post.letters
        code = asked.text.reveal().split("是")[1][:6]
        wrong = f"{(int(code) + 1) % 10**6:06d}"
        assert page.post("/me/messages/mail/prove", {"code": wrong}).headers["Location"].endswith("wrong")
        assert run("notify.prefer", {**wishes, "channel": "mail"}, actor=who).ok
        write(who)
        outbox.carry(NOON)
        assert len(sms.letters) == 1 and len(post.letters) == 1
        assert page.post("/me/messages/mail/prove", {"code": code}).headers["Location"].endswith("proved")
        write(who)
        outbox.carry(NOON)
    assert post.texts[1] == "宁波森顺：通知做好了。" and post.letters[1].to.reveal() == "yuan@example.cn"


def test_five_wrong_digits_close_the_way() -> None:
    """Tests that a guesser is stopped, and that asking anew opens it."""
    who, post = clerk(), Letterbox()
    with notify.using(Letterbox(), mail=post):
        assert run("notify.prefer", {"mail": "yuan@example.cn"}, actor=who).ok
        assert run("notify.ask_mail", {}, actor=who).ok
        notify.settle()
        code = post.texts[0].split("是")[1][:6]
        for _ in range(5):
            assert run("notify.prove_mail", {"code": f"{(int(code) + 1) % 10**6:06d}"}, actor=who).result is False
        assert run("notify.prove_mail", {"code": code}, actor=who).code == "WrongMailCode"


def test_one_can_try_it_out_once_in_five_minutes() -> None:
    who, box = clerk(), Letterbox()
    page = browser(who)
    with notify.using(box):
        assert page.post("/me/messages/try").headers["Location"].endswith("tried")
        assert page.post("/me/messages/try").headers["Location"].endswith("waits")
        outbox.carry(NOON)
    assert len(box.letters) == 1 and "袁晨睿" in box.texts[0]


def test_a_person_without_a_work_account_gets_the_short_message_instead() -> None:
    """Tests that a refusal for good by one channel leads to SMS, and that both are told apart."""
    who, sms = clerk(), Letterbox()
    app = Letterbox(lambda letter: Answer(state="refused", why="浙政钉里没有这个手机号"))
    write(who)
    with notify.using(sms, work=app):
        outbox.carry(NOON)
        outbox.carry(NOON)
    assert len(app.letters) == len(sms.letters) == 1 and app.letters[0].id == sms.letters[0].id
    assert app.texts == ["宁波森顺：通知做好了。"] and sms.texts == ["【企服】通知做好了。"]


# ---------------------------------------------------------------- the operator


def test_the_operator_sees_why_and_sends_again(keeper: Any) -> None:
    """Tests the line by reason, that neither words nor number are shown, and that the second time arrives."""
    who, answers = clerk(), [Answer(state="refused", why="空号")] * 2 + [TAKEN] * 2
    box = Letterbox(lambda letter: answers.pop(0))
    write(who, n=2)
    page = browser(keeper, strong=True)
    with notify.using(box):
        outbox.carry(NOON)
        shown = text(page.get("/desk/messages/?is=failed"))
        assert "空号" in shown and "2条都再发一次" in shown
        assert "宁波森顺" not in shown and "16440292839" not in shown
        done = page.post("/desk/messages/again", {"kind": "toy.made", "state": "failed", "why": "空号"}, follow=True)
        assert "2条放回去重发了" in text(done)
        outbox.carry(NOON)
    assert states() == ["handed", "handed"]
    with acting(keeper):
        entry = everything(Entry).get(process="notify.message", verb="again")
    assert (entry.actor, entry.data["messages"]) == (keeper.id, 2)


def test_what_is_on_its_way_is_not_sent_again(keeper: Any) -> None:
    """Tests the refusal, and that nothing changed."""
    who = clerk()
    (id,) = write(who)
    refused = run("notify.again", {"messages": [id]}, actor=keeper)
    assert refused.code == "NothingAgain" and states() == ["queued"]
    shown = browser(keeper, strong=True).post("/desk/messages/again", {"message": str(id)})
    assert shown.status_code == 409 and "没有可以再发的" in text(shown)


def test_another_district_sees_and_sends_nothing(keeper: Any) -> None:
    """Tests that an operator's reach is their district's."""
    other = jurisdiction.by_name("鄞州区")
    assert other is not None
    stranger = officer("system_admin", other.id)
    write(clerk())
    with notify.using(Letterbox(lambda letter: Answer(state="refused", why="空号"))):
        outbox.carry(NOON)
    assert "空号" not in text(browser(stranger, strong=True).get("/desk/messages/"))
    assert run("notify.again", {"kind": "toy.made", "state": "failed", "why": "空号"}, actor=stranger).code == "NothingAgain"
    assert browser(clerk("16440292840")).get("/desk/messages/").status_code == 403


def test_a_text_waits_for_its_approval_and_then_goes(keeper: Any) -> None:
    """Tests the reason while it waits, the refusal of the provider, and that approval lets it go."""
    who, provider = clerk(), SmsProvider()
    write(who)
    page = browser(keeper, strong=True)
    with serving(provider) as (address, _), notify.using(HttpSms(address, key="k", secret=Secret(SECRET))):
        outbox.carry(NOON)
        assert states() == ["waiting"] and provider.taken == {}
        receipts.approve(NOON)
        outbox.carry(NOON)
        assert states() == ["waiting"] and "短信模板还在审核" in text(page.get("/desk/messages/"))
        provider.approved["toy.made"] = "refused"
        receipts.approve(NOON)
        assert "没通过" in text(page.get("/desk/messages/texts"))
        provider.approved["toy.made"] = "approved"
        assert receipts.approve(NOON) == 1
        outbox.carry(NOON)
    (taken,) = provider.taken.values()
    assert taken["template"] == "T-toy.made" and taken["values"]["what"] == "通知" and states() == ["handed"]


def test_a_callback_is_taken_once_and_a_forged_one_leaves_a_trace(keeper: Any) -> None:
    """Tests the public address: signed, twice, forged, for a channel that is none."""
    who, caller = clerk(), Client(enforce_csrf_checks=True)
    (id,) = write(who)
    body = json.dumps({"receipts": [{"id": str(id), "state": "delivered"}]}).encode()
    said = str(int(NOON.timestamp()))

    def call(signature: str, channel: str = "sms") -> Any:
        headers = {"X-Qifu-Time": said, "X-Qifu-Sign": signature}
        return caller.post(f"/hooks/messages/{channel}", body, content_type="application/json", headers=headers)

    provider = SmsProvider()
    with serving(provider) as (address, _), notify.using(HttpSms(address, key="k", secret=Secret(SECRET), approves=False)):
        outbox.carry(NOON)
        assert call("0" * 64).status_code == 403 and states() == ["handed"]
        assert [call(sign(said, body)).json()["moved"] for _ in range(2)] == [1, 0]
        assert call(sign(said, body), "wecom").status_code == 403
    assert states() == ["delivered"]
    with acting(timer()):
        assert list(everything(Attempt).filter(action="notify.receipts").values_list("code", flat=True)) == ["NotSigned"] * 2


def test_a_robot_posts_to_its_app_alone_and_is_forgotten_when_closed(keeper: Any) -> None:
    """Tests a foreign address, a kind that is one person's, a group that is told, and that its address is gone after."""
    page, ding = browser(keeper, strong=True), Letterbox()
    given = {"name": "指挥部群", "channel": "ding", "address": "https://evil.example/robot", "kinds": ["toy.made"]}
    shown = page.post("/desk/messages/robots", given)
    assert shown.status_code == 422 and "oapi.dingtalk.com" in text(shown)
    given["address"] = "https://oapi.dingtalk.com/robot/send?access_token=t0k3n"
    assert page.post("/desk/messages/robots", given | {"kinds": ["notify.try_out"]}).status_code == 422
    assert page.post("/desk/messages/robots", given).status_code == 302
    assert "t0k3n" not in page.get("/desk/messages/robots").content.decode()
    who = clerk()
    with acting(timer()):
        notify.tell_groups("toy.made", words={"firm": "宁波森顺", "what": "通知"}, on=person_row(who), at=NOON)
        robot = everything(Robot).get()
    with notify.using(Letterbox(), ding=ding):
        outbox.carry(NOON)
    assert ding.texts == ["通知做好了。"] and ding.letters[0].to.reveal().endswith("t0k3n")
    assert page.post(f"/desk/messages/robots/{robot.id}/close").status_code == 302
    with acting(timer()):
        notify.tell_groups("toy.made", words={"firm": "宁波森顺", "what": "通知"}, on=person_row(who), at=NOON)
        assert Secret(everything(Robot).get().address).reveal() == "closed"
    assert len(states()) == 1


def test_a_group_is_not_told_faster_than_its_robot_may(keeper: Any) -> None:
    """Tests the limit of a minute, and that the rest follows in the next."""
    given = {"name": "群", "channel": "wecom", "address": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k", "kinds": ["toy.made"]}
    assert run("notify.open_robot", given | {"place": town()}, actor=keeper).ok
    who, box = clerk(), Letterbox()
    box.per_minute = 3
    with acting(timer()):
        for _ in range(5):
            notify.tell_groups("toy.made", words={"firm": "宁波森顺", "what": "通知"}, on=person_row(who), at=NOON)
    with notify.using(Letterbox(), wecom=box):
        outbox.carry(NOON)
        assert len(box.letters) == 3
        outbox.carry(NOON + timedelta(seconds=61))
    assert len(box.letters) == 5
