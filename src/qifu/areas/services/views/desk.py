"""The office's side: the day with its visits, the times it opens, booking for a firm on the phone, lists of the rest."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qifu.areas.registry import api as registry
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, acting, require
from qifu.kernel.actions import run
from qifu.kernel.booking.models import Slot
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import ZONE, local
from qifu.kernel.language import said
from qifu.kernel.values import in_yuan
from qifu.kernel.web import needs
from qifu.ui.asking import answered, filled, key_of, notice_of, status_of, unfit
from qifu.ui.parts import Cell, Clock, Column, Field, Notice, Option, Row, View
from qifu.ui.words import say_day, say_moment

from .. import queries
from ..actions.appointments import serves
from ..actions.orders import offer_of
from ..models import Appointment, Certificate, Order
from ..terms import CHANNELS, HOLDING, OPEN_APPOINTMENT, OPEN_ORDER, Service, catalogue
from .asking import actor_of
from .sorts import APPOINTMENT, CERTIFICATE, ORDER, desk_href, place_of, place_word, slot_options, time_of

SEE, ASK = "services.see", "services.ask"
_MOST = 300
_AHEAD = 14


def tabs(here: str, actor: Actor) -> list[View]:
    """Give the pages of services at a desk."""
    words = {
        "day": said("预约"),
        "times": said("时段"),
        "orders": said("云服务和设备"),
        "certificates": said("损失证明"),
        "answers": said("知识库"),
    }
    return [View(str(word), reverse(f"services:{name}"), here=name == here) for name, word in words.items()]


def _service(request: HttpRequest, actor: Actor, at: datetime) -> Service:
    """Give the service asked for; else what the actor serves, else the first of the pack."""
    known = catalogue().services
    asked = request.GET.get("service", "")
    if asked in known:
        return known[asked]
    mine = serves(actor, at)
    return mine[0][0] if mine else next(iter(known.values()))


def _day(request: HttpRequest, at: datetime) -> date:
    try:
        return clock.read_day(request.GET.get("day", ""))
    except ValueError:
        return local(at).date()


# ------------------------------------------------------------------------------------------------ the day


@require_GET
@needs(SEE)
def day(request: HttpRequest) -> HttpResponse:
    """List who is visited on a day, in order of time; beside it what waits for an answer and for an outcome."""
    actor, at = actor_of(request), clock.now()
    service, on = _service(request, actor, at), _day(request, at)
    found = queries.day_list(actor, service.code, on)
    people = _people(found) if any(one[0].code == service.code for one in serves(actor, at)) else {}
    coming = [one for one in found if one.state in HOLDING]
    waiting = queries.asked(actor, service.code)
    places = queries.places_in_line(waiting)
    context = {
        "title": str(service.name), "tabs": tabs("day", actor), "service": service, "on": on,
        "on_words": say_day(datetime(on.year, on.month, on.day, tzinfo=ZONE), at=at), "today": on == local(at).date(),
        "before": _address(service, on - timedelta(days=1)), "after": _address(service, on + timedelta(days=1)),
        "services": [View(str(one.name), _address(one, on), here=one.code == service.code) for one in catalogue().services.values()],
        "line": said("{n}家要去，{done}家已经登记结果", n=len(coming), done=sum(one.state == "served" for one in found)),
        "rows": [_visit(one, at, people) for one in found],
        "asked": [_waiting(one, at, places.get(one.id, 0)) for one in waiting],
        "over": [_visit(one, at, {}) for one in queries.without_result(actor, service.code, at) if local(one.starts_at).date() != on],
        "may_ask": actor.may(ASK), "may_open": any(one.code == service.code for one, _place in serves(actor, at)),
    }  # fmt: skip
    return TemplateResponse(request, "services/day.html", context)


def _address(service: Service, on: date) -> str:
    return f"{reverse('services:day')}?{urlencode({'service': service.code, 'day': on.isoformat()})}"


def _visit(one: Any, at: datetime, people: dict[UUID, str]) -> SimpleNamespace:
    topics = catalogue().services[one.service].topics if one.service in catalogue().services else {}
    return SimpleNamespace(
        it=one, href=desk_href(one), time=f"{local(one.starts_at):%H:%M}—{local(one.ends_at):%H:%M}", name=one.enterprise.name,
        town=place_of(one), address=one.enterprise.address, topic=str(topics.get(one.topic, "")), wants=one.wants,
        state=APPOINTMENT.state(one), person=people.get(one.enterprise_id, ""), when=time_of(one, at),
    )  # fmt: skip


def _waiting(one: Any, at: datetime, place: int) -> SimpleNamespace:
    topics = catalogue().services[one.service].topics if one.service in catalogue().services else {}
    return SimpleNamespace(
        href=desk_href(one), name=one.enterprise.name, town=place_of(one), topic=str(topics.get(one.topic, "")), wants=one.wants,
        state=APPOINTMENT.state(one), clock=APPOINTMENT.clock(one),
        waits=f"{say_moment(one.waits_for.starts_at, at=at)} {place_word(place) if place else ''}" if one.waits_for else "",
    )  # fmt: skip


def _people(found: list[Any]) -> dict[UUID, str]:
    """Give whom to ask for at the gate; the number itself is on the enterprise's page, where a look is recorded."""
    names = {}
    for one in found:
        posts = registry.contacts_of(one.enterprise_id)
        if posts:
            names[one.enterprise_id] = posts[0].person.name
    return names


