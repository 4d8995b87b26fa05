"""Pages of whoever keeps courses: written, opened, who has not passed by office and firm with numbers, meetings and their codes."""

from collections import Counter
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qifu.kernel import jurisdiction
from qifu.kernel.access import acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.web import needs
from qifu.ui.asking import answered, filled, key_of
from qifu.ui.parts import Field, State
from qifu.ui.parts import Notice as Says

from .. import audience, courses, queries
from ..models import Course, Seat
from ..terms import COURSE_STATES, LEFT, PASSED, TRAIN
from ..workflow import COURSES
from .learning import state_of as far
from .notices import audience_fields, home_of, of, rule_given, rule_typed, share
from .volunteers import qr

TONES = {"drafted": "idle", "open": "ok", "closed": "idle", "dropped": "idle"}
ROWS = 6
"""Rows for lessons on a form."""
ACTIONS = {
    "open": "mobilisation.open_course", "close": "mobilisation.close_course", "drop": "mobilisation.drop_course",
    "repeat": "mobilisation.repeat_course", "call": "mobilisation.call_untrained", "remind": "mobilisation.remind_untrained",
    "excuse": "mobilisation.excuse_trainee", "tries": "mobilisation.give_tries", "meet": "mobilisation.call_meeting",
    "call_off": "mobilisation.call_off_meeting",
}  # fmt: skip


def state_of(course: Course) -> State:
    """Draw the state of a course."""
    return State(COURSE_STATES[course.state], TONES[course.state])


@require_GET
@needs(TRAIN)
def listed(request: HttpRequest) -> HttpResponse:
    """List the courses of the places in reach with how many have passed."""
    actor = of(request)
    found = queries.courses(actor)
    counts = {one.id: (0, 0) for one in found}
    for one in found:
        people = queries.trainees(one)
        counts[one.id] = (sum(who.state in PASSED for who in people), len(people))
    rows = [
        SimpleNamespace(it=one, state=state_of(one), done=counts[one.id][0], total=counts[one.id][1], share=share(*counts[one.id]))
        for one in found
    ]
    return TemplateResponse(request, "mobilisation/training.html", {"rows": rows})


def _form(
    request: HttpRequest, it: Course | None, *, notice: Says | None = None, errors: Mapping[str, str] | None = None
) -> TemplateResponse:
    actor, at = of(request), clock.now()
    errors = {name.removeprefix("content."): str(word) for name, word in (errors or {}).items()}
    posted = request.method == "POST"
    stands: dict[str, Any] = {"pass_mark": "80", "tries": "3", "drawn": "0"}
    if it:
        stands = {
            "title": it.title, "text": it.text, "phone": it.phone,
            "questions": courses.write_questions(it.questions), "drawn": f"{it.drawn}",
            "pass_mark": f"{it.pass_mark}", "tries": f"{it.tries}", "finish_by": f"{it.finish_by or ''}",
        }  # fmt: skip
    values = request.POST.dict() if posted else stands
    rule = rule_typed(request.POST) if posted else audience.rule_of(it.rule if it else {})
    rows = _typed(request) if posted else [(o["title"], str(o["minutes"]), o["link"], o["text"]) for o in (it.lessons if it else [])]
    lessons = [
        SimpleNamespace(n=n, title=r[0], minutes=r[1], link=r[2], text=r[3]) for n, r in enumerate((*rows, *[("", "", "", "")] * ROWS), 1)
    ]
    head = [
        Field("title", _("培训名称"), max_length=60),
        Field("text", _("说明"), "area", required=False, max_length=1000, hint=_("给谁看、学完能做什么")),
        Field("phone", _("联系电话"), "tel", required=False, max_length=20),
        Field("finish_by", _("最晚学完"), "date", required=False, hint=_("前一天自动提醒没学完的")),
    ]
    quiz = [
        Field(
            "questions",
            _("题目"),
            "area",
            required=False,
            hint=_("一题一段，空一行隔开。第一行是题，下面一行一个选项：对的前面写 * ，错的前面写 - ；可以再写一行 解：为什么"),
        ),
        Field("drawn", _("每次抽几题"), "number", unit=_("题"), hint=_("写0就是全部；次序每次不同")),
        Field("pass_mark", _("及格线"), "number", unit=_("分")),
        Field("tries", _("答题机会"), "number", unit=_("次")),
    ]
    whom = audience_fields(actor, TRAIN, rule, errors, at=at)
    own = {"title", "text", "phone", "finish_by", "questions", "drawn", "pass_mark", "tries", "lessons"} | {one.name for one in whom}
    context = {
        "title": _("改培训") if it else _("新培训"), "it": it, "notice": notice, "action": request.path, "key": str(key_of(request)),
        "head_fields": filled(head, values, errors), "quiz": filled(quiz, values, errors), "whom": whom,
        "lessons": lessons[: max(ROWS, len(rows) + 1)][:8], "lessons_error": errors.get("lessons", ""),
        "live": bool(values.get("live")) if posted else bool(it and it.live), "rest": {k: v for k, v in errors.items() if k not in own},
        "back": reverse("mobilisation:course", args=[it.id]) if it else reverse("mobilisation:training"),
    }  # fmt: skip
    return TemplateResponse(request, "mobilisation/course_form.html", context)


