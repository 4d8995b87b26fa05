"""The enterprise's own pages: what is next, what lacks, who has it now; and the few acts that are the enterprise's."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET, require_http_methods

from qifu.areas.registry import api as registry
from qifu.areas.registry.api import Enterprise
from qifu.areas.response import api as response
from qifu.kernel import jurisdiction
from qifu.kernel.access import ActionRefused, NotFound, acting, require
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local
from qifu.kernel.forms import Form, Missing
from qifu.kernel.journal import reading
from qifu.kernel.language import listed, said
from qifu.kernel.web import needs
from qifu.ui.asking import filled, key_of, notice_of, status_of, unfit
from qifu.ui.parts import Clock, Event, Field, Link, Notice, Task, TaskGroup, View
from qifu.ui.seen import check_unmoved, hidden
from qifu.ui.words import say_deadline, say_moment

from .. import daily, queries
from ..actions.apply import form_of, to_mend
from ..models import Application
from ..terms import STATES
from ..workflow import RESUMPTION
from . import drawing
from .burden import own_notices
from .firm_plan_words import own_notices as of_plan
from .lookback import own_notices as of_lookbacks
from .papers import papers_of
from .questions import drawn_step, read_posted
from .signing import sign_of

APPLY = "resumption.apply"
FINISHED = ("withdrawn", "refused")


def firm_of(request: HttpRequest) -> Enterprise | None:
    """Give the enterprise that the page is about; None where the person acts for several and has not chosen, or for none.

    The address names it, so that two tabs never mix two enterprises up. Refuses NotFound and NotYours."""
    actor, given = request.actor, request.GET.get("firm", "")
    if given:
        try:
            firm = registry.enterprise(UUID(given))
        except ValueError:
            raise NotFound() from None
        require(actor, APPLY, at=clock.now(), on=firm)
        return firm
    firms = registry.enterprises_of(actor)
    return firms[0] if len(firms) == 1 else None


def address(name: str, request: HttpRequest, *args: Any) -> str:
    """Give an address that keeps the enterprise named."""
    firm = request.GET.get("firm", "")
    return reverse(f"resumption:{name}", args=args) + (f"?firm={firm}" if firm else "")


def choose(request: HttpRequest) -> HttpResponse:
    """Ask for whom, where a person acts for several enterprises."""
    firms = registry.enterprises_of(request.actor)
    path = request.path
    tasks = [Task(firm.name, f"{path}?firm={firm.id}", _where_it_stands(firm), icon="home") for firm in firms]
    context = {"head": said("企服"), "groups": [TaskGroup(said("您替这些企业办事"), tasks)] if tasks else [], "firms": firms}
    return TemplateResponse(request, "resumption/choose.html", context)


def _where_it_stands(firm: Enterprise) -> str:
    found = queries.of_enterprise(firm.id)
    return said("复工申请：{states}", states=STATES[found[0].state]) if found else said("没有在办的")


@require_GET
@needs(APPLY)
def home(request: HttpRequest) -> HttpResponse:
    """Show what is next for the enterprise, what it still lacks, and who has its application now."""
    firm = firm_of(request)
    if firm is None:
        return choose(request)
    at = clock.now()
    firms = registry.enterprises_of(request.actor)
    law = response.law(firm.region, at)
    context: dict[str, Any] = {
        "firm": firm.name,
        "firms": [View(f.name, f"{reverse('resumption:home')}?firm={f.id}", here=f.id == firm.id) for f in firms] if len(firms) > 1 else [],
        "services": _services(request),
        **_next(request, firm, law=law, at=at),
    }
    context |= called(firm.region, at=at)
    context["notices"] = [
        *own_notices(firm.id, at=at),
        *of_lookbacks(firm.id, at=at),
        *of_plan(firm.id, at=at),
        *context.get("notices", []),
    ]
    return TemplateResponse(request, "resumption/home.html", context)


def called(region: int, *, at: datetime) -> dict[str, Any]:
    """Give whom to call: the place's own counter, else the one above it, as one link."""
    found = queries.counter_of(region)
    if found is None:
        return {}
    who = (
        said("{x}联络员 {contact}", x=jurisdiction.short(jurisdiction.name(region)), contact=found.contact)
        if found.contact
        else said("打给镇街")
    )
    return {"contact": Link(who, f"tel:{found.phone}", "phone"), "hotline": found.phone if found.contact else ""}


