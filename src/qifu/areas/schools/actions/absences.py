"""The list of who cannot come back yet: the school keeps it and tells the parents (DOMAIN SYS-24)."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from qifu.kernel.access import Actor, Hat, require
from qifu.kernel.access.models import everything
from qifu.kernel.actions import BadInput, action
from qifu.kernel.journal.writing import record

from ..models import Absence
from ..refusals import NotOnTheList
from ..terms import ABSENCE, Role, Why
from ..workflow import REOPENING


@dataclass(frozen=True, kw_only=True)
class ListAbsent:
    school: UUID
    name: str = field(metadata={"label": "姓名"})
    why: Why = field(metadata={"label": "原因"})
    role: Role = field(default=Role.PUPIL, metadata={"label": "身份"})


@action("schools.list_absent", "列入暂不返校名单")
def list_absent(given: ListAbsent, *, actor: Actor, at: datetime, key: UUID | None = None) -> Absence:
    """Put somebody on the list. The reason is one of a closed list and says nothing about health."""
    school = REOPENING.lock(given.school)
    hat = require(actor, "school.report", at=at, on=school)
    if not 0 < len(given.name) <= 60:
        raise BadInput({"name": "“姓名”最多60个字。" if given.name else "还没有填“姓名”。"})
    absence = Absence(
        school=school, name=given.name, role=given.role, why=given.why, listed_at=at,
        region=school.region, party=school.party, district=school.district,
    )  # fmt: skip
    absence.save(force_insert=True)
    record(ABSENCE, absence, verb="list", actor=actor, hat=hat, at=at, entered="away", first=True, about=school.id)
    return absence


@dataclass(frozen=True, kw_only=True)
class OfAbsence:
    absence: UUID


@action("schools.told_parents", "已告知家长")
def told_parents(given: OfAbsence, *, actor: Actor, at: datetime, key: UUID | None = None) -> Absence:
    """Write down when the parents (or the person) were told; the first time stays."""
    absence, hat = _locked(given.absence, actor, at)
    if absence.told_at is None:
        absence.told_at = at
        absence.save(update_fields=["told_at"])
        record(ABSENCE, absence, verb="tell", actor=actor, hat=hat, at=at, entered="told", first=True, about=absence.school_id)
    return absence


@action("schools.came_back", "已返校")
def came_back(given: OfAbsence, *, actor: Actor, at: datetime, key: UUID | None = None) -> Absence:
    """Take somebody off the list; the row stays."""
    absence, hat = _locked(given.absence, actor, at)
    absence.back_at = at
    absence.save(update_fields=["back_at"])
    record(ABSENCE, absence, verb="return", actor=actor, hat=hat, at=at, left="away", entered="back", first=True, about=absence.school_id)
    return absence


def _locked(id: UUID, actor: Actor, at: datetime) -> tuple[Absence, Hat]:
    absence = everything(Absence).select_for_update().filter(pk=id, back_at__isnull=True).first()
    if absence is None:
        raise NotOnTheList()
    return absence, require(actor, "school.report", at=at, on=absence)
