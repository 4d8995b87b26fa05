"""The installations that we trust: our own card to read out, theirs to enter and to check, and what came in from them."""

import base64
from types import SimpleNamespace
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qifu.kernel import jurisdiction
from qifu.kernel.access import acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.credentials import cose
from qifu.kernel.language import said
from qifu.kernel.web import needs
from qifu.ui.asking import answered, filled, key_of, unfit
from qifu.ui.parts import Field, Notice, State
from qifu.ui.seen import hidden

from .. import queries, wire
from ..models import Delivery
from ..terms import FLAWS, PROPOSE, SEE, TRUST
from ..workflow import PEERS

TONES = {"proposed": "ask", "trusted": "ok", "ended": "idle", "dropped": "idle"}
KINDS = {"ask": said("来函"), "answer": said("回函")}


@require_GET
@needs(PROPOSE, TRUST, SEE)
def listed(request: HttpRequest) -> HttpResponse:
    """Show our own card, the installations that are known, and what came in lately."""
    actor, at = request.actor, clock.now()
    key = wire.shown_key(at=at)
    der = cose.der_of(key.public) if key is not None else b""
    came = [
        SimpleNamespace(
            at=one.at, who=one.peer.name if one.peer else said("不认得的"), kind=KINDS.get(one.kind, ""), number=one.number,
            state=State(said("收下了"), "ok") if not one.code else State(said("没有收"), "stop"), why=_why(one),
        )
        for one in queries.received(actor)
    ]  # fmt: skip
    rows = [
        SimpleNamespace(it=one, href=reverse("correspondence:peer", args=[one.id]), state=State(PEERS.states[one.state], TONES[one.state]))
        for one in queries.peers(actor)
    ]
    context = {
        "address": settings.ADDRESS.rstrip("/"), "key": base64.b64encode(der).decode(),
        "groups": wire.fingerprint(der).split() if der else [],
        "rows": rows, "came": came, "may": actor.may(PROPOSE),
    }  # fmt: skip
    return TemplateResponse(request, "correspondence/peers.html", context)


def _why(one: Delivery) -> str:
    """Say why it was not taken, or how many files came along."""
    return said("附件{n}个", n=one.files) if one.files else str(FLAWS.get(one.code, ""))


def _fields() -> list[Field]:
    return [
        Field("name", said("对方单位"), hint=said("比如：苏州市工业和信息化局"), max_length=80),
        Field("address", said("对方网址"), hint=said("从对方“互认单位”页面上复制"), max_length=200),
        Field("public", said("对方公钥"), "area", hint=said("从对方页面上整段复制"), max_length=400),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@needs(PROPOSE)
def new(request: HttpRequest) -> HttpResponse:
    """Enter another installation; another person trusts it."""
    if request.method != "POST":
        return _new(request, {}, {})
    posted, at = request.POST.dict(), clock.now()
    errors = unfit(_fields(), posted)
    if errors:
        with acting(request.actor):
            page = _new(request, posted, errors)
            page.render()
        page.status_code = 422
        return page
    places = [hat.place for hat in request.actor.hats if PROPOSE in hat.rights and hat.valid(at) and hat.place]
    place = min(places, key=lambda one: len(jurisdiction.lineage(one)))
    given = {"place": place, "name": posted["name"], "address": posted["address"], "key": posted["public"]}
    answer = run("correspondence.propose_peer", given, actor=request.actor, at=at, key=key_of(request))
    to = reverse("correspondence:peer", args=[answer.result.id]) if answer.ok else ""
    return answered(request, answer, to=to, again=lambda *, notice, errors: _new(request, posted, errors, notice=notice))


def _new(request: HttpRequest, posted: dict[str, str], errors: dict[str, str], *, notice: Notice | None = None) -> TemplateResponse:
    # What is wrong with the key stands beside the field that holds it.
    errors = {("public" if name == "key" else name): word for name, word in errors.items()}
    context = {"fields": filled(_fields(), posted, errors), "notice": notice, "key": str(key_of(request))}
    return TemplateResponse(request, "correspondence/peer_new.html", context)


@require_GET
@needs(PROPOSE, TRUST, SEE)
def one(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one installation with its fingerprint to read out."""
    return _one(request, id)


def _one(
    request: HttpRequest,
    id: UUID,
    *,
    notice: Notice | None = None,
    posted: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> TemplateResponse:
    actor = request.actor
    peer = queries.peer(id, actor)
    choices = {choice.move.verb: choice for choice in PEERS.possible(peer, actor=actor, at=clock.now())}
    refused = choices.get("trust")
    heard = Field("heard", said("对方念的最后四组"), hint=said("打电话请对方从自己的页面上念，您听着填，不要照着上面抄"), max_length=24)
    context = {
        "peer": peer, "state": State(PEERS.states[peer.state], TONES[peer.state]), "may": {v for v, c in choices.items() if c.allowed},
        "fields": filled([heard], posted or {}, errors), "hidden": hidden(peer), "notice": notice, "groups": peer.fingerprint.split(),
        "why_not": f"{refused.refusal.says}{refused.refusal.fix}" if refused and refused.refusal else "",
    }  # fmt: skip
    return TemplateResponse(request, "correspondence/peer.html", context)


ACTS = {"trust": "correspondence.trust_peer", "drop": "correspondence.drop_peer", "end": "correspondence.end_peer"}


@require_POST
@needs(PROPOSE, TRUST)
def act(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Trust, drop or end."""
    if verb not in ACTS:
        raise Http404
    with acting(request.actor):
        queries.peer(id, request.actor)
    posted = request.POST.dict()
    given = {"peer": id, **({"heard": posted.get("heard", "")} if verb == "trust" else {})}
    answer = run(ACTS[verb], given, actor=request.actor, at=clock.now(), key=key_of(request))

    def again(*, notice: Notice | None, errors: dict[str, str]) -> TemplateResponse:
        return _one(request, id, notice=notice, posted=posted, errors=errors)

    back = reverse("correspondence:peer", args=[id])
    return answered(request, answer, to=back, again=again, back=back)
