"""What may be done now with one case: only what the process allows, each with its consequence; the rest with its reason."""

from datetime import datetime

from qifu.kernel.access import Actor, NotYours
from qifu.kernel.language import said
from qifu.kernel.workflow import Choice
from qifu.ui.parts import Action, offered
from qifu.ui.seen import hidden

from .. import beside, offices, queries
from ..actions.handle import likely_office
from ..models import Case
from ..workflow import CASES, SUPERVISING
from . import drawing

TOUCH = {"take", "go_on", "coordinate", "close", "unmerge", "allow_more", "deny_more"}
"""Moves that ask nothing."""
OF_ASKERS = {"agree", "not_solved"}
FIRST = ("answer", "assign", "take", "coordinate", "settle", "allow_more", "resolve", "call_back", "close", "go_on", "classify")
"""The step that the process waits for, in order: one main thing a page."""


def actions_for(case: Case, *, actor: Actor, at: datetime, back: str = "", short: bool = False) -> list[Action]:
    """Draw the choices of an officer, the main one first; what is another office's stands below with whose it is."""
    choices = [c for c in CASES.possible(case, actor=actor, at=at) if c.move.verb not in OF_ASKERS]
    choices = [c for c in choices if not (c.refusal and c.refusal.code == "NothingAsked")]
    allowed = [c.move.verb for c in choices if c.allowed]
    main = next((verb for verb in _order(case) if verb in allowed), "")
    choices.sort(key=lambda c: (c.move.verb != main, not c.allowed, c.move.verb not in FIRST))
    drawn = [_draw(c, case, main=c.move.verb == main, back=back, at=at) for c in choices if c.allowed or not (short or _not_theirs(c))]
    return [*drawn, *_beside(case, actor=actor, at=at, short=short)]


def _order(case: Case) -> tuple[str, ...]:
    """What is a question is answered at once; what is not classified is classified first."""
    if case.state == "recorded":
        return ("classify", "answer", "assign")
    if case.complexity == "simple":
        return FIRST
    return tuple(verb for verb in FIRST if verb != "answer")


def _not_theirs(choice: Choice) -> bool:
    return isinstance(choice.refusal, NotYours)


def _draw(choice: Choice, case: Case, *, main: bool, back: str, at: datetime) -> Action:
    move = choice.move
    asks = move.verb not in TOUCH
    label = {
        "classify": said("分类"),
        "assign": said("选单位"),
        "resolve": said("写答复"),
        "answer": said("写答复"),
        "settle": said("裁定"),
    }.get(move.verb, "")
    then = [str(move.then)]
    if move.verb == "assign" and (office := likely_office(case, at=at)):
        then.insert(0, said("按类别多半归{office}。", office=office.name))
    return offered(
        choice,
        href=drawing.desk_of(case, move.verb),
        label=label,
        then=tuple(then),
        kind="main" if main else "plain",
        opens=asks,
        hidden=() if asks else hidden(case, back=back),
        key="e" if main else "",
    )


def _beside(case: Case, *, actor: Actor, at: datetime, short: bool) -> list[Action]:
    """Draw what is no move: help, a supervision note, a try that reached nobody, a note."""
    found = []
    in_hand = bool(case.office) and offices.own(actor, case.office)
    if actor.hat_for("case.handle", at=at, on=case) and in_hand and case.state in ("handling", "coordinating", "waiting"):
        found.append(
            Action(
                said("请协办"),
                said("选单位"),
                drawing.desk_of(case, "ask_help"),
                (said("协办的单位有自己的时钟，这件还由您牵头。"),),
                opens=True,
            )
        )
    if actor.hat_for("case.supervise", at=at, on=case) and case.standing == "open" and case.office:
        then = (said("{office}马上看到，到期要回复，由您确认。", office=case.office_name),)
        found.append(Action(said("督办"), said("写督办"), drawing.desk_of(case, "supervise"), then, opens=True))
    if not short:
        found += _supervisions(case, actor=actor, at=at)
    if case.state == "resolved" and actor.hat_for("case.callback", at=at, on=case) and actor.id != case.handler:
        found.append(
            Action(
                said("没打通"), said("记一次"), drawing.desk_of(case, "tried"), (said("记下打过一次，过会儿再打。"),), hidden=hidden(case)
            )
        )
    if not short:
        found += beside.acts(case, actor, at=at)
    if not short and (actor.hat_for("case.handle", at=at, on=case) or actor.hat_for("case.callback", at=at, on=case)):
        found.append(Action(said("写一笔"), said("写"), drawing.desk_of(case, "note"), (said("给后面办的人看。"),), opens=True))
    return found


def _supervisions(case: Case, *, actor: Actor, at: datetime) -> list[Action]:
    """Draw the step that each supervision of the case waits for, where it is this actor's."""
    found = []
    for one in queries.supervisions_of(case.id):
        allowed = [choice.move for choice in SUPERVISING.possible(one, actor=actor, at=at) if choice.allowed]
        if move := next((move for move in allowed if move.verb in ("reply", "confirm")), None):
            label = said("看回复") if move.verb == "confirm" else ""
            found.append(Action(one.number, label or move.label, drawing.supervision_of(one), (move.then,), opens=True))
    return found
