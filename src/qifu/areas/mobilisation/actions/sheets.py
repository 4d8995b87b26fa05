"""What comes on paper: the list of a league body or an office, and the sheet that people signed by hand at a post."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from qifu.areas.mobilisation import enrolling, refusals
from qifu.areas.mobilisation.models import Call, Stay, Volunteer
from qifu.areas.mobilisation.terms import ADULT, ORGANISE
from qifu.areas.mobilisation.workflow import STAYS, VOLUNTEERS
from qifu.kernel.access import ActionRefused, Actor, NotFound, require
from qifu.kernel.actions import BadInput, action, longer
from qifu.kernel.calendar.clock import local
from qifu.kernel.documents.numbers import new_code
from qifu.kernel.language import said
from qifu.kernel.privacy.sealing import blind
from qifu.kernel.values import Problem, check_phone, uuid7
from qifu.kernel.values.secret import Secret

from .volunteers import digest_of, minutes_between, month_of, visitor, years_between

MOST = 2000
"""Rows of one list or sheet."""
NAME_MOST, OFFICE_MOST = 60, 80
"""Of a row; told row by row, not for the whole list."""


@dataclass(frozen=True, kw_only=True)
class Listed:
    name: str = field(metadata={"label": "姓名"})
    phone: str = field(repr=False, metadata={"label": "手机号码"})
    born: str = field(metadata={"label": "出生年月"})
    office: str = field(default="", metadata={"label": "单位或团组织"})
    call: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class JoinMany:
    """Volunteers of one call, or of several where each row names its own."""

    rows: tuple[Listed, ...] = field(metadata={"label": "名单"})
    call: UUID | None = None


@dataclass(frozen=True)
class Entered:
    """What became of the rows: an id for each that was taken, and why others were not, by row."""

    ids: tuple[UUID | None, ...] = ()
    refused: dict[int, str] = field(default_factory=dict)


@action("mobilisation.join_many", "录入志愿者名单")
def join_many(given: JoinMany, *, actor: Actor, at: datetime, key: UUID | None = None) -> Entered:
    """Put a list that was handed in on a call, as the organiser; a row that a poster would refuse is refused here by its number.

    A personal code is given out on the page of the call when somebody wants to sign by telephone. Refuses BadInput, NotFound."""
    rows = given.rows
    _not_too_many(rows)
    named = {row.call or given.call for row in rows} | ({given.call} if given.call else set())
    calls = {one: _call(one, actor=actor, at=at) for one in named}
    there = {call.id: set(Volunteer._base_manager.filter(call=call).values_list("phone_blind", flat=True)) for call in calls.values()}
    refused: dict[int, str] = {}
    made: dict[int, Volunteer] = {}
    for index, row in enumerate(rows):
        call = calls[row.call or given.call]
        try:
            made[index] = _volunteer(row, call, there[call.id], at=at)
        except ActionRefused as refusal:
            refused[index] = refusal.says
    by_call: dict[UUID, list[Volunteer]] = defaultdict(list)
    for volunteer in made.values():
        by_call[volunteer.call_id].append(volunteer)
    for volunteers in by_call.values():
        call = volunteers[0].call
        who = _hand(actor, call)
        VOLUNTEERS.open_many(volunteers, actor=who, at=at)
        if call.course is not None:
            for volunteer in volunteers:
                enrolling.enrol(call.course, actor=who, at=at, volunteer=volunteer, on=volunteer)
    return Entered(tuple(made[index].id if index in made else None for index in range(len(rows))), refused)


@dataclass(frozen=True, kw_only=True)
class Signed:
    volunteer: UUID = field(metadata={"label": "志愿者"})
    came_at: datetime = field(metadata={"label": "几点来的"})
    went_at: datetime = field(metadata={"label": "几点走的"})


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Lines of a sheet, each at the post that its volunteer has."""

    rows: tuple[Signed, ...] = field(metadata={"label": "签到表"})


@action("mobilisation.enter_sheet", "补录签到表")
def enter_sheet(given: Sheet, *, actor: Actor, at: datetime, key: UUID | None = None) -> Entered:
    """Enter what people signed by hand; the stays wait to be credited like all others, and say who entered them.

    Refuses by row: who has no post, times that cannot be, and a time that overlaps another stay of the same volunteer."""
    rows = given.rows
    _not_too_many(rows)
    people = {one.id: one for one in Volunteer._base_manager.filter(pk__in={row.volunteer for row in rows}).select_related("post", "call")}
    taken: dict[UUID, list[tuple[datetime, datetime]]] = defaultdict(list)
    held = Stay._base_manager.filter(volunteer__in=list(people), state__in=("in", "out", "credited"))
    for person, came, went in held.values_list("volunteer", "came_at", "went_at"):
        taken[person].append((came, went or at))
    refused: dict[int, str] = {}
    made: dict[int, Stay] = {}
    for index, row in enumerate(rows):
        try:
            made[index] = _stay(row, people.get(row.volunteer), taken[row.volunteer], actor=actor, at=at)
        except ActionRefused as refusal:
            refused[index] = refusal.says
    _write([(rows[index], stay) for index, stay in made.items()], people, actor=actor, at=at)
    return Entered(tuple(made[index].id if index in made else None for index in range(len(rows))), refused)


