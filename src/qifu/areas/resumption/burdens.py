"""The process of acts that burden an enterprise (FEATURES 2.17): proposed, heard, decided by another, and they end by themselves.

What an act does to an application is the application's own move, which asks for the decision (`workflow.decided_by_two`).
What follows its end is news (`following`)."""

from datetime import datetime, timedelta

from qifu.kernel.access import Actor, SamePerson, require
from qifu.kernel.calendar import Allow
from qifu.kernel.language import said
from qifu.kernel.workflow import Clock, Move, Opening
from qifu.kernel.workflow.engine import Workflow
from qifu.ui.words import moment_of

from . import refusals
from .models import Burden
from .terms import AT_ONCE_HOURS, BurdenKind

STATES = {
    "proposed": said("待企业陈述"),
    "provisional": said("先行暂停"),
    "in_force": said("执行中"),
    "decided": said("已作出"),
    "dropped": said("没有作出"),
    "expired": said("已到期"),
    "lifted": said("已解除"),
    "fallen": said("随措施停止"),
    "revoked": said("已撤销"),
}


# ---------------------------------------------------------------- guards


def another_decides(burden: Burden, actor: Actor, at: datetime) -> None:
    """Two people, and one who decides on this route: a town does not undo what the district approved (DECISIONS 12)."""
    if actor.id == burden.asked_by:
        raise SamePerson()
    if burden.application_id and burden.application is not None and burden.application.assessor == actor.id:
        raise refusals.AssessorMayNotDecide()
    require(actor, f"resumption.decide.{burden.route}", at=at, on=burden)


def hearing_ends(burden: Burden) -> datetime:
    """Give the instant from which the decision need not wait for the enterprise."""
    assert burden.asked_at is not None
    return burden.asked_at + timedelta(hours=burden.hear_hours)


def may_decide(burden: Burden, actor: Actor, at: datetime) -> None:
    """A refusal: another person, after the enterprise was heard."""
    of_kind(burden, BurdenKind.REFUSAL)
    another_decides(burden, actor, at)
    after_hearing(burden, at)


def may_confirm(burden: Burden, actor: Actor, at: datetime) -> None:
    """A suspension or exclusion: another person, after the enterprise was heard."""
    of_kind(burden, BurdenKind.SUSPENSION, BurdenKind.EXCLUSION)
    another_decides(burden, actor, at)
    after_hearing(burden, at)


def may_act_at_once(burden: Burden, actor: Actor, at: datetime) -> None:
    """A suspension in an urgent case: two people still, the hearing afterwards."""
    of_kind(burden, BurdenKind.SUSPENSION)
    another_decides(burden, actor, at)
    if not burden.urgent:
        raise refusals.NotUrgent()


def may_uphold(burden: Burden, actor: Actor, at: datetime) -> None:
    """What was done at once goes on only after the enterprise was heard."""
    another_decides(burden, actor, at)
    after_hearing(burden, at)


def after_hearing(burden: Burden, at: datetime) -> None:
    """Refuse NotYetHeard while the enterprise may still say its word and has not."""
    if burden.heard_at is None and at < hearing_ends(burden):
        raise refusals.NotYetHeard(said("企业可以陈述到{at}，现在还不能决定。", at=moment_of(hearing_ends(burden))))


def of_kind(burden: Burden, *kinds: BurdenKind) -> None:
    """Refuse a step that another kind of burden takes."""
    if burden.kind not in kinds:
        raise refusals.OtherKind()


# ---------------------------------------------------------------- the table

BURDEN, LAPSE = "resumption.burden", "resumption.lapse"

BURDENS = Workflow[Burden](
    "resumption.burden",
    Burden,
    opening=Opening("propose", "拟处理", "resumption.burden.propose", data=("kind", "ground", "evidence", "urgent", "hours"), stamp="asked_at"),
    start="proposed",
    moves=[
        Move("decide", "不批准", ("proposed",), "decided", BURDEN, guard=may_decide, strong=True, stamp="decided_at", notice="refused", then="企业收到决定书，写明理由、依据和救济途径。"),
        Move("confirm", "确认执行", ("proposed",), "in_force", BURDEN, guard=may_confirm, data=("hours",), strong=True, stamp="decided_at", notice="in_force", then="企业收到决定书；到期自动解除。"),
        Move("at_once", "先行暂停", ("proposed",), "provisional", BURDEN, guard=may_act_at_once, data=("hours",), strong=True, stamp="decided_at", notice="provisional", then="许可即时停用，最多48小时；企业可以事后陈述。"),
        Move("uphold", "维持暂停", ("provisional",), "in_force", BURDEN, guard=may_uphold, data=("hours",), strong=True, notice="in_force", then="按拟定的天数执行，到期自动解除。"),
        Move("drop", "不作处理", ("proposed", "provisional"), "dropped", "resumption.burden.propose", stamp="ended_at", notice="dropped", then="企业收到“没有作出处理”；先行暂停的即时恢复。"),
        Move("lift", "提前解除", ("in_force",), "lifted", BURDEN, guard=another_decides, strong=True, stamp="ended_at", notice="lifted", then="许可恢复，企业马上收到。"),
        Move("expire", "到期解除", ("provisional", "in_force"), "expired", LAPSE, stamp="ended_at", notice="expired", then="许可恢复，企业马上收到。"),
        Move("fall", "随措施停止", ("proposed", "provisional", "in_force"), "fallen", LAPSE, data=("why",), stamp="ended_at", notice="fallen", then="依据的措施停止，处理同时停止。"),
        Move("shorten", "按复议或判决变更期限", ("in_force",), "in_force", LAPSE, data=("hours",), notice="shortened", then="期限按新的走，到期自动解除。"),
        Move("revoke", "按复议或判决撤销", ("decided", "provisional", "in_force"), "revoked", LAPSE, stamp="ended_at", notice="revoked", then="处理停止，许可恢复，企业马上收到。"),
    ],
    states=STATES,
    clocks=[
        Clock("hear", "企业陈述", lambda b: Allow(hours=b.hear_hours), frozenset({"proposed"})),
        Clock("at_once", "先行暂停最多48小时", Allow(hours=AT_ONCE_HOURS), frozenset({"provisional"}), lapse="expire"),
        Clock("holds", "到期解除", lambda b: Allow(hours=b.hours), frozenset({"in_force"}), lapse="expire"),
    ],
)  # fmt: skip
