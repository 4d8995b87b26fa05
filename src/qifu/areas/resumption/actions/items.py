"""Another department's items in the same visit: only it may change or waive them (FEATURES 2.5)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from qifu.kernel.access import Actor, Hat, NotFound, require
from qifu.kernel.access.models import everything
from qifu.kernel.actions import action
from qifu.kernel.journal import writing
from qifu.kernel.workflow import WrongState

from .. import refusals
from ..models import Application, Item
from ..workflow import RESUMPTION

TEAM = "economy"
"""The department whose items the assessment team answers for itself."""
OWN = {"fire": "resumption.item.fire", "health": "resumption.item.health"}
"""Rights over the items of departments that keep them in their own hands."""


@dataclass(frozen=True, kw_only=True)
class Check:
    application: UUID
    code: str = field(metadata={"label": "项目"})
    result: Literal["ok", "fix", "waived"] = field(metadata={"label": "结果"})
    note: str = field(default="", metadata={"label": "看到的情况"})


@action("resumption.check_item", "核一项")
def check_item(given: Check, *, actor: Actor, at: datetime, key: UUID | None = None) -> Item:
    """Write down what was found for one item, before or during the visit. Refuses NotTheDepartmentsItem."""
    application = RESUMPTION.lock(given.application)
    if application.state not in ("accepted", "assigned", "rectifying"):
        raise WrongState("现在不在评估阶段，清单不能改。")
    item = everything(Item).filter(application=application.id, code=given.code).first()
    if item is None:
        raise NotFound("清单上没有这一项。")
    hat = may_touch(item, application, actor=actor, at=at, waive=given.result == "waived")
    set_result(item, result=given.result, note=given.note, actor=actor, at=at)
    writing.record(RESUMPTION.name, application, verb="check", actor=actor, hat=hat, at=at, item=item.code, result=given.result)
    return item


def may_touch(item: Item, application: Application, *, actor: Actor, at: datetime, waive: bool) -> Hat:
    """Give the hat by which the actor may write this item: the owner's, or the team's where the owner left it to the team."""
    right = OWN.get(item.department)
    if right and (hat := actor.hat_for(right, at=at, on=application)):
        return hat
    if right and (waive or item.checked_by):
        raise refusals.NotTheDepartmentsItem(
            f"“{item.name}”归{item.department_name}，只有他们能改或免。", fix=f"请{item.department_name}核。"
        )
    return require(actor, "resumption.assess", at=at, on=application)


def set_result(item: Item, *, result: str, note: str, actor: Actor, at: datetime) -> None:
    """Write a result on its row; the words stand here, never in the record."""
    set_results([item], result=result, note=note, actor=actor, at=at)


def set_results(items: Sequence[Item], *, result: str, note: str, actor: Actor, at: datetime) -> None:
    """Write the same result on several rows, in one statement."""
    values = {
        "result": result, "note": note[:300], "checked_at": at, "checked_by": actor.id, "checked_by_name": actor.name[:80],
    }  # fmt: skip
    for item in items:
        for name, value in values.items():
            setattr(item, name, value)
    everything(Item).filter(pk__in=[item.pk for item in items]).update(**values)
