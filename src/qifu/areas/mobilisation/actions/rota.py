"""A rota from its days to the last word of each duty: planned, filled, published, swapped, taken on, handed over."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotFound, require
from qifu.kernel.access.models import Grant, everything
from qifu.kernel.actions import BadInput, action
from qifu.kernel.calendar import calendar_for
from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.journal import writing
from qifu.kernel.language import said

from .. import audience, filling, queries, refusals, telling
from ..models import Feed, Member, Roster, Turn
from ..terms import DUTY, MOST_DAYS, MOST_IN_WEEK, MOST_PEOPLE, MOST_SHIFTS, POSTS, REST_HOURS, ROTA, SHIFTS, TURN
from ..workflow import ROSTERS, TURNS

_OPEN = ["drafted", "published", "asked", "on_duty", "handed_over"]
_WIDE = timedelta(days=8)
"""How far around a rota the duties of its people on other rotas count."""


@dataclass(frozen=True, kw_only=True)
class Shift:
    """One shift of the day: its name, from and to (to before from: the next morning)."""

    name: str = field(metadata={"label": "班次", "most": 20})
    start: str = field(metadata={"label": "开始"})
    end: str = field(metadata={"label": "结束"})


@dataclass(frozen=True, kw_only=True)
class Plan:
    place: int = field(metadata={"label": "地区"})
    title: str = field(metadata={"label": "表名", "most": 60})
    first_day: date = field(metadata={"label": "从哪天"})
    last_day: date = field(metadata={"label": "到哪天"})
    posts: tuple[str, ...] = field(default=POSTS, metadata={"label": "岗位", "most": 20})
    shifts: tuple[Shift, ...] = field(default=(), metadata={"label": "班次"})
    rest_hours: int = field(default=REST_HOURS, metadata={"label": "两班之间至少休息"})
    most_in_week: int = field(default=MOST_IN_WEEK, metadata={"label": "七天最多几个班"})
    phone: str = field(default="", metadata={"label": "值班电话", "most": 20})


@action("mobilisation.plan_rota", "新排值班表")
def plan(given: Plan, *, actor: Actor, at: datetime, key: UUID | None = None) -> Roster:
    """Begin a rota with one empty duty for each day, shift and post. Refuses WrongDays, BadInput."""
    days = (given.last_day - given.first_day).days + 1
    if not 1 <= days <= MOST_DAYS:
        raise refusals.WrongDays()
    posts = tuple(dict.fromkeys(post.strip() for post in given.posts if post.strip()))
    errors = {}
    if not 1 <= len(posts) <= 6:
        errors["posts"] = said("写1到6个岗位，一行一个。")
    if not 0 <= given.rest_hours <= 72:
        errors["rest_hours"] = said("休息时间写0到72小时。")
    if not 1 <= given.most_in_week <= 7:
        errors["most_in_week"] = said("七天最多几个班，写1到7。")
    shifts = _shifts(given.shifts, errors)
    if errors:
        raise BadInput(errors)
    place = queries.place_of(given.place)
    scope = {"region": place.id, "district": jurisdiction.district_of(place.id)}
    roster = Roster(
        title=given.title, first_day=given.first_day, last_day=given.last_day, posts=list(posts), shifts=shifts,
        rest_hours=given.rest_hours, most_in_week=given.most_in_week, phone=given.phone, planner=actor.id,
        planner_name=actor.name[:80], **scope,
    )  # fmt: skip
    roster = ROSTERS.open(roster, actor=actor, at=at, key=key, days=days)
    calendar = calendar_for(place.id)
    turns = [
        Turn(
            roster=roster, day=day, shift=shift["code"], shift_name=shift["name"], post=post, why=str(said("还没有排")),
            starts_at=_at(day, shift["from"]), ends_at=_end(day, shift), points=shift["points"] + (not calendar.is_workday(day)), **scope,
        )
        for day in (given.first_day + timedelta(days=n) for n in range(days))
        for shift in shifts
        for post in posts
    ]  # fmt: skip
    TURNS.open_many(turns, actor=actor, at=at, datas=[{"day": f"{one.day}", "shift": one.shift} for one in turns])
    return roster


def _shifts(given: Sequence[Shift], errors: dict[str, str]) -> list[dict[str, Any]]:
    if not given:
        return [dict(one) for one in SHIFTS]
    if len(given) > MOST_SHIFTS:
        errors["shifts"] = said("一天最多{n}个班次。", n=MOST_SHIFTS)
        return []
    found: list[dict[str, Any]] = []
    for number, one in enumerate(given, 1):
        try:
            start, end = time.fromisoformat(one.start), time.fromisoformat(one.end)
        except ValueError:
            errors["shifts"] = said("班次的时间写成 08:30 这样。")
            return []
        night = end <= start
        found.append({"code": f"s{number}", "name": one.name, "from": f"{start:%H:%M}", "to": f"{end:%H:%M}", "points": 3 if night else 2})
    return found


def _at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), ZONE)


def _end(day: date, shift: dict[str, Any]) -> datetime:
    return _at(day + timedelta(days=shift["to"] <= shift["from"]), shift["to"])


# ------------------------------------------------------------------------------------------------ people


@dataclass(frozen=True, kw_only=True)
class Hand:
    """Somebody on a rota: which posts (none: all), and when away."""

    person: UUID = field(metadata={"label": "人员"})
    posts: tuple[str, ...] = field(default=(), metadata={"label": "岗位"})
    off: tuple[date, ...] = field(default=(), metadata={"label": "请假"})


@dataclass(frozen=True, kw_only=True)
class People:
    roster: UUID
    people: tuple[Hand, ...] = field(metadata={"label": "值班人员"})


def candidates(roster: Roster, *, at: datetime) -> list[Grant]:
    """Give one grant of everybody with an office at the rota's place: whoever is on duty must reach what they answer for."""
    found = (
        everything(Grant)
        .filter(place=roster.region, revoked_at__isnull=True, since__lte=at, person__closed_at__isnull=True, role__rights__contains=[DUTY])
        .exclude(until__lte=at)
        .select_related("person", "department")
        .order_by("person", "since")
        .distinct("person")
    )
    return sorted(found, key=lambda one: (one.department.name if one.department else "", one.person.name, str(one.person_id)))


