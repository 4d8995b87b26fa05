"""What the offices do: consent, refuse, study, reply; quarantine, release and close. Burdens carry a reason."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from qifu.kernel.access import Actor
from qifu.kernel.actions import BadInput, action
from qifu.kernel.language import said as _

from ..models import School
from ..workflow import REOPENING
from .own import Of


@dataclass(frozen=True, kw_only=True)
class Said:
    school: UUID
    reason: str = field(metadata={"label": "说明", "most": 500})

    def words(self) -> str:
        """Give the words, or refuse BadInput where there are none or more than their column holds."""
        if not self.reason:
            raise BadInput({"reason": "还没有填“说明”。"})
        if len(self.reason) > 500:
            raise BadInput({"reason": _("“说明”最多500个字，现在{n}个。", n=len(self.reason))})
        return self.reason


@action("schools.consent", "同意复课")
def consent(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> School:
    """Consent to the reopening. Refuses TwoLevels, ReporterMayNotConsent, SchoolInClosedArea, TooEarly."""
    with REOPENING.move("consent", given.school, actor=actor, at=at, key=key) as school:
        school.consenter = actor.id
    return school


@action("schools.refuse", "不同意，退回学校")
def refuse(given: Said, *, actor: Actor, at: datetime, key: UUID | None = None) -> School:
    """Refuse a report with words that the school reads; it may check and report anew."""
    with REOPENING.move("refuse", given.school, actor=actor, at=at, key=key) as school:
        school.reason = given.words()
    return school


@action("schools.study", "研判后报区防控办")
def study(given: Said, *, actor: Actor, at: datetime, key: UUID | None = None) -> School:
    """Study the report of a school that was quarantined, with an opinion for the district's office. Refuses OneLevel."""
    with REOPENING.move("study", given.school, actor=actor, at=at, key=key) as school:
        school.studier, school.reason = actor.id, given.words()
    return school


@action("schools.district_reply", "批复同意")
def district_reply(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> School:
    """Approve as the district's office. Refuses StudierMayNotReply, SchoolInClosedArea, TooEarly."""
    with REOPENING.move("district_reply", given.school, actor=actor, at=at, key=key) as school:
        school.replier = actor.id
    return school


@action("schools.district_refuse", "批复不同意")
def district_refuse(given: Said, *, actor: Actor, at: datetime, key: UUID | None = None) -> School:
    """Refuse as the district's office, with words that school and bureau read."""
    with REOPENING.move("district_refuse", given.school, actor=actor, at=at, key=key) as school:
        school.reason = given.words()
    return school


@action("schools.quarantine", "整校隔离")
def quarantine(given: Said, *, actor: Actor, at: datetime, key: UUID | None = None) -> School:
    """Close a whole school; until it has opened again two levels decide."""
    with REOPENING.move("quarantine", given.school, actor=actor, at=at, key=key) as school:
        school.two_levels, school.reason, school.checks = True, given.words(), {}
    return school


@action("schools.release", "解除隔离")
def release(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> School:
    """End the quarantine: the school may check itself and report."""
    with REOPENING.move("release", given.school, actor=actor, at=at, key=key) as school:
        school.reason = ""
    return school


@action("schools.close", "停课")
def close(given: Said, *, actor: Actor, at: datetime, key: UUID | None = None) -> School:
    """Close a school that was allowed or open, with words; it checks and reports anew."""
    with REOPENING.move("close", given.school, actor=actor, at=at, key=key) as school:
        school.reason, school.checks = given.words(), {}
    return school
