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
from ..terms import DISPATCH, DRAFT, KEEP, KINDS, LETTER, READBACK, REQUEST, SEE, SUPERVISION
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
        kinds = [READBACK] if not actor.may("case.classify") else [DISPATCH, SUPERVISION, LETTER, REQUEST, READBACK]
        if not case.office or not open_:
            kinds = [kind for kind in kinds if kind not in (DISPATCH, SUPERVISION)]
        for kind in kinds:
            href = f"{reverse('consultation:new_paper')}?{urlencode({'kind': kind, 'case': case.id})}"
            label = said("出{kind}", kind=KINDS[kind])
            found.append(Action(label, said("起草"), href, (), opens=True))
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
