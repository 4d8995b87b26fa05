"""Volunteers: called, joined by a poster without an account, trained, posted, in and out by a code, hours, certificate."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.utils.crypto import salted_hmac

from qifu.kernel import jurisdiction, notify
from qifu.kernel.access import Actor, Hat, NotFound, Scope, enter, require
from qifu.kernel.actions import BadInput, action
from qifu.kernel.calendar.clock import local
from qifu.kernel.documents import issuing
from qifu.kernel.documents.models import Issued
from qifu.kernel.documents.numbers import new_code, read_code
from qifu.kernel.journal import writing
from qifu.kernel.language import said
from qifu.kernel.privacy.sealing import blind
from qifu.kernel.values import Problem, check_phone
from qifu.kernel.values.secret import Secret
from qifu.kernel.workflow import AlreadyDone, Moved

from .. import courses, enrolling, letters, queries, refusals
from ..models import Call, Post, Stay, Volunteer
from ..terms import ADULT, JOIN, LEARN, LONGEST, MOST_JOINS, ORGANISE, SAME_SCAN
from ..workflow import CALLS, STAYS, VOLUNTEERS

# ------------------------------------------------------------------------------------------------ the call


@dataclass(frozen=True, kw_only=True)
class CallUp:
    place: int = field(metadata={"label": "地区"})
    title: str = field(metadata={"label": "招募什么", "most": 60})
    text: str = field(metadata={"label": "做什么", "most": 1000})
    assembly: str = field(default="", metadata={"label": "集合点", "most": 120})
    phone: str = field(metadata={"label": "联系电话", "most": 20})
    need: int = field(metadata={"label": "要几个人"})
    first_day: date = field(metadata={"label": "从哪天"})
    last_day: date = field(metadata={"label": "到哪天"})
    posts: tuple[str, ...] = field(default=(), metadata={"label": "岗点", "most": 40})
    course: UUID | None = field(default=None, metadata={"label": "先学完"})


@action("mobilisation.call_up", "发布招募")
def call_up(given: CallUp, *, actor: Actor, at: datetime, key: UUID | None = None) -> Call:
    """Call for volunteers; each post gets a code of its own. Refuses BadInput, NotYours."""
    errors = {}
    names = tuple(dict.fromkeys(name.strip() for name in given.posts if name.strip()))
    if not 1 <= given.need <= 5000:
        errors["need"] = said("人数写1到5000。")
    if given.last_day < given.first_day:
        errors["last_day"] = said("结束日期要不早于开始日期。")
    if not 1 <= len(names) <= 40:
        errors["posts"] = said("写上岗点，一行一个，最多40个。")
    number = check_phone(given.phone)
    if isinstance(number, Problem):
        errors["phone"] = number.says
    if errors:
        raise BadInput(errors)
    place = queries.place_of(given.place)
    scope = {"region": place.id, "district": jurisdiction.district_of(place.id)}
    hat = next((one for one in actor.hats if ORGANISE in one.rights), None)
    course = courses.asked(given.course, place.id)
    call = Call(
        title=given.title, text=given.text, office=(hat.label.split(" ")[0] if hat else place.name)[:80],
        assembly=given.assembly, phone=str(number), need=given.need, first_day=given.first_day, last_day=given.last_day,
        code=new_code(), organiser=actor.id, organiser_name=actor.name[:80], course=course, **scope,
    )  # fmt: skip
    call = CALLS.open(call, actor=actor, at=at, key=key, need=given.need)
    spots = Post._base_manager.bulk_create(Post(call=call, name=name, code=new_code(), made_at=at, **scope) for name in names)
    call.spots = tuple(spot.id for spot in spots)
    return call


@dataclass(frozen=True, kw_only=True)
class OfCall:
    call: UUID


@action("mobilisation.close_call", "截止报名")
def close(given: OfCall, *, actor: Actor, at: datetime, key: UUID | None = None) -> Call:
    """Take nobody more; whoever has joined stays."""
    with CALLS.move("close", given.call, actor=actor, at=at, key=key) as call:
        pass
    return call


@dataclass(frozen=True, kw_only=True)
class Extend:
    call: UUID
    need: int = field(metadata={"label": "要几个人"})
    last_day: date = field(metadata={"label": "到哪天"})


@action("mobilisation.extend_call", "改人数和日期")
def extend(given: Extend, *, actor: Actor, at: datetime, key: UUID | None = None) -> Call:
    """Say anew how many are needed and until when. Refuses BadInput."""
    with CALLS.move("extend", given.call, actor=actor, at=at, key=key, need=given.need) as call:
        if not 1 <= given.need <= 5000:
            raise BadInput({"need": said("人数写1到5000。")})
        if given.last_day < call.first_day:
            raise BadInput({"last_day": said("结束日期要不早于开始日期。")})
        call.need, call.last_day = given.need, given.last_day
    return call


@action("mobilisation.reopen_call", "再招")
def reopen(given: OfCall, *, actor: Actor, at: datetime, key: UUID | None = None) -> Call:
    """Take more after the call was closed."""
    with CALLS.move("reopen", given.call, actor=actor, at=at, key=key) as call:
        pass
    return call


# ------------------------------------------------------------------------------------------------ joining


def visitor(call: Call, name: str = "") -> Actor:
    """Give somebody without an account as an actor of one call: reaches its place, may join and sign in and out."""
    hat = Hat(role="volunteer", rights=frozenset({JOIN, LEARN}), scope=Scope(regions=(call.region,)), place=call.region)
    return Actor(id=f"call:{call.id}", name=name or str(said("志愿者")), hats=(hat,))


def digest_of(code: str) -> str:
    """Give what is kept of a personal code."""
    return sha256(code.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Join:
    code: str = field(metadata={"label": "海报码"})
    name: str = field(metadata={"label": "姓名", "most": 60})
    phone: str = field(repr=False, metadata={"label": "手机号码"})
    born: str = field(metadata={"label": "出生年月"})
    office: str = field(default="", metadata={"label": "单位或团组织", "most": 80})
    skills: str = field(default="", metadata={"label": "会什么", "most": 120})
    address: str = ""


@dataclass(frozen=True)
class Joined:
    """A volunteer and the personal code, which is shown now and kept nowhere."""

    volunteer: Volunteer
    code: str


@action("mobilisation.join", "报名做志愿者", door=True)
def join(given: Join, *, actor: Actor, at: datetime, key: UUID | None = None) -> Joined:
    """Join a call by its poster. Refuses BadInput, TooYoung, JoinedAlready, TooManyJoins, CallClosed; nothing is kept then."""
    call = Call._base_manager.filter(code=read_code(given.code)).first()
    if call is None:
        raise NotFound()
    if call.state != "open" or local(at).date() > call.last_day:
        raise refusals.CallClosed()
    number, born = check_phone(given.phone), month_of(given.born)
    errors = {}
    if not given.name.strip():
        errors["name"] = said("写上姓名，证明上用。")
    if isinstance(number, Problem):
        errors["phone"] = number.says
    elif len(number) != 11 or not number.startswith("1"):
        errors["phone"] = said("要用手机号码。")
    if born is None:
        errors["born"] = said("出生年月写成 1998-05 这样。")
    if errors or born is None:
        raise BadInput(errors)
    if years_between(born, local(at).date()) < ADULT:
        raise refusals.TooYoung()
    who = visitor(call, given.name.strip())
    enter(who)
    index, sender = blind("phone", str(number)), salted_hmac("qifu.join", given.address, algorithm="sha256").hexdigest()
    here = Volunteer._base_manager.filter(call=call)
    if here.filter(phone_blind=index).exists():
        raise refusals.JoinedAlready()
    if here.filter(sender=sender, joined_at__gt=at - timedelta(days=1)).count() >= MOST_JOINS:
        raise refusals.TooManyJoins()
    code = new_code()
    row = Volunteer(
        call=call, name=given.name.strip(), phone=Secret(str(number)), born_in=born, office=given.office.strip(),
        skills=given.skills.strip(), digest=digest_of(code), sender=sender, region=call.region, district=call.district,
    )  # fmt: skip
    row = VOLUNTEERS.open(row, actor=who, at=at, key=key)
    if call.course is not None:
        enrolling.enrol(call.course, actor=who, at=at, volunteer=row, on=row)
    return Joined(row, code)


def month_of(text: str) -> date | None:
    """Read the year and month of a birth (1998-05, 1998年5月); None for anything else."""
    parts = text.strip().replace("/", "-").replace(".", "-").replace("年", "-").replace("月", "").split("-")
    try:
        return date(int(parts[0]), int(parts[1]), 1)
    except (ValueError, IndexError):
        return None


def years_between(born_in: date, today: date) -> int:
    """Give the full years of somebody born at the end of a month: nobody is taken a day too young."""
    return today.year - born_in.year - (today.month <= born_in.month)


# ------------------------------------------------------------------------------------------------ the organiser


@dataclass(frozen=True, kw_only=True)
class Those:
    volunteers: tuple[UUID, ...] = field(metadata={"label": "志愿者"})


@dataclass(frozen=True, kw_only=True)
class ToPost:
    volunteers: tuple[UUID, ...] = field(metadata={"label": "志愿者"})
    post: UUID = field(metadata={"label": "岗点"})


MANY = 5000
"""As many as one call may ask for."""


def _some(ids: tuple[UUID, ...]) -> tuple[UUID, ...]:
    if not ids:
        raise BadInput({"volunteers": said("还没有勾人。")})
    if len(ids) > MANY:
        raise BadInput({"volunteers": said("一次最多办{n}个人，这次勾了{k}个，一个也没有办。分几次办。", n=MANY, k=len(ids))})
    return ids


@action("mobilisation.train_volunteers", "记上培训")
def train(given: Those, *, actor: Actor, at: datetime, key: UUID | None = None) -> Moved:
    """Say that volunteers were trained in protection."""
    return VOLUNTEERS.move_many("train", _some(given.volunteers), actor=actor, at=at)


@action("mobilisation.post_volunteers", "派岗")
def post(given: ToPost, *, actor: Actor, at: datetime, key: UUID | None = None) -> Moved:
    """Post volunteers of one call. Refuses NotTrained by name, NotFound for a post of another call."""
    spot = Post._base_manager.filter(pk=given.post).first()
    if spot is None:
        raise NotFound()
    ids = _some(given.volunteers)
    if Volunteer._base_manager.filter(pk__in=ids).exclude(call=spot.call_id).exists():
        raise NotFound("有人不是这次招募的，没有派岗。")
    moved = VOLUNTEERS.move_many("post", ids, actor=actor, at=at, post=spot.name)
    found = Volunteer._base_manager.filter(pk__in=moved.moved)
    found.update(post=spot)
    words = {
        "title": spot.call.title,
        "post": spot.name,
        "phone": spot.call.phone,
        "where": said("（{where}）", where=spot.where) if spot.where else "",
    }
    notify.tell_many(
        [notify.Tell(to=one.phone, kind="mobilisation.posted", words=words, on=one, key=f"posted:{one.id}:{spot.id}") for one in found],
        at=at,
    )
    return moved


@action("mobilisation.leave", "志愿者退出")
def leave(given: Those, *, actor: Actor, at: datetime, key: UUID | None = None) -> Moved:
    """Take volunteers off the list; what they have done stays."""
    return VOLUNTEERS.move_many("leave", _some(given.volunteers), actor=actor, at=at)


@dataclass(frozen=True, kw_only=True)
class OfVolunteer:
    volunteer: UUID


@action("mobilisation.call_volunteer", "查看志愿者电话")
def call(given: OfVolunteer, *, actor: Actor, at: datetime, key: UUID | None = None) -> str:
    """Give a volunteer's number; that it was looked at is on the record."""
    row = VOLUNTEERS.lock(given.volunteer)
    hat = require(actor, ORGANISE, at=at, on=row)
    writing.look(row, fields=["phone"], purpose=said("联系志愿者"), actor=actor, hat=hat, at=at)
    return str(row.phone.reveal())


