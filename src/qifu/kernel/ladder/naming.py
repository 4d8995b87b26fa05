"""Offices say who is told on which rung, and who covers while they are away; always a living grant, never a bare name."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from qifu.kernel import jurisdiction
from qifu.kernel.access import ActionRefused, Actor, NotFound, require
from qifu.kernel.access.models import Department, Grant, TaskForce, everything
from qifu.kernel.actions import BadInput, action
from qifu.kernel.calendar.clock import local
from qifu.kernel.journal.writing import record
from qifu.kernel.language import said

from .models import Named
from .terms import FORCE, KEEP, NAMED, ladder


class NotAnOfficer(ActionRefused):
    """Who is named holds no office there now."""

    says = "这个人现在不在岗，或不在您的范围内，没有改动。"
    fix = "从名单里另选一个人。"


class Candidate(NamedTuple):
    """Somebody who may be named: id, name, and what they are."""

    id: UUID
    name: str
    unit: str
    title: str


def candidates(place: int, *, at: datetime) -> list[Candidate]:
    """Give the officers in office at a place and above it, within the reach of whoever asks; by unit and name."""
    found: dict[UUID, Candidate] = {}
    rows = in_office(at).filter(place__in=jurisdiction.lineage(place), for_party__isnull=True).select_related("person", "department")
    for grant in rows:
        unit = grant.department.name if grant.department else jurisdiction.name(grant.place)
        found.setdefault(grant.person_id, Candidate(grant.person_id, grant.person.name, unit, grant.person.title))
    return sorted(found.values(), key=lambda one: (one.unit, one.name, str(one.id)))


def in_office(at: datetime):  # type: ignore[no-untyped-def]
    """Give the grants in force of people who may enter."""
    found = everything(Grant).filter(revoked_at__isnull=True, since__lte=at, person__closed_at__isnull=True)
    return found.filter(Q(until__isnull=True) | Q(until__gt=at))


def place_of(office: str, region: int) -> int:
    """Give the place that an office sits in: a department's, a town's own; the region itself where the code says none."""
    if office.startswith("place:"):
        return int(office.removeprefix("place:"))
    if office.startswith(FORCE):
        seat = everything(TaskForce).filter(pk=office.removeprefix(FORCE)).values_list("place", flat=True).first()
        return seat if seat is not None else region
    if office:
        seat = Department.objects.filter(code=office).values_list("place", flat=True).first()
        return seat if seat is not None else region
    return region


def unit_of(region: int, name: str = "") -> str:
    """Give the code of the department of a region's district whose name ends so (消防救援大队); else of the district itself."""
    line = jurisdiction.lineage(region)
    above = next((place for place in line if jurisdiction.place(place).kind == "district"), None)
    if above is None:
        return ""
    found = Department.objects.filter(place=above, name__endswith=name).order_by("name") if name else Department.objects.none()
    return found.values_list("code", flat=True).first() or f"place:{above}"


@dataclass(frozen=True, kw_only=True)
class Name:
    """Who is told on a rung. `office` is a department's code; '' for all offices of the place."""

    place: int
    rung: int = field(metadata={"label": "哪一级"})
    person: UUID = field(metadata={"label": "催到谁"})
    office: str = field(default="", metadata={"label": "哪个单位"})


