"""Letters to other cities at the desk: the list, a new one, one with everything about it, and its acts."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qifu.areas.casework import api as casework
from qifu.kernel.access import NotFound, acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.documents import issuing
from qifu.kernel.language import said
from qifu.kernel.web import needs, opens
from qifu.ui import along
from qifu.ui.asking import answered, filled, key_of, unfit
from qifu.ui.parts import Clock, Event, Field, Notice, Option, Paper, State, View
from qifu.ui.seen import hidden, moved

from .. import queries
from ..letters import TEMPLATES, drafted
from ..models import Letter, Parcel
from ..terms import ENDS, PARCEL_STATES, SEE, STATES, WRITE
from ..workflow import LETTERS

SHOWN = 200
TONES = {"drafted": "ask", "sent": "info", "answered": "ok", "filed": "idle", "withdrawn": "idle"}
PARCEL_TONES = {"queued": "info", "delivered": "ok", "refused": "stop", "given_up": "stop"}


def state_of(letter: Letter) -> State:
    """Draw where a letter stands."""
    return State(LETTERS.states[letter.state], TONES[letter.state])


@require_GET
@needs(SEE, WRITE)
def listed(request: HttpRequest) -> HttpResponse:
    """List letters, by where they stand."""
    found = queries.letters(request.actor)
    chosen = request.GET.get("state", "")
    home = reverse("correspondence:letters")
    tabs = [View(said("全部"), home, found.count(), here=chosen not in STATES)]
    tabs += [
        View(LETTERS.states[code], f"{home}?state={code}", found.filter(state=code).count(), here=chosen == code)
        for code in ("drafted", "sent", "answered", "filed")
    ]
    if chosen in STATES:
        found = found.filter(state=chosen)
    rows = [
        SimpleNamespace(it=one, href=reverse("correspondence:letter", args=[one.id]), state=state_of(one), clock=_clock(one))
        for one in found.order_by("due_at", "-written_at")[:SHOWN]
    ]
    return TemplateResponse(request, "correspondence/listed.html", {"rows": rows, "tabs": tabs})


def _clock(letter: Letter) -> Clock | None:
    return Clock(letter.due_at) if letter.due_at else None


# ---------------------------------------------------------------- a new one


@require_http_methods(["GET", "HEAD", "POST"])
@needs(WRITE)
def new(request: HttpRequest) -> HttpResponse:
    """Write a letter about a case, from a template."""
    if request.method != "POST":
        return _new(request, request.GET.dict(), {})
    posted = request.POST.dict()
    with acting(request.actor):
        case = _case(posted.get("case", ""))
        fields = _fields(request, case, posted)
    errors = unfit(fields, posted)
    if not posted.get("to_name", "").strip() and not posted.get("peer"):
        errors["to_name"] = said("还没有填发给哪个单位。")
    if errors:
        with acting(request.actor):
            page = _new(request, posted, errors)
            page.render()
        page.status_code = 422
        return page
    given = {name: posted[name] for name in ("to_name", "title", "need", "days", "peer", "to_contact", "to_phone") if posted.get(name)}
    answer = run("correspondence.write", {"case": case.id, **given}, actor=request.actor, at=clock.now(), key=key_of(request))
    to = reverse("correspondence:letter", args=[answer.result.id]) if answer.ok else ""
    return answered(request, answer, to=to, again=lambda *, notice, errors: _new(request, posted, errors, notice=notice))


def _case(word: str) -> casework.Case:
    try:
        found = casework.case(UUID(word))
    except ValueError:
        found = None
    if found is None:
        raise NotFound()
    return found


def _fields(request: HttpRequest, case: casework.Case, posted: dict[str, str]) -> list[Field]:
    template = posted.get("template", "parts") if posted.get("template", "parts") in TEMPLATES else "parts"
    title, need = drafted(template, firm=case.firm, what=posted.get("what", "").strip()[:30])
    peers = queries.trusted(case.region)
    ways = [Option("", said("寄公文"), said("签发后下载PDF或Word"))]
    ways += [Option(str(one.id), said("直接发给{name}", name=one.name), said("对方也用企服，签了名马上到")) for one in peers]
    return [
        Field("peer", said("怎么发"), "choice", options=ways, required=False),
        Field("to_name", said("发给哪个单位"), hint=said("比如：苏州市工业和信息化局；直接发的不用填"), required=False, max_length=80),
        Field("to_contact", said("对方联系人"), required=False, max_length=40),
        Field("to_phone", said("对方电话"), "tel", required=False, max_length=30),
        Field("title", said("标题"), value=title, max_length=80),
        Field("need", said("正文"), "area", value=need, max_length=3000, hint=said("写清缺什么、规格、数量、最晚哪天要，对方照着就能办")),
        Field("days", said("几个工作日内回"), "number", value="5", max_length=2),
    ]


def _new(request: HttpRequest, posted: dict[str, str], errors: dict[str, str], *, notice: Notice | None = None) -> TemplateResponse:
    case = _case(posted.get("case", ""))
    fields = _fields(request, case, posted)
    words = {
        "parts": said("缺货源、零部件"), "goods": said("货车通行"), "people": said("员工返岗"), "other": said("别的事"),
    }  # fmt: skip
    chosen = posted.get("template", "parts")
    kinds = [
        SimpleNamespace(word=word, here=code == chosen, href=f"{reverse('correspondence:new')}?case={case.id}&template={code}")
        for code, word in words.items()
    ]
    context = {
        "case": case, "case_href": reverse("casework:subject", args=[case.id]), "kinds": kinds, "notice": notice,
        "fields": filled(fields, {k: v for k, v in posted.items() if k in {f.name for f in fields}}, errors), "key": str(key_of(request)),
        "template": chosen,
    }  # fmt: skip
    return TemplateResponse(request, "correspondence/new.html", context)


# ---------------------------------------------------------------- one


@require_GET
@needs(SEE, WRITE)
def one(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one letter."""
    return _one(request, id)


