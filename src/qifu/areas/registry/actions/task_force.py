"""Task forces (专班): formed, joined by borrowed people, left, ended. Rights follow membership and lapse with it (1.12)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from qifu.areas.registry import asking, ledger, people
from qifu.areas.registry.places import region_of
from qifu.areas.registry.terms import TASK_FORCE, NothingChanged, WrongOrder, WrongPhone
from qifu.kernel import jurisdiction
from qifu.kernel.access import ActionRefused, Actor, Hat, NotFound, NotYours, require
from qifu.kernel.access.models import Department, Grant, Person, Role, TaskForce
from qifu.kernel.access.terms import UNIT_MOST
from qifu.kernel.actions import action
from qifu.kernel.language import said as _
from qifu.kernel.privacy.sealing import blind
from qifu.kernel.values import Problem, check_phone, uuid7

RIGHT = "registry.task_force"


@dataclass(frozen=True, kw_only=True)
class Member:
    """Who joins: a known person, or name and phone of one borrowed from another office (`unit`)."""

    person: UUID | None = field(default=None, metadata={"label": "人员"})
    name: str = field(default="", metadata={"label": "姓名", "most": 60})
    phone: str = field(default="", metadata={"label": "手机号码"})
    unit: str = field(default="", metadata={"label": "单位", "most": UNIT_MOST})
    role: str = field(default="assessor", metadata={"label": "角色"})
    lead: bool = field(default=False, metadata={"label": "组长"})


@dataclass(frozen=True, kw_only=True)
class FormTaskForce:
    """A task force for a place, perhaps inside another one, from now until it ends."""

    name: str = field(metadata={"label": "专班名称", "most": 60})
    kind: str = field(default="assessment", metadata={"label": "类别"})
    place: str = field(default="", metadata={"label": "地区"})
    region: int | None = field(default=None, metadata={"label": "地区"})
    parent: UUID | None = field(default=None, metadata={"label": "上级专班"})
    purpose: str = field(default="", metadata={"label": "职责", "most": 120})
    until: datetime | None = field(default=None, metadata={"label": "结束时间"})
    members: tuple[Member, ...] = field(default=(), metadata={"label": "成员"})


@dataclass(frozen=True, kw_only=True)
class AddMember:
    """One more member."""

    task_force: UUID = field(metadata={"label": "专班"})
    member: Member = field(metadata={"label": "成员"})


@dataclass(frozen=True, kw_only=True)
class RemoveMember:
    """A member who goes back to the own office."""

    grant: UUID = field(metadata={"label": "成员"})


@dataclass(frozen=True, kw_only=True)
class EndTaskForce:
    """A task force whose work is done."""

    task_force: UUID = field(metadata={"label": "专班"})


@action("registry.form_task_force", "组建专班")
def form_task_force(given: FormTaskForce, *, actor: Actor, at: datetime, key: UUID | None = None) -> TaskForce:
    """Form a task force with its members. Refuses NotYours outside the reach, WrongOrder, a kind that is no word, a parent
    that has ended, and a role that may do more than the one who gives it may hand on."""
    if not given.kind.replace("_", "").isalnum() or len(given.kind) > 24:
        raise ActionRefused("没有这一类专班，没有保存。", fix="从列表里选一类。")
    if given.until is not None and given.until <= at:
        raise WrongOrder()
    region = region_of(region=given.region, place=given.place, actor=actor)
    force = TaskForce(
        id=uuid7(), name=given.name, kind=given.kind, place=region, purpose=given.purpose, since=at, until=given.until,
        region=region, district=jurisdiction.district_of(region), parent=_parent(given.parent, at=at),
    )  # fmt: skip
    hat = require(actor, RIGHT, at=at, on=force)
    force.save(force_insert=True)
    line = ledger.line(force, verb="form", at=at, entered="formed", first=True, facets=_facets(force))
    ledger.write(TASK_FORCE, line, actor=actor, hat=hat, batch=key)
    for member in given.members:
        _join(force, member, actor=actor, at=at, key=key)
    return force


@action("registry.add_member", "增加专班成员")
def add_member(given: AddMember, *, actor: Actor, at: datetime, key: UUID | None = None) -> Grant:
    """Let somebody join; the rights begin now and end with the membership. Refuses NothingChanged for a member."""
    force = _running(given.task_force, at=at)
    require(actor, RIGHT, at=at, on=force)
    return _join(force, given.member, actor=actor, at=at, key=key)


@action("registry.remove_member", "退出专班")
def remove_member(given: RemoveMember, *, actor: Actor, at: datetime, key: UUID | None = None) -> Grant:
    """End a membership: the rights lapse at once. Refuses NothingChanged, NotFound, NotYours."""
    grant = asking.locked(Grant, given.grant)
    if grant.task_force_id is None:
        raise NotFound()
    force = TaskForce.objects.get(pk=grant.task_force_id)
    hat = require(actor, RIGHT, at=at, on=force)
    if grant.revoked_at is not None:
        raise NothingChanged("已经退出了，没有改动。", fix="刷新看看现在的成员。")
    grant.revoked_at = at
    grant.save(update_fields=["revoked_at"])
    line = ledger.line(force, verb="leave", at=at, facets=_facets(force), data={"person": str(grant.person_id)})
    ledger.write(TASK_FORCE, line, actor=actor, hat=hat, batch=key)
    return grant


def lend(force: UUID, *, person: UUID, role: str, until: datetime, actor: Actor, hat: Hat, at: datetime) -> Grant:
    """Let somebody who is lent join until a day is over: part of the act that lends them, by the hat that carries it.

    Refuses NotYours outside the hat's reach, a role that no task force gives, NothingChanged for a member."""
    held = _running(force, at=at)
    if not hat.scope.holds(held):
        raise NotYours("这个专班不归您管，没有加人。", fix="请那边的负责人加。")
    grant = _enter(held, Member(person=person, role=role), actor=actor, hat=hat, at=at, key=None)
    grant.until = until
    grant.save(update_fields=["until"])
    return grant