def _typed(request: HttpRequest) -> list[tuple[str, str, str, str]]:
    post = request.POST
    names = ("lesson_title", "lesson_minutes", "lesson_link", "lesson_text")
    rows = zip(*(post.getlist(name) for name in names), strict=False)
    return [(a, b, c, d) for a, b, c, d in rows if (a or c or d).strip()]


def _content(request: HttpRequest) -> dict[str, Any]:
    post = request.POST
    given: dict[str, Any] = {name: post.get(name, "") for name in ("title", "text", "phone", "questions")}
    given |= {name: post.get(name, "") or otherwise for name, otherwise in (("drawn", "0"), ("pass_mark", "80"), ("tries", "3"))}
    given["lessons"] = [{"title": a, "minutes": b, "link": c, "text": d} for a, b, c, d in _typed(request)]
    return given | {"rule": rule_given(post), "live": bool(post.get("live")), "finish_by": post.get("finish_by") or None}


@require_http_methods(["GET", "HEAD", "POST"])
@needs(TRAIN)
def new(request: HttpRequest) -> HttpResponse:
    """Write a course."""
    if request.method != "POST":
        return _form(request, None)
    actor, at = of(request), clock.now()
    given = {"place": home_of(actor, TRAIN, at) or 0, "content": _content(request)}
    answer = run("mobilisation.write_course", given, actor=actor, at=at, key=key_of(request))
    to = reverse("mobilisation:course", args=[answer.result.id]) if answer.ok else ""
    return answered(request, answer, to=to, again=lambda **more: _form(request, None, **more))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(TRAIN)
def edit(request: HttpRequest, id: UUID) -> HttpResponse:
    """Change a course that was not opened."""
    actor = of(request)
    if request.method != "POST":
        return _form(request, queries.course(id, actor))
    with acting(actor):
        it = queries.course(id, actor)
    answer = run("mobilisation.edit_course", {"course": id, "content": _content(request)}, actor=actor, at=clock.now(), key=key_of(request))
    to = reverse("mobilisation:course", args=[id])
    return answered(request, answer, to=to, again=lambda **more: _form(request, it, **more))


