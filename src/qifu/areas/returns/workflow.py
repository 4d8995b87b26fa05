"""Two short tables: a template is mapped, put in use by another person, stopped; a day's table is filled, checked, released."""

from datetime import datetime

from qifu.kernel.access import Actor
from qifu.kernel.calendar import Allow
from qifu.kernel.language import said
from qifu.kernel.workflow import Clock, Move, Opening
from qifu.kernel.workflow.engine import Workflow

from . import refusals
from .models import Blank, Filing
from .terms import BLANK_STATES, BLANKS, FILING_STATES, FILINGS


def by_another_than_the_mapper(blank: Blank, actor: Actor, at: datetime) -> None:
    """Something is mapped, and who mapped does not put it in use: a wrong cell would be wrong every day."""
    if not blank.cells:
        raise refusals.NothingMapped()
    if actor.id == blank.mapper:
        raise refusals.AnotherStarts()


def nothing_missing(filing: Filing, actor: Actor, at: datetime) -> None:
    """Every mapped cell was filled."""
    if filing.missing:
        raise refusals.CellsMissing(said("有{n}格没有填上，没有报出。", n=len(filing.missing)))


TEMPLATES = Workflow(
    BLANKS,
    Blank,
    opening=Opening("upload", "上传模板", "returns.keep", data=("sheets", "digest"), stamp="uploaded_at"),
    start="mapping",
    moves=[
        Move("map", "对格子", ("mapping",), "mapping", "returns.keep", data=("cell", "what", "cells")),
        Move("unmap", "取消对格", ("mapping",), "mapping", "returns.keep", data=("cell",)),
        Move("retime", "改时间", ("mapping",), "mapping", "returns.keep", data=("hour",)),
        Move(
            "start", "启用", ("mapping",), "on", "returns.keep", guard=by_another_than_the_mapper, data=("cells",), stamp="started_at",
            then="每天到时自动填好，等人核对报出。",
        ),
        Move("change", "改对格", ("on",), "mapping", "returns.keep", then="改好以后要由另一位再启用，这期间不自动填。"),
        Move("stop", "停用这张表", ("mapping", "on"), "stopped", "returns.keep", then="不再自动填，以前填的都在。"),
    ],
    states=BLANK_STATES,
)  # fmt: skip

TABLES = Workflow(
    FILINGS,
    Filing,
    opening=Opening("fill", "填表", "returns.fill", data=("cells", "missing", "digest"), stamp="filled_at"),
    start="filled",
    moves=[
        Move(
            "fill_again", "重新填", ("filled",), "filled", "returns.fill", data=("cells", "missing", "digest"),
            then="按现在的对格和现在所知再算一遍，上一份留底。",
        ),
        Move(
            "release", "核对无误，报出", ("filled",), "released", "returns.keep", guard=nothing_missing, data=("digest",),
            stamp="released_at", then="写上填表人，存成定稿。",
        ),
        Move("take_back", "撤回这一份", ("released",), "filled", "returns.keep", data=("reason",), then="报出的那一份留底，改好再报。"),
    ],
    states=FILING_STATES,
    clocks=[Clock("release", "当天报出", Allow(days=0), frozenset({"filled"}), owner="office")],
)  # fmt: skip
