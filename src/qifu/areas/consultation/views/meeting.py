"""One meeting: its page, the page for the big screen, and its acts."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from qifu.areas.casework import api as casework
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.documents.papers import paragraphs
from qifu.kernel.journal import reading
from qifu.kernel.language import said
from qifu.kernel.web import needs
from qifu.ui.asking import answered, filled, key_of
from qifu.ui.parts import Action, Field, Notice, State, offered
from qifu.ui.seen import hidden, moved

from .. import letters, queries
from ..models import Attendee, Meeting
from ..terms import KEEP, MEETS, REPLIES, SEE
from ..workflow import MEETINGS
from . import drawing
from .home import meeting_fields, meeting_given, refill

ASKS = ("change", "write", "send_back", "drop", "came")
ACTIONS = {
    "change": "consultation.change",
    "call": "consultation.call",
    "begin": "consultation.begin",
    "write": "consultation.write",
    "send_back": "consultation.return_minutes",
    "sign": "consultation.sign",
    "close": "consultation.close",
    "drop": "consultation.drop",
    "came": "consultation.came",
}
KEPT = ("谁反映的", "怎么回", "企业")
"""What the big screen leaves out: who has told is nobody's business at the table."""
FIRST = ("sign", "begin", "call", "write", "close")


def _address(meeting: Meeting, verb: str) -> str:
    return reverse("consultation:act", args=[meeting.id, verb])


