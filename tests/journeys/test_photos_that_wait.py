"""A photo taken without a network beside a step of the application: it survives the closing of the page, and arrives once."""

import pytest
from tests.journeys.test_bulletin_by_hand import Hands

from qifu.areas.resumption.tests.factories import world
from qifu.kernel.access import acting
from qifu.kernel.calendar import clock
from qifu.kernel.files.models import File
from qifu.kernel.files.tests.test_looking import photo

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_photo_taken_without_a_network_survives_closing_the_page(page, live):
    """Tests both kinds of box: beside a step whose draft is not there yet, and about a subject; nothing arrives twice."""
    town = world(clock.current())
    firm = town.firm(size="small")
    contact = town.contacts[firm.id]
    hands = Hands(page, live)
    hands.sign_in(contact, 390)
    context = page.context

    def kept():
        with acting(town.bureau):
            return File._base_manager.filter(party=firm.id).count()

    page.goto("/home/apply/")
    step = next(
        href
        for href in page.locator("a[href*='/home/apply/']").evaluate_all("all => all.map(a => a.getAttribute('href'))")
        if "check" not in href
    )
    page.goto(step)
    context.set_offline(True)
    page.locator("#photos input[type=file]").set_input_files({"name": "门口.jpg", "mimeType": "image/jpeg", "buffer": photo(90, 60)})
    page.get_by_text("没有网，这张先留在这里").wait_for()
    page.wait_for_timeout(300)
    page.close()
    assert kept() == 0
    context.set_offline(False)
    again = context.new_page()
    again.set_default_timeout(15000)
    again.goto(live + step)
    again.locator("#photos a.p-ph").wait_for()
    assert kept() == 1
    again.goto(live + step)
    again.locator("#photos a.p-ph").wait_for()
    again.wait_for_timeout(500)
    assert kept() == 1, "what has arrived is forgotten on the phone"

    burden = town.ok(town.proposed(town.approved(town.firm()), urgent=True))
    other = town.contacts[burden.enterprise_id]
    hands = Hands(again, live)
    hands.sign_in(other, 390)
    address = f"{live}/home/burdens/{burden.id}"
    again.goto(address)
    context.set_offline(True)
    again.locator("[data-photos] input[type=file]").set_input_files({"name": "测温.jpg", "mimeType": "image/jpeg", "buffer": photo(80, 60)})
    again.get_by_text("没有网，有网就传").wait_for()
    again.close()
    context.set_offline(False)
    third = context.new_page()
    third.set_default_timeout(15000)
    third.goto(address)
    third.get_by_text("已收到").wait_for()
    with acting(town.bureau):
        assert File._base_manager.filter(about=burden.id, name="测温.jpg").count() == 1
