"""What these promise: territories, visits and opinions."""

from typing import Any
from uuid import uuid4

from qifu.areas.visits import workflow as visits
from qifu.areas.visits.models import Opinion, Territory, Visit
from qifu.areas.visits.models import Plan as TerritoryPlan
from qifu.kernel.access.tests.factories import at

from ..promising import HOURS, MACHINES, Case, Promise, Row

GOES = {"liaison", "town_clerk", "zone_clerk", "bureau_clerk", "timer", *MACHINES}
GIVES = {"town_clerk", "zone_clerk", "bureau_clerk", "town_leader", *MACHINES}

PROMISES: dict[str, Promise] = {
    "visits.territory": Promise(
        visits.HELD,
        visits,
        opens=("take", GIVES, 0 * HOURS, "since", {"part", "officer", "batch"}),
        who={"hand_over": GIVES, "end": GIVES},
        steps={"held": {"hand_over": "ended", "end": "ended"}, "ended": {}},
        stamps={"hand_over": "until", "end": "until"},
        idle="until",
        seen="visits.see",
        may_hold={"hand_over": {"why"}, "end": {"why"}},
    ),
    "visits.plan": Promise(
        visits.PROPOSED,
        visits,
        opens=("propose", GIVES, 0 * HOURS, "proposed_at", {"firms", "changes"}),
        who={"confirm": GIVES, "drop": GIVES},
        steps={"proposed": {"confirm": "confirmed", "drop": "dropped"}, "confirmed": {}, "dropped": {}},
        stamps={"confirm": "confirmed_at"},
        idle="confirmed_at",
        seen="visits.see",
        may_hold={"confirm": {"changes", "skipped"}},
        facts={"proposer": "proposer"},
        cases=[
            Case("who proposed does not confirm", "proposed", "confirm", "town_clerk", "AnotherLooks", by="proposer"),
            Case("another does", "proposed", "confirm", "town_leader", None),
        ],
    ),
    "visits.visit": Promise(
        visits.MADE,
        visits,
        opens=("plan", GOES, 72 * HOURS, "planned_at", {"kind", "why"}),
        who={"record": GOES, "drop": GOES},
        steps={"planned": {"record": "visited", "drop": "dropped"}, "visited": {}, "dropped": {}},
        late={"record": 72 * HOURS, "drop": 72 * HOURS},
        stamps={"record": "visited_at"},
        idle="visited_at",
        seen="visits.see",
        may_hold={"record": {"number", "opinions", "answered", "photos", "minutes"}, "drop": {"why"}},
        runs={"planned": ("visit", at("2022-05-17", "00:00"), "officer_name", "")},
        facts={"officer_name": "王联企"},
    ),
    "visits.opinion": Promise(
        visits.SAID,
        visits,
        opens=("note", GOES, 72 * HOURS, "noted_at", {"number", "need", "visit"}),
        who=dict.fromkeys(("answer", "pass_on", "solve", "reopen"), GOES),
        steps={
            "noted": {"answer": "answered", "pass_on": "passed"},
            "answered": {},
            "passed": {"solve": "solved"},
            "solved": {"reopen": "passed"},
        },
        late=dict.fromkeys(("answer", "pass_on", "solve", "reopen"), 72 * HOURS),
        stamps={"answer": "answered_at", "pass_on": "passed_at", "solve": "solved_at"},
        idle="solved_at",
        seen="visits.see",
        may_hold={"answer": {"on_the_spot"}, "pass_on": {"case", "office"}, "solve": {"case"}, "reopen": {"why"}},
        runs={"noted": ("ask", at("2022-05-12", "00:00"), "officer_name", "")},
        facts={"answer": "见通告", "officer_name": "王联企"},
    ),
}
ROWS: dict[Any, Row] = {
    Territory: lambda ground, facts, save: {"enterprise_id": uuid4(), "person_id": uuid4(), "officer_name": "x", "part": "lead"},
    TerritoryPlan: lambda ground, facts, save: {"place_name": "镇", "proposer_name": "x"},
    Visit: lambda ground, facts, save: {"enterprise_id": uuid4(), "kind": "routine"},
    Opinion: lambda ground, facts, save: {"enterprise_id": uuid4(), "number": 1, "words": "试", "officer": "x", "officer_name": "x"},
}
"""Columns without which no row of theirs can stand."""
