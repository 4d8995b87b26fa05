"""Tests that papers are filled from a case or a note, numbered, and signed by another where they leave the house."""

from dataclasses import replace
from io import BytesIO
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document

from qifu.areas.casework.tests.factories import Desk
from qifu.areas.casework.tests.factories import desk as people
from qifu.areas.consultation import letters
from qifu.areas.consultation.models import Paper
from qifu.areas.consultation.tests.factories import given_out, ok, received, task
from qifu.kernel import jurisdiction
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.access.tests.factories import at, officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.documents import issuing, papers, word
from qifu.kernel.files import enclosing
from qifu.kernel.files.models import File
from qifu.kernel.files.tests.test_looking import photo
from qifu.kernel.ladder.models import Told
from qifu.kernel.ladder.sweep import sweep
from qifu.kernel.notify.models import Outgoing
from qifu.kernel.values import uuid7
from qifu.kernel.workflow.timer import timer

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def hands():
    with clock.use(clock.Fixed(at("2020-02-17", "09:00"))) as fixed:
        yield fixed


@pytest.fixture
def desk(hands) -> Desk:
    return people()


def drafted(desk: Desk, kind: str, **source) -> Paper:
    with acting(desk.bureau):
        case, note = source.get("case"), source.get("note")
        filled = letters.filled(kind, case, note, place=desk.district, at=clock.now())
    given = {"kind": kind, **filled, **{name: one.id for name, one in source.items()}}
    given["to"] = given["to"] or "苏州市工业和信息化局"
    return ok(run("consultation.draft", given, actor=desk.bureau))


@pytest.mark.parametrize(("kind", "word_of"), [("dispatch", "交"), ("supervision", "督"), ("readback", "诵")])
def test_each_paper_is_filled_numbered_and_stands_on_the_case(desk: Desk, kind, word_of):
    """Tests that what the desk sends holds the case's own words, gets a number, is set as PDF and Word, and stands on the case."""
    case = desk.handling(enterprise=desk.firm().id)
    paper = ok(run("consultation.send_paper", {"paper": drafted(desk, kind, case=case).id}, actor=desk.bureau))
    assert paper.number.endswith(f"{word_of}〔2020〕1号")
    with acting(desk.bureau):
        issued = issuing.of(case.id)
        assert [one.number for one in issued] == [paper.number]
        data = papers.of_data(issued[0].data)
        told = str(issued[0].data)
        assert issuing.pdf_of(issued[0]).startswith(b"%PDF")
    assert word.docx(data).startswith(b"PK")
    assert case.number in told and (kind != "dispatch" or case.text[:10] in told)
    again = run("consultation.edit_paper", {"paper": paper.id, "title": "改", "body": "改"}, actor=desk.bureau)
    assert again.code == "WrongState"


def test_what_came_with_a_case_is_read_back_by_name(desk: Desk):
    """Tests a paper by its name without its ending, photos by number, and no empty line where nothing came."""

    def lines(case) -> dict[str, str]:
        paper = ok(run("consultation.send_paper", {"paper": drafted(desk, "readback", case=case).id}, actor=desk.bureau))
        with acting(desk.bureau):
            (issued,) = (one for one in issuing.of(case.id) if one.number == paper.number)
            form = papers.of_data(issued.data)
            assert issuing.pdf_of(issued).startswith(b"%PDF")
        return {one.label: one.value for one in form.lines}

    case, bare = desk.handling(enterprise=desk.firm().id), desk.handling(text="停电两天了")
    for content, name in ((PDF, "租房合同.pdf"), (photo(300, 200), "IMG_2020.jpg")):
        ok(run("files.keep", {"kind": "casework.case", "about": case.id, "content": content, "name": name}, actor=desk.bureau))
    assert lines(case)["收到的材料"] == "租房合同；照片1张"
    assert list(lines(bare)) == ["编号", "企业", "标题"]


