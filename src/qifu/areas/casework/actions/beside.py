"""What is written beside the way of a case: help that is asked for, notes, tries to call back."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from qifu.kernel.access import Actor, Hat, NotFound, require
from qifu.kernel.actions import action
from qifu.kernel.journal import writing
from qifu.kernel.language import said

from .. import offices, queries, refusals
from ..handbook import handbook
from ..models import Case, Help, Remark
from ..terms import PROCESS
from ..workflow import HANDLE, HELPING, in_hand
from .handle import Of


@dataclass(frozen=True, kw_only=True)
class AskHelp:
    case: UUID
    office: str = field(metadata={"label": "请哪个单位"})
    ask: str = field(metadata={"label": "请办什么", "most": 500})


@action("casework.ask_help", "请协办")
def ask_help(given: AskHelp, *, actor: Actor, at: datetime, key: UUID | None = None) -> Help:
    """Ask another office to help; it has a clock of its own, and the lead keeps the case."""
    case = queries.case(given.case, actor)
    in_hand(case, actor, at)
    if case.state not in ("handling", "coordinating", "waiting"):
        raise refusals.OtherOffice("这件现在不在办理中，没有请协办。", fix="接办以后再请。")
    office = offices.named(given.office, case.region, at=at)
    if office is None or office.code == case.office:
        raise NotFound("没有这个单位，或就是牵头的单位。", fix="另选一个单位。")
    helping = Help(
        case=case, office=office.code, office_name=office.name, ask=given.ask, days=handbook().help, asked_by=actor.id,
        region=case.region, district=case.district, party=None, compartment=case.compartment,
    )  # fmt: skip
    return HELPING.open(helping, actor=actor, at=at, key=key, office=office.name)


@dataclass(frozen=True, kw_only=True)
class GiveHelp:
    help: UUID
    reply: str = field(metadata={"label": "回复", "most": 1000})
    can: bool = True


@action("casework.give_help", "回复协办")
def give_help(given: GiveHelp, *, actor: Actor, at: datetime, key: UUID | None = None) -> Help:
    """Answer what one was asked to help with, or say why one cannot."""
    with HELPING.move("give" if given.can else "decline", given.help, actor=actor, at=at, key=key) as helping:
        helping.reply, helping.helper_name = given.reply, actor.name[:80]
    return helping


@dataclass(frozen=True, kw_only=True)
class Words:
    case: UUID
    text: str = field(metadata={"label": "内容", "most": 1000})


@action("casework.note", "写一笔")
def note(given: Words, *, actor: Actor, at: datetime, key: UUID | None = None) -> Remark:
    """Write a note beside a case."""
    case = queries.case(given.case, actor)
    hat = actor.hat_for(HANDLE, at=at, on=case) or require(actor, "case.callback", at=at, on=case)
    return _remark(case, "note", given.text, hat=hat, actor=actor, at=at)


@action("casework.tried", "没打通")
def tried(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Remark:
    """Write down that a call-back reached nobody."""
    case = queries.case(given.case, actor)
    hat = require(actor, "case.callback", at=at, on=case)
    if case.state != "resolved":
        raise refusals.OtherOffice("这件现在不在回访中，没有记。")
    return _remark(case, "called", said("打过一次电话，没有人接"), hat=hat, actor=actor, at=at)


def _remark(case: Case, kind: str, text: str, *, hat: Hat, actor: Actor, at: datetime) -> Remark:
    made = Remark(
        case=case, kind=kind, text=text, by=actor.id, by_name=actor.name[:80], at=at, region=case.region,
        district=case.district, compartment=case.compartment,
    )  # fmt: skip
    made.save(force_insert=True)
    writing.record(PROCESS, case, verb=kind, actor=actor, hat=hat, at=at, office=case.office_name)
    return made


@action("casework.look", "看电话")
def look(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> str:
    """Give the asker's number to who is about to call; the look is on the record, the number is not."""
    case = queries.case(given.case, actor)
    hat = actor.hat_for("case.handle", at=at, on=case) or require(actor, "case.callback", at=at, on=case)
    writing.look(case, fields=["phone"], purpose="call", actor=actor, hat=hat, at=at)
    return case.phone.reveal() if case.phone else ""
