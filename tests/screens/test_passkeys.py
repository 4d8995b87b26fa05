"""A passkey by hand, with the browser's own virtual authenticator: added, used to enter, used again, stopped as a copy."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from tests.serving import served

from qifu.kernel.access import DOOR, acting
from qifu.kernel.access.models import Passkey, everything
from qifu.kernel.access.tests.browsing import session_of
from qifu.kernel.web import COOKIE
from qifu.project.accounts.tests.people import actor, person

pytestmark = [pytest.mark.browser]


@pytest.fixture
def address(database: Any, settings: Any) -> Iterator[str]:
    """Serve at the one name at which a browser takes passkeys without TLS."""
    with served() as at:
        settings.ADDRESS = at.replace("127.0.0.1", "localhost")
        yield settings.ADDRESS


class Desk:
    """A browser with an authenticator of its own that always finds its owner's finger."""

    def __init__(self, browser: Any, address: str) -> None:
        self.context = browser.new_context(locale="zh-CN", viewport={"width": 390, "height": 844})
        self.page, self.address = self.context.new_page(), address
        self.broken: list[str] = []
        self.page.on("pageerror", lambda problem: self.broken.append(str(problem)))
        self.page.on("console", lambda said: self.broken.append(said.text) if said.type == "error" and "422" not in said.text else None)
        self.line = self.context.new_cdp_session(self.page)
        self.line.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True,
        }  # fmt: skip
        self.device = self.line.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)

    def keys(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.line.send("WebAuthn.getCredentials", {"authenticatorId": self.device})["credentials"]
        return found


@pytest.fixture
def desk(browser: Any, address: str) -> Iterator[Desk]:
    made = Desk(browser, address)
    yield made
    made.context.close()


def test_a_passkey_from_the_first_to_the_stolen_copy(desk: Desk) -> None:
    """Tests adding by name, entering without a number, and that a key whose count goes back is stopped in words."""
    page = desk.page
    who = actor(person("approver", where="奉化区"), strong=False)
    desk.context.add_cookies([{"name": COOKIE, "value": session_of(who), "url": desk.address}])

    desk.go("/me/login")
    page.get_by_role("link", name="加通行密钥").click()
    page.get_by_label("给它起个名字").fill("办公室电脑")
    page.get_by_role("button", name="在这台设备上加").click()
    page.wait_for_url(re.compile(r"^[^?]*/me/login$"))
    assert page.get_by_text("办公室电脑").is_visible()
    assert len(desk.keys()) == 1

    desk.context.clear_cookies()
    desk.go("/login?next=/me/login")
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url(re.compile(r"^[^?]*/me/login$"))
    assert page.get_by_text("最近使用").first.is_visible()

    desk.context.clear_cookies()
    desk.context.add_cookies([{"name": COOKIE, "value": session_of(who), "url": desk.address}])
    desk.go("/me/strong?next=/me")
    page.get_by_role("button", name="用通行密钥").click()
    page.wait_for_url(re.compile(r"^[^?]*/me$"))

    # The device is set back as a copy of it would stand: its count has been seen already.
    key = desk.keys()[0]
    desk.line.send("WebAuthn.clearCredentials", {"authenticatorId": desk.device})
    desk.line.send("WebAuthn.addCredential", {"authenticatorId": desk.device, "credential": key | {"signCount": 0}})
    desk.context.clear_cookies()
    desk.go("/login")
    page.get_by_role("button", name="用通行密钥登录").click()
    page.get_by_text("可能被人复制过").wait_for()
    with acting(DOOR):
        assert everything(Passkey).get().doubted_at is not None
    assert desk.broken == []


def test_who_says_no_to_the_device_stays_where_they_are(desk: Desk) -> None:
    """Tests that a refused finger is told in the page, that nothing is written, and that the button can be pressed again."""
    page = desk.page
    with acting(DOOR):
        assert everything(Passkey).count() == 0
    desk.go("/login")
    desk.line.send("WebAuthn.setUserVerified", {"authenticatorId": desk.device, "isUserVerified": False})
    page.get_by_role("button", name="用通行密钥登录").click()
    page.get_by_text("没有验成，什么都没有改").wait_for()
    assert page.get_by_role("button", name="用通行密钥登录").is_enabled()


def test_at_another_address_the_page_says_where(desk: Desk, settings: Any) -> None:
    """Tests that the button gives way to a sentence where no key of this installation would answer."""
    settings.ADDRESS = "https://qifu.example"
    desk.go("/login")
    desk.page.get_by_text("通行密钥只在 https://qifu.example 用").wait_for()
    assert not desk.page.get_by_role("button", name="用通行密钥登录").is_visible()
