"""Tests the sample district of the demo at the hour at which least of the day has happened yet: twenty past midnight."""

import csv
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from qifu.areas.casework.models import Case, Supervision
from qifu.areas.insight import told
from qifu.areas.insight.models import Bulletin
from qifu.areas.mobilisation.models import Notice
from qifu.areas.registry.models import KeyListEntry
from qifu.kernel.access import DOOR, Actor, acting
from qifu.kernel.access.hats import machine, worn_by
from qifu.kernel.access.models import Account, everything
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.calendar.models import LocalDecree
from qifu.kernel.files import enclosing
from qifu.kernel.privacy import keys
from qifu.project import sample
from qifu.project.accounts import demo

NIGHT = datetime(2026, 3, 2, 0, 20, tzinfo=ZONE)


@pytest.fixture
def night(database: Any, settings: Any) -> Iterator[clock.Fixed]:
    settings.DEMO = True
    keys.forget()
    with clock.use(clock.Fixed(NIGHT)) as hands:
        yield hands
    keys.forget()


@pytest.mark.slow
def test_every_part_of_the_sample_district_has_something_to_show_just_after_midnight(night: clock.Fixed) -> None:
    """Tests that no line of the sample is refused; that the last three evenings have a published bulletin whose numbers are those
    of today's figures as of then; a supervision done and one late; a decree; key lists; and a person behind every touch."""
    sample.seed()
    with acting(DOOR):
        actor = machine("system")
        touches = set(everything(Account).exclude(demo="").values_list("demo", flat=True))
    assert touches == {row.key for row in demo.rows()}
    with acting(actor):
        bulletins = list(Bulletin._base_manager.order_by("asof"))
        assert [(one.day.day, one.asof.astimezone(ZONE).hour, one.state) for one in bulletins] == [
            (27, 20, "published"), (28, 20, "published"), (1, 20, "published"),
        ]  # fmt: skip
        assert [told.differing(one, known=None) for one in bulletins] == [[], [], []], "what was said is what is known"
        assert [len({one.filler, one.reviewer, one.signer, one.publisher}) for one in bulletins] == [4, 4, 4]
        assert [paragraph["own"] for paragraph in bulletins[1].paragraphs][-1] == "黄泽", "who wrote the paragraph that was added"
        found = {one.state: one for one in Supervision._base_manager.all()}
        assert sorted(found) == ["asked", "confirmed"]
        assert found["asked"].due_at < NIGHT, "the open one is late"
        along = [(one.state, list(enclosing.titles(one))) for one in Notice._base_manager.exclude(enclosed=[])]
        assert along == [("published", ["开工前消防自查表"])], "one notice shows what goes along"
        decree = LocalDecree.objects.get()
        assert decree.is_workday and decree.from_date.weekday() == 5 and decree.document and decree.from_date > NIGHT.date()
        with (settings.PACKS / "sample" / "key_lists.csv").open(encoding="utf-8") as file:
            assert KeyListEntry._base_manager.count() == len(list(csv.DictReader(file)))
        assert sorted(Case._base_manager.filter(office__startswith="force:").values_list("state", flat=True)) == ["assigned", "handling"]
    with acting(discipline()):
        assert Case.objects.filter(compartment="confidential").count() == 2
    for role in ("leader", "group_member", "discipline", "worker", "city_clerk", "zone_clerk"):
        client = Client()
        assert client.post("/demo/enter", {"role": role}).status_code == 302
        assert client.get("/", follow=True).status_code == 200, role


def discipline() -> Actor:
    with acting(DOOR):
        return worn_by(everything(Account).get(demo="discipline").person_id, at=NIGHT, strong=True)
