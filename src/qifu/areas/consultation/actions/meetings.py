"""A meeting from its plan to its signed minutes: asked by outbox, held, written by one and signed by another."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from qifu.areas.casework import api as casework
from qifu.kernel import notify
from qifu.kernel.access import Actor, NotFound, require
from qifu.kernel.actions import BadInput, action
from qifu.kernel.calendar.clock import local
from qifu.kernel.documents import issuing
from qifu.kernel.journal import writing
from qifu.kernel.language import said

from .. import letters, queries, refusals
from ..models import Attendee, Item, Meeting, Task
from ..numbering import home_of, next_number, scope_of
from ..terms import KEEP, MEETING, MOST_OFFICES, REPLIES, SEE
from ..workflow import ITEMS, MEETINGS
from .agenda import carry_over


@dataclass(frozen=True, kw_only=True)
class Plan:
    """When, where, who leads, which offices are asked. `carry` are items put off earlier that come along."""

    title: str = field(metadata={"label": "会议名称", "most": 80})
    starts_at: datetime = field(metadata={"label": "什么时候开"})
    minutes: int = field(default=60, metadata={"label": "大约多少分钟"})
    room: str = field(metadata={"label": "在哪里开", "most": 80})
    chair: str = field(metadata={"label": "谁主持", "most": 60})
    offices: tuple[str, ...] = field(default=(), metadata={"label": "哪些单位参加"})
    carry: tuple[UUID, ...] = field(default=(), metadata={"label": "上次没议完的"})


@action("consultation.plan", "排一次会")
def plan(given: Plan, *, actor: Actor, at: datetime, key: UUID | None = None) -> Meeting:
    """Plan a meeting and put on its agenda what was put off. Refuses BadInput."""
    home = home_of(actor, KEEP, at=at)
    _fit(given.title, given.room, given.chair, minutes=given.minutes, offices=given.offices)
    if given.starts_at < at:
        raise BadInput({"starts_at": said("开会时间已经过去了。")})
    meeting = Meeting(
        number=next_number("会", home.place, at=at),
        title=given.title.strip(),
        starts_at=given.starts_at,
        ends_at=given.starts_at + timedelta(minutes=given.minutes),
        room=given.room.strip(),
        chair=given.chair.strip(),
        office=home.code,
        office_name=home.name,
        planner=actor.id,
        planner_name=actor.name[:80],
        **scope_of(home.place),
    )
    made = MEETINGS.open(meeting, actor=actor, at=at, key=key)
    _ask(made, given.offices, actor=actor, at=at)
    for place, id in enumerate(given.carry, 1):
        carry_over(id, made, place=place, actor=actor, at=at)
    return made


@dataclass(frozen=True, kw_only=True)
class Change:
    """Another time, room, chair or list of offices; whoever was told already is told again by `call`."""

    meeting: UUID
    title: str = field(metadata={"label": "会议名称", "most": 80})
    starts_at: datetime = field(metadata={"label": "什么时候开"})
    minutes: int = field(default=60, metadata={"label": "大约多少分钟"})
    room: str = field(metadata={"label": "在哪里开", "most": 80})
    chair: str = field(metadata={"label": "谁主持", "most": 60})
    offices: tuple[str, ...] = field(default=(), metadata={"label": "哪些单位参加"})


@action("consultation.change", "改时间和单位")
def change(given: Change, *, actor: Actor, at: datetime, key: UUID | None = None) -> Meeting:
    """Change a meeting that is not held; one that was announced is announced again at once. Refuses BadInput, NobodyAsked."""
    before = queries.meeting(given.meeting, actor)
    _fit(given.title, given.room, given.chair, minutes=given.minutes, offices=given.offices)
    if given.starts_at < at:
        raise BadInput({"starts_at": said("开会时间已经过去了。")})
    told = before.state == "called"
    if told and not given.offices:
        raise refusals.NobodyAsked()
    more = {"offices": len(given.offices)} if told else {}
    with MEETINGS.move("call_again" if told else "change", given.meeting, actor=actor, at=at, key=key, **more) as meeting:
        meeting.title, meeting.room, meeting.chair = given.title.strip(), given.room.strip(), given.chair.strip()
        meeting.starts_at, meeting.ends_at = given.starts_at, given.starts_at + timedelta(minutes=given.minutes)
        meeting.calls += int(told)
    _ask(meeting, given.offices, actor=actor, at=at)
    if told:
        _tell(meeting, "consultation.moved", at=at)
    return meeting


@dataclass(frozen=True, kw_only=True)
class Of:
    meeting: UUID


@action("consultation.call", "发会议通知")
def call(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Meeting:
    """Tell every office on the list, through the outbox. Refuses NobodyAsked."""
    count = Attendee._base_manager.filter(meeting=given.meeting, off=False).count()
    if not count:
        raise refusals.NobodyAsked()
    with MEETINGS.move("call", given.meeting, actor=actor, at=at, key=key, offices=count) as meeting:
        meeting.calls += 1
    Attendee._base_manager.filter(meeting=meeting).update(calls=meeting.calls)
    _tell(meeting, "consultation.called", at=at)
    return meeting


@dataclass(frozen=True, kw_only=True)
class Why:
    meeting: UUID
    reason: str = field(metadata={"label": "为什么", "most": 300})


@action("consultation.drop", "不开了")
def drop(given: Why, *, actor: Actor, at: datetime, key: UUID | None = None) -> Meeting:
    """Call a meeting off; who was told is told, and the agenda waits for the next."""
    told = queries.meeting(given.meeting, actor).state == "called"
    count = Attendee._base_manager.filter(meeting=given.meeting, off=False).count()
    with MEETINGS.move("drop", given.meeting, actor=actor, at=at, key=key, offices=count) as meeting:
        meeting.reason = given.reason.strip()
    for id in Item._base_manager.filter(meeting=meeting, state="listed").values_list("id", flat=True):
        with ITEMS.move("put_off", id, actor=actor, at=at) as item:
            item.reason = str.__str__(said("会不开了"))
    if told:
        _tell(meeting, "consultation.called_off", at=at)
    Attendee._base_manager.filter(meeting=meeting).update(off=True)
    return meeting


@action("consultation.begin", "开会")
def begin(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Meeting:
    """Open the meeting: from here its items are decided."""
    with MEETINGS.move("begin", given.meeting, actor=actor, at=at, key=key) as meeting:
        pass
    return meeting


@dataclass(frozen=True, kw_only=True)
class Came:
    """Who came: the invitations whose office came; all others of the meeting did not."""

    meeting: UUID
    came: tuple[UUID, ...] = field(default=(), metadata={"label": "到会的单位"})
    names: tuple[str, ...] = field(default=(), metadata={"label": "来的人", "most": 60})
    """One for each of `came`."""


@action("consultation.came", "点名")
def came(given: Came, *, actor: Actor, at: datetime, key: UUID | None = None) -> Meeting:
    """Write down which offices came, and who of them."""
    meeting = MEETINGS.lock(given.meeting)
    hat = require(actor, KEEP, at=at, on=meeting)
    if meeting.state != "held":
        raise refusals.AgendaIsClosed("这次会不在会上，没有点名。", fix="开会以后、送签以前点名。")
    names = dict(zip(given.came, [*given.names, *[""] * len(given.came)], strict=False))
    for one in Attendee._base_manager.filter(meeting=meeting):
        one.came, one.who = one.id in names, (names.get(one.id) or one.who).strip()
        one.save(update_fields=["came", "who"])
    writing.record(MEETING, meeting, verb="came", actor=actor, hat=hat, at=at, offices=len(names))
    return meeting


@dataclass(frozen=True, kw_only=True)
class Write:
    meeting: UUID
    words: str = field(default="", metadata={"label": "别的事项", "most": 4000})


@action("consultation.write", "纪要送签")
def write(given: Write, *, actor: Actor, at: datetime, key: UUID | None = None) -> Meeting:
    """Hand the minutes to another person to sign. Refuses NotDecided, NothingToSay."""
    items = Item._base_manager.filter(meeting=given.meeting)
    if items.filter(state="listed").exists():
        raise refusals.NotDecided()
    count, words = items.filter(state="decided").count(), given.words.replace("\x00", "").strip()
    if not count and not words:
        raise refusals.NothingToSay()
    tasks = Task._base_manager.filter(item__meeting=given.meeting).count()
    with MEETINGS.move("write", given.meeting, actor=actor, at=at, key=key, items=count, tasks=tasks) as meeting:
        meeting.words, meeting.writer, meeting.writer_name, meeting.reason = words, actor.id, actor.name[:80], ""
        meeting.written_by(actor)
    return meeting


@action("consultation.return_minutes", "退回改纪要")
def return_minutes(given: Why, *, actor: Actor, at: datetime, key: UUID | None = None) -> Meeting:
    """Send the minutes back to who wrote them, with what to mend."""
    with MEETINGS.move("send_back", given.meeting, actor=actor, at=at, key=key) as meeting:
        meeting.reason = given.reason.strip()
    return meeting


@action("consultation.sign", "签发纪要")
def sign(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Meeting:
    """Sign the minutes: they get their number and go out as a paper; by another than who wrote them."""
    before = MEETINGS.lock(given.meeting)
    number = before.number
    with MEETINGS.move("sign", before, actor=actor, at=at, key=key, number=number) as meeting:
        meeting.signer, meeting.signer_name = actor.id, actor.name[:80]
    hat = actor.hat_for("consult.sign", at=at, on=meeting) or actor.hats[0]
    paper = letters.minutes(meeting, at=at)
    issuing.issue(letters.MINUTES, paper, about=meeting.id, on=meeting, place=meeting.region, actor=actor, hat=hat, at=at)
    return meeting


@action("consultation.close", "会商办结")
def close(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Meeting:
    """Close a meeting that gave no tasks, or whose tasks are done. Refuses TasksOpen."""
    if queries.open_tasks(meeting=given.meeting):
        raise refusals.TasksOpen()
    with MEETINGS.move("close", given.meeting, actor=actor, at=at, key=key) as meeting:
        pass
    return meeting


@dataclass(frozen=True, kw_only=True)
class Reply:
    invitation: UUID
    reply: str = field(metadata={"label": "来不来"})
    who: str = field(default="", metadata={"label": "谁来", "most": 60})
    words: str = field(default="", metadata={"label": "说明", "most": 120})


@action("consultation.reply", "回会议通知")
def reply(given: Reply, *, actor: Actor, at: datetime, key: UUID | None = None) -> Attendee:
    """Say for one's office who comes. Refuses OtherOffice, BadInput."""
    one = Attendee.objects.visible_to(actor).select_for_update().filter(pk=given.invitation).first()
    if one is None:
        raise NotFound()
    hat = require(actor, SEE, at=at, on=one)
    if one.office not in casework.offices.offices_of(actor):
        raise refusals.OtherOffice()
    if one.off:
        raise refusals.AgendaIsClosed("这次会不开了，没有改动。", fix="有新的时间会另外通知。")
    if not given.reply or given.reply not in REPLIES:
        raise BadInput({"reply": said("还没有选来不来。")})
    if given.reply == "coming" and not given.who.strip():
        raise BadInput({"who": said("还没有写谁来。")})
    one.reply, one.who, one.words, one.replied_at = given.reply, given.who.strip(), given.words.strip(), at
    one.save(update_fields=["reply", "who", "words", "replied_at"])
    writing.record(MEETING, one, verb="reply", actor=actor, hat=hat, at=at, about=one.meeting_id, reply=given.reply)
    return one


