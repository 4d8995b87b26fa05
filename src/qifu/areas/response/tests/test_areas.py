"""Tests that an area holds what lies in it, from its instant to its lifting, and shows its effects before."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from qifu.areas.registry.models import Site
from qifu.areas.response import api
from qifu.areas.response.models import ControlArea, Notice
from qifu.kernel import actions
from qifu.kernel.access import acting
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.journal.models import Entry
from qifu.kernel.values import uuid7

from .conftest import Place


def site_of(place: Place, name: str, region: int) -> UUID:
    """Register an enterprise with its one site; give the site."""
    clerk = officer("zone_clerk", region, name=f"经办{name}")
    made = actions.run("registry.register", {"name": name, "region": region, "size": "small"}, actor=clerk, at=place.now)
    assert made.ok, made
    with acting(clerk):
        return Site.objects.get(enterprise=made.result.id).id


@pytest.fixture
def touched() -> Iterator[list[api.AreaGround]]:
    """Let one thing above be touched by areas, as resumption is."""
    asked: list[api.AreaGround] = []

    def provide(ground: api.AreaGround) -> api.Effect:
        asked.append(ground)
        return api.Effect("在办的申请", [api.EffectRow("甲公司", "暂不能决定")])

    api.effect_providers["test"] = provide
    yield asked
    del api.effect_providers["test"]


def test_an_area_does_nothing_until_confirmed_and_nothing_after_lifting(place: Place, pack: str, touched: list[api.AreaGround]) -> None:
    place.declare(pack)
    area = place.done("response.area.draw", klass="lockdown", places=[str(place.town)], document="通告1号")
    assert place.law(place.town).zone_of(place.town) is None
    with acting(place.office):
        effects = api.effects_preview(ControlArea.objects.get(pk=area.id))
    assert [row.label for part in effects.parts if part.title == "在办的申请" for row in part.rows] == ["甲公司"]
    assert touched[0].covers(place.town) and not touched[0].covers(place.zone)
    place.later(hours=1)
    place.done("response.area.confirm", area=area.id)
    found = place.law(place.town).zone_of(place.town)
    assert found.id == area.id and found.effect("resume") == "refuse" and found.class_label
    assert place.law().zone_of(place.district) is None
    held_at = place.now
    place.later(days=3)
    place.done("response.area.lift", area=area.id, document="通告2号")
    assert place.law(place.town).zone_of(place.town) is None
    assert place.law(place.town, held_at).zone_of(place.town).id == area.id, "the past day stays as it was"
    with acting(place.office):
        assert [e.verb for e in Entry.objects.filter(process="response.area").order_by("seq")] == ["draw", "confirm", "lift"]
        assert Entry.objects.get(verb="confirm").data["touched"] == 1
        assert list(Notice.objects.filter(topic="area").order_by("at").values_list("subject", flat=True)) == [area.id, area.id]


def test_an_area_may_begin_later_than_it_is_confirmed(place: Place, pack: str) -> None:
    place.declare(pack)
    area = place.done("response.area.draw", klass="control", places=["临江街道"], document="通告1号", since=place.now + timedelta(hours=6))
    place.done("response.area.confirm", area=area.id)
    town = area.places[0]
    assert place.law(town).zone_of(town) is None
    place.later(hours=6)
    assert place.law(town).zone_of(town).id == area.id


def test_a_site_named_in_the_list_lies_in_it_wherever_it_is(place: Place, pack: str) -> None:
    place.declare(pack)
    site, other = site_of(place, "甲公司", place.zone), site_of(place, "乙公司", place.zone)
    area = place.done("response.area.draw", klass="control", sites=[str(site)], document="通告1号")
    assert area.region == place.zone
    with acting(place.office):
        assert [part.count for part in api.effects_preview(ControlArea.objects.get(pk=area.id)).parts if part.title == "场所"] == [1]
    place.done("response.area.confirm", area=area.id)
    law = place.law(place.zone)
    assert law.zone_of(place.zone, site).id == area.id and law.zone_of(place.zone, other) is None


def test_a_site_that_is_not_there_cannot_be_drawn_in(place: Place, pack: str) -> None:
    place.declare(pack)
    site = site_of(place, "甲公司", place.town)
    given = {"klass": "control", "document": "通告1号"}
    assert place.run("response.area.draw", sites=[str(site), str(uuid7())], **given).code == "OutsideTheIncident"
    neighbour = officer("control_office", 290)
    assert place.run("response.area.draw", by=neighbour, sites=[str(site)], place=str(place.district), **given).code == "OutsideTheIncident"
    with acting(place.office):
        assert not ControlArea.objects.exists()


def test_areas_of_two_crises_count_side_by_side(place: Place) -> None:
    place.declare("epidemic")
    area = place.done("response.area.draw", klass="lockdown", places=[str(place.town)], document="通告1号")
    place.done("response.area.confirm", area=area.id)
    place.later(hours=1)
    place.declare("typhoon")
    law = place.law(place.town)
    assert law.incident.pack == "typhoon" and law.zone_of(place.town).id == area.id


def test_the_gravest_of_several_areas_counts(place: Place, pack: str) -> None:
    place.declare(pack)
    for klass in ("precaution", "lockdown", "control"):
        area = place.done("response.area.draw", klass=klass, places=[str(place.town)], document=f"通告{klass}")
        place.done("response.area.confirm", area=area.id)
    assert place.law(place.town).zone_of(place.town).klass == "lockdown"


def test_a_zone_that_overlaps_a_town_is_not_drawn_in_with_it_and_that_is_said(place: Place, pack: str) -> None:
    place.declare(pack)
    area = place.done("response.area.draw", klass="lockdown", places=["东渡街道"], document="通告1号")
    with acting(place.office):
        effects = api.effects_preview(ControlArea.objects.get(pk=area.id))
    assert len(effects.warnings) == 1 and "开发区" in effects.warnings[0]
    place.done("response.area.confirm", area=area.id)
    assert place.law(place.zone).zone_of(place.zone) is None
    whole = place.done("response.area.draw", klass="lockdown", places=[str(place.district)], document="通告2号")
    place.done("response.area.confirm", area=whole.id)
    assert place.law(place.zone).zone_of(place.zone).id == whole.id


def test_raising_an_area_follows_the_old_one_without_a_gap(place: Place, pack: str) -> None:
    place.declare(pack)
    old = place.done("response.area.draw", klass="precaution", places=[str(place.town)], document="通告1号")
    place.done("response.area.confirm", area=old.id)
    before = place.now
    place.later(days=1)
    new = place.done("response.area.reclass", area=old.id, klass="lockdown", document="通告2号")
    assert new.follows_id == old.id and new.places == old.places
    assert place.law(place.town).zone_of(place.town).klass == "lockdown"
    assert place.law(place.town, before).zone_of(place.town).klass == "precaution"
    assert len(place.law(place.town).areas) == 1


def test_what_cannot_be_drawn_is_refused_and_nothing_is_left(place: Place, pack: str) -> None:
    place.declare(pack)
    draw = lambda **given: place.run("response.area.draw", document="通告1号", **given).code  # noqa: E731
    assert draw(klass="lockdown") == "NoGround"
    assert draw(klass="purple", places=[str(place.town)]) == "NoSuchClass"
    assert draw(klass="lockdown", places=["无此镇"]) == "OutsideTheIncident"
    assert draw(klass="lockdown", places=[str(place.town), "330213"]) == "OutsideTheIncident"
    assert draw(klass="lockdown", places=[str(place.town)], since="not a time") == "BadInput"
    clerk = officer("town_clerk", place.town)
    assert not place.run("response.area.draw", by=clerk, klass="lockdown", places=[str(place.town)], document="通告1号").ok
    with acting(place.office):
        assert not ControlArea.objects.exists()


def test_a_draft_thrown_away_never_held(place: Place, pack: str) -> None:
    place.declare(pack)
    area = place.done("response.area.draw", klass="lockdown", places=[str(place.town)], document="通告1号")
    place.done("response.area.drop", area=area.id)
    assert place.run("response.area.confirm", area=area.id).code == "WrongState"
    assert place.law(place.town).zone_of(place.town) is None
