"""A visit: planned, made with what was said there, or dropped with a reason (W8)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db.models import Max

from qifu.areas.registry import api as registry
from qifu.areas.registry.api import Enterprise
from qifu.kernel.access import Actor, NotFound, require
from qifu.kernel.access.models import everything
from qifu.kernel.actions import BadInput, action
from qifu.kernel.calendar import clock
from qifu.kernel.files.models import File
from qifu.kernel.language import said
from qifu.kernel.values import uuid7
from qifu.kernel.workflow import AlreadyDone

from .. import queries, refusals
from ..models import Opinion, Visit
from ..workflow import GO, MADE
from .opinions import Said, note

Kind = Literal["routine", "unsealed", "revisit", "asked"]
MOST_SAID = 20


@dataclass(frozen=True, kw_only=True)
class Plan:
    enterprises: tuple[UUID, ...] = field(metadata={"label": "企业"})
    kind: Kind = field(default="routine", metadata={"label": "为什么去"})
    reason: str = field(default="", metadata={"label": "原因", "most": 200})
    follows: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Record:
    enterprise: UUID = field(metadata={"label": "企业"})
    met: str = field(default="", metadata={"label": "见了谁", "most": 60})
    words: str = field(default="", metadata={"label": "现场情况", "most": 1000})
    opinions: tuple[Said, ...] = field(default=(), metadata={"label": "意见"})
    photos: tuple[UUID, ...] = ()
    """Files that must have arrived before: a visit without its photos is not taken."""
    minutes: int | None = None
    told_at: datetime | None = None
    ahead: int = 0


@dataclass(frozen=True, kw_only=True)
class Drop:
    visit: UUID = field(metadata={"label": "走访"})
    reason: str = field(default="", metadata={"label": "原因", "most": 200})


@action("visits.plan", "排走访")
def plan(given: Plan, *, actor: Actor, at: datetime, key: UUID | None = None) -> int:
    """Plan a visit to each of these enterprises, for whoever answers for them; a planned one stays. Gives how many are new."""
    firms = registry.enterprises(given.enterprises)
    if missing := [id for id in given.enterprises if id not in firms]:
        raise NotFound(said("有{n}家没有找到，可能不在您的范围内，没有排。", n=len(missing)))
    if given.follows is not None and not everything(Visit).filter(pk=given.follows).exists():
        raise NotFound()
    return len(plan_for(list(firms.values()), kind=given.kind, reason=given.reason, follows=given.follows, actor=actor, at=at))


def plan_for(
    firms: Sequence[Enterprise], *, kind: str, reason: str = "", follows: UUID | None = None, actor: Actor, at: datetime
) -> list[Visit]:
    """Plan visits inside the open act. A more urgent reason takes the place of a routine visit that waits."""
    waiting, leads = queries.planned_for([firm.id for firm in firms]), queries.leads_of([firm.id for firm in firms])
    if kind == "unsealed":
        gives_way = [visit for visit in waiting.values() if visit.kind != kind]
        if gives_way:
            MADE.move_many("drop", [visit.id for visit in gives_way], actor=actor, at=max(at, *(v.state_at for v in gives_way)), why=kind)
        waiting = {id: visit for id, visit in waiting.items() if visit.kind == kind}
    new = []
    for firm in firms:
        if firm.id in waiting or firm.closed_at is not None:
            continue
        lead = leads.get(firm.id)
        officer, name = (str(lead.person_id), lead.officer_name) if lead else ("", "")
        new.append(_visit(firm, kind=kind, officer=officer, name=name, reason=reason.strip(), follows_id=follows))
    MADE.open_many(new, actor=actor, at=at, datas=[{"kind": kind, "why": kind} for _ in new])
    return new


@action("visits.record", "记走访")
def record(given: Record, *, actor: Actor, at: datetime, key: UUID | None = None) -> Visit:
    """Write a visit down with everything said there, numbered for the enterprise; a planned one is fulfilled by it.

    Its `cases` are those that the opinions have become. Told up to 72 hours late from a phone; `key` makes a second delivery
    a no-op and is the visit's id.
    Refuses NothingSaid, EvidenceMissing, NoAnswer, Closed."""
    firm = registry.enterprise(given.enterprise)
    require(actor, GO, at=at, on=firm)
    queries.one_at_a_time(firm.id)
    if before := MADE.delivered(key):
        raise AlreadyDone(before)
    visit = queries.planned_for([firm.id]).get(firm.id)
    opinions = [one for one in given.opinions if one.words.strip()]
    if firm.closed_at is not None:
        raise refusals.Closed()
    if not opinions and not given.words.strip():
        raise refusals.NothingSaid()
    if len(opinions) > MOST_SAID:
        raise BadInput({"opinions": said("一次走访最多记{n}条，分两次交。", n=MOST_SAID)})
    _evidence(given, firm)
    if visit is None:
        visit = MADE.open(_visit(firm, id=key), actor=actor, at=at, kind="routine", why="spot")
    last = everything(Visit).filter(enterprise=firm.id).aggregate(n=Max("number"))["n"] or 0
    answered = sum(one.then == "answered" for one in opinions)
    minutes = given.minutes if given.minutes is not None and 0 <= given.minutes <= 24 * 60 else None
    at = max(at, visit.state_at)
    told = {"number": last + 1, "opinions": len(opinions), "answered": answered, "photos": len(given.photos), "minutes": minutes}
    with MADE.move("record", visit.id, actor=actor, at=at, key=key, **told) as made:
        made.number, made.officer, made.officer_name = last + 1, actor.id, actor.name[:80]
        made.met, made.words, made.photos = given.met.strip(), given.words.strip(), list(given.photos)
        made.minutes, made.told_at, made.ahead, made.received_at = minutes, given.told_at, given.ahead, clock.now()
    noted = [note(one, firm=firm, visit=made, actor=actor, at=at) for one in opinions]
    made.cases = tuple(one.case for one in noted if one.case)
    return made


@action("visits.drop", "不去了")
def drop(given: Drop, *, actor: Actor, at: datetime, key: UUID | None = None) -> Visit:
    """Drop a planned visit with a reason; the enterprise still counts as not visited. Refuses NoReason."""
    if not given.reason.strip():
        raise refusals.NoReason()
    with MADE.move("drop", given.visit, actor=actor, at=at, key=key, why="") as visit:
        visit.reason = given.reason.strip()
    return visit


def told(visit: Visit) -> dict[str, Any]:
    """Give what a phone is told of a visit that has arrived: its number and those of the opinions."""
    numbers = Opinion._base_manager.filter(visit=visit.id).order_by("number")
    return {"number": visit.number, "opinions": [{"number": one.number, "state": one.state, "case": one.case_number} for one in numbers]}


def _visit(firm: Enterprise, *, id: UUID | None = None, kind: str = "routine", officer: str = "", name: str = "", **more: Any) -> Visit:
    return Visit(
        id=id or uuid7(), enterprise=firm, kind=kind, officer=officer, officer_name=name, facets=firm.facets,
        region=firm.region, district=firm.district, party=firm.id, compartment=firm.compartment, **more,
    )  # fmt: skip


def _evidence(given: Record, firm: Enterprise) -> None:
    """Refuse EvidenceMissing while a photo has not arrived."""
    here = File.objects.filter(pk__in=given.photos, about=firm.id).count() if given.photos else 0
    if here < len(set(given.photos)):
        raise refusals.EvidenceMissing(said("还有{n}张照片没有到，这次走访先不收。", n=len(set(given.photos)) - here))
