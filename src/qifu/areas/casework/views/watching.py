"""How the offices stand, and what one is asked to help with."""

from types import SimpleNamespace
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from qifu.kernel.access import NotFound, acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.language import said
from qifu.kernel.web import needs, opens
from qifu.ui.asking import answered, key_of
from qifu.ui.parts import Clock, Field, Notice
from qifu.ui.seen import hidden
from qifu.ui.words import say_span

from .. import offices, queries, supervision
from ..models import Help
from . import drawing
from .worklist import SEE


@require_GET
@needs(SEE)
def watching(request: HttpRequest) -> HttpResponse:
    """Show by office what is in hand, late, solved, and how long it takes; each number opens its list."""
    actor, at = request.actor, clock.now()
    rows = [
        SimpleNamespace(
            it=one, href=f"{reverse('casework:worklist')}?{urlencode({'view': 'open', 'office': one.code})}",
            late=f"{reverse('casework:worklist')}?{urlencode({'view': 'overdue', 'office': one.code})}",
            pressed=f"{reverse('casework:supervisions')}?{urlencode({'office': one.code})}",
            to_take=say_span(one.to_take) if one.to_take is not None else "",
            to_solve=say_span(one.to_solve) if one.to_solve is not None else "",
            score=f"{one.score:.1f}" if one.score is not None else "",
        )
        for one in supervision.by_office(actor, at=at)
    ]  # fmt: skip
    whole, may_learn = supervision.whole(actor, at=at), opens(reverse("casework:lessons"), actor)
    return TemplateResponse(request, "casework/watching.html", {"rows": rows, "whole": whole, "may_learn": may_learn, "at": at})


@require_GET
@needs("case.handle")
def helps(request: HttpRequest) -> HttpResponse:
    """List what one's offices are asked to help with."""
    found = queries.asked_to_help(request.actor, offices.offices_of(request.actor))[:200]
    rows = [
        SimpleNamespace(it=one, clock=Clock(one.due_at), firm=drawing.firm_of(one.case), href=reverse("casework:help", args=[one.id]))
        for one in found
    ]
    return TemplateResponse(request, "casework/helps.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@needs("case.handle")
def help(request: HttpRequest, id: UUID) -> HttpResponse:
    """Answer what one is asked to help with, or say why one cannot."""
    if request.method != "POST":
        return _help(request, id, "", notice=None, errors={})
    with acting(request.actor):
        _one(request, id)
    reply, can = request.POST.get("reply", ""), request.POST.get("can", "1") == "1"
    answer = run("casework.give_help", {"help": id, "reply": reply, "can": can}, actor=request.actor, at=clock.now(), key=key_of(request))

    def again(*, notice: Notice | None, errors: dict[str, str]) -> TemplateResponse:
        return _help(request, id, reply, notice=notice, errors=errors)

    return answered(request, answer, to=reverse("casework:helps"), again=again)


def _one(request: HttpRequest, id: UUID) -> Help:
    found = Help.objects.visible_to(request.actor).select_related("case__enterprise").filter(pk=id).first()
    if found is None or not offices.own(request.actor, found.office):
        raise NotFound()
    return found


def _help(request: HttpRequest, id: UUID, reply: str, *, notice: Notice | None, errors: dict[str, str]) -> TemplateResponse:
    helping = _one(request, id)
    asked = Field(
        "reply", said("回复"), "area", value=reply, error=errors.get("reply", ""), max_length=1000, hint=said("牵头的单位照着接着办")
    )
    context = {
        "helping": helping, "field": asked, "notice": notice, "clock": Clock(helping.due_at) if helping.due_at else None,
        "hidden": hidden(helping), "open": helping.state == "asked", "firm": drawing.firm_of(helping.case),
        "href": drawing.desk_of(helping.case),
    }  # fmt: skip
    return TemplateResponse(request, "casework/help.html", context)
