"""The decision, by another person than the assessor; and what burdens an enterprise."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from qifu.kernel.access import Actor
from qifu.kernel.actions import action
from qifu.kernel.workflow import Moved

from .. import letters
from ..models import Application
from ..terms import Removal
from ..workflow import RESUMPTION, end_permits
from .apply import grant
from .lists import take_off

Grounds = Literal["items", "measures", "risk", "false_report"]
GROUNDS = {"items": "必须整改的项目没有整改", "measures": "不符合正在执行的措施", "risk": "有现实的安全风险", "false_report": "申报不实"}


@dataclass(frozen=True, kw_only=True)
class Approve:
    application: UUID
    conditions: str = field(default="", metadata={"label": "附加条件"})


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
    reason: str = field(metadata={"label": "看哪一项"})


@action("resumption.send_back", "退回再评估")
def send_back(given: SendBack, *, actor: Actor, at: datetime, key: UUID | None = None) -> Application:
    """Send it back to the same team, naming what to look at."""
    with RESUMPTION.move("send_back", given.application, actor=actor, at=at, key=key, reason="look_again") as application:
        application.reason = given.reason
    return application


@dataclass(frozen=True, kw_only=True)
class Burden:
    application: UUID
    ground: Grounds = field(metadata={"label": "理由"})
    basis: str = field(metadata={"label": "依据"})
    reason: str = field(metadata={"label": "说明"})


@action("resumption.refuse", "不批准")
def refuse(given: Burden, *, actor: Actor, at: datetime, key: UUID | None = None) -> Application:
    """Refuse with a ground, its basis and words; the enterprise is told where to turn."""
    with RESUMPTION.move(
        "refuse", given.application, actor=actor, at=at, key=key, reason=given.ground, basis=given.basis[:200]
    ) as application:
        application.decider, application.reason = actor.id, given.reason
        application.decided_at = application.decided_at or at
    return application


@action("resumption.suspend", "暂停")
def suspend(given: Burden, *, actor: Actor, at: datetime, key: UUID | None = None) -> Application:
    """Suspend an approved or working enterprise; its permits end at once."""
    with RESUMPTION.move(
        "suspend", given.application, actor=actor, at=at, key=key, reason=given.ground, basis=given.basis[:200]
    ) as application:
        application.reason = given.reason
        end_permits(application, at=at, why="suspended")
        take_off([application.id], at=at, why=Removal.SUSPENDED)
    return application
