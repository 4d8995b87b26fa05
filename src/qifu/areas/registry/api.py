"""What upper tiers may ask and use of the register. Call inside `acting`: row security holds the scope."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from qifu.kernel.access import Actor, Hat, NotFound, once
from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.privacy.sealing import place, unseal
from qifu.kernel.values.secret import Secret

from . import queries
from .actions import contacts, task_force
from .choosing import choose_any, choose_own, firm_asked, own_firms
from .entering import Entered, Register
from .firms import Firms, Meant
from .indicators import describe_workers
from .intake import town
from .models import ContactPost, Enterprise, KeyListEntry, Site, Worker
from .terms import LEVELS, NotSettled


@dataclass(frozen=True)
class KeyRight:
    """A right that a key list gives (FEATURES 1.13): which list, of which level and paper, what it opens, and until when."""

    entry: UUID
    list_name: str
    level: str
    level_label: str
    issuer: str
    document: str
    opens: tuple[str, ...]
    since: date
    until: date | None

    @property
    def origin(self) -> str:
        """Say where the right comes from: 省级 浙江省重点民生物资保障企业名单（浙经信〔2020〕5号）。"""
        paper = f"（{self.document}）" if self.document else ""
        return f"{self.level_label} {self.list_name}{paper}"


def enterprise(id: UUID) -> Enterprise:
    """Give one enterprise within the scope of the open transaction; refuses NotFound."""
    try:
        return Enterprise.objects.get(pk=id)
    except Enterprise.DoesNotExist:
        raise NotFound() from None


def enterprises(ids: Sequence[UUID]) -> dict[UUID, Enterprise]:
    """Give enterprises by id; those out of scope are left out."""
    return queries.by_ids(Enterprise, ids)


def enterprises_were(ids: Collection[UUID], *, until: datetime) -> dict[UUID, dict[str, Any]]:
    """Give name, uscc, size or over_100m of enterprises as they stood before an instant, where one was changed since."""
    return queries.were(ids, until=until)


def enterprises_in_scope(actor: Actor) -> QuerySet[Enterprise]:
    """Give all open enterprises that the actor reaches."""
    return queries.enterprises(actor)


def search(found: QuerySet[Enterprise], text: str) -> QuerySet[Enterprise]:
    """Narrow enterprises by what a person types: a piece of the name or code, or a contact's whole mobile."""
    return queries.search(found, text)


def enterprises_of(actor: Actor) -> list[Enterprise]:
    """Give the enterprises whose contact the actor is, by name."""
    return list(queries.enterprises(actor).filter(pk__in=actor.scope.parties).order_by("pinyin"))


def sites_of(id: UUID) -> list[Site]:
    """Give the open sites of an enterprise; each carries its own region. A registered enterprise has at least one."""
    return list(once("registry", ("sites", id), lambda: list(queries.sites(id))))


def sites_of_many(ids: Collection[UUID]) -> dict[UUID, list[Site]]:
    """Give the open sites of many enterprises, in the order of `sites_of`."""
    found: dict[UUID, list[Site]] = {}
    for site in Site.objects.filter(enterprise__in=list(ids), closed_at__isnull=True).order_by("id"):
        found.setdefault(site.enterprise_id, []).append(site)
    return found


def facets_of(enterprise: Enterprise) -> list[str]:
    """Give the small codes that an application copies: size:above, over_100m, essential, essential:living, individual."""
    return enterprise.facets


def decidable(enterprise: Enterprise) -> bool:
    """Say whether decisions and money may touch it: its credit code is right and it is still open."""
    return not enterprise.provisional and enterprise.closed_at is None


def require_decidable(enterprise: Enterprise) -> None:
    """Refuse NotSettled where a decision must wait for the 待核 queue."""
    if not decidable(enterprise):
        raise NotSettled()


def key_rights(enterprise: Enterprise, at: datetime) -> list[KeyRight]:
    """Give the rights that key lists give an enterprise at an instant, each with its origin."""
    on = at.astimezone(ZONE).date()
    return [
        KeyRight(
            entry=row.id,
            list_name=row.key_list.name,
            level=row.key_list.level,
            level_label=LEVELS[row.key_list.level],
            issuer=row.key_list.issuer,
            document=row.key_list.document,
            opens=tuple(row.key_list.opens),
            since=max(row.since, row.key_list.since),
            until=min((day for day in (row.until, row.key_list.until) if day), default=None),
        )
        for row in queries.key_entries(enterprise.id, on=on)
    ]


