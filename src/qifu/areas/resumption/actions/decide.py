"""The decision, by another person than the assessor. What burdens an enterprise takes two (`burden`)."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from qifu.kernel.access import Actor
from qifu.kernel.actions import action
from qifu.kernel.workflow import Moved

from .. import letters
from ..models import Application
from ..workflow import RESUMPTION
from .apply import grant


@dataclass(frozen=True, kw_only=True)
class Approve:
    application: UUID
    conditions: str = field(default="", metadata={"label": "附加条件", "most": 500})


@action("resumption.approve", "批准复工")
def approve(given: Approve, *, actor: Actor, at: datetime, key: UUID | None = None) -> Application:
    """Approve an assessed application; each site gets its permit. Refuses AssessorMayNotDecide, CodeUnsettled, SiteClosed."""
    with RESUMPTION.move("approve", given.application, actor=actor, at=at, key=key, conditions=int(bool(given.conditions))) as application:
        application.decider, application.conditions = actor.id, given.conditions
        grant(application, at=at)
    letters.send("approval", application, actor=actor, at=at)
    return application


@dataclass(frozen=True, kw_only=True)
class ApproveMany:
    applications: tuple[UUID, ...] = field(metadata={"label": "申请"})


@action("resumption.approve_many", "批量批准")
def approve_many(given: ApproveMany, *, actor: Actor, at: datetime, key: UUID | None = None) -> Moved:
    """Approve a batch; each is asked like a single one, the refused are named and stay where they are."""
    moved = RESUMPTION.move_many("approve", given.applications, actor=actor, at=at, conditions=0)
    approved = list(Application._base_manager.filter(pk__in=moved.moved).select_related("enterprise", "incident").order_by("id"))
    for application in approved:
        application.decider = actor.id
        grant(application, at=at)
        application.save(update_fields=["decider", "may_start_from"])
    letters.send_many("approval", approved, actor=actor, at=at)
    return moved


@dataclass(frozen=True, kw_only=True)
class SendBack:
    application: UUID
    reason: str = field(metadata={"label": "看哪一项", "most": 500})


@action("resumption.send_back", "退回再评估")
def send_back(given: SendBack, *, actor: Actor, at: datetime, key: UUID | None = None) -> Application:
    """Send it back to the same team, naming what to look at."""
    with RESUMPTION.move("send_back", given.application, actor=actor, at=at, key=key, reason="look_again") as application:
        application.reason = given.reason
    return application
