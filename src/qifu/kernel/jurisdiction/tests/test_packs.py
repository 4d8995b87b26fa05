"""Tests that every place named in a shipped list is one of the tree, and clear within its district."""

import csv
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from qifu.kernel import jurisdiction

pytestmark = pytest.mark.usefixtures("database")

LISTS = {
    "sample": ("330299", None),
    "fenghua-2020": ("330213", date(2020, 2, 7)),
    "zhenhai-2021": ("330211", date(2021, 12, 20)),
    "jiashan-2022": ("330421", date(2022, 4, 27)),
    "jiaxing-2022": ("3304", date(2022, 4, 29)),
    "wuxing-2020": ("330502", date(2020, 2, 17)),
    "wenling": ("331081", date(2019, 8, 10)),
}


def lists() -> list[Path]:
    """Every list of a pack in which something stands somewhere."""
    packs = Path(settings.PACKS)
    return [*packs.glob("sample/*.csv"), *packs.glob("*/scenarios/*/*.csv")]


def test_every_place_in_a_list_is_found() -> None:
    """Tests that no list falls back on a guess; a list may also name its own district or the city above."""
    seen = 0
    for path in lists():
        code, on = LISTS[path.parent.name]
        district = jurisdiction.by_code(code)
        assert district is not None
        above = {jurisdiction.name(one) for one in jurisdiction.lineage(district.id)}
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                places = [row.get("place", ""), *row.get("places", "").split(";")]
                for name in filter(None, [*places, *(row.get("territory") or "").split(";")]):
                    seen += 1
                    found = jurisdiction.by_name(name, within=district.id, on=on)
                    assert name in above or (found is not None and found.name == name), (path.name, name)
    assert seen > 5000


def test_towns_and_their_shares_stay_in_one_district() -> None:
    """Tests that the sample district holds only invented places."""
    assert all(one >= 900001 for one in jurisdiction.reach(jurisdiction.by_code("330299").id))  # type: ignore[union-attr]
