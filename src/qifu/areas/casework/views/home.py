"""The enterprise's own pages: say it in one box, see who has it, say whether it is solved."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from qifu.areas.registry import api as registry
from qifu.areas.registry.api import Enterprise
from qifu.kernel.access import NotFound, acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.journal import reading
from qifu.kernel.language import said
from qifu.kernel.values import uuid7
from qifu.kernel.web import needs
from qifu.ui.asking import answered, key_of
from qifu.ui.parts import Notice, State, Task, TaskGroup
from qifu.ui.seen import hidden
from qifu.ui.words import say_moment

from .. import queries
from ..models import Case
from ..photos import keep_photos, photos_of
from ..terms import NOT_SOLVED, OPEN
from ..workflow import CASES
from . import drawing

OWN = "case.own"
_OWN_WORDS = {
    "recorded": said("收到了"), "classified": said("收到了"), "answered": said("已答复"), "assigned": said("已交办"),
    "contested": said("在定由谁办"),
    "handling": said("在办"), "waiting": said("在等"), "escalated": said("报给上级了"), "coordinating": said("上级在协调"),
    "resolved": said("已答复，请看"), "confirmed": said("解决了"), "closed_out": said("办完了"), "reopened": said("重新在办"),
    "merged": said("和另一件一起办"),
}  # fmt: skip


def state_for_asker(case: Case) -> State:
    """Draw the state in the asker's words."""
    return State(_OWN_WORDS[case.state], *drawing.TONES[case.state])


def firm_of(request: HttpRequest) -> Enterprise:
    """Give the enterprise that the page is about: named by the address, else the first that the person acts for."""
    firms = registry.enterprises_of(request.actor)
    named = request.GET.get("firm", "")
    found = next((firm for firm in firms if str(firm.id) == named), None) if named else next(iter(firms), None)
    if found is None:
        raise NotFound()
    return found


@require_GET
@needs(OWN)
def listed(request: HttpRequest) -> HttpResponse:
    """List the enterprise's own cases, what asks for a word of theirs first."""
    firm = firm_of(request)
    cases = queries.of_enterprise(firm.id)
    groups = [
        (said("请您看看"), [c for c in cases if c.state == "resolved"]),
        (said("在办"), [c for c in cases if c.state in OPEN]),
        (said("办完的"), [c for c in cases if c.state in ("answered", "confirmed", "closed_out", "merged")]),
    ]
    context = {
        "firm": firm.name, "query": _query(request),
        "groups": [TaskGroup(name, [_task(one, request) for one in rows]) for name, rows in groups if rows],
    }  # fmt: skip
    return TemplateResponse(request, "casework/own_list.html", context)


def _query(request: HttpRequest) -> str:
    firm = request.GET.get("firm", "")
    return f"?firm={firm}" if firm else ""


def _task(case: Case, request: HttpRequest) -> Task:
    when = say_moment(case.recorded_at, at=clock.now())
    hint = said("{when}，{number}", when=when, number=case.number)
    href = reverse("casework:own", args=[case.id]) + _query(request)
    return Task(
        case.title,
        href,
        hint,
        state_for_asker(case),
        icon="doc",
        clock=drawing.clock_of(case) if case.state in OPEN else None,
        owner=_holder(case),
    )


def _holder(case: Case) -> str:
    """Say who has it, by office: names of officers are told on the telephone."""
    if case.state in ("recorded", "classified"):
        return case.intake_office
    return case.office_name if case.state in OPEN else ""


@require_http_methods(["GET", "HEAD", "POST"])
@needs(OWN)
def new(request: HttpRequest) -> HttpResponse:
    """Take in a trouble in the asker's words, in one box."""
    if request.method != "POST":
        return _new(request, {}, notice=None, errors={})
    posted = request.POST.dict()
    with acting(request.actor):
        firm = firm_of(request)
    given = {
        "text": posted.get("text", ""), "channel": "phone_page", "enterprise": firm.id, "asker": request.actor.name,
        "answer_channel": "call" if posted.get("call") else "",
    }  # fmt: skip
    answer = run("casework.record", given, actor=request.actor, at=clock.now(), key=key_of(request))
    done = "photo" if answer.ok and keep_photos(request, answer.result.id) else "1"
    to = reverse("casework:own", args=[answer.result.id]) + (_query(request) or "?") + f"&new={done}" if answer.ok else ""

    def again(*, notice: Notice | None, errors: dict[str, str]) -> TemplateResponse:
        return _new(request, posted, notice=notice, errors=errors)

    return answered(request, answer, to=to.replace("?&", "?"), again=again)


def _new(request: HttpRequest, given: dict[str, str], *, notice: Notice | None, errors: dict[str, str]) -> TemplateResponse:
    context = {
        "firm": firm_of(request).name, "given": given, "notice": notice, "errors": errors,
        "key": key_of(request) if given.get("key") else uuid7(),
        "query": _query(request),
    }  # fmt: skip
    return TemplateResponse(request, "casework/own_new.html", context)


@require_GET
@needs(OWN)
def own(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show the asker where it stands: who has it, until when, what was done, the answer; and take their word on it."""
    return _own(request, _theirs(request, id))


def _theirs(request: HttpRequest, id: UUID) -> Case:
    case = queries.case(id, request.actor)
    if case.party is None or case.party not in request.actor.scope.parties:
        raise NotFound()
    return case


def _own(request: HttpRequest, case: Case, *, notice: Notice | None = None) -> TemplateResponse:
    at = clock.now()
    choices = {c.move.verb: c for c in CASES.possible(case, actor=request.actor, at=at) if c.allowed}
    entries = [
        e
        for e in reading.timeline(case)
        if e.process == CASES.name and e.verb not in ("note", "supervise", "called", "ask_more", "deny_more")
    ]
    context: dict[str, Any] = {
        "case": case, "state": state_for_asker(case), "holder": _holder(case),
        "clock": drawing.clock_of(case) if case.state in OPEN else None,
        "new": request.GET.get("new") in ("1", "photo"), "photo_lost": request.GET.get("new") == "photo",
        "notice": notice, "agree": "agree" in choices, "not_solved": "not_solved" in choices,
        "reasons": list(NOT_SOLVED.items()), "hidden": hidden(case), "events": drawing.events_of(entries, names=False),
        "photos": photos_of(case.id),
        "photo_kind": "casework.case", "query": _query(request), "here": reverse("casework:own", args=[case.id]) + _query(request),
    }  # fmt: skip
    return TemplateResponse(request, "casework/own.html", context)


@require_http_methods(["POST"])
@needs(OWN)
def own_act(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Take the asker's word: it is solved, with a score; or it is not, with what lacks."""
    if verb not in ("agree", "not_solved"):
        raise Http404
    with acting(request.actor):
        _theirs(request, id)
    posted = request.POST
    given: dict[str, Any] = {"case": id}
    if verb == "agree":
        given |= {"score": posted.get("score", "")} if posted.get("score") else {}
    else:
        given |= {"why": posted.get("why", ""), "reason": posted.get("reason", "")}
    answer = run(f"casework.{verb}", given, actor=request.actor, at=clock.now(), key=key_of(request))

    def again(*, notice: Notice | None, errors: dict[str, str]) -> TemplateResponse:
        return _own(request, queries.case(id, request.actor), notice=notice)

    return answered(request, answer, to=reverse("casework:own", args=[id]) + _query(request), again=again)
