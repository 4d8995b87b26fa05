"""Letters to another city: on paper, as a signed message, and what of a stranger's message is refused in words."""

import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from docx import Document

from qifu.areas.casework.models import Case
from qifu.areas.casework.tests.factories import Desk, desk
from qifu.areas.correspondence.actions.receive import STRANGERS
from qifu.areas.correspondence.carrying import PAUSES, Back, carry, choose_post
from qifu.areas.correspondence.letters import paper
from qifu.areas.correspondence.models import Delivery, Letter, Parcel, Peer
from qifu.kernel import events
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.access.tests.factories import at, officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.documents import issuing, papers, word
from qifu.kernel.journal.models import Entry
from qifu.kernel.ladder.models import Told
from qifu.kernel.ladder.sweep import sweep
from qifu.kernel.notify.models import Outgoing
from qifu.kernel.workflow.timer import timer

from .far import Far, post, us

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
NEED = {"title": "关于商请协助联系伺服电机货源的函", "need": "缺750W伺服电机40台，最晚5月20日。\n请告知供应企业。", "days": 5}


SEEN = re.compile(r'name="seen" value="([^"]+)"')


@pytest.fixture
def people(database):
    with clock.use(clock.Fixed(at("2022-05-09"))) as hands:
        found = desk()
        found.hands = hands
        found.signer = officer("approver", found.district, name="邓局长", department="区经信局")
        yield found
    choose_post(lambda url, body: Back(0, b""))


@pytest.fixture
def suzhou(people: Desk) -> Far:
    far = Far()
    given = {"place": people.district, "name": "苏州市工业和信息化局", "address": "https://qifu.suzhou.example", "key": far.public}
    peer = people.ok(run("correspondence.propose_peer", given, actor=people.bureau))
    people.ok(run("correspondence.trust_peer", {"peer": peer.id, "heard": far.last_groups}, actor=people.signer))
    far.peer = peer.id
    choose_post(far.post)
    return far


def written(people: Desk, **more) -> Letter:
    case = people.handling(text="伺服电机断供，3天后停产", enterprise=people.firm().id)
    given = {"case": case.id, "to_name": "苏州市工业和信息化局", **NEED, **more}
    return people.ok(run("correspondence.write", given, actor=people.labour))


def fresh(row):
    with acting(timer()):
        return type(row)._base_manager.get(pk=row.pk)


def count(model, **where) -> int:
    with acting(timer()):
        return model._base_manager.filter(**where).count()


def hear() -> None:
    events.deliver(actor=timer())


def asks(far: Far, **more) -> dict:
    return {"letter": "0" * 31 + "7", "number": "苏工信函〔2022〕3号", "organ": "苏州市工信局", "title": "商请协助找包装厂",
            "text": "需瓦楞纸箱两万个", "case": "S-1", "firm": "苏州某厂", **more}  # fmt: skip


def test_a_letter_on_paper_has_number_calls_and_an_answer(people: Desk) -> None:
    """Tests the way without a second installation: two people, PDF and Word, the call log, the answer typed in, the case solved."""
    letter = written(people)
    assert run("correspondence.sign", {"letter": letter.id}, actor=people.labour).code == "NotYours"
    signed = people.ok(run("correspondence.sign", {"letter": letter.id}, actor=people.signer))
    assert signed.number.endswith("商函〔2022〕1号") and signed.due_at == at("2022-05-17", "00:00")
    with acting(people.labour):
        (issued,) = issuing.of(letter.id)
        text = str(issued.data)
        assert "伺服电机" in text and "2022年5月17日前" in text and letter.case.number in text and issued.to == "苏州市工业和信息化局"
        assert issuing.pdf_of(issued).startswith(b"%PDF")
    assert word.docx(typeset_letter(people, letter)).startswith(b"PK")
    given = {"letter": letter.id, "who": "苏州张处长", "words": "收到了，明天给回话"}
    people.ok(run("correspondence.call", given, actor=people.labour))
    assert run("correspondence.call", {**given, "words": " "}, actor=people.labour).code == "BadInput"
    ended = {"letter": letter.id, "ended": "solved", "answer": "昆山汇川可供40台", "their_number": "苏工信函〔2022〕9号"}
    assert run("correspondence.answer", ended | {"ended": ""}, actor=people.labour).code == "BadInput"
    people.ok(run("correspondence.answer", ended, actor=people.labour))
    people.ok(run("correspondence.file", {"letter": letter.id}, actor=people.labour))
    page = browser(people.labour).get(f"/desk/letters/{letter.id}").content.decode()
    assert all(said in page for said in ("苏州张处长", "收到了，明天给回话", "昆山汇川可供40台", signed.number))
    assert signed.number in browser(people.labour).get(f"/desk/cases/{letter.case_id}").content.decode()


