"""The table of the toy process."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from qifu.kernel import jurisdiction
from qifu.kernel.access import ActionRefused, Actor
from qifu.kernel.actions import action
from qifu.kernel.calendar import Allow
from qifu.kernel.workflow import Clock, Move, Opening
from qifu.kernel.workflow.engine import Workflow

from .models import Loan

STATES = {"asked": "已申请", "lent": "已借出", "repair": "在修", "back": "已归还", "lost": "已丢失"}


class BorrowerMayNotLend(ActionRefused):
    says = "不能自己借给自己。"


def not_to_oneself(loan: Loan, actor: Actor, at: datetime) -> None:
    if loan.borrower == actor.id:
        raise BorrowerMayNotLend()


LOAN = Workflow(
    "toy.loan",
    Loan,
    opening=Opening("ask", "申请", "resumption.forward", backdate=timedelta(days=2)),
    start="asked",
    moves=[
        Move("lend", "借出", ("asked",), "lent", "resumption.accept.town", guard=not_to_oneself, stamp="lent_at", data=("fen",)),
        Move("give_back", "归还", ("lent",), "back", "resumption.forward", stamp="returned_at", backdate=timedelta(hours=24)),
        Move("mend", "送修", ("lent",), "repair", "resumption.forward"),
        Move("mended", "修好", ("repair",), "lent", "resumption.forward"),
        Move("ask_again", "再借", ("back",), "asked", "resumption.forward"),
        Move("lose", "记为丢失", ("lent",), "lost", "resumption.lapse"),
    ],
    states=STATES,
    clocks=[
        Clock("answer", "当天答复", Allow(days=0), frozenset({"asked"})),
        Clock("return", "三个工作日归还", Allow(days=3), frozenset({"lent"}), frozenset({"repair"}), lapse="lose"),
    ],
)


@dataclass(frozen=True, kw_only=True)
class Ask:
    title: str
    place: int
    borrower: str = ""


@dataclass(frozen=True, kw_only=True)
class Lend:
    loan: UUID
    fen: int = 0
    seen: datetime | None = None


def draft(place: int, *, title: str = "书", borrower: str = "", facets: list[str] | None = None, **more: Any) -> Loan:
    return Loan(title=title, borrower=borrower, region=place, district=jurisdiction.district_of(place), facets=facets or [], **more)


@action("toy.ask", "申请借书")
def ask(given: Ask, *, actor: Actor, at: datetime, key: UUID | None = None) -> Loan:
    return LOAN.open(draft(given.place, title=given.title, borrower=given.borrower), actor=actor, at=at, key=key)


@action("toy.lend", "借出")
def lend(given: Lend, *, actor: Actor, at: datetime, key: UUID | None = None) -> Loan:
    with LOAN.move("lend", given.loan, actor=actor, at=at, key=key, seen=given.seen, fen=given.fen) as loan:
        pass
    return loan
