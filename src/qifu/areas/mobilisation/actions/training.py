"""Courses kept, learned and passed: films and texts, a meeting with seats, questions, a certificate; who has not, and is asked."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from secrets import randbits
from typing import Any, Literal
from uuid import UUID

from django.db.models import F

from qifu.kernel import jurisdiction, notify
from qifu.kernel.access import Actor, NotFound, enter, require
from qifu.kernel.actions import BadInput, action
from qifu.kernel.booking import slots
from qifu.kernel.calendar.clock import local
from qifu.kernel.documents import issuing
from qifu.kernel.documents.numbers import new_code, read_code
from qifu.kernel.journal import writing
from qifu.kernel.language import said
from qifu.kernel.values import Problem, check_phone
from qifu.kernel.workflow import AlreadyDone

from .. import audience, courses, enrolling, letters, queries, refusals
from ..audience import Rule
from ..models import Call, Course, Meeting, Seat, Sitting, Trainee, Volunteer
from ..terms import CONTACT, COURSE, LEARN, LEFT, SIZES, TRAIN, TRAINEE, WATCHED
from ..workflow import COURSES, TRAINEES, VOLUNTEERS, learns_oneself
from .volunteers import digest_of, visitor

_BEFORE, _AFTER = timedelta(hours=1), timedelta(minutes=30)
"""How long around a meeting its code signs in."""


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """One lesson as typed: minutes as text, so that what is wrong can be said."""

    title: str = field(default="", metadata={"label": "名称"})
    minutes: str = field(default="", metadata={"label": "几分钟"})
    link: str = field(default="", metadata={"label": "网址"})
    text: str = field(default="", metadata={"label": "要读的话"})


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a course is made of. `questions` is text: a question, its options with * or - before them, an empty line."""

    title: str = field(metadata={"label": "培训名称", "most": 60})
    text: str = field(default="", metadata={"label": "说明", "most": 1000})
    phone: str = field(default="", metadata={"label": "联系电话", "most": 20})
    rule: Rule = field(default=Rule(), metadata={"label": "给谁学"})
    lessons: tuple[Lesson, ...] = field(default=(), metadata={"label": "课"})
    questions: str = field(default="", metadata={"label": "题目"})
    drawn: int = field(default=0, metadata={"label": "每次抽几题"})
    pass_mark: int = field(default=80, metadata={"label": "及格线"})
    tries: int = field(default=3, metadata={"label": "几次机会"})
    live: bool = field(default=False, metadata={"label": "要参加一场现场培训"})
    finish_by: date | None = field(default=None, metadata={"label": "最晚学完"})


@dataclass(frozen=True, kw_only=True)
class Write:
    place: int = field(metadata={"label": "开班地区"})
    content: Content = field(metadata={"label": "内容"})


@dataclass(frozen=True, kw_only=True)
class Edit:
    course: UUID
    content: Content = field(metadata={"label": "内容"})


@dataclass(frozen=True, kw_only=True)
class OfCourse:
    course: UUID


def _put(course: Course, given: Content, *, at: datetime) -> None:
    """Lay the content into a course, or refuse BadInput beside its fields."""
    errors = {}
    lessons, wrong = courses.read_lessons((one.title, one.minutes, one.link, one.text) for one in given.lessons)
    if wrong:
        errors["lessons"] = wrong
    questions, wrong = courses.read_questions(given.questions) if given.questions.strip() else ([], "")
    if wrong:
        errors["questions"] = wrong
    elif not (0 <= given.drawn <= len(questions)):
        errors["drawn"] = str(said("一共{n}道题，每次最多抽{n}道；写0就是全部。", n=len(questions)))
    if not errors and not lessons and not questions and not given.live:
        errors["lessons"] = str(said("还没有课，也没有题和现场培训，没有保存。"))
    if not 1 <= given.pass_mark <= 100:
        errors["pass_mark"] = str(said("及格线写1到100。"))
    if not 1 <= given.tries <= 10:
        errors["tries"] = str(said("机会写1到10次。"))
    if given.finish_by is not None and given.finish_by < local(at).date():
        errors["finish_by"] = str(said("最晚学完的那天已经过了。"))
    if given.rule.roles and not given.rule.places:
        errors["places"] = str(said("还没有选地区。"))
    if (CONTACT not in given.rule.roles and given.rule.sizes) or set(given.rule.sizes) - set(SIZES):
        errors["sizes"] = str(said("企业规模只对企业联系人有用，勾上“企业联系人”或去掉规模。"))
    number = check_phone(given.phone) if given.phone.strip() else ""
    if isinstance(number, Problem):
        errors["phone"] = str(number.says)
    if errors:
        raise BadInput(errors)
    course.title, course.text, course.phone = given.title, given.text, str(number)
    course.lessons, course.questions, course.drawn = lessons, questions, given.drawn
    course.pass_mark, course.tries, course.live, course.finish_by = given.pass_mark, given.tries, given.live, given.finish_by
    course.rule = given.rule.plain()
    course.rule_words = str(audience.words(given.rule))[:300] if given.rule.roles else ""


