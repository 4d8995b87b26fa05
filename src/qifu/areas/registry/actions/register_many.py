"""Register a whole list in one act: used by the importer, the replay and the sample district."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from qifu.areas.registry.entering import Entered, Register, enter
from qifu.kernel.access import Actor
from qifu.kernel.actions import action


@dataclass(frozen=True, kw_only=True)
class RegisterMany:
    """Rows in the order of the list; the answer keeps it."""

    rows: tuple[Register, ...] = field(metadata={"label": "企业"})


@action("registry.register_many", "登记一份企业名单")
def register_many(given: RegisterMany, *, actor: Actor, at: datetime, key: UUID | None = None) -> Entered:
    """Register a list set-based, a journal row per enterprise; a refused row leaves no trace and is named with its reason.

    A second delivery changes nothing: every row is there already."""
    return enter(given.rows, actor=actor, at=at, batch=key)
