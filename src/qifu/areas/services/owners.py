"""Who owns an answer, and who is asked where its owner has left. Reads of the worker's round, which reaches every grant."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from qifu.kernel import jurisdiction
from qifu.kernel.access.models import Grant
from qifu.kernel.access.terms import person_of
from qifu.kernel.ladder.naming import in_office
from qifu.kernel.ladder.sweep import Whom
from qifu.kernel.ladder.terms import LATE_FROM

from .models import Article
from .terms import PUBLIC
from .workflow import WRITE

MOST = 20
"""How many are asked to take over one answer: an office holds fewer, a list of everybody would be nobody's."""


def writers(at: datetime) -> QuerySet[Grant]:
    """Give the grants in force that may own an answer, of people who may enter; a special group's end with it."""
    going = Q(task_force__isnull=True) | Q(task_force__until__isnull=True) | Q(task_force__until__gt=at)
    found: QuerySet[Grant] = in_office(at).filter(going, role__rights__contains=[WRITE], for_party__isnull=True)
    return found


def without_owner(at: datetime, *, most: int) -> list[Article]:
    """Give the public answers whose owner no longer may own them: out of office, moved to another place, or closed."""
    held = Article._base_manager.filter(state__in=PUBLIC).exclude(owner="")
    people = {owner: person for owner in held.order_by().values_list("owner", flat=True).distinct() if (person := person_of(owner))}
    there = set(writers(at).filter(person__in=people.values()).values_list("person_id", "place"))
    gone = []
    for one in held.filter(owner__in=people).only("id", "owner", "region").order_by("id").iterator():
        if not any((people[one.owner], place) in there for place in jurisdiction.lineage(one.region)):
            gone.append(one)
            if len(gone) == most:
                break
    return gone


def heirs(articles: Iterable[Article], at: datetime) -> dict[UUID, Sequence[UUID]]:
    """Give, by answer, whom it falls to: those of its unit who may own it, else those of its place, else whoever is named as
    the head there; nobody where there is none of them."""
    found: dict[tuple[int, str], Sequence[UUID]] = {}
    heads = None
    for one in (articles := list(articles)):
        if (spot := (one.region, one.office)) in found:
            continue
        rows = writers(at).filter(place=one.region).select_related("department", "task_force", "role").order_by("person__name", "person_id")
        people = [(grant.person_id, _unit(grant)) for grant in rows]
        own = [person for person, unit in people if one.office.startswith(unit)] or [person for person, _unit_ in people]
        if not own:
            heads = heads or Whom(at)
            head = heads.of("", one.region, LATE_FROM)
            own = [head[0]] if head is not None else []
        found[spot] = list(dict.fromkeys(own))[:MOST]
    return {one.id: found[one.region, one.office] for one in articles}


def _unit(grant: Grant) -> str:
    """Name a grant's unit as the label of its hat begins (`access.hats`); without one, people of its role are the unit."""
    if grant.task_force is not None:
        return grant.task_force.name
    return grant.department.name if grant.department is not None else f"{jurisdiction.name(grant.place or 0)} {grant.role.label}"
