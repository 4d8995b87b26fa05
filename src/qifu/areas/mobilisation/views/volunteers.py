"""Pages of volunteers: the call, its poster, who has joined; and, without an account, joining and signing in and out."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import segno
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qifu.kernel import jurisdiction
from qifu.kernel.access import DOOR, acting, enter
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.documents import issuing
from qifu.kernel.documents.numbers import read_code
from qifu.kernel.web import ANONYMOUS, at_door, needs
from qifu.ui.asking import answered, filled, key_of
from qifu.ui.parts import Field, Option, State
from qifu.ui.parts import Notice as Says

from .. import courses, letters, queries
from ..actions import volunteers as acts
from ..models import Call, Post, Stay, Trainee, Volunteer
from ..terms import CALL_STATES, LONGEST, ORGANISE, PASSED, STAY_STATES, TRAINEE_STATES, VOLUNTEER_STATES
from . import sheets
from .notices import home_of, of

COOKIE = "qifu_volunteer"
KEEP = 120 * 86400
TONES = {"joined": "ask", "trained": "info", "posted": "ok", "left": "idle"}
STAY_TONES = {"in": "ok", "out": "ask", "credited": "ok", "void": "idle"}
MANY = {"train": "mobilisation.train_volunteers", "post": "mobilisation.post_volunteers", "leave": "mobilisation.leave"}
SHEETS = {"list": "mobilisation.join_many", "sheet": "mobilisation.enter_sheet"}
STAY_ACTS = {"mend": "mobilisation.mend_stay", "void": "mobilisation.void_stay"}


def qr(address: str) -> Any:
    """Draw an address as a QR code for a page."""
    return mark_safe(segno.make(address, error="q", micro=False).svg_inline(scale=10, border=4, dark="#000", light="#fff", omitsize=True))


# ------------------------------------------------------------------------------------------------ the organiser


@require_http_methods(["GET", "HEAD", "POST"])
@needs(ORGANISE)
def calls(request: HttpRequest) -> HttpResponse:
    """List the calls in reach, with how many have joined and what they have done; call for more."""
    if request.method != "POST":
        return _calls(request)
    actor, at, post = of(request), clock.now(), request.POST
    names = ("title", "text", "assembly", "phone", "need", "first_day", "last_day")
    given: dict[str, Any] = {name: post.get(name, "") for name in names}
    given |= {"course": post.get("course") or None, "place": home_of(actor, ORGANISE, at) or 0, "posts": post.get("posts", "").splitlines()}
    answer = run("mobilisation.call_up", given, actor=actor, at=at, key=key_of(request))
    to = reverse("mobilisation:call", args=[answer.result.id]) if answer.ok else ""
    return answered(request, answer, to=to, again=lambda **more: _calls(request, **more))


def _calls(request: HttpRequest, *, notice: Says | None = None, errors: Mapping[str, str] | None = None) -> TemplateResponse:
    actor, today = of(request), clock.today()
    home = home_of(actor, ORGANISE, clock.now())
    teach = [Option(str(one.id), one.title) for one in courses.open_courses(home)] if home else []
    found = queries.calls(actor)
    joined = Counter(
        Volunteer._base_manager.filter(call__in=[one.id for one in found]).exclude(state="left").values_list("call", flat=True)
    )
    done: Counter[UUID] = Counter()
    minutes: Counter[UUID] = Counter()
    for call_id, n in Stay._base_manager.filter(volunteer__call__in=[one.id for one in found], state="credited").values_list(
        "volunteer__call", "minutes"
    ):
        done[call_id] += 1
        minutes[call_id] += n
    rows = [
        SimpleNamespace(
            it=one, state=State(CALL_STATES[one.state], "ok" if one.state == "open" else "idle"), joined=joined[one.id], times=done[one.id],
            hours=letters.hours(minutes[one.id]), place=jurisdiction.name(one.region),
        )
        for one in found
    ]  # fmt: skip
    stands = {"first_day": f"{today}", "last_day": f"{today + timedelta(days=14)}", "need": "20"}
    fields = [
        Field("title", _("招募什么"), hint=_("如：企业门口和卡口志愿者"), max_length=60),
        Field("text", _("做什么"), "area", hint=_("要做的事、要会的、自己带什么"), max_length=1000),
        Field("assembly", _("集合点"), hint=_("哪里、几点"), required=False, max_length=120),
        Field("phone", _("联系电话"), "tel", hint=_("印在海报上"), max_length=20),
        Field("need", _("要几个人"), "number", unit=_("人")),
        Field("first_day", _("从哪天"), "date"),
        Field("last_day", _("到哪天"), "date"),
        Field("posts", _("岗点"), "area", hint=_("一行一个，每个岗点有自己的签到码")),
        *([Field("course", _("派岗前先学完"), "select", options=teach, required=False, placeholder=_("当面培训就行"))] if teach else []),
    ]
    context = {
        "rows": rows, "fields": filled(fields, request.POST.dict() if request.method == "POST" else stands, errors), "notice": notice,
        "key": str(key_of(request)), "open": request.method == "POST" or not rows,
    }  # fmt: skip
    return TemplateResponse(request, "mobilisation/calls.html", context)


@require_GET
@needs(ORGANISE)
def call(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show a call: who joined, who is at which post, stays to credit, hours of each."""
    return _call(request, id)


