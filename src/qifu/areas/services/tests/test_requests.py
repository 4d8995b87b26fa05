"""Orders and certificates: what is counted, what counts once, what takes two, what the database refuses."""

import io

import pytest
from django.db import IntegrityError, connection
from PIL import Image

from qifu.areas.services.models import Certificate, Order
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser
from qifu.kernel.calendar import clock
from qifu.kernel.files import keeping
from qifu.kernel.indicators import Moment, indicators

from .factories import World


def picture() -> bytes:
    """Draw a small photo."""
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(made, "JPEG")
    return made.getvalue()


def value(fenghua: World, id: str) -> int:
    with acting(fenghua.bureau):
        return int(indicators[id].numerator.value(Moment(clock.now())))


def part(fenghua: World, id: str, name: str) -> int:
    with acting(fenghua.bureau):
        return int(indicators[id].parts[name].value(Moment(clock.now())))


def test_firms_and_accounts_are_counted_from_the_records(fenghua: World) -> None:
    """Tests F73, F75 and F76: a firm with two services counts once, added accounts add, a stopped one still counts."""
    first, second, third = fenghua.firm(), fenghua.firm(), fenghua.firm()

    def opened(firm, offer: str, accounts: int) -> Order:
        order = fenghua.ok("services.order.apply", by=fenghua.contacts[firm.id], enterprise=firm.id, offer=offer, wanted=accounts)
        return fenghua.ok("services.order.open", by=fenghua.bureau, order=order.id, accounts=accounts)

    video = opened(first, "cloud_video", 5)
    opened(first, "ringback", 40)
    opened(second, "return_pass", 3)
    stopped = opened(second, "cloud_video", 7)
    fenghua.ok("services.order.apply", by=fenghua.contacts[third.id], enterprise=third.id, offer="thermal", wanted=1)
    fenghua.ok("services.order.more", by=fenghua.bureau, order=video.id, accounts=2)
    fenghua.ok("services.order.stop", by=fenghua.contacts[second.id], order=stopped.id)
    assert (value(fenghua, "F73"), value(fenghua, "F75"), value(fenghua, "F76")) == (2, 14, 1)
    assert part(fenghua, "F75", "ringback") == 40 and part(fenghua, "F76", "thermal") == 1


def test_a_second_order_of_the_same_is_not_taken(fenghua: World) -> None:
    """Tests the sentence, and that it is taken again once the first was withdrawn."""
    firm = fenghua.firm()
    mine = fenghua.contacts[firm.id]
    one = fenghua.ok("services.order.apply", by=mine, enterprise=firm.id, offer="cloud_video", wanted=5)
    again = fenghua.refused("services.order.apply", by=mine, enterprise=firm.id, offer="cloud_video", wanted=5)
    assert again.says.startswith("这家企业已经申请过这一项")
    fenghua.ok("services.order.withdraw", by=mine, order=one.id)
    assert fenghua.ok("services.order.apply", by=mine, enterprise=firm.id, offer="cloud_video", wanted=5).state == "applied"


def test_an_invoice_counts_once_and_a_subsidy_is_never_more_than_the_price(fenghua: World) -> None:
    """Tests a cheap device, an invoice reported by two firms however it is spaced, amounts that are none, and the table itself."""
    first, second = fenghua.firm(), fenghua.firm()

    def asked(firm) -> Order:
        return fenghua.ok("services.order.apply", by=fenghua.contacts[firm.id], enterprise=firm.id, offer="thermal", wanted=1)

    one, other = asked(first), asked(second)
    wrong = fenghua.refused("services.order.buy", by=fenghua.contacts[first.id], order=one.id, sets=1, price="很贵", invoice="0330019001")
    assert (set(wrong.errors or {}), fenghua.fresh(one).state) == ({"price"}, "applied")
    fenghua.ok("services.order.buy", by=fenghua.contacts[first.id], order=one.id, sets=1, price="9800", invoice="0330 0190 01")
    twice = fenghua.refused(
        "services.order.buy", by=fenghua.contacts[second.id], order=other.id, sets=1, price="9800", invoice="0330019001"
    )
    assert (twice.says, fenghua.fresh(other).state) == ("这张发票已经报过一次，没有再收。", "applied")
    assert fenghua.refused("services.order.subsidise", by=fenghua.approver, order=one.id).code == "WrongState"
    fenghua.ok("services.order.verify", by=fenghua.bureau, order=one.id)
    assert fenghua.ok("services.order.subsidise", by=fenghua.approver, order=one.id).subsidy_fen == 980_000
    assert value(fenghua, "S01") == 9_800
    with pytest.raises(IntegrityError, match="services_subsidy_within_price"), acting(fenghua.bureau), connection.cursor() as cursor:
        cursor.execute("UPDATE services_order SET subsidy_fen = price_fen + 1 WHERE id = %s", [one.id])


def test_accounts_are_no_device_and_a_device_no_accounts(fenghua: World) -> None:
    """Tests both refusals, and that neither changed anything."""
    firm = fenghua.firm()
    mine = fenghua.contacts[firm.id]
    video = fenghua.ok("services.order.apply", by=mine, enterprise=firm.id, offer="cloud_video", wanted=5)
    robot = fenghua.ok("services.order.apply", by=mine, enterprise=firm.id, offer="robot", wanted=1)
    bought = {"sets": 1, "price": "9800", "invoice": "0330019001"}
    assert fenghua.refused("services.order.buy", by=mine, order=video.id, **bought).code == "NotADevice"
    assert fenghua.refused("services.order.open", by=fenghua.bureau, order=robot.id, accounts=1).code == "NotAnAccount"
    assert {fenghua.fresh(video).state, fenghua.fresh(robot).state} == {"applied"}


