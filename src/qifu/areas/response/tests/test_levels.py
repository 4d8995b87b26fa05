"""Tests that a level switches its measures as previewed, on the record, and that a pack needs no code."""

from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection

from qifu.areas.response import api, levels, packs
from qifu.areas.response.models import Incident, LevelChange, Measure, Notice
from qifu.areas.response.process import AREAS, INCIDENTS, PROPOSALS
from qifu.kernel import actions
from qifu.kernel.access import Actor, acting
from qifu.kernel.access.tests.factories import contact, officer
from qifu.kernel.journal.models import Attempt, Entry
from qifu.kernel.values import uuid7
from qifu.kernel.workflow.proof import drift

from .conftest import Place


def preview_of(place: Place, incident: Incident, level: str, **adjust: str) -> levels.Preview:
    with acting(place.office):
        return levels.preview(packs.load(incident.pack), incident.region, level, place.now, incident=incident, adjust=adjust)


def test_on_an_ordinary_day_nothing_is_asked(place: Place) -> None:
    law = place.law()
    assert law.incident is None
    assert law.measures() == [] and law.regime().code == "none" and law.not_before() is None
    assert law.zone_of(place.town) is None and law.checklist() == []


def test_declaring_switches_on_what_the_pack_says_for_the_level(place: Place, pack: str) -> None:
    incident = place.declare(pack)
    wanted = {
        d.slot for d in packs.load(pack).at_level(incident.level) if place.ask(lambda d=d: levels.where(d, place.district, place.now))
    }
    with acting(place.office):
        rows = list(Measure.objects.filter(incident=incident))
        entries = list(Entry.objects.filter(process="response.measure"))
        notices = list(Notice.objects.all())
    assert {row.slot for row in rows} == wanted
    assert len(entries) == len(rows) and {entry.about for entry in entries} == {incident.id}
    assert [notice.topic for notice in notices] == ["level"]
    law = place.law()
    assert law.regime().code == "approval" and law.regime().version_id in {row.id for row in rows}
    assert law.checklist() and law.checklist()[0].department
    assert law.decider("small") == "town" and law.decider("above") == "district"


def test_the_preview_says_exactly_what_the_level_then_switches(place: Place, pack: str) -> None:
    incident = place.declare(pack)
    place.later(hours=30)
    seen = preview_of(place, incident, "III")
    assert seen.on and seen.off
    before = {row.id for row in place.law().measures()}
    place.done("response.level", incident=incident.id, level="III", document="响应级别调整令", expect=seen.fingerprint)
    with acting(place.office):
        off = list(Measure.objects.filter(incident=incident, off_at=place.now))
        on = list(Measure.objects.filter(incident=incident, set_at=place.now))
        change = LevelChange.objects.order_by("at").last()
        told = Notice.objects.order_by("at").last()
        entry = Entry.objects.filter(process="response.incident", verb="set_level").get()
    assert {row.id for row in off} == {line.measure.id for line in seen.off}
    assert {row.slot for row in on} == {line.definition.slot for line in seen.on}
    assert before >= {row.id for row in off if row.in_force(place.now) is False} - {row.id for row in off if row.since > place.now}
    assert (change.before, change.level, change.switched_on, change.switched_off) == (incident.level, "III", len(on), len(off))
    assert entry.data["level"] == "III" and entry.data["before"] == incident.level
    for line in seen.on:
        assert line.title in told.text


def test_a_level_confirmed_on_an_old_preview_is_refused_and_nothing_changes(place: Place, pack: str) -> None:
    incident = place.declare(pack)
    place.later(hours=1)
    answer = place.run("response.level", incident=incident.id, level="III", expect="0" * 16)
    assert answer.code == "PreviewStale"
    with acting(place.office):
        assert Incident.objects.get().level == incident.level
        assert LevelChange.objects.count() == 1 and not Measure.objects.filter(off_at__isnull=False).exists()


def test_the_law_of_a_past_day_stays_what_it_was(place: Place, pack: str) -> None:
    incident = place.declare(pack)
    morning, then = place.now, place.law()
    place.later(days=1)
    place.done("response.level", incident=incident.id, level="IV")
    place.later(days=1)
    again = place.law(when=morning)
    assert [row.id for row in again.measures()] == [row.id for row in then.measures()]
    assert again.regime() == then.regime() and place.law().regime() != then.regime()


def test_the_same_level_twice_or_one_that_is_not_there_is_refused(place: Place, pack: str) -> None:
    incident = place.declare(pack)
    assert place.run("response.level", incident=incident.id, level=incident.level).code == "SameLevel"
    assert place.run("response.level", incident=incident.id, level="IX").code == "NoSuchLevel"
    assert place.run("response.declare", pack="nowhere", level="I", place=str(place.district)).code == "NoSuchPack"
    assert not place.run("response.declare", pack=pack, level="I", place=str(place.district)).ok
    with acting(place.office):
        assert Incident.objects.count() == 1


def test_only_the_office_of_the_place_sets_the_level_and_with_a_second_factor(place: Place, pack: str) -> None:
    incident = place.declare(pack)
    place.later(hours=1)
    weak = replace(place.office, strong=False)
    assert place.run("response.level", by=weak, incident=incident.id, level="IV").code == "SecondFactorNeeded"
    town = officer("town_clerk", place.town)
    refused = place.run("response.level", by=town, incident=incident.id, level="IV")
    assert not refused.ok
    elsewhere = officer("control_office", 290)
    assert not place.run("response.level", by=elsewhere, incident=incident.id, level="IV").ok
    with acting(place.office):
        assert Incident.objects.get().level == incident.level
        assert Attempt.objects.filter(action="response.level").exists()