@action("mobilisation.write_course", "起草培训")
def write(given: Write, *, actor: Actor, at: datetime, key: UUID | None = None) -> Course:
    """Begin a course of a place. Refuses BadInput, NotYours for places outside the reach."""
    place = queries.place_of(given.place)
    course = Course(region=place.id, district=jurisdiction.district_of(place.id), keeper=actor.id, keeper_name=actor.name[:80])
    hat = require(actor, TRAIN, at=at, on=course)
    audience.check(given.content.rule, hat)
    course.office = (hat.label.split(" ")[0] or place.name)[:80]
    _put(course, given.content, at=at)
    return COURSES.open(course, actor=actor, at=at, key=key)


@action("mobilisation.edit_course", "改培训")
def edit(given: Edit, *, actor: Actor, at: datetime, key: UUID | None = None) -> Course:
    """Change a course that was not opened. Refuses as writing does."""
    with COURSES.move("edit", given.course, actor=actor, at=at, key=key) as course:
        audience.check(given.content.rule, require(actor, TRAIN, at=at, on=course))
        _put(course, given.content, at=at)
    return course


@action("mobilisation.open_course", "开班")
def open_course(given: OfCourse, *, actor: Actor, at: datetime, key: UUID | None = None) -> Course:
    """Open a course: everybody whom its rule means now is on its list and told. Refuses NobodyLearns where a rule means nobody."""
    held = COURSES.lock(given.course)
    rule = audience.rule_of(held.rule)
    found = audience.resolve(rule, actor, at=at) if rule.roles else []
    with COURSES.move("open", held, actor=actor, at=at, key=key, audience=len(found)) as course:
        audience.check(rule, require(actor, TRAIN, at=at, on=course))
        if rule.roles and not found:
            raise refusals.NobodyLearns()
        course.audience = len(found)
    made = [
        Trainee(
            course=course, person=one.person, name=one.name, office=one.office[:120], place=one.place, region=one.region,
            district=jurisdiction.district_of(one.region), party=one.party,
        )
        for one in found
    ]  # fmt: skip
    TRAINEES.open_many(made, actor=actor, at=at)
    enrolling.tell(made, "mobilisation.course", course, at=at, key="call")
    return course


@action("mobilisation.close_course", "结束培训")
def close(given: OfCourse, *, actor: Actor, at: datetime, key: UUID | None = None) -> Course:
    """Take nobody more and chase nobody; what was passed stays."""
    with COURSES.move("close", given.course, actor=actor, at=at, key=key) as course:
        pass
    return course


@action("mobilisation.drop_course", "培训不办了")
def drop(given: OfCourse, *, actor: Actor, at: datetime, key: UUID | None = None) -> Course:
    """Leave a draft unopened for good."""
    with COURSES.move("drop", given.course, actor=actor, at=at, key=key) as course:
        pass
    return course


@action("mobilisation.repeat_course", "再办一期")
def repeat(given: OfCourse, *, actor: Actor, at: datetime, key: UUID | None = None) -> Course:
    """Begin a draft with the content of a course; its list is found anew when it is opened."""
    before = COURSES.lock(given.course)
    fresh = Course(
        title=before.title, text=before.text, office=before.office, phone=before.phone, rule=before.rule, rule_words=before.rule_words,
        lessons=before.lessons, questions=before.questions, drawn=before.drawn, pass_mark=before.pass_mark, tries=before.tries,
        live=before.live, keeper=actor.id, keeper_name=actor.name[:80], region=before.region, district=before.district,
    )  # fmt: skip
    return COURSES.open(fresh, actor=actor, at=at, key=key)


