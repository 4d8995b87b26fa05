"""What was written down: one enterprise's visits and words, one visit, all opinions, the logs and their gaps."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from qifu.areas.registry import api as registry
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local
from qifu.kernel.language import said
from qifu.kernel.values import uuid7
from qifu.kernel.web import needs
from qifu.ui.asking import answered
from qifu.ui.parts import Notice, Option, View
from qifu.ui.words import say_moment, say_span

from .. import queries
from ..actions.logs import gaps
from ..models import DayLog, Opinion, Visit
from ..terms import LOG_ITEMS, NEEDS, OPINION_STATES, PARTS, WAYS
from ..workflow import GO, KEEP, MADE, SEE
from . import drawing
from .desk import A_PAGE, address, page_of, pages

ACTS = {"answer": "visits.answer", "pass_on": "visits.pass_on", "solve": "visits.solve", "reopen": "visits.reopen"}
WEEK = 7


@require_GET
@needs(SEE)
def firm(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one enterprise: who answers for it and did, every visit, every word said, the logs."""
    return draw(request, id)


def draw(request: HttpRequest, id: UUID, *, notice: Notice | None = None) -> TemplateResponse:
    actor, at = request.actor, clock.now()
    row = registry.enterprise(id)
    told = queries.told_of([id])[id]
    visits = list(Visit.objects.filter(enterprise=id).order_by("-visited_at", "-planned_at")[:100])
    counts = dict(Opinion.objects.filter(enterprise=id, visit__isnull=False).values_list("visit").annotate(n=Count("id")))
    heard = Opinion.objects.filter(enterprise=id).select_related("enterprise", "visit").order_by("-number")[:100]
    contacts = registry.contacts_of(id)
    waiting = next((one for one in visits if one.state == "planned"), None)
    context = {
        "it": row,
        "town": jurisdiction.name(row.region),
        "size": drawing.SIZES.get(row.size, ""),
        "told": told,
        "notice": notice,
        "last": say_moment(told.last, at=at) if told.last else "",
        "contacts": [f"{one.name} {one.phone_masked}".strip() for one in contacts[:3]],
        "held": [
            {
                "id": one.id,
                "name": one.officer_name,
                "part": str(PARTS[one.part]),
                "since": say_moment(one.since, at=at) if one.since else "",
                "until": say_moment(one.until, at=at) if one.until else "",
                "reason": one.reason,
            }
            for one in queries.of_firm(id)
        ],
        "visits": [drawing.made(one, at=at, opinions=counts.get(one.id, 0)) for one in visits if one.state != "planned"],
        "heard": [drawing.heard(one, actor=actor, at=at) for one in heard],
        "clock": drawing.clock_of(waiting),
        "waiting": drawing.made(waiting, at=at) if waiting else None,
        "keep": actor.may(KEEP),
        "may_go": actor.may(GO),
        "people": [Option(str(p.id), str(said("{name}，手上{n}家", name=p.name, n=p.held))) for p in _able(actor, row.region)]
        if actor.may(KEEP)
        else [],
        "parts": [Option(code, str(word)) for code, word in PARTS.items()],
        "here": reverse("visits:firm", args=[id]),
        "contacts_made": [
            (say_moment(one.at, at=at), str(WAYS[one.way]), one.met, one.officer_name, one.words) for one in queries.contacts_made(id)
        ],
        "ways": [Option(code, str(word)) for code, word in WAYS.items()],
        "key": str(uuid7()),
        "logs": [_log_line(one) for one in DayLog.objects.filter(enterprise=id).order_by("-day")[:14]],
        "register": reverse("registry:enterprise", args=[id]),
        "opinion_days": _waited(id, at),
    }
    return TemplateResponse(request, "visits/firm.html", context)


def _able(actor: Actor, region: int) -> list[queries.Officer]:
    people = [p for p in queries.officers(actor, clock.now()) if region in jurisdiction.reach(p.place)]
    return sorted(people, key=lambda p: (p.place != region, p.held, p.name))[:60]


