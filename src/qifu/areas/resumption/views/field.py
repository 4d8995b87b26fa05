"""The assessor's phone: today's visits of one's own teams, and the checklist of one visit on one page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from qifu.areas.registry import api as registry
from qifu.areas.response import api as response
from qifu.kernel import jurisdiction
from qifu.kernel.access import ActionRefused, Actor, acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local
from qifu.kernel.language import said
from qifu.kernel.values import uuid7
from qifu.kernel.web import needs
from qifu.ui.asking import key_of, notice_of, status_of
from qifu.ui.devices import translated
from qifu.ui.parts import Clock, Notice, State

from .. import queries, rules
from ..actions.apply import form_of
from ..actions.items import may_touch
from ..models import Application, Item
from ..refusals import WrongTeam
from ..terms import SIZES
from . import drawing
from .asking import seen_of
from .field_words import WORDS
from .papers import answered as answered_of

NOTE_MOST = 300
REMARKS_MOST = 500


@dataclass(frozen=True)
class Visit:
    """One stop of the day."""

    number: int
    name: str
    line: str
    href: str
    clock: Clock | None
    state: State
    done: bool
    here: bool


@dataclass(frozen=True)
class Asked:
    """One item of the checklist as the assessor answers it; `locked` says who keeps it."""

    code: str
    name: str
    ask: str
    group: str
    result: str
    note: str
    required: bool
    locked: str = ""
    state: State | None = None
    error: str = ""


def teams_of(actor: Actor, at: datetime) -> list[UUID]:
    """Give the teams whose member the actor is now."""
    return [hat.task_force for hat in actor.hats if hat.task_force and "resumption.assess" in hat.rights and hat.valid(at)]


@require_GET
@needs("resumption.assess")
def today(request: HttpRequest) -> HttpResponse:
    """Show what one's teams have to visit, the most urgent first, and what is done today."""
    actor, at = request.actor, clock.now()
    teams = teams_of(actor, at)
    midnight = local(at).replace(hour=0, minute=0, second=0, microsecond=0)
    found = queries.visits(teams, actor, since=midnight)
    visits = [_visit(number, a, at=at) for number, a in enumerate(found, start=1)]
    waiting = [visit for visit in visits if not visit.done]
    notices = []
    if request.GET.get("done") in ("pass", "demand"):
        word = said("评估已交，转审批人决定") if request.GET["done"] == "pass" else said("已交，企业收到要改的几项")
        notices.append(Notice(word, "ok"))
    context = {
        "team": "、".join(dict.fromkeys(hat.label for hat in actor.hats if hat.task_force in teams)),
        "visits": waiting,
        "done": [visit for visit in visits if visit.done],
        "all": len(visits),
        "teams": teams,
        "notices": notices,
        "words": translated(WORDS),
    }
    return TemplateResponse(request, "resumption/field_today.html", context)


