"""Papers: the list, drafting one from a case or a note, its page with what it will look like, numbering and signing."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from qifu.areas.casework import api as casework
from qifu.kernel.access import Actor, NotYours
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.documents.papers import Form, Letter, paragraphs
from qifu.kernel.language import said
from qifu.kernel.web import needs
from qifu.ui import along
from qifu.ui.asking import answered, filled, key_of
from qifu.ui.parts import Action, Field, Notice, View, offered
from qifu.ui.seen import hidden, moved

from .. import letters, queries
from ..actions.papers import asked_of, source_of
from ..models import Paper
from ..numbering import home_of
from ..terms import DISPATCH, DRAFT, KINDS, READBACK, SIGN, WITH_SOURCE
from ..workflow import PAPERS
from . import drawing
from .home import tabs

ACTIONS = {
    "edit": "consultation.edit_paper",
    "send": "consultation.send_paper",
    "sign": "consultation.sign_paper",
    "send_back": "consultation.return_paper",
    "drop": "consultation.drop_paper",
}
ALONG = {"enclose": "consultation.enclose", "leave_out": "consultation.leave_out"}
ASKS = ("edit", "send_back")


@require_GET
@needs(DRAFT, SIGN)
def listed(request: HttpRequest) -> HttpResponse:
    """Show the drafts and what went out."""
    actor = request.actor
    rows = Paper.objects.visible_to(actor).select_related("case", "note").order_by("-state_at")[: queries.SHOWN]
    drawn = [
        SimpleNamespace(
            it=one,
            kind=said(KINDS[one.kind]),
            state=drawing.state_of(one),
            clock=drawing.clock_of(one),
            about=_about(one),
            href=reverse("consultation:paper", args=[one.id]),
        )
        for one in rows
    ]
    context = {
        "tabs": tabs("papers", actor),
        "open": [one for one in drawn if one.it.state == "drafted"],
        "over": [one for one in drawn if one.it.state != "drafted"],
    }
    return TemplateResponse(request, "consultation/papers.html", context)


def _about(one: Paper) -> str:
    return one.case.title if one.case else one.note.title if one.note else ""


@require_http_methods(["GET", "HEAD", "POST"])
@needs(DRAFT)
def new(request: HttpRequest) -> HttpResponse:
    """Draft a paper about a case or a note, filled by its template."""
    if request.method != "POST":
        return _new(request, dict(request.GET.items()))
    given = {name: request.POST.get(name, "") for name in ("kind", "title", "to", "body", "copies", "contact")}
    given |= {name: request.POST[name] for name in ("case", "note", "supervision") if request.POST.get(name)}
    answer = run("consultation.draft", given, actor=request.actor, at=clock.now(), key=key_of(request))
    to = reverse("consultation:paper", args=[answer.result.id]) if answer.ok else ""
    return answered(request, answer, to=to, again=lambda **more: _new(request, request.POST.dict(), **more))


def _fields(values: Mapping[str, str], kind: str) -> list[Field]:
    to = Field("to", _("发给谁"), value=values.get("to", ""), required=kind != READBACK, max_length=120)
    return [
        Field("title", _("标题"), value=values.get("title", ""), max_length=100),
        *([] if kind == READBACK else [to]),
        Field("body", _("正文"), "area", value=values.get("body", ""), hint=_("一行一段；数字开头的行排成条目"), max_length=6000),
        *([] if kind == READBACK else [Field("copies", _("抄送"), value=values.get("copies", ""), required=False, max_length=200)]),
        Field("contact", _("联系人"), value=values.get("contact", ""), hint=_("名字和电话"), required=False, max_length=80),
    ]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _new(
    request: HttpRequest, source: Mapping[str, str], *, notice: Notice | None = None, errors: Mapping[str, str] | None = None
) -> TemplateResponse:
    actor, at = request.actor, clock.now()
    kind = source.get("kind", "") if source.get("kind") in KINDS else DISPATCH
    case, note = source_of(_uuid(source.get("case", "")), _uuid(source.get("note", "")), kind, actor)
    home = home_of(actor, DRAFT, at=at)
    name, about = ("case", case) if case is not None else ("note", note)
    asked = asked_of(case, _uuid(source.get("supervision", "")), kind)
    fields = _fields(letters.filled(kind, case, note, place=home.place, at=at, asked=asked), kind)
    if request.method == "POST":
        fields = filled(fields, request.POST.dict(), errors)
    back = (
        casework.drawing.desk_of(case) if case else reverse("consultation:note", args=[note.id]) if note else reverse("consultation:papers")
    )
    held = [
        ("key", str(key_of(request))),
        ("kind", kind),
        *([("case", str(case.id))] if case else []),
        *([("note", str(note.id))] if note else []),
        *([("supervision", str(asked.id))] if asked else []),
    ]
    context = {
        "title": said("起草{kind}", kind=said(KINDS[kind])),
        "fields": fields,
        "notice": notice,
        "hidden": held,
        "back": back,
        "about": case.title if case else note.title if note else "",
        "action": reverse("consultation:new_paper"),
        "primary": _("存好，看看样子"),
        "then": _("字句能改；编号以后不能再改。"),
        "kinds": [
            View(said(word), f"?{urlencode({'kind': code, name: about.id})}", here=code == kind)
            for code, word in KINDS.items()
            if about is not None and name in WITH_SOURCE[code]
        ],
    }
    return TemplateResponse(request, "consultation/paper_form.html", context)


@require_GET
@needs(DRAFT, SIGN)
def paper(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show a paper as it will go out, and what may be done."""
    return _page(request, queries.paper(id, request.actor))


