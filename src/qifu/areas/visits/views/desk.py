"""Coverage at the desk: who was not visited, by officer and by town, with telephones, and visits planned for them."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from qifu.areas.registry import api as registry
from qifu.kernel import jurisdiction
from qifu.kernel.access import acting
from qifu.kernel.actions import Refused, run
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local
from qifu.kernel.language import said
from qifu.kernel.web import needs
from qifu.ui.parts import Notice, Page, View
from qifu.ui.words import say_moment

from .. import coverage as covering
from .. import queries
from ..models import Opinion, Visit
from ..workflow import GO, KEEP, SEE
from . import drawing

A_PAGE = 50
WORDS = {"left": said("还没走访"), "done": said("走访过"), "all": said("全部"), "nobody": said("没有人包")}


def address(request: HttpRequest, name: str, **changes: Any) -> str:
    """Give the page's address with some of what it asks for changed; an empty word leaves it out."""
    kept = {key: value for key, value in request.GET.items() if key not in (*changes, "page", "made")}
    asked = {key: value for key, value in {**kept, **changes}.items() if value not in ("", None)}
    return f"{reverse(name)}?{urlencode(asked)}" if asked else reverse(name)


def page_of(request: HttpRequest) -> int:
    """Give the number of the page that is asked for, from 1."""
    text = request.GET.get("page", "1")
    return max(int(text), 1) if text.isdecimal() and len(text) < 6 else 1


def pages(request: HttpRequest, name: str, *, number: int, total: int, size: int = A_PAGE) -> Page:
    """Give where a long list stands."""
    first = (number - 1) * size + 1
    return Page(
        first if total else 0, min(number * size, total), total, address(request, name, page=number - 1) if number > 1 else "",
        address(request, name, page=number + 1) if number * size < total else "",
    )  # fmt: skip


@require_GET
@needs(SEE)
def coverage(request: HttpRequest) -> HttpResponse:
    """Show who was not visited since the round began, and who answers for them."""
    return _coverage(request)


def _coverage(request: HttpRequest, *, phones: dict[UUID, tuple[str, str]] | None = None, notice: Notice | None = None) -> HttpResponse:
    actor, at = request.actor, clock.now()
    want = covering.wanted(request.GET, actor, at)
    base = covering.firms(actor, want)
    found = covering.shown(actor, want)
    missing = queries.unvisited(base, want.since)
    by_town = queries.by_town(missing)
    total, left = base.order_by().count(), sum(by_town.values())
    nobody = queries.firms(actor, q=want.q, size=want.size, region=want.region, person=want.person, nobody=True).order_by().count()
    number, shown = page_of(request), {"left": left, "done": total - left, "all": total, "nobody": nobody}[want.show]
    rows = list(found.only("name", "region", "size").order_by("region", "pinyin")[(number - 1) * A_PAGE : number * A_PAGE])
    ids = [row.id for row in rows]
    leads, told, planned, contacts = (
        queries.leads_of(ids), queries.told_of(ids), queries.planned_for(ids), registry.contacts_of_many(ids)
    )  # fmt: skip
    lines = []
    for row in rows:
        contact, lead, last = (contacts.get(row.id) or [None])[0], leads.get(row.id), told[row.id].last
        name, phone = (phones or {}).get(row.id, ("", ""))
        lines.append(
            {
                "id": row.id,
                "name": row.name,
                "href": reverse("visits:firm", args=[row.id]),
                "town": jurisdiction.name(row.region),
                "size": drawing.SIZES.get(row.size, ""),
                "officer": lead.officer_name if lead else "",
                "contact": contact.name if contact else name,
                "masked": contact.phone_masked if contact else "",
                "phone": phone,
                "visits": told[row.id].visits,
                "last": say_moment(last, at=at) if last else "",
                "clock": drawing.clock_of(planned.get(row.id)),
                "planned": row.id in planned,
            }
        )
    towns = [View(name, address(request, "visits:coverage", region=id), n) for id, name, n in _towns(by_town)]
    people = [
        View(name, address(request, "visits:coverage", person=person), n) for person, name, n in queries.by_officer(missing, actor)[:60]
    ]  # fmt: skip
    opinions = (
        Opinion.objects.visible_to(actor)
        .filter(noted_at__gte=want.since)
        .aggregate(noted=Count("id"), settled=Count("id", filter=Q(state__in=("answered", "solved"))))
    )
    context = {
        "want": want,
        "total": total,
        "left": left,
        "done": total - left,
        "percent": _percent(total - left, total),
        "nobody": nobody,
        "lines": lines,
        "tabs": [
            View(str(word), address(request, "visits:coverage", show="" if code == "left" else code), count, here=want.show == code)
            for code, word, count in (
                (c, w, {"left": left, "done": total - left, "all": total, "nobody": nobody}[c]) for c, w in WORDS.items()
            )
        ],
        "sizes": [
            View(str(word), address(request, "visits:coverage", size=code), here=want.size == code)
            for code, word in (("", said("不分规模")), *drawing.SIZES.items())
        ],
        "towns": towns,
        "people": people,
        "since": local(want.since).date(),
        "today": local(at).date(),
        "page": pages(request, "visits:coverage", number=number, total=shown),
        "shown": shown,
        "phones": bool(phones),
        "notice": notice,
        "chips": _chips(request, want, actor),
        "query": request.GET.urlencode(),
        "may_plan": actor.may(GO),
        "keep": actor.may(KEEP),
        "visits": Visit.objects.visible_to(actor).filter(visited_at__gte=want.since).count(),
        "opinions": opinions["noted"],
        "settled": opinions["settled"],
        "export": f"{reverse('papers:export_new')}?{urlencode({'list': 'visits.coverage', **request.GET.dict()})}",
        "as_of": say_moment(at, at=at),
    }
    return TemplateResponse(request, "visits/coverage.html", context)