def test_a_supervision_note_carries_the_number_and_the_date_of_its_supervision(desk: Desk, hands):
    """Tests the office that was asked, that a mended text keeps number and date, the answer's day on one made later, and that one of
    another case is not found."""
    case, other = desk.handling(enterprise=desk.firm().id), desk.handling(text="停电两天了")
    asked = ok(run("casework.supervise", {"case": case.id, "text": "本周内办结"}, actor=desk.supervisor))
    given = {"kind": "supervision", "title": "督办单", "to": "区人社局", "body": "请抓紧。"}

    def told(**more) -> str:
        paper = ok(run("consultation.draft", given | more, actor=desk.supervisor))
        sent = ok(run("consultation.send_paper", {"paper": paper.id}, actor=desk.supervisor))
        with acting(desk.supervisor):
            return str(next(one.data for one in issuing.of(case.id) if one.number == sent.number))

    with acting(desk.supervisor):
        words = letters.filled("supervision", case, None, place=desk.district, at=clock.now(), asked=asked)
    assert words["to"] == "区人社局" and "督办要求：本周内办结。" in words["body"]
    assert f"督办编号{asked.number}，请在2020年2月18日24时前在系统里回复。" in told(case=case.id)
    wrong = run("consultation.draft", given | {"case": other.id, "supervision": asked.id}, actor=desk.supervisor)
    assert wrong.code == "NotFound"
    hands.set(at("2020-02-18", "10:00"))
    ok(run("casework.reply_supervision", {"supervision": asked.id, "reply": "已到岗十人"}, actor=desk.labour))
    assert f"督办编号{asked.number}，已于2020年2月18日10时回复。" in told(case=case.id, supervision=asked.id)
    with acting(desk.supervisor):
        assert not Paper.objects.filter(case=other.id).exists()


def test_a_note_s_dispatch_names_every_office_with_its_time(desk: Desk):
    """Tests that the dispatch of a note lists each office, what it does and by when."""
    note = given_out(desk, received(desk), task("区人社局", "清点人数", "12:00"), task("区消防救援大队", "加一盏灯", "17:00"))
    paper = drafted(desk, "dispatch", note=note)
    assert "区人社局：清点人数（2020年2月17日12时前）" in paper.body and "区消防救援大队：加一盏灯（2020年2月17日17时前）" in paper.body
    assert paper.to == "区人社局、区消防救援大队"


@pytest.mark.parametrize("kind", ["letter", "request"])
def test_a_letter_is_signed_by_another_than_who_wrote_it(desk: Desk, kind):
    """Tests that letters and requests do not go out unsigned, nor signed by who cannot, and get no number until they are signed."""
    case = desk.handling(enterprise=desk.firm().id)
    paper = drafted(desk, kind, case=case)
    assert run("consultation.send_paper", {"paper": paper.id}, actor=desk.bureau).code == "SignedByAnother"
    assert run("consultation.sign_paper", {"paper": paper.id}, actor=desk.bureau).code == "NotYours"
    with acting(desk.bureau):
        Paper.objects.filter(pk=paper.id).update(writers=[desk.leader.id])
    assert run("consultation.sign_paper", {"paper": paper.id}, actor=desk.leader).code == "WriterDoesNotSign"
    with acting(desk.bureau):
        Paper.objects.filter(pk=paper.id).update(writers=[desk.bureau.id])
        assert issuing.of(case.id) == []
    ok(run("consultation.return_paper", {"paper": paper.id, "reason": "写明要对方做什么"}, actor=desk.leader))
    mended = {"paper": paper.id, "title": paper.title, "to": paper.to, "body": paper.body + "\n请帮助找到密封圈的供应商。"}
    ok(run("consultation.edit_paper", mended, actor=desk.bureau))
    with acting(desk.bureau):
        Paper.objects.filter(pk=paper.id).update(writers=[desk.leader.id, desk.bureau.id])
    assert run("consultation.sign_paper", {"paper": paper.id}, actor=desk.leader).code == "WriterDoesNotSign"
    with acting(desk.bureau):
        Paper.objects.filter(pk=paper.id).update(writers=paper.writers)
    signed = ok(run("consultation.sign_paper", {"paper": paper.id}, actor=desk.leader))
    assert signed.number and signed.signer == desk.leader.id
    with acting(desk.bureau):
        assert "密封圈" in str(issuing.of(case.id)[0].data)


def test_an_empty_draft_is_refused(desk: Desk):
    """Tests that a paper without title or text is not kept, nor one of a kind that there is not."""
    case = desk.handling()
    refused = run("consultation.draft", {"kind": "dispatch", "case": case.id, "title": " ", "body": ""}, actor=desk.bureau)
    assert set(refused.errors) == {"title", "body"}
    assert run("consultation.draft", {"kind": "poem", "case": case.id, "title": "诗", "body": "诗"}, actor=desk.bureau).errors
    with acting(desk.bureau):
        assert not Paper.objects.exists()


