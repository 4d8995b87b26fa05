"""What may be done now with one application: only what the process allows, each with its consequence; the rest with its reason."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotYours, SecondFactorNeeded
from qifu.kernel.calendar import clock
from qifu.kernel.language import listed, said
from qifu.kernel.workflow import Choice
from qifu.ui.asking import strong_address
from qifu.ui.parts import Action, Link, offered
from qifu.ui.seen import hidden
from qifu.ui.words import say_moment

from .. import queries
from ..actions.items import OWN
from ..models import Application, Burden
from ..terms import BURDENING
from ..workflow import RESUMPTION
from . import drawing

ASKS = {"return", "assign", "reassign", "look_again", "approve", "send_back"}
"""Moves whose form asks something first; the others are done at one touch."""
FIRST = ("forward", "accept", "assign", "pass", "approve", "look_again")
"""The step that the process waits for, in order: one main thing a page."""
OF_APPLICANTS = {"resubmit", "mended", "file", "start", "withdraw"}
LABELS = {
    "approve": said("批准"),
    "return": said("选要补的"),
    "assign": said("分派"),
    "reassign": said("改派"),
    "send_back": said("退回"),
}
BURDENS = {"refuse": "refusal", "suspend": "suspension"}
"""Moves that two decide: one proposes here, and the rest happens on the page of what was proposed."""


def actions_for(application: Application, *, actor: Actor, at: datetime, back: str = "", short: bool = False) -> list[Action]:
    """Draw the choices of an officer, the main one first. `short` leaves out what is refused, but for the step that is next."""
    choices = [c for c in RESUMPTION.possible(application, actor=actor, at=at) if c.move.verb not in OF_APPLICANTS]
    next_verb = next((verb for verb in FIRST if any(c.move.verb == verb and _is_next(c, application) for c in choices)), "")
    choices.sort(key=lambda c: (c.move.verb != next_verb, not c.allowed))
    drawn = []
    for choice in choices:
        if choice.move.verb in BURDENS:
            drawn += _proposing(choice, application, actor=actor, at=at)
            continue
        if choice.move.verb == "demand":
            # The visit's two conclusions are one page: the checklist decides which of them is open.
            continue
        if choice.move.verb == "pass":
            drawn.append(_visit(application, actor=actor, at=at))
        elif choice.allowed or choice.move.verb == next_verb or not (short or _not_theirs(choice)):
            drawn.append(_draw(choice, application, main=choice.move.verb == next_verb, back=back))
    return [
        *_of_department(application, actor=actor, at=at, main=not next_is_theirs(drawn)),
        *drawn,
        *_later(application, choices),
        *_of_corrector(application, actor=actor, at=at),
    ]


def _later(application: Application, choices: Sequence[Choice]) -> list[Action]:
    """Show the decision before its time, with what comes first: a step that is hidden is asked for by telephone."""
    if application.state not in _BEFORE or any(c.move.verb == "approve" for c in choices):
        return []
    move = RESUMPTION.moves["approve"]
    who = "、".join(queries.holders_of(move.right(application))[:2])
    return [Action(move.label, refused=_(_BEFORE[application.state]), who=_("评估和批准不能是同一个人，评估后转%s。") % who if who else "")]


_BEFORE = {
    "submitted": gettext_noop("还不能：先受理，再评估。"), "forwarded": gettext_noop("还不能：先受理，再评估。"),
    "accepted": gettext_noop("还不能：先评估。"), "assigned": gettext_noop("还不能：评估还没交。"),
    "rectifying": gettext_noop("还不能：企业整改好，再看一次。"),
}  # fmt: skip


def _is_next(choice: Choice, application: Application) -> bool:
    """A town's own application is not forwarded, and one above designated size is not accepted before it was."""
    forwards = application.route == "district" and application.state == "submitted"
    return {"forward": forwards, "accept": not forwards}.get(choice.move.verb, True)


def _not_theirs(choice: Choice) -> bool:
    return isinstance(choice.refusal, NotYours)


def _draw(choice: Choice, application: Application, *, main: bool, back: str) -> Action:
    move, here = choice.move, drawing.desk_of(application)
    refusal = choice.refusal
    if isinstance(refusal, SecondFactorNeeded):
        return Action(move.label, refused=refusal.says, who=refusal.fix, fix=Link(said("去验证动态口令"), strong_address(back or here)))
    if refusal is not None and _not_theirs(choice):
        who = "、".join(queries.holders_of(move.right(application))[:3])
        return Action(move.label, refused=said("这一步归{who}办。", who=who) if who else refusal.says, who="")
    kind = "main" if main else "plain"
    return offered(
        choice,
        href=drawing.desk_of(application, move.verb),
        label=LABELS.get(move.verb, ""),
        then=_thens(choice, application),
        kind=kind,
        opens=move.verb in ASKS,
        hidden=() if move.verb in ASKS else hidden(application, back=back),
        key="e" if main else "",
    )


