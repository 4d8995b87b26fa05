"""Leaders' notes: the list, writing one down with its photo, giving it to offices, what came back."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from qifu.areas.casework.api import Case
from qifu.kernel.access import acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local
from qifu.kernel.files import keeping
from qifu.kernel.language import said
from qifu.kernel.web import needs
from qifu.ui.asking import answered, filled, key_of
from qifu.ui.parts import Action, Field, Notice, Option, Photo, offered
from qifu.ui.seen import hidden, moved

from .. import queries
from ..models import Note
from ..numbering import home_of
from ..photos import PHOTO
from ..terms import KEEP, READ, SEE, TAKE
from ..workflow import NOTES
from . import drawing
from .home import tabs

ACTIONS = {"give": "consultation.give", "give_more": "consultation.give", "read": "consultation.read", "press": "consultation.press"}
ASKS = ("give", "give_more", "press")


@require_GET
@needs(SEE)
def listed(request: HttpRequest) -> HttpResponse:
    """Show the notes: to give out, under way with how many have answered, answered."""
    actor, at = request.actor, clock.now()
    rows = list(queries.notes(actor)[: queries.SHOWN])
    tasks = queries.tasks_of(notes=[one.id for one in rows])
    drawn = [
        SimpleNamespace(
            it=one,
            state=drawing.state_of(one),
            clock=drawing.clock_of(one),
            href=reverse("consultation:note", args=[one.id]),
            count=queries.progress(tasks.get(one.id, ()), at=at),
            offices=[
                SimpleNamespace(name=task.office_name, answered=queries.is_answered(task), late=task.due_at <= at)
                for task in tasks.get(one.id, ())
            ],
        )
        for one in rows
    ]
    context = {
        "tabs": tabs("notes", actor),
        "open": [one for one in drawn if one.it.state != "closed"],
        "back": [one for one in drawn if one.it.state == "closed" and one.it.read_at is None],
        "over": [one for one in drawn if one.it.read_at is not None and one.it.state == "closed"],
        "may_take": actor.may(TAKE),
    }
    return TemplateResponse(request, "consultation/notes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(TAKE)
def new(request: HttpRequest) -> HttpResponse:
    """Write a note down; its photo is taken on the page that follows."""
    if request.method != "POST":
        return _new(request)
    post = request.POST
    given: dict[str, Any] = {
        "text": post.get("text", ""),
        "leader": post.get("leader", ""),
        "leader_id": post.get("leader_id") or None,
        "written_at": f"{post.get('day', '').strip()} {post.get('hour', '').strip().replace('：', ':')}".strip(),
        "case": post.get("case") or None,
    }
    answer = run("consultation.receive", given, actor=request.actor, at=clock.now(), key=key_of(request))
    to = reverse("consultation:note", args=[answer.result.id]) + "?done=receive" if answer.ok else ""
    return answered(request, answer, to=to, again=lambda **more: _new(request, **more))


def _new(request: HttpRequest, *, notice: Notice | None = None, errors: Mapping[str, str] | None = None) -> TemplateResponse:
    actor, now = request.actor, local(clock.now())
    people = queries.leaders(home_of(actor, TAKE, at=now).place, at=now)
    own = next((str(one.id) for one in people if one.id == actor.person), "")
    case = _case(request)
    fields = [
        Field(
            "leader_id",
            _("谁批的"),
            "select",
            value=own,
            required=False,
            placeholder=_("不在名单里，下面写名字"),
            options=tuple(Option(str(one.id), one.name) for one in people),
            hint=_("选了名字，反馈齐了会告诉本人"),
        ),
        Field("leader", _("或者写名字"), required=False, max_length=40),
        Field("day", _("哪天批的"), "date", value=f"{now:%Y-%m-%d}"),
        Field("hour", _("几点"), value=f"{now:%H:%M}", hint=_("24小时制，如 22:10"), max_length=5),
        Field("text", _("批示内容"), "area", hint=_("照原话写，认不清的字写“□”，照片下一步拍"), max_length=2000),
    ]
    errors = dict(errors or {})
    if "written_at" in errors:
        errors["hour"] = errors.pop("written_at")
    if request.method == "POST":
        fields = filled(fields, request.POST.dict(), errors)
    context = {
        "title": _("登记批示"),
        "fields": fields,
        "notice": notice,
        "key": str(key_of(request)),
        "case": case,
        "action": reverse("consultation:new_note"),
        "back": reverse("consultation:notes"),
        "primary": _("记下，去拍照、交办"),
    }
    return TemplateResponse(request, "consultation/note_new.html", context)


def _case(request: HttpRequest) -> Case | None:
    source = request.POST if request.method == "POST" else request.GET
    try:
        id = UUID(source.get("case", ""))
    except ValueError:
        return None
    return Case.objects.visible_to(request.actor).filter(pk=id, compartment="").first()


@require_GET
@needs(SEE)
def note(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show a note: its words and photo, and what each office answered."""
    return _page(request, queries.note(id, request.actor))


