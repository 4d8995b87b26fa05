"""A leader's note by hand: written down with its photo in the evening, given to three offices, answered by each, read on the phone.

With QIFU_SHOTS set, screenshots at the widths of a phone and a desk go into that folder."""

from datetime import timedelta

import pytest
from tests.journeys.test_bulletin_by_hand import Hands
from tests.journeys.test_visit_in_airplane_mode import photo

from qifu.areas.casework.tests.factories import desk
from qifu.areas.consultation.tests.factories import news
from qifu.kernel.calendar import clock

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_note_photographed_at_night_is_answered_by_three_offices(page, live):
    """Tests the note of 22:10 from its photo to the leader's telephone: three offices take on and solve their tasks by buttons."""
    people = desk()
    hands = Hands(page, live)
    hands.sign_in(people.bureau, 390)
    page.goto("/desk/consult/notes/new")
    page.get_by_label("谁批的").select_option(label="韩区长")
    page.get_by_label("哪天批的").fill(f"{clock.today() - timedelta(days=1)}")
    page.get_by_label("几点").fill("22:10")
    page.get_by_label("批示内容").fill("路口货车的事今晚就办掉，明天下午五点前报结果。")
    hands.shot("note-new", 1440, 390)
    page.get_by_role("button", name="记下，去拍照、交办").click()
    page.locator("input[type=file]").set_input_files(photo())
    page.get_by_text("已收到").first.wait_for()
    address = page.url.split("?")[0]

    page.get_by_role("link", name="交办").first.click()
    tasks = (("区人社局", "清点卡在路口的人"), ("区消防救援大队", "路口加一盏灯"), ("袁经办的镇街", "沿线企业打一遍电话"))
    for row, (office, what) in enumerate(tasks):
        chosen = page.locator(f"#office-{row}")
        if office.startswith("区"):
            chosen.select_option(label=office)
        else:
            chosen.select_option(f"place:{people.town}")
        page.locator(f"#what-{row}").fill(what)
        page.locator(f"#limit-{row}").select_option("17:00")
    hands.shot("note-give", 1440, 390)
    page.get_by_role("button", name="交办", exact=True).click()
    page.get_by_text("3个单位，0个反馈了").wait_for()
    links = [page.get_by_role("link", name=what).get_attribute("href") for _, what in tasks]

    for who, link, answer in zip(
        (people.labour, people.fire, people.town_clerk), links, ("共31人。", "灯装好了。", "都打过了。"), strict=True
    ):
        hands.sign_in(who)
        page.goto(link)
        page.get_by_role("button", name="接办").click()
        page.get_by_role("link", name="写答复").first.click()
        page.get_by_label("给企业的答复").fill(answer)
        page.get_by_role("button", name="办结").click()
        page.get_by_text("待回访").first.wait_for()
    news()

    hands.sign_in(people.leader, 390)
    page.goto(address)
    page.get_by_text("3个单位，3个反馈了").wait_for()
    for answer in ("共31人。", "灯装好了。", "都打过了。"):
        assert page.get_by_text(answer).is_visible()
    hands.shot("note-answered", 1440, 390)
    hands.size(390)
    page.get_by_role("button", name="已阅").click()
    page.get_by_text("已办：已阅").wait_for()
    assert not page.get_by_role("button", name="已阅").count()
