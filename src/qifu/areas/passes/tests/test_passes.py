"""Tests of passes as people live them: issued with the permit, handed over, shown, checked, taken away."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qifu.areas.passes import links
from qifu.areas.passes.models import Link, Pass
from qifu.areas.passes.verdict import revoked
from qifu.areas.resumption.tests.factories import World, february, world
from qifu.kernel import credentials, notify
from qifu.kernel.access import DOOR, acting, tries
from qifu.kernel.access.hats import machine
from qifu.kernel.access.tests.browsing import browser, text, without_token
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.credentials import Flaw, Rejected, keys, status
from qifu.kernel.events import deliver
from qifu.kernel.events.models import Cursor
from qifu.kernel.notify import outbox

PHONE = "16430001111"


@pytest.fixture
def town(database: Any) -> Iterator[World]:
    with clock.use(clock.Fixed(february("10"))) as hands:
        keys.forget()
        yield world(hands)
        keys.forget()


@pytest.fixture
def news(town: World) -> Any:
    with acting(DOOR):
        system = machine("system")
    return lambda: deliver(actor=system)


def workers(town: World, firm: Any, *names: str, phone: str = "") -> list[Any]:
    rows = [{"name": name, "phone": phone if n == 0 else ""} for n, name in enumerate(names)]
    done = run("registry.add_workers_many", {"enterprise": firm.id, "rows": rows}, actor=town.contacts[firm.id])
    return town.ok(done).ids


def passes(**where: Any) -> list[Pass]:
    with acting(DOOR):
        return list(Pass._base_manager.filter(**where).order_by("issued_at", "id"))


def flaw(code: str, at: Any = None) -> Flaw | None:
    with acting(DOOR):
        try:
            credentials.read(code, trust=keys.trust(), at=at or clock.now(), revoked=revoked)
        except Rejected as wrong:
            return wrong.flaw
    return None


def holds(one: Pass) -> Any:
    """Give an instant at which a pass is in force."""
    return one.begins_at + timedelta(hours=1)


def test_approval_gives_each_rostered_worker_one_pass(town: World, news: Any) -> None:
    """Tests that the start permit gives every worker of the roster a pass, masked, and that hearing it again gives nothing more."""
    firm = town.firm()
    workers(town, firm, "王小明", "李军", "欧阳建国")
    application = town.approved(firm)
    assert passes() == []
    news()
    made = passes()
    assert {one.name_masked for one in made} == {"王*明", "李*", "欧*国"}
    assert all(one.application_id == application.id and one.party == firm.id for one in made)
    with acting(DOOR):
        claims, key = credentials.open_code(made[0].code, trust=keys.trust())
    assert (claims.name, claims.firm, claims.number) == (made[0].name_masked, firm.uscc, made[0].number)
    assert claims.regions[0] == firm.district and key.issuer == claims.issuer == "330200"
    assert (made[0].begins_at, made[0].ends_at) == (application.may_start_from, february("26", "00:00"))
    assert flaw(made[0].code) is Flaw.NOT_YET and flaw(made[0].code, holds(made[0])) is None
    with acting(DOOR):
        Cursor.objects.filter(listener="passes.permits").update(tx=0)
    news()
    assert [one.id for one in passes()] == [one.id for one in made]


def test_the_code_tells_nobody_who_it_is(town: World, news: Any) -> None:
    """Tests that neither code, page, paper nor check hold full name, phone or identity number, and that the paper says so."""
    firm = town.firm()
    run("registry.add_worker", {"enterprise": firm.id, "name": "王小明", "phone": PHONE, "id_number": "110101199003070628"},
        actor=town.contacts[firm.id])  # fmt: skip
    town.approved(firm)
    news()
    (one,) = passes()
    link = town.ok(run("passes.share", {"passed": one.id}, actor=town.contacts[firm.id]))
    shown = [Client().get(f"/p/{links.token_of(link.id)}/{part}") for part in ("", "paper")]
    shown.append(Client().post("/check/", {"code": one.number}))
    shown.append(Client().post("/check/", {"code": one.code}))
    assert [answer.status_code for answer in shown] == [200, 200, 200, 200]
    for answer in shown:
        page = text(answer)
        assert "王*明" in page and firm.name in page
        assert not any(secret in page for secret in ("王小明", PHONE, "19900307", "110101199"))
    assert "没有身份证号、手机号、住址" in text(shown[1])


def test_a_link_opens_for_a_stranger_and_ends(town: World, news: Any) -> None:
    """Tests that a forwarded link shows the pass without a login, and that a new link, its end or a guess open nothing."""
    firm = town.firm()
    workers(town, firm, "王小明")
    town.approved(firm)
    news()
    (one,) = passes()
    mine = town.contacts[firm.id]
    first = links.token_of(town.ok(run("passes.share", {"passed": one.id}, actor=mine)).id)
    stranger = Client()
    assert stranger.get(f"/p/{first}/").status_code == 200
    second = links.token_of(town.ok(run("passes.share", {"passed": one.id}, actor=mine)).id)
    gone = [stranger.get(f"/p/{token}/") for token in (first, "A" * 22, second[:-1] + ("A" if second[-1] != "A" else "B"))]
    assert {answer.status_code for answer in gone} == {404}
    assert len({without_token(answer).replace(answer.request["PATH_INFO"], "") for answer in gone}) == 1
    town.hands.set(one.ends_at)
    assert "已到期" in text(stranger.get(f"/p/{second}/"))
    town.hands.set(one.ends_at + timedelta(days=7))
    assert stranger.get(f"/p/{second}/").status_code == 404
    with acting(DOOR):
        assert not Link._base_manager.filter(token_hash=second).exists()


def test_suspension_and_leaving_take_the_pass_away(town: World, news: Any) -> None:
    """Tests that the pass of a leaver and all passes of a suspended firm stop at once, in check, page and status list."""
    firm = town.firm()
    first, _second = workers(town, firm, "王小明", "李军")
    application = town.approved(firm)
    news()
    mine = town.contacts[firm.id]
    town.ok(run("registry.worker_left", {"worker": first}, actor=mine))
    news()
    left, stays = passes(worker=first)[0], passes(ended_at=None)[0]
    assert left.revoked and left.why_ended == "left" and not stays.revoked
    link = town.ok(run("passes.share", {"passed": stays.id}, actor=mine))
    town.suspended(application)
    news()
    assert [one.why_ended for one in passes(revoked=True)] == ["left", "permit_ended"]
    assert flaw(stays.code, holds(stays)) is Flaw.REVOKED
    page = text(Client().get(f"/p/{links.token_of(link.id)}/"))
    assert "企业的复工许可已停用" in page and "申诉" in page
    assert 'data-state="revoked"' in page
    town.hands.set(holds(stays))
    answer = text(Client().post("/check/", {"code": stays.code}))
    assert "verdict--stop" in answer and "企业的复工许可已停用" in answer
    signed = Client().get("/check/status/330200")
    with acting(DOOR):
        bitmaps = status.read(signed.content, trust=keys.trust())
    assert all(status.holds(bitmaps, one.block, one.serial) for one in passes())
    assert sum(byte.bit_count() for bitmap in bitmaps.values() for byte in bitmap) == 2


def test_newcomers_get_theirs_by_the_contact(town: World, news: Any) -> None:
    """Tests that one act gives all newcomers a pass, that nobody gets two, and that another firm's contact gives none."""
    firm, other = town.firm(), town.firm()
    mine = town.contacts[firm.id]
    assert run("passes.issue", {"enterprise": firm.id}, actor=mine).code == "NoPermit"
    workers(town, firm, "王小明")
    town.approved(firm)
    news()
    assert run("passes.issue", {"enterprise": firm.id}, actor=mine).code == "NobodyWaits"
    workers(town, firm, "李军", "赵一", "钱二")
    assert run("passes.issue", {"enterprise": firm.id}, actor=town.contacts[other.id]).code == "NotFound"
    assert run("passes.issue", {"enterprise": firm.id}, actor=town.bureau).code == "NotYours"
    assert len(passes()) == 1
    assert town.ok(run("passes.issue", {"enterprise": firm.id}, actor=mine)) == 3
    assert len(passes(ended_at=None)) == 4 and len({one.number for one in passes()}) == 4
    # Three days before the end each may have the next; the one in the hand stays good until its own last day.
    old = passes()[0]
    town.hands.set(old.ends_at - timedelta(days=2))
    assert town.ok(run("passes.issue", {"enterprise": firm.id}, actor=mine)) == 4
    assert flaw(old.code) is None and not passes(pk=old.id)[0].revoked


