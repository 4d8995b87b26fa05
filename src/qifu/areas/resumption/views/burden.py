"""Pages of acts that burden an enterprise: the desk proposes and decides, the enterprise reads and says its word."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qifu.areas.response import api as response
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotYours, SecondFactorNeeded, acting, require
from qifu.kernel.access.models import everything
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local
from qifu.kernel.documents import issuing
from qifu.kernel.files import keeping
from qifu.kernel.files.models import File
from qifu.kernel.journal import reading
from qifu.kernel.language import said
from qifu.kernel.web import needs
from qifu.ui.asking import answered, filled, key_of, notice_of, safe, status_of, strong_address, unfit
from qifu.ui.parts import Action, Cell, Clock, Column, Event, Fact, Field, Link, Notice, Option, Paper, Photo, Row, State, View, offered
from qifu.ui.words import say_deadline, say_moment

from .. import burden_letters, queries
from ..actions.burden import known
from ..appeals import APPEALS, last_day
from ..appeals import OPEN as APPEALED
from ..burdens import BURDENS, hearing_ends
from ..models import Appeal, Application, Burden, Inspection
from ..terms import BURDENING, GROUNDS, LONGEST_DAYS, AppealWay, BurdenKind, Route
from . import drawing

TONES = {
    "proposed": ("ask", "clock"), "provisional": ("stop", "pause"), "in_force": ("stop", "pause"), "decided": ("stop", "no"),
    "dropped": ("idle", "ring"), "expired": ("idle", "ok"), "lifted": ("idle", "ok"), "fallen": ("idle", "ok"),
    "revoked": ("idle", "ok"),
}  # fmt: skip
TITLES = {
    BurdenKind.REFUSAL: said("拟不批准"),
    BurdenKind.SUSPENSION: said("拟暂停复工"),
    BurdenKind.EXCLUSION: said("拟暂不受理"),
}
VIEWS = {"open": said("在办"), "holds": said("执行中"), "ended": said("已结束"), "appealed": said("复议和诉讼")}
_IN = {
    "open": ("proposed", "provisional"),
    "holds": ("provisional", "in_force"),
    "ended": ("decided", "dropped", "expired", "lifted", "fallen", "revoked"),
}
_BY_ITSELF = ("expire", "fall", "shorten", "revoke")
_ASKS = {"confirm", "uphold", "drop", "lift"}


def state_of(burden: Burden) -> State:
    """Draw the state of a burden."""
    return State(BURDENS.states[burden.state], *TONES[burden.state])


# ------------------------------------------------------------------------------------------------ the list


@require_GET
@needs("resumption.see")
def burdens(request: HttpRequest) -> HttpResponse:
    """List what was proposed, what holds and what is over, within one's reach; the next deadline first."""
    view = request.GET.get("view", "open")
    view = view if view in VIEWS else "open"
    at = clock.now()
    among = Q(appeals__state__in=APPEALED) if view == "appealed" else Q(state__in=_IN[view])
    counts = everything(Burden).aggregate(
        **{name: Count("id", filter=Q(state__in=states), distinct=True) for name, states in _IN.items()},
        appealed=Count("id", filter=Q(appeals__state__in=APPEALED), distinct=True),
    )
    found = everything(Burden).filter(among).distinct().select_related("enterprise").order_by("due_at", "-state_at", "id")[:200]
    context = {
        "title": _("限制性处理"),
        "tabs": [View(str(word), f"?view={name}", counts[name], here=name == view) for name, word in VIEWS.items()],
        "columns": [
            Column(_("企业"), "name"), Column(_("处理"), "text", "m"), Column(_("镇街"), "text", "m"), Column(_("状态"), "state", "l"),
            Column(_("期限"), "clock", "l"), Column(_("拟的人"), "owner", "l"),
        ],
        "rows": [_row(burden, at=at) for burden in found],
    }  # fmt: skip
    return TemplateResponse(request, "resumption/burdens.html", context)


def _row(burden: Burden, *, at: datetime) -> Row:
    cells = [
        Cell("name", burden.enterprise.name), Cell("text", burden.get_kind_display()), Cell("text", jurisdiction.name(burden.region)),
        Cell("state", state_of(burden)), Cell("clock", _clock(burden)), Cell("owner", burden.asked_by_name),
    ]  # fmt: skip
    return Row(str(burden.id), burden.enterprise.name, reverse("resumption:burden", args=[burden.id]), cells)


