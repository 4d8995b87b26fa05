"""Words of casework: states, channels, where an answer goes, reasons."""

from django.db import models

from qifu.kernel.language import said

PROCESS, HELPS, SUPERVISIONS = "casework.case", "casework.help", "casework.supervision"
CONFIDENTIAL = "confidential"
"""The compartment of what is said about an officer."""

STATES = {
    "recorded": "待分类",
    "classified": "待交办",
    "answered": "当场答复",
    "assigned": "待接办",
    "contested": "退单待裁",
    "handling": "办理中",
    "waiting": "等对方",
    "escalated": "待上级接",
    "coordinating": "协调中",
    "resolved": "待回访",
    "confirmed": "待销号",
    "closed_out": "已销号",
    "reopened": "重新办",
    "merged": "已并案",
}
SOLVED = ("answered", "resolved", "confirmed", "closed_out")
"""Answered, or resolved and not reopened: closing out comes later."""
GONE = ("merged",)
OPEN = tuple(state for state in STATES if state not in (*SOLVED, *GONE))
HELP_STATES = {"asked": "待协办", "given": "已协办", "declined": "协办不了", "dropped": "不用了"}
SUPERVISION_STATES = {"asked": "待回复", "replied": "待确认", "sent_back": "退回重报", "confirmed": "已确认", "withdrawn": "已撤回"}
OWED = ("asked", "sent_back")
"""The office owes an answer."""
PENDING = (*OWED, "replied")
DAYS_MOST = 20


class Channel(models.TextChoices):
    """By which way it came."""

    VISIT = "visit", said("走访")
    HOTLINE = "hotline", said("热线")
    WEB = "web", said("网上")
    PHONE_PAGE = "phone_page", said("手机")
    MESSAGE = "message", said("群消息")
    SHEET = "sheet", said("表格")
    LOOP_12345 = "loop:12345", said("12345转来")
    LOOP_8718 = "loop:8718", said("8718转来")
    LOOP_96871 = "loop:96871", said("96871转来")
    LOOP_141 = "loop:141", said("县级社会治理中心转来")
    INSTRUCTION = "instruction", said("批示")
    COUNTER = "counter", said("窗口")
    MEETING = "meeting", said("会商")
    PEER = "peer", said("外地来函")


class Back(models.TextChoices):
    """Where the answer goes: the way it came."""

    CALL = "call", said("打电话告诉")
    MESSAGE = "message", said("发短信")
    PAGE = "page", said("在手机页面看")
    LETTER = "letter", said("书面答复")
    LOOP = "loop", said("回到转来的平台")


BACK_OF = {
    "visit": Back.CALL, "hotline": Back.CALL, "counter": Back.CALL, "web": Back.PAGE, "phone_page": Back.PAGE, "message": Back.MESSAGE,
    "sheet": Back.CALL, "instruction": Back.LETTER, "meeting": Back.LETTER, "peer": Back.LOOP,
    **dict.fromkeys(("loop:12345", "loop:8718", "loop:96871", "loop:141"), Back.LOOP),
}  # fmt: skip
SIMPLE, COMPLEX = "simple", "complex"
COMPLEXITY = {SIMPLE: said("一问能答"), COMPLEX: said("要交办")}
RUNGS = ("local", "group", "task_force", "other_city", "province")
WAITS = {
    "firm": said("等企业补材料"),
    "paper": said("等上级批文"),
    "outside": said("等外地单位回复"),
    "weather": said("等天气或交通"),
    "other": said("其他"),
}
GROUNDS = {
    "not_ours": said("不是我们的职责"),
    "no_power": said("没有权限"),
    "wrong_place": said("不在我们辖区"),
    "unclear": said("诉求说不清"),
}
ENDED = {"solved": said("解决了"), "explained": said("讲清了，企业认可"), "cannot": said("现在办不到，讲了原因")}
NOT_SOLVED = {"same": said("问题还在"), "part": said("只解决了一部分"), "again": said("又出现了"), "nobody": said("没有人来办")}
TEXT_MOST = 20_000
TITLE_MOST = 60
ANSWER_MOST = 5000
ASKER_MOST = 80
BESIDE_MOST = 480
"""What is said beside a word that was chosen: both stand in one column of 500."""
