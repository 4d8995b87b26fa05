"""The decision about a burden as a letter: ground, basis, evidence, the enterprise's word, until when, and where to turn.

It is issued inside the decision's transaction: without one of these there is neither letter nor act."""

from datetime import datetime

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, require
from qifu.kernel.calendar.clock import local
from qifu.kernel.documents import issuing
from qifu.kernel.documents.issuing import Issued, Standing
from qifu.kernel.documents.papers import Letter, Par
from qifu.kernel.language import said
from qifu.ui.words import moment_of

from . import letters, queries
from .appeals import REVIEW_DAYS, SUIT_MONTHS
from .burdens import BURDENS
from .models import Burden
from .terms import GROUNDS, BurdenKind, Route

KIND = "resumption.burden"
TITLES = {
    BurdenKind.REFUSAL: "关于不批准复工申请的决定",
    BurdenKind.SUSPENSION: "关于暂停复工的决定",
    BurdenKind.EXCLUSION: "关于暂不受理复工申请的决定",
}
DECIDED = {
    BurdenKind.REFUSAL: "对你单位的复工申请不予批准。整改以后可以随时重新申请。",
    BurdenKind.SUSPENSION: "你单位自{since}起暂停复工，到{until}自动解除。整改好的，可以申请提前解除。",
    BurdenKind.EXCLUSION: "自{since}起到{until}止，暂不受理你单位的复工申请，到期自动解除。",
}


def issue_decision(burden: Burden, *, actor: Actor, at: datetime) -> Issued:
    """Issue the letter of a decision, in its transaction."""
    hat = require(actor, "resumption.burden", at=at, on=burden)
    place = burden.region if burden.route == Route.TOWN else queries.district_place(burden.region)
    paper = letter(burden, place=place, at=at)
    return issuing.issue(KIND, paper, about=burden.id, on=burden, place=place, to=burden.enterprise.name, actor=actor, hat=hat, at=at)


def letter(burden: Burden, *, place: int, at: datetime) -> Letter:
    """Say the decision as a letter (DOMAIN: 理由、依据、证据、陈述、期限、救济途径)."""
    kind = BurdenKind(burden.kind)
    evidence = "；".join(_evidence(one) for one in burden.evidence)
    decided = DECIDED[kind].format(since=moment(at), until=moment(burden.until) if burden.until else "")
    provisional = "情况紧急，先行暂停；你单位可以在暂停期间陈述，我们据此决定是否维持。" if burden.state == "provisional" else ""
    return Letter(
        organ=organ(burden, place),
        title=TITLES[kind],
        to=burden.enterprise.name,
        body=(
            Par("一、决定", "heading"),
            decided + provisional,
            Par("二、理由和依据", "heading"),
            f"{GROUNDS[burden.ground]}。{burden.reason}",
            f"依据：{burden.basis}。",
            f"证据：{evidence}。",
            Par("三、陈述和申辩", "heading"),
            _heard(burden),
            Par("四、救济途径", "heading"),
            f"不服本决定的，可以自收到之日起{REVIEW_DAYS}日内向{above(place)}申请行政复议，也可以自收到之日起{SUIT_MONTHS}个月内向人民法院提起行政诉讼。"
            "复议和诉讼期间，本决定不停止执行，法律另有规定的除外。",
        ),
        dated=local(at).date(),
    )


def organ(burden: Burden, place: int) -> str:
    """Say whose letter it is, as the pack's letters do."""
    here = jurisdiction.place(place)
    if burden.route == Route.TOWN:
        return letters.organ_of(here.name, here.kind)
    return str(letters.words_of(burden.incident.pack)["organ"]).format(place=here.name)


def above(place: int) -> str:
    """Say who hears an appeal against the office of a place: the people's government of its district (or city)."""
    here = jurisdiction.place(place)
    if here.kind in ("district", "county", "city"):
        return f"{here.name}人民政府"
    return f"{jurisdiction.name(queries.district_place(place))}人民政府"


def _heard(burden: Burden) -> str:
    if burden.heard_at is None and burden.state == "provisional":
        return "待你单位陈述。"
    if burden.heard_at is None:
        return "拟作出本决定前已经告知你单位可以陈述和申辩，到时没有收到你单位的意见。"
    return f"你单位{moment(burden.heard_at)}陈述：“{burden.heard_words}”我们的看法：{burden.answer}"


def _evidence(one: dict[str, str]) -> str:
    if "item" in one:
        return f"评估清单“{one['name']}”" + (f"（{one['note']}）" if one.get("note") else "")
    return "现场照片或材料" + (f"“{one['name']}”" if one.get("name") else "")


def moment(at: datetime) -> str:
    """Say an instant as letters do."""
    here = local(at)
    return f"{here:%Y年%-m月%-d日%-H时}" + (f"{here:%-M分}" if here.minute else "")


def standing(issued: Issued, at: datetime) -> Standing:
    """Say whether the decision still holds."""
    burden = Burden._base_manager.filter(pk=issued.about).first()
    if burden is None:
        return Standing("有效")
    if burden.state == "decided":
        return Standing("有效")
    if burden.state in ("provisional", "in_force") and burden.until:
        return Standing("执行中", "ok", said("到{at}止。", at=moment_of(burden.until)))
    return Standing(BURDENS.states[burden.state], "ask", "这份决定已经不执行了。")


SEE = ("resumption.see", "resumption.apply")
issuing.register(issuing.Kind(code=KIND, label="处理决定书", word="复决", see=SEE, stamp=("resumption.see",), standing=standing))
