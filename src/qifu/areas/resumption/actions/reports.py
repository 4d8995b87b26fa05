"""Reports that came after their application had moved: both sides stand side by side, one person decides (DECISIONS 26)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from qifu.kernel.access import ActionRefused, Actor, NotFound, require
from qifu.kernel.access.hats import worn_by
from qifu.kernel.access.models import everything
from qifu.kernel.actions import BadInput, action, parse
from qifu.kernel.journal import writing
from qifu.kernel.language import said
from qifu.kernel.workflow.models import Kept

from .. import refusals
from ..models import Application, Item
from ..workflow import FIELD, RESUMPTION
from .assess import Assess, Found, assess
from .items import OWN, may_touch


@dataclass(frozen=True, kw_only=True)
class Side:
    """One item of a kept report beside what stands now. `theirs` says that its department keeps it: it stays as it is."""

    item: Item
    found: Found
    differs: bool
    theirs: bool


@dataclass(frozen=True, kw_only=True)
class Settle:
    report: UUID
    outcome: Literal["report", "now"] = field(metadata={"label": "怎么定"})
    take: tuple[str, ...] = field(default=(), metadata={"label": "用现场的哪几项"})
    """Codes of differing items for which the report's word is taken; the others stay as they stand."""


@action("resumption.settle_report", "定一份现场报告")
def settle_report(given: Settle, *, actor: Actor, at: datetime, key: UUID | None = None) -> Kept:
    """Settle a kept report: take it as its author's assessment after all, item by item, or leave what stands.

    The report itself is never changed. Refuses Settled, NotAssessing where the visit is over, and whatever the assessment
    itself would refuse its author now (WrongTeam, NotYetAssessed)."""
    kept = everything(Kept).select_for_update().filter(pk=given.report, action="resumption.assess").first()
    if kept is None:
        raise NotFound("没有找到这份现场报告，可能编号有误，或不在您的范围内。")
    hat = require(actor, "journal.kept", at=at, on=kept)
    if kept.settled_at is not None:
        raise refusals.Settled()
    application = RESUMPTION.lock(kept.subject)
    if given.outcome == "report":
        _take(kept, application, given.take, at=at)
    kept.settled_at, kept.settled_by = at, actor.name[:80]
    kept.outcome = said("按现场报告收下，采用{n}处不同", n=len(given.take)) if given.outcome == "report" else said("以现在的为准，报告留档")
    kept.save(update_fields=["settled_at", "settled_by", "outcome"])
    fresh = everything(Application).get(pk=application.id)
    writing.record(RESUMPTION.name, fresh, verb="settle", actor=actor, hat=hat, at=at, report=str(kept.id), outcome=given.outcome)
    return kept


def _take(kept: Kept, application: Application, take: Sequence[str], *, at: datetime) -> None:
    """Hand the report in as its author's, with what was chosen."""
    if application.state != "assigned":
        raise refusals.NotAssessing()
    author = worn_by(UUID(kept.actor), at=at)
    told = told_of(kept)
    sides = sides_of(told, application, author=author, at=at)
    found = tuple(replace(s.found, seen=None) for s in sides if not s.theirs and (not s.differs or s.item.code in take))
    results = {s.item.code: s.item.result for s in sides} | {one.code: one.result for one in found}
    items = everything(Item).filter(application=application.id)
    mends = any(results.get(item.code, item.result) == "fix" for item in items if item.required)
    assess(
        replace(told, seen=None, found=found, conclusion="demand" if mends else "pass"),
        actor=author,
        # Told at its own time where that is still told in time, else by this decision.
        at=max(kept.at, application.state_at) if at - kept.at < FIELD else at,
        key=kept.key,
    )


def told_of(kept: Kept) -> Assess:
    """Give the report as it was sent."""
    try:
        told: Assess = parse(Assess, kept.given)
    except BadInput as problem:
        raise NotFound("这份报告的内容读不出来，只能留档。") from problem
    return told


def sides_of(told: Assess, application: Any, *, author: Actor | None, at: datetime) -> list[Side]:
    """Give each item that the report speaks of beside what stands now, in the checklist's order."""
    found = {one.code: one for one in told.found}
    sides = []
    for item in everything(Item).filter(application=application.id, code__in=found):
        mine = found[item.code]
        differs = bool(item.result) and (item.result, item.note) != (mine.result, mine.note)
        sides.append(Side(item=item, found=mine, differs=differs, theirs=_theirs(item, application, mine, author=author, at=at)))
    return sides


def _theirs(item: Item, application: Any, found: Found, *, author: Actor | None, at: datetime) -> bool:
    if author is None:
        return item.department in OWN and item.by_owner
    try:
        may_touch(item, application, actor=author, at=at, waive=found.result == "waived")
    except refusals.NotTheDepartmentsItem:
        return True
    except ActionRefused:
        return False
    return False
