"""Lists at the desk: the dynamic list of any evening, batches with their publication, the assessment register."""

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from qifu.areas.response.wording import speak_as_in
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local
from qifu.kernel.web import address_of, needs, public
from qifu.ui.asking import key_of, notice_of
from qifu.ui.parts import Cell, Chip, Column, Filter, Row, State, View
from qifu.ui.words import say_day, say_moment

from .. import lists, worklist
from ..models import Application, Batch
from ..terms import SIZES, STATES, Removal
from . import drawing
from .worklist import at_a_desk

SEE = "resumption.see"


def _tabs(here: str) -> list[View]:
    words = {"dynamic": _("动态清单"), "batches": _("批次和名单"), "register": _("评估台账")}
    return [View(word, reverse(f"resumption:{name}"), here=name == here) for name, word in words.items()]


# ------------------------------------------------------------------------------------------------ the dynamic list


@require_GET
@needs(SEE)
def dynamic(request: HttpRequest) -> HttpResponse:
    """Show who may work or works, as it stood on the evening of a day."""
    actor, now = request.actor, clock.now()
    if not at_a_desk(actor):
        return HttpResponseRedirect(reverse("resumption:home"))
    day, town, text = day_of(request.GET, now), town_of(request.GET), text_of(request.GET)
    found = lists.dynamic(actor, day=day, text=text, town=town)
    moved = lists.changes(actor, day=day)
    until = lists.evening(day)
    context = {
        "title": _("复工复产动态清单"), "tabs": _tabs("dynamic"), "days": _days(request.GET, day, now), "day": day,
        "latest": local(now).date(), "live": until > now, "asof": now, "total": len(found),
        "counts": [(STATES[state], sum(line.state == state for line in found)) for state in lists.LISTED],
        "came": [one for one in moved if one.came], "gone": [(one.line, STATES.get(one.state, "")) for one in moved if not one.came],
        "columns": [
            Column(_("企业"), "name"), Column(_("镇街"), "text", "l"), Column(_("规模"), "text", "s"), Column(_("状态"), "state", "l"),
            Column(_("从几时起"), "time", "l"), Column(_("首批返岗"), "number", "m"), Column(_("批次"), "text", "m"),
        ],
        "rows": [_line_row(line) for line in found], "chips": _chips(request.GET, town, text), "filters": _filters(request.GET, actor),
        "q": text, "export": f"{reverse('resumption:lists_export', args=['dynamic'])}?{request.GET.urlencode()}",
    }  # fmt: skip
    return TemplateResponse(request, "resumption/dynamic.html", context)


def _line_row(line: lists.Line) -> Row:
    state = State(STATES[line.state], *drawing.TONES[line.state])
    return Row(
        str(line.id), line.name, address_of("resumption:subject", line.id),
        (
            Cell("name", line.name, mark=_("亿") if line.over_100m else ""), Cell("text", line.town), Cell("text", line.size),
            Cell("state", state), Cell("time", line.since), Cell("number", line.staff),
            Cell("text", _("第%d批") % line.batch if line.batch else "—"),
        ),
    )  # fmt: skip


def day_of(given: QueryDict, now: datetime, name: str = "day") -> date:
    """Read a day from the address: never one to come; what does not fit is today."""
    try:
        return min(clock.read_day(given.get(name, "")), local(now).date())
    except ValueError:
        return local(now).date()


def town_of(given: QueryDict) -> int | None:
    """Read a town from the address; what does not fit is none."""
    word = given.get("town", "")
    return int(word) if word.isdecimal() and len(word) < 10 else None


def text_of(given: QueryDict) -> str:
    """Read what is searched for."""
    return given.get("q", "").replace("\x00", "").strip()[:60]


def _address(given: QueryDict, **change: Any) -> str:
    words = given.copy()
    for name, value in change.items():
        words.pop(name, None)
        if value not in ("", None):
            words[name] = str(value)
    return f"?{words.urlencode()}"


def _days(given: QueryDict, day: date, now: datetime) -> list[View]:
    words = (_("现在"), _("昨天晚上"))
    near = enumerate(lists.days(now))
    return [
        View(words[back] if back < 2 else say_day(_noon(one, now), at=now, with_weekday=False), _address(given, day=one), here=one == day)
        for back, one in near
    ]


