"""What follows from a step of one side for the other: the maker's answer, the enterprise's yes, delivery. And who is told."""

from pathlib import Path
from typing import Any
from uuid import UUID

from qifu.areas.registry import api as registry
from qifu.kernel import notify
from qifu.kernel.access import Actor
from qifu.kernel.events import Event, after, listen

from .models import Call, Match, Need
from .workflow import CALLS, MATCHES, NEEDS

notify.load(Path(__file__).parent / "notices.yaml")


def _tell(firm: UUID, kind: str, on: Any, event: Event, **words: object) -> None:
    orders = [notify.Tell(to=number, kind=f"supply.{kind}", on=on, words=words) for number in registry.phones_of(firm)]
    notify.tell_many(orders, at=event.at)


@listen("supply.call.ask.v1", "supply.call.accept.v1", "supply.call.decline.v1", name="supply.calls")
def follow_call(event: Event, actor: Actor) -> None:
    """Ask the maker; carry its answer over to the match of the enterprise that needs it, and tell that one."""
    call = Call.objects.filter(pk=event.subject).first()
    if call is None or event.sign < 0:
        return
    if event.verb == "ask":
        words = {"product": call.product, "quantity": f"{call.quantity}{call.unit}", "by": f"{call.by.month}月{call.by.day}日"}
        _tell(call.enterprise_id, "asked", call, event, town=call.town, **words)
        return
    match = Match.objects.filter(pk=call.match, state="asked").first()
    if match is None:
        return
    verb = "offer" if event.verb == "accept" else "decline"
    with MATCHES.move(verb, match.id, actor=actor, at=after(event, match)) as fresh:
        fresh.answer, fresh.answered_by = call.answer, call.answered_by


@listen(
    *(f"supply.match.{verb}.v1" for verb in ("offer", "note_yes", "decline", "note_no", "agree", "refuse", "deliver", "fail", "lapse")),
    name="supply.matches",
)
def follow_match(event: Event, actor: Actor) -> None:
    """Tell the enterprise of an answer; move its need and the maker's call on when it agrees, refuses, has it or does not get it."""
    match = Match.objects.filter(pk=event.subject).select_related("need").first()
    if match is None or event.sign < 0:
        return
    need = match.need
    if event.verb in ("offer", "note_yes") and match.state == "offered":
        _tell(need.enterprise_id, "offered", need, event, product=need.product, number=need.number)
    if event.verb == "agree":
        _need("match", need, event, actor)
        _call("agree", match, event, actor)
    elif event.verb in ("refuse", "fail", "lapse"):
        if event.verb == "fail":
            _need("free", need, event, actor)
        _call("lapse", match, event, actor)
    elif event.verb == "deliver":
        _need("meet", need, event, actor, workers=need.workers)


@listen("supply.need.meet.v1", "supply.need.found.v1", "supply.need.drop.v1", name="supply.needs")
def close_tries(event: Event, actor: Actor) -> None:
    """Close what was asked of other suppliers once a need is met or given up: nobody says yes to it any more."""
    if event.sign < 0:
        return
    for match in Match.objects.filter(need=event.subject, state__in=("asked", "offered")).order_by("id"):
        with MATCHES.move("lapse", match.id, actor=actor, at=after(event, match)):
            pass


def _need(verb: str, need: Need, event: Event, actor: Actor, **data: int) -> None:
    fresh = NEEDS.lock(need.id)
    if fresh.state in NEEDS.moves[verb].sources:
        with NEEDS.move(verb, fresh.id, actor=actor, at=after(event, fresh), **data):
            pass


def _call(verb: str, match: Match, event: Event, actor: Actor) -> None:
    """Move the maker's side; only a call that was agreed names who needs it."""
    call = Call.objects.filter(match=match.id).first()
    if call is None or call.state not in CALLS.moves[verb].sources:
        return
    with CALLS.move(verb, call.id, actor=actor, at=after(event, call)) as fresh:
        if verb == "agree":
            fresh.buyer = match.need.enterprise.name[:120]
    if verb == "agree":
        _tell(call.enterprise_id, "agreed", call, event, product=call.product, buyer=match.need.enterprise.name)
