"""The enterprise's side on the phone: what it has asked for, what it may ask for, and the time it chooses."""

from collections.abc import Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from qifu.areas.registry import api as registry
from qifu.areas.registry.models import Enterprise
from qifu.kernel.access import acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.language import said
from qifu.kernel.web import needs
from qifu.ui.acts import Sort
from qifu.ui.asking import filled, key_of, notice_of, status_of, unfit
from qifu.ui.parts import Clock, Event, Field, Link, Notice, Option, Task, TaskGroup, View
from qifu.ui.words import say_moment

from .. import queries
from ..models import Appointment, Certificate, Order
from ..terms import HOLDING, OPEN_APPOINTMENT, OPEN_ORDER, Service, catalogue
from ..workflow import day_before
from .asking import OWN, actor_of, address, firm_of
from .desk import loss_fields, order_fields
from .sorts import APPOINTMENT, CERTIFICATE, ORDER, WAIT, own_href, place_word, slot_days

_OURS = {
    "appointments": ("missed", "accepted"), "orders": ("opened",), "certificates": ("loss_found", "issued"),
}  # fmt: skip
"""States in which the next step is the enterprise's."""
_OVER = {"served", "cancelled", "declined", "stopped", "withdrawn", "subsidised", "value_saved", "refused", "dropped"}
_ICONS = {"appointments": "calendar", "orders": "box", "certificates": "doc"}


def choose(request: HttpRequest) -> HttpResponse:
    """Ask for whom, where a person acts for several enterprises."""
    firms = registry.enterprises_of(actor_of(request))
    tasks = [Task(firm.name, f"{request.path}?firm={firm.id}", icon="home") for firm in firms]
    groups = [TaskGroup(said("您替这些企业办事"), tasks)] if tasks else []
    context = {"head": said("企业服务"), "groups": groups, "firms": firms}
    return TemplateResponse(request, "services/choose.html", context)


