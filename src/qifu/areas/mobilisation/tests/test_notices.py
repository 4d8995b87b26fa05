"""A notice: written by one, published by another, kept for everybody whom it means, confirmed, chased, replaced."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from qifu.areas.mobilisation import queries
from qifu.areas.mobilisation.models import Notice, Receipt
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.access.tests.factories import at, contact, officer
from qifu.kernel.actions import Done, run
from qifu.kernel.calendar import clock
from qifu.kernel.journal.models import Entry
from qifu.kernel.notify.models import Outgoing
from qifu.kernel.values.ids import uuid7
from qifu.kernel.values.secret import Secret

from .factories import do, home, refuse, ringing, town

NOW = at("2020-02-11", "09:00")


@pytest.fixture
def hands(database: Any) -> Iterator[clock.Fixed]:
    with clock.use(clock.Fixed(NOW)) as fixed:
        yield fixed


@pytest.fixture
def people(hands: clock.Fixed) -> dict[str, Any]:
    return {
        "author": officer("control_office", home(), name="信息员", department="防控办"),
        "publisher": officer("approver", home(), name="主任", department="防控办"),
        "clerk": ringing(officer("town_clerk", town(), name="镇街甲"), "13800000001"),
        "other": officer("town_clerk", town("裘村镇"), name="镇街乙"),
    }


def written(people: dict[str, Any], **more: Any) -> Notice:
    rule = more.pop("rule", {"places": [home()], "roles": ["town_clerk"]})
    given = {"place": home(), "title": "复工后消防要点", "text": "每天防火巡查两次。", "rule": rule} | more
    return do("write_notice", people["author"], **given)


def published(people: dict[str, Any], **more: Any) -> Notice:
    notice = written(people, **more)
    do("hand_in_notice", people["author"], notice=notice.id)
    return do("publish_notice", people["publisher"], notice=notice.id)


def test_a_notice_reaches_everybody_whom_its_rule_means_and_keeps_them(people: dict[str, Any], hands: clock.Fixed) -> None:
    """Tests that people are found at publication: who comes later is not on the list, who is on it stays."""
    notice = published(people)
    officer("town_clerk", town(), name="后来的人")
    with acting(people["author"]):
        rows = {row.name: row for row in queries.receipts(notice)}
    assert set(rows) == {"镇街甲", "镇街乙"} and notice.audience == len(rows)
    assert rows["镇街甲"].region == town()
    with acting(people["clerk"]):
        assert [row.notice.title for row in queries.inbox(people["clerk"])] == ["复工后消防要点"]
        assert queries.unread(people["clerk"]) == 1


def test_contacts_are_found_by_the_size_of_their_firm(people: dict[str, Any], hands: clock.Fixed) -> None:
    """Tests that the contact of a firm above size is told, and not the one of a small firm."""
    found = {}
    for size in ("above", "small"):
        answer = run("registry.register", {"name": f"奉川精密{size}有限公司", "region": town(), "size": size}, actor=people["clerk"])
        assert isinstance(answer, Done), answer
        found[size] = contact(answer.result.id, town(), name=f"联系人{size}")
    notice = published(people, rule={"places": [home()], "roles": ["enterprise_contact"], "sizes": ["above"]})
    with acting(found["above"]):
        assert queries.unread(found["above"]) == 1
    with acting(found["small"]):
        assert queries.unread(found["small"]) == 0
    assert notice.rule_words == "奉化区：规上企业联系人"
    do("confirm_notice", found["above"], notice=notice.id)


def test_who_wrote_does_not_publish(people: dict[str, Any]) -> None:
    """Tests the second person; nobody was told."""
    notice = written(people)
    do("hand_in_notice", people["author"], notice=notice.id)
    assert refuse("publish_notice", people["author"], notice=notice.id).code == "AnotherPublishes"
    with acting(people["author"]):
        assert Notice.objects.get(pk=notice.id).state == "review" and not Receipt.objects.exists()


def test_a_rule_that_means_nobody_goes_nowhere(people: dict[str, Any]) -> None:
    """Tests an audience without anybody, places of others, and sizes without contacts."""
    notice = written(people, rule={"places": [home()], "roles": ["fire_clerk"]})
    assert refuse("hand_in_notice", people["author"], notice=notice.id).code == "NobodyHears"
    base = {"place": home(), "title": "标题", "text": "内容"}
    assert refuse("write_notice", people["author"], **base, rule={"places": [home("鄞州区")], "roles": ["town_clerk"]}).code == "NotYours"
    assert "sizes" in (
        refuse("write_notice", people["author"], **base, rule={"places": [home()], "roles": ["town_clerk"], "sizes": ["above"]}).errors
        or {}
    )
    with acting(people["author"]):
        assert Notice.objects.count() == 1


def test_confirming_is_ones_own_and_counts_once(people: dict[str, Any], hands: clock.Fixed) -> None:
    """Tests who may confirm, that a second time changes nothing, and that it stands in the record."""
    notice = published(people)
    hands.advance(timedelta(minutes=5))
    row = do("confirm_notice", people["clerk"], notice=notice.id)
    assert row.confirmed_at == NOW + timedelta(minutes=5)
    hands.advance(timedelta(minutes=5))
    assert refuse("confirm_notice", people["clerk"], notice=notice.id).code == "Confirmed"
    assert refuse("confirm_notice", people["publisher"], notice=notice.id).code == "NotForYou"
    with acting(people["author"]):
        rows = queries.receipts(notice)
        assert [(one.name, one.confirmed_at is None) for one in rows] == [("镇街甲", False), ("镇街乙", True)]
        assert Entry.objects.filter(process="mobilisation.notice", verb="confirm", about=notice.id).count() == 1


def test_a_new_version_takes_the_place_and_asks_again(people: dict[str, Any], hands: clock.Fixed) -> None:
    """Tests that both versions stay with their dates, and that the new one is confirmed anew."""
    first = published(people)
    do("confirm_notice", people["clerk"], notice=first.id)
    hands.advance(timedelta(days=1))
    second = do("revise_notice", people["author"], notice=first.id)
    assert refuse("revise_notice", people["author"], notice=first.id).says.startswith("这份通知的新版")
    do("edit_notice", people["author"], notice=second.id, title="复工后消防要点（二）", text="每天三次。", rule=second.rule)
    do("hand_in_notice", people["author"], notice=second.id)
    do("publish_notice", people["publisher"], notice=second.id)
    with acting(people["clerk"]):
        assert [(one.version, one.state) for one in queries.versions(first.series)] == [(2, "published"), (1, "superseded")]
        assert queries.unread(people["clerk"]) == 1
    assert refuse("confirm_notice", people["other"], notice=first.id).code == "NotForYou"


def test_who_has_not_confirmed_can_be_called_and_it_is_on_record(people: dict[str, Any]) -> None:
    """Tests numbers for the author only, one look on record for each, and none for who has confirmed."""
    notice = published(people)
    assert do("call_unconfirmed", people["author"], notice=notice.id) == {people["clerk"].person: "13800000001"}
    assert refuse("call_unconfirmed", people["author"], notice=notice.id, person=people["other"].person).code == "NoNumber"
    assert refuse("call_unconfirmed", people["publisher"], notice=notice.id).code == "NotYours"
    with acting(people["author"]):
        looks = Entry.objects.filter(process="look", verb="look")
        assert looks.count() == 1
    do("confirm_notice", people["clerk"], notice=notice.id)
    assert do("call_unconfirmed", people["author"], notice=notice.id) == {}


def test_a_message_says_that_there_is_a_notice_and_not_what(people: dict[str, Any]) -> None:
    """Tests that everybody of the list is told without the text, and a reminder goes only to who has not confirmed."""
    notice = published(people, sms=True)
    do("confirm_notice", people["clerk"], notice=notice.id)
    assert do("remind_unconfirmed", people["author"], notice=notice.id) == 1
    with acting(people["author"]):
        told = list(Outgoing._base_manager.filter(kind__startswith="mobilisation.notice").order_by("made_at", "id"))
        by_kind = {
            kind: {one.person for one in told if one.kind == kind} for kind in ("mobilisation.notice", "mobilisation.notice_reminder")
        }
        assert by_kind["mobilisation.notice"] == {people["clerk"].person, people["other"].person}
        assert by_kind["mobilisation.notice_reminder"] == {people["other"].person}
        words = [Secret(one.words).reveal() for one in told]
    assert all("巡查" not in one and "复工后消防要点" in one for one in words)


def test_a_withdrawn_notice_asks_nobody(people: dict[str, Any]) -> None:
    """Tests that after taking back nobody has to confirm, and that the reason is shown."""
    notice = published(people)
    do("take_back_notice", people["publisher"], notice=notice.id, reason="数字有误，改好再发")
    assert refuse("confirm_notice", people["clerk"], notice=notice.id).code == "NotForYou"
    assert refuse("confirm_notice", people["clerk"], notice=uuid7()).code == "NotForYou"
    with acting(people["clerk"]):
        assert queries.unread(people["clerk"]) == 0
        assert queries.inbox(people["clerk"])[0].notice.reason == "数字有误，改好再发"


def test_a_notice_of_a_page_of_8000_characters_is_taken_whole_and_one_more_is_not(people: dict[str, Any], hands: clock.Fixed) -> None:
    """Tests the bound that the page says, beside the field and with nothing written after a refusal."""
    whole = written(people, text="防" * 8000)
    assert whole.text == "防" * 8000
    rule = {"places": [home()], "roles": ["town_clerk"]}
    given = {"place": home(), "title": "标" * 81, "text": "防" * 8001, "rule": rule}
    refused = refuse("write_notice", people["author"], **given)
    assert set(refused.errors) == {"title", "text"} and "最多8000个字，现在8001个" in refused.errors["text"]
    back = refuse("edit_notice", people["author"], **{k: v for k, v in given.items() if k != "place"}, notice=whole.id)
    assert set(back.errors) == {"title", "text"}
    with acting(people["author"]):
        assert [(one.title, one.text) for one in Notice.objects.all()] == [("复工后消防要点", "防" * 8000)]


PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


SEEN = re.compile(r'name="seen" value="([^"]+)"')


def test_a_notice_that_changed_meanwhile_is_not_published_unseen(people: dict[str, Any], hands: clock.Fixed) -> None:
    """Tests that the publisher's open page does not publish what was given back, added to and handed in again after it."""
    notice = written(people)
    do("hand_in_notice", people["author"], notice=notice.id)
    page, here = browser(people["publisher"]), f"/desk/notices/{notice.id}"
    seen = SEEN.search(page.get(f"{here}/").content.decode())[1]
    hands.advance(timedelta(minutes=1))
    do("send_back_notice", people["publisher"], notice=notice.id, reason="附上检查表")
    do("enclose_notice", people["author"], notice=notice.id, content=PDF, name="检查表")
    do("hand_in_notice", people["author"], notice=notice.id)
    late = page.post(f"{here}/publish", {"seen": seen})
    assert late.status_code == 409 and "没有改动" in text(late) and "1. 检查表" in text(late)
    with acting(people["author"]):
        now = Notice.objects.get(pk=notice.id)
    assert (now.state, now.publisher, now.writers) == ("review", "", [people["author"].id])
    assert page.post(f"{here}/publish", {"seen": SEEN.search(late.content.decode())[1]}).status_code == 302


