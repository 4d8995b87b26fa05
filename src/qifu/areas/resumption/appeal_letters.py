"""The letter that tells an enterprise how its appeal ended and what follows; issued inside the act that writes it down."""

from datetime import date, datetime

from qifu.kernel.access import Actor, require
from qifu.kernel.calendar.clock import local
from qifu.kernel.documents import issuing
from qifu.kernel.documents.issuing import Issued
from qifu.kernel.documents.models import Issued as Kept
from qifu.kernel.documents.papers import Letter, Par

from . import burden_letters, queries
from .appeals import FURTHER_DAYS
from .models import Appeal, Burden
from .terms import AppealWay, BurdenKind, Route

KIND = "resumption.appeal"
OUTCOMES = {
    "uphold": "维持原决定",
    "change": "变更原决定",
    "revoke": "撤销原决定",
    "decline": "不予受理",
}


def issue(appeal: Appeal, burden: Burden, *, verb: str, actor: Actor, at: datetime) -> Issued:
    """Issue the letter about an outcome, in its transaction."""
    hat = require(actor, f"resumption.accept.{appeal.route}", at=at, on=appeal)
    place = appeal.region if appeal.route == Route.TOWN else queries.district_place(appeal.region)
    paper = letter(appeal, burden, verb=verb, place=place, at=at)
    return issuing.issue(KIND, paper, about=appeal.id, on=appeal, place=place, to=burden.enterprise.name, actor=actor, hat=hat, at=at)


def letter(appeal: Appeal, burden: Burden, *, verb: str, place: int, at: datetime) -> Letter:
    """Say who decided what about which letter, what follows, and where one may turn then."""
    way = AppealWay(appeal.way)
    asked = "申请行政复议" if way == AppealWay.REVIEW else "提起行政诉讼"
    old = Kept.objects.filter(about=burden.id).order_by("id").last()
    named = f"《{burden_letters.TITLES[BurdenKind(burden.kind)]}》" + (f"（{old.number}）" if old else "")
    case = f"（案号：{appeal.case_number}）" if appeal.case_number else ""
    body = [
        Par("一、结果", "heading"),
        f"你单位{_day(appeal.asked_on)}就{named}向{appeal.organ}{asked}{case}。{appeal.organ}{_day(appeal.settled_on)}以{appeal.document}{OUTCOMES[verb]}。",
        *([appeal.words] if appeal.words else []),
        Par("二、怎么执行", "heading"),
        follows(appeal, burden, verb=verb),
    ]
    if verb in ("uphold", "change", "decline"):
        turn = "可以自收到复议结果之日起" if way == AppealWay.REVIEW else "可以自收到裁判文书之日起"
        where = "向人民法院提起行政诉讼" if way == AppealWay.REVIEW else "向上一级人民法院提起上诉"
        body += [Par("三、还可以怎么办", "heading"), f"对结果不服的，{turn}{FURTHER_DAYS}日内{where}，具体以文书写明的为准。"]
    return Letter(
        organ=burden_letters.organ(burden, place),
        title=f"关于{way.label}结果执行的通知",
        to=burden.enterprise.name,
        body=tuple(body),
        dated=local(at).date(),
    )


def follows(appeal: Appeal, burden: Burden, *, verb: str) -> str:
    """Say what an outcome does to the act and the permit."""
    holds = burden.state in ("provisional", "in_force")
    if verb in ("uphold", "decline"):
        return "原决定继续执行，到期自动解除。" if holds else "原决定不变。"
    if burden.state == "decided" and verb == "revoke":
        return "不予批准的决定自即日起撤销，你单位的申请回到待决定，我们另作决定，不用重新提交材料。"
    if not holds:
        return "原处理已经结束，不再执行。"
    if verb == "change" and appeal.until is not None:
        return f"期限改为到{burden_letters.moment(appeal.until)}，到期自动解除。"
    return (
        "原决定自即日起停止执行，被停用的许可同时恢复。"
        if burden.kind == BurdenKind.SUSPENSION
        else "原决定自即日起停止执行，可以提交申请。"
    )


def _day(day: date | None) -> str:
    return f"{day:%Y年%-m月%-d日}" if day else ""


SEE = ("resumption.see", "resumption.apply")
issuing.register(issuing.Kind(code=KIND, label="复议诉讼结果通知", word="复告", see=SEE, stamp=("resumption.see",)))
