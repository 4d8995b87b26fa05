"""Work orders of other platforms: signed in, one case with both numbers, and the reply back closed."""

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from qifu.areas.casework.models import Case
from qifu.areas.casework.tests.factories import Desk, desk
from qifu.areas.loops import carrying, port, signing
from qifu.areas.loops.models import Order, Platform, Renewal
from qifu.integrations.loops import HttpCarrier
from qifu.integrations.tests.misbehaving import Call, Mood, serving
from qifu.kernel import events, jurisdiction
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser, hidden, text
from qifu.kernel.access.tests.factories import at, officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.intake.actions import Upload, receive_and_stage
from qifu.kernel.journal.models import Attempt, Entry
from qifu.kernel.workflow.timer import timer

START = at("2022-05-09")


class Platforms:
    """The other side: its key, its way of signing, and what it was told."""

    def __init__(self) -> None:
        self.key = ""
        self.told: dict[str, dict[str, Any]] = {}

    def __call__(self, call: Call) -> dict[str, Any]:
        time = call.headers["x-qifu-time"]
        assert signing.good(call.headers["x-qifu-sign"], key=self.key, time=time, body=call.body)
        self.told.setdefault(call.headers["x-qifu-id"], call.json)
        return {"ok": True}

    def order(self, number: str = "2022050900017", words: str = "车间停电三小时，生产线停了", **more: str) -> bytes:
        return json.dumps({"number": number, "text": words, **more}).encode()

    def signed(self, body: bytes, *, key: str = "", minutes: float = 0) -> dict[str, str]:
        time = str(int((clock.now() + timedelta(minutes=minutes)).timestamp()))
        return {signing.TIME: time, signing.SIGN: signing.sign(key or self.key, time=time, body=body)}


@pytest.fixture
def hands(database: Any) -> Iterator[clock.Fixed]:
    with clock.use(clock.Fixed(START)) as fixed:
        yield fixed


@pytest.fixture
def people(hands: clock.Fixed) -> Desk:
    return desk()


@pytest.fixture
def other() -> Platforms:
    return Platforms()


@pytest.fixture
def far(other: Platforms) -> Iterator[tuple[str, Mood]]:
    """A server of the other platform, which misbehaves when told to."""
    with serving(other) as (url, mood), port.using(HttpCarrier(seconds=0.5)):
        yield url, mood


def opened(people: Desk, other: Platforms, url: str = "https://12345.example/back", **given: str) -> Platform:
    """Register a platform by one and put its key into force by another."""
    proposed = people.ok(
        run("loops.add", {"name": "市12345", "channel": "loop:12345", "how": "hook", "callback": url, **given}, actor=people.bureau)
    )
    other.key = proposed.key.reveal()
    with acting(people.colleague):
        renewal = Renewal.objects.get(platform=proposed.platform)
    people.ok(run("loops.confirm_key", {"renewal": renewal.id}, actor=people.colleague))
    return proposed.platform


