"""The pages that belong to no area."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say in a person's words that the form came from a page of before; nothing was written."""
    return render(request, "project/csrf_failure.html", status=403)