def _clock(burden: Burden) -> Clock | None:
    return Clock(due=burden.due_at) if burden.due_at else None


# ------------------------------------------------------------------------------------------------ proposing


@require_http_methods(["GET", "HEAD", "POST"])
@needs("resumption.burden.propose")
def propose(request: HttpRequest, id: UUID, kind: str) -> HttpResponse:
    """Ask for ground, basis, evidence and days, and propose; nothing holds before another has decided."""
    if kind not in BurdenKind.values:
        raise Http404
    if request.method != "POST":
        application = queries.application(id, request.actor)
        require(request.actor, "resumption.burden.propose", at=clock.now(), on=application)
        return _proposing(request, application, BurdenKind(kind))
    with acting(request.actor):
        application = queries.application(id, request.actor)
        fields = _fields(application, BurdenKind(kind))
        photos = [file.id for file in _photos(application)]
    posted = request.POST
    errors = unfit(fields, posted)
    if errors:
        return _again(request, id, kind, errors=errors)
    given = {
        "enterprise": application.enterprise_id, "kind": kind, "ground": posted.get("ground", ""), "basis": posted.get("basis", ""),
        "reason": posted.get("reason", ""), "items": posted.getlist("items"), "files": photos, "days": posted.get("days") or 0,
        "urgent": bool(posted.get("urgent")), "measure": posted.get("measure") or None,
    }  # fmt: skip
    answer = run("resumption.burden.propose", given, actor=request.actor, at=clock.now(), key=key_of(request))
    if answer.ok:
        return HttpResponseRedirect(reverse("resumption:burden", args=[answer.result.id]) + "?done=propose")
    return _again(request, id, kind, refusal=answer, errors=dict(answer.errors or {}))


def _again(request: HttpRequest, id: UUID, kind: str, *, refusal: Any = None, errors: dict[str, str]) -> HttpResponse:
    with acting(request.actor):
        application = queries.application(id, request.actor)
        notice = notice_of(refusal, back=drawing.desk_of(application)) if refusal is not None and not errors else None
        page = _proposing(request, application, BurdenKind(kind), errors=errors, notice=notice)
    page.status_code = 422 if errors else status_of(refusal)
    return page


def _fields(application: Application, kind: BurdenKind) -> list[Field]:
    law = response.law(application.region, clock.now(), incident=application.incident)
    lacking = [item for item in application.items.all() if item.result != "ok"]
    rules = [Option("", _("不依据哪一条措施")), *(Option(str(row.id), row.title) for row in law.measures() if row.kind != "checklist")]
    fields = [
        Field("ground", _("理由"), "choice", hint=_("只有这几种理由可以"), options=tuple(Option(c, w) for c, w in GROUNDS.items())),
        Field("basis", _("依据"), "text", hint=_("文件名和第几条"), max_length=200),
        Field("measure", _("依据的措施"), "select", hint=_("措施停止，处理同时停止"), options=tuple(rules), required=False),
        Field("reason", _("说明"), "area", hint=_("看到什么、为什么不行；企业会看到这一段"), max_length=500),
    ]
    if lacking:
        options = tuple(Option(item.code, item.name, item.note) for item in lacking)
        fields.append(Field("items", _("证据：清单上没过的项目"), "ticks", options=options, required=False))
    if kind != BurdenKind.REFUSAL:
        hint = _("最长%d天，到期自动解除") % LONGEST_DAYS
        fields.append(Field("days", _("几天"), "number", value="3", unit=_("天"), hint=hint))
    if kind == BurdenKind.SUSPENSION:
        fields.append(
            Field("urgent", _("有现实危险，要先行暂停"), "tick", hint=_("另一位同意后马上停，最多48小时；企业事后陈述"), required=False)
        )
    return fields


def _photos(application: Application) -> list[File]:
    """Give the photos taken for this act: those about the application that no earlier act has used."""
    used = {one["file"] for burden in everything(Burden).filter(application=application.id) for one in burden.evidence if "file" in one}
    kept = keeping.of([application.id], kind="resumption.ground").get(application.id, [])
    looks = everything(Inspection).filter(application=application.id, state="escalated").values_list("id", flat=True)
    kept += [file for files in keeping.of(looks, kind="resumption.look").values() for file in files]
    return [file for file in kept if str(file.id) not in used]