def give_back(grant: UUID, *, actor: Actor, hat: Hat, at: datetime) -> None:
    """End a membership that came with being lent, if it still runs."""
    row = asking.locked(Grant, grant)
    if row.task_force_id is None or row.revoked_at is not None or (row.until is not None and row.until <= at):
        return
    force = TaskForce.objects.get(pk=row.task_force_id)
    row.revoked_at = at
    row.save(update_fields=["revoked_at"])
    line = ledger.line(force, verb="leave", at=at, facets=_facets(force), data={"person": str(row.person_id)})
    ledger.write(TASK_FORCE, line, actor=actor, hat=hat)


@action("registry.end_task_force", "撤销专班")
def end_task_force(given: EndTaskForce, *, actor: Actor, at: datetime, key: UUID | None = None) -> TaskForce:
    """End a task force and all inside it; every right that came from them lapses at this instant."""
    force = _running(given.task_force, at=at)
    todo, seen = [force], {force.id}
    while todo:
        one = todo.pop()
        hat = require(actor, RIGHT, at=at, on=one)
        one.until = max(at, one.since + timedelta(microseconds=1))  # formed and ended at one instant of a still clock
        one.save(update_fields=["until"])
        line = ledger.line(one, verb="end", at=at, left="formed", entered="ended", first=True, facets=_facets(one))
        ledger.write(TASK_FORCE, line, actor=actor, hat=hat, batch=key)
        for child in TaskForce.objects.filter(parent=one).exclude(until__lte=at).select_for_update():
            if child.id not in seen:
                seen.add(child.id)
                todo.append(child)
    force.refresh_from_db()
    return force


def _facets(force: TaskForce) -> list[str]:
    return [f"kind:{force.kind}"]


def _running(id: UUID, *, at: datetime) -> TaskForce:
    force = asking.locked(TaskForce, id)
    if force.until is not None and force.until <= at:
        raise NothingChanged("这个专班已经结束，没有改动。", fix="刷新看看现在的专班。")
    return force


def _parent(id: UUID | None, *, at: datetime) -> TaskForce | None:
    return None if id is None else _running(id, at=at)


def _join(force: TaskForce, member: Member, *, actor: Actor, at: datetime, key: UUID | None) -> Grant:
    return _enter(force, member, actor=actor, hat=require(actor, RIGHT, at=at, on=force), at=at, key=key)


def _enter(force: TaskForce, member: Member, *, actor: Actor, hat: Hat, at: datetime, key: UUID | None) -> Grant:
    role = Role.objects.filter(code=member.role).first()
    if role is None or RIGHT in role.rights or any(right.startswith(("access.", "journal.")) for right in role.rights):
        raise NotYours("这个角色不能随专班授予，没有加人。", fix="选“评估组员”这类办事的角色。", right=RIGHT)
    person = _person(member, force)
    if Grant.objects.filter(task_force=force, person_id=person, role=role, revoked_at__isnull=True).exists():
        raise NothingChanged("他已经是这个专班的成员，没有再加一次。")
    grant = Grant.objects.create(
        person_id=person, role=role, place=force.place, department=_unit(member.unit, force), purpose=force.name, task_force=force,
        lead=member.lead, since=at, given_by=actor.id[:64], region=force.region, district=force.district,
    )  # fmt: skip
    line = ledger.line(force, verb="join", at=at, facets=_facets(force), data={"person": str(person), "role": role.code})
    ledger.write(TASK_FORCE, line, actor=actor, hat=hat, batch=key)
    return grant


def _person(member: Member, force: TaskForce) -> UUID:
    if member.person is not None:
        if not Person.objects.filter(pk=member.person).exists():
            raise NotFound("没有找到这个人，或不在您的范围内。")
        return member.person
    if not member.name:
        raise ActionRefused("还没有填成员姓名，没有加人。", fix="填姓名和手机号码。")
    number = check_phone(member.phone)
    if isinstance(number, Problem):
        raise WrongPhone(_("{name}：{says}没有保存。", name=member.name, says=number.says))
    index = blind("phone", number)
    known = people.known([(index, member.name)]).get(index)
    if known is not None:
        if not known.same:
            raise WrongPhone("这个手机号码已经登记在另一个人名下，没有保存。", fix="核对姓名和号码。")
        return known.id
    values: tuple[Any, ...] = people.person_values(
        name=member.name, phone=number, title=member.unit, region=force.region, party=None, district=force.district
    )
    people.add([values])
    return values[0]


def _unit(name: str, force: TaskForce) -> Department | None:
    """Give the department a member is borrowed from, by code or name; made where the district has none of this name."""
    if not name:
        return None
    return unit_named(name, region=force.region, district=force.district)


def unit_named(name: str, *, region: int, district: int) -> Department:
    """Give a department of a district by name, which is no longer than UNIT_MOST; made where there is none."""
    return Department.objects.get_or_create(code=f"{district}:{name}", defaults={"name": name, "place": region})[0]