def _thens(choice: Choice, application: Application) -> tuple[str, ...]:
    if choice.move.verb == "assign" and application.enterprise.over_100m:
        return (said("亿元以上，先派。"), choice.move.then)
    if choice.move.verb == "approve":
        return _approved(application)
    return (choice.move.then,)


def _approved(application: Application) -> tuple[str, ...]:
    """Say what an approval sets in motion: for the enterprise, for the offices, and what a condition does."""
    town = jurisdiction.name(application.region)
    at = clock.now()
    return (
        _("企业马上收到复工通知书，想%(when)s开工") % {"when": say_moment(application.planned_at, at=at, style="full")},
        _("%(town)s的动态清单里马上有它，等发布进公开名单") % {"town": town},
        _("要附条件就写明到期日；没做到转人去看，不自动停工"),
    )


def _proposing(choice: Choice, application: Application, *, actor: Actor, at: datetime) -> list[Action]:
    """Draw the way to propose, for those who may; or the way to what is proposed already."""
    standing = Burden._base_manager.filter(application=application.id, kind=BURDENS[choice.move.verb], state__in=BURDENING).first()
    if standing is not None:
        href = reverse("resumption:burden", args=[standing.id])
        return [Action(choice.move.label, _("看拟的处理"), href, (_("已经拟了，企业陈述以后由另一位定。"),), opens=True)]
    if actor.hat_for("resumption.burden.propose", at=at, on=application) is None:
        return []
    href = reverse("resumption:burden_propose", args=[application.id, BURDENS[choice.move.verb]])
    then = (_("要有理由、依据和证据，企业先陈述，另一位决定。"),)
    return [Action(choice.move.label, _("拟处理"), href, then, kind="danger", opens=True)]


def _visit(application: Application, *, actor: Actor, at: datetime) -> Action:
    """Draw the assessment: the team's own page, or whose it is."""
    on_team = any(hat.task_force == application.team_id for hat in actor.hats)
    if on_team and actor.hat_for("resumption.assess", at=at, on=application):
        then = (said("逐项看完，选通过或要求整改。"),)
        return Action(
            said("现场评估"), said("打开清单"), reverse("resumption:visit", args=[application.id]), then, kind="main", opens=True, key="e"
        )
    team = application.team.name if application.team else said("评估小组")
    return Action(
        said("现场评估"),
        refused=said("由{team}到现场办。", team=team),
        who=said("要换小组选“改派”。") if actor.may("resumption.assign.district") else "",
    )


def next_is_theirs(drawn: Sequence[Action]) -> bool:
    """Say whether one of these is the main thing already."""
    return any(action.kind == "main" and not action.refused for action in drawn)


def _of_department(application: Application, *, actor: Actor, at: datetime, main: bool) -> list[Action]:
    """Draw the items that this actor's department keeps, as a way to their forms on the page."""
    own = departments_of(application, actor=actor, at=at)
    if not own or application.state not in ("accepted", "assigned", "rectifying"):
        return []
    items = [item for item in application.items.all() if item.department in own]
    left = [item.name for item in items if item.result == ""]
    if not items:
        return []
    name = said("核{n}项：{names}", n=len(left), names=listed(left[:3])) if left else said("您的项都核过了")
    then = said("只有您的部门能改、能免，评估组看得到。")
    href = f"{drawing.desk_of(application)}#items"
    return [
        Action(
            name,
            said("去核") if left else said("再看"),
            href,
            (then,),
            kind="main" if main and left else "plain",
            opens=True,
            key="e" if main and left else "",
        )
    ]


def _of_corrector(application: Application, *, actor: Actor, at: datetime) -> list[Action]:
    if actor.hat_for("journal.correct", at=at, on=application) is None:
        return []
    href = drawing.desk_of(application, "correct")
    return [Action(said("更正记录"), said("更正"), href, (said("原来那条留着，旁边写明更正；数字跟着变。"),), opens=True)]


def departments_of(application: Application, *, actor: Actor, at: datetime) -> frozenset[str]:
    """Give the departments whose items this actor keeps."""
    return frozenset(code for code, right in OWN.items() if actor.hat_for(right, at=at, on=application))
