"""Pages of appeals: both sides may say that one was asked; the desk writes down what others decided, the enterprise reads it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from qifu.kernel.access import Actor, NotYours, acting, require
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local
from qifu.kernel.documents import issuing
from qifu.kernel.files import keeping
from qifu.kernel.journal import reading
from qifu.kernel.language import said
from qifu.kernel.web import needs
from qifu.ui.asking import answered, filled, key_of
from qifu.ui.parts import Action, Clock, Event, Fact, Field, Link, Notice, Option, Paper, offered
from qifu.ui.words import say_moment

from .. import burden_letters, queries
from ..actions.appeal import known
from ..actions.burden import known as known_burden
from ..appeals import APPEALS
from ..models import Appeal, Burden
from ..terms import AppealWay, Route
from .burden import appeal_state, drawn, state_of

STEPS = {
    "take": (said("记受理"), "resumption.appeal.take", said("照受理通知书抄")),
    "answer": (said("记已交答复"), "resumption.appeal.answer", said("答复书交了以后记")),
    "settle": (said("记结果"), "resumption.appeal.settle", said("照决定书或裁判文书抄；由没有作原决定的人来记")),
    "withdraw": (said("企业撤回"), "resumption.appeal.withdraw", ""),
}
OUTCOMES = {"uphold": said("维持"), "change": said("变更期限"), "revoke": said("撤销"), "decline": said("不予受理")}
_DONE = {
    "ask": said("记下了，企业和办的人都看得到。"),
    "take": said("记下了，答复的时钟开始走，企业已经收到。"),
    "answer": said("记下了，等结果。"),
    "settle": said("结果记下了，通知已发给企业；处理和许可跟着结果走。"),
    "withdraw": said("记下了，原决定不变。"),
}


# ------------------------------------------------------------------------------------------------ asked


@require_http_methods(["GET", "HEAD", "POST"])
@needs("resumption.appeal")
def ask(request: HttpRequest, id: UUID, face: str) -> HttpResponse:
    """Ask which way, where and when; either side may say it."""
    if request.method != "POST":
        found = known_burden(id)
        require(request.actor, "resumption.appeal", at=clock.now(), on=found)
        return _asking(request, found, face)
    posted = request.POST
    given = {"burden": id, **{name: posted.get(name, "") for name in ("way", "organ", "asked_on")}}
    answer = run("resumption.appeal.ask", given, actor=request.actor, at=clock.now(), key=key_of(request))
    route = "resumption:appeal" if face == "desk" else "resumption:own_appeal"
    to = f"{reverse(route, args=[answer.result.id])}?done=ask" if answer.ok else ""
    return answered(request, answer, to=to, again=lambda **why: _asking(request, known_burden(id), face, **why))


def _asking(
    request: HttpRequest, found: Burden, face: str, *, notice: Notice | None = None, errors: dict[str, str] | None = None
) -> TemplateResponse:
    at = clock.now()
    place = found.region if found.route == Route.TOWN else queries.district_place(found.region)
    fields = [
        Field("way", _("哪一种"), "choice", "review", options=tuple(Option(str(code), str(word)) for code, word in AppealWay.choices)),
        Field("organ", _("向哪里提出"), value=burden_letters.above(place), hint=_("诉讼写法院的全名"), max_length=60),
        Field("asked_on", _("哪天提出"), "date", value=local(at).date().isoformat()),
    ]
    back = reverse("resumption:burden" if face == "desk" else "resumption:own_burden", args=[found.id])
    return _form(
        request, face, title=_("记一件复议或诉讼"), name=found.enterprise.name, line=found.get_kind_display(), state=state_of(found),
        fields=filled(fields, request.POST.dict() if request.method == "POST" else {}, errors), back=back, notice=notice,
        action=request.path, saves=f"appeal-{found.id}", primary=_("记下"),
        thens=[_("复议和诉讼期间，原决定不停止执行，法律另有规定的除外。"), _("受理、答复、结果都会记在这里，两边都看得到。")],
    )  # fmt: skip


def _form(request: HttpRequest, face: str, *, fields: list[Field], **more: Any) -> TemplateResponse:
    template = "resumption/act.html" if face == "desk" else "resumption/own_act.html"
    context = {
        "fields": fields, "hidden": [("key", str(key_of(request)))], "version": "1", "head": _("复议和诉讼"), "open": True, "mend": [],
        **more,
    }  # fmt: skip
    return TemplateResponse(request, template, context)


# ------------------------------------------------------------------------------------------------ one appeal


@require_GET
@needs("resumption.see")
def appeal(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show an appeal at the desk: who hears it, until when we answer, how it ended, what may be written down."""
    found = known(id)
    require(request.actor, "resumption.see", at=clock.now(), on=found)
    done = _DONE.get(request.GET.get("done", ""))
    context = {
        **_shown(found, at=clock.now(), names=True), "notice": Notice(str(done), "ok") if done else None,
        "actions": _choices(found, request.actor), "burden_href": reverse("resumption:burden", args=[found.burden_id]),
        "back": Link(found.enterprise.name, reverse("resumption:burden", args=[found.burden_id])),
    }  # fmt: skip
    return TemplateResponse(request, "resumption/appeal.html", context)


