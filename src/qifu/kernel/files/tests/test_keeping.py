"""Tests that a file is kept once, as sent, beside its subject, and shown to nobody else."""

from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, transaction
from django.test import Client

from qifu.kernel import jurisdiction
from qifu.kernel.access import DOOR, NotFound, acting, require, sessions
from qifu.kernel.access.models import Account, Person, everything
from qifu.kernel.access.tests.factories import at, contact, officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.files import keeping
from qifu.kernel.files.models import Body, File
from qifu.kernel.journal.models import Attempt, Entry
from qifu.kernel.values import uuid7
from qifu.kernel.web import COOKIE

from .test_looking import photo

pytestmark = pytest.mark.usefixtures("database")
HERE, THERE = "莼湖街道", "裘村镇"


def find(id: UUID):
    found = everything(Person).filter(pk=id).first()
    if found is None:
        raise NotFound()
    return found


@pytest.fixture(autouse=True)
def kind():
    """Give a kind of subject that takes files: people, looked at by whoever may see enterprises."""
    made = keeping.accept(
        keeping.Kind(
            name="test.person", label="人", find=find, see=("registry.see", "registry.own"), most=3, papers=True,
            may_keep=lambda row, actor, at: next(
                (hat for right in ("registry.edit", "registry.own") if (hat := actor.hat_for(right, at=at, on=row))), None
            ) or require(actor, "registry.edit", at=at, on=row),
        )
    )  # fmt: skip
    with clock.use(clock.Fixed(at("2020-02-10"))):
        yield made
    del keeping.kinds["test.person"]


@pytest.fixture
def clerk():
    return officer("town_clerk", jurisdiction.by_name(HERE).id)


@pytest.fixture
def subject(clerk):
    place = jurisdiction.by_name(HERE).id
    with acting(DOOR):
        return Person._base_manager.create(name="某人", region=place, district=jurisdiction.district_of(place))


def browser(actor):
    """Give a client that has signed in as this person."""
    client = Client()
    with acting(DOOR):
        account, _ = Account._base_manager.get_or_create(person_id=actor.person, defaults={"login": actor.id, "created_at": clock.now()})
        client.cookies[COOKIE] = sessions.start(account, at=clock.now(), strong=actor.strong)
    return client


def send(client, subject, content, **more):
    upload = SimpleUploadedFile(more.pop("name", "现场.jpg"), content, content_type="image/jpeg")
    return client.post("/files/", {"kind": "test.person", "about": str(subject.id), "file": upload, **more})


