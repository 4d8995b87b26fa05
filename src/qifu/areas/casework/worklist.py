"""What the worklist of cases holds: its views, whose a slice is, what a search means. It is read by `kernel.worklist`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from qifu.kernel import worklist
from qifu.kernel.access import Actor
from qifu.kernel.language import said
from qifu.kernel.worklist import Only, View, wide, within_states

from . import offices, queries
from .models import Case
from .terms import OPEN, STATES

SORTS = {
    "due": "a.due_at ASC, a.id",
    "-due": "a.due_at DESC NULLS LAST, a.id",
    "time": "a.state_at ASC, a.id",
    "-time": "a.state_at DESC, a.id",
}
TABLE = worklist.Table("casework_case", "office", kind_leads=True, sorts=SORTS)
SHOWN = (
    "region", "state", "state_at", "due_at", "title", "firm", "channel", "reopenings", "intake_office", "office", "office_name", "handler",
    "handler_name", "more_days",
)  # fmt: skip
"""What a row of the list is drawn from; what was said and answered in fifty cases is most of what they weigh."""
_OFFICE = ("assigned", "reopened", "handling", "waiting", "escalated", "coordinating", "contested")


@dataclass(frozen=True)
class Slice(worklist.Slice):
    """Cases in one state, in one office's hands ('' any); of one handler, not of one handler, or with a longer time asked for."""

    handler: str = ""
    but: str = ""
    asked_more: bool = False

    @property
    def only(self) -> tuple[Only, ...]:
        found = []
        if self.handler:
            found.append(Only("a.handler = %s", (self.handler,)))
        if self.but:
            found.append(Only("a.handler <> %s", (self.but,)))
        if self.asked_more:
            found.append(Only("a.more_days > 0"))
        return tuple(found)


@dataclass(frozen=True)
class Want(worklist.Want):
    """A view narrowed by filters: what the address bar says."""

    kind: str = ""
    office: str = ""

    @property
    def only(self) -> tuple[Only, ...]:
        found = []
        if self.kind:
            found.append(Only("a.kind = %s", (self.kind,)))
        if self.office:
            found.append(Only("a.office = %s", (self.office,)))
        return tuple(found)

    @property
    def rare(self) -> bool:
        return bool(self.view.facet)


def mine(actor: Actor) -> tuple[worklist.Slice, ...]:
    """Give what waits for this very actor, by the rights of their hats."""
    found: list[worklist.Slice] = []
    if actor.may("case.classify"):
        found += within_states("recorded", "classified")
    if actor.may("case.handle"):
        for office in offices.offices_of(actor):
            found += within_states("assigned", "reopened", kind=office)
            if actor.may("case.coordinate"):
                found += within_states("escalated", kind=office)
        found += [Slice("handling", handler=actor.id), Slice("coordinating", handler=actor.id)]
    if actor.may("case.callback") and not actor.may("case.handle"):
        found += [Slice("resolved", but=actor.id), Slice("confirmed", but=actor.id)]
    if actor.may("case.referee"):
        found.append(Slice("contested"))
    if actor.may("case.extend"):
        found.append(Slice("handling", asked_more=True))
    return tuple(dict.fromkeys(found))


def is_mine(case: Case, actor: Actor) -> bool:
    """Say whether the next step of this case is this actor's."""
    for one in mine(actor):
        if one.state != case.state or one.kind not in ("", case.office):
            continue
        if isinstance(one, Slice) and (
            (one.handler and case.handler != one.handler)
            or (one.but and case.handler == one.but)
            or (one.asked_more and not case.more_days)
        ):
            continue
        return True
    return False


def views(actor: Actor) -> list[View]:
    """Give the saved views in the order in which a day is worked through."""
    ours = (
        tuple(one for office in offices.offices_of(actor) for one in within_states(*_OFFICE, kind=office))
        if actor.may("case.handle")
        else ()
    )
    whole = actor.may("case.classify") or actor.may("case.referee") or actor.may("case.callback")
    pressed = within_states(*OPEN, "resolved") if whole or not ours else ours
    return [
        View("mine", said("我的待办"), said("我的"), mine(actor)),
        View("overdue", said("已逾期"), said("我的"), pressed, due="overdue", tone="stop"),
        View("today", said("今日到期"), said("我的"), pressed, due="today", tone="ask"),
        View("ours", said("本单位在办"), said("我的"), ours),
        View("open", said("全部在办"), said("各单位"), within_states(*OPEN)),
        *[View(state, said(STATES[state]), said("各单位"), within_states(state)) for state in (*OPEN, "resolved", "confirmed")],
        View("instruction", said("批示件"), said("跟一跟"), within_states(*OPEN), facet="channel:instruction"),
        View("answered", said("当场答复"), said("跟一跟"), within_states("answered")),
        View("closed_out", said("已销号"), said("跟一跟"), within_states("closed_out")),
        View("merged", said("已并案"), said("跟一跟"), within_states("merged")),
        View("all", said("全部"), said("跟一跟"), within_states(*STATES)),
    ]


class Worklist(worklist.Worklist):
    """All reads of one request over the cases."""

    def __init__(self, actor: Actor, at: datetime) -> None:
        super().__init__(TABLE, actor, at, named=lambda text: queries.meant(text, actor, wide=wide(actor)))

    def rows(self, ids: Sequence[UUID]) -> list[Case]:
        """Give these cases in this order, whole; those out of scope are left out."""
        # The pairs of characters are for the search; read, they are most of a row.
        return self._in_order(ids, queries.cases(self.actor).defer("grams"))

    def lines(self, ids: Sequence[UUID]) -> list[Case]:
        """Give them with what a row shows and nothing more."""
        return self._in_order(ids, queries.cases(self.actor).select_related(None).only(*SHOWN))

    @staticmethod
    def _in_order(ids: Sequence[UUID], reached: QuerySet[Case]) -> list[Case]:
        found = {one.id: one for one in reached.filter(pk__in=ids)}
        return [found[id] for id in ids if id in found]
