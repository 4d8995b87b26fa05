"""Signed-in browsers for tests of pages: a session at the door, its cookie in Django's client."""

import re
from typing import Any

from django.test import Client

from qifu.kernel.access import DOOR, Actor, acting, sessions
from qifu.kernel.access.models import Account
from qifu.kernel.calendar import clock
from qifu.kernel.web import COOKIE


def session_of(actor: Actor, *, strong: bool | None = None) -> str:
    """Open a session for a person; gives the cookie's value. Strong as the actor is, unless told otherwise."""
    at = clock.now()
    with acting(DOOR):
        account, _ = Account._base_manager.get_or_create(person_id=actor.person, defaults={"login": f"test:{actor.id}", "created_at": at})
        return sessions.start(account, at=at, strong=actor.strong if strong is None else strong)


def browser(actor: Actor, *, strong: bool | None = None, **more: Any) -> Client:
    """Give a client that has signed in as this actor."""
    client = Client(**more)
    client.cookies[COOKIE] = session_of(actor, strong=strong)
    return client


def text(response: Any) -> str:
    """Give a page's text."""
    return str(response.content.decode())


def hidden(response: Any, name: str) -> str:
    """Give the value of a hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', text(response))
    assert found, f"no hidden {name}"
    return found.group(1)


def without_token(response: Any) -> str:
    """Give a page's text without what differs each time: its form token and its own address."""
    page = re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]*"', "", text(response))
    return re.sub(r'name="next" value="[^"]*"', "", page)
