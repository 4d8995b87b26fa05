"""The pass in the hand: opened by its link, drawn in the browser, kept there for when there is no network."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from qifu.kernel import jurisdiction
from qifu.kernel.access import tries
from qifu.kernel.calendar import clock
from qifu.kernel.web import at_door, public

from .. import links, papers, words
from ..models import Pass


def where_to_check(request: HttpRequest) -> str:
    """Give the address of the check as a person types it."""
    return f"{request.get_host()}{reverse('passes:check')}"


def context(row: Pass) -> dict[str, object]:
    """Give what pass and paper show: only what the code itself carries, and the enterprise's name."""
    at = clock.now()
    return {
        "row": row, "stands": words.standing(row, at=at), "at": at, "firm": row.firm_name, "begins": words.say(row.begins_at),
        "ends": words.say(row.ends_at), "begins_long": words.say(row.begins_at, year=True), "why": words.why(row),
        "ends_long": words.say(row.ends_at, year=True), "district": jurisdiction.name(words.district_of(row)),
        "town": jurisdiction.name(row.region),
    }  # fmt: skip


def _opened(request: HttpRequest, token: str) -> Pass | HttpResponse:
    """Give the pass of a link, or the page for one that opens nothing; who tries many of those waits."""
    at, key = clock.now(), tries.sender("pass-link", str(request.META.get("REMOTE_ADDR", "")))
    if tries.waits(key, at=at):
        return TemplateResponse(request, "passes/gone.html", {"head": "", "waits": True}, status=429)
    row = links.opened(token, at=at)
    if row is None:
        tries.miss(key, at=at)
        return TemplateResponse(request, "passes/gone.html", {"head": ""}, status=404)
    return row


@require_safe
@at_door
def shown(request: HttpRequest, token: str) -> HttpResponse:
    """Show the pass of a link; one that is over, forwarded too late or invented is answered alike."""
    row = _opened(request, token)
    if isinstance(row, HttpResponse):
        return row
    response = TemplateResponse(request, "passes/pass.html", {"token": token, **context(row)})
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@at_door
def paper(request: HttpRequest, token: str) -> HttpResponse:
    """Show the paper of a link, to print."""
    row = _opened(request, token)
    if isinstance(row, HttpResponse):
        return row
    response = TemplateResponse(
        request,
        "passes/paper.html",
        {"papers": [context(row)], "back": f"/p/{token}/", "pdf": f"/p/{token}/paper.pdf", "check": where_to_check(request)},
    )
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@at_door
def pdf(request: HttpRequest, token: str) -> HttpResponse:
    """Give the paper of a link as PDF, A4 or A6."""
    row = _opened(request, token)
    if isinstance(row, HttpResponse):
        return row
    return pdf_of(request, [row], name=row.number)


def pdf_of(request: HttpRequest, rows: Sequence[Pass], *, name: str) -> HttpResponse:
    """Give these passes as PDF in the size that the address says."""
    size = papers.size_of(request.GET.get("size", ""))
    body = papers.pdf(rows, size=size, check=where_to_check(request), at=clock.now())
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="pass-{name}-{size}.pdf"'
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response


@cache
def _script() -> bytes:
    return (Path(__file__).parents[1] / "static" / "passes" / "sw.js").read_bytes()


@require_safe
@public
def worker(request: HttpRequest) -> HttpResponse:
    """Give the service worker from /p/, so that its reach ends there."""
    response = HttpResponse(_script(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