def _noon(day: date, now: datetime) -> datetime:
    return local(now).replace(year=day.year, month=day.month, day=day.day, hour=12, minute=0)


def _chips(given: QueryDict, town: int | None, text: str) -> list[Chip]:
    chips = [Chip(_("查找"), text, _address(given, q=""))] if text else []
    if town is not None:
        try:
            chips.append(Chip(_("镇街"), jurisdiction.name(town), _address(given, town="")))
        except jurisdiction.UnknownPlace:
            chips.append(Chip(_("镇街"), _("没有这个地方"), _address(given, town="")))
    return chips


def _filters(given: QueryDict, actor: Actor) -> list[Filter]:
    towns = worklist.towns(actor)
    return [Filter(_("镇街"), [View(name, _address(given, town=region)) for region, name in towns])] if len(towns) > 1 else []


# ------------------------------------------------------------------------------------------------ batches


@require_http_methods(["GET", "HEAD", "POST"])
@needs(SEE)
def batches(request: HttpRequest) -> HttpResponse:
    """Show what waits to be published and what was; a POST publishes the next batch."""
    if request.method != "POST":
        if not at_a_desk(request.actor):
            return HttpResponseRedirect(reverse("resumption:home"))
        return TemplateResponse(request, "resumption/batches.html", _batches(request))
    chosen = [word for word in request.POST.getlist("row")[:500] if _is_id(word)]
    answer = run("resumption.publish", {"applications": chosen}, actor=request.actor, at=clock.now(), key=key_of(request))
    if answer.ok:
        return HttpResponseRedirect(f"{reverse('resumption:batches')}?done={answer.result.number}")
    with acting(request.actor):
        context = _batches(request) | {"notice": notice_of(answer, back=reverse("resumption:batches"))}
    return TemplateResponse(request, "resumption/batches.html", context, status=409)


def _is_id(word: str) -> bool:
    try:
        UUID(word)
    except ValueError:
        return False
    return True


def _batches(request: HttpRequest) -> dict[str, Any]:
    actor, now = request.actor, clock.now()
    waiting = lists.waiting(actor)
    may = actor.may("resumption.publish")
    found = lists.batches(actor)
    numbers = {batch.district: batch.number for batch in reversed(found)}
    districts = {a.district for a in waiting}
    done = request.GET.get("done", "")
    return {
        "title": _("批次和名单"), "tabs": _tabs("batches"), "waiting": [_waiting(a, now) for a in waiting], "may": may,
        "next": numbers.get(next(iter(districts)), 0) + 1 if len(districts) == 1 else 0, "notice": None,
        "batches": [_batch(batch) for batch in found],
        "toasts": [{"word": _("第%s批已经发布，公开页马上看得到。") % done, "seconds": 8}] if done.isdecimal() and len(done) < 6 else [],
    }  # fmt: skip


def _waiting(a: Application, now: datetime) -> SimpleNamespace:
    return SimpleNamespace(
        id=str(a.id), name=a.enterprise.name, href=drawing.desk_of(a), town=jurisdiction.name(a.region),
        size=SIZES.get(a.enterprise.size, ""), state=drawing.state_of(a), decided=say_moment(a.decided_at, at=now) if a.decided_at else "",
    )  # fmt: skip


