"""The acts of a desk on one application: a form where something is asked, else one touch. All end in registered actions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from qifu.areas.response import api as response
from qifu.kernel.access import ActionRefused, Actor, NotYours, acting, require
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local
from qifu.kernel.journal import reading
from qifu.kernel.language import said
from qifu.kernel.web import needs
from qifu.ui.acts import put_back
from qifu.ui.asking import key_of, notice_of, safe, status_of, unfit
from qifu.ui.parts import Fact, Field, Notice, Option
from qifu.ui.seen import check_unmoved, hidden
from qifu.ui.words import moment_of

from .. import queries
from ..actions.apply import form_of
from ..actions.correct import WHY
from ..models import Application
from ..workflow import RESUMPTION
from . import drawing
from .subject import after, refused_page

Given = Mapping[str, Any]
DESK = ("resumption.see",)


@dataclass(frozen=True)
class Act:
    """One act: the action it runs, what its page asks and how the answers become the action's input."""

    action: str
    title: str
    fields: Callable[[Application, datetime], list[Field]] | None = None
    given: Callable[[Given], dict[str, Any]] = lambda posted: {}
    thens: tuple[str, ...] = ()
    primary: str = ""
    danger: bool = False


def _text(name: str, label: str, hint: str, *, most: int = 500, needed: bool = True) -> Field:
    return Field(name, label, "area", hint=hint, required=needed, max_length=most)


def _teams(application: Application, at: datetime) -> list[Field]:
    found = queries.teams(application.region, at)
    today = local(at).replace(hour=0, minute=0, second=0, microsecond=0)
    load = queries.on_hand([team.id for team in found], since=today)
    options = tuple(
        Option(
            str(team.id),
            said("{name}（现在）", name=team.name) if team.id == application.team_id else team.name,
            _load(*load.get(team.id, (0, 0))),
        )
        for team in found
    )
    hint = said("按今天手里的家数排") if found else said("还没有评估小组，先到“评估小组”里建一个")
    options = tuple(sorted(options, key=lambda option: load.get(UUID(option.value), (0, 0))[0]))
    return [Field("team", said("评估小组"), "choice", hint=hint, options=options)]


def _load(waiting: int, done: int) -> str:
    words = said("今天还有{waiting}家要看", waiting=waiting) if waiting else said("今天还空着")
    return said("{words}，已交{done}家", words=words, done=done) if done else words


def _questions(application: Application, at: datetime) -> Field:
    """Ask which questions of the form a sentence is about: the enterprise is led to these."""
    form = form_of(response.law(application.region, at, incident=application.incident))
    options = tuple(
        Option(question.name, said("{what}：{title}", what=step.title, title=question.label))
        for step in form.steps
        for question in step.fields
    )
    hint = said("可以勾几题，企业一点就到这几题，您写的话在题下面")
    return Field("questions", said("说的是哪几题"), "ticks", hint=hint, options=options, required=False)


def _correction(application: Application, at: datetime) -> list[Field]:
    standing = reading.latest_standing(application.id, RESUMPTION.name)
    verbs = {e.verb: e for e in standing if e.entered}
    options = tuple(
        Option(verb, RESUMPTION.moves[verb].label if verb in RESUMPTION.moves else RESUMPTION.opening.label,
               said("{at} {actor_name}", at=moment_of(e.at), actor_name=e.actor_name))
        for verb, e in verbs.items()
    )  # fmt: skip
    return [
        Field("verb", said("哪一步记错了"), "choice", options=options),
        Field("reason", said("错在哪里"), "choice", options=tuple(Option(code, word) for code, word in WHY.items())),
        Field("to_day", said("改到哪天"), "date", hint=said("没有办过的，这里空着"), required=False),
        Field("to_time", said("几点几分"), hint=said("比如 14:30"), required=False, max_length=5),
        Field("following", said("后面接着办的几步一起更正"), "tick", required=False),
    ]


def _corrected(posted: Given) -> dict[str, Any]:
    day, time = str(posted.get("to_day", "")).strip(), str(posted.get("to_time", "")).strip()
    return {
        "verb": posted.get("verb", ""), "reason": posted.get("reason", ""),
        "to": f"{day}T{time or '00:00'}" if day else "", "following": posted.get("following", ""),
    }  # fmt: skip


def _named(*names: str) -> Callable[[Given], dict[str, Any]]:
    return lambda posted: {name: posted.get(name, "") for name in names}


