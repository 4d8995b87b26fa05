"""What an item and a note have in common: they give offices tasks, and each task is a case with a clock of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from qifu.areas.casework import api as casework
from qifu.areas.casework.api import Case
from qifu.kernel import jurisdiction, notify
from qifu.kernel.access import Actor
from qifu.kernel.actions import BadInput
from qifu.kernel.calendar.clock import local
from qifu.kernel.language import said
from qifu.kernel.values import uuid7

from .. import queries, refusals
from ..limits import Limit, limit_of
from ..models import Item, Note, Task
from ..numbering import scope_of
from ..terms import MOST_OFFICES


@dataclass(frozen=True, kw_only=True)
class Give:
    """One office's task: what, and by when (a number of working days, or an hour)."""

    office: str = field(metadata={"label": "哪个单位"})
    what: str = field(metadata={"label": "办什么", "most": 300})
    limit: str = field(metadata={"label": "什么时候前"})
    lead: bool = False


def give(wanted: Sequence[Give], *, source: Item | Note, actor: Actor, at: datetime) -> list[Task]:
    """Give every office its task in the open transaction. Refuses BadInput, NotFound, AlreadyGiven."""
    if len(wanted) > MOST_OFFICES:
        raise BadInput({"office": said("一次最多派给{most}个单位。", most=MOST_OFFICES)})
    return [_give(one, source, actor=actor, at=at, own=number == 0) for number, one in enumerate(_leading_first(wanted))]


def _leading_first(wanted: Sequence[Give]) -> list[Give]:
    return sorted(wanted, key=lambda one: not one.lead)


def _give(wanted: Give, source: Item | Note, *, actor: Actor, at: datetime, own: bool) -> Task:
    what = wanted.what.replace("\x00", "").strip()
    if not what:
        raise BadInput({"what": said("还没有写办什么。")})
    office = queries.office(wanted.office, source.region, actor, at=at)
    limit = limit_of(wanted.limit, region=source.region, at=at)
    id = uuid7()
    item, note = (source, None) if isinstance(source, Item) else (None, source)
    if item is not None and Task._base_manager.filter(item=item, office=office.code).exists():
        raise refusals.AlreadyGiven(said("{office}在这一项里已经有任务，没有再派。", office=office.name))
    case = _itself(item, office, limit, what, actor=actor, at=at) if item is not None and (wanted.lead or own) else None
    itself = case is not None
    if case is None:
        case = _opened(id, source, office, limit, what, actor=actor, at=at)
    task = Task(
        id=id,
        item=item,
        note=note,
        case=case,
        itself=itself,
        lead=wanted.lead,
        office=office.code,
        office_name=office.name,
        what=what,
        due_at=limit.due,
        given_at=at,
        given_by=actor.id,
        **scope_of(source.region),
    )
    task.save(force_insert=True)
    words = {"what": what[:40], "due": _moment(limit.due), "number": case.number}
    kind = "consultation.instructed" if note else "consultation.tasked"
    for person in queries.people_of([office.code], at=at)[office.code]:
        if str(person.id) != str(actor.person):
            notify.tell(person.id, kind, words=words, on=case, at=at)
    return task


def _itself(item: Item, office: casework.offices.Office, limit: Limit, what: str, *, actor: Actor, at: datetime) -> Case | None:
    """Give the item's own case to the office that leads, where it is free to go there; None where it is in other hands."""
    case = item.case
    if Task._base_manager.filter(case=case.id, item=item).exists():
        return None
    if case.office == office.code and case.state in ("handling", "waiting"):
        return case
    if case.state not in casework.ASSIGNABLE or casework.offices.named(office.code, case.region, at=at) is None:
        return None
    given = casework.Assign(
        case=case.id, office=office.code, rung=case.rung, over=said("会商议定：{what}", what=what), days=limit.days, until=limit.until
    )
    return casework.assign(given, actor=actor, at=at)


def _opened(id: UUID, source: Item | Note, office: casework.offices.Office, limit: Limit, what: str, *, actor: Actor, at: datetime) -> Case:
    """Open a case of its own. It names the firm in words only: the firm's own list holds what the firm itself has asked."""
    if isinstance(source, Item):
        case, channel = source.case, "meeting"
        told = said(
            "{number}会商议定。\n要办的：{what}\n议题：{title}（{case}）",
            number=source.meeting.number,
            what=what,
            title=case.title,
            case=case.number,
        )
        firm = case.firm
    else:
        channel, firm = "instruction", source.case.firm if source.case else ""
        told = said("{leader}批示：{text}\n要办的：{what}", leader=source.leader, text=source.text, what=what)
    region = _region(source, office)
    given = casework.Record(
        text=str.__str__(told), title=what[:60], channel=channel, firm=firm, region=region, origin_kind="consultation.task", origin=id
    )
    opened = casework.record(given, actor=actor, at=at)
    why = said("{number}：{what}", number=source.meeting.number if isinstance(source, Item) else source.number, what=what)
    return casework.assign(
        casework.Assign(case=opened.id, office=office.code, over=str.__str__(why), days=limit.days, until=limit.until), actor=actor, at=at
    )


def _region(source: Item | Note, office: casework.offices.Office) -> int:
    """A town's task lies in the town, so that the town reaches it; a department's where the source lies."""
    return office.place if jurisdiction.place(office.place).kind in ("town", "subdistrict", "zone", "park") else source.region


def _moment(at: datetime) -> str:
    there = local(at)
    return f"{there.month}月{there.day}日{there:%H:%M}"
