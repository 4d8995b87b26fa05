"""The enterprise's side on the phone: the menu, what it ordered, who comes and when, the promises and whether they are kept."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from qifu.areas.casework import api as casework
from qifu.areas.registry import api as registry
from qifu.kernel.access import Actor, acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.documents import issuing
from qifu.kernel.language import said
from qifu.kernel.web import needs
from qifu.ui import acts
from qifu.ui.asking import answered, key_of
from qifu.ui.parts import Clock, Field, Link, Notice, Option, State, Task, TaskGroup

from .. import queries
from ..ics import invitation
from ..models import Session
from ..terms import CHANNELS, HALVES, OVER, OWN, WAITING
from .sorts import SESSION, time_of


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def address(name: str, request: HttpRequest, *args: Any) -> str:
    """Give an address that keeps the enterprise named."""
    firm = request.GET.get("firm", "")
    return reverse(f"jointoffice:{name}", args=args) + (f"?{urlencode({'firm': firm})}" if firm else "")


def order_fields(firm: registry.Enterprise, at: datetime, *, desk: bool = False) -> list[Field]:
    """Give what an order asks: which services, where, when, what for."""
    items = [
        Option(
            str(item.id), item.name,
            str(said("{says}（{office}，会办后{n}个工作日）", says=item.says, office=item.office_name, n=item.days)),
        )
        for item in queries.menu_for(firm)
    ]  # fmt: skip
    found = [
        Field("items", said("点哪几项"), "ticks", options=items, hint="" if items else said("镇街还没有发布菜单，先打镇街电话")),
        Field("wants", said("说一句"), "area", hint=said("碰到什么事、急不急，单位先有个数"), required=False, max_length=300),
        Field("spot", said("到哪里"), hint=said("厂里或项目工地"), value=firm.address, required=False, max_length=120),
        Field("wished_on", said("想哪天"), "date", required=False),
        Field("wished_half", said("上午还是下午"), "choice", options=acts.options(HALVES), required=False),
    ]
    if desk:
        channels = [Option(code, str(word), on=code == "phone") for code, word in CHANNELS.items() if code != "page"]
        found.append(Field("channel", said("怎么点的"), "choice", options=channels))
    return found


@require_GET
@needs(OWN)
def home(request: HttpRequest) -> HttpResponse:
    """Show what is under way, and the menu."""
    firm, at = registry.firm_asked(request, OWN), clock.now()
    if firm is None:
        return registry.choose_own(request, str(said("点单服务")))
    mine: list[Task] = []
    past: list[Task] = []
    for one in Session.objects.filter(enterprise=firm.id).order_by("-id")[:20]:
        hint = time_of(one, at) if one.starts_at else one.number
        stands = "now" if one.state == "tasks" else "done" if one.state in OVER else "todo"
        task = Task(said("上门会办"), _href(one, request), hint, SESSION.state(one), "users", stands=stands, clock=_clock(one))
        (past if one.state in OVER else mine).append(task)
    groups = [TaskGroup(said("在办"), mine), TaskGroup(said("以前办的"), past[:5])]
    waits = (
        any(task.state is not None and task.stands == "todo" for task in mine)
        and Session.objects.filter(enterprise=firm.id, state__in=WAITING).exists()
    )
    menu = [
        Task(item.name, "", f"{item.says}（{item.office_name}）", icon="book") for item in queries.menu_for(firm)
    ]  # fmt: skip
    context = {
        "head": firm.name, "title": said("点单服务"), "groups": [group for group in groups if group.tasks],
        "menu": menu, "order": "" if waits or not menu else address("own_order", request), "waits": waits,
    }  # fmt: skip
    return TemplateResponse(request, "jointoffice/home.html", context)


def _href(one: Session, request: HttpRequest) -> str:
    return address("own_session", request, one.id)


def _clock(one: Session) -> Clock | None:
    return Clock(one.due_at) if one.due_at and one.state == "ordered" else None


@require_http_methods(["GET", "HEAD", "POST"])
@needs(OWN)
def order(request: HttpRequest) -> HttpResponse:
    """Order from the menu."""
    actor, at = _actor(request), clock.now()
    if request.method != "POST":
        firm = registry.firm_asked(request, OWN)
        return _order(request, firm, at) if firm else registry.choose_own(request, str(said("点单服务")))
    with acting(actor):
        firm = registry.firm_asked(request, OWN)
        fields = order_fields(firm, at) if firm else []
    if firm is None:
        return HttpResponseRedirect(reverse("jointoffice:home"))
    posted = acts.read(request, fields)

    def again(*, notice: Notice | None, errors: dict[str, str]) -> TemplateResponse:
        return _order(request, firm, at, posted=posted, notice=notice, errors=errors)

    given = {**posted, "enterprise": firm.id, "wished_on": posted["wished_on"] or None}
    answer = run("jointoffice.session.order", given, actor=actor, at=at, key=key_of(request))
    to = f"{_href(answer.result, request)}{'&' if request.GET.get('firm') else '?'}done=new" if answer.ok else ""
    return answered(request, answer, to=to, again=again, back=request.get_full_path())


def _order(
    request: HttpRequest, firm: registry.Enterprise, at: datetime, *, posted: dict[str, Any] | None = None, notice: Notice | None = None,
    errors: dict[str, str] | None = None,
) -> TemplateResponse:  # fmt: skip
    context = {
        "head": said("点单"), "title": said("点单，请单位一起上门"), "name": firm.name, "notice": notice, "open": True,
        "fields": acts.put_back(order_fields(firm, at), posted or {}, errors or {}), "primary": said("下单"), "key": str(key_of(request)),
        "back": address("home", request), "action": request.get_full_path(), "saves": f"joint-{firm.id}", "version": "1",
        "thens": [said("班长两个工作日内定下谁来、哪天来，发短信告诉您。"), said("定下来以前可以撤回。")],
    }  # fmt: skip
    return TemplateResponse(request, "ui/act_phone.html", context)


@require_GET
@needs(OWN)
def session(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show an order to its enterprise: who comes, the minutes, each promise."""
    one = acts.found(Session, id, _actor(request))
    tools = (
        [Link(str(said("放进日历")), reverse("jointoffice:own_calendar", args=[one.id]), "calendar")] if one.state == "group_set" else []
    )
    tools += [
        Link(f"{issuing.kinds[it.kind].label} {it.number}", reverse("papers:paper", args=[it.id]), "doc") for it in issuing.of(one.id)
    ]
    tasks = [
        Task(task.text, "", task.office_name, _state(case), "flag", clock=Clock(case.due_at) if case and case.due_at else None)
        for task, case in queries.tasks_of(one)
    ]  # fmt: skip
    groups = [TaskGroup(said("承诺您的事"), tasks)] if tasks else []
    text = [{"name": said("会办纪要"), "text": one.minutes}] if one.minutes else []
    back = Link(str(said("点单服务")), address("home", request))
    return acts.thing(request, SESSION, id, own=True, back=back, tools=tools, groups=groups, sections=text)


def _state(case: casework.Case | None) -> State | None:
    return State(str(casework.state_word(case)), "ok" if not casework.is_open(case) else "info") if case else None


@require_http_methods(["GET", "HEAD", "POST"])
@needs(OWN)
def act(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Take an order back, or say whether the promises are kept."""
    return acts.act(request, SESSION, id, verb, own=True)


@require_GET
@needs(OWN)
def calendar(request: HttpRequest, id: UUID) -> HttpResponse:
    """Give the sitting as a calendar file."""
    return invitation(acts.found(Session, id, _actor(request)), at=clock.now())
