"""One touch to call an office: the number of whoever holds the right there, and that it was looked up is on the record."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from qifu.kernel.access import Actor, require
from qifu.kernel.actions import action
from qifu.kernel.journal.writing import look
from qifu.kernel.privacy.sealing import place as where
from qifu.kernel.privacy.sealing import unseal

from .. import reaching, refusals


@dataclass(frozen=True, kw_only=True)
class Call:
    place: int = field(metadata={"label": "地区"})
    right: str = field(metadata={"label": "找谁"})
    why: str = field(default="督促办理", metadata={"label": "用途", "most": 60})


@dataclass(frozen=True)
class Line:
    """Who answers, and under which number."""

    name: str
    office: str
    number: str


@action("insight.call", "拨打单位电话")
def call(given: Call, *, actor: Actor, at: datetime, key: UUID | None = None) -> Line:
    """Give the number of whoever answers for a step at a place. Refuses NobodyToCall, NotFound beyond the actor's reach."""
    found = reaching.who_answers(given.place, given.right, at=at)
    if found is None:
        raise refusals.NobodyToCall()
    person, office = found
    hat = require(actor, "insight.call", at=at, on=person)
    if not person.phone_sealed:
        raise refusals.NobodyToCall()
    look(person, fields=["phone"], purpose=given.why, actor=actor, hat=hat, at=at)
    return Line(person.name, office, unseal(person.phone_sealed, where=where("access_person", "phone_sealed", person.id)).reveal())