def _not_too_many(rows: Sequence[object]) -> None:
    if not 1 <= len(rows) <= MOST:
        raise BadInput({"rows": said("一次录1到{most}行。", most=MOST)})


def _call(id: UUID | None, *, actor: Actor, at: datetime) -> Call:
    call = Call.objects.visible_to(actor).filter(pk=id).select_related("course").first()
    if call is None:
        raise NotFound()
    require(actor, ORGANISE, at=at, on=call)
    if call.state != "open" or local(at).date() > call.last_day:
        raise refusals.CallClosed()
    return call


def _hand(actor: Actor, call: Call) -> Actor:
    """Give the organiser as who writes down what volunteers of a call did themselves: the record names the organiser."""
    return Actor(id=actor.id, name=actor.name, hats=(*actor.hats, *visitor(call).hats))


def _volunteer(row: Listed, call: Call, there: set[str], *, at: datetime) -> Volunteer:
    number, born = check_phone(row.phone), month_of(row.born)
    if not row.name.strip():
        raise ActionRefused(said("没有姓名，没有录。"))
    if isinstance(number, Problem) or len(number) != 11 or not number.startswith("1"):
        raise ActionRefused(said("{name}的手机号不对，没有录。", name=row.name.strip()[:20]))
    if born is None:
        raise ActionRefused(said("{name}的出生年月要写成 1998-05 这样，没有录。", name=row.name.strip()[:20]))
    if years_between(born, local(at).date()) < ADULT:
        raise ActionRefused(said("{name}未满18周岁，没有录。", name=row.name.strip()[:20]))
    if says := longer(row.name, NAME_MOST) or longer(row.office, OFFICE_MOST):
        raise ActionRefused(said("{name}的姓名或单位太长：{says}", name=row.name.strip()[:20], says=says))
    index = blind("phone", str(number))
    if index in there:
        raise ActionRefused(said("{name}的手机号已经报过名，没有再录。", name=row.name.strip()[:20]))
    there.add(index)
    return Volunteer(
        id=uuid7(), call=call, name=row.name.strip(), phone=Secret(str(number)), born_in=born, office=row.office.strip(),
        digest=digest_of(new_code()), sender="", region=call.region, district=call.district,
    )  # fmt: skip


def _stay(row: Signed, who: Volunteer | None, taken: list[tuple[datetime, datetime]], *, actor: Actor, at: datetime) -> Stay:
    if who is None:
        raise NotFound()
    require(actor, ORGANISE, at=at, on=who)
    if who.post is None:
        raise ActionRefused(said("{name}还没有派岗，没有录。", name=who.name))
    if not minutes_between(row.came_at, row.went_at) or row.went_at > at:
        raise ActionRefused(said("{name}的时间不对：走要晚于来、早于现在，最多12小时，没有录。", name=who.name))
    if any(came < row.went_at and row.came_at < went for came, went in taken):
        raise ActionRefused(said("{name}这段时间已经记过，没有再录。", name=who.name))
    taken.append((row.came_at, row.went_at))
    return Stay(id=uuid7(), volunteer=who, post=who.post, region=who.region, district=who.district)


def _write(pairs: Sequence[tuple[Signed, Stay]], people: dict[UUID, Volunteer], *, actor: Actor, at: datetime) -> None:
    """Open the stays and close them at once, with the times of the sheet on the row and the minutes on the record."""
    by_call: dict[UUID, list[Stay]] = defaultdict(list)
    by_minutes: dict[int, list[UUID]] = defaultdict(list)
    for row, stay in pairs:
        by_call[people[row.volunteer].call_id].append(stay)
        by_minutes[minutes_between(row.came_at, row.went_at)].append(stay.id)
    for stays in by_call.values():
        who = _hand(actor, stays[0].volunteer.call)
        STAYS.open_many(stays, actor=who, at=at, datas=[{"post": stay.post.name} for stay in stays])
    for minutes, ids in by_minutes.items():
        for refusal in STAYS.move_many("mend", ids, actor=actor, at=at, minutes=minutes).refused.values():
            raise refusal
    for row, stay in pairs:
        stay.came_at, stay.went_at = row.came_at, row.went_at
        stay.minutes, stay.mended_by, stay.reason = minutes_between(row.came_at, row.went_at), actor.name[:80], str(said("纸质签到表"))
    Stay._base_manager.bulk_update([stay for _, stay in pairs], ["came_at", "went_at", "minutes", "mended_by", "reason"], batch_size=500)
