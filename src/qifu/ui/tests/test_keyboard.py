"""Tests that the worklist answers the keyboard in a real browser, under the page policy."""

from typing import Any

import pytest

pytestmark = pytest.mark.browser

SELECTED = "tr[data-row].is-selected"


def test_worklist_by_keyboard(page: Any) -> None:
    """Tests that j and k move and load the preview, x ticks and tells consequences, Esc unticks, Enter opens."""
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.goto("/ui/pages/worklist/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.get_attribute(SELECTED, "data-row") == "大桥针织有限公司"
    page.wait_for_selector('#preview [data-subject="大桥针织有限公司"]')
    page.keyboard.press("x")
    page.keyboard.press("k")
    page.keyboard.press("x")
    page.wait_for_selector("#bulk-says button:has-text('分派2件')")
    assert page.inner_text("[data-chosen]") == "2"
    page.keyboard.press("Escape")
    assert page.is_hidden("[data-bulk]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ui/pages/subject/")
    assert faults == []


def test_what_was_typed_survives_a_reload_until_the_server_has_it(page: Any) -> None:
    """Tests that a step keeps its answers on the device, and no secret with them."""
    page.goto("/ui/pages/form_step/")
    page.fill("#f-radios", "9")
    for _ in range(50):
        if "qifu:" in page.evaluate("JSON.stringify(sessionStorage)"):
            break
        page.wait_for_timeout(100)
    page.reload()
    assert page.input_value("#f-radios") == "9"
    assert "csrf" not in page.evaluate("JSON.stringify(sessionStorage)")


def test_pages_never_scroll_sideways_on_a_phone(page: Any) -> None:
    """Tests every sample page at 360 px, in both languages."""
    from qifu.ui import samples

    page.set_viewport_size({"width": 360, "height": 780})
    wide = []
    for language in ("zh-CN", "en"):
        page.set_extra_http_headers({"Accept-Language": language})
        for key in samples.PAGES:
            page.goto(f"/ui/pages/{key}/")
            if page.evaluate("document.documentElement.scrollWidth") > 360:
                wide.append((key, language))
    assert wide == []
