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
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.web import needs
from qifu.ui.asking import answered, filled, key_of
from qifu.ui.parts import Clock, Field, Option, State
from qifu.ui.parts import Notice as Says

from .. import queries
from ..actions import loans as acts
from ..models import Loan
from ..terms import DUTY, LEND, LOAN_STATES
from ..workflow import LOANS
from .notices import home_of, of

TONES = {"asked": "ask", "covered": "ask", "away": "ok", "back": "idle", "dropped": "idle"}
VERBS = ("cover", "approve", "recall", "rename", "drop")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(DUTY)
def loans(request: HttpRequest) -> HttpResponse:
    """Show who is lent, what waits for me, and ask to go."""
    if request.method != "POST":
        return _loans(request)
    actor, at, post = of(request), clock.now(), request.POST
    names = ("to", "task", "first_day", "last_day", "cover", "cover_work")
    given: dict[str, Any] = {name: post.get(name, "") for name in names} | {"place": home_of(actor, DUTY, at) or 0}
    given["person"] = post.get("person") or None
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
    posted = request.POST.dict() if request.method == "POST" else {"first_day": f"{today}"}
    rows = []
    for one in queries.loans(actor):
        can = {choice.move.verb: choice.allowed for choice in LOANS.possible(one, actor=actor, at=at)}
        rows.append(
            SimpleNamespace(
                it=one, state=State(LOAN_STATES[one.state], TONES[one.state]), can=can, place=jurisdiction.name(one.region),
                clock=Clock(one.due_at) if one.due_at else None,
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
    answer = run(f"mobilisation.{verb}_loan", given, actor=actor, at=clock.now(), key=key_of(request))
    return answered(request, answer, to=here, again=lambda **more: _loans(request, **more))
