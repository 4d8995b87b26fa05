"""Supervisions: what one's office owes an answer to, what one waits for or is to confirm, and each with its words."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from qifu.kernel.access import NotFound, acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.language import said
from qifu.kernel.web import needs
from qifu.ui.acts import events_of
from qifu.ui.asking import answered, filled, key_of
from qifu.ui.parts import Fact, Field, Notice
from qifu.ui.seen import hidden
from qifu.ui.words import say_deadline

from .. import offices, queries
from ..models import Supervision
from ..terms import PENDING
from ..workflow import PRESS, SUPERVISING
from . import drawing
from .worklist import SEE

SHOWN = 200
ACTIONS = {
    "reply": "casework.reply_supervision",
    "confirm": "casework.confirm_supervision",
    "send_back": "casework.return_supervision",
    "withdraw": "casework.withdraw_supervision",
}
_ASKS = {
    "reply": Field("reply", said("回复"), "area", max_length=1000, hint=said("做了什么、到哪一步、哪天办完")),
    "send_back": Field("why", said("还差什么"), "area", max_length=500, hint=said("单位照着重报")),
}


@require_GET
@needs(SEE)
def listed(request: HttpRequest) -> HttpResponse:
    """List the supervisions by whose step is next; of one office where the address names it."""
    actor, found = request.actor, queries.supervisions(request.actor)
    if office := request.GET.get("office", "").replace("\x00", "")[:80]:
        parts = [(said("没有办结的督办"), found.filter(office=office, state__in=PENDING))]
    else:
        mine = offices.offices_of(actor)
        ours = found if actor.may(PRESS) else found.filter(office__in=mine)
        out = ours.filter(state__in=PENDING).exclude(pk__in=queries.owed_by(actor, mine)).exclude(pk__in=queries.to_judge(actor))
        parts = [
            (said("等我们回复"), queries.owed_by(actor, mine)),
            (said("等您确认"), queries.to_judge(actor)),
            (said("等别人的"), out),
            (said("办结的"), ours.exclude(state__in=PENDING).order_by("-state_at", "id")),
        ]
    groups = [SimpleNamespace(title=title, rows=[_row(one) for one in rows[:SHOWN]]) for title, rows in parts]
    return TemplateResponse(request, "casework/supervisions.html", {"groups": [one for one in groups if one.rows]})


def _row(one: Supervision) -> SimpleNamespace:
    row = drawing.supervised(one)
    row.firm = drawing.firm_of(one.case)
    return row


@require_http_methods(["GET", "HEAD", "POST"])
@needs(SEE)
def supervision(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one supervision; take the office's answer, or the supervisor's word on it."""
    if request.method != "POST":
        return _page(request, id)
    with acting(request.actor):
        _one(request, id)
    verb = request.POST.get("do", "")
    if verb not in ACTIONS:
        raise NotFound()
    asked = _ASKS.get(verb)
    given = {"supervision": id} | ({asked.name: request.POST.get(asked.name, "")} if asked else {})
    answer = run(ACTIONS[verb], given, actor=request.actor, at=clock.now(), key=key_of(request))

    def again(*, notice: Notice | None, errors: dict[str, str]) -> TemplateResponse:
        return _page(request, id, notice=notice, errors=errors)

    return answered(request, answer, to=reverse("casework:supervisions"), again=again)


def _one(request: HttpRequest, id: UUID) -> Supervision:
    found = queries.supervisions(request.actor).filter(pk=id).first()
    if found is None:
        raise NotFound()
    return found


def _page(request: HttpRequest, id: UUID, *, notice: Notice | None = None, errors: dict[str, str] | None = None) -> TemplateResponse:
    one = _one(request, id)
    forms = [
        SimpleNamespace(
            move=choice.move, hidden=(*hidden(one), ("do", choice.move.verb)), main=choice.move.verb in ("reply", "confirm"),
            field=filled([_ASKS[choice.move.verb]], request.POST.dict(), errors)[0] if choice.move.verb in _ASKS else None,
        )
        for choice in SUPERVISING.possible(one, actor=request.actor, at=clock.now())
        if choice.allowed
    ]  # fmt: skip
    row = _row(one)
    facts = [
        Fact(said("企业"), row.firm, href=drawing.register_of(one.case)),
        Fact(said("诉求"), one.case.title, href=drawing.desk_of(one.case)),
        Fact(said("谁来回"), one.office_name),
        Fact(said("谁督办"), one.asker_name),
    ]
    if one.due_at:
        facts.append(Fact(said("什么时候回"), say_deadline(one.due_at, at=clock.now())))
    context: dict[str, Any] = {
        "it": row, "facts": facts, "forms": forms, "notice": notice, "events": events_of(SUPERVISING, one, names=True),
    }  # fmt: skip
    return TemplateResponse(request, "casework/supervision.html", context)
