"""Four tables: an appointment from asking to its outcome, an answer from draft to public, an order, a certificate."""

from datetime import datetime, time, timedelta

from qifu.kernel.access import Actor
from qifu.kernel.calendar import Allow
from qifu.kernel.calendar.clock import ZONE, local
from qifu.kernel.workflow import Clock, Move, Opening
from qifu.kernel.workflow.engine import Workflow

from . import refusals, terms
from .models import Appointment, Article, Certificate, Order

REMIND_AT = time(16)
"""The reminder goes out the afternoon before, so that there is time to move what does not suit."""
SHORT = timedelta(hours=2)


def has_begun(one: Appointment, actor: Actor, at: datetime) -> None:
    """The day agreed has come; a crew may be early."""
    if one.starts_at is None or local(at).date() < local(one.starts_at).date():
        raise refusals.NotYetThere()


def not_begun(one: Appointment, actor: Actor, at: datetime) -> None:
    """The time agreed, if there is one, lies ahead."""
    if one.state in terms.HOLDING and one.starts_at is not None and at >= one.starts_at:
        raise refusals.AlreadyBegun()


def day_before(one: Appointment) -> datetime | None:
    """Give 16:00 of the day before an agreed time; None where the time was taken after that."""
    assert one.starts_at is not None and one.held_at is not None
    wanted = datetime.combine(local(one.starts_at).date() - timedelta(days=1), REMIND_AT, ZONE)
    return wanted if wanted > one.held_at else None


