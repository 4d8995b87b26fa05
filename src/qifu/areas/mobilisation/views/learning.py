"""Pages of whoever learns: my courses, one course with its lessons, seats and questions; a meeting's code; a volunteer's own."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qifu.kernel.access import acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.documents import issuing
from qifu.kernel.documents.numbers import read_code
from qifu.kernel.web import ANONYMOUS, at_door, signed_in
from qifu.ui.asking import answered
from qifu.ui.parts import Notice as Says
from qifu.ui.parts import State

from .. import courses, letters, queries
from ..actions import training as acts
from ..models import Call, Meeting, Trainee
from ..terms import LEFT, PASSED, TRAINEE_STATES
from .notices import base_of, in_hand, of
from .volunteers import again, call_of, code_of, remembered

TONES = {"called": "ask", "learning": "info", "passed": "ok", "failed": "stop", "excused": "ok"}
STEPS = {"open", "done", "begin", "hand_in", "book", "give_back", "come", "finish"}


def state_of(one: Trainee) -> State:
    """Draw how far somebody is."""
    return State(TRAINEE_STATES[one.state], TONES[one.state])


@require_GET
@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """List what I have to learn and what I have learned."""
    actor = of(request)
    rows = [SimpleNamespace(it=one, state=state_of(one), left=len(courses.lacking(one.course, one))) for one in queries.own_courses(actor)]
    todo = [one for one in rows if one.it.state in LEFT and one.it.course.state == "open"]
    context = {
        "base": base_of(actor), "hand": in_hand(actor), "head": _("培训"), "todo": todo, "rest": [one for one in rows if one not in todo],
    }  # fmt: skip
    return TemplateResponse(request, "mobilisation/my_training.html", context)


@require_GET
@signed_in
def one(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one of my courses."""
    return _one(request, id)


def _one(request: HttpRequest, id: UUID, *, notice: Says | None = None, errors: Mapping[str, str] | None = None) -> TemplateResponse:
    actor = of(request)
    it = queries.own_course(id, actor)
    context = {
        "base": base_of(actor), "hand": in_hand(actor), "back": reverse("mobilisation:my_training"),
        "paper": reverse("mobilisation:training_certificate", args=[id]),
        **_drawn(request, it, lambda verb: reverse("mobilisation:learn_step", args=[id, verb]), notice=notice, errors=errors),
    }  # fmt: skip
    return TemplateResponse(request, "mobilisation/learn.html", context)


def _drawn(request: HttpRequest, it: Trainee, to: Any, *, notice: Says | None, errors: Mapping[str, str] | None) -> dict[str, Any]:
    """Give what the page of a course shows: each part with where it stands."""
    at, course = clock.now(), it.course
    lack = courses.lacking(course, it)
    left = {one.number for one in lack if one.kind == "lesson"}
    lessons = []
    for n, lesson in enumerate(course.lessons):
        seen = it.seen.get(str(n), {})
        lessons.append(
            SimpleNamespace(n=n, number=n + 1, it=lesson, done=bool(seen.get("done")), opened=bool(seen), lines=lesson["text"].splitlines())
        )
    seat = queries.seat_of(it.id) if course.live else None
    meetings = queries.meetings(course, since=at) if course.live and it.came_at is None else []
    sitting = acts.running(it.id) if it.state in LEFT else None
    last = queries.last_sitting(it.id)
    chosen = _chosen(request)
    asked = [
        SimpleNamespace(
            number=n,
            q=number,
            ask=course.questions[number]["ask"],
            many=len(course.questions[number]["right"]) > 1,
            options=[(o, course.questions[number]["options"][o], o in chosen.get(number, ())) for o in order],
        )
        for n, (number, order) in enumerate(sitting.drawn if sitting else (), 1)
    ]
    wrong = []
    if last is not None and it.state in PASSED:
        missed = [n for n, _order in last.drawn if set(last.answers.get(str(n), ())) != set(course.questions[n]["right"])]
        wrong = [
            SimpleNamespace(ask=q["ask"], right=[q["options"][o] for o in q["right"]], why=q["why"])
            for q in (course.questions[n] for n in missed)
        ]
    words = _("、").join((errors or {}).values())
    return {
        "head": course.title, "it": it, "course": course, "state": state_of(it), "lessons": lessons, "seat": seat, "asked": asked,
        "notice": notice or (Says(words, "stop") if words else None), "lessons_done": not left,
        "sitting": sitting, "last": last, "wrong": wrong,
        "meetings": [SimpleNamespace(it=one, mine=seat is not None and seat.meeting_id == one.id) for one in meetings],
        "tries_left": max(course.tries - it.tried, 0), "to": {verb: to(verb) for verb in STEPS}, "passed": it.state in PASSED,
        "running": course.state == "open", "quiz_left": any(one.kind == "quiz" for one in lack), "left": len(lack), "at": at,
        "many": course.drawn or len(course.questions),
    }  # fmt: skip


