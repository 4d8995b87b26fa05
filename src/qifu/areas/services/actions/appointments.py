"""Times are opened by the office and taken by the enterprise, or by whoever has it on the telephone."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Literal
from uuid import UUID

from qifu.areas.registry import api as registry
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotFound, NotYours, require
from qifu.kernel.actions import BadInput, action
from qifu.kernel.booking import slots
from qifu.kernel.booking.models import Slot
from qifu.kernel.calendar import calendar_for
from qifu.kernel.calendar.clock import local
from qifu.kernel.journal import writing
from qifu.kernel.language import said
from qifu.kernel.values import uuid7

from .. import refusals
from ..models import Appointment
from ..numbering import district_place, number, scope_of
from ..terms import CHANNELS, Service, catalogue
from ..workflow import APPOINTMENTS

MISSED = {"absent": said("到了没有人"), "office": said("我们没能去")}
_TIME = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)")
_MOST_TIMES, _MOST_PLACES = 16, 60
FILL_BEFORE = timedelta(hours=2)
"""Nobody in line gets a place later than this before it begins: they could not get ready, nor give it back in time."""


def service_of(code: str) -> Service:
    """Give a service of the pack; refuses NoSuchService."""
    found = catalogue().services.get(code)
    if found is None:
        raise refusals.NoSuchService()
    return found


# ------------------------------------------------------------------------------------------------ the office's times


@dataclass(frozen=True, kw_only=True)
class OpenTimes:
    service: str = field(metadata={"label": "服务"})
    place: int = field(metadata={"label": "地区"})
    first: date = field(metadata={"label": "从哪天"})
    last: date = field(metadata={"label": "到哪天"})
    times: str = field(metadata={"label": "几点"})
    minutes: int = field(default=0, metadata={"label": "每次多少分钟"})
    capacity: int = field(metadata={"label": "同时几家"})
    days_off: bool = field(default=False, metadata={"label": "休息日也开"})


@action("services.open_times", "开预约时段")
def open_times(given: OpenTimes, *, actor: Actor, at: datetime, key: UUID | None = None) -> int:
    """Open times on the working days of a span; those that are there stay as they are. Gives how many are new."""
    service = service_of(given.service)
    place = _own_place(actor, service, given.place, at)
    wrong: dict[str, str] = {}
    if given.last < given.first or (given.last - given.first).days >= slots.MOST_DAYS:
        wrong["last"] = said("“到哪天”要在“从哪天”之后，最多{n}天。", n=slots.MOST_DAYS)
    if given.last < local(at).date():
        wrong["last"] = said("这几天已经过了。")
    if not 1 <= given.capacity <= _MOST_PLACES:
        wrong["capacity"] = said("“同时几家”填1到{n}。", n=_MOST_PLACES)
    times = read_times(given.times)
    if not times or len(times) > _MOST_TIMES:
        wrong["times"] = said("“几点”写成 9:00、10:30 这样，用顿号或空格隔开，最多{n}个。", n=_MOST_TIMES)
    minutes = given.minutes or service.minutes
    if not 10 <= minutes <= 480:
        wrong["minutes"] = said("“每次多少分钟”填10到480。")
    if wrong:
        raise BadInput(wrong)
    days = slots.days_between(given.first, given.last, calendar=calendar_for(place), days_off=given.days_off)
    office = f"{jurisdiction.name(place)}{str.__str__(service.office)}"
    fresh = slots.open_slots(
        service.code, place=place, office=office, days=days, times=times, minutes=minutes, capacity=given.capacity, by=actor.id
    )  # fmt: skip
    told = {"what": service.code, "from_day": given.first.isoformat(), "to_day": given.last.isoformat(), "number": fresh}
    _record("open", uuid7(), place, service, actor=actor, at=at, **told)
    return fresh


def _record(verb: str, id: UUID, place: int, service: Service, *, actor: Actor, at: datetime, **told: int | str) -> None:
    hat = require(actor, service.right, at=at)
    row = SimpleNamespace(id=id, region=place, party=None, compartment="", district=jurisdiction.district_of(place), facets=[])
    writing.record("services.time", row, verb=verb, actor=actor, hat=hat, at=at, **told)


def read_times(text: str) -> list[time]:
    """Give the times of a line, in order, each once; nothing where one of its words is no time."""
    words = [word for word in re.split(r"[\s、，,;；]+", text.strip()) if word]
    found = [_TIME.fullmatch(word) for word in words]
    return sorted({time(int(one[1]), int(one[2])) for one in found if one}) if all(found) else []


def _own_place(actor: Actor, service: Service, place: int, at: datetime) -> int:
    """Refuse NotYours unless a hat of the actor serves this at that very place."""
    if not any(service.right in hat.rights and hat.place == place and hat.valid(at) for hat in actor.hats):
        raise NotYours(right=service.right)
    return place


@dataclass(frozen=True, kw_only=True)
class CloseTime:
    slot: UUID
    why: str = field(metadata={"label": "为什么", "most": 120})


def _own_slot(id: UUID, verb: str, actor: Actor, at: datetime, **told: int | str) -> None:
    found = Slot.objects.filter(pk=id).first()
    # Times are read by every enterprise; who may change them is the office of their place alone.
    if found is None or not actor.scope.holds(SimpleNamespace(region=found.place, party=None, compartment="")):
        raise NotFound()
    service = service_of(found.service)
    _own_place(actor, service, found.place, at)
    _record(verb, id, found.place, service, actor=actor, at=at, **told)


@action("services.close_time", "关一个时段")
def close_time(given: CloseTime, *, actor: Actor, at: datetime, key: UUID | None = None) -> Slot:
    """Take no more bookings in a time; who holds it keeps it until moved."""
    _own_slot(given.slot, "close", actor, at)
    return slots.close(given.slot, at=at, why=given.why)


@dataclass(frozen=True, kw_only=True)
class Resize:
    slot: UUID
    capacity: int = field(metadata={"label": "同时几家"})


@action("services.resize_time", "改时段名额")
def resize_time(given: Resize, *, actor: Actor, at: datetime, key: UUID | None = None) -> Slot:
    """Set how many may come at once. Refuses FewerThanTaken."""
    _own_slot(given.slot, "resize", actor, at, capacity=given.capacity)
    if not 1 <= given.capacity <= _MOST_PLACES:
        raise BadInput({"capacity": said("“同时几家”填1到{n}。", n=_MOST_PLACES)})
    return slots.resize(given.slot, capacity=given.capacity)


# ------------------------------------------------------------------------------------------------ asking and booking


@dataclass(frozen=True, kw_only=True)
class Ask:
    enterprise: UUID
    service: str = field(metadata={"label": "服务"})
    topic: str = field(metadata={"label": "什么事"})
    wants: str = field(default="", metadata={"label": "说一句", "most": 300})
    slot: UUID | None = field(default=None, metadata={"label": "时间"})
    wait: UUID | None = field(default=None, metadata={"label": "候补哪个时段"})
    channel: str = field(default="page", metadata={"label": "怎么约的"})


@action("services.appointment.ask", "提出预约")
def ask(given: Ask, *, actor: Actor, at: datetime, key: UUID | None = None) -> Appointment:
    """Ask for a service; with a time it is booked at once, with a full one it waits in line for it, without one the office answers
    within a working day.

    Refuses Full, NotOpen, NotFull and LineFull (nothing is asked then), AlreadyThere where one is open."""
    service, firm = service_of(given.service), registry.enterprise(given.enterprise)
    if given.topic not in service.topics:
        raise BadInput({"topic": said("选一项最接近的。")})
    if given.channel not in CHANNELS:
        raise BadInput({"channel": said("没有这一项。")})
    office = f"{jurisdiction.name(district_place(firm.region))}{str.__str__(service.office)}"
    one = Appointment(
        number=number(service.letters, at), enterprise=firm, service=service.code, topic=given.topic, wants=given.wants,
        channel=given.channel, office=office, asked_by=actor.name[:80], **scope_of(firm),
    )  # fmt: skip
    one.facets = [f"service:{service.code}"]
    told = {"service": service.code, "topic": given.topic, "channel": given.channel}
    one = APPOINTMENTS.open(one, actor=actor, at=at, key=key, **told)
    if given.slot:
        return _hold(one.id, given.slot, given.channel, actor=actor, at=at)
    return _stand(one.id, given.wait, actor=actor, at=at) if given.wait else one


def places_for(region: int) -> tuple[int, ...]:
    """Give the places whose offices serve an enterprise: its own and those above it."""
    return tuple(jurisdiction.lineage(region))


def _hold(id: UUID, slot: UUID, channel: str, *, actor: Actor, at: datetime, key: UUID | None = None) -> Appointment:
    held = APPOINTMENTS.lock(id)
    if held.waits_for_id is not None:
        slots.wait_no_more(held.waits_for_id)
    taken = slots.take(slot, at=at, service=held.service, places=places_for(held.region))
    told = {"start": f"{local(taken.starts_at):%Y-%m-%d %H:%M}", "channel": channel}
    with APPOINTMENTS.move("book", id, actor=actor, at=at, key=key, **told) as fresh:
        _holds(fresh, taken, at)
    return fresh


def _holds(one: Appointment, taken: Slot, at: datetime) -> None:
    one.slot, one.starts_at, one.ends_at, one.held_at, one.office = taken, taken.starts_at, taken.ends_at, at, taken.office
    one.waits_for, one.waits_since = None, None


def _stand(id: UUID, slot: UUID, *, actor: Actor, at: datetime, key: UUID | None = None) -> Appointment:
    held = APPOINTMENTS.lock(id)
    if (again := APPOINTMENTS.delivered(key)) is not None:
        return again
    line = slots.wait(slot, after=at + FILL_BEFORE, service=held.service, places=places_for(held.region))
    with APPOINTMENTS.move("wait", id, actor=actor, at=at, key=key, start=f"{local(line.starts_at):%Y-%m-%d %H:%M}") as fresh:
        fresh.waits_for, fresh.waits_since = line, at
    return fresh


def _out_of_line(one: Appointment) -> None:
    if one.waits_for_id is not None:
        slots.wait_no_more(one.waits_for_id)
    one.waits_for, one.waits_since = None, None


@dataclass(frozen=True, kw_only=True)
class Wait:
    appointment: UUID
    line: UUID = field(metadata={"label": "候补哪个时段"})


@action("services.appointment.wait", "排候补")
def wait(given: Wait, *, actor: Actor, at: datetime, key: UUID | None = None) -> Appointment:
    """Stand in line for a full time: one line for each firm and service, as it has one open appointment. Refuses NotFull, LineFull,
    NotOpen (and one that begins within FILL_BEFORE)."""
    return _stand(given.appointment, given.line, actor=actor, at=at, key=key)


@dataclass(frozen=True, kw_only=True)
class Book:
    appointment: UUID
    slot: UUID = field(metadata={"label": "时间"})
    channel: str = field(default="page", metadata={"label": "怎么约的"})


@action("services.appointment.book", "约定时间")
def book(given: Book, *, actor: Actor, at: datetime, key: UUID | None = None) -> Appointment:
    """Take a time for what was asked. Refuses Full, NotOpen."""
    return _hold(given.appointment, given.slot, given.channel, actor=actor, at=at, key=key)


@dataclass(frozen=True, kw_only=True)
class Of:
    appointment: UUID


@action("services.appointment.unwait", "不候补了")
def unwait(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Appointment:
    """Leave the line; another time may be chosen."""
    with APPOINTMENTS.move("unwait", given.appointment, actor=actor, at=at, key=key) as one:
        _out_of_line(one)
    return one


@action("services.appointment.fill", "候补补上")
def fill(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Appointment:
    """Give a freed place to the first in line; the timer's. Where another was first, or none is free any more, it waits on.

    The appointment is locked before its time, as by everything else that touches both: two that free, or two that fill, come
    one after the other."""
    one = APPOINTMENTS.lock(given.appointment)
    require(actor, "services.remind", at=at, on=one)
    if one.state != "waiting" or first_in_line(one.waits_for_id) != one.id:
        return one
    taken = slots.fill(one.waits_for_id, after=at + FILL_BEFORE)
    if taken is None:
        return one
    with APPOINTMENTS.move("fill", one.id, actor=actor, at=at, key=key, start=f"{local(taken.starts_at):%Y-%m-%d %H:%M}") as fresh:
        _holds(fresh, taken, at)
    return fresh


@action("services.appointment.pass_by", "候补没补上")
def pass_by(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Appointment:
    """Let who waited in vain choose another time: theirs is closed or about to begin; the timer's."""
    one = APPOINTMENTS.lock(given.appointment)
    require(actor, "services.remind", at=at, on=one)
    if one.state != "waiting" or (one.waits_for.closed_at is None and one.waits_for.starts_at > at + FILL_BEFORE):
        return one
    with APPOINTMENTS.move("pass_by", one.id, actor=actor, at=at, key=key) as fresh:
        _out_of_line(fresh)
    return fresh


