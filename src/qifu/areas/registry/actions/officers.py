"""Officers as an office lists them: persons, their departments, and one grant each (the 522 of a district)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from qifu.areas.registry import asking, ledger, people
from qifu.areas.registry.actions.task_force import unit_named
from qifu.areas.registry.places import region_of
from qifu.areas.registry.terms import OFFICER, WrongPhone
from qifu.kernel import jurisdiction
from qifu.kernel.access import ActionRefused, Actor, Hat, NotYours
from qifu.kernel.access.models import Grant, Role
from qifu.kernel.access.terms import UNIT_MOST
from qifu.kernel.actions import action
from qifu.kernel.language import said as _
from qifu.kernel.privacy.sealing import blind
from qifu.kernel.schema import bulk
from qifu.kernel.values import Problem, check_phone, uuid7

RIGHTS = ("access.grant", "access.grant.own")


@dataclass(frozen=True, kw_only=True)
class OfficerRow:
    """One officer: who, where, in which office, in which role (by code or label)."""

    name: str = field(default="", metadata={"label": "姓名", "most": 60})
    phone: str = field(default="", metadata={"label": "手机号码"})
    role: str = field(default="liaison", metadata={"label": "角色", "most": 60})
    unit: str = field(default="", metadata={"label": "单位", "most": UNIT_MOST})
    title: str = field(default="", metadata={"label": "职务", "most": 60})
    place: str = field(default="", metadata={"label": "地区"})
    region: int | None = field(default=None, metadata={"label": "地区"})


@dataclass(frozen=True, kw_only=True)
class AddOfficers:
    """Officers in the order of a list."""

    rows: tuple[OfficerRow, ...] = field(metadata={"label": "干部"})


@dataclass(frozen=True)
class Appointed:
    """What became of the rows: person per row, how many grants were new, and refusals by row."""

    created: int = 0
    unchanged: int = 0
    ids: tuple[UUID | None, ...] = ()
    refused: dict[int, str] = field(default_factory=dict)


@action("registry.add_officers_many", "登记一份干部名单")
def add_officers_many(given: AddOfficers, *, actor: Actor, at: datetime, key: UUID | None = None) -> Appointed:
    """Make persons and grants of a list, set-based; a person known by the phone gets one more hat. Refused rows leave no
    trace. Who grants must reach the place, and may not hand on rights over accounts or the record."""
    return appoint(given.rows, actor=actor, at=at, batch=key)


@dataclass(frozen=True)
class _Spot:
    id: UUID
    region: int
    district: int
    party: UUID | None = None
    compartment: str = ""


def appoint(rows: Sequence[OfficerRow], *, actor: Actor, at: datetime, batch: UUID | None = None) -> Appointed:
    """Enter officers inside the open transaction."""
    roles = {word: role for role in Role.objects.all() for word in (role.code, role.label)}
    refused: dict[int, str] = {}
    ready: list[tuple[int, OfficerRow, Role, str, str, _Spot, Hat]] = []
    for index, given in enumerate(rows):
        try:
            number = check_phone(given.phone)
            if isinstance(number, Problem):
                raise WrongPhone(number.says)
            role = roles.get(given.role.strip())
            if role is None:
                raise ActionRefused(_("没有“{role}”这个角色。", role=given.role))
            region = region_of(region=given.region, place=given.place, actor=actor)
            spot = _Spot(uuid7(), region, jurisdiction.district_of(region))
            hat = asking.hat_for(actor, *RIGHTS, at=at, on=spot)
            _may_hand_on(actor, role)
            ready.append((index, given, role, number, blind("phone", number), spot, hat))
        except ActionRefused as refusal:
            refused[index] = refusal.says
    known = people.known([(index, given.name) for _, given, _, _, index, _, _ in ready])
    ids: list[UUID | None] = [None] * len(rows)
    persons, pairs, wanted = [], [], []
    made: dict[str, tuple[UUID, str]] = {}
    for place, given, role, number, index, spot, hat in ready:
        before = known.get(index)
        own = made.get(index)
        if (before and not before.same) or (own and own[1] != given.name):
            refused[place] = "这个手机号码已经登记在另一个人名下。"
            continue
        person = before.id if before else own[0] if own else None
        if person is None:
            values = people.person_values(
                name=given.name, phone=number, title=given.title, region=spot.region, party=None, district=spot.district
            )
            persons.append(values)
            person = values[0]
            made[index] = (person, given.name)
        ids[place] = person
        wanted.append((person, role, given, spot, hat))
    people.add(persons)
    held = set(
        Grant.objects.filter(person__in=[w[0] for w in wanted], revoked_at__isnull=True, task_force__isnull=True).values_list(
            "person", "role", "place"
        )
    )
    grants = []
    for person, role, given, spot, hat in wanted:
        if (person, role.code, spot.region) in held:
            continue
        held.add((person, role.code, spot.region))
        unit = unit_named(given.unit, region=spot.region, district=spot.district).id if given.unit else None
        grants.append((spot.id, person, role.code, spot.region, unit, "", False, at, actor.id[:64], spot.region, None, "", spot.district))
        pairs.append((hat, ledger.line(spot, verb="appoint", at=at, entered="serving", first=True, data={"role": role.code})))
    columns = (
        "id", "person", "role", "place", "department", "purpose", "lead", "since", "given_by", "region", "party", "compartment",
        "district",
    )  # fmt: skip
    bulk.insert(Grant, columns, grants)
    ledger.write_each(OFFICER, pairs, actor=actor, batch=batch)
    return Appointed(len(grants), len(wanted) - len(grants), tuple(ids), dict(sorted(refused.items())))


def _may_hand_on(actor: Actor, role: Role) -> None:
    """Who may grant only in the own office hands on no right over accounts or the record."""
    if actor.may("access.grant"):
        return
    if any(right.startswith(("access.", "journal.")) for right in role.rights):
        raise NotYours(_("“{label}”要由系统管理员授权。", label=role.label))


__all__ = ["AddOfficers", "Appointed", "OfficerRow", "add_officers_many", "appoint"]
