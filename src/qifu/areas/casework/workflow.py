"""The way of a case as one table (DOMAIN W7), its clocks by rung, and the short ways of a helper and of a supervision."""

from datetime import datetime, timedelta

from qifu.kernel.access import Actor
from qifu.kernel.calendar import Allow
from qifu.kernel.workflow import Clock, Move, Opening
from qifu.kernel.workflow.engine import Workflow

from . import offices, refusals
from .handbook import handbook
from .models import Case, Help, Supervision
from .terms import COMPLEX, HELP_STATES, HELPS, OWED, PROCESS, RUNGS, STATES, SUPERVISION_STATES, SUPERVISIONS

# ---------------------------------------------------------------- guards: named sentences, asked by every way of moving


def in_hand(case: Case, actor: Actor, at: datetime) -> None:
    """Only the office that has it acts on it."""
    if not offices.own(actor, case.office):
        raise refusals.OtherOffice()


def simple(case: Case, actor: Actor, at: datetime) -> None:
    """What was set to be given out is not answered at once."""
    if case.complexity == COMPLEX:
        raise refusals.NotSimple()


def rung_above(case: Case, actor: Actor, at: datetime) -> None:
    """The office that has it, and a rung above."""
    in_hand(case, actor, at)
    if case.rung == RUNGS[-1]:
        raise refusals.NoHigherRung()


def may_contest(case: Case, actor: Actor, at: datetime) -> None:
    """A dispatch is returned once: what was settled is done."""
    in_hand(case, actor, at)
    if case.contester:
        raise refusals.ReturnedOnce()


def another_settles(case: Case, actor: Actor, at: datetime) -> None:
    """Who returned a dispatch does not settle it, and nobody of the same office does."""
    if actor.id == case.contester or (case.office and offices.own(actor, case.office)):
        raise refusals.AnotherSettles()


def another_calls_back(case: Case, actor: Actor, at: datetime) -> None:
    """Who handled does not call back, nor close out (FEATURES 4.11)."""
    if actor.id == case.handler:
        raise refusals.AnotherCallsBack()


def another_allows(case: Case, actor: Actor, at: datetime) -> None:
    """More time is asked for by one and allowed by another (FEATURES 4.7)."""
    if not case.more_days:
        raise refusals.NothingAsked()
    if actor.id == case.more_by:
        raise refusals.AnotherAllows()


def helps_here(helping: Help, actor: Actor, at: datetime) -> None:
    """The office that was asked answers, as long as the case is open."""
    if not offices.own(actor, helping.office):
        raise refusals.OtherOffice()
    if helping.case.standing != "open":
        raise refusals.HelpTooLate()


def answers_here(one: Supervision, actor: Actor, at: datetime) -> None:
    """The office that was asked answers."""
    if not offices.own(actor, one.office):
        raise refusals.OtherOffice("这张督办不是发给您单位的，没有改动。", fix="请发给的单位回复。")


def another_judges(one: Supervision, actor: Actor, at: datetime) -> None:
    """Who answered is not content with it in the supervisor's place."""
    if actor.id == one.replier:
        raise refusals.AnotherJudges()


def respond(case: Case) -> Allow:
    """Give the time to take a case on: the rung's, or an instruction's hour."""
    return Allow(until=case.until) if case.until else Allow(days=case.respond_days)


def resolve(case: Case) -> Allow:
    """Give the time to solve a case: the rung's, or an instruction's hour."""
    return Allow(until=case.until) if case.until else Allow(days=case.resolve_days)


FIELD = timedelta(hours=24)
"""How long after it was said a case may still be written down: an evening's visits are typed in the next day."""
CLASSIFY, HANDLE, CALL, OWN = "case.classify", "case.handle", "case.callback", "case.own"

