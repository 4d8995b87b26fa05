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
from qifu.kernel.language import said
from qifu.kernel.workflow import SubjectMoved, WrongState

from .. import refusals
from ..models import Application, Item
from ..workflow import RESUMPTION, on_the_team

TEAM = "economy"
"""The department whose items the assessment team answers for itself."""
OWN = {"fire": "resumption.item.fire", "health": "resumption.item.health"}
"""Rights over the items of departments that keep them in their own hands."""


@dataclass(frozen=True, kw_only=True)
class Check:
    application: UUID
    code: str = field(metadata={"label": "项目"})
    result: Literal["ok", "fix", "waived"] = field(metadata={"label": "结果"})
    note: str = field(default="", metadata={"label": "看到的情况", "most": 300})
    seen: datetime | None = None
    """The state_at that the report was made on; None from a page that shows the item as it stands."""


@action("resumption.check_item", "核一项")
def check_item(given: Check, *, actor: Actor, at: datetime, key: UUID | None = None) -> Item:
    """Write down what was found for one item, before or during the visit. Refuses WrongTeam, NotTheDepartmentsItem.

    Told late from a device, `seen` guards against another's step meanwhile and `key` makes a resend a no-op."""
    application = RESUMPTION.lock(given.application)
    require(actor, "resumption.see", at=at, on=application)
    RESUMPTION.once(key, application)
    if given.seen is not None and given.seen != application.state_at:
        raise SubjectMoved(process=RESUMPTION.name, subject=application)
    if application.state not in ("accepted", "assigned", "rectifying"):
        raise WrongState("现在不在评估阶段，清单不能改。")
    item = everything(Item).filter(application=application.id, code=given.code).first()
    if item is None:
        raise NotFound("清单上没有这一项。")
    hat = may_touch(item, application, actor=actor, at=at, waive=given.result == "waived")
    set_result(item, result=given.result, note=given.note, actor=actor, at=at, hat=hat)
    writing.record(RESUMPTION.name, application, verb="check", actor=actor, hat=hat, at=at, item=item.code, result=given.result)
    return item


def may_touch(item: Item, application: Application, *, actor: Actor, at: datetime, waive: bool) -> Hat:
    """Give the hat by which the actor may write this item: the owner's, or the team's where the owner left it to the team."""
    right = OWN.get(item.department)
    if right and (hat := actor.hat_for(right, at=at, on=application)):
        return hat
    if right and (waive or item.by_owner):
        raise refusals.NotTheDepartmentsItem(
            said("“{name}”归{department_name}，只有他们能改或免。", name=item.name, department_name=item.department_name),
            fix=said("请{department_name}核。", department_name=item.department_name),
        )
    hat = require(actor, "resumption.assess", at=at, on=application)
    on_the_team(application, actor, at)
    return hat


def set_result(item: Item, *, result: str, note: str, actor: Actor, at: datetime, hat: Hat | None = None) -> None:
    """Write a result on its row; the words stand here, never in the record. `hat` says whether the owner speaks."""
    right = OWN.get(item.department)
    item.by_owner = item.by_owner or bool(right and hat and right in hat.rights)
    remember(item)
    item.result, item.note, item.checked_at = result, note, at
    item.checked_by, item.checked_by_name = actor.id, actor.name[:80]
    item.save(update_fields=["result", "note", "checked_at", "checked_by", "checked_by_name", "by_owner", "before"])


def set_first_results(items: Sequence[tuple[Item, Hat]], *, result: str, actor: Actor, at: datetime) -> None:
    """Write one result, without words, on many items; those that nobody has looked at yet in one statement."""
    together: list[Item] = []
    for item, hat in items:
        right = OWN.get(item.department)
        if item.checked_at is not None or (right and right in hat.rights):
            set_result(item, result=result, note="", actor=actor, at=at, hat=hat)
        else:
            together.append(item)
    written = {"result": result, "note": "", "checked_at": at, "checked_by": actor.id, "checked_by_name": actor.name[:80]}
    Item._base_manager.filter(pk__in=[item.pk for item in together]).update(**written)
    for item in together:
        for name, value in written.items():
            setattr(item, name, value)


def remember(item: Item) -> None:
    """Put what stands on an item behind it, before it is written anew: who looked earlier stays known."""
    if item.checked_at is not None and item.result:
        item.before = [
            *item.before,
            {"result": item.result, "note": item.note, "by": item.checked_by_name, "at": item.checked_at.isoformat()},
        ]


def look_again(items: Sequence[Item]) -> None:
    """Open items anew, each by whoever kept it: a department that has spoken looks again itself."""
    for item in items:
        remember(item)
        item.result, item.note, item.checked_by, item.checked_by_name, item.checked_at = "", "", "", "", None
        item.save(update_fields=["result", "note", "checked_at", "checked_by", "checked_by_name", "before"])
