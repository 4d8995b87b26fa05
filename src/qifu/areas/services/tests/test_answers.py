"""Answers: found in the words in which firms ask, versions that stay, and who may publish."""

import json
from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qifu.areas.services import api
from qifu.areas.services.actions.attachments import in_version
from qifu.areas.services.models import Article, Attachment, Version
from qifu.kernel.access import DOOR, acting
from qifu.kernel.access.models import Grant
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.access.tests.factories import at, officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.notify.models import Outgoing
from qifu.kernel.workflow.timer import timer

from .factories import World

BASE = {
    "员工宿舍几个人住一间": ("每间不超过6人，人均不少于2.5平方米。", "住宿 集体宿舍 床位"),
    "停产半个月，设备能不能直接通电": ("先看配电箱有没有受潮，再分批通电。", "开机 电箱 停工"),
    "社保费能不能晚点交": ("中小微企业可以申请缓缴，不收滞纳金。", "缓缴 养老 五险"),
    "食堂可以堂食吗": ("分批吃，隔位坐。", "吃饭 就餐"),
}


def published(fenghua: World) -> dict[str, Article]:
    """Publish a small base, written by one and published by another."""
    found = {}
    for title, (answer, asks) in BASE.items():
        one = fenghua.ok("services.article.write", by=fenghua.bureau, title=title, answer=answer, source="指引第二版", asks=asks)
        found[title] = fenghua.ok("services.article.publish", by=fenghua.second, article=one.id)
    return found


def test_a_question_in_other_words_finds_its_answer_and_a_strange_one_none(fenghua: World) -> None:
    """Tests the first suggestion for questions as people ask them, and silence where nothing is near."""
    published(fenghua)
    asked = {
        "宿舍能住几个人": "员工宿舍几个人住一间", "机器停了很久可以直接通电吗": "停产半个月，设备能不能直接通电",
        "养老保险缓缴怎么弄": "社保费能不能晚点交", "食堂能不能坐着吃饭": "食堂可以堂食吗",
    }  # fmt: skip
    with acting(fenghua.taker):
        first = {text: next(iter(api.suggest(text)), None) for text in asked}
        nothing = [api.suggest(text) for text in ("火车票怎么退", "护照过期了", "能不能退税", "", "？", "a" * 4000)]
    assert {text: found and found.article.title for text, found in first.items()} == asked
    assert nothing == [[]] * 6


def test_everybody_reads_the_old_version_until_another_publishes_the_new_one(fenghua: World) -> None:
    """Tests that a change waits, that both versions stay with their days, and that a dropped change leaves nothing."""
    one = published(fenghua)["食堂可以堂食吗"]
    changed = {"title": "食堂可以堂食吗", "answer": "可以堂食，不用隔位。", "source": "指引第三版"}
    fenghua.hands.set(at("2020-03-20"))
    fenghua.ok("services.article.edit", by=fenghua.bureau, article=one.id, **changed)
    fresh = fenghua.fresh(one)
    assert (fresh.state, fresh.answer, fresh.draft_answer) == ("revising", "分批吃，隔位坐。", "可以堂食，不用隔位。")
    own = fenghua.refused("services.article.publish", by=fenghua.bureau, article=one.id)
    assert (own.code, fenghua.fresh(one).number) == ("WriterDoesNotPublish", 1)
    fenghua.ok("services.article.publish", by=fenghua.second, article=one.id)
    fenghua.ok("services.article.edit", by=fenghua.bureau, article=one.id, **{**changed, "answer": "改错了"})
    dropped = fenghua.ok("services.article.give_up", by=fenghua.bureau, article=one.id)
    assert (dropped.answer, dropped.draft_answer) == ("可以堂食，不用隔位。", "可以堂食，不用隔位。")
    with acting(fenghua.bureau):
        kept = list(Version._base_manager.filter(article=one.id).order_by("number").values_list("number", "answer", "source", "since"))
    assert kept == [
        (1, "分批吃，隔位坐。", "指引第二版", at("2020-02-17").date()),
        (2, "可以堂食，不用隔位。", "指引第三版", at("2020-03-20").date()),
    ]