def _fit(title: str, room: str, chair: str, *, minutes: int, offices: tuple[str, ...]) -> None:
    errors = {}
    for name, value, words in (("title", title, said("会议名称")), ("room", room, said("在哪里开")), ("chair", chair, said("谁主持"))):
        if not value.strip():
            errors[name] = said("还没有填“{label}”。", label=words)
    if not 10 <= minutes <= 600:
        errors["minutes"] = said("开多久填10到600分钟。")
    if len(offices) > MOST_OFFICES:
        errors["offices"] = said("一次会最多请{most}个单位。", most=MOST_OFFICES)
    if errors:
        raise BadInput(errors)


def _ask(meeting: Meeting, codes: tuple[str, ...], *, actor: Actor, at: datetime) -> None:
    """Make the list of invitations equal to the offices named; who is struck off keeps the row, marked."""
    known = {one.office: one for one in Attendee._base_manager.filter(meeting=meeting)}
    copied = {
        "title": meeting.title,
        "host": meeting.office_name,
        "room": meeting.room,
        "starts_at": meeting.starts_at,
        "ends_at": meeting.ends_at,
        "calls": meeting.calls,
    }
    for code, one in known.items():
        for name, value in copied.items():
            setattr(one, name, value)
        one.off = code not in codes
        one.save()
    for code in dict.fromkeys(codes):
        if code not in known:
            office = queries.office(code, meeting.region, actor, at=at)
            place = office.place if office.place in actor.scope.regions or actor.scope.everywhere else meeting.region
            Attendee(meeting=meeting, office=code, office_name=office.name, **copied, **scope_of(place)).save(force_insert=True)


def _tell(meeting: Meeting, kind: str, *, at: datetime) -> None:
    rows = list(Attendee._base_manager.filter(meeting=meeting, off=False))
    people = queries.people_of([one.office for one in rows], at=at)
    there = local(meeting.starts_at)
    words = {
        "title": meeting.title,
        "when": f"{there.month}月{there.day}日{there:%H:%M}",
        "room": meeting.room,
        "host": meeting.office_name,
    }
    for one in rows:
        for person in people[one.office]:
            notify.tell(
                person.id,
                kind,
                words=words | {"office": one.office_name},
                on=one,
                at=at,
                key=f"{kind}:{one.id}:{meeting.calls}:{person.id}",
            )
