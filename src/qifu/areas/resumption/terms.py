"""The words of resumption: states, routes, results, and the facts that triage may know."""

from django.db import models

from qifu.kernel.rules import BOOL, INSTANT, TEXT, Fact, Facts, enum

STATES = {
    "submitted": "待受理",
    "forwarded": "待区里受理",
    "returned": "待补材料",
    "accepted": "待分派",
    "assigned": "评估中",
    "rectifying": "整改中",
    "passed": "待决定",
    "approved": "已批准",
    "refused": "未批准",
    "resumed": "已复工",
    "suspended": "已暂停",
    "withdrawn": "已撤回",
    "lapsed": "不用再办",
}
CLOSED = ("withdrawn", "refused", "lapsed", "")
"""States in which an enterprise may apply anew."""


class Route(models.TextChoices):
    """Who decides: the town or zone, or the district (FEATURES 2.0)."""

    TOWN = "town", "镇街决定"
    DISTRICT = "district", "区里决定"


class Regime(models.TextChoices):
    """How approval works at the time of handing in; a running case keeps its own (FEATURES 2.9)."""

    APPROVAL = "approval", "审批"
    FILING = "filing", "备案加承诺"
    NONE = "none", "取消审批"


class BurdenKind(models.TextChoices):
    """What an act that burdens does (FEATURES 2.17)."""

    REFUSAL = "refusal", "不批准"
    SUSPENSION = "suspension", "暂停复工"
    EXCLUSION = "exclusion", "暂不受理"


BURDENING = ("proposed", "provisional", "in_force")
"""States in which a burden waits or holds."""
GROUNDS = {"items": "必须整改的项目没有整改", "measures": "不符合正在执行的措施", "risk": "有现实的安全风险", "false_report": "申报不实"}
HEARING_HOURS = 24
"""How long an enterprise may say its word before a decision; in an urgent case it says it afterwards."""
AT_ONCE_HOURS = 48
"""How long a suspension without a hearing holds at most."""
LONGEST_DAYS = 30
"""No suspension or exclusion holds longer; what is still needed then is decided anew."""


class Result(models.TextChoices):
    """What was found for one item of the checklist."""

    OPEN = "", "未看"
    OK = "ok", "合格"
    FIX = "fix", "待改"
    WAIVED = "waived", "免"


class Removal(models.TextChoices):
    """Why a name left the published list: a class of reasons, never the words of the file."""

    SUSPENDED = "suspended", "暂停"
    WITHDRAWN = "withdrawn", "企业撤回"
    CORRECTED = "corrected", "登记更正"


SIZES = {"above": "规上", "limit_above": "限上", "small": "规下"}
ESSENTIALS = {
    "none": "非保障类",
    "utility": "公共事业",
    "control_supply": "应急物资",
    "living": "群众生活",
    "key_trade": "重点外贸",
}
ZONES = {"none": "不在管控范围", "lockdown": "封控区", "control": "管控区", "precaution": "防范区"}

# Origin or illness of a worker can never be one of these: the dictionary refuses to load (FEATURES 12.10).
FACTS = Facts(
    Fact("size", enum(**SIZES), "企业规模", "statistics"),
    Fact("over_100m", BOOL, "年产值亿元以上", "statistics"),
    Fact("essential", enum(**ESSENTIALS), "保障类别", "economy"),
    Fact("industry", TEXT, "行业代码", "registry"),
    Fact("excluded_trade", BOOL, "属于暂缓复工的行业", "response"),
    Fact("site_zone", enum(**ZONES), "厂区所在区域", "response"),
    Fact("planned_start", INSTANT, "计划开工时间", "enterprise"),
    Fact("not_before", INSTANT, "最早复工时间", "response"),
    Fact("listed", BOOL, "列入重点名单", "registry"),
    Fact("plan_complete", BOOL, "个性化方案已提交", "enterprise"),
    Fact("papers_complete", BOOL, "五份材料齐全", "enterprise"),
    Fact("code_known", BOOL, "信用代码已核实", "registry"),
)
