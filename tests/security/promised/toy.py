"""What these promise: the toy of the kernel's tests."""

from datetime import timedelta
from typing import Any

from qifu.kernel.access.tests.factories import at
from qifu.kernel.workflow.tests.toy import process as toy
from qifu.kernel.workflow.tests.toy.models import Loan

from ..promising import CLOCKWORK, HOURS, Case, Promise, Row

FORWARD = {"town_clerk", "zone_clerk"}
TOWN = {"town_clerk", "zone_clerk", "bureau_clerk"}

PROMISES: dict[str, Promise] = {
    "toy.loan": Promise(
        toy.LOAN,
        toy,
        opens=("ask", FORWARD, timedelta(days=2), None, set()),
        who={"lend": TOWN, "give_back": FORWARD, "mend": FORWARD, "mended": FORWARD, "ask_again": FORWARD, "lose": CLOCKWORK},
        steps={
            "asked": {"lend": "lent"},
            "lent": {"give_back": "back", "mend": "repair", "lose": "lost"},
            "repair": {"mended": "lent"},
            "back": {"ask_again": "asked"},
            "lost": {},
        },
        late={"give_back": 24 * HOURS},
        stamps={"lend": "lent_at", "give_back": "returned_at"},
        idle="returned_at",
        seen="resumption.see",
        may_hold={"lend": {"fen"}},
        runs={"asked": ("answer", at("2022-05-10", "00:00"), "", ""), "lent": ("return", at("2022-05-13", "00:00"), "", "lose")},
        pauses={"repair": "return"},
        facts={"borrower": "reader"},
        cases=[Case("nobody lends to oneself", "asked", "lend", "town_clerk", "BorrowerMayNotLend", by="borrower")],
    ),
}
ROWS: dict[Any, Row] = {
    Loan: lambda ground, facts, save: {"title": "书"},
}
"""Columns without which no row of theirs can stand."""