def _services(request: HttpRequest) -> list[Link]:
    """Give what else there is; an area that is not installed leaves no dead door."""
    firm = request.GET.get("firm", "")
    found = []
    doors = (
        ("casework:own_list", said("反映困难"), "chat"),
        ("services:home", said("企业服务"), "calendar"),
        ("registry:roster", said("员工"), "users"),
        ("passes:mine", said("通行证"), "code"),
        ("registry:own_firm", said("企业信息"), "shield"),
        ("audit:mine", said("谁看过我"), "search"),
    )
    for name, word, icon in doors:
        try:
            found.append(Link(word, reverse(name) + (f"?firm={firm}" if firm else ""), icon))
        except NoReverseMatch:
            continue
    return found


def _next(request: HttpRequest, firm: Enterprise, *, law: response.Law, at: datetime) -> dict[str, Any]:
    found = queries.of_enterprise(firm.id)
    current = next((a for a in found if law.incident is not None and a.incident_id == law.incident.id), None)
    if current is not None and current.state not in FINISHED:
        return _running(request, current, law=law, at=at)
    past = _past(request, found)
    if law.incident is None:
        words = said("照常生产就行。有新规定会马上在这里告诉您，也发短信")
        return {"next": None, "calm": (said("现在不用申请复工"), words), "groups": past}
    regime = law.regime(firm.category)
    if regime.code == "none":
        origin = said("{origin}。", origin=regime.origin.says()) if regime.origin else ""
        return {"next": None, "calm": (said("现在不用审批，直接开工就行"), said("{origin}开工后照常报情况", origin=origin)), "groups": past}
    return _to_apply(request, firm, law=law, past=past, at=at)


def _past(request: HttpRequest, found: Sequence[Application]) -> list[TaskGroup]:
    tasks = [Task(said("复工申请"), address("standing", request, a.id), a.number, drawing.state_of(a), "doc") for a in found[:3]]
    return [TaskGroup(said("以前办的"), tasks)] if tasks else []


def _to_apply(request: HttpRequest, firm: Enterprise, *, law: response.Law, past: list[TaskGroup], at: datetime) -> dict[str, Any]:
    form, draft = form_of(law), queries.draft_of(firm.id, law.incident.id)  # type: ignore[union-attr]
    answers = draft.answers if draft else form.start(queries.known_of(firm))
    step = next_step(form, set(draft.done) if draft else set(), answers)
    known = sum(value not in (None, "") for value in answers.values())
    if step is None:
        where, word, href = said("都填好了，看一遍就能交"), said("核对后提交"), address("check", request)
    elif draft is None:
        where = said(
            "{head}{rest}{more}",
            head=said("{n}步", n=len(form.steps)),
            rest=said("，{known}项已替您填好", known=known) if known else "",
            more=said("，约8分钟"),
        )
        word, href = said("开始填"), address("step", request, step.name)
    else:
        number = form.steps.index(step) + 1
        where, word, href = (
            said("做到第{number}步，填过的都在", number=number),
            said("接着填第{number}步", number=number),
            address("step", request, step.name),
        )
    lacking = [(s, [m for m in form.missing(answers) if m.step == s.name]) for s in form.steps]
    tasks = [Task(s.title, address("step", request, s.name), lacks(form, missing)) for s, missing in lacking if missing]
    groups = [TaskGroup(said("还缺{n}样", n=len(form.missing(answers))), tasks, said("没有也可以先填"))] if tasks else []
    bound = law.not_before(size=firm.size, industry=firm.industry)
    notices = []
    if bound and bound[0] > at:
        origin = response.origin_of(bound[1]).says()
        notices.append(
            Notice(said("最早{at}开工（{origin}）", at=say_moment(bound[0], at=at, style="full"), origin=origin), "info", "clock")
        )
    return {
        "next": SimpleNamespace(small=said("下一件事"), what=form.title, where=where, icon="doc", primary=Link(word, href), second=None),
        "groups": [*groups, *past],
        "notices": notices,
    }