def _waited(id: UUID, at: Any) -> str:
    """Say how long the oldest word has waited."""
    oldest = Opinion.objects.filter(enterprise=id, state__in=("noted", "passed")).order_by("noted_at").first()
    return say_span(at - oldest.noted_at) if oldest and oldest.noted_at else ""


def _log_line(one: DayLog) -> dict[str, Any]:
    hard = [
        f"{LOG_ITEMS[item]}{'：' + one.notes[item] if one.notes.get(item) else ''}"
        for item, result in one.found.items()
        if result == "hard"
    ]
    return {"day": one.day, "who": one.officer_name, "hard": "；".join(str(word) for word in hard), "words": one.words}


@require_GET
@needs(SEE)
def visit(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one visit with its photos and everything said."""
    return _visit(request, id)


def _visit(request: HttpRequest, id: UUID, *, notice: Notice | None = None) -> HttpResponse:
    actor, at = request.actor, clock.now()
    it = queries.visit(id)
    late = ""
    if it.visited_at and it.received_at and it.received_at - it.visited_at > timedelta(minutes=5):
        late = str(said("{at}收到", at=say_moment(it.received_at, at=at)))
    if abs(it.ahead) > 300:
        span = say_span(timedelta(seconds=abs(it.ahead)))
        late = "，".join(
            word
            for word in (late, str(said("手机时间{x}{span}，按服务器时间记", x=said("快") if it.ahead > 0 else said("慢"), span=span)))
            if word
        )
    heard = Opinion.objects.filter(visit=id).select_related("enterprise", "visit").order_by("number")
    context = {
        "it": it, "firm": it.enterprise, "firm_href": reverse("visits:firm", args=[it.enterprise_id]), "town": jurisdiction.name(it.region),
        "made": drawing.made(it, at=at), "photos": drawing.photos_of(it, at=at), "late": late, "clock": drawing.clock_of(it),
        "heard": [drawing.heard(one, actor=actor, at=at) for one in heard], "notice": notice,
        "may_drop": any(c.move.verb == "drop" and c.allowed for c in MADE.possible(it, actor=actor, at=at)),
        "here": reverse("visits:record", args=[id]),
    }  # fmt: skip
    return TemplateResponse(request, "visits/record.html", context)


@require_POST
@needs(GO)
def drop(request: HttpRequest, id: UUID) -> HttpResponse:
    """Drop a planned visit with its reason."""
    with acting(request.actor):
        queries.visit(id)
    answer = run("visits.drop", {"visit": id, "reason": request.POST.get("reason", "")}, actor=request.actor)
    if answer.ok:
        return HttpResponseRedirect(reverse("visits:firm", args=[answer.result.enterprise_id]))
    with acting(request.actor):
        response = _visit(request, id, notice=Notice(f"{answer.says}{answer.fix}", "ask"))
    response.status_code = 403 if answer.refusal is not None and answer.refusal.forbidden else 409
    return response


@require_GET
@needs(SEE)
def opinions(request: HttpRequest) -> HttpResponse:
    """Show everything that was said on visits, what waits to be passed on first."""
    return _opinions(request)


def _opinions(request: HttpRequest, *, notice: Notice | None = None) -> TemplateResponse:
    actor, at = request.actor, clock.now()
    region = request.GET.get("region", "")
    state = request.GET.get("state", "") if request.GET.get("state") in OPINION_STATES else ""
    asked: dict[str, Any] = {
        "need": request.GET.get("need", "") if request.GET.get("need") in NEEDS else "", "q": request.GET.get("q", "").strip()[:60],
        "region": int(region) if region.isdecimal() and len(region) < 10 else None,
    }  # fmt: skip
    base = queries.opinions(actor, **asked)
    counts = dict(base.order_by().values_list("state").annotate(n=Count("id")))
    found, number = (base.filter(state=state) if state else base), page_of(request)
    total = counts.get(state, 0) if state else sum(counts.values())
    rows = found[(number - 1) * A_PAGE : number * A_PAGE]
    tabs = [View(str(said("全部")), address(request, "visits:opinions", state=""), sum(counts.values()), here=not state)]
    tabs += [
        View(
            str(word),
            address(request, "visits:opinions", state=code),
            counts.get(code, 0),
            tone="ask" if code == "noted" else "",
            here=state == code,
        )
        for code, word in OPINION_STATES.items()
    ]
    context = {
        "tabs": tabs,
        "rows": [drawing.heard(one, actor=actor, at=at) for one in rows],
        "notice": notice,
        "total": total,
        "asked": asked,
        "needs": [Option(code, str(word), on=asked["need"] == code) for code, word in NEEDS.items()],
        "state": state,
        "page": pages(request, "visits:opinions", number=number, total=total),
        "here": request.get_full_path(),
        "as_of": say_moment(at, at=at),
        "settled": counts.get("answered", 0) + counts.get("solved", 0),
        "open": counts.get("noted", 0) + counts.get("passed", 0),
        "all": sum(counts.values()),
        "export": f"{reverse('papers:export_new')}?list=visits.opinions&{request.GET.urlencode()}",
    }
    return TemplateResponse(request, "visits/opinions.html", context)


@require_POST
@needs(GO)
def act_on_opinion(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Answer an opinion, pass it on, confirm that it is solved, or open it again."""
    with acting(request.actor):
        queries.opinion(id)
    if verb not in ACTS:
        raise Http404
    posted = request.POST
    more = {"answer": ("answer",), "pass_on": ("office",), "reopen": ("why",)}.get(verb, ())
    answer = run(ACTS[verb], {"opinion": id} | {name: posted.get(name, "") for name in more}, actor=request.actor)
    back = posted.get("back", "")
    to = back if back.startswith("/desk/visits/") else reverse("visits:opinions")
    return answered(request, answer, to=to, again=lambda *, notice, errors: _opinions(request, notice=notice))


@require_GET
@needs(KEEP)
def logs(request: HttpRequest) -> HttpResponse:
    """Show who stays where, the last seven days of each, and which days lack."""
    actor, at = request.actor, clock.now()
    today = local(at).date()
    days = [today - timedelta(days=n) for n in range(WEEK, -1, -1)]
    held = queries.residents(actor)
    written = queries.logs_of(held, days=days)
    lines = []
    for one in held:
        mine = {day: written[one.id, day] for day in days if (one.id, day) in written}
        lacking = gaps(one, mine, at=at, days=WEEK)
        since = local(one.since).date() if one.since else today
        marks = [
            {
                "day": day, "kind": _mark(mine.get(day), day in lacking, before=day < since, today=day == today),
                "hard": sum(result == "hard" for result in mine[day].found.values()) if day in mine else 0,
            }
            for day in days
        ]  # fmt: skip
        last = max(mine, default=None)
        lines.append(
            {
                "name": one.enterprise.name,
                "href": reverse("visits:firm", args=[one.enterprise_id]),
                "town": jurisdiction.name(one.region),
                "officer": one.officer_name,
                "marks": marks,
                "lacking": lacking,
                "last": _log_line(mine[last]) if last else None,
            }
        )
    lines.sort(key=lambda line: (-len(line["lacking"]), line["town"], line["name"]))
    context = {
        "lines": lines,
        "days": days,
        "firms": len({one.enterprise_id for one in held}),
        "lacking": sum(len(line["lacking"]) for line in lines),
        "today": sum((one.id, today) in written for one in held),
        "held": len(held),
        "as_of": say_moment(at, at=at),
    }
    return TemplateResponse(request, "visits/logs.html", context)


def _mark(log: DayLog | None, lacks: bool, *, before: bool, today: bool) -> str:
    if log is not None:
        return "hard" if "hard" in log.found.values() else "ok"
    return "lacks" if lacks else "none" if before or not today else "today"