def first_in_line(slot: UUID | None) -> UUID | None:
    """Give who has waited longest for a time, within reach."""
    found = Appointment._base_manager.filter(waits_for=slot, state="waiting").order_by("waits_since", "id")
    return found.values_list("id", flat=True).first()


@action("services.appointment.accept", "受理预约")
def accept(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Appointment:
    """Say that the office does it; the enterprise chooses a time."""
    with APPOINTMENTS.move("accept", given.appointment, actor=actor, at=at, key=key) as one:
        one.server = actor.name[:80]
    return one


@dataclass(frozen=True, kw_only=True)
class Free:
    appointment: UUID
    slot: UUID | None = field(default=None, metadata={"label": "换到什么时间"})
    words: str = field(default="", metadata={"label": "说明", "most": 500})


@action("services.appointment.free", "改约")
def free(given: Free, *, actor: Actor, at: datetime, key: UUID | None = None) -> Appointment:
    """Move to another time, both or neither; without a new one the time is given back and one is chosen later."""
    was = APPOINTMENTS.lock(given.appointment)
    start = f"{local(was.starts_at):%Y-%m-%d %H:%M}" if was.starts_at else ""
    with APPOINTMENTS.move("free", given.appointment, actor=actor, at=at, key=key, start=start) as one:
        _give_back(one, given.words)
    return _hold(one.id, given.slot, one.channel, actor=actor, at=at) if given.slot else one


def _give_back(one: Appointment, words: str) -> None:
    if one.slot_id is not None:
        slots.give_back(one.slot_id)
    one.slot, one.starts_at, one.ends_at, one.held_at, one.words = None, None, None, None, words


@dataclass(frozen=True, kw_only=True)
class Reason:
    appointment: UUID
    words: str = field(metadata={"label": "原因", "most": 500})


@action("services.appointment.decline", "不受理预约")
def decline(given: Reason, *, actor: Actor, at: datetime, key: UUID | None = None) -> Appointment:
    """Say no with the reason, and where to turn."""
    with APPOINTMENTS.move("decline", given.appointment, actor=actor, at=at, key=key) as one:
        one.words, one.server = given.words, actor.name[:80]
        _out_of_line(one)
    return one


@dataclass(frozen=True, kw_only=True)
class Cancel:
    appointment: UUID
    words: str = field(default="", metadata={"label": "原因", "most": 500})


@action("services.appointment.cancel", "取消预约")
def cancel(given: Cancel, *, actor: Actor, at: datetime, key: UUID | None = None) -> Appointment:
    """Call it off before it begins; the time is free for others at once."""
    with APPOINTMENTS.move("cancel", given.appointment, actor=actor, at=at, key=key) as one:
        if one.slot_id is not None:
            slots.give_back(one.slot_id)
        one.words = given.words
        _out_of_line(one)
    return one


# ------------------------------------------------------------------------------------------------ what came of it


@dataclass(frozen=True, kw_only=True)
class Serve:
    appointment: UUID
    outcome: str = field(metadata={"label": "结果"})
    words: str = field(default="", metadata={"label": "说了什么", "most": 500})


@action("services.appointment.serve", "登记预约结果")
def serve(given: Serve, *, actor: Actor, at: datetime, key: UUID | None = None) -> Appointment:
    """Write down what came of the visit. Refuses NotYetThere."""
    held = APPOINTMENTS.lock(given.appointment)
    if given.outcome not in service_of(held.service).outcomes:
        raise BadInput({"outcome": said("选一项结果。")})
    with APPOINTMENTS.move("serve", given.appointment, actor=actor, at=at, key=key, outcome=given.outcome) as one:
        one.outcome, one.words, one.server = given.outcome, given.words, actor.name[:80]
    return one


@dataclass(frozen=True, kw_only=True)
class Miss:
    appointment: UUID
    why: Literal["absent", "office"] = field(metadata={"label": "为什么"})
    words: str = field(default="", metadata={"label": "说明", "most": 500})


@action("services.appointment.miss", "登记没约成")
def miss(given: Miss, *, actor: Actor, at: datetime, key: UUID | None = None) -> Appointment:
    """Write down that nobody met, and on whose side it was. Refuses NotYetThere."""
    with APPOINTMENTS.move("miss", given.appointment, actor=actor, at=at, key=key, why=given.why) as one:
        one.outcome, one.words, one.server = given.why, given.words, actor.name[:80]
    return one


@action("services.appointment.again", "再约一次")
def again(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Appointment:
    """Open what was missed for another time."""
    with APPOINTMENTS.move("again", given.appointment, actor=actor, at=at, key=key) as one:
        one.slot, one.starts_at, one.ends_at, one.held_at, one.outcome = None, None, None, None, ""
    return one


def serves(actor: Actor, at: datetime) -> list[tuple[Service, int]]:
    """Give what an actor serves, and at which place: its own hats, the widest first."""
    found = {
        (service.code, hat.place): service
        for service in catalogue().services.values()
        for hat in actor.hats
        if service.right in hat.rights and hat.place is not None and hat.valid(at)
    }
    return sorted(((service, place) for (_, place), service in found.items()), key=lambda one: len(jurisdiction.lineage(one[1])))
