"""Two cases that are one, joined and taken apart by hand; and what was said about an officer, which that officer never meets.

With QIFU_SHOTS set, screenshots at the widths of a phone and a desk go into that folder."""

import re

import pytest
from tests.journeys.test_bulletin_by_hand import Hands

from qifu.areas.casework.tests.factories import desk

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SUMS = ".case-sum b"


def test_two_cases_that_are_one_are_joined_and_taken_apart_again(page, live):
    """Tests the suggestion with its reason, the joining, what is shown on both, the sums, and that the other comes back whole."""
    people = desk()
    firm = people.firm("奉化钧凯结构有限公司")
    main = people.recorded("锅炉房断了蒸汽，两条线停着", enterprise=firm.id)
    same = people.recorded("蒸汽断了，两条线都停着，急", enterprise=firm.id)
    hands = Hands(page, live)

    def sums():
        page.goto("/desk/cases/offices")
        return [int(one) for one in page.locator(SUMS).all_inner_texts()]

    hands.sign_in(people.bureau)
    assert sums() == [2, 0, 0, 2, 0]
    page.goto(f"/desk/cases/{same.id}")
    alike = page.locator("section.part", has=page.get_by_role("heading", name="可能是同一件"))
    assert alike.get_by_text("同一家，都提到").count() == 1 and alike.get_by_text(main.number).count() == 1
    hands.shot("alike", 1440, 390)
    hands.size(1440)
    alike.get_by_role("link", name="并过去").click()
    assert page.get_by_label("并到哪一件").input_value() == main.number
    page.get_by_label("并到哪一件").fill(same.number)
    page.get_by_role("button", name="并过去").click()
    assert page.get_by_text("不能并到这一件，没有改动。").is_visible(), "nothing is joined to itself"
    page.get_by_label("并到哪一件").fill(main.number)
    page.get_by_role("button", name="并过去").click()
    page.get_by_text("已并案").first.wait_for()
    assert page.get_by_text(f"已并到{main.number}").is_visible()
    hands.shot("alike-joined", 1440, 390)
    assert sums() == [2, 1, 0, 1, 0]
    page.goto(f"/desk/cases/{main.id}")
    assert page.get_by_text("并过来的1件").is_visible() and page.get_by_role("link", name=same.title).count() == 1

    page.get_by_role("link", name=same.title).click()
    page.get_by_role("button", name="拆开").click()
    page.get_by_text("待分类").first.wait_for()
    assert page.get_by_text("两条线都停着，急").first.is_visible()
    assert sums() == [2, 0, 0, 2, 0]
    page.goto(f"/desk/cases/{main.id}")
    assert not page.get_by_text("并过来的").count()
    hands.sign_in(people.contacts[firm.id], 390)
    page.goto("/home/cases/")
    assert page.get_by_text("锅炉房断了蒸汽").count() == page.get_by_text("蒸汽断了，两条线都停着").count() == 1
    assert [said for said in hands.broken if "409" not in said] == [], "but for what was refused"


def test_what_is_said_about_an_officer_never_reaches_that_officer(page, live):
    """Tests that the enterprise reports on its phone; the officer's list, search, suggestions, counts, sums and numbers are what they
    were, and its address is nowhere; discipline reads and classifies it."""
    people = desk()
    firm = people.firm("奉化钧凯结构有限公司")
    people.recorded("车间缺普工二十人，年后招不到人", enterprise=firm.id)
    words = "袁经办收了两条烟才肯盖章"
    hands = Hands(page, live)

    def seen(who):
        """Give all that an officer can look through, without what differs each time."""
        hands.sign_in(who)
        found = []
        for address in ("view=all", "view=recorded", "view=all&q=烟", "view=all&q=袁经办", "view=all&q=盖章", "view=all&q=M-"):
            page.goto(f"/desk/cases/?{address}")
            found.append((page.locator("nav .views").inner_text(), page.locator("#list").count(), page.locator("h1").inner_text()))
        page.goto("/desk/cases/offices")
        found.append(page.locator(SUMS).all_inner_texts())
        page.goto("/desk/cases/new")
        with page.expect_response("**/desk/cases/alike"):
            page.get_by_label("什么事").press_sequentially(words, delay=5)
        page.wait_for_load_state("networkidle")
        found.append(page.get_by_text("可能已经有人反映过").count())
        return found

    before = {who.id: seen(who) for who in (people.town_clerk, people.bureau, people.call_taker)}
    hands.sign_in(people.contacts[firm.id], 390)
    page.goto("/home/cases/report")
    page.get_by_label("什么事、什么人、什么时候").fill(words)
    page.get_by_label("电话").fill("16430008888")
    hands.shot("report-own", 390)
    page.get_by_role("button", name="交给纪检").click()
    page.get_by_text("交给纪检了").wait_for()
    number = re.search(r"M-\w{4}-\w{4}", page.locator("main").inner_text()).group()
    page.goto("/home/cases/")
    assert not page.get_by_text("两条烟").count() and not page.get_by_text(number).count()
    assert {who.id: seen(who) for who in (people.town_clerk, people.bureau, people.call_taker)} == before
    following = people.recorded("再来一件缺人", enterprise=firm.id)
    assert following.number.endswith("-0002"), "numbers have no gap"

    hands.sign_in(people.discipline)
    page.goto(f"/desk/cases/?view=all&q={number}")
    page.get_by_role("link", name=re.compile("两条烟")).first.click()
    address = page.url.split("?")[0]
    hands.shot("report-read", 1440, 390)
    hands.size(1440)
    page.goto(f"{address}/classify")
    page.get_by_label("哪一类").select_option(label="作风投诉")
    page.get_by_role("button", name="分好了").click()
    page.get_by_text("待交办").first.wait_for()
    for who in (people.town_clerk, people.bureau):
        hands.sign_in(who)
        assert page.goto(address).status == 404 and page.goto(f"{address}/answer").status == 404
    assert [said for said in hands.broken if "404" not in said] == [], "but for what the others did not find"
