"""What consultation lays beside a case: put it on an agenda, write a paper about it, where it was talked about and what it is a task of."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from qifu.areas.casework import api as casework
from qifu.areas.casework.api import Case
from qifu.kernel.access import Actor
from qifu.kernel.language import said
from qifu.ui.parts import Action, Link

from .. import queries
from ..models import Item
from ..terms import DISPATCH, DRAFT, KEEP, READBACK, SEE, SUPERVISION
from . import drawing


def acts(case: Case, actor: Actor, at: datetime) -> list[Action]:
    """Offer the agenda and the papers on one open case; nothing on what is said about a person in office."""
    if case.compartment:
        return []
    found, open_ = [], casework.is_open(case)
    if open_ and actor.hat_for(KEEP, at=at, on=case) and not Item.objects.filter(case=case.id, state="listed").exists():
        href = f"{reverse('consultation:put')}?row={case.id}"
        found.append(Action(said("列入会商"), said("写要议的事"), href, (said("几个单位坐到一起议，议定了再派任务。"),), opens=True))
    if actor.hat_for(DRAFT, at=at, on=case):
        kind = DISPATCH if actor.may("case.classify") else SUPERVISION if actor.may("case.supervise") else READBACK
        href = f"{reverse('consultation:new_paper')}?{urlencode({'kind': kind, 'case': case.id})}"
        then = said("交办单、督办单、函、请示、复诵单，照这件填好，有PDF和Word。")
        found.append(Action(said("出文书"), said("复诵单") if kind == READBACK else said("起草"), href, (then,), opens=True))
    return found


def many(cases: Sequence[Case], actor: Actor) -> Action | None:
    """Offer the agenda for ticked rows."""
    fit = [one for one in cases if casework.is_open(one) and not one.compartment]
    if not fit or not actor.may(KEEP):
        return None
    label = said("列入会商{n}件", n=len(fit))
    return Action(said("列入会商"), label, reverse("consultation:put"))


def parts(case: Case, actor: Actor) -> list[casework.Part]:
    """Tell where a case was talked about, and by which meeting or note it was given."""
    if not actor.may(SEE):
        return []
    items, tasks = queries.of_case(case, actor)
    lines = [
        casework.Line(
            Link(
                said("{title}：{question}", title=one.meeting.title, question=one.question),
                reverse("consultation:meeting", args=[one.meeting_id]),
            ),
            one.decision or one.reason,
            drawing.state_of(one),
        )
        for one in items
    ]
    for task in tasks:
        if task.note is not None:
            link = Link(
                said("{leader}批示：{title}", leader=task.note.leader, title=task.note.title),
                reverse("consultation:note", args=[task.note_id]),
            )
            lines.append(casework.Line(link, task.what, drawing.state_of(task.note)))
        elif task.item is not None and not task.itself:
            link = Link(
                said("{title}派的任务", title=task.item.meeting.title), reverse("consultation:meeting", args=[task.item.meeting_id])
            )
            lines.append(casework.Line(link, task.what))
    return [casework.Part(said("会商和批示"), lines)] if lines else []


casework.lay_beside(casework.Beside(acts=acts, many=many, parts=parts))
