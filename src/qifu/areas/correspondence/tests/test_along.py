"""Files that go along with a signed message: out, in once, and what of a hostile one is refused and changes nothing."""

import base64
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from qifu.areas.casework.models import Case
from qifu.areas.casework.tests.factories import Desk
from qifu.areas.correspondence import wire
from qifu.areas.correspondence.carrying import carry
from qifu.areas.correspondence.models import Delivery, Parcel
from qifu.areas.correspondence.terms import LOAD, MOST
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.credentials import cbor
from qifu.kernel.files import keeping
from qifu.kernel.files.models import File
from qifu.kernel.files.tests.test_looking import photo
from qifu.kernel.workflow.timer import timer

from .far import Far, post
from .test_letters import PDF, asks, count, fresh, people, suzhou, written

__all__ = ["people", "suzhou"]
Files = list[tuple[str, bytes]]
BOTH: Files = [("缺货清单.pdf", PDF), ("铭牌.jpg", photo())]


def paper(size: int, mark: bytes = b"x") -> bytes:
    """Give a PDF of so many bytes."""
    return b"%PDF-1.7\n" + mark * (size - 15) + b"\n%%EOF"


def sent(far: Far, files: Files, *, told: Any = None, rest: bytes | None = None, kind: str = "ask", **more: Any) -> bytes:
    """Sign a message with files, as another installation would; `told` and `rest` spoil it."""
    listed = wire.told(files) if told is None else told
    whole = b"".join(content for _, content in files) if rest is None else rest
    return far.says(kind, {**asks(far), "files": listed, **more}) + whole


def test_what_goes_along_travels_behind_the_signed_words_and_counts_as_arrived_when_the_receipt_says_so(people: Desk, suzhou: Far) -> None:
    """Tests names, sizes and hashes in the signed part, the same bytes at each try, the page, and a receipt that says nothing of them."""
    letter = written(people, peer=suzhou.peer, to_name="")
    for name, content in (("缺货清单", PDF), ("铭牌.png", photo())):
        letter = people.ok(run("correspondence.enclose", {"letter": letter.id, "content": content, "name": name}, actor=people.labour))
    signed = people.ok(run("correspondence.sign", {"letter": letter.id}, actor=people.signer))
    suzhou.keeps_files = False
    assert carry(clock.now()) == 0
    with acting(timer()):
        parcel = Parcel._base_manager.get(about=letter.id)
    assert (parcel.state, parcel.why) == ("refused", "对方收了函，没有收附件")
    assert "没有收附件" in text(browser(people.labour).get(f"/desk/letters/{letter.id}"))
    suzhou.keeps_files = True
    people.ok(run("correspondence.again", {"letter": letter.id}, actor=people.labour))
    assert carry(clock.now()) == 1
    first, heard = suzhou.heard
    assert first["id"] == heard["id"] and first["rest"] == heard["rest"] and heard["number"] == signed.number
    assert [one["name"] for one in heard["files"]] == ["缺货清单.pdf", "铭牌.jpg"]
    pdf, drawn = heard["rest"][: len(PDF)], heard["rest"][len(PDF) :]
    assert pdf == PDF and drawn.startswith(b"\xff\xd8") and [one["size"] for one in heard["files"]] == [len(pdf), len(drawn)]
    assert [one["sha256"] for one in heard["files"]] == [sha256(pdf).hexdigest(), sha256(drawn).hexdigest()]
    assert "附件2个都收到了" in text(browser(people.labour).get(f"/desk/letters/{letter.id}"))


