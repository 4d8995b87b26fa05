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

from .. import evaluation, queries
from . import drawing
from .worklist import SEE

SPAN, LONGEST = timedelta(days=29), timedelta(days=366)
PARTS = ("led", "helped")


@require_GET
@needs(SEE)
def evaluated(request: HttpRequest) -> HttpResponse:
    """Show who led and who helped between two days: coverage, speed, reopened, score; each row opens its cases."""
    last = min(_day(request.GET.get("last", ""), clock.today()), clock.today())
    first = _day(request.GET.get("first", ""), last - SPAN)
    first = max(min(first, last), last - LONGEST)
    part = request.GET.get("part", "")
    if part in PARTS:
        return _opened(request, part, first, last)
    led = [_drawn(one, "led", first, last) for one in evaluation.led(request.actor, first=first, last=last)]
    helped = [_drawn(one, "helped", first, last) for one in evaluation.helped(request.actor, first=first, last=last)]
    return TemplateResponse(request, "casework/evaluated.html", {"led": led, "helped": helped, "first": first, "last": last})


def _day(word: str, otherwise: date) -> date:
    try:
        return clock.read_day(word)
    except ValueError:
        return otherwise


def _opened(request: HttpRequest, part: str, first: date, last: date) -> HttpResponse:
    """Show the cases that one office's row counted, no more and no fewer."""
    office = request.GET.get("office", "").replace("\x00", "")[:80]
    helping = part == "helped"
    counted = evaluation.rows(request.actor, office, helping=helping, first=first, last=last)
    cases = queries.cases(request.actor).in_bulk([id for id, _since in counted])
    rows = [
        SimpleNamespace(
            it=cases[id], since=since, href=drawing.desk_of(cases[id]), firm=drawing.firm_of(cases[id]),
            state=drawing.state_of(cases[id]),
        )
        for id, since in counted if id in cases
    ]  # fmt: skip
    all_of = evaluation.helped if helping else evaluation.led
    name = next((one.name for one in all_of(request.actor, first=first, last=last) if one.code == office), "")
    back = f"{reverse('casework:evaluated')}?{urlencode({'first': first.isoformat(), 'last': last.isoformat()})}"
    context = {"rows": rows, "name": name, "helping": helping, "first": first, "last": last, "back": back}
    return TemplateResponse(request, "casework/evaluated_rows.html", context)


def _drawn(one: evaluation.Done, part: str, first: date, last: date) -> Any:
    asked = {"part": part, "office": one.code, "first": first.isoformat(), "last": last.isoformat()}
    return SimpleNamespace(
        it=one, href=f"{reverse('casework:evaluated')}?{urlencode(asked)}",
        to_take=say_span(one.to_take) if one.to_take is not None else "", to_end=say_span(one.to_end) if one.to_end is not None else "",
        score=f"{one.score:.1f}" if one.score is not None else "",
    )  # fmt: skip
