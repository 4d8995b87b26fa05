"""One enterprise, one plan: its page at the desk, the list of what is past its day, and the enterprise's own page (FEATURES 2.12)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qifu.areas.registry import api as registry
from qifu.areas.registry.api import Enterprise
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotFound, NotYours, acting
from qifu.kernel.access.models import everything
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local
from qifu.kernel.web import needs
from qifu.ui.asking import answered, filled, key_of, safe
from qifu.ui.parts import Cell, Column, Field, Link, Notice, Option, Row, View
from qifu.ui.words import say_moment

from .. import queries
from ..firm_plans import LONGEST_DAYS, OWNERS, PLAN_LINES, UNDONE, is_owner
from ..models import FirmPlan, PlanLine
from .firm_plan_words import day_words, drawn_owner, state_of
from .home import address, choose, firm_of

KEEP, DO, SEE = "resumption.firm_plan", "resumption.firm_plan.line", "resumption.see"
VIEWS = {
    "late": gettext_lazy("过期没办好"), "mine": gettext_lazy("归我办"), "open": gettext_lazy("在办"), "done": gettext_lazy("办好了"),
}  # fmt: skip
SAID = {
    "write": gettext_lazy("写好了。"),
    "add": gettext_lazy("加上了，负责的能看到。"),
    "tell": gettext_lazy("进展记下了。"),
    "tick": gettext_lazy("办好了，已经勾上。"),
    "postpone": gettext_lazy("延期了，新的日期已经写上。"),
    "reopen": gettext_lazy("回到在办了。"),
    "drop": gettext_lazy("不办了，原因留在方案里。"),
}
_MOST = 300


def late_lines(at: datetime) -> Any:
    """Give the measures past their day."""
    return everything(PlanLine).filter(state__in=UNDONE, due_on__lt=local(at).date())


# ------------------------------------------------------------------------------------------------ the list


@require_GET
@needs(SEE, KEEP, DO)
def plans(request: HttpRequest) -> HttpResponse:
    """List measures within reach: past their day, one's own, open, done; the earliest day first."""
    actor, at = request.actor, clock.now()
    if not any(hat.place is not None for hat in actor.hats):
        return HttpResponseRedirect(reverse("resumption:own_plan"))
    view = request.GET.get("view", "late")
    view = view if view in VIEWS else "late"
    open_ = everything(PlanLine).filter(state__in=UNDONE).select_related("plan__enterprise").order_by("due_on", "id")
    mine = [line for line in open_[:2000] if is_owner(line, actor)]
    counts = everything(PlanLine).aggregate(open=Count("id", filter=Q(state__in=UNDONE)), done=Count("id", filter=Q(state="done")))
    late = late_lines(at).select_related("plan__enterprise").order_by("due_on", "id")
    of = {"late": late.count(), "mine": len(mine), **counts}
    shown = {"late": late, "mine": mine, "open": open_}.get(view)
    if shown is None:
        shown = everything(PlanLine).filter(state="done").select_related("plan__enterprise").order_by("-done_at", "id")
    firms = everything(FirmPlan).count()
    context = {
        "title": _("一企一策"),
        "line": _("%(firms)d 家有方案，在办 %(open)d 条，过期 %(late)d 条") % {"firms": firms, "open": of["open"], "late": of["late"]},
        "tabs": [View(str(w), f"?view={n}", of[n], tone="stop" if n == "late" and of[n] else "", here=n == view) for n, w in VIEWS.items()],
        "columns": [
            Column(_("企业"), "name"), Column(_("措施"), "text"), Column(_("谁负责"), "owner", "m"), Column(_("几号前"), "text", "m"),
            Column(_("状态"), "state", "l"), Column(_("进展"), "text", "l"),
        ],
        "rows": [_row(line, at=at) for line in shown[:_MOST]],
    }  # fmt: skip
    return TemplateResponse(request, "resumption/plans.html", context)


def _row(line: PlanLine, *, at: datetime) -> Row:
    firm = line.plan.enterprise
    cells = [
        Cell("name", firm.name), Cell("text", line.what), Cell("owner", drawn_owner(line)), Cell("text", day_words(line, at=at)),
        Cell("state", state_of(line, at=at)), Cell("text", line.notes[-1]["words"] if line.notes else ""),
    ]  # fmt: skip
    return Row(str(line.id), firm.name, f"{reverse('resumption:firm_plan', args=[firm.id])}#l-{line.id}", cells)


# ------------------------------------------------------------------------------------------------ one enterprise's plan


