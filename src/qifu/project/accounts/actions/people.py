"""People and their hats: listing them, giving and taking back a role, closing the door to somebody, looking at a number."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from qifu.areas.registry import people as known_people
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotFound, SamePerson, require, require_strong
from qifu.kernel.access.models import Department, Grant, Person, Role, TaskForce, everything
from qifu.kernel.access.terms import UNIT_MOST
from qifu.kernel.actions import BadInput, action
from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.journal.writing import look, record, record_many
from qifu.kernel.language import said as _
from qifu.kernel.privacy import Secret
from qifu.kernel.privacy.sealing import blind
from qifu.kernel.values import uuid7

from .. import giving
from ..numbers import mobile, phone_of, sealed
from ..refusals import AlreadyRevoked, HasItAlready, NumberTaken

PROCESS = "access.grant"
PERSON = "access.person"


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One line of an office's directory (通讯录): who, which unit, which role for which place."""

    name: str = field(metadata={"label": "姓名", "most": 60})
    phone: str = field(repr=False, metadata={"label": "手机"})
    unit: str = field(metadata={"label": "单位", "most": UNIT_MOST})
    place: int = field(metadata={"label": "地区"})
    role: str = field(metadata={"label": "角色"})
    title: str = field(default="", metadata={"label": "职务", "most": 60})


@dataclass(frozen=True, kw_only=True)
class Enlist:
    """A directory, whole or not at all."""

    people: tuple[Listed, ...]
    reason: str = field(default="", metadata={"label": "事由", "most": 200})


