"""A decree on working days is laid and taken back: by one office, for its own place and all under it, with its paper."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from qifu.kernel import jurisdiction
from qifu.kernel.access import ActionRefused, Actor, NotFound, require
from qifu.kernel.actions import action
from qifu.kernel.calendar import calendar_for, tables
from qifu.kernel.calendar.clock import local
from qifu.kernel.calendar.models import LocalDecree
from qifu.kernel.journal.writing import record
from qifu.kernel.language import said

RIGHT = "calendar.decree"
PROCESS = "calendar.decree"
LONGEST = 31
"""Days of one decree: a longer closing is a measure, not a calendar."""
BACK = timedelta(days=7)
"""How long after its first day a decree may still be entered: papers come late, history is not rewritten."""


class BadDays(ActionRefused):
    """The days of the decree do not fit."""

    says = "日期不对，没有改动。"
    fix = "改好日期再交。"


class NothingChanges(ActionRefused):
    """All these days are what the decree wants already."""

    says = "这几天本来就是这样安排的，没有改动。"
    fix = "看看日历，只填要改的那几天。"


class TakenBack(ActionRefused):
    """The decree was taken back before."""

    says = "这条安排已经撤销过了，没有改动。"
    fix = "刷新看看现在的日历。"


@dataclass(frozen=True, kw_only=True)
class Lay:
    """A decree as its paper says it; both days included."""

    place: int
    from_date: date = field(metadata={"label": "从哪天"})
    to_date: date = field(metadata={"label": "到哪天"})
    works: bool = field(metadata={"label": "上班还是休息"})
    reason: str = field(metadata={"label": "事由", "most": 120})
    document: str = field(metadata={"label": "依据的文件", "most": 120})


@action("calendar.lay", "发布工作日安排")
def lay(given: Lay, *, actor: Actor, at: datetime, key: UUID | None = None) -> LocalDecree:
    """Lay a decree over a place; the open deadlines are found anew right after (following). Refuses BadDays, NothingChanges."""
    hat = require(actor, RIGHT, at=at, on=standing(given.place))
    days = (given.to_date - given.from_date).days + 1
    if days < 1:
        raise BadDays("结束日期在开始日期之前，没有改动。")
    if days > LONGEST:
        raise BadDays(said("一次最多安排{n}天，现在是{days}天，没有改动。", n=LONGEST, days=days))
    if given.from_date < local(at).date() - BACK:
        raise BadDays(said("{n}天以前的日子不能再改，没有改动。", n=BACK.days), fix="已经过去的期限按当时的日历算，不会改写。")
    calendar = calendar_for(given.place)
    if all(calendar.is_workday(given.from_date + timedelta(days=n)) == given.works for n in range(days)):
        raise NothingChanges()
    made = tables.decree(
        given.place, from_date=given.from_date, to_date=given.to_date, is_workday=given.works, reason=given.reason,
        document=given.document, at=at,
    )  # fmt: skip
    record(PROCESS, standing(given.place, made.ref), verb="lay", actor=actor, hat=hat, at=at, entered="laid", first=True, days=days)
    return made


@dataclass(frozen=True, kw_only=True)
class Take:
    decree: UUID


@action("calendar.take_back", "撤销工作日安排")
def take_back(given: Take, *, actor: Actor, at: datetime, key: UUID | None = None) -> LocalDecree:
    """Take a decree back from now on; its row stays, and the open deadlines are found anew. Refuses TakenBack."""
    made = LocalDecree.objects.select_for_update().filter(ref=given.decree).first()
    if made is None:
        raise NotFound()
    if not actor.scope.holds(standing(made.region)):
        raise NotFound()
    hat = require(actor, RIGHT, at=at, on=standing(made.region))
    if made.revoked_at is not None:
        raise TakenBack()
    tables.revoke(made, at=at)
    record(
        PROCESS,
        standing(made.region, made.ref),
        verb="take_back",
        actor=actor,
        hat=hat,
        at=at,
        left="laid",
        entered="taken_back",
        first=True,
    )
    return made


def standing(place: int, id: UUID | None = None) -> Any:
    """Give where a decree stands, as rights and the journal ask it."""
    return SimpleNamespace(id=id, region=place, district=jurisdiction.district_of(place), party=None, compartment="", facets=())
