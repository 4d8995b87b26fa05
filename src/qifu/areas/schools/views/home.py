"""The school's own page: self-check, report, who cannot come back, opening, the next days of testing."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from qifu.kernel.access import acting
from qifu.kernel.actions import Refused, run
from qifu.kernel.calendar import clock
from qifu.kernel.language import said as _
from qifu.kernel.values import uuid7
from qifu.kernel.web import needs
from qifu.ui.asking import filled, key_of, notice_of, status_of
from qifu.ui.parts import Field, Notice, Option, View

from .. import law, queries
from ..models import School
from ..terms import Role, Why
from ..workflow import REOPENING
from . import drawing

OWN = "school.report"
LIST = (
    Field("name", _("姓名"), max_length=60),
    Field("role", _("身份"), "choice", value=Role.PUPIL.value, options=[Option(*one) for one in Role.choices]),
    Field("why", _("原因"), "choice", hint=_("只选在哪里，不写健康情况"), options=[Option(*one) for one in Why.choices]),
)
WHEN = Field("planned_at", _("计划开学时间"), "datetime", max_length=16)


@require_GET
@needs(OWN)
def home(request: HttpRequest) -> HttpResponse:
    """Show the school's state, what is next, the list and the days of testing."""
    schools = queries.own(request.actor)
    if not schools:
        return TemplateResponse(request, "schools/none.html", {"head": _("学校")})
    wanted = request.GET.get("school", "")
    school = next((one for one in schools if str(one.id) == wanted), schools[0])
    return TemplateResponse(request, "schools/home.html", page(request, school, schools))


def page(
    request: HttpRequest,
    school: School,
    schools: list[School],
    *,
    notice: Notice | None = None,
    form: str = "",
    errors: Any = None,
) -> dict[str, Any]:
    """Give the context of the page; `form` names the one whose answers come back. Call inside `acting`."""
    at = clock.now()
    rule, _origin = law.rule_at(school.region, at)
    away = queries.away(school.id)
    choices = {choice.move.verb: choice for choice in REOPENING.possible(school, actor=request.actor, at=at)}
    posted = request.POST if form else {}
    errors = errors or {}
    confirmed = set(request.POST.getlist("confirmed")) if form == "check" else {code for code, yes in school.checks.items() if yes}
    return {
        "head": _("学校"),
        "schools": [View(one.name, f"{reverse('schools:home')}?school={one.id}", here=one.id == school.id) for one in schools],
        "school": school,
        "state": drawing.state_of(school),
        "clock": drawing.clock_of(school),
        "notice": notice,
        "said": school.reason,
        "stops": drawing.stops_of(school),
        "tests": drawing.test_days_of(school, at=at),
        "whys": drawing.whys_of(school, at=at),
        "may_check": bool(choices.keys() & {"self_check", "check_again"}),
        "checks": Field(
            "confirmed",
            _("自查"),
            "ticks",
            hint=_("做到一项勾一项；没做完也能先交，下次接着勾"),
            error=errors.get("confirmed", ""),
            options=[Option(check.code, check.name, on=check.code in confirmed) for check in rule.checks],
        ),
        "report": choices.get("report"),
        "when": filled([WHEN], posted if form == "report" else {}, errors if form == "report" else {})[0],
        "open": choices.get("open"),
        "away": [(one, Role(one.role).label, one.get_why_display()) for one in away],
        "list": filled(LIST, posted if form == "list" else {}, errors if form == "list" else {}),
        "events": drawing.events_of(school)[:10],
        "key": str(uuid7()),
    }


def _back(request: HttpRequest, id: UUID, answer: Any, *, form: str = "") -> HttpResponse:
    """Go back to the page, or show it with the refusal and everything that was typed."""
    if not isinstance(answer, Refused):
        return HttpResponseRedirect(f"{reverse('schools:home')}?school={id}")
    with acting(request.actor):
        school = queries.school(id, request.actor)
        notice = None if answer.errors and form else notice_of(answer, back=reverse("schools:home"))
        context = page(request, school, queries.own(request.actor), notice=notice, form=form, errors=answer.errors)
    return TemplateResponse(request, "schools/home.html", context, status=status_of(answer))


def _own(request: HttpRequest, id: UUID) -> None:
    """Refuse NotFound for a school out of reach, before anything is tried."""
    with acting(request.actor):
        queries.school(id, request.actor)


@require_POST
@needs(OWN)
def check(request: HttpRequest, id: UUID) -> HttpResponse:
    """Hand in the self-check."""
    _own(request, id)
    given = {"school": id, "confirmed": request.POST.getlist("confirmed")}
    answer = run("schools.self_check", given, actor=request.actor, at=clock.now(), key=key_of(request))
    return _back(request, id, answer, form="check")


@require_POST
@needs(OWN)
def report(request: HttpRequest, id: UUID) -> HttpResponse:
    """Hand in the report."""
    _own(request, id)
    given = {"school": id, "planned_at": request.POST.get("planned_at", "")}
    answer = run("schools.report", given, actor=request.actor, at=clock.now(), key=key_of(request))
    return _back(request, id, answer, form="report")


@require_POST
@needs(OWN)
def open_(request: HttpRequest, id: UUID) -> HttpResponse:
    """Open."""
    _own(request, id)
    return _back(request, id, run("schools.open", {"school": id}, actor=request.actor, at=clock.now(), key=key_of(request)))


@require_POST
@needs(OWN)
def list_absent(request: HttpRequest, id: UUID) -> HttpResponse:
    """Put somebody on the list."""
    _own(request, id)
    given = {"school": id, **{name: request.POST.get(name, "") for name in ("name", "role", "why")}}
    answer = run("schools.list_absent", given, actor=request.actor, at=clock.now(), key=key_of(request))
    return _back(request, id, answer, form="list")


@require_POST
@needs(OWN)
def settle(request: HttpRequest, id: UUID, absence: UUID, what: str) -> HttpResponse:
    """Write down that the parents were told, or that somebody is back."""
    name = {"told": "schools.told_parents", "back": "schools.came_back"}.get(what)
    if name is None:
        raise Http404
    _own(request, id)
    return _back(request, id, run(name, {"absence": absence}, actor=request.actor, at=clock.now(), key=key_of(request)))