def test_a_change_is_found_by_its_new_words_only_when_it_is_public(fenghua: World) -> None:
    """Tests that drafts and retired answers are found by nobody."""
    one = published(fenghua)["食堂可以堂食吗"]
    changed = {"title": "餐厅座位怎么安排", "answer": "餐厅座位随意。", "source": "指引第三版"}
    fenghua.ok("services.article.edit", by=fenghua.bureau, article=one.id, **changed)
    with acting(fenghua.taker):
        assert api.suggest("餐厅座位") == []
    fenghua.ok("services.article.publish", by=fenghua.second, article=one.id)
    with acting(fenghua.taker):
        assert [found.article.id for found in api.suggest("餐厅座位")] == [one.id]
    fenghua.ok("services.article.retire", by=fenghua.approver, article=one.id)
    with acting(fenghua.taker):
        assert api.suggest("餐厅座位") == []


def test_who_looks_again_owns_it_and_a_past_day_is_refused(fenghua: World) -> None:
    """Tests that confirming moves the day and the owner, and that an answer without source is not published."""
    one = published(fenghua)["社保费能不能晚点交"]
    past = fenghua.refused("services.article.confirm", by=fenghua.second, article=one.id, review_on="2020-02-01")
    assert set(past.errors or {}) == {"review_on"} and fenghua.fresh(one).owner_name == "经信员"
    looked = fenghua.ok("services.article.confirm", by=fenghua.second, article=one.id, review_on="2020-06-30")
    assert (looked.owner_name, looked.review_on.isoformat()) == ("经信二号", "2020-06-30")
    bare = fenghua.ok("services.article.write", by=fenghua.bureau, title="没有依据的话", answer="大概可以。")
    refused = fenghua.refused("services.article.publish", by=fenghua.second, article=bare.id)
    assert (refused.code, fenghua.fresh(bare).state) == ("NothingWritten", "draft")


def test_a_town_answers_with_its_districts_answer_and_changes_nothing_of_it(fenghua: World) -> None:
    """Tests that a use is counted where it was asked, and that a town's clerk does not edit what is the district's."""
    one = published(fenghua)["员工宿舍几个人住一间"]
    before = fenghua.fresh(one)
    fenghua.ok("services.article.answer", by=fenghua.town_clerk, article=one.id, channel="phone")
    writer = officer("fire_clerk", fenghua.town, name="镇消防")
    changed = {"title": "改掉", "answer": "改掉", "source": "改掉"}
    assert fenghua.refused("services.article.edit", by=writer, article=one.id, **changed).code == "NotFound"
    after = fenghua.fresh(one)
    assert (after.draft_title, after.state_at) == (before.draft_title, before.state_at)


def test_files_go_with_the_versions_to_which_they_belong(fenghua: World) -> None:
    """Tests that a file waits for another's look, is for everybody then, stays with its version when it is left out, and that a dropped
    draft changes nothing; a page is no file, and who may not write adds none."""
    words = {"title": "宿舍几个人一间才行", "answer": "不超过六人。", "source": "防控办通告5号"}
    one = fenghua.ok("services.article.write", by=fenghua.bureau, **words)
    pdf = b"%PDF-1.4 <html><script>alert(1)</script></html> %%EOF"
    sent = {"article": one.id, "content": pdf, "name": "通告<b>.html"}
    refused = fenghua.refused("services.article.attach", by=fenghua.bureau, **{**sent, "content": b"<html></html>"})
    assert refused.code == "NotAPicture"
    first = fenghua.ok("services.article.attach", by=fenghua.bureau, **sent)
    assert fenghua.ok("services.article.attach", by=fenghua.bureau, **sent).id == first.id
    anybody, desk = Client(), browser(fenghua.approver)
    public, own = f"/knowledge/{one.id}/files/{first.id}", f"/desk/services/answers/{one.id}/files/{first.id}"
    assert anybody.get(public).status_code == 404 and desk.get(own).content == pdf
    assert fenghua.refused("services.article.publish", by=fenghua.bureau, article=one.id).code == "WriterDoesNotPublish"
    fenghua.ok("services.article.publish", by=fenghua.second, article=one.id)
    shown = anybody.get(public)
    assert (shown.content, shown["Content-Type"], shown["X-Content-Type-Options"]) == (pdf, "application/pdf", "nosniff")
    assert shown["Content-Disposition"].startswith("attachment") and "html" not in shown["Content-Disposition"]
    page = anybody.get(f"/knowledge/{one.id}").content.decode()
    assert public in page and "<b>.html" not in page
    fenghua.ok("services.article.detach", by=fenghua.bureau, article=one.id, attachment=first.id)
    second = fenghua.ok("services.article.attach", by=fenghua.bureau, **{**sent, "content": pdf + b" "})
    assert anybody.get(f"/knowledge/{one.id}/files/{second.id}").status_code == 404
    assert public in anybody.get(f"/knowledge/{one.id}").content.decode()
    fenghua.ok("services.article.give_up", by=fenghua.bureau, article=one.id)
    with acting(fenghua.bureau):
        assert list(Attachment.objects.filter(in_version(1)).values_list("id", flat=True)) == [first.id]
        assert list(Attachment.objects.filter(in_version(2)).values_list("id", flat=True)) == [first.id]
    fenghua.ok("services.article.detach", by=fenghua.bureau, article=one.id, attachment=first.id)
    fenghua.ok("services.article.publish", by=fenghua.second, article=one.id)
    assert public not in anybody.get(f"/knowledge/{one.id}").content.decode() and anybody.get(public).status_code == 200
    assert not fenghua.refused("services.article.attach", by=fenghua.liaison, **sent).ok


