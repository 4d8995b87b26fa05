"""How a case comes in at the desk: while the telephone rings, from a group's message, in confidence, from a leader's pen."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from qifu.areas.registry import api as registry
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.values import uuid7
from qifu.kernel.web import needs
from qifu.ui.asking import answered, key_of, notice_of
from qifu.ui.parts import Notice

from .. import offices, queries, rules
from ..actions.record import letterbox
from ..answers import ready
from ..handbook import handbook
from ..photos import keep_photos
from ..terms import BACK_OF, Back, Channel
from . import drawing
from .subject import drawn_alike

RECORD = "case.record"
DESK = ("hotline", "counter", "visit", "message", "instruction", "loop:12345", "loop:8718", "loop:96871", "loop:141")
"""By which ways it reaches a desk."""
SHOWN = 6


@require_http_methods(["GET", "HEAD", "POST"])
@needs("case.see")
def new(request: HttpRequest) -> HttpResponse:
    """Write down what a caller says; firm, likely duplicates and answers are found while it is typed."""
    if request.method != "POST":
        given = {"enterprise": request.GET.get("firm", ""), "channel": request.GET.get("channel", "hotline")}
        return _new(request, given, notice=None, errors={})
    posted = request.POST.dict()
    sent = {
        **{name: posted.get(name, "") for name in ("text", "channel", "firm", "asker", "phone", "answer_channel", "source_number")},
        "source": posted.get("channel", "").partition(":")[2],
        **{name: posted[name] for name in ("enterprise", "region") if posted.get(name)},
    }  # fmt: skip
    if posted.get("channel") == "instruction" and posted.get("until"):
        sent["until"] = posted["until"]
    with acting(request.actor):
        sent["enterprise"] = str(_firm(sent.get("enterprise", ""), request.actor) or "")
    if not sent["enterprise"]:
        sent.pop("enterprise")
    answer = run("casework.record", sent, actor=request.actor, at=clock.now(), key=key_of(request))
    done = "photo" if answer.ok and keep_photos(request, answer.result.id) else ""
    to = f"{reverse('casework:subject', args=[answer.result.id])}?done={done or 'record'}" if answer.ok else ""
    if answer.ok and posted.get("answer", "").strip():
        given = {"case": answer.result.id, "answer": posted["answer"], "source": posted.get("answer_source", "")}
        run("casework.answer", given, actor=request.actor, at=clock.now())

    def again(*, notice: Notice | None, errors: dict[str, str]) -> TemplateResponse:
        return _new(request, posted, notice=notice, errors=errors)

    return answered(request, answer, to=to, again=again)


def _firm(text: str, actor: Actor) -> UUID | None:
    """Read which firm was chosen; what the actor does not reach is none."""
    try:
        id = UUID(text)
    except ValueError:
        return None
    return id if registry.enterprises_in_scope(actor).filter(pk=id).exists() else None


def _new(request: HttpRequest, given: dict[str, str], *, notice: Notice | None, errors: dict[str, str]) -> TemplateResponse:
    actor = request.actor
    firm_id = _firm(given.get("enterprise", ""), actor)
    context: dict[str, Any] = {
        "given": given, "notice": notice, "errors": errors, "key": key_of(request) if given.get("key") else uuid7(),
        "channels": [SimpleNamespace(code=code, word=Channel(code).label, back=BACK_OF[code]) for code in DESK],
        "backs": [SimpleNamespace(code=back.value, word=back.label) for back in Back],
        "towns": _towns(actor), "firm": registry.enterprise(firm_id) if firm_id else None, "may_answer": actor.may("case.answer"),
        **_found(given, actor),
    }  # fmt: skip
    return TemplateResponse(request, "casework/new.html", context)


def _towns(actor: Actor) -> list[tuple[int, str]]:
    regions = actor.scope.regions
    if not 1 < len(regions) <= 60:
        return []
    kinds = ("town", "subdistrict", "zone", "park")
    return [(region, jurisdiction.name(region)) for region in regions if jurisdiction.place(region).kind in kinds]


@require_POST
@needs("case.see")
def alike(request: HttpRequest) -> HttpResponse:
    """Give, while one types: the firms that the words or the number mean, the likely duplicates, the kind, and answers given before.

    It is posted, so that nobody's words stand in an address."""
    with acting(request.actor):
        context = _found(request.POST.dict(), request.actor)
        return render(request, "casework/_alike.html", context)


def _found(given: dict[str, str], actor: Actor) -> dict[str, Any]:
    text, at = given.get("text", "")[:2000], clock.now()
    firm_id = _firm(given.get("enterprise", ""), actor)
    asked = given.get("phone", "").strip() or given.get("firm", "").strip()
    firms = []
    if firm_id is None and len(asked) >= 2:
        firms = list(registry.search(registry.enterprises_in_scope(actor), asked).order_by("provisional", "pinyin")[:SHOWN])
    region = int(given["region"]) if given.get("region", "").isdecimal() and len(given["region"]) < 10 else None
    found = queries.alike(text, actor, at=at, enterprise=firm_id, region=region) if len(text.strip()) >= 4 else []
    seen = handbook().guess(text)
    earlier = queries.of_enterprise(firm_id)[:5] if firm_id else []
    return {
        "firms": [
            SimpleNamespace(id=str(one.id), name=one.name, town=jurisdiction.name(one.region), contact=_contact(one.id)) for one in firms
        ],
        "alike": [drawn_alike(one) for one in found],
        "kind": handbook().kinds[seen.kind].name if seen.kind else "", "kind_words": "、".join(seen.words), "simple": seen.simple,
        "earlier": [SimpleNamespace(case=one, state=drawing.state_of(one), href=drawing.desk_of(one)) for one in earlier],
        "answers": answers(text, actor, at=at), "ready": ready(text, actor, at=at), "asked": bool(text.strip() or asked),
    }  # fmt: skip


