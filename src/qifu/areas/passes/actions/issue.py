"""Giving passes to those who have none yet, and a new one in place of a lost or wrong one."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db.models import Q

from qifu.areas.registry import api as registry
from qifu.areas.registry.models import Worker
from qifu.areas.resumption import api as resumption
from qifu.kernel.access import Actor, NotFound, require
from qifu.kernel.actions import action

from .. import issuing, refusals
from ..models import Pass

For = Literal["lost", "forwarded", "wrong"]


@dataclass(frozen=True, kw_only=True)
class Issue:
    enterprise: UUID = field(metadata={"label": "企业"})


@action("passes.issue", "给没有证的员工发证")
def issue(given: Issue, *, actor: Actor, at: datetime, key: UUID | None = None) -> int:
    """Give each worker on the roster a pass who has none, or whose is about to end; one act whatever their number.

    Refuses NoPermit, NobodyWaits, NotYours."""
    firm = registry.enterprise(given.enterprise)
    require(actor, issuing.RIGHT, at=at, on=firm)
    permits = resumption.live_permits(enterprise=firm.id)
    if not permits or permits[-1].application.state not in ("approved", "resumed"):
        raise refusals.NoPermit()
    of = permits[-1].application_id
    workers = issuing.waiting(firm.id, permits[-1].application, at=at)
    if not workers:
        raise refusals.NobodyWaits()
    return issuing.issue([one for one in permits if one.application_id == of], workers, actor=actor, at=at, batch=key)


@dataclass(frozen=True, kw_only=True)
class Replace:
    passed: UUID = field(metadata={"label": "通行证"})
    reason: For = field(metadata={"label": "原因"})


@action("passes.replace", "换发一张")
def replace(given: Replace, *, actor: Actor, at: datetime, key: UUID | None = None) -> Pass:
    """Revoke a pass and issue another in its place; a signed code is never edited. Refuses PassOver, NoPermit, NotYours."""
    row = Pass._base_manager.select_for_update(of=("self",)).filter(pk=given.passed).first()
    if row is None:
        raise NotFound()
    require(actor, issuing.RIGHT, at=at, on=row)
    if row.ended_at is not None:
        raise refusals.PassOver()
    permits = resumption.live_permits(application=row.application_id)
    worker = Worker.objects.filter(pk=row.worker_id, left_on__isnull=True).first()
    if not permits or worker is None:
        raise refusals.NoPermit()
    issuing.revoke(Q(pk=row.id), why="replaced", actor=actor, at=at)
    issuing.issue(permits, [worker], actor=actor, at=at, batch=key)
    return Pass._base_manager.get(worker=worker, application=row.application_id, ended_at__isnull=True)