@require_GET
@needs(OWN)
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits for the enterprise, what is under way, and what it may ask for."""
    firm = firm_of(request)
    if firm is None:
        return choose(request)
    at, name = clock.now(), request.GET.get("firm", "")
    mine: list[Task] = []
    under_way: list[Task] = []
    past: list[Task] = []
    for path, sort, model in (
        ("appointments", APPOINTMENT, Appointment), ("orders", ORDER, Order), ("certificates", CERTIFICATE, Certificate),
    ):  # fmt: skip
        found = queries.of_firm(model, firm.id)
        places = queries.places_in_line(found) if model is Appointment else {}
        for one in found:
            group = mine if one.state in _OURS[path] else past if one.state in _OVER else under_way
            group.append(_task(one, path, sort, at, name, places.get(one.id, 0)))
    groups = [
        TaskGroup(said("要您办的"), mine), TaskGroup(said("在办"), under_way), TaskGroup(said("以前办的"), past[:5]),
    ]  # fmt: skip
    firms = registry.enterprises_of(actor_of(request))
    known = catalogue()
    context = {
        "head": said("企业服务"),
        "name": firm.name,
        "groups": [group for group in groups if group.tasks],
        "firms": [View(f.name, f"{request.path}?firm={f.id}", here=f.id == firm.id) for f in firms] if len(firms) > 1 else [],
        "book": [
            _door(one.name, one.says, "fire" if one.code == "fire" else "users", address("own_book", request, service=one.code))
            for one in known.services.values()
        ],
        "orders": [_door(one.name, one.says, "box", address("own_order", request, offer=one.code)) for one in known.offers.values()],
        "papers": [_door(one.name, one.says, "doc", address("own_loss", request, kind=one.code)) for one in known.papers.values()],
        "answers": reverse("services:public"),
    }
    return TemplateResponse(request, "services/home.html", context)


def _door(name: Any, says: Any, icon: str, href: str) -> SimpleNamespace:
    return SimpleNamespace(name=str(name), says=str(says), icon=icon, href=href)


def _task(one: Any, path: str, sort: Sort, at: datetime, firm: str, place: int) -> Task:
    hint = f"{place_word(place)} · {say_moment(one.waits_for.starts_at, at=at, style='full')}" if place else one.number
    if path == "appointments" and one.starts_at is not None:
        hint = say_moment(one.starts_at, at=at, style="full")
    stands = "now" if one.state in _OURS[path] else "done" if one.state in _OVER - {"declined", "refused"} else "todo"
    return Task(sort.title(one), own_href(one, firm), hint, sort.state(one), _ICONS[path], stands=stands, clock=sort.clock(one))


# ------------------------------------------------------------------------------------------------ booking


@require_http_methods(["GET", "HEAD", "POST"])
@needs(OWN)
def book(request: HttpRequest) -> HttpResponse:
    """Choose what it is about and when: one page, two questions, days with what is left."""
    code = request.GET.get("service", "") or next(iter(catalogue().services))
    service = catalogue().services.get(code)
    if service is None:
        raise Http404
    actor, at = actor_of(request), clock.now()
    if request.method != "POST":
        firm = firm_of(request)
        return choose(request) if firm is None else _book(request, service, firm)
    posted = request.POST.dict()
    with acting(actor):
        firm = firm_of(request)
    if firm is None:
        return HttpResponseRedirect(address("home", request))
    errors = unfit(_fields(service), posted)
    if not errors and "slot" not in posted:
        errors = {"slot": said("还没有选“时间”。")}
    given = {"enterprise": firm.id, "service": service.code, "topic": posted.get("topic", ""), "wants": posted.get("wants", "")}
    chosen = posted.get("slot", "")
    if chosen:
        given |= {"wait": chosen.removeprefix(WAIT)} if chosen.startswith(WAIT) else {"slot": chosen}
    answer = None if errors else run("services.appointment.ask", given, actor=actor, at=at, key=key_of(request))
    if answer is not None and answer.ok:
        return HttpResponseRedirect(address("booked", request, answer.result.id))
    with acting(actor):
        wrong = errors or dict(answer.errors or {})  # type: ignore[union-attr]
        notice = None if wrong or answer is None else notice_of(answer, back=request.get_full_path())
        page = _book(request, service, firm, posted=posted, errors=wrong, notice=notice)
    page.status_code = 422 if wrong else status_of(answer)  # type: ignore[arg-type]
    return page


def _fields(service: Service) -> list[Field]:
    return [
        Field("topic", said("什么事"), "choice", options=[Option(code, str(word)) for code, word in service.topics.items()]),
        Field("wants", said("说一句"), "area", hint=said("比如宿舍住了几个人、哪台设备停了多久"), required=False, max_length=300),
    ]


def _book(
    request: HttpRequest, service: Service, firm: Enterprise, *, posted: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None, notice: Notice | None = None,
) -> TemplateResponse:  # fmt: skip
    at, posted, errors = clock.now(), posted or {}, errors or {}
    open_one = Appointment.objects.filter(enterprise=firm.id, service=service.code, state__in=OPEN_APPOINTMENT).first()
    context = {
        "head": said("约时间"), "back": address("home", request), "service": service, "name": firm.name, "notice": notice,
        "fields": filled(_fields(service), posted, errors), "error": errors.get("slot", ""), "key": str(key_of(request)),
        "days": slot_days(service.code, firm.region, at, chosen=str(posted.get("slot", ""))),
        "later": posted.get("slot") == "", "may_wait": True, "action": request.get_full_path(),
        "open": SimpleNamespace(number=open_one.number, href=own_href(open_one, request.GET.get("firm", ""))) if open_one else None,
        "saves": f"book-{service.code}-{firm.id}", "version": "1",
    }  # fmt: skip
    return TemplateResponse(request, "services/own_book.html", context)


@require_GET
@needs(OWN)
def booked(request: HttpRequest, id: Any) -> HttpResponse:
    """Show the receipt: number, when, who comes."""
    at, actor = clock.now(), actor_of(request)
    one = queries.one_of(Appointment, id, actor)
    service = catalogue().services.get(one.service)
    phone = service.phone if service else ""
    href = own_href(one, request.GET.get("firm", ""))
    holding = one.state in HOLDING
    start = one.waits_for.starts_at if one.waits_for else one.starts_at
    when = say_moment(start, at=at, style="full") if start else ""
    waiting, place = one.state == "waiting", queries.places_in_line([one]).get(one.id, 1)
    steps = [Event(one.asked_at, said("约好了") if holding else said("排上候补了") if waiting else said("收到了"), tone="ok")]
    if holding:
        told = said("前一天下午发短信提醒") if day_before(one) else said("上门前两小时发短信提醒")
        steps += [Event(said("之后"), told), Event(said("到时"), said("{when}上门，看完当场说", when=when))]
    elif waiting:
        steps += [Event(said("之后"), said("有人退出来，先排的先补上，马上发短信告诉您"), tone="now")]
        steps += [Event(said("补上以后"), said("去不了就取消，让给下一家；一直没人退，也会告诉您另选时间"))]
    else:
        steps += [Event(said("之后"), said("一个工作日内告诉您能不能办，再选时间"), tone="now")]
    context = {
        "head": said("回执"),
        "close": address("home", request),
        "title": said("约好了") if holding else said("排上候补了") if waiting else said("已收到"),
        "number": one.number,
        "line": one.enterprise.name,
        "holder": said("{when}，{office}", when=when, office=one.office) if when else one.office,
        "holder_note": (
            said("临时去不了，提前改约，时段让给别家") if holding else place_word(place) if waiting else said("一个工作日内答复")
        ),
        "holder_href": href,
        "clock": Clock(one.starts_at) if holding else APPOINTMENT.clock(one) or Clock(),
        "steps": steps,
        "notices": [],
        "primary": Link(said("看这次预约"), href),
        "others": [Link(said("打{phone}", phone=phone), f"tel:{phone}", "phone"), Link(said("回首页"), address("home", request), "home")],
    }
    return TemplateResponse(request, "ui/receipt.html", context)


# ------------------------------------------------------------------------------------------------ orders and losses


@require_http_methods(["GET", "HEAD", "POST"])
@needs(OWN)
def order(request: HttpRequest) -> HttpResponse:
    """Apply for something of the catalogue."""
    offer = catalogue().offers.get(request.GET.get("offer", ""))
    if offer is None:
        raise Http404
    open_one = {"model": Order, "offer": offer.code, "state__in": OPEN_ORDER}
    facts = [str(offer.says), *([offer.basis] if offer.basis else [])]
    return _ask(request, "services.order.apply", {"offer": offer.code}, order_fields(offer.code), str(offer.name), facts, open_one)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(OWN)
def loss(request: HttpRequest) -> HttpResponse:
    """Report a loss that a certificate may avert."""
    paper = catalogue().papers.get(request.GET.get("kind", ""))
    if paper is None:
        raise Http404
    facts = [str(paper.says), said("由{issuer}出证，我们帮您备材料", issuer=str(paper.issuer))]
    return _ask(request, "services.certificate.find", {"kind": paper.code}, loss_fields(paper.code), str(paper.name), facts, None)


def _ask(
    request: HttpRequest,
    action: str,
    fixed: dict[str, str],
    fields: list[Field],
    title: str,
    lines: list[str],
    open_one: dict[str, Any] | None,
) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    if request.method != "POST":
        firm = firm_of(request)
        return choose_with(request, fixed) if firm is None else _asking(request, firm, fields, title, lines, open_one)
    posted = request.POST.dict()
    with acting(actor):
        firm = firm_of(request)
    if firm is None:
        return HttpResponseRedirect(address("home", request))
    errors = unfit(fields, posted)
    given = {**fixed, "enterprise": firm.id, **{field.name: posted.get(field.name, "") for field in fields}}
    answer = None if errors else run(action, given, actor=actor, at=at, key=key_of(request))
    if answer is not None and answer.ok:
        href = own_href(answer.result, request.GET.get("firm", ""))
        return HttpResponseRedirect(f"{href}{'&' if '?' in href else '?'}done=new")
    with acting(actor):
        wrong = errors or dict(answer.errors or {})  # type: ignore[union-attr]
        notice = None if wrong or answer is None else notice_of(answer, back=request.get_full_path())
        page = _asking(request, firm, filled(fields, posted, wrong), title, lines, None, notice=notice)
    page.status_code = 422 if wrong else status_of(answer)  # type: ignore[arg-type]
    return page


def choose_with(request: HttpRequest, fixed: dict[str, str]) -> HttpResponse:
    """Ask for whom; what was chosen before goes along in the address by way of the home page."""
    return choose(request) if not fixed else HttpResponseRedirect(reverse("services:home"))


def _asking(
    request: HttpRequest, firm: Enterprise, fields: list[Field], title: str, lines: list[str], open_one: dict[str, Any] | None,
    *, notice: Notice | None = None,
) -> TemplateResponse:  # fmt: skip
    found = None
    if open_one:
        wanted = {key: value for key, value in open_one.items() if key != "model"}
        found = open_one["model"].objects.filter(enterprise=firm.id, **wanted).first()
    context = {
        "head": title, "back": address("home", request), "title": title, "name": firm.name, "lines": lines, "fields": fields,
        "notice": notice, "action": request.get_full_path(), "key": str(key_of(request)), "primary": said("交上去"),
        "open": SimpleNamespace(number=found.number, href=own_href(found, request.GET.get("firm", ""))) if found else None,
        "saves": f"ask-{request.path}-{firm.id}", "version": "1",
    }  # fmt: skip
    return TemplateResponse(request, "services/own_ask.html", context)