def test_a_lost_pass_is_replaced_never_edited(town: World, news: Any) -> None:
    """Tests that a new pass takes the place of a lost one, whose code, number and link stop at once."""
    firm = town.firm()
    workers(town, firm, "王小明")
    town.approved(firm)
    news()
    (one,) = passes()
    mine = town.contacts[firm.id]
    token = links.token_of(town.ok(run("passes.share", {"passed": one.id}, actor=mine)).id)
    new = town.ok(run("passes.replace", {"passed": one.id, "reason": "lost"}, actor=mine))
    assert new.number != one.number and flaw(one.code, holds(one)) is Flaw.REVOKED and flaw(new.code, holds(new)) is None
    assert Client().get(f"/p/{token}/").status_code == 404
    again = run("passes.replace", {"passed": one.id, "reason": "lost"}, actor=mine)
    assert again.code == "PassOver" and len(passes()) == 2


def test_how_long_a_pass_holds_is_data_of_the_place(town: World, news: Any) -> None:
    """Tests that the days of a pass come from the measure, that a district may lengthen them, and that old passes keep theirs."""
    firm = town.firm()
    workers(town, firm, "王小明")
    application = town.approved(firm)
    news()
    (one,) = passes()
    assert (one.ends_at - one.begins_at).days == 13
    control = officer("control_office", town.district, department="防控办")
    given = {"key": "pass_validity", "place": str(town.district), "value": {"days": 30}, "reason": "人手不够", "until": february("28")}
    town.ok(run("response.measure.set", given, actor=control))
    town.ok(run("passes.replace", {"passed": one.id, "reason": "lost"}, actor=town.contacts[firm.id]))
    with acting(DOOR):
        old, new = Pass._base_manager.order_by("issued_at", "id")
    assert old.ends_at == one.ends_at and (new.ends_at - new.begins_at).days == 29 and new.application_id == application.id
    page = text(browser(town.contacts[firm.id]).get("/home/passes/"))
    assert "发证后30天有效" in page