@require_GET
@needs("resumption.apply")
def own(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show the enterprise its own appeal."""
    found = known(id)
    require(request.actor, "resumption.apply", at=clock.now(), on=found)
    done = _DONE.get(request.GET.get("done", ""))
    context = {
        **_shown(found, at=clock.now(), names=False), "head": _("复议和诉讼"), "notice": Notice(str(done), "ok") if done else None,
        "back": reverse("resumption:own_burden", args=[found.burden_id]),
    }  # fmt: skip
    return TemplateResponse(request, "resumption/own_appeal.html", context)


def _shown(found: Appeal, *, at: datetime, names: bool) -> dict[str, Any]:
    facts = [
        Fact(_("针对"), f"{found.burden.get_kind_display()}", note=say_moment(found.burden.decided_at, at=at)),
        Fact(_("哪一种"), found.get_way_display()),
        Fact(_("谁来审"), found.organ),
        Fact(_("哪天提出"), f"{found.asked_on:%Y-%m-%d}"),
    ]
    more = [
        (_("案号"), found.case_number), (_("我们的答复"), found.answer), (_("文书"), found.document),
        (_("文书日期"), f"{found.settled_on:%Y-%m-%d}" if found.settled_on else ""), (_("说明"), found.words),
        (_("新的期限"), say_moment(found.until, at=at, style="full") if found.until else ""),
        (_("谁记的结果"), found.recorder_name if names else ""),
    ]  # fmt: skip
    labels = {"ask": APPEALS.opening.label, **{verb: move.label for verb, move in APPEALS.moves.items()}}
    entries = [entry for entry in reversed(reading.timeline(found)) if entry.process == APPEALS.name]
    return {
        "appeal": found, "title": f"{found.get_way_display()}：{found.enterprise.name}", "name": found.enterprise.name,
        "state": appeal_state(found), "clock": Clock(due=found.due_at) if found.due_at else None,
        "facts": facts + [Fact(name, value) for name, value in more if value],
        "photos": [drawn(file) for file in keeping.of([found.id], kind="resumption.appeal").get(found.id, [])],
        "papers": [
            Paper(f"{issuing.kinds[one.kind].label} {one.number}", reverse("papers:paper", args=[one.id]), say_moment(one.issued_at, at=at))
            for one in issuing.of(found.id)
        ],
        "events": [Event(entry.at, labels.get(entry.verb, entry.verb), note=entry.actor_name if names else "") for entry in entries],
    }  # fmt: skip


def _choices(found: Appeal, actor: Actor) -> list[Action]:
    """Draw what may be written down now: the outcomes are one form."""
    shown: dict[str, Action] = {}
    for choice in APPEALS.possible(found, actor=actor, at=clock.now()):
        verb = choice.move.verb
        step = verb if verb in STEPS else "settle"
        if isinstance(choice.refusal, NotYours) or step in shown:
            continue
        label, _name, hint = STEPS[step]
        if choice.refusal is not None:
            shown[step] = offered(choice, href="")
        else:
            href = reverse("resumption:appeal_step", args=[found.id, step])
            shown[step] = Action(str(label), _("去记"), href, then=(str(hint or choice.move.then),), opens=True)
    return list(shown.values())


@require_http_methods(["GET", "HEAD", "POST"])
@needs("resumption.appeal", "resumption.accept.town", "resumption.accept.district")
def step(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Write down one thing that happened to an appeal."""
    if verb not in STEPS:
        raise Http404
    if request.method != "POST":
        return _stepping(request, known(id), verb)
    with acting(request.actor):
        known(id)
    names = [field.name for field in _fields(None, verb)]
    given = {"appeal": id, **{name: request.POST[name] for name in names if request.POST.get(name)}}
    for field in _fields(None, verb):
        if field.kind in ("text", "area") and field.required:
            given.setdefault(field.name, "")
    answer = run(STEPS[verb][1], given, actor=request.actor, at=clock.now(), key=key_of(request))
    to = f"{reverse('resumption:appeal', args=[id])}?done={verb}"
    return answered(request, answer, to=to, again=lambda **why: _stepping(request, known(id), verb, **why))


def _stepping(
    request: HttpRequest, found: Appeal, verb: str, *, notice: Notice | None = None, errors: dict[str, str] | None = None
) -> TemplateResponse:
    label, _name, hint = STEPS[verb]
    posted = request.POST.dict() if request.method == "POST" else {}
    back = reverse("resumption:appeal", args=[found.id])
    thens = [APPEALS.moves[one].then for one in ((verb,) if verb != "settle" else ("uphold", "change", "revoke"))]
    return _form(
        request, "desk", title=str(label), name=found.enterprise.name, line=str(hint), state=appeal_state(found), back=back, notice=notice,
        fields=filled(_fields(found, verb), posted, errors), action=request.path, saves=f"appeal-{found.id}-{verb}", primary=str(label),
        thens=[str(then) for then in thens],
    )  # fmt: skip


def _outcomes(found: Appeal | None) -> tuple[Option, ...]:
    """Give the outcomes that the state allows: what nobody took is only declined."""
    return tuple(Option(code, str(word)) for code, word in OUTCOMES.items() if found is None or found.state in APPEALS.moves[code].sources)


def _fields(found: Appeal | None, verb: str) -> list[Field]:
    match verb:
        case "take":
            return [
                Field("organ", _("谁受理"), value=found.organ if found else "", max_length=60),
                Field("case_number", _("案号"), hint=_("受理通知书上的文号"), max_length=60),
            ]
        case "answer":
            return [Field("answer", _("答复要点"), "area", hint=_("企业看得到；写事实和依据"), max_length=500)]
        case "settle":
            today = local(clock.now()).date().isoformat()
            return [
                Field("outcome", _("结果"), "choice", options=_outcomes(found)),
                Field("document", _("文书"), hint=_("文书的名称和文号"), max_length=80),
                Field("settled_on", _("文书日期"), "date", value=today),
                Field("until", _("新的最后一天"), "date", hint=_("只有变更期限时填"), required=False),
                Field("words", _("说明"), "area", hint=_("会写进给企业的通知"), required=False, max_length=500),
            ]
    return []
