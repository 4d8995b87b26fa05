"""Tests that a lower level may relax within limits, may not add layers, and that a switch leaves running cases alone."""

from datetime import timedelta
from typing import Any

import pytest

from qifu.areas.response import api, rules
from qifu.areas.response.models import Measure, Notice, Proposal
from qifu.kernel.access import acting
from qifu.kernel.access.tests.factories import at, officer
from qifu.kernel.journal.models import Attempt, Entry

from .conftest import Place

STRICTER = {"epidemic": {"at": "2020-02-16T00:00+08:00"}, "typhoon": {"industries": ["A041", "A042", "N786", "C"]}}
KEY = {"epidemic": "not_before", "typhoon": "excluded_trades"}


def everything(place: Place) -> list[Any]:
    with acting(place.office):
        return [
            list(Measure.objects.order_by("id").values()),
            list(Proposal.objects.values()),
            Notice.objects.count(),
            Entry.objects.filter(process__startswith="response.").count(),
        ]


def test_a_stricter_local_rule_without_approval_is_refused_and_nothing_changes(place: Place, pack: str) -> None:
    place.declare(pack)
    before = everything(place)
    given = {"key": KEY[pack], "place": str(place.district), "value": STRICTER[pack], "reason": "想再稳一点"}
    answer = place.run("response.measure.set", **given, until=place.now + timedelta(days=5))
    rule = place.law().one(KEY[pack])
    assert answer.code == "AddsALayer"
    assert rule.origin_says in answer.says and rule.said in answer.says
    assert everything(place) == before
    with acting(place.office):
        assert Attempt.objects.filter(code="AddsALayer", forbidden=True).count() == 1


def test_a_stricter_local_rule_holds_with_reason_expiry_and_another_person_above(place: Place, pack: str) -> None:
    place.declare(pack)
    ask = {"key": KEY[pack], "place": str(place.district), "value": STRICTER[pack], "until": place.now + timedelta(days=5)}
    assert place.run("response.propose", **ask).code == "WrongMeasure"
    assert place.run("response.propose", **(ask | {"until": None}), reason="镇里有聚集").code == "TooLong"
    assert place.run("response.propose", **(ask | {"until": place.now + timedelta(days=90)}), reason="镇里有聚集").code == "TooLong"
    proposal = place.done("response.propose", **ask, reason="镇里有聚集")
    assert place.law().one(KEY[pack]).base_id is None
    place.later(hours=1)
    assert place.run("response.approve", proposal=proposal.id).code == "SamePerson"
    assert place.run("response.approve", by=place.second, proposal=proposal.id).code == "NotFromAbove"
    assert place.law().one(KEY[pack]).base_id is None
    made = place.done("response.approve", by=place.above, proposal=proposal.id, document="市批1号")
    row = place.law().one(KEY[pack])
    assert row.id == made.id and row.stricter and row.approved_by_name == "市防控办" and row.badge == "区"
    place.later(days=5)
    assert place.law().one(KEY[pack]).base_id is None, "past its end the rule above holds again"


def test_a_stricter_row_that_nobody_approved_cannot_even_be_written(place: Place) -> None:
    place.declare("epidemic")
    from django.db import IntegrityError

    with acting(place.office):
        row = Measure.objects.filter(key="not_before").get()
    row.pk, row.base_id, row.stricter, row.place = None, row.pk, True, place.district
    with pytest.raises(IntegrityError, match="a_layer_needs_reason_approval_expiry"), acting(place.office):
        row.save(force_insert=True)


def test_a_rule_that_forbids_layers_cannot_be_asked_for_either(place: Place) -> None:
    place.declare("epidemic")
    given = {"key": "essentials", "place": str(place.district), "value": {"categories": []}, "reason": "先不放"}
    answer = place.run("response.propose", **given, until=place.now + timedelta(days=5))
    assert answer.code == "AddsALayer" and "省" in answer.says


def test_relaxing_is_free_where_the_rule_leaves_it_free(place: Place, pack: str) -> None:
    place.declare(pack)
    row = place.done(
        "response.measure.set",
        key="priority_scope",
        place=str(place.district),
        value={"order": ["essential", "small", "above", "over_100m", "listed"]},
    )
    assert place.law().priority()[0][1] == "small"
    assert row.base_id and not row.stricter and row.until
    place.later(hours=1)
    place.done("response.measure.end", measure=row.id, reason="恢复")
    assert place.law().priority()[0][1] != "small"


