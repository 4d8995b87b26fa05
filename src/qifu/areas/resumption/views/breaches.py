"""The same-day clocks that were missed on a day, by office and by name: for those who answer for it, never public."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from qifu.kernel import jurisdiction
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import ZONE, local
from qifu.kernel.journal.models import Entry
from qifu.kernel.language import said
from qifu.kernel.web import needs
from qifu.kernel.workflow.models import ClockRun
from qifu.ui.parts import Cell, Clock, Column, Row, View
from qifu.ui.words import day_of, say_day, say_deadline

from .. import queries
from ..models import Application
from . import drawing
from .worklist import at_a_desk

CLOCKS = {"accept": said("当日受理"), "assess": said("当日评估")}
_ENDS = {"accept": ("accept", "return", "file", "withdraw"), "assess": ("pass", "withdraw")}
_MOST = 500


@require_GET
@needs("resumption.see")
def breaches(request: HttpRequest) -> HttpResponse:
    """List what was not accepted or assessed on the day it had to be, office by office, with who was late."""
    if not at_a_desk(request.actor):
        return HttpResponseRedirect(reverse("resumption:home"))
    now = clock.now()
    day = _day(request.GET.get("day", ""), now)
    start = datetime.combine(day, datetime.min.time(), ZONE)
    end = min(start + timedelta(days=1), now)
    parts = []
    for name, label in CLOCKS.items():
        runs = list(_runs(request, name, start, end)[: _MOST + 1])
        parts.append(
            SimpleNamespace(label=label, total=min(len(runs), _MOST), more=len(runs) > _MOST, offices=_offices(name, runs[:_MOST], now))
        )
    context = {
        "title": said("当日未办"),
        "day": day,
        "day_words": say_day(start, at=now),
        "parts": parts,
        "columns": [
            Column(said("企业"), "name"), Column(said("镇街"), "text", "m"), Column(said("编号"), "text", "xl"),
            Column(said("期限"), "text", "l"),
            Column(said("晚了"), "clock", "xl"), Column(said("谁办的"), "owner", "l"),
        ],
        "days": _days(day, now),
        "latest": local(now).date(),
    }  # fmt: skip
    return TemplateResponse(request, "resumption/breaches.html", context)


def _runs(request: HttpRequest, name: str, start: datetime, end: datetime) -> QuerySet[ClockRun]:
    return queries.breaches(request.actor, name=name, start=start, end=end)


def _day(word: str, now: datetime) -> date:
    try:
        return min(clock.read_day(word), local(now).date())
    except ValueError:
        return local(now).date()


def _days(day: date, now: datetime) -> list[View]:
    today = local(now).date()
    near = [today - timedelta(days=back) for back in range(7)]
    return [
        View({0: said("今天"), 1: said("昨天")}.get(back, day_of(one)), f"?day={one}", here=one == day) for back, one in enumerate(near)
    ]


def _offices(name: str, runs: list[ClockRun], now: datetime) -> list[Any]:
    applications = {a.id: a for a in Application.objects.filter(pk__in=[r.subject for r in runs]).select_related("enterprise", "team")}
    ends = _who_ended(name, list(applications))
    rows: dict[str, list[Row]] = defaultdict(list)
    for run in runs:
        application = applications.get(run.subject)
        if application is None:
            continue
        office = run.owner or application.office or jurisdiction.name(application.region)
        rows[office].append(_row(run, application, ends, now=now))
    return [
        SimpleNamespace(name=office, rows=found, total=len(found)) for office, found in sorted(rows.items(), key=lambda pair: -len(pair[1]))
    ]


def _row(run: ClockRun, application: Application, ends: dict[UUID, list[Entry]], *, now: datetime) -> Row:
    ended = next((e for e in ends.get(application.id, []) if run.stopped_at is not None and e.at == run.stopped_at), None)
    team = application.team.name if application.team else ""
    who = ended.actor_name if ended else said("还在{x}", x=drawing.holder_of(application, team=team) or said("办"))
    late = Clock(run.due_at, done_at=run.stopped_at) if run.stopped_at else Clock(run.due_at)
    return Row(
        str(run.id), application.enterprise.name, drawing.desk_of(application),
        (
            Cell("name", application.enterprise.name), Cell("text", jurisdiction.name(application.region)),
            Cell("text", application.number),
            Cell("text", say_deadline(run.due_at, at=now)), Cell("clock", late), Cell("owner", who, strong=ended is None),
        ),
    )  # fmt: skip


def _who_ended(name: str, ids: list[UUID]) -> dict[UUID, list[Entry]]:
    found: dict[UUID, list[Entry]] = defaultdict(list)
    entries = Entry._base_manager.filter(subject__in=ids, process="resumption.application", verb__in=_ENDS[name], sign=1).defer(
        "body", "hash"
    )
    for entry in entries:
        found[entry.subject].append(entry)
    return found
