"""Territories at the desk: who has which enterprise, who has nobody, and a proposal that another confirms."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from qifu.areas.registry import api as registry
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, acting
from qifu.kernel.actions import Refused, run
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local
from qifu.kernel.language import said
from qifu.kernel.values.road import Point, road_km
from qifu.kernel.web import needs
from qifu.ui.asking import answered
from qifu.ui.parts import Notice, Option, View
from qifu.ui.words import say_moment

from .. import queries
from ..models import Plan, Territory
from ..terms import PARTS
from ..workflow import KEEP, PROPOSED
from . import drawing
from .desk import A_PAGE, address, page_of, pages


def asked_of(request: HttpRequest) -> dict[str, Any]:
    """Read the filters of the list; nonsense falls back to everything."""
    region, person = request.GET.get("region", ""), request.GET.get("person", "")
    try:
        who = UUID(person) if person else None
    except ValueError:
        who = None
    return {
        "q": request.GET.get("q", "").strip()[:60], "region": int(region) if region.isdecimal() and len(region) < 10 else None,
        "person": who, "nobody": request.GET.get("show") == "nobody",
    }  # fmt: skip


@require_GET
@needs(KEEP)
def territories(request: HttpRequest) -> HttpResponse:
    """Show enterprises with who answers for them; those with nobody first, each with the nearest officer at one touch."""
    notice = None
    if (new := request.GET.get("given", "")).isdecimal():
        notice = Notice(said("分派好{n}家，接手的人马上看得到。", n=int(new[:6])), "ok")
    return _page(request, notice=notice)


def _page(request: HttpRequest, *, notice: Notice | None = None, ticked: set[str] | None = None) -> TemplateResponse:
    actor, at = request.actor, clock.now()
    asked = asked_of(request)
    found = queries.firms(actor, **asked)
    total, number = found.order_by().count(), page_of(request)
    rows = list(found.order_by("region", "pinyin")[(number - 1) * A_PAGE : number * A_PAGE])
    ids = [row.id for row in rows]
    held: dict[UUID, list[Territory]] = {}
    for one in queries.held_now(actor).filter(enterprise__in=ids).order_by("since"):
        held.setdefault(one.enterprise_id, []).append(one)
    people = queries.officers(actor, at)
    near = _nearest(actor, [row for row in rows if not any(t.part == "lead" for t in held.get(row.id, []))], people)
    lines = []
    for row in rows:
        mine = held.get(row.id, [])
        lead = next((one for one in mine if one.part == "lead"), None)
        offer = near.get(row.id)
        lines.append(
            {
                "id": str(row.id), "name": row.name, "href": reverse("visits:firm", args=[row.id]), "town": jurisdiction.name(row.region),
                "size": drawing.SIZES.get(row.size, ""), "lead": lead.officer_name if lead else "",
                "since": say_moment(lead.since, at=at) if lead and lead.since else "",
                "others": [f"{one.officer_name} {PARTS[one.part]}" for one in mine if one is not lead],
                "offer": offer, "ticked": str(row.id) in (ticked or set()),
            }
        )  # fmt: skip
    everyone = queries.firms(actor).order_by().count()
    nobody = queries.firms(actor, nobody=True).order_by().count()
    towns = sorted(queries.by_town(queries.firms(actor)).items())
    plans = list(Plan.objects.visible_to(actor).filter(state="proposed").order_by("-proposed_at")[:5])
    context = {
        "lines": lines,
        "total": total,
        "nobody": nobody,
        "everyone": everyone,
        "named": everyone - nobody,
        "asked": asked,
        "notice": notice,
        "tabs": [
            View(str(said("全部")), address(request, "visits:territories", show=""), everyone, here=not asked["nobody"]),
            View(str(said("没有人包")), address(request, "visits:territories", show="nobody"), nobody, tone="ask", here=asked["nobody"]),
        ],
        "towns": [Option(str(id), jurisdiction.name(id), hint=str(n), on=asked["region"] == id) for id, n in towns],
        "people": [Option(str(p.id), _officer_words(p)) for p in sorted(people, key=lambda p: (p.place, p.held, p.name))],
        "loads": [
            View(p.name, address(request, "visits:territories", person=p.id), p.held)
            for p in sorted(people, key=lambda p: (-p.held, p.name))[:40]
            if p.held
        ],
        "idle": sum(not p.held for p in people),
        "officers": len(people),
        "parts": [Option(code, str(word)) for code, word in PARTS.items()],
        "who": next((p.name for p in people if p.id == asked["person"]), ""),
        "clear": address(request, "visits:territories", person=""),
        "plans": [
            {"href": reverse("visits:proposal", args=[p.id]), "place": p.place_name, "n": len(p.rows), "who": p.proposer_name}
            for p in plans
        ],
        "page": pages(request, "visits:territories", number=number, total=total),
        "here": request.get_full_path(),
        "places": [Option(str(id), jurisdiction.name(id)) for id in _places(actor)],
        "as_of": say_moment(at, at=at),
    }
    return TemplateResponse(request, "visits/territories.html", context)


def _officer_words(one: queries.Officer) -> str:
    return str(said("{name}，{place}，手上{n}家", name=one.name, place=jurisdiction.name(one.place), n=one.held))


def _places(actor: Actor) -> list[int]:
    """Give the places for which one may make a proposal: one's own, and the towns and zones right below."""
    mine = [hat.place for hat in actor.hats if hat.place and KEEP in hat.rights]
    below = [one.id for place in mine for one in jurisdiction.children(place) if one.kind in ("town", "subdistrict", "zone", "park")]
    return list(dict.fromkeys([*mine, *below]))


