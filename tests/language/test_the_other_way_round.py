"""Tests that a page in Chinese holds no English but data and the few words that offices themselves write in Latin letters."""

import html
import re
from collections import defaultdict

import pytest
from django.db import connections
from tests.security.matrix import World, addresses, may_open, world

__all__ = ["world"]

WORD = re.compile(r"[A-Za-z]*[a-z]{3,}[A-Za-z]*")
SHOWN = re.compile(r'\s(?:title|placeholder|aria-label|alt)="([^"]*[A-Za-z]{4,}[^"]*)"')
WRITTEN_SO = {"Excel", "Word", "Python", "Webhook", "English", "Enter", "xlsx", "xls", "csv", "jpg", "https"}
"""Names of programs, keys and files as everybody writes them, and the way to the other language."""
TO_TYPE = {"desk/audit/journal": {"qifu", "journal", "verify"}, "desk/messages/": {"fake"}, "desk/loops/new": {"hooks", "loops"}}
"""What whoever runs the installation types or sets, as it is typed."""
KEY = r"\S*[A-Za-z0-9+/=_-]{20,}\S*|\b[0-9a-f]{4}(?:[ :-][0-9a-f]{4})+\b"
SAMPLES = "ui/"


@pytest.fixture(scope="module")
def people(world: World) -> str:
    """Give the names of the people of the tests, who are called after their roles."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT DISTINCT name FROM access_person WHERE name ~ '[a-z]'")
        return "|".join(sorted((re.escape(name) for (name,) in cursor.fetchall()), key=len, reverse=True))


def words_of(page: str, people: str) -> set[str]:
    """Give the Latin words that stand on a page or are read aloud, without what is typed, what is code and who somebody is."""
    page = re.sub(r"<!--.*?-->|<(script|style|textarea|code|pre|template)\b.*?</\1>", " ", page, flags=re.S)
    page = re.sub(r'<(\w+)[^>]*\slang="en"[^>]*>.*?</\1>', " ", page, flags=re.S)
    said = html.unescape(" ".join(SHOWN.findall(page)) + " " + re.sub(r"<[^>]+>", "\n", page))
    for given in (r"https?://\S+", r"\{\w+\}", KEY, people):
        said = re.sub(given, " ", said)
    return set(WORD.findall(said)) - WRITTEN_SO


def test_a_name_of_the_source_is_found() -> None:
    """Tests the finder itself: a state, a field and a hover text are found, what is typed, code, people and addresses are not."""
    page = '<b title="due_at soon">已办：accepted</b> <i>passed_on</i> <code>resumption.x</code> 访客leader https://x.cn/forward Excel'
    assert words_of(page, "访客leader") == {"due", "soon", "accepted", "passed"}


@pytest.mark.slow
def test_no_page_in_chinese_holds_english_but_data(world: World, people: str) -> None:
    """Tests that every address, opened by each kind of person who may, shows no name of the source and no untranslated word."""
    left: dict[str, set[str]] = defaultdict(set)
    pages = 0
    for route, pattern in world.routes:
        if route.startswith(SAMPLES):
            continue
        who = [one for one in world.visitors if may_open(one, pattern.callback.permission) and "own" in one.owns][:1] or world.visitors[:1]
        for visitor in who:
            for _, address in addresses(route, world.lands["own"]):
                answer = visitor.client.get(address)
                if answer.status_code >= 500 or "html" not in answer.headers.get("Content-Type", ""):
                    continue
                pages += 1
                if english := words_of(answer.content.decode(), people) - TO_TYPE.get(route, set()):
                    left[route] |= english
    assert pages > 80
    assert not left, "\n".join(f"{route}: {sorted(words)}" for route, words in left.items())
