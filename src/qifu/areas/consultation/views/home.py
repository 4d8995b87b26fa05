"""The list of meetings, planning one, and the invitations of one's own office."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from qifu.areas.casework import api as casework
from qifu.kernel.access import Actor
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock, ics
from qifu.kernel.calendar.clock import local
from qifu.kernel.language import said
from qifu.kernel.web import needs
from qifu.ui.asking import answered, filled, key_of
from qifu.ui.parts import Field, Notice, Option, State, View

from .. import queries
from ..models import Attendee, Meeting, Note
from ..numbering import home_of
from ..terms import DRAFT, KEEP, MEETS, REPLIES, SEE
from . import drawing


def tabs(here: str, actor: Actor) -> list[View]:
    """Give the tabs of the area with what is open in each."""
    reached = Meeting.objects.visible_to(actor)
    found = [
        View(
            _("会商"),
            reverse("consultation:home"),
            reached.filter(state__in=(*MEETS, "drafted", "minuted")).count(),
            here=here == "home",
        ),
        View(
            _("批示件"),
            reverse("consultation:notes"),
            Note.objects.visible_to(actor).exclude(state="closed").count(),
            here=here == "notes",
        ),
    ]
    if actor.may(DRAFT) or actor.may("consult.sign"):
        found.append(View(_("文书"), reverse("consultation:papers"), here=here == "papers"))
    found.append(View(_("会议通知"), reverse("consultation:invited"), here=here == "invited"))
    return found


@require_GET
@needs(SEE)
def listed(request: HttpRequest) -> HttpResponse:
    """Show the meetings: what is ahead, whose tasks are open, what is over; and what waits for the next."""
    actor = request.actor
    rows = list(queries.meetings(actor)[: queries.SHOWN])
    counts = queries.counts_of([one.id for one in rows])
    drawn = [
        SimpleNamespace(
            it=one,
            state=drawing.state_of(one),
            clock=drawing.clock_of(one),
            items=counts[one.id][0],
            tasks=counts[one.id][1],
            done=counts[one.id][2],
            href=reverse("consultation:meeting", args=[one.id]),
        )
        for one in rows
    ]
    home = _home(actor)
    context = {
        "tabs": tabs("home", actor),
        "ahead": sorted((one for one in drawn if one.it.state in MEETS), key=lambda one: one.it.starts_at),
        "open": [one for one in drawn if one.it.state in ("drafted", "minuted")],
        "over": [one for one in drawn if one.it.state in ("closed", "dropped")],
        "waiting": queries.waiting(actor, region=home) if home else [],
        "may_plan": actor.may(KEEP),
    }
    return TemplateResponse(request, "consultation/home.html", context)


def _home(actor: Actor) -> int | None:
    return home_of(actor, KEEP, at=clock.now()).place if actor.may(KEEP) else None


def meeting_fields(region: int, actor: Actor, *, at: datetime, meeting: Meeting | None = None) -> list[Field]:
    """Give the fields of a meeting's form, filled with what stands."""
    asked = set(Attendee.objects.filter(meeting=meeting, off=False).values_list("office", flat=True)) if meeting else set()
    start = local(meeting.starts_at) if meeting else None
    options = tuple(Option(one.code, one.name, on=one.code in asked) for one in queries.offices(region, actor, at=at))
    return [
        Field("title", _("会议名称"), value=meeting.title if meeting else "", placeholder=_("如：货车通行会商"), max_length=80),
        Field("day", _("哪天"), "date", value=f"{start:%Y-%m-%d}" if start else f"{local(at):%Y-%m-%d}"),
        Field("hour", _("几点"), value=f"{start:%H:%M}" if start else "", placeholder="15:00", hint=_("24小时制"), max_length=5),
        Field(
            "minutes",
            _("大约开多久"),
            "number",
            unit=_("分钟"),
            max_length=3,
            value=f"{(meeting.ends_at - meeting.starts_at) // timedelta(minutes=1)}" if meeting else "60",
        ),
        Field("room", _("在哪里开"), value=meeting.room if meeting else "", max_length=80),
        Field("chair", _("谁主持"), value=meeting.chair if meeting else "", hint=_("写名字和职务，会写进纪要"), max_length=60),
        Field("offices", _("哪些单位参加"), "ticks", options=options, required=False),
    ]


def meeting_given(request: HttpRequest) -> dict[str, Any]:
    """Read the form of a meeting as its actions take it."""
    post = request.POST
    given: dict[str, Any] = {name: post.get(name, "") for name in ("title", "minutes", "room", "chair")}
    day, hour = post.get("day", "").strip(), post.get("hour", "").strip().replace("：", ":")
    return given | {"starts_at": f"{day} {hour}".strip(), "offices": post.getlist("offices")}


