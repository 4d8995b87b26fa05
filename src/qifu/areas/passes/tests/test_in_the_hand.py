"""Tests of the pass in a real browser: drawn, small enough, read by others, shown without a network, large, on paper."""

import io
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from qifu.areas.passes import links
from qifu.areas.passes.models import Pass
from qifu.areas.resumption.tests.factories import world
from qifu.kernel.access import DOOR, acting
from qifu.kernel.access.hats import machine
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.credentials import keys
from qifu.kernel.events import deliver

pytestmark = pytest.mark.browser
FOREIGN = Path(__file__).parent / "foreign"
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def passed(database: Any) -> tuple[Pass, str]:
    """Give a pass in force now and the word of its link, as permit and contact made them."""
    keys.forget()
    with clock.use(clock.Fixed(clock.now())) as hands:
        town = world(hands)
        firm = town.firm()
        mine = town.contacts[firm.id]
        town.ok(run("registry.add_worker", {"enterprise": firm.id, "name": "王小明"}, actor=mine))
        town.approved(firm)
        with acting(DOOR):
            system = machine("system")
        deliver(actor=system)
        with acting(DOOR):
            row = Pass._base_manager.get()
        link = town.ok(run("passes.share", {"passed": row.id}, actor=mine))
    return row, links.token_of(link.id)


def decoded(shot: bytes, *, side: int = 0) -> str:
    """Read the square in a picture, made `side` pixels wide first."""
    image = Image.open(io.BytesIO(shot)).convert("L")
    if side:
        image = image.resize((side, side), Image.Resampling.LANCZOS)
    found = zxingcpp.read_barcodes(image)
    return str(found[0].text) if found else ""


def test_the_square_is_drawn_small_enough_and_read_by_others(page: Any, passed: tuple[Pass, str]) -> None:
    """Tests that the browser's square is at most version 10, decodes from 200 pixels, and verifies in a foreign JavaScript reader."""
    row, token = passed
    page.set_viewport_size(PHONE)
    page.goto(f"/p/{token}/")
    square = page.locator("[data-square]")
    page.wait_for_selector("[data-square] svg")
    assert int(square.get_attribute("data-version")) <= 10
    shot = page.locator("[data-square] svg").screenshot()
    assert decoded(shot) == decoded(shot, side=200) == row.code
    side = page.locator("[data-square] svg").get_attribute("viewBox").split()
    assert int(side[2]) == 17 + 4 * 10 + 2 * 4, "four modules of quiet zone are part of the picture"
    reply = page.request.get("/check/keys").json()
    page.evaluate((FOREIGN / "cbor-x-1.6.9.min.js").read_text("utf-8") + ";0")
    read = page.evaluate((FOREIGN / "read.js").read_text("utf-8").split("\n", 1)[1], {"text": row.code, "keys": reply["keys"]})
    assert read == {
        "alg": -7, "good": True, "spoilt": False, "issuer": row.issuer, "expires": int(row.ends_at.timestamp()), "name": "王*明",
        "firm": row.uscc,
    }  # fmt: skip


def test_it_is_shown_without_a_network_and_large_is_remembered(page: Any, passed: tuple[Pass, str]) -> None:
    """Tests that after one look the pass is shown offline and without any request, and that large type stays on this phone."""
    row, token = passed
    page.set_viewport_size(PHONE)
    page.goto(f"/p/{token}/")
    page.wait_for_selector("[data-square] svg")
    page.locator(".p-foot [data-large]").click()
    kept = "async (path) => { for (let n = 0; n < 100; n += 1) { const s = await caches.open('passes-1'); "
    kept += "if (await s.match(path) && (await s.keys()).length > 5) return true; "
    kept += "await new Promise((r) => setTimeout(r, 50)); } return false; }"
    assert page.evaluate(kept, f"/p/{token}/")
    page.context.set_offline(True)
    page.reload()
    page.wait_for_selector("[data-square] svg")
    assert decoded(page.locator("[data-square] svg").screenshot()) == row.code
    assert page.locator("body.is-large").count() == 1 and page.locator(".pass__name b").inner_text() == "王*明"
    assert page.locator("[data-word]").inner_text() == "有效"
    page.context.set_offline(False)
    registered = page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).map((one) => new URL(one.scope).pathname)")
    assert registered == ["/p/"]


def test_the_state_follows_the_clock_in_the_hand(page: Any, passed: tuple[Pass, str]) -> None:
    """Tests that a kept page turns to expired when its end has come, hides the square and says what to do."""
    _row, token = passed
    page.clock.install()
    page.goto(f"/p/{token}/")
    page.wait_for_selector("[data-square] svg")
    page.clock.fast_forward(15 * 24 * 3600 * 1000)
    page.wait_for_selector("text=续一张，约1分钟")
    assert page.locator("[data-square]").is_hidden()


def test_the_paper_is_black_and_reads(page: Any, passed: tuple[Pass, str]) -> None:
    """Tests that the paper's square decodes, and that nothing on it has a colour when printed."""
    row, token = passed
    page.goto(f"/p/{token}/paper")
    page.wait_for_selector("[data-square] svg")
    page.emulate_media(media="print")
    shot = page.locator(".paper").screenshot()
    assert decoded(shot) == row.code
    colours = Image.open(io.BytesIO(shot)).convert("RGB").quantize(64).convert("RGB").getcolors()
    assert all(max(colour) - min(colour) < 12 for _, colour in colours)
    said = page.locator(".paper").inner_text()
    assert row.said_number in said and "没有身份证号、手机号、住址" in said and "王小明" not in said


def test_a_photograph_is_checked(page: Any, passed: tuple[Pass, str], tmp_path: Path) -> None:
    """Tests that a picture of the pass is answered in green, a tilted blurred one too, and one without a code with what to do."""
    _row, token = passed
    page.set_viewport_size(PHONE)
    page.goto(f"/p/{token}/")
    page.wait_for_selector("[data-square] svg")
    page.screenshot(path=tmp_path / "straight.png")
    tilted = Image.open(tmp_path / "straight.png").convert("RGB").resize((1170, 2532)).rotate(7, fillcolor="#777")
    tilted.save(tmp_path / "tilted.jpg", quality=60)
    Image.new("RGB", (600, 600), "#888").save(tmp_path / "empty.png")
    for name, expected in (("straight.png", ".verdict--ok"), ("tilted.jpg", ".verdict--ok"), ("empty.png", "text=照片里没有找到码")):
        page.goto("/check/")
        page.set_input_files("[data-photo]", tmp_path / name)
        page.wait_for_selector(expected)