@action("mobilisation.choose_people", "定值班人员")
def people(given: People, *, actor: Actor, at: datetime, key: UUID | None = None) -> Roster:
    """Say who is on a rota; whoever is no more on it loses the duties that they had. Refuses NotFound for others than the place's."""
    if not 1 <= len(given.people) <= MOST_PEOPLE:
        raise BadInput({"people": said("选1到{most}个人。", most=MOST_PEOPLE)})
    with ROSTERS.move("people", given.roster, actor=actor, at=at, key=key, people=len(given.people)) as roster:
        known = {one.person_id: one for one in candidates(roster, at=at)}
    if any(one.person not in known for one in given.people):
        raise NotFound("有人不是这个单位的，没有改动。")
    chosen = {one.person: one for one in given.people}
    Member._base_manager.filter(roster=roster.id).exclude(person__in=chosen).delete()
    held = {one.person: one for one in Member._base_manager.filter(roster=roster.id)}
    for id, one in chosen.items():
        grant = known[id]
        row = held.get(id) or Member(roster=roster, person=id, region=roster.region, district=roster.district)
        row.name, row.office = grant.person.name, (grant.department.name if grant.department else "")[:80]
        row.posts, row.off = [post for post in one.posts if post in roster.posts], sorted(set(one.off))
        row.save()
    gone = Turn._base_manager.filter(roster=roster.id, state="drafted", person__isnull=False).exclude(person__in=chosen)
    gone.update(person=None, name="", office="", why=str(said("还没有排")))
    return roster


def _law(roster: Roster) -> filling.Law:
    return filling.Law(rest_hours=roster.rest_hours, most_in_week=roster.most_in_week)


def _duty(turn: Turn) -> filling.Duty:
    return filling.Duty(
        id=turn.id, day=turn.day, post=turn.post, starts_at=turn.starts_at, ends_at=turn.ends_at, points=turn.points, person=turn.person
    )


def _hand(member: Member) -> filling.Hand:
    return filling.Hand(person=member.person, name=member.name, posts=frozenset(member.posts), off=frozenset(member.off))


