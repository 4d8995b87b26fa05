"""One request at the desk and for its own enterprise: where it stands, what may be done, what each act asks, what happened."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from qifu.kernel.access import acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.journal import reading
from qifu.kernel.language import said
from qifu.kernel.web import needs
from qifu.ui.asking import filled, key_of, notice_of, status_of, unfit
from qifu.ui.parts import Action, Event, Notice

from .. import queries
from .asking import OWN, actor_of, address
from .sorts import SORTS, Asks, Sort, clock_of, desk_href, may_any, own_href, place_of, slot_days, state_of

SEE = "services.see"
_LISTS = {"appointments": "day", "orders": "orders", "certificates": "certificates"}
_WORDS = {"appointments": said("预约"), "orders": said("云服务和设备"), "certificates": said("损失证明")}


def _done(sort: Sort, verb: str) -> Notice | None:
    move = sort.process.moves.get(verb)
    if move is None:
        return Notice(said("交上了。"), "ok") if verb == "new" else None
    return Notice(said("办好了：{label}。{then}", label=move.label, then=move.then), "ok")


def events_of(sort: Sort, one: Any, *, names: bool) -> list[Event]:
    """Draw what happened, the newest first; an enterprise reads what was done and not which officer did it."""
    labels = {verb: move.label for verb, move in sort.process.moves.items()} | {sort.process.opening.verb: sort.process.opening.label}
    entries = [entry for entry in reading.timeline(one) if entry.verb in labels and entry.sign > 0]
    return [
        Event(entry.at, str(labels[entry.verb]), entry.actor_name if names else "", tone="now" if n == 0 else "")
        for n, entry in enumerate(reversed(entries))
    ]


# ------------------------------------------------------------------------------------------------ at the desk


@require_GET
@needs(SEE)
def desk(request: HttpRequest, sort: str, id: UUID) -> HttpResponse:
    """Show a request to an officer."""
    kind = SORTS[sort]
    one = queries.one_of(kind.model, id, actor_of(request))
    return _desk(request, sort, one, notice=_done(kind, request.GET.get("done", "")))


def _desk(request: HttpRequest, sort: str, one: Any, *, notice: Notice | None = None) -> TemplateResponse:
    kind, actor, at = SORTS[sort], actor_of(request), clock.now()
    acts = [
        _action(choice, kind.asks[choice.move.verb], desk_href(one), first=n == 0) for n, choice in enumerate(may_any(kind, one, actor, at))
    ]
    context = {
        "title": kind.title(one), "name": one.enterprise.name, "number": one.number, "town": place_of(one), "state": state_of(one, at),
        "clock": clock_of(one), "facts": kind.facts(one, at), "acts": acts, "events": events_of(kind, one, names=True), "notice": notice,
        "firm": reverse("registry:enterprise", args=[one.enterprise_id]) if actor.may("registry.see") else "",
        "back": reverse(f"services:{_LISTS[sort]}"), "back_word": _WORDS[sort],
    }  # fmt: skip
    return TemplateResponse(request, "services/request.html", context)


def _action(choice: Any, asks: Asks, here: str, *, first: bool) -> Action:
    label = str(choice.move.label)
    if not choice.allowed:
        return Action(name=label, refused=str(choice.refusal.says), who=str(choice.refusal.fix))
    kind = "danger" if asks.danger else "main" if first else "plain"
    then = (str(choice.move.then),) if choice.move.then else ()
    return Action(name=label, label=asks.primary or label, href=f"{here}/{choice.move.verb}", then=then, kind=kind, opens=True)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(SEE)
def desk_act(request: HttpRequest, sort: str, id: UUID, verb: str) -> HttpResponse:
    """Ask what an act needs, then do it; a refusal comes back with everything that was typed."""
    return _act(request, sort, id, verb, own=False)


# ------------------------------------------------------------------------------------------------ its own enterprise


@require_GET
@needs(OWN)
def own(request: HttpRequest, sort: str, id: UUID) -> HttpResponse:
    """Show its enterprise where a request stands."""
    kind = SORTS[sort]
    one = queries.one_of(kind.model, id, actor_of(request))
    return _own(request, sort, one, notice=_done(kind, request.GET.get("done", "")))


def _own(request: HttpRequest, sort: str, one: Any, *, notice: Notice | None = None) -> TemplateResponse:
    kind, actor, at = SORTS[sort], actor_of(request), clock.now()
    choices = [choice for choice in may_any(kind, one, actor, at) if choice.allowed]
    acts = [
        _action(choice, kind.asks[choice.move.verb], own_href(one).partition("?")[0], first=n == 0 and choice.move.verb in kind.main)
        for n, choice in enumerate(choices)
    ]
    context = {
        "head": _WORDS[sort], "back": address("home", request), "title": kind.title(one), "name": one.enterprise.name, "number": one.number,
        "state": state_of(one, at), "clock": clock_of(one), "facts": kind.facts(one, at), "acts": acts, "notice": notice,
        "events": events_of(kind, one, names=False), "firm": request.GET.get("firm", ""),
    }  # fmt: skip
    return TemplateResponse(request, "services/own_request.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(OWN)
def own_act(request: HttpRequest, sort: str, id: UUID, verb: str) -> HttpResponse:
    """As `desk_act`, on the phone of the enterprise."""
    return _act(request, sort, id, verb, own=True)


# ------------------------------------------------------------------------------------------------ one act


def _act(request: HttpRequest, sort: str, id: UUID, verb: str, *, own: bool) -> HttpResponse:
    kind, actor, at = SORTS[sort], actor_of(request), clock.now()
    if verb not in kind.asks:
        raise Http404
    asks = kind.asks[verb]
    if request.method != "POST":
        one = queries.one_of(kind.model, id, actor)
        return _form(request, sort, one, verb, own=own)
    posted = request.POST.dict()
    with acting(actor):
        one = queries.one_of(kind.model, id, actor)
        fields = asks.fields(one, at)
        here = own_href(one, request.GET.get("firm", "")) if own else desk_href(one)
    errors = unfit(fields, posted)
    given: dict[str, Any] = {kind.of: id, **{field.name: posted.get(field.name, "") for field in fields}}
    answer = None if errors else run(f"{kind.process.name}.{verb}", given, actor=actor, at=at, key=key_of(request))
    if answer is not None and answer.ok:
        return HttpResponseRedirect(f"{here}{'&' if '?' in here else '?'}done={verb}")
    with acting(actor):
        one = queries.one_of(kind.model, id, actor)
        wrong = errors or {name: says for name, says in (answer.errors or {}).items() if any(field.name == name for field in fields)}
        notice = None if wrong or answer is None else notice_of(answer, back=request.get_full_path())
        page = _form(request, sort, one, verb, own=own, posted=posted, errors=wrong, notice=notice)
    page.status_code = 422 if wrong else status_of(answer)
    return page


def _form(
    request: HttpRequest,
    sort: str,
    one: Any,
    verb: str,
    *,
    own: bool,
    posted: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    notice: Notice | None = None,
) -> TemplateResponse:
    kind, actor, at = SORTS[sort], actor_of(request), clock.now()
    asks, move = kind.asks[verb], kind.process.moves[verb]
    choice = next((it for it in kind.process.possible(one, actor=actor, at=at) if it.move.verb == verb), None)
    if notice is None and choice is None:
        words = said("这件现在是“{state}”，不能“{label}”。", state=state_of(one).word, label=move.label)
        notice = Notice(words, "stop")
    elif notice is None and choice is not None and choice.refusal is not None:
        notice = notice_of(choice.refusal, back=request.get_full_path())
    firm = request.GET.get("firm", "")
    fields = filled(asks.fields(one, at), posted or {}, errors)
    days = None
    if own and any(field.name == "slot" for field in fields):
        days = slot_days(one.service, one.region, at, chosen=str((posted or {}).get("slot", "")))
    context = {
        "days": days,
        "error": (errors or {}).get("slot", ""),
        "head": move.label,
        "title": asks.primary or move.label,
        "name": one.enterprise.name,
        "number": one.number,
        "what": kind.title(one),
        "state": state_of(one, at),
        "clock": clock_of(one),
        "facts": kind.facts(one, at) if asks.confirm or not own else [],
        "fields": [field for field in fields if days is None or field.name != "slot"],
        "thens": [move.then] if move.then else [],
        "notice": notice,
        "open": choice is not None,
        "primary": asks.primary or move.label,
        "danger": asks.danger,
        "key": str(key_of(request)),
        "back": own_href(one, firm) if own else desk_href(one),
        "action": request.get_full_path(),
        "saves": f"{verb}-{one.id}",
        "version": one.state_at.isoformat(),
    }
    return TemplateResponse(request, "services/own_act.html" if own else "services/act.html", context)
