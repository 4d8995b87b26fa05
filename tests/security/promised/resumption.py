"""What these promise: burdens, appeals, look-backs and lines of one-firm plans; the application has a walker of its own."""

from typing import Any
from uuid import UUID, uuid4

from qifu.areas.resumption import appeals, burdens, firm_plans, lookbacks
from qifu.areas.resumption.models import Appeal, Burden, Inspection, PlanLine
from qifu.kernel.access.tests.factories import at

from ..promising import BEFORE, CLOCKWORK, HOURS, NOW, Case, Promise, Row, standing_at

PROPOSES = {"town_clerk", "zone_clerk", "bureau_clerk", "assessor", "town_leader", "approver"}
KEEPS = {"town_clerk", "zone_clerk", "bureau_clerk"}
OWNS = {*KEEPS, "enterprise_contact", "liaison", "fire_clerk", "health_clerk", "labour_clerk", "industry_clerk"}
LOOKS = {"town_clerk", "zone_clerk", "assessor"}
CONTACT = {"enterprise_contact", "town_clerk", "zone_clerk", "call_taker"}
DECIDES = {"town_leader", "approver"}
TOWN = {"town_clerk", "zone_clerk", "bureau_clerk"}
ENDED = {"uphold": "upheld", "change": "changed", "revoke": "revoked", "withdraw": "withdrawn"}
"""How an appeal ends once it was taken."""
UNHEARD: dict[str, Any] = {"heard_at": None, "asked_at": NOW - HOURS}
SILENT: dict[str, Any] = {"heard_at": None, "asked_at": NOW - 24 * HOURS}
ASSESSED: dict[str, Any] = {"kind": "refusal", "assessed": 1}
EXCLUSION_NOW: dict[str, Any] = {"urgent": True, "kind": "exclusion"}

