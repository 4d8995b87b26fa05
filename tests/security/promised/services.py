"""What these promise: appointments, answers, the catalogue and outside certificates."""

from typing import Any

from qifu.areas.services import workflow as services
from qifu.areas.services.models import Appointment, Article, Certificate, Order
from qifu.kernel.access.tests.factories import at
from qifu.kernel.booking.models import Slot

from ..promising import CLOCKWORK, HOURS, NOW, Case, Promise, Row

ASKS = {"enterprise_contact", "town_clerk", "zone_clerk", "liaison", "bureau_clerk", "fire_clerk", "labour_clerk", "call_taker"}
OPENS = {"bureau_clerk"}
SERVES = {"fire_clerk"}
CERTIFIES = {"liaison", "town_clerk", "zone_clerk", "bureau_clerk"}
ANSWERS = {"bureau_clerk", "fire_clerk", "labour_clerk", "health_clerk", "call_taker"}
PUBLISHES = {"bureau_clerk", "approver"}
TONIGHT: dict[str, Any] = {"held_at": NOW, "starts_at": at("2022-05-09", "18:00")}

PROMISES: dict[str, Promise] = {
    "services.appointment": Promise(
        services.APPOINTMENTS,
        services,
        opens=("ask", ASKS, 0 * HOURS, "asked_at", {"service", "topic", "channel"}),
        who={
            "accept": SERVES,
            "decline": SERVES,
            "serve": SERVES,
            "miss": SERVES,
            "remind": CLOCKWORK,
            "fill": CLOCKWORK,
            "pass_by": CLOCKWORK,
            **dict.fromkeys(("book", "wait", "unwait", "free", "again", "cancel"), ASKS),
        },
        steps={
            "asked": {"accept": "accepted", "decline": "declined", "book": "booked", "wait": "waiting", "cancel": "cancelled"},
            "accepted": {"book": "booked", "wait": "waiting", "decline": "declined", "cancel": "cancelled"},
            "waiting": {
                "book": "booked",
                "fill": "booked",
                "pass_by": "accepted",
                "unwait": "accepted",
                "decline": "declined",
                "cancel": "cancelled",
            },
            "booked": {"free": "accepted", "remind": "reminded", "serve": "served", "miss": "missed", "cancel": "cancelled"},
            "reminded": {"free": "accepted", "serve": "served", "miss": "missed", "cancel": "cancelled"},
            "missed": {"again": "accepted"},
            "served": {},
            "cancelled": {},
            "declined": {},
        },
        stamps={"accept": "accepted_at", "book": "booked_at", "fill": "booked_at", "serve": "served_at"},
        idle="ends_at",
        seen="services.see",
        may_hold={
            "book": {"start", "channel"},
            "wait": {"start"},
            "fill": {"start"},
            "free": {"start"},
            "serve": {"outcome"},
            "miss": {"why"},
        },
        runs={
            "asked": ("answer", at("2022-05-11", "00:00"), "office", ""),
            "booked": ("remind", at("2022-05-09", "16:00"), "", "remind"),
            "reminded": ("result", at("2022-05-11", "00:00"), "office", ""),
        },
        facts={"service": "fire", "office": "消防", **TONIGHT},
        cases=[
            Case("the outcome of another day is not told", "booked", "serve", "fire_clerk", "NotYetThere", {"starts_at": at("2022-05-10")}),
            Case("nor that nobody met", "reminded", "miss", "fire_clerk", "NotYetThere", {"starts_at": at("2022-05-10")}),
            Case("what has begun is not moved", "booked", "free", "enterprise_contact", "AlreadyBegun", {"starts_at": NOW}),
            Case("nor called off", "reminded", "cancel", "enterprise_contact", "AlreadyBegun", {"starts_at": NOW}),
            Case("what has no time is called off at any hour", "accepted", "cancel", "enterprise_contact", None, {"starts_at": NOW}),
            Case("fire is not served by others", "booked", "serve", "labour_clerk", "NotYours"),
        ],
    ),
    "services.article": Promise(
        services.ARTICLES,
        services,
        opens=("write", ANSWERS, 0 * HOURS, None, set()),
        who={
            **dict.fromkeys(("edit", "revise", "edit_again", "give_up", "confirm", "take", "take_revising"), ANSWERS),
            "publish": PUBLISHES,
            "retire": PUBLISHES,
            **dict.fromkeys(("leave", "leave_revising"), CLOCKWORK),
        },
        steps={
            "draft": {"edit": "draft", "publish": "published", "retire": "retired"},
            "published": {"revise": "revising", "confirm": "published", "leave": "published", "take": "published", "retire": "retired"},
            "revising": {
                "edit_again": "revising",
                "leave_revising": "revising",
                "take_revising": "revising",
                "publish": "published",
                "give_up": "published",
                "retire": "retired",
            },
            "retired": {},
        },
        stamps={"publish": "published_at"},
        idle="since",
        seen="services.see",
        may_hold={"publish": {"number"}, "confirm": {"review_on"}},
        facts={"draft_answer": "答", "draft_source": "文", "writer": "somebody", "owner": ""},
        cases=[
            Case("who wrote does not publish", "draft", "publish", "bureau_clerk", "WriterDoesNotPublish", by="writer"),
            Case("nor a new version", "revising", "publish", "bureau_clerk", "WriterDoesNotPublish", by="writer"),
            Case("another does", "draft", "publish", "approver", None),
            Case("nothing without a source", "draft", "publish", "approver", "NothingWritten", {"draft_source": " "}),
            Case("what has an owner is not taken over", "published", "take", "bureau_clerk", "OwnedBySomebody", {"owner": "somebody"}),
            Case("nor while it is changed", "revising", "take_revising", "bureau_clerk", "OwnedBySomebody", {"owner": "somebody"}),
            Case("nor without an answer", "revising", "publish", "approver", "NothingWritten", {"draft_answer": ""}),
        ],
    ),
    "services.order": Promise(
        services.ORDERS,
        services,
        opens=("apply", ASKS, 0 * HOURS, "applied_at", {"offer", "wanted"}),
        who={
            **dict.fromkeys(("open", "more", "decline", "verify", "send_back"), OPENS),
            **dict.fromkeys(("use", "stop", "withdraw", "buy"), ASKS),
            "subsidise": {"approver"},
        },
        steps={
            "applied": {"open": "opened", "decline": "declined", "withdraw": "withdrawn", "buy": "bought"},
            "opened": {"use": "in_use", "more": "opened", "stop": "stopped"},
            "in_use": {"more": "opened", "stop": "stopped"},
            "bought": {"verify": "verified", "send_back": "applied"},
            "verified": {"subsidise": "subsidised", "send_back": "applied"},
            "stopped": {},
            "subsidised": {},
            "declined": {},
            "withdrawn": {},
        },
        strong={"subsidise"},
        stamps={"open": "opened_at", "use": "used_at", "buy": "bought_at", "subsidise": "subsidised_at"},
        idle="used_at",
        seen="services.see",
        may_hold={
            "open": {"accounts"},
            "more": {"accounts"},
            "buy": {"sets", "fen"},
            "verify": {"sets", "fen"},
            "subsidise": {"fen", "yuan"},
        },
        runs={
            "applied": ("open", at("2022-05-11", "00:00"), "office", ""),
            "bought": ("verify", at("2022-05-13", "00:00"), "office", ""),
            "verified": ("subsidise", at("2022-05-13", "00:00"), "office", ""),
        },
        facts={"offer": "thermal", "kind": "", "office": "企服中心", "verifier": "somebody"},
        cases=[
            Case("a device has no accounts", "applied", "open", "bureau_clerk", "NotAnAccount", {"kind": "device"}),
            Case("accounts are not bought", "applied", "buy", "enterprise_contact", "NotADevice", {"kind": "account"}),
            Case("who verified does not pay", "verified", "subsidise", "approver", "VerifierDoesNotPay", by="verifier"),
            Case("nothing is paid for what the rule leaves out", "verified", "subsidise", "approver", "NoSubsidy", {"offer": "robot"}),
        ],
    ),
    "services.certificate": Promise(
        services.CERTIFICATES,
        services,
        opens=("find", ASKS, 0 * HOURS, "found_at", {"kind", "fen"}),
        who={
            **dict.fromkeys(("hand_in", "claim", "drop"), ASKS),
            **dict.fromkeys(("return", "issue", "refuse", "confirm", "ask_again"), CERTIFIES),
        },
        steps={
            "loss_found": {"hand_in": "papers", "drop": "dropped"},
            "papers": {"return": "loss_found", "issue": "issued", "refuse": "refused", "drop": "dropped"},
            "issued": {"claim": "claimed"},
            "claimed": {"confirm": "value_saved", "ask_again": "issued"},
            "value_saved": {},
            "refused": {},
            "dropped": {},
        },
        stamps={"hand_in": "papers_at", "issue": "issued_at", "confirm": "saved_at"},
        idle="issued_on",
        seen="services.see",
        may_hold={"issue": {"on"}, "claim": {"fen"}, "confirm": {"fen", "yuan"}},
        runs={
            "papers": ("issue", at("2022-05-13", "00:00"), "office", ""),
            "claimed": ("confirm", at("2022-05-13", "00:00"), "office", ""),
        },
        facts={"office": "企服中心", "claimer": "somebody"},
        cases=[
            Case("who reported the value does not confirm it", "claimed", "confirm", "liaison", "ClaimantDoesNotConfirm", by="claimer"),
            Case("another does", "claimed", "confirm", "bureau_clerk", None),
        ],
    ),
}
ROWS: dict[Any, Row] = {
    Appointment: lambda ground, facts, save: {
        "number": "XF-1",
        "enterprise_id": ground.firm,
        "topic": "other",
        "channel": "page",
        "asked_by": "x",
        "slot_id": (slot := Slot.objects.values_list("id", flat=True).first()),
        "waits_for_id": slot,
        "waits_since": NOW,
    },
    Article: lambda ground, facts, save: {
        "title": "问",
        "office": "区",
        "owner": "x",
        "owner_name": "x",
        "review_on": NOW.date(),
        "draft_title": "问",
        "writer_name": "x",
    },
    Order: lambda ground, facts, save: {"number": "FW-1", "enterprise_id": ground.firm, "wanted": 1},
    Certificate: lambda ground, facts, save: {
        "number": "ZM-1",
        "enterprise_id": ground.firm,
        "kind": "force_majeure",
        "loss_fen": 100,
        "cause": "试",
        "issuer": "贸促会",
        "finder_name": "x",
    },
}
"""Columns without which no row of theirs can stand."""
