"""Two people for a list that gives people power: one brings it, another reads it and signs; only then it enters.

What was signed is what enters: rows, columns and choices stand still from the sending on. A list that is taken back,
sent back or changed after it entered is signed anew."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from qifu.kernel.access import Actor, Hat, NotYours, SamePerson, require, require_strong
from qifu.kernel.actions import BadInput, action
from qifu.kernel.journal.writing import record

from . import process
from .models import Import
from .refusals import NothingToCommit, NotReady
from .target import target_named

PROCESS = "intake"


@dataclass(frozen=True)
class OnList:
    """A list that has come in."""

    source: UUID


@dataclass(frozen=True)
class SendBack:
    """A list that goes back to who brought it, and what is to be put right."""

    source: UUID
    reason: str = field(metadata={"label": "要改什么", "most": 200})


@action("intake.send", "送复核")
def send(given: OnList, *, actor: Actor, at: datetime, key: UUID | None = None) -> Import:
    """Give a list to a second person. Refuses NotReady where none is needed or it is under way, NothingToCommit without rows."""
    made = process.find(given.source, actor=actor, lock=True)
    target = target_named(made.target)
    hat = require(actor, target.right, at=at, on=made)
    if not target.sign or made.step not in (Import.Step.JUDGED, Import.Step.COMMITTED):
        raise NotReady()
    ready = made.counts.get("enters", 0) - made.counts.get("entered", 0)
    if ready <= 0:
        raise NothingToCommit()
    made.sent_by, made.sent_by_name, made.sent_at, made.sent_back = actor.id, actor.name[:80], at, ""
    made.signed_by, made.signed_by_name, made.signed_at = "", "", None
    return _moved(made, "send", Import.Step.WAITING, actor=actor, hat=hat, at=at, rows=ready)


@action("intake.sign", "复核签字")
def sign(given: OnList, *, actor: Actor, at: datetime, key: UUID | None = None) -> Import:
    """Sign a list that another person brought. Refuses SamePerson; needs a proved second factor."""
    made, hat = _waiting(given.source, actor=actor, at=at)
    made.signed_by, made.signed_by_name, made.signed_at = actor.id, actor.name[:80], at
    return _moved(made, "sign", Import.Step.SIGNED, actor=actor, hat=hat, at=at)


@action("intake.send_back", "退回名单")
def send_back(given: SendBack, *, actor: Actor, at: datetime, key: UUID | None = None) -> Import:
    """Send a list back with what is to be put right; nothing enters."""
    made, hat = _waiting(given.source, actor=actor, at=at)
    if not given.reason.strip():
        raise BadInput({"reason": "还没有写要改什么，没有退回。"})
    made.sent_back = given.reason.strip()
    return _moved(made, "send_back", Import.Step.JUDGED, actor=actor, hat=hat, at=at)


@action("intake.take_back", "收回名单")
def take_back(given: OnList, *, actor: Actor, at: datetime, key: UUID | None = None) -> Import:
    """Take a list back that waits or is signed, to change it; it is signed anew afterwards."""
    made = process.find(given.source, actor=actor, lock=True)
    hat = require(actor, target_named(made.target).right, at=at, on=made)
    if made.step not in (Import.Step.WAITING, Import.Step.SIGNED):
        raise NotReady()
    made.signed_by, made.signed_by_name, made.signed_at = "", "", None
    return _moved(made, "take_back", Import.Step.JUDGED, actor=actor, hat=hat, at=at)


def refusal(made: Import, *, actor: Actor, at: datetime) -> str:
    """Say why this person does not sign this list; '' where they may."""
    sign = target_named(made.target).sign
    if not sign or actor.hat_for(sign, at=at, on=made) is None:
        return NotYours.says
    return "名单是您带来的，要另一个人复核。" if actor.id in (made.sent_by, made.created_by) else ""


def _waiting(source: UUID, *, actor: Actor, at: datetime) -> tuple[Import, Hat]:
    made = process.find(source, actor=actor, lock=True)
    sign = target_named(made.target).sign
    if not sign:
        raise NotReady()
    hat = require(actor, sign, at=at, on=made)
    require_strong(actor)
    if made.step != Import.Step.WAITING:
        raise NotReady()
    if actor.id in (made.sent_by, made.created_by):
        raise SamePerson("名单是您带来的，要另一个人复核，没有签字。", fix="请单位里另一位有复核权的同事签字。")
    return made, hat


def _moved(made: Import, verb: str, step: str, *, actor: Actor, hat: Hat, at: datetime, **data: Any) -> Import:
    left, made.step = made.step, Import.Step(step)
    made.save()
    record(PROCESS, made, verb=verb, left=left, entered=step, actor=actor, hat=hat, at=at, target=made.target, **data)
    return made


__all__ = ["OnList", "SendBack", "refusal", "send", "send_back", "sign", "take_back"]
