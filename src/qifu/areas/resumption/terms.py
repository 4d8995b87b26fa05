"""The words of resumption: states, routes, results, and the facts that triage may know."""

from django.db import models

from qifu.kernel.language import said
from qifu.kernel.rules import BOOL, INSTANT, TEXT, Fact, Facts, enum

STATES = {
    "submitted": said("待受理"),
    "forwarded": said("待区里受理"),
    "returned": said("待补材料"),
    "accepted": said("待分派"),
    "assigned": said("评估中"),
    "rectifying": said("整改中"),
    "passed": said("待决定"),
    "approved": said("已批准"),
    "refused": said("未批准"),
    "resumed": said("已复工"),
    "suspended": said("已暂停"),
    "withdrawn": said("已撤回"),
    "lapsed": said("不用再办"),
}
CLOSED = ("withdrawn", "refused", "lapsed", "")
"""States in which an enterprise may apply anew."""


class Route(models.TextChoices):
    """Who decides: the town or zone, or the district (FEATURES 2.0)."""

    TOWN = "town", said("镇街决定")
    DISTRICT = "district", said("区里决定")


class Regime(models.TextChoices):
    """How approval works at the time of handing in; a running case keeps its own (FEATURES 2.9)."""

    APPROVAL = "approval", said("审批")
    FILING = "filing", said("备案加承诺")
    NONE = "none", said("取消审批")


class BurdenKind(models.TextChoices):
    """What an act that burdens does (FEATURES 2.17)."""

    REFUSAL = "refusal", said("不批准")
    SUSPENSION = "suspension", said("暂停复工")
    EXCLUSION = "exclusion", said("暂不受理")


class AppealWay(models.TextChoices):
    """Which way an enterprise goes against an act that burdens it."""

    REVIEW = "review", said("行政复议")
    SUIT = "suit", said("行政诉讼")


BURDENING = ("proposed", "provisional", "in_force")
"""States in which a burden waits or holds."""
GROUNDS = {
    "items": said("必须整改的项目没有整改"),
    "measures": said("不符合正在执行的措施"),
    "risk": said("有现实的安全风险"),
    "false_report": said("申报不实"),
}
AT_ONCE_HOURS = 48
"""How long a suspension without a hearing holds at most."""
LONGEST_DAYS = 30
"""No suspension or exclusion holds longer; what is still needed then is decided anew."""


class Result(models.TextChoices):
    """What was found for one item of the checklist."""

    OPEN = "", said("未看")
    OK = "ok", said("合格")
    FIX = "fix", said("待改")
    WAIVED = "waived", said("免")


class Removal(models.TextChoices):
    """Why a name left the published list: a class of reasons, never the words of the file."""

    SUSPENDED = "suspended", said("暂停")
    WITHDRAWN = "withdrawn", said("企业撤回")
    CORRECTED = "corrected", said("登记更正")


SIZES = {"above": said("规上"), "limit_above": said("限上"), "small": said("规下")}
ESSENTIALS = {
    "none": said("非保障类"),
    "utility": said("公共事业"),
    "control_supply": said("应急物资"),
    "living": said("群众生活"),
    "key_trade": said("重点外贸"),
}
ZONES = {"none": said("不在管控范围"), "lockdown": said("封控区"), "control": said("管控区"), "precaution": said("防范区")}

# Origin or illness of a worker can never be one of these: the dictionary refuses to load (FEATURES 12.10).
FACTS = Facts(
    Fact("size", enum(**SIZES), said("企业规模"), "statistics"),
    Fact("over_100m", BOOL, said("年产值亿元以上"), "statistics"),
    Fact("essential", enum(**ESSENTIALS), said("保障类别"), "economy"),
    Fact("industry", TEXT, said("行业代码"), "registry"),
    Fact("excluded_trade", BOOL, said("属于暂缓复工的行业"), "response"),
    Fact("site_zone", enum(**ZONES), said("厂区所在区域"), "response"),
    Fact("planned_start", INSTANT, said("计划开工时间"), "enterprise"),
    Fact("not_before", INSTANT, said("最早复工时间"), "response"),
    Fact("listed", BOOL, said("列入重点名单"), "registry"),
    Fact("plan_complete", BOOL, said("个性化方案已提交"), "enterprise"),
    Fact("papers_complete", BOOL, said("五份材料齐全"), "enterprise"),
    Fact("code_known", BOOL, said("信用代码已核实"), "registry"),
)