# ------------------------------------------------------------------------------------------------ who is on the list


@dataclass(frozen=True, kw_only=True)
class Chase:
    """Who has not passed: one, or all of a course (at most 200)."""

    course: UUID
    trainee: UUID | None = None


def _waiting(given: Chase) -> list[Trainee]:
    held = COURSES.lock(given.course)
    if held.state != "open":
        raise NotFound("这个培训没有在办，没有名单可催。")
    found = (
        Trainee._base_manager.select_for_update(of=("self",)).filter(course=held.id, state__in=LEFT).select_related("volunteer", "course")
    )
    return list(
        (found.filter(pk=given.trainee) if given.trainee else found).order_by(F("reminded_at").asc(nulls_first=True), "place", "name")[:200]
    )


@action("mobilisation.call_untrained", "查看没学完的人电话")
def call(given: Chase, *, actor: Actor, at: datetime, key: UUID | None = None) -> dict[UUID, str]:
    """Give the numbers of those who have not passed, by trainee; that they were looked at is on the record of each."""
    found = _waiting(given)
    known = audience.numbers([one.person for one in found if one.person])
    seen: dict[UUID, str] = {}
    for one in found:
        number = known.get(one.person) if one.person else one.volunteer.phone if one.volunteer else None
        if number is None:
            continue
        hat = require(actor, TRAIN, at=at, on=one)
        writing.look(one, fields=["phone"], purpose=said("催培训"), actor=actor, hat=hat, at=at)
        seen[one.id] = str(number.reveal())
    if given.trainee is not None and not seen:
        raise refusals.NoNumber()
    return seen


@action("mobilisation.remind_untrained", "提醒没学完的人")
def remind(given: Chase, *, actor: Actor, at: datetime, key: UUID | None = None) -> int:
    """Tell those who have not passed; once a day each. Gives to how many."""
    found = [one for one in _waiting(given) if given.trainee or one.reminded_at is None or local(one.reminded_at).date() < local(at).date()]
    if given.trainee is not None and not found:
        raise NotFound()
    course = COURSES.lock(given.course)
    hat = require(actor, TRAIN, at=at, on=course)
    told = enrolling.tell(found, "mobilisation.course_reminder", course, at=at)
    Trainee._base_manager.filter(pk__in=[one.id for one in found]).update(reminded_at=at)
    writing.record(COURSE, course, verb="remind", actor=actor, hat=hat, at=at, told=told)
    return told


@dataclass(frozen=True, kw_only=True)
class OfTrainee:
    trainee: UUID


@dataclass(frozen=True, kw_only=True)
class Excuse:
    trainee: UUID
    reason: str = field(metadata={"label": "为什么", "most": 120})


@action("mobilisation.excuse_trainee", "免学")
def excuse(given: Excuse, *, actor: Actor, at: datetime, key: UUID | None = None) -> Trainee:
    """Say why somebody need not learn a course: taught face to face, passed it elsewhere. Refuses OwnExcuse."""
    with TRAINEES.move("excuse", given.trainee, actor=actor, at=at, key=key) as trainee:
        trainee.reason, trainee.excused_by = given.reason, actor.name[:80]
    return trainee


@action("mobilisation.give_tries", "再给答题机会")
def again(given: OfTrainee, *, actor: Actor, at: datetime, key: UUID | None = None) -> Trainee:
    """Give somebody whose tries are used up the same number again. Refuses OwnExcuse."""
    with TRAINEES.move("again", given.trainee, actor=actor, at=at, key=key) as trainee:
        trainee.tried = 0
    return trainee


# ------------------------------------------------------------------------------------------------ meetings


@dataclass(frozen=True, kw_only=True)
class Meet:
    course: UUID
    where: str = field(metadata={"label": "地点", "most": 120})
    starts_at: datetime = field(metadata={"label": "什么时候"})
    minutes: int = field(default=60, metadata={"label": "几分钟"})
    seats: int = field(default=40, metadata={"label": "几个座位"})


