"""The day plan of the assessment teams: proposed with a reason on each row, changed by hand, confirmed at once."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qifu.kernel import jurisdiction
from qifu.kernel.access import acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local
from qifu.kernel.web import needs
from qifu.ui.asking import key_of, notice_of
from qifu.ui.parts import Notice
from qifu.ui.words import say_day

from .. import planning
from ..days import Day, day_of
from ..planning import Plan, Point, Stop, Team, Visit
from ..workflow import RESUMPTION
from . import drawing
from .worklist import at_a_desk


@require_http_methods(["GET", "HEAD", "POST"])
@needs("resumption.assign.district", "resumption.assign.town")
def plan(request: HttpRequest) -> HttpResponse:
    """Show the proposal; with a POST reckon it anew round what was changed by hand, or assign it."""
    actor = request.actor
    if request.method != "POST":
        if not at_a_desk(actor):
            return HttpResponseRedirect(reverse("resumption:home"))
        return TemplateResponse(request, "resumption/plan.html", _page(day_of(actor, at=clock.now()), {}, {}))
    ticked = _ticked(request)
    with acting(actor):
        day = day_of(actor, at=clock.now(), only=ticked)
        pins = _pins(request, day)
        laid = planning.propose(day.visits, day.teams, start=day.start, end=day.end, pinned=pins)
        context = _page(day, pins, _was(request, day), laid=laid) | {"only": ticked is not None}
    if request.POST.get("do") != "assign":
        return TemplateResponse(request, "resumption/plan.html", context)
    visits = [
        {"application": str(stop.visit.id), "team": str(team), "visit_at": stop.arrives.isoformat()}
        for team, stops in laid.routes.items()
        for stop in stops
        if stop.visit.fixed is None and stop.visit.id in pins
    ]
    if not visits:
        context["notice"] = Notice(_("没有一家排到小组，没有派。"), "ask")
        return TemplateResponse(request, "resumption/plan.html", context, status=409)
    answer = run("resumption.assign_day", {"visits": visits}, actor=actor, at=clock.now(), key=key_of(request))
    if not answer.ok:
        context["notice"] = notice_of(answer, back=reverse("resumption:plan"))
        return TemplateResponse(request, "resumption/plan.html", context, status=409)
    done = answer.result
    move = RESUMPTION.moves["assign"]
    rows = day.rows
    context = {
        "moved": [rows[id] for id in done.moved if id in rows],
        "refused": [(rows[id], refusal) for id, refusal in done.refused.items() if id in rows],
        "foreseen": SimpleNamespace(not_now=[]), "move": move, "back": reverse("resumption:worklist"),
    }  # fmt: skip
    return TemplateResponse(request, "resumption/bulk_done.html", context)


# ------------------------------------------------------------------------------------------------ what was changed by hand


def _ticked(request: HttpRequest) -> list[UUID] | None:
    """Give the rows that were ticked in the worklist, or stand in a form that began with them; None for the whole day."""
    words = request.POST.getlist("row")
    if request.POST.get("only") == "1":
        words = [name[5:] for name in request.POST if name.startswith("team-")]
    elif not words:
        return None
    found = []
    for word in words[:500]:
        try:
            found.append(UUID(word))
        except ValueError:
            continue
    return found


def _pins(request: HttpRequest, day: Day) -> dict[UUID, UUID | None]:
    """Read where each row of the form stands; '' is nobody today. Rows that came since are left to the plan."""
    teams = {str(team.id): team.id for team in day.teams}
    pins: dict[UUID, UUID | None] = {}
    for id, application in day.rows.items():
        if application.state == "accepted" and (word := request.POST.get(f"team-{id}")) is not None:
            pins[id] = teams.get(word)
    return pins


def _was(request: HttpRequest, day: Day) -> dict[UUID, str]:
    return {id: request.POST.get(f"was-{id}", "") for id in day.rows if f"was-{id}" in request.POST}


# ------------------------------------------------------------------------------------------------ the page


def _page(day: Day, pins: Mapping[UUID, UUID | None], was: Mapping[UUID, str], *, laid: Plan | None = None) -> dict[str, Any]:
    laid = laid or planning.propose(day.visits, day.teams, start=day.start, end=day.end)
    cards = [_card(number, team, laid.routes[team.id], day, was) for number, team in enumerate(day.teams, start=1)]
    new = [row for card in cards for row in card.rows if not row.held]
    left = [_row(number, visit, None, day, was, "") for number, visit in enumerate(laid.left, start=1)]
    return {
        "title": _("评估安排"), "cards": cards, "left": left, "teams": day.teams, "more": day.more,
        "line": _line(day, len(new), laid), "late": [row for row in new if row.tells], "count": len(new),
        "changed": sum(row.changed for row in [*new, *left]), "drawn": _map(day, laid), "notice": None, "key": "",
        "move": RESUMPTION.moves["assign"], "again": reverse("resumption:plan"),
    }  # fmt: skip


def _line(day: Day, count: int, laid: Plan) -> str:
    when = {"day": say_day(day.start, at=clock.now()), "from": f"{day.start:%H:%M}", "to": f"{day.end:%H:%M}"}
    words = _("%(day)s %(from)s到%(to)s") % when
    rest = _("%(teams)d个组，%(count)d家，路上共%(km)d公里") % {"teams": len(day.teams), "count": count, "km": round(laid.km)}
    return f"{words} · {rest}"


def _card(number: int, team: Team, stops: Sequence[Stop], day: Day, was: Mapping[UUID, str]) -> SimpleNamespace:
    rows = [_row(place, stop.visit, stop, day, was, str(team.id)) for place, stop in enumerate(stops, start=1)]
    ends = f"{local(stops[-1].leaves):%H:%M}" if stops else ""
    km = sum(stop.km for stop in stops)
    note = _("%(n)d家，%(km).0f公里，%(at)s回") % {"n": len(stops), "km": km, "at": ends} if stops else _("今天还空着")
    return SimpleNamespace(id=str(team.id), name=team.name, number=number, rows=rows, note=note, over=any(row.over for row in rows))


def _row(number: int, visit: Visit, stop: Stop | None, day: Day, was: Mapping[UUID, str], here: str) -> SimpleNamespace:
    application = day.rows[visit.id]
    return SimpleNamespace(
        id=str(visit.id), number=number, name=application.enterprise.name, big=application.enterprise.over_100m,
        town=jurisdiction.name(application.region), href=drawing.desk_of(application), held=visit.fixed is not None,
        at=f"{local(stop.arrives):%H:%M}" if stop else "", reason=_reason(visit, stop, day, kept=bool(was.get(visit.id))), team=here,
        late=bool(stop and stop.late), over=bool(stop and stop.over), tells=_tells(stop, day),
        was=was.get(visit.id, here), changed=was.get(visit.id, here) != here,
    )  # fmt: skip


def _tells(stop: Stop | None, day: Day) -> bool:
    """Say whether assigning it so has a consequence that must be read first; what is late already is none of this plan's."""
    if stop is None:
        return False
    return stop.over or (stop.late and stop.visit.due is not None and stop.visit.due > day.at)