def elsewhere(roster: Roster, people: Sequence[UUID]) -> list[filling.Duty]:
    """Give the duties of these people on other rotas around the days of this one."""
    found = Turn._base_manager.filter(
        person__in=people, state__in=_OPEN, starts_at__lt=_at(roster.last_day, "00:00") + _WIDE,
        ends_at__gt=_at(roster.first_day, "00:00") - _WIDE,
    ).exclude(roster=roster.id)  # fmt: skip
    return [_duty(one) for one in found]


@dataclass(frozen=True, kw_only=True)
class OfRoster:
    roster: UUID


@dataclass(frozen=True, kw_only=True)
class Fill:
    roster: UUID
    afresh: bool = field(default=False, metadata={"label": "全部重排"})


@action("mobilisation.fill_rota", "自动排班")
def fill(given: Fill, *, actor: Actor, at: datetime, key: UUID | None = None) -> Roster:
    """Fill the empty duties (all of them where `afresh`) by the plain rule; each says why. What nobody can do stays empty."""
    held = ROSTERS.lock(given.roster)
    require(actor, ROTA, at=at, on=held)
    turns = list(Turn._base_manager.select_for_update().filter(roster=held.id, state="drafted"))
    members = {one.person: one for one in Member._base_manager.filter(roster=held.id)}
    if given.afresh:
        for one in turns:
            one.person, one.name, one.office = None, "", ""
    empty = {one.id: one for one in turns if one.person is None}
    done = filling.fill(
        [_duty(one) for one in turns], [_hand(one) for one in members.values()], _law(held), also=elsewhere(held, list(members))
    )
    left = sum(one.person is None for one in done)
    with ROSTERS.move("fill", held, actor=actor, at=at, key=key, filled=len(done) - left, empty=left) as roster:
        pass
    if given.afresh:
        # Or two people who change places would, for a moment, be at one post at one time twice.
        Turn._base_manager.filter(pk__in=empty).update(person=None)
    for one in done:
        turn, member = empty[one.duty], members.get(one.person) if one.person else None
        turn.person, turn.why = one.person, one.why[:300]
        turn.name, turn.office = (member.name, member.office) if member else ("", "")
    Turn._base_manager.bulk_update(list(empty.values()), ["person", "name", "office", "why"], batch_size=200)
    TURNS.move_many("assign", [one.duty for one in done if one.person], actor=actor, at=at)
    return roster


@dataclass(frozen=True, kw_only=True)
class Assign:
    turn: UUID
    person: UUID | None = field(default=None, metadata={"label": "值班人"})


@action("mobilisation.assign_turn", "排一个班")
def assign(given: Assign, *, actor: Actor, at: datetime, key: UUID | None = None) -> Turn:
    """Put somebody of the rota on a duty by hand, or nobody. Refuses NotFree by name: off, double, rest, week, post."""
    held = TURNS.lock(given.turn)
    require(actor, ROTA, at=at, on=held)
    member = _fit(held, given.person) if given.person else None
    verb = "assign" if held.state == "drafted" else "change"
    before = held.person
    with TURNS.move(verb, held, actor=actor, at=at, key=key, person=str(given.person or "")) as turn:
        if member is None:
            if verb == "change":
                raise refusals.Unfilled("公布以后的班不能空着，没有改动。", fix="选一位替他。")
            turn.person, turn.name, turn.office, turn.why = None, "", "", str(said("还没有排"))
        else:
            turn.person, turn.name, turn.office = member.person, member.name, member.office
            turn.why = str(said("{who}指定", who=actor.name))
            turn.swap_person, turn.swap_name, turn.swap_why = None, "", ""
    if verb == "change" and before != turn.person:
        telling.changed(turn, before, at=at)
    return turn


def _fit(turn: Turn, person: UUID) -> Member:
    """Give the member who can be on a duty, or refuse NotFree with the reason."""
    roster = turn.roster
    member = Member._base_manager.filter(roster=roster.id, person=person).first()
    if member is None:
        raise NotFound("这个人不在这张表里，没有改动。")
    why = why_not(turn, member, book_of(roster, [person]))
    if why:
        raise refusals.NotFree(said("{name}值不了这个班：{why}。没有改动。", name=member.name, why=why))
    return member


