"""Five tables: what is made, what is needed, who was found elsewhere, a match, and what its maker is asked."""

from datetime import datetime, time, timedelta

from qifu.kernel.access import Actor
from qifu.kernel.calendar import Allow
from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.workflow import Clock, Move, Opening
from qifu.kernel.workflow.engine import Workflow

from . import refusals, terms
from .models import Call, Making, Match, Need, Outside
from .terms import ANSWER, ASK, DESK, FOLLOW

MAKINGS = Workflow(
    terms.MAKING,
    Making,
    opening=Opening("tell", "登记产品", ASK, stamp="told_at"),
    start="making",
    moves=[
        Move("change", "改产能", ("making",), "making", ASK, then="对接专班按新的数找。"),
        Move("end", "不做了", ("making",), "ended", ASK, then="不再有人来问；公开的也撤下。"),
        Move("again", "又做了", ("ended",), "making", ASK, then="按原来的数又能找到；要公开的再勾上。"),
    ],
    states=terms.MAKING_STATES,
)

OUTSIDES = Workflow(
    terms.OUTSIDE,
    Outside,
    opening=Opening("keep", "登记外地供方", DESK, stamp="kept_at"),
    start="known",
    moves=[
        Move("check", "重新核过", ("known",), "known", DESK, then="日期记到今天。"),
        Move("drop", "联系不上了", ("known",), "gone", DESK, then="找供方时不再出现。"),
        Move("again", "又联系上了", ("gone",), "known", DESK, then="找供方时又会出现；日期记到今天。"),
    ],
    states=terms.OUTSIDE_STATES,
)


def another_finds(one: Need, actor: Actor, at: datetime) -> None:
    """Who passed it on does not write down that it was found."""
    if actor.id == one.passed_by:
        raise refusals.AnotherFinds()


NEEDS = Workflow(
    terms.NEED,
    Need,
    opening=Opening("tell", "报缺什么", ASK, data=("workers", "yuan"), stamp="told_at"),
    start="open",
    moves=[
        Move("match", "对上一家", ("open",), "matched", FOLLOW, then="等交货。"),
        Move("free", "没成，接着找", ("matched",), "open", FOLLOW, then="回到断点清单，接着找。"),
        Move("meet", "接上了", ("matched",), "met", FOLLOW, data=("workers",), stamp="met_at", then="从断点清单里销掉。"),
        Move("pass_on", "请外地帮找", ("open",), "passed_on", DESK, data=("case",), then="转成诉求，由专班发函给外地。"),
        Move(
            "found",
            "外地找到了",
            ("passed_on",),
            "met",
            DESK,
            guard=another_finds,
            data=("workers",),
            stamp="met_at",
            then="从断点清单里销掉。",
        ),
        Move("bring_back", "接着在本地找", ("passed_on",), "open", DESK, then="回到断点清单。"),
        Move("drop", "不要了", ("open", "passed_on"), "dropped", ASK, then="从断点清单里去掉。"),
    ],
    states=terms.NEED_STATES,
    clocks=[Clock("answer", "找供方", Allow(days=2), frozenset({"open"}), owner="office")],
)


def another_agrees(one: Match, actor: Actor, at: datetime) -> None:
    """Who drew the line or answered for the supplier does not say yes for the enterprise; and nobody once the need is over."""
    if actor.id == one.proposer:
        raise refusals.AnotherAgrees()
    if actor.id == one.answered_by:
        raise refusals.SupplierAnswered()
    if one.need.state != "open" or Match.objects.filter(need=one.need_id, state="delivered").exists():
        raise refusals.NeedIsOver()


def not_the_desk(one: Call, actor: Actor, at: datetime) -> None:
    """Whoever holds the desk's right asks makers and answers for none; nor does who asked this one."""
    if actor.id == one.proposer or DESK in actor.rights:
        raise refusals.DeskDoesNotAnswer()


def from_elsewhere(one: Match, actor: Actor, at: datetime) -> None:
    """A supplier elsewhere is asked by telephone, and the desk writes its answer down."""
    if one.making is not None:
        raise refusals.MakerAnswersItself()


def until_delivery(one: Match) -> Allow:
    """Give the whole hours from the agreement to the evening of the day by which it is needed; a day at least."""
    assert one.agreed_at is not None
    end = datetime.combine(one.by, time(18), ZONE)
    return Allow(hours=max(24, (end - one.agreed_at) // timedelta(hours=1)))


MATCHES = Workflow(
    terms.MATCH,
    Match,
    opening=Opening("propose", "去问一家", DESK, data=("quantity",), stamp="asked_at"),
    start="asked",
    moves=[
        Move("offer", "供方答应", ("asked",), "offered", FOLLOW, then="等需方点头。"),
        Move("decline", "供方做不了", ("asked",), "declined", FOLLOW, then="换一家再问。"),
        Move("note_yes", "登记供方答应", ("asked",), "offered", DESK, guard=from_elsewhere, then="等需方点头。"),
        Move("note_no", "登记供方做不了", ("asked",), "declined", DESK, guard=from_elsewhere, then="换一家再问。"),
        Move("agree", "要这一家", ("offered",), "agreed", ANSWER, guard=another_agrees, then="双方看到对方是谁，直接谈细节。"),
        Move("refuse", "不要这一家", ("asked", "offered"), "refused", ANSWER, then="供方看到没有成；接着找别家。"),
        Move("deliver", "货到了", ("agreed",), "delivered", ANSWER, stamp="delivered_at", then="这处断点销掉。"),
        Move("lapse", "不用再找了", ("asked", "offered"), "lapsed", FOLLOW, then="这样东西已经接上或不要了，这一家不用再答。"),
        Move("fail", "没成", ("agreed",), "failed", ANSWER, then="回到断点清单，接着找。"),
    ],
    states=terms.MATCH_STATES,
    clocks=[
        Clock("reply", "供方答复", Allow(days=1), frozenset({"asked"}), owner="office"),
        Clock("agree", "需方点头", Allow(days=1), frozenset({"offered"}), owner="office"),
        Clock("deliver", "交货", until_delivery, frozenset({"agreed"}), owner="supplier"),
    ],
)  # fmt: skip

CALLS = Workflow(
    terms.CALL,
    Call,
    opening=Opening("ask", "问能不能供", DESK, stamp="asked_at"),
    start="asked",
    moves=[
        Move(
            "accept", "能供", ("asked",), "accepted", ANSWER, guard=not_the_desk, stamp="answered_at", then="需方点头以后，您会看到是谁要。"
        ),
        Move("decline", "供不了", ("asked",), "declined", ANSWER, guard=not_the_desk, stamp="answered_at", then="专班另找一家。"),
        Move("agree", "谈成了", ("accepted",), "agreed", FOLLOW, then="您看到是谁要，直接联系。"),
        Move("lapse", "没有成", ("asked", "accepted", "agreed"), "over", FOLLOW, then="不用再管这一条。"),
    ],
    states=terms.CALL_STATES,
    clocks=[Clock("answer", "答复能不能供", Allow(days=1), frozenset({"asked"}), owner="office")],
)