PROMISES: dict[str, Promise] = {
    "resumption.burden": Promise(
        burdens.BURDENS,
        burdens,
        opens=("propose", PROPOSES, 0 * HOURS, "asked_at", {"kind", "ground", "evidence", "urgent", "hours"}),
        who={
            "decide": DECIDES,
            "confirm": DECIDES,
            "at_once": DECIDES,
            "uphold": DECIDES,
            "lift": DECIDES,
            "drop": PROPOSES,
            **dict.fromkeys(("expire", "fall", "shorten", "revoke"), CLOCKWORK),
        },
        steps={
            "proposed": {"decide": "decided", "confirm": "in_force", "at_once": "provisional", "drop": "dropped", "fall": "fallen"},
            "provisional": {"uphold": "in_force", "drop": "dropped", "expire": "expired", "fall": "fallen", "revoke": "revoked"},
            "in_force": {"lift": "lifted", "expire": "expired", "fall": "fallen", "shorten": "in_force", "revoke": "revoked"},
            "decided": {"revoke": "revoked"},
            "revoked": {},
            "dropped": {},
            "lifted": {},
            "expired": {},
            "fallen": {},
        },
        strong={"decide", "confirm", "at_once", "uphold", "lift"},
        stamps={
            "decide": "decided_at",
            "confirm": "decided_at",
            "at_once": "decided_at",
            "drop": "ended_at",
            "lift": "ended_at",
            "expire": "ended_at",
            "fall": "ended_at",
            "revoke": "ended_at",
        },
        idle="heard_at",
        seen="resumption.see",
        may_hold={"confirm": {"hours"}, "at_once": {"hours"}, "uphold": {"hours"}, "fall": {"why"}, "shorten": {"hours"}},
        runs={
            "proposed": ("hear", NOW + 24 * HOURS, "", ""),
            "provisional": ("at_once", NOW + 48 * HOURS, "", "expire"),
            "in_force": ("holds", NOW + 72 * HOURS, "", "expire"),
        },
        facts={"asked_by": "somebody", "heard_at": None, "asked_at": BEFORE},
        cases=[
            Case("who proposed does not refuse", "proposed", "decide", "approver", "SamePerson", {"kind": "refusal"}, by="asked_by"),
            Case("nor suspend", "proposed", "confirm", "approver", "SamePerson", by="asked_by"),
            Case("nor at once", "proposed", "at_once", "approver", "SamePerson", {"urgent": True}, by="asked_by"),
            Case("nor uphold", "provisional", "uphold", "approver", "SamePerson", by="asked_by"),
            Case("nor lift", "in_force", "lift", "approver", "SamePerson", by="asked_by"),
            Case("a town decides nothing of the district's", "proposed", "confirm", "town_leader", "NotYours", {"route": "district"}),
            Case("nor lifts it", "in_force", "lift", "town_leader", "NotYours", {"route": "district"}),
            Case("nor upholds it", "provisional", "uphold", "town_leader", "NotYours", {"route": "district"}),
            Case("nor at once", "proposed", "at_once", "town_leader", "NotYours", {"route": "district", "urgent": True}),
            Case("nor refuses", "proposed", "decide", "town_leader", "NotYours", {"route": "district", "kind": "refusal"}),
            Case("another refuses what was heard", "proposed", "decide", "approver", None, {"kind": "refusal"}),
            Case("another suspends what was heard", "proposed", "confirm", "approver", None),
            Case("another excludes", "proposed", "confirm", "approver", None, {"kind": "exclusion"}),
            Case("at once where it is urgent", "proposed", "at_once", "approver", None, {"urgent": True, **UNHEARD}),
            Case("and only there", "proposed", "at_once", "approver", "NotUrgent", UNHEARD),
            Case("only a suspension is done at once", "proposed", "at_once", "approver", "OtherKind", EXCLUSION_NOW),
            Case("a refusal is not confirmed", "proposed", "confirm", "approver", "OtherKind", {"kind": "refusal"}),
            Case("a suspension is not a refusal", "proposed", "decide", "approver", "OtherKind"),
            Case("nothing is refused unheard", "proposed", "decide", "approver", "NotYetHeard", {"kind": "refusal", **UNHEARD}),
            Case("nor suspended", "proposed", "confirm", "approver", "NotYetHeard", UNHEARD),
            Case("nor upheld", "provisional", "uphold", "approver", "NotYetHeard", UNHEARD),
            Case("who is silent is not waited for longer", "proposed", "confirm", "approver", None, SILENT),
            Case("upheld after the hearing", "provisional", "uphold", "approver", None),
            Case("lifted by another", "in_force", "lift", "approver", None),
            Case("who assessed does not refuse", "proposed", "decide", "approver", "AssessorMayNotDecide", ASSESSED),
            Case("another than the assessor does", "proposed", "decide", "town_leader", None, ASSESSED),
        ],
    ),
    "resumption.appeal": Promise(
        appeals.APPEALS,
        appeals,
        opens=("ask", {*KEEPS, "enterprise_contact"}, 0 * HOURS, "asked_at", {"way"}),
        who={
            **dict.fromkeys(("take", "decline", "answer", "uphold", "change", "revoke"), TOWN),
            "withdraw": {*KEEPS, "enterprise_contact"},
        },
        steps={
            "asked": {"take": "taken", "decline": "declined", "withdraw": "withdrawn"},
            "taken": {"answer": "answered", **ENDED},
            "answered": ENDED,
            "upheld": {},
            "changed": {},
            "revoked": {},
            "declined": {},
            "withdrawn": {},
        },
        stamps={"take": "taken_at", "answer": "answered_at", "decline": "settled_at", **dict.fromkeys(ENDED, "settled_at")},
        idle="settled_at",
        strong={"change", "revoke"},
        seen="resumption.see",
        may_hold={"change": {"hours"}},
        runs={"taken": ("answer", at("2022-05-24", "00:00"), "office", "")},
        facts={"office": "镇街"},
        cases=[
            Case("who decided does not say it was upheld", "taken", "uphold", "bureau_clerk", "OwnDecision", by="decider"),
            Case("nor changed", "taken", "change", "bureau_clerk", "OwnDecision", by="decider"),
            Case("nor revoked", "answered", "revoke", "bureau_clerk", "OwnDecision", by="decider"),
            Case("nor not taken", "asked", "decline", "bureau_clerk", "OwnDecision", by="decider"),
            Case("who asked does not say it was upheld", "taken", "uphold", "town_clerk", "OwnAppeal", by="asker"),
            Case("nor changed", "answered", "change", "bureau_clerk", "OwnAppeal", by="asker"),
            Case("nor revoked", "taken", "revoke", "bureau_clerk", "OwnAppeal", by="asker"),
            Case("who proposed the act does not say it was revoked", "answered", "revoke", "bureau_clerk", "OwnAppeal", by="proposer"),
            Case("another does", "answered", "uphold", "town_clerk", None),
            Case("a town writes nothing about the district's", "asked", "take", "town_clerk", "NotYours", {"route": "district"}),
            Case("nor that it was not taken", "asked", "decline", "town_clerk", "NotYours", {"route": "district"}),
            Case("nor an answer", "taken", "answer", "town_clerk", "NotYours", {"route": "district"}),
            Case("nor that it was upheld", "taken", "uphold", "town_clerk", "NotYours", {"route": "district"}),
            Case("nor changed", "answered", "change", "town_clerk", "NotYours", {"route": "district"}),
            Case("nor revoked", "taken", "revoke", "town_clerk", "NotYours", {"route": "district"}),
            Case("the district does", "taken", "revoke", "bureau_clerk", None, {"route": "district"}),
        ],
    ),
    "resumption.lookback": Promise(
        lookbacks.LOOKBACKS,
        lookbacks,
        opens=("draw", CLOCKWORK, 0 * HOURS, "drawn_at", {"why", "days"}),
        who={"ok": LOOKS, "mend": LOOKS, "escalate": LOOKS, "mended": CONTACT, "due": CLOCKWORK, "drop": CLOCKWORK},
        steps={
            "drawn": {"ok": "fine", "mend": "mending", "escalate": "escalated", "drop": "dropped"},
            "mending": {"mended": "again", "due": "again", "drop": "dropped"},
            "again": {"ok": "fine", "mend": "mending", "escalate": "escalated", "drop": "dropped"},
            "fine": {},
            "escalated": {},
            "dropped": {},
        },
        stamps={"ok": "looked_at", "mend": "looked_at", "escalate": "looked_at"},
        idle="drawn_at",
        seen="resumption.see",
        may_hold={"ok": {"asked", "wrong"}, "mend": {"asked", "wrong", "hours"}, "escalate": {"asked", "wrong"}, "drop": {"why"}},
        runs={
            "drawn": ("look", at("2022-05-10", "00:00"), "office", ""),
            "again": ("look", at("2022-05-10", "00:00"), "office", ""),
            "mending": ("mend", NOW + 24 * HOURS, "", "due"),
        },
        facts={"office": "镇街", "mend_hours": 24},
        cases=[
            Case("who was not sent does not look", "drawn", "ok", "town_clerk", "SentToAnother", {"assigned_to": str(UUID(int=0))}),
            Case("nor asks to mend", "again", "mend", "town_clerk", "SentToAnother", {"assigned_to": str(UUID(int=0))}),
            Case("nor sends on", "drawn", "escalate", "town_clerk", "SentToAnother", {"assigned_to": str(UUID(int=0))}),
            Case("who assessed does not look", "drawn", "ok", "assessor", "OwnVisit", {"of_application": "approved"}, by="assessed_by"),
            Case("nor asks to mend", "drawn", "mend", "assessor", "OwnVisit", {"of_application": "approved"}, by="assessed_by"),
            Case("nor sends on", "drawn", "escalate", "assessor", "OwnVisit", {"of_application": "approved"}, by="assessed_by"),
            Case("what is not permitted is not", "drawn", "escalate", "town_clerk", "NothingToBurden", {"of_application": "withdrawn"}),
            Case("what nobody applied for neither", "drawn", "escalate", "town_clerk", "NothingToBurden", {"of_application": ""}),
            Case("what is permitted is sent on", "drawn", "escalate", "town_clerk", None, {"of_application": "approved"}),
            Case("also at work", "again", "escalate", "town_clerk", None, {"of_application": "resumed"}),
            Case("another looks", "drawn", "ok", "town_clerk", None, {"of_application": "approved"}),
        ],
    ),
    "resumption.plan_line": Promise(
        firm_plans.PLAN_LINES,
        firm_plans,
        opens=("add", KEEPS, 0 * HOURS, "added_at", {"owner", "hours"}),
        who={"tick": OWNS, "postpone": KEEPS, "reopen": KEEPS, "drop": KEEPS},
        steps={
            "open": {"tick": "done", "postpone": "extended", "drop": "dropped"},
            "extended": {"tick": "done", "drop": "dropped"},
            "done": {"reopen": "open"},
            "dropped": {},
        },
        stamps={"tick": "done_at"},
        idle="added_at",
        seen="resumption.see",
        may_hold={"postpone": {"hours"}, "reopen": {"hours"}},
        runs={"open": ("due", NOW + 24 * HOURS, "office", ""), "extended": ("later", NOW + 24 * HOURS, "office", "")},
        facts={"office": "镇街", "hours": 24, "owner": "bureau"},
        cases=[
            Case("another office does not tick it", "open", "tick", "town_clerk", "OthersLine"),
            Case("nor when it is put off", "extended", "tick", "fire_clerk", "OthersLine"),
            Case("another person does not", "open", "tick", "bureau_clerk", "OthersLine", {"owner_person": str(UUID(int=0))}),
            Case("its owner does", "open", "tick", "bureau_clerk", None),
            Case("also later", "extended", "tick", "bureau_clerk", None),
        ],
    ),
}
ROWS: dict[Any, Row] = {
    Appeal: lambda ground, facts, save: {
        "burden_id": uuid4(),
        "enterprise_id": ground.firm,
        "way": "review",
        "route": "town",
        "decider": "x",
        "organ": "区人民政府",
        "asked_on": BEFORE.date(),
        "told_by_name": "x",
    },
    Burden: lambda ground, facts, save: {
        "enterprise_id": ground.firm,
        "incident_id": ground.incident,
        "kind": "suspension",
        "route": "town",
        "ground": "risk",
        "basis": "《通告》第三条",
        "reason": "试",
        "evidence": [{"item": "x", "name": "x"}],
        "hours": 72,
        "asked_by": "x",
        "asked_by_name": "x",
        "asked_at": BEFORE,
        "until": NOW,
    },
    Inspection: lambda ground, facts, save: {
        "enterprise_id": ground.firm,
        "pack": "epidemic",
        "why": "share",
        "day": BEFORE.date(),
        "days": 0,
        "application": standing_at(ground, facts.pop("of_application", ""), facts.pop("assessed_by", ""), save=save),
    },
    PlanLine: lambda ground, facts, save: {"plan_id": ground.plan, "what": "试", "due_on": NOW.date()},
}
"""Columns without which no row of theirs can stand."""
