"""The application as the enterprise fills it in: a list of steps, a step, check your answers, hand in."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET, require_http_methods

from qifu.areas.registry.api import Enterprise
from qifu.areas.response import api as response
from qifu.kernel.access import ActionRefused, acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local
from qifu.kernel.forms import Field as Question
from qifu.kernel.forms import Form, Step
from qifu.kernel.language import said
from qifu.kernel.values import read_whole, uuid7
from qifu.kernel.web import needs
from qifu.ui.asking import key_of, status_of
from qifu.ui.parts import Answer, Field, Link, Notice, State, Task, TaskGroup, Why
from qifu.ui.words import say_moment

from .. import queries
from ..actions.apply import SAVES, form_of, to_mend
from ..models import Application, Draft
from ..paperwork import photos_of
from ..terms import Regime
from ..triage import triage
from . import drawing
from .home import APPLY, FINISHED, address, choose, firm_of, lacks, next_step, to_step, undertaking_lines
from .questions import KNOWN, drawn_step, read_posted
from .signing import arrived, sign_of

_WRONG_STEP = {
    "BeforeTheTime": "planned_at", "NotEssential": "early", "PlanMissing": "plan_text", "NotSigned": "undertaken",
    "SignatureMissing": "undertaken",
}  # fmt: skip
"""Where to go when handing in is refused: the question that would have to be answered otherwise."""


class Filling:
    """What a page of the application stands on: the enterprise, the law of the hour, the form, what is answered."""

    def __init__(self, firm: Enterprise, *, at: datetime) -> None:
        self.firm, self.at = firm, at
        self.law = response.law(firm.region, at)
        self.form: Form = form_of(self.law)
        incident = self.law.incident
        assert incident is not None
        self.draft: Draft | None = queries.draft_of(firm.id, incident.id)
        self.known = self.form.start(queries.known_of(firm))
        self.open = next((a for a in queries.of_enterprise(firm.id) if a.incident_id == incident.id and a.state not in FINISHED), None)
        self.returned = self.open if self.open is not None and self.open.state == "returned" else None
        self.mend = to_mend(self.form, self.returned.reason, self.returned.asked) if self.returned else {}
        if self.returned and self.draft is None:
            self.known = {}
        self.answers: dict[str, Any] = self.draft.answers if self.draft else self.returned.answers if self.returned else self.known
        self.regime = self.law.regime(firm.category)

    @property
    def saves(self) -> int:
        """How often the draft has been saved: by it two open pages notice each other."""
        return int(self.draft.steps_at.get(SAVES, 0)) if self.draft else 0

    @property
    def done(self) -> set[str]:
        """The steps that have been looked at; of a returned application all but what is to be put right."""
        if self.draft is None and self.returned is not None:
            return {step.name for step in self.form.steps if step.name not in self.mend}
        return set(self.draft.done) if self.draft else set()

    @property
    def signature(self) -> UUID | None:
        """What was signed with: in this draft, else with what was returned."""
        return self.draft.signature if self.draft and self.draft.signature else self.returned.signature if self.returned else None

    @property
    def saved_at(self) -> datetime | None:
        return self.draft.saved_at.astimezone(UTC) if self.draft else None


def _begin(request: HttpRequest) -> Filling | HttpResponse:
    """Give what the page stands on, or the page that comes instead: choose a firm, or look at what is handed in already."""
    firm = firm_of(request)
    if firm is None:
        return choose(request)
    filling = Filling(firm, at=clock.now())
    if filling.open is not None and filling.returned is None:
        return HttpResponseRedirect(address("standing", request, filling.open.id))
    return filling


@require_GET
@needs(APPLY)
def tasks(request: HttpRequest) -> HttpResponse:
    """Show the steps, what each still lacks, and the next one."""
    found = _begin(request)
    if isinstance(found, HttpResponse):
        return found
    form = found.form
    lacking = {step.name: [m for m in form.missing(found.answers) if m.step == step.name] for step in form.steps}
    done = [step for step in form.steps if step.name in found.done and not lacking[step.name]]
    following = next_step(form, found.done, found.answers)
    rows = [_task(request, found, step, lacking[step.name], done=step in done, now=step is following) for step in form.steps]
    rest = len(form.steps) - len(done)
    title = said("做完{n}步，还有{rest}步", n=len(done), rest=rest) if rest else said("都填好了")
    if not done:
        title = said("一共{n}步", n=rest)
    if found.returned is not None:
        title = said("补这一处就行") if rest == 1 else said("补这{rest}处就行", rest=rest) if rest else said("补好了，再交一次")
    last = Link(said("核对后提交"), address("check", request))
    context = {
        "head": form.title,
        "back": address("home", request),
        "title": title,
        "done": len(done),
        "of": len(form.steps),
        "note": said(
            "{head}{rest}",
            head=said("随时可停，边填边存"),
            rest=said("。{at} 已存好", at=say_moment(found.saved_at, at=found.at)) if found.saved_at else "",
        ),
        "groups": [TaskGroup(found.firm.name, rows)],
        "notices": _regime_notice(found),
        "primary": Link(
            said("{what}：{title}", what=said("接着填") if done else said("开始"), title=following.title),
            to_step(request, following.name, found.mend),
        )
        if following
        else last,
    }
    return TemplateResponse(request, "ui/tasks.html", context)


def _regime_notice(found: Filling) -> list[Notice]:
    if found.returned is not None:
        return [Notice(said("要补的：{reason}", reason=found.returned.reason), "ask")]
    if found.regime.code == Regime.FILING:
        origin = said("（{origin}）", origin=found.regime.origin.says()) if found.regime.origin else ""
        return [Notice(said("现在是备案加承诺：交了就能按时开工，当天有人来核对{origin}", origin=origin), "info")]
    return []


def _task(request: HttpRequest, found: Filling, step: Step, missing: Sequence[Any], *, done: bool, now: bool) -> Task:
    href = to_step(request, step.name, found.mend)
    if done:
        return Task(step.title, href, step.lead, State(said("已填"), "ok"), stands="done")
    if found.returned is not None and step.name in found.mend:
        return Task(step.title, href, found.returned.reason, State(said("要补"), "ask", "flag"), stands="now" if now else "todo")
    hint = lacks(found.form, missing) or said("已替您填好，请核对")
    return Task(
        step.title,
        href,
        hint,
        State(said("下一步"), "info") if now else State(said("未填") if missing else said("待核对"), "idle"),
        stands="now" if now else "todo",
    )


# ------------------------------------------------------------------------------------------------ one step


@require_http_methods(["GET", "HEAD", "POST"])
@needs(APPLY)
def step(request: HttpRequest, name: str) -> HttpResponse:
    """Show one step with what is known filled in; a POST saves it and goes on to the next."""
    if request.method == "POST":
        return _save(request, name)
    found = _begin(request)
    if isinstance(found, HttpResponse):
        return found
    return _page(request, found, _named(found.form, name))


def _named(form: Form, name: str) -> Step:
    found = form.step(name)
    if found is None:
        raise Http404
    return found


def _save(request: HttpRequest, name: str) -> HttpResponse:
    quietly = request.headers.get("X-Saves") == "1"
    with acting(request.actor):
        found = _begin(request)
        if isinstance(found, HttpResponse):
            return found
        one = _named(found.form, name)
    given = {"enterprise": found.firm.id, "step": name, "answers": read_posted(one, request.POST), "page": request.POST.get("page", "")}
    if (seen := read_whole(request.POST.get("seen", ""))) is not None:
        given["seen"] = seen
    if signature := request.POST.get("signature", ""):
        given["signature"] = signature
    answer = run("resumption.save_step", given, actor=request.actor, at=clock.now(), key=key_of(request))
    theirs = getattr(answer.refusal, "theirs", {}) if not answer.ok else {}
    kept = None
    if not answer.ok and answer.errors and not theirs:
        # What is right is kept, though something beside it is wrong: the page says so.
        good = given | {"seen": None, "answers": {name: value for name, value in given["answers"].items() if name not in answer.errors}}
        kept = run("resumption.save_step", good, actor=request.actor, at=clock.now())
    if quietly:
        reply = HttpResponse(status=204 if answer.ok else 409 if theirs else 422)
        if kept is not None and kept.ok:
            # Photos and the signature have their subject, though a question beside them is still open.
            reply["X-Draft"] = str(kept.result.id)
        if answer.ok:
            reply["X-Seen"] = str(answer.result.steps_at[SAVES])
            # As the page's own version is written: what the phone keeps from now on is typed over this one.
            reply["X-Version"] = answer.result.saved_at.astimezone(UTC).isoformat()
            reply["X-Draft"] = str(answer.result.id)
        return reply
    if answer.ok:
        steps = found.form.steps
        place = len(steps) if found.returned is not None else steps.index(one) + 1
        to = address("step", request, steps[place].name) if place < len(steps) else address("check", request)
        return HttpResponseRedirect(to)
    with acting(request.actor):
        now = Filling(found.firm, at=clock.now())
        page = _page(request, now, one, posted=request.POST, errors=answer.errors or {}, refused=answer, theirs=theirs)
    page.status_code = status_of(answer)
    return page


def _page(
    request: HttpRequest,
    found: Filling,
    one: Step,
    *,
    posted: Any = None,
    errors: Mapping[str, str] | None = None,
    refused: Any = None,
    theirs: Mapping[str, Any] | None = None,
) -> HttpResponse:
    place = found.form.steps.index(one) + 1
    fields = drawn_step(one, found.answers, known=found.known, posted=posted, errors=errors or {}, theirs=theirs)
    fields = [_asked(field, found) for field in fields]
    last = place == len(found.form.steps)
    notices = [Notice(f"{refused.says}{refused.fix}", "ask" if theirs else "stop")] if refused and (theirs or not errors) else []
    if found.returned is not None and (names := found.mend.get(one.name, ())):
        # The clerk's sentence stands at the question that it is about, and not once more below; further ones are marked.
        chosen = set(found.returned.asked.split())
        words = {name: said("这一题也要补") for name in names if name in chosen} | {names[0]: found.returned.reason}
        fields = [replace(field, asks=words.get(field.name, field.asks)) for field in fields]
    elif found.returned is not None:
        notices = [Notice(said("要补的：{reason}", reason=found.returned.reason), "ask"), *notices]
    signs = any(question.kind == "undertake" for question in one.fields)
    context = {
        "head": said("第{place}步，共{n}步", place=place, n=len(found.form.steps)),
        "back": address("tasks", request),
        "title": one.title,
        "hint": one.lead,
        "fields": fields,
        "action": address("step", request, one.name),
        "primary": said("存好，核对一遍") if last or found.returned is not None else said("存好，下一步"),
        "saves": f"apply-{found.firm.id}-{one.name}",
        "seen": found.saves,
        "page": str(uuid7()),
        "here": request.get_full_path(),
        "draft": found.draft.id if found.draft else "",
        "photos": photos_of(found.draft, one.name) if not signs else None,
        "step": one.name,
        "saves_to": address("step", request, one.name),
        "saved_at": found.saved_at,
        "notices": notices,
        "undertaking": undertaking_lines(found.law.undertaking(found.regime.code)) if signs else [],
        "sign": sign_of(
            about=str(found.draft.id) if found.draft else "", form="step", where=f"sign {found.firm.id}",
            named=posted.get("signature", "") if posted else found.signature, wanted=found.law.by_hand(found.regime.code),
        )
        if signs
        else None,
    }  # fmt: skip
    return TemplateResponse(request, "resumption/step.html", context)


def _asked(field: Field, found: Filling) -> Field:
    """Ask about a day that will be refused later on: here one can still simply choose another."""
    if field.name != "planned_at":
        return field
    bound = found.law.not_before(size=found.firm.size, industry=found.firm.industry)
    if bound is None:
        return field
    earliest = said("最早{at}（{x}）", at=say_moment(bound[0], at=found.at, style="full"), x=response.origin_of(bound[1]).says())
    planned = str(field.value)
    early = planned and planned < f"{local(bound[0]):%Y-%m-%d}"
    hint = earliest if early or bound[0] > found.at else field.hint
    return replace(field, hint=hint, asks="比最早的时间还早。只有提前复工的才行，别的请改晚一点。" if early else "")


# ------------------------------------------------------------------------------------------------ check and hand in


@require_http_methods(["GET", "HEAD", "POST"])
@needs(APPLY)
def check(request: HttpRequest) -> HttpResponse:
    """Show all answers once more with what still lacks; a POST hands the application in."""
    if request.method == "POST":
        return _submit(request)
    found = _begin(request)
    if isinstance(found, HttpResponse):
        return found
    return _check(request, found)


def _submit(request: HttpRequest) -> HttpResponse:
    with acting(request.actor):
        firm = firm_of(request)
        if firm is None:
            return choose(request)
        found = Filling(firm, at=clock.now())
    key, verb, given = key_of(request), "submit", {"enterprise": firm.id}
    if found.returned is not None:
        verb, given = "resubmit", {"application": found.returned.id, "answers": found.answers}
    answer = run(f"resumption.{verb}", given, actor=request.actor, at=clock.now(), key=key)
    if answer.ok:
        return HttpResponseRedirect(address("receipt", request, answer.result.id))
    with acting(request.actor):
        found = Filling(firm, at=clock.now())
        if found.open is not None and found.returned is None:
            # Pressed twice, or handed in from another device: the receipt says all there is to say.
            return HttpResponseRedirect(address("receipt", request, found.open.id))
        page = _check(request, found, refused=answer.refusal, key=key)
    page.status_code = status_of(answer)
    return page


def _check(request: HttpRequest, found: Filling, *, refused: ActionRefused | None = None, key: UUID | None = None) -> HttpResponse:
    form, answers = found.form, found.answers
    missing = form.missing(answers)
    attached = {one.name: len(photos_of(found.draft, one.name)) for one in form.steps}
    shown = [
        Answer(
            one.title,
            [
                *[_line(question, answers) for question in one.fields if answers.get(question.name) not in (None, "")],
                *([said("照片{attached}张", attached=attached[one.name])] if attached[one.name] else []),
                *([_by_hand(found.signature)] if any(question.kind == "undertake" for question in one.fields) else []),
            ]
            or [said("还没有填")],
            address("step", request, one.name),
            said("补") if any(m.step == one.name for m in missing) else "",
            lacks(form, [m for m in missing if m.step == one.name], most=20),
        )
        for one in form.steps
    ]
    firm = Answer(said("企业"), [found.firm.name, found.firm.uscc or said("信用代码待核实")], origin=KNOWN)
    context: dict[str, Any] = {
        "head": said("核对后提交"),
        "back": address("tasks", request),
        "title": said("请看一遍，没错就提交") if not missing else said("还缺{n}样", n=len(missing)),
        "answers": [firm, *shown],
        "notices": [Notice(f"{refused.says}{refused.fix}", "stop")] if refused else _regime_notice(found),
        "action": address("check", request),
        "primary": said("再交一次") if found.returned else said("提交申请"),
        "foot_note": said("回到原来的位置，不用重新排") if found.returned else said("提交后还能补，评估前都来得及"),
        "holds": f"apply-{found.firm.id}",
        "whys": [] if missing else whys_of(found),
        "hidden": [("key", str(key or uuid7()))],
    }
    wrong = _WRONG_STEP.get(refused.code, "") if refused else ""
    to = next((m.step for m in missing), "") or next((s.name for s in form.steps if wrong in {q.name for q in s.fields}), "")
    if missing or (refused and to):
        context["refused"] = said("补齐{n}样就能交，填过的都存着", n=len(missing)) if missing else said("改好这一步再交，填过的都存着")
        context["fix"] = Link(
            said("去{x}“{title}”", x=said("填") if missing else said("改"), title=form.step(to).title), address("step", request, to)
        )  # type: ignore[union-attr]
    return TemplateResponse(request, "resumption/check.html", context)


def whys_of(found: Filling) -> list[Why]:
    """Give what the rules say of these answers before they are handed in, each with its origin."""
    planned = datetime.fromisoformat(found.answers["planned_at"])
    told = triage(found.firm, law=found.law, answers=found.answers, planned_at=planned, papers_complete=True)
    return drawing.whys_of(Application(triage=[reason.as_data() for reason in told.reasons]))


def _by_hand(signature: UUID | None) -> str:
    if signature is None:
        return said("没有手写签名")
    return said("手写签名") if arrived(signature) else said("手写签名还没有传到")


def _line(question: Question, answers: Mapping[str, Any]) -> str:
    shown = question.shown(answers.get(question.name))
    if question.kind == "long" and len(shown) > 60:
        shown = said("{shown}……共{n}字", shown=shown[:60], n=len(shown))
    return question.label if question.kind == "undertake" else said("{what}：{told}", what=question.label, told=shown)