def typeset_letter(people: Desk, letter: Letter):
    with acting(people.labour):
        return paper(Letter.objects.select_related("case").get(pk=letter.id), at=clock.now())


def test_who_wrote_does_not_sign_and_a_case_in_nobodys_hands_has_no_letter(people: Desk) -> None:
    """Tests the second person by the table of the database too, and that a refused letter leaves nothing."""
    case = people.recorded()
    assert run("correspondence.write", {"case": case.id, "to_name": "苏州", **NEED}, actor=people.labour).code == "NotOpenCase"
    secret = people.reported()
    assert run("correspondence.write", {"case": secret.id, "to_name": "苏州", **NEED}, actor=people.labour).code == "NotFound"
    assert count(Letter) == 0
    both = officer("town_leader", people.town, name="汪镇长")
    letter = written(people)
    with acting(timer()):
        Letter._base_manager.filter(pk=letter.id).update(writers=[people.labour.id, both.id])
    assert run("correspondence.sign", {"letter": letter.id}, actor=both).code == "AnotherSigns"
    assert fresh(letter).state == "drafted" and fresh(letter).number == ""


def test_who_wrote_it_does_not_sign_it_after_a_colleague_added_a_file(people: Desk) -> None:
    """Tests that an attachment makes one more writer and takes none away: not for the right, nor for the table, nor for the record."""
    letter = written(people)
    both = officer("town_leader", people.town, name="汪镇长")
    with acting(timer()):
        Letter._base_manager.filter(pk=letter.id).update(writer=both.id, writer_name="汪镇长", writers=[both.id])
    people.ok(run("correspondence.enclose", {"letter": letter.id, "content": PDF, "name": "型号"}, actor=people.labour))
    now = fresh(letter)
    assert (now.writer, now.writer_name, now.writers) == (both.id, "汪镇长", [both.id, people.labour.id])
    for one in (both, replace(both, id=people.labour.id)):
        assert run("correspondence.sign", {"letter": letter.id}, actor=one).code == "AnotherSigns"
        with acting(timer()), pytest.raises(IntegrityError), transaction.atomic():
            Letter._base_manager.filter(pk=letter.id).update(signer=one.id)
    assert (fresh(letter).state, fresh(letter).number) == ("drafted", "")
    assert people.ok(run("correspondence.sign", {"letter": letter.id}, actor=people.signer)).number


def test_a_letter_whose_attachments_changed_meanwhile_is_not_signed_unseen(people: Desk) -> None:
    """Tests that the signer's open page does not sign what was added after it, and that the fresh page does."""
    letter = written(people)
    page, here = browser(people.signer), f"/desk/letters/{letter.id}"
    seen = SEEN.search(page.get(here).content.decode())[1]
    people.hands.advance(timedelta(minutes=1))
    people.ok(run("correspondence.enclose", {"letter": letter.id, "content": PDF, "name": "型号"}, actor=people.labour))
    late = page.post(f"{here}/sign", {"seen": seen})
    assert late.status_code == 409 and "没有改动" in text(late) and "1. 型号" in text(late)
    assert (fresh(letter).state, fresh(letter).number) == ("drafted", "")
    assert page.post(f"{here}/sign", {"seen": SEEN.search(late.content.decode())[1]}).status_code == 302
    assert fresh(letter).state == "sent"


