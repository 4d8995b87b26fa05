"""The monitor sets a group and a time; the sitting is held and written up; its promises become cases; all kept, it is closed."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from qifu.areas.casework import api as casework
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, require
from qifu.kernel.actions import BadInput, action, longer
from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.documents import issuing
from qifu.kernel.language import said

from .. import papers, queries, refusals
from ..models import Seat, Session, Task
from ..terms import KEEP, MINUTES, TASK
from ..workflow import SESSIONS

MOST_TASKS, MOST_MINUTES, MOST_LEADERS = 20, 480, 12
TASK_MOST, NAME_MOST, LINE_MOST = 300, 80, 40
"""The most characters of a promise, of a name, of what somebody leads."""
_TIME = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)")
_SPLIT = re.compile(r"\s*[:：]\s*")


@dataclass(frozen=True, kw_only=True)
class Group:
    """When a group goes, and who: offices by code, people by id, `leaders` one a line (用工线 王明)."""

    sitting: UUID
    day: date = field(metadata={"label": "哪天"})
    hour: str = field(metadata={"label": "几点"})
    minutes: int = field(default=90, metadata={"label": "多少分钟"})
    offices: tuple[str, ...] = field(default=(), metadata={"label": "哪些单位"})
    people: tuple[str, ...] = field(default=(), metadata={"label": "哪些人"})
    leaders: str = field(default="", metadata={"label": "各线谁牵头"})


@action("jointoffice.session.set_group", "定组、定时间")
def set_group(given: Group, *, actor: Actor, at: datetime, key: UUID | None = None) -> Session:
    """Set who goes and when; who sets it is the monitor (班长). A person sits nowhere else in that time: the database refuses."""
    return _set("set_group", given, actor=actor, at=at, key=key)


@action("jointoffice.session.move", "改会办时间")
def move(given: Group, *, actor: Actor, at: datetime, key: UUID | None = None) -> Session:
    """Set another time or other people before it begins; the old seats are given up first."""
    return _set("move", given, actor=actor, at=at, key=key)


def _set(verb: str, given: Group, *, actor: Actor, at: datetime, key: UUID | None) -> Session:
    starts, ends = _span(given, at)
    if not given.offices and not given.people:
        raise BadInput({"offices": said("还没有选去哪些单位、哪些人。")})
    with SESSIONS.move(
        verb, given.sitting, actor=actor, at=at, key=key, start=f"{starts:%Y-%m-%d %H:%M}", seats=len(given.offices) + len(given.people) + 1
    ) as session:
        Seat.objects.filter(session=session, standing=True).update(standing=False)
        Seat.objects.bulk_create(_seats(session, given, starts, ends, actor=actor, at=at))
        session.monitor, session.monitor_name, session.arranged_at = actor.id, actor.name[:80], at
        session.starts_at, session.ends_at = starts, ends
    return session


def _span(given: Group, at: datetime) -> tuple[datetime, datetime]:
    wrong: dict[str, str] = {}
    read = _TIME.fullmatch(given.hour.strip())
    if read is None:
        wrong["hour"] = said("“几点”写成 14:00 这样。")
    if not 15 <= given.minutes <= MOST_MINUTES:
        wrong["minutes"] = said("“多少分钟”填15到{n}。", n=MOST_MINUTES)
    if read is None or wrong:
        raise BadInput(wrong)
    starts = datetime.combine(given.day, time(int(read[1]), int(read[2])), ZONE)
    if not at < starts <= at + timedelta(days=62):
        raise BadInput({"day": said("选一个还没有到、两个月以内的时间。")})
    return starts, starts + timedelta(minutes=given.minutes)


def _seats(session: Session, given: Group, starts: datetime, ends: datetime, *, actor: Actor, at: datetime) -> list[Seat]:
    scope = {"region": session.region, "party": session.party, "district": session.district}
    when = {"session": session, "starts_at": starts, "ends_at": ends}
    lines = _leaders(given.leaders)
    seats = [Seat(role="monitor", person=actor.person, name=actor.name[:80], office_name=session.office, **when, **scope)]
    offices = {one.code: one for one in casework.offices_for(session.region, at=at)}
    for code in dict.fromkeys(given.offices):
        if code not in offices:
            raise BadInput({"offices": said("没有这个单位，或那里没有人能办。")})
        seats.append(Seat(role="member", office=code, office_name=offices[code].name[:80], **when, **scope))
    near = {str(one.person_id): one for one in queries.people_near(session.region, but=actor.person, at=at)}
    for id in dict.fromkeys(given.people):
        if id not in near:
            raise BadInput({"people": said("选的人不在可以叫的人里，再看一遍名单。")})
        grant = near[id]
        office = grant.department.name if grant.department else jurisdiction.name(grant.place)
        name = grant.person.name
        seats.append(
            Seat(role="member", person=UUID(id), name=name[:80], office_name=office[:80], line=lines.pop(name, ""), **when, **scope)
        )
    seats += [Seat(role="member", name=name, line=line, **when, **scope) for name, line in lines.items()]
    return seats


def _leaders(text: str) -> dict[str, str]:
    """Read who leads which line: one a line, 用工线 王明 or 用工线：王明."""
    found: dict[str, str] = {}
    rows = text.splitlines()
    if len(rows) > MOST_LEADERS:
        raise BadInput({"leaders": said("各线牵头的最多写{n}行。", n=MOST_LEADERS)})
    for number, row in enumerate(rows, start=1):
        line, _, name = re.sub(r"[:：、，,]", " ", row.strip()).partition(" ")
        if says := longer(line, LINE_MOST) or longer(name, NAME_MOST):
            raise BadInput({"leaders": said("第{n}行：{says}", n=number, says=says)})
        if line and name.strip():
            found[name.strip()] = line
    return found


@dataclass(frozen=True, kw_only=True)
class Hold:
    sitting: UUID
    minutes: str = field(metadata={"label": "纪要", "most": 2000})


@action("jointoffice.session.hold", "登记会办")
def hold(given: Hold, *, actor: Actor, at: datetime, key: UUID | None = None) -> Session:
    """Write down that they sat together, and what was said. Refuses NothingWritten, NotYetThere."""
    if not given.minutes.strip():
        raise refusals.NothingWritten()
    with SESSIONS.move("hold", given.sitting, actor=actor, at=at, key=key) as session:
        session.minutes = given.minutes.strip()
    return session


@dataclass(frozen=True, kw_only=True)
class GiveOut:
    """The promises, one a line: 区经信局：三天内联系供货商. `none` says that nothing was left to do."""

    sitting: UUID
    tasks: str = field(default="", metadata={"label": "承诺的事"})
    none: bool = field(default=False, metadata={"label": "当场都答复了，没有留下的事"})


@action("jointoffice.session.give_out", "交办承诺事项")
def give_out(given: GiveOut, *, actor: Actor, at: datetime, key: UUID | None = None) -> Session:
    """Make a case of each promise, give it to its office, and issue the minutes. Refuses NoTasks; all or none."""
    session = SESSIONS.lock(given.sitting)
    if SESSIONS.delivered(key):
        return session
    promises = read_tasks(given.tasks, casework.offices_for(session.region, at=at))
    if not promises and not given.none:
        raise refusals.NoTasks()
    scope = {"region": session.region, "party": session.party, "district": session.district}
    with SESSIONS.move("give_out", session.id, actor=actor, at=at, key=key, tasks=len(promises)) as fresh:
        for text, office in promises:
            task = Task(session=fresh, text=text, office=office.code, office_name=office.name[:80], **scope)
            words = casework.Record(
                text=said("组团会办（{number}）定下：{text}", number=fresh.number, text=text), title=text[:60], channel="visit",
                enterprise=fresh.enterprise_id, asker=fresh.asked_by, origin_kind=TASK, origin=task.id,
            )  # fmt: skip
            case = casework.record(words, actor=actor, at=at)
            casework.give(case, office=office.code, why=said("组团会办当场定的"), actor=actor, at=at)
            task.case, task.case_number = case.id, case.number
            task.save(force_insert=True)
        fresh.promised, fresh.giver = len(promises), actor.id
    hat = require(actor, KEEP, at=at, on=fresh)
    paper = papers.minutes(fresh, queries.seats_of(fresh), list(Task.objects.filter(session=fresh)))
    issuing.issue(MINUTES, paper, about=fresh.id, on=fresh, place=fresh.region, actor=actor, hat=hat, at=at, to=fresh.enterprise.name)
    return fresh


def read_tasks(text: str, offices: list[casework.Office]) -> list[tuple[str, casework.Office]]:
    """Read promises, one a line, each beginning with its office or words only its name contains; BadInput names the line."""
    found: list[tuple[str, casework.Office]] = []
    for number, row in enumerate((one.strip() for one in text.splitlines()), start=1):
        head, *rest = _SPLIT.split(row, maxsplit=1)
        if not row or (rest and not rest[0].strip()):
            continue
        if not offices:
            raise BadInput({"tasks": said("这里现在没有能办的单位，没有交办。先请管理员给单位安排人。")})
        near = [one for one in offices if rest and head and head in one.name]
        exact = [one for one in near if one.name == head]
        if len(exact or near) > 1:
            raise BadInput({"tasks": said("第{n}行的“{head}”不止一个单位，写全名再交。", n=number, head=head[:20])})
        office = next(iter(exact or near), None)
        if office is None:
            words = said("第{n}行看不出谁来办：行首写单位，后面用冒号，比如“{name}：三天内答复”。", n=number, name=offices[0].name)
            raise BadInput({"tasks": words})
        if says := longer(rest[0], TASK_MOST):
            raise BadInput({"tasks": said("第{n}行：{says}", n=number, says=says)})
        found.append((rest[0].strip(), office))
    if len(found) > MOST_TASKS:
        raise BadInput({"tasks": said("一次最多{n}件，分两次会办。", n=MOST_TASKS)})
    return found


@dataclass(frozen=True, kw_only=True)
class Of:
    sitting: UUID


@dataclass(frozen=True, kw_only=True)
class Words:
    sitting: UUID
    words: str = field(metadata={"label": "原因", "most": 300})


@action("jointoffice.session.confirm", "确认都办到了")
def confirm(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Session:
    """Say for the enterprise that all promises are kept. Refuses TasksOpen, AnotherConfirms."""
    with SESSIONS.move("confirm", given.sitting, actor=actor, at=at, key=key) as session:
        session.words = ""
    return session


@action("jointoffice.session.reopen", "还没办到")
def reopen(given: Words, *, actor: Actor, at: datetime, key: UUID | None = None) -> Session:
    """Take the confirmation back with what is still open."""
    with SESSIONS.move("reopen", given.sitting, actor=actor, at=at, key=key) as session:
        session.words = given.words.strip()
    return session


@action("jointoffice.session.close", "销号")
def close(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Session:
    """Close the order; each promise is closed out itself. Refuses TasksOpen."""
    with SESSIONS.move("close", given.sitting, actor=actor, at=at, key=key) as session:
        session.words = ""
    return session


@action("jointoffice.session.call_off", "取消会办")
def call_off(given: Words, *, actor: Actor, at: datetime, key: UUID | None = None) -> Session:
    """Call it off before it begins, with why; those who were called are free again."""
    with SESSIONS.move("call_off", given.sitting, actor=actor, at=at, key=key) as session:
        session.words = given.words.strip()
        Seat.objects.filter(session=session, standing=True).update(standing=False)
    return session
