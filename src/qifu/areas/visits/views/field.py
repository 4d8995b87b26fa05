"""The officer's phone without its program: today, one enterprise, one visit, one log; and what one has visited.

The same acts, in plain forms. With script the program (static/visits/app.js) takes over the first page."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from qifu.areas.registry import api as registry
from qifu.kernel import jurisdiction
from qifu.kernel.access import acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local
from qifu.kernel.language import said
from qifu.kernel.values import uuid7
from qifu.kernel.web import needs
from qifu.ui.asking import answered, key_of
from qifu.ui.devices import translated
from qifu.ui.parts import Notice, Option
from qifu.ui.words import say_day, say_moment

from .. import queries
from ..actions.logs import gaps
from ..days import Stop, day_of
from ..models import Opinion, Visit
from ..terms import ANSWERS, LOG_ITEMS, LOG_LATE, NEEDS, WAYS
from ..workflow import GO
from . import drawing
from .phone_words import WORDS

ROWS = 3
"""Opinions that the plain form takes at once."""


@require_GET
@needs(GO)
def today(request: HttpRequest) -> HttpResponse:
    """Show whom to visit today in road order, and all the others that one answers for."""
    actor, at = request.actor, clock.now()
    stops = day_of(actor, at)
    lines = [_line(one, at) for one in stops]
    notices = []
    if number := request.GET.get("made", ""):
        notices.append(Notice(said("记好了，是第{n}次走访", n=number[:4]), "ok"))
    if request.GET.get("log"):
        notices.append(Notice(said("今天的日志存好了"), "ok"))
    waiting = [one for one in lines if one["today"] and not one["done"]]
    if waiting:
        waiting[0]["here"] = True
    context = {
        "waiting": waiting, "done": [one for one in lines if one["done"]], "rest": [one for one in lines if not one["today"]],
        "notices": notices, "words": translated(WORDS),
    }  # fmt: skip
    return TemplateResponse(request, "visits/today.html", context)


def _line(one: Stop, at: Any) -> dict[str, Any]:
    firm = one.firm
    parts = [jurisdiction.name(firm.region), str(said("{km}公里", km=one.km)) if one.km else ""]
    parts += [str(said("走访过{n}次", n=one.told.visits)) if one.told.visits else str(said("还没走访过"))]
    if one.done and one.done.visited_at:
        parts = [f"{local(one.done.visited_at):%H:%M}", str(said("第{n}次走访", n=one.done.number))]
    return {
        "number": one.number,
        "name": firm.name,
        "line": "，".join(part for part in parts if part),
        "today": one.today,
        "done": bool(one.done),
        "href": reverse("visits:write", args=[firm.id]),
        "clock": drawing.clock_of(one.planned),
        "resident": "resident" in one.parts,
        "log": reverse("visits:log", args=[firm.id]),
    }


@require_GET
@needs(GO)
def visited(request: HttpRequest) -> HttpResponse:
    """Show what one has visited, the latest first, with how much was said."""
    actor, at = request.actor, clock.now()
    visits = list(Visit.objects.filter(officer=actor.id, state="visited").select_related("enterprise").order_by("-visited_at")[:100])
    total = Visit.objects.filter(officer=actor.id, state="visited").count()
    heard = Opinion.objects.filter(officer=actor.id).count()
    counts = {}
    for id in Opinion.objects.filter(visit__in=[one.id for one in visits]).values_list("visit", flat=True):
        counts[id] = counts.get(id, 0) + 1
    days: dict[str, list[Any]] = {}
    for own, one in zip(range(total, 0, -1), visits, strict=False):
        if one.visited_at:
            days.setdefault(say_day(local(one.visited_at), at=at), []).append(
                {
                    "name": one.enterprise.name, "href": reverse("visits:write", args=[one.enterprise_id]),
                    "line": f"{local(one.visited_at):%H:%M}，"
                    + str(said("您的第{own}家次；这家第{n}次走访，{m}条意见", own=own, n=one.number, m=counts.get(one.id, 0))),
                }
            )  # fmt: skip
    context = {"days": days, "total": total, "heard": heard, "back": reverse("visits:today")}
    return TemplateResponse(request, "visits/visited.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(GO)
def write(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show an enterprise before the door and take the visit in a plain form."""
    actor, at = request.actor, clock.now()
    if request.method != "POST":
        return draw(request, id)
    with acting(actor):
        registry.enterprise(id)
    posted = request.POST
    opinions = [
        {
            "words": posted.get(f"words-{n}", ""), "need": posted.get(f"need-{n}", "other"), "then": posted.get(f"then-{n}", "pass"),
            "answer": posted.get(f"answer-{n}", ""),
        }
        for n in range(ROWS)
        if posted.get(f"words-{n}", "").strip()
    ]  # fmt: skip
    given = {"enterprise": id, "met": posted.get("met", ""), "words": posted.get("words", ""), "opinions": opinions}
    answer = run("visits.record", given, actor=actor, at=at, key=key_of(request))
    to = f"{reverse('visits:today')}?made={answer.result.number}" if answer.ok else ""
    return answered(request, answer, to=to, again=lambda *, notice, errors: draw(request, id, notice=notice))