def _proposing(
    request: HttpRequest, application: Application, kind: BurdenKind, *, errors: dict[str, str] | None = None, notice: Notice | None = None
) -> TemplateResponse:
    posted = request.POST.dict() | {"items": request.POST.getlist("items")} if request.method == "POST" else {}
    here = drawing.desk_of(application)
    hours = response.law(application.region, clock.now(), incident=application.incident).hearing_hours()
    context = {
        "application": application, "name": application.enterprise.name, "line": drawing.line_of(application),
        "state": drawing.state_of(application), "title": str(TITLES[kind]), "back": here, "notice": notice,
        "fields": filled(_fields(application, kind), posted, errors or {}),
        "photos": [drawn(file) for file in _photos(application)],
        "saves": f"burden-{kind}-{application.id}", "key": str(key_of(request)),
        "thens": [
            _("企业马上收到，%(n)s小时内可以陈述，能附照片。") % {"n": hours},
            _("另一位有决定权的人看过陈述再定；您不能又拟又定。"),
            _("不符合的，不作处理，记录留着。"),
        ],
    }  # fmt: skip
    return TemplateResponse(request, "resumption/burden_propose.html", context)


def drawn(file: File) -> Photo:
    """Draw a kept photo."""
    word = say_moment(file.kept_at, at=clock.now(), style="time")
    return Photo(reverse("file", args=[file.id]), reverse("file_small", args=[file.id]), word, file.name or _("照片"))


# ------------------------------------------------------------------------------------------------ one burden, at the desk

SAID = {
    "propose": said("已经拟好，企业已经收到，可以陈述。"),
    "confirm": said("已经决定，决定书已发给企业。"),
    "uphold": said("已经维持，决定书已发给企业。"),
    "drop": said("没有作出处理，企业已经收到。"),
    "lift": said("已经解除，许可恢复，企业已经收到。"),
}