def test_who_wrote_first_does_not_sign_what_another_changed_last(desk: Desk):
    """Tests that somebody who drafted a letter and lets a colleague change a word is still one of its writers."""
    both = officer("bureau_clerk", desk.district, name="兼任", department="区经信局")
    paper = drafted(desk, "letter", case=desk.handling(enterprise=desk.firm().id))
    ok(run("consultation.edit_paper", {"paper": paper.id, "title": "一", "to": paper.to, "body": paper.body}, actor=both))
    changed = ok(run("consultation.edit_paper", {"paper": paper.id, "title": "二", "to": paper.to, "body": paper.body}, actor=desk.bureau))
    assert (changed.writer, changed.writers) == (desk.bureau.id, [desk.bureau.id, both.id])
    signer = replace(desk.leader, id=both.id)
    assert run("consultation.sign_paper", {"paper": paper.id}, actor=signer).code == "WriterDoesNotSign"
    ok(run("consultation.sign_paper", {"paper": paper.id}, actor=desk.leader))


def test_a_paper_that_does_not_go_out_reminds_its_writer_and_then_presses_the_place(desk: Desk, hands):
    """Tests a draft that lies, one that was sent in time, one that was dropped, and that the named person is told once."""
    leader = officer("leader", desk.district, name="方局长", department="区经信局")
    ok(run("ladder.name", {"place": desk.district, "rung": 1, "person": leader.id}, actor=desk.supervisor))
    case = desk.handling(enterprise=desk.firm().id)
    hands.set(at("2020-02-17", "10:00"))
    lies, sent, dropped = (drafted(desk, "dispatch", case=case) for _ in range(3))
    ok(run("consultation.send_paper", {"paper": sent.id}, actor=desk.bureau))
    ok(run("consultation.drop_paper", {"paper": dropped.id}, actor=desk.bureau))
    assert lies.due_at == at("2020-02-19", "00:00")

    def told() -> dict[UUID, list[tuple[int, str]]]:
        with acting(timer()):
            rows = Told._base_manager.filter(process="consultation.paper").order_by("stage")
            found = list(rows.values_list("subject", "stage", "person_name"))
        return {subject: [(stage, name) for of, stage, name in found if of == subject] for subject, _stage, _name in found}

    sweep(hands.set(at("2020-02-18", "09:00")))
    assert told() == {lies.id: [(-2, "黄科长")]}
    sweep(hands.set(at("2020-02-19", "09:00")))
    sweep(hands.set(at("2020-02-19", "15:00")))
    assert told() == {lies.id: [(-2, "黄科长"), (1, "方局长")]}
    with acting(timer()):
        (message,) = Outgoing._base_manager.filter(kind="ladder.late", person=leader.person)
    assert lies.title[:12] in message.words.reveal()


PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def test_a_paper_names_what_goes_along_and_its_readers_open_it(desk: Desk):
    """Tests two files added, one left out and one refused, their names on page, paper and Word as GB/T 9704 says, that whoever added
    one does not sign, that nothing is added once it is out, and that another district finds no file."""
    case = desk.handling(enterprise=desk.firm().id)
    paper = drafted(desk, "letter", case=case)
    page, here = browser(desk.bureau), f"/desk/consult/papers/{paper.id}"
    assert run("consultation.enclose", {"paper": paper.id, "content": b"MZ not a picture"}, actor=desk.bureau).code == "NotAPicture"
    assert page.post(f"{here}/enclose", {"name": "没有选文件"}).status_code == 409
    for name, body in (("叫错了", PDF), ("", PDF + b"\n"), ("缺工名单。", PDF)):
        sent = SimpleUploadedFile("岗位表.pdf", body, content_type="application/pdf")
        assert page.post(f"{here}/enclose", {"file": sent, "name": name}).status_code == 302
    with acting(desk.bureau):
        along = enclosing.of(Paper.objects.get(pk=paper.id))
    assert [enclosing.title_of(one) for one in along] == ["缺工名单", "岗位表"]
    shown = text(page.get(here))
    assert "附件：1. 缺工名单" in shown and "2. 岗位表" in shown
    only = ok(run("consultation.leave_out", {"paper": paper.id, "file": along[1].id}, actor=desk.bureau))
    assert only.enclosed == [along[0].id]
    assert run("consultation.leave_out", {"paper": paper.id, "file": along[1].id}, actor=desk.bureau).code == "NotFound"
    ok(run("consultation.enclose", {"paper": paper.id, "content": PDF + b"\n"}, actor=desk.bureau))
    sent = ok(run("consultation.sign_paper", {"paper": paper.id}, actor=desk.leader))
    assert run("consultation.enclose", {"paper": paper.id, "content": PDF}, actor=desk.bureau).code == "WrongState"
    with acting(desk.bureau):
        issued = issuing.of(case.id)[0]
        assert issued.data["attachments"] == ["缺工名单", "岗位表"] and issuing.pdf_of(issued).startswith(b"%PDF")
    words = [par.text for par in Document(BytesIO(word.docx(papers.of_data(issued.data)))).paragraphs]
    at_ = words.index("附件：1. 缺工名单")
    assert words[at_ + 1] == "　　　2. 岗位表"
    reader, stranger = browser(desk.labour), browser(officer("bureau_clerk", jurisdiction.by_name("下应街道").id))
    assert "缺工名单" in text(reader.get(f"/papers/{sent.issued}"))
    got = reader.get(f"/files/{along[0].id}")
    assert got.content == PDF and got["Content-Disposition"].startswith("attachment")
    assert stranger.get(f"/files/{along[0].id}").status_code == 404
    readback = drafted(desk, "readback", case=case)
    assert run("consultation.enclose", {"paper": readback.id, "content": PDF}, actor=desk.bureau).code == "NothingAlong"
    posted = run("files.keep", {"kind": "consultation.paper", "about": readback.id, "content": PDF}, actor=desk.bureau)
    assert posted.code == "ByTheDraft"
    with acting(desk.bureau):
        assert not File.objects.filter(about=readback.id).exists()


