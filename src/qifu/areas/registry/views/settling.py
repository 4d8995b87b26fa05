"""待核: provisional enterprises with what was written, why, and those they may be another spelling of."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from qifu.areas.registry import queries
from qifu.areas.registry.models import Enterprise
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.language import said as _
from qifu.kernel.web import needs
from qifu.ui.parts import Page

from .common import actor_of, address, answered, go, show, told, whole

SIZE = 20


@needs("registry.edit")
@require_safe
def unsettled(request: HttpRequest) -> HttpResponse:
    """Show the queue, oldest first; each row takes the right code or goes into the firm that it is."""
    return _queue(request)


def _queue(request: HttpRequest) -> Any:
    actor, page = actor_of(request), whole(request.GET.get("page", ""))
    found = queries.unsettled(actor)
    total, first = found.count(), (page - 1) * SIZE
    items = [_item(row, actor) for row in found[first : first + SIZE]]
    href = address("unsettled")
    return show(
        request,
        "unsettled",
        {
            "title": _("待核企业"),
            "total": total,
            "items": items,
            "back": address("enterprises"),
            "page": Page(
                first + 1,
                first + len(items),
                total,
                f"{href}?page={page - 1}" if page > 1 else "",
                f"{href}?page={page + 1}" if first + SIZE < total else "",
            ),
        },
    )


def _item(row: Enterprise, actor: Actor) -> dict[str, Any]:
    alike = [one for one in queries.alike(row, actor)[:3] if one.closed_at is None]
    return {
        "row": row,
        "place": jurisdiction.name(row.region),
        "written": row.uscc_written,
        "alike": [
            {"id": one.id, "name": one.name, "uscc": one.uscc or _("也在待核"), "place": jurisdiction.name(one.region)} for one in alike
        ],
    }


@needs("registry.edit")
@require_POST
def settle(request: HttpRequest, id: UUID) -> HttpResponse:
    """Give the right code."""
    answer = run("registry.settle", {"enterprise": id, **told(request, "uscc")}, actor=actor_of(request), at=clock.now())
    return answered(request, answer, lambda: _queue(request), lambda row: go("unsettled", done="settled"))


@needs("registry.edit")
@require_POST
def merge(request: HttpRequest, id: UUID) -> HttpResponse:
    """Merge into the firm that it is."""
    answer = run("registry.merge", {"enterprise": id, **told(request, "into")}, actor=actor_of(request), at=clock.now())
    return answered(request, answer, lambda: _queue(request), lambda row: go("enterprise", row.id, done="merged"))
