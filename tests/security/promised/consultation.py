"""What these promise: meetings, their items, leaders' notes and papers."""

from typing import Any
from uuid import uuid4

from qifu.areas.consultation import workflow as consultation
from qifu.areas.consultation.models import Item, Meeting, Note, Paper
from qifu.kernel.access.tests.factories import at

from ..promising import BEFORE, CLOCKWORK, HOURS, NOW, Case, Promise, Row

KEEPS = {"town_clerk", "zone_clerk", "bureau_clerk"}
SIGNS = {"leader", "town_leader"}
TAKES = {*KEEPS, *SIGNS}
DRAFTS = {*KEEPS, "supervisor", "call_taker"}

PROMISES: dict[str, Promise] = {
    "consultation.meeting": Promise(
        consultation.MEETINGS,
        consultation,
        opens=("plan", KEEPS, 0 * HOURS, "planned_at", set()),
        who={
            **dict.fromkeys(("change", "call", "call_again", "begin", "write", "close", "drop"), KEEPS),
            **dict.fromkeys(("send_back", "sign"), SIGNS),
            **dict.fromkeys(("all_done", "again"), CLOCKWORK),
        },
        steps={
            "planned": {"change": "planned", "call": "called", "begin": "held", "drop": "dropped"},
            "called": {"call_again": "called", "begin": "held", "drop": "dropped"},
            "held": {"write": "drafted"},
            "drafted": {"send_back": "held", "sign": "minuted"},
            "minuted": {"all_done": "closed", "close": "closed"},
            "closed": {"again": "minuted"},
            "dropped": {},
        },
        strong={"sign"},
        stamps={
            "call": "called_at", "begin": "held_at", "write": "drafted_at", "sign": "signed_at",
            "all_done": "closed_at", "close": "closed_at",
        },
        idle="planned_at",
        seen="consult.see",
        may_hold={
            "call": {"offices"}, "call_again": {"offices"}, "write": {"items", "tasks"}, "sign": {"number"}, "drop": {"offices"},
        },
        runs={
            "held": ("write", at("2022-05-11", "00:00"), "office_name", ""),
            "drafted": ("sign", at("2022-05-11", "00:00"), "office_name", ""),
        },
        facts={"office_name": "经信", "writer": "somebody"},
        cases=[
            Case("who wrote does not sign", "drafted", "sign", "leader", "WriterDoesNotSign", by="writers"),
            Case("another does", "drafted", "sign", "leader", None),
        ],
    ),
    "consultation.item": Promise(
        consultation.ITEMS,
        consultation,
        opens=("put", KEEPS, 0 * HOURS, "listed_at", {"meeting", "case"}),
        who=dict.fromkeys(("ask", "decide", "decide_again", "put_off", "withdraw"), KEEPS),
        steps={
            "listed": {"ask": "listed", "decide": "decided", "put_off": "put_off", "withdraw": "withdrawn"},
            "decided": {"decide_again": "decided"},
            "put_off": {},
            "withdrawn": {},
        },
        stamps={"decide": "decided_at"},
        idle="listed_at",
        seen="consult.see",
        may_hold={"decide": {"tasks"}, "decide_again": {"tasks"}},
    ),
    "consultation.note": Promise(
        consultation.NOTES,
        consultation,
        opens=("receive", TAKES, 0 * HOURS, "received_at", set()),
        who={
            **dict.fromkeys(("give", "give_more"), KEEPS),
            **dict.fromkeys(("all_answered", "again"), CLOCKWORK),
            **dict.fromkeys(("read", "press"), SIGNS),
        },
        steps={
            "received": {"give": "given"},
            "given": {"give_more": "given", "all_answered": "closed", "press": "given"},
            "closed": {"give_more": "given", "again": "given", "read": "closed", "press": "given"},
        },
        stamps={"give": "given_at", "all_answered": "closed_at", "read": "read_at"},
        idle="received_at",
        seen="consult.see",
        may_hold={"give": {"offices", "hours"}, "give_more": {"offices", "hours"}, "all_answered": {"offices"}},
        runs={"received": ("give", NOW + 2 * HOURS, "office_name", ""), "given": ("answer", NOW + 24 * HOURS, "office_name", "")},
        facts={"office_name": "经信", "hours": 24},
    ),
    "consultation.paper": Promise(
        consultation.PAPERS,
        consultation,
        opens=("draft", DRAFTS, 0 * HOURS, "drafted_at", {"kind"}),
        who={**dict.fromkeys(("edit", "enclose", "leave_out", "send", "drop"), DRAFTS), **dict.fromkeys(("sign", "send_back"), SIGNS)},
        steps={
            "drafted": {
                **dict.fromkeys(("edit", "enclose", "leave_out", "send_back"), "drafted"),
                **dict.fromkeys(("send", "sign"), "issued"),
                "drop": "dropped",
            },
            "issued": {},
            "dropped": {},
        },
        strong={"sign"},
        may_hold={"enclose": {"digest"}, "leave_out": {"file"}},
        stamps={"send": "issued_at", "sign": "issued_at"},
        idle="drafted_at",
        seen="consult.see",
        runs={"drafted": ("send", at("2022-05-11", "00:00"), "organ", "")},
        facts={"organ": "经信", "writer": "somebody", "kind": "dispatch"},
        cases=[
            Case("a letter does not go out unsigned", "drafted", "send", "bureau_clerk", "SignedByAnother", {"kind": "letter"}),
            Case("nor a request", "drafted", "send", "bureau_clerk", "SignedByAnother", {"kind": "request"}),
            Case("a dispatch does", "drafted", "send", "bureau_clerk", None),
            Case("who wrote does not sign", "drafted", "sign", "leader", "WriterDoesNotSign", {"kind": "letter"}, by="writers"),
            Case("another does", "drafted", "sign", "leader", None, {"kind": "letter"}),
        ],
    ),
}  # fmt: skip
_MEETING: dict[str, Any] = {
    "title": "试", "starts_at": BEFORE, "ends_at": BEFORE + HOURS, "room": "试", "chair": "试", "office": "试",
    "planner": "x", "planner_name": "试",
}  # fmt: skip


def _item(ground: Any, facts: Any, save: bool) -> dict[str, Any]:
    """An item stands on a meeting; a case waits on one agenda at a time, so that the one before is taken off."""
    meeting = uuid4()
    if save:
        scope = {"region": ground.place, "district": ground.district}
        Item._base_manager.filter(case=ground.case, state="listed").update(state="withdrawn")
        Meeting._base_manager.create(id=meeting, number=uuid4().hex, state="held", state_at=BEFORE, **_MEETING, **scope)
    return {"case_id": ground.case, "meeting_id": meeting, "place": 1, "question": "试", "listed_by": "x", "listed_by_name": "试"}


ROWS: dict[Any, Row] = {
    Meeting: lambda ground, facts, save: {"number": uuid4().hex, **_MEETING},
    Item: _item,
    Note: lambda ground, facts, save: {
        "number": uuid4().hex, "leader": "试", "title": "试", "text": "试", "written_at": BEFORE, "office": "试", "recorder": "x",
        "recorder_name": "试",
    },
    Paper: lambda ground, facts, save: {"case_id": ground.case, "title": "试", "body": "试", "place": 1, "writer_name": "试"},
}  # fmt: skip
"""Columns without which no row of theirs can stand."""