# ------------------------------------------------------------------------------------------------ times


@require_http_methods(["GET", "HEAD", "POST"])
@needs(SEE)
def times(request: HttpRequest) -> HttpResponse:
    """Show the times of the next two weeks with what is left; who serves opens more."""
    actor, at = actor_of(request), clock.now()
    if request.method != "POST":
        return _times(request, notice=_opened(request))
    posted = request.POST.dict()
    given = {name: posted.get(name, "") for name in ("service", "place", "first", "last", "times", "minutes", "capacity", "days_off")}
    answer = run("services.open_times", given, actor=actor, at=at)
    if answer.ok:
        here = f"{reverse('services:times')}?{urlencode({'service': given['service'], 'opened': answer.result})}"
        return HttpResponseRedirect(here)
    with acting(actor):
        errors = dict(answer.errors or {})
        page = _times(request, posted=posted, errors=errors, notice=None if errors else notice_of(answer, back=request.get_full_path()))
    page.status_code = status_of(answer)
    return page


def _opened(request: HttpRequest) -> Notice | None:
    text = request.GET.get("opened", "")
    if not text.isdecimal() or len(text) > 4:
        return None
    if text == "0":
        return Notice(said("这些时段都已经开过了，没有重复开。"), "info")
    return Notice(said("开好了{n}个时段，企业现在就能约。", n=int(text)), "ok")


