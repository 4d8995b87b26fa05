"""The words of the supply chain desk (产业链供需对接)."""

from qifu.kernel.language import said

NEED, MAKING, OUTSIDE, MATCH, CALL = "supply.need", "supply.making", "supply.outside", "supply.match", "supply.call"
SEE, ASK, OWN, ANSWER, DESK, FOLLOW = "supply.see", "supply.ask", "supply.own", "supply.answer", "supply.desk", "supply.follow"

NEED_STATES = {
    "open": said("还没有着落"), "matched": said("对上了"), "met": said("接上了"), "passed_on": said("请外地帮找"),
    "dropped": said("不要了"),
}  # fmt: skip
MAKING_STATES = {"making": said("在做"), "ended": said("不做了")}
OUTSIDE_STATES = {"known": said("有登记"), "gone": said("联系不上")}
MATCH_STATES = {
    "asked": said("在问供方"), "offered": said("供方答应，等需方"), "agreed": said("谈成了"), "delivered": said("已交货"),
    "failed": said("没成"), "declined": said("供方做不了"), "refused": said("需方不要"),
    "lapsed": said("不用再找了"),
}  # fmt: skip
CALL_STATES = {
    "asked": said("等您答复"), "accepted": said("答应了，等需方"), "agreed": said("谈成了"), "declined": said("做不了"),
    "over": said("没有成"),
}  # fmt: skip
TONES = {
    "open": "ask", "matched": "info", "met": "ok", "passed_on": "ask", "dropped": "idle", "making": "ok", "ended": "idle", "known": "ok",
    "gone": "idle", "asked": "ask", "offered": "ask", "agreed": "info", "delivered": "ok", "failed": "stop", "declined": "idle",
    "refused": "idle", "accepted": "info", "over": "idle",
    "lapsed": "idle",
}  # fmt: skip
LIVE = ("asked", "offered", "agreed")
PER = {"day": said("每天"), "week": said("每周"), "month": said("每月")}