@action("mobilisation.new_personal_code", "换个人码")
def new_personal_code(given: OfVolunteer, *, actor: Actor, at: datetime, key: UUID | None = None) -> str:
    """Give a volunteer who has lost it a new personal code; the one before signs nothing any more."""
    row = VOLUNTEERS.lock(given.volunteer)
    hat = require(actor, ORGANISE, at=at, on=row)
    code = new_code()
    Volunteer._base_manager.filter(pk=row.id).update(digest=digest_of(code))
    writing.record("mobilisation.volunteer", row, verb="new_code", actor=actor, hat=hat, at=at)
    return code


# ------------------------------------------------------------------------------------------------ in and out


@dataclass(frozen=True, kw_only=True)
class Scan:
    """What a telephone at a post says: the post's code, and who holds it."""

    post: str = field(metadata={"label": "岗点码"})
    code: str = field(repr=False, metadata={"label": "个人码"})
    phone: str = field(default="", repr=False, metadata={"label": "手机号码"})


def _found(given: Scan) -> tuple[Post, Volunteer, Actor]:
    """Give post, volunteer and actor of a scan, within the reach of its call. Refuses UnknownVolunteer, NotFound."""
    spot = Post._base_manager.filter(code=read_code(given.post)).select_related("call").first()
    if spot is None:
        raise NotFound("没有这个岗点，码可能换过了，没有签。")
    enter(visitor(spot.call))
    rows = Volunteer._base_manager.select_for_update().filter(call=spot.call_id, digest=digest_of(read_code(given.code)))
    if given.phone:
        number = check_phone(given.phone)
        rows = rows.filter(phone_blind="" if isinstance(number, Problem) else blind("phone", str(number)))
    row = rows.first()
    if row is None:
        raise refusals.UnknownVolunteer()
    who = visitor(spot.call, row.name)
    enter(who)
    return spot, row, who