def test_a_value_saved_counts_once_another_has_confirmed_it(fenghua: World) -> None:
    """Tests F89: thirty million yuan reported count nothing until confirmed, and never by who reported them."""
    firm = fenghua.firm()
    mine = fenghua.contacts[firm.id]
    given = {"enterprise": firm.id, "kind": "force_majeure", "loss": "3000万", "cause": "出口意大利，港口停航"}
    one = fenghua.ok("services.certificate.find", by=fenghua.liaison, **given)
    fenghua.ok("services.certificate.hand_in", by=mine, certificate=one.id, papers="合同")
    fenghua.ok("services.certificate.return", by=fenghua.bureau, certificate=one.id, words="缺停航通知")
    fenghua.ok("services.certificate.hand_in", by=mine, certificate=one.id, papers="合同、停航通知")
    ahead = {"issued_number": "3302A0/000417", "issued_on": "2020-03-01"}
    assert set(fenghua.refused("services.certificate.issue", by=fenghua.bureau, certificate=one.id, **ahead).errors or {}) == {"issued_on"}
    fenghua.ok("services.certificate.issue", by=fenghua.bureau, certificate=one.id, **{**ahead, "issued_on": "2020-02-17"})
    told = {"certificate": one.id, "ground": "对方来函同意延期"}
    assert fenghua.refused("services.certificate.claim", by=fenghua.liaison, saved="3001万", **told).code == "MoreThanLost"
    fenghua.ok("services.certificate.claim", by=fenghua.liaison, saved="3000万", **told)
    assert value(fenghua, "F89") == 0
    own = fenghua.refused("services.certificate.confirm", by=fenghua.liaison, certificate=one.id)
    assert (own.code, fenghua.fresh(one).state) == ("ClaimantDoesNotConfirm", "claimed")
    fenghua.ok("services.certificate.confirm", by=fenghua.bureau, certificate=one.id)
    assert value(fenghua, "F89") == 30_000_000


def test_a_certificate_number_stands_once(fenghua: World) -> None:
    """Tests that a number of the issuer is not entered for two firms."""
    for n, firm in enumerate((fenghua.firm(), fenghua.firm())):
        mine = fenghua.contacts[firm.id]
        given = {"enterprise": firm.id, "kind": "force_majeure", "loss": "30万", "cause": "停航"}
        one = fenghua.ok("services.certificate.find", by=mine, **given)
        fenghua.ok("services.certificate.hand_in", by=mine, certificate=one.id, papers="合同")
        issued = {"certificate": one.id, "issued_number": "3302A0/1", "issued_on": "2020-02-16"}
        if n == 0:
            fenghua.ok("services.certificate.issue", by=fenghua.bureau, **issued)
        else:
            again = fenghua.refused("services.certificate.issue", by=fenghua.bureau, **issued)
            assert (again.says, fenghua.fresh(one).state) == ("这个证书号已经登记过，没有再登记。", "papers")
    with acting(fenghua.bureau):
        assert Certificate._base_manager.filter(issued_number="3302A0/1").count() == 1


def test_a_certificate_is_kept_as_a_photo_or_a_paper_with_its_request(fenghua: World) -> None:
    """Tests a PDF by the firm and a photo by the desk, read by both, taken down and never drawn as a page; what is none of them, and
    another firm's contact, leave nothing."""
    firm, other = fenghua.firm(), fenghua.firm()
    mine, theirs = fenghua.contacts[firm.id], fenghua.contacts[other.id]
    given = {"enterprise": firm.id, "kind": "force_majeure", "loss": "3000万", "cause": "订单交不出", "counterparty": "DE GmbH"}
    one = fenghua.ok("services.certificate.find", by=mine, **given)
    about = {"kind": "services.certificate", "about": one.id}
    pdf = b"%PDF-1.4 <html><script>alert(1)</script></html> %%EOF"
    paper, _ = fenghua.ok("files.keep", by=mine, **about, content=pdf, name="证书<b>.pdf")
    fenghua.ok("files.keep", by=fenghua.bureau, **about, content=picture(), name="证书.jpg")
    page = fenghua.refused("files.keep", by=mine, **about, content=b"<html><script>alert(1)</script></html>", name="证书.pdf")
    assert page.code == "NotAPicture"
    assert fenghua.refused("files.keep", by=theirs, **about, content=pdf + b" ", name="x.pdf").code == "NotFound"
    with acting(fenghua.bureau):
        assert len(keeping.of([one.id])[one.id]) == 2
    for who, where in ((mine, f"/home/services/certificates/{one.id}"), (fenghua.bureau, f"/desk/services/certificates/{one.id}")):
        told = browser(who).get(where).content.decode()
        assert f"/files/{paper.id}" in told and "证书.jpg" in told and "<b>.pdf" not in told
        sent = browser(who).get(f"/files/{paper.id}")
        assert (sent["Content-Type"], sent["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
        assert sent["Content-Disposition"].startswith("attachment") and sent.content == pdf
    assert browser(theirs).get(f"/files/{paper.id}").status_code == 404
