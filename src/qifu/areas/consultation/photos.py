"""What of consultation takes photos: a leader's note, as it lay on the desk."""

from datetime import datetime
from typing import Any

from qifu.kernel.access import Actor, Hat, require
from qifu.kernel.files.keeping import Kind, accept, one_of

from .models import Note
from .terms import KEEP, SEE, TAKE

PHOTO = "consultation.note"


def _may(note: Any, actor: Actor, at: datetime) -> Hat:
    return actor.hat_for(KEEP, at=at, on=note) or require(actor, TAKE, at=at, on=note)


accept(Kind(name=PHOTO, label="批示", find=one_of(Note), may_keep=_may, see=(SEE,), most=6, papers=True))
