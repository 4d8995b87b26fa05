"""Look-backs: the desk's list of who was and was not looked at, one look at the desk, on the phone, and at the enterprise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotFound, acting, require
from qifu.kernel.access.models import everything
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local
from qifu.kernel.files import keeping
from qifu.kernel.journal import reading
from qifu.kernel.values import read_whole
from qifu.kernel.web import needs, opens
from qifu.ui.asking import answered, filled, key_of, notice_of, status_of
from qifu.ui.parts import Cell, Clock, Column, Event, Fact, Field, Link, Notice, Option, Row, State, Task, TaskGroup, View
from qifu.ui.words import say_deadline, say_moment

from .. import queries
from ..actions.lookback import known
from ..lookbacks import LOOKBACKS, WAITING, WHY, end_of, rule_of
from ..models import Application, Draw, Inspection
from . import drawing
from .burden import drawn

TONES = {
    "drawn": ("info", "search"),
    "mending": ("ask", "edit"), "again": ("ask", "search"), "fine": ("ok", "ok"), "escalated": ("stop", "alert"),
    "dropped": ("idle", "ring"),
}  # fmt: skip
VIEWS = {
    "todo": gettext_lazy("待看"), "mending": gettext_lazy("整改中"), "done": gettext_lazy("看过"), "never": gettext_lazy("还没看过"),
}  # fmt: skip
_IN = {"todo": WAITING, "mending": ("mending",), "done": ("fine", "escalated", "mending", "again")}
_MOST = 200
_LOOK, _SEND = "resumption.assess", "resumption.assign.town"


def state_of(inspection: Inspection) -> State:
    """Draw the state of a look-back."""
    return State(str(LOOKBACKS.states[inspection.state]), *TONES[inspection.state])


def clock_of(inspection: Inspection) -> Clock | None:
    """Draw the clock that runs: the town's, or the enterprise's until its day."""
    if inspection.state == "mending" and inspection.mend_by:
        return Clock(due=end_of(inspection.mend_by))
    return Clock(due=inspection.due_at) if inspection.due_at else None


# ------------------------------------------------------------------------------------------------ the list


@require_GET
@needs("resumption.see")
def lookbacks(request: HttpRequest) -> HttpResponse:
    """List who waits to be looked at, who mends, who was looked at, and who never was, within one's reach."""
    if not drawing_at_a_desk(request.actor):
        return HttpResponseRedirect(reverse("resumption:home"))
    view = request.GET.get("view", "todo")
    view = view if view in VIEWS else "todo"
    at = clock.now()
    counts = _counts(request.actor)
    context = {
        "title": _("回头看"),
        "line": _line(request.actor, at=at),
        "tabs": [View(str(word), f"?view={name}", counts[name], here=name == view) for name, word in VIEWS.items()],
        "late": everything(Inspection).filter(state__in=WAITING, due_at__lte=at).count() if view == "todo" else 0,
        "draws": _draws(at=at),
        **(_never(request.actor, at=at) if view == "never" else _listed(view, at=at)),
        "empty": {
            "todo": _("没有等着看的。每天早上抽一次，备案的当时就抽。"), "mending": _("没有在整改的。"), "done": _("还没有看过的。"),
            "never": _("开工的都看过了。"),
        }[view],
        "phone": reverse("resumption:looks") if opens(reverse("resumption:looks"), request.actor) else "",
    }  # fmt: skip
    return TemplateResponse(request, "resumption/lookbacks.html", context)


def drawing_at_a_desk(actor: Actor) -> bool:
    """Say whether the actor stands anywhere but at its own enterprise."""
    return any(hat.place is not None for hat in actor.hats)


def _counts(actor: Actor) -> dict[str, int]:
    found = everything(Inspection).aggregate(
        todo=Count("id", filter=Q(state__in=WAITING)), mending=Count("id", filter=Q(state="mending")),
        done=Count("id", filter=Q(looked_at__isnull=False)),
    )  # fmt: skip
    return {**found, "never": _unseen(actor).count()}


def _unseen(actor: Actor) -> QuerySet[Application]:
    seen = Inspection._base_manager.filter(enterprise=OuterRef("enterprise"), looked_at__isnull=False)
    return Application.objects.visible_to(actor).filter(state="resumed").exclude(Exists(seen))