def book_of(roster: Roster, people: Sequence[UUID]) -> filling.Book:
    """Give what these people carry around the days of a rota, on this one and on others."""
    book = filling.Book(_law(roster))
    mine = Turn._base_manager.filter(roster=roster.id, person__in=people, state__in=_OPEN)
    for one in (*(_duty(turn) for turn in mine), *elsewhere(roster, people)):
        if one.person is not None:
            book.put(one, one.person)
    return book


def why_not(turn: Turn, member: Member, book: filling.Book) -> str:
    """Say why somebody cannot be on a duty, or ''."""
    code = book.why_not(_hand(member), _duty(turn))
    return str(book.say(code)) if code else ""


@action("mobilisation.publish_rota", "公布值班表")
def publish(given: OfRoster, *, actor: Actor, at: datetime, key: UUID | None = None) -> Roster:
    """Publish a rota in which every duty has somebody. Refuses Unfilled."""
    held = ROSTERS.lock(given.roster)
    turns = list(Turn._base_manager.filter(roster=held.id, state="drafted").values_list("id", "person"))
    with ROSTERS.move("publish", held, actor=actor, at=at, key=key, duties=len(turns)) as roster:
        if empty := sum(person is None for _, person in turns):
            raise refusals.Unfilled(said("还有{n}个班没有人值，没有公布。", n=empty))
    TURNS.move_many("publish", [id for id, _ in turns], actor=actor, at=at)
    telling.published(roster, at=at)
    return roster


@action("mobilisation.drop_rota", "不用值班表")
def drop(given: OfRoster, *, actor: Actor, at: datetime, key: UUID | None = None) -> Roster:
    """Leave a rota that was not published."""
    with ROSTERS.move("drop", given.roster, actor=actor, at=at, key=key) as roster:
        pass
    turns = Turn._base_manager.filter(roster=roster.id, state="drafted")
    TURNS.move_many("drop", list(turns.values_list("id", flat=True)), actor=actor, at=at)
    turns = Turn._base_manager.filter(roster=roster.id)
    turns.update(person=None, name="", office="")
    return roster


# ------------------------------------------------------------------------------------------------ swaps


@dataclass(frozen=True, kw_only=True)
class Ask:
    turn: UUID
    person: UUID = field(metadata={"label": "请谁"})
    why: str = field(default="", metadata={"label": "为什么", "most": 120})


@dataclass(frozen=True, kw_only=True)
class OfTurn:
    turn: UUID


@action("mobilisation.ask_swap", "请人换班")
def ask(given: Ask, *, actor: Actor, at: datetime, key: UUID | None = None) -> Turn:
    """Ask a colleague of the same rota to take one's duty over. Refuses NotFree where they cannot."""
    held = TURNS.lock(given.turn)
    member = _fit(held, given.person)
    with TURNS.move("ask", held, actor=actor, at=at, key=key, person=str(member.person)) as turn:
        if member.person == turn.person:
            raise refusals.NotFree("这个班本来就是您的，没有改动。")
        turn.swap_person, turn.swap_name, turn.swap_why = member.person, member.name, given.why
    telling.of_turn(turn, "mobilisation.swap", member.person, at=at, who=turn.name)
    return turn


@action("mobilisation.agree_swap", "答应换班")
def agree(given: OfTurn, *, actor: Actor, at: datetime, key: UUID | None = None) -> Turn:
    """Take a colleague's duty over. Refuses NotAskedYou, and NotFree where one has taken on another meanwhile."""
    held = TURNS.lock(given.turn)
    before = held.person
    with TURNS.move("agree", held, actor=actor, at=at, key=key, person=str(actor.person or "")) as turn:
        assert turn.swap_person is not None
        member = _fit(turn, turn.swap_person)
        turn.why = str(said("{name}换给{other}", name=turn.name, other=member.name))
        turn.person, turn.name, turn.office = member.person, member.name, member.office
        turn.swap_person, turn.swap_name, turn.swap_why = None, "", ""
    telling.of_turn(turn, "mobilisation.swap_agreed", before, at=at, who=turn.name)
    return turn


@action("mobilisation.decline_swap", "换不了班")
def decline(given: OfTurn, *, actor: Actor, at: datetime, key: UUID | None = None) -> Turn:
    """Say that one cannot take a colleague's duty over."""
    return _leave("decline", given, actor=actor, at=at, key=key)


