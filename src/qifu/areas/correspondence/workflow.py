"""The way of a letter, and of another installation's key; each by two people."""

from datetime import datetime

from qifu.kernel.access import Actor
from qifu.kernel.calendar import Allow
from qifu.kernel.workflow import Clock, Move, Opening
from qifu.kernel.workflow.engine import Workflow

from . import refusals
from .models import Letter, Peer
from .terms import LETTER, PEER, PEER_STATES, PROPOSE, RECEIVE, SIGN, STATES, TRUST, WRITE


def another_signs(letter: Letter, actor: Actor, at: datetime) -> None:
    """Nobody who wrote at it signs it."""
    if actor.id in letter.writers:
        raise refusals.AnotherSigns()


def another_trusts(peer: Peer, actor: Actor, at: datetime) -> None:
    """Who entered the key does not trust it."""
    if actor.id == peer.proposed_by:
        raise refusals.AnotherTrusts()


LETTERS = Workflow(
    LETTER,
    Letter,
    opening=Opening("write", "起草", WRITE, data=("days",), stamp="written_at"),
    start="drafted",
    moves=[
        Move("sign", "签发", ("drafted",), "sent", SIGN, guard=another_signs, data=("number", "way"), stamp="sent_at",
             then="取得文号，回函的时钟开始走。"),
        Move("enclose", "加附件", ("drafted",), "drafted", WRITE, data=("digest",)),
        Move("leave_out", "去掉附件", ("drafted",), "drafted", WRITE, data=("file",)),
        Move("withdraw", "撤回", ("drafted",), "withdrawn", WRITE, then="不发了，草稿留着。"),
        Move("answer", "填写回函", ("sent",), "answered", WRITE, data=("ended",), stamp="answered_at", then="起草的人接着办那件诉求。"),
        Move("reply", "收到回函", ("sent",), "answered", RECEIVE, data=("ended",), stamp="answered_at"),
        Move("file", "归档", ("answered",), "filed", WRITE, stamp="filed_at", then="回函存档，不再在手上。"),
    ],
    states=STATES,
    clocks=[Clock("answer", "等回函", lambda letter: Allow(days=letter.days), frozenset({"sent"}), owner="to_name")],
    parent="case",
)  # fmt: skip

PEERS = Workflow(
    PEER,
    Peer,
    opening=Opening("propose", "登记互认单位", PROPOSE, stamp="proposed_at"),
    start="proposed",
    moves=[
        Move("trust", "核对无误，启用", ("proposed",), "trusted", TRUST, guard=another_trusts, stamp="trusted_at", strong=True,
             then="从现在起收对方的来信，也能发给对方。"),
        Move("drop", "不通过", ("proposed",), "dropped", TRUST, then="这把钥匙不用。"),
        Move("end", "停用", ("trusted",), "ended", PROPOSE, then="从现在起对方的来信不再收。"),
    ],
    states=PEER_STATES,
)  # fmt: skip
