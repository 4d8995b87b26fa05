"""The page of how offices helped over a span of days."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from qifu.kernel.calendar import clock
from qifu.kernel.web import needs
from qifu.ui.words import say_span

from .. import evaluation
from .worklist import SEE

SPAN, LONGEST = timedelta(days=29), timedelta(days=366)


@require_GET
@needs(SEE)
def evaluated(request: HttpRequest) -> HttpResponse:
    """Show who led and who helped between two days: coverage, speed, reopened, score; each row opens its cases."""
    last = min(_day(request.GET.get("last", ""), clock.today()), clock.today())
    first = _day(request.GET.get("first", ""), last - SPAN)
    first = max(min(first, last), last - LONGEST)
    led = [_drawn(one) for one in evaluation.led(request.actor, first=first, last=last)]
    helped = [_drawn(one) for one in evaluation.helped(request.actor, first=first, last=last)]
    return TemplateResponse(request, "casework/evaluated.html", {"led": led, "helped": helped, "first": first, "last": last})


def _day(word: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError:
        return otherwise


def _drawn(one: evaluation.Done) -> Any:
    return SimpleNamespace(
        it=one, href=f"{reverse('casework:worklist')}?{urlencode({'view': 'all', 'office': one.code})}",
        to_take=say_span(one.to_take) if one.to_take is not None else "", to_end=say_span(one.to_end) if one.to_end is not None else "",
        score=f"{one.score:.1f}" if one.score is not None else "",
    )  # fmt: skip