@action("mobilisation.call_meeting", "加一场现场培训")
def meet(given: Meet, *, actor: Actor, at: datetime, key: UUID | None = None) -> Meeting:
    """Open a meeting of a course with its seats. Refuses BadInput, and a second one at the same time."""
    course = COURSES.lock(given.course)
    hat = require(actor, TRAIN, at=at, on=course)
    errors = {}
    if course.state not in ("drafted", "open"):
        raise refusals.CourseOver()
    if given.starts_at <= at:
        errors["starts_at"] = said("时间已经过了。")
    if not 10 <= given.minutes <= 480:
        errors["minutes"] = said("写10到480分钟。")
    if not 1 <= given.seats <= 2000:
        errors["seats"] = said("座位写1到2000个。")
    if errors:
        raise BadInput(errors)
    here = local(given.starts_at)
    service = f"train-{course.id.hex[-16:]}"
    fresh = slots.open_slots(
        service, place=course.region, office=course.office, days=[here.date()], times=[here.time()], minutes=given.minutes,
        capacity=given.seats, by=actor.id,
    )  # fmt: skip
    if not fresh:
        raise BadInput({"starts_at": said("这个时间已经有一场了。")})
    slot = slots.ahead(service, places=[course.region], since=given.starts_at - timedelta(seconds=1)).first()
    assert slot is not None
    meeting = Meeting(
        course=course, slot=slot, where=given.where, code=new_code(), made_at=at, region=course.region, district=course.district
    )
    meeting.save(force_insert=True)
    writing.record(COURSE, course, verb="meet", actor=actor, hat=hat, at=at, seats=given.seats)
    return meeting


@dataclass(frozen=True, kw_only=True)
class CallOff:
    meeting: UUID
    why: str = field(metadata={"label": "为什么", "most": 120})


@action("mobilisation.call_off_meeting", "这一场不办了")
def call_off(given: CallOff, *, actor: Actor, at: datetime, key: UUID | None = None) -> Meeting:
    """Call a meeting off that is ahead; whoever has a seat is told and may take another."""
    meeting = Meeting._base_manager.select_for_update().filter(pk=given.meeting).first()
    if meeting is None or meeting.called_off_at is not None:
        raise NotFound()
    course = COURSES.lock(meeting.course_id)
    hat = require(actor, TRAIN, at=at, on=course)
    if meeting.slot.starts_at <= at:
        raise refusals.BegunAlready("这一场已经开始，不能再取消。", fix="没有办成的，再加一场。")
    slots.close(meeting.slot_id, at=at, why=given.why)
    meeting.called_off_at, meeting.why = at, given.why
    meeting.save(update_fields=["called_off_at", "why"])
    held = list(Seat._base_manager.filter(meeting=meeting, left_at__isnull=True).select_related("trainee", "trainee__volunteer"))
    Seat._base_manager.filter(pk__in=[one.id for one in held]).update(left_at=at)
    _tell_meeting((one.trainee for one in held), "mobilisation.meeting_off", meeting, at=at)
    writing.record(COURSE, course, verb="call_off", actor=actor, hat=hat, at=at, seats=len(held))
    return meeting


def _tell_meeting(people: Iterable[Trainee], kind: str, meeting: Meeting, *, at: datetime, key: str = "") -> int:
    start = local(meeting.slot.starts_at)
    words = {"title": meeting.course.title, "time": f"{start.month}月{start.day}日{start:%H:%M}", "where": meeting.where}
    told = notify.tell_many(
        [
            notify.Tell(to=one.person or one.volunteer.phone, kind=kind, words=words, on=one, about=one.id, key=key and f"{key}:{one.id}")
            for one in people
            if one.person or one.volunteer
        ],
        at=at,
    )
    return len(told)