def test_a_file_is_added_and_left_out_at_the_desk(fenghua: World) -> None:
    """Tests the form, the list of the draft, and the sentence for what is no file."""
    words = {"title": "口罩怎么领", "answer": "在镇街领。", "source": "防控办通告6号"}
    one = fenghua.ok("services.article.write", by=fenghua.bureau, **words)
    desk, at_desk = browser(fenghua.bureau), f"/desk/services/answers/{one.id}"
    bad = desk.post(f"{at_desk}/files", {"file": SimpleUploadedFile("a.pdf", b"<html>")})
    assert bad.status_code in (409, 422) and "没有存下" in bad.content.decode()
    assert desk.post(f"{at_desk}/files").status_code in (409, 422)
    assert desk.post(f"{at_desk}/files", {"file": SimpleUploadedFile("领取表.pdf", b"%PDF-1.4 %%EOF")}).status_code == 302
    assert "领取表.pdf" in desk.get(at_desk).content.decode()
    with acting(fenghua.bureau):
        kept = Attachment.objects.get()
    assert desk.post(f"{at_desk}/files/{kept.id}/off").status_code == 302
    assert "领取表.pdf" not in desk.get(at_desk).content.decode()


def test_the_owner_of_an_answer_hears_once_when_it_is_to_be_looked_at_again(fenghua: World) -> None:
    """Tests the morning of the day and not before, one message however often the worker asks, the owner's to-do and nobody else's, and
    that the next day of review is told of anew."""
    one = published(fenghua)["食堂可以堂食吗"]
    day = one.review_on
    fenghua.hands.set(at(str(day - timedelta(days=1)), "12:00"))
    assert api.remind(clock.now()) == 0
    fenghua.hands.set(at(str(day), "08:29"))
    assert api.remind(clock.now()) == 0
    told = api.remind(fenghua.hands.set(at(str(day), "08:30")))
    assert told == len(BASE)
    assert [api.remind(fenghua.hands.set(at(str(later)))) for later in (day, day + timedelta(days=3), day + timedelta(days=40))] == [
        0,
        0,
        0,
    ]
    with acting(timer()):
        sent = [(row.person, row.words.reveal()) for row in Outgoing._base_manager.filter(kind="services.review", about=one.id)]
    assert [person for person, _ in sent] == [fenghua.bureau.person] and "食堂可以堂食吗" in sent[0][1]
    fenghua.hands.set(at(str(day)))
    assert "等您再看一遍的问答" in text(browser(fenghua.bureau).get("/todo"))
    assert "等您再看一遍的问答" not in text(browser(fenghua.second).get("/todo"))
    for found in BASE:
        with acting(fenghua.second):
            held = Article.objects.get(title=found)
        fenghua.ok("services.article.confirm", by=fenghua.second, article=held.id, review_on=day + timedelta(days=30))
    assert "等您再看一遍的问答" not in text(browser(fenghua.bureau).get("/todo"))
    assert api.remind(fenghua.hands.set(at(str(day + timedelta(days=30))))) == len(BASE)
    with acting(timer()):
        rows = Outgoing._base_manager.filter(kind="services.review", about=one.id).order_by("made_at")
        assert [row.person for row in rows] == [fenghua.bureau.person, fenghua.second.person]


