"""A case by hand: the telephone rings, it is given out, returned, settled, handled, called back, opened again by the firm, closed out.

With QIFU_SHOTS set, screenshots at the widths of a phone and a desk go into that folder."""

import pytest
from tests.journeys.test_bulletin_by_hand import Hands

from qifu.areas.casework.tests.factories import desk
from qifu.kernel.actions import run

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_call_is_solved_opened_again_and_closed_out(page, live):
    """Tests every step by its button, by the person whose step it is, and that nothing sticks out of the page."""
    people = desk()
    firm = people.firm("奉化钧凯结构有限公司")
    other = people.firm("奉化璟盛家具有限公司")
    people.recorded("技工招不到，缺普工十个", enterprise=other.id)
    hands = Hands(page, live)

    hands.sign_in(people.call_taker)
    page.goto("/desk/cases/new")
    page.get_by_label("哪家企业").press_sequentially("钧凯", delay=20)
    page.get_by_role("button", name="就是这家").click()
    page.get_by_label("什么事").press_sequentially("年后缺普工二十个，招不到人，订单月底要交", delay=5)
    page.get_by_text("可能已经有人反映过").wait_for()
    hands.shot("case-call", 1440, 390)
    hands.size(1440)
    page.get_by_role("button", name="记下，给编号").click()
    page.get_by_text("待分类").first.wait_for()
    address = page.url.split("?")[0]

    hands.sign_in(people.bureau)
    page.goto("/desk/cases/")
    page.get_by_text("年后缺普工二十个").first.wait_for()
    hands.shot("case-worklist", 1440, 390)
    hands.size(1440)
    page.goto(address)
    hands.shot("case-recorded", 1440, 390)
    hands.size(1440)
    page.get_by_role("link", name="分类").first.click()
    hands.shot("case-classify", 1440, 390)
    hands.size(1440)
    page.get_by_role("button", name="分好了").click()
    page.get_by_role("link", name="选单位").first.click()
    page.get_by_label("交给哪个单位").select_option("区消防救援大队")
    hands.shot("case-assign", 1440, 390)
    hands.size(1440)
    page.get_by_role("button", name="交办").click()

    hands.sign_in(people.fire)
    page.goto(f"{address}/contest")
    page.get_by_label("不是我们的职责").check()
    page.get_by_label("说明").fill("招工归人社")
    page.get_by_role("button", name="退单").click()
    page.get_by_text("退单待裁").first.wait_for()

    hands.sign_in(people.supervisor)
    page.goto("/desk/cases/")
    page.get_by_text("年后缺普工二十个").first.wait_for()
    page.goto(f"{address}/settle")
    page.get_by_label("定给哪个单位").select_option("区人社局")
    page.get_by_label("裁定理由").fill("招工归人社")
    page.get_by_role("button", name="裁定").click()

    hands.sign_in(people.labour)
    page.goto(address)
    page.get_by_role("button", name="接办").click()
    page.get_by_role("link", name="写答复").first.click()
    page.get_by_label("给企业的答复").fill("已对接两所职校，送来22人，18日到岗。")
    page.get_by_role("button", name="办结").click()
    page.get_by_text("待回访").first.wait_for()

    hands.sign_in(people.call_taker)
    page.goto(f"{address}/call_back")
    page.get_by_label("5分 很满意").check()
    hands.shot("case-call-back", 1440, 390)
    hands.size(1440)
    page.get_by_role("button", name="记下", exact=True).click()
    page.get_by_text("待销号").first.wait_for()

    hands.sign_in(people.contacts[firm.id], width=390)
    page.goto("/home/cases/")
    hands.shot("case-own-list", 390)
    page.get_by_text("年后缺普工二十个").first.click()
    page.get_by_text("还没解决").click()
    page.get_by_label("只解决了一部分").check()
    hands.shot("case-own", 390)
    page.get_by_role("button", name="再办一次").click()
    page.get_by_text("重新在办").first.wait_for()
    page.goto("/home/cases/new")
    page.get_by_label("什么事，卡在哪里，盼着怎样").fill("原料货车到高速口进不来")
    hands.shot("case-own-new", 390)
    page.get_by_role("button", name="交上去").click()
    page.get_by_text("收到了").first.wait_for()
    hands.shot("case-own-receipt", 390)

    case = address.rpartition("/")[2]
    people.ok(run("casework.take", {"case": case}, actor=people.labour))
    people.ok(run("casework.resolve", {"case": case, "ended": "solved", "answer": "又送来14人。"}, actor=people.labour))
    people.ok(run("casework.call_back", {"case": case, "score": 5}, actor=people.call_taker))
    hands.sign_in(people.second)
    page.goto(address)
    page.get_by_role("button", name="销号").click()
    page.get_by_text("已销号").first.wait_for()
    hands.shot("case-closed", 1440, 390)
    page.goto("/desk/cases/paste")
    hands.shot("case-paste", 390)
    page.goto("/desk/cases/report")
    hands.shot("case-report", 390)
    hands.sign_in(people.supervisor)
    page.goto("/desk/cases/offices")
    assert page.locator("tbody tr", has_text="区人社局").count() == 1
    hands.shot("case-offices", 1440, 390)
    assert hands.broken == []
