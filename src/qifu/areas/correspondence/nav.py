"""The doors of letters, what waits for a person, and what stands beside a case."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qifu.areas.casework import api as casework
from qifu.kernel.access import Actor
from qifu.kernel.language import said
from qifu.ui import nav, todo
from qifu.ui.nav import Door
from qifu.ui.parts import Action, Link
from qifu.ui.todo import Todo

from . import queries
from .actions.letters import IN_HAND
from .models import Letter, Peer
from .terms import SEE, SIGN, TRUST, WRITE
from .views.desk import state_of

nav.offer(Door("correspondence:letters", _("外地协作函"), SEE, order=37))

_LIST = "correspondence:letters"
todo.offer(
    Todo(
        "letter.sign", _("等您签发的商请函"), _LIST, SIGN, query="?state=drafted", order=4,
        rows=lambda actor, at: Letter.objects.visible_to(actor).filter(state="drafted").exclude(writers__contains=[actor.id]),
    ),
    Todo(
        "letter.answered", _("外地回函了、等您接着办的"), _LIST, WRITE, query="?state=answered", order=4,
        rows=lambda actor, at: Letter.objects.visible_to(actor).filter(state="answered", writer=actor.id),
    ),
    Todo(
        "letter.trust", _("等您核对指纹的互认单位"), "correspondence:peers", TRUST, order=6,
        rows=lambda actor, at: Peer.objects.visible_to(actor).filter(state="proposed").exclude(proposed_by=actor.id),
    ),
)  # fmt: skip


def _acts(case: casework.Case, actor: Actor, at: datetime) -> Sequence[Action]:
    if case.compartment or case.state not in IN_HAND or actor.hat_for(WRITE, at=at, on=case) is None:
        return ()
    href = f"{reverse('correspondence:new')}?case={case.id}"
    then = (said("由负责人签发，对方用企服的直接收到，没有用的下载公文寄去。"),)
    return (Action(said("商请外地协助"), said("写商请函"), href, then, opens=True),)


def _many(cases: Sequence[casework.Case], actor: Actor) -> Action | None:
    return None


def _parts(case: casework.Case, actor: Actor) -> Sequence[casework.Part]:
    lines = [
        casework.Line(Link(one.title, reverse("correspondence:letter", args=[one.id])), f"{one.to_name}　{one.number}", state_of(one))
        for one in queries.of_case(case.id)
    ]
    return (casework.Part(said("外地协作函"), lines),) if lines else ()


casework.lay_beside(casework.Beside(acts=_acts, many=_many, parts=_parts))
