"""The city's table by hand: the clerk uploads it and maps its cells by touching them, a colleague puts it in use, the day is checked.

With QIFU_SHOTS set, screenshots at the widths of a phone and a desk go into that folder."""

import pytest
from tests.journeys.test_bulletin_by_hand import Hands

from qifu.areas.resumption.tests.factories import world
from qifu.areas.returns.tests.forms import city_table
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.calendar import clock

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_table_is_mapped_put_in_use_and_handed_in(page, live):
    """Tests every step by its button, the guess from the heads at one touch, and that nothing sticks out of the page."""
    town = world(clock.current())
    town.accepted(town.firm(over_100m=True))
    clerk, second = officer("bureau_clerk", town.district, name="王芸"), officer("control_office", town.district, name="周敏")
    hands = Hands(page, live)

    hands.sign_in(clerk)
    page.goto("/returns/")
    page.locator("input[type=file]").set_input_files({"name": "全市复工日报.xlsx", "mimeType": "application/zip", "buffer": city_table()})
    page.get_by_label("填报单位").fill("奉化区经信局")
    hands.shot("returns-new", 1440, 390)
    hands.size(1440)
    page.get_by_role("button", name="传上来，去对格子").click()
    address = page.url.split("?")[0]

    def cell(name):
        page.locator("td a").and_(page.locator(f"[href*='cell={name}&'], [href$='cell={name}']")).click()

    cell("A2")
    page.locator(".guess").get_by_role("button", name="填报单位").click()
    cell("D2")
    page.locator(".guess").get_by_role("button", name="日期").click()
    cell("C5")
    assert page.get_by_text("左边写着“莼湖街道”").is_visible()
    page.get_by_label("哪个指标").select_option("R19")
    page.get_by_label("填什么").select_option("value")
    page.get_by_label("下面写着镇街名的各行也照这样对").check()
    hands.shot("returns-cell", 1440, 390)
    hands.size(1440)
    page.get_by_role("button", name="对上", exact=True).click()
    cell("B5")
    page.get_by_label("哪个指标").select_option("R12")
    page.get_by_label("填什么").select_option("value")
    page.get_by_label("下面写着镇街名的各行也照这样对").check()
    page.get_by_role("button", name="对上", exact=True).click()
    page.get_by_label("点格子，或打地址").fill("b7")
    page.get_by_role("button", name="去这一格").click()
    assert page.get_by_text("这一格是公式").is_visible()
    cell("A8")
    page.locator(".guess").get_by_role("button", name="填表人").click()
    page.get_by_role("link", name="试填看看").click()
    hands.shot("returns-try", 1440, 390)
    assert page.get_by_text("没有存").is_visible()

    hands.sign_in(second)
    page.goto(address)
    page.get_by_role("button", name="启用").click()
    page.get_by_role("button", name="填这一天").click()
    hands.shot("returns-day", 1440, 390)
    hands.size(1440)
    page.get_by_role("button", name="核对无误，报出").click()
    assert page.get_by_text("已报出").first.is_visible() and page.get_by_text("填表人：周敏").is_visible()
    with page.expect_download() as taken:
        page.get_by_role("link", name="下载 Excel").click()
    assert taken.value.suggested_filename.startswith("全市复工日报20") and "未核对" not in taken.value.suggested_filename
    page.goto("/returns/")
    hands.shot("returns-list", 1440, 390)
    assert hands.broken == []
