"""A look-back and a plan by hand: the clerk looks on the phone, the enterprise mends, the clerk looks again; then one enterprise, one plan.

With QIFU_SHOTS set, screenshots at the widths of a phone and a desk go into that folder."""

import pytest
from tests.journeys.test_bulletin_by_hand import Hands

from qifu.areas.resumption.tests.factories import world
from qifu.kernel.access import acting
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.workflow.timer import timer

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def drawn(town):
    """Give a firm at work that the morning's draw has chosen: the only one of its town."""
    firm = town.firm(size="small")
    application = town.approved(firm)
    with acting(town.bureau):
        application.permits.update(may_start_from=clock.now())
        type(application)._base_manager.filter(pk=application.id).update(may_start_from=clock.now())
    town.ok(run("resumption.start", {"application": application.id}, actor=town.contacts[firm.id]))
    assert town.ok(run("resumption.lookback.draw", {"place": firm.region}, actor=timer())) == 1
    return firm


def test_what_was_found_is_mended_and_the_rest_planned(page, live):
    """Tests both by their buttons: a faulty answer keeps what was ticked, the enterprise reads and answers, nothing sticks out."""
    town = world(clock.current())
    firm = drawn(town)
    clerk, contact = town.town_clerk, town.contacts[firm.id]
    labour = officer("labour_clerk", town.district, name="方敏")
    hands = Hands(page, live)

    hands.sign_in(clerk)
    page.goto("/desk/lookbacks/")
    assert page.get_by_text("今天抽到 1 家，已看 0 家，没看 1 家").is_visible()
    hands.shot("lookbacks", 390, 1440)
    page.get_by_role("link", name=firm.name).first.click()
    hands.shot("lookback", 390, 1440)
    hands.size(390)
    page.get_by_role("link", name="到了，开始看").click()
    for item in page.locator(".p-item").filter(has=page.locator(".p-two")).all()[1:]:
        item.get_by_label("好的").check()
    page.get_by_role("button", name="限期整改").click()
    assert page.locator(".p-item.is-bad").count() >= 1, "what was not answered is said beside it"
    assert page.locator(".p-two__ok input:checked").count() >= 1, "and what was answered stays"
    wrong = page.locator(".p-item").first
    wrong.get_by_label("要改").check()
    wrong.get_by_placeholder("要改的写一句").fill("门口没有人测温")
    page.locator("input[name=days]").first.check()
    hands.shot("look", 390)
    page.get_by_role("button", name="限期整改").click()
    assert page.get_by_text("企业收到要改的几项").is_visible()

    hands.sign_in(contact, 390)
    page.goto("/home/")
    page.get_by_role("link", name="去看").first.click()
    assert page.get_by_text("门口没有人测温").is_visible()
    page.get_by_label("改了什么").fill("安排了门卫，两班倒")
    hands.shot("own-lookback", 390)
    page.get_by_role("button", name="整改好了").click()
    assert page.get_by_text("再来看一次").is_visible()

    hands.sign_in(clerk, 390)
    page.goto("/lookbacks/")
    page.get_by_role("link", name=firm.name).click()
    assert page.get_by_text("安排了门卫，两班倒").is_visible()
    for item in page.locator(".p-item").filter(has=page.locator(".p-two")).all():
        item.get_by_label("好的").check()
    page.get_by_role("button", name="没有问题").click()
    assert page.get_by_text("交好了：没有问题").is_visible()
    page.goto("/desk/lookbacks/?view=done")
    hands.shot("lookbacks-done", 390)
    assert page.get_by_role("link", name=firm.name).first.is_visible()

    hands.size(1440)
    page.goto(f"/desk/enterprises/{firm.id}/plan")
    page.get_by_label("要解决什么").fill("缺普工20人，白班开不起来")
    page.get_by_role("button", name="存好").click()
    for what, owner in (("把空出来的宿舍腾出8间", "企业自己"), ("从对口市县招20名普工", "人社局")):
        page.get_by_label("措施").fill(what)
        page.get_by_label("谁负责").select_option(label=owner)
        page.get_by_role("button", name="加上").click()
        assert page.get_by_text(what).first.is_visible()
    hands.shot("firm-plan", 1440, 390)

    hands.sign_in(contact, 390)
    page.goto("/home/plan")
    page.get_by_text("报进展、办好了").click()
    page.get_by_label("写一句").fill("8间都腾好了")
    hands.shot("own-plan", 390)
    page.get_by_role("button", name="办好了").click()
    assert page.get_by_text("8间都腾好了").is_visible()
    assert page.get_by_text("报进展、办好了").count() == 0, "the other measure is another's"

    hands.sign_in(labour)
    page.goto("/desk/plans/?view=mine")
    hands.shot("plans", 1440, 390)
    assert page.get_by_text("从对口市县招20名普工").is_visible() and not page.get_by_text("把空出来的宿舍腾出8间").count()
    assert [one for one in hands.broken if "422" not in one] == [], "but for the answer that lacked something"