def test_a_photo_is_kept_with_the_hash_of_its_bytes_and_shown_drawn_anew(clerk, subject):
    """Tests the answer's hash against the bytes as sent, and that what is shown holds none of what was hidden in them."""
    content = photo(2400, 1800, comment=b"secret") + b"<script>"
    answer = send(browser(clerk), subject, content, taken_at="2020-02-10T10:07:00+08:00")
    told = answer.json()
    assert answer.status_code == 201
    assert (told["sha256"], told["size"], told["again"]) == (sha256(content).hexdigest(), len(content), False)
    shown = browser(clerk).get(told["href"])
    assert shown["Content-Type"] == "image/jpeg" and shown["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in shown["Content-Security-Policy"] and shown["Content-Disposition"].startswith("inline")
    assert b"secret" not in shown.content and b"<script>" not in shown.content
    assert len(browser(clerk).get(told["small"]).content) < len(shown.content)
    with acting(clerk):
        file = everything(File).get()
        sealed = bytes(everything(Body).get().shown)
        entry = Entry._base_manager.get(process="files", subject=file.id)
    assert shown.content[200:400] not in sealed, "the bytes lie in the open"
    assert file.kept_at == at("2020-02-10") and file.taken_at == at("2020-02-10", "10:07")
    assert (entry.verb, entry.about, entry.data["sha256"]) == ("keep", subject.id, file.sha256)


def test_the_same_photo_twice_is_one_file(clerk, subject):
    """Tests a second delivery of one number, and the same picture sent anew: one file, said kindly; and a resend by hand."""
    content, number = photo(600, 400), str(uuid7())
    first = send(browser(clerk), subject, content, id=number).json()
    resent = send(browser(clerk), subject, content, id=number)
    anew = send(browser(clerk), subject, content, id=str(uuid7()), name="又一张.jpg")
    assert first["id"] == number
    for answer in (resent, anew):
        assert answer.status_code == 200
        assert (answer.json()["id"], answer.json()["again"]) == (number, True)
        assert "没有再存一遍" in answer.json()["says"]
    with acting(clerk):
        assert everything(File).count() == everything(Body).count() == 1
        assert Entry._base_manager.filter(process="files").count() == 1


def test_a_number_belongs_to_one_photo(clerk, subject):
    """Tests that another picture under a used number is refused, and the first stays."""
    number = str(uuid7())
    send(browser(clerk), subject, photo(600, 400), id=number)
    answer = send(browser(clerk), subject, photo(500, 400), id=number)
    assert (answer.status_code, answer.json()["code"]) == (409, "OtherFile")
    with acting(clerk):
        assert everything(File).count() == 1


def test_a_photo_spoiled_on_its_way_is_refused(clerk, subject):
    """Tests that the device's own count must agree; a photo that is none leaves nothing behind either."""
    content = photo(600, 400)
    spoiled = send(browser(clerk), subject, content[:-1] + b"?", sha256=sha256(content).hexdigest())
    assert (spoiled.status_code, spoiled.json()["code"]) == (422, "WrongHash")
    assert "再发一次" in spoiled.json()["fix"]
    page = send(browser(clerk), subject, b"<html><script>alert(1)</script>", name="厂区.jpg")
    assert (page.status_code, page.json()["code"]) == (422, "NotAPicture")
    with acting(clerk):
        assert everything(File).count() == 0
    good = send(browser(clerk), subject, content, sha256=sha256(content).hexdigest())
    assert good.status_code == 201


def test_a_subject_takes_only_so_many(clerk, subject):
    """Tests the bound of a kind; what was kept stays."""
    for number in range(3):
        assert send(browser(clerk), subject, photo(300 + number, 200)).status_code == 201
    assert send(browser(clerk), subject, photo(310, 200)).json()["code"] == "TooMany"
    with acting(clerk):
        assert everything(File).count() == 3


def test_nobody_else_sees_it_or_adds_to_it(clerk, subject):
    """Tests a clerk of another town, a signed-out browser, and a kind that does not exist."""
    told = send(browser(clerk), subject, photo(300, 200)).json()
    stranger = officer("town_clerk", jurisdiction.by_name(THERE).id)
    elsewhere = browser(stranger)
    missing = elsewhere.get(f"/files/{uuid4()}")
    assert elsewhere.get(told["href"]).status_code == missing.status_code == 404
    assert elsewhere.get(told["small"]).status_code == 404
    assert send(elsewhere, subject, photo(301, 200)).status_code == 404
    firm = uuid4()
    assert browser(contact(firm, stranger.hats[0].place)).get(told["href"]).status_code == 404
    assert (
        browser(clerk).post("/files/", {"kind": "nonsense", "about": str(subject.id), "file": SimpleUploadedFile("a", b"a")}).status_code
        == 404
    )
    with acting(clerk):
        assert everything(File).count() == 1


def test_a_signed_out_device_hears_so_and_keeps_its_photo(clerk, subject, client):
    """Tests that a queue is answered in its own language instead of being led to a login page."""
    upload = SimpleUploadedFile("a.jpg", photo(300, 200))
    answer = client.post(
        "/files/", {"kind": "test.person", "about": str(subject.id), "file": upload}, headers={"accept": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "SignedOut")
    with acting(clerk):
        assert everything(File).count() == 0


def test_its_own_party_sees_it(clerk, subject):
    """Tests that a file about a party's own row is that party's too, and a sealed compartment's is not its clerk's."""
    firm, place = uuid4(), clerk.hats[0].place
    with acting(DOOR):
        own = Person._base_manager.create(name="企业的人", region=place, district=subject.district, party=firm)
    told = send(browser(clerk), own, photo(300, 200)).json()
    assert browser(contact(firm, place)).get(told["href"]).status_code == 200


def test_a_paper_is_a_download(clerk, subject):
    """Tests that a PDF is never shown inside a page."""
    paper = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"
    told = send(browser(clerk), subject, paper, name="规程.pdf").json()
    shown = browser(clerk).get(told["href"])
    assert shown.content == paper and shown["Content-Type"] == "application/pdf"
    assert shown["Content-Disposition"].startswith("attachment") and "sandbox" in shown["Content-Security-Policy"]


def test_a_plain_form_comes_back_to_its_page(clerk, subject):
    """Tests a browser without script: it is led back on our own site only, and a refusal is a page."""
    assert send(browser(clerk), subject, photo(300, 200), next="/home/")["Location"] == "/home/"
    assert send(browser(clerk), subject, photo(301, 200), next="https://elsewhere.example/").status_code == 201
    refused = send(browser(clerk), subject, b"nothing", next="/home/")
    assert "这不是照片" in refused.content.decode()


def test_no_role_changes_or_takes_back_a_file(clerk, subject):
    """Tests append-only in the database itself."""
    send(browser(clerk), subject, photo(300, 200))
    for model in (File, Body):
        for change in (lambda rows: rows.update(region=1), lambda rows: rows._raw_delete("default")):
            with pytest.raises(ProgrammingError), acting(clerk):
                change(everything(model).all())
    with acting(clerk):
        assert everything(File).count() == everything(Body).count() == 1


def test_it_is_kept_inside_another_act_or_not_at_all(clerk, subject, kind):
    """Tests `keep` in somebody else's transaction: what rolls back takes the file along."""
    now = clock.now()
    with pytest.raises(RuntimeError), acting(clerk):
        hat = kind.may_keep(find(subject.id), clerk, now)
        keeping.keep(photo(300, 200), kind=kind, about=find(subject.id), hat=hat, actor=clerk, at=now)
        raise RuntimeError
    with acting(clerk):
        assert everything(File).count() == everything(Body).count() == 0
        assert not transaction.get_connection().needs_rollback


def test_a_refusal_is_on_the_record_without_the_bytes(clerk, subject):
    """Tests the attempt that a refused file leaves."""
    assert run("files.keep", {"kind": "test.person", "about": subject.id, "content": b"<svg/>"}, actor=clerk).code == "NotAPicture"
    with acting(officer("auditor", jurisdiction.lineage(subject.region)[1])):
        attempt = Attempt._base_manager.get(action="files.keep")
    assert "svg" not in attempt.says and attempt.code == "NotAPicture"