MOVES = [
    Move("classify", "分类", ("recorded", "classified"), "classified", CLASSIFY, data=("kind", "complexity", "suggested", "version"), then="等交办；分错了可以再分。"),
    Move(
        "answer", "当场答复", ("recorded", "classified"), "answered", "case.answer", guard=simple, data=("by",), stamp="answered_at",
        notice="answered", then="企业马上收到答复，觉得没解决可以再提。",
    ),
    Move(
        "assign", "交办", ("recorded", "classified", "coordinating", "reopened"), "assigned", CLASSIFY, data=("office", "rung", "over"), stamp="assigned_at",
        notice="assigned", then="单位马上看到，接办的时钟开始走。",
    ),
    Move("reassign", "改派", ("assigned",), "assigned", CLASSIFY, data=("office", "rung", "over"), then="原来的单位不再看到在自己名下。"),
    Move(
        "take", "接办", ("assigned", "reopened"), "handling", HANDLE, guard=in_hand, data=("office",), stamp="taken_at", notice="taken",
        then="记在您名下，办理的时钟开始走。",
    ),
    Move("contest", "退单", ("assigned",), "contested", HANDLE, guard=may_contest, data=("ground",), then="转督查裁定，您单位的时钟停着。"),
    Move(
        "settle", "裁定", ("contested",), "assigned", "case.referee", guard=another_settles, data=("office", "upheld"),
        then="定给哪个单位就由哪个单位办，不再退。",
    ),
    Move("wait", "等一等", ("handling",), "waiting", HANDLE, guard=in_hand, data=("why",), then="时钟停着，写明等谁；等到了再接着走。"),
    Move("go_on", "接着办", ("waiting",), "handling", HANDLE, guard=in_hand, then="时钟接着走，等的工作日补回来。"),
    Move(
        "escalate", "往上报", ("handling", "coordinating"), "escalated", HANDLE, guard=rung_above, data=("rung", "office"), notice="escalated",
        then="上一级马上看到；接手以后按那一级的期限办。",
    ),
    Move(
        "coordinate", "接手协调", ("escalated",), "coordinating", "case.coordinate", data=("office",),
        then="由您单位牵头，按这一级的期限办。",
    ),
    Move(
        "resolve", "办结", ("handling", "coordinating"), "resolved", HANDLE, guard=in_hand, data=("ended",), stamp="resolved_at",
        notice="resolved", then="转另一个人回访，企业马上收到答复。",
    ),
    Move("ask_more", "申请延期", ("handling",), "handling", HANDLE, guard=in_hand, data=("days",), then="要另一个人批，批之前期限不变。"),
    Move("allow_more", "批准延期", ("handling",), "handling", "case.extend", guard=another_allows, data=("days",), then="期限顺延，写明谁批的。"),
    Move("deny_more", "不同意延期", ("handling",), "handling", "case.extend", guard=another_allows, then="期限不变。"),
    Move(
        "call_back", "回访：解决了", ("resolved",), "confirmed", CALL, guard=another_calls_back, data=("score",),
        then="可以销号。",
    ),
    Move("agree", "确认解决", ("resolved",), "confirmed", OWN, data=("score",), then="这件可以销号了。"),
    Move(
        "reject", "回访：没解决", ("resolved", "confirmed", "answered"), "reopened", CALL, guard=another_calls_back, data=("why",),
        notice="reopened", then="回到原来的单位，接办的时钟重新走。",
    ),
    Move(
        "not_solved", "还没解决", ("answered", "resolved", "confirmed", "closed_out"), "reopened", OWN, data=("why",), notice="reopened",
        then="回到原来的单位接着办，接办的时钟重新走。",
    ),
    Move(
        "close", "销号", ("confirmed",), "closed_out", "case.close", guard=another_calls_back, stamp="closed_at", notice="closed",
        then="从在办里销掉；企业说没解决还能再打开。",
    ),
    Move("merge", "并案", ("recorded", "classified", "assigned", "reopened"), "merged", CLASSIFY, data=("into",), then="跟着主件走，答复时一起告诉；并错了可以拆开。"),
    Move("unmerge", "拆开", ("merged",), "recorded", CLASSIFY, data=("from",), then="单独再分类、再办。"),
]  # fmt: skip

CASES = Workflow(
    PROCESS,
    Case,
    opening=Opening("record", "记下", "case.record", data=("channel", "source"), backdate=FIELD, stamp="recorded_at"),
    start="recorded",
    moves=MOVES,
    states=STATES,
    clocks=[
        Clock(
            "classify", "分办", lambda case: Allow(days=handbook().classify), frozenset({"recorded", "classified"}), owner="intake_office"
        ),
        Clock("respond", "接办", respond, frozenset({"assigned", "reopened"}), frozenset({"contested"}), owner="office_name"),
        Clock("settle", "裁定", lambda case: Allow(days=handbook().settle), frozenset({"contested"})),
        Clock("resolve", "办理", resolve, frozenset({"handling"}), frozenset({"waiting"}), owner="office_name"),
        Clock("lift", "上级接手", respond, frozenset({"escalated"}), owner="office_name"),
        Clock("coordinate", "协调", resolve, frozenset({"coordinating"}), owner="office_name"),
        Clock("call_back", "回访", lambda case: Allow(days=handbook().call_back), frozenset({"resolved"}), owner="intake_office"),
    ],
)
"""While it is contested the office's clock stands still and the referee's runs: each clock blames the right office."""

HELPING = Workflow(
    HELPS,
    Help,
    opening=Opening("ask", "请协办", HANDLE, data=("office",), stamp="asked_at"),
    start="asked",
    moves=[
        Move("give", "回复协办", ("asked",), "given", HANDLE, guard=helps_here, stamp="given_at", then="牵头的单位马上看到。"),
        Move("decline", "协办不了", ("asked",), "declined", HANDLE, guard=helps_here, stamp="given_at", then="牵头的单位看到原因。"),
        Move("drop", "不用协办了", ("asked",), "dropped", HANDLE, then="协办的时钟停下。"),
    ],
    states=HELP_STATES,
    clocks=[Clock("help", "协办", lambda help: Allow(days=help.days), frozenset({"asked"}), owner="office_name")],
    parent="case",
)

PRESS = "case.supervise"

SUPERVISING = Workflow(
    SUPERVISIONS,
    Supervision,
    opening=Opening("supervise", "督办", PRESS, data=("office", "number"), stamp="asked_at"),
    start="asked",
    moves=[
        Move("reply", "回复督办", OWED, "replied", HANDLE, guard=answers_here, stamp="replied_at", then="督办的人马上看到，由他确认。"),
        Move("confirm", "确认", ("replied",), "confirmed", PRESS, guard=another_judges, then="这张督办到此为止。"),
        Move("send_back", "退回重报", ("replied",), "sent_back", PRESS, guard=another_judges, then="单位马上看到退回的原因，时钟重新走。"),
        Move("withdraw", "撤回督办", OWED, "withdrawn", PRESS, then="时钟停下，单位不用再回。"),
    ],
    states=SUPERVISION_STATES,
    clocks=[Clock("reply", "回复督办", lambda one: Allow(days=one.days), frozenset(OWED), owner="office_name")],
    parent="case",
)