@action("ladder.name", "指定催到谁")
def name(given: Name, *, actor: Actor, at: datetime, key: UUID | None = None) -> Named:
    """Name the person of a rung for an office or a place; who was named before is ended.

    Refuses NotFound, NotAnOfficer, BadInput."""
    require(actor, KEEP, at=at)
    try:
        district = jurisdiction.district_of(given.place)
    except jurisdiction.UnknownPlace:
        raise NotFound() from None
    require(actor, KEEP, at=at, on=Named(region=given.place, district=district))
    if not 1 <= given.rung <= len(ladder().rungs):
        raise BadInput({"rung": said("没有这一级。")})
    unit = Department.objects.filter(code=given.office, place=given.place).first() if given.office else None
    if given.office and unit is None:
        raise NotFound("没有这个单位，没有改动。")
    who = _candidate(given.person, given.place, at=at)
    made = Named(
        office=given.office, office_name=unit.name if unit else jurisdiction.name(given.place), rung=given.rung, person=who.id,
        person_name=who.name[:60], named_at=at, named_by=actor.id, region=given.place, district=district,
    )  # fmt: skip
    hat = require(actor, KEEP, at=at, on=made)
    for before in Named.objects.select_for_update().filter(region=given.place, office=given.office, rung=given.rung, ended_at__isnull=True):
        if before.person == who.id:
            return before
        before.ended_at = at
        before.save(update_fields=["ended_at"])
        record(NAMED, before, verb="end", actor=actor, hat=hat, at=at, left="named", entered="ended", rung=before.rung)
    made.save(force_insert=True)
    record(NAMED, made, verb="name", actor=actor, hat=hat, at=at, entered="named", first=True, rung=made.rung)
    return made


@dataclass(frozen=True, kw_only=True)
class Away:
    """Days away, both included, and who is told instead."""

    named: UUID
    cover: UUID = field(metadata={"label": "谁代"})
    away_from: date = field(metadata={"label": "从哪天"})
    away_until: date = field(metadata={"label": "到哪天"})


@action("ladder.away", "外出由别人代")
def away(given: Away, *, actor: Actor, at: datetime, key: UUID | None = None) -> Named:
    """Say who is told while somebody is away; it ends by itself. Refuses BadInput, NotAnOfficer."""
    row = _locked(given.named)
    hat = require(actor, KEEP, at=at, on=row)
    if given.away_until < given.away_from:
        raise BadInput({"away_until": said("结束日期在开始日期之前。")})
    if given.away_until < local(at).date():
        raise BadInput({"away_until": said("这几天已经过去了。")})
    who = _candidate(given.cover, row.region, at=at)
    if who.id == row.person:
        raise BadInput({"cover": said("代的人要另选一个。")})
    row.cover, row.cover_name, row.away_from, row.away_until = who.id, who.name[:60], given.away_from, given.away_until
    row.save(update_fields=["cover", "cover_name", "away_from", "away_until"])
    record(NAMED, row, verb="away", actor=actor, hat=hat, at=at, days=(given.away_until - given.away_from).days + 1)
    return row


@dataclass(frozen=True, kw_only=True)
class Of:
    named: UUID


@action("ladder.back", "提前回来了")
def back(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Named:
    """End the cover: who is named is told again."""
    row = _locked(given.named)
    hat = require(actor, KEEP, at=at, on=row)
    row.cover, row.cover_name, row.away_from, row.away_until = None, "", None, None
    row.save(update_fields=["cover", "cover_name", "away_from", "away_until"])
    record(NAMED, row, verb="back", actor=actor, hat=hat, at=at)
    return row


@action("ladder.end", "不再催到这个人")
def end(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Named:
    """Take a name off its rung: until another is named, what is late there stands on the list of nobody."""
    row = _locked(given.named)
    hat = require(actor, KEEP, at=at, on=row)
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    record(NAMED, row, verb="end", actor=actor, hat=hat, at=at, left="named", entered="ended", rung=row.rung)
    return row


def _locked(id: UUID) -> Named:
    found: Named | None = Named.objects.select_for_update().filter(pk=id, ended_at__isnull=True).first()
    if found is None:
        raise NotFound("没有找到，可能已经换了人。", fix="刷新看看现在是谁。")
    return found


def _candidate(id: UUID, place: int, *, at: datetime) -> Candidate:
    found = next((one for one in candidates(place, at=at) if one.id == id), None)
    if found is None:
        raise NotAnOfficer()
    return found


__all__ = ["Away", "Candidate", "Name", "NotAnOfficer", "Of", "away", "back", "candidates", "end", "in_office", "name", "place_of"]