# ------------------------------------------------------------------------------------------------ learning


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What was chosen of one question, by the numbers under which they are kept."""

    question: int
    options: tuple[int, ...] = ()


Step = Literal["open", "done", "begin", "hand_in", "book", "give_back", "come", "finish"]


@dataclass(frozen=True, kw_only=True)
class Learn:
    """One step of whoever learns: open a lesson, say that it is done, begin the questions, hand them in, take a seat, give it
    back, sign in at the meeting by its code."""

    trainee: UUID
    step: Step
    lesson: int = field(default=0, metadata={"label": "第几课"})
    answers: tuple[Answer, ...] = field(default=(), metadata={"label": "答案"})
    meeting: UUID | None = field(default=None, metadata={"label": "哪一场"})
    code: str = field(default="", metadata={"label": "签到码"})


@action("mobilisation.learn", "培训学习")
def learn(given: Learn, *, actor: Actor, at: datetime, key: UUID | None = None) -> Trainee:
    """Go one step in one's own course; with the last one it is passed and the certificate issued.

    Refuses NotYourCourse, CourseOver, TooSoon, LessonsFirst, NoTriesLeft, Full, NotHere."""
    return _learn(given, actor=actor, at=at, key=key)


@dataclass(frozen=True, kw_only=True)
class LearnAsVolunteer:
    """A step of a volunteer without an account: the call's code and the personal one say who it is."""

    call: str
    personal: str = field(repr=False, metadata={"label": "个人码"})
    step: Step
    lesson: int = field(default=0, metadata={"label": "第几课"})
    answers: tuple[Answer, ...] = field(default=(), metadata={"label": "答案"})
    meeting: UUID | None = field(default=None, metadata={"label": "哪一场"})
    code: str = field(default="", metadata={"label": "签到码"})


@action("mobilisation.learn_as_volunteer", "志愿者培训学习", door=True)
def learn_as_volunteer(given: LearnAsVolunteer, *, actor: Actor, at: datetime, key: UUID | None = None) -> Trainee:
    """As `learn`, at the door. Refuses UnknownVolunteer, NotFound where the call asks for no course."""
    call = Call._base_manager.filter(code=read_code(given.call)).first()
    if call is None:
        raise NotFound()
    enter(visitor(call))
    row = Volunteer._base_manager.filter(call=call.id, digest=digest_of(read_code(given.personal))).first()
    if row is None:
        raise refusals.UnknownVolunteer()
    who = visitor(call, row.name)
    enter(who)
    trainee = Trainee._base_manager.filter(course=call.course_id, volunteer=row.id).first() if call.course_id else None
    if trainee is None:
        raise NotFound("这次招募不用培训，或培训已经结束。")
    step = Learn(trainee=trainee.id, step=given.step, lesson=given.lesson, answers=given.answers, meeting=given.meeting, code=given.code)
    return _learn(step, actor=who, at=at, key=key)


def _learn(given: Learn, *, actor: Actor, at: datetime, key: UUID | None) -> Trainee:
    held = TRAINEES.lock(given.trainee)
    course = held.course
    if course.state != "open":
        raise refusals.CourseOver()
    if held.state in ("passed", "excused"):
        raise AlreadyDone(held)
    if given.meeting and not Meeting._base_manager.filter(pk=given.meeting, course=held.course_id).exists():
        raise NotFound()
    {
        "open": _open, "done": _done, "begin": _begin, "hand_in": _hand_in, "book": _book, "give_back": _give_back, "come": _come,
        "finish": _nothing,
    }[given.step](held, given, actor=actor, at=at, key=key)  # fmt: skip
    held = TRAINEES.lock(given.trainee)
    if held.state in ("called", "learning") and given.step in ("done", "hand_in", "come", "finish") and not courses.lacking(course, held):
        return _pass(held, actor=actor, at=at)
    return held


def _nothing(held: Trainee, given: Learn, *, actor: Actor, at: datetime, key: UUID | None) -> None:
    """Ask only whether all is there."""


def _lesson(held: Trainee, number: int) -> dict[str, Any]:
    if not 0 <= number < len(held.course.lessons):
        raise NotFound()
    lesson: dict[str, Any] = held.course.lessons[number]
    return lesson


def _open(held: Trainee, given: Learn, *, actor: Actor, at: datetime, key: UUID | None) -> None:
    _lesson(held, given.lesson)
    if str(given.lesson) in held.seen:
        return
    with TRAINEES.move("study", held, actor=actor, at=at, key=key, lesson=given.lesson, done=False) as trainee:
        trainee.seen = trainee.seen | {str(given.lesson): {"opened": at.isoformat(), "done": ""}}