def key_listed(at: datetime) -> QuerySet[KeyListEntry]:
    """Give the ids of the enterprises in reach that stand on any key list at an instant."""
    on = at.astimezone(ZONE).date()
    found = KeyListEntry.objects.filter(since__lte=on, key_list__since__lte=on).filter(Q(until__isnull=True) | Q(until__gt=on))
    return found.filter(Q(key_list__until__isnull=True) | Q(key_list__until__gte=on)).values("enterprise")


def listed_after(since: Mapping[UUID, datetime], *, until: datetime) -> list[UUID]:
    """Give the workers who were put on the rosters of these enterprises after an instant of each; relatives are none."""
    found = Worker.objects.filter(enterprise__in=list(since), listed_at__lte=until, relative_of__isnull=True).order_by("id")
    return [id for id, firm, listed in found.values_list("id", "enterprise", "listed_at") if listed > since[firm]]


def at_sites(sites: Collection[UUID]) -> QuerySet[Site]:
    """Give the ids of the enterprises that have one of these sites."""
    return Site.objects.filter(pk__in=list(sites), closed_at__isnull=True).values("enterprise")


def contacts_of(id: UUID) -> list[ContactPost]:
    """Give the present contacts of an enterprise, the main one first; `person_id` is whom to act as or send to."""
    return list(queries.posts(id).filter(until__isnull=True))


def contacts_of_many(ids: Collection[UUID]) -> dict[UUID, list[ContactPost]]:
    """Give the present contacts of many enterprises, the main one first; one without any is left out."""
    found: dict[UUID, list[ContactPost]] = {}
    for post in queries.present_posts(ids):
        found.setdefault(post.enterprise_id, []).append(post)
    return found


def phones_of(id: UUID) -> list[Secret]:
    """Give the numbers of the present contacts, for a message that tells them of their own affair; never for a page."""
    return phones_of_many([id]).get(id, [])


def phones_of_many(ids: Collection[UUID]) -> dict[UUID, list[Secret]]:
    """Give the numbers of the present contacts of many enterprises; one without any is left out."""
    found: dict[UUID, list[Secret]] = {}
    for post in queries.present_posts(ids):
        person = post.person
        if person.phone_sealed:
            number = unseal(person.phone_sealed, where=place("access_person", "phone_sealed", person.id))
            found.setdefault(post.enterprise_id, []).append(number)
    return found


def roster_of(id: UUID) -> QuerySet[Worker]:
    """Give the workers on the roster, relatives not included, in the order in which they were listed."""
    return queries.workers(id).filter(relative_of__isnull=True, left_on__isnull=True)


def add_contact(enterprise: UUID, *, name: str, phone: str, actor: Actor, at: datetime) -> ContactPost:
    """Add a contact to an enterprise inside the open act, which tells the person; refuses what `registry.add_contact` refuses."""
    return contacts.joined(contacts.AddContact(enterprise=enterprise, name=name, phone=phone), actor=actor, at=at)


def with_roster(ids: Collection[UUID]) -> set[UUID]:
    """Give those enterprises of these that have anybody on their roster."""
    found = Worker.objects.filter(enterprise__in=ids, relative_of__isnull=True, left_on__isnull=True)
    return set(found.values_list("enterprise", flat=True).distinct())


def workers_count(id: UUID) -> int:
    """Count the workers on the roster, relatives not included."""
    return Worker.objects.filter(enterprise=id, relative_of__isnull=True, left_on__isnull=True).count()


def lend_to_force(force: UUID, *, person: UUID, role: str, until: datetime, actor: Actor, hat: Hat, at: datetime) -> UUID:
    """Let somebody who is lent join a task force until a day is over, by the hat that lends them; gives the membership.

    Refuses NotYours outside the hat's reach, a role that no task force gives, NothingChanged for a member."""
    return task_force.lend(force, person=person, role=role, until=until, actor=actor, hat=hat, at=at).id


def take_from_force(membership: UUID, *, actor: Actor, hat: Hat, at: datetime) -> None:
    """End a membership that came with being lent, if it still runs."""
    task_force.give_back(membership, actor=actor, hat=hat, at=at)


__all__ = [
    "Entered",
    "Enterprise",
    "Firms",
    "KeyRight",
    "Meant",
    "Register",
    "Site",
    "add_contact",
    "at_sites",
    "choose_any",
    "choose_own",
    "contacts_of",
    "contacts_of_many",
    "decidable",
    "describe_workers",
    "enterprise",
    "enterprises",
    "enterprises_in_scope",
    "enterprises_of",
    "facets_of",
    "firm_asked",
    "key_listed",
    "key_rights",
    "lend_to_force",
    "listed_after",
    "own_firms",
    "phones_of",
    "phones_of_many",
    "require_decidable",
    "roster_of",
    "search",
    "sites_of",
    "sites_of_many",
    "take_from_force",
    "town",
    "with_roster",
    "workers_count",
]
