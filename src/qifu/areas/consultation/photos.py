"""What of consultation takes files: a leader's note, as it lay on the desk, and what goes along with a paper."""

from datetime import datetime
from typing import Any

from qifu.kernel.access import Actor, Hat, require
from qifu.kernel.files.enclosing import accept_along
from qifu.kernel.files.keeping import Kind, accept, one_of

from .models import Note, Paper
from .terms import DRAFT, KEEP, SEE, SIGN, TAKE

PHOTO = "consultation.note"


def _may(note: Any, actor: Actor, at: datetime) -> Hat:
    return actor.hat_for(KEEP, at=at, on=note) or require(actor, TAKE, at=at, on=note)


accept(Kind(name=PHOTO, label="批示", find=one_of(Note), may_keep=_may, see=(SEE,), most=6, papers=True))

ALONG = accept_along("consultation.paper", "文书附件", model=Paper, see=(SEE, "case.see"), draft=(DRAFT, SIGN), out=("issued",))
"""Read by whoever reads the paper: while it is a draft its writers and who signs, once it is out all who handle the matter."""