@require_GET
@needs(TRAIN)
def desk(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show a course to its keeper: what it is made of, who has not passed, its meetings, what may be done now."""
    return _desk(request, id)


def _desk(
    request: HttpRequest,
    id: UUID,
    *,
    numbers: Mapping[UUID, str] | None = None,
    notice: Says | None = None,
    errors: Mapping[str, str] | None = None,
) -> TemplateResponse:
    actor, at = of(request), clock.now()
    it = queries.course(id, actor)
    people = queries.trainees(it)
    open_ones = [one for one in people if one.state in LEFT]
    groups: dict[str, list[SimpleNamespace]] = {}
    for one in open_ones:
        group = jurisdiction.name(one.place) if one.party is None else one.office
        groups.setdefault(group, []).append(
            SimpleNamespace(it=one, state=far(one), number=(numbers or {}).get(one.id, ""), left=len(courses.lacking(it, one)))
        )
    rule = audience.rule_of(it.rule)
    meant = audience.resolve(rule, actor, at=at) if it.state == "drafted" and rule.roles else []
    found = queries.meetings(it)
    seats = Seat._base_manager.filter(meeting__in=[one.id for one in found], came_at__isnull=False)
    came = Counter(seats.values_list("meeting", flat=True))
    told = request.GET.get("told", "")
    words = _("、").join(str(one) for one in (errors or {}).values())
    done = [one for one in people if one.state in PASSED]
    context = {
        "it": it, "state": state_of(it), "place": jurisdiction.name(it.region), "groups": list(groups.items()), "open": len(open_ones),
        "done": [SimpleNamespace(it=one, state=far(one)) for one in done[:200]], "passed": len(done), "total": len(people),
        "share": share(len(done), len(people)), "asked": numbers is not None, "meant": len(meant), "some": [one.name for one in meant[:6]],
        "notice": notice or (Says(words, "stop") if words else None),
        "meetings": [SimpleNamespace(it=one, came=came[one.id], ahead=one.slot.starts_at > at) for one in found],
        "can": {one.move.verb: one.allowed for one in COURSES.possible(it, actor=actor, at=at)}, "many": it.drawn or len(it.questions),
        "minutes": sum(one["minutes"] for one in it.lessons), "told": told if told.isdecimal() else "",
        "rights": [[q["options"][n] for n in q["right"]] for q in it.questions],
    }  # fmt: skip
    return TemplateResponse(request, "mobilisation/course.html", context)


@require_POST
@needs(TRAIN)
def act(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Open, close, drop, repeat; see numbers, remind, excuse, give tries; add or call off a meeting."""
    actor, post = of(request), request.POST
    with acting(actor):
        queries.course(id, actor)
    if verb not in ACTIONS:
        raise Http404
    here = reverse("mobilisation:course", args=[id])
    given: dict[str, Any] = {"course": id}
    if verb in ("call", "remind") and post.get("trainee"):
        given["trainee"] = post["trainee"]
    elif verb in ("excuse", "tries"):
        given = {"trainee": post.get("trainee", "")} | ({"reason": post.get("reason", "")} if verb == "excuse" else {})
    elif verb == "meet":
        given |= {name: post.get(name, "") for name in ("where", "starts_at", "minutes", "seats")}
    elif verb == "call_off":
        given = {"meeting": post.get("meeting", ""), "why": post.get("why", "")}
    answer = run(ACTIONS[verb], given, actor=actor, at=clock.now(), key=key_of(request) if verb == "meet" else None)
    if answer.ok and verb == "call":
        with acting(actor):
            page = _desk(request, id, numbers=answer.result)
            page.render()
        return page
    to = here
    if answer.ok and verb == "repeat":
        to = reverse("mobilisation:edit_course", args=[answer.result.id])
    elif answer.ok and verb == "remind":
        to = f"{here}?told={answer.result}"
    elif answer.ok and verb == "drop":
        to = reverse("mobilisation:training")
    return answered(request, answer, to=to, again=lambda **more: _desk(request, id, **more))


@require_GET
@needs(TRAIN)
def meeting(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show the code of a meeting for its screen, and who has a seat and who has come."""
    it = queries.meeting(id, of(request))
    address = request.build_absolute_uri(reverse("mobilisation:at_meeting", args=[it.code]))
    seats = (
        Seat._base_manager.filter(meeting=it.id, left_at__isnull=True)
        .select_related("trainee")
        .order_by("trainee__office", "trainee__name")
    )
    context = {
        "it": it, "address": address, "qr": qr(address), "seats": list(seats), "came": sum(one.came_at is not None for one in seats),
        "back": reverse("mobilisation:course", args=[it.course_id]),
    }  # fmt: skip
    return TemplateResponse(request, "mobilisation/meeting.html", context)
