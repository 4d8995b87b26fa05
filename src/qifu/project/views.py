"""The pages that belong to no area."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from qifu.project import health


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 only when database, migrations and worker are well; else 503 with what is wrong."""
    parts = health.look()
    well = all(says == health.GOOD for says in parts.values())
    return JsonResponse({"status": "ok" if well else "unwell", **parts}, status=200 if well else 503)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say in a person's words that the form came from a page of before; nothing was written."""
    return render(request, "project/csrf_failure.html", status=403)