@action("mobilisation.sign_in", "志愿者签到", door=True)
def sign_in(given: Scan, *, actor: Actor, at: datetime, key: UUID | None = None) -> Stay:
    """Begin a stay at a post. A second scan, or one delivered twice, is the same stay. Refuses NotPosted, UnknownVolunteer."""
    spot, row, who = _found(given)
    if row.state != "posted":
        raise refusals.NotPosted()
    before = Stay._base_manager.filter(volunteer=row, state="in").first()
    if before is not None:
        raise AlreadyDone(before)
    return STAYS.open(Stay(volunteer=row, post=spot, region=row.region, district=row.district), actor=who, at=at, key=key, post=spot.name)


@action("mobilisation.sign_out", "志愿者签退", door=True)
def sign_out(given: Scan, *, actor: Actor, at: datetime, key: UUID | None = None) -> Stay:
    """End the stay under way. A second scan within ten minutes is the same. Refuses NotIn, UnknownVolunteer."""
    _, row, who = _found(given)
    stay = Stay._base_manager.filter(volunteer=row, state="in").first()
    if stay is None:
        last = Stay._base_manager.filter(volunteer=row, state="out", went_at__gt=at - SAME_SCAN).order_by("-went_at").first()
        if last is not None:
            raise AlreadyDone(last)
        raise refusals.NotIn()
    minutes = minutes_between(stay.came_at, at)
    with STAYS.move("go", stay, actor=who, at=at, key=key, minutes=minutes) as fresh:
        fresh.minutes = minutes
    return fresh


