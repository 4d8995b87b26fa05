"""From the poster in: the page behind the code, a stranger who asks to be a contact, the town that checks."""

from hashlib import sha256
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from PIL import Image

from qifu.areas.registry.models import ContactPost
from qifu.areas.resumption.models import Claim, Counter, Licence
from qifu.kernel.access import DOOR, acting
from qifu.kernel.access.models import everything
from qifu.kernel.access.tests.browsing import browser, text, without_token
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.journal.models import Entry

from .factories import code, february, world

pytestmark = pytest.mark.usefixtures("database")
POSTER = "/t/330213008"
ASKS = {"firm": "奉化试验机械1号有限公司", "uscc": "", "name": "周敏芝", "phone": "13900005210"}


@pytest.fixture
def town():
    with clock.use(clock.Fixed(february("10"))) as hands:
        yield world(hands)


def claims():
    with acting(DOOR):
        return list(everything(Claim).order_by("made_at"))


def test_the_town_writes_its_number_and_prints_a_poster(town):
    """Tests that the clerk's own words stand on the poster and behind its code at once, and that no other town's can be changed."""
    desk = browser(town.town_clerk)
    assert "莼湖街道" in text(desk.get("/desk/posters"))
    wrong = desk.post("/desk/posters/330213008", {"phone": "12", "contact": "何素梅"})
    assert wrong.status_code == 422 and 'value="何素梅"' in text(wrong)
    assert desk.post("/desk/posters/330213008", {"phone": "96000", "contact": "何素梅", "bring": "营业执照"}).status_code == 302
    page = text(desk.get("/desk/posters/330213008"))
    assert "<svg" in page and "testserver/t/330213008" in page and "96000" in page
    assert "tel:96000" in text(Client().get(POSTER))
    assert desk.post("/desk/posters/330213102", {"phone": "96000"}).status_code in (403, 404)
    with acting(town.bureau):
        assert [row.region for row in everything(Counter).all()] == [town.town]
    firm = town.firm()
    assert "tel:96000" in text(browser(town.contacts[firm.id]).get("/home/"))


def test_the_page_behind_the_code_leads_to_the_login_and_names_no_firm(town):
    """Tests that the landing page needs no session, sends the number to the login with the way back, and hints in WeChat alone."""
    firm = town.firm()
    page = text(Client().get(POSTER))
    assert 'action="/login"' in page and 'name="next" value="/home/"' in page and firm.name not in page
    assert "点右上角" not in page
    assert "点右上角" in text(Client(headers={"user-agent": "Mozilla/5.0 MicroMessenger/8.0"}).get(POSTER))
    assert Client().get("/t/nonsense").status_code == 404


def test_a_stranger_learns_nothing_and_opens_nothing(town):
    """Tests that asking for a firm on file and for one that is not gives the same answer, and that neither gives any right."""
    firm = town.firm()
    replies = [Client().post(f"{POSTER}/claim", ASKS | {"firm": name}, follow=True) for name in (firm.name, "没有这家有限公司")]
    assert without_token(replies[0]) == without_token(replies[1])
    assert "收到了，镇街来核对" in text(replies[0])
    with acting(town.bureau):
        assert not everything(ContactPost).filter(name="周敏芝").exists()
    wrong = Client().post(f"{POSTER}/claim", ASKS | {"phone": "88880000"})
    assert wrong.status_code == 422 and "周敏芝" in text(wrong)
    assert len(claims()) == 2
    for _ in range(3):
        Client().post(f"{POSTER}/claim", ASKS | {"firm": "另外一家有限公司"})
    assert len(claims()) == 3, "the same asked twice is one, and a number may ask three times a day"
    assert "今天已经交过几次了" in text(Client().post(f"{POSTER}/claim", ASKS | {"firm": "再来一家有限公司"}))


def test_the_town_confirms_and_the_contact_comes_in(town):
    """Tests that the clerk of the town alone sees the claim, that confirming makes one contact, and that a second answer is told."""
    firm = town.firm(uscc=code(77))
    Client().post(f"{POSTER}/claim", ASKS | {"uscc": code(77)})
    claim = claims()[0]
    desk = browser(town.town_clerk)
    page = text(desk.get("/desk/claims"))
    assert "周敏芝" in page and "代码一致" in page and "13900005210" not in page
    other = browser(town.contacts[firm.id])
    assert other.get("/desk/claims").status_code == 403
    assert desk.post(f"/desk/claims/{claim.id}", {"enterprise": str(firm.id)}).status_code == 302
    with acting(town.bureau):
        assert everything(ContactPost).filter(enterprise=firm.id, name="周敏芝", until__isnull=True).count() == 1
    again = desk.post(f"/desk/claims/{claim.id}", {"do": "refuse", "reason": "不是"})
    assert again.status_code == 409 and "已经有同事办过了" in text(again)
    assert claims()[0].state == "confirmed"


def licence(colour="white", side=900):
    out = BytesIO()
    Image.new("RGB", (side, side // 2), colour).save(out, "JPEG")
    return SimpleUploadedFile("执照.jpg", out.getvalue(), "image/jpeg")


def test_a_licence_goes_with_the_claim_and_is_looked_at_by_its_town_alone(town):
    """Tests that the photo stands beside the claim, drawn anew, for the clerk of the town and nobody else, and that confirming names it."""
    firm = town.firm()
    sent = Client().post(f"{POSTER}/claim", ASKS | {"firm": firm.name, "licence": licence()}, follow=True)
    assert "收到了，镇街来核对" in text(sent)
    claim = claims()[0]
    desk = browser(town.town_clerk)
    address = f"/desk/claims/{claim.id}/licence"
    assert address in text(desk.get("/desk/claims")) and "没有附营业执照" not in text(desk.get("/desk/claims"))
    shown, small = desk.get(address), desk.get(f"{address}?small=1")
    assert shown["Content-Type"] == small["Content-Type"] == "image/jpeg" and "default-src 'none'" in shown["Content-Security-Policy"]
    assert (Image.open(BytesIO(shown.content)).size, Image.open(BytesIO(small.content)).size) == ((900, 450), (320, 160))
    assert browser(town.contacts[firm.id]).get(address).status_code == 403
    elsewhere = officer("town_clerk", town.other, name="别的镇街")
    assert browser(elsewhere).get(address).status_code == 404 and claim.firm not in text(browser(elsewhere).get("/desk/claims"))
    assert Client().get(address).status_code == 302
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT sha256, shown FROM resumption_licence")
        ((kept, sealed),) = cursor.fetchall()
    assert kept == sha256(licence().read()).hexdigest() and bytes(sealed)[:2] != b"\xff\xd8", "sealed where it lies"
    assert desk.post(f"/desk/claims/{claim.id}", {"enterprise": str(firm.id)}).status_code == 302
    with acting(town.bureau):
        assert everything(Entry).get(process="resumption.claim", verb="confirm").data["licence"] == kept


def test_a_claim_with_a_file_that_is_no_photo_is_not_taken(town):
    """Tests that what was typed stays, the sentence stands beside the photo, nothing is kept, and that a claim needs no photo."""
    hostile = SimpleUploadedFile("a.jpg", b"<svg onload=alert(1)>", "image/jpeg")
    wrong = Client().post(f"{POSTER}/claim", ASKS | {"licence": hostile})
    page = text(wrong)
    assert wrong.status_code == 422 and 'value="周敏芝"' in page and 'id="e-licence"' in page and "照片请再选一次" in page
    assert claims() == []
    Client().post(f"{POSTER}/claim", ASKS)
    assert "没有附营业执照" in text(browser(town.town_clerk).get("/desk/claims"))
    assert browser(town.town_clerk).get(f"/desk/claims/{claims()[0].id}/licence").status_code == 404
    Client().post(f"{POSTER}/claim", ASKS | {"licence": licence()})
    Client().post(f"{POSTER}/claim", ASKS | {"licence": licence("red")})
    assert len(claims()) == 1, "asked again with the photo is the same claim"
    with acting(town.town_clerk):
        assert everything(Licence).get().sha256 == sha256(licence().read()).hexdigest(), "and the first photo stands"


def test_a_refusal_needs_a_reason(town):
    """Tests that nothing changes without a reason, and that with one it is settled without any right given."""
    firm = town.firm()
    Client().post(f"{POSTER}/claim", ASKS | {"firm": firm.name})
    claim = claims()[0]
    assert run("resumption.refuse_claim", {"claim": claim.id, "reason": " "}, actor=town.town_clerk).code == "BadInput"
    assert claims()[0].state == "waiting"
    assert run("resumption.refuse_claim", {"claim": claim.id, "reason": "企业说没有这个人"}, actor=town.town_clerk).ok
    assert claims()[0].state == "refused"
    with acting(town.bureau):
        assert not everything(ContactPost).filter(name="周敏芝").exists()
