"""The page of who is lent to the front line: asked, covered, approved, back."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qifu.kernel import jurisdiction
from qifu.kernel.access import NotFound, acting
from qifu.kernel.access.models import TaskForce, everything
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.web import needs
from qifu.ui.asking import answered, filled, key_of
from qifu.ui.parts import Clock, Field, Option, State
from qifu.ui.parts import Notice as Says

from .. import courses, queries
from ..actions import loans as acts
from ..models import Loan
from ..terms import DUTY, LEND, LOAN_STATES
from ..workflow import LOANS
from .notices import home_of, of
from .rota import when

TONES = {"asked": "ask", "covered": "ask", "away": "ok", "back": "idle", "dropped": "idle"}
VERBS = ("cover", "approve", "recall", "rename", "drop", "duties")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(DUTY)
def loans(request: HttpRequest) -> HttpResponse:
    """Show who is lent, what waits for me, and ask to go."""
    if request.method != "POST":
        return _loans(request)
    actor, at, post = of(request), clock.now(), request.POST
    names = ("to", "task", "first_day", "last_day", "cover", "cover_work")
    given: dict[str, Any] = {name: post.get(name, "") for name in names} | {"place": home_of(actor, DUTY, at) or 0}
    given |= {name: post.get(name) or None for name in ("person", "course", "force")}
    given["force_role"] = post.get("force_role") or "assessor"
    answer = run("mobilisation.ask_loan", given, actor=actor, at=at, key=key_of(request))
    return answered(request, answer, to=reverse("mobilisation:loans"), again=lambda **more: _loans(request, **more))


def _loans(request: HttpRequest, *, notice: Says | None = None, errors: Mapping[str, str] | None = None) -> TemplateResponse:
    actor, at = of(request), clock.now()
    home = home_of(actor, DUTY, at)
    people = acts.colleagues(home, at=at) if home else {}
    options = tuple(
        Option(str(id), f"{grant.person.name} {grant.department.name if grant.department else ''}".strip()) for id, grant in people.items()
    )
    today = clock.today()
    lends = actor.may(LEND)
    fields = [
        *([Field("person", _("谁去"), "select", options=options, required=False, placeholder=_("我自己"))] if lends else []),
        Field("to", _("去哪里"), hint=_("如：区企业服务专班、卡口、社区"), max_length=80),
        Field("task", _("做什么"), max_length=200),
        Field("first_day", _("从哪天"), "date"),
        Field("last_day", _("到哪天"), "date", hint=_("到了这天自己结束")),
        Field("cover", _("谁顶班"), "select", options=options, placeholder=_("选一位")),
        Field("cover_work", _("顶哪些工作"), "area", max_length=300),
    ]
    teach = [Option(str(one.id), one.title) for one in courses.open_courses(home)] if home else []
    if teach:
        fields.append(Field("course", _("去之前先学完"), "select", options=teach, required=False, placeholder=_("不用培训")))
    found = acts.forces(home, at=at) if home else []
    if found:
        hint = _("同意那刻起有这个专班的权限，回来那刻收回")
        force = [Option(str(one.id), one.name) for one in found]
        fields.append(Field("force", _("进哪个专班"), "select", options=force, required=False, placeholder=_("不进专班"), hint=hint))
    posted = request.POST.dict() if request.method == "POST" else {"first_day": f"{today}"}
    rows = []
    known = queries.loans(actor)
    names = dict(everything(TaskForce).filter(pk__in=[one.force for one in known if one.force]).values_list("id", "name"))
    for one in known:
        can = {choice.move.verb: choice.allowed for choice in LOANS.possible(one, actor=actor, at=at)}
        rows.append(
            SimpleNamespace(
                it=one, state=State(LOAN_STATES[one.state], TONES[one.state]), can=can, place=jurisdiction.name(one.region),
                clock=Clock(one.due_at) if one.due_at else None,
                duties=[(turn, when(turn)) for turn in acts.duties(one, at=at)] if one.state == "away" else [],
                force=names.get(one.force, "") if one.force else "", lends=actor.hat_for(LEND, at=at, on=one) is not None,
                taught=courses.passed(one.course_id, person=one.person) if one.course_id else None,
            )
        )  # fmt: skip
    context = {
        "waiting": [one for one in rows if one.can.get("cover") or one.can.get("approve")],
        "open": [one for one in rows if one.it.state in ("asked", "covered", "away")],
        "over": [one for one in rows if one.it.state in ("back", "dropped")][:40],
        "away": sum(one.it.state == "away" for one in rows), "fields": filled(fields, posted, errors), "key": str(key_of(request)),
        "options": options, "notice": notice, "show": request.method == "POST", "may_ask": home is not None,
    }  # fmt: skip
    return TemplateResponse(request, "mobilisation/loans.html", context)


@require_POST
@needs(DUTY)
def act_on_loan(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Agree to cover, approve, call back, ask another to cover, or call off."""
    actor = of(request)
    with acting(actor):
        if not Loan.objects.visible_to(actor).filter(pk=id).exists():
            raise NotFound()
    here = reverse("mobilisation:loans")
    if verb not in VERBS:
        return HttpResponseRedirect(here)
    given: dict[str, Any] = {"loan": id} | ({"cover": request.POST.get("cover", "")} if verb == "rename" else {})
    name = "mobilisation.move_duties" if verb == "duties" else f"mobilisation.{verb}_loan"
    answer = run(name, given, actor=actor, at=clock.now(), key=key_of(request))
    return answered(request, answer, to=here, again=lambda **more: _loans(request, **more))