def until_reminder(one: Appointment) -> Allow:
    """Give the whole hours from taking a time to 16:00 of the day before; two hours before it where that is past."""
    assert one.starts_at is not None and one.held_at is not None
    wanted = day_before(one) or local(one.starts_at) - SHORT
    return Allow(hours=max(1, (wanted - one.held_at) // timedelta(hours=1)))


ASK, SERVE, DESK = "services.ask", "services.serve.{service}", "services.open"

APPOINTMENTS = Workflow(
    terms.APPOINTMENT,
    Appointment,
    opening=Opening("ask", "提出预约", ASK, data=("service", "topic", "channel"), stamp="asked_at"),
    start="asked",
    moves=[
        Move("accept", "受理，请企业选时间", ("asked",), "accepted", SERVE, stamp="accepted_at", then="企业在手机上会看到，选一个时段就约上。"),
        Move("decline", "不受理", ("asked", "accepted", "waiting"), "declined", SERVE, then="企业会看到原因，也发短信。"),
        Move("book", "约定时间", ("asked", "accepted", "waiting"), "booked", ASK, data=("start", "channel"), stamp="booked_at", then="前一天下午发短信提醒。"),
        Move("wait", "排候补", ("asked", "accepted"), "waiting", ASK, data=("start",), then="有人退出来，先排的先补上，发短信告诉企业。"),
        Move("fill", "候补补上", ("waiting",), "booked", "services.remind", data=("start",), stamp="booked_at"),
        Move("pass_by", "候补没补上", ("waiting",), "accepted", "services.remind"),
        Move("unwait", "不候补了", ("waiting",), "accepted", ASK, then="后面的往前排，您再选别的时段。"),
        Move("free", "改约", ("booked", "reminded"), "accepted", ASK, guard=not_begun, data=("start",), then="原来的时段马上空出来给别家。"),
        Move("remind", "提醒", ("booked",), "reminded", "services.remind"),
        Move(
            "serve", "登记结果", ("booked", "reminded"), "served", SERVE, guard=has_begun, data=("outcome",), stamp="served_at",
            then="企业看得到结果。",
        ),
        Move("miss", "没约成", ("booked", "reminded"), "missed", SERVE, guard=has_begun, data=("why",), then="企业可以再约一次。"),
        Move("again", "再约一次", ("missed",), "accepted", ASK, then="选一个还有空的时段。"),
        Move("cancel", "取消预约", terms.OPEN_APPOINTMENT, "cancelled", ASK, guard=not_begun, then="时段马上空出来给别家。"),
    ],
    states=terms.APPOINTMENT_STATES,
    clocks=[
        Clock("answer", "受理预约", Allow(days=1), frozenset({"asked"}), owner="office"),
        Clock("remind", "发提醒", until_reminder, frozenset({"booked"}), lapse="remind"),
        Clock("result", "登记结果", Allow(days=1), frozenset({"reminded"}), owner="office"),
    ],
)  # fmt: skip


def written_by_another(one: Article, actor: Actor, at: datetime) -> None:
    """There is something to publish, and who wrote it does not publish it: it is said to everybody in the office's name."""
    if not one.draft_answer.strip() or not one.draft_source.strip():
        raise refusals.NothingWritten()
    if actor.id == one.writer:
        raise refusals.WriterDoesNotPublish()


def owned_by_nobody(one: Article, actor: Actor, at: datetime) -> None:
    """Whoever owned it has left; who wants to own it otherwise looks at it again."""
    if one.owner:
        raise refusals.OwnedBySomebody()


WRITE, PUBLISH = "services.write", "services.publish"

ARTICLES = Workflow(
    terms.ARTICLE,
    Article,
    opening=Opening("write", "写答复", WRITE),
    start="draft",
    moves=[
        Move("edit", "改草稿", ("draft",), "draft", WRITE),
        Move("revise", "改已发布的", ("published",), "revising", WRITE, then="大家看到的还是现在这一版，等另一位看过才换。"),
        Move("edit_again", "接着改", ("revising",), "revising", WRITE),
        Move(
            "publish", "发布", ("draft", "revising"), "published", PUBLISH, guard=written_by_another, data=("number",), stamp="published_at",
            then="马上对大家公开，旧的一版留底。",
        ),
        Move("give_up", "不改了", ("revising",), "published", WRITE, then="草稿丢掉，公开的不变。"),
        Move("confirm", "看过，仍然有效", ("published",), "published", WRITE, data=("review_on",), then="复核日期往后推，去掉“可能过时”。"),
        Move("leave", "负责人离岗", ("published",), "published", "services.remind", then="本单位的人会收到消息，谁接手谁管。"),
        Move("leave_revising", "负责人离岗", ("revising",), "revising", "services.remind", then="改稿留着，谁接手谁办完。"),
        Move("take", "我来管", ("published",), "published", WRITE, guard=owned_by_nobody, then="以后到复核日期，消息发给您。"),
        Move("take_revising", "我来管", ("revising",), "revising", WRITE, guard=owned_by_nobody, then="改稿也归您办完，以后到复核日期，消息发给您。"),
        Move("retire", "停用", ("published", "revising", "draft"), "retired", PUBLISH, then="不再对外显示，以前各版都在。"),
    ],
    states=terms.ARTICLE_STATES,
)  # fmt: skip


def is_account(one: Order, actor: Actor, at: datetime) -> None:
    """The offer is opened and not bought."""
    if one.kind == "device":
        raise refusals.NotAnAccount()


def is_device(one: Order, actor: Actor, at: datetime) -> None:
    """The offer is bought."""
    if one.kind == "account":
        raise refusals.NotADevice()


def paid_by_another(one: Order, actor: Actor, at: datetime) -> None:
    """Something is paid for this device, and another than the verifier grants it."""
    offer = terms.catalogue().offers.get(one.offer)
    if offer is None or not offer.subsidy_fen:
        raise refusals.NoSubsidy()
    if actor.id == one.verifier:
        raise refusals.VerifierDoesNotPay()


ORDERS = Workflow(
    terms.ORDER,
    Order,
    opening=Opening("apply", "申请服务", ASK, data=("offer", "wanted"), stamp="applied_at"),
    start="applied",
    moves=[
        Move("open", "开通", ("applied",), "opened", DESK, guard=is_account, data=("accounts",), stamp="opened_at", then="企业马上能用，也发短信。"),
        Move("use", "已经用上了", ("opened",), "in_use", ASK, stamp="used_at", then="记下第一次用的时间。"),
        Move("more", "加开账号", ("opened", "in_use"), "opened", DESK, data=("accounts",), then="加开的数加进开通数。"),
        Move("stop", "停用服务", ("opened", "in_use"), "stopped", ASK, then="账号收回，以后还可以再申请。"),
        Move("decline", "不办", ("applied",), "declined", DESK, then="企业会看到原因。"),
        Move("withdraw", "撤回申请", ("applied",), "withdrawn", ASK),
        Move(
            "buy", "登记购买", ("applied",), "bought", ASK, guard=is_device, data=("sets", "fen"), stamp="bought_at",
            then="由企服中心核实发票，再由审批人定补助。",
        ),
        Move("verify", "核实购买", ("bought",), "verified", DESK, data=("sets", "fen"), then="转给审批人定补助。"),
        Move("send_back", "退回重填", ("bought", "verified"), "applied", DESK, then="企业照原因改好再登记。"),
        Move(
            "subsidise", "给予补助", ("verified",), "subsidised", "services.subsidise", guard=paid_by_another, data=("fen", "yuan"), strong=True,
            stamp="subsidised_at", then="金额记在企业名下，企业马上看到。",
        ),
    ],
    states=terms.ORDER_STATES,
    clocks=[
        Clock("open", "开通或答复", Allow(days=1), frozenset({"applied"}), owner="office"),
        Clock("verify", "核实购买", Allow(days=3), frozenset({"bought"}), owner="office"),
        Clock("subsidise", "定补助", Allow(days=3), frozenset({"verified"}), owner="office"),
    ],
)  # fmt: skip


def confirmed_by_another(one: Certificate, actor: Actor, at: datetime) -> None:
    """Who reported the value saved does not confirm it."""
    if actor.id == one.claimer:
        raise refusals.ClaimantDoesNotConfirm()


CERTIFY = "services.certificate"

CERTIFICATES = Workflow(
    terms.CERTIFICATE,
    Certificate,
    opening=Opening("find", "报损失", ASK, data=("kind", "fen"), stamp="found_at"),
    start="loss_found",
    moves=[
        Move("hand_in", "交材料", ("loss_found",), "papers", ASK, stamp="papers_at", then="企服人员核对后送出证单位。"),
        Move("return", "请企业补材料", ("papers",), "loss_found", CERTIFY, then="企业照写的补，补好再交。"),
        Move("issue", "登记已出证", ("papers",), "issued", CERTIFY, data=("on",), stamp="issued_at" , then="企业凭证书和对方谈。"),
        Move("refuse", "出证单位没有出", ("papers",), "refused", CERTIFY, then="企业会看到原因和还能走的路。"),
        Move("claim", "报挽回多少", ("issued",), "claimed", ASK, data=("fen",), then="由另一位核实以后才算数。"),
        Move(
            "confirm", "核实挽回", ("claimed",), "value_saved", CERTIFY, guard=confirmed_by_another, data=("fen", "yuan"), stamp="saved_at",
            then="计入挽回损失。",
        ),
        Move("ask_again", "退回重报", ("claimed",), "issued", CERTIFY, then="企业照原因改好再报。"),
        Move("drop", "不办了", ("loss_found", "papers"), "dropped", ASK),
    ],
    states=terms.CERTIFICATE_STATES,
    clocks=[
        Clock("issue", "核材料、送出证", Allow(days=3), frozenset({"papers"}), owner="office"),
        Clock("confirm", "核实挽回", Allow(days=3), frozenset({"claimed"}), owner="office"),
    ],
)  # fmt: skip
