"""Two tables: what is on the menu, and an order from its receipt to the last promise kept (DOMAIN W9)."""

from datetime import datetime, timedelta

from qifu.areas.casework import api as casework
from qifu.kernel.access import Actor
from qifu.kernel.calendar import Allow
from qifu.kernel.calendar.clock import local
from qifu.kernel.workflow import Clock, Move, Opening
from qifu.kernel.workflow.engine import Workflow

from . import refusals, terms
from .models import Item, Session
from .terms import CONFIRM, KEEP, LEAD, MENU, ORDER

AFTER = timedelta(days=1)
"""How long after a sitting its minutes are due."""


ITEMS = Workflow(
    terms.ITEM,
    Item,
    opening=Opening("offer", "上菜单", MENU, stamp="offered_at"),
    start="offered",
    moves=[
        Move("change", "改这一项", ("offered",), "offered", MENU, then="企业马上看到新的；已经点过的按原来的办。"),
        Move("take_off", "撤下", ("offered",), "off", MENU, then="企业不能再点；已经点过的照办。"),
        Move("put_back", "重新上菜单", ("off",), "offered", MENU, then="企业马上又能点。"),
    ],
    states=terms.ITEM_STATES,
)


def not_begun(one: Session, actor: Actor, at: datetime) -> None:
    """The time agreed lies ahead."""
    if one.starts_at is not None and at >= one.starts_at:
        raise refusals.AlreadyBegun()


def has_begun(one: Session, actor: Actor, at: datetime) -> None:
    """The day agreed has come."""
    if one.starts_at is None or local(at).date() < local(one.starts_at).date():
        raise refusals.NotYetThere()


def kept(one: Session, actor: Actor, at: datetime) -> None:
    """Each promise is solved, and who gave them out is not who says so."""
    if actor.id == one.giver:
        raise refusals.AnotherConfirms()
    cases = casework.by_origin(terms.TASK, one.promises.values_list("id", flat=True))
    if len(cases) < one.promised or any(casework.is_open(case) for case in cases.values()):
        raise refusals.TasksOpen()


def closed(one: Session, actor: Actor, at: datetime) -> None:
    """Each promise is closed out; what was answered at once or merged is as well."""
    cases = casework.by_origin(terms.TASK, one.promises.values_list("id", flat=True))
    if len(cases) < one.promised or any(not casework.is_closed(case) for case in cases.values()):
        raise refusals.TasksOpen()


def until_minutes(one: Session) -> Allow:
    """Give the whole hours from setting the group to a day after the sitting's end."""
    assert one.ends_at is not None and one.arranged_at is not None
    return Allow(hours=max(1, (one.ends_at + AFTER - one.arranged_at) // timedelta(hours=1)))


SESSIONS = Workflow(
    terms.SESSION,
    Session,
    opening=Opening("order", "点单", ORDER, data=("items", "channel"), stamp="ordered_at"),
    start="ordered",
    moves=[
        Move("set_group", "定组、定时间", ("ordered",), "group_set", LEAD, data=("start", "seats"), then="企业和组里每个单位马上收到时间、地点。"),
        Move("move", "改时间、换人", ("group_set",), "group_set", LEAD, guard=not_begun, data=("start", "seats"), then="按新的时间重新通知一遍。"),
        Move("hold", "登记会办", ("group_set",), "held", KEEP, guard=has_begun, stamp="held_at", then="接着把承诺的事一件一件交办。"),
        Move(
            "give_out", "交办承诺事项", ("held",), "tasks", KEEP, data=("tasks",), stamp="given_at",
            then="一件一个诉求，各走各的时钟；纪要编号发出，企业在手机上看得到。",
        ),
        Move("confirm", "确认都办到了", ("tasks",), "confirmed", CONFIRM, guard=kept, stamp="confirmed_at", then="由班长销号。"),
        Move("reopen", "还没办到", ("confirmed",), "tasks", CONFIRM, then="班长看到还差什么，接着办。"),
        Move("close", "销号", ("confirmed",), "closed_out", LEAD, guard=closed, stamp="closed_at", then="这一单办完；企业还有事可以再点。"),
        Move("withdraw", "撤回这一单", ("ordered",), "withdrawn", ORDER, then="镇街不再安排；要办可以重新点。"),
        Move("call_off", "不办了", terms.WAITING, "called_off", LEAD, guard=not_begun, then="企业和组里的单位收到原因。"),
    ],
    states=terms.STATES,
    clocks=[
        Clock("set", "定组、定时间", Allow(days=2), frozenset({"ordered"}), owner="office"),
        Clock("minutes", "登记会办", until_minutes, frozenset({"group_set"}), owner="monitor_name"),
        Clock("give", "交办承诺事项", Allow(days=1), frozenset({"held"}), owner="office"),
        Clock("close", "销号", Allow(days=2), frozenset({"confirmed"}), owner="office"),
    ],
)  # fmt: skip