@pytest.mark.parametrize("size", ["a4", "a6"])
def test_the_paper_of_a_pass_reads_on_either_size(town: World, news: Any, size: str) -> None:
    """Tests that the PDF has one page a pass in the size asked for, that its square gives the very code, and who may take it."""
    firm = town.firm()
    workers(town, firm, "王小明", "李雪")
    town.approved(firm)
    news()
    mine, codes = browser(town.contacts[firm.id]), {one.code for one in passes()}
    answer = mine.get(f"/home/passes/paper.pdf?size={size}")
    with pypdfium2.PdfDocument(answer.content) as paper:
        drawn = [page.render(scale=3).to_pil().convert("L") for page in paper]
        wide = paper[0].get_size()[0]
    assert {found.text for picture in drawn for found in zxingcpp.read_barcodes(picture)} == codes and len(drawn) == 2
    assert round(wide) == {"a4": 595, "a6": 298}[size]
    one = passes()[0]
    token = links.token_of(town.ok(run("passes.share", {"passed": one.id}, actor=town.contacts[firm.id])).id)
    assert Client().get(f"/p/{token}/paper.pdf?size={size}")["Content-Type"] == "application/pdf"
    assert Client().get(f"/p/{'A' * 22}/paper.pdf").status_code == 404
    stranger = town.firm()
    assert browser(town.contacts[stranger.id]).get(f"/home/passes/{one.id}/paper.pdf").status_code == 404
    assert browser(town.contacts[stranger.id]).get("/home/passes/paper.pdf").status_code == 404


def test_a_number_alone_is_amber_at_best(town: World, news: Any) -> None:
    """Tests that a typed number, however written, is never green; the code itself is; an unknown number is red."""
    firm = town.firm()
    workers(town, firm, "王小明")
    town.approved(firm)
    news()
    (one,) = passes()
    town.hands.set(holds(one))
    for typed in (one.number, one.said_number.lower(), f" {one.number[:4]}-{one.number[4:]} "):
        assert "verdict--ask" in text(Client().post("/check/", {"code": typed}))
    assert "verdict--ok" in text(Client().post("/check/", {"code": one.code}))
    broken = one.code[:-9] + ("A" if one.code[-9] != "A" else "B") + one.code[-8:]
    page = text(Client().post("/check/", {"code": broken}))
    assert "verdict--ok" not in page and "王*明" not in page
    other = "0" * 8 if one.number != "0" * 8 else "1" * 8
    assert "没有这个号码" in text(Client().post("/check/", {"code": other}))
    assert "不是企服的通行码" in text(Client().post("/check/", {"code": "HC1:NCFOXN"}))
    town.hands.set(one.ends_at - timedelta(seconds=1))
    assert "verdict--ok" in text(Client().post("/check/", {"code": one.code}))
    town.hands.set(one.ends_at)
    assert "已经过期" in text(Client().post("/check/", {"code": one.code}))


