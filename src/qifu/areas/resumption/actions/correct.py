"""Corrections of the record: a reversal beside what it reverses, never an edit."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from qifu.kernel.access import Actor, NotFound
from qifu.kernel.actions import action
from qifu.kernel.journal import reading
from qifu.kernel.language import said

from ..models import Application
from ..terms import Removal
from ..workflow import RESUMPTION
from .lists import LISTED, take_off

Why = Literal["wrong_firm", "wrong_time", "entered_twice", "never_happened"]
WHY = {
    "wrong_firm": said("记错了企业"),
    "wrong_time": said("时间记错了"),
    "entered_twice": said("记了两次"),
    "never_happened": said("没有办过"),
}


@dataclass(frozen=True, kw_only=True)
class Correct:
    application: UUID
    verb: str = field(metadata={"label": "哪一步"})
    reason: Why = field(metadata={"label": "原因"})
    to: datetime | None = field(default=None, metadata={"label": "改到几时"})
    following: bool = field(default=False, metadata={"label": "连同后面的一起"})


@action("resumption.correct", "更正记录")
def correct(given: Correct, *, actor: Actor, at: datetime, key: UUID | None = None) -> Application:
    """Reverse the latest standing step `verb` of an application, or move it to its true time. Refuses ChainBreaks."""
    standing = [e for e in reading.latest_standing(given.application, RESUMPTION.name) if e.verb == given.verb]
    if not standing:
        raise NotFound("这份申请没有这一步的记录，或已经更正过了。")
    corrected = RESUMPTION.correct(standing[-1], actor=actor, at=given.to, reason=given.reason, following=given.following)
    if corrected.state not in LISTED:
        take_off([corrected.id], at=at, why=Removal.CORRECTED)
    return corrected
