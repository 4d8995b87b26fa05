"""What waits for a network goes by itself: also when the network comes back while a try is failing."""

import pytest
from tests.journeys.test_bulletin_by_hand import Hands

from qifu.areas.resumption.tests.factories import world
from qifu.kernel.access import acting
from qifu.kernel.calendar import clock
from qifu.kernel.files.models import File
from qifu.kernel.files.tests.test_looking import photo

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROUNDS = """async ([left, calls]) => {
  const { resending } = await import("/static/ui/resend.js");
  let rounds = 0;
  let fail;
  const go = resending(() => { rounds += 1; return rounds > 1 ? Promise.resolve(false) : new Promise((done) => { fail = () => done(left); }); });
  for (let call = 0; call < calls; call += 1) go();
  dispatchEvent(new Event("online"));
  fail();
  await new Promise((done) => setTimeout(done, 300));
  return rounds;
}"""


def test_a_network_that_returns_while_a_try_is_failing_is_not_missed(page, live):
    """Tests that one more round follows at once where something is left, however often it was asked for, and none where nothing is."""
    page.goto(live)
    assert page.evaluate(ROUNDS, [True, 1]) == page.evaluate(ROUNDS, [True, 4]) == 2
    assert page.evaluate(ROUNDS, [False, 4]) == 1


def test_a_photo_whose_try_failed_arrives_untouched(page, live):
    """Tests that nobody need press anything where one answer was lost and the phone never noticed a gap."""
    town = world(clock.current())
    burden = town.ok(town.proposed(town.approved(town.firm()), urgent=True))
    hands = Hands(page, live)
    hands.sign_in(town.contacts[burden.enterprise_id], 390)
    tries = []

    def first_is_lost(route):
        tries.append(1)
        route.abort() if len(tries) == 1 else route.continue_()

    page.route("**/files/**", first_is_lost)
    page.goto(f"{live}/home/burdens/{burden.id}")
    page.locator("[data-photos] input[type=file]").set_input_files({"name": "测温.jpg", "mimeType": "image/jpeg", "buffer": photo(80, 60)})
    page.get_by_text("没有网，有网就传").wait_for()
    page.get_by_text("已收到").wait_for()
    assert len(tries) == 2 and page.locator(".p-ph__again").count() == 0
    with acting(town.bureau):
        assert File._base_manager.filter(about=burden.id, name="测温.jpg").count() == 1