def _done(held: Trainee, given: Learn, *, actor: Actor, at: datetime, key: UUID | None) -> None:
    lesson, seen = _lesson(held, given.lesson), held.seen.get(str(given.lesson))
    if seen is not None and seen["done"]:
        return
    if lesson["link"]:
        if seen is None:
            raise refusals.TooSoon(said("第{n}课还没有打开过，没有记上。", n=given.lesson + 1), fix="先打开看。")
        gone = int((at - datetime.fromisoformat(seen["opened"])).total_seconds() // 60)
        if gone < lesson["minutes"] * WATCHED:
            raise refusals.TooSoon(said("这一课有{minutes}分钟，打开才{gone}分钟，没有记上。", minutes=lesson["minutes"], gone=gone))
    with TRAINEES.move("study", held, actor=actor, at=at, key=key, lesson=given.lesson, done=True) as trainee:
        opened = (seen or {"opened": at.isoformat()})["opened"]
        trainee.seen = trainee.seen | {str(given.lesson): {"opened": opened, "done": at.isoformat()}}


def running(trainee: UUID) -> Sitting | None:
    """Give the sitting that was begun and not handed in."""
    return Sitting._base_manager.filter(trainee=trainee, ended_at__isnull=True).order_by("-number").first()


def _begin(held: Trainee, given: Learn, *, actor: Actor, at: datetime, key: UUID | None) -> None:
    hat = require(actor, LEARN, at=at, on=held)
    learns_oneself(held, actor, at)
    course = held.course
    if not course.questions:
        raise NotFound()
    if held.state == "failed" or held.tried >= course.tries:
        raise refusals.NoTriesLeft()
    if any(one.kind == "lesson" for one in courses.lacking(course, held)):
        raise refusals.LessonsFirst()
    if running(held.id) is not None:
        return
    seed = randbits(48)
    number = Sitting._base_manager.filter(trainee=held.id).count() + 1
    Sitting(
        trainee=held, number=number, seed=seed, drawn=[list(one) for one in courses.draw(course.questions, many=course.drawn, seed=seed)],
        begun_at=at, region=held.region, district=held.district, party=held.party,
    ).save(force_insert=True)  # fmt: skip
    writing.record(TRAINEE, held, verb="begin", actor=actor, hat=hat, at=at, number=number)


def _hand_in(held: Trainee, given: Learn, *, actor: Actor, at: datetime, key: UUID | None) -> None:
    sitting = running(held.id)
    if sitting is None:
        raise refusals.NotBegun()
    course = held.course
    drawn = {number for number, _ in sitting.drawn}
    answers = {str(one.question): sorted(set(one.options)) for one in given.answers if one.question in drawn}
    left = [n for n, (number, _) in enumerate(sitting.drawn, 1) if not answers.get(str(number))]
    if left:
        raise BadInput({"answers": said("第{n}题还没有答，没有交卷。答过的都还在。", n=left[0])})
    score = courses.mark(course.questions, sitting.drawn, answers)
    Sitting._base_manager.filter(pk=sitting.id).update(answers=answers, score=score, ended_at=at)
    with TRAINEES.move("sit", held, actor=actor, at=at, key=key, number=sitting.number, score=score) as trainee:
        trainee.tried += 1
        trainee.score = max(score, trainee.score or 0)
    if trainee.tried >= course.tries and trainee.score < course.pass_mark:
        with TRAINEES.move("fail", trainee, actor=actor, at=at):
            pass


def _book(held: Trainee, given: Learn, *, actor: Actor, at: datetime, key: UUID | None) -> None:
    hat = require(actor, LEARN, at=at, on=held)
    learns_oneself(held, actor, at)
    meeting = Meeting._base_manager.filter(pk=given.meeting, course=held.course_id).select_related("slot").first()
    if meeting is None:
        raise NotFound()
    before = Seat._base_manager.filter(trainee=held.id, left_at__isnull=True).select_related("meeting__slot").first()
    if before is not None and before.meeting_id == meeting.id:
        return
    if before is not None:
        _leave(before, at=at)
    slots.take(meeting.slot_id, at=at, service=meeting.slot.service, places=[meeting.slot.place])
    Seat(trainee=held, meeting=meeting, taken_at=at, region=held.region, district=held.district, party=held.party).save(force_insert=True)
    writing.record(TRAINEE, held, verb="book", actor=actor, hat=hat, at=at, about=meeting.id)


def _leave(seat: Seat, *, at: datetime) -> None:
    Seat._base_manager.filter(pk=seat.id).update(left_at=at)
    if seat.meeting.slot.starts_at > at:
        slots.give_back(seat.meeting.slot_id)


def _give_back(held: Trainee, given: Learn, *, actor: Actor, at: datetime, key: UUID | None) -> None:
    hat = require(actor, LEARN, at=at, on=held)
    learns_oneself(held, actor, at)
    seat = Seat._base_manager.filter(trainee=held.id, left_at__isnull=True, came_at__isnull=True).select_related("meeting__slot").first()
    if seat is None:
        raise NotFound("没有约着的座位，没有改动。")
    _leave(seat, at=at)
    writing.record(TRAINEE, held, verb="give_back", actor=actor, hat=hat, at=at)


def _come(held: Trainee, given: Learn, *, actor: Actor, at: datetime, key: UUID | None) -> None:
    meeting = Meeting._base_manager.filter(code=read_code(given.code), course=held.course_id).select_related("slot").first()
    if meeting is None:
        raise NotFound("签到码不对，没有签。", fix="看现场屏幕上的8位码。")
    if held.came_at is not None:
        return
    slot = meeting.slot
    if meeting.called_off_at is not None or not slot.starts_at - _BEFORE <= at <= slot.ends_at + _AFTER:
        raise refusals.NotHere()
    seat = Seat._base_manager.filter(trainee=held.id, left_at__isnull=True).select_related("meeting__slot").first()
    if seat is not None and seat.meeting_id != meeting.id:
        _leave(seat, at=at)
        seat = None
    if seat is None:
        # Whoever stands in the room without a seat is not sent away.
        seat = Seat(trainee=held, meeting=meeting, taken_at=at, region=held.region, district=held.district, party=held.party)
    seat.came_at = at
    seat.save()
    with TRAINEES.move("come", held, actor=actor, at=at, key=key):
        pass


def _pass(held: Trainee, *, actor: Actor, at: datetime) -> Trainee:
    """Pass a course of which nothing lacks: certificate, and the volunteer may be posted."""
    hat = require(actor, LEARN, at=at, on=held)
    with TRAINEES.move("pass", held, actor=actor, at=at, score=held.score or 0) as trainee:
        letter = letters.trained(trainee, at=at)
        paper = issuing.issue(
            letters.TRAINED, letter, about=trainee.id, on=trainee, place=trainee.course.region, actor=actor, hat=hat, at=at, to=trainee.name
        )
        trainee.number = paper.number
    if trainee.volunteer is not None and trainee.volunteer.state == "joined":
        with VOLUNTEERS.move("learn", trainee.volunteer, actor=actor, at=at):
            pass
    return trainee


@dataclass(frozen=True, kw_only=True)
class Attend:
    """The code at the door of a meeting."""

    code: str = field(metadata={"label": "签到码"})


@action("mobilisation.attend", "现场培训签到")
def attend(given: Attend, *, actor: Actor, at: datetime, key: UUID | None = None) -> Trainee:
    """Sign in at a meeting by its code. Refuses NotInCourse, NotHere, NotFound."""
    meeting = Meeting._base_manager.filter(code=read_code(given.code)).first()
    if meeting is None:
        raise NotFound("没有这场培训，码可能换过了，没有签。")
    mine = Trainee._base_manager.filter(course=meeting.course_id, person=actor.person).first() if actor.person else None
    if mine is None:
        raise refusals.NotInCourse()
    return _learn(Learn(trainee=mine.id, step="come", code=meeting.code), actor=actor, at=at, key=key)


# ------------------------------------------------------------------------------------------------ before it is due


def remind_due(people: Iterable[Trainee], *, at: datetime) -> int:
    """Tell those whose course is to be finished tomorrow, once each (inside `acting`); gives how many are new."""
    kind = "mobilisation.course_reminder"
    return sum(enrolling.tell([one], kind, one.course, at=at, key=f"due:{one.course.finish_by}") for one in people)


def remind_meetings(seats: Iterable[Seat], *, at: datetime) -> int:
    """Tell those who have a seat in a meeting of tomorrow, once each; gives how many are new."""
    kind = "mobilisation.meeting_tomorrow"
    return sum(_tell_meeting([one.trainee], kind, one.meeting, at=at, key=f"meeting:{one.meeting_id}") for one in seats)