def _visit(number: int, application: Application, *, at: datetime) -> Visit:
    firm = application.enterprise
    done = application.state != "assigned"
    words = [
        jurisdiction.name(application.region),
        SIZES.get(firm.size, ""),
        said("{head_count:,}人", head_count=application.head_count),
        application.team.name if application.team else "",
    ]
    line = " · ".join(str(word) for word in words if word)
    if done and application.assessed_at:
        line = f"{local(application.assessed_at):%H:%M} {(said('通过') if application.passed_at else said('要整改'))}"
    return Visit(
        number, firm.name, line, reverse("resumption:visit", args=[application.id]), drawing.clock_of(application),
        drawing.state_of(application), done, number == 1 and not done,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@needs("resumption.assess")
def visit(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show the checklist of one visit; a POST keeps what was found, or hands in the conclusion, once."""
    if request.method != "POST":
        application = queries.application(id, request.actor)
        return _page(request, application)
    return _hand_in(request, id)


def _hand_in(request: HttpRequest, id: UUID) -> HttpResponse:
    actor, at, posted = request.actor, clock.now(), request.POST.dict()
    conclusion = posted.get("conclusion", "")
    with acting(actor):
        application = queries.application(id, actor)
        items = list(application.items.all())
        on_team = application.team_id in teams_of(actor, at)
        answered = [
            item for item in items if not _locked(item, application, actor=actor, at=at) and posted.get(f"r-{item.code}") in ("ok", "fix")
        ]
    errors = _too_long(items, posted)
    if errors or conclusion not in ("keep", "pass", "demand"):
        return _again(
            request,
            id,
            posted,
            errors=errors,
            notice=Notice(said("有几处要改短，其余都留着。") if errors else said("选一个结论再交，看过的都留着。"), "stop"),
        )
    if conclusion == "keep" and not on_team:
        return _again(request, id, posted, notice=notice_of(WrongTeam(), back=""), status=403)
    if conclusion == "keep":
        return _keep(request, application, answered, posted)
    given = {
        "application": id, "conclusion": conclusion, "remarks": posted.get("remarks", ""), "seen": seen_of(request),
        "found": [{"code": i.code, "result": posted[f"r-{i.code}"], "note": posted.get(f"n-{i.code}", "")} for i in answered],
    }  # fmt: skip
    answer = run("resumption.assess", given, actor=actor, at=at, key=key_of(request))
    if answer.ok:
        return HttpResponseRedirect(f"{reverse('resumption:field')}?done={conclusion}")
    return _again(request, id, posted, notice=notice_of(answer, back=reverse("resumption:visit", args=[id])), status=status_of(answer))


def _keep(request: HttpRequest, application: Application, answered: list[Item], posted: Mapping[str, str]) -> HttpResponse:
    """Save item by item what differs: a colleague at the same visit sees it at once."""
    here = reverse("resumption:visit", args=[application.id])
    for item in answered:
        result, note = posted[f"r-{item.code}"], posted.get(f"n-{item.code}", "")
        if (result, note.strip()) == (item.result, item.note):
            continue
        given = {"application": application.id, "code": item.code, "result": result, "note": note}
        answer = run("resumption.check_item", given, actor=request.actor, at=clock.now())
        if not answer.ok:
            return _again(request, application.id, posted, notice=notice_of(answer, back=here), status=status_of(answer))
    return HttpResponseRedirect(f"{here}?done=keep")


def _too_long(items: list[Item], posted: Mapping[str, str]) -> dict[str, str]:
    wrong = {
        i.code: said("最多{note_most}个字，现在{n}个。", note_most=NOTE_MOST, n=len(posted.get(f"n-{i.code}", "")))
        for i in items
        if len(posted.get(f"n-{i.code}", "")) > NOTE_MOST
    }
    if len(posted.get("remarks", "")) > REMARKS_MOST:
        wrong["remarks"] = said("最多{remarks_most}个字，现在{n}个。", remarks_most=REMARKS_MOST, n=len(posted["remarks"]))
    return wrong


def _locked(item: Item, application: Application, *, actor: Actor, at: datetime) -> str:
    """Say who keeps this item, '' where this actor may write it: the very question that the action asks."""
    try:
        may_touch(item, application, actor=actor, at=at, waive=False)
    except ActionRefused as refusal:
        return refusal.says
    return ""


def _again(
    request: HttpRequest, id: UUID, posted: Mapping[str, str], *, notice: Notice, errors: Mapping[str, str] | None = None, status: int = 422
) -> HttpResponse:
    with acting(request.actor):
        response = _page(request, queries.application(id, request.actor), posted=posted, notice=notice, errors=errors or {})
    response.status_code = status
    return response


def _page(
    request: HttpRequest, application: Application, *, posted: Mapping[str, str] | None = None, notice: Notice | None = None,
    errors: Mapping[str, str] | None = None,
) -> HttpResponse:  # fmt: skip
    actor, at, errors = request.actor, clock.now(), errors or {}
    items = list(application.items.all())
    asked = [_asked(item, application, posted or {}, actor=actor, at=at, error=errors.get(item.code, "")) for item in items]
    on_team = application.team_id in teams_of(actor, at)
    open_ = application.state == "assigned" and on_team and any(not one.locked for one in asked)
    contacts = registry.contacts_of(application.enterprise_id)
    groups: dict[str, list[Asked]] = {}
    for one in asked:
        groups.setdefault(one.group, []).append(one)
    if notice is None and request.GET.get("done") == "keep":
        notice = Notice(said("存好了。看完再交结论"), "ok")
    context: dict[str, Any] = {
        "application": application,
        "name": application.enterprise.name,
        "line": drawing.line_of(application),
        "contact": f"{contacts[0].name} {contacts[0].phone_masked}".strip() if contacts else "",
        "planned": application.planned_at,
        "state": drawing.state_of(application),
        "clock": drawing.clock_of(application),
        "notice": notice or _why_shut(application, actor, open_),
        "groups": groups,
        "open": open_,
        "answered": sum(one.result != "" for one in asked),
        "of": len(asked),
        "left": rules.required_left([(i.name, i.required, i.result) for i in items]),
        "remarks": (posted or {}).get("remarks", application.remarks),
        "remarks_error": errors.get("remarks", ""),
        "key": str(key_of(request) if posted else uuid7()),
        "seen": application.state_at.isoformat(),
        "action": reverse("resumption:visit", args=[application.id]),
        "answers": said_by_enterprise(application),
        "saves": f"visit-{application.id}",
        "version": application.state_at.isoformat(),
        "back": reverse("resumption:field"),
        "desk": drawing.desk_of(application),
    }
    return TemplateResponse(request, "resumption/visit.html", context)


def said_by_enterprise(application: Application) -> list[tuple[str, str]]:
    """Give what the enterprise said about itself, for comparing on the spot."""
    law = response.law(application.region, application.submitted_at or clock.now(), incident=application.incident)
    facts = answered_of(form_of(law), application.answers, leave_out=("plan_text", "undertaken", "signer", "planned_at", "early"))
    return [(fact.name, str(fact.value)) for fact in facts]


def _asked(item: Item, application: Application, posted: Mapping[str, str], *, actor: Actor, at: datetime, error: str) -> Asked:
    locked = _locked(item, application, actor=actor, at=at)
    if locked:
        who = f"{item.department_name} {item.checked_by_name}".strip()
        locked = said("归{who}，只有他们能改", who=who) if item.department in drawing.OWN else locked
    result = item.result if locked else posted.get(f"r-{item.code}", item.result)
    note = item.note if locked else posted.get(f"n-{item.code}", item.note)
    group = item.department_name if item.department in drawing.OWN else drawing.TRIADS.get(item.group, item.group)
    state = State(*drawing.RESULTS[item.result])
    return Asked(item.code, item.name, item.ask, group, result, note, item.required, locked, state, error)


def _why_shut(application: Application, actor: Actor, open_: bool) -> Notice | None:
    """Say why nothing can be filled in, where that is so."""
    if application.state == "assigned" and not open_:
        team = application.team.name if application.team else said("别的小组")
        return Notice(said("这家派给{team}，您不在组里，只能看。要换小组请经办人改派。", team=team), "info", "lock")
    if application.state == "assigned" and application.reason:
        return Notice(said("审批人请再看：{reason}", reason=application.reason), "ask")
    if application.state != "assigned":
        return Notice(said("这件现在是“{word}”，清单只能看。", word=drawing.state_of(application).word), "info", "lock")
    return None
