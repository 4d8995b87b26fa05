"""Every link that a page draws for somebody opens: no door of the product leads into a refusal or nowhere."""

import html
import re
from collections import Counter, deque
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve

from qifu.areas.resumption.tests.factories import World, february, world
from qifu.kernel.access import Actor
from qifu.kernel.access.tests.browsing import browser
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock

pytestmark = pytest.mark.usefixtures("database")
LINK = re.compile(r'<a\b[^>]*?\shref="([^"]*)"')
IDS = re.compile(r'\sid="([^"]+)"')
OF_A_ROUTE = 1
"""Addresses of one route that are followed: a list's pages and filters are one route."""


@pytest.fixture
def town() -> Any:
    """A district where something has happened: one firm at work, one approved, one suspended, one waiting, one returned."""
    with clock.use(clock.Fixed(february("10"))) as hands:
        made = world(hands)
        made.approved(made.firm())
        running = made.approved(made.firm())
        made.suspended(made.approved(made.firm()))
        made.accepted(made.firm())
        returned = made.ok(made.submit(made.firm(size="small")))
        made.ok(run("resumption.return", {"application": returned.id, "missing": "口罩只够3天，写明怎么补"}, actor=made.town_clerk))
        hands.set(february("12", "09:00"))
        made.ok(run("resumption.start", {"application": running.id}, actor=made.contacts[running.enterprise_id]))
        yield made


def dead(actor: Actor, *, start: str) -> list[str]:
    """Follow the links of each page from a first one; give those that do not open, with the page that draws them."""
    client, wrong, followed = browser(actor), list[str](), Counter[str]()
    todo, known = deque([(start, "")]), {start}
    while todo:
        address, drawn_by = todo.popleft()
        try:
            route = resolve(urlsplit(address).path).route
        except Resolver404:
            wrong.append(f"{address} on {drawn_by}: no such page")
            continue
        followed[route] += 1
        if followed[route] > OF_A_ROUTE:
            continue
        answer = client.get(address, follow=True)
        if answer.status_code >= 400:
            wrong.append(f"{address} on {drawn_by}: {answer.status_code}")
        if "html" not in answer.headers.get("Content-Type", ""):
            continue
        page, here = answer.content.decode(), answer.request["PATH_INFO"]
        ids = set(IDS.findall(page))
        for given in map(html.unescape, LINK.findall(page)):
            if given.startswith("#"):
                wrong += [f"{given} on {here}: nothing has this id"] if given[1:] not in ids else []
            elif not given.startswith(("http", "tel:", "sms:", "geo:", "mailto:", "/static/")):
                found = urljoin(here, given).split("#")[0]
                if found not in known:
                    known.add(found)
                    todo.append((found, here))
    assert len(followed) > 2, "the first page leads somewhere"
    return wrong


@pytest.mark.parametrize(
    ("who", "start"),
    [
        ("bureau_clerk", "/desk/"),
        ("leader", "/wall/"),
        ("labour_clerk", "/desk/enterprises"),
        ("education_clerk", "/desk/schools"),
        ("auditor", "/desk/audit/"),
        ("contact", "/home/"),
    ],
)
def test_no_link_leads_into_a_refusal(town: World, who: str, start: str) -> None:
    """Tests that whatever a page draws as a link for somebody opens for them, from the first page on."""
    actor = next(iter(town.contacts.values())) if who == "contact" else officer(who, town.district)
    assert dead(actor, start=start) == []
