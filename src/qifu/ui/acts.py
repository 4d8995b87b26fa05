"""One thing on its way, at the desk and on the phone alike: where it stands, what may be done now, what each act asks, what happened.

An area describes its kinds once (`Sort`) and gives two addresses each: the thing, and an act of it. Every act is the action
`<process>.<verb>` whose input names the thing by `of`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from qifu.kernel.access import ActionRefused, Actor, NotFound, acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.journal import reading
from qifu.kernel.language import said
from qifu.kernel.workflow import Choice
from qifu.kernel.workflow.engine import Workflow

from .asking import answered, filled, key_of, notice_of, status_of, unfit
from .parts import Action, Clock, Event, Fact, Field, Link, Notice, Option, State
from .seen import MovedMeanwhile, check_unmoved

Fields = Callable[[Any, datetime], Sequence[Field]]


@dataclass(frozen=True)
class Asks:
    """What an act asks before it is done, and how its button reads."""

    fields: Fields = lambda one, at: ()
    primary: str = ""
    danger: bool = False
    confirm: bool = False
    """The facts are read first in the hand too; at the desk they always stand beside."""


def clock_of(one: Any) -> Clock | None:
    """Draw the deadline of what somebody must do."""
    return Clock(one.due_at) if one.due_at else None


@dataclass(frozen=True)
class Sort:
    """One kind of thing: its process, its tones, its words and addresses. `main` are the likeliest acts, in order.

    `instead` gives another state to show than the process has, for what time alone has changed."""

    process: Workflow[Any]
    of: str
    tones: Mapping[str, str]
    title: Callable[[Any], str]
    line: Callable[[Any], str]
    facts: Callable[[Any, datetime], Sequence[Fact]]
    desk: Callable[[Any], str]
    own: Callable[[Any], str]
    asks: Mapping[str, Asks] = field(default_factory=dict)
    main: tuple[str, ...] = ()
    clock: Callable[[Any], Clock | None] = clock_of
    instead: Callable[[Any], State | None] = lambda one: None

    def state(self, one: Any) -> State:
        """Draw where it stands."""
        return self.instead(one) or State(str(self.process.states[one.state]), self.tones[one.state])


Dress = Callable[[TemplateResponse, Any, Mapping[str, Any], Mapping[str, str]], None]
"""What an area changes of the page of an act before it is drawn: the page, the thing, what was typed, what is wrong."""


def reason(word: str = "") -> Asks:
    """Give the question of an act that is done for a reason, which the other side reads."""
    return Asks(lambda one, at: [Field("words", said("原因"), "area", hint=said("对方看得到"), max_length=300)], word, danger=True)


def found(model: Any, id: UUID, actor: Actor) -> Any:
    """Give one row within the actor's reach; refuses NotFound."""
    one = model.objects.visible_to(actor).filter(pk=id).first()
    if one is None:
        raise NotFound()
    return one


def possible(sort: Sort, one: Any, actor: Actor, at: datetime) -> list[Choice]:
    """Give the acts from here whose right this person has, allowed or not, the likeliest first."""
    choices = [
        choice
        for choice in sort.process.possible(one, actor=actor, at=at)
        if choice.move.verb in sort.asks and actor.hat_for(choice.move.right(one), at=at, on=one) is not None
    ]
    return sorted(choices, key=lambda it: sort.main.index(it.move.verb) if it.move.verb in sort.main else len(sort.main))


def drawn(sort: Sort, one: Any, actor: Actor, at: datetime, *, here: str, own: bool = False) -> list[Action]:
    """Draw what may be done now, each on a page of its own; at the desk also what may not, and why."""
    acts = []
    for choice in possible(sort, one, actor, at):
        verb, label = choice.move.verb, str(choice.move.label)
        if choice.allowed:
            asks = sort.asks[verb]
            first = not any(act.href for act in acts) and verb in sort.main
            kind = "danger" if asks.danger else "main" if first else "plain"
            then = (str(choice.move.then),) if choice.move.then else ()
            acts.append(Action(label, asks.primary or label, _under(here, verb), then, kind, opens=True))
        elif not own and choice.refusal is not None:
            acts.append(Action(label, refused=str(choice.refusal.says), who=str(choice.refusal.fix)))
    return acts


def _under(here: str, verb: str) -> str:
    path, mark, query = here.partition("?")
    return f"{path}/{verb}{mark}{query}"


def events_of(process: Workflow, one: Any, *, names: bool) -> list[Event]:
    """Draw what happened, the newest first; outside the offices one reads what was done and not which officer did it."""
    labels = {verb: move.label for verb, move in process.moves.items()} | {process.opening.verb: process.opening.label}
    about = getattr(one, process.parent) if process.parent else one
    entries = [entry for entry in reading.timeline(about) if entry.verb in labels and entry.sign > 0 and entry.subject == one.id]
    return [
        Event(entry.at, str(labels[entry.verb]), entry.actor_name if names else "", tone="now" if n == 0 else "")
        for n, entry in enumerate(reversed(entries))
    ]


def done_notice(sort: Sort, verb: str) -> Notice | None:
    """Say above the page what was just done, and what happens next."""
    move = sort.process.moves.get(verb)
    if move is None:
        return Notice(said("交上了。"), "ok") if verb == "new" else None
    return Notice(said("办好了：{label}。{then}", label=move.label, then=move.then), "ok")


