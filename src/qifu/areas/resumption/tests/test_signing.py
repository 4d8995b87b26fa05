"""The undertaking signed with the finger: kept with the application as the assessor's signature is, shown in the paper, never half."""

from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from PIL import Image, ImageDraw

from qifu.areas.response.models import Incident
from qifu.areas.resumption.models import Application, Draft
from qifu.kernel.access import acting
from qifu.kernel.access.models import everything
from qifu.kernel.access.tests.browsing import browser, hidden, text
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.files.models import File
from qifu.kernel.journal.models import Entry

from .factories import february, world
from .test_pages import PLAN, UNDERTAKING, fill_in

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def town():
    with clock.use(clock.Fixed(february("10"))) as hands:
        yield world(hands)


def name_drawn(width=4):
    """Draw something as a finger would, and give the PNG that a phone sends."""
    out, picture = BytesIO(), Image.new("RGB", (1050, 516), "white")
    ImageDraw.Draw(picture).line([(100, 300), (300, 120), (500, 380), (800, 200)], fill="#17202c", width=width)
    picture.save(out, "PNG")
    return out.getvalue()


def send(client, about, id, content=None):
    file = SimpleUploadedFile("signature.png", content or name_drawn())
    return client.post("/files/", {"kind": "resumption.signature", "about": str(about), "id": str(id), "file": file})


def draft_of(town, firm):
    with acting(town.bureau):
        return everything(Draft).get(enterprise=firm.id, sent_at__isnull=True)


def applications(town):
    with acting(town.bureau):
        return list(everything(Application).order_by("number"))


def test_a_name_written_by_hand_goes_into_the_application_and_its_paper(town):
    """Tests the way of a signature: the step shows it again, check says so, the application keeps it, page, PDF and Word draw it."""
    firm, plain = town.firm(), town.firm()
    phone = browser(town.contacts[firm.id])
    fill_in(phone)
    draft, id = draft_of(town, firm), uuid4()
    assert "data-sign " in text(phone.get("/home/apply/undertaking"))
    assert send(phone, draft.id, id).status_code == 201
    assert phone.post("/home/apply/undertaking", UNDERTAKING | {"signature": str(id)}).status_code == 302
    again = phone.get("/home/apply/undertaking")
    assert hidden(again, "signature") == str(id) and f'src="/files/{id}' in text(again) and "已收到" in text(again)
    check = phone.get("/home/apply/check")
    assert "手写签名" in text(check) and "没有手写签名" not in text(check)
    assert phone.post("/home/apply/check", {"key": hidden(check, "key")}).status_code == 302
    application = applications(town)[0]
    assert application.signature == id

    unsigned = town.ok(town.submit(plain))
    desk = browser(town.town_clerk)
    page = lambda of, more="": desk.get(f"/desk/applications/{of.id}/papers/undertaking{more}")  # noqa: E731
    assert "有手写签名" in text(desk.get(f"/desk/applications/{application.id}"))
    assert f"/files/{id}" in text(page(application)) and "/files/" not in text(page(unsigned))
    assert b"/Subtype/Image" in page(application, "?as=pdf").content and b"/Subtype/Image" not in page(unsigned, "?as=pdf").content
    assert b"word/media/" in page(application, "?as=word").content and b"word/media/" not in page(unsigned, "?as=word").content
    with acting(town.bureau):
        entry = everything(Entry).get(process="files", verb="keep")
        assert entry.data["kind"] == "resumption.signature" and entry.data["sha256"] == everything(File).get(pk=id).sha256


def test_nothing_is_handed_in_while_the_signature_is_on_its_way(town):
    """Tests that a named signature that has not arrived is told with the way back and changes nothing, and that it may come later."""
    firm = town.firm()
    phone = browser(town.contacts[firm.id])
    fill_in(phone)
    id = uuid4()
    assert phone.post("/home/apply/undertaking", UNDERTAKING | {"signature": str(id)}).status_code == 302
    check = phone.get("/home/apply/check")
    assert "手写签名还没有传到" in text(check)
    refused = phone.post("/home/apply/check", {"key": hidden(check, "key")})
    assert refused.status_code == 409 and "手写的签名还没有传到" in text(refused) and "/home/apply/undertaking" in text(refused)
    assert applications(town) == [] and draft_of(town, firm).signature == id
    assert send(phone, draft_of(town, firm).id, id).status_code == 201
    assert phone.post("/home/apply/check", {"key": hidden(phone.get("/home/apply/check"), "key")}).status_code == 302
    assert [one.signature for one in applications(town)] == [id]


def test_a_measure_may_want_the_name_by_hand(town):
    """Tests that under such a measure a tick alone is refused, that the refusal leads to the step, and that a device's answers pass."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE response_measure SET params = jsonb_set(params, '{by_hand}', '[\"approval\"]') WHERE kind = 'undertaking'")
        assert cursor.rowcount
    firm, other = town.firm(), town.firm()
    phone = browser(town.contacts[firm.id])
    fill_in(phone)
    assert "签了才收" in text(phone.get("/home/apply/undertaking"))
    refused = phone.post("/home/apply/check", {})
    assert refused.status_code == 409 and "承诺书要手写签名" in text(refused) and "/home/apply/undertaking" in text(refused)
    assert applications(town) == []
    id = uuid4()
    assert send(phone, draft_of(town, firm).id, id).status_code == 201
    assert phone.post("/home/apply/undertaking", UNDERTAKING | {"signature": str(id)}).status_code == 302
    assert phone.post("/home/apply/check", {}).status_code == 302
    assert town.submit(other).ok, "answers given at once come from a device or the replay"


def test_nobody_signs_for_another_and_nothing_is_signed_afterwards(town):
    """Tests that another firm's contact reaches neither draft nor signature, and that what has gone stays as it was."""
    firm, other = town.firm(), town.firm()
    phone, stranger = browser(town.contacts[firm.id]), browser(town.contacts[other.id])
    for client in (phone, stranger):
        fill_in(client)
    draft, id = draft_of(town, firm), uuid4()
    assert send(stranger, draft.id, uuid4()).status_code in (403, 404)
    assert send(phone, draft.id, id).status_code == 201
    assert stranger.get(f"/files/{id}").status_code == 404
    assert stranger.post("/home/apply/undertaking", UNDERTAKING | {"signature": str(id)}).status_code == 302
    assert stranger.post("/home/apply/check", {}).status_code == 409
    assert send(phone, draft.id, uuid4(), b"<svg onload=alert(1)>").status_code == 422
    assert phone.post("/home/apply/undertaking", UNDERTAKING | {"signature": str(id)}).status_code == 302
    assert phone.post("/home/apply/check", {}).status_code == 302
    late = send(phone, draft.id, uuid4(), name_drawn(width=9))
    assert late.status_code == 404 and "已经交了" in late.json()["says"]
    with acting(town.bureau):
        assert [one.id for one in everything(File).all()] == [id]
    assert [one.signature for one in applications(town)] == [id]


def test_a_name_that_was_taken_back_is_not_handed_in(town):
    """Tests that signing anew and clearing count: what the step said last is what is handed in."""
    firm = town.firm()
    phone = browser(town.contacts[firm.id])
    fill_in(phone)
    first = uuid4()
    assert send(phone, draft_of(town, firm).id, first).status_code == 201
    assert phone.post("/home/apply/undertaking", UNDERTAKING | {"signature": str(first)}, headers={"X-Saves": "1"}).status_code == 204
    assert draft_of(town, firm).signature == first
    assert phone.post("/home/apply/undertaking", UNDERTAKING | {"signature": ""}).status_code == 302
    assert "没有手写签名" in text(phone.get("/home/apply/check"))
    assert phone.post("/home/apply/check", {}).status_code == 302
    assert [one.signature for one in applications(town)] == [None]


def test_filing_under_commitment_is_signed_by_hand_too(town):
    """Tests that the commitment of a filing takes a name about the application, and that one on its way approves nothing."""
    town.hands.set(february("18"))
    control = officer("control_office", town.district, department="防控办")
    with acting(control):
        incident = Incident.objects.get().id
    town.ok(run("response.level", {"incident": incident, "level": "II"}, actor=control))
    firm = town.firm(size="small")
    phone = browser(town.contacts[firm.id])
    fill_in(phone)
    assert phone.post("/home/apply/plan", PLAN | {"planned_at": "2020-02-19"}).status_code == 302
    assert phone.post("/home/apply/check", {}).status_code == 302
    application, id = applications(town)[0], uuid4()
    own = f"/home/applications/{application.id}/file"
    assert "data-sign " in text(phone.get(own))
    refused = phone.post(own, {"undertaken": "on", "signature": str(id)})
    assert refused.status_code == 409 and "手写的签名还没有传到" in text(refused)
    assert applications(town)[0].state == "submitted"
    assert send(phone, application.id, id).status_code == 201
    assert phone.post(own, {"undertaken": "on", "signature": str(id)}).status_code == 302
    now = applications(town)[0]
    assert (now.state, now.signature) == ("approved", id)
    assert send(phone, application.id, uuid4(), name_drawn(width=9)).status_code == 404
