"""The three tables of response: incidents with their level, areas on the ground, and versions asked for from above."""

from datetime import datetime, timedelta

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, SamePerson
from qifu.kernel.calendar.clock import local
from qifu.kernel.workflow import Move, Opening
from qifu.kernel.workflow.engine import Workflow

from .models import ControlArea, Incident, Proposal
from .refusals import NotFromAbove

MEASURE = "response.measure"
"""The process under which the switching of measures is written down; a measure has dates instead of a state."""

LATE = timedelta(hours=12)
"""Decisions of the night are entered in the morning."""


def from_above(proposal: Proposal, actor: Actor, at: datetime) -> None:
    """Refuse the one who asked, and for a local rule everybody whose office does not stand above the place."""
    if actor.id == proposal.asked_by:
        raise SamePerson()
    if proposal.kind == "above":
        return
    above = jurisdiction.lineage(proposal.place, local(at).date())[1:]
    for hat in actor.hats:
        if (
            "response.approve_layer" in hat.rights
            and hat.valid(at)
            and hat.scope.holds(proposal)
            and (hat.place is None or hat.place in above)
        ):
            return
    raise NotFromAbove()


def by_the_asker(proposal: Proposal, actor: Actor, at: datetime) -> None:
    """Refuse to withdraw what another person asked for."""
    if actor.id != proposal.asked_by:
        raise NotFromAbove("只有报批的人可以撤回。", fix="不同意的，由上一级退回。")


INCIDENTS = Workflow[Incident](
    "response.incident",
    Incident,
    opening=Opening(
        "declare", "启动响应", who="response.level", data=("pack", "level", "document", "on"), backdate=LATE, stamp="declared_at"
    ),
    start="declared",
    moves=[
        Move(
            "set_level", "调整级别", ("declared",), "declared", who="response.level", strong=True,
            data=("level", "before", "document", "on", "off"), notice="level", then="措施随级别切换，已经告知。",
        ),
        Move(
            "end", "结束响应", ("declared",), "ended", who="response.level", strong=True, stamp="ended_at",
            data=("document", "off", "areas"), notice="end", then="所有措施停止，区域解除。",
        ),
    ],
    states={"declared": "正在应对", "ended": "已经结束"},
)  # fmt: skip

AREAS = Workflow[ControlArea](
    "response.area",
    ControlArea,
    opening=Opening("draw", "划定区域", who="response.zone", data=("klass", "document", "places", "sites"), stamp="drawn_at"),
    start="drawn",
    moves=[
        Move(
            "confirm", "确认生效", ("drawn",), "in_force", who="response.zone", stamp="confirmed_at",
            data=("klass", "document", "touched"), notice="area", then="区域从生效时间起起作用，已经告知。",
        ),
        Move("drop", "作废草图", ("drawn",), "dropped", who="response.zone", data=("why",), then="草图作废，没有起过作用。"),
        Move(
            "lift", "解除", ("in_force",), "lifted", who="response.zone", stamp="lifted_at",
            data=("document", "why"), notice="area", then="区域内的场所照常办理，已经告知。",
        ),
    ],
    states={"drawn": "草图", "in_force": "生效", "dropped": "作废", "lifted": "已解除"},
)  # fmt: skip

PROPOSALS = Workflow[Proposal](
    "response.proposal",
    Proposal,
    opening=Opening("ask", "报批", who="response.measure", data=("key", "kind", "document")),
    start="asked",
    moves=[
        Move(
            "approve", "同意", ("asked",), "approved", who="response.approve_layer", strong=True, guard=from_above,
            stamp="decided_at", data=("document",), then="到生效时间起执行，到期自动失效。",
        ),
        Move(
            "refuse", "退回", ("asked",), "refused", who="response.approve_layer", guard=from_above,
            stamp="decided_at", then="现行规定不变。",
        ),
        Move("withdraw", "撤回", ("asked",), "withdrawn", who="response.measure", guard=by_the_asker, then="现行规定不变。"),
    ],
    states={"asked": "待上级定", "approved": "已同意", "refused": "已退回", "withdrawn": "已撤回"},
)  # fmt: skip
