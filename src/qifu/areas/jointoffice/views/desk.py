"""The desk's side: what waits for a group, what is agreed, promises under way; the menu; an order for a firm on the telephone."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from qifu.areas.casework import api as casework
from qifu.areas.registry import api as registry
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.documents import issuing
from qifu.kernel.language import said
from qifu.kernel.web import needs
from qifu.ui import acts
from qifu.ui.asking import answered, key_of, unfit
from qifu.ui.parts import Cell, Clock, Column, Field, Link, Notice, Row, State, View

from .. import queries
from ..ics import invitation
from ..models import Session
from ..terms import MENU, ORDER, OVER, SEE
from .own import order_fields
from .sorts import ITEM, SESSION, item_fields, time_of, wish_of

_MOST = 300
VIEWS = {
    "group": (said("等定组"), ("ordered",)), "agreed": (said("约好了"), ("group_set", "held")), "tasks": (said("任务在办"), ("tasks",)),
    "close": (said("等销号"), ("confirmed",)), "over": (said("办完的"), OVER),
}  # fmt: skip


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def tabs(here: str) -> list[View]:
    """Give the pages of this area at a desk."""
    words = {"sessions": said("点单"), "menu": said("菜单")}
    return [View(str(word), reverse(f"jointoffice:{name}"), here=name == here) for name, word in words.items()]


@require_GET
@needs(SEE)
def sessions(request: HttpRequest) -> HttpResponse:
    """List orders by where they stand, what is due first."""
    actor, at = _actor(request), clock.now()
    asked = request.GET.get("view", "")
    found = queries.sessions(actor)
    counts = {name: found.filter(state__in=states).count() for name, (_word, states) in VIEWS.items()}
    view = asked if asked in VIEWS else next((name for name, n in counts.items() if n), "group")
    chosen = found.filter(state__in=VIEWS[view][1])[:_MOST]
    context = {
        "title": said("点单式、组团办公"), "tabs": tabs("sessions"),
        "line": said("企业点单，班长带着单位一起上门，承诺的事一件一件办完再销号"),
        "views": [View(str(word), f"?view={name}", counts[name], here=name == view) for name, (word, _states) in VIEWS.items()],
        "columns": [
            Column(said("企业"), "name"), Column(said("点了几项"), "number", "m"), Column(said("时间"), "text", "2xl"),
            Column(said("状态"), "state", "l"), Column(said("时限"), "clock", "xl"), Column(said("镇街"), "text", "l"),
        ],
        "rows": [_row(one, at) for one in chosen],
        "new": reverse("jointoffice:new") if actor.may(ORDER) else "", "empty": said("没有"),
        "hint": said("企业在手机上点，也可以替它点。"),
    }  # fmt: skip
    return TemplateResponse(request, "jointoffice/sessions.html", context)


def _row(one: Session, at: datetime) -> Row:
    when = time_of(one, at) if one.starts_at else str(said("想要：{wish}", wish=wish_of(one)))
    cells = [
        Cell("name", one.enterprise.name), Cell("number", one.lines.count()), Cell("text", when), Cell("state", SESSION.state(one)),
        Cell("clock", acts.clock_of(one) or Clock()), Cell("text", jurisdiction.name(one.region)),
    ]  # fmt: skip
    return Row(str(one.id), one.enterprise.name, SESSION.desk(one), cells)


@require_GET
@needs(SEE)
def session(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show an order: who comes, what was said, each promise with where its case stands."""
    actor = _actor(request)
    one = acts.found(Session, id, actor)
    tools = [Link(str(said("放进日历")), reverse("jointoffice:calendar", args=[one.id]), "calendar")] if one.starts_at else []
    tools += [
        Link(f"{issuing.kinds[it.kind].label} {it.number}", reverse("papers:paper", args=[it.id]), "doc") for it in issuing.of(one.id)
    ]
    if actor.may("registry.see"):
        tools.append(Link(str(said("企业档案")), reverse("registry:enterprise", args=[one.enterprise_id]), "home"))
    return acts.thing(
        request, SESSION, id, back=Link(str(said("点单")), reverse("jointoffice:sessions")), tools=tools, sections=sections(one, desk=True)
    )