def _batch(batch: Batch) -> SimpleNamespace:
    lines = list(batch.lines.all())
    off = [line for line in lines if line.removed_at]
    return SimpleNamespace(
        number=batch.number, place=batch.place, day=batch.day, at=batch.published_at, total=len(lines), off=len(off),
        href=reverse("resumption:published", args=[batch.district, batch.number]),
        export=reverse("resumption:batch_export", args=[batch.district, batch.number]),
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------ the public page


@require_GET
@public
def published(request: HttpRequest, district: int, number: int = 0) -> HttpResponse:
    """Show the published list of a district, or one batch: firm, town, batch, day; what left it, with its class of reason."""
    found = Batch.objects.filter(district=district).order_by("-number").prefetch_related("lines")
    if number:
        found = found.filter(number=number)
    shown = list(found[:40])
    if not shown:
        raise Http404
    if (place := jurisdiction.by_code(str(district))) is not None:
        speak_as_in(place.id, clock.now())
    text = text_of(request.GET)
    parts = []
    for batch in shown:
        lines = [line for line in batch.lines.all() if text in line.name]
        if lines:
            standing, off = [line for line in lines if not line.removed_at], [line for line in lines if line.removed_at]
            parts.append(SimpleNamespace(batch=batch, lines=standing, off=[(line, Removal(line.removed_why).label) for line in off]))
    context = {
        "title": _("%s复工企业名单") % shown[0].place, "place": shown[0].place, "parts": parts, "q": text, "number": number,
        "total": sum(len(part.lines) for part in parts), "all": reverse("resumption:published_all", args=[district]), "asof": clock.now(),
    }  # fmt: skip
    return TemplateResponse(request, "resumption/published.html", context)


# ------------------------------------------------------------------------------------------------ the register


@require_GET
@needs(SEE)
def register(request: HttpRequest) -> HttpResponse:
    """Show the assessment register: every visit of some days, always current, kept by nobody."""
    if not at_a_desk(request.actor):
        return HttpResponseRedirect(reverse("resumption:home"))
    now = clock.now()
    since, until = span_of(request.GET, now)
    found = lists.register(request.actor, since=since, until=until)
    context = {
        "title": _("评估台账"), "tabs": _tabs("register"), "since": since, "until": until, "latest": local(now).date(), "total": len(found),
        "counts": [
            (_("通过"), sum(one.passed for one in found)), (_("要求整改"), sum(not one.passed for one in found)),
            (_("企业"), len({one.id for one in found})),
        ],
        "columns": [
            Column(_("企业"), "name"), Column(_("镇街"), "text", "l"), Column(_("评估小组"), "text", "l"), Column(_("评估人"), "text", "m"),
            Column(_("几时评估"), "time", "l"), Column(_("结论"), "state", "l"), Column(_("要改的"), "text"),
            Column(_("现在"), "state", "l"),
        ],
        "rows": [_visit_row(one) for one in found],
        "export": f"{reverse('resumption:lists_export', args=['register'])}?{request.GET.urlencode()}",
    }  # fmt: skip
    return TemplateResponse(request, "resumption/register.html", context)


def span_of(given: QueryDict, now: datetime) -> tuple[date, date]:
    """Read the days from and to, both included; the same day where only one is given."""
    until = day_of(given, now, "until")
    since = day_of(given, now, "since") if given.get("since") else until
    return min(since, until), until


def _visit_row(one: lists.Assessed) -> Row:
    verdict = State(_("通过"), "ok", "check") if one.passed else State(_("要求整改"), "ask", "flag")
    return Row(
        str(one.id), one.name, reverse("resumption:subject", args=[one.id]),
        (
            Cell("name", one.name), Cell("text", one.town), Cell("text", one.team or "—"), Cell("text", one.assessor), Cell("time", one.at),
            Cell("state", verdict), Cell("text", "、".join(one.to_mend) or "—"),
            Cell("state", State(STATES.get(one.state, ""), *drawing.TONES.get(one.state, ("idle", "ring")))),
        ),
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------ taking it along


@require_GET
@needs(SEE)
def export(request: HttpRequest, what: str) -> HttpResponse:
    """Lead to taking a list along as it is narrowed: at once up to 500 rows, above with a second person."""
    if what not in ("dynamic", "register"):
        raise Http404
    return _taking(f"resumption.{what}", request.GET)


@require_GET
@needs(SEE)
def batch_export(request: HttpRequest, district: int, number: int) -> HttpResponse:
    """Lead to taking one published batch along."""
    words = request.GET.copy()
    words["district"], words["number"] = str(district), str(number)
    return _taking("resumption.batch", words)


def _taking(listing: str, given: QueryDict) -> HttpResponse:
    words = given.copy()
    words["list"] = listing
    return HttpResponseRedirect(f"{reverse('papers:export_new')}?{words.urlencode()}")
