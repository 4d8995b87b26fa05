"""Taking a list along: what, in which form, what for; at once, or after a second person has allowed it."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qifu.kernel.access import acting
from qifu.kernel.actions import Refused, run
from qifu.kernel.calendar import clock
from qifu.kernel.documents import exporting
from qifu.kernel.documents.exporting import FORMS, Taken
from qifu.kernel.documents.models import Export
from qifu.kernel.web import refused, signed_in
from qifu.ui.parts import Field, Notice, Option

TONES = {"asked": "ask", "allowed": "info", "making": "info", "ready": "ok", "refused": "stop", "failed": "stop"}


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask in which form and what for; give the file at once up to 500 rows, else send the request on."""
    words = request.GET.copy()
    name = (words.pop("list", None) or [""])[0]
    if request.method == "GET":
        return _ask(request, name, words.urlencode())
    given = {
        "listing": name,
        "filters": words.urlencode()[:1000],
        "form": request.POST.get("form", "xlsx"),
        "purpose": request.POST.get("purpose", ""),
    }
    done = run("documents.export", given, actor=_actor(request))
    if isinstance(done, Refused):
        if done.refusal is not None and done.refusal.forbidden:
            return refused(request, done.refusal, _actor(request))
        with acting(_actor(request)):
            page = _ask(request, name, words.urlencode(), notice=Notice(f"{done.says}{done.fix}", "stop"), status=422)
            page.render()
            return page
    return _given(done.result) if isinstance(done.result, Taken) else HttpResponseRedirect(reverse("papers:exports") + "?asked=1")


def _ask(request: HttpRequest, name: str, filters: str, *, notice: Notice | None = None, status: int = 200) -> Any:
    at = clock.now()
    listing, rows = exporting.preview(name, filters, _actor(request), at=at)
    options = [Option(form, word, on=form == "xlsx") for form, (word, *_rest) in FORMS.items()]
    context = {
        "listing": _(listing.label), "rows": rows, "notice": notice, "long": rows > exporting.AT_ONCE, "most": exporting.AT_ONCE,
        "capped": rows > exporting.MOST, "back": request.headers.get("Referer", ""),
        "fields": [
            Field("form", _("格式"), "choice", value=request.POST.get("form", "xlsx"), options=options),
            Field("purpose", _("用途"), value=request.POST.get("purpose", ""), hint=_("印在每一页上，也记下来"), max_length=60),
        ],
    }  # fmt: skip
    return TemplateResponse(request, "papers/take.html", context, status=status)


@signed_in
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """Show one's own long exports with how far each is, and what waits for one's consent."""
    actor, at = _actor(request), clock.now()
    own = [(row, _(row.get_state_display()), TONES[row.state]) for row in exporting.mine(actor)]
    going = any(row.state in (Export.State.ALLOWED, Export.State.MAKING) for row, *_rest in own)
    context = {
        "own": own,
        "asked": exporting.waiting_for(actor, at=at),
        "at": at,
        "going": going,
    }
    return TemplateResponse(request, "papers/exports.html", context)


@signed_in
@require_POST
def answer(request: HttpRequest, id: UUID) -> HttpResponse:
    """Allow or turn down as the second person."""
    given = {"export": id, "allow": request.POST.get("allow") == "1", "reason": request.POST.get("reason", "")}
    return _then(request, run("documents.answer_export", given, actor=_actor(request)))


@signed_in
@require_POST
def fetch(request: HttpRequest, id: UUID) -> HttpResponse:
    """Give the file to whoever asked for it."""
    done = run("documents.fetch_export", {"export": id}, actor=_actor(request))
    return _given(done.result) if not isinstance(done, Refused) else _then(request, done)


def _then(request: HttpRequest, done: Any) -> HttpResponse:
    if isinstance(done, Refused) and done.refusal is not None:
        return refused(request, done.refusal, _actor(request))
    return HttpResponseRedirect(reverse("papers:exports"))


def _given(taken: Taken) -> HttpResponse:
    response = HttpResponse(taken.content, content_type=taken.mime)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(taken.name, safe='')}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _actor(request: HttpRequest) -> Any:
    return request.actor  # type: ignore[attr-defined]