def _line(actor: Actor, *, at: datetime) -> str:
    """Say how the day stands: drawn, looked at, not looked at, past their time."""
    today = everything(Inspection).filter(day=local(at).date())
    of, seen = today.count(), today.filter(looked_at__isnull=False).count()
    late = everything(Inspection).filter(state__in=WAITING, due_at__lte=at).count()
    words = _("今天抽到 %(of)d 家，已看 %(seen)d 家，没看 %(left)d 家") % {"of": of, "seen": seen, "left": of - seen}
    return words + (_("，超时没看 %(late)d 家") % {"late": late} if late else "")


def _draws(*, at: datetime) -> list[dict[str, Any]]:
    today = local(at).date()
    found = everything(Draw).filter(day=today).order_by("region")
    return [
        {"town": jurisdiction.name(one.region), "of": one.of, "drawn": one.drawn, "percent": one.percent, "seed": one.seed}
        for one in found[:60]
    ]


def _listed(view: str, *, at: datetime) -> dict[str, Any]:
    found = everything(Inspection).select_related("enterprise")
    if view == "done":
        found = found.filter(looked_at__isnull=False).order_by("-last_look_at", "id")
    else:
        found = found.filter(state__in=_IN[view]).order_by("due_at", "id")
    columns = [
        Column(_("企业"), "name"), Column(_("镇街"), "text", "m"), Column(_("为什么"), "text", "m"), Column(_("状态"), "state", "l"),
        Column(_("期限"), "clock", "l"), Column(_("谁去看"), "owner", "m"),
    ]  # fmt: skip
    return {"columns": columns, "rows": [_row(one) for one in found[:_MOST]]}


def _row(one: Inspection) -> Row:
    who = one.looked_by_name if one.looked_at and one.state not in WAITING else one.assigned_name or one.office
    cells = [
        Cell("name", one.enterprise.name), Cell("text", jurisdiction.name(one.region)), Cell("text", why_of(one)),
        Cell("state", state_of(one)), Cell("clock", clock_of(one)), Cell("owner", who),
    ]  # fmt: skip
    return Row(str(one.id), one.enterprise.name, reverse("resumption:lookback", args=[one.id]), cells)


def why_of(one: Inspection) -> str:
    """Say why it was drawn."""
    return _(WHY.get(one.why, one.why))


def _never(actor: Actor, *, at: datetime) -> dict[str, Any]:
    open_look = Inspection._base_manager.filter(enterprise=OuterRef("enterprise"), state__in=WAITING)
    found = _unseen(actor).select_related("enterprise").annotate(waits=Exists(open_look)).order_by("started_at", "id")
    columns = [
        Column(_("企业"), "name"), Column(_("镇街"), "text", "m"), Column(_("开工"), "text", "m"), Column(_("回头看"), "text", "m"),
    ]  # fmt: skip
    rows = []
    for one in found[:_MOST]:
        cells = [
            Cell("name", one.enterprise.name), Cell("text", jurisdiction.name(one.region)),
            Cell("text", say_moment(one.started_at, at=at, style="full") if one.started_at else ""),
            Cell("text", _("已抽到，待看") if one.waits else _("没抽到过")),
        ]  # fmt: skip
        rows.append(Row(str(one.id), one.enterprise.name, drawing.desk_of(one), cells))
    return {"columns": columns, "rows": rows}


# ------------------------------------------------------------------------------------------------ one, at the desk