_ASSIGN = Act("resumption.assign", said("派给哪个小组"), _teams, _named("team"), primary=said("分派"))
ACTS: dict[str, Act] = {
    "forward": Act("resumption.forward", said("盖章转区里")),
    "accept": Act("resumption.accept", said("受理")),
    "return": Act(
        "resumption.return", said("请企业补材料"),
        lambda a, at: [_text("missing", said("要补什么"), said("写清哪一份、哪一处，企业照着补")), _questions(a, at)],
        _named("missing", "questions"),
        (said("时钟停下，等企业补好再走。"),), said("发给企业"),
    ),
    "assign": _ASSIGN,
    "reassign": Act("resumption.assign", said("改派给哪个小组"), _teams, _named("team"), primary=said("改派")),
    "look_again": Act("resumption.assign", said("整改后再评估：派给哪个小组"), _teams, _named("team"), primary=said("分派")),
    "approve": Act(
        "resumption.approve", said("批准复工"),
        lambda a, at: [_text("conditions", said("附加条件"), said("没有就空着。条件到期转人去看，不自动停工"), needed=False)],
        _named("conditions"),
        (), said("批准复工"),
    ),
    "send_back": Act(
        "resumption.send_back", said("退回再评估"),
        lambda a, at: [_text("reason", said("看哪一项"), said("写明再看哪一项、为什么"))], _named("reason"),
        (said("评估的时钟接着走。"),), said("退回"),
    ),
    "correct": Act(
        "resumption.correct", said("更正记录"), _correction, _corrected,
        (said("原来那条留着，旁边写明更正和原因。"), said("按记录算的数字跟着变。")), said("更正"),
    ),
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@needs(*DESK)
def act(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Ask what an act needs, then do it; a refusal comes back on the same page with everything that was typed."""
    if verb not in ACTS:
        raise Http404
    if request.method != "POST":
        application = queries.application(id, request.actor)
        return _form(request, application, verb, {}, errors={}, notice=_foreseen(application, verb, request.actor))
    return _do(request, id, verb)


def _do(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    chosen, actor, at = ACTS[verb], request.actor, clock.now()
    posted: dict[str, Any] = request.POST.dict()
    with acting(actor):
        application = queries.application(id, actor)
        fields = chosen.fields(application, at) if chosen.fields else []
        posted |= {field.name: request.POST.getlist(field.name) for field in fields if field.kind == "ticks"}
        moved = _moved(application, request)
    if moved is not None:
        return _again(request, id, verb, posted, refusal=moved)
    errors = unfit(fields, posted)
    if errors:
        return _again(request, id, verb, posted, errors=errors)
    answer = run(chosen.action, {"application": id, **chosen.given(posted)}, actor=actor, at=at, key=key_of(request))
    if answer.ok:
        return after(request, application, verb)
    return _again(request, id, verb, posted, refusal=answer, errors=_beside(answer.errors, fields))


def _moved(application: Application, request: HttpRequest) -> ActionRefused | None:
    try:
        check_unmoved(application, request)
    except ActionRefused as refusal:
        return refusal
    return None


def _beside(errors: Mapping[str, str] | None, fields: list[Field]) -> dict[str, str]:
    """Put each sentence beside a field of this page; the time of a correction is asked as two."""
    names = {field.name for field in fields}
    return {({"to": "to_day"}.get(name, name)): says for name, says in (errors or {}).items() if {"to": "to_day"}.get(name, name) in names}


def _again(
    request: HttpRequest, id: UUID, verb: str, posted: Given, *, refusal: Any = None, errors: Mapping[str, str] | None = None
) -> HttpResponse:
    if not ACTS[verb].fields:
        return refused_page(request, id, refusal)
    with acting(request.actor):
        application = queries.application(id, request.actor)
        here = drawing.desk_of(application, verb)
        notice = notice_of(refusal, back=here) if refusal is not None and not errors else None
        response = _form(request, application, verb, posted, errors=errors or {}, notice=notice)
    response.status_code = 422 if errors else status_of(refusal)
    return response


def _foreseen(application: Application, verb: str, actor: Actor) -> Notice | None:
    """Say already on opening why it will not go, so that nobody types in vain."""
    at = clock.now()
    if verb == "correct":
        require(actor, "journal.correct", at=at, on=application)
        return None
    choice = next((c for c in RESUMPTION.possible(application, actor=actor, at=at) if c.move.verb == verb), None)
    if choice is None:
        return Notice(
            said("这件现在是“{word}”，不能“{label}”。", word=drawing.state_of(application).word, label=RESUMPTION.moves[verb].label), "stop"
        )
    if isinstance(choice.refusal, NotYours):
        raise choice.refusal
    return notice_of(choice.refusal, back=drawing.desk_of(application, verb)) if choice.refusal else None


def _form(
    request: HttpRequest, application: Application, verb: str, posted: Given, *, errors: Mapping[str, str], notice: Notice | None
) -> HttpResponse:
    chosen, at = ACTS[verb], clock.now()
    fields = put_back(chosen.fields(application, at) if chosen.fields else [], posted, errors)
    move = RESUMPTION.moves.get(verb)
    here = drawing.desk_of(application)
    back = safe(request, str(posted.get("back", "")), here)
    context = {
        "application": application,
        "name": application.enterprise.name,
        "line": drawing.line_of(application),
        "state": drawing.state_of(application),
        "clock": drawing.clock_of(application),
        "title": chosen.title,
        "fields": fields,
        "thens": [*([move.then] if move else []), *chosen.thens],
        "notice": notice,
        "action": drawing.desk_of(application, verb),
        "primary": chosen.primary or chosen.title,
        "danger": chosen.danger,
        "hidden": hidden(application, key=key_of(request) if posted else None, back="" if back == here else back),
        "back": back,
        "saves": f"{verb}-{application.id}",
        "version": application.state_at.isoformat(),
        "said": _said(application) if verb in ("approve", "send_back") else [],
        "whys": drawing.whys_of(application) if verb == "approve" else [],
    }
    return TemplateResponse(request, "resumption/act.html", context)


def _said(application: Application) -> list[Fact]:
    """Give what the decision rests on: the checklist in one line, what is to be mended, the team's remarks."""
    items = list(application.items.all())
    facts = [Fact(said("评估清单"), drawing.checks_note(items) if items else said("还没有评估"))]
    facts += [Fact(said("待改"), item.name, note=item.note) for item in items if item.result == "fix"]
    return [*facts, *([Fact(said("评估组说"), application.remarks)] if application.remarks else [])]