def _ends(person: UUID | None, *, at_: datetime) -> None:
    """End every grant of somebody, as the people's page does."""
    with acting(DOOR):
        Grant._base_manager.filter(person=person).update(revoked_at=at_)


def test_an_answer_whose_owner_has_left_falls_to_the_unit_and_is_taken_over(fenghua: World) -> None:
    """Tests that the unit hears once of all that became nobody's, that it stands on its to-do and in the list, that the day of review
    is told to those who may own it, that one takes it over and a second is refused, and that nothing is said while the owner is there."""
    held = published(fenghua)
    one = held["食堂可以堂食吗"]
    own = fenghua.refused("services.article.take", by=fenghua.second, article=one.id)
    assert (own.code, fenghua.fresh(one).owner) == ("OwnedBySomebody", fenghua.bureau.id)
    assert api.remind(fenghua.hands.set(at("2020-02-18"))) == 0
    assert "没有负责人" not in text(browser(fenghua.second).get("/desk/services/answers"))
    _ends(fenghua.bureau.person, at_=clock.now())
    assert [api.remind(fenghua.hands.set(at("2020-02-19", hour))) for hour in ("08:00", "08:30", "15:00")] == [0, 1, 0]
    with acting(timer()):
        told = {row.person: row.words.reveal() for row in Outgoing._base_manager.filter(kind="services.nobodys")}
        assert not Outgoing._base_manager.filter(kind="services.review").exists()
    assert set(told) == {fenghua.second.person} and json.loads(told[fenghua.second.person]) == {"n": str(len(BASE))}
    fresh = fenghua.fresh(one)
    assert (fresh.owner, fresh.owner_name, fresh.state, fresh.review_on) == ("", "经信员", "published", one.review_on)
    desk = browser(fenghua.second)
    assert "没有负责人的问答，等人接手" in text(desk.get("/todo"))
    listed = text(desk.get("/desk/services/answers?view=nobodys"))
    assert all(title in listed for title in BASE) and "没有负责人" in listed
    page = f"/desk/services/answers/{one.id}"
    assert "原来经信员管" in text(desk.get(page)) and "我来管" in text(desk.get(page))
    assert "我来管" not in text(browser(fenghua.approver).get(page))
    assert desk.post(f"{page}/take").status_code == 302
    assert "归您管了" in text(desk.get(f"{page}?done=take"))
    third = officer("bureau_clerk", fenghua.district, name="经信三号")
    late = fenghua.refused("services.article.take", by=third, article=one.id)
    assert (late.code, fenghua.fresh(one).owner_name) == ("OwnedBySomebody", "经信二号")
    day = one.review_on
    fenghua.hands.set(at(str(day)))
    api.remind(clock.now())
    assert api.remind(clock.now()) == 0
    with acting(timer()):
        asked = Outgoing._base_manager.filter(kind="services.review_nobody")
        assert {row.about for row in asked} == {found.id for found in held.values()} - {one.id}
        assert {row.person for row in asked} == {fenghua.second.person, third.person}
        assert [row.person for row in Outgoing._base_manager.filter(kind="services.review")] == [fenghua.second.person]


