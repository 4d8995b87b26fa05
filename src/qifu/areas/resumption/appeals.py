"""The process of an appeal against an act that burdens (行政复议、行政诉讼): asked, taken by whom, answered, and how it ended.

Others hear and decide it; here stands what they decided and from which paper we know. What follows is news (`following`):
the burden ends or is shortened, permits come back, a refused application is decided anew."""

from calendar import monthrange
from datetime import date, datetime, timedelta

from qifu.kernel.access import Actor, require
from qifu.kernel.calendar import Allow
from qifu.kernel.calendar.clock import local
from qifu.kernel.language import said
from qifu.kernel.workflow import Clock, Move, Opening
from qifu.kernel.workflow.engine import Workflow

from . import refusals
from .models import Appeal, Burden
from .terms import AppealWay

STATES = {
    "asked": said("已提出"),
    "taken": said("已受理"),
    "answered": said("已答复，等结果"),
    "upheld": said("维持原决定"),
    "changed": said("变更原决定"),
    "revoked": said("撤销原决定"),
    "declined": said("不予受理"),
    "withdrawn": said("企业撤回"),
}
OPEN = ("asked", "taken", "answered")
HEARD = ("taken", "answered")
"""Only what somebody took can be decided by them."""
REVIEW_DAYS, SUIT_MONTHS = 60, 6
"""Reconsideration within 60 days, litigation within six months of the letter (行政复议法第二十条、行政诉讼法第四十六条)."""
ANSWER = {AppealWay.REVIEW: Allow(days=10), AppealWay.SUIT: Allow(hours=15 * 24)}
"""How long the office has for its answer: ten working days, fifteen days (行政复议法第四十八条、行政诉讼法第六十七条)."""
FURTHER_DAYS = 15
"""Against the outcome: to the court within 15 days, to the court above within 15 days (行政诉讼法第四十五条、第八十五条)."""


def last_day(burden: Burden, way: AppealWay) -> date:
    """Give the last day on which an appeal may be asked for, counted from the letter."""
    assert burden.decided_at is not None
    day = local(burden.decided_at).date()
    if way == AppealWay.REVIEW:
        return day + timedelta(days=REVIEW_DAYS)
    years, month = divmod(day.month - 1 + SUIT_MONTHS, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def on_its_route(appeal: Appeal, actor: Actor, at: datetime) -> None:
    """The office whose act it is writes it down: a town nothing about the district's."""
    require(actor, f"resumption.accept.{appeal.route}", at=at, on=appeal)


def another_records(appeal: Appeal, actor: Actor, at: datetime) -> None:
    """Who decided the act, proposed it or asked for the appeal does not write down how it ended: nobody undoes an act alone."""
    on_its_route(appeal, actor, at)
    if actor.id == appeal.decider:
        raise refusals.OwnDecision()
    if actor.id in (appeal.asker, appeal.proposer):
        raise refusals.OwnAppeal()


_ASK, _RECORD = "resumption.appeal", "resumption.accept.town"

APPEALS = Workflow[Appeal](
    "resumption.appeal",
    Appeal,
    opening=Opening("ask", "申请复议或起诉", _ASK, data=("way",), stamp="asked_at"),
    start="asked",
    moves=[
        Move("take", "记受理", ("asked",), "taken", _RECORD, guard=on_its_route, stamp="taken_at", then="答复的时钟开始走，企业看到谁在审。"),
        Move("decline", "记不予受理", ("asked",), "declined", _RECORD, guard=another_records, stamp="settled_at", then="原决定不变，企业收到。"),
        Move("answer", "记已交答复", ("taken",), "answered", _RECORD, guard=on_its_route, stamp="answered_at", then="等结果，企业看到已经答复。"),
        Move("uphold", "记维持", HEARD, "upheld", _RECORD, guard=another_records, stamp="settled_at", then="原决定继续执行，企业收到通知和下一步的途径。"),
        Move("change", "记变更", HEARD, "changed", _RECORD, guard=another_records, data=("hours",), strong=True, stamp="settled_at", then="期限按新的走，企业收到通知。"),
        Move("revoke", "记撤销", HEARD, "revoked", _RECORD, guard=another_records, strong=True, stamp="settled_at", then="原决定停止，许可恢复；不批准的回到待决定，重新作决定。"),
        Move("withdraw", "企业撤回", OPEN, "withdrawn", _ASK, stamp="settled_at", then="原决定不变。"),
    ],
    states=STATES,
    clocks=[Clock("answer", "按期答复", lambda a: ANSWER[AppealWay(a.way)], frozenset({"taken"}), owner="office")],
)  # fmt: skip
