"""What these promise: the upper level's tables."""

from typing import Any
from uuid import uuid4

from qifu.areas.returns import workflow as returns
from qifu.areas.returns.models import Blank, Filing
from qifu.kernel.access.tests.factories import at

from ..promising import BEFORE, CLOCKWORK, HOURS, NOW, Case, Promise, Row

FILLS = {"bureau_clerk", "control_office"}

PROMISES: dict[str, Promise] = {
    "returns.blank": Promise(
        returns.TEMPLATES,
        returns,
        opens=("upload", FILLS, 0 * HOURS, "uploaded_at", {"sheets", "digest"}),
        who=dict.fromkeys(("map", "unmap", "retime", "start", "change", "stop"), FILLS),
        steps={
            "mapping": {"map": "mapping", "unmap": "mapping", "retime": "mapping", "start": "on", "stop": "stopped"},
            "on": {"change": "mapping", "stop": "stopped"},
            "stopped": {},
        },
        stamps={"start": "started_at"},
        idle="started_at",
        seen="insight.see",
        may_hold={"map": {"cell", "what", "cells"}, "unmap": {"cell"}, "retime": {"hour"}, "start": {"cells"}},
        facts={"mapper": "mapper", "cells": [{"sheet": 0, "cell": "B5", "figure": "F01", "part": "value", "place": 1}]},
        cases=[
            Case("who mapped does not put it in use", "mapping", "start", "bureau_clerk", "AnotherStarts", by="mapper"),
            Case("another does", "mapping", "start", "control_office", None),
            Case("nothing mapped is not put in use", "mapping", "start", "bureau_clerk", "NothingMapped", {"cells": []}),
        ],
    ),
    "returns.filing": Promise(
        returns.TABLES,
        returns,
        opens=("fill", {*FILLS, *CLOCKWORK}, 0 * HOURS, "filled_at", {"cells", "missing", "digest"}),
        who={"fill_again": {*FILLS, *CLOCKWORK}, "release": FILLS, "take_back": FILLS},
        steps={"filled": {"fill_again": "filled", "release": "released"}, "released": {"take_back": "filled"}},
        stamps={"release": "released_at"},
        idle="released_at",
        seen="insight.see",
        may_hold={"fill_again": {"cells", "missing", "digest"}, "release": {"digest"}, "take_back": {"reason"}},
        runs={"filled": ("release", at("2022-05-10", "00:00"), "office", "")},
        facts={"office": "拱墅区", "missing": []},
        cases=[
            Case(
                "a table with a cell left open is not handed in",
                "filled",
                "release",
                "bureau_clerk",
                "CellsMissing",
                {"missing": [{"sheet": 0, "cell": "B5", "why": "?"}]},
            ),
        ],
    ),
}
ROWS: dict[Any, Row] = {
    Blank: lambda ground, facts, save: {"name": "日报", "filename": "日报.xlsx", "unit": "区", "hour": "16:00", "digest": "0" * 64},
    Filing: lambda ground, facts, save: {
        "blank_id": uuid4(),
        "day": NOW.date(),
        "asof": BEFORE,
        "known_era": 1,
        "known_horizon": 1,
        "known_at": BEFORE,
        "digest": "0" * 64,
    },
}
"""Columns without which no row of theirs can stand."""