def _page(request: HttpRequest, one: Note, *, notice: Notice | None = None) -> TemplateResponse:
    actor, at = request.actor, clock.now()
    tasks = queries.tasks_of(notes=[one.id]).get(one.id, [])
    if notice is None and one.words and one.state == "given":
        notice = Notice(said("{leader}看了反馈，说：{words}", leader=one.leader, words=one.words), "ask")
    photos = [
        Photo(
            reverse("file", args=[file.id]),
            reverse("file_small", args=[file.id]) if file.is_picture else "",
            f"{local(file.kept_at):%H:%M}",
            file.name,
        )
        for file in keeping.of([one.id]).get(one.id, [])
    ]
    done = request.GET.get("done", "")
    move = NOTES.moves.get(done)
    word = (
        said("已办：{word}。{then}", word=move.label, then=move.then)
        if move
        else said("记下了，拍一张照片，再选单位交办")
        if done == "receive"
        else ""
    )
    context = {
        "note": one,
        "state": drawing.state_of(one),
        "clock": drawing.clock_of(one),
        "notice": notice,
        "tasks": [drawing.task_of(task) for task in tasks],
        "progress": queries.progress(tasks, at=at),
        "photos": photos,
        "photo_kind": PHOTO,
        "may_photograph": bool(actor.hat_for(KEEP, at=at, on=one) or actor.hat_for(TAKE, at=at, on=one)),
        "here": reverse("consultation:note", args=[one.id]),
        "actions": _actions(one, request),
        "papers": drawing.papers_of(one.id),
        "events": drawing.events_of(one),
        "toasts": [{"word": word, "seconds": 8}] if word else [],
    }
    return TemplateResponse(request, "consultation/note.html", context)


def _actions(one: Note, request: HttpRequest) -> list[Action]:
    actor, at = request.actor, clock.now()
    drawn = []
    choices = [c for c in NOTES.possible(one, actor=actor, at=at) if c.move.verb in ACTIONS and c.allowed]
    choices = [c for c in choices if not (c.move.verb == "read" and one.read_at)]
    main = next((verb for verb in ("give", "read", "give_more") if any(c.move.verb == verb for c in choices)), "")
    for choice in sorted(choices, key=lambda c: c.move.verb != main):
        verb = choice.move.verb
        asks = verb in ASKS
        href = reverse("consultation:act_on_note", args=[one.id, verb])
        kind = "main" if verb == main else "plain"
        drawn.append(offered(choice, href=href, then=(str(choice.move.then),), opens=asks, kind=kind, hidden=() if asks else hidden(one)))
    if actor.may("consult.draft") and one.state != "received":
        href = f"{reverse('consultation:new_paper')}?kind=dispatch&note={one.id}"
        drawn.append(Action(_("出文书"), _("起草"), href, (_("照分工填好，看过编号发出，有PDF和Word。"),), opens=True))
    return drawn


@require_http_methods(["GET", "HEAD", "POST"])
@needs(KEEP, READ)
def act(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Give a note to offices, say that it was read, or that it is not enough."""
    if verb not in ACTIONS:
        raise Http404
    if request.method != "POST":
        one = queries.note(id, request.actor)
        return _form(request, one, verb) if verb in ASKS else _page(request, one)
    actor, post = request.actor, request.POST
    if page := moved(request, lambda: queries.note(id, actor), again=lambda **more: _again(request, id, verb, **more)):
        return page
    if post.get("more"):
        return _drawn(request, id, verb)
    given: dict[str, Any] = {"note": id}
    if verb in ("give", "give_more"):
        given["tasks"] = drawing.tasks_in(post)
    elif verb == "press":
        given["words"] = post.get("words", "")
    answer = run(ACTIONS[verb], given, actor=actor, at=clock.now(), key=key_of(request))
    to = f"{reverse('consultation:note', args=[id])}?done={verb}"
    return answered(request, answer, to=to, again=lambda **more: _again(request, id, verb, **more))


def _drawn(request: HttpRequest, id: UUID, verb: str, *, notice: Notice | None = None, status: int = 200) -> HttpResponse:
    with acting(request.actor):
        page = _again(request, id, verb, notice=notice)
        page.render()
    page.status_code = status
    return page


def _again(
    request: HttpRequest, id: UUID, verb: str, *, notice: Notice | None = None, errors: Mapping[str, str] | None = None
) -> TemplateResponse:
    one = queries.note(id, request.actor)
    return _form(request, one, verb, notice=notice, errors=errors) if verb in ASKS else _page(request, one, notice=notice)


def _form(
    request: HttpRequest, one: Note, verb: str, *, notice: Notice | None = None, errors: Mapping[str, str] | None = None
) -> TemplateResponse:
    actor, at = request.actor, clock.now()
    posted = request.POST if request.method == "POST" else None
    errors, giving = dict(errors or {}), verb != "press"
    fields = [] if giving else [Field("words", _("还要怎么办"), "area", hint=_("登记的人马上收到，去追加交办"), max_length=500)]
    if posted is not None:
        fields = filled(fields, posted.dict(), errors)
    given = queries.tasks_of(notes=[one.id]).get(one.id, [])
    context = {
        "note": one,
        "verb": verb,
        "title": NOTES.moves[verb].label,
        "then": NOTES.moves[verb].then,
        "fields": fields,
        "notice": notice,
        "hidden": hidden(one, key=key_of(request)),
        "back": reverse("consultation:note", args=[one.id]),
        "rows": drawing.task_rows(posted) if giving else [],
        "tasks": [drawing.task_of(task) for task in given],
        "offices": drawing.office_options(one.region, actor, at=at) if giving else [],
        "limits": drawing.limit_options(one.region, at=at) if giving else [],
        "task_error": next((words for name, words in errors.items() if name != "words"), ""),
    }
    return TemplateResponse(request, "consultation/note_act.html", context)
