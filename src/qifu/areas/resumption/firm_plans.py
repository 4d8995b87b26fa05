"""One enterprise, one plan (一企一策, FEATURES 2.12): measures with an owner and a date, ticked off by whom they belong to."""

from datetime import datetime

from qifu.kernel.access import Actor
from qifu.kernel.calendar import Allow
from qifu.kernel.workflow import Clock, Move, Opening
from qifu.kernel.workflow.engine import Workflow

from . import refusals
from .models import PlanLine

OWNERS = {
    "firm": ("企业自己", ("enterprise_contact",)),
    "town": ("镇街", ("town_clerk", "zone_clerk")),
    "bureau": ("经信局", ("bureau_clerk",)),
    "liaison": ("联企干部", ("liaison",)),
    "labour": ("人社局", ("labour_clerk",)),
    "health": ("卫健局", ("health_clerk",)),
    "fire": ("消防", ("fire_clerk",)),
    "industry": ("行业主管部门", ("industry_clerk",)),
}
"""Whose a measure may be: the word, and the roles that answer for it within their reach."""
STATES = {"open": "在办", "extended": "延期在办", "done": "办好了", "dropped": "不办了"}
UNDONE = ("open", "extended")
LONGEST_DAYS = 180
MOST_LINES = 30


def is_owner(line: PlanLine, actor: Actor) -> bool:
    """Say whether a measure is this person's: named, or of an office whose hat the person wears over this place or firm."""
    if line.owner_person:
        return actor.person is not None and str(actor.person) == line.owner_person
    roles = OWNERS[line.owner][1]
    return any(hat.role in roles and hat.scope.holds(line) for hat in actor.hats)


def owners_only(line: PlanLine, actor: Actor, at: datetime) -> None:
    """Only the owner says that a measure is done."""
    if not is_owner(line, actor):
        raise refusals.OthersLine()


def owner_words(line: PlanLine) -> str:
    """Name the owner: a person, or an office."""
    return line.owner_name or OWNERS[line.owner][0]


_KEEP, _DO = "resumption.firm_plan", "resumption.firm_plan.line"

PLAN_LINES = Workflow[PlanLine](
    "resumption.plan_line",
    PlanLine,
    opening=Opening("add", "写一条措施", _KEEP, data=("owner", "hours"), stamp="added_at"),
    start="open",
    moves=[
        Move("tick", "办好了", UNDONE, "done", _DO, guard=owners_only, stamp="done_at", then="企业和各单位都看到这一条办好了。"),
        Move("postpone", "延期", ("open",), "extended", _KEEP, data=("hours",), then="负责的收到新的日期；一条只延一次。"),
        Move("reopen", "还没办好", ("done",), "open", _KEEP, data=("hours",), then="回到在办，负责的接着办。"),
        Move("drop", "不办了", UNDONE, "dropped", _KEEP, then="留在方案里，写明为什么不办。"),
    ],
    states=STATES,
    clocks=[
        Clock("due", "到期办好", lambda line: Allow(hours=max(line.hours, 1)), frozenset({"open"}), owner="office"),
        Clock("later", "延期办好", lambda line: Allow(hours=max(line.hours, 1)), frozenset({"extended"}), owner="office"),
    ],
)  # fmt: skip