def test_a_notice_carries_files_to_those_it_was_published_to_and_to_nobody_else(people: dict[str, Any]) -> None:
    """Tests a file added and one left out, opened by a town's clerk and a firm's contact, not before it is published, not by who is
    not on the list, and taken over into the next version."""
    answer = run("registry.register", {"name": "奉川精密有限公司", "region": town(), "size": "above"}, actor=people["clerk"])
    assert isinstance(answer, Done), answer
    firm = contact(answer.result.id, town(), name="联系人")
    stranger = officer("labour_clerk", town(), name="不在名单上")
    notice = written(people, rule={"places": [home()], "roles": ["town_clerk", "enterprise_contact"]})
    desk, here = browser(people["author"]), f"/desk/notices/{notice.id}"
    for name in ("消防检查表.pdf", "写错的.pdf"):
        sent = SimpleUploadedFile(name, PDF + name.encode(), content_type="application/pdf")
        assert desk.post(f"{here}/enclose", {"file": sent}).status_code == 302
    assert desk.post(f"{here}/enclose", {"file": SimpleUploadedFile("名单.xlsx", b"PK")}).status_code == 409
    with acting(people["author"]):
        right, wrong = Notice.objects.get(pk=notice.id).enclosed
    assert desk.post(f"{here}/leave_out", {"file": str(wrong)}).status_code == 302
    shown = text(desk.get(f"{here}/"))
    assert "1. 消防检查表" in shown and "写错的" not in shown
    address = f"/notices/{notice.id}/files/{right}"
    assert browser(people["clerk"]).get(address).status_code == 404
    do("hand_in_notice", people["author"], notice=notice.id)
    refused = run("mobilisation.enclose_notice", {"notice": notice.id, "content": PDF}, actor=people["author"])
    assert refused.code == "WrongState"
    do("publish_notice", people["publisher"], notice=notice.id)
    for reader in (people["clerk"], people["other"], firm):
        page = browser(reader)
        assert f'href="{address}"' in page.get(f"/notices/{notice.id}/").content.decode()
        got = page.get(address)
        assert got.content == PDF + "消防检查表.pdf".encode() and got["Content-Disposition"].startswith("attachment")
        assert page.get(f"/notices/{notice.id}/files/{wrong}").status_code == 404
        assert page.get(f"/files/{right}").status_code == 404
    assert browser(stranger).get(address).status_code == 404
    fresh = do("revise_notice", people["author"], notice=notice.id)
    assert fresh.enclosed == [right]