@require_GET
@needs("resumption.see")
def burden(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one act: why, on what, what the enterprise says, who decides until when, and the letter."""
    found = known(id)
    require(request.actor, "resumption.see", at=clock.now(), on=found)
    told = SAID.get(request.GET.get("done", ""))
    return _page(request, found, notice=Notice(str(told), "ok") if told else None)


def _page(request: HttpRequest, found: Burden, *, notice: Notice | None = None, errors: dict[str, str] | None = None) -> TemplateResponse:
    at, actor = clock.now(), request.actor
    context = {
        **_shown(found, at=at),
        "notice": notice,
        "actions": _choices(found, actor=actor, at=at),
        "decision": _decision(found, actor, request, errors or {}),
        "back": Link(_("限制性处理"), reverse("resumption:burdens")),
        "appeals": appeals_of(found, at=at, route="resumption:appeal"),
        "may_appeal": found.decided_at is not None and actor.hat_for("resumption.appeal", at=at, on=found) is not None,
        "subject_href": drawing.desk_of(found.application) if found.application else "",
        "events": _events(found, names=True),
    }
    return TemplateResponse(request, "resumption/burden.html", context)


def _shown(found: Burden, *, at: datetime) -> dict[str, Any]:
    """Give what both sides read."""
    files = {str(file.id): file for file in everything(File).filter(pk__in=[one["file"] for one in found.evidence if "file" in one])}
    facts = [
        Fact(_("处理"), found.get_kind_display()),
        Fact(_("理由"), GROUNDS.get(found.ground, found.ground)),
        Fact(_("依据"), found.basis),
        Fact(_("说明"), found.reason),
    ]
    if found.kind != BurdenKind.REFUSAL:
        days = found.hours // 24
        facts.append(Fact(_("多久"), _("%d天") % days, note=_("先行暂停最多48小时") if found.urgent else ""))
    if found.until:
        facts.append(Fact(_("到什么时候"), say_moment(found.until, at=at, style="full"), note=_("到期自动解除")))
    return {
        "burden": found, "title": f"{found.get_kind_display()}：{found.enterprise.name}", "name": found.enterprise.name,
        "state": state_of(found), "clock": _clock(found), "facts": facts,
        "items": [one for one in found.evidence if "item" in one],
        "photos": [drawn(files[one["file"]]) for one in found.evidence if one.get("file") in files],
        "word_photos": [drawn(file) for file in keeping.of([found.id], kind="resumption.word").get(found.id, [])],
        "hearing": say_deadline(hearing_ends(found), at=at) if found.state == "proposed" and found.heard_at is None else "",
        "papers": [
            Paper(f"{issuing.kinds[one.kind].label} {one.number}", reverse("papers:paper", args=[one.id]), say_moment(one.issued_at, at=at))
            for one in issuing.of(found.id)
        ],
    }  # fmt: skip


def _events(found: Burden, *, names: bool) -> list[Event]:
    labels = {"propose": BURDENS.opening.label, "say": _("企业陈述"), **{verb: move.label for verb, move in BURDENS.moves.items()}}
    return [
        Event(entry.at, labels.get(entry.verb, entry.verb), note=entry.actor_name if names else "")
        for entry in reversed(reading.timeline(found))
        if entry.process == BURDENS.name
    ]


def appeals_of(found: Burden, *, at: datetime, route: str) -> list[Row]:
    """Draw the appeals against an act, the newest first: who hears it, where it stands, until when the office answers."""
    return [
        Row(
            str(one.id), f"{one.get_way_display()} · {one.organ}", reverse(route, args=[one.id]),
            [Cell("state", appeal_state(one)), Cell("clock", Clock(due=one.due_at) if one.due_at else None)],
        )
        for one in everything(Appeal).filter(burden=found.id).order_by("-asked_at", "-id")
    ]  # fmt: skip


def appeal_state(one: Appeal) -> State:
    """Draw the state of an appeal."""
    tones = {"asked": ("ask", "clock"), "taken": ("info", "doc"), "answered": ("info", "clock")}
    return State(APPEALS.states[one.state], *tones.get(one.state, ("idle", "ok")))


def _choices(found: Burden, *, actor: Actor, at: datetime) -> list[Action]:
    """Draw what may be done now; deciding has a form of its own, so it stands here only where it is refused."""
    shown: list[Action] = []
    for choice in BURDENS.possible(found, actor=actor, at=at):
        verb, refusal = choice.move.verb, choice.refusal
        if verb in _BY_ITSELF or _other_way(found, verb):
            continue
        if isinstance(refusal, SecondFactorNeeded):
            here = reverse("resumption:burden", args=[found.id])
            shown.append(
                Action(choice.move.label, refused=refusal.says, who=refusal.fix, fix=Link(_("去验证动态口令"), strong_address(here)))
            )
        elif refusal is not None and not isinstance(refusal, NotYours):
            shown.append(offered(choice, href=""))
        elif isinstance(refusal, NotYours) and verb in ("decide", "confirm", "at_once", "uphold"):
            who = "、".join(queries.holders_of(f"resumption.decide.{found.route}")[:2])
            shown.append(Action(choice.move.label, refused=_("由%s决定。") % who))
    return shown


def _other_way(found: Burden, verb: str) -> bool:
    """Say whether a decision is made by another verb: one decides each kind in one way at a time."""
    if found.state != "proposed":
        return False
    way = "decide" if found.kind == BurdenKind.REFUSAL else ("at_once" if found.urgent and found.heard_at is None else "confirm")
    return verb in ("decide", "confirm", "at_once") and verb != way


def _decision(found: Burden, actor: Actor, request: HttpRequest, errors: dict[str, str]) -> dict[str, Any] | None:
    """Give the form of what this person may do now: one answer, and a button for each."""
    may = {c.move.verb: c.move for c in BURDENS.possible(found, actor=actor, at=clock.now()) if c.allowed and c.move.verb not in _BY_ITSELF}
    if not may:
        return None
    field = Field(
        "answer",
        _("怎么看企业的陈述") if found.heard_at else _("说明"),
        "area",
        hint=_("会写进决定书，企业看得到"),
        required=False,
        max_length=500,
    )
    main = next((may[verb] for verb in ("decide", "confirm", "at_once", "uphold") if verb in may), None)
    return {
        "fields": filled([field], request.POST.dict(), errors),
        "action": reverse("resumption:burden", args=[found.id]),
        "main": main and {"verb": "uphold" if main.verb == "uphold" else "confirm", "label": main.label, "then": main.then},
        "others": [{"verb": move.verb, "label": move.label, "then": move.then} for verb, move in may.items() if verb in ("drop", "lift")],
        "key": str(key_of(request)),
    }


@require_POST
@needs("resumption.burden", "resumption.burden.propose")
def decide(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Do what was chosen; a refusal comes back on the page with what was typed."""
    if verb not in _ASKS:
        raise Http404
    with acting(request.actor):
        known(id)
    given = {"burden": id, "answer": request.POST.get("answer", "")}
    answer = run(f"resumption.burden.{verb}", given, actor=request.actor, at=clock.now(), key=key_of(request))
    here = reverse("resumption:burden", args=[id])
    done = f"{safe(request, request.POST.get('back', ''), here)}?done={verb}"
    return answered(request, answer, to=done, back=here, again=lambda **why: _page(request, known(id), **why))


# ------------------------------------------------------------------------------------------------ the enterprise's side


@require_http_methods(["GET", "HEAD", "POST"])
@needs("resumption.apply")
def own(request: HttpRequest, id: UUID) -> HttpResponse:
    """Let the enterprise read what is proposed or decided about it, and say its word while it may."""
    if request.method != "POST":
        found = known(id)
        require(request.actor, "resumption.apply", at=clock.now(), on=found)
        return _own(request, found, notice=Notice(_("收到了，决定的人会看到。"), "ok") if request.GET.get("done") else None)
    given = {"burden": id, "words": request.POST.get("words", "")}
    answer = run("resumption.burden.say", given, actor=request.actor, at=clock.now(), key=key_of(request))
    done = f"{reverse('resumption:own_burden', args=[id])}?done=said"
    return answered(request, answer, to=done, again=lambda **why: _own(request, known(id), **why))


def _own(request: HttpRequest, found: Burden, *, notice: Notice | None = None, errors: dict[str, str] | None = None) -> TemplateResponse:
    at = clock.now()
    field = Field(
        "words", _("您的陈述"), "area", value=found.heard_words, hint=_("写清事实和理由；没有意见就写“没有意见”"), max_length=1000
    )
    posted = request.POST.dict() if request.method == "POST" else {}
    context = {
        **_shown(found, at=at),
        "head": _("限制性处理"),
        "back": reverse("resumption:home") + (f"?firm={request.GET['firm']}" if request.GET.get("firm") else ""),
        "notice": notice,
        "may_say": found.state in ("proposed", "provisional"),
        "fields": filled([field], posted, errors or {}),
        "action": reverse("resumption:own_burden", args=[found.id]),
        "key": str(key_of(request)),
        "events": _events(found, names=False),
        "appeals": appeals_of(found, at=at, route="resumption:own_appeal"),
        "turn": _turn(found, at=at),
    }
    return TemplateResponse(request, "resumption/own_burden.html", context)


def _turn(found: Burden, *, at: datetime) -> dict[str, Any] | None:
    """Say where a decision may be turned against and until when; None before there is one."""
    if found.decided_at is None:
        return None
    place = found.region if found.route == Route.TOWN else queries.district_place(found.region)
    ways = [(way, last_day(found, way)) for way in AppealWay]
    today = local(at).date()
    return {
        "organ": burden_letters.above(place),
        "ways": [(way.label, _("%(month)s月%(day)s日前") % {"month": day.month, "day": day.day}, day >= today) for way, day in ways],
    }


def own_notices(enterprise: UUID, *, at: datetime) -> list[Notice]:
    """Give the notices for the enterprise's home: what is proposed or holds against it, each with its page."""
    found: Sequence[Burden] = everything(Burden).filter(enterprise=enterprise, state__in=BURDENING).order_by("state_at")
    return [
        Notice(
            _own_words(one, at=at),
            "ask" if one.state == "proposed" else "stop",
            "",
            Link(_("去看"), reverse("resumption:own_burden", args=[one.id])),
        )
        for one in found
    ]


def _own_words(one: Burden, *, at: datetime) -> str:
    kind = one.get_kind_display()
    if one.state == "proposed" and one.heard_at is None:
        return _("拟作“%(kind)s”处理，%(until)s可以陈述") % {"kind": kind, "until": say_deadline(hearing_ends(one), at=at)}
    if one.state == "proposed":
        return _("拟作“%(kind)s”处理，您的陈述已收到") % {"kind": kind}
    until = say_moment(one.until, at=at, style="full") if one.until else ""
    return _("“%(kind)s”执行中，到%(until)s自动解除") % {"kind": kind, "until": until}