def lacks(form: Form, missing: Sequence[Missing], *, most: int = 3) -> str:
    """Say what a step still lacks and who can supply it; '' where nothing lacks."""
    words = [
        said("承诺（要签）")
        if form.fields()[m.field].kind == "undertake"
        else (said("{label}（{who}）", label=m.label, who=m.who) if m.who else m.label)
        for m in missing
    ]
    return said("还没填：{names}{x}", names=listed(words[:most]), x=said("等") if len(words) > most else "") if words else ""


def next_step(form: Form, done: set[str], answers: dict[str, Any]) -> Any:
    """Give the first step that lacks an answer or has not been looked at; None where all are done."""
    lacking = {missing.step for missing in form.missing(answers)}
    return next((step for step in form.steps if step.name in lacking or step.name not in done), None)


def _running(request: HttpRequest, application: Application, *, law: response.Law, at: datetime) -> dict[str, Any]:
    here = address("standing", request, application.id)
    holder = _holder(application)
    state, due = application.state, application.due_at
    doing = TaskGroup(
        said("我们在办"),
        [
            Task(
                said("复工申请"),
                here,
                said("在{holder}", holder=holder) if holder else application.number,
                icon="doc",
                clock=Clock(due) if due else None,
                state=drawing.state_of(application),
            )
        ],
    )
    todo = _asked_of_enterprise(request, application, at=at)
    if todo is not None:
        return {"next": todo, "groups": [*_to_mend(application), doing]}
    if state == "resumed":
        return _daily(request, application, law=law, at=at) | {"groups": [doing]}
    calm = {
        "approved": (said("已经批准"), said("{at}起可以开工，到时来报告", at=_may_start(application, at))),
        "suspended": (said("已暂停"), application.reason or said("整改好后由小组来看")),
    }.get(state)
    if calm is None:
        waits = said("在{holder}手里", holder=holder) if holder else said("我们在办")
        calm = (
            said("现在没有要您办的"),
            said("{waits}，{at}有结果，到时短信告诉您", waits=waits, at=say_deadline(due, at=at))
            if due
            else said("{waits}，有结果发短信", waits=waits),
        )
    return {"next": None, "calm": calm, "groups": [doing]}


def _daily(request: HttpRequest, application: Application, *, law: response.Law, at: datetime) -> dict[str, Any]:
    """Give the day's report as the next thing, or say that nothing is left for today."""
    day, what = local(at).date(), daily.asked(law)
    by, end = f"{what.by:%H:%M}", daily.due(day, what)
    told = daily.of_day(application.enterprise_id, day)
    href = address("daily", request)
    if told is None:
        last = daily.latest(application.enterprise_id, before=day)
        where = said("已按昨天填好，一下就交") if last else said("第一次报，按申请填好了，1分钟")
        where = said("{where}{by}", where=where, by=said("，今天{by}前", by=by) if at < end else said("。过了{by}，现在报也算数", by=by))
        thing = SimpleNamespace(
            small=said("下一件事"), what=said("报复工日报"), where=where, icon="doc", primary=Link(said("去报"), href), second=None
        )
        return {"next": thing}
    tomorrow = said("明天{by}前报复工日报，到时首页提醒您", by=by)
    rates = address("daily_done", request)
    note = Notice(
        said("{at} 已报：到岗{at_work}人", at=say_moment(told.told_at, at=at, style="time"), at_work=told.at_work),
        "ok",
        "check",
        Link(said("看三个率"), rates),
    )
    return {"next": None, "calm": (said("今天没有要您办的了"), tomorrow), "notices": [note]}


def _holder(application: Application) -> str:
    """Say who has it, as an enterprise is told: the office, and the team by its name."""
    entries = reading.latest_standing(application.id, RESUMPTION.name)
    team = next((str(e.data["team"]) for e in reversed(entries) if e.data.get("team")), "")
    holder = drawing.holder_of(application, team=team)
    return "" if holder == drawing.ENTERPRISE else holder


def _may_start(application: Application, at: datetime) -> str:
    return say_moment(application.may_start_from or application.planned_at, at=at, style="full")


