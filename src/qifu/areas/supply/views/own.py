"""The enterprise's side on the phone: what it is asked, what it needs and makes, and what other makers show."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from qifu.areas.registry import api as registry
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor
from qifu.kernel.calendar import clock
from qifu.kernel.language import said
from qifu.kernel.web import needs
from qifu.ui import acts
from qifu.ui.parts import Clock, Link, Task, TaskGroup

from .. import queries
from ..models import Call, Card, Making, Match, Need
from ..terms import ASK, OWN
from . import desk
from .sorts import CALL, MAKING, MATCH, NEED, SORTS

OWN_SORTS = ("needs", "makings", "matches", "calls")


def address(name: str, request: HttpRequest, *args: Any) -> str:
    """Give an address that keeps the enterprise named."""
    firm = request.GET.get("firm", "")
    return reverse(f"supply:{name}", args=args) + (f"?{urlencode({'firm': firm})}" if firm else "")


@require_GET
@needs(OWN)
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits for an answer, what is missing, what is made."""
    firm = registry.firm_asked(request, OWN)
    if firm is None:
        return registry.choose_own(request, str(said("供需对接")))
    calls = queries.of_firm(Call, firm.id)
    matches = list(Match.objects.filter(need__enterprise=firm.id, state__in=("offered", "agreed")).select_related("need"))
    mine = [_task("calls", CALL, one, request, "flag", f"{one.quantity}{one.unit}") for one in calls if one.state == "asked"]
    mine += [_task("matches", MATCH, one, request, "box", one.answer) for one in matches if one.state == "offered"]
    lacks = [_task("needs", NEED, one, request, "box", f"{one.quantity}{one.unit}") for one in queries.of_firm(Need, firm.id)]
    made = [_task("makings", MAKING, one, request, "rule", queries.spare_of(one)) for one in queries.of_firm(Making, firm.id)]
    under_way = [_task("matches", MATCH, one, request, "box", one.supplier) for one in matches if one.state == "agreed"]
    under_way += [_task("calls", CALL, one, request, "flag", one.buyer) for one in calls if one.state in ("accepted", "agreed")]
    groups = [
        TaskGroup(said("等您答复"), mine), TaskGroup(said("谈着的"), under_way), TaskGroup(said("我们缺的"), lacks),
        TaskGroup(said("我们做的"), made),
    ]  # fmt: skip
    context = {
        "head": firm.name, "title": said("供需对接"), "groups": [group for group in groups if group.tasks],
        "need": address("own_new", request, "needs"), "make": address("own_new", request, "makings"), "find": reverse("supply:own_find"),
        "firm": request.GET.get("firm", ""),
    }  # fmt: skip
    return TemplateResponse(request, "supply/home.html", context)


def _task(path: str, sort: acts.Sort, one: Any, request: HttpRequest, icon: str, hint: str) -> Task:
    over = one.state in ("met", "dropped", "ended", "over", "declined")
    stands = "done" if over else "now" if one.state in ("asked", "offered") else "todo"
    clock_ = Clock(one.due_at) if one.due_at and stands == "now" else None
    return Task(str(sort.title(one)), address(f"own_{path}", request, one.id), hint, sort.state(one), icon, stands=stands, clock=clock_)


@require_GET
@needs(OWN)
def find(request: HttpRequest) -> HttpResponse:
    """Search what makers chose to show; who needs what is shown to nobody."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    asked = queries.pieces(text)
    cards = queries.shown(asked)[: queries.MOST] if asked else []
    tasks = [Task(card.product, "", _shown(card), icon="box") for card in cards]
    context = {
        "head": said("找供方"), "back": address("home", request), "q": text, "firm": request.GET.get("firm", ""),
        "groups": [TaskGroup(said("公开的"), tasks)] if tasks else [], "need": address("own_new", request, "needs"),
    }  # fmt: skip
    return TemplateResponse(request, "supply/own_find.html", context)


def _shown(card: Card) -> str:
    return said("{firm}，{place}，{spare}", firm=card.firm, place=jurisdiction.name(card.region), spare=card.spare)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(OWN)
def new(request: HttpRequest, sort: str) -> HttpResponse:
    """Tell what is missing, or what is made."""
    if sort not in ("needs", "makings"):
        raise Http404
    title = str(said("报缺什么") if sort == "needs" else said("登记产品"))
    back = address("home", request)
    if request.method == "POST":
        return desk.post(request, sort, title, back, at=clock.now(), own=True)
    firm = registry.firm_asked(request, ASK)
    return desk.told(request, sort, firm, title, back, own=True) if firm else registry.choose_own(request, title)


@require_GET
@needs(OWN)
def one(request: HttpRequest, sort: str, id: UUID) -> HttpResponse:
    """Show one thing to its enterprise."""
    more: dict[str, Any] = {}
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if sort == "needs":
        need = acts.found(Need, id, actor)
        tries = [_task("matches", MATCH, it, request, "box", it.answer) for it in Match.objects.filter(need=need.id).order_by("-id")]
        more["groups"] = [TaskGroup(said("问过的"), tries)] if tries else []
    return acts.thing(request, SORTS[sort], id, own=True, back=Link(str(said("供需对接")), address("home", request)), **more)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(OWN)
def act(request: HttpRequest, sort: str, id: UUID, verb: str) -> HttpResponse:
    """Answer, agree, take back."""
    return acts.act(request, SORTS[sort], id, verb, own=True)