def minutes_between(came: datetime | None, went: datetime) -> int:
    """Give whole minutes; 0 where the stay lasted too long to be true."""
    if came is None or not timedelta(0) <= went - came <= LONGEST:
        return 0
    return int((went - came).total_seconds() // 60)


@dataclass(frozen=True, kw_only=True)
class Mend:
    stay: UUID
    went_at: datetime = field(metadata={"label": "几点走的"})
    reason: str = field(metadata={"label": "为什么", "most": 120})


@action("mobilisation.mend_stay", "补记签退")
def mend(given: Mend, *, actor: Actor, at: datetime, key: UUID | None = None) -> Stay:
    """Say when a stay ended that was not signed out in time. Refuses BadInput for an end before its start, ahead, or 12 hours later."""
    held = STAYS.lock(given.stay)
    minutes = minutes_between(held.came_at, given.went_at)
    if not minutes or given.went_at > at:
        raise BadInput({"went_at": said("走的时间要晚于签到、早于现在，最多12小时。")})
    with STAYS.move("mend", held, actor=actor, at=at, key=key, minutes=minutes) as stay:
        stay.went_at, stay.minutes, stay.mended_by, stay.reason = given.went_at, minutes, actor.name[:80], given.reason
    return stay


@dataclass(frozen=True, kw_only=True)
class Credit:
    stays: tuple[UUID, ...] = field(metadata={"label": "人次"})


@action("mobilisation.credit_stays", "记上时长")
def credit(given: Credit, *, actor: Actor, at: datetime, key: UUID | None = None) -> Moved:
    """Credit stays: they count as person-times and hours from now on. Refuses HoursUnclear by name."""
    if not given.stays:
        raise BadInput({"stays": said("还没有勾。")})
    return STAYS.move_many("credit", given.stays, actor=actor, at=at)


@dataclass(frozen=True, kw_only=True)
class Void:
    stay: UUID
    reason: str = field(metadata={"label": "为什么", "most": 120})


@action("mobilisation.void_stay", "这一次不算")
def void(given: Void, *, actor: Actor, at: datetime, key: UUID | None = None) -> Stay:
    """Leave a stay out of all counts, with the reason."""
    with STAYS.move("void", given.stay, actor=actor, at=at, key=key) as stay:
        stay.reason = given.reason
    return stay


@action("mobilisation.certify", "出志愿服务证明")
def certify(given: OfVolunteer, *, actor: Actor, at: datetime, key: UUID | None = None) -> Issued:
    """Issue a certificate with a number over all credited hours of a volunteer; a later one takes their sum anew. Refuses NoHours."""
    row = VOLUNTEERS.lock(given.volunteer)
    hat = require(actor, ORGANISE, at=at, on=row)
    times, minutes = queries.credited(row.id)
    if not times:
        raise refusals.NoHours()
    letter = letters.certificate(row, times=times, minutes=minutes, at=at)
    return issuing.issue(letters.CERTIFICATE, letter, about=row.id, on=row, place=row.region, actor=actor, hat=hat, at=at)