def _times(
    request: HttpRequest, *, posted: dict[str, Any] | None = None, errors: dict[str, str] | None = None, notice: Notice | None = None
) -> TemplateResponse:
    actor, at = actor_of(request), clock.now()
    service = _service(request, actor, at)
    mine = [(one, place) for one, place in serves(actor, at) if one.code == service.code]
    places = [place for hat in actor.hats if hat.place for place in (*jurisdiction.lineage(hat.place), *jurisdiction.reach(hat.place))]
    start = datetime.combine(local(at).date(), datetime.min.time(), ZONE)
    found = Slot.objects.filter(
        service=service.code, place__in=set(places), starts_at__gte=start, starts_at__lt=start + timedelta(days=_AHEAD)
    ).order_by("starts_at", "place")
    held: dict[date, list[SimpleNamespace]] = {}
    own = {place for _one, place in mine}
    for one in found:
        held.setdefault(local(one.starts_at).date(), []).append(
            SimpleNamespace(
                it=one,
                time=f"{local(one.starts_at):%H:%M}",
                end=f"{local(one.ends_at):%H:%M}",
                free=one.free,
                over=one.starts_at <= at,
                tone="idle" if one.closed_at or one.starts_at <= at else "stop" if not one.free else "ok",
                own=one.place in own and one.starts_at > at,
            )
        )
    context = {
        "title": str(service.name), "tabs": tabs("times", actor), "service": service, "notice": notice,
        "services": [
            View(str(one.name), f"{reverse('services:times')}?service={one.code}", here=one.code == service.code)
            for one in catalogue().services.values()
        ],
        "days": [
            SimpleNamespace(on=on, word=say_day(datetime(on.year, on.month, on.day, tzinfo=ZONE), at=at), slots=slots_,
                            taken=sum(one.it.taken for one in slots_), capacity=sum(one.it.capacity for one in slots_))
            for on, slots_ in held.items()
        ],
        "fields": filled(_open_fields(service, mine, at), posted or {}, errors) if mine else [],
        "place": mine[0][1] if mine else 0, "key": str(key_of(request)),
    }  # fmt: skip
    return TemplateResponse(request, "services/times.html", context)


def _open_fields(service: Service, mine: list[tuple[Service, int]], at: datetime) -> list[Field]:
    today = local(at).date()
    return [
        Field("first", said("从哪天"), "date", value=(today + timedelta(days=1)).isoformat()),
        Field("last", said("到哪天"), "date", value=(today + timedelta(days=7)).isoformat()),
        Field("times", said("几点"), value="9:00、10:30、14:00", hint=said("用顿号或空格隔开"), max_length=120),
        Field("minutes", said("每次多少分钟"), "number", value=service.minutes, unit=said("分钟")),
        Field("capacity", said("同时几家"), "number", value=1, hint=said("有几个组能同时出去，就填几"), unit=said("家")),
        Field("days_off", said("休息日也开"), "tick", required=False),
    ]