@require_http_methods(["GET", "HEAD", "POST"])
@needs(SEE, KEEP, DO)
def firm_plan(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show an enterprise's plan at the desk; a POST writes what it is about, or adds a measure."""
    actor, at = request.actor, clock.now()
    if request.method != "POST":
        firm = _seen(id, actor, at)
        if not any(hat.place is not None for hat in actor.hats):
            return HttpResponseRedirect(f"{reverse('resumption:own_plan')}?firm={id}")
        return _page(request, firm, notice=_said(request))
    with acting(actor):
        firm = _seen(id, actor, at)
        plan = everything(FirmPlan).filter(enterprise=firm.id).first()
    posted, verb = request.POST, "add" if request.POST.get("do") == "add" else "write"
    if verb == "write":
        answer = run(
            "resumption.firm_plan.write", {"enterprise": id, "aim": posted.get("aim", "")}, actor=actor, at=at, key=key_of(request)
        )
    elif plan is None:
        raise Http404
    else:
        given = {"plan": plan.id, "what": posted.get("what", ""), "owner": posted.get("owner", ""), "due_on": posted.get("due_on", "")}
        answer = run("resumption.firm_plan.add", given, actor=actor, at=at, key=key_of(request))
    done = f"{reverse('resumption:firm_plan', args=[id])}?done={verb}"
    return answered(request, answer, to=done, again=lambda **why: _page(request, firm, **why))


def _seen(id: UUID, actor: Actor, at: datetime) -> Enterprise:
    firm = registry.enterprise(id)
    if not any(actor.hat_for(right, at=at, on=firm) for right in (SEE, KEEP, DO)):
        raise NotYours(right=SEE)
    return firm


def _said(request: HttpRequest) -> Notice | None:
    said = SAID.get(request.GET.get("done", ""))
    return Notice(str(said), "ok") if said else None


def lines_of(plan: FirmPlan | None) -> list[PlanLine]:
    """Give a plan's measures: what is open by its day, then what is done, then what was left."""
    order = {"open": 0, "extended": 0, "done": 1, "dropped": 2}
    return sorted(plan.lines.all(), key=lambda line: (order[line.state], line.due_on, str(line.id))) if plan else []


def _page(
    request: HttpRequest, firm: Enterprise, *, notice: Notice | None = None, errors: dict[str, str] | None = None, line: UUID | None = None
) -> TemplateResponse:
    actor, at = request.actor, clock.now()
    plan = everything(FirmPlan).filter(enterprise=firm.id).first()
    lines = lines_of(plan)
    keeps = actor.hat_for(KEEP, at=at, on=firm) is not None
    posted = request.POST.dict() if request.method == "POST" and line is None else {}
    wrong = errors or {}
    application = next(iter(queries.of_enterprise(firm.id)), None) if actor.may(SEE) else None
    kept = [one for one in lines if one.state != "dropped"]
    context = {
        "title": _("一企一策：%(firm)s") % {"firm": firm.name}, "name": firm.name, "plan": plan, "notice": notice,
        "place": jurisdiction.name(firm.region), "back": Link(_("一企一策"), reverse("resumption:plans")),
        "subject_href": reverse("resumption:subject", args=[application.id]) if application else "",
        "changed": say_moment(plan.changed_at, at=at, style="full") if plan else "",
        "lines": _drawn(lines, request, line, wrong),
        "done": sum(one.state == "done" for one in kept), "of": len(kept),
        "aim": filled([_aim(plan)], posted, wrong) if keeps else [], "aim_open": plan is None or "aim" in wrong,
        "adding": filled(_fields(firm, at=at), posted, wrong) if keeps and plan else [],
        "key": str(key_of(request)), "line_address": "resumption:plan_line",
    }  # fmt: skip
    return TemplateResponse(request, "resumption/firm_plan.html", context)


def _drawn(lines: list[PlanLine], request: HttpRequest, typed: UUID | None, errors: dict[str, str]) -> list[dict[str, Any]]:
    """Draw the measures; what was typed into one of them stays in that one."""
    at, posted = clock.now(), request.POST.dict()
    none: dict[str, str] = {}
    return [
        drawn(one, actor=request.actor, at=at, posted=posted if one.id == typed else none, errors=errors if one.id == typed else none)
        for one in lines
    ]


def _aim(plan: FirmPlan | None) -> Field:
    hint = _("卡在哪里，要办到什么样；一两句")
    return Field("aim", _("要解决什么"), "area", value=plan.aim if plan else "", hint=hint, max_length=500)


def _fields(firm: Enterprise, *, at: datetime) -> list[Field]:
    offices = [Option(code, _(word)) for code, (word, _roles) in OWNERS.items()]
    people = [Option(str(id), name) for id, name in queries.people_with(DO, firm.region, at=at)]
    today = local(at).date()
    hint = _("到这天24点；最远%(n)d天") % {"n": LONGEST_DAYS}
    return [
        Field("what", _("措施"), "text", hint=_("办什么，办到什么样"), max_length=200),
        Field("owner", _("谁负责"), "select", options=(Option("", _("选一个")), *offices, *people)),
        Field("due_on", _("几号前办好"), "date", value=(today + timedelta(days=3)).isoformat(), hint=hint),
    ]


def drawn(line: PlanLine, *, actor: Actor, at: datetime, posted: dict[str, str], errors: dict[str, str]) -> dict[str, Any]:
    """Draw a measure with what this person may do with it."""
    may = {choice.move.verb: str(choice.move.label) for choice in PLAN_LINES.possible(line, actor=actor, at=at) if choice.allowed}
    if "tick" in may:
        may = {"tick": may["tick"], "tell": _("只报进展"), **may}
    day = line.due_on if line.due_on > local(at).date() else local(at).date() + timedelta(days=2)
    notes = [{**note, "at": say_moment(datetime.fromisoformat(note["at"]), at=at, style="full")} for note in reversed(line.notes[-5:])]
    return {
        "id": line.id,
        "what": line.what,
        "owner": drawn_owner(line),
        "state": state_of(line, at=at),
        "day": day_words(line, at=at),
        "mine": "tick" in may,
        "verbs": list(may.items()),
        "dated": bool({"postpone", "reopen"} & may.keys()),
        "words": posted.get("words", ""),
        "due_on": posted.get("due_on", day.isoformat()),
        "error": errors.get("words") or errors.get("due_on", ""),
        "open": bool(posted),
        "over": line.state not in UNDONE,
        "notes": notes,
    }


# ------------------------------------------------------------------------------------------------ one measure


@require_POST
@needs(KEEP, DO)
def plan_line(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Do what was chosen with one measure; a refusal comes back on its page with what was typed."""
    if verb not in ("tell", "tick", "drop", "postpone", "reopen"):
        raise Http404
    actor, at, posted = request.actor, clock.now(), request.POST
    with acting(actor):
        found = everything(PlanLine).filter(pk=id).select_related("plan__enterprise").first()
        if found is None:
            raise NotFound()
        firm = found.plan.enterprise
    given: dict[str, Any] = {"line": id, "words": posted.get("words", "")}
    if verb in ("postpone", "reopen"):
        given["due_on"] = posted.get("due_on", "")
    answer = run(f"resumption.firm_plan.{verb}", given, actor=actor, at=at, key=key_of(request))
    at_desk = any(hat.place is not None for hat in actor.hats)
    here = reverse("resumption:firm_plan", args=[firm.id]) if at_desk else reverse("resumption:own_plan") + f"?firm={firm.id}"
    done = safe(request, posted.get("back", ""), here)
    done += f"{'&' if '?' in done else '?'}done={verb}"
    draw = _page if at_desk else _own
    return answered(request, answer, to=done, again=lambda **why: draw(request, firm, line=id, **why))


# ------------------------------------------------------------------------------------------------ the enterprise's side


@require_GET
@needs("resumption.apply")
def own_plan(request: HttpRequest) -> HttpResponse:
    """Show the enterprise its own plan: what is its to do, and what others do for it."""
    firm = firm_of(request)
    return choose(request) if firm is None else _own(request, firm, notice=_said(request))


def _own(
    request: HttpRequest, firm: Enterprise, *, notice: Notice | None = None, errors: dict[str, str] | None = None, line: UUID | None = None
) -> TemplateResponse:
    plan = everything(FirmPlan).filter(enterprise=firm.id).first()
    wrong = errors or {}
    shown = _drawn(lines_of(plan), request, line, wrong)
    kept = [one for one in lines_of(plan) if one.state != "dropped"]
    context = {
        "head": _("一企一策"), "back": address("home", request), "name": firm.name, "plan": plan, "notice": notice,
        "lines": [one for one in shown if one["mine"]], "others": [one for one in shown if not one["mine"]],
        "done": sum(one.state == "done" for one in kept), "of": len(kept), "key": str(key_of(request)),
        "line_address": "resumption:own_plan_line", "back_to": f"{reverse('resumption:own_plan')}?firm={firm.id}",
    }  # fmt: skip
    return TemplateResponse(request, "resumption/own_plan.html", context)
