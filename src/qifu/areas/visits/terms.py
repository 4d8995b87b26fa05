"""The words of visits: parts, reasons, needs, states, and what a daily log asks."""

from datetime import timedelta

from qifu.kernel.language import said

TERRITORIES, PLANS, VISITS, OPINIONS, LOGS = "visits.territory", "visits.plan", "visits.visit", "visits.opinion", "visits.log"
CONTACTS = "visits.contact"

PARTS = {"lead": said("包联责任人"), "help": said("协助"), "resident": said("驻企")}
"""What an officer is to an enterprise: one answers for it, others help, some stay there day by day (SYS-36, -43, -44)."""
KINDS = {"routine": said("走访"), "unsealed": said("解封后走访"), "revisit": said("再访"), "asked": said("企业约访")}
NEEDS = {
    "labour": said("用工"), "material": said("原料配件"), "transport": said("运输通行"), "money": said("资金"), "policy": said("政策"),
    "supplies": said("防护用品"), "power": said("水电气"), "other": said("其他"),
}  # fmt: skip
WAYS = {"phone": said("打电话"), "site": said("当面")}
"""How an enterprise was reached."""
ANSWERS = {"pass": said("转有关部门办"), "answered": said("当场答复"), "ask": said("拿不准，回去问")}

TERRITORY_STATES = {"held": said("包联中"), "ended": said("已交出")}
PLAN_STATES = {"proposed": said("待确认"), "confirmed": said("已确认"), "dropped": said("已作废")}
VISIT_STATES = {"planned": said("待走访"), "visited": said("已走访"), "dropped": said("不去了")}
OPINION_STATES = {"noted": said("待转办"), "passed": said("已转办"), "answered": said("已答复"), "solved": said("已解决")}
TONES = {"noted": "ask", "passed": "info", "answered": "ok", "solved": "ok"}

LOG_ITEMS = {
    "staff": said("员工情绪和困难"), "meals": said("用餐"), "security": said("安保"), "power": said("用电"), "water": said("用水"),
    "materials": said("原料"), "packing": said("包装"),
}  # fmt: skip
"""What a resident official looks at every day (SYS-44)."""
LOG_NEEDS = {
    "staff": "labour", "meals": "other", "security": "other", "power": "power", "water": "power", "materials": "material",
    "packing": "material",
}  # fmt: skip
"""Under which need a difficulty of the log is noted."""

LATE = timedelta(hours=72)
"""How long a phone may keep a visit before the office has it."""
LOG_LATE = 2
"""Days after which a missing log is a gap and no longer written."""
A_DAY = 6
"""Firms that an officer visits in a day."""
FAIR = 2
"""How far the loads of two officers may lie apart before somebody gives one away."""
ROUND = timedelta(days=30)
"""How far back a visit counts where no incident has begun a round of its own."""