def sections(one: Session, *, desk: bool) -> list[dict[str, Any]]:
    """Give the minutes and the promises as parts of the page."""
    found: list[dict[str, Any]] = []
    if one.minutes:
        found.append({"name": said("会办纪要"), "text": one.minutes})
    tasks = queries.tasks_of(one)
    if tasks:
        rows = [
            Row(str(task.id), task.text, reverse("casework:subject", args=[task.case]) if desk else "", [
                Cell("name", task.text), Cell("text", task.office_name), Cell("state", case_state(case)),
                Cell("clock", Clock(case.due_at) if case and case.due_at else Clock()), Cell("text", task.case_number),
            ])
            for task, case in tasks
        ]  # fmt: skip
        columns = [
            Column(said("承诺的事"), "name"), Column(said("谁来办"), "text", "xl"), Column(said("到哪一步"), "state", "l"),
            Column(said("时限"), "clock", "xl"), Column(said("诉求编号"), "text", "xl"),
        ]  # fmt: skip
        done = sum(case is not None and not casework.is_open(case) for _task, case in tasks)
        found.append(
            {"name": said("承诺事项"), "note": said("{n}件，办结{done}件", n=len(tasks), done=done), "columns": columns, "rows": rows}
        )
    return found


def case_state(case: casework.Case | None) -> State:
    """Draw where the case of a promise stands."""
    if case is None:
        return State(str(said("看不到")), "idle")
    tone = "ok" if casework.is_closed(case) else "info" if not casework.is_open(case) else "ask"
    return State(str(casework.state_word(case)), tone)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(SEE)