@require_GET
@needs(SEE)
def meeting(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show a meeting: agenda with decisions and the progress of tasks, who was asked and came, what may be done."""
    return _page(request, queries.meeting(id, request.actor))


def _page(request: HttpRequest, one: Meeting, *, notice: Notice | None = None) -> TemplateResponse:
    actor, at = request.actor, clock.now()
    items = queries.items_of(one)
    tasks = queries.tasks_of(items=[item.id for item in items])
    asked = list(Attendee.objects.filter(meeting=one, off=False)) if one.state != "dropped" else list(Attendee.objects.filter(meeting=one))
    flat = [task for rows in tasks.values() for task in rows]
    count, done, late = queries.progress(flat, at=at)
    if notice is None and one.reason and one.state in ("held", "dropped"):
        words = said("退回改纪要：{why}", why=one.reason) if one.state == "held" else said("不开了：{why}", why=one.reason)
        notice = Notice(words, "ask")
    keeps = actor.hat_for(KEEP, at=at, on=one) is not None
    context = {
        "meeting": one,
        "state": drawing.state_of(one),
        "clock": drawing.clock_of(one),
        "notice": notice,
        "items": [drawing.item_of(item, tasks.get(item.id, ())) for item in items],
        "asked": [SimpleNamespace(it=row, state=_reply(row, one)) for row in asked],
        "count": count,
        "done": done,
        "late": late,
        "actions": _actions(one, request),
        "papers": drawing.papers_of(one.id),
        "events": drawing.events_of(one),
        "keeps": keeps and one.state in MEETS,
        "held": one.state == "held",
        "room": reverse("consultation:room", args=[one.id]),
        "toasts": _toasts(request),
        "calendar": _own_invitation(asked, request),
    }
    return TemplateResponse(request, "consultation/meeting.html", context)


def _own_invitation(asked: list[Attendee], request: HttpRequest) -> str:
    mine = casework.offices.offices_of(request.actor)
    return next((reverse("consultation:calendar", args=[one.id]) for one in asked if one.office in mine), "")


def _reply(row: Attendee, one: Meeting) -> State:
    if row.came is not None:
        return State(_("到了"), "ok") if row.came else State(_("没到"), "stop")
    if one.state == "planned":
        return State(_("还没通知"), "idle")
    return State(said(REPLIES[row.reply]), {"": "ask", "coming": "ok", "absent": "stop"}[row.reply])


def _toasts(request: HttpRequest) -> list[dict[str, Any]]:
    done = request.GET.get("done", "")
    move = MEETINGS.moves.get(done)
    word = {"plan": said("排好了，去诉求里勾上要议的，列进来"), "came": said("点好了"), "put": said("列好了")}.get(done)
    if move is not None:
        word = said("已办：{word}。{then}", word=move.label, then=move.then)
    return [{"word": word, "seconds": 8}] if word else []


def _actions(one: Meeting, request: HttpRequest) -> list[Action]:
    actor, at = request.actor, clock.now()
    drawn = []
    choices = [c for c in MEETINGS.possible(one, actor=actor, at=at) if c.move.verb in ACTIONS]
    choices = [c for c in choices if c.allowed or (c.refusal is not None and c.refusal.code != "NotYours")]
    main = next((verb for verb in FIRST for c in choices if c.allowed and c.move.verb == verb), "")
    for choice in sorted(choices, key=lambda c: c.move.verb != main):
        verb = choice.move.verb
        if verb == "close" and queries.open_tasks(meeting=one.id):
            continue
        asks = verb in ASKS
        drawn.append(
            offered(
                choice,
                href=_address(one, verb),
                then=(str(choice.move.then),) if choice.move.then else (),
                opens=asks,
                kind="main" if verb == main else "plain",
                hidden=() if asks else hidden(one),
            )
        )
    keeps = actor.hat_for(KEEP, at=at, on=one)
    if one.state == "called" and keeps:
        then = (_("名单上的单位马上收到新的时间地点。"),)
        drawn.append(Action(_("改时间和单位"), _("改"), _address(one, "change"), then, opens=True))
    if one.state == "held" and keeps:
        drawn.append(Action(_("点名"), _("点名"), _address(one, "came"), (_("记下哪些单位到了、来的是谁，写进纪要。"),), opens=True))
    return drawn


# ---------------------------------------------------------------- the big screen


@require_GET
@needs(SEE)
def room(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one item at a time, readable from the far end of the table: the case, the question, what was decided, the tasks."""
    one = queries.meeting(id, request.actor)
    items = [item for item in queries.items_of(one) if item.state != "withdrawn"]
    asked = request.GET.get("n", "")
    first = next((n for n, item in enumerate(items) if item.state == "listed"), 0)
    here = min(max(int(asked), 1), max(len(items), 1)) - 1 if asked.isdecimal() and len(asked) < 4 else first
    chosen = items[here] if items else None
    tasks = queries.tasks_of(items=[chosen.id]) if chosen else {}
    at = clock.now()
    context = {
        "meeting": one,
        "items": [SimpleNamespace(n=n, it=item, state=drawing.state_of(item), on=n == here + 1) for n, item in enumerate(items, 1)],
        "item": drawing.item_of(chosen, tasks.get(chosen.id, ())) if chosen else None,
        "n": here + 1,
        "of": len(items),
        "previous": here,
        "next": here + 2 if here + 1 < len(items) else 0,
        "facts": [one for one in casework.drawing.facts_of(chosen.case) if one.name not in KEPT] if chosen else [],
        "used": _used(chosen, at) if chosen else ("", []),
        "keeps": one.state == "held" and request.actor.hat_for(KEEP, at=at, on=one) is not None,
        "back": reverse("consultation:meeting", args=[one.id]),
    }
    return TemplateResponse(request, "consultation/room.html", context)


def _used(item: Any, at: Any) -> tuple[str, Any]:
    moves = [entry for entry in reading.latest_standing(item.case.id, "casework.case") if entry.entered]
    shares, words = casework.drawing.used_of(item.case, moves, at=at)
    return words, shares


# ---------------------------------------------------------------- acts


@require_http_methods(["GET", "HEAD", "POST"])
@needs(SEE)
def act(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Ask what an act needs, then do it; a refusal comes back with everything that was typed."""
    if verb not in ACTIONS:
        raise Http404
    if request.method != "POST":
        one = queries.meeting(id, request.actor)
        return _form(request, one, verb) if verb in ASKS else _page(request, one)
    actor = request.actor
    if page := moved(request, lambda: queries.meeting(id, actor), again=lambda **more: _again(request, id, verb, **more)):
        return page
    answer = run(ACTIONS[verb], {"meeting": id, **_given(request, verb)}, actor=actor, at=clock.now(), key=key_of(request))
    to = f"{reverse('consultation:meeting', args=[id])}?done={verb}"
    return answered(
        request, answer, to=to, back=reverse("consultation:meeting", args=[id]), again=lambda **more: _again(request, id, verb, **more)
    )


def _given(request: HttpRequest, verb: str) -> dict[str, Any]:
    post = request.POST
    if verb == "change":
        return meeting_given(request)
    if verb == "came":
        ids = post.getlist("came")
        return {"came": ids, "names": [post.get(f"who-{id}", "") for id in ids]}
    if verb == "write":
        return {"words": post.get("words", "")}
    return {"reason": post.get("reason", "")} if verb in ("send_back", "drop") else {}


def _again(
    request: HttpRequest, id: UUID, verb: str, *, notice: Notice | None = None, errors: Mapping[str, str] | None = None
) -> TemplateResponse:
    one = queries.meeting(id, request.actor)
    if verb not in ASKS:
        return _page(request, one, notice=notice or Notice(" ".join((errors or {}).values()), "stop"))
    return _form(request, one, verb, notice=notice, errors=errors)


def _form(
    request: HttpRequest, one: Meeting, verb: str, *, notice: Notice | None = None, errors: Mapping[str, str] | None = None
) -> TemplateResponse:
    actor, at = request.actor, clock.now()
    move = MEETINGS.moves.get(verb)
    fields: list[Field] = []
    if verb == "change":
        fields = meeting_fields(one.region, actor, at=at, meeting=one)
    elif verb == "write":
        hint = _("议题和任务从记录里来，不用抄。这里只写会上定的别的事，没有就空着。")
        fields = [Field("words", _("别的事项"), "area", value=one.words, hint=hint, required=False, max_length=4000)]
    elif verb in ("send_back", "drop"):
        fields = [Field("reason", _("为什么"), "area", max_length=300)]
    if request.method == "POST":
        fields = refill(fields, request, errors) if verb == "change" else filled(fields, request.POST.dict(), errors)
    context = {
        "meeting": one,
        "title": move.label if move else _("点名"),
        "fields": fields,
        "notice": notice,
        "verb": verb,
        "hidden": hidden(one, key=key_of(request)),
        "action": _address(one, verb),
        "back": reverse("consultation:meeting", args=[one.id]),
        "then": move.then if move else "",
        "asked": _roll(request, one) if verb == "came" else [],
        "preview": letters.minutes(one, at=at) if verb == "write" else None,
        "pars": paragraphs(letters.minutes(one, at=at)) if verb == "write" else [],
    }
    return TemplateResponse(request, "consultation/act.html", context)


def _roll(request: HttpRequest, one: Meeting) -> list[SimpleNamespace]:
    came = set(request.POST.getlist("came"))
    rows = Attendee.objects.filter(meeting=one, off=False)
    posted = request.method == "POST"
    return [
        SimpleNamespace(
            it=row,
            on=str(row.id) in came if posted else bool(row.came if row.came is not None else row.reply == "coming"),
            who=request.POST.get(f"who-{row.id}", "") if posted else row.who,
        )
        for row in rows
    ]