def post(slug: str, body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
    answer = Client().post(f"/hooks/loops/{slug}", body, content_type="application/json", headers=headers)
    return answer.status_code, answer.json()


def deliver() -> None:
    while events.deliver(actor=timer()):
        pass


def order_of(people: Desk, number: str = "2022050900017") -> Order:
    with acting(people.bureau):
        return Order.objects.select_related("case", "platform").get(number=number)


def test_one_case_with_both_numbers_however_often_it_comes(people: Desk, other: Platforms) -> None:
    """Tests that a signed order becomes a case of its firm and town, that the same number again gives the same case, and that
    the very same request again is refused."""
    firm = people.firm("奉化钧凯结构有限公司")
    platform = opened(people, other)
    body = other.order(firm="钧凯结构", asker="袁师傅", phone="13800136021")
    headers = other.signed(body)
    status, told = post(platform.slug, body, headers)
    assert (status, told["number"], told["again"]) == (200, "2022050900017", False)
    order = order_of(people)
    case = order.case
    assert (told["case"], case.enterprise_id, case.channel, case.source_number) == (case.number, firm.id, "loop:12345", order.number)
    assert case.phone.reveal() == "13800136021" and case.kind == "energy"
    assert post(platform.slug, body, headers)[0] == 409
    changed = other.order(words="车间停电，已经五个小时了")
    again = post(platform.slug, changed, other.signed(changed, minutes=1))
    assert again == (200, {"ok": True, "number": order.number, "case": case.number, "again": True})
    with acting(people.bureau):
        assert Case.objects.filter(channel="loop:12345").count() == 1
    assert case.number in text(browser(people.bureau).get("/desk/loops/"))
    assert order.number in text(browser(people.bureau).get(f"/desk/cases/{case.id}"))


def test_what_is_forged_stale_or_no_order_leaves_nothing_but_an_attempt(people: Desk, other: Platforms, hands: clock.Fixed) -> None:
    """Tests a wrong key, a changed body, a clock that is off, no signature, no JSON, no number and too much: each refused in
    words with nothing kept, the forged ones on the record; and that who keeps forging is told to wait, and the true sender never."""
    platform = opened(people, other)
    body = other.order()
    forged = [
        (body, other.signed(body, key="other")), (body + b" ", other.signed(body)), (body, {}),
        (body, {**other.signed(body), signing.TIME: "99999999999999999999"}),
    ]  # fmt: skip
    for sent, headers in forged:
        status, told = post(platform.slug, sent, headers)
        assert status == 401 and "签名不对" in told["says"], told
    status, told = post("nobody", body, other.signed(body))
    assert status == 401
    status, told = post(platform.slug, body, other.signed(body, minutes=-6))
    assert status == 401 and "5分钟" in told["says"]
    for wrong in (b"<order/>", b"[]", b'{"number": "1"}', b'{"text": "x"}', json.dumps({"number": "9" * 61, "text": "x"}).encode()):
        assert post(platform.slug, wrong, other.signed(wrong))[0] == 422
    huge = other.order(words="长" * 200_000)
    assert post(platform.slug, huge, other.signed(huge))[0] == 413
    long = other.order(words="长" * 30_000)
    status, told = post(platform.slug, long, other.signed(long))
    assert status == 422 and "现在30000个" in told["says"]
    with acting(people.bureau):
        assert not Case.objects.exists() and not Order.objects.exists()
    with acting(timer()):
        assert Attempt._base_manager.filter(action="loops.take", code="Forged", forbidden=True).count() == len(forged) + 1
    for _ in range(20):
        post(platform.slug, body, other.signed(body, key="other"))
    assert post(platform.slug, body, other.signed(body, key="other"))[0] == 429
    assert post(platform.slug, body, other.signed(body))[0] == 200
    hands.set(START + timedelta(minutes=11))
    assert post(platform.slug, body, other.signed(body, key="other"))[0] == 401


def test_a_request_that_no_program_would_send_is_refused_like_any_other(people: Desk, other: Platforms) -> None:
    """Tests a signature beyond ASCII (which must answer as an unknown name does), JSON nested without end, and half a character."""
    platform = opened(people, other)
    body = other.order()
    for wrong in ("é" * 64, "\u0130" * 64, "0" * 63, "g" * 64):
        headers = {signing.TIME: other.signed(body)[signing.TIME], signing.SIGN: wrong}
        assert post(platform.slug, body, headers) == post("nobody", body, headers)
        assert post(platform.slug, body, headers)[0] == 401
    for odd in (b"[" * 100_000, b'{"number": "1", "text": "\\ud800"}', b'{"number": "\\udfff", "text": "x"}'):
        assert post(platform.slug, odd, other.signed(odd))[0] == 422
    with acting(people.bureau):
        assert not Case.objects.exists()


def test_a_key_is_put_into_force_by_another_person(people: Desk, other: Platforms, hands: clock.Fixed) -> None:
    """Tests that nobody confirms their own key, that it is shown once, that the old one counts for a day, and that it is sealed."""
    client = browser(people.bureau)
    form = client.get("/desk/loops/new")
    given = {"key": hidden(form, "key"), "name": "市12345", "channel": "loop:12345", "how": "hook", "callback": "http://plain.example/"}
    refused = client.post("/desk/loops/new", given)
    assert refused.status_code == 422 and "https://" in text(refused)
    page = text(client.post("/desk/loops/new", {**given, "callback": "https://12345.example/back"}))
    with acting(people.bureau):
        (platform,), (renewal,) = Platform.objects.all(), Renewal.objects.all()
        other.key = renewal.key.reveal()
    assert other.key in page and other.key not in text(client.get(f"/desk/loops/platforms/{platform.id}"))
    body = other.order()
    assert post(platform.slug, body, other.signed(body))[0] == 401, "no key is in force yet"
    own = client.post(f"/desk/loops/platforms/{platform.id}/confirm", {"renewal": renewal.id})
    assert own.status_code == 403 and "另一个人" in text(own)
    assert browser(people.labour).post(f"/desk/loops/platforms/{platform.id}/confirm", {"renewal": renewal.id}).status_code == 403
    assert browser(people.colleague).post(f"/desk/loops/platforms/{platform.id}/confirm", {"renewal": renewal.id}).status_code == 302
    assert post(platform.slug, body, other.signed(body))[0] == 200
    proposed = people.ok(run("loops.propose_key", {"platform": platform.id}, actor=people.colleague))
    assert not run("loops.propose_key", {"platform": platform.id}, actor=people.bureau).ok, "one at a time"
    with acting(people.bureau):
        second = Renewal.objects.get(platform=platform, decided_at__isnull=True)
    people.ok(run("loops.confirm_key", {"renewal": second.id}, actor=people.bureau))
    old, other.key = other.key, proposed.key.reveal()
    for minute, key in enumerate((old, other.key)):
        assert post(platform.slug, body, other.signed(body, key=key, minutes=1 + minute))[0] == 200
    hands.set(START + timedelta(hours=25))
    assert post(platform.slug, body, other.signed(body, key=old))[0] == 401
    assert post(platform.slug, body, other.signed(body))[0] == 200
    people.ok(run("loops.stop", {"platform": platform.id}, actor=people.bureau))
    assert post(platform.slug, body, other.signed(body, minutes=1))[0] == 401


def test_who_confirms_confirms_what_they_saw(people: Desk, other: Platforms) -> None:
    """Tests that a key put in the place of the one on the page is not confirmed with it, and that a stopped platform takes no key."""
    platform = opened(people, other)
    address = f"/desk/loops/platforms/{platform.id}"
    renewals = Renewal._base_manager.filter(platform=platform, decided_at=None)
    people.ok(run("loops.propose_key", {"platform": platform.id, "callback": "https://12345.example/seen"}, actor=people.bureau))
    page = browser(people.colleague).get(f"{address}").content.decode()
    with acting(people.colleague):
        seen = renewals.get().id
    assert f'name="renewal" value="{seen}"' in page and "https://12345.example/seen" in page
    people.ok(run("loops.drop_key", {"renewal": seen}, actor=people.bureau))
    people.ok(run("loops.propose_key", {"platform": platform.id, "callback": "https://12345.example/unseen"}, actor=people.bureau))
    answer = browser(people.colleague).post(f"{address}/confirm", {"renewal": seen})
    assert answer.status_code == 404 and "没有找到，可能已经有人确认或撤掉了" in text(answer)
    with acting(people.bureau):
        unseen, now = renewals.get().id, Platform.objects.get(pk=platform.id)
        assert (now.callback, now.key.reveal()) == ("https://12345.example/back", other.key)
    people.ok(run("loops.stop", {"platform": platform.id}, actor=people.bureau))
    assert run("loops.confirm_key", {"renewal": unseen}, actor=people.colleague).code == "NotFound"
    assert run("loops.propose_key", {"platform": platform.id}, actor=people.bureau).code == "NotFound"
    with acting(people.bureau):
        assert not renewals.exists() and not Platform.objects.get(pk=platform.id).key


def test_a_number_of_another_district_is_another_case(people: Desk, other: Platforms) -> None:
    """Tests that two districts' platforms may give the same number: each has its case, and neither learns of the other's."""
    own = opened(people, other)
    assert post(own.slug, body := other.order(), other.signed(body))[0] == 200
    first = order_of(people)
    city = jurisdiction.lineage(people.district)[1]
    away = next(one.id for one in jurisdiction.children(city) if one.id != people.district)
    one, two, far = officer("bureau_clerk", away), officer("bureau_clerk", away), Platforms()
    given = {"name": "那边的12345", "channel": "loop:12345", "how": "hook", "callback": "https://away.example/back", "slug": "away"}
    made = people.ok(run("loops.add", given, actor=one))
    far.key = made.key.reveal()
    with acting(two):
        renewal = Renewal.objects.get(platform=made.platform)
    people.ok(run("loops.confirm_key", {"renewal": renewal.id}, actor=two))
    status, told = post("away", body := far.order(words="路口的灯不亮"), far.signed(body))
    assert (status, told["again"]) == (200, False) and told["case"] != first.case.number
    with acting(one):
        assert [(case.number, case.text) for case in Case.objects.all()] == [(told["case"], "路口的灯不亮")]
    again = far.order(words="路口的灯还是不亮")
    assert post("away", again, far.signed(again, minutes=1))[1]["case"] == told["case"]
    assert order_of(people).case_id == first.case_id


def answered(people: Desk, case: Case, words: str = "已抢修，12点恢复供电。") -> None:
    people.ok(run("casework.answer", {"case": case.id, "answer": words}, actor=people.call_taker))
    deliver()


def test_the_reply_goes_back_whatever_the_line_does(people: Desk, other: Platforms, far: tuple[str, Mood], hands: clock.Fixed) -> None:
    """Tests a far side that breaks, is busy, takes it and falls silent, answers with a proxy's page, and then takes it: one
    reply with both numbers, told once whatever was repeated; and that it is tried less and less often."""
    url, mood = far
    platform = opened(people, other, url)
    body = other.order()
    post(platform.slug, body, other.signed(body))
    order = order_of(people)
    assert carrying.carry(clock.now()) == 0
    answered(people, order.case)
    mood.next = ["broken", "busy", "silent", "page"]
    seen = []
    for _ in range(5):
        while not carrying.carry(hands.now()):
            hands.set(hands.now() + timedelta(seconds=20))
        seen.append((hands.now(), order_of(people).state, order_of(people).why))
    assert [state for _, state, _ in seen] == ["owed"] * 4 + ["sent"]
    assert ["出错" in seen[0][2], "太快" in seen[1][2], "没有回话" in seen[2][2], "格式" in seen[3][2]] == [True] * 4
    waits = [later - earlier for (earlier, *_), (later, *_) in pairwise(seen)]
    assert waits == sorted(waits) and waits[0] < waits[-1]
    assert len(mood.calls) == 5 and len(other.told) == 1
    (told,) = other.told.values()
    assert (told["number"], told["case"], told["reply"], told["closed"]) == (
        order.number,
        order.case.number,
        "已抢修，12点恢复供电。",
        True,
    )
    assert carrying.carry(hands.now() + timedelta(days=1)) == 0
    with acting(timer()):
        assert Entry._base_manager.filter(process="loops.order", verb="sent", subject=order.id).count() == 1


def test_what_the_far_side_refuses_waits_for_a_person(people: Desk, other: Platforms, far: tuple[str, Mood], hands: clock.Fixed) -> None:
    """Tests that a refused reply stands on the desk with why, is sent again by one touch, and that somebody without the right
    cannot; and that an order which was opened again is owed a second reply under an id of its own."""
    url, mood = far
    platform = opened(people, other, url)
    body = other.order()
    post(platform.slug, body, other.signed(body))
    order = order_of(people)
    answered(people, order.case)
    mood.next = ["moved"] * 7
    for _ in range(7):
        while not carrying.carry(hands.now()):
            hands.set(hands.now() + timedelta(minutes=10))
    assert order_of(people).state == "failed"
    page = text(browser(people.call_taker).get("/desk/loops/?state=failed"))
    assert order.number in page and "再送一次" in page and "对方平台出错（302）" in page
    assert browser(people.town_clerk).post(f"/desk/loops/orders/{order.id}/again").status_code == 403
    assert order_of(people).state == "failed"
    assert browser(people.call_taker).post(f"/desk/loops/orders/{order.id}/again").status_code == 302
    assert carrying.carry(hands.now()) == 1 and order_of(people).state == "sent"
    people.ok(run("casework.reject", {"case": order.case_id, "why": "same"}, actor=people.second))
    deliver()
    assert order_of(people).state == "in_hand"
    assert order_of(people).round == 1 and len(other.told) == 1


def test_a_worker_that_dies_on_the_way_sends_it_again_under_the_same_id(
    people: Desk, other: Platforms, far: tuple[str, Mood], hands: clock.Fixed
) -> None:
    """Tests that a claimed reply is owed again after the lease, and that the far side sees one."""
    url, _ = far
    platform = opened(people, other, url)
    body = other.order()
    post(platform.slug, body, other.signed(body))
    answered(people, order_of(people).case)
    letters = carrying._claim(hands.now(), timer())
    port.carrier().post(letters[0].url, body=letters[0].body, headers=_headers(letters[0], hands))
    assert carrying.carry(hands.now() + timedelta(minutes=1)) == 0
    assert carrying.carry(hands.now() + timedelta(minutes=6)) == 1
    assert order_of(people).state == "sent" and len(other.told) == 1


def _headers(letter: Any, hands: clock.Fixed) -> dict[str, str]:
    time = str(int(hands.now().timestamp()))
    id = f"{letter.order.id}-{letter.order.round}"
    return {signing.TIME: time, signing.ID: id, signing.SIGN: signing.sign(letter.key, time=time, body=letter.body)}


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_a_file_of_orders_comes_in_once_and_goes_back_as_a_file(people: Desk, kind: str) -> None:
    """Tests a file of a platform without a hook: each number one case however often the file is sent, the replies as a file
    with both numbers, and that they count as given back."""
    rows = [("GD001", "车间缺普工二十人", "莼湖街道"), ("GD002", "贷款到期银行不续", "裘村镇")]
    if kind == "csv":
        content = ("工单编号,主要内容,镇街\n" + "\n".join(",".join(row) for row in rows)).encode("gb18030")
    else:
        heads = ("工单编号", "主要内容", "镇街")
        content = json.dumps({"data": [dict(zip(heads, row, strict=True)) for row in rows]}).encode()
    for n in range(2):
        made = people.ok(receive_and_stage(Upload("loops.8718", f"工单{n}.{kind}", content), actor=people.bureau, at=clock.now()))
        if n == 0:
            people.ok(run("intake.commit", {"source": made.id}, actor=people.bureau))
            assert "GD001" not in text(browser(people.bureau).get(f"/desk/cases/receipts/{made.id}"))
        else:
            again = run("intake.commit", {"source": made.id}, actor=people.bureau)
            assert again.ok and (again.result.created, again.result.unchanged) == (0, 2)
    with acting(people.bureau):
        assert Case.objects.filter(channel="loop:8718").count() == Order.objects.count() == 2
        platform = Platform.objects.get()
    answered(people, order_of(people, "GD001").case, "已对接两所职校。")
    client = browser(people.call_taker)
    assert "下载1件回复" in text(client.get("/desk/loops/"))
    back = client.post(f"/desk/loops/platforms/{platform.id}/replies")
    sheet = load_workbook(io.BytesIO(b"".join(back.streaming_content) if back.streaming else back.content)).active
    cells = [[str(cell.value) for cell in row] for row in sheet.iter_rows()]
    found = next(row for row in cells if "GD001" in row)
    assert order_of(people, "GD001").case.number in found and "已对接两所职校。" in found
    assert order_of(people, "GD001").state == "given" and order_of(people, "GD002").state == "in_hand"
    assert client.post(f"/desk/loops/platforms/{platform.id}/replies").status_code == 409
    assert browser(people.town_clerk).post(f"/desk/loops/platforms/{platform.id}/replies").status_code == 403


def test_an_order_that_a_person_wrote_down_is_owed_back_too(people: Desk, other: Platforms) -> None:
    """Tests that a case recorded at the desk with a platform's number stands on the list, and that the hook finds it."""
    platform = opened(people, other)
    case = people.recorded("停电三小时", channel="loop:12345", source="12345", source_number="2022050900017", region=people.town)
    deliver()
    assert order_of(people).by == "desk"
    body = other.order()
    assert post(platform.slug, body, other.signed(body))[1]["case"] == case.number


def test_one_reply_that_breaks_stops_none_after_it(people: Desk, other: Platforms, far: tuple[str, Mood], hands: clock.Fixed) -> None:
    """Tests a carrier that raises for one of three: the rest are told, each signed at its own minute, and the one is owed again."""
    url, _ = far
    platform = opened(people, other, url)
    for number in ("1", "2", "3"):
        body = other.order(number, f"第{number}处停电")
        assert post(platform.slug, body, other.signed(body))[0] == 200
        answered(people, order_of(people, number).case)
    times: list[str] = []

    class Breaks(HttpCarrier):
        def post(self, url: str, *, body: bytes, headers: Any) -> port.Told:
            hands.advance(timedelta(minutes=2))
            times.append(headers[signing.TIME])
            if json.loads(body)["number"] == "1":
                raise RuntimeError
            return super().post(url, body=body, headers=headers)

    with port.using(Breaks(seconds=0.5)):
        assert carrying.carry(hands.now()) == 3
    assert [order_of(people, n).state for n in "123"] == ["owed", "sent", "sent"]
    assert len(set(times)) == 3
