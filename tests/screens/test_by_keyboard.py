"""What the hand and the eye need on every page, shown on the gallery: keys, focus, dialogs, themes, large text."""

from typing import Any

import pytest

from .visits import AXE, JUDGE

pytestmark = pytest.mark.browser

_FOCUSED = "document.activeElement"


def test_the_first_stop_of_the_keyboard_leads_past_the_frame(page: Any) -> None:
    """Tests that Tab shows the skip link, that it is seen, and that it leads to the text."""
    page.goto("/ui/pages/worklist/")
    page.keyboard.press("Tab")
    assert page.evaluate(f"{_FOCUSED}.className") == "skip"
    assert page.evaluate(f"{_FOCUSED}.getBoundingClientRect().left") >= 0
    assert page.evaluate(f"getComputedStyle({_FOCUSED}).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"


def test_what_has_the_focus_is_seen(page: Any) -> None:
    """Tests that each of the first forty stops of a page draws an outline or a ring."""
    page.goto("/ui/pages/form_step/")
    hidden = []
    for _ in range(40):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            "() => { const one = document.activeElement, of = [one, one.closest('label, .check, .choice, .p-ph--add') || one];"
            " return one === document.body || of.some(it => { const style = getComputedStyle(it);"
            " return style.outlineStyle !== 'none' || style.boxShadow !== 'none'; }) }"
        )
        if not seen:
            hidden.append(page.evaluate(f"{_FOCUSED}.outerHTML.slice(0, 120)"))
    assert hidden == []


def test_a_dialog_keeps_the_focus_and_gives_it_back(page: Any) -> None:
    """Tests that Tab stays in an open dialog, that Escape closes it, and that the focus is where it was."""
    page.goto("/ui/")
    page.locator("[data-opens='dialog-1']").focus()
    page.keyboard.press("Enter")
    page.locator("dialog[open]").wait_for()
    for _ in range(6):
        page.keyboard.press("Tab")
        # Between the last and the first stop stands the browser itself, which the page sees as its body.
        assert page.evaluate(f"!!{_FOCUSED}.closest('dialog') || {_FOCUSED} === document.body")
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0
    assert page.evaluate(f"{_FOCUSED}.dataset.opens") == "dialog-1"


@pytest.mark.parametrize("theme", ["", "wall", "sun"])
def test_every_component_passes_axe_in_each_theme(page: Any, theme: str) -> None:
    """Tests that the switch changes the page, that the device remembers it, and that all states read well in it."""
    page.add_init_script(AXE)
    page.goto("/ui/")
    page.locator(f"main button[name=theme][value='{theme}']").first.click()
    page.wait_for_load_state()
    page.goto("/ui/")
    assert (page.get_attribute("html", "data-theme") or "") == theme
    assert page.evaluate(JUDGE, []) == []


def test_a_page_is_whole_when_its_text_is_twice_as_large(page: Any) -> None:
    """Tests that sample pages at 200 % (half the width of a desk) do not scroll sideways."""
    from qifu.ui import views

    page.set_viewport_size({"width": 683, "height": 384})
    wide = []
    for key in views.PAGES:
        page.goto(f"/ui/pages/{key}/")
        if page.evaluate("document.documentElement.scrollWidth") > 683:
            wide.append(key)
    assert wide == []
