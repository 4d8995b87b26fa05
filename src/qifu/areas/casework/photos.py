"""What of casework takes photos: the case itself (a note of a leader, a broken part, a paper)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from qifu.kernel.access import Actor, Hat, NotFound, require
from qifu.kernel.files.keeping import Kind, accept

from .models import Case


def _case(id: UUID) -> Case:
    found = Case._base_manager.filter(pk=id).first()
    if found is None:
        raise NotFound()
    return found


def _may(case: Any, actor: Actor, at: datetime) -> Hat:
    return actor.hat_for("case.handle", at=at, on=case) or require(actor, "case.record", at=at, on=case)


PHOTOS = accept(Kind(name="casework.case", label="诉求", find=_case, may_keep=_may, see=("case.see", "case.own"), most=12, papers=True))