SAID = {
    "ok": gettext_lazy("交好了：没有问题，企业已经收到。"),
    "mend": gettext_lazy("交好了，企业收到要改的几项和期限，到期再来看。"),
    "escalate": gettext_lazy("交好了。接着去拟暂停，照片已经带过去。"),
    "send": gettext_lazy("派好了，这个人的手机上能看到。"),
    "mended": gettext_lazy("收到了，镇街会再来看一次。"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@needs("resumption.see")
def lookback(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one look: why, what was asked and found, photos, what happened; a POST names who goes."""
    if request.method == "POST":
        answer = run(
            "resumption.lookback.send", {"inspection": id, "person": request.POST.get("person") or None}, actor=request.actor,
            at=clock.now(), key=key_of(request),
        )  # fmt: skip
        done = f"{reverse('resumption:lookback', args=[id])}?done=send"
        return answered(request, answer, to=done, again=lambda **why: _page(request, known(id), **why))
    found = known(id)
    require(request.actor, "resumption.see", at=clock.now(), on=found)
    if not drawing_at_a_desk(request.actor):
        return HttpResponseRedirect(reverse("resumption:own_lookback", args=[id]))
    return _page(request, found, notice=_said(request))


def _said(request: HttpRequest) -> Notice | None:
    said = SAID.get(request.GET.get("done", ""))
    return Notice(str(said), "ok") if said else None


def _page(
    request: HttpRequest, found: Inspection, *, notice: Notice | None = None, errors: dict[str, str] | None = None
) -> TemplateResponse:
    actor, at = request.actor, clock.now()
    may_send = found.state in WAITING and actor.hat_for(_SEND, at=at, on=found) is not None
    may_look = found.state in WAITING and actor.hat_for(_LOOK, at=at, on=found) is not None
    context = {
        **_shown(found, at=at),
        "title": _("回头看：%(firm)s") % {"firm": found.enterprise.name},
        "notice": notice,
        "back": Link(_("回头看"), reverse("resumption:lookbacks")),
        "subject_href": drawing.desk_of(found.application) if found.application else "",
        "burden_href": _burden_of(found, actor, at=at),
        "phone": reverse("resumption:look", args=[found.id]) if may_look else "",
        "sending": filled([_sending(found, at=at)], request.POST.dict(), errors or {}) if may_send else [],
        "key": str(key_of(request)),
        "events": _events(found, names=True),
    }  # fmt: skip
    return TemplateResponse(request, "resumption/lookback.html", context)


def _burden_of(found: Inspection, actor: Actor, *, at: datetime) -> str:
    if found.state != "escalated" or found.application is None or found.application.state not in ("approved", "resumed"):
        return ""
    if actor.hat_for("resumption.burden.propose", at=at, on=found.application) is None:
        return ""
    return reverse("resumption:burden_propose", args=[found.application_id, "suspension"])


def _sending(found: Inspection, *, at: datetime) -> Field:
    people = [Option(str(id), name) for id, name in queries.people_with(_LOOK, found.region, at=at)]
    options = (Option("", _("%(office)s谁有空谁去") % {"office": found.office}), *people)
    return Field("person", _("谁去看"), "select", value=found.assigned_to, options=options, required=False)


def _shown(found: Inspection, *, at: datetime) -> dict[str, Any]:
    """Give what desk and enterprise read."""
    photos = keeping.of([found.id])
    kept = photos.get(found.id, [])
    facts = [
        Fact(_("为什么抽到"), why_of(found), note=_said_of_draw(found)),
        Fact(_("抽到的时间"), say_moment(found.drawn_at, at=at, style="full") if found.drawn_at else ""),
    ]
    if found.last_look_at:
        facts.append(Fact(_("看的时间"), say_moment(found.last_look_at, at=at, style="full"), note=_("第%d次") % found.looks))
        facts.append(Fact(_("看的人"), found.looked_by_name))
    if found.mend_by:
        facts.append(Fact(_("改好的期限"), drawing_day(found.mend_by)))
    return {
        "one": found, "name": found.enterprise.name, "state": state_of(found), "clock": clock_of(found), "facts": facts,
        "answers": answers_of(found), "mended_words": found.mended_words,
        "photos": [drawn(file) for file in kept if file.kind == "resumption.look"],
        "mended_photos": [drawn(file) for file in kept if file.kind == "resumption.mended"],
    }  # fmt: skip


def drawing_day(day: Any) -> str:
    """Say a day as people do."""
    return _("%(m)d月%(d)d日") % {"m": day.month, "d": day.day}


def _said_of_draw(found: Inspection) -> str:
    return _("按当天的种子抽，谁都能重算") if found.why == "share" else ""


def answers_of(found: Inspection) -> list[dict[str, Any]]:
    """Give the questions with what was found last; nothing before anybody looked."""
    rule = rule_of(found.pack)
    if rule is None or not found.answers:
        return []
    rows = []
    for question in rule.questions:
        one = found.answers.get(question.code, {})
        state = State(_("好的"), "ok", "check") if one.get("result") == "ok" else State(_("要改"), "ask", "flag")
        rows.append({"name": question.name, "ask": question.ask, "state": state, "note": one.get("note", "")})
    return rows


def _events(found: Inspection, *, names: bool) -> list[Event]:
    labels = {"draw": LOOKBACKS.opening.label, "send": _("派人去看"), **{verb: move.label for verb, move in LOOKBACKS.moves.items()}}
    return [
        Event(entry.at, str(labels.get(entry.verb, entry.verb)), note=entry.actor_name if names else "")
        for entry in reversed(reading.timeline(found))
        if entry.process == LOOKBACKS.name and (names or entry.verb not in ("draw", "send"))
    ]


# ------------------------------------------------------------------------------------------------ on the phone of who looks


@dataclass(frozen=True)
class Asked:
    """One question as it is answered."""

    code: str
    name: str
    ask: str
    result: str
    note: str
    error: str


@require_GET
@needs(_LOOK)
def looks(request: HttpRequest) -> HttpResponse:
    """List what waits to be looked at, one's own first."""
    at, actor = clock.now(), request.actor
    found = list(everything(Inspection).filter(state__in=WAITING).select_related("enterprise").order_by("due_at", "id")[:_MOST])
    me = str(actor.person)
    own = [one for one in found if one.assigned_to == me]
    open_ = [one for one in found if not one.assigned_to]
    groups = [
        TaskGroup(name, [_task(one) for one in rows], note)
        for name, rows, note in ((_("派给您的"), own, ""), (_("谁有空谁去"), open_, _("到了点开，当场填")))
        if rows
    ]
    context = {
        "head": _("回头看"), "back": reverse("resumption:lookbacks") if actor.may("resumption.see") else "", "groups": groups,
        "notice": _said(request), "now": say_moment(at, at=at, style="short"),
    }  # fmt: skip
    return TemplateResponse(request, "resumption/looks.html", context)


def _task(one: Inspection) -> Task:
    hint = f"{jurisdiction.name(one.region)} · {why_of(one)}" + (f" · {_('再看一次')}" if one.state == "again" else "")
    return Task(one.enterprise.name, reverse("resumption:look", args=[one.id]), hint, icon="place", clock=clock_of(one))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(_LOOK)
def look(request: HttpRequest, id: UUID) -> HttpResponse:
    """Ask the short list on the spot; a POST hands it in."""
    actor, at = request.actor, clock.now()
    if request.method != "POST":
        found = known(id)
        require(actor, _LOOK, at=at, on=found)
        return _look_page(request, found)
    with acting(actor):
        found = known(id)
        rule = rule_of(found.pack)
    if rule is None:
        raise Http404
    posted = request.POST
    given = {
        "inspection": id, "conclusion": posted.get("conclusion", ""), "remarks": posted.get("remarks", "")[:500],
        "results": {one.code: posted.get(f"r-{one.code}", "") for one in rule.questions},
        "notes": {one.code: posted.get(f"n-{one.code}", "") for one in rule.questions},
        "days": read_whole(posted.get("days", "")) or 0,
    }  # fmt: skip
    answer = run("resumption.lookback.look", given, actor=actor, at=at, key=key_of(request))
    if answer.ok:
        if given["conclusion"] == "escalate":
            return HttpResponseRedirect(f"{reverse('resumption:lookback', args=[id])}?done=escalate")
        return HttpResponseRedirect(f"{reverse('resumption:looks')}?done={given['conclusion']}")
    with acting(actor):
        errors = dict(answer.errors or {})
        notice = Notice(_("还有没填好的，看红字"), "stop") if errors else notice_of(answer, back="")
        page = _look_page(request, known(id), notice=notice, errors=errors)
    page.status_code = status_of(answer)
    return page


def _look_page(
    request: HttpRequest, found: Inspection, *, notice: Notice | None = None, errors: dict[str, str] | None = None
) -> TemplateResponse:
    rule, at = rule_of(found.pack), clock.now()
    if rule is None:
        raise NotFound()
    errors, posted = errors or {}, request.POST
    before = found.answers
    rows = []
    for one in rule.questions:
        was = before.get(one.code, {})
        result = posted.get(f"r-{one.code}", was.get("result", "") if was.get("result") == "ok" else "")
        note = posted.get(f"n-{one.code}", was.get("note", "") if was.get("result") == "fix" else "")
        error = errors.get(f"r-{one.code}") or errors.get(f"n-{one.code}") or ""
        rows.append(Asked(one.code, one.name, one.ask, result, note, error))
    days = [(n, drawing_day(local(at).date() + timedelta(days=n))) for n in rule.mend]
    context = {
        "head": _("回头看"), "back": reverse("resumption:looks"), "one": found, "name": found.enterprise.name,
        "state": state_of(found), "clock": clock_of(found), "open": found.state in WAITING, "notice": notice,
        "why": why_of(found), "place": jurisdiction.name(found.region), "rows": rows, "days": days, "days_error": errors.get("days", ""),
        "chosen": posted.get("days", ""), "photos_error": errors.get("photos", ""), "remarks": posted.get("remarks", found.remarks),
        "mended_words": found.mended_words, "saves": f"look-{found.id}-{found.looks}", "key": str(key_of(request)),
        "action": reverse("resumption:look", args=[found.id]), "desk": reverse("resumption:lookback", args=[found.id]),
        "photos": [drawn(file) for file in keeping.of([found.id], kind="resumption.look").get(found.id, [])],
        "mended_photos": [drawn(file) for file in keeping.of([found.id], kind="resumption.mended").get(found.id, [])],
    }  # fmt: skip
    return TemplateResponse(request, "resumption/look.html", context)


# ------------------------------------------------------------------------------------------------ the enterprise's side


@require_http_methods(["GET", "HEAD", "POST"])
@needs("resumption.apply")
def own(request: HttpRequest, id: UUID) -> HttpResponse:
    """Let the enterprise read what a look found, and say that it is mended. Before anybody looked there is nothing to read."""
    if request.method != "POST":
        found = known(id)
        require(request.actor, "resumption.apply", at=clock.now(), on=found)
        return _own(request, found, notice=_said(request))
    given = {"inspection": id, "words": request.POST.get("words", "")}
    answer = run("resumption.lookback.mended", given, actor=request.actor, at=clock.now(), key=key_of(request))
    done = f"{reverse('resumption:own_lookback', args=[id])}?done=mended"
    return answered(request, answer, to=done, again=lambda **why: _own(request, known(id), **why))


def _own(
    request: HttpRequest, found: Inspection, *, notice: Notice | None = None, errors: dict[str, str] | None = None
) -> TemplateResponse:
    if found.looked_at is None:
        raise NotFound()
    field = Field("words", _("改了什么"), "area", hint=_("一两句；能拍照的拍一张"), max_length=300)
    context = {
        **_shown(found, at=clock.now()),
        "title": _("回头看"), "head": _("回头看"), "back": reverse("resumption:home"), "notice": notice,
        "may_say": found.state == "mending", "until": say_deadline(end_of(found.mend_by), at=clock.now()) if found.mend_by else "",
        "fields": filled([field], request.POST.dict() if request.method == "POST" else {}, errors or {}),
        "action": reverse("resumption:own_lookback", args=[found.id]), "key": str(key_of(request)),
        "events": _events(found, names=False),
    }  # fmt: skip
    return TemplateResponse(request, "resumption/own_lookback.html", context)


def own_notices(enterprise: UUID, *, at: datetime) -> list[Notice]:
    """Give the notices for the enterprise's home: what is to be mended, and for a week what the last look found."""
    found: Sequence[Inspection] = everything(Inspection).filter(enterprise=enterprise, last_look_at__gte=at - timedelta(days=7))
    shown = []
    for one in sorted(found, key=lambda one: one.last_look_at or at, reverse=True)[:2]:
        link = Link(_("去看"), reverse("resumption:own_lookback", args=[one.id]))
        wrong = sum(answer.get("result") == "fix" for answer in one.answers.values())
        if one.state == "mending" and one.mend_by:
            until = say_deadline(end_of(one.mend_by), at=at)
            shown.append(Notice(_("回头看有 %(n)d 项要改，%(until)s改好") % {"n": wrong, "until": until}, "ask", "", link))
        elif one.state == "again":
            shown.append(Notice(_("整改已报，等镇街再来看"), "info", "", link))
        elif one.state == "fine":
            shown.append(Notice(_("回头看没有问题"), "ok", "", link))
        elif one.state == "escalated":
            shown.append(Notice(_("回头看有 %(n)d 项不符合") % {"n": wrong}, "stop", "", link))
    return shown
