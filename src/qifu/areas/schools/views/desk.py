"""The desk of the bureau and of the district's office: the list, one school, and what may be done with it."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from qifu.kernel import jurisdiction
from qifu.kernel.access import NotYours, SecondFactorNeeded, acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local
from qifu.kernel.language import said as _
from qifu.kernel.values import uuid7
from qifu.kernel.web import needs
from qifu.ui.asking import filled, key_of, notice_of, status_of, strong_address
from qifu.ui.parts import Action, Cell, Clock, Column, Field, Link, Notice, Option, Row, offered

from .. import queries
from ..models import School
from ..terms import Kind, Role
from ..workflow import REOPENING
from . import drawing

REASON = Field("reason", _("说明"), "area", hint=_("写明为什么、要改什么；学校看得到"), max_length=500)


@dataclass(frozen=True)
class Act:
    """One act of a desk: the action that it runs, and what its page asks. `label` and `then` where it is no move of the process."""

    action: str
    asks: tuple[Field, ...] = ()
    danger: bool = False
    label: str = ""
    then: str = ""


ACTS: dict[str, Act] = {
    "consent": Act("schools.consent"),
    "refuse": Act("schools.refuse", asks=(REASON,), danger=True),
    "study": Act("schools.study", asks=(REASON,)),
    "district_reply": Act("schools.district_reply"),
    "district_refuse": Act("schools.district_refuse", asks=(REASON,), danger=True),
    "quarantine": Act("schools.quarantine", asks=(REASON,), danger=True),
    "release": Act("schools.release"),
    "close": Act("schools.close", asks=(REASON,), danger=True),
    "head": Act(
        "schools.appoint_head",
        label=_("登记学校负责人"),
        then=_("用这个手机号登录，就能自查、报告；原来的负责人还在，要收回另办。"),
        asks=(Field("name", _("姓名"), max_length=60), Field("phone", _("手机号码"), "tel", hint=_("本人用的，收验证码"), max_length=20)),
    ),
}
FIRST = ("consent", "study", "district_reply", "release")
COLUMNS = (
    Column(_("学校"), "name"),
    Column(_("镇街")),
    Column(_("类别")),
    Column(_("现在"), "state"),
    Column(_("暂不返校"), "number"),
    Column(_("计划开学")),
    Column(_("答复时限"), "clock"),
)


@require_GET
@needs("school.consent", "school.district_reply")
def listed(request: HttpRequest) -> HttpResponse:
    """List the schools in reach, those whose answer is due first."""
    rows = [_row(one) for one in queries.schools(request.actor)[:500]]
    opened = sum(row.tone == "open" for row in rows)
    context = {
        "columns": COLUMNS,
        "rows": [Row(row.id, row.name, row.href, row.cells) for row in rows],
        "line": _("{n}所，已开学{opened}所", n=len(rows), opened=opened),
        "new": reverse("schools:new") if request.actor.may("school.consent") else "",
    }
    return TemplateResponse(request, "schools/listed.html", context)


def _row(school: School) -> Row:
    away: int = school.away  # type: ignore[attr-defined]
    cells = (
        Cell("name", school.name),
        Cell("text", jurisdiction.name(school.region)),
        Cell("text", Kind(school.kind).label),
        Cell("state", drawing.state_of(school)),
        Cell("number", away),
        Cell("text", _("{local:%-m月%-d日}", local=local(school.planned_at)) if school.planned_at else ""),
        Cell("clock", drawing.clock_of(school) or Clock()),
    )
    return Row(str(school.id), school.name, reverse("schools:subject", args=[school.id]), cells, tone=school.state)


# ------------------------------------------------------------------------------------------------ a new school


def _new_fields(request: HttpRequest) -> list[Field]:
    towns = sorted({place for hat in request.actor.hats if hat.place for place in jurisdiction.reach(hat.place)})
    kinds = ("town", "subdistrict", "zone", "park")
    found = [one for place in towns if (one := jurisdiction.place(place)).kind in kinds]
    return [
        Field("name", _("学校名称"), max_length=80),
        Field("region", _("所在镇街"), "select", options=[Option(str(one.id), one.name) for one in found], placeholder=_("选镇街")),
        Field("kind", _("类别"), "select", options=[Option(*one) for one in Kind.choices], placeholder=_("选类别")),
        Field("pupils", _("学生人数"), "number"),
        Field("staff", _("教职工人数"), "number"),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@needs("school.consent")
def new(request: HttpRequest) -> HttpResponse:
    """Enter a school."""
    errors: dict[str, str] = {}
    notice, status = None, 200
    fields = _new_fields(request)
    if request.method == "POST":
        given = {field.name: request.POST.get(field.name, "") for field in fields}
        answer = run("schools.register", given, actor=request.actor, at=clock.now(), key=key_of(request))
        if answer.ok:
            return HttpResponseRedirect(reverse("schools:subject", args=[answer.result.id]))
        errors, status = dict(answer.errors or {}), status_of(answer)
        notice = None if errors else notice_of(answer, back=request.path)
    context = {
        "title": _("登记学校"),
        "fields": filled(fields, request.POST, errors),
        "notice": notice,
        "primary": _("登记"),
        "back": Link(_("学校"), reverse("schools:listed")),
        "key": request.POST.get("key") or str(uuid7()),
        "thens": (_("登记好以后，在学校的页面登记负责人，他用手机就能自查、报告。"),),
    }
    return TemplateResponse(request, "schools/act.html", context, status=status)


# ------------------------------------------------------------------------------------------------ one school


@require_GET
@needs("school.consent", "school.district_reply")
def subject(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one school: where it stands, what may be done now and why not."""
    return TemplateResponse(request, "schools/subject.html", sheet(request, queries.school(id, request.actor)))


