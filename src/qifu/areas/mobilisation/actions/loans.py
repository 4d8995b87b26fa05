"""Lent to the front line: asked, covered by a colleague, approved by a leader, and back by itself when the days are over."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from qifu.areas.registry import api as registry
from qifu.kernel import jurisdiction, notify
from qifu.kernel.access import Actor, NotFound, require
from qifu.kernel.access.models import Grant, TaskForce, everything
from qifu.kernel.actions import BadInput, action
from qifu.kernel.calendar.clock import ZONE, local
from qifu.kernel.language import said

from .. import courses, enrolling, queries, refusals, telling
from ..models import Loan, Member, Turn
from ..terms import DUTY, LEND
from ..workflow import LOANS, TURNS
from . import rota

_MOST_DAYS = 90
_OPEN = ["asked", "covered", "away"]


@dataclass(frozen=True, kw_only=True)
class Ask:
    place: int = field(metadata={"label": "单位所在地"})
    person: UUID | None = field(default=None, metadata={"label": "谁去"})
    """Nobody: oneself."""
    to: str = field(metadata={"label": "去哪里", "most": 80})
    task: str = field(metadata={"label": "做什么", "most": 200})
    first_day: date = field(metadata={"label": "从哪天"})
    last_day: date = field(metadata={"label": "到哪天"})
    cover: UUID = field(metadata={"label": "谁顶班"})
    cover_work: str = field(metadata={"label": "顶哪些工作", "most": 300})
    course: UUID | None = field(default=None, metadata={"label": "先学完"})
    force: UUID | None = field(default=None, metadata={"label": "专班"})
    force_role: str = field(default="assessor", metadata={"label": "在专班里的角色", "most": 48})


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
        person=person, name=known[person].person.name, office=_office(known[person]), to=given.to, task=given.task,
        first_day=given.first_day, last_day=given.last_day, cover=given.cover, cover_name=known[given.cover].person.name,
        cover_work=given.cover_work, course=courses.asked(given.course, place.id), asker=actor.id,
        region=place.id, district=jurisdiction.district_of(place.id),
    )  # fmt: skip
    if person != actor.person:
        require(actor, LEND, at=at, on=loan)
    _free(given.cover)
    if given.force is not None:
        if given.force not in {one.id for one in forces(place.id, at=at)}:
            raise NotFound("没有这个专班，或已经结束，没有保存。")
        loan.force, loan.force_role = given.force, given.force_role
    loan = LOANS.open(loan, actor=actor, at=at, key=key, days=days)
    if loan.course is not None and not courses.passed(loan.course.id, person=person):
        enrolling.enrol(loan.course, actor=actor, at=at, person=person, on=loan)
    _tell(loan, "mobilisation.loan", [loan.cover], at=at)
    return loan


def forces(place: int, *, at: datetime) -> list[TaskForce]:
    """Give the task forces at work at a place and below it: those whose rights may come with being lent."""
    found = everything(TaskForce).filter(place__in=jurisdiction.reach(place), since__lte=at)
    return list(found.exclude(until__lte=at).order_by("name", "id")[:100])


def _tell(loan: Loan, kind: str, to: Iterable[UUID], *, at: datetime) -> None:
    words = {
        "who": loan.name, "to": loan.to, "cover": loan.cover_name, "first": f"{loan.first_day.month}月{loan.first_day.day}日",
        "last": f"{loan.last_day.month}月{loan.last_day.day}日",
    }  # fmt: skip
    notify.tell_many([notify.Tell(to=one, kind=kind, words=words, on=loan) for one in dict.fromkeys(to)], at=at)


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
    _tell(loan, "mobilisation.loan", [loan.cover], at=at)
    return loan


@action("mobilisation.approve_loan", "同意抽调")
def approve(given: OfLoan, *, actor: Actor, at: datetime, key: UUID | None = None) -> Loan:
    """Let somebody go whose work is covered; it ends by itself with the last day. The rights of the task force begin and end with
    it, and the duties of these days go to who covers, where the law of the rota lets them. Refuses OwnLoan, NotPassed, NotYours."""
    held = LOANS.lock(given.loan)
    until = datetime.combine(held.last_day + timedelta(days=1), datetime.min.time(), ZONE)
    hours = max(1, -int(-(until - at).total_seconds() // 3600))
    with LOANS.move("approve", held, actor=actor, at=at, key=key, hours=hours) as loan:
        loan.hours, loan.approver_name = hours, actor.name[:80]
        if loan.force is not None:
            hat = require(actor, LEND, at=at, on=loan)
            loan.force_grant = registry.lend_to_force(
                loan.force, person=loan.person, role=loan.force_role, until=max(until, at + timedelta(hours=1)), actor=actor, hat=hat, at=at
            )
    _move_duties(loan, actor=actor, at=at)
    _tell(loan, "mobilisation.loan_approved", [loan.person, loan.cover], at=at)
    return loan


def duties(loan: Loan, *, at: datetime) -> list[Turn]:
    """Give the duties ahead that whoever is lent still holds on the days of it."""
    start = max(at, datetime.combine(loan.first_day, datetime.min.time(), ZONE))
    end = datetime.combine(loan.last_day + timedelta(days=1), datetime.min.time(), ZONE)
    found = Turn._base_manager.filter(person=loan.person, starts_at__gte=start, starts_at__lt=end, state__in=["published", "asked"])
    return list(found.select_related("roster").order_by("starts_at"))


def _move_duties(loan: Loan, *, actor: Actor, at: datetime) -> tuple[int, int]:
    """Give the duties of who is lent to who covers, one after the other by the law; gives how many went and how many stay."""
    moved, left = 0, 0
    for held in duties(loan, at=at):
        member = Member._base_manager.filter(roster=held.roster_id, person=loan.cover).first()
        mine = actor.hat_for(LEND, at=at, on=held) is not None
        if member is None or not mine or rota.why_not(held, member, rota.book_of(held.roster, [loan.cover])):
            left += 1
            continue
        with TURNS.move("stand_in", held, actor=actor, at=at, person=str(loan.cover)) as turn:
            turn.why = str(said("{name}抽调，{other}顶班", name=loan.name, other=loan.cover_name))
            turn.person, turn.name, turn.office = member.person, member.name, member.office
            turn.swap_person, turn.swap_name, turn.swap_why = None, "", ""
        telling.changed(turn, loan.person, at=at)
        moved += 1
    return moved, left


@action("mobilisation.move_duties", "把班转给顶班的人")
def move_duties(given: OfLoan, *, actor: Actor, at: datetime, key: UUID | None = None) -> Loan:
    """Try once more to give the duties of who is lent to who covers. Refuses DutiesStay with how many nobody may take so."""
    loan = LOANS.lock(given.loan)
    require(actor, LEND, at=at, on=loan)
    if loan.state != "away":
        raise NotFound("这次抽调没有在办，没有班要转。")
    moved, left = _move_duties(loan, actor=actor, at=at)
    if not moved:
        raise refusals.DutiesStay(said("还有{n}个班{name}值不了，没有转。", n=left, name=loan.cover_name))
    return loan


@action("mobilisation.recall_loan", "提前回来")
def recall(given: OfLoan, *, actor: Actor, at: datetime, key: UUID | None = None) -> Loan:
    """Call somebody back before the last day; the rights of the task force end now."""
    loan = _plain("recall", given, actor=actor, at=at, key=key)
    if loan.force_grant is not None:
        registry.take_from_force(loan.force_grant, actor=actor, hat=require(actor, LEND, at=at, on=loan), at=at)
    _tell(loan, "mobilisation.loan_back", [loan.person, loan.cover], at=at)
    return loan


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