def refill(fields: list[Field], request: HttpRequest, errors: Mapping[str, str] | None) -> list[Field]:
    """Put back what was typed; a wrong moment stands beside the hour."""
    errors = dict(errors or {})
    if "starts_at" in errors:
        errors["hour"] = errors.pop("starts_at")
    posted: dict[str, Any] = request.POST.dict()
    ticked = set(request.POST.getlist("offices"))
    found = filled(fields, posted, errors)
    return [
        replace(one, options=tuple(replace(option, on=option.value in ticked) for option in one.options), value="")
        if one.kind == "ticks"
        else one
        for one in found
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@needs(KEEP)
def plan(request: HttpRequest) -> HttpResponse:
    """Plan a meeting."""
    if request.method != "POST":
        return _plan(request)
    given = meeting_given(request) | {"carry": request.POST.getlist("carry")}
    answer = run("consultation.plan", given, actor=request.actor, at=clock.now(), key=key_of(request))
    to = reverse("consultation:meeting", args=[answer.result.id]) + "?done=plan" if answer.ok else ""
    return answered(request, answer, to=to, again=lambda **more: _plan(request, **more))


def _plan(request: HttpRequest, *, notice: Notice | None = None, errors: Mapping[str, str] | None = None) -> TemplateResponse:
    actor, at = request.actor, clock.now()
    home = home_of(actor, KEEP, at=at)
    fields, waiting = meeting_fields(home.place, actor, at=at), queries.waiting(actor, region=home.place)
    chosen = {str(one.id) for one in waiting}
    if request.method == "POST":
        fields, chosen = refill(fields, request, errors), set(request.POST.getlist("carry"))
    context = {
        "title": _("排一次会"),
        "fields": fields,
        "notice": notice,
        "key": str(key_of(request)),
        "action": reverse("consultation:plan"),
        "back": reverse("consultation:home"),
        "primary": _("排好，去列议题"),
        "waiting": [SimpleNamespace(it=one, on=str(one.id) in chosen) for one in waiting],
    }
    return TemplateResponse(request, "consultation/plan.html", context)


# ---------------------------------------------------------------- invitations


@require_GET
@needs(SEE)
def invited(request: HttpRequest) -> HttpResponse:
    """Show to which meetings one's own offices are asked."""
    actor, at = request.actor, clock.now()
    rows = Attendee.objects.visible_to(actor).filter(office__in=casework.offices.offices_of(actor), calls__gt=0).order_by("-starts_at")[:40]
    drawn = [SimpleNamespace(it=one, state=_reply_state(one), href=reverse("consultation:invitation", args=[one.id])) for one in rows]
    context = {
        "tabs": tabs("invited", actor),
        "ahead": [one for one in reversed(drawn) if one.it.ends_at > at],
        "over": [one for one in drawn if one.it.ends_at <= at],
    }
    return TemplateResponse(request, "consultation/invited.html", context)


def _reply_state(one: Attendee) -> State:
    if one.off:
        return State(_("不开了"), "idle", "minus")
    return State(said(REPLIES[one.reply]), {"": "ask", "coming": "ok", "absent": "stop"}[one.reply])


@require_http_methods(["GET", "HEAD", "POST"])
@needs(SEE)
def invitation(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one invitation, and answer it for one's office."""
    if request.method != "POST":
        return _invitation(request, id)
    given = {"invitation": id} | {name: request.POST.get(name, "") for name in ("reply", "who", "words")}
    answer = run("consultation.reply", given, actor=request.actor, at=clock.now())
    return answered(request, answer, to=reverse("consultation:invited"), again=lambda **more: _invitation(request, id, **more))


def _invitation(
    request: HttpRequest, id: UUID, *, notice: Notice | None = None, errors: Mapping[str, str] | None = None
) -> TemplateResponse:
    one = queries.invitation(id, request.actor)
    fields = [
        Field(
            "reply",
            _("来不来"),
            "choice",
            value=one.reply,
            options=tuple(Option(code, said(word)) for code, word in REPLIES.items() if code),
        ),
        Field("who", _("谁来"), value=one.who, hint=_("名字和职务；来不了的不用填"), required=False, max_length=60),
        Field("words", _("说明"), value=one.words, required=False, max_length=120),
    ]
    if request.method == "POST":
        fields = filled(fields, request.POST.dict(), errors)
    own = one.office in casework.offices.offices_of(request.actor)
    context = {"one": one, "state": _reply_state(one), "fields": fields, "notice": notice, "own": own and not one.off}
    return TemplateResponse(request, "consultation/invitation.html", context)


@require_GET
@needs(SEE)
def calendar(request: HttpRequest, id: UUID) -> HttpResponse:
    """Give a meeting as a calendar file; a later one replaces it in the telephone, one called off is taken out."""
    one = queries.invitation(id, request.actor)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Qifu//Consultation//ZH",
        f"METHOD:{'CANCEL' if one.off else 'PUBLISH'}",
        "BEGIN:VEVENT",
        f"UID:{one.meeting_id}@qifu",
        f"SEQUENCE:{one.calls}",
        f"DTSTAMP:{ics.stamp(clock.now())}",
        f"DTSTART:{ics.stamp(one.starts_at)}",
        f"DTEND:{ics.stamp(one.ends_at)}",
        f"SUMMARY:{ics.text(one.title)}",
        f"LOCATION:{ics.text(one.room)}",
        f"STATUS:{'CANCELLED' if one.off else 'CONFIRMED'}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{ics.text(one.title)}",
        "TRIGGER:-PT30M",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    answer = HttpResponse(ics.file(lines), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="meeting-{one.starts_at:%m%d}.ics"'
    return answer
