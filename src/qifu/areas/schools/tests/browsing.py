"""Signed-in browsers for tests of pages."""

import re
from typing import Any

from django.test import Client

from qifu.kernel.access import DOOR, Actor, acting, sessions
from qifu.kernel.access.models import Account
from qifu.kernel.calendar import clock
from qifu.kernel.web import COOKIE


def browser(actor: Actor, *, strong: bool | None = None) -> Client:
    """Give a client that has signed in as this actor."""
    at = clock.now()
    with acting(DOOR):
        account, _ = Account._base_manager.get_or_create(person_id=actor.person, defaults={"login": f"test:{actor.id}", "created_at": at})
        token = sessions.start(account, at=at, strong=actor.strong if strong is None else strong)
    client = Client()
    client.cookies[COOKIE] = token
    return client


def text(response: Any) -> str:
    """Give a page's text without its tags."""
    return re.sub(r"<[^>]+>", "", response.content.decode())