def _reason(visit: Visit, stop: Stop | None, day: Day, *, kept: bool = False) -> str:
    """Say why it stands there: the road, then what it does to the clock."""
    if stop is None:
        return _("您把它留下了") if kept else _("各组今天都排满了")
    words = [_road(stop)]
    if visit.fixed is not None:
        words.append(_("已派"))
    elif visit.weight >= 2:
        words.append(_("亿元以上，先看"))
    if visit.due is not None and visit.due <= day.at:
        words.append(_("时限已过"))
    elif stop.late and visit.due is not None:
        words.append(_("看完%(at)s，过了时限") % {"at": f"{local(stop.leaves):%H:%M}"})
    elif stop.over:
        words.append(_("今天看不完"))
    elif visit.due is not None and visit.fixed is None:
        words.append(_("今天能看完"))
    return _("，").join(words)


def _road(stop: Stop) -> str:
    if stop.rough and not stop.first and stop.km == planning.SAME_TOWN_KM:
        return _("同一个镇街")
    about = _("约") if stop.rough else ""
    if stop.first:
        return _("从区里出发%(about)s%(km).1f公里") % {"about": about, "km": stop.km}
    return _("离上一家%(about)s%(km).1f公里") % {"about": about, "km": stop.km}


def _map(day: Day, laid: Plan) -> SimpleNamespace | None:
    """Draw the routes on a plain grid of the towns: no tiles, nothing from outside. None where nothing has coordinates."""
    points = [stop.visit.point for stops in laid.routes.values() for stop in stops if stop.visit.point]
    known = [*points, *day.towns.values()]
    if not points:
        return None
    south, north = min(p.lat for p in known), max(p.lat for p in known)
    west, east = min(p.lon for p in known), max(p.lon for p in known)
    width, height, edge = 560, 340, 28
    # A degree of longitude is shorter here than one of latitude: one scale for both keeps the shape.
    across, up = max((east - west) * 0.87, 1e-6), max(north - south, 1e-6)
    scale = min((width - 2 * edge) / across, (height - 2 * edge) / up)

    def place(point: Point) -> tuple[int, int]:
        x = edge + (point.lon - west) * 0.87 * scale + (width - 2 * edge - across * scale) / 2
        y = height - edge - (point.lat - south) * scale - (height - 2 * edge - up * scale) / 2
        return round(x), round(y)

    routes = []
    for number, team in enumerate(day.teams, start=1):
        spots = [place(stop.visit.point) for stop in laid.routes[team.id] if stop.visit.point]
        if spots:
            line = " ".join(f"{x},{y}" for x, y in spots)
            routes.append(SimpleNamespace(id=str(team.id), name=team.name, number=number, line=line, spots=spots, head=spots[0]))
    towns = [(jurisdiction.name(region), *place(point)) for region, point in day.towns.items()]
    return SimpleNamespace(width=width, height=height, routes=routes, towns=towns)
