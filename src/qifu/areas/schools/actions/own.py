"""What the school itself does: self-check, report, open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from qifu.kernel.access import Actor
from qifu.kernel.actions import BadInput, action
from qifu.kernel.language import said as _

from .. import law, queries
from ..models import School
from ..workflow import REOPENING, date_is_allowed


@dataclass(frozen=True, kw_only=True)
class SelfCheck:
    school: UUID
    confirmed: tuple[str, ...] = field(default=(), metadata={"label": "自查清单"})


@action("schools.self_check", "交自查")
def self_check(given: SelfCheck, *, actor: Actor, at: datetime, key: UUID | None = None) -> School:
    """Write down which items are confirmed; the rest count as open. The report asks for all of them."""
    locked = REOPENING.lock(given.school)
    rule, _place = law.rule_at(locked.region, at)
    known = [check.code for check in rule.checks]
    if strange := set(given.confirmed) - set(known):
        raise BadInput({"confirmed": _("清单上没有这一项：{sorted}。", sorted=sorted(strange)[0][:40])})
    verb = "check_again" if locked.state == "released" else "self_check"
    data: Mapping[str, int] = {"confirmed": len(set(given.confirmed)), "of": len(known)}
    with REOPENING.move(verb, locked, actor=actor, at=at, key=key, **data) as school:
        school.checks = {code: code in given.confirmed for code in known}
    return school


@dataclass(frozen=True, kw_only=True)
class Report:
    school: UUID
    planned_at: datetime = field(metadata={"label": "计划开学时间"})


@action("schools.report", "报告教育局")
def report(given: Report, *, actor: Actor, at: datetime, key: UUID | None = None) -> School:
    """Hand in the reopening report. Refuses CheckIncomplete, SchoolInClosedArea, TooEarly."""
    absent = len(queries.away(given.school))
    with REOPENING.move("report", given.school, actor=actor, at=at, key=key, absent=absent) as school:
        school.planned_at, school.reporter, school.office = given.planned_at, actor.id, "教育局"
        school.consenter = school.studier = school.replier = school.reason = ""
        date_is_allowed(school, actor, at)
    return school


@dataclass(frozen=True, kw_only=True)
class Of:
    school: UUID


@action("schools.open", "开学")
def open_(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> School:
    """Open on or after the day that was consented to. Refuses TooEarly, SchoolInClosedArea."""
    absent = len(queries.away(given.school))
    with REOPENING.move("open", given.school, actor=actor, at=at, key=key, absent=absent) as school:
        school.two_levels, school.reason = False, ""
    return school