def test_a_level_that_the_rule_does_not_name_may_not_change_it(place: Place, pack: str) -> None:
    place.declare(pack)
    answer = place.run(
        "response.measure.set",
        key="priority_scope",
        place=str(place.town),
        value={"order": ["small", "listed", "essential", "over_100m", "above"]},
    )
    assert answer.code == "NotYourLevel"
    assert place.law(place.town).priority() == place.law().priority()


def test_relaxing_what_must_not_be_relaxed_is_refused_with_the_origin(place: Place) -> None:
    place.declare("epidemic")
    answer = place.run("response.measure.set", key="not_before", place=str(place.district), value={"at": "2020-02-08T00:00+08:00"})
    assert answer.code == "BelowTheRule" and "延迟企业复工" in answer.says
    assert place.law().not_before()[0] == at("2020-02-10", "00:00")


def test_relaxing_with_consent_goes_above(place: Place, pack: str) -> None:
    place.declare(pack)
    assert place.run("response.regime", place=str(place.district), regime="filing").code == "NeedsApproval"
    proposal = place.done(
        "response.propose",
        key="regime",
        place=str(place.district),
        value={"regime": "filing"},
        reason="园区已全部评估",
        until=place.now + timedelta(days=10),
    )
    place.later(hours=2)
    place.done("response.approve", by=place.above, proposal=proposal.id)
    found = place.law().regime()
    assert found.code == "filing" and found.origin.badge == "区" and "备案" in found.title


def test_a_switch_of_regime_leaves_running_cases_their_version(place: Place, pack: str) -> None:
    incident = place.declare(pack)
    place.later(hours=1)
    place.done("response.level", incident=incident.id, level="III")
    pinned, submitted_at = place.law().regime(), place.now
    place.later(days=1)
    switch_at = place.now + timedelta(days=1)
    row = place.done("response.regime", place=str(place.district), regime="none", since=switch_at, reason="全部复工")
    assert place.law().regime() == pinned, "it is switched on its date and not before"
    place.later(days=2)
    now = place.law().regime()
    assert now.code == "none" and now.version_id == row.id
    assert place.law(when=submitted_at).regime() == pinned, "what was handed in before keeps its rule"
    with acting(place.office):
        kept = Measure.objects.get(pk=pinned.version_id)
    assert kept.params["regime"] == pinned.code


def test_a_regime_for_one_category_leaves_the_others(place: Place, pack: str) -> None:
    incident = place.declare(pack)
    place.later(hours=1)
    place.done("response.level", incident=incident.id, level="III")
    place.later(hours=1)
    place.done("response.regime", place=str(place.district), regime="none", categories=["utility"])
    law = place.law()
    assert law.regime("utility").code == "none" and law.regime("living").code == "filing" and law.regime().code == "filing"


def test_the_nearest_place_wins_and_a_zone_stands_under_its_district(place: Place, pack: str) -> None:
    incident = place.declare(pack)
    place.later(hours=1)
    place.done("response.level", incident=incident.id, level="III")
    place.later(hours=1)
    place.done("response.regime", place=str(place.district), regime="none")
    assert place.law(place.zone).regime().code == "none"
    assert place.law(place.town).regime().code == "none"
    assert place.law(place.zone).decider("small") == "town"
    assert place.law(290).incident is None, "another district stands under nothing"


def test_a_local_rule_lapses_with_the_rule_it_departs_from(place: Place, pack: str) -> None:
    incident = place.declare(pack)
    place.later(hours=1)
    place.done("response.level", incident=incident.id, level="III")
    place.later(hours=1)
    row = place.done("response.regime", place=str(place.district), regime="none")
    place.later(hours=1)
    place.done("response.level", incident=incident.id, level=incident.level)
    with acting(place.office):
        assert Measure.objects.get(pk=row.id).off_because == "level"
    assert place.law().regime().code == "approval"


def test_a_measure_is_never_set_for_the_past_nor_to_nonsense(place: Place, pack: str) -> None:
    place.declare(pack)
    place.later(days=1)
    before = everything(place)
    run = lambda **given: place.run("response.measure.set", place=str(place.district), **given)  # noqa: E731
    assert run(key="priority_scope", value={"order": ["small"]}, since=place.now - timedelta(days=1)).code == "InThePast"
    assert run(key="not_before" if pack == "epidemic" else "same_day", value={"at": "明天"}).code == "WrongMeasure"
    assert run(key="priority_scope", value={"colour": "red"}).code == "WrongMeasure"
    assert run(key="nothing", value={"order": []}).code == "NoSuchMeasure"
    assert run(key="priority_scope", value=dict(place.law().one("priority_scope").params)).code == "NothingChanges"
    assert place.run("response.measure.set", key="priority_scope", place="无此地", value={"order": []}).code == "OutsideTheIncident"
    assert place.run("response.regime", place=str(place.district), regime="whatever").code == "BadInput"
    assert everything(place) == before