def _chosen(request: HttpRequest) -> dict[int, list[int]]:
    """Give what was ticked, by question."""
    found: dict[int, list[int]] = {}
    for name in request.POST:
        number = name.removeprefix("q")
        if name.startswith("q") and number.isdecimal() and len(number) < 4:
            found[int(number)] = [int(one) for one in request.POST.getlist(name) if one.isdecimal() and len(one) < 3]
    return found


def _given(request: HttpRequest, verb: str) -> dict[str, Any]:
    post = request.POST
    lesson = post.get("lesson", "")
    return {
        "step": verb, "lesson": int(lesson) if lesson.isdecimal() and len(lesson) < 4 else 0, "meeting": post.get("meeting") or None,
        "code": post.get("code", ""), "answers": [{"question": number, "options": options} for number, options in _chosen(request).items()],
    }  # fmt: skip


def _to(verb: str, here: str, request: HttpRequest) -> str:
    """Give where a step goes on to: the part of the page that it was about."""
    if verb in ("open", "done"):
        return f"{here}#lesson-{_given(request, verb)['lesson']}"
    return here + {"begin": "#quiz", "hand_in": "#quiz", "book": "#meeting", "give_back": "#meeting", "come": "#meeting"}.get(verb, "")


@require_POST
@signed_in
def step(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Go one step in my course."""
    actor = of(request)
    with acting(actor):
        queries.own_course(id, actor)
    here = reverse("mobilisation:learn", args=[id])
    if verb not in STEPS:
        raise Http404
    answer = run("mobilisation.learn", {"trainee": id, **_given(request, verb)}, actor=actor, at=clock.now())
    return answered(request, answer, to=_to(verb, here, request), again=lambda **more: _one(request, id, **more))


@require_GET
@signed_in
def certificate(request: HttpRequest, id: UUID) -> HttpResponse:
    """Give my certificate of a course as PDF."""
    return _paper(queries.own_course(id, of(request)).id)


def _paper(trainee: UUID) -> HttpResponse:
    papers = [one for one in issuing.of(trainee) if one.kind == letters.TRAINED]
    if not papers:
        raise Http404
    response = HttpResponse(issuing.pdf_of(papers[0]), content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="certificate.pdf"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def at_meeting(request: HttpRequest, code: str) -> HttpResponse:
    """Sign in at a meeting by the code on its screen."""
    if request.method != "POST":
        return _at_meeting(request, code)
    answer = run("mobilisation.attend", {"code": code}, actor=of(request), at=clock.now())
    to = reverse("mobilisation:learn", args=[answer.result.id]) + "#meeting" if answer.ok else ""
    return answered(request, answer, to=to, again=lambda **more: _at_meeting(request, code, **more))


def _at_meeting(
    request: HttpRequest, code: str, *, notice: Says | None = None, errors: Mapping[str, str] | None = None
) -> TemplateResponse:
    actor = of(request)
    it = Meeting._base_manager.filter(code=read_code(code)).select_related("slot", "course").first()
    if it is None:
        raise Http404
    mine = Trainee._base_manager.filter(course=it.course_id, person=actor.person).first() if actor.person else None
    context = {"base": base_of(actor), "hand": in_hand(actor), "head": _("现场培训"), "it": it, "mine": mine, "notice": notice}
    return TemplateResponse(request, "mobilisation/at_meeting.html", context)


# ------------------------------------------------------------------------------------------------ a volunteer without an account


def _own(request: HttpRequest, it: Call) -> Trainee:
    who = remembered(request, it)
    found = (
        Trainee._base_manager.filter(course=it.course_id, volunteer=who.id).select_related("course").first()
        if who and it.course_id
        else None
    )
    if found is None:
        raise Http404
    return found


@require_GET
@at_door
def as_volunteer(request: HttpRequest, code: str) -> HttpResponse:
    """Show the course that a call asks for to the volunteer whom this telephone remembers; `paper` gives the certificate."""
    if "paper" in request.GET:
        return _paper(_own(request, call_of(code)).id)
    return _as_volunteer(request, code)


def _as_volunteer(
    request: HttpRequest, code: str, *, notice: Says | None = None, errors: Mapping[str, str] | None = None
) -> TemplateResponse:
    it = call_of(code)
    trainee = _own(request, it)
    context = {
        "base": "ui/phone.html", "hand": False, "back": reverse("mobilisation:join", args=[it.code]),
        "paper": reverse("mobilisation:volunteer_training", args=[it.code]) + "?paper",
        **_drawn(request, trainee, lambda verb: reverse("mobilisation:volunteer_step", args=[it.code, verb]), notice=notice, errors=errors),
    }  # fmt: skip
    return TemplateResponse(request, "mobilisation/learn.html", context)


@require_POST
@at_door
def volunteer_step(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """Go one step in the course of a call, as the volunteer whom this telephone remembers."""
    here = reverse("mobilisation:volunteer_training", args=[code])
    if verb not in STEPS:
        raise Http404
    given = {"call": code, "personal": code_of(request), **_given(request, verb)}
    answer = run("mobilisation.learn_as_volunteer", given, actor=ANONYMOUS, at=clock.now())
    if answer.ok:
        return HttpResponseRedirect(_to(verb, here, request))
    return again(request, answer, lambda **more: _as_volunteer(request, code, **more))