@require_POST
@needs(SEE)
def change_time(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Close a time, or set how many may come."""
    if verb not in ("close", "resize"):
        raise Http404
    actor, at = actor_of(request), clock.now()
    given: dict[str, Any] = {"slot": id}
    given |= {"why": request.POST.get("why", "") or said("停开")} if verb == "close" else {"capacity": request.POST.get("capacity", "")}
    answer = run(f"services.{verb}_time", given, actor=actor, at=at)
    times = reverse("services:times")
    to = f"{times}?service={answer.result.service}" if answer.ok else times
    return answered(request, answer, to=to, back=times, again=lambda *, notice, errors: _times(request, notice=notice))


# ------------------------------------------------------------------------------------------------ booking for a firm on the phone


@require_http_methods(["GET", "HEAD", "POST"])
@needs(ASK)
def book(request: HttpRequest) -> HttpResponse:
    """Find the firm while the phone rings, then its time: two steps on one page."""
    actor, at = actor_of(request), clock.now()
    if not any(hat.place is not None for hat in actor.hats):
        return HttpResponseRedirect(reverse("services:own_book"))
    if request.method != "POST":
        return _book(request)
    posted = request.POST.dict()
    with acting(actor):
        fields = _ask_fields(request, posted.get("enterprise", ""), at)
    errors = unfit([field for field in fields if field.name != "slot"], posted)
    names = ("enterprise", "topic", "wants", "slot", "channel", "service")
    given = {name: posted[name] for name in names if posted.get(name)}
    answer = None if errors else run("services.appointment.ask", given, actor=actor, at=at, key=key_of(request))
    if answer is not None and answer.ok:
        return HttpResponseRedirect(f"{desk_href(answer.result)}?done=new")
    with acting(actor):
        wrong = errors or dict(answer.errors or {})
        notice = None if wrong or answer is None else notice_of(answer, back=request.get_full_path())
        page = _book(request, posted=posted, errors=wrong, notice=notice)
    page.status_code = 422 if wrong else status_of(answer)
    return page


def _firm(text: str, actor: Actor, at: datetime) -> Any:
    try:
        firm = registry.enterprise(UUID(text))
    except ValueError:
        return None
    require(actor, ASK, at=at, on=firm)
    return firm


def _ask_fields(request: HttpRequest, firm: str, at: datetime) -> list[Field]:
    actor = actor_of(request)
    service, one = _service(request, actor, at), _firm(firm, actor, at)
    options = slot_options(service.code, one.region, at) if one else []
    return [
        Field("topic", said("什么事"), "choice", options=[Option(code, str(word)) for code, word in service.topics.items()]),
        Field("wants", said("说一句"), "area", hint=said("企业怎么说的就怎么记"), required=False, max_length=300),
        Field(
            "slot", said("时间"), "choice", required=False, options=[*options, Option("", said("都不合适，请对方单位另约"))],
            hint="" if options else said("这三周都约满了，或者还没有开时段"),
        ),
        Field("channel", said("怎么约的"), "select", value="phone", options=[Option(code, word) for code, word in CHANNELS.items()]),
    ]  # fmt: skip


def _book(
    request: HttpRequest, *, posted: dict[str, Any] | None = None, errors: dict[str, str] | None = None, notice: Notice | None = None
) -> TemplateResponse:
    actor, at, posted = actor_of(request), clock.now(), posted or {}
    service, text = _service(request, actor, at), request.GET.get("q", "")
    firm = _firm(posted.get("enterprise", "") or request.GET.get("enterprise", ""), actor, at)
    firms = registry.enterprises_in_scope(actor)
    here = reverse("services:book")
    context = {
        "title": said("替企业约{name}", name=str(service.name)), "service": service, "q": text, "firm": firm, "notice": notice,
        "town": jurisdiction.name(firm.region) if firm else "", "back": reverse("services:day"), "key": str(key_of(request)),
        "found": [
            SimpleNamespace(name=one.name, town=jurisdiction.name(one.region), code=one.uscc or "",
                            href=f"{here}?{urlencode({'service': service.code, 'enterprise': one.id})}")
            for one in queries.firms_named(firms, text)
        ] if not firm else [],
        "fields": filled(_ask_fields(request, str(firm.id), at), posted, errors) if firm else [],
        "open": _open_of(firm, service) if firm else None,
    }  # fmt: skip
    return TemplateResponse(request, "services/book.html", context)


def _open_of(firm: Any, service: Service) -> Any:
    one = Appointment.objects.filter(enterprise=firm.id, service=service.code, state__in=OPEN_APPOINTMENT).first()
    return SimpleNamespace(number=one.number, href=desk_href(one)) if one else None


# ------------------------------------------------------------------------------------------------ orders and certificates


def _views(request: HttpRequest, groups: dict[str, tuple[str, tuple[str, ...]]], found: Any) -> tuple[str, list[View]]:
    asked = request.GET.get("view", "")
    view = asked if asked in groups else next(iter(groups))
    counts = {name: found.filter(state__in=states).count() for name, (_word, states) in groups.items()}
    return view, [View(str(word), f"?view={name}", counts[name], here=name == view) for name, (word, _states) in groups.items()]


@require_GET
@needs(SEE)
def orders(request: HttpRequest) -> HttpResponse:
    """List what enterprises ordered, what is due first."""
    actor = actor_of(request)
    groups = {
        "todo": (said("要办的"), ("applied", "bought", "verified")), "open": (said("已开通"), ("opened", "in_use")),
        "over": (said("办完的"), ("subsidised", "stopped", "declined", "withdrawn")),
    }  # fmt: skip
    found = queries.listed(Order, actor)
    view, views = _views(request, groups, found)
    using = found.filter(kind="account", state__in=("opened", "in_use")).values("enterprise").distinct().count()
    rows = [
        Row(str(one.id), one.enterprise.name, desk_href(one), [
            Cell("name", one.enterprise.name), Cell("text", ORDER.title(one)), Cell("text", _amount(one)), Cell("state", ORDER.state(one)),
            Cell("clock", ORDER.clock(one) or Clock()), Cell("text", place_of(one)),
        ])
        for one in found.filter(state__in=groups[view][1])[:_MOST]
    ]  # fmt: skip
    context = {
        "title": said("云服务和设备"),
        "tabs": tabs("orders", actor),
        "views": views,
        "rows": rows,
        "line": said(
            "现在有{n}家在用，{open}份在办",
            n=using,
            open=found.filter(state__in=OPEN_ORDER).exclude(state__in=("opened", "in_use")).count(),
        ),
        "columns": [
            Column(_("企业"), "name"),
            Column(_("服务"), "text", "2xl"),
            Column(_("数量"), "text", "m"),
            Column(_("状态"), "state", "l"),
            Column(_("时限"), "clock", "xl"),
            Column(_("镇街"), "text", "l"),
        ],
        "offers": [SimpleNamespace(name=str(one.name), says=str(one.says), href=_new(one.code)) for one in catalogue().offers.values()],
        "may_ask": actor.may(ASK),
        "empty": said("没有"),
        "hint": said("企业在手机上申请，也可以替它申请。"),
    }
    return TemplateResponse(request, "services/list.html", context)


def _amount(one: Order) -> str:
    offer = catalogue().offers.get(one.offer)
    return f"{one.accounts or one.sets or one.wanted}{offer.unit if offer else ''}"


def _new(code: str) -> str:
    return f"{reverse('services:order_new')}?{urlencode({'offer': code})}"


@require_GET
@needs(SEE)
def certificates(request: HttpRequest) -> HttpResponse:
    """List losses and what came of them, what is due first."""
    actor = actor_of(request)
    groups = {
        "todo": (said("要办的"), ("loss_found", "papers", "claimed")), "issued": (said("已出证"), ("issued",)),
        "over": (said("办完的"), ("value_saved", "refused", "dropped")),
    }  # fmt: skip
    found = queries.listed(Certificate, actor)
    view, views = _views(request, groups, found)
    saved = found.filter(state="value_saved").aggregate(n=Sum("saved_fen"))["n"] or 0
    rows = [
        Row(str(one.id), one.enterprise.name, desk_href(one), [
            Cell("name", one.enterprise.name), Cell("text", CERTIFICATE.title(one)),
            Cell("text", in_yuan(one.saved_fen if one.state == "value_saved" else one.loss_fen)), Cell("state", CERTIFICATE.state(one)),
            Cell("clock", CERTIFICATE.clock(one) or Clock()), Cell("text", place_of(one)),
        ])
        for one in found.filter(state__in=groups[view][1])[:_MOST]
    ]  # fmt: skip
    context = {
        "title": said("损失证明"), "tabs": tabs("certificates", actor), "views": views, "rows": rows,
        "line": said("核实挽回 {yuan}", yuan=in_yuan(saved)),
        "columns": [
            Column(_("企业"), "name"), Column(_("证明"), "text", "2xl"), Column(_("金额"), "text", "xl"), Column(_("状态"), "state", "l"),
            Column(_("时限"), "clock", "xl"), Column(_("镇街"), "text", "l"),
        ],
        "offers": [
            SimpleNamespace(name=str(one.name), says=str(one.says), href=f"{reverse('services:certificate_new')}?kind={one.code}")
            for one in catalogue().papers.values()
        ],
        "may_ask": actor.may(ASK), "empty": said("没有"), "hint": said("走访时听到外贸合同交不了货、要赔钱的，先记在这里。"),
    }  # fmt: skip
    return TemplateResponse(request, "services/list.html", context)


def order_fields(code: str) -> list[Field]:
    """Give what an order asks."""
    offer = offer_of(code)
    return [Field("wanted", said("要几个"), "number", value=10 if offer.kind == "account" else 1, unit=offer.unit, hint=str(offer.says))]


def loss_fields(kind: str) -> list[Field]:
    """Give what the report of a loss asks."""
    return [
        Field("loss", said("可能损失多少"), hint=said("按合同要赔的算，写 3000万 或 280000"), max_length=20),
        Field("cause", said("怎么回事"), "area", hint=said("什么货、交给谁、原定哪天、为什么交不了"), max_length=500),
        Field("contract", said("合同号"), required=False, max_length=60),
        Field("counterparty", said("对方公司"), required=False, max_length=120),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@needs(ASK)
def order_new(request: HttpRequest) -> HttpResponse:
    """Order for a firm from the desk: the firm is found first."""
    code = request.GET.get("offer", "")
    if code not in catalogue().offers:
        raise Http404
    return _new_for_firm(
        request,
        "services.order.apply",
        {"offer": code},
        order_fields(code),
        said("替企业申请{name}", name=str(catalogue().offers[code].name)),
        reverse("services:orders"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs(ASK)
def certificate_new(request: HttpRequest) -> HttpResponse:
    """Write down a loss that was found on a visit."""
    kind = request.GET.get("kind", "")
    if kind not in catalogue().papers:
        raise Http404
    return _new_for_firm(
        request,
        "services.certificate.find",
        {"kind": kind},
        loss_fields(kind),
        said("替企业办{name}", name=str(catalogue().papers[kind].name)),
        reverse("services:certificates"),
    )


def _new_for_firm(request: HttpRequest, action: str, fixed: dict[str, str], fields: list[Field], title: str, back: str) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    if not any(hat.place is not None for hat in actor.hats):
        return HttpResponseRedirect(reverse("services:home"))
    posted = request.POST.dict() if request.method == "POST" else {}
    wrong: dict[str, str] = {}
    answer = None
    if posted:
        wrong = unfit(fields, posted)
        given = {**fixed, "enterprise": posted.get("enterprise", ""), **{field.name: posted.get(field.name, "") for field in fields}}
        answer = None if wrong else run(action, given, actor=actor, at=at, key=key_of(request))
        if answer is not None and answer.ok:
            return HttpResponseRedirect(f"{desk_href(answer.result)}?done=new")
        wrong = wrong or dict(answer.errors or {})  # type: ignore[union-attr]
        with acting(actor):
            notice = None if wrong or answer is None else notice_of(answer, back=request.get_full_path())
            page = _new_page(request, fixed, filled(fields, posted, wrong), title, back, posted=posted, notice=notice)
        page.status_code = 422 if wrong else status_of(answer)  # type: ignore[arg-type]
        return page
    return _new_page(request, fixed, fields, title, back, posted={})


def _new_page(
    request: HttpRequest,
    fixed: dict[str, str],
    fields: list[Field],
    title: str,
    back: str,
    *,
    posted: dict[str, Any],
    notice: Notice | None = None,
) -> TemplateResponse:
    actor, at, text = actor_of(request), clock.now(), request.GET.get("q", "")
    firm = _firm(posted.get("enterprise", "") or request.GET.get("enterprise", ""), actor, at)
    context = {
        "title": title, "q": text, "firm": firm, "town": jurisdiction.name(firm.region) if firm else "", "back": back, "notice": notice,
        "fixed": fixed, "fields": fields if firm else [], "key": str(key_of(request)),
        "found": [
            SimpleNamespace(name=one.name, town=jurisdiction.name(one.region), code=one.uscc or "",
                            href=f"{request.path}?{urlencode({**fixed, 'enterprise': one.id})}")
            for one in queries.firms_named(registry.enterprises_in_scope(actor), text)
        ] if not firm else [],
    }  # fmt: skip
    return TemplateResponse(request, "services/book.html", context)
