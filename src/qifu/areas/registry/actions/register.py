"""Register one enterprise, as a clerk does at the counter."""

from datetime import datetime
from uuid import UUID

from qifu.areas.registry.entering import Register, enter
from qifu.areas.registry.models import Enterprise
from qifu.areas.registry.terms import AlreadyRegistered
from qifu.kernel.access import Actor
from qifu.kernel.actions import action


@action("registry.register", "登记企业")
def register(given: Register, *, actor: Actor, at: datetime, key: UUID | None = None) -> Enterprise:
    """Register an enterprise in a town or zone; a wrong or blank code makes it provisional.

    Refuses NotYours outside the actor's reach, AlreadyRegistered where code or name stand in the register."""
    done = enter([given], actor=actor, at=at, batch=key, strict=True)
    if not done.created:
        raise AlreadyRegistered(done.refused.get(0, ""), enterprise=done.ids[0])
    return Enterprise.objects.get(pk=done.ids[0])
