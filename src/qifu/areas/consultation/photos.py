"""What of consultation takes photos: a leader's note, as it lay on the desk."""

from datetime import datetime
from typing import Any
from uuid import UUID

from qifu.kernel.access import Actor, Hat, NotFound, require
from qifu.kernel.access.models import everything
from qifu.kernel.files.keeping import Kind, accept

from .models import Note
from .terms import KEEP, SEE, TAKE

PHOTO = "consultation.note"


def _find(id: UUID) -> Note:
    found = everything(Note).filter(pk=id).first()
    if found is None:
        raise NotFound()
    return found


def _may(note: Any, actor: Actor, at: datetime) -> Hat:
    return actor.hat_for(KEEP, at=at, on=note) or require(actor, TAKE, at=at, on=note)


accept(Kind(name=PHOTO, label="批示", find=_find, may_keep=_may, see=(SEE,), most=6, papers=True))
