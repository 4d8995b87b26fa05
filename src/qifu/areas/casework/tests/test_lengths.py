"""Words that are too long for a case: refused beside their field with nothing changed, or kept whole; never cut."""

from typing import Any

import pytest

from qifu.areas.casework.models import Case, Help, Remark, Supervision
from qifu.areas.casework.rules import headed
from qifu.areas.casework.terms import ANSWER_MOST, BESIDE_MOST, TEXT_MOST, TITLE_MOST
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser, hidden, text
from qifu.kernel.actions import run
from qifu.kernel.journal.models import Entry

from .factories import Desk

HAN = "字"


def rows(people: Desk) -> dict[str, Any]:
    """Give all that is written of cases and on the record, as it stands now."""
    with acting(people.bureau):
        kept = {model.__name__: list(model.objects.order_by("pk").values()) for model in (Case, Help, Remark, Supervision)}
        return kept | {"record": Entry.objects.count()}


@pytest.mark.parametrize(
    ("verb", "who", "name", "most", "more"),
    [
        ("note", "labour", "text", 1000, {}),
        ("ask_help", "labour", "ask", 500, {"office": "区消防救援大队"}),
        ("ask_more", "labour", "reason", 300, {"days": 3}),
        ("wait", "labour", "reason", BESIDE_MOST, {"why": "outside"}),
        ("resolve", "labour", "answer", ANSWER_MOST, {"ended": "solved"}),
        ("supervise", "supervisor", "text", 1000, {}),
    ],
)
def test_one_character_too_many_is_refused_beside_its_field(
    people: Desk, verb: str, who: str, name: str, most: int, more: dict[str, Any]
) -> None:
    """Tests the bound itself, which is kept whole, and one above, which changes nothing."""
    case, actor = people.handling(), getattr(people, who)
    before = rows(people)
    refused = run(f"casework.{verb}", {"case": case.id, name: HAN * (most + 1), **more}, actor=actor)
    assert refused.code == "BadInput"
    assert f"最多{most}个字，现在{most + 1}个，删短一点再交。" in refused.errors[name]
    assert rows(people) == before
    people.ok(run(f"casework.{verb}", {"case": case.id, name: f" {HAN * most} ", **more}, actor=actor))
    assert HAN * most in str(rows(people)) and HAN * (most + 1) not in str(rows(people))


def test_what_was_typed_is_still_on_the_page(people: Desk) -> None:
    """Tests the page of an act with 1001 characters and a line end: the words are there and the sentence stands beside them."""
    case, words = people.handling(), "缺\r\n" + HAN * 999
    page = browser(people.labour)
    here = f"/desk/cases/{case.id}/note"
    given = {"key": hidden(page.get(here), "key"), "text": words}
    shown = text(answer := page.post(here, given))
    assert answer.status_code == 422 and "最多1000个字，现在1001个" in shown and HAN * 999 in shown
    given["text"] = words[:-1]
    assert page.post(here, given).status_code == 302, "a line end counts once, as it does in the browser"
    with acting(people.labour):
        assert Remark.objects.get(case=case.id).text == "缺\n" + HAN * 998


def test_a_case_may_be_told_at_full_length(people: Desk) -> None:
    """Tests that the page's own bound is that of the act: 20,000 characters are taken, one more is not."""
    assert people.recorded(HAN * TEXT_MOST).text == HAN * TEXT_MOST
    before = rows(people)
    refused = run("casework.record", {"text": HAN * (TEXT_MOST + 1), "channel": "hotline"}, actor=people.call_taker)
    assert list(refused.errors) == ["text"] and rows(people) == before


def test_another_loops_long_title_is_kept_whole(people: Desk) -> None:
    """Tests a title longer than the column of titles: shown short, and whole before the words."""
    title = "关于" + HAN * TITLE_MOST + "的反映"
    case = people.recorded("春节后招不到人", title=title, source="12345", source_number="HZ20220509002", channel="loop:12345")
    assert case.title == title[: TITLE_MOST - 1] + "…" and case.text == f"{title}\n春节后招不到人"
    short = people.recorded("春节后招不到人", title="招工难")
    assert (short.title, short.text) == ("招工难", "春节后招不到人")
    assert headed(HAN * TITLE_MOST, "x", most=TITLE_MOST) == (HAN * TITLE_MOST, "x")
