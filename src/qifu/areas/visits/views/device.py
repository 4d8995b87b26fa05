"""The officer's phone as a program of its own (`ui.devices`): what it is made of, what it takes along and delivers."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from qifu.kernel.web import needs, public
from qifu.ui.devices import Program

from ..actions.visit import told
from ..terms import LATE
from ..workflow import GO
from .phone_words import words

PROGRAM = Program(
    name="qifu-visits", scope="/visits/", shell="visits:shell", manifest="visits:manifest",
    files=("visits/visits.css", "visits/app.js"), delivery="visits.deliver", latest=LATE, timed=("visits.record",),
    # The same acts as pages do.
    delivers={"visits.record": told, "visits.write_log": lambda log: {"day": log.day.isoformat()}},
)  # fmt: skip


@require_GET
@public
@ensure_csrf_cookie
def shell(request: HttpRequest) -> HttpResponse:
    """Show the program without anybody's data: what a phone without a network starts with."""
    return TemplateResponse(request, "visits/shell.html", {"words": words()})


@require_GET
@public
def worker(request: HttpRequest) -> HttpResponse:
    """Give the service worker."""
    return PROGRAM.worker(request)


@require_GET
@public
def manifest(request: HttpRequest) -> HttpResponse:
    """Give the web app manifest, by which the program can be put on the home screen."""
    return TemplateResponse(request, "visits/manifest.json", {}, content_type="application/manifest+json; charset=utf-8")


@require_POST
@needs(GO)
def take_along(request: HttpRequest) -> HttpResponse:
    """Give all of one's own enterprises as JSON."""
    return PROGRAM.take_along(request, "visits.take_along")


@require_POST
@needs(GO)
def deliver(request: HttpRequest) -> HttpResponse:
    """Take one visit or log from a phone's queue (`Program.deliver`)."""
    return PROGRAM.deliver(request)