def test_everybody_reads_the_law_and_nobody_writes_it_from_outside(place: Place, pack: str) -> None:
    incident = place.declare(pack)
    clerk, firm = officer("town_clerk", place.town), contact(uuid7(), place.town)
    for reader in (clerk, firm):
        with acting(reader):
            assert api.law(place.town, place.now).regime().code == "approval"
            assert Measure.objects.filter(incident=incident).update(off_at=place.now) == 0
            assert Incident.objects.filter(pk=incident.id).update(level="IV") == 0


def test_the_end_of_an_incident_ends_all_its_measures_and_areas(place: Place, pack: str) -> None:
    incident = place.declare(pack)
    area = place.done("response.area.draw", klass="lockdown", places=[str(place.town)], document="通告1号")
    place.later(minutes=1)
    place.done("response.area.confirm", area=area.id)
    place.later(hours=1)
    assert place.law(place.town).zone_of(place.town).id == area.id
    place.done("response.end", incident=incident.id, document="终止响应令")
    law = place.law(place.town)
    assert law.incident is None and law.measures() == [] and law.zone_of(place.town) is None
    with acting(place.office):
        assert not [row for row in Measure.objects.all() if row.in_force(place.now)]
        assert Notice.objects.filter(topic="end").count() == 1
    assert (
        place.run("response.measure.set", key="priority_scope", place=str(place.district), value={"order": ["small"]}).code == "NoIncident"
    )
    assert place.declare(pack).id != incident.id


def test_what_the_pack_leaves_open_is_filled_in_at_the_start(place: Place) -> None:
    place.declare("typhoon", adjust={"priority_scope.order": "listed essential above"})
    order, lists = place.law().priority()
    assert order == ["listed", "essential", "above"] and lists


def test_filling_in_may_not_be_stricter_than_the_rule_above(place: Place) -> None:
    answer = place.run(
        "response.declare", pack="epidemic", level="I", place=str(place.district), adjust={"not_before.at": "2020-02-20T00:00"}
    )
    assert answer.code == "AddsALayer" and "延迟企业复工" in answer.says
    with acting(place.office):
        assert not Incident.objects.exists() and not Measure.objects.exists()


@pytest.mark.parametrize("name", ["not_before.at", "not_befor.at", "priority_scope.ordr"])
def test_what_nothing_here_takes_is_not_dropped_in_silence(place: Place, name: str) -> None:
    """Tests that a value for a measure of another district, or of none, is refused: who wrote it believes that it holds."""
    answer = place.run(
        "response.declare",
        pack="typhoon",
        level="I",
        place=str(place.district),
        adjust={name: "2020-02-20T00:00", "priority_scope.order": ""},
    )
    assert answer.code == "WrongMeasure" and f"“{name}”" in answer.says
    with acting(place.office):
        assert not Incident.objects.exists() and not Measure.objects.exists()


def test_every_grave_step_needs_the_second_factor(place: Place, pack: str) -> None:
    weak = replace(place.office, strong=False)
    assert place.run("response.declare", by=weak, pack=pack, level="I", place=str(place.district)).code == "SecondFactorNeeded"
    incident = place.declare(pack)
    assert place.run("response.end", by=weak, incident=incident.id).code == "SecondFactorNeeded"
    until = place.now + timedelta(days=2)
    ask = {"key": "regime", "place": str(place.district), "value": {"regime": "filing"}, "reason": "试行", "until": until}
    proposal = place.done("response.propose", **ask)
    place.later(minutes=1)
    above = replace(place.above, strong=False)
    assert place.run("response.approve", by=above, proposal=proposal.id).code == "SecondFactorNeeded"
    with acting(place.office):
        assert Incident.objects.get().state == "declared" and not Measure.objects.filter(base__isnull=False).exists()


def test_of_two_who_set_the_level_at_once_one_is_done_and_one_is_told(place: Place, pack: str) -> None:
    incident = place.declare(pack)
    place.later(hours=1)
    seen = preview_of(place, incident, "III")
    answers = []

    def press(who: Actor) -> None:
        given = {"incident": incident.id, "level": "III", "expect": seen.fingerprint}
        answers.append(actions.run("response.level", given, actor=who, at=place.now))
        connection.close()

    threads = [Thread(target=press, args=[who]) for who in (place.office, place.second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.ok for answer in answers) == [False, True]
    assert next(answer.code for answer in answers if not answer.ok) in ("SameLevel", "PreviewStale")
    with acting(place.office):
        assert LevelChange.objects.filter(level="III").count() == 1
        assert Entry.objects.filter(process="response.incident", verb="set_level").count() == 1


def test_a_second_delivery_of_a_measure_is_the_same_one(place: Place, pack: str) -> None:
    place.declare(pack)
    given = {
        "key": "priority_scope",
        "place": str(place.district),
        "value": {"order": ["small", "above", "listed", "essential", "over_100m"]},
    }
    key = uuid7()
    rows = [actions.run("response.measure.set", given, actor=place.office, at=place.now, key=key).result.id for _ in range(2)]
    assert rows[0] == rows[1]
    with acting(place.office):
        assert Measure.objects.filter(base__isnull=False).count() == 1


def test_the_objects_of_response_equal_their_journal(place: Place, pack: str) -> None:
    incident = place.declare(pack)
    area = place.done("response.area.draw", klass="control", places=[str(place.town)], document="通告1号")
    place.later(minutes=1)
    place.done("response.area.confirm", area=area.id)
    place.later(minutes=1)
    place.done("response.level", incident=incident.id, level="IV")
    place.later(minutes=1)
    place.done("response.end", incident=incident.id)
    with acting(place.office):
        for workflow in (INCIDENTS, AREAS, PROPOSALS):
            assert drift(workflow) == []
