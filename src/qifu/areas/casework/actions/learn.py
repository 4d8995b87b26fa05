"""The suggested kind is learned anew: each month by the worker, or when somebody asks for it."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, require
from qifu.kernel.actions import action
from qifu.kernel.journal import writing
from qifu.kernel.language import said

from .. import learning, refusals
from ..models import Lesson

LEARN = "case.learn"
PROCESS = "casework.lesson"


@dataclass(frozen=True, kw_only=True)
class Learn:
    place: int = field(metadata={"label": "哪个地方"})


@dataclass(frozen=True)
class _Spot:
    region: int
    party: UUID | None = None
    compartment: str = ""


@action("casework.learn", "学一次分类")
def learn(given: Learn, *, actor: Actor, at: datetime, key: UUID | None = None) -> Lesson:
    """Train on the place's own closed cases. Refuses CannotLearn where scikit-learn lacks or there is too little."""
    hat = require(actor, LEARN, at=at, on=_Spot(jurisdiction.place(given.place).id))
    if not learning.installed():
        raise refusals.CannotLearn("这台机器没有装学习用的程序，没有学。", fix="请管机器的人装上 requirements/learning.txt。")
    lesson = learning.learned(given.place, at=at)
    if lesson is None:
        raise refusals.CannotLearn(said("办完的诉求还不到{n}件，或者只有一类，没有学。", n=learning.LEAST))
    lesson.save(force_insert=True)
    writing.record(PROCESS, lesson, verb="learn", actor=actor, hat=hat, at=at, version=lesson.version, held=lesson.held, right=lesson.right)
    return lesson
