"""Lent to the front line: asked, covered by a colleague, approved by a leader, and back by itself when the days are over."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotFound, require
from qifu.kernel.access.models import Grant, everything
from qifu.kernel.actions import BadInput, action
from qifu.kernel.calendar.clock import ZONE, local
from qifu.kernel.language import said

from .. import queries, refusals
from ..models import Loan
from ..terms import DUTY, LEND
from ..workflow import LOANS

_MOST_DAYS = 90
_OPEN = ["asked", "covered", "away"]


@dataclass(frozen=True, kw_only=True)
class Ask:
    place: int = field(metadata={"label": "单位所在地"})
    person: UUID | None = field(default=None, metadata={"label": "谁去"})
    """Nobody: oneself."""
    to: str = field(metadata={"label": "去哪里"})
    task: str = field(metadata={"label": "做什么"})
    first_day: date = field(metadata={"label": "从哪天"})
    last_day: date = field(metadata={"label": "到哪天"})
    cover: UUID = field(metadata={"label": "谁顶班"})
    cover_work: str = field(metadata={"label": "顶哪些工作"})


def colleagues(place: int, *, at: datetime) -> dict[UUID, Grant]:
    """Give everybody with an office at a place, once each, by office and name."""
    found = (
        everything(Grant)
        .filter(place=place, revoked_at__isnull=True, since__lte=at, person__closed_at__isnull=True, role__rights__contains=[DUTY])
        .exclude(until__lte=at)
        .select_related("person", "department")
        .order_by("person", "since")
        .distinct("person")
    )
    ordered = sorted(found, key=lambda one: (one.department.name if one.department else "", one.person.name, str(one.person_id)))
    return {one.person_id: one for one in ordered}


@action("mobilisation.ask_loan", "报名抽调")
def ask(given: Ask, *, actor: Actor, at: datetime, key: UUID | None = None) -> Loan:
    """Ask that oneself, or for a leader somebody of the office, is lent; a colleague must agree to cover. Refuses CoverIsAway."""
    place = queries.place_of(given.place)
    person = given.person or actor.person
    errors = {}
    days = (given.last_day - given.first_day).days + 1
    if not 1 <= days <= _MOST_DAYS or given.last_day < local(at).date():
        errors["last_day"] = said("起止日期不对，最多{most}天，结束不早于今天。", most=_MOST_DAYS)
    if given.cover == person:
        errors["cover"] = said("自己的工作要由另一位来顶，没有保存。")
    if errors:
        raise BadInput(errors)
    known = colleagues(place.id, at=at)
    if person is None or person not in known or given.cover not in known:
        raise NotFound("有人不是这个单位的，没有保存。")
    loan = Loan(
        person=person, name=known[person].person.name, office=_office(known[person]), to=given.to[:80], task=given.task[:200],
        first_day=given.first_day, last_day=given.last_day, cover=given.cover, cover_name=known[given.cover].person.name,
        cover_work=given.cover_work[:300], asker=actor.id, region=place.id, district=jurisdiction.district_of(place.id),
    )  # fmt: skip
    if person != actor.person:
        require(actor, LEND, at=at, on=loan)
    _free(given.cover)
    return LOANS.open(loan, actor=actor, at=at, key=key, days=days)


def _office(grant: Grant) -> str:
    return grant.department.name if grant.department else ""


def _free(cover: UUID) -> None:
    if Loan._base_manager.filter(person=cover, state__in=_OPEN).exists():
        raise refusals.CoverIsAway()


@dataclass(frozen=True, kw_only=True)
class OfLoan:
    loan: UUID


@dataclass(frozen=True, kw_only=True)
class Rename:
    loan: UUID
    cover: UUID = field(metadata={"label": "谁顶班"})


@action("mobilisation.cover_loan", "答应顶班")
def cover(given: OfLoan, *, actor: Actor, at: datetime, key: UUID | None = None) -> Loan:
    """Agree to do a colleague's work while they are away. Refuses CoverAnswers, CoverIsAway."""
    with LOANS.move("cover", given.loan, actor=actor, at=at, key=key) as loan:
        _free(loan.cover)
    return loan


@action("mobilisation.rename_loan", "换一位顶班")
def rename(given: Rename, *, actor: Actor, at: datetime, key: UUID | None = None) -> Loan:
    """Ask another colleague to cover. Refuses NotYourLoan, CoverIsAway."""
    with LOANS.move("rename", given.loan, actor=actor, at=at, key=key, person=str(given.cover)) as loan:
        known = colleagues(loan.region, at=at)
        if given.cover not in known:
            raise NotFound("这个人不是这个单位的，没有改动。")
        _free(given.cover)
        loan.cover, loan.cover_name = given.cover, known[given.cover].person.name
    return loan


@action("mobilisation.approve_loan", "同意抽调")
def approve(given: OfLoan, *, actor: Actor, at: datetime, key: UUID | None = None) -> Loan:
    """Let somebody go whose work is covered; it ends by itself with the last day. Refuses OwnLoan."""
    held = LOANS.lock(given.loan)
    until = datetime.combine(held.last_day + timedelta(days=1), datetime.min.time(), ZONE)
    hours = max(1, -int(-(until - at).total_seconds() // 3600))
    with LOANS.move("approve", held, actor=actor, at=at, key=key, hours=hours) as loan:
        loan.hours, loan.approver_name = hours, actor.name[:80]
    return loan


@action("mobilisation.recall_loan", "提前回来")
def recall(given: OfLoan, *, actor: Actor, at: datetime, key: UUID | None = None) -> Loan:
    """Call somebody back before the last day."""
    return _plain("recall", given, actor=actor, at=at, key=key)


@action("mobilisation.expire_loan", "抽调到期")
def expire(given: OfLoan, *, actor: Actor, at: datetime, key: UUID | None = None) -> Loan:
    """End a loan whose days are over (the timer)."""
    return _plain("expire", given, actor=actor, at=at, key=key)


@action("mobilisation.drop_loan", "不去了")
def drop(given: OfLoan, *, actor: Actor, at: datetime, key: UUID | None = None) -> Loan:
    """Call off what has not begun. Refuses NotYourLoan."""
    return _plain("drop", given, actor=actor, at=at, key=key)


def _plain(verb: str, given: OfLoan, *, actor: Actor, at: datetime, key: UUID | None) -> Loan:
    with LOANS.move(verb, given.loan, actor=actor, at=at, key=key) as loan:
        pass
    return loan