@action("mobilisation.unask_swap", "不换班了")
def unask(given: OfTurn, *, actor: Actor, at: datetime, key: UUID | None = None) -> Turn:
    """Take back that one has asked for a swap."""
    return _leave("unask", given, actor=actor, at=at, key=key)


def _leave(verb: str, given: OfTurn, *, actor: Actor, at: datetime, key: UUID | None) -> Turn:
    with TURNS.move(verb, given.turn, actor=actor, at=at, key=key) as turn:
        other = turn.swap_name
        turn.why = str(said("{name}换不了", name=other)) if verb == "decline" else turn.why
        turn.swap_person, turn.swap_name, turn.swap_why = None, "", ""
    if verb == "decline":
        telling.of_turn(turn, "mobilisation.swap_declined", turn.person, at=at, who=other)
    return turn


# ------------------------------------------------------------------------------------------------ on duty


@action("mobilisation.take_duty", "接班")
def take(given: OfTurn, *, actor: Actor, at: datetime, key: UUID | None = None) -> Turn:
    """Begin one's duty, from an hour before. Refuses NotYourDuty, NotYetTime."""
    with TURNS.move("take", given.turn, actor=actor, at=at, key=key) as turn:
        pass
    return turn


@dataclass(frozen=True, kw_only=True)
class HandOver:
    turn: UUID
    note: str = field(default="", metadata={"label": "交班记录", "most": 2000})
    to: str = field(default="", metadata={"label": "交给谁", "most": 60})


@action("mobilisation.hand_over", "交班")
def hand_over(given: HandOver, *, actor: Actor, at: datetime, key: UUID | None = None) -> Turn:
    """End one's duty with a word for the next one. Refuses NoNote."""
    if not given.note.strip():
        raise refusals.NoNote()
    with TURNS.move("hand_over", given.turn, actor=actor, at=at, key=key) as turn:
        turn.note, turn.next_name = given.note.strip(), given.to.strip()
    telling.handed_over(turn, at=at)
    return turn


@action("mobilisation.call_duty", "打给值班人")
def call(given: OfTurn, *, actor: Actor, at: datetime, key: UUID | None = None) -> str:
    """Give the number of whoever is on a published duty; that it was looked at is on the record. Refuses NoNumber."""
    turn = Turn._base_manager.select_for_update().filter(pk=given.turn).exclude(state__in=["drafted", "dropped"]).first()
    if turn is None or turn.person is None:
        raise NotFound()
    hat = require(actor, DUTY, at=at, on=turn)
    number = audience.numbers([turn.person]).get(turn.person)
    if number is None:
        raise refusals.NoNumber()
    writing.look(turn, fields=["phone"], purpose=said("联系值班人"), actor=actor, hat=hat, at=at)
    return str(number.reveal())


# ------------------------------------------------------------------------------------------------ the calendar link


@dataclass(frozen=True, kw_only=True)
class NewLink:
    """Nothing is asked."""


@action("mobilisation.new_feed", "换日历链接")
def new_feed(given: NewLink, *, actor: Actor, at: datetime, key: UUID | None = None) -> str:
    """Give a new secret token under which a calendar reads one's duties; the one before opens nothing from now on."""
    hat = next((one for one in actor.hats if one.place and DUTY in one.rights and one.valid(at)), None)
    if hat is None or actor.person is None or hat.place is None:
        raise NotFound("您没有值班的职责，不用日历链接。")
    token = token_urlsafe(24)
    scope = {"region": hat.place, "district": jurisdiction.district_of(hat.place)}
    feed, _ = Feed._base_manager.update_or_create(person=actor.person, defaults={"digest": digest_of(token), "made_at": at, **scope})
    writing.record_many(
        [
            {
                "subject": feed.person, "about": feed.person, "verb": "new_link", "left": "", "entered": "", "first": False, "at": at,
                "district": feed.district, "region": feed.region, "party": None, "compartment": "", "facets": (), "data": {},
            }
        ],
        process=TURN, actor=actor, hat=hat,
    )  # fmt: skip
    return token


def digest_of(token: str) -> str:
    """Give what is kept of a token."""
    return sha256(token.encode()).hexdigest()