def _nearest(actor: Actor, rows: list[registry.Enterprise], people: list[queries.Officer]) -> dict[UUID, dict[str, str]]:
    """Give for each enterprise the officer of its own town with the fewest, of equals the nearest."""
    if not rows or not people:
        return {}
    ids = [row.id for row in rows]
    towns = {row.region for row in rows}
    theirs = list(queries.held_now(actor).filter(part="lead", region__in=towns).values_list("person", "enterprise", "region"))
    sites = registry.sites_of_many([*ids, *(firm for _, firm, _ in theirs[:2000])])

    def point(id: UUID) -> Point | None:
        site = next((s for s in sites.get(id, []) if s.lat is not None and s.lon is not None), None)
        return Point(site.lat, site.lon) if site and site.lat is not None and site.lon is not None else None

    found = {}
    # What is offered in one row counts in the next: the page spreads the firms instead of naming one officer for all.
    load = {p.id: p.held for p in people}
    for row in rows:
        able = [p for p in people if p.place == row.region] or [p for p in people if row.region in jurisdiction.reach(p.place)]
        if not able:
            continue
        here, least = point(row.id), min(load[p.id] for p in able)
        few = [p for p in able if load[p.id] == least]

        def far(p: queries.Officer, row: registry.Enterprise = row, here: Point | None = here) -> float:
            held = [firm for person, firm, region in theirs if person == p.id and region == row.region]
            return min((road_km(point(firm), here, same_town=True) for firm in held[:20]), default=50.0)

        best = min(few, key=lambda p: (far(p), p.name))
        load[best.id] += 1
        found[row.id] = {"id": str(best.id), "name": best.name, "held": str(best.held)}
    return found


@require_POST
@needs(KEEP)
def assign(request: HttpRequest) -> HttpResponse:
    """Give the ticked enterprises (or one, by its own button) to an officer."""
    posted = request.POST
    one = posted.get("one", "")
    ids, person = ([one.partition(":")[0]], one.partition(":")[2]) if one else (posted.getlist("id"), posted.get("person", ""))
    given = {"enterprises": [id for id in ids if id], "person": person, "part": posted.get("part", "lead") if not one else "lead",
             "reason": posted.get("reason", "")}  # fmt: skip
    answer = run("visits.assign", given, actor=request.actor)
    back = posted.get("back", "")
    to = back if back.startswith("/desk/visits/") else reverse("visits:territories")
    if answer.ok:
        to += f"{'&' if '?' in to else '?'}given={answer.result.new}"
    return answered(request, answer, to=to, again=lambda *, notice, errors: _page(request, notice=notice, ticked=set(ids)))


