"""The daily report after the start (复工日报, FEATURES 2.16): what is asked, what it is filled in with, what is odd, who owes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import yaml
from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from qifu.areas.registry.api import Enterprise
from qifu.areas.response import api as response
from qifu.kernel.access import Actor
from qifu.kernel.calendar.clock import ZONE, local
from qifu.kernel.forms import Field, Form, load
from qifu.kernel.language import said

from .models import Application, DailyReport

CORE = ("at_work", "expected", "running", "capacity")
WHY = {"rota": said("轮休"), "line_stop": said("停线"), "leave": said("请假"), "back": said("陆续返岗"), "other": said("别的原因")}
"""Why a figure is odd, in the contact's words."""
OLDEST = timedelta(days=7)
"""How long afterwards a day may still be told or put right."""
_ODD_PERSONS, _ODD_SHARE = 5, 30


@dataclass(frozen=True)
class Asked:
    """What a crisis asks each day besides: its form, the hour, which answers fill themselves in, what to say at once."""

    form: Form | None = None
    by: time = time(18)
    same: tuple[str, ...] = ()
    counts_down: tuple[str, ...] = ()
    positive: tuple[tuple[str, str], ...] = ()

    @property
    def fields(self) -> list[Field]:
        return [field for step in self.form.steps for field in step.fields] if self.form else []


_asked: dict[str, Asked] = {}


def asked(law: response.Law) -> Asked:
    """Give what the incident's pack asks each day; a pack without a daily form asks nothing besides."""
    code = law.incident.pack if law.incident else ""
    if code not in _asked:
        path = settings.PACKS / code / "forms" / "daily.yaml"
        if not code or not path.exists():
            _asked[code] = Asked()
        else:
            data = yaml.safe_load(path.read_text(encoding="utf-8"))
            _asked[code] = Asked(
                load(path),
                time.fromisoformat(data.get("by", "18:00")),
                tuple(data.get("same", ())),
                tuple(data.get("counts_down", ())),
                tuple((name, said(says)) for name, says in (data.get("positive") or {}).items()),
            )
    return _asked[code]


def due(day: date, what: Asked) -> datetime:
    """Give the moment until which a day's report is in time."""
    return datetime.combine(day, what.by, ZONE)


def latest(enterprise: UUID, *, before: date | None = None) -> DailyReport | None:
    """Give the last thing told of an enterprise, or the last before a day."""
    found = DailyReport._base_manager.filter(enterprise=enterprise)
    found = found.filter(day__lt=before) if before else found
    return found.order_by("-day", "-revision").first()


def of_day(enterprise: UUID, day: date) -> DailyReport | None:
    """Give a day's report as it stands after its corrections."""
    return DailyReport._base_manager.filter(enterprise=enterprise, day=day).order_by("-revision").first()


def running(enterprise: UUID, law: response.Law) -> Application | None:
    """Give the application under which the enterprise is at work."""
    found = Application._base_manager.filter(enterprise=enterprise, incident=law.incident, state="resumed")
    return found.order_by("-started_at").first()


def reports(firm: Enterprise, law: response.Law) -> bool:
    """Say whether the enterprise tells its days: it has started, or nobody had to approve it."""
    return law.incident is not None and (law.regime(firm.category).code == "none" or running(firm.id, law) is not None)


def start_with(firm: Enterprise, *, day: date, law: response.Law) -> tuple[dict[str, Any], DailyReport | None]:
    """Give what the day's form is filled in with, and the report that it comes from; a first day takes the application's numbers."""
    what, last = asked(law), latest(firm.id, before=day)
    if last is None:
        application = running(firm.id, law)
        at_work = application.head_count if application else firm.staff or 0
        known: dict[str, Any] = {"at_work": at_work, "expected": max(firm.staff or 0, at_work), "running": 1, "capacity": 1}
        told = application.answers if application else {}
        known |= {field.name: told.get(field.name, 0 if field.least == 0 else None) for field in what.fields}
        gone = (day - local(application.submitted_at).date()).days if application and application.submitted_at else 0
    else:
        known = {name: getattr(last, name) for name in CORE} | last.answers
        gone = (day - last.day).days
    for name in what.counts_down:
        if isinstance(known.get(name), int):
            known[name] = max(known[name] - gone, 0)
    for name in what.same:
        known[name] = known["at_work"]
    for name, _says in what.positive:
        known[name] = 0
    return known, last


def odd(known: Mapping[str, Any], *, before: int | None) -> str:
    """Give the question that an odd number raises; '' where nothing is odd. It is asked and never blocks."""
    at_work, expected = int(known["at_work"]), int(known["expected"])
    if at_work > expected:
        return said("比全员还多 {n} 人，是来了新人吗？", n=at_work - expected)
    if before is not None and before - at_work >= max(_ODD_PERSONS, before * _ODD_SHARE // 100):
        return said("比昨天少 {n} 人，是吗？", n=before - at_work)
    if int(known["running"]) > int(known["capacity"]):
        return said("开的比平时还多，是加了线吗？")
    return ""


def rate(part: int, whole: int) -> str:
    """Say a share in percent with one decimal, rounded half up; a dash where there is no whole."""
    if whole <= 0:
        return "—"
    tenths = (part * 2000 + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}"


def rate_of_place(region: int, law: response.Law) -> tuple[int, int] | None:
    """Give (resumed, registered) of a place; None where there are too few firms to tell without naming one."""
    if law.incident is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT resumed, registered FROM resumption_rate_of_place(%s, %s)", [region, law.incident.id])
        found = cursor.fetchone()
    return (found[0], found[1]) if found else None


# ------------------------------------------------------------------------------------------------ who has not told


def owing(actor: Actor, day: date) -> QuerySet[Application]:
    """Give the applications at work, within reach, whose enterprise has not told this day; longest silent first by name."""
    told = DailyReport._base_manager.filter(enterprise=OuterRef("enterprise"), day=day)
    return at_work(actor, day).exclude(Exists(told)).select_related("enterprise").order_by("region", "enterprise__pinyin")


def at_work(actor: Actor, day: date) -> QuerySet[Application]:
    """Give the applications whose enterprise owes a report of this day: started before its end and not stopped."""
    end = datetime.combine(day, time(18), ZONE)
    return Application.objects.visible_to(actor).filter(state="resumed", started_at__lt=end)


def last_told(enterprises: Sequence[UUID], *, until: date) -> dict[UUID, DailyReport]:
    """Give the last report of each enterprise up to a day."""
    found = (
        DailyReport._base_manager.filter(Q(enterprise__in=enterprises), day__lte=until, day__gte=until - timedelta(days=30))
        .order_by("enterprise", "-day", "-revision")
        .distinct("enterprise")
    )
    return {row.enterprise_id: row for row in found}