def thing(request: HttpRequest, sort: Sort, id: UUID, *, back: Link, own: bool = False, **more: Any) -> TemplateResponse:
    """Show one thing. `more`: parts (sections, as the template says), tools [Link], aside, template."""
    actor, at = _actor(request), clock.now()
    one = found(sort.process.model, id, actor)
    here = (sort.own if own else sort.desk)(one) + _asked(request)
    context = {
        "title": sort.title(one), "line": sort.line(one), "state": sort.state(one), "clock": sort.clock(one), "back": back.href,
        "back_word": back.word, "head": back.word, "facts": sort.facts(one, at), "acts": drawn(sort, one, actor, at, here=here, own=own),
        "events": events_of(sort.process, one, names=not own), "notice": done_notice(sort, request.GET.get("done", "")), **more,
    }  # fmt: skip
    return TemplateResponse(request, "ui/thing_phone.html" if own else "ui/thing.html", context)


def act(request: HttpRequest, sort: Sort, id: UUID, verb: str, *, own: bool = False, dress: Dress | None = None) -> HttpResponse:
    """Ask what an act needs, then do it; a refusal comes back with everything that was typed."""
    actor, at = _actor(request), clock.now()
    if verb not in sort.asks:
        raise Http404
    if request.method != "POST":
        return _form(request, sort, id, verb, own=own, dress=dress)
    with acting(actor):
        one = found(sort.process.model, id, actor)
        fields = sort.asks[verb].fields(one, at)
        here = (sort.own if own else sort.desk)(one) + _asked(request)
        moved = _moved(one, request)
    posted = read(request, fields)
    errors = unfit(fields, {name: " ".join(value) if isinstance(value, tuple) else value for name, value in posted.items()})

    def again(*, notice: Notice | None, errors: dict[str, str]) -> TemplateResponse:
        return _form(request, sort, id, verb, own=own, dress=dress, posted=posted, errors=errors, notice=notice)

    if errors or moved:
        with acting(actor):
            page = again(notice=notice_of(moved, back=request.get_full_path()) if moved else None, errors={} if moved else errors)
            page.render()
        page.status_code = status_of(moved) if moved else 422
        return page
    given = {sort.of: id, **{one.name: posted[one.name] for one in fields}}
    answer = run(f"{sort.process.name}.{verb}", given, actor=actor, at=at, key=key_of(request))
    return answered(request, answer, to=f"{here}{'&' if '?' in here else '?'}done={verb}", again=again, back=request.get_full_path())


def _moved(one: Any, request: HttpRequest) -> ActionRefused | None:
    try:
        check_unmoved(one, request)
    except MovedMeanwhile as refusal:
        return refusal
    return None


def read(request: HttpRequest, fields: Sequence[Field]) -> dict[str, Any]:
    """Read what was typed; of ticks, all that were ticked."""
    return {one.name: tuple(request.POST.getlist(one.name)) if one.kind == "ticks" else request.POST.get(one.name, "") for one in fields}


def put_back(fields: Sequence[Field], posted: Mapping[str, Any], errors: Mapping[str, str]) -> list[Field]:
    """Put back what was typed and ticked, and beside it what is wrong."""
    return [
        replace(one, options=[replace(it, on=it.value in posted[one.name]) for it in one.options], error=errors.get(one.name, ""))
        if one.kind == "ticks" and one.name in posted
        else filled([one], posted, errors)[0]
        for one in fields
    ]


def _form(
    request: HttpRequest, sort: Sort, id: UUID, verb: str, *, own: bool, dress: Dress | None, posted: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None, notice: Notice | None = None,
) -> TemplateResponse:  # fmt: skip
    actor, at = _actor(request), clock.now()
    one = found(sort.process.model, id, actor)
    asks, move = sort.asks[verb], sort.process.moves[verb]
    choice = next((it for it in sort.process.possible(one, actor=actor, at=at) if it.move.verb == verb), None)
    if notice is None and choice is None:
        notice = Notice(said("这件现在是“{state}”，不能“{label}”。", state=sort.state(one).word, label=move.label), "stop")
    elif notice is None and choice is not None and choice.refusal is not None:
        notice = notice_of(choice.refusal, back=request.get_full_path())
    here = (sort.own if own else sort.desk)(one) + _asked(request)
    context = {
        "head": move.label, "title": asks.primary or move.label, "name": sort.title(one), "line": sort.line(one), "state": sort.state(one),
        "clock": sort.clock(one), "facts": [] if own and not asks.confirm else sort.facts(one, at),
        "fields": put_back(asks.fields(one, at), posted or {}, errors or {}), "thens": [move.then] if move.then else [], "notice": notice,
        "open": choice is not None, "primary": asks.primary or move.label, "danger": asks.danger, "key": str(key_of(request)),
        "hidden": [("seen", one.state_at.isoformat())], "back": here, "action": request.get_full_path(), "saves": f"{verb}-{one.id}",
        "version": one.state_at.isoformat(),
    }  # fmt: skip
    page = TemplateResponse(request, "ui/act_phone.html" if own else "ui/act.html", context)
    if dress is not None:
        dress(page, one, posted or {}, errors or {})
    return page


def options(words: Mapping[str, Any]) -> list[Option]:
    """Draw a table of words as answers."""
    return [Option(code, str(word)) for code, word in words.items()]


def _asked(request: HttpRequest) -> str:
    firm = request.GET.get("firm", "")
    return f"?firm={firm}" if firm.replace("-", "").isalnum() else ""


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor
