"""Who carries how much: duties, nights, days off and hours of each person of an office in some months; to read and to take out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qifu.kernel import jurisdiction
from qifu.kernel.calendar import calendar_for, clock
from qifu.kernel.documents import excel, papers
from qifu.kernel.language import said
from qifu.kernel.web import needs
from qifu.ui.parts import Option

from ..models import Turn
from ..terms import ROTA
from .notices import home_of, of

MONTHS = (1, 3, 6, 12)


@dataclass
class Load:
    """What one person carried."""

    person: UUID
    name: str
    office: str
    duties: int = 0
    nights: int = 0
    off: int = 0
    points: int = 0
    taken: int = 0
    """Duties taken over from colleagues."""
    hours: float = 0.0


def loads(place: int, *, first: date, last: date) -> list[Load]:
    """Give what each person carried of the published duties of a place between two days, the most points first."""
    found: dict[UUID, Load] = {}
    calendar = calendar_for(place)
    turns = Turn._base_manager.filter(
        region=place, day__gte=first, day__lte=last, state__in=["published", "asked", "on_duty", "handed_over"], person__isnull=False
    ).order_by("day")
    for one in turns:
        assert one.person is not None
        load = found.setdefault(one.person, Load(one.person, one.name, one.office))
        load.duties += 1
        load.nights += clock.local(one.ends_at).date() > one.day
        load.off += not calendar.is_workday(one.day)
        load.points += one.points
        load.taken += "换给" in one.why
        load.hours += (one.ends_at - one.starts_at).total_seconds() / 3600
    return sorted(found.values(), key=lambda one: (-one.points, one.name))


def spread(rows: Sequence[Load], name: str) -> tuple[int, int]:
    """Give the least and the most of a column."""
    values: list[int] = [getattr(one, name) for one in rows]
    return (min(values), max(values)) if values else (0, 0)


@require_GET
@needs(ROTA)
def carried(request: HttpRequest) -> HttpResponse:
    """Show nights, days off and points of each person of my office; `as=excel` gives the table."""
    actor, at = of(request), clock.now()
    home = home_of(actor, ROTA, at)
    if home is None:
        raise Http404
    typed = request.GET.get("months", "3")
    months = int(typed) if typed.isdecimal() and len(typed) < 3 and int(typed) in MONTHS else 3
    last = _month_end(clock.local(at).date())
    first = (last - timedelta(days=31 * months - 10)).replace(day=1)
    rows = loads(home, first=first, last=last)
    if request.GET.get("as") == "excel":
        return _sheet(rows, home, first, last, actor.name)
    most = max((one.points for one in rows), default=0)
    context = {
        "rows": [(one, round(100 * one.points / most) if most else 0) for one in rows], "place": jurisdiction.name(home), "first": first,
        "last": last, "months": [Option(str(n), _("近{n}个月").format(n=n), on=n == months) for n in MONTHS],
        "spread": [
            (_("夜班"), *spread(rows, "nights")), (_("周末节假日"), *spread(rows, "off")), (_("累计分"), *spread(rows, "points")),
        ],
    }  # fmt: skip
    return TemplateResponse(request, "mobilisation/fairness.html", context)


def _month_end(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _sheet(rows: Sequence[Load], place: int, first: date, last: date, filler: str) -> HttpResponse:
    columns = [papers.Column(said("姓名")), papers.Column(said("部门"), width=1.5)]
    columns += [
        papers.Column(word, "number")
        for word in (said("班"), said("夜班"), said("周末节假日"), said("替别人"), said("小时"), said("累计分"))
    ]
    cells: list[list[Any]] = [
        [one.name, one.office, one.duties, one.nights, one.off, one.taken, round(one.hours, 1), one.points] for one in rows
    ]
    title = said("值班轻重")
    sheet = papers.Sheet(
        title=title, columns=columns, rows=cells, office=jurisdiction.name(place), filler=filler,
        note=said("夜班多算一分，周末节假日再多算一分。"),
        as_of=f"{first}—{last}",
    )  # fmt: skip
    response = HttpResponse(excel.xlsx(sheet), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(str(title) + '.xlsx', safe='')}"
    return response