def test_a_key_is_trusted_by_two_people_after_a_telephone_call(people: Desk) -> None:
    """Tests that one alone trusts nothing, that another fingerprint is refused, and that before that nothing is taken."""
    far = Far()
    given = {"place": people.district, "name": "苏州", "address": "https://suzhou.example", "key": far.public}
    for wrong in ({"address": "http://suzhou.example"}, {"address": "https://a:b@suzhou.example"}, {"key": "AAAA"}, {"name": " "}):
        assert run("correspondence.propose_peer", given | wrong, actor=people.bureau).code == "BadInput"
    peer = people.ok(run("correspondence.propose_peer", given, actor=people.bureau))
    assert post(far.says("ask", asks(far)))[1]["code"] == "unknown_key"
    assert run("correspondence.trust_peer", {"peer": peer.id, "heard": far.last_groups}, actor=people.bureau).code == "NotYours"
    with acting(timer()):
        Peer._base_manager.filter(pk=peer.id).update(proposed_by=people.signer.id)
    assert run("correspondence.trust_peer", {"peer": peer.id, "heard": far.last_groups}, actor=people.signer).code == "AnotherTrusts"
    with acting(timer()):
        Peer._base_manager.filter(pk=peer.id).update(proposed_by=people.bureau.id)
    assert run("correspondence.trust_peer", {"peer": peer.id, "heard": Far().last_groups}, actor=people.signer).code == "WrongFingerprint"
    assert fresh(peer).state == "proposed" and count(Case, channel="peer") == 0
    people.ok(run("correspondence.trust_peer", {"peer": peer.id, "heard": far.last_groups}, actor=people.signer))
    assert post(far.says("ask", asks(far)))[0] == 200


def test_a_letter_goes_out_signed_and_its_answer_comes_back_to_the_case(people: Desk, suzhou: Far) -> None:
    """Tests the message, the receipt with their number, the signed answer, and that the writer hears of it."""
    letter = written(people, peer=suzhou.peer, to_name="")
    assert count(Parcel) == 0
    signed = people.ok(run("correspondence.sign", {"letter": letter.id}, actor=people.signer))
    assert carry(clock.now()) == 1 and carry(clock.now()) == 0
    (heard,) = suzhou.heard
    assert heard["kind"] == "ask" and heard["number"] == signed.number and "伺服电机" in heard["text"]
    assert fresh(letter).their_number == "320506-22-0007"
    answer = {"letter": letter.id.hex, "number": "苏-7", "organ": "苏州市工信局", "answer": "昆山汇川可供40台，张经理", "ended": "solved"}
    raw = suzhou.says("answer", answer)
    assert post(raw)[0] == 200
    assert (fresh(letter).state, fresh(letter).answer, fresh(letter).by_message) == ("answered", answer["answer"], True)
    status, again = post(raw)
    assert status == 409 and again["code"] == "replay" and again["says"] and again["receipt"]
    assert post(suzhou.says("answer", answer | {"answer": "改了"}))[1]["code"] == "late"
    assert fresh(letter).answer == answer["answer"]
    hear()
    with acting(timer()):
        assert {str(one.person) for one in Outgoing._base_manager.filter(kind="correspondence.answered")} == {people.labour.id}


def test_what_comes_in_becomes_a_case_with_both_numbers_and_its_answer_goes_back(people: Desk, suzhou: Far) -> None:
    """Tests that their letter is a case here, that delivery twice makes one, and that solving it answers them once."""
    raw = suzhou.says("ask", asks(suzhou))
    assert post(raw)[0] == 200 and post(raw)[0] == 409 and post(suzhou.says("ask", asks(suzhou)))[0] == 409
    with acting(people.bureau):
        (case,) = Case.objects.filter(channel="peer")
    assert (case.source_number, case.title, case.firm) == ("苏工信函〔2022〕3号", "商请协助找包装厂", "苏州某厂") and case.number
    for verb, given, who in (
        ("classify", {"kind": "parts"}, people.bureau), ("assign", {"office": "区经信局"}, people.bureau), ("take", {}, people.colleague),
        ("resolve", {"ended": "solved", "answer": "奉化宏达包装可供两万个。"}, people.colleague),
    ):  # fmt: skip
        people.ok(run(f"casework.{verb}", {"case": case.id, **given}, actor=who))
    hear()
    hear()
    assert carry(clock.now()) == 1
    assert [(one["kind"], one["answer"], one["number"]) for one in suzhou.heard] == [("answer", "奉化宏达包装可供两万个。", case.number)]


