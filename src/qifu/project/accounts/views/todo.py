"""One to-do list for all hats of a person: what waits under each, and how much of it together."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from qifu.areas.registry import api as registry
from qifu.kernel.calendar import clock
from qifu.kernel.web import signed_in
from qifu.ui import todo

from .me import hat_words


@signed_in
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """Show by hat what waits, late things first in words; a thing that two hats can do is said once in the sum."""
    actor = request.actor  # type: ignore[attr-defined]
    together, *each = todo.by_hat(actor, at=clock.now())
    firms = registry.enterprises([party for hat in actor.hats for party in hat.scope.parties])
    groups: list[dict[str, Any]] = [
        hat_words(hat, firms=firms) | {"waits": todo.merged(waits), "count": todo.total(waits)}
        for hat, waits in zip(actor.hats, each, strict=True)
    ]
    own = [one for one in together if not one.todo.right]
    total = todo.total(together)
    context = {
        "own": own,
        "groups": [group for group in groups if group["waits"]],
        "calm": [group for group in groups if not group["waits"]],
        "total": total,
        "late": sum(one.late for one in together),
        "shared": sum(group["count"] for group in groups) + todo.total(own) - total,
        "hats": len(actor.hats),
        "most": todo.MOST - 1,
    }
    return TemplateResponse(request, "accounts/todo.html", context)


@signed_in
@require_GET
def count(request: HttpRequest) -> HttpResponse:
    """Give how much waits in all, for the number in the frame."""
    waits = todo.all_hats(request.actor, at=clock.now())  # type: ignore[attr-defined]
    return JsonResponse({"count": todo.total(waits), "late": sum(one.late for one in waits)})