@dataclass(frozen=True)
class Enlisted:
    """What became of a directory: persons made, persons known before, hats given. Who: by line, the person's id."""

    made: int
    known: int
    hats: int
    who: tuple[UUID, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Give:
    """A role for a person: for which place, on behalf of which unit or task force, why, and the last day it counts."""

    person: UUID
    role: str = field(metadata={"label": "角色"})
    place: int = field(metadata={"label": "地区"})
    reason: str = field(metadata={"label": "事由", "most": 200})
    purpose: str = field(default="", metadata={"label": "用途", "most": 120})
    until: date | None = field(default=None, metadata={"label": "截止日期"})
    department: UUID | None = field(default=None, metadata={"label": "单位"})
    task_force: UUID | None = field(default=None, metadata={"label": "专班"})
    lead: bool = field(default=False, metadata={"label": "负责人"})


@dataclass(frozen=True, kw_only=True)
class Revoke:
    """Take a role back, with the reason."""

    grant: UUID
    reason: str = field(metadata={"label": "事由", "most": 200})


@dataclass(frozen=True, kw_only=True)
class OnPerson:
    """A person, and the reason for what is done."""

    person: UUID
    reason: str = field(metadata={"label": "事由", "most": 200})


@dataclass(frozen=True, kw_only=True)
class ChangePhone:
    """A person's new number, and the reason."""

    person: UUID
    phone: str = field(repr=False, metadata={"label": "新手机号"})
    reason: str = field(metadata={"label": "事由", "most": 200})


@action("access.give", "授予角色")
def give(given: Give, *, actor: Actor, at: datetime, key: UUID | None = None) -> Grant:
    """Give a person a role for a place, from now on until the end of the day that is named (a secondment).

    Refuses SamePerson to oneself, NotForYouToGive, DutiesApart, HasItAlready; needs a proved second factor."""
    reason = _said(given.reason)
    if not (person := everything(Person).filter(pk=given.person).first()):
        raise NotFound()
    role = giving.of_offices().get(given.role)
    if role is None:
        raise BadInput({"role": "没有这个角色，从单子里选一个。"})
    until = _end_of(given.until, at=at)
    department = _one(Department, given.department, "department")
    task_force = _one(TaskForce, given.task_force, "task_force")
    grant = Grant(
        person=person, role=role, place=given.place, department=department, task_force=task_force, purpose=given.purpose,
        lead=given.lead, since=at, until=until, given_by=actor.id, reason=reason,
        region=given.place, district=_district(given.place),
    )  # fmt: skip
    hat = giving.hat_to_give(actor, on=grant, at=at)
    require_strong(actor)
    giving.check(role, to=person, actor=actor, hat=hat, at=at)
    same = everything(Grant).filter(person=person, role=role, place=given.place, task_force=task_force, revoked_at__isnull=True)
    if any(one.until is None or one.until > at for one in same):
        raise HasItAlready()
    grant.save(force_insert=True)
    record(
        PROCESS, grant, verb="give", entered="given", first=True, actor=actor, hat=hat, at=at, about=person.id,
        person=str(person.id), role=role.code, until=until.isoformat() if until else None,
    )  # fmt: skip
    return grant


@action("access.revoke", "收回角色")
def revoke(given: Revoke, *, actor: Actor, at: datetime, key: UUID | None = None) -> Grant:
    """Take a role back: it is gone at the person's next request. Refuses AlreadyRevoked; needs a proved second factor."""
    reason = _said(given.reason)
    grant: Grant | None = everything(Grant).select_for_update(of=("self",)).select_related("role").filter(pk=given.grant).first()
    if grant is None:
        raise NotFound()
    hat = giving.hat_to_give(actor, on=grant, at=at)
    require_strong(actor)
    if grant.revoked_at:
        raise AlreadyRevoked()
    grant.revoked_at, grant.revoked_by, grant.revoked_reason = at, actor.id, reason
    grant.save(update_fields=["revoked_at", "revoked_by", "revoked_reason"])
    record(
        PROCESS, grant, verb="revoke", left="given", entered="revoked", actor=actor, hat=hat, at=at, about=grant.person_id,
        person=str(grant.person_id), role=grant.role_id,
    )  # fmt: skip
    return grant


@action("access.bar", "停用")
def bar(given: OnPerson, *, actor: Actor, at: datetime, key: UUID | None = None) -> Person:
    """Close the door to a person: open sessions end at their next request. Nobody bars oneself (SamePerson)."""
    return _mark(given, verb="bar", actor=actor, at=at, closed_at=at)


@action("access.unbar", "恢复")
def unbar(given: OnPerson, *, actor: Actor, at: datetime, key: UUID | None = None) -> Person:
    """Open the door to a person again, with the hats that are still in force."""
    return _mark(given, verb="unbar", actor=actor, at=at, closed_at=None)


@action("access.reset_factor", "作废动态口令")
def reset_factor(given: OnPerson, *, actor: Actor, at: datetime, key: UUID | None = None) -> Person:
    """Let the person's authenticator count no more (a lost phone); they add a new one after their next entering."""
    return _mark(given, verb="reset_factor", actor=actor, at=at, factor_reset_at=at)


@action("access.sign_out", "全部退出")
def sign_out(given: OnPerson, *, actor: Actor, at: datetime, key: UUID | None = None) -> Person:
    """End every session of a person at their next request (a lost phone, a link gone astray); they may enter anew."""
    return _mark(given, verb="sign_out", actor=actor, at=at, out_since=at)


@action("access.change_phone", "换手机号")
def change_phone(given: ChangePhone, *, actor: Actor, at: datetime, key: UUID | None = None) -> Person:
    """Give a person another number: the old one opens nothing from now on, and open sessions end.

    The authenticator stays, it is not bound to the number. Refuses NumberTaken where somebody within reach has it."""
    number = mobile(given.phone)
    index = blind("phone", number)
    if everything(Person).filter(phone_index=index, party__isnull=True, closed_at__isnull=True).exclude(pk=given.person).exists():
        raise NumberTaken()
    person = _mark(OnPerson(person=given.person, reason=given.reason), verb="change_phone", actor=actor, at=at, out_since=at)
    person.phone_index, person.phone_sealed = index, sealed(number, person=person)
    person.save(update_fields=["phone_index", "phone_sealed"])
    return person


@action("access.look_phone", "查看号码")
def look_phone(given: OnPerson, *, actor: Actor, at: datetime, key: UUID | None = None) -> Secret:
    """Give a person's whole number; the look and its purpose are on the record."""
    purpose = _said(given.reason)
    person = everything(Person).filter(pk=given.person).first()
    if person is None:
        raise NotFound()
    hat = require(actor, "access.see", at=at, on=person)
    look(person, fields=["phone"], purpose=purpose, actor=actor, hat=hat, at=at)
    return phone_of(person)


@action("access.enlist", "录入通讯录")
def enlist(given: Enlist, *, actor: Actor, at: datetime, key: UUID | None = None) -> Enlisted:
    """Enter a directory: persons by their number (who is known stays one person), units, and a role for each.

    Whole or not at all: BadInput names the lines. Every line needs the right over its place; set-based."""
    require_strong(actor)
    roles = giving.of_offices()
    errors: dict[str, str] = {}
    phones: list[str] = []
    for number, line in enumerate(given.people, start=1):
        try:
            phones.append(mobile(line.phone))
        except BadInput as problem:
            errors[_("第{number}行", number=number)] = problem.says
        if line.role not in roles:
            errors[_("第{number}行", number=number)] = _("没有“{role}”这个角色。", role=line.role)
        if not line.name:
            errors[_("第{number}行", number=number)] = "还没有填姓名。"
    if errors:
        raise BadInput(errors)
    return _enter(given, phones=phones, roles=roles, actor=actor, at=at)


def _enter(given: Enlist, *, phones: Sequence[str], roles: dict[str, Role], actor: Actor, at: datetime) -> Enlisted:
    indexes = [blind("phone", phone) for phone in phones]
    before = known_people.known([(index, line.name) for index, line in zip(indexes, given.people, strict=True)])
    ids: dict[str, UUID] = {index: one.id for index, one in before.items() if one.same}
    made: list[Person] = []
    for index, phone, line in zip(indexes, phones, given.people, strict=True):
        if index in ids:
            continue
        person = Person(id=uuid7(), name=line.name, title=line.title, phone_index=index, region=line.place, district=_district(line.place))
        person.phone_sealed = sealed(phone, person=person)
        giving.hat_to_give(actor, on=person, at=at)
        ids[index] = person.id
        made.append(person)
    everything(Person).bulk_create(made)
    units = _units({(line.unit, line.place) for line in given.people if line.unit})
    held = set(
        everything(Grant)
        .filter(person__in=ids.values(), revoked_at__isnull=True, until__isnull=True)
        .values_list("person_id", "role_id", "place")
    )
    persons = {person.id: person for person in everything(Person).filter(pk__in=ids.values())}
    grants: list[Grant] = []
    entries: list[dict[str, Any]] = []
    hat = None
    for index, line in zip(indexes, given.people, strict=True):
        if (ids[index], line.role, line.place) in held:
            continue
        held.add((ids[index], line.role, line.place))
        grant = Grant(
            id=uuid7(), person_id=ids[index], role=roles[line.role], place=line.place, department=units.get((line.unit, line.place)),
            since=at, given_by=actor.id, reason=given.reason, region=line.place, district=_district(line.place),
        )  # fmt: skip
        hat = giving.hat_to_give(actor, on=grant, at=at)
        if to := persons.get(ids[index]):
            giving.check(roles[line.role], to=to, actor=actor, hat=hat, at=at)
        grants.append(grant)
        entries.append(
            {
                "subject": grant.id,
                "about": ids[index],
                "verb": "give",
                "left": "",
                "entered": "given",
                "first": True,
                "at": at,
                "district": grant.district,
                "region": grant.region,
                "party": None,
                "compartment": "",
                "facets": (),
                "data": {"person": str(ids[index]), "role": line.role, "until": None},
            }
        )
    everything(Grant).bulk_create(grants)
    if hat is not None:
        record_many(entries, process=PROCESS, actor=actor, hat=hat, batch=uuid7())
    return Enlisted(len(made), len(set(ids.values())) - len(made), len(grants), tuple(ids[index] for index in indexes))


def _units(wanted: set[tuple[str, int]]) -> dict[tuple[str, int], Department]:
    codes = {(name, place): f"{place}:{name}" for name, place in wanted}
    rows = [Department(code=codes[pair], name=pair[0], place=pair[1]) for pair in sorted(wanted)]
    everything(Department).bulk_create(rows, ignore_conflicts=True)
    found = {unit.code: unit for unit in everything(Department).filter(code__in=codes.values())}
    return {pair: found[code] for pair, code in codes.items()}


def _mark(given: OnPerson, *, verb: str, actor: Actor, at: datetime, **marks: datetime | None) -> Person:
    reason = _said(given.reason)
    person: Person | None = everything(Person).select_for_update().filter(pk=given.person).first()
    if person is None:
        raise NotFound()
    hat = giving.hat_to_give(actor, on=person, at=at)
    require_strong(actor)
    if actor.person == person.id:
        raise SamePerson()
    everything(Person).filter(pk=person.pk).update(door_note=reason, **marks)
    record(PERSON, person, verb=verb, entered=verb, actor=actor, hat=hat, at=at)
    person.refresh_from_db()
    return person


def _said(reason: str) -> str:
    if not reason.strip():
        raise BadInput({"reason": "写一句事由，方便以后查。"})
    return reason.strip()


def _end_of(day: date | None, *, at: datetime) -> datetime | None:
    if day is None:
        return None
    end = datetime.combine(day + timedelta(days=1), time(), tzinfo=ZONE)
    if end <= at:
        raise BadInput({"until": "截止日期已经过了，选今天或以后的一天。"})
    return end


def _one(model: Any, id: UUID | None, name: str) -> Any:
    if id is None:
        return None
    found = everything(model).filter(pk=id).first()
    if found is None:
        raise BadInput({name: "没有找到，从单子里选一个。"})
    return found


def _district(place: int) -> int:
    try:
        return jurisdiction.district_of(place)
    except LookupError:
        raise BadInput({"place": "没有这个地区，从单子里选一个。"}) from None