@require_POST
@needs(KEEP)
def end(request: HttpRequest, id: UUID) -> HttpResponse:
    """End an officer's time with an enterprise."""
    with acting(request.actor):
        row = Territory.objects.visible_to(request.actor).filter(pk=id).first()
    answer = run("visits.end_territory", {"territory": id, "reason": request.POST.get("reason", "")}, actor=request.actor)
    if answer.ok and row is not None:
        return HttpResponseRedirect(reverse("visits:firm", args=[row.enterprise_id]))
    with acting(request.actor):
        response = _page(request, notice=Notice(f"{answer.says}{answer.fix}" if isinstance(answer, Refused) else "", "ask"))
    response.status_code = 404 if row is None else 409
    return response


@require_POST
@needs(KEEP)
def propose(request: HttpRequest) -> HttpResponse:
    """Compute a proposal for a place."""
    place = request.POST.get("place", "")
    answer = run("visits.propose", {"place": place}, actor=request.actor)
    to = reverse("visits:proposal", args=[answer.result.id]) if answer.ok else ""
    return answered(request, answer, to=to, again=lambda *, notice, errors: _page(request, notice=notice))


@require_GET
@needs(KEEP)
def proposal(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show a proposal: how many change and why, the loads before and after, and what may be done with it."""
    return _proposal(request, id)


def _proposal(request: HttpRequest, id: UUID, *, notice: Notice | None = None) -> HttpResponse:
    actor, at = request.actor, clock.now()
    it = queries.plan(id)
    firms = registry.enterprises([UUID(row["enterprise"]) for row in it.rows])
    rows = [
        {**row, "town": jurisdiction.name(row["town"]), "href": reverse("visits:firm", args=[row["enterprise"]])}
        for row in it.rows
        if UUID(row["enterprise"]) in firms
    ]
    first = sum(not row["from"] for row in it.rows)
    choices = [c for c in PROPOSED.possible(it, actor=actor, at=at) if actor.may(KEEP)]
    loads = sorted(it.loads, key=lambda one: (-one[2], one[0]))
    context = {
        "it": it,
        "state": drawing.plan_state(it),
        "rows": rows,
        "same": it.firms - len(it.rows),
        "first": first,
        "moved": len(it.rows) - first,
        "choices": choices,
        "loads": loads,
        "most": max((one[2] for one in loads), default=0),
        "least": min((one[2] for one in loads), default=0),
        "notice": notice,
        "when": say_moment(it.proposed_at, at=at) if it.proposed_at else "",
        "confirmed": say_moment(it.confirmed_at, at=at) if it.confirmed_at else "",
        "done": len(it.rows) - it.skipped,
        "day": local(at).date(),
    }
    return TemplateResponse(request, "visits/proposal.html", context)


@require_POST
@needs(KEEP)
def decide(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Confirm a proposal as a second person, or put it aside."""
    with acting(request.actor):
        queries.plan(id)
    name = {"confirm": "visits.confirm_plan", "drop": "visits.drop_plan"}.get(verb)
    here = reverse("visits:proposal", args=[id])
    if name is None:
        return HttpResponseRedirect(here)
    answer = run(name, {"plan": id}, actor=request.actor)
    if answer.ok:
        return HttpResponseRedirect(here)
    with acting(request.actor):
        response = _proposal(request, id, notice=Notice(f"{answer.says}{answer.fix}", "ask"))
    response.status_code = 403 if answer.refusal is not None and answer.refusal.forbidden else 409
    return response