def test_more_than_eight_megabytes_do_not_go_along_with_a_message(people: Desk, suzhou: Far) -> None:
    """Tests that the file that makes it too much is not added and not kept, that the page says how much may go, and that a letter on
    paper takes it."""
    letter, on_paper = written(people, peer=suzhou.peer, to_name=""), written(people)
    half = {"content": paper(LOAD // 2), "name": "图纸"}
    people.ok(run("correspondence.enclose", {"letter": letter.id, **half}, actor=people.labour))
    more = {"content": paper(LOAD // 2 + 1, b"y"), "name": "图纸二"}
    refused = run("correspondence.enclose", {"letter": letter.id, **more}, actor=people.labour)
    assert refused.code == "TooHeavy" and "没有加" in refused.says
    assert len(fresh(letter).enclosed) == 1 and count(File, about=letter.id) == 1
    assert "附件一共8 MB以内" in text(browser(people.labour).get(f"/desk/letters/{letter.id}"))
    for one in (half, more):
        people.ok(run("correspondence.enclose", {"letter": on_paper.id, **one}, actor=people.labour))
    assert "8 MB" not in text(browser(people.labour).get(f"/desk/letters/{on_paper.id}"))
    people.ok(run("correspondence.sign", {"letter": letter.id}, actor=people.signer))
    assert carry(clock.now()) == 1 and len(suzhou.heard[0]["rest"]) == LOAD // 2


def test_what_comes_along_is_kept_with_the_case_once(people: Desk, suzhou: Far) -> None:
    """Tests that both files stand on the case, drawn anew where they are pictures and under their names, that the same message and the
    same letter in another envelope add nothing and get the same receipt, and that a stranger to the case opens none."""
    raw = sent(suzhou, BOTH)
    (status, first), (late, again), (other, anew) = post(raw), post(raw), post(sent(suzhou, BOTH))
    assert (status, late, other) == (200, 409, 409)
    receipts = [receipt_of(answer["receipt"]) for answer in (first, again, anew)]
    with acting(people.bureau):
        (case,) = Case.objects.filter(channel="peer")
        kept = keeping.of([case.id])[case.id]
        assert [(one.name, one.mime, one.kept_by_name) for one in kept] == [
            ("缺货清单.pdf", "application/pdf", "外地来信"), ("铭牌.jpg", "image/jpeg", "外地来信"),
        ]  # fmt: skip
        assert keeping.shown(kept[0])[0] == PDF and keeping.shown(kept[1])[0].startswith(b"\xff\xd8")
    assert receipts == [(case.number, 2)] * 3
    assert [one.files for one in deliveries()] == [2, 0, 0] and count(File, about=case.id) == 2
    page = text(browser(people.bureau).get(f"/desk/cases/{case.id}"))
    assert str(kept[0].id) in page and "缺货清单" in page
    assert browser(people.bureau).get(f"/files/{kept[0].id}").content == PDF
    assert Client().get(f"/files/{kept[0].id}").status_code in (302, 401, 403, 404)


def receipt_of(receipt: str) -> tuple[str, int]:
    ours = cbor.loads(cbor.loads(base64.b64decode(receipt)[1:])[2])[wire.OURS]
    return ours["number"], ours["files"]


def deliveries() -> list[Delivery]:
    with acting(timer()):
        return list(Delivery._base_manager.order_by("at", "id"))


def listed(**spoilt: Any) -> list[Any]:
    return [wire.told(BOTH)[0] | spoilt, wire.told(BOTH)[1]]


def png() -> bytes:
    out = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(out, "PNG")
    return out.getvalue()


WRONG: list[tuple[str, str, Callable[[Far], bytes]]] = [
    ("a forged hash", "attachment", lambda far: sent(far, BOTH, told=listed(sha256="0" * 64))),
    ("another file under a right hash", "attachment", lambda far: sent(far, BOTH, rest=PDF[:-1] + b"!" + BOTH[1][1])),
    ("two files in the other order", "attachment", lambda far: sent(far, BOTH, rest=BOTH[1][1] + PDF)),
    ("bytes that the message does not name", "attachment", lambda far: sent(far, BOTH, rest=PDF + BOTH[1][1] + b"MZ")),
    ("bytes behind a message without files", "attachment", lambda far: far.says("ask", asks(far)) + PDF),
    ("a line that broke", "cut", lambda far: sent(far, BOTH, rest=PDF + BOTH[1][1][:-1])),
    ("ten files", "too_much", lambda far: sent(far, [(f"{n}.pdf", PDF + bytes([n])) for n in range(10)])),
    ("more than is told to fit", "too_much", lambda far: sent(far, [("大.pdf", paper(LOAD)), ("小.pdf", PDF)], rest=b"")),
    ("a size that is no number", "attachment", lambda far: sent(far, BOTH, told=listed(size=True))),
    ("a size below nothing", "attachment", lambda far: sent(far, BOTH, told=listed(size=-1))),
    ("files that are no list", "attachment", lambda far: sent(far, BOTH, told={"name": "a.pdf"})),
    ("a file that is no map", "attachment", lambda far: sent(far, BOTH, told=["a.pdf"])),
    ("a name that turns around", "attachment", lambda far: sent(far, BOTH, told=listed(name="清单\u202efdp.exe"))),
    ("a name of two lines", "attachment", lambda far: sent(far, BOTH, told=listed(name="清单\n.pdf"))),
    ("no name", "attachment", lambda far: sent(far, BOTH, told=listed(name=" "))),
    ("a long name", "attachment", lambda far: sent(far, BOTH, told=listed(name="长" * 117 + ".pdf"))),
    ("a program called a paper", "no_file", lambda far: sent(far, [("清单.pdf", b"MZ\x90\x00")])),
    ("a page called a picture", "no_file", lambda far: sent(far, [("铭牌.jpg", b"<html><script>alert(1)</script>")])),
    ("a picture called a paper", "no_file", lambda far: sent(far, [("清单.pdf", photo())])),
    ("a PNG called a JPEG", "no_file", lambda far: sent(far, [("铭牌.jpg", png())])),
    ("a paper called a program", "no_file", lambda far: sent(far, [("清单.exe", PDF)])),
    ("half a paper", "no_file", lambda far: sent(far, [("清单.pdf", PDF[:-7])])),
    ("one good and one bad", "no_file", lambda far: sent(far, [*BOTH, ("三.pdf", b"GIF89a")])),
]


@pytest.mark.parametrize(("code", "made"), [wrong[1:] for wrong in WRONG], ids=[wrong[0] for wrong in WRONG])
def test_a_hostile_file_is_refused_in_words_and_changes_nothing(people: Desk, suzhou: Far, code: str, made: Callable[[Far], bytes]) -> None:
    """Tests that neither case nor file nor number comes of it, that it is on the record, and that the right message is taken after it."""
    raw = made(suzhou)
    status, answer = post(raw)
    assert status in (400, 413, 422) and (answer["ok"], answer["code"], answer["receipt"]) == (False, code, "")
    assert answer["says"].rstrip("。").endswith(("没有收", "再发一次", "8 MB", "照片和PDF"))
    (delivery,) = deliveries()
    assert (delivery.code, delivery.files, delivery.size) == (code, 0, len(raw))
    assert (count(Case, channel="peer"), count(File)) == (0, 0)
    assert post(sent(suzhou, BOTH))[0] == 200 and (count(Case, channel="peer"), count(File)) == (1, 2)


def test_an_answer_carries_no_files(people: Desk, suzhou: Far) -> None:
    """Tests that files behind an answer are refused with it, and that the letter still waits."""
    letter = written(people, peer=suzhou.peer, to_name="")
    people.ok(run("correspondence.sign", {"letter": letter.id}, actor=people.signer))
    answer = {"letter": letter.id.hex, "answer": "昆山可供", "ended": "solved"}
    assert post(sent(suzhou, BOTH, kind="answer", **answer))[1]["code"] == "attachment"
    assert fresh(letter).state == "sent" and count(File) == 0
    assert post(suzhou.says("answer", {**answer, "number": "苏-7"}))[0] == 200


def test_what_a_stranger_sends_after_the_signed_words_is_not_read(people: Desk, suzhou: Far) -> None:
    """Tests a message of many bytes by somebody unknown, one that is too old and one altered: only the beginning is read; and one that
    is longer than any may be, of which nothing is."""
    load = paper(LOAD - MOST)
    old = clock.now() - timedelta(days=9)
    spoilt = bytearray(sent(suzhou, [("图.pdf", load)]))
    spoilt[60] ^= 1
    stranger, late = sent(Far(), [("图.pdf", load)]), suzhou.says("ask", {**asks(suzhou), "files": []}, at=old) + load
    for raw, code in ((stranger, "unknown_key"), (late, "expired"), (bytes(spoilt), "signature")):
        assert len(raw) > MOST and post(raw)[1]["code"] == code
    assert [one.size for one in deliveries()] == [MOST] * 3
    status, answer = post(b"\xd2" + b"\x00" * (MOST + LOAD))
    assert (status, answer["code"], len(deliveries()), count(Case, channel="peer")) == (413, "too_long", 3, 0)
    assert post(sent(suzhou, [("图.pdf", load)]))[0] == 200 and count(File) == 1