def _one(
    request: HttpRequest, id: UUID, *, notice: Notice | None = None, verb: str = "", posted: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> TemplateResponse:  # fmt: skip
    actor, at = request.actor, clock.now()
    letter = queries.letter(id, actor)
    choices = {choice.move.verb: choice for choice in LETTERS.possible(letter, actor=actor, at=at)}
    may = {name for name, choice in choices.items() if choice.allowed}
    writes = actor.hat_for(WRITE, at=at, on=letter) is not None
    papers = [Paper(said("公文（PDF、Word）"), reverse("papers:paper", args=[paper.id]), paper.number) for paper in issuing.of(letter.id)]
    parcels = queries.parcels_of(letter.id)
    asks = {
        "called": _filled(_called(letter), verb == "called", posted, errors) if writes and letter.state in ("sent", "answered") else [],
        "answer": _filled(_answer(), verb == "answer", posted, errors) if "answer" in may else [],
    }
    refused, case_href = choices.get("sign"), reverse("casework:subject", args=[letter.case_id])
    context = {
        "letter": letter, "state": state_of(letter), "clock": _clock(letter), "notice": notice, "may": may, "asks": asks, "papers": papers,
        "case_href": case_href if opens(case_href, request.actor) else "", "hidden": hidden(letter), "key": str(key_of(request)),
        "parcel": _parcel(parcels[0]) if parcels else None, "may_again": writes and letter.state == "sent",
        "why_not": f"{refused.refusal.says}{refused.refusal.fix}" if refused and refused.refusal else "",
        "ended": ENDS.get(letter.ended, ""), "events": _events(letter), "along": _along(request, letter, writes),
    }  # fmt: skip
    return TemplateResponse(request, "correspondence/letter.html", context)


def _along(request: HttpRequest, letter: Letter, writes: bool) -> along.Enclosed:
    """Give what goes along; a draft takes more."""
    mends = writes and letter.state == "drafted"
    return along.enclosed(request, letter, act=(lambda verb: reverse("correspondence:act", args=[letter.id, verb])) if mends else None)


def _filled(fields: list[Field], posted_here: bool, posted: dict[str, str] | None, errors: dict[str, str] | None) -> list[Field]:
    return filled(fields, posted or {}, errors) if posted_here else fields


def _called(letter: Letter) -> list[Field]:
    return [
        Field("who", said("打给谁"), value=letter.to_contact, max_length=60),
        Field("words", said("说了什么"), "area", max_length=500),
        Field("reached", said("打通了没有"), "choice", value="yes", options=[Option("yes", said("打通了")), Option("no", said("没打通"))]),
    ]


def _answer() -> list[Field]:
    return [
        Field("ended", said("结果"), "choice", options=[Option(code, str(word)) for code, word in ENDS.items()]),
        Field("answer", said("对方怎么答复"), "area", max_length=5000),
        Field("answer_from", said("谁答复的"), required=False, max_length=80),
        Field("their_number", said("对方文号"), required=False, max_length=60),
    ]


def _parcel(parcel: Parcel) -> Any:
    return SimpleNamespace(
        it=parcel, state=State(str(PARCEL_STATES[parcel.state]), PARCEL_TONES[parcel.state]), lost=parcel.state in ("refused", "given_up")
    )


def _receipted(parcel: Parcel) -> str:
    number = said("对方件号{number}", number=parcel.their_number)
    files = len(parcel.body.get("files", []))
    return said("{number}，附件{n}个都收到了", number=number, n=files) if files else number


def _events(letter: Letter) -> list[Event]:
    found = [Event(letter.written_at, said("{name}起草", name=letter.writer_name))] if letter.written_at else []
    if letter.sent_at:
        found.append(Event(letter.sent_at, said("{name}签发", name=letter.signer_name), letter.number))
    found += [
        Event(parcel.delivered_at, said("对方收到了"), _receipted(parcel))
        for parcel in queries.parcels_of(letter.id)
        if parcel.delivered_at
    ]
    for call in letter.calls.all():
        what = said("{name}打给{who}", name=call.by_name, who=call.who)
        found.append(Event(call.at, what, call.words if call.reached else said("没打通。{words}", words=call.words)))
    if letter.answered_at:
        how = said("签了名的来信") if letter.by_message else said("经办人填的")
        found.append(Event(letter.answered_at, said("{name}回函", name=letter.answer_from), how, "ok"))
    return sorted(found, key=lambda event: event.at, reverse=True)


ACTS = {
    "sign": "correspondence.sign", "withdraw": "correspondence.withdraw", "file": "correspondence.file", "again": "correspondence.again",
    "called": "correspondence.call", "answer": "correspondence.answer", "enclose": "correspondence.enclose",
    "leave_out": "correspondence.leave_out",
}  # fmt: skip


@require_POST
@needs(SEE, WRITE)
def act(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Do one act about a letter; a refusal stands on its page with what was typed."""
    if verb not in ACTS:
        raise Http404
    posted = request.POST.dict()
    with acting(request.actor):
        letter = queries.letter(id, request.actor)
        fields = {"called": _called(letter), "answer": _answer()}.get(verb, [])
    errors = unfit(fields, posted)
    if errors:
        with acting(request.actor):
            page = _one(request, id, verb=verb, posted=posted, errors=errors)
            page.render()
        page.status_code = 422
        return page

    def again(*, notice: Notice | None, errors: dict[str, str]) -> TemplateResponse:
        return _one(request, id, notice=notice, verb=verb, posted=posted, errors=errors)

    if verb not in along.VERBS and (page := moved(request, lambda: queries.letter(id, request.actor), again=again)):
        return page
    given: dict[str, Any] = {field.name: posted[field.name] for field in fields if posted.get(field.name)}
    if verb == "called":
        given["reached"] = posted.get("reached") == "yes"
    if verb in along.VERBS:
        answer = along.changed(request, verb, ACTS[verb], {"letter": id}, actor=request.actor)
    else:
        answer = run(ACTS[verb], {"letter": id, **given}, actor=request.actor, at=clock.now(), key=key_of(request))
    return answered(request, answer, to=reverse("correspondence:letter", args=[id]), again=again)