def _page(request: HttpRequest, one: Paper, *, notice: Notice | None = None) -> TemplateResponse:
    actor, at = request.actor, clock.now()
    drawn = letters.drawn(one, signer="", at=at)
    if notice is None and one.reason and one.state == "drafted":
        notice = Notice(said("退回来改：{why}", why=one.reason), "ask")
    source = casework.drawing.desk_of(one.case) if one.case else reverse("consultation:note", args=[one.note_id]) if one.note_id else ""
    context = {
        "paper": one,
        "kind": said(KINDS[one.kind]),
        "state": drawing.state_of(one),
        "clock": drawing.clock_of(one),
        "notice": notice,
        "drawn": drawn,
        "letter": isinstance(drawn, Letter),
        "head": (drawn.head or f"{drawn.organ}文件") if isinstance(drawn, Letter) else "",
        "organ": letters.organ_of(one.organ, one.place),
        "lines": drawn.lines if isinstance(drawn, Form) else (),
        "pars": paragraphs(drawn),
        "about": _about(one),
        "source": source,
        "actions": _actions(one, actor),
        "issued": reverse("papers:paper", args=[one.issued]) if one.issued else "",
        "pdf": reverse("papers:pdf", args=[one.issued]) if one.issued else "",
        "word": reverse("papers:word", args=[one.issued]) if one.issued else "",
        "events": drawing.events_of(one),
        "along": _along(request, one, actor),
        "titles": drawn.attachments if isinstance(drawn, Letter) else (),
    }
    return TemplateResponse(request, "consultation/paper.html", context)


def _along(request: HttpRequest, one: Paper, actor: Actor) -> along.Enclosed:
    """Give what goes along; on a draft, whoever may mend it may change that too."""
    mends = one.state == "drafted" and one.kind != READBACK and actor.hat_for(DRAFT, at=clock.now(), on=one) is not None
    act = (lambda verb: reverse("consultation:act_on_paper", args=[one.id, verb])) if mends else None
    return along.enclosed(request, one, act=act)


def _actions(one: Paper, actor: Actor) -> list[Action]:
    at, drawn = clock.now(), []
    choices = [c for c in PAPERS.possible(one, actor=actor, at=at) if c.move.verb in ACTIONS]
    choices = [c for c in choices if c.refusal is None or not isinstance(c.refusal, NotYours)]
    for choice in sorted(choices, key=lambda c: (c.move.verb not in ("send", "sign"), not c.allowed)):
        verb = choice.move.verb
        asks = verb in ASKS
        href, kind = reverse("consultation:act_on_paper", args=[one.id, verb]), "main" if verb in ("send", "sign") else "plain"
        then = (str(choice.move.then),) if choice.move.then else ()
        drawn.append(offered(choice, href=href, then=then, opens=asks, kind=kind, hidden=() if asks else hidden(one)))
    return drawn


@require_http_methods(["GET", "HEAD", "POST"])
@needs(DRAFT, SIGN)
def act(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Mend a draft, number it, sign it, send it back, or give it up."""
    if verb not in ACTIONS and verb not in ALONG:
        raise Http404
    if request.method != "POST":
        one = queries.paper(id, request.actor)
        return _form(request, one, verb) if verb in ASKS else _page(request, one)
    actor, post = request.actor, request.POST
    if verb in ALONG:
        answer = along.changed(request, verb, ALONG[verb], {"paper": id}, actor=actor)
        here = reverse("consultation:paper", args=[id])
        return answered(request, answer, to=here, back=here, again=lambda **more: _again(request, id, verb, **more))
    if page := moved(request, lambda: queries.paper(id, actor), again=lambda **more: _again(request, id, verb, **more)):
        return page
    given: dict[str, Any] = {"paper": id}
    if verb == "edit":
        given |= {name: post.get(name, "") for name in ("title", "to", "body", "copies", "contact")}
    elif verb == "send_back":
        given["reason"] = post.get("reason", "")
    answer = run(ACTIONS[verb], given, actor=actor, at=clock.now(), key=key_of(request))
    here = reverse("consultation:paper", args=[id])
    return answered(request, answer, to=here, back=here, again=lambda **more: _again(request, id, verb, **more))


def _again(
    request: HttpRequest, id: UUID, verb: str, *, notice: Notice | None = None, errors: Mapping[str, str] | None = None
) -> TemplateResponse:
    one = queries.paper(id, request.actor)
    if verb in ASKS:
        return _form(request, one, verb, notice=notice, errors=errors)
    return _page(request, one, notice=notice or (Notice(" ".join(errors.values()), "stop") if errors else None))


def _form(
    request: HttpRequest, one: Paper, verb: str, *, notice: Notice | None = None, errors: Mapping[str, str] | None = None
) -> TemplateResponse:
    if verb == "edit":
        fields = _fields({name: getattr(one, name) for name in ("title", "to", "body", "copies", "contact")}, one.kind)
    else:
        fields = [Field("reason", _("要改哪里"), "area", max_length=300)]
    if request.method == "POST":
        fields = filled(fields, request.POST.dict(), errors)
    move = PAPERS.moves[verb]
    context = {
        "title": move.label,
        "fields": fields,
        "notice": notice,
        "hidden": hidden(one, key=key_of(request)),
        "about": one.title,
        "action": reverse("consultation:act_on_paper", args=[one.id, verb]),
        "back": reverse("consultation:paper", args=[one.id]),
        "primary": _("存好") if verb == "edit" else _("退回"),
        "then": move.then,
    }
    return TemplateResponse(request, "consultation/paper_form.html", context)
