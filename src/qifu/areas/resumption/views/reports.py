"""The list of reports from the field that came too late for their state, and the page where one person decides."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from qifu.kernel import jurisdiction
from qifu.kernel.access import NotFound, acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.files.keeping import of as files_of
from qifu.kernel.files.models import File
from qifu.kernel.web import needs
from qifu.kernel.workflow.models import Kept
from qifu.ui.asking import notice_of, status_of
from qifu.ui.parts import Cell, Column, Notice, Row, State
from qifu.ui.words import say_moment

from ..actions.reports import Side, sides_of, told_of
from ..models import Application
from . import drawing
from .visited import CONCLUSIONS, photo_of


@require_GET
@needs("journal.kept")
def reports(request: HttpRequest) -> HttpResponse:
    """List what waits to be settled, the oldest first, and the latest that was."""
    at = clock.now()
    mine = Kept.objects.visible_to(request.actor).filter(action="resumption.assess")
    waiting = list(mine.filter(settled_at__isnull=True).order_by("kept_at")[:200])
    settled = list(mine.filter(settled_at__isnull=False).order_by("-settled_at")[:50])
    firms = {a.id: a for a in Application.objects.filter(pk__in=[k.subject for k in (*waiting, *settled)]).select_related("enterprise")}
    columns = [
        Column(_("企业"), "name"), Column(_("镇街"), "text", "m"), Column(_("谁报的"), "owner", "l"),
        Column(_("现场时间"), "text", "l"), Column(_("现场结论"), "text", "m"),
    ]  # fmt: skip
    context = {
        "columns": columns,
        "waiting": [_row(kept, firms, at) for kept in waiting if kept.subject in firms],
        "settled": [_row(kept, firms, at) for kept in settled if kept.subject in firms],
    }
    return TemplateResponse(request, "resumption/reports.html", context)


def _row(kept: Kept, firms: dict[UUID, Application], at: datetime) -> Row:
    application = firms[kept.subject]
    word = CONCLUSIONS.get(str(kept.given.get("conclusion")), ("", ""))[0]
    return Row(
        str(kept.id), application.enterprise.name, reverse("resumption:report", args=[kept.id]),
        (
            Cell("name", application.enterprise.name), Cell("text", jurisdiction.name(application.region)), Cell("owner", kept.actor_name),
            Cell("text", say_moment(kept.at, at=at)), Cell("text", kept.outcome or word),
        ),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@needs("journal.kept")
def report(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one report beside what stands now; a POST settles it."""
    if request.method != "POST":
        return _page(request, id)
    given = {"report": id, "outcome": request.POST.get("outcome", ""), "take": request.POST.getlist("take")}
    answer = run("resumption.settle_report", given, actor=request.actor)
    if answer.ok:
        return HttpResponseRedirect(reverse("resumption:reports"))
    with acting(request.actor):
        response = _page(request, id, notice=notice_of(answer, back=request.path))
    response.status_code = status_of(answer)
    return response


def _page(request: HttpRequest, id: UUID, *, notice: Notice | None = None) -> HttpResponse:
    at = clock.now()
    kept = Kept.objects.visible_to(request.actor).filter(pk=id, action="resumption.assess").first()
    application = Application.objects.filter(pk=kept.subject).select_related("enterprise").first() if kept else None
    if kept is None or application is None:
        raise NotFound("没有找到这份现场报告，可能编号有误，或不在您的范围内。")
    told = told_of(kept)
    sides = sides_of(told, application, author=None, at=at)
    photos = files_of(side.item.id for side in sides)
    rows = [_side(side, photos.get(side.item.id, []), at) for side in sides]
    context = {
        "kept": kept, "name": application.enterprise.name, "desk": drawing.desk_of(application), "line": drawing.line_of(application),
        "state": drawing.state_of(application), "conclusion": State(*CONCLUSIONS[told.conclusion]), "told": told,
        "made": say_moment(kept.at, at=at), "received": say_moment(kept.kept_at, at=at), "moved": say_moment(application.state_at, at=at),
        "differing": [row for row in rows if row["differs"]], "same": [row for row in rows if not row["differs"]],
        "may_take": kept.settled_at is None and application.state == "assigned", "notice": notice, "back": reverse("resumption:reports"),
    }  # fmt: skip
    return TemplateResponse(request, "resumption/report.html", context)


def _side(side: Side, photos: list[File], at: datetime) -> dict[str, Any]:
    item, found = side.item, side.found
    return {
        "code": item.code, "name": item.name, "differs": side.differs, "theirs": side.theirs, "department": item.department_name,
        "report": State(*drawing.RESULTS[found.result]), "report_note": found.note, "now": State(*drawing.RESULTS[item.result]),
        "now_note": item.note, "now_by": item.checked_by_name, "now_at": say_moment(item.checked_at, at=at) if item.checked_at else "",
        "photos": [photo_of(one, item.name, at=at) for one in photos],
    }  # fmt: skip
