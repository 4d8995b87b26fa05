"""Supervision (督办): an office is asked by number, owes an answer by a date, and the supervisor says whether it will do."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from qifu.kernel.access import Actor, require
from qifu.kernel.actions import BadInput, action
from qifu.kernel.calendar.clock import local
from qifu.kernel.documents import issuing, numbers
from qifu.kernel.language import said

from .. import queries, refusals
from ..handbook import handbook
from ..models import Case, Supervision
from ..terms import DAYS_MOST
from ..workflow import PRESS, SUPERVISING


@dataclass(frozen=True, kw_only=True)
class Supervise:
    case: UUID
    text: str = field(metadata={"label": "督办什么", "most": 1000})
    days: int | None = field(default=None, metadata={"label": "几个工作日内回复"})
    """Working days; the handbook's where nothing is said."""


@action("casework.supervise", "督办")
def supervise(given: Supervise, *, actor: Actor, at: datetime, key: UUID | None = None) -> Supervision:
    """Ask the office that has the case now what it does about it: a number, and an answer owed by a date."""
    case = queries.case(given.case, actor)
    hat = require(actor, PRESS, at=at, on=case)
    if not case.office or case.standing != "open":
        raise refusals.OtherOffice("这件现在不在哪个单位手里，没有督办。")
    days = handbook().press if given.days is None else given.days
    if not 1 <= days <= DAYS_MOST:
        raise BadInput({"days": said("填1到{most}个工作日。", most=DAYS_MOST)})
    one = Supervision(
        case=case, number=_number(case, hat.place or case.region, at=at), office=case.office, office_name=case.office_name, ask=given.text,
        days=days, asker=actor.id, asker_name=actor.name[:80], region=case.region, district=case.district, party=None,
        compartment=case.compartment,
    )  # fmt: skip
    return SUPERVISING.open(one, actor=actor, at=at, key=key, office=case.office_name, number=one.number)


def _number(case: Case, place: int, *, at: datetime) -> str:
    """Give the next number of the supervisor's place and year; a confidential case leaves no gap in them."""
    if case.compartment:
        return queries.secret_number()
    prefix, year = issuing.short_of(place) + "督办", local(at).year
    return numbers.say(prefix, year=year, number=numbers.take(prefix, year=year)[0])


@dataclass(frozen=True, kw_only=True)
class Reply:
    supervision: UUID
    reply: str = field(metadata={"label": "回复", "most": 1000})


@action("casework.reply_supervision", "回复督办")
def reply(given: Reply, *, actor: Actor, at: datetime, key: UUID | None = None) -> Supervision:
    """Answer a supervision for the office that was asked; an answer that was sent back is written anew."""
    with SUPERVISING.move("reply", given.supervision, actor=actor, at=at, key=key) as one:
        one.reply, one.replier, one.replier_name, one.judge = given.reply, actor.id, actor.name[:80], ""
    return one


@dataclass(frozen=True, kw_only=True)
class Which:
    supervision: UUID


@action("casework.confirm_supervision", "确认督办的回复")
def confirm(given: Which, *, actor: Actor, at: datetime, key: UUID | None = None) -> Supervision:
    """Be content with the answer; by another person than gave it."""
    with SUPERVISING.move("confirm", given.supervision, actor=actor, at=at, key=key) as one:
        one.judge, one.why = actor.id, ""
    return one


@dataclass(frozen=True, kw_only=True)
class SendBack:
    supervision: UUID
    why: str = field(metadata={"label": "还差什么", "most": 500})


@action("casework.return_supervision", "退回督办的回复")
def send_back(given: SendBack, *, actor: Actor, at: datetime, key: UUID | None = None) -> Supervision:
    """Send the answer back with what it lacks: the office owes it again, within as many working days."""
    with SUPERVISING.move("send_back", given.supervision, actor=actor, at=at, key=key) as one:
        one.judge, one.why = actor.id, given.why
        one.returns += 1
    return one


@action("casework.withdraw_supervision", "撤回督办")
def withdraw(given: Which, *, actor: Actor, at: datetime, key: UUID | None = None) -> Supervision:
    """Ask no longer: the office owes nothing, its clock stops."""
    with SUPERVISING.move("withdraw", given.supervision, actor=actor, at=at, key=key) as one:
        pass
    return one