def _contact(firm: UUID) -> str:
    contacts = registry.contacts_of(firm)
    return f"{contacts[0].name} {contacts[0].phone_masked}".strip() if contacts else ""


def answers(text: str, actor: Actor, *, at: datetime) -> list[SimpleNamespace]:
    """Give answers that were given to the like before, each with where it is from: to be read out, not to be typed anew."""
    mine = rules.grams(text)
    if len(mine) < 3:
        return []
    found = queries.cases(actor).filter(state__in=("answered", "closed_out")).exclude(answer="").order_by("-recorded_at")[:500]
    rows = [(rules.likeness(mine, one.grams), one) for one in found]
    best = sorted((row for row in rows if row[0].share >= rules.LIKE), key=lambda row: -row[0].share)[:2]
    return [
        SimpleNamespace(text=one.answer[:300], source=one.answer_source or one.number, why="、".join(like.words), href=drawing.desk_of(one))
        for like, one in best
    ]


# ------------------------------------------------------------------------------------------------ a group's message


@require_http_methods(["GET", "HEAD", "POST"])
@needs("case.classify", "case.callback")
def paste(request: HttpRequest) -> HttpResponse:
    """Cut a pasted message into its items, show each with its firm, and make a case of each that is ticked."""
    posted = request.POST
    whole = posted.get("whole", "")
    pieces = [one for one in posted.getlist("piece") if one.strip()]
    if request.method == "POST" and posted.get("step") == "keep":
        ticked = [number for number in posted.getlist("take") if number.isdecimal() and int(number) < len(posted.getlist("piece"))]
        with acting(request.actor):
            firms = [str(_firm(one, request.actor) or "") for one in posted.getlist("enterprise")]
        chosen = [(posted.getlist("piece")[int(n)], firms[int(n)] if int(n) < len(firms) else "") for n in ticked]
        sent = {"pieces": [words for words, _ in chosen], "enterprises": [firm for _, firm in chosen], "asker": posted.get("asker", "")}
        answer = run("casework.paste", sent, actor=request.actor, at=clock.now(), key=key_of(request))

        def again(*, notice: Notice | None, errors: dict[str, str]) -> TemplateResponse:
            return _pasted(request, whole, pieces, notice=notice)

        return answered(request, answer, to=f"{reverse('casework:worklist')}?view=recorded&done=record", again=again)
    if request.method == "POST":
        with acting(request.actor):
            page = _pasted(request, whole, rules.pieces(whole)[:50])
            page.render()
        return page
    return _pasted(request, "", [])


def _pasted(request: HttpRequest, whole: str, pieces: list[str], *, notice: Notice | None = None) -> TemplateResponse:
    rows = []
    for number, words in enumerate(pieces):
        firm = _named_firm(words, request.actor)
        seen = handbook().guess(words)
        rows.append(SimpleNamespace(number=number, words=words, firm=firm, kind=handbook().kinds[seen.kind].name if seen.kind else ""))
    context = {"whole": whole, "rows": rows, "notice": notice, "key": uuid7(), "asker": request.POST.get("asker", "")}
    return TemplateResponse(request, "casework/paste.html", context)


def _named_firm(words: str, actor: Actor) -> Any:
    """Give the one firm that a line begins with (甲公司：缺口罩), where it is exactly one."""
    head = words.replace(":", "：").partition("：")[0].strip()
    if "：" not in words.replace(":", "：") or not 2 <= len(head) <= 40:
        return None
    found = list(registry.search(registry.enterprises_in_scope(actor), head)[:2])
    return found[0] if len(found) == 1 else None


# ------------------------------------------------------------------------------------------------ in confidence


@require_http_methods(["GET", "HEAD", "POST"])
@needs(RECORD)
def report(request: HttpRequest) -> HttpResponse:
    """Take in what is said about a person in office: it goes into a letterbox that neither the writer nor that person opens."""
    posted = request.POST.dict()
    if request.method != "POST":
        return _report(request, {}, notice=None)
    sent = {name: posted.get(name, "") for name in ("text", "firm", "asker", "phone")}
    with acting(request.actor):
        own = next((one.region for one in registry.enterprises_of(request.actor)), None)
        home = offices.home_of(request.actor)
    asked = posted.get("region", "")
    within = asked.isdecimal() and len(asked) < 10 and int(asked) in request.actor.scope.regions
    place = asked if within else str(own or (home.place if home else ""))
    sent |= {"region": place, "channel": "web" if own else "hotline"}
    answer = run("casework.report", sent, actor=letterbox(), at=clock.now(), key=key_of(request))
    with acting(request.actor):
        if answer.ok:
            page = TemplateResponse(request, "casework/reported.html", {"number": answer.result.number, "phone_face": own is not None})
        else:
            page = _report(request, posted, notice=notice_of(answer, back=request.path))
        page.render()
    return page


def _report(request: HttpRequest, given: dict[str, str], *, notice: Notice | None) -> TemplateResponse:
    own = bool(request.actor.scope.parties) and not request.actor.scope.regions
    context = {"given": given, "notice": notice, "key": uuid7(), "towns": _towns(request.actor), "phone_face": own}
    return TemplateResponse(request, "casework/report.html", context)