@pytest.mark.parametrize(
    ("code", "spoil"),
    [
        ("unknown_key", lambda far, peer: Far().says("ask", asks(far))),
        ("signature", lambda far, peer: far.says("ask", asks(far))[:-1] + b"\x00"),
        ("audience", lambda far, peer: far.says("ask", asks(far), to=far.key.kid)),
        ("expired", lambda far, peer: far.says("ask", asks(far), at=at("2022-05-01"))),
        ("expired", lambda far, peer: far.says("ask", asks(far), EXP=2**33)),
        ("not_yet", lambda far, peer: far.says("ask", asks(far), at=at("2022-05-09", "10:00"))),
        ("unreadable", lambda far, peer: b"\xd2\x84not a message"),
        ("unreadable", lambda far, peer: far.says("order", asks(far))),
        ("unreadable", lambda far, peer: far.says("ask", asks(far), CTI=b"short")),
        ("content", lambda far, peer: far.says("ask", asks(far, title="", text=""))),
        ("content", lambda far, peer: far.says("ask", asks(far, title=7))),
        ("content", lambda far, peer: far.says("receipt", {"re": "0" * 32})),
        ("unasked", lambda far, peer: far.says("answer", {"letter": "0" * 32, "answer": "好", "ended": "solved"})),
        ("too_long", lambda far, peer: b"\xd2" * 70_000),
        ("too_long", lambda far, peer: far.says("ask", asks(far, text="函" * 3001))),
        ("too_long", lambda far, peer: far.says("ask", asks(far, title="函" * 81))),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_message_is_said_recorded_and_changes_nothing(people: Desk, suzhou: Far, code: str, spoil) -> None:
    """Tests each refusal by its word, that it stands on the record, and that no case came of it."""
    status, answer = post(raw := spoil(suzhou, suzhou.peer))
    assert (answer["ok"], answer["code"]) == (False, code) and status >= 400 and answer["says"]
    assert count(Case, channel="peer") == 0
    assert count(Delivery, code=code) == (0 if code == "too_long" and len(raw) > 64 * 1024 else 1)


def test_an_answer_of_another_city_to_our_letter_is_not_taken(people: Desk, suzhou: Far) -> None:
    """Tests that only the installation to which a letter went can answer it."""
    letter = written(people, peer=suzhou.peer, to_name="")
    people.ok(run("correspondence.sign", {"letter": letter.id}, actor=people.signer))
    other = Far()
    given = {"place": people.district, "name": "无锡", "address": "https://wuxi.example", "key": other.public}
    peer = people.ok(run("correspondence.propose_peer", given, actor=people.bureau))
    people.ok(run("correspondence.trust_peer", {"peer": peer.id, "heard": other.last_groups}, actor=people.signer))
    false = {"letter": letter.id.hex, "answer": "不用等了", "ended": "solved"}
    assert post(other.says("answer", false))[1]["code"] == "unasked" and fresh(letter).state == "sent"
    people.ok(run("correspondence.end_peer", {"peer": suzhou.peer}, actor=people.bureau))
    assert post(suzhou.says("answer", false))[1]["code"] == "withdrawn_key" and fresh(letter).state == "sent"


def test_what_does_not_arrive_is_tried_again_and_then_shown(people: Desk, suzhou: Far) -> None:
    """Tests a cut line, a lost receipt, a forged receipt, and the end of trying; the same message is sent each time."""
    letter = written(people, peer=suzhou.peer, to_name="")
    people.ok(run("correspondence.sign", {"letter": letter.id}, actor=people.signer))
    suzhou.answers = [Back(0, b""), Back(502, b"<html>"), Back(200, b'{"ok": true, "code": "", "receipt": "AAAA"}')]
    for pause in PAUSES[:3]:
        assert carry(clock.now()) == 0 and carry(clock.now()) == 0
        people.hands.advance(pause)
    assert carry(clock.now()) == 1 and len(suzhou.heard) == 1
    second = written(people, peer=suzhou.peer, to_name="")
    people.ok(run("correspondence.sign", {"letter": second.id}, actor=people.signer))
    suzhou.answers = [Back(0, b"")] * len(PAUSES)
    for pause in PAUSES:
        carry(clock.now())
        people.hands.advance(pause)
    with acting(timer()):
        parcel = Parcel._base_manager.get(about=second.id)
    assert (parcel.state, parcel.why) == ("given_up", "对方网址连不上，或没有回话")
    assert "发不过去" in browser(people.labour).get(f"/desk/letters/{second.id}").content.decode()
    assert run("correspondence.again", {"letter": letter.id}, actor=people.labour).code == "NothingWrong"
    people.ok(run("correspondence.again", {"letter": second.id}, actor=people.labour))
    assert carry(clock.now()) == 1 and suzhou.heard[-1]["id"] == parcel.id


def test_one_message_that_breaks_stops_none_after_it(people: Desk, suzhou: Far) -> None:
    """Tests a post that raises for the first of two: the second arrives, and the first is tried again after its pause."""
    for _ in range(2):
        letter = written(people, peer=suzhou.peer, to_name="")
        people.ok(run("correspondence.sign", {"letter": letter.id}, actor=people.signer))
    tried = []

    def breaks(url: str, raw: bytes) -> Back:
        tried.append(raw)
        if len(tried) == 1:
            raise UnicodeError
        return suzhou.post(url, raw)

    choose_post(breaks)
    assert carry(clock.now()) == 1 and len(tried) == 2
    people.hands.advance(PAUSES[0])
    suzhou.answers = [Back(200, b"[" * 100_000)]
    assert carry(clock.now()) == 0
    people.hands.advance(PAUSES[1])
    assert carry(clock.now()) == 1 and count(Parcel, state="delivered") == 2


def test_nobody_fills_the_record_from_outside(people: Desk) -> None:
    """Tests that strangers' messages are written down up to a number an hour, and refused in words beyond it."""
    for _ in range(STRANGERS + 3):
        assert post(b"\xd2nonsense")[1]["code"] == "unreadable"
    assert count(Delivery) == STRANGERS
    assert us()


def test_a_letter_is_written_signed_and_answered_in_the_browser(people: Desk) -> None:
    """Tests the pages from the case to the filed answer, and that what lacks is said beside its field."""
    case = people.handling(text="伺服电机断供", enterprise=people.firm().id)
    writer, signer = browser(people.labour), browser(people.signer)
    assert f"/desk/letters/new?case={case.id}" in writer.get(f"/desk/cases/{case.id}").content.decode()
    here = f"/desk/letters/new?case={case.id}&template=parts"
    assert "货源" in writer.get(here).content.decode()
    given = {"case": str(case.id), "template": "parts", **NEED, "to_name": ""}
    lacking = writer.post("/desk/letters/new", given)
    assert lacking.status_code == 422 and "发给哪个单位" in lacking.content.decode()
    made = writer.post("/desk/letters/new", {**given, "to_name": "苏州市工信局", "to_contact": "张处长"})
    assert made.status_code == 302
    own = writer.post(f"{made.url}/sign", {})
    assert own.status_code == 403
    assert signer.post(f"{made.url}/sign", {}).status_code == 302
    assert writer.post(f"{made.url}/called", {"who": "张处长", "words": "收到", "reached": "yes"}).status_code == 302
    assert writer.post(f"{made.url}/answer", {"ended": "solved"}).status_code == 422
    assert writer.post(f"{made.url}/answer", {"ended": "solved", "answer": "可供"}).status_code == 302
    assert writer.post(f"{made.url}/file", {}).status_code == 302
    page = writer.get("/desk/letters/?state=filed").content.decode()
    assert "苏州市工信局" in page and "商函〔2022〕1号" in page
    shown = browser(people.bureau).get("/desk/letters/peers").content.decode()
    assert "互认单位" in shown


def test_a_letter_without_an_answer_reminds_its_writer_and_presses_the_office_of_the_case(people: Desk) -> None:
    """Tests that the head of the bureau that wrote is told, not the mayor of the town where the firm lies, and once."""
    head = officer("labour_clerk", people.district, name="方局长", department="区人社局")
    mayor = officer("town_leader", people.town, name="汪镇长")
    given = {"place": people.district, "office": "区人社局", "rung": 1, "person": head.id}
    people.ok(run("ladder.name", given, actor=people.supervisor))
    people.ok(run("ladder.name", {"place": people.town, "rung": 1, "person": mayor.id}, actor=people.town_clerk))
    letter = people.ok(run("correspondence.sign", {"letter": written(people).id}, actor=people.signer))
    sweep(people.hands.set(at("2022-05-16")))
    sweep(people.hands.set(letter.due_at))
    sweep(people.hands.set(at("2022-05-17", "10:00")))
    assert told(letter) == [(-2, "田科员"), (-1, "田科员"), (1, "方局长")]
    ended = {"letter": letter.id, "ended": "solved", "answer": "昆山汇川可供40台"}
    people.ok(run("correspondence.answer", ended, actor=people.labour))
    sweep(people.hands.set(at("2022-05-30")))
    assert len(told(letter)) == 3


def told(letter: Letter) -> list[tuple[int, str]]:
    with acting(timer()):
        return list(Told._base_manager.filter(subject=letter.id).order_by("stage").values_list("stage", "person_name"))


def test_a_second_answer_and_an_answer_after_filing_are_refused_in_words(people: Desk) -> None:
    """Tests that the first answer stands as it was written, and that nothing is added to the record."""
    letter = people.ok(run("correspondence.sign", {"letter": written(people).id}, actor=people.signer))
    ended = {"letter": letter.id, "ended": "solved", "answer": "昆山汇川可供40台"}
    people.ok(run("correspondence.answer", ended, actor=people.labour))
    for state, says in (("answered", "已回函"), ("filed", "已归档")):
        if state == "filed":
            people.ok(run("correspondence.file", {"letter": letter.id}, actor=people.labour))
        before = count(Entry, subject=letter.id)
        refused = run("correspondence.answer", ended | {"answer": "一台都没有"}, actor=people.labour)
        assert refused.code == "WrongState" and says in refused.says and "没有改动" in refused.says
        now = fresh(letter)
        assert (now.state, now.answer, count(Entry, subject=letter.id)) == (state, "昆山汇川可供40台", before)


def test_a_letter_on_paper_takes_attachments(people: Desk) -> None:
    """Tests a PDF added by hand and named on paper, page and Word, that who added it does not sign, and that it stays as it was signed."""
    letter = written(people)
    page, here = browser(people.labour), f"/desk/letters/{letter.id}"
    sent = SimpleUploadedFile("伺服电机型号.pdf", PDF, content_type="application/pdf")
    assert page.post(f"{here}/enclose", {"file": sent}).status_code == 302
    shown = text(page.get(here))
    assert "1. 伺服电机型号" in shown
    letter = fresh(letter)
    assert page.get(f"/files/{letter.enclosed[0]}").content == PDF
    signed = people.ok(run("correspondence.sign", {"letter": letter.id}, actor=people.signer))
    assert page.post(f"{here}/leave_out", {"file": str(letter.enclosed[0])}).status_code == 409
    assert fresh(signed).enclosed == letter.enclosed
    with acting(people.labour):
        (issued,) = issuing.of(letter.id)
        assert issued.data["attachments"] == ["伺服电机型号"]
    words = [par.text for par in Document(BytesIO(word.docx(papers.of_data(issued.data)))).paragraphs]
    assert "附件：伺服电机型号" in words
    assert "伺服电机型号" in text(page.get(f"/papers/{issued.id}"))