def test_guessing_numbers_or_links_closes_the_door_for_ten_minutes(town: World, news: Any) -> None:
    """Tests that twenty misses of one sender stop typed numbers and links, that a code is still read, and others are not held up."""
    firm = town.firm()
    workers(town, firm, "王小明")
    town.approved(firm)
    news()
    (one,) = passes()
    link = links.token_of(town.ok(run("passes.share", {"passed": one.id}, actor=town.contacts[firm.id])).id)
    town.hands.set(holds(one))
    here, elsewhere = Client(REMOTE_ADDR="10.1.1.1"), Client(REMOTE_ADDR="10.1.1.2")
    letters = [sign for sign in "0123456789ABCDEFGHJKMNPQRST" if sign != one.number[0]][: tries.MOST]
    assert [here.post("/check/", {"code": sign * 8}).status_code for sign in letters] == [200] * tries.MOST
    held = here.post("/check/", {"code": one.number})
    assert held.status_code == 429 and "过10分钟再输" in text(held) and "王*明" not in text(held)
    assert "verdict--ok" in text(here.post("/check/", {"code": one.code}))
    assert "verdict--ask" in text(elsewhere.post("/check/", {"code": one.number}))
    assert {here.get(f"/p/{sign * 22}/").status_code for sign in letters} == {404}
    waits = here.get(f"/p/{link}/")
    assert waits.status_code == 429 and "您的通行证没有变" in text(waits)
    assert elsewhere.get(f"/p/{link}/").status_code == 200
    town.hands.advance(tries.SPAN)
    assert here.get(f"/p/{link}/").status_code == 200
    assert "verdict--ask" in text(here.post("/check/", {"code": one.number}))


def test_the_link_goes_out_by_short_message(town: World, news: Any) -> None:
    """Tests that the message carries link and masked name to the worker's number, and that one without a number is named."""
    firm = town.firm()
    workers(town, firm, "王小明", "李军", phone=PHONE)
    town.approved(firm)
    news()
    mine = town.contacts[firm.id]
    out: list[notify.Message] = []

    class Gateway:
        name = "kept"

        def send(self, message: notify.Message) -> None:
            out.append(message)

    with notify.using(Gateway()):
        page = browser(mine).post("/home/passes/send", {"firm": firm.id}, follow=True)
        outbox.carry(clock.now())
    mine_only = [message for message in out if message.kind == "passes.link"]
    assert "没有登记手机号" in text(page) and len(mine_only) == 1 and mine_only[0].to.reveal() == PHONE
    said = mine_only[0].text.reveal()
    token = said.split("/p/")[1].split("/")[0]
    assert "王*明" in said and "王小明" not in said and Client().get(f"/p/{token}/").status_code == 200
    without = next(one for one in passes() if one.name_masked == "李*")
    assert run("passes.send", {"passes": [without.id]}, actor=mine).code == "NoPhone"


def test_the_contact_sees_who_has_one_and_who_waits(town: World, news: Any) -> None:
    """Tests the contact's pages: before the permit, the list, one worker, papers for all; and nothing for another firm's contact."""
    firm, other = town.firm(), town.firm()
    mine = browser(town.contacts[firm.id])
    assert "名单上还没有员工" in text(mine.get("/home/passes/"))
    workers(town, firm, "王小明")
    assert "批准复工后，这里自动有证" in text(mine.get("/home/passes/"))
    town.approved(firm)
    news()
    workers(town, firm, "李军")
    assert "给1名员工发证" in text(mine.get("/home/passes/"))
    page = mine.post("/home/passes/issue", {"firm": firm.id}, follow=True)
    assert "证已发出" in text(page) and "王小明" in text(page)
    again = mine.post("/home/passes/issue", {"firm": firm.id})
    assert again.status_code == 409 and "没有多发" in text(again)
    one = passes()[0]
    page = mine.post(f"/home/passes/{one.id}/share", follow=True)
    assert "/p/" in text(page) and one.said_number in text(page)
    assert text(mine.get("/home/passes/paper")).count('class="paper"') == 2
    foreign = browser(town.contacts[other.id])
    assert foreign.get(f"/home/passes/{one.id}/").status_code == 404
    assert foreign.post(f"/home/passes/{one.id}/replace", {"reason": "lost"}).status_code == 404
    assert len(passes(revoked=True)) == 0


def test_a_hundred_passes_are_one_act(town: World, news: Any) -> None:
    """Tests that a hundred workers get theirs set by set: the number of statements does not grow with the roster."""
    counts = []
    for size in (2, 100):
        firm = town.firm()
        town.approved(firm)
        news()
        workers(town, firm, *[f"员工{n}号" for n in range(size)])
        with CaptureQueriesContext(connection) as asked:
            assert town.ok(run("passes.issue", {"enterprise": firm.id}, actor=town.contacts[firm.id])) == size
        counts.append(len(asked))
    assert counts[1] <= counts[0] + 1
