"""What these promise: what is made and needed, suppliers elsewhere, a match and what its maker is asked."""

from typing import Any
from uuid import uuid4

from qifu.areas.supply import workflow as supply
from qifu.areas.supply.models import Call, Making, Match, Need, Outside
from qifu.kernel.access.tests.factories import at

from ..promising import CLOCKWORK, HOURS, NOW, Case, Ground, Promise, Row

ASKS = {"enterprise_contact", "liaison", "town_clerk", "zone_clerk", "bureau_clerk", "call_taker"}
ANSWERS, DESK = {"enterprise_contact", "bureau_clerk", "call_taker"}, {"bureau_clerk"}
WEEK = at("2022-05-16").date()

PROMISES: dict[str, Promise] = {
    "supply.making": Promise(
        supply.MAKINGS,
        supply,
        opens=("tell", ASKS, 0 * HOURS, "told_at", set()),
        who={"change": ASKS, "end": ASKS, "again": ASKS},
        steps={"making": {"change": "making", "end": "ended"}, "ended": {"again": "making"}},
        idle="told_at",
        seen="supply.see",
    ),
    "supply.outside": Promise(
        supply.OUTSIDES,
        supply,
        opens=("keep", DESK, 0 * HOURS, "kept_at", set()),
        who={"check": DESK, "drop": DESK, "again": DESK},
        steps={"known": {"check": "known", "drop": "gone"}, "gone": {"again": "known"}},
        idle="kept_at",
        seen="supply.see",
    ),
    "supply.need": Promise(
        supply.NEEDS,
        supply,
        opens=("tell", ASKS, 0 * HOURS, "told_at", {"workers", "yuan"}),
        who={
            **dict.fromkeys(("match", "free", "meet"), CLOCKWORK),
            **dict.fromkeys(("pass_on", "found", "bring_back"), DESK),
            "drop": ASKS,
        },
        steps={
            "open": {"match": "matched", "pass_on": "passed_on", "drop": "dropped"},
            "matched": {"free": "open", "meet": "met"},
            "passed_on": {"found": "met", "bring_back": "open", "drop": "dropped"},
            "met": {},
            "dropped": {},
        },
        stamps={"meet": "met_at", "found": "met_at"},
        idle="met_at",
        seen="supply.see",
        may_hold={"meet": {"workers"}, "pass_on": {"case"}, "found": {"workers"}},
        runs={"open": ("answer", at("2022-05-12", "00:00"), "office", "")},
        facts={"office": "专班"},
        cases=[Case("who passed it on does not find it", "passed_on", "found", "bureau_clerk", "AnotherFinds", by="passed_by")],
    ),
    "supply.match": Promise(
        supply.MATCHES,
        supply,
        opens=("propose", DESK, 0 * HOURS, "asked_at", {"quantity"}),
        who={
            **dict.fromkeys(("offer", "decline", "lapse"), CLOCKWORK),
            **dict.fromkeys(("note_yes", "note_no"), DESK),
            **dict.fromkeys(("agree", "refuse", "deliver", "fail"), ANSWERS),
        },
        steps={
            "asked": {
                "offer": "offered",
                "decline": "declined",
                "note_yes": "offered",
                "note_no": "declined",
                "refuse": "refused",
                "lapse": "lapsed",
            },
            "offered": {"agree": "agreed", "refuse": "refused", "lapse": "lapsed"},
            "lapsed": {},
            "agreed": {"deliver": "delivered", "fail": "failed"},
            "declined": {},
            "refused": {},
            "delivered": {},
            "failed": {},
        },
        stamps={"deliver": "delivered_at"},
        idle="delivered_at",
        seen="supply.see",
        runs={
            "asked": ("reply", at("2022-05-11", "00:00"), "office", ""),
            "offered": ("agree", at("2022-05-11", "00:00"), "office", ""),
            "agreed": ("deliver", at("2022-05-16", "18:00"), "supplier", ""),
        },
        facts={"office": "专班", "supplier": "厂", "proposer": "somebody", "agreed_at": NOW},
        cases=[
            Case("who drew the line does not agree", "offered", "agree", "bureau_clerk", "AnotherAgrees", by="proposer"),
            Case("nor who answered for the supplier", "offered", "agree", "call_taker", "SupplierAnswered", by="answered_by"),
            Case("nor anybody once it is met", "offered", "agree", "call_taker", "NeedIsOver", {"words": "met"}),
            Case("a maker of here answers itself", "asked", "note_yes", "bureau_clerk", "MakerAnswersItself", {"making": uuid4()}),
            Case("nor is its no written down", "asked", "note_no", "bureau_clerk", "MakerAnswersItself", {"making": uuid4()}),
        ],
    ),
    "supply.call": Promise(
        supply.CALLS,
        supply,
        opens=("ask", DESK, 0 * HOURS, "asked_at", set()),
        who={"accept": ANSWERS, "decline": ANSWERS, "agree": CLOCKWORK, "lapse": CLOCKWORK},
        steps={
            "asked": {"accept": "accepted", "decline": "declined", "lapse": "over"},
            "accepted": {"agree": "agreed", "lapse": "over"},
            "agreed": {"lapse": "over"},
            "declined": {},
            "over": {},
        },
        stamps={"accept": "answered_at", "decline": "answered_at"},
        idle="answered_at",
        seen="supply.see",
        runs={"asked": ("answer", at("2022-05-11", "00:00"), "office", "")},
        facts={"office": "厂"},
        cases=[
            Case("the desk does not say yes for a maker", "asked", "accept", "bureau_clerk", "DeskDoesNotAnswer"),
            Case("nor no", "asked", "decline", "bureau_clerk", "DeskDoesNotAnswer"),
            Case("nor whoever asked it", "asked", "accept", "call_taker", "DeskDoesNotAnswer", by="proposer"),
            Case("nor no for it", "asked", "decline", "call_taker", "DeskDoesNotAnswer", by="proposer"),
            Case("another does", "asked", "accept", "call_taker", None),
            Case("and says no", "asked", "decline", "call_taker", None),
        ],
    ),
}