def _asked_of_enterprise(request: HttpRequest, application: Application, *, at: datetime) -> SimpleNamespace | None:
    """Give the one thing that waits for the enterprise, if any."""

    def thing(what: str, where: str, word: str, verb: str, icon: str = "edit") -> SimpleNamespace:
        primary = Link(word, address("own_act", request, application.id, verb))
        return SimpleNamespace(small=said("下一件事"), what=what, where=where, icon=icon, primary=primary, second=None)

    match application.state:
        case "returned":
            primary = Link(said("去补"), _to_question(request, application, at=at))
            where = application.reason or said("看看要补哪一样")
            return SimpleNamespace(small=said("下一件事"), what=said("补材料"), where=where, icon="edit", primary=primary, second=None)
        case "rectifying":
            return thing(said("改好了告诉我们"), application.remarks or said("改好再来看，只看这几项"), said("看要改的"), "mended")
        case "submitted" if application.regime == "filing":
            return thing(said("签备案承诺，就能开工"), said("签了马上生效，当天有人来核对"), said("去签"), "file")
        case "approved" if at >= (application.may_start_from or application.planned_at):
            return thing(said("可以开工了"), said("{at}起允许开工", at=_may_start(application, at)), said("报告开工"), "start", "ok")
    return None


def to_step(request: HttpRequest, step: str, mend: Mapping[str, Sequence[str]]) -> str:
    """Give the address of a step, at the very question that is to be put right where there is one."""
    questions = mend.get(step, ())
    return address("step", request, step) + (f"#f-{questions[0]}" if questions else "")


def _to_question(request: HttpRequest, application: Application, *, at: datetime) -> str:
    """Give where a returned application is mended: the question that the clerk chose, else the list of steps."""
    form = form_of(response.law(application.region, at, incident=application.incident))
    mend = to_mend(form, application.reason, application.asked) if application.asked else {}
    return to_step(request, next(iter(mend)), mend) if mend else address("tasks", request)


def _to_mend(application: Application) -> list[TaskGroup]:
    if application.state != "rectifying":
        return []
    items = [item for item in application.items.all() if item.result == "fix"]
    tasks = [Task(item.name, "", item.note or item.ask, icon="flag", owner=item.department_name) for item in items]
    return [TaskGroup(said("要改的{n}项", n=len(tasks)), tasks, said("改好才能批"))] if tasks else []


# ------------------------------------------------------------------------------------------------ one application