def act(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Do one act about an order."""
    return acts.act(request, SESSION, id, verb)


@require_GET
@needs(SEE)
def calendar(request: HttpRequest, id: UUID) -> HttpResponse:
    """Give the sitting as a calendar file, for whoever comes."""
    return invitation(acts.found(Session, id, _actor(request)), at=clock.now())


@require_http_methods(["GET", "HEAD", "POST"])
@needs(ORDER)
def new(request: HttpRequest) -> HttpResponse:
    """Order for a firm that calls or is visited: the firm is found first."""
    actor, at, back = _actor(request), clock.now(), reverse("jointoffice:sessions")
    if request.method != "POST":
        firm = registry.firm_asked(request, ORDER)
        return _new(request, firm, at) if firm else registry.choose_any(request, str(said("替企业点单")), back=back)
    with acting(actor):
        firm = registry.firm_asked(request, ORDER)
        fields = order_fields(firm, at, desk=True) if firm else []
    posted = acts.read(request, fields)

    def again(*, notice: Notice | None, errors: dict[str, str]) -> TemplateResponse:
        return _new(request, firm, at, posted=posted, notice=notice, errors=errors)

    if firm is None:
        with acting(actor):
            page = registry.choose_any(request, str(said("替企业点单")), back=back)
            page.render()
        return page
    given = {**posted, "enterprise": firm.id, "wished_on": posted["wished_on"] or None}
    answer = run("jointoffice.session.order", given, actor=actor, at=at, key=key_of(request))
    to = f"{SESSION.desk(answer.result)}?done=new" if answer.ok else ""
    return answered(request, answer, to=to, again=again, back=request.get_full_path())


def _new(
    request: HttpRequest, firm: registry.Enterprise | None, at: datetime, *, posted: dict[str, Any] | None = None,
    notice: Notice | None = None, errors: dict[str, str] | None = None,
) -> TemplateResponse:  # fmt: skip
    assert firm is not None
    context = {
        "title": said("替企业点单"), "name": firm.name, "line": jurisdiction.name(firm.region), "notice": notice, "open": True,
        "fields": acts.put_back(order_fields(firm, at, desk=True), posted or {}, errors or {}), "primary": said("下单"),
        "key": str(key_of(request)), "back": reverse("jointoffice:sessions"), "action": request.get_full_path(),
        "saves": f"joint-{firm.id}", "version": "1", "thens": [said("班长两个工作日内定组、定时间。")],
    }  # fmt: skip
    return TemplateResponse(request, "ui/act.html", context)


# ------------------------------------------------------------------------------------------------ the menu


@require_http_methods(["GET", "HEAD", "POST"])
@needs(SEE)
def menu(request: HttpRequest) -> HttpResponse:
    """Show the menus of the place and those above it, and put a service on one's own."""
    actor, at = _actor(request), clock.now()
    if request.method != "POST":
        return _menu(request)
    place = _own_place(actor)
    with acting(actor):
        fields = item_fields(None, place, at) if place else []
    posted = acts.read(request, fields)
    errors = unfit(fields, posted)

    def again(*, notice: Notice | None, errors: dict[str, str]) -> TemplateResponse:
        return _menu(request, posted=posted, notice=notice, errors=errors)

    if errors:
        with acting(actor):
            page = again(notice=None, errors=errors)
            page.render()
        page.status_code = 422
        return page
    answer = run("jointoffice.item.offer", {**posted, "place": place or 0}, actor=actor, at=at, key=key_of(request))
    return answered(request, answer, to=f"{reverse('jointoffice:menu')}?done=new", again=again)


def _own_place(actor: Actor) -> int | None:
    return next((hat.place for hat in actor.hats if MENU in hat.rights and hat.place), None)


def _menu(
    request: HttpRequest, *, posted: dict[str, Any] | None = None, notice: Notice | None = None, errors: dict[str, str] | None = None
) -> TemplateResponse:
    actor, at = _actor(request), clock.now()
    place = _own_place(actor)
    homes = {hat.place for hat in actor.hats if hat.place}
    own = {one for home in homes for one in jurisdiction.reach(home)}
    # Those above a town offer to its enterprises as well: read here, kept there.
    places = own | {one for home in homes for one in jurisdiction.lineage(home)}
    rows = [
        Row(str(one.id), one.name, ITEM.desk(one) if one.region in own else "", [
            Cell("name", one.name), Cell("text", one.says), Cell("text", one.office_name), Cell("text", said("{n}个工作日", n=one.days)),
            Cell("state", ITEM.state(one)), Cell("text", jurisdiction.name(one.region)),
        ])
        for one in queries.menu_of(list(places))[:_MOST]
    ]  # fmt: skip
    done = Notice(said("上了菜单，企业马上能点。"), "ok") if request.GET.get("done") else None
    fields: list[Field] = acts.put_back(item_fields(None, place, at), posted or {}, errors or {}) if place else []
    context = {
        "title": said("服务菜单"), "tabs": tabs("menu"), "line": said("企业在手机上照这份菜单点；撤下的不能再点，已经点过的照办"),
        "columns": [
            Column(said("服务"), "name"), Column(said("办什么"), "text", "2xl"), Column(said("谁来办"), "text", "xl"),
            Column(said("多久"), "text", "l"), Column(said("状态"), "state", "l"), Column(said("哪里的"), "text", "l"),
        ],
        "rows": rows, "fields": fields, "notice": notice or done,
        "key": str(key_of(request)), "place": jurisdiction.name(place) if place else "",
    }  # fmt: skip
    return TemplateResponse(request, "jointoffice/menu.html", context)


@require_GET
@needs(SEE)
def item(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one service of the menu."""
    return acts.thing(request, ITEM, id, back=Link(str(said("服务菜单")), reverse("jointoffice:menu")))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(MENU)
def item_act(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Change a service, take it off, put it back."""
    return acts.act(request, ITEM, id, verb)
