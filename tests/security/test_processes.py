"""What the small processes promise, said here by hand: incidents, areas, proposals, schools, and the toy of the kernel's tests.

Each promise is compared with what the engine does to rows put straight into a state, in a transaction that is undone;
then the table is spoiled in every small way, and each spoiling must be noticed. Resumption has a walker of its own."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import transaction

from qifu.areas.casework import workflow as casework
from qifu.areas.casework.models import Case as Trouble
from qifu.areas.casework.models import Help
from qifu.areas.insight import workflow as insight
from qifu.areas.insight.models import Bulletin
from qifu.areas.mobilisation import workflow as mobilisation
from qifu.areas.mobilisation.models import Call, Notice, Roster, Stay, Turn, Volunteer
from qifu.areas.mobilisation.models import Loan as Lent
from qifu.areas.response import process as response
from qifu.areas.response.models import ControlArea, Incident, Measure, Proposal
from qifu.areas.resumption import burdens, firm_plans, lookbacks
from qifu.areas.resumption.models import Application, Burden, Inspection, PlanLine
from qifu.areas.returns import workflow as returns
from qifu.areas.returns.models import Blank, Filing
from qifu.areas.schools import law
from qifu.areas.schools import workflow as schools
from qifu.areas.schools.models import School
from qifu.areas.services import workflow as services
from qifu.areas.services.models import Appointment, Article, Certificate, Order
from qifu.areas.visits import workflow as visits
from qifu.areas.visits.models import Opinion, Territory, Visit
from qifu.areas.visits.models import Plan as TerritoryPlan
from qifu.kernel import jurisdiction
from qifu.kernel.access import DOOR, ActionRefused, Actor, acting
from qifu.kernel.access.hats import machine
from qifu.kernel.access.tests.factories import at, officer
from qifu.kernel.actions import run
from qifu.kernel.booking.models import Slot
from qifu.kernel.calendar import clock
from qifu.kernel.journal.models import Entry
from qifu.kernel.workflow.engine import Workflow, workflows
from qifu.kernel.workflow.models import ClockRun
from qifu.kernel.workflow.tests.spoiling import Spoiling, spoiled, spoilings
from qifu.kernel.workflow.tests.toy import process as toy
from qifu.kernel.workflow.tests.toy.models import Loan

NOW = at("2022-05-09")
"""A Monday."""
BEFORE = at("2022-05-04")
EARLY = at("2022-04-01")
HOURS = timedelta(hours=1)


@dataclass
class Case:
    """A row that a guard is about: what it must say, and to whom."""

    name: str
    state: str
    verb: str
    role: str
    code: str | None
    facts: dict[str, Any] = field(default_factory=dict)
    by: str = ""
    """The column that names the actor."""


@dataclass
class Promise:
    """What one process promises, without a look at its table."""

    workflow: Workflow
    guards: ModuleType
    opens: tuple[str, set[str], timedelta, str | None, set[str]]
    """verb, roles, how late, stamp, what the entry may hold"""
    who: dict[str, set[str]]
    steps: dict[str, dict[str, str]]
    idle: str
    seen: str
    strong: set[str] = field(default_factory=set)
    late: dict[str, timedelta] = field(default_factory=dict)
    stamps: dict[str, str] = field(default_factory=dict)
    may_hold: dict[str, set[str]] = field(default_factory=dict)
    runs: dict[str, tuple[str, datetime, str, str]] = field(default_factory=dict)
    """state -> clock, when due if begun on this Monday, whose column, what it tries when overdue"""
    pauses: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    """Columns with which every guard lets every step pass."""
    cases: list[Case] = field(default_factory=list)


MACHINES = {"system", "replay"}
SWITCH, ZONE, LAYER = {"control_office", "leader", *MACHINES}, {"control_office", *MACHINES}, {"control_office"}
CONSENTS, REPORTS = {"education_clerk"}, {"school_head"}
WRITES, REVIEWS, SIGNS = {"bureau_clerk", "control_office", "timer", *MACHINES}, {"bureau_clerk", "control_office", "approver"}, {"leader"}
FILLS = {"bureau_clerk", "control_office"}
FORWARD, TOWN = {"town_clerk", "zone_clerk"}, {"town_clerk", "zone_clerk", "bureau_clerk"}

PROPOSES = {"town_clerk", "zone_clerk", "bureau_clerk", "assessor", "town_leader", "approver"}
KEEPS = {"town_clerk", "zone_clerk", "bureau_clerk"}
OWNS = {*KEEPS, "enterprise_contact", "liaison", "fire_clerk", "health_clerk", "labour_clerk", "industry_clerk"}
LOOKS, CONTACT = {"town_clerk", "zone_clerk", "assessor"}, {"enterprise_contact", "town_clerk", "zone_clerk", "call_taker"}
DECIDES, CLOCKWORK = {"town_leader", "approver"}, {"timer", "system"}
ASKS = {"enterprise_contact", "town_clerk", "zone_clerk", "liaison", "bureau_clerk", "fire_clerk", "labour_clerk", "call_taker"}
OPENS, SERVES, CERTIFIES = {"bureau_clerk"}, {"fire_clerk"}, {"liaison", "town_clerk", "zone_clerk", "bureau_clerk"}
ANSWERS, PUBLISHES = {"bureau_clerk", "fire_clerk", "labour_clerk", "health_clerk", "call_taker"}, {"bureau_clerk", "approver"}
TONIGHT: dict[str, Any] = {"held_at": NOW, "starts_at": at("2022-05-09", "18:00")}
GOES = {"liaison", "town_clerk", "zone_clerk", "bureau_clerk", "timer", *MACHINES}
GIVES = {"town_clerk", "zone_clerk", "bureau_clerk", "town_leader", *MACHINES}
UNHEARD: dict[str, Any] = {"heard_at": None, "asked_at": NOW - HOURS}
SILENT: dict[str, Any] = {"heard_at": None, "asked_at": NOW - 24 * HOURS}
ASSESSED: dict[str, Any] = {"kind": "refusal", "assessed": 1}
EXCLUSION_NOW: dict[str, Any] = {"urgent": True, "kind": "exclusion"}

TELLS = {"control_office", "bureau_clerk", "town_clerk", "zone_clerk", "replay"}
"""Writes notices; organises volunteers."""
ISSUES = {"control_office", "approver", "leader", "town_leader", "replay"}
PLANS, JOINS = {"control_office", "town_clerk", "zone_clerk", "replay"}, {"volunteer", "replay"}
ON_DUTY = {
    "liaison", "town_clerk", "town_leader", "zone_clerk", "bureau_clerk", "approver", "fire_clerk", "health_clerk", "labour_clerk",
    "education_clerk", "control_office", "key_list_clerk", "leader", "call_taker", "industry_clerk", "unit_admin", "replay",
}  # fmt: skip
LENDS = {"approver", "town_leader", "leader", "replay"}
AHEAD: dict[str, Any] = {"starts_at": NOW + 24 * HOURS, "ends_at": NOW + 33 * HOURS}

SORTS = {"town_clerk", "zone_clerk", "bureau_clerk", "discipline"}
CALLS = {*SORTS, "call_taker"}
HANDLES = {*SORTS, "fire_clerk", "health_clerk", "labour_clerk", "industry_clerk"}
RECORDS = {"enterprise_contact", "liaison", "town_clerk", "zone_clerk", "bureau_clerk", "call_taker", "letterbox"}
ELSEWHERE: dict[str, Any] = {"office": "elsewhere"}

PROMISES: dict[str, Promise] = {
    "response.incident": Promise(
        response.INCIDENTS, response,
        opens=("declare", SWITCH, 12 * HOURS, "declared_at", {"pack", "level", "document", "on"}),
        who={"set_level": SWITCH, "end": SWITCH},
        steps={"declared": {"set_level": "declared", "end": "ended"}, "ended": {}},
        strong={"set_level", "end"}, stamps={"end": "ended_at"}, idle="declared_at", seen="response.see",
        may_hold={"set_level": {"level", "before", "document", "on", "off"}, "end": {"document", "off", "areas"}},
    ),
    "response.area": Promise(
        response.AREAS, response,
        opens=("draw", ZONE, 0 * HOURS, "drawn_at", {"klass", "document", "places", "sites"}),
        who={"confirm": ZONE, "drop": ZONE, "lift": ZONE},
        steps={"drawn": {"confirm": "in_force", "drop": "dropped"}, "in_force": {"lift": "lifted"}, "dropped": {}, "lifted": {}},
        stamps={"confirm": "confirmed_at", "lift": "lifted_at"}, idle="drawn_at", seen="response.see",
        may_hold={"confirm": {"klass", "document", "touched"}, "drop": {"why"}, "lift": {"document", "why"}},
    ),
    "response.proposal": Promise(
        response.PROPOSALS, response,
        opens=("ask", ZONE, 0 * HOURS, None, {"key", "kind", "document"}),
        who={"approve": LAYER, "refuse": LAYER, "withdraw": ZONE},
        steps={
            "asked": {"approve": "approved", "refuse": "refused", "withdraw": "withdrawn"}, "approved": {}, "refused": {}, "withdrawn": {},
        },
        strong={"approve"}, stamps={"approve": "decided_at", "refuse": "decided_at"}, idle="until", seen="response.see",
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
    "schools.reopening": Promise(
        schools.REOPENING, schools,
        opens=("register", CONSENTS, 0 * HOURS, None, {"pupils", "staff"}),
        who={
            "quarantine": LAYER, "release": LAYER, "self_check": REPORTS, "check_again": REPORTS, "report": REPORTS,
            "consent": CONSENTS, "study": CONSENTS, "refuse": CONSENTS, "district_reply": LAYER, "district_refuse": LAYER,
            "open": REPORTS, "close": CONSENTS,
        },
        steps={
            "closed": {"quarantine": "quarantined", "self_check": "self_checked"},
            "self_checked": {"quarantine": "quarantined", "self_check": "self_checked", "report": "reported"},
            "quarantined": {"release": "released"},
            "released": {"check_again": "released", "report": "reported"},
            "reported": {"quarantine": "quarantined", "consent": "consented", "study": "studied", "refuse": "closed"},
            "studied": {"quarantine": "quarantined", "district_reply": "district_replied", "district_refuse": "closed"},
            "consented": {"quarantine": "quarantined", "open": "open", "close": "closed"},
            "district_replied": {"quarantine": "quarantined", "open": "open", "close": "closed"},
            "open": {"quarantine": "quarantined", "close": "closed"},
        },
        strong={"quarantine", "release", "consent", "refuse", "district_reply", "district_refuse", "close"},
        stamps={"report": "reported_at", "consent": "consented_at", "open": "opened_at"}, idle="opened_at", seen="school.see",
        may_hold={"self_check": {"confirmed", "of"}, "check_again": {"confirmed", "of"}, "report": {"absent"}, "open": {"absent"}},
        runs={"reported": ("consent", at("2022-05-11", "00:00"), "office", "")},
        facts={"reporter": "head", "office": "教育局", "planned_at": NOW},
        cases=[
            Case("an incomplete check is not reported", "self_checked", "report", "school_head", "CheckIncomplete", {"checks": {}}),
            Case("a school in a closed area does not report", "self_checked", "report", "school_head", "SchoolInClosedArea", {"closed": 1}),
            Case("nor is it consented to", "reported", "consent", "education_clerk", "SchoolInClosedArea", {"closed": 1}),
            Case("nor replied to", "studied", "district_reply", "control_office", "SchoolInClosedArea", {"closed": 1, "two_levels": True}),
            Case("nor does it open", "consented", "open", "school_head", "SchoolInClosedArea", {"closed": 1}),
            Case("not before the day of the measure", "reported", "consent", "education_clerk", "TooEarly", {"planned_at": EARLY}),
            Case("nor above", "studied", "district_reply", "control_office", "TooEarly", {"planned_at": EARLY, "two_levels": True}),
            Case("after a quarantine two levels decide", "reported", "consent", "education_clerk", "TwoLevels", {"two_levels": True}),
            Case("without one, one does", "reported", "study", "education_clerk", "OneLevel"),
            Case("after one, the bureau studies", "reported", "study", "education_clerk", None, {"two_levels": True}),
            Case("who reported does not consent", "reported", "consent", "education_clerk", "ReporterMayNotConsent", by="reporter"),
            Case("nor refuse", "reported", "refuse", "education_clerk", "ReporterMayNotConsent", by="reporter"),
            Case("nor study", "reported", "study", "education_clerk", "ReporterMayNotConsent", {"two_levels": True}, by="reporter"),
            Case("nor reply", "studied", "district_reply", "control_office", "ReporterMayNotConsent", by="reporter"),
            Case("nor refuse above", "studied", "district_refuse", "control_office", "ReporterMayNotConsent", by="reporter"),
            Case("who studied does not reply", "studied", "district_reply", "control_office", "StudierMayNotReply", by="studier"),
            Case("another replies", "studied", "district_reply", "control_office", None, {"studier": "bureau"}),
            Case("who was never written down is nobody", "reported", "consent", "education_clerk", None, {"reporter": ""}),
            Case("not before the day consented to", "consented", "open", "school_head", "TooEarly", {"planned_at": NOW + HOURS}),
            Case("from that day", "consented", "open", "school_head", None, {"planned_at": NOW}),
            Case("without a day", "consented", "open", "school_head", None, {"planned_at": None}),
        ],
    ),
    "insight.bulletin": Promise(
        insight.BULLETINS, insight,
        opens=("draft", WRITES, 0 * HOURS, "drafted_at", {"issue", "figures"}),
        who={
            "edit": WRITES, "recompute": WRITES, "review": REVIEWS, "void": REVIEWS, "send_back": SIGNS, "sign": SIGNS, "publish": WRITES,
        },
        steps={
            "draft": {"edit": "draft", "recompute": "draft", "review": "reviewed", "void": "void"},
            "reviewed": {"send_back": "draft", "sign": "signed", "void": "void"},
            "signed": {"publish": "published"}, "published": {}, "void": {},
        },
        strong={"sign"}, stamps={"review": "reviewed_at", "sign": "signed_at", "publish": "published_at"}, idle="published_at",
        seen="insight.see",
        may_hold={"edit": {"own"}, "recompute": {"figures"}, "send_back": {"reason"}, "sign": {"digest"}, "void": {"reason"}},
        runs={"draft": ("sign", at("2022-05-10", "00:00"), "office", ""), "reviewed": ("sign", at("2022-05-10", "00:00"), "office", "")},
        facts={"filler": "drafter", "office": "拱墅区"},
        cases=[
            Case("who drafted does not review", "draft", "review", "bureau_clerk", "AnotherReviews", by="filler"),
            Case("who drafted does not sign", "reviewed", "sign", "leader", "AnotherSigns", by="filler"),
            Case("nor who reviewed", "reviewed", "sign", "leader", "AnotherSigns", by="reviewer"),
            Case("a third person does", "reviewed", "sign", "leader", None, {"reviewer": "clerk"}),
            Case("who signed does not publish", "signed", "publish", "bureau_clerk", "AnotherPublishes", by="signer"),
            Case("another does", "signed", "publish", "bureau_clerk", None, {"signer": "leader"}),
        ],
    ),
    "resumption.burden": Promise(
        burdens.BURDENS, burdens,
        opens=("propose", PROPOSES, 0 * HOURS, "asked_at", {"kind", "ground", "evidence", "urgent", "hours"}),
        who={
            "decide": DECIDES, "confirm": DECIDES, "at_once": DECIDES, "uphold": DECIDES, "lift": DECIDES, "drop": PROPOSES,
            "expire": CLOCKWORK, "fall": CLOCKWORK,
        },
        steps={
            "proposed": {"decide": "decided", "confirm": "in_force", "at_once": "provisional", "drop": "dropped", "fall": "fallen"},
            "provisional": {"uphold": "in_force", "drop": "dropped", "expire": "expired", "fall": "fallen"},
            "in_force": {"lift": "lifted", "expire": "expired", "fall": "fallen"},
            "decided": {}, "dropped": {}, "lifted": {}, "expired": {}, "fallen": {},
        },
        strong={"decide", "confirm", "at_once", "uphold", "lift"},
        stamps={
            "decide": "decided_at", "confirm": "decided_at", "at_once": "decided_at", "drop": "ended_at", "lift": "ended_at",
            "expire": "ended_at", "fall": "ended_at",
        },
        idle="heard_at", seen="resumption.see",
        may_hold={"confirm": {"hours"}, "at_once": {"hours"}, "uphold": {"hours"}, "fall": {"why"}},
        runs={
            "proposed": ("hear", NOW + 24 * HOURS, "", ""), "provisional": ("at_once", NOW + 48 * HOURS, "", "expire"),
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
    "returns.blank": Promise(
        returns.TEMPLATES, returns,
        opens=("upload", FILLS, 0 * HOURS, "uploaded_at", {"sheets", "digest"}),
        who=dict.fromkeys(("map", "unmap", "retime", "start", "change", "stop"), FILLS),
        steps={
            "mapping": {"map": "mapping", "unmap": "mapping", "retime": "mapping", "start": "on", "stop": "stopped"},
            "on": {"change": "mapping", "stop": "stopped"}, "stopped": {},
        },
        stamps={"start": "started_at"}, idle="started_at", seen="insight.see",
        may_hold={"map": {"cell", "what", "cells"}, "unmap": {"cell"}, "retime": {"hour"}, "start": {"cells"}},
        facts={"mapper": "mapper", "cells": [{"sheet": 0, "cell": "B5", "figure": "F01", "part": "value", "place": 1}]},
        cases=[
            Case("who mapped does not put it in use", "mapping", "start", "bureau_clerk", "AnotherStarts", by="mapper"),
            Case("another does", "mapping", "start", "control_office", None),
            Case("nothing mapped is not put in use", "mapping", "start", "bureau_clerk", "NothingMapped", {"cells": []}),
        ],
    ),
    "returns.filing": Promise(
        returns.TABLES, returns,
        opens=("fill", {*FILLS, *CLOCKWORK}, 0 * HOURS, "filled_at", {"cells", "missing", "digest"}),
        who={"fill_again": {*FILLS, *CLOCKWORK}, "release": FILLS, "take_back": FILLS},
        steps={"filled": {"fill_again": "filled", "release": "released"}, "released": {"take_back": "filled"}},
        stamps={"release": "released_at"}, idle="released_at", seen="insight.see",
        may_hold={"fill_again": {"cells", "missing", "digest"}, "release": {"digest"}, "take_back": {"reason"}},
        runs={"filled": ("release", at("2022-05-10", "00:00"), "office", "")},
        facts={"office": "拱墅区", "missing": []},
        cases=[
            Case(
                "a table with a cell left open is not handed in", "filled", "release", "bureau_clerk", "CellsMissing",
                {"missing": [{"sheet": 0, "cell": "B5", "why": "?"}]},
            ),
        ],
    ),
    "mobilisation.notice": Promise(
        mobilisation.NOTICES, mobilisation,
        opens=("write", TELLS, 0 * HOURS, "written_at", {"version"}),
        who={
            **dict.fromkeys(("edit", "hand_in", "drop"), TELLS), **dict.fromkeys(("send_back", "publish", "replace", "take_back"), ISSUES),
        },
        steps={
            "drafted": {"edit": "drafted", "hand_in": "review", "drop": "dropped"},
            "review": {"send_back": "drafted", "publish": "published", "drop": "dropped"},
            "published": {"replace": "superseded", "take_back": "withdrawn"}, "superseded": {}, "withdrawn": {}, "dropped": {},
        },
        stamps={
            "hand_in": "handed_in_at", "publish": "published_at", "replace": "ended_at", "take_back": "ended_at", "drop": "ended_at",
        },
        idle="confirm_by", seen="mobilisation.duty", may_hold={"publish": {"audience", "version"}, "replace": {"version"}},
        facts={"author": "somebody"},
        cases=[
            Case("who wrote does not publish", "review", "publish", "control_office", "AnotherPublishes", by="author"),
            Case("another does", "review", "publish", "approver", None),
        ],
    ),
    "mobilisation.roster": Promise(
        mobilisation.ROSTERS, mobilisation,
        opens=("plan", PLANS, 0 * HOURS, None, {"days"}),
        who=dict.fromkeys(("people", "fill", "publish", "drop"), PLANS),
        steps={
            "drafted": {"people": "drafted", "fill": "drafted", "publish": "published", "drop": "dropped"}, "published": {}, "dropped": {},
        },
        stamps={"publish": "published_at"}, idle="published_at", seen="mobilisation.duty",
        may_hold={"people": {"people"}, "fill": {"filled", "empty"}, "publish": {"duties"}},
    ),
    "mobilisation.turn": Promise(
        mobilisation.TURNS, mobilisation,
        opens=("plan", PLANS, 0 * HOURS, None, {"day", "shift"}),
        who={
            **dict.fromkeys(("assign", "publish", "change", "drop"), PLANS),
            **dict.fromkeys(("ask", "agree", "decline", "unask", "take", "hand_over"), ON_DUTY),
        },
        steps={
            "drafted": {"assign": "drafted", "publish": "published", "drop": "dropped"},
            "published": {"ask": "asked", "change": "published", "take": "on_duty"},
            "asked": {"agree": "published", "decline": "published", "unask": "published", "change": "published"},
            "on_duty": {"hand_over": "handed_over"}, "handed_over": {}, "dropped": {},
        },
        late={"hand_over": 2 * HOURS}, stamps={"take": "taken_at", "hand_over": "handed_over_at"}, idle="taken_at", seen="registry.see",
        may_hold={verb: {"person"} for verb in ("assign", "ask", "agree", "change")},
        facts={"starts_at": NOW, "ends_at": NOW + 9 * HOURS},
        cases=[
            Case("one asks for one's own", "published", "ask", "bureau_clerk", None, AHEAD, by="person"),
            Case("not for another's", "published", "ask", "bureau_clerk", "NotYourDuty", AHEAD),
            Case("nor for what has begun", "published", "ask", "bureau_clerk", "BegunAlready", by="person"),
            Case("who is asked agrees", "asked", "agree", "bureau_clerk", None, AHEAD, by="swap_person"),
            Case("another does not", "asked", "agree", "bureau_clerk", "NotAskedYou", AHEAD, by="person"),
            Case("nor when it has begun", "asked", "agree", "bureau_clerk", "BegunAlready", by="swap_person"),
            Case("who is asked declines", "asked", "decline", "bureau_clerk", None, AHEAD, by="swap_person"),
            Case("another does not decline", "asked", "decline", "bureau_clerk", "NotAskedYou", AHEAD),
            Case("who asked takes it back", "asked", "unask", "bureau_clerk", None, AHEAD, by="person"),
            Case("another does not take it back", "asked", "unask", "bureau_clerk", "NotYourDuty", AHEAD),
            Case("one takes on one's own", "published", "take", "bureau_clerk", None, by="person"),
            Case("also an hour before", "published", "take", "bureau_clerk", None, {"starts_at": NOW + HOURS}, by="person"),
            Case("not sooner", "published", "take", "bureau_clerk", "NotYetTime", AHEAD, by="person"),
            Case("nor when it is over", "published", "take", "bureau_clerk", "NotYetTime", {"ends_at": NOW}, by="person"),
            Case("nor another's", "published", "take", "bureau_clerk", "NotYourDuty"),
            Case("one hands over one's own", "on_duty", "hand_over", "bureau_clerk", None, by="person"),
            Case("not another's", "on_duty", "hand_over", "bureau_clerk", "NotYourDuty"),
            Case("what is over is not changed", "published", "change", "control_office", "BegunAlready", {"ends_at": NOW}),
            Case("nor while somebody is asked", "asked", "change", "control_office", "BegunAlready", {"ends_at": NOW}),
        ],
    ),
    "mobilisation.call": Promise(
        mobilisation.CALLS, mobilisation,
        opens=("call", TELLS, 0 * HOURS, "called_at", {"need"}),
        who={"close": TELLS, "extend": TELLS, "reopen": TELLS}, may_hold={"extend": {"need"}},
        steps={"open": {"close": "closed", "extend": "open"}, "closed": {"reopen": "open"}},
        stamps={"close": "closed_at"}, idle="called_at", seen="mobilisation.duty",
    ),
    "mobilisation.volunteer": Promise(
        mobilisation.VOLUNTEERS, mobilisation,
        opens=("join", JOINS, 0 * HOURS, "joined_at", set()),
        who=dict.fromkeys(("train", "post", "leave"), TELLS),
        steps={
            "joined": {"train": "trained", "post": "posted", "leave": "left"}, "trained": {"post": "posted", "leave": "left"},
            "posted": {"post": "posted", "leave": "left"}, "left": {},
        },
        stamps={"train": "trained_at", "post": "posted_at"}, idle="joined_at", seen="mobilisation.duty", may_hold={"post": {"post"}},
        cases=[
            Case("nobody is posted untrained", "joined", "post", "town_clerk", "NotTrained", {"trained_at": None}),
            *[Case("trained is", state, "post", "town_clerk", None, {"trained_at": BEFORE}) for state in ("joined", "trained", "posted")],
        ],
    ),
    "mobilisation.stay": Promise(
        mobilisation.STAYS, mobilisation,
        opens=("come", JOINS, 0 * HOURS, "came_at", {"post"}),
        who={"go": JOINS, **dict.fromkeys(("mend", "credit", "void"), TELLS)},
        steps={
            "in": {"go": "out", "mend": "out", "void": "void"}, "out": {"mend": "out", "credit": "credited", "void": "void"},
            "credited": {}, "void": {},
        },
        stamps={"go": "went_at", "credit": "credited_at"}, idle="credited_at", seen="mobilisation.duty",
        may_hold={"go": {"minutes"}, "mend": {"minutes"}},
        facts={"came_at": BEFORE},
        cases=[
            Case("what is clear is credited", "out", "credit", "town_clerk", None, {"went_at": BEFORE + 12 * HOURS}),
            Case("what is not signed out is not", "out", "credit", "town_clerk", "HoursUnclear", {"went_at": None}),
            Case("nor what is too long", "out", "credit", "town_clerk", "HoursUnclear", {"went_at": BEFORE + 13 * HOURS}),
            Case("nor what never began", "out", "credit", "town_clerk", "HoursUnclear", {"came_at": None, "went_at": BEFORE}),
            Case("unless mended", "out", "credit", "town_clerk", None, {"went_at": BEFORE + 13 * HOURS, "mended_by": "x"}),
        ],
    ),
    "mobilisation.loan": Promise(
        mobilisation.LOANS, mobilisation,
        opens=("ask", ON_DUTY, 0 * HOURS, "asked_at", {"days"}),
        who={
            **dict.fromkeys(("cover", "rename", "drop"), ON_DUTY), **dict.fromkeys(("approve", "recall"), LENDS),
            "expire": {*CLOCKWORK, "replay"},
        },
        steps={
            "asked": {"cover": "covered", "rename": "asked", "drop": "dropped"},
            "covered": {"rename": "asked", "approve": "away", "drop": "dropped"},
            "away": {"recall": "back", "expire": "back"}, "back": {}, "dropped": {},
        },
        stamps={"approve": "approved_at", "recall": "back_at", "expire": "back_at"}, idle="asked_at", seen="registry.see",
        may_hold={"rename": {"person"}, "approve": {"hours"}},
        runs={"away": ("until", NOW + 24 * HOURS, "", "expire")},
        facts={"hours": 24, "asker": "somebody"},
        cases=[
            Case("who is to cover agrees", "asked", "cover", "bureau_clerk", None, by="cover"),
            Case("another does not", "asked", "cover", "bureau_clerk", "CoverAnswers", by="person"),
            Case("who goes asks another", "asked", "rename", "bureau_clerk", None, by="person"),
            Case("also later", "covered", "rename", "bureau_clerk", None, by="person"),
            Case("who asked for it may too", "asked", "rename", "bureau_clerk", None, by="asker"),
            Case("nobody else", "asked", "rename", "bureau_clerk", "NotYourLoan"),
            Case("who goes calls it off", "asked", "drop", "bureau_clerk", None, by="person"),
            Case("also when covered", "covered", "drop", "bureau_clerk", None, by="person"),
            Case("nobody else calls it off", "covered", "drop", "bureau_clerk", "NotYourLoan"),
            Case("who goes does not approve", "covered", "approve", "approver", "OwnLoan", by="person"),
            Case("another approves", "covered", "approve", "approver", None),
        ],
    ),
    "services.appointment": Promise(
        services.APPOINTMENTS, services,
        opens=("ask", ASKS, 0 * HOURS, "asked_at", {"service", "topic", "channel"}),
        who={
            "accept": SERVES, "decline": SERVES, "serve": SERVES, "miss": SERVES, "remind": CLOCKWORK,
            **dict.fromkeys(("book", "free", "again", "cancel"), ASKS),
        },
        steps={
            "asked": {"accept": "accepted", "decline": "declined", "book": "booked", "cancel": "cancelled"},
            "accepted": {"book": "booked", "decline": "declined", "cancel": "cancelled"},
            "booked": {"free": "accepted", "remind": "reminded", "serve": "served", "miss": "missed", "cancel": "cancelled"},
            "reminded": {"free": "accepted", "serve": "served", "miss": "missed", "cancel": "cancelled"},
            "missed": {"again": "accepted"}, "served": {}, "cancelled": {}, "declined": {},
        },
        stamps={"accept": "accepted_at", "book": "booked_at", "serve": "served_at"}, idle="ends_at", seen="services.see",
        may_hold={"book": {"start", "channel"}, "free": {"start"}, "serve": {"outcome"}, "miss": {"why"}},
        runs={
            "asked": ("answer", at("2022-05-11", "00:00"), "office", ""), "booked": ("remind", at("2022-05-09", "16:00"), "", "remind"),
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
        services.ARTICLES, services,
        opens=("write", ANSWERS, 0 * HOURS, None, set()),
        who={
            **dict.fromkeys(("edit", "revise", "edit_again", "give_up", "confirm"), ANSWERS), "publish": PUBLISHES, "retire": PUBLISHES,
        },
        steps={
            "draft": {"edit": "draft", "publish": "published", "retire": "retired"},
            "published": {"revise": "revising", "confirm": "published", "retire": "retired"},
            "revising": {"edit_again": "revising", "publish": "published", "give_up": "published", "retire": "retired"}, "retired": {},
        },
        stamps={"publish": "published_at"}, idle="since", seen="services.see",
        may_hold={"publish": {"number"}, "confirm": {"review_on"}},
        facts={"draft_answer": "答", "draft_source": "文", "writer": "somebody"},
        cases=[
            Case("who wrote does not publish", "draft", "publish", "bureau_clerk", "WriterDoesNotPublish", by="writer"),
            Case("nor a new version", "revising", "publish", "bureau_clerk", "WriterDoesNotPublish", by="writer"),
            Case("another does", "draft", "publish", "approver", None),
            Case("nothing without a source", "draft", "publish", "approver", "NothingWritten", {"draft_source": " "}),
            Case("nor without an answer", "revising", "publish", "approver", "NothingWritten", {"draft_answer": ""}),
        ],
    ),
    "services.order": Promise(
        services.ORDERS, services,
        opens=("apply", ASKS, 0 * HOURS, "applied_at", {"offer", "wanted"}),
        who={
            **dict.fromkeys(("open", "more", "decline", "verify", "send_back"), OPENS),
            **dict.fromkeys(("use", "stop", "withdraw", "buy"), ASKS), "subsidise": {"approver"},
        },
        steps={
            "applied": {"open": "opened", "decline": "declined", "withdraw": "withdrawn", "buy": "bought"},
            "opened": {"use": "in_use", "more": "opened", "stop": "stopped"}, "in_use": {"more": "opened", "stop": "stopped"},
            "bought": {"verify": "verified", "send_back": "applied"}, "verified": {"subsidise": "subsidised", "send_back": "applied"},
            "stopped": {}, "subsidised": {}, "declined": {}, "withdrawn": {},
        },
        strong={"subsidise"},
        stamps={"open": "opened_at", "use": "used_at", "buy": "bought_at", "subsidise": "subsidised_at"},
        idle="used_at", seen="services.see",
        may_hold={
            "open": {"accounts"}, "more": {"accounts"}, "buy": {"sets", "fen"}, "verify": {"sets", "fen"}, "subsidise": {"fen", "yuan"},
        },
        runs={
            "applied": ("open", at("2022-05-11", "00:00"), "office", ""), "bought": ("verify", at("2022-05-13", "00:00"), "office", ""),
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
        services.CERTIFICATES, services,
        opens=("find", ASKS, 0 * HOURS, "found_at", {"kind", "fen"}),
        who={
            **dict.fromkeys(("hand_in", "claim", "drop"), ASKS),
            **dict.fromkeys(("return", "issue", "refuse", "confirm", "ask_again"), CERTIFIES),
        },
        steps={
            "loss_found": {"hand_in": "papers", "drop": "dropped"},
            "papers": {"return": "loss_found", "issue": "issued", "refuse": "refused", "drop": "dropped"},
            "issued": {"claim": "claimed"}, "claimed": {"confirm": "value_saved", "ask_again": "issued"},
            "value_saved": {}, "refused": {}, "dropped": {},
        },
        stamps={"hand_in": "papers_at", "issue": "issued_at", "confirm": "saved_at"}, idle="issued_on", seen="services.see",
        may_hold={"issue": {"on"}, "claim": {"fen"}, "confirm": {"fen", "yuan"}},
        runs={"papers": ("issue", at("2022-05-13", "00:00"), "office", "")},
        facts={"office": "企服中心", "claimer": "somebody"},
        cases=[
            Case("who reported the value does not confirm it", "claimed", "confirm", "liaison", "ClaimantDoesNotConfirm", by="claimer"),
            Case("another does", "claimed", "confirm", "bureau_clerk", None),
        ],
    ),
    "resumption.lookback": Promise(
        lookbacks.LOOKBACKS, lookbacks,
        opens=("draw", CLOCKWORK, 0 * HOURS, "drawn_at", {"why", "days"}),
        who={"ok": LOOKS, "mend": LOOKS, "escalate": LOOKS, "mended": CONTACT, "due": CLOCKWORK, "drop": CLOCKWORK},
        steps={
            "drawn": {"ok": "fine", "mend": "mending", "escalate": "escalated", "drop": "dropped"},
            "mending": {"mended": "again", "due": "again", "drop": "dropped"},
            "again": {"ok": "fine", "mend": "mending", "escalate": "escalated", "drop": "dropped"},
            "fine": {}, "escalated": {}, "dropped": {},
        },
        stamps={"ok": "looked_at", "mend": "looked_at", "escalate": "looked_at"}, idle="drawn_at", seen="resumption.see",
        may_hold={"ok": {"asked", "wrong"}, "mend": {"asked", "wrong", "hours"}, "escalate": {"asked", "wrong"}, "drop": {"why"}},
        runs={
            "drawn": ("look", at("2022-05-10", "00:00"), "office", ""), "again": ("look", at("2022-05-10", "00:00"), "office", ""),
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
    "visits.territory": Promise(
        visits.HELD, visits,
        opens=("take", GIVES, 0 * HOURS, "since", {"part", "officer", "batch"}),
        who={"hand_over": GIVES, "end": GIVES}, steps={"held": {"hand_over": "ended", "end": "ended"}, "ended": {}},
        stamps={"hand_over": "until", "end": "until"}, idle="until", seen="visits.see",
        may_hold={"hand_over": {"why"}, "end": {"why"}},
    ),
    "visits.plan": Promise(
        visits.PROPOSED, visits,
        opens=("propose", GIVES, 0 * HOURS, "proposed_at", {"firms", "changes"}),
        who={"confirm": GIVES, "drop": GIVES},
        steps={"proposed": {"confirm": "confirmed", "drop": "dropped"}, "confirmed": {}, "dropped": {}},
        stamps={"confirm": "confirmed_at"}, idle="confirmed_at", seen="visits.see", may_hold={"confirm": {"changes", "skipped"}},
        facts={"proposer": "proposer"},
        cases=[
            Case("who proposed does not confirm", "proposed", "confirm", "town_clerk", "AnotherLooks", by="proposer"),
            Case("another does", "proposed", "confirm", "town_leader", None),
        ],
    ),
    "visits.visit": Promise(
        visits.MADE, visits,
        opens=("plan", GOES, 72 * HOURS, "planned_at", {"kind", "why"}),
        who={"record": GOES, "drop": GOES}, steps={"planned": {"record": "visited", "drop": "dropped"}, "visited": {}, "dropped": {}},
        late={"record": 72 * HOURS, "drop": 72 * HOURS}, stamps={"record": "visited_at"}, idle="visited_at", seen="visits.see",
        may_hold={"record": {"number", "opinions", "answered", "photos", "minutes"}, "drop": {"why"}},
        runs={"planned": ("visit", at("2022-05-17", "00:00"), "officer", "")}, facts={"officer": "officer"},
    ),
    "visits.opinion": Promise(
        visits.SAID, visits,
        opens=("note", GOES, 72 * HOURS, "noted_at", {"number", "need", "visit"}),
        who=dict.fromkeys(("answer", "pass_on", "solve", "reopen"), GOES),
        steps={
            "noted": {"answer": "answered", "pass_on": "passed"}, "answered": {}, "passed": {"solve": "solved"},
            "solved": {"reopen": "passed"},
        },
        late=dict.fromkeys(("answer", "pass_on", "solve", "reopen"), 72 * HOURS),
        stamps={"answer": "answered_at", "pass_on": "passed_at", "solve": "solved_at"}, idle="solved_at", seen="visits.see",
        may_hold={"answer": {"on_the_spot"}, "pass_on": {"case", "office"}, "solve": {"case"}, "reopen": {"why"}},
        facts={"answer": "见通告"},
    ),
    "casework.case": Promise(
        casework.CASES, casework,
        opens=("record", RECORDS, 24 * HOURS, "recorded_at", {"channel", "source"}),
        who={
            **dict.fromkeys(("classify", "assign", "reassign", "merge", "unmerge"), SORTS),
            **dict.fromkeys(("answer", "call_back", "reject", "close"), CALLS),
            **dict.fromkeys(("take", "contest", "wait", "go_on", "escalate", "resolve", "ask_more"), HANDLES),
            "settle": {"supervisor"}, "coordinate": {"bureau_clerk"}, "agree": {"enterprise_contact"}, "not_solved": {"enterprise_contact"},
            "allow_more": {"supervisor", "leader", "town_leader"}, "deny_more": {"supervisor", "leader", "town_leader"},
        },
        steps={
            "recorded": {"classify": "classified", "answer": "answered", "assign": "assigned", "merge": "merged"},
            "classified": {"classify": "classified", "answer": "answered", "assign": "assigned", "merge": "merged"},
            "answered": {"reject": "reopened", "not_solved": "reopened"},
            "assigned": {"reassign": "assigned", "take": "handling", "contest": "contested", "merge": "merged"},
            "contested": {"settle": "assigned"},
            "handling": {
                "wait": "waiting", "escalate": "escalated", "resolve": "resolved", "ask_more": "handling", "allow_more": "handling",
                "deny_more": "handling",
            },
            "waiting": {"go_on": "handling"}, "escalated": {"coordinate": "coordinating"},
            "coordinating": {"assign": "assigned", "resolve": "resolved"},
            "resolved": {"call_back": "confirmed", "agree": "confirmed", "reject": "reopened", "not_solved": "reopened"},
            "confirmed": {"close": "closed_out", "reject": "reopened", "not_solved": "reopened"},
            "closed_out": {"not_solved": "reopened"},
            "reopened": {"assign": "assigned", "take": "handling", "merge": "merged"}, "merged": {"unmerge": "recorded"},
        },
        stamps={"answer": "answered_at", "assign": "assigned_at", "take": "taken_at", "resolve": "resolved_at", "close": "closed_at"},
        idle="recorded_at", seen="case.see",
        may_hold={
            "classify": {"kind", "complexity"}, "answer": {"by"}, "assign": {"office", "rung", "over"},
            "reassign": {"office", "rung", "over"},
            "take": {"office"}, "contest": {"ground"}, "settle": {"office", "upheld"}, "wait": {"why"}, "escalate": {"rung", "office"},
            "coordinate": {"office"}, "resolve": {"ended"}, "ask_more": {"days"}, "allow_more": {"days"}, "call_back": {"score"},
            "agree": {"score"}, "reject": {"why"}, "not_solved": {"why"}, "merge": {"into"}, "unmerge": {"from"},
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
        casework.HELPING, casework,
        opens=("ask", HANDLES, 0 * HOURS, "asked_at", {"office"}),
        who=dict.fromkeys(("give", "decline", "drop"), HANDLES),
        steps={"asked": {"give": "given", "decline": "declined", "drop": "dropped"}, "given": {}, "declined": {}, "dropped": {}},
        stamps={"give": "given_at", "decline": "given_at"}, idle="asked_at", seen="case.see",
        runs={"asked": ("help", at("2022-05-13", "00:00"), "office_name", "")},
        facts={"office_name": "消防"},
        cases=[
            Case("another office does not answer", "asked", "give", "fire_clerk", "OtherOffice", ELSEWHERE),
            Case("nor say that it cannot", "asked", "decline", "fire_clerk", "OtherOffice", ELSEWHERE),
        ],
    ),
    "resumption.plan_line": Promise(
        firm_plans.PLAN_LINES, firm_plans,
        opens=("add", KEEPS, 0 * HOURS, "added_at", {"owner", "hours"}),
        who={"tick": OWNS, "postpone": KEEPS, "reopen": KEEPS, "drop": KEEPS},
        steps={
            "open": {"tick": "done", "postpone": "extended", "drop": "dropped"}, "extended": {"tick": "done", "drop": "dropped"},
            "done": {"reopen": "open"}, "dropped": {},
        },
        stamps={"tick": "done_at"}, idle="added_at", seen="resumption.see", may_hold={"postpone": {"hours"}, "reopen": {"hours"}},
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
    "toy.loan": Promise(
        toy.LOAN, toy,
        opens=("ask", FORWARD, timedelta(days=2), None, set()),
        who={"lend": TOWN, "give_back": FORWARD, "mend": FORWARD, "mended": FORWARD, "ask_again": FORWARD, "lose": CLOCKWORK},
        steps={
            "asked": {"lend": "lent"}, "lent": {"give_back": "back", "mend": "repair", "lose": "lost"}, "repair": {"mended": "lent"},
            "back": {"ask_again": "asked"}, "lost": {},
        },
        late={"give_back": 24 * HOURS}, stamps={"lend": "lent_at", "give_back": "returned_at"}, idle="returned_at", seen="resumption.see",
        may_hold={"lend": {"fen"}},
        runs={"asked": ("answer", at("2022-05-10", "00:00"), "", ""), "lent": ("return", at("2022-05-13", "00:00"), "", "lose")},
        pauses={"repair": "return"},
        facts={"borrower": "reader"},
        cases=[Case("nobody lends to oneself", "asked", "lend", "town_clerk", "BorrowerMayNotLend", by="borrower")],
    ),
}  # fmt: skip


def test_every_process_states_its_promise() -> None:
    """Tests that a new process comes with a promise, here or by a walker of its own."""
    assert set(workflows) == {*PROMISES, "resumption.application"}


# ---------------------------------------------------------------- the ground


@dataclass
class Ground:
    """A district with an incident, its measures, an actor of every role, and one of the city above."""

    place: int
    district: int
    home: int
    closed: int
    incident: UUID
    measure: UUID
    by_role: dict[str, Actor]
    checks: dict[str, bool]
    firm: UUID
    assessed: UUID
    """An application that the approver has assessed."""
    plan: UUID
    case: UUID


@pytest.fixture(scope="module")
def ground(module_database: Any) -> Iterator[Ground]:
    with clock.use(clock.Fixed(BEFORE)) as hands:
        district = jurisdiction.by_code("330105")
        assert district is not None
        home = district.id
        town, closed, *_ = (one for one in jurisdiction.children(home) if one.kind in ("town", "subdistrict"))
        office = officer("control_office", home)
        incident = run("response.declare", {"pack": "epidemic", "level": "II", "place": str(home)}, actor=office).result
        with acting(office):
            measure = Measure._base_manager.filter(incident=incident.id, kind="area").first().id
        drawn = run("response.area.draw", {"klass": "lockdown", "document": "1号", "places": [str(closed.id)]}, actor=office).result
        assert run("response.area.confirm", {"area": drawn.id}, actor=office).ok
        with (settings.PACKS / "roles.csv").open(encoding="utf-8", newline="") as file:
            roles = [row["code"] for row in csv.DictReader(file)]
        people = {role: officer(role, home) for role in roles}
        people["city:control_office"] = officer("control_office", jurisdiction.lineage(home)[1])
        with acting(DOOR):
            people |= {role: machine(role) for role in ("timer", "system", "replay")}
        hands.set(NOW)
        with acting(office):
            rule, _ = law.rule_at(town.id, NOW)
        checks = dict.fromkeys(_codes(rule.checks), True)
        firm = run("registry.register", {"name": "杭州试验机械有限公司", "uscc": "", "region": town.id}, actor=people["bureau_clerk"])
        assert firm.ok, firm
        assessed = uuid4()
        with acting(people["system"]):
            Application._base_manager.create(
                id=assessed, number="2022-0001", enterprise_id=firm.result.id, incident_id=incident.id, regime="approval", route="town",
                planned_at=NOW, head_count=1, state="passed", state_at=BEFORE, assessor=people["approver"].id, region=town.id,
                district=330105, party=firm.result.id,
            )  # fmt: skip
        with acting(office):
            Slot.objects.create(service="fire", place=home, office="消防", starts_at=NOW, ends_at=NOW + HOURS, capacity=1)
        plan = run("resumption.firm_plan.write", {"enterprise": firm.result.id, "aim": "缺工"}, actor=people["bureau_clerk"])
        assert plan.ok, plan
        case = run("casework.record", {"text": "缺普工", "channel": "hotline"}, actor=people["call_taker"])
        assert case.ok, case
        yield Ground(
            town.id, 330105, home, closed.id, incident.id, measure, people, checks, firm.result.id, assessed, plan.result.id, case.result.id
        )


def _codes(checks: Any) -> list[str]:
    return [getattr(item, "code", item) for item in checks]


class Undone(Exception):
    """Ends a block whose writes are not to stay."""


@contextmanager
def undone(ground: Ground) -> Iterator[None]:
    """Act as one who reaches everything, in a transaction of which nothing stays."""
    with suppress(Undone), acting(ground.by_role["system"]):
        yield
        raise Undone


@contextmanager
def forgotten() -> Iterator[None]:
    with suppress(Undone), transaction.atomic():
        yield
        raise Undone


def make(ground: Ground, promise: Promise, state: str, facts: dict[str, Any], *, save: bool = True) -> Any:
    """Put a row of a process straight into a state, with the clocks that would run there."""
    model = promise.workflow.model
    facts = promise.facts | facts
    region = ground.closed if facts.pop("closed", 0) else ground.place
    facts |= {"application_id": ground.assessed} if facts.pop("assessed", 0) else {}
    facts |= {"place": ground.home} if facts.pop("of_district", 0) else {}
    values = {
        Incident: {"pack": "typhoon", "title": "试", "level": "II", "level_at": BEFORE, "declared_by": "x"},
        ControlArea: {
            "incident_id": ground.incident, "measure_id": ground.measure, "klass": "lockdown", "name": "试", "places": [ground.place],
            "document": "1号", "since": BEFORE, "drawn_by": "x",
        },
        Proposal: {
            "incident_id": ground.incident, "base_id": ground.measure, "kind": "above", "place": ground.place, "params": {},
            "since": BEFORE, "origin_level": "district", "asked_by": "x", "asked_by_name": "x",
        },
        School: {"name": f"试{uuid4().hex[:8]}小学", "kind": "primary", "pupils": 1, "staff": 1, "checks": ground.checks},
        Bulletin: {
            "day": NOW.date(), "year": 2022, "issue": uuid4().int % 10**9, "pack": "epidemic", "name": "通报", "issuer": "区",
            "asof": BEFORE,
            "known_era": 1, "known_horizon": 1, "known_at": BEFORE, "headline": "试", "paragraphs": [], "figures": [], "filler_name": "人",
        },
        Burden: {
            "enterprise_id": ground.firm, "incident_id": ground.incident, "kind": "suspension", "route": "town", "ground": "risk",
            "basis": "《通告》第三条", "reason": "试", "evidence": [{"item": "x", "name": "x"}], "hours": 72, "asked_by": "x",
            "asked_by_name": "x", "asked_at": BEFORE, "until": NOW,
        },
        Blank: {"name": "日报", "filename": "日报.xlsx", "unit": "区", "hour": "16:00", "digest": "0" * 64},
        Filing: {
            "blank_id": uuid4(), "day": NOW.date(), "asof": BEFORE, "known_era": 1, "known_horizon": 1, "known_at": BEFORE,
            "digest": "0" * 64,
        },
        Inspection: {
            "enterprise_id": ground.firm, "pack": "epidemic", "why": "share", "day": BEFORE.date(), "days": 0, "application": standing_at(
                ground, facts.pop("of_application", ""), facts.pop("assessed_by", ""), save=save
            ) if model is Inspection else None,
        },
        PlanLine: {"plan_id": ground.plan, "what": "试", "due_on": NOW.date()},
        Appointment: {
            "number": "XF-1", "enterprise_id": ground.firm, "topic": "other", "channel": "page", "asked_by": "x",
            "slot_id": Slot.objects.values_list("id", flat=True).first(),
        },
        Article: {
            "title": "问", "office": "区", "owner": "x", "owner_name": "x", "review_on": NOW.date(), "draft_title": "问",
            "writer_name": "x",
        },
        Trouble: {
            "number": uuid4().hex[:20], "channel": "hotline", "title": "试", "text": "试", "answer_channel": "call", "due_at": None,
            "merged_into_id": ground.case if save else None,
        },
        Territory: {"enterprise_id": uuid4(), "person_id": uuid4(), "officer_name": "x", "part": "lead"},
        TerritoryPlan: {"place_name": "镇", "proposer_name": "x"},
        Visit: {"enterprise_id": uuid4(), "kind": "routine"},
        Opinion: {"enterprise_id": uuid4(), "number": 1, "words": "试", "officer": "x", "officer_name": "x"},
        Help: {"case_id": ground.case, "ask": "试", "asked_by": "x"},
        Order: {"number": "FW-1", "enterprise_id": ground.firm, "wanted": 1},
        Certificate: {
            "number": "ZM-1", "enterprise_id": ground.firm, "kind": "force_majeure", "loss_fen": 100, "cause": "试", "issuer": "贸促会",
            "finder_name": "x",
        },
        Notice: {"title": "通知", "text": "试", "office": "区", "author_name": "x"},
        Roster: {
            "title": "表", "first_day": NOW.date(), "last_day": NOW.date(), "rest_hours": 16, "most_in_week": 3, "planner": "x",
            "planner_name": "x",
        },
        Turn: {"roster_id": uuid4(), "day": NOW.date(), "shift": "day", "shift_name": "白班", "post": "岗", "points": 2},
        Call: {
            "title": "招募", "text": "试", "office": "区", "phone": "1", "need": 1, "first_day": NOW.date(), "last_day": NOW.date(),
            "code": uuid4().hex[:8], "organiser": "x", "organiser_name": "x",
        },
        Volunteer: {"call_id": uuid4(), "name": "人", "phone": "13800000000", "born_in": EARLY.date(), "digest": "0", "sender": "0"},
        Stay: {"volunteer_id": uuid4(), "post_id": uuid4()},
        Lent: {
            "name": "人", "to": "卡口", "task": "查验", "first_day": NOW.date(), "last_day": NOW.date(), "cover_name": "人",
            "cover_work": "文件",
            **({} if "person" in facts else {"person": uuid4()}), **({} if "cover" in facts else {"cover": uuid4()}),
        },
        Loan: {"title": "书"},
    }[model]  # fmt: skip
    made = model(
        id=uuid4(), region=region, district=ground.district, state=state, state_at=BEFORE, been=[state] if state else [], **(values | facts)
    )
    if save:
        made.due_at = promise.runs[state][1] if state in promise.runs else None
        made.save(force_insert=True)
        for where, paused in ((promise.runs.get(state), None), (promise.runs.get(paused_in(promise, state)), BEFORE)):
            if where:
                ClockRun._base_manager.create(
                    process=promise.workflow.name, subject=made.id, name=where[0], started_at=BEFORE, due_at=where[1], paused_at=paused,
                    region=made.region, district=made.district,
                )  # fmt: skip
    return made


def standing_at(ground: Ground, state: str, assessor: str, *, save: bool) -> Application | None:
    """Give an application in a state: what a guard reads of it."""
    if not state:
        return None
    made = Application(
        id=uuid4(), number=uuid4().hex[:24], enterprise_id=ground.firm, incident_id=ground.incident, regime="approval", route="town",
        planned_at=BEFORE, head_count=1, state=state, state_at=BEFORE, assessor=assessor, region=ground.place, district=ground.district,
    )  # fmt: skip
    if not save:
        return made
    # A firm has one application at a time: the ground's own, put into this state.
    Application._base_manager.filter(pk=ground.assessed).update(state=state, assessor=assessor)
    return Application._base_manager.get(pk=ground.assessed)


def paused_in(promise: Promise, state: str) -> str:
    """Give the state in which the clock runs that stands still in this one."""
    name = promise.pauses.get(state)
    return next((s for s, (clock_name, *_) in promise.runs.items() if clock_name == name), "")


# ---------------------------------------------------------------- the promises


def said(promise: Promise, verb: str, row: Any, actor: Actor, *, when: datetime = NOW) -> str | None:
    move = promise.workflow.moves.get(verb)
    if move is None:
        return "no such verb"
    try:
        promise.workflow._check(move, row, actor=actor, at=when, now=NOW)
    except ActionRefused as refusal:
        return refusal.code
    return None


def grid(ground: Ground, promise: Promise, verbs: set[str]) -> Iterator[str]:
    """Try verbs in every state as every role, with and without a second factor, now and too late."""
    for state in promise.steps:
        row = make(ground, promise, state, {}, save=False)
        for verb in sorted(verbs):
            for role, actor in ground.by_role.items():
                name = role.removeprefix("city:")
                for strong in (True, False):
                    found = said(promise, verb, row, replace(actor, strong=strong))
                    if name not in promise.who[verb]:
                        wanted = "NotYours"
                    elif verb in promise.strong and not strong:
                        wanted = "SecondFactorNeeded"
                    else:
                        wanted = "" if verb in promise.steps[state] else "WrongState"
                    if (wanted and found != wanted) or (not wanted and found in ("NotYours", "SecondFactorNeeded", "WrongState")):
                        yield f"{state} {verb} {role} {strong}: {found}, not {wanted or 'allowed'}"
            if verb in promise.steps[state]:
                actor = replace(ground.by_role[min(promise.who[verb])], strong=True)
                allowed = promise.late.get(verb, timedelta(0))
                if said(promise, verb, row, actor, when=NOW - allowed - timedelta(minutes=9)) == "ToldTooLate":
                    yield f"{state} {verb} may not be told {allowed} late"
                if said(promise, verb, row, actor, when=NOW - allowed - timedelta(minutes=11)) != "ToldTooLate":
                    yield f"{state} {verb} may be told later than {allowed}"


def table(promise: Promise) -> Iterator[str]:
    """Compare verbs and what entries may hold."""
    rows = promise.workflow.moves
    yield from (f"nobody promised {verb}" for verb in set(rows) ^ set(promise.who))
    for verb, row in rows.items():
        if set(row.data) != promise.may_hold.get(verb, set()):
            yield f"{verb} may hold {row.data}"


def opening(ground: Ground, promise: Promise) -> Iterator[str]:
    """Open as every role, late and too late; look at state, stamp, clocks and entry."""
    verb, roles, late, stamp, holds = promise.opens
    first = next(iter(promise.steps))
    if set(promise.workflow.opening.data) != holds:
        yield f"{verb} may hold {promise.workflow.opening.data}"
    for role, actor in ground.by_role.items():
        for when, wanted in ((NOW, None), (NOW - late - timedelta(minutes=9), None), (NOW - late - timedelta(minutes=11), "ToldTooLate")):
            code = None
            with forgotten():
                row = make(ground, promise, "", {}, save=False)
                if stamp:
                    setattr(row, stamp, None)
                try:
                    promise.workflow.open(row, actor=actor, at=when)
                except ActionRefused as refusal:
                    code = refusal.code
                else:
                    if (row.state, row.been, stamp and getattr(row, stamp)) != (first, [first], stamp and when):
                        yield f"{verb}: {row.state}, {stamp}"
                    if when == NOW:
                        yield from looked(promise, row, verb, "", first, NOW)
            # What is told too late is refused before anybody asks whose it is.
            allowed = wanted or (None if role.removeprefix("city:") in roles else "NotYours")
            if code != allowed:
                yield f"{verb} as {role} at {when}: {code}, not {allowed}"


def moving(ground: Ground, promise: Promise, verbs: set[str], states: set[str]) -> Iterator[str]:
    """Make every promised step for real, from a row in its state, and look at what became of it."""
    for state, steps in promise.steps.items():
        for verb, target in steps.items():
            if verb not in verbs and not states & {state, target}:
                continue
            case = next((c for c in promise.cases if (c.state, c.verb, c.code) == (state, verb, None)), None)
            actor = replace(ground.by_role[case.role if case else min(promise.who[verb])], strong=True)
            facts = dict(case.facts) if case else {}
            facts |= {case.by: actor.id} if case and case.by else {}
            if promise.workflow is schools.REOPENING and state == "studied":
                facts |= {"studier": "bureau"}
            for stamp in promise.stamps.values():
                facts.setdefault(stamp, None)
            with forgotten():
                row = make(ground, promise, state, facts)
                before = {name: getattr(row, name) for name in stamped(promise)}
                try:
                    with promise.workflow.move(verb, row.id, actor=actor, at=NOW) as fresh:
                        pass
                except ActionRefused as refusal:
                    yield f"{state} {verb}: {refusal.code}"
                    continue
                fresh = promise.workflow.model._base_manager.get(pk=row.id)
                if fresh.state != target or fresh.state_at != NOW:
                    yield f"{state} {verb} leads to {fresh.state}"
                wanted = before | ({promise.stamps[verb]: NOW} if verb in promise.stamps else {})
                if {name: getattr(fresh, name) for name in wanted} != wanted:
                    yield f"{state} {verb} stamps otherwise"
                yield from looked(promise, fresh, verb, state, target, NOW)


def stamped(promise: Promise) -> set[str]:
    return {*promise.stamps.values(), *filter(None, [promise.opens[3]]), *({promise.idle} - {"due_at"})}


def looked(promise: Promise, row: Any, verb: str, left: str, target: str, when: datetime) -> Iterator[str]:
    """Compare the last entry and the open clocks of a row with the promise."""
    entry = Entry._base_manager.filter(subject=row.id).order_by("-seq")[0]
    if (entry.verb, entry.left, entry.entered) != (verb, left, target):
        yield f"{left} {verb}: the record says {entry.verb} {entry.left} {entry.entered}"
    found = {
        run.name: (run.due_at, run.paused_at, run.owner, run.lapse)
        for run in ClockRun._base_manager.filter(subject=row.id, stopped_at__isnull=True)
    }
    ran, stood = promise.runs.get(left, ("",))[0], promise.pauses.get(left, "")
    wanted: dict[str, Any] = {}
    if target in promise.runs:
        name, due, column, lapse = promise.runs[target]
        if name in (ran, stood):
            # It was put there by `make` and goes on: with its own day, without an owner.
            wanted[name] = (found.get(name, (due,))[0], None, "", "")
        else:
            wanted[name] = (due, None, getattr(row, column) if column else "", lapse)
    if target in promise.pauses and ran == promise.pauses[target]:
        name = promise.pauses[target]
        wanted[name] = (promise.runs[left][1], when, "", "")
    if found != wanted:
        yield f"{left} {verb}: clocks are {found}, not {wanted}"
    due = min((run[0] for run in found.values() if run[1] is None), default=None)
    if row.due_at != due:
        yield f"{left} {verb}: due {row.due_at}, not {due}"


def guards(ground: Ground, promise: Promise) -> Iterator[str]:
    """Ask each guard about its cases."""
    for case in promise.cases:
        actor = replace(ground.by_role[case.role], strong=True)
        facts = case.facts | ({case.by: actor.id} if case.by else {})
        found = said(promise, case.verb, make(ground, promise, case.state, facts, save=False), actor)
        if found != case.code:
            yield f"{case.name}: {found}, not {case.code}"


def problems(ground: Ground, promise: Promise, change: Spoiling | None = None) -> Iterator[str]:
    """Give what is not as promised; with a spoiling, only what may show it is asked."""
    about = change.about if change else ""
    verbs = {change.verb} if change and change.verb in promise.who else set() if change else set(promise.who)
    states = {change.state} if change and change.state else set() if change else set(promise.steps)
    yield from table(promise)
    if about in ("", "row"):
        yield from grid(ground, promise, verbs)
    if about in ("", "guard"):
        yield from guards(ground, promise)
    if about in ("", "opening", "clock"):
        yield from opening(ground, promise)
    if about in ("", "row", "target", "stamp", "clock"):
        yield from moving(ground, promise, verbs, states)


@pytest.mark.parametrize("name", PROMISES)
def test_a_process_keeps_its_promise(ground: Ground, name: str) -> None:
    """Tests every verb in every state as every role, every step for real, every guard with its cases."""
    with undone(ground):
        found = list(problems(ground, PROMISES[name]))
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("name", PROMISES)
def test_a_process_cannot_be_spoiled_unnoticed(ground: Ground, name: str) -> None:
    """Tests that without any row, guard, clock, stamp or factor, or wider, the promise breaks; survivors are listed."""
    promise = PROMISES[name]
    survivors = []
    changes = list(spoilings(promise.workflow, promise.guards, idle=promise.idle, seen=promise.seen))
    changes = [c for c in changes if c.about != "guard" or c.verb or concerns(promise, c)]
    with undone(ground):
        for change in changes:
            with forgotten(), spoiled(promise.workflow, promise.guards, change):
                try:
                    noticed = next(problems(ground, promise, change), None)
                except Exception as fault:
                    noticed = str(fault)
                if noticed is None:
                    survivors.append(change.name)
    assert survivors == [], "\n".join(survivors)
    assert len(changes) > 20


def concerns(promise: Promise, change: Spoiling) -> bool:
    """Say whether a guard of the module is used by this process: one module may hold several tables."""
    reached, todo = set(), [move.guard for move in promise.workflow.moves.values() if move.guard]
    while todo:
        guard = todo.pop()
        if guard.__name__ not in reached:
            reached.add(guard.__name__)
            todo += [g for n, g in vars(promise.guards).items() if callable(g) and n in guard.__code__.co_names and hasattr(g, "__code__")]
    return change.name.split(" ")[0] in reached