def _call(
    request: HttpRequest,
    id: UUID,
    *,
    notice: Says | None = None,
    errors: Mapping[str, str] | None = None,
    called: tuple[UUID, str] | None = None,
    fresh: tuple[UUID, str] | None = None,
    left: Mapping[str, str] | None = None,
) -> TemplateResponse:
    actor, at = of(request), clock.now()
    it = queries.call(id, actor)
    people, spots = queries.volunteers(it), queries.posts(it)
    open_stays = queries.stays_of(it, states=("in", "out"))
    times: Counter[UUID] = Counter()
    minutes: Counter[UUID] = Counter()
    for one in queries.stays_of(it, states=("credited",)):
        times[one.volunteer_id] += 1
        minutes[one.volunteer_id] += one.minutes
    here = Counter(one.post_id for one in open_stays if one.state == "in")
    posted = Counter(one.post_id for one in people if one.state == "posted")
    issued = issuing.Issued.objects.filter(kind=letters.CERTIFICATE, about__in=[one.id for one in people]).order_by("issued_at")
    papers = {paper.about: paper for paper in issued}
    taught = (
        {one.volunteer_id: one for one in Trainee._base_manager.filter(course=it.course_id, volunteer__call=it.id)} if it.course_id else {}
    )
    stays = [
        SimpleNamespace(
            it=one, state=State(STAY_STATES[one.state], STAY_TONES[one.state]), hours=letters.hours(one.minutes),
            late=one.came_at is not None and (one.went_at or at) - one.came_at > LONGEST and not one.mended_by,
        )
        for one in open_stays
    ]  # fmt: skip
    context = {
        "it": it, "state": State(CALL_STATES[it.state], "ok" if it.state == "open" else "idle"), "notice": notice, "course": it.course,
        "place": jurisdiction.name(it.region),
        "spots": [SimpleNamespace(it=one, here=here[one.id], posted=posted[one.id]) for one in spots],
        "people": [
            SimpleNamespace(
                it=one, state=State(VOLUNTEER_STATES[one.state], TONES[one.state]), times=times[one.id],
                hours=letters.hours(minutes[one.id]), paper=papers.get(one.id),
                taught=TRAINEE_STATES[taught[one.id].state] if one.id in taught and one.state == "joined" else "",
                number=called[1] if called and called[0] == one.id else "", code=fresh[1] if fresh and fresh[0] == one.id else "",
            )
            for one in people
        ],
        "stays": stays, "ready": sum(not one.late and one.it.state == "out" for one in stays), "times": sum(times.values()),
        "hours": letters.hours(sum(minutes.values())), "joined": sum(one.state != "left" for one in people),
        "words": _("、").join(errors.values()) if errors else "", "now": f"{clock.local(at):%Y-%m-%dT%H:%M}",
        "today": f"{clock.today()}", "left": left or {},
    }  # fmt: skip
    return TemplateResponse(request, "mobilisation/call.html", context)