def test_an_answer_in_revision_whose_owner_has_left_is_taken_over_with_its_change(fenghua: World) -> None:
    """Tests that it is found while the change waits, falls to the unit and is told of once though the change goes on, that who takes it
    over owns it also when it is published, that what is owned is not taken, and that the list and the to-do hold it meanwhile."""
    one = published(fenghua)["食堂可以堂食吗"]
    changed = {"title": "食堂可以堂食吗", "answer": "可以堂食，不用隔位。", "source": "指引第三版"}
    fenghua.ok("services.article.edit", by=fenghua.bureau, article=one.id, **changed)
    owned = fenghua.refused("services.article.take", by=fenghua.second, article=one.id)
    assert (owned.code, fenghua.fresh(one).owner) == ("OwnedBySomebody", fenghua.bureau.id)
    _ends(fenghua.bureau.person, at_=clock.now())
    assert [api.remind(fenghua.hands.set(at("2020-02-19", hour))) for hour in ("08:30", "15:00")] == [1, 0]
    left = fenghua.fresh(one)
    assert (left.state, left.owner, left.owner_name, left.draft_answer) == ("revising", "", "经信员", "可以堂食，不用隔位。")
    desk, page = browser(fenghua.second), f"/desk/services/answers/{one.id}"
    assert "没有负责人的问答，等人接手" in text(desk.get("/todo"))
    assert one.title in text(desk.get("/desk/services/answers?view=nobodys"))
    assert "原来经信员管" in text(desk.get(page)) and "我来管" in text(desk.get(page))
    fenghua.hands.set(at("2020-02-21", "10:00"))
    fenghua.ok("services.article.edit", by=fenghua.second, article=one.id, **changed)
    assert api.remind(clock.now()) == 0
    third = officer("bureau_clerk", fenghua.district, name="经信三号")
    assert browser(third).post(f"{page}/take").status_code == 302
    late = fenghua.refused("services.article.take", by=fenghua.second, article=one.id)
    assert (late.code, fenghua.fresh(one).owner_name, fenghua.fresh(one).state) == ("OwnedBySomebody", "经信三号", "revising")
    fenghua.ok("services.article.publish", by=third, article=one.id)
    fresh = fenghua.fresh(one)
    assert (fresh.state, fresh.owner, fresh.answer) == ("published", third.id, "可以堂食，不用隔位。")


def test_an_answer_in_revision_is_told_of_on_its_day_as_a_published_one_is(fenghua: World) -> None:
    """Tests that the owner of a change that waits hears once and sees it on the to-do, and that one without an owner is told to those
    who may take it over; the message says that everybody still reads the old version."""
    held = published(fenghua)
    one, lost = held["食堂可以堂食吗"], held["社保费能不能晚点交"]
    fenghua.ok("services.article.confirm", by=fenghua.second, article=one.id, review_on="2020-03-02")
    fenghua.ok("services.article.confirm", by=fenghua.bureau, article=lost.id, review_on="2020-03-02")
    for each in (one, lost):
        changed = {"title": each.title, "answer": "改成这样。", "source": "指引第三版"}
        fenghua.ok("services.article.edit", by=fenghua.second, article=each.id, **changed)
    _ends(fenghua.bureau.person, at_=clock.now())
    api.remind(fenghua.hands.set(at("2020-02-18")))
    assert (api.remind(fenghua.hands.set(at("2020-03-02", "08:30"))), api.remind(clock.now())) == (2, 0)
    with acting(timer()):
        told = {row.about: (row.kind, row.person) for row in Outgoing._base_manager.filter(kind__startswith="services.review")}
    assert told == {
        one.id: ("services.review_revising", fenghua.second.person),
        lost.id: ("services.review_nobody_revising", fenghua.second.person),
    }
    assert "等您再看一遍的问答" in text(browser(fenghua.second).get("/todo"))


def test_an_answer_that_nobody_of_its_place_may_own_falls_to_the_head_or_stands_in_the_list(fenghua: World) -> None:
    """Tests a place whose last writers left: with a named head the head hears, without one nobody does and the list says so; whoever
    was moved to another place is as good as gone, and who came meanwhile keeps what they took over."""
    one = published(fenghua)["社保费能不能晚点交"]
    for actor in (fenghua.bureau, fenghua.second, fenghua.fire, fenghua.taker):
        _ends(actor.person, at_=clock.now())
    with acting(DOOR):
        town = fenghua.town
        Grant._base_manager.create(
            person_id=fenghua.bureau.person, role_id="bureau_clerk", place=town, since=clock.now(), region=town, district=one.district
        )
    assert api.remind(fenghua.hands.set(at("2020-02-19"))) == 0
    assert fenghua.fresh(one).owner == ""
    keeper = officer("zone_clerk", fenghua.district, name="管催办的")
    fenghua.ok("ladder.name", by=keeper, place=fenghua.district, rung=1, person=fenghua.approver.person)
    assert api.remind(fenghua.hands.set(at("2020-02-19", "10:00"))) == 1
    with acting(timer()):
        assert [row.person for row in Outgoing._base_manager.filter(kind="services.nobodys")] == [fenghua.approver.person]
    kept = fenghua.fresh(one)
    run("services.article.leave", {"article": one.id, "owner": "somebody-else"}, actor=timer(), at=clock.now())
    assert fenghua.fresh(one).state_at == kept.state_at
    assert fenghua.refused("services.article.leave", by=keeper, article=one.id, owner="x").code == "NotYours"
