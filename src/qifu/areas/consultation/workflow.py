"""Four tables: a meeting from its plan to the last task done, an item of its agenda, a leader's note, a paper."""

from datetime import datetime

from qifu.kernel.access import Actor
from qifu.kernel.calendar import Allow
from qifu.kernel.workflow import Clock, Move, Opening
from qifu.kernel.workflow.engine import Workflow

from . import refusals, terms
from .models import Item, Meeting, Note, Paper
from .terms import DRAFT, FOLLOW, KEEP, READ, SIGN, TAKE


def written_by_another(one: Meeting, actor: Actor, at: datetime) -> None:
    """Nobody who wrote at the minutes signs them."""
    if actor.id in one.writers:
        raise refusals.WriterDoesNotSign()


MEETINGS = Workflow(
    terms.MEETING,
    Meeting,
    opening=Opening("plan", "排一次会", KEEP, stamp="planned_at"),
    start="planned",
    moves=[
        Move("change", "改时间和单位", ("planned",), "planned", KEEP),
        Move("call", "发通知", ("planned",), "called", KEEP, data=("offices",), stamp="called_at", then="名单上的单位马上收到短信，能回谁来、存进日历。"),
        Move("call_again", "改了再通知", ("called",), "called", KEEP, data=("offices",), then="名单上的单位马上收到新的时间地点，回过的请再回一次。"),
        Move("begin", "开会", ("planned", "called"), "held", KEEP, stamp="held_at", then="打开会场页，一项一项议；散会后1个工作日内写好纪要。"),
        Move("write", "纪要送签", ("held",), "drafted", KEEP, data=("items", "tasks"), stamp="drafted_at", then="由另一个人签发，签发后编号、不能再改。"),
        Move("send_back", "退回改纪要", ("drafted",), "held", SIGN, then="回到写的人手里，议定的内容可以再改。"),
        Move(
            "sign", "签发纪要", ("drafted",), "minuted", SIGN, guard=written_by_another, data=("number",), strong=True, stamp="signed_at",
            then="纪要编号印发，能下载PDF和Word；任务办完会自己变成“都办了”。",
        ),
        Move("all_done", "任务都办了", ("minuted",), "closed", FOLLOW, stamp="closed_at"),
        Move("close", "办结", ("minuted",), "closed", KEEP, stamp="closed_at", then="留着备查。"),
        Move("again", "有任务重新办", ("closed",), "minuted", FOLLOW),
        Move("drop", "不开了", ("planned", "called"), "dropped", KEEP, data=("offices",), then="通知过的单位马上收到；议题留给下一次会。"),
    ],
    states=terms.MEETING_STATES,
    clocks=[
        Clock("write", "写纪要", Allow(days=1), frozenset({"held"}), owner="office_name"),
        Clock("sign", "签发纪要", Allow(days=1), frozenset({"drafted"}), owner="office_name"),
    ],
)  # fmt: skip

ITEMS = Workflow(
    terms.ITEM,
    Item,
    opening=Opening("put", "列入会商", KEEP, data=("meeting", "case"), stamp="listed_at"),
    start="listed",
    moves=[
        Move("ask", "改要议的事", ("listed",), "listed", KEEP),
        Move(
            "decide", "议定", ("listed",), "decided", KEEP, data=("tasks",), stamp="decided_at", then="写进纪要；派了任务的，单位马上看到。"
        ),
        Move("decide_again", "改议定意见", ("decided",), "decided", KEEP, data=("tasks",), then="原来的说法留在经过里。"),
        Move("put_off", "下次再议", ("listed",), "put_off", KEEP, then="排下一次会时自动带上。"),
        Move("withdraw", "撤下", ("listed",), "withdrawn", KEEP, then="不再议；诉求照原来的办。"),
    ],
    states=terms.ITEM_STATES,
    parent="case",
)


def answered_within(one: Note) -> Allow:
    """Give the time to the last of its tasks."""
    return Allow(hours=one.hours)


NOTES = Workflow(
    terms.NOTE,
    Note,
    opening=Opening("receive", "登记批示", TAKE, stamp="received_at"),
    start="received",
    moves=[
        Move("give", "交办", ("received",), "given", KEEP, data=("offices", "hours"), stamp="given_at", then="每个单位各收到一件，各有各的时限；都反馈了，领导马上收到。"),
        Move("give_more", "追加交办", ("given", "closed"), "given", KEEP, data=("offices", "hours"), then="新加的单位马上收到。"),
        Move("all_answered", "都反馈了", ("given",), "closed", FOLLOW, data=("offices",), stamp="closed_at"),
        Move("again", "有单位重新办", ("closed",), "given", FOLLOW),
        Move("read", "已阅", ("closed",), "closed", READ, stamp="read_at", then="存档备查。"),
        Move("press", "还要再办", ("given", "closed"), "given", READ, then="登记的人马上收到您的话，去追加交办。"),
    ],
    states=terms.NOTE_STATES,
    clocks=[
        Clock("give", "交办", Allow(hours=2), frozenset({"received"}), owner="office_name"),
        Clock("answer", "反馈", answered_within, frozenset({"given"}), owner="office_name"),
    ],
)  # fmt: skip


def unsigned(one: Paper, actor: Actor, at: datetime) -> None:
    """A request or a letter needs a signature."""
    if one.kind in terms.SIGNED:
        raise refusals.SignedByAnother()


def signed_by_another(one: Paper, actor: Actor, at: datetime) -> None:
    """Whatever is signed is signed by another than all who wrote at it."""
    if actor.id in one.writers:
        raise refusals.WriterDoesNotSign()


PAPERS = Workflow(
    terms.PAPER,
    Paper,
    opening=Opening("draft", "起草文书", DRAFT, data=("kind",), stamp="drafted_at"),
    start="drafted",
    moves=[
        Move("edit", "改草稿", ("drafted",), "drafted", DRAFT),
        Move("enclose", "加附件", ("drafted",), "drafted", DRAFT, data=("digest",)),
        Move("leave_out", "去掉附件", ("drafted",), "drafted", DRAFT, data=("file",)),
        Move("send", "编号发出", ("drafted",), "issued", DRAFT, guard=unsigned, stamp="issued_at", then="编号以后不能再改，能下载PDF和Word。"),
        Move(
            "sign", "签发", ("drafted",), "issued", SIGN, guard=signed_by_another, strong=True, stamp="issued_at",
            then="编号以后不能再改，能下载PDF和Word。",
        ),
        Move("send_back", "退回改", ("drafted",), "drafted", SIGN, then="写的人看得到为什么退。"),
        Move("drop", "不发了", ("drafted",), "dropped", DRAFT, then="草稿留底，没有编号。"),
    ],
    states=terms.PAPER_STATES,
    clocks=[Clock("send", "发出", Allow(days=1), frozenset({"drafted"}), owner="organ")],
)  # fmt: skip