@require_GET
@needs(APPLY)
def standing(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show its own enterprise where an application stands, who has it, what happened and what may be done."""
    application = queries.application(id, request.actor)
    return TemplateResponse(request, "resumption/standing.html", _standing(request, application))


def _standing(request: HttpRequest, application: Application, *, notice: Notice | None = None) -> dict[str, Any]:
    at = clock.now()
    items = list(application.items.all())
    word = {
        "returned": said("要补的"),
        "rectifying": said("评估时说的"),
        "refused": said("不批准的说明"),
        "suspended": said("暂停的说明"),
        "assigned": said("再看的要求"),
    }.get(application.state)
    told = application.reason or (application.remarks if application.state == "rectifying" else "")
    notices = [notice] if notice else []
    if word and told:
        notices.append(
            Notice(said("{what}：{told}", what=word, told=told), "stop" if application.state in ("refused", "suspended") else "ask")
        )
    if application.conditions and application.state in ("approved", "resumed"):
        notices.append(Notice(said("附加条件：{conditions}", conditions=application.conditions), "ask"))
    return {
        "head": said("复工申请"),
        "back": address("home", request),
        "application": application,
        "name": application.enterprise.name,
        "state": drawing.state_of(application),
        "clock": drawing.clock_of(application),
        "holder": _holder(application),
        "planned": application.planned_at,
        "may_start": application.may_start_from if application.state in ("approved", "resumed") else None,
        "todo": _asked_of_enterprise(request, application, at=at),
        "mend": _to_mend(application),
        "events": drawing.events_of(reading.timeline(application), items, names=False),
        "whys": [*drawing.deadline_of(application, at=at), *drawing.whys_of(application)],
        "papers": papers_of(application, items=items, face="own"),
        "withdraw": _may(application, "withdraw", request) and address("own_act", request, application.id, "withdraw"),
        "notices": notices,
    }


def _may(application: Application, verb: str, request: HttpRequest) -> bool:
    choices = RESUMPTION.possible(application, actor=request.actor, at=clock.now())
    return any(choice.allowed and choice.move.verb == verb for choice in choices)


@require_GET
@needs(APPLY)
def receipt(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show the receipt: number, clock, who has it now, what comes next."""
    at = clock.now()
    application = queries.application(id, request.actor)
    submitted = application.submitted_at or application.state_at
    filing = application.regime == "filing" and application.state == "submitted"
    counter = queries.counter_of(application.region)
    holder = _holder(application) or drawing.ENTERPRISE
    due = application.due_at
    context = {
        "head": said("回执"),
        "close": address("home", request),
        "title": said("申请已收到"),
        "number": application.number,
        "line": said("{at}，{name}", at=say_moment(submitted, at=at, style="full"), name=application.enterprise.name),
        "holder": holder,
        "holder_note": said("{at}告诉您结果", at=say_deadline(due, at=at)) if due else STATES[application.state],
        "holder_href": address("standing", request, id),
        "clock": drawing.clock_of(application) or Clock(),
        "steps": _coming(application, at=at, filing=filing),
        "notices": [Notice(said("还差一步：签备案承诺，签了就能按时开工"), "ask")] if filing else [],
        "primary": Link(said("去签备案承诺"), address("own_act", request, id, "file"))
        if filing
        else Link(said("看进度"), address("standing", request, id)),
        "others": [
            Link(said("看交了什么"), reverse("resumption:own_paper", args=[id, "register"]), "doc"),
            *(
                [Link(said("打给{holder}", holder=holder[:6]), f"tel:{counter.phone}", "phone")]
                if counter
                else [Link(said("回首页"), address("home", request), "home")]
            ),
        ],
    }
    return TemplateResponse(request, "ui/receipt.html", context)


def _coming(application: Application, *, at: datetime, filing: bool) -> list[Event]:
    submitted = application.submitted_at or at
    steps = [Event(submitted, said("已收到"), tone="ok")]
    if filing:
        return [
            *steps,
            Event(said("现在"), said("签备案承诺，马上生效"), tone="now"),
            Event(said("当天"), said("有人到厂核对")),
            Event(said("到时"), said("按时开工，来报告一声")),
        ]
    day = local(application.due_at - timedelta(minutes=1)) if application.due_at else None
    due = said("{day}日", day=day.day) if day is not None and day.date() != local(at).date() else said("今天")
    if application.route == "district":
        steps.append(
            Event(
                said("先"), said("{office}盖章转区里", office=application.office), tone="now" if application.state == "submitted" else "ok"
            )
        )
    accepted = application.accepted_at is not None
    steps.append(
        Event(application.accepted_at or due, said("受理"), tone="ok" if accepted else ("" if application.route == "district" else "now"))
    )
    return [*steps, Event(said("当天"), said("评估小组到厂，照清单看一遍")), Event(said("之后"), said("另一位审批人决定，短信告诉您"))]


# ------------------------------------------------------------------------------------------------ the enterprise's acts


OWN_ACTS = {
    "resubmit": (said("补好再交"), said("补好了，再交")),
    "mended": (said("整改好了"), said("改好了，请来看")),
    "withdraw": (said("撤回申请"), said("撤回")),
    "file": (said("备案并承诺"), said("签承诺并备案")),
    "start": (said("报告开工"), said("已经开工")),
}


@require_http_methods(["GET", "HEAD", "POST"])
@needs(APPLY)
def own_act(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Ask once more, then do one of the enterprise's own acts; what was typed comes back after a refusal."""
    if verb not in OWN_ACTS:
        raise Http404
    if request.method != "POST":
        application = queries.application(id, request.actor)
        return _own_form(request, application, verb, None)
    return _own_do(request, id, verb)


def _own_do(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    actor, at = request.actor, clock.now()
    refusal: Any = None
    errors: dict[str, str] = {}
    with acting(actor):
        application = queries.application(id, actor)
        law = response.law(application.region, at, incident=application.incident)
        given: dict[str, Any] = {"application": id}
        if verb == "resubmit":
            given["answers"] = {name: value for step in form_of(law).steps for name, value in read_posted(step, request.POST).items()}
        if verb == "withdraw":
            errors = unfit(_reason(), request.POST.dict())
            given["reason"] = request.POST.get("reason", "")
        if verb == "file" and request.POST.get("undertaken") != "on":
            errors = {"undertaken": said("读过承诺书，再勾上这一格。")}
        if verb == "file" and request.POST.get("signature"):
            given["signature"] = request.POST["signature"]
        try:
            check_unmoved(application, request)
        except ActionRefused as moved:
            refusal = moved
    if refusal is None and not errors:
        answer = run(f"resumption.{verb}", given, actor=actor, at=at, key=key_of(request))
        if answer.ok:
            return HttpResponseRedirect(address("standing", request, id))
        refusal, errors = answer, dict(answer.errors or {})
    with acting(actor):
        application = queries.application(id, actor)
        notice = notice_of(refusal, back="") if refusal is not None and not errors else None
        page = _own_form(request, application, verb, notice, errors=errors)
    page.status_code = 422 if errors else status_of(refusal)
    return page


def _reason() -> list[Field]:
    return [Field("reason", said("为什么撤回"), "area", hint=said("写一句就行，方便我们改进"), required=False, max_length=500)]


def _own_form(
    request: HttpRequest, application: Application, verb: str, notice: Notice | None, *, errors: dict[str, str] | None = None
) -> HttpResponse:
    at, errors = clock.now(), errors or {}
    posted = request.POST if request.method == "POST" else None
    title, primary = OWN_ACTS[verb]
    law = response.law(application.region, at, incident=application.incident)
    fields: list[Field] = []
    if verb == "resubmit":
        for step in form_of(law).steps:
            fields += drawn_step(step, application.answers, posted=posted, errors=errors)
    elif verb == "withdraw":
        fields = filled(_reason(), posted.dict() if posted else {}, errors)
    elif verb == "file":
        fields = [
            Field(
                "undertaken",
                said("读过，照着做"),
                "tick",
                value=bool(posted and posted.get("undertaken")),
                error=errors.get("undertaken", ""),
            )
        ]
    choice = next((c for c in RESUMPTION.possible(application, actor=request.actor, at=at) if c.move.verb == verb), None)
    if notice is None and choice is None:
        notice = Notice(said("这份申请现在是“{states}”，不用再办这一步。", states=STATES[application.state]), "info")
    elif notice is None and choice is not None and choice.refusal is not None:
        notice = notice_of(choice.refusal, back="")
    move = RESUMPTION.moves[verb]
    undertaking = law.undertaking(application.regime) if verb == "file" else ""
    context = {
        "head": title,
        "back": address("standing", request, application.id),
        "title": {
            "resubmit": said("补好再交"),
            "mended": said("都改好了吗"),
            "withdraw": said("要撤回这份申请吗"),
            "file": said("签备案承诺"),
            "start": said("已经开工了吗"),
        }[verb],
        "name": application.enterprise.name,
        "number": application.number,
        "reason": application.reason if verb == "resubmit" else "",
        "mend": _to_mend(application) if verb == "mended" else [],
        "undertaking": undertaking_lines(undertaking),
        "sign": sign_of(
            about=str(application.id), form="own", where=f"sign {application.id}", wanted=law.by_hand(application.regime),
            named=posted.get("signature", "") if posted else application.signature,
        )
        if undertaking
        else None,
        "fields": fields,
        "thens": [move.then, *([said("已受理的记录留着，数字不变。")] if verb == "withdraw" and application.accepted_at else [])],
        "notice": notice,
        "open": choice is not None and (choice.allowed or notice is None),
        "primary": primary,
        "danger": verb == "withdraw",
        "action": address("own_act", request, application.id, verb),
        "hidden": hidden(application, key=key_of(request) if posted else None),
        "saves": f"{verb}-{application.id}",
        "version": application.state_at.isoformat(),
    }  # fmt: skip
    return TemplateResponse(request, "resumption/own_act.html", context)


def undertaking_lines(text: str) -> list[str]:
    """Give the undertaking's lines without the marks of its file."""
    return [line for line in (raw.lstrip("#").strip() for raw in text.splitlines()) if line]