@require_POST
@needs(ORGANISE)
def act_on_call(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Close; train, post or take off the ticked; credit stays; look up a number, give a new code, issue a certificate."""
    actor, at, post = of(request), clock.now(), request.POST
    with acting(actor):
        queries.call(id, actor)
    here = reverse("mobilisation:call", args=[id])
    given: dict[str, Any]
    if verb in ("close", "reopen"):
        name, given = f"mobilisation.{verb}_call", {"call": id}
    elif verb == "extend":
        name, given = "mobilisation.extend_call", {"call": id, "need": post.get("need", ""), "last_day": post.get("last_day", "")}
    elif verb in MANY:
        name, given = MANY[verb], {"volunteers": post.getlist("volunteer")}
        if verb == "post":
            given["post"] = post.get("post", "")
    elif verb in SHEETS:
        return _enter(request, id, verb)
    elif verb == "credit":
        name, given = "mobilisation.credit_stays", {"stays": post.getlist("stay")}
    elif verb in STAY_ACTS:
        name, given = STAY_ACTS[verb], {"stay": post.get("stay", ""), "reason": post.get("reason", "")}
        if verb == "mend":
            given["went_at"] = post.get("went_at", "")
    elif verb in ("phone", "code", "certify"):
        name = {"phone": "mobilisation.call_volunteer", "code": "mobilisation.new_personal_code", "certify": "mobilisation.certify"}[verb]
        given = {"volunteer": post.get("volunteer", "")}
    else:
        return HttpResponseRedirect(here)
    answer = run(name, given, actor=actor, at=at)
    if answer.ok and verb in ("phone", "code"):
        shown = (UUID(str(given["volunteer"])), str(answer.result))
        with acting(actor):
            page = _call(request, id, called=shown if verb == "phone" else None, fresh=shown if verb == "code" else None)
            page.render()
        return page
    if answer.ok and getattr(answer.result, "refused", None):
        refused = list(answer.result.refused.values())
        words = _("{n}个没有办成：{why}").format(n=len(refused), why=refused[0].says + refused[0].fix)
        with acting(actor):
            page = _call(request, id, notice=Says(words, "ask"))
            page.render()
        page.status_code = 409
        return page
    to = reverse("papers:paper", args=[answer.result.id]) if answer.ok and verb == "certify" else here
    return answered(request, answer, to=to, again=lambda **more: _call(request, id, **more))


def _enter(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Enter a list or a sheet from paper: what is right is taken, the other lines stay in the box with a sentence each."""
    actor, at, text = of(request), clock.now(), request.POST.get("lines", "")
    with acting(actor):
        it = queries.call(id, actor)
        typed = sheets.people(text) if verb == "list" else sheets.stays(text, call=it, day=request.POST.get("day", ""))
    refused: Mapping[int, str] = {}
    if typed.rows or not typed.wrong:
        given: dict[str, Any] = {"rows": typed.rows} | ({"call": id} if verb == "list" else {})
        answer = run(SHEETS[verb], given, actor=actor, at=at, key=key_of(request))
        if not answer.ok:
            return answered(request, answer, to="", again=lambda **more: _call(request, id, left={verb: text}, **more))
        refused = answer.result.refused
    left, words = typed.left(refused)
    if not words:
        return HttpResponseRedirect(reverse("mobilisation:call", args=[id]))
    says = _("录了{n}行，{m}行没有录：{why}").format(n=len(typed.rows) - len(refused), m=len(words), why=" ".join(words[:5]))
    with acting(actor):
        page = _call(request, id, notice=Says(says, "ask"), left={verb: left})
        page.render()
    page.status_code = 409
    return page


@require_GET
@needs(ORGANISE)
def poster(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show the poster of a call, or the sign of one of its posts, ready to print on A4."""
    it = queries.call(id, of(request))
    wanted = request.GET.get("post", "")
    spot = next((one for one in queries.posts(it) if str(one.id) == wanted), None)
    if wanted and spot is None:
        raise Http404
    path = reverse("mobilisation:at_post", args=[spot.code]) if spot else reverse("mobilisation:join", args=[it.code])
    address = request.build_absolute_uri(path)
    context = {
        "it": it, "spot": spot, "address": address, "qr": qr(address), "place": jurisdiction.name(it.region),
        "back": reverse("mobilisation:call", args=[id]),
    }  # fmt: skip
    return TemplateResponse(request, "mobilisation/call_poster.html", context)


# ------------------------------------------------------------------------------------------------ without an account


def call_of(code: str) -> Call:
    found = Call._base_manager.filter(code=read_code(code)).first()
    if found is None:
        raise Http404
    return found


def remembered(request: HttpRequest, call: Call) -> Volunteer | None:
    """Give the volunteer whom this telephone remembers in a call; the scope is that of the call from now on."""
    kept = request.COOKIES.get(COOKIE, "").split(".")
    if len(kept) != 2 or kept[0] != call.code:
        return None
    enter(acts.visitor(call))
    return Volunteer._base_manager.filter(call=call, digest=acts.digest_of(read_code(kept[1]))).select_related("post").first()


def code_of(request: HttpRequest) -> str:
    """Give the personal code that this telephone remembers."""
    return request.COOKIES.get(COOKIE, "").rpartition(".")[2]


@at_door
def join(request: HttpRequest, code: str) -> HttpResponse:
    """Join a call by its poster; whoever has joined on this telephone sees how it stands."""
    if request.method != "POST":
        it = call_of(code)
        known = remembered(request, it)
        if known is not None:
            return _mine(request, it, known)
        return _join(request, it)
    given = {name: request.POST.get(name, "") for name in ("name", "phone", "born", "office", "skills")}
    given |= {"code": code, "address": str(request.META.get("REMOTE_ADDR", ""))}
    answer = run("mobilisation.join", given, actor=ANONYMOUS, at=clock.now())
    if answer.ok:
        response = HttpResponseRedirect(request.path)
        response.set_cookie(
            COOKIE, f"{read_code(code)}.{answer.result.code}", max_age=KEEP, httponly=True, samesite="Lax", secure=request.is_secure()
        )
        return response
    return again(request, answer, lambda **more: _join(request, call_of(code), **more))


def again(request: HttpRequest, answer: Any, page: Any) -> HttpResponse:
    """Draw a page of the door again with what was typed and the sentence."""
    errors = dict(answer.errors or {})
    with acting(DOOR):
        response = page(notice=None if errors else Says(f"{answer.says}{answer.fix}", "stop"), errors=errors)
        response.render()
    response.status_code = 422 if errors else 404 if answer.code == "NotFound" else 409
    return response  # type: ignore[no-any-return]


def _join(request: HttpRequest, it: Call, *, notice: Says | None = None, errors: Mapping[str, str] | None = None) -> TemplateResponse:
    fields = [
        Field("name", _("姓名"), max_length=60, autocomplete="name", hint=_("证明上用")),
        Field("phone", _("手机号"), "tel", max_length=20, hint=_("派岗时打给您")),
        Field("born", _("出生年月"), placeholder="1998-05", max_length=10, inputmode="numeric", hint=_("满18周岁才能报")),
        Field("office", _("单位或团组织"), required=False, max_length=80),
        Field("skills", _("会什么"), required=False, max_length=120, hint=_("如：开车、护理、电脑")),
    ]
    open_now = it.state == "open" and clock.today() <= it.last_day
    context = {
        "head": _("报名做志愿者"), "it": it, "place": jurisdiction.name(it.region), "open": open_now, "notice": notice,
        "fields": filled(fields, request.POST.dict(), errors), "action": reverse("mobilisation:join", args=[it.code]),
    }  # fmt: skip
    return TemplateResponse(request, "mobilisation/join.html", context)


def _mine(request: HttpRequest, it: Call, known: Volunteer, *, notice: Says | None = None) -> TemplateResponse:
    times, minutes = queries.credited(known.id)
    stays = queries.stays(known.id)
    paper = issuing.of(known.id)
    context = {
        "head": it.title, "it": it, "mine": known, "notice": notice,
        "state": State(VOLUNTEER_STATES[known.state], TONES[known.state]),
        "code": request.COOKIES[COOKIE].split(".")[1], "times": times,
        "hours": letters.hours(minutes), "place": jurisdiction.name(it.region),
        "stays": [
            SimpleNamespace(it=one, state=State(STAY_STATES[one.state], STAY_TONES[one.state]), hours=letters.hours(one.minutes))
            for one in stays[:20]
        ],
        "paper": paper[0] if paper else None, "teach": _teach(it, known),
    }  # fmt: skip
    return TemplateResponse(request, "mobilisation/mine.html", context)


def _teach(it: Call, known: Volunteer) -> SimpleNamespace | None:
    """Give how far a volunteer is with the course that their call asks for."""
    one = Trainee._base_manager.filter(course=it.course_id, volunteer=known.id).select_related("course").first() if it.course_id else None
    if one is None:
        return None
    return SimpleNamespace(it=one, done=one.state in PASSED, word=TRAINEE_STATES[one.state], left=len(courses.lacking(one.course, one)))


@require_GET
@at_door
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """Give the newest certificate of the volunteer whom this telephone remembers, as PDF."""
    it = call_of(code)
    known = remembered(request, it)
    papers = issuing.of(known.id) if known else []
    if not papers:
        raise Http404
    response = HttpResponse(issuing.pdf_of(papers[0]), content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="certificate.pdf"'
    return response


@at_door
def at_post(request: HttpRequest, code: str) -> HttpResponse:
    """Sign in or out at a post: one touch for whom the telephone remembers, number and personal code for others."""
    if request.method != "POST":
        return _at_post(request, code)
    with_cookie = request.COOKIES.get(COOKIE, "").rpartition(".")[2]
    typed = request.POST.get("code", "").strip()
    given = {"post": code, "code": typed or with_cookie, "phone": request.POST.get("phone", "") if typed else ""}
    out = request.POST.get("do") == "out"
    answer = run(f"mobilisation.sign_{'out' if out else 'in'}", given, actor=ANONYMOUS, at=clock.now())
    if not answer.ok:
        return again(request, answer, lambda **more: _at_post(request, code, **more))
    response = HttpResponseRedirect(f"{request.path}?done={'out' if out else 'in'}")
    if typed:
        with acting(DOOR):
            call_code = Post._base_manager.select_related("call").get(code=read_code(code)).call.code
        response.set_cookie(
            COOKIE, f"{call_code}.{read_code(typed)}", max_age=KEEP, httponly=True, samesite="Lax", secure=request.is_secure()
        )
    return response


def _at_post(request: HttpRequest, code: str, *, notice: Says | None = None, errors: Mapping[str, str] | None = None) -> TemplateResponse:
    spot = Post._base_manager.filter(code=read_code(code)).select_related("call").first()
    if spot is None:
        raise Http404
    known = remembered(request, spot.call)
    stay = Stay._base_manager.filter(volunteer=known, state="in").select_related("post").first() if known else None
    fields = [
        Field("phone", _("手机号"), "tel", max_length=20),
        Field("code", _("个人码"), max_length=12, hint=_("8位，在报名成功的页面上"), autocomplete="off"),
    ]
    context = {
        "head": spot.name, "spot": spot, "it": spot.call, "mine": known, "stay": stay, "notice": notice,
        "done": request.GET.get("done", ""), "fields": filled(fields, {"phone": request.POST.get("phone", "")}, errors),
        "action": reverse("mobilisation:at_post", args=[spot.code]),
        "home": reverse("mobilisation:join", args=[spot.call.code]), "place": jurisdiction.name(spot.region),
    }  # fmt: skip
    return TemplateResponse(request, "mobilisation/at_post.html", context)
