"""What these promise: reopening of schools."""

from typing import Any
from uuid import uuid4

from qifu.areas.schools import workflow as schools
from qifu.areas.schools.models import School
from qifu.kernel.access.tests.factories import at

from ..promising import EARLY, HOURS, NOW, Case, Promise, Row

LAYER = {"control_office"}
CONSENTS = {"education_clerk"}
REPORTS = {"school_head"}

PROMISES: dict[str, Promise] = {
    "schools.reopening": Promise(
        schools.REOPENING,
        schools,
        opens=("register", CONSENTS, 0 * HOURS, None, {"pupils", "staff"}),
        who={
            "quarantine": LAYER,
            "release": LAYER,
            "self_check": REPORTS,
            "check_again": REPORTS,
            "report": REPORTS,
            "consent": CONSENTS,
            "study": CONSENTS,
            "refuse": CONSENTS,
            "district_reply": LAYER,
            "district_refuse": LAYER,
            "open": REPORTS,
            "close": CONSENTS,
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
        stamps={"report": "reported_at", "consent": "consented_at", "open": "opened_at"},
        idle="opened_at",
        seen="school.see",
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
}
ROWS: dict[Any, Row] = {
    School: lambda ground, facts, save: {
        "name": f"试{uuid4().hex[:8]}小学",
        "kind": "primary",
        "pupils": 1,
        "staff": 1,
        "checks": ground.checks,
    },
}
"""Columns without which no row of theirs can stand."""
