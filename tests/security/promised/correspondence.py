"""What these promise: letters to another city, and other installations."""

from typing import Any

from qifu.areas.correspondence import workflow as correspondence
from qifu.areas.correspondence.models import Letter, Peer
from qifu.kernel.access.tests.factories import at

from ..promising import HOURS, Case, Promise, Row

WRITES = {"town_clerk", "zone_clerk", "bureau_clerk", "labour_clerk", "industry_clerk", "group_member"}
SIGNS = {"approver", "leader", "town_leader"}

PROMISES: dict[str, Promise] = {
    "correspondence.letter": Promise(
        correspondence.LETTERS,
        correspondence,
        opens=("write", WRITES, 0 * HOURS, "written_at", {"days"}),
        who={
            "sign": SIGNS,
            "withdraw": WRITES,
            "answer": WRITES,
            "reply": {"peers"},
            "file": WRITES,
            "enclose": WRITES,
            "leave_out": WRITES,
        },
        steps={
            "drafted": {"sign": "sent", "withdraw": "withdrawn", "enclose": "drafted", "leave_out": "drafted"},
            "sent": {"answer": "answered", "reply": "answered"},
            "answered": {"file": "filed"},
            "filed": {},
            "withdrawn": {},
        },
        stamps={"sign": "sent_at", "answer": "answered_at", "reply": "answered_at", "file": "filed_at"},
        idle="written_at",
        seen="letter.see",
        may_hold={"sign": {"number", "way"}, "answer": {"ended"}, "reply": {"ended"}, "enclose": {"digest"}, "leave_out": {"file"}},
        runs={"sent": ("answer", at("2022-05-17", "00:00"), "to_name", "")},
        facts={"to_name": "苏州", "writer": "somebody"},
        cases=[Case("who wrote does not sign", "drafted", "sign", "approver", "AnotherSigns", by="writers")],
    ),
    "correspondence.peer": Promise(
        correspondence.PEERS,
        correspondence,
        opens=("propose", {"bureau_clerk"}, 0 * HOURS, "proposed_at", set()),
        who={"trust": {"approver"}, "drop": {"approver"}, "end": {"bureau_clerk"}},
        steps={"proposed": {"trust": "trusted", "drop": "dropped"}, "trusted": {"end": "ended"}, "ended": {}, "dropped": {}},
        stamps={"trust": "trusted_at"},
        idle="proposed_at",
        seen="letter.see",
        strong={"trust"},
        facts={"proposed_by": "somebody"},
        cases=[Case("who entered does not trust", "proposed", "trust", "approver", "AnotherTrusts", by="proposed_by")],
    ),
}
ROWS: dict[Any, Row] = {
    Letter: lambda ground, facts, save: {
        "case_id": ground.case,
        "title": "试",
        "need": "试",
        "organ": "试",
        "writer_name": "试",
    },
    Peer: lambda ground, facts, save: {"name": "试", "address": "https://x.example", "kid": "0" * 16, "public": b"0", "fingerprint": "0"},
}
"""Columns without which no row of theirs can stand."""
