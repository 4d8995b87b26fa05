"""The words of menu service and joint office (点单式、组团办公)."""

from qifu.kernel.language import said

ITEM, SESSION = "jointoffice.item", "jointoffice.session"
TASK, MINUTES = "jointoffice.task", "jointoffice.minutes"

SEE, MENU, ORDER, OWN = "joint.see", "joint.menu", "joint.order", "joint.own"
LEAD, KEEP, CONFIRM = "joint.lead", "joint.keep", "joint.confirm"

ITEM_STATES = {"offered": said("在菜单上"), "off": said("已撤下")}
STATES = {
    "ordered": said("等定组"), "group_set": said("约好了"), "held": said("会办过了"), "tasks": said("任务在办"),
    "confirmed": said("等销号"), "closed_out": said("已销号"), "withdrawn": said("企业撤回"), "called_off": said("不办了"),
}  # fmt: skip
TONES = {
    "offered": "ok", "off": "idle", "ordered": "ask", "group_set": "info", "held": "ask", "tasks": "info", "confirmed": "ask",
    "closed_out": "ok", "withdrawn": "idle", "called_off": "stop",
}  # fmt: skip
WAITING = ("ordered", "group_set")
"""States in which an enterprise has one order before it and gives no second."""
OVER = ("closed_out", "withdrawn", "called_off")
HALVES = {"": said("都行"), "am": said("上午"), "pm": said("下午")}
ROLES = {"monitor": said("班长"), "member": said("组员")}
CHANNELS = {"page": said("网上"), "phone": said("电话"), "visit": said("走访时")}
