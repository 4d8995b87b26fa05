"""Items of an agenda: put on from the cases, decided with tasks, put off, taken off."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qifu.areas.casework import api as casework
from qifu.areas.casework.api import Case
from qifu.kernel.access import acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.web import needs
from qifu.ui.asking import answered, filled, key_of
from qifu.ui.parts import Field, Notice
from qifu.ui.seen import hidden, moved
from qifu.ui.worklist import ticked

from .. import queries
from ..models import Item
from ..terms import KEEP
from ..workflow import ITEMS
from . import drawing

ACTIONS = {
    "ask": "consultation.ask",
    "decide": "consultation.decide",
    "put_off": "consultation.put_off",
    "withdraw": "consultation.withdraw",
}


@require_http_methods(["GET", "HEAD", "POST"])
@needs(KEEP)
def put(request: HttpRequest) -> HttpResponse:
    """Put the ticked cases on an agenda: first say which meeting and what is to be decided, then list them."""
    if request.method != "POST":
        return _put(request)
    post = request.POST
    if post.get("confirm") != "1":
        with acting(request.actor):
            page = _put(request)
            page.render()
        return page
    ids = post.getlist("row")
    given = {"meeting": post.get("meeting", ""), "cases": ids, "questions": [post.get(f"question-{id}", "") for id in ids]}
    answer = run("consultation.put", given, actor=request.actor, at=clock.now(), key=key_of(request))
    to = reverse("consultation:meeting", args=[answer.result[0].meeting_id]) + "?done=put" if answer.ok else ""
    return answered(request, answer, to=to, again=lambda **more: _put(request, **more))


def _put(request: HttpRequest, *, notice: Notice | None = None, errors: Mapping[str, str] | None = None) -> TemplateResponse:
    actor = request.actor
    source = request.POST if request.method == "POST" else request.GET
    cases = ticked(source, lambda ids: Case.objects.visible_to(actor).filter(pk__in=ids))
    meetings = queries.open_meetings(actor)
    rows = [
        SimpleNamespace(
            case=one,
            state=casework.drawing.state_of(one),
            firm=casework.drawing.firm_of(one),
            question=source.get(f"question-{one.id}", ""),
            refused="" if casework.is_open(one) and not one.compartment else casework.state_word(one),
        )
        for one in cases
    ]
    chosen = source.get("meeting", "") or (str(meetings[0].id) if meetings else "")
    context = {
        "rows": [one for one in rows if not one.refused],
        "left": [one for one in rows if one.refused],
        "meetings": meetings,
        "chosen": chosen,
        "notice": notice,
        "errors": errors or {},
        "key": str(key_of(request)),
        "back": reverse("casework:worklist"),
    }
    return TemplateResponse(request, "consultation/put.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(KEEP)
def act(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Decide an item with its tasks, mend its question, put it off or take it off."""
    if verb not in ACTIONS:
        raise Http404
    if request.method != "POST":
        return _form(request, queries.item(id, request.actor), verb)
    actor, post = request.actor, request.POST
    if page := moved(request, lambda: queries.item(id, actor), again=lambda **more: _form(request, queries.item(id, actor), verb, **more)):
        return page
    if post.get("more"):
        with acting(actor):
            page = _form(request, queries.item(id, actor), verb)
            page.render()
        return page
    given: dict[str, Any] = {"item": id}
    if verb == "decide":
        given |= {"decision": post.get("decision", ""), "tasks": drawing.tasks_in(post)}
    else:
        given |= {"question": post.get("question", "")} if verb == "ask" else {"reason": post.get("reason", "")}
    answer = run(ACTIONS[verb], given, actor=actor, at=clock.now(), key=key_of(request))
    with acting(actor):
        to = _back(queries.item(id, actor), request)

    def again(*, notice: Notice | None = None, errors: Mapping[str, str] | None = None) -> TemplateResponse:
        return _form(request, queries.item(id, actor), verb, notice=notice, errors=errors)

    return answered(request, answer, to=to, again=again)


def _back(item: Item, request: HttpRequest) -> str:
    source = request.POST if request.method == "POST" else request.GET
    if source.get("from") == "room":
        number = source.get("n", "")
        return reverse("consultation:room", args=[item.meeting_id]) + (f"?n={number}" if number.isdecimal() else "")
    return reverse("consultation:meeting", args=[item.meeting_id])


def _form(
    request: HttpRequest, item: Item, verb: str, *, notice: Notice | None = None, errors: Mapping[str, str] | None = None
) -> TemplateResponse:
    actor, at = request.actor, clock.now()
    posted = request.POST if request.method == "POST" else None
    errors = dict(errors or {})
    fields: list[Field] = []
    if verb == "decide":
        hint = _("一句话：定了什么、谁牵头。纪要照原样印。")
        fields = [Field("decision", _("议定意见"), "area", value=item.decision, hint=hint, max_length=1000)]
    elif verb == "ask":
        fields = [Field("question", _("要议的事"), "area", value=item.question, max_length=200)]
    else:
        fields = [Field("reason", _("为什么"), value=item.reason, required=False, max_length=300)]
    if posted is not None:
        fields = filled(fields, posted.dict(), errors)
    tasks = queries.tasks_of(items=[item.id]).get(item.id, [])
    source = posted if posted is not None else request.GET
    decide = verb == "decide"
    context = {
        "item": drawing.item_of(item, tasks),
        "meeting": item.meeting,
        "verb": verb,
        "fields": fields,
        "notice": notice,
        "title": ITEMS.moves["decide_again" if decide and item.state == "decided" else verb].label,
        "then": ITEMS.moves[verb].then,
        "hidden": hidden(item, key=key_of(request), **{"from": source.get("from", ""), "n": source.get("n", "")}),
        "back": _back(item, request),
        "rows": drawing.task_rows(posted) if decide else [],
        "offices": drawing.office_options(item.region, actor, at=at) if decide else [],
        "limits": drawing.limit_options(item.region, at=at) if decide else [],
        "task_error": next((words for name, words in errors.items() if name not in ("decision", "question", "reason")), ""),
        "leads": True,
    }
    return TemplateResponse(request, "consultation/item.html", context)
