"""What these promise: cases, helpers and supervisions."""

from typing import Any
from uuid import uuid4

from qifu.areas.casework import workflow as casework
from qifu.areas.casework.models import Case as Trouble
from qifu.areas.casework.models import Help, Supervision
from qifu.kernel.access.tests.factories import at

from ..promising import HOURS, Case, Ground, Promise, Row

SORTS = {"town_clerk", "zone_clerk", "bureau_clerk", "discipline"}
CALLS = {*SORTS, "call_taker"}
HANDLES = {*SORTS, "fire_clerk", "health_clerk", "labour_clerk", "industry_clerk", "group_member"}
RECORDS = {"enterprise_contact", "liaison", "town_clerk", "zone_clerk", "bureau_clerk", "call_taker", "letterbox", "loop_gate", "peers"}
SUPERVISES = {"supervisor", "leader"}
ELSEWHERE: dict[str, Any] = {"office": "elsewhere"}


def case_that_is(ground: Ground, standing: str) -> Trouble:
    """Give the ground's case as a guard reads it; the database computes how it stands, so that it cannot be saved so."""
    case = Trouble(id=ground.case)
    case.standing = standing
    return case


PROMISES: dict[str, Promise] = {
    "casework.case": Promise(
        casework.CASES,
        casework,
        opens=("record", RECORDS, 24 * HOURS, "recorded_at", {"channel", "source"}),
        who={
            **dict.fromkeys(("classify", "assign", "reassign", "merge", "unmerge"), SORTS),
            **dict.fromkeys(("answer", "call_back", "reject", "close"), CALLS),
            **dict.fromkeys(("take", "contest", "wait", "go_on", "escalate", "resolve", "ask_more"), HANDLES),
            "settle": {"supervisor"},
            "coordinate": {"bureau_clerk", "group_member"},
            "agree": {"enterprise_contact"},
            "not_solved": {"enterprise_contact"},
            "allow_more": {"supervisor", "leader", "town_leader"},
            "deny_more": {"supervisor", "leader", "town_leader"},
        },
        steps={
            "recorded": {"classify": "classified", "answer": "answered", "assign": "assigned", "merge": "merged"},
            "classified": {"classify": "classified", "answer": "answered", "assign": "assigned", "merge": "merged"},
            "answered": {"reject": "reopened", "not_solved": "reopened"},
            "assigned": {"reassign": "assigned", "take": "handling", "contest": "contested", "merge": "merged"},
            "contested": {"settle": "assigned"},
            "handling": {
                "wait": "waiting",
                "escalate": "escalated",
                "resolve": "resolved",
                "ask_more": "handling",
                "allow_more": "handling",
                "deny_more": "handling",
            },
            "waiting": {"go_on": "handling"},
            "escalated": {"coordinate": "coordinating"},
            "coordinating": {"assign": "assigned", "resolve": "resolved", "escalate": "escalated"},
            "resolved": {"call_back": "confirmed", "agree": "confirmed", "reject": "reopened", "not_solved": "reopened"},
            "confirmed": {"close": "closed_out", "reject": "reopened", "not_solved": "reopened"},
            "closed_out": {"not_solved": "reopened"},
            "reopened": {"assign": "assigned", "take": "handling", "merge": "merged"},
            "merged": {"unmerge": "recorded"},
        },
        stamps={"answer": "answered_at", "assign": "assigned_at", "take": "taken_at", "resolve": "resolved_at", "close": "closed_at"},
        idle="recorded_at",
        seen="case.see",
        may_hold={
            "classify": {"kind", "complexity", "suggested", "version"},
            "answer": {"by"},
            "assign": {"office", "rung", "over"},
            "reassign": {"office", "rung", "over"},
            "take": {"office"},
            "contest": {"ground"},
            "settle": {"office", "upheld"},
            "wait": {"why"},
            "escalate": {"rung", "office"},
            "coordinate": {"office"},
            "resolve": {"ended"},
            "ask_more": {"days"},
            "allow_more": {"days"},
            "call_back": {"score"},
            "agree": {"score"},
            "reject": {"why"},
            "not_solved": {"why"},
            "merge": {"into"},
            "unmerge": {"from"},
        },
        runs={
            "recorded": ("classify", at("2022-05-11", "00:00"), "intake_office", ""),
            "classified": ("classify", at("2022-05-11", "00:00"), "intake_office", ""),
            "assigned": ("respond", at("2022-05-11", "00:00"), "office_name", ""),
            "reopened": ("respond", at("2022-05-11", "00:00"), "office_name", ""),
            "contested": ("settle", at("2022-05-11", "00:00"), "", ""),
            "handling": ("resolve", at("2022-05-17", "00:00"), "office_name", ""),
            "escalated": ("lift", at("2022-05-11", "00:00"), "office_name", ""),
            "coordinating": ("coordinate", at("2022-05-17", "00:00"), "office_name", ""),
            "resolved": ("call_back", at("2022-05-12", "00:00"), "intake_office", ""),
        },
        pauses={"contested": "respond", "waiting": "resolve"},
        facts={"intake_office": "企服中心", "office_name": "人社", "handler": "somebody", "more_days": 2, "more_by": "somebody"},
        cases=[
            Case("what is to be given out is not answered", "classified", "answer", "call_taker", "NotSimple", {"complexity": "complex"}),
            Case("nor before it is sorted", "recorded", "answer", "call_taker", "NotSimple", {"complexity": "complex"}),
            Case("another office does not take it on", "assigned", "take", "labour_clerk", "OtherOffice", ELSEWHERE),
            Case("nor again", "reopened", "take", "labour_clerk", "OtherOffice", ELSEWHERE),
            Case("nor returns it", "assigned", "contest", "labour_clerk", "OtherOffice", ELSEWHERE),
            Case("nor waits", "handling", "wait", "labour_clerk", "OtherOffice", ELSEWHERE),
            Case("nor goes on", "waiting", "go_on", "labour_clerk", "OtherOffice", ELSEWHERE),
            Case("nor hands it up", "handling", "escalate", "labour_clerk", "OtherOffice", ELSEWHERE),
            Case("nor ends it", "handling", "resolve", "labour_clerk", "OtherOffice", ELSEWHERE),
            Case("nor above", "coordinating", "resolve", "bureau_clerk", "OtherOffice", ELSEWHERE),
            Case("nor asks for time", "handling", "ask_more", "labour_clerk", "OtherOffice", ELSEWHERE),
            Case("a dispatch is returned once", "assigned", "contest", "labour_clerk", "ReturnedOnce", {"contester": "somebody"}),
            Case("who returned does not settle", "contested", "settle", "supervisor", "AnotherSettles", by="contester"),
            Case("above the province there is nobody", "handling", "escalate", "labour_clerk", "NoHigherRung", {"rung": "province"}),
            Case("who asked does not allow", "handling", "allow_more", "supervisor", "AnotherAllows", by="more_by"),
            Case("nor deny", "handling", "deny_more", "supervisor", "AnotherAllows", by="more_by"),
            Case("nothing is allowed that nobody asked", "handling", "allow_more", "supervisor", "NothingAsked", {"more_days": 0}),
            Case("nor denied", "handling", "deny_more", "supervisor", "NothingAsked", {"more_days": 0}),
            Case("who handled does not call back", "resolved", "call_back", "bureau_clerk", "AnotherCallsBack", by="handler"),
            Case("nor open it again", "resolved", "reject", "bureau_clerk", "AnotherCallsBack", by="handler"),
            Case("nor an answer", "answered", "reject", "bureau_clerk", "AnotherCallsBack", by="handler"),
            Case("nor close it out", "confirmed", "close", "bureau_clerk", "AnotherCallsBack", by="handler"),
        ],
    ),
    "casework.help": Promise(
        casework.HELPING,
        casework,
        opens=("ask", HANDLES, 0 * HOURS, "asked_at", {"office"}),
        who=dict.fromkeys(("give", "decline", "drop"), HANDLES),
        steps={"asked": {"give": "given", "decline": "declined", "drop": "dropped"}, "given": {}, "declined": {}, "dropped": {}},
        stamps={"give": "given_at", "decline": "given_at"},
        idle="asked_at",
        seen="case.see",
        runs={"asked": ("help", at("2022-05-13", "00:00"), "office_name", "")},
        facts={"office_name": "消防"},
        cases=[
            Case("another office does not answer", "asked", "give", "fire_clerk", "OtherOffice", ELSEWHERE),
            Case("nor say that it cannot", "asked", "decline", "fire_clerk", "OtherOffice", ELSEWHERE),
            Case("nobody answers for a case that is solved", "asked", "give", "fire_clerk", "HelpTooLate", {"of_case": "solved"}),
        ],
    ),
    "casework.supervision": Promise(
        casework.SUPERVISING,
        casework,
        opens=("supervise", SUPERVISES, 0 * HOURS, "asked_at", {"office", "number"}),
        who={"reply": HANDLES, **dict.fromkeys(("confirm", "send_back", "withdraw"), SUPERVISES)},
        steps={
            "asked": {"reply": "replied", "withdraw": "withdrawn"},
            "replied": {"confirm": "confirmed", "send_back": "sent_back"},
            "sent_back": {"reply": "replied", "withdraw": "withdrawn"},
            "confirmed": {},
            "withdrawn": {},
        },
        stamps={"reply": "replied_at"},
        idle="asked_at",
        seen="case.see",
        runs=dict.fromkeys(("asked", "sent_back"), ("reply", at("2022-05-11", "00:00"), "office_name", "")),
        facts={"office_name": "消防", "replier": "somebody"},
        cases=[
            Case("another office does not answer", "asked", "reply", "fire_clerk", "OtherOffice", ELSEWHERE),
            Case("nor anew", "sent_back", "reply", "fire_clerk", "OtherOffice", ELSEWHERE),
            Case("who answered does not confirm", "replied", "confirm", "supervisor", "AnotherJudges", by="replier"),
            Case("nor send back", "replied", "send_back", "supervisor", "AnotherJudges", by="replier"),
        ],
    ),
}
ROWS: dict[Any, Row] = {
    Trouble: lambda ground, facts, save: {
        "number": uuid4().hex[:20],
        "channel": "hotline",
        "title": "试",
        "text": "试",
        "answer_channel": "call",
        "due_at": None,
        "merged_into_id": ground.case if save else None,
    },
    Help: lambda ground, facts, save: {"case": case_that_is(ground, facts.pop("of_case", "open")), "ask": "试", "asked_by": "x"},
    Supervision: lambda ground, facts, save: {"case_id": ground.case, "number": uuid4().hex, "ask": "试", "asker": "x"},
}
"""Columns without which no row of theirs can stand."""
