"""Tests that a page in English holds no Chinese but data, for every address that shows a page.

What is data is not marked by hand: it is what the database and the packs hold, and what was typed. All of that is taken away
from the page's words; Chinese that remains is a text that nobody has said in English."""

import csv
import html
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.db import connections
from tests.security.matrix import World, addresses, may_open, world

from qifu.areas.response import packs
from qifu.kernel.jurisdiction.queries import short

__all__ = ["world"]

HAN = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fff0-9，。、；：“”（）《》·—…%]*")
SHOWN = re.compile(r'\s(?:title|placeholder|aria-label|alt|value|data-[\w-]+|content)="([^"]*[\u4e00-\u9fff][^"]*)"')
OTHER_LANGUAGE = {"简体中文", "中文", "访客", "普通话", "人民政府", "解："}
UNITS = "人台天家只"
"""Units that a pack's form may give to a number."""
SAMPLES = "ui/"
"""The gallery of components, whose samples are Chinese by choice; its own words are looked at by the tests of ui."""


@pytest.fixture(scope="module")
def data(world: World) -> re.Pattern[str]:
    """Give every Chinese text of the database and the packs, the longest first."""
    found: set[str] = set(OTHER_LANGUAGE)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND (data_type IN ('character varying', 'text', 'jsonb', 'ARRAY') OR data_type LIKE 'json%')"
        )
        for table, column in cursor.fetchall():
            cursor.execute(f'SELECT DISTINCT "{column}"::text FROM "{table}" WHERE "{column}"::text ~ \'[一-鿿]\'')
            for (text,) in cursor.fetchall():
                found |= {text, *(part for part in HAN.findall(text))}
    taught = {chinese for pack in packs.available() for chinese in packs.english_of(pack)}
    for path in settings.PACKS.rglob("*.*"):
        if path.name != "english.yaml" and path.suffix in (".yaml", ".csv", ".md") and not {"scenarios", "day_one"} & set(path.parts):
            found |= set(strings(path))
    found |= {short(name) for name in found if name.endswith(("街道", "镇", "区"))}
    # What a pack says in English too is no data: a page in English says that.
    found -= {text for text in taught if len(text) > 3}
    words = sorted((html.escape(word) for word in found if len(word) > 1 or word in UNITS), key=len, reverse=True)
    names = "|".join(re.escape(land.canary) for land in world.lands.values())
    return re.compile(rf"\w*(?:{names})[\w〔〕（）()·]*|[\u4e00-\u9fff]\*+|" + "|".join(map(re.escape, words)))


def strings(path: Any) -> Iterator[str]:
    """Give the texts of a file of a pack."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".csv":
        yield from (cell for row in csv.reader(text.splitlines()) for cell in row if HAN.search(cell))
    elif path.suffix == ".yaml":
        yield from leaves(yaml.safe_load(text))
    else:
        yield from (line.strip("# *-") for line in text.splitlines() if HAN.search(line))


def leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for part in value.values():
            yield from leaves(part)
    elif isinstance(value, list):
        for part in value:
            yield from leaves(part)
    elif isinstance(value, str) and HAN.search(value):
        yield value
        yield from HAN.findall(value)


def words_of(page: str, data: re.Pattern[str]) -> list[str]:
    """Give the Chinese of a page that is no data: of its text, and of what is read aloud or shown on hover."""
    page = re.sub(r"<!--.*?-->|<textarea.*?</textarea>", " ", page, flags=re.S)
    # What says of itself that it is Chinese: the words of a short message, shown as they go out.
    page = re.sub(r'<(\w+)[^>]*\slang="zh"[^>]*>.*?</\1>', " ", page, flags=re.S)
    kept = " ".join(SHOWN.findall(page)) + " " + re.sub(r"<[^>]+>", "\n", page)
    return HAN.findall(data.sub("", kept))


def test_no_page_in_english_holds_chinese_but_data(world: World, data: re.Pattern[str]) -> None:
    """Tests that every address, asked in English by each kind of person who may open it, speaks English."""
    left: dict[str, set[str]] = defaultdict(set)
    pages = 0
    for route, pattern in world.routes:
        if route.startswith(SAMPLES):
            continue
        who = [one for one in world.visitors if may_open(one, pattern.callback.permission) and "own" in one.owns][:1] or world.visitors[:1]
        for visitor in who:
            for _, address in addresses(route, world.lands["own"]):
                visitor.client.cookies["django_language"] = "en"
                answer = visitor.client.get(address)
                del visitor.client.cookies["django_language"]
                if answer.status_code >= 500 or "html" not in answer.headers.get("Content-Type", ""):
                    continue
                pages += 1
                if chinese := words_of(answer.content.decode(), data):
                    left[route] |= set(chinese)
    assert pages > 80
    assert not left, "\n".join(f"{route}: {sorted(words)}" for route, words in left.items())