def draw(request: HttpRequest, id: UUID, *, notice: Notice | None = None) -> TemplateResponse:
    at = clock.now()
    firm = registry.enterprise(id)
    told, planned = queries.told_of([id])[id], queries.planned_for([id]).get(id)
    contacts = registry.contacts_of(id)
    posted = request.POST
    rows = [
        {
            "n": n, "number": told.opinions + n + 1, "words": posted.get(f"words-{n}", ""), "answer": posted.get(f"answer-{n}", ""),
            "needs": [Option(code, str(word), on=posted.get(f"need-{n}", "other") == code) for code, word in NEEDS.items()],
            "thens": [Option(code, str(word), on=posted.get(f"then-{n}", "pass") == code) for code, word in ANSWERS.items()],
        }
        for n in range(ROWS)
    ]  # fmt: skip
    said_before = [
        {"number": o.number, "words": o.words, "state": drawing.state_of(o), "after": o.answer or o.office}
        for o in queries.open_opinions([id]).get(id, [])
    ]
    context = {
        "firm": firm, "town": jurisdiction.name(firm.region), "told": told, "next": told.visits + 1, "notice": notice,
        "contact": f"{contacts[0].name} {contacts[0].phone_masked}".strip() if contacts else "", "clock": drawing.clock_of(planned),
        "last": say_moment(told.last, at=at) if told.last else "", "before": said_before, "rows": rows, "met": posted.get("met", ""),
        "words": posted.get("words", ""), "key": str(key_of(request) if posted else uuid7()), "back": reverse("visits:today"), "id": id,
        "contact_key": str(uuid7()), "ways": [Option(code, str(word)) for code, word in WAYS.items()],
    }  # fmt: skip
    return TemplateResponse(request, "visits/write.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(GO)
def log(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show and take the daily log of whoever stays at an enterprise."""
    actor = request.actor
    if request.method != "POST":
        return _log(request, id)
    with acting(actor):
        registry.enterprise(id)
    posted = request.POST
    looked = [
        {"item": item, "result": posted[f"r-{item}"], "note": posted.get(f"n-{item}", "")}
        for item in LOG_ITEMS
        if posted.get(f"r-{item}") in ("ok", "hard")
    ]
    given = {"enterprise": id, "looked": looked, "words": posted.get("words", "")} | ({"day": posted["day"]} if posted.get("day") else {})
    answer = run("visits.write_log", given, actor=actor, at=clock.now())
    return answered(
        request, answer, to=f"{reverse('visits:today')}?log=1", again=lambda *, notice, errors: _log(request, id, notice=notice)
    )


def _log(request: HttpRequest, id: UUID, *, notice: Notice | None = None) -> TemplateResponse:
    actor, at = request.actor, clock.now()
    firm = registry.enterprise(id)
    today_is = local(at).date()
    mine = next((one for one in queries.mine(actor.person) if one.enterprise_id == id and one.part == "resident"), None)
    days = [today_is - timedelta(days=n) for n in range(8)]
    written = {day: one for (_, day), one in queries.logs_of([mine], days=days).items()} if mine else {}
    lacking = gaps(mine, written, at=at, days=7) if mine else []
    asked = request.POST.get("day") or request.GET.get("day", "")
    day = next((one for one in days if one.isoformat() == asked), today_is)
    now = written.get(day)
    posted = request.POST
    rows = [
        {
            "code": code, "word": str(word), "result": posted.get(f"r-{code}", now.found.get(code, "") if now else ""),
            "note": posted.get(f"n-{code}", now.notes.get(code, "") if now else ""),
        }
        for code, word in LOG_ITEMS.items()
    ]  # fmt: skip
    context = {
        "firm": firm,
        "mine": mine,
        "rows": rows,
        "words": posted.get("words", now.words if now else ""),
        "day": day,
        "is_today": day == today_is,
        "written": now,
        "lacking": lacking,
        "may": [one for one in lacking if (today_is - one).days <= LOG_LATE],
        "notice": notice,
        "back": reverse("visits:today"),
        "day_words": _day_words(day),
    }
    return TemplateResponse(request, "visits/log.html", context)


def _day_words(day: date) -> str:
    return str(said("{m}月{d}日", m=day.month, d=day.day))
