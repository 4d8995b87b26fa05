"""The visit: the team's findings and its conclusion arrive together, once (FEATURES 2.3)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from qifu.kernel.access import Actor, require
from qifu.kernel.access.models import everything
from qifu.kernel.actions import BadInput, action

from ..models import Application, Item
from ..workflow import RESUMPTION
from .items import may_touch, set_result, set_results


@dataclass(frozen=True, kw_only=True)
class Found:
    code: str
    result: Literal["ok", "fix"]
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Assess:
    application: UUID
    conclusion: Literal["pass", "demand"] = field(metadata={"label": "结论"})
    found: tuple[Found, ...] = field(default=(), metadata={"label": "清单"})
    all_ok: bool = False
    """Everything that was still open is right (an assessor's one touch at the end; devices, replay)."""
    remarks: str = field(default="", metadata={"label": "备注"})
    seen: datetime | None = None


@action("resumption.assess", "交评估")
def assess(given: Assess, *, actor: Actor, at: datetime, key: UUID | None = None) -> Application:
    """Hand in the assessment: item by item, then pass or demand rectification.

    Told up to 24 hours late from a device without a network; `key` makes a resend a no-op, `seen` guards against
    another's step meanwhile. Refuses WrongTeam, NotYetAssessed, ItemsToMend, NothingToMend."""
    locked = RESUMPTION.lock(given.application)
    require(actor, "resumption.assess", at=at, on=locked)
    items = {item.code: item for item in everything(Item).filter(application=locked.id)}
    if unknown := [one.code for one in given.found if one.code not in items]:
        raise BadInput({"found": f"清单上没有这一项：{unknown[0]}。"})
    if locked.state == "assigned" and (given.seen is None or given.seen == locked.state_at):
        for one in given.found:
            may_touch(items[one.code], locked, actor=actor, at=at, waive=False)
            set_result(items[one.code], result=one.result, note=one.note, actor=actor, at=at)
        if given.all_ok:
            named = {one.code for one in given.found}
            set_results([i for i in items.values() if i.result == "" and i.code not in named], result="ok", note="", actor=actor, at=at)
    fixes = sum(item.result == "fix" for item in items.values())
    data = {"items": len(items), ("fixed" if given.conclusion == "pass" else "to_mend"): fixes}
    with RESUMPTION.move(given.conclusion, locked.id, actor=actor, at=at, key=key, seen=given.seen, **data) as application:
        application.assessor, application.remarks = actor.id, given.remarks[:500]
        application.assessed_at = application.assessed_at or at
    return application
