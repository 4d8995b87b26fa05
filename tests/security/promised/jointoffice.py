"""What these promise: the menu of a place, and an order from its receipt to the last promise kept."""

from datetime import timedelta
from typing import Any

from qifu.areas.jointoffice import workflow as joint
from qifu.areas.jointoffice.models import Item, Session
from qifu.kernel.access.tests.factories import at

from ..promising import HOURS, NOW, Case, Promise, Row

KEEPS = {"town_clerk", "zone_clerk", "bureau_clerk"}
ORDERS = {*KEEPS, "liaison", "call_taker", "enterprise_contact"}
LEADS, CONFIRMS = {"town_leader", "approver"}, {"enterprise_contact", "call_taker"}
TODAY: dict[str, Any] = {
    "arranged_at": NOW,
    "starts_at": at("2022-05-09", "18:00"),
    "ends_at": at("2022-05-09", "20:00"),
    "monitor_name": "书记",
    "office": "镇",
    "giver": "somebody",
}

PROMISES: dict[str, Promise] = {
    "jointoffice.item": Promise(
        joint.ITEMS,
        joint,
        opens=("offer", KEEPS, 0 * HOURS, "offered_at", set()),
        who=dict.fromkeys(("change", "take_off", "put_back"), KEEPS),
        steps={"offered": {"change": "offered", "take_off": "off"}, "off": {"put_back": "offered"}},
        idle="offered_at",
        seen="joint.see",
    ),
    "jointoffice.session": Promise(
        joint.SESSIONS,
        joint,
        opens=("order", ORDERS, 0 * HOURS, "ordered_at", {"items", "channel"}),
        who={
            **dict.fromkeys(("set_group", "move", "close", "call_off"), LEADS),
            **dict.fromkeys(("hold", "give_out"), KEEPS),
            **dict.fromkeys(("confirm", "reopen"), CONFIRMS),
            "withdraw": ORDERS,
        },
        steps={
            "ordered": {"set_group": "group_set", "withdraw": "withdrawn", "call_off": "called_off"},
            "group_set": {"move": "group_set", "hold": "held", "call_off": "called_off"},
            "held": {"give_out": "tasks"},
            "tasks": {"confirm": "confirmed"},
            "confirmed": {"reopen": "tasks", "close": "closed_out"},
            "closed_out": {},
            "withdrawn": {},
            "called_off": {},
        },
        stamps={"hold": "held_at", "give_out": "given_at", "confirm": "confirmed_at", "close": "closed_at"},
        idle="held_at",
        seen="joint.see",
        may_hold={"set_group": {"start", "seats"}, "move": {"start", "seats"}, "give_out": {"tasks"}},
        runs={
            "ordered": ("set", at("2022-05-12", "00:00"), "office", ""),
            "group_set": ("minutes", NOW + timedelta(hours=35), "monitor_name", ""),
            "held": ("give", at("2022-05-11", "00:00"), "office", ""),
            "confirmed": ("close", at("2022-05-12", "00:00"), "office", ""),
        },
        facts=TODAY,
        cases=[
            Case("nothing is written up before its day", "group_set", "hold", "town_clerk", "NotYetThere", {"starts_at": at("2022-05-10")}),
            Case("what has begun is not moved", "group_set", "move", "town_leader", "AlreadyBegun", {"starts_at": NOW}),
            Case("nor called off", "group_set", "call_off", "town_leader", "AlreadyBegun", {"starts_at": NOW}),
            Case("who gave the promises out does not confirm", "tasks", "confirm", "call_taker", "AnotherConfirms", by="giver"),
            Case("an open promise is not confirmed", "tasks", "confirm", "enterprise_contact", "TasksOpen", {"promised": 1}),
            Case("nor closed", "confirmed", "close", "town_leader", "TasksOpen", {"promised": 1}),
        ],
    ),
}
ROWS: dict[Any, Row] = {
    Item: lambda ground, facts, save: {"name": "用工", "says": "试", "office": "x", "office_name": "人社", "days": 3},
    Session: lambda ground, facts, save: {
        "number": "ZT-1",
        "enterprise_id": ground.firm,
        "spot": "厂里",
        "channel": "page",
        "asked_by": "x",
    },
}