def _towns(counts: dict[int, int]) -> list[tuple[int, str, int]]:
    return sorted(((id, jurisdiction.name(id), n) for id, n in counts.items()), key=lambda one: (-one[2], one[0]))


def _percent(part: int, whole: int) -> str:
    """Give tenths of a percent, rounded half up, as a word."""
    tenths = (part * 2000 + whole) // (2 * whole) if whole else 0
    return f"{tenths // 10}.{tenths % 10}%"


def _chips(request: HttpRequest, want: covering.Wanted, actor: Any) -> list[View]:
    found = []
    if want.region is not None:
        found.append(View(jurisdiction.name(want.region), address(request, "visits:coverage", region="")))
    if want.person is not None:
        lead = queries.held_now(actor).filter(person=want.person).first()
        found.append(View(lead.officer_name if lead else str(said("这位干部")), address(request, "visits:coverage", person="")))
    if want.q:
        found.append(View(want.q, address(request, "visits:coverage", q="")))
    return found


@require_POST
@needs(SEE)
def phones(request: HttpRequest) -> HttpResponse:
    """Show the numbers of the enterprises on one page of the list; that one looked is on the record of each."""
    answer = run("visits.look_phones", {"enterprises": request.POST.getlist("id")[:A_PAGE]}, actor=request.actor)
    with acting(request.actor):
        if isinstance(answer, Refused):
            return _coverage(request, notice=Notice(f"{answer.says}{answer.fix}", "ask"))
        return _coverage(request, phones=answer.result)


@require_POST
@needs(GO)
def plan(request: HttpRequest) -> HttpResponse:
    """Plan a visit to each ticked enterprise."""
    ids = [one for one in request.POST.getlist("id") if len(one) == 36]
    kind = request.POST.get("kind", "routine")
    answer = run("visits.plan", {"enterprises": ids, "kind": kind, "reason": request.POST.get("reason", "")}, actor=request.actor)
    back = request.POST.get("back", "")
    if answer.ok and back.startswith("/desk/visits/"):
        return HttpResponseRedirect(back)
    word = said("排好{n}家，会出现在包联干部的今天里。", n=answer.result) if answer.ok else f"{answer.says}{answer.fix}"
    with acting(request.actor):
        response = _coverage(request, notice=Notice(word, "ok" if answer.ok else "ask"))
    response.status_code = 200 if answer.ok else 409
    return response