def test_a_rule_from_above_holds_once_a_second_person_has_checked_it(place: Place) -> None:
    place.declare("epidemic")
    given = {
        "key": "not_before", "place": str(place.district), "value": {"at": "2020-02-17T00:00+08:00"}, "level": "province",
        "issuer": "省政府办公厅", "document": "浙政办发〔2020〕5号",
    }  # fmt: skip
    assert place.run("response.enact", **(given | {"document": ""})).code in ("WrongMeasure", "BadInput")
    proposal = place.done("response.enact", **given)
    place.later(hours=1)
    assert place.run("response.approve", proposal=proposal.id).code == "SamePerson"
    assert place.law().not_before()[0] == at("2020-02-10", "00:00")
    made = place.done("response.approve", by=place.second, proposal=proposal.id)
    instant, row = place.law(place.town).not_before()
    assert instant == at("2020-02-17", "00:00") and row.id == made.id and row.badge == "省" and not row.stricter
    assert len(list(place.law().measures("not_before"))) == 1


def test_what_was_asked_for_can_be_sent_back_or_taken_back(place: Place, pack: str) -> None:
    place.declare(pack)
    ask = {
        "key": "regime",
        "place": str(place.district),
        "value": {"regime": "filing"},
        "reason": "试一试",
        "until": place.now + timedelta(days=3),
    }
    first, second = place.done("response.propose", **ask), place.done("response.propose", **ask)
    place.later(hours=1)
    assert place.run("response.withdraw", by=place.second, proposal=first.id).code == "NotFromAbove"
    place.done("response.withdraw", proposal=first.id)
    place.done("response.refuse", by=place.above, proposal=second.id, answer="先按审批办")
    assert place.run("response.approve", by=place.above, proposal=second.id).code == "WrongState"
    assert place.law().regime().code == "approval"


def test_a_town_clerk_may_not_set_measures(place: Place, pack: str) -> None:
    place.declare(pack)
    clerk = officer("town_clerk", place.town)
    before = everything(place)
    assert (
        place.run("response.measure.set", by=clerk, key="priority_scope", place=str(place.town), value={"order": ["small"]}).code
        == "NotYours"
    )
    assert everything(place) == before


@pytest.mark.parametrize(
    ("kind", "base", "value", "stricter", "looser"),
    [
        ("not_before", {"at": "2020-02-10T00:00+08:00"}, {"at": "2020-02-11T00:00+08:00"}, True, False),
        ("not_before", {"at": "2020-02-10T00:00+08:00"}, {"at": "2020-02-09T16:00+00:00"}, False, False),
        ("excluded_trades", {"industries": ["R876"]}, {"industries": ["R8762"]}, False, True),
        ("excluded_trades", {"industries": ["R876"]}, {"industries": ["R87"]}, True, False),
        ("excluded_trades", {"industries": ["R876"]}, {"industries": ["O805"]}, True, True),
        ("regime", {"regime": "filing"}, {"regime": "approval"}, True, False),
        ("regime", {"regime": "filing"}, {"regime": "none"}, False, True),
        ("decides", {"by_size": {"small": "town"}}, {"by_size": {"small": "district"}}, True, False),
        ("same_day", {"accept": 0}, {"accept": 2}, True, False),
        ("same_day", {"accept": 1}, {}, True, False),
        ("checklist", {"items": [{"code": "a"}]}, {"items": [{"code": "a", "required": True}]}, True, False),
        ("checklist", {"items": [{"code": "a"}, {"code": "b"}]}, {"items": [{"code": "a"}]}, False, True),
        ("area", {"effects": {"resume": "condition"}}, {"effects": {"resume": "refuse"}}, True, False),
        ("unheard_of", {"x": 1}, {"x": 2}, True, False),
    ],
)
def test_stricter_means_what_the_applicant_feels(kind: str, base: dict, value: dict, stricter: bool, looser: bool) -> None:
    assert rules.compare(kind, base, value) == rules.Change(stricter, looser)


def test_origins_are_said_with_their_level(place: Place) -> None:
    place.declare("epidemic")
    with acting(place.office):
        found = api.origins(api.measures(place.district, place.now))
    assert found[0][0] == "国" and any(badge == "省" and "延迟企业复工" in says for badge, says in found)