def sheet(request: HttpRequest, school: School, *, notice: Notice | None = None) -> dict[str, Any]:
    """Give the context of the page. Call inside `acting`."""
    actor, at = request.actor, clock.now()
    away = queries.away(school.id)
    found = SimpleNamespace(
        id=str(school.id),
        name=school.name,
        href=reverse("schools:subject", args=[school.id]),
        number="",
        line="",
        state=drawing.state_of(school),
        clock=drawing.clock_of(school),
        stands="",
        tools=[],
        notice=notice or (Notice(_("写在这里的说明：{reason}", reason=school.reason), "ask") if school.reason else None),
        facts=drawing.facts_of(school, at=at, away=len(away), untold=sum(one.told_at is None for one in away)),
        stops=drawing.stops_of(school),
        used=(),
        checks=[],
        actions=actions_for(request, school),
        whys=drawing.whys_of(school, at=at),
        whys_note=_("逐条对过"),
        papers=[],
        events=drawing.events_of(school),
        events_note=_("全部留痕，不能删改"),
        back=Link(_("学校"), reverse("schools:listed")),
        place="",
        previous="",
        next="",
    )
    # Who is away is the school's and the bureau's business; the district's office needs the number.
    names = away if actor.hat_for("school.consent", at=at, on=school) else []
    return {"subject": found, "absences": [(one, Role(one.role).label, one.get_why_display()) for one in names]}


def actions_for(request: HttpRequest, school: School) -> list[Action]:
    """Draw what an office may do, the next step first; what is another's is left out, what is refused says why."""
    actor, here = request.actor, reverse("schools:subject", args=[school.id])
    drawn: list[Action] = []
    for choice in REOPENING.possible(school, actor=actor, at=clock.now()):
        verb = choice.move.verb
        if verb not in ACTS or isinstance(choice.refusal, NotYours):
            continue
        if isinstance(choice.refusal, SecondFactorNeeded):
            fix = Link(_("去验证动态口令"), strong_address(here))
            drawn.append(Action(choice.move.label, refused=choice.refusal.says, who=choice.refusal.fix, fix=fix))
            continue
        act, main = ACTS[verb], verb in FIRST
        drawn.append(
            offered(
                choice,
                href=reverse("schools:act", args=[school.id, verb]),
                then=(choice.move.then,),
                kind="main" if main else ("danger" if act.danger else "plain"),
                opens=bool(act.asks),
                hidden=() if act.asks else (("key", str(uuid7())),),
            )
        )
    drawn.sort(key=lambda action: (bool(action.refused), action.kind != "main"))
    if actor.hat_for("school.consent", at=clock.now(), on=school):
        head = ACTS["head"]
        drawn.append(Action(head.label, _("登记"), reverse("schools:act", args=[school.id, "head"]), (head.then,), opens=True))
    return drawn


@require_http_methods(["GET", "HEAD", "POST"])
@needs("school.consent", "school.district_reply")
def act(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Ask for words where an act needs them, then do it; a refusal comes back with everything that was typed."""
    chosen = ACTS.get(verb)
    if chosen is None:
        raise Http404
    if request.method != "POST":
        return _form(request, queries.school(id, request.actor), verb, errors={}, notice=None)
    given: dict[str, Any] = {"school": id, **{field.name: request.POST.get(field.name, "") for field in chosen.asks}}
    answer = run(chosen.action, given, actor=request.actor, at=clock.now(), key=key_of(request))
    here = reverse("schools:subject", args=[id])
    if answer.ok:
        return HttpResponseRedirect(here)
    with acting(request.actor):
        school = queries.school(id, request.actor)
        notice = notice_of(answer, back=here)
        if chosen.asks:
            response = _form(request, school, verb, errors=answer.errors or {}, notice=None if answer.errors else notice)
        else:
            response = TemplateResponse(request, "schools/subject.html", sheet(request, school, notice=notice))
    response.status_code = status_of(answer)
    return response


def _form(request: HttpRequest, school: School, verb: str, *, errors: Any, notice: Notice | None) -> HttpResponse:
    act, move = ACTS[verb], REOPENING.moves.get(verb)
    label, then = (move.label, move.then) if move else (act.label, act.then)
    context = {
        "title": label,
        "name": school.name,
        "state": drawing.state_of(school),
        "fields": filled(act.asks, request.POST, errors),
        "notice": notice,
        "primary": label,
        "danger": act.danger,
        "back": Link(school.name, reverse("schools:subject", args=[school.id])),
        "key": request.POST.get("key") or str(uuid7()),
        "thens": (then,),
    }
    return TemplateResponse(request, "schools/act.html", context)
