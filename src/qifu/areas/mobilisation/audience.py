"""Whom a rule means: people by role, place, department and size of firm, resolved at one instant within the actor's reach."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from qifu.areas.registry import api as registry
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, Hat, NotYours
from qifu.kernel.access.models import Department, Grant, Person, Role, everything
from qifu.kernel.language import listed, said
from qifu.kernel.privacy.sealing import place as where
from qifu.kernel.privacy.sealing import unseal
from qifu.kernel.values.secret import Secret

from .terms import CONTACT, SIZES


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Whom something is for. Empty departments and sizes narrow nothing; contacts of firms are the role enterprise_contact."""

    places: tuple[int, ...] = ()
    roles: tuple[str, ...] = ()
    departments: tuple[UUID, ...] = ()
    sizes: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        """Give it as it is kept."""
        return {
            "places": list(self.places),
            "roles": list(self.roles),
            "departments": [str(d) for d in self.departments],
            "sizes": list(self.sizes),
        }


def rule_of(kept: Mapping[str, Any]) -> Rule:
    """Give back a kept rule."""
    return Rule(
        places=tuple(kept.get("places", ())), roles=tuple(kept.get("roles", ())), sizes=tuple(kept.get("sizes", ())),
        departments=tuple(UUID(one) for one in kept.get("departments", ())),
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Found:
    """One person of an audience, by the hat that put them in it."""

    person: UUID
    name: str
    office: str
    role: str
    place: int
    region: int
    party: UUID | None


def check(rule: Rule, hat: Hat) -> None:
    """Refuse NotYours for a place outside the hat's reach: one writes to one's own people only."""
    if not hat.scope.everywhere and not set(rule.places) <= set(hat.scope.regions):
        raise NotYours("范围里有不归您管的地区，没有保存。", fix="只选自己辖区里的。")


def words(rule: Rule) -> str:
    """Say a rule as people do: 临江街道、文昌街道：镇街经办人、规上企业联系人."""
    labels = dict(Role.objects.filter(code__in=rule.roles).values_list("code", "label"))
    who = [labels.get(role, role) for role in rule.roles if role != CONTACT]
    if CONTACT in rule.roles:
        sizes = listed(SIZES[size] for size in rule.sizes if size in SIZES)
        who.append(said("{sizes}企业联系人", sizes=sizes))
    departments = Department.objects.filter(pk__in=rule.departments).values_list("name", flat=True)
    places = listed(jurisdiction.name(place) for place in rule.places)
    return said("{places}：{who}", places=places, who=listed([*who, *departments]))


def resolve(rule: Rule, actor: Actor, *, at: datetime) -> list[Found]:
    """Give everybody whom a rule means at an instant, once each, by place and name; those barred from entering are left out."""
    regions = sorted({one for place in rule.places for one in jurisdiction.reach(place, on=at.date())})
    running = Q(revoked_at__isnull=True, since__lte=at, person__closed_at__isnull=True) & (Q(until__isnull=True) | Q(until__gt=at))
    grants = everything(Grant).filter(running).select_related("person", "department", "role").order_by("place", "person__name", "id")
    found: dict[UUID, Found] = {}
    officers = [role for role in rule.roles if role != CONTACT]
    if officers:
        chosen = grants.filter(role__in=officers, place__in=regions)
        for grant in chosen.filter(department__in=rule.departments) if rule.departments else chosen:
            office = f"{grant.department.name if grant.department else jurisdiction.name(grant.place)} {grant.person.title}".strip()
            found.setdefault(
                grant.person_id,
                Found(
                    person=grant.person_id, name=grant.person.name, office=office, role=grant.role_id, place=grant.place,
                    region=grant.place, party=None,
                ),
            )  # fmt: skip
    if CONTACT in rule.roles:
        for one in _contacts(rule, grants, regions, actor):
            found.setdefault(one.person, one)
    return list(found.values())


def _contacts(rule: Rule, grants: Any, regions: Sequence[int], actor: Actor) -> list[Found]:
    firms = registry.enterprises_in_scope(actor).filter(region__in=regions)
    if rule.sizes:
        firms = firms.filter(size__in=rule.sizes)
    by_id = {firm.id: firm for firm in firms}
    return [
        Found(
            person=grant.person_id, name=grant.person.name, office=firm.name, role=CONTACT, place=firm.region, region=firm.region,
            party=firm.id,
        )
        for grant in grants.filter(role=CONTACT, for_party__in=list(by_id))
        for firm in [by_id[grant.for_party]]
    ]  # fmt: skip


def numbers(people: Collection[UUID]) -> dict[UUID, Secret]:
    """Give the numbers of persons within reach, for a call or a message; one without any is left out."""
    found = everything(Person).filter(pk__in=people).exclude(phone_sealed="")
    return {one.id: unseal(one.phone_sealed, where=where("access_person", "phone_sealed", one.id)) for one in found}
