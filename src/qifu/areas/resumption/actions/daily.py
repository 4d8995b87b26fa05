"""Telling a day after the start (复工日报), and asking whom of those who have not told it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from qifu.areas.registry import api as registry
from qifu.areas.registry.models import Enterprise
from qifu.areas.response import api as response
from qifu.kernel import notify
from qifu.kernel.access import ActionRefused, Actor, require
from qifu.kernel.access.models import everything
from qifu.kernel.actions import BadInput, action
from qifu.kernel.calendar.clock import local
from qifu.kernel.journal import writing
from qifu.kernel.language import said

from .. import daily
from ..models import Application, DailyReport

PROCESS = "resumption.daily"
_TRUSTED = timedelta(hours=24)
"""How long a phone without a network may keep a report before its own moment of pressing counts no more."""


class NothingToTell(ActionRefused):
    """The enterprise has not started."""

    says = "还没有开工，今天不用报。"
    fix = "开工后再来报，到时首页会提醒。"


class NobodyToRemind(ActionRefused):
    """Everybody has told the day."""

    says = "都报了，没有要提醒的。"


@dataclass(frozen=True, kw_only=True)
class ReportDay:
    """One day as told. `pressed_at` is when the contact pressed, by a phone that may only now have a network."""

    enterprise: UUID
    at_work: int = field(metadata={"label": "今天到岗"})
    expected: int = field(metadata={"label": "全员"})
    running: int = field(metadata={"label": "开的生产线"})
    capacity: int = field(metadata={"label": "平时的生产线"})
    answers: dict = field(default_factory=dict, metadata={"label": "内容"})
    why: Literal["", "rota", "line_stop", "leave", "back", "other"] = field(default="", metadata={"label": "原因"})
    day: date | None = None
    pressed_at: datetime | None = None


@action("resumption.report_day", "报复工日报")
def report_day(given: ReportDay, *, actor: Actor, at: datetime, key: UUID | None = None) -> DailyReport:
    """Tell a day: once; told anew it is a correction, one more row. The same numbers again change nothing.

    A late report is taken and says that it is late. Refuses NothingToTell, BadInput, NotYours."""
    firm = registry.enterprise(given.enterprise)
    hat = require(actor, "resumption.apply", at=at, on=firm)
    law = response.law(firm.region, at)
    if not daily.reports(firm, law):
        raise NothingToTell()
    pressed = given.pressed_at
    told_at = pressed if pressed is not None and timedelta(0) <= at - pressed < _TRUSTED else at
    today = local(at).date()
    day = given.day or local(told_at).date()
    what = daily.asked(law)
    errors = {name: said("“{label}”不能是负数。", label=label) for name, label in _LABELS.items() if getattr(given, name) < 0}
    errors |= {name: said("“{label}”太大了，再看看。", label=label) for name, label in _LABELS.items() if getattr(given, name) > 1_000_000}
    if not today - daily.OLDEST <= day <= today:
        errors["day"] = said("只能报最近{days}天的。", days=daily.OLDEST.days)
    answers: dict = {}
    for step in what.form.steps if what.form else ():
        good, wrong = what.form.read(step, given.answers)  # type: ignore[union-attr]
        answers |= good
        errors |= wrong
    if errors:
        raise BadInput(errors)
    everything(Enterprise).select_for_update().get(pk=firm.id)
    before = daily.of_day(firm.id, day)
    told = {name: getattr(given, name) for name in daily.CORE} | {"answers": answers, "why": given.why}
    if before is not None and told == {name: getattr(before, name) for name in told}:
        return before
    report = DailyReport(
        enterprise=firm, day=day, revision=before.revision + 1 if before else 1, **told, told_at=told_at, recorded_at=at,
        late=(before.late if before else told_at >= daily.due(day, what)), told_by=actor.id,
        region=firm.region, district=firm.district, party=firm.id,
    )  # fmt: skip
    report.save(force_insert=True)
    writing.record(
        PROCESS, report, verb="correct" if before else "report", actor=actor, hat=hat, at=told_at, entered="told", first=before is None,
        about=firm.id, day=day.isoformat(), revision=report.revision, late=int(report.late), why=given.why,
        **{name: getattr(given, name) for name in daily.CORE},
    )  # fmt: skip
    return report


_LABELS = {"at_work": said("今天到岗"), "expected": said("全员"), "running": said("开的生产线"), "capacity": said("平时的生产线")}


@dataclass(frozen=True, kw_only=True)
class Chase:
    """Whom to ask about a day: one application's enterprise, or all within reach that have not told it."""

    day: date
    application: UUID | None = None


@action("resumption.call_owing", "查看未报企业电话")
def call_owing(given: Chase, *, actor: Actor, at: datetime, key: UUID | None = None) -> dict[UUID, str]:
    """Give the contact's number of one enterprise that has not told the day; the look is on the record."""
    found = _owing(given, actor)
    numbers: dict[UUID, str] = {}
    for one in found:
        hat = require(actor, "resumption.see", at=at, on=one)
        phones = registry.phones_of(one.enterprise_id)
        if phones:
            writing.look(one, fields=["phone"], purpose=said("催报复工日报"), actor=actor, hat=hat, at=at)
            numbers[one.enterprise_id] = phones[0].reveal()
    return numbers


@action("resumption.remind_owing", "短信提醒报日报")
def remind_owing(given: Chase, *, actor: Actor, at: datetime, key: UUID | None = None) -> int:
    """Send a short message to the contacts of all within reach that have not told the day; gives how many firms."""
    found = _owing(given, actor)
    if not found:
        raise NobodyToRemind()
    for one in found:
        hat = require(actor, "resumption.see", at=at, on=one)
        for number in registry.phones_of(one.enterprise_id):
            notify.tell(number, "resumption.daily", words={"firm": one.enterprise.name}, on=one, at=at)
        writing.record(PROCESS, one, verb="remind", actor=actor, hat=hat, at=at, about=one.enterprise_id, day=given.day.isoformat())
    return len(found)


def _owing(given: Chase, actor: Actor) -> list[Application]:
    found = daily.owing(actor, given.day)
    return list(found.filter(pk=given.application) if given.application else found[:500])