def _scope(ground: Ground) -> dict[str, Any]:
    return {"region": ground.place, "district": ground.district, "party": ground.firm}


def need_of(ground: Ground, facts: dict[str, Any], save: bool) -> dict[str, Any]:
    """Give a need."""
    return {
        "number": uuid4().hex[:12], "enterprise_id": ground.firm, "product": "密封圈", "quantity": 1, "unit": "只", "by": WEEK,
        "since": NOW.date(),
        "teller": "x",
    }  # fmt: skip


def match_of(ground: Ground, facts: dict[str, Any], save: bool) -> dict[str, Any]:
    """Give a match of a need of its own, in the state that the match's words say."""
    row: dict[str, Any] = {"quantity": 1, "unit": "只", "by": WEEK}
    need = need_of(ground, {}, save)
    row["need_id"] = Need._base_manager.create(**need, state=facts.get("words") or "open", state_at=NOW, **_scope(ground)).id
    return row


def call_of(ground: Ground, facts: dict[str, Any], save: bool) -> dict[str, Any]:
    """Give a call about a product of its own."""
    row: dict[str, Any] = {
        "match": uuid4(), "enterprise_id": ground.firm, "product": "密封圈", "quantity": 1, "unit": "只", "by": WEEK, "town": "镇",
    }  # fmt: skip
    made = ROWS[Making](ground, {}, save) | {"state": "ended", "state_at": NOW} | _scope(ground)
    row["making_id"] = Making._base_manager.create(**made).id
    return row


ROWS: dict[Any, Row] = {
    Making: lambda ground, facts, save: {
        "enterprise_id": ground.firm,
        "product": "密封圈",
        "capacity": 10,
        "free": 5,
        "unit": "只",
        "per": "day",
        "teller": "x",
    },
    Outside: lambda ground, facts, save: {
        "name": uuid4().hex[:12],
        "where": "苏州",
        "product": "密封圈",
        "source": "电话",
        "found_on": NOW.date(),
        "keeper": "x",
    },
    Need: need_of,
    Match: match_of,
    Call: call_of,
}
