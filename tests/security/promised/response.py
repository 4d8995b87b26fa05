"""What these promise: incidents, control areas and rules that wait for a second person."""

from typing import Any

from qifu.areas.response import process as response
from qifu.areas.response.models import ControlArea, Incident, Proposal

from ..promising import BEFORE, HOURS, MACHINES, Case, Promise, Row

SWITCH = {"control_office", "leader", *MACHINES}
ZONE = {"control_office", *MACHINES}
LAYER = {"control_office"}

PROMISES: dict[str, Promise] = {
    "response.incident": Promise(
        response.INCIDENTS,
        response,
        opens=("declare", SWITCH, 12 * HOURS, "declared_at", {"pack", "level", "document", "on"}),
        who={"set_level": SWITCH, "end": SWITCH},
        steps={"declared": {"set_level": "declared", "end": "ended"}, "ended": {}},
        strong={"set_level", "end"},
        stamps={"end": "ended_at"},
        idle="declared_at",
        seen="response.see",
        may_hold={"set_level": {"level", "before", "document", "on", "off"}, "end": {"document", "off", "areas"}},
    ),
    "response.area": Promise(
        response.AREAS,
        response,
        opens=("draw", ZONE, 0 * HOURS, "drawn_at", {"klass", "document", "places", "sites"}),
        who={"confirm": ZONE, "drop": ZONE, "lift": ZONE},
        steps={"drawn": {"confirm": "in_force", "drop": "dropped"}, "in_force": {"lift": "lifted"}, "dropped": {}, "lifted": {}},
        stamps={"confirm": "confirmed_at", "lift": "lifted_at"},
        idle="drawn_at",
        seen="response.see",
        may_hold={"confirm": {"klass", "document", "touched"}, "drop": {"why"}, "lift": {"document", "why"}},
    ),
    "response.proposal": Promise(
        response.PROPOSALS,
        response,
        opens=("ask", ZONE, 0 * HOURS, None, {"key", "kind", "document"}),
        who={"approve": LAYER, "refuse": LAYER, "withdraw": ZONE},
        steps={
            "asked": {"approve": "approved", "refuse": "refused", "withdraw": "withdrawn"},
            "approved": {},
            "refused": {},
            "withdrawn": {},
        },
        strong={"approve"},
        stamps={"approve": "decided_at", "refuse": "decided_at"},
        idle="until",
        seen="response.see",
        may_hold={"approve": {"document"}},
        facts={"asked_by": "somebody", "kind": "above"},
        cases=[
            Case("who asked does not approve", "asked", "approve", "control_office", "SamePerson", by="asked_by"),
            Case("who asked does not refuse", "asked", "refuse", "control_office", "SamePerson", by="asked_by"),
            Case("who asked may withdraw", "asked", "withdraw", "control_office", None, by="asked_by"),
            Case("another does not withdraw", "asked", "withdraw", "control_office", "NotFromAbove"),
            Case("a rule from above is checked by a colleague", "asked", "approve", "control_office", None, {"of_district": 1}),
            Case("a local rule is not", "asked", "approve", "control_office", "NotFromAbove", {"kind": "local", "of_district": 1}),
            Case("nor refused", "asked", "refuse", "control_office", "NotFromAbove", {"kind": "local", "of_district": 1}),
            Case("a town's own is, by its district", "asked", "approve", "control_office", None, {"kind": "local"}),
            Case("the office above approves it", "asked", "approve", "city:control_office", None, {"kind": "local", "of_district": 1}),
            Case("the office above refuses it", "asked", "refuse", "city:control_office", None, {"kind": "local", "of_district": 1}),
        ],
    ),
}
ROWS: dict[Any, Row] = {
    Incident: lambda ground, facts, save: {"pack": "typhoon", "title": "试", "level": "II", "level_at": BEFORE, "declared_by": "x"},
    ControlArea: lambda ground, facts, save: {
        "incident_id": ground.incident,
        "measure_id": ground.measure,
        "klass": "lockdown",
        "name": "试",
        "places": [ground.place],
        "document": "1号",
        "since": BEFORE,
        "drawn_by": "x",
    },
    Proposal: lambda ground, facts, save: {
        "incident_id": ground.incident,
        "base_id": ground.measure,
        "kind": "above",
        "place": ground.place,
        "params": {},
        "since": BEFORE,
        "origin_level": "district",
        "asked_by": "x",
        "asked_by_name": "x",
    },
}
"""Columns without which no row of theirs can stand."""