def test_what_goes_with_a_draft_is_read_by_those_who_read_the_draft(desk: Desk):
    """Tests that a colleague who reads the case finds what goes along with an unsigned paper no more than a file that never was, nor its
    small picture; that who writes and who signs open it; that the signed paper opens it to the colleague, and neither what was left
    out nor what went with a paper that was given up."""
    case = desk.handling(enterprise=desk.firm().id)
    paper = drafted(desk, "letter", case=case)
    for body, name in ((photo(), "车间"), (PDF, "缺工名单"), (PDF + b"\n", "旧名单")):
        paper = ok(run("consultation.enclose", {"paper": paper.id, "content": body, "name": name}, actor=desk.bureau))
    shown, kept, old = paper.enclosed
    ok(run("consultation.leave_out", {"paper": paper.id, "file": old}, actor=desk.bureau))
    writer, signer, colleague = browser(desk.bureau), browser(desk.leader), browser(desk.labour)
    assert desk.labour.may("case.see") and not desk.labour.may("consult.draft")
    assert colleague.get(f"/desk/consult/papers/{paper.id}").status_code == 403
    for address in (f"/files/{uuid7()}", f"/files/{shown}", f"/files/{shown}/small", f"/files/{kept}", f"/files/{old}"):
        met = colleague.get(address)
        assert met.status_code == 404 and "没有找到这个文件，可能编号有误，或不在您的范围内。" in text(met) and "缺工名单" not in text(met)
    assert [one.get(f"/files/{kept}").status_code for one in (writer, signer)] == [200, 200]
    ok(run("consultation.sign_paper", {"paper": paper.id}, actor=desk.leader))
    assert [colleague.get(f"/files/{id}").status_code for id in (shown, kept, old)] == [200, 200, 404]
    assert writer.get(f"/files/{old}").status_code == 200
    given_up = drafted(desk, "letter", case=case)
    given_up = ok(run("consultation.enclose", {"paper": given_up.id, "content": PDF}, actor=desk.bureau))
    ok(run("consultation.drop_paper", {"paper": given_up.id}, actor=desk.bureau))
    assert [one.get(f"/files/{given_up.enclosed[0]}").status_code for one in (writer, colleague)] == [200, 404]


def test_what_goes_with_a_confidential_case_is_met_by_nobody_outside_its_compartment(desk: Desk):
    """Tests a PDF on a complaint about an officer: who is cleared opens it, everybody else finds neither file nor name, and no paper
    takes it along."""
    case = desk.reported()
    given = {"kind": "casework.case", "about": case.id, "content": PDF, "name": "送礼清单.pdf"}
    kept = ok(run("files.keep", given, actor=desk.discipline)).file
    assert browser(desk.discipline).get(f"/files/{kept.id}").content == PDF
    for actor in (desk.bureau, desk.supervisor, desk.leader, desk.call_taker, desk.town_clerk):
        assert browser(actor).get(f"/files/{kept.id}").status_code == 404
        assert run("files.keep", given, actor=actor).code == "NotFound"
        with acting(actor):
            assert not File.objects.exists()
    words = {"kind": "letter", "title": "函", "to": "苏州", "body": "请协助。", "case": case.id}
    assert run("consultation.draft", words, actor=desk.bureau).code == "NotFound"
    with acting(desk.discipline):
        assert not Paper.objects.exists() and [one.id for one in File.objects.all()] == [kept.id]
