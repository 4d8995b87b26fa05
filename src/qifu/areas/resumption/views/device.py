"""The assessor's phone as a program of its own (`ui.devices`): what it is made of, what it takes along and delivers."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from qifu.kernel.web import needs, public
from qifu.ui.devices import Program

from .field_words import words

PROGRAM = Program(
    name="qifu-field", scope="/field/", shell="resumption:field_shell", manifest="resumption:field_manifest",
    files=("resumption/resumption.css", "resumption/field/app.js"), modules=("ui/sign.js",),
    delivery="resumption.deliver", timed=("resumption.assess",),
    # The same acts as pages do.
    delivers={"resumption.assess": lambda done: {}, "resumption.check_item": lambda done: {}},
)  # fmt: skip


@require_GET
@public
@ensure_csrf_cookie
def shell(request: HttpRequest) -> HttpResponse:
    """Show the program without anybody's data: what a phone without a network starts with."""
    return TemplateResponse(request, "resumption/field_shell.html", {"words": words()})


@require_GET
@public
def worker(request: HttpRequest) -> HttpResponse:
    """Give the service worker."""
    return PROGRAM.worker(request)


@require_GET
@public
def manifest(request: HttpRequest) -> HttpResponse:
    """Give the web app manifest, by which the program can be put on the home screen."""
    return TemplateResponse(request, "resumption/field_manifest.json", {}, content_type="application/manifest+json; charset=utf-8")


@require_POST
@needs("resumption.assess")
def take_along(request: HttpRequest) -> HttpResponse:
    """Give today's visits as JSON."""
    return PROGRAM.take_along(request, "resumption.take_along")


@require_POST
@needs("resumption.assess")
def deliver(request: HttpRequest) -> HttpResponse:
    """Take one report from a phone's queue (`Program.deliver`)."""
    return PROGRAM.deliver(request)
