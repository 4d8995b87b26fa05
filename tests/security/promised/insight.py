"""What these promise: bulletins."""

from typing import Any
from uuid import uuid4

from qifu.areas.insight import workflow as insight
from qifu.areas.insight.models import Bulletin
from qifu.kernel.access.tests.factories import at

from ..promising import BEFORE, HOURS, MACHINES, NOW, Case, Promise, Row

WRITES = {"bureau_clerk", "control_office", "timer", *MACHINES}
REVIEWS = {"bureau_clerk", "control_office", "approver"}
SIGNS = {"leader"}

PROMISES: dict[str, Promise] = {
    "insight.bulletin": Promise(
        insight.BULLETINS,
        insight,
        opens=("draft", WRITES, 0 * HOURS, "drafted_at", {"issue", "figures"}),
        who={
            "edit": WRITES,
            "recompute": WRITES,
            "review": REVIEWS,
            "void": REVIEWS,
            "send_back": SIGNS,
            "sign": SIGNS,
            "publish": WRITES,
        },
        steps={
            "draft": {"edit": "draft", "recompute": "draft", "review": "reviewed", "void": "void"},
            "reviewed": {"send_back": "draft", "sign": "signed", "void": "void"},
            "signed": {"publish": "published"},
            "published": {},
            "void": {},
        },
        strong={"sign"},
        stamps={"review": "reviewed_at", "sign": "signed_at", "publish": "published_at"},
        idle="published_at",
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
}
ROWS: dict[Any, Row] = {
    Bulletin: lambda ground, facts, save: {
        "day": NOW.date(),
        "year": 2022,
        "issue": uuid4().int % 10**9,
        "pack": "epidemic",
        "name": "通报",
        "issuer": "区",
        "asof": BEFORE,
        "known_era": 1,
        "known_horizon": 1,
        "known_at": BEFORE,
        "headline": "试",
        "paragraphs": [],
        "figures": [],
        "filler_name": "人",
    },
}
"""Columns without which no row of theirs can stand."""
