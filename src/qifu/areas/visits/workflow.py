"""Four short tables: a territory is taken and handed over, a plan of territories is confirmed by another, a visit is planned
and made, and what was said there is answered or passed on (W8)."""

from datetime import datetime

from qifu.kernel.access import Actor
from qifu.kernel.calendar import Allow
from qifu.kernel.workflow import Clock, Move, Opening
from qifu.kernel.workflow.engine import Workflow

from . import refusals
from .limits import limits
from .models import Opinion, Plan, Territory, Visit
from .terms import LATE, OPINION_STATES, OPINIONS, PLAN_STATES, PLANS, TERRITORIES, TERRITORY_STATES, VISIT_STATES, VISITS

SEE, GO, HOLD, KEEP = "visits.see", "visits.visit", "visits.hold", "visits.keep"


def by_another_than_the_proposer(plan: Plan, actor: Actor, at: datetime) -> None:
    """Who made the proposal does not confirm it: hundreds of firms change hands by one touch."""
    if actor.id == plan.proposer:
        raise refusals.AnotherLooks()


def time_for(visit: Visit) -> Allow:
    """Give how long a planned visit may wait, by its kind."""
    return Allow(days=limits().within[visit.kind])


def time_to_ask(opinion: Opinion) -> Allow:
    """Give how long the enterprise may wait for what the officer went back to ask; answered or passed on at once, it never ran."""
    return Allow(days=limits().ask)


HELD = Workflow(
    TERRITORIES,
    Territory,
    opening=Opening("take", "接手包联", KEEP, data=("part", "officer", "batch"), stamp="since"),
    start="held",
    moves=[
        Move("hand_over", "交给别人", ("held",), "ended", KEEP, data=("why",), stamp="until", then="接手的人马上看得到，经过都留着。"),
        Move("end", "不再包联", ("held",), "ended", KEEP, data=("why",), stamp="until", then="这家会排进“没有人包”，等人接手。"),
    ],
    states=TERRITORY_STATES,
)

PROPOSED = Workflow(
    PLANS,
    Plan,
    opening=Opening("propose", "排方案", KEEP, data=("firms", "changes"), stamp="proposed_at"),
    start="proposed",
    moves=[
        Move(
            "confirm", "确认方案", ("proposed",), "confirmed", KEEP, guard=by_another_than_the_proposer, data=("changes", "skipped"),
            stamp="confirmed_at", then="名单一次换好，原来的人和时间都留着。",
        ),
        Move("drop", "不用这份", ("proposed",), "dropped", KEEP, then="谁也没有换，需要时再排。"),
    ],
    states=PLAN_STATES,
)  # fmt: skip

MADE = Workflow(
    VISITS,
    Visit,
    opening=Opening("plan", "排走访", GO, data=("kind", "why"), backdate=LATE, stamp="planned_at"),
    start="planned",
    moves=[
        Move(
            "record", "记走访", ("planned",), "visited", GO, backdate=LATE, stamp="visited_at",
            data=("number", "opinions", "answered", "photos", "minutes"), then="记好就有号，说的每一条都跟到底。",
        ),
        Move("drop", "不去了", ("planned",), "dropped", GO, backdate=LATE, data=("why",), then="写明原因，这家仍算没有走访。"),
    ],
    states=VISIT_STATES,
    clocks=[Clock("visit", "走访", time_for, frozenset({"planned"}), owner="officer_name")],
)  # fmt: skip

SAID = Workflow(
    OPINIONS,
    Opinion,
    opening=Opening("note", "记意见", GO, data=("number", "need", "visit"), backdate=LATE, stamp="noted_at"),
    start="noted",
    moves=[
        Move("answer", "答复", ("noted",), "answered", GO, backdate=LATE, data=("on_the_spot",), stamp="answered_at", then="企业当场就有答复。"),
        Move(
            "pass_on", "转办", ("noted",), "passed", GO, backdate=LATE, data=("case", "office"), stamp="passed_at",
            then="成为一件诉求，有号、有时限、有人接。",
        ),
        Move("solve", "确认解决", ("passed",), "solved", GO, backdate=LATE, data=("case",), stamp="solved_at", then="企业说解决了才算。"),
        Move("reopen", "还没解决", ("solved",), "passed", GO, backdate=LATE, data=("why",), then="重新有人办。"),
    ],
    states=OPINION_STATES,
    clocks=[Clock("ask", "问清楚", time_to_ask, frozenset({"noted"}), owner="officer_name")],
)  # fmt: skip
