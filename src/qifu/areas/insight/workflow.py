"""The bulletin's way as one table: computed, reviewed by another person, signed by a leader, published."""

from datetime import datetime

from qifu.kernel.access import Actor
from qifu.kernel.calendar import Allow
from qifu.kernel.workflow import Clock, Move, Opening
from qifu.kernel.workflow.engine import Workflow

from . import refusals
from .models import Bulletin
from .terms import PROCESS, STATES


def by_another_than_the_drafter(bulletin: Bulletin, actor: Actor, at: datetime) -> None:
    """Who drafted does not review."""
    if actor.id == bulletin.filler:
        raise refusals.AnotherReviews()


def by_a_third_person(bulletin: Bulletin, actor: Actor, at: datetime) -> None:
    """Who drafted or reviewed does not sign."""
    if actor.id in (bulletin.filler, bulletin.reviewer):
        raise refusals.AnotherSigns()


def by_another_than_the_signer(bulletin: Bulletin, actor: Actor, at: datetime) -> None:
    """Who signed does not publish."""
    if actor.id == bulletin.signer:
        raise refusals.AnotherPublishes()


MOVES = [
    Move("edit", "改文字", ("draft",), "draft", "insight.bulletin", data=("own",), then="数不变，改了什么记在案。"),
    Move("recompute", "重新计算", ("draft",), "draft", "insight.bulletin", data=("figures",), then="文字按模板重写，数按现在所知。"),
    Move(
        "review", "核对无误，送签", ("draft",), "reviewed", "insight.review", guard=by_another_than_the_drafter, stamp="reviewed_at",
        then="领导马上看到，等签发。",
    ),
    Move("send_back", "退回再核", ("reviewed",), "draft", "insight.sign", data=("reason",), then="经办人看到要改什么。"),
    Move(
        "sign", "签发", ("reviewed",), "signed", "insight.sign", guard=by_a_third_person, strong=True, data=("digest",),
        stamp="signed_at", then="文字和数从此不再变动。",
    ),
    Move(
        "publish", "发布", ("signed",), "published", "insight.bulletin", guard=by_another_than_the_signer, stamp="published_at",
        then="各镇街和部门都看得到。",
    ),
    Move("void", "作废", ("draft", "reviewed"), "void", "insight.review", data=("reason",), then="这一天可以重新起草，期号不再用。"),
]  # fmt: skip

BULLETINS = Workflow(
    PROCESS,
    Bulletin,
    opening=Opening("draft", "起草", "insight.bulletin", data=("issue", "figures"), stamp="drafted_at"),
    start="draft",
    moves=MOVES,
    states=STATES,
    clocks=[Clock("sign", "当天签发", Allow(days=0), frozenset({"draft", "reviewed"}), owner="office")],
)
