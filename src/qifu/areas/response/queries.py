"""Reads for the pages of response: whose incident it is, what is running, what is asked for, what was told."""

from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from qifu.areas.registry.models import Site
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotFound
from qifu.kernel.calendar.clock import local

from .models import ControlArea, Incident, Measure, Notice, Proposal

M = TypeVar("M", bound=Model)


def home_of(actor: Actor, at: datetime, *, right: str = "response.see") -> int | None:
    """Give the place for which an actor looks at responses: that of the hat with the right."""
    hats = [hat for hat in actor.hats if right in hat.rights and hat.valid(at) and hat.place]
    return max((hat.place for hat in hats), key=lambda place: len(jurisdiction.lineage(place)), default=None) if hats else None  # type: ignore[arg-type]


def incidents_for(actor: Actor, at: datetime) -> list[Incident]:
    """Give the open incidents that an actor stands under or above, nearest first."""
    home, day = home_of(actor, at), local(at).date()
    open_ones = Incident.objects.filter(state="declared").order_by("-declared_at")
    if home is None:
        return list(open_ones) if actor.scope.everywhere else []
    line = jurisdiction.lineage(home, day)
    found = list(open_ones.filter(Q(region__in=line) | Q(region__in=jurisdiction.reach(home, day))))
    return sorted(found, key=lambda one: line.index(one.region) if one.region in line else len(line))


def chosen_incident(actor: Actor, at: datetime, wanted: str = "") -> Incident | None:
    """Give the incident that a page is about: the one asked for among the actor's own, else the nearest."""
    found = incidents_for(actor, at)
    return next((one for one in found if str(one.id) == wanted), found[0] if found else None)


def ended_lately(actor: Actor, at: datetime) -> list[Incident]:
    """Give the last incidents that have ended, for an ordinary day's page."""
    home = home_of(actor, at)
    if home is None:
        return []
    day = local(at).date()
    places = {*jurisdiction.lineage(home, day), *jurisdiction.reach(home, day)}
    return list(Incident.objects.filter(state="ended", region__in=places).order_by("-ended_at")[:3])


def mine(model: type[M], id: UUID, actor: Actor, at: datetime) -> M:
    """Give a row of an incident that the actor stands under or above; NotFound for one of elsewhere, though law is public."""
    found: Any = model._base_manager.select_related("incident").filter(pk=id).first()
    if found is None:
        raise NotFound()
    home, day = home_of(actor, at), local(at).date()
    if home is None and actor.scope.everywhere:
        return found
    if home is None or not (
        found.incident.region in jurisdiction.lineage(home, day) or found.incident.region in jurisdiction.reach(home, day)
    ):
        raise NotFound()
    return found


def in_force(incident: Incident, at: datetime) -> list[Measure]:
    """Give every version that holds now anywhere in the incident, local ones behind the rule that they depart from."""
    return [row for row in _rows(incident) if row.in_force(at) and row.kind != "area"]


def to_come(incident: Incident, at: datetime) -> list[Measure]:
    """Give the versions that are set for later."""
    return [row for row in _rows(incident) if row.since > at and (row.ends_at is None or row.ends_at > row.since)]


def _rows(incident: Incident) -> list[Measure]:
    rows = list(Measure.objects.filter(incident=incident).order_by("slot", "since", "id"))
    first: dict[str, int] = {}
    for row in rows:
        first.setdefault(row.key, len(first))
    return sorted(rows, key=lambda row: (_ORDER.get(row.kind, 99), first[row.key], row.base_id is not None, row.since))


_ORDER = {kind: number for number, kind in enumerate(["not_before", "regime", "essentials", "excluded_trades", "decides", "same_day"])}


def versions(measure: Measure) -> list[Measure]:
    """Give all versions of the same measure in the incident, the newest first."""
    return list(Measure.objects.filter(incident=measure.incident, key=measure.key).order_by("-since", "-id"))


def areas(incident: Incident) -> QuerySet[ControlArea]:
    """Give the areas that are drawn or in force, the gravest news first."""
    return (
        ControlArea.objects.filter(incident=incident, state__in=["drawn", "in_force"]).select_related("measure").order_by("state", "-since")
    )


def lifted(incident: Incident) -> QuerySet[ControlArea]:
    """Give the areas that are over."""
    return ControlArea.objects.filter(incident=incident, state="lifted").select_related("measure").order_by("-lifted_at")


def asked(incident: Incident) -> QuerySet[Proposal]:
    """Give what waits for an answer from above."""
    return Proposal.objects.filter(incident=incident, state="asked").select_related("base").order_by("state_at")


def notices(incident: Incident, limit: int = 20) -> list[Notice]:
    """Give what was told, newest first."""
    return list(Notice.objects.filter(incident=incident).order_by("-at", "-id")[:limit])


def sites_named(text: str, limit: int = 20) -> list[Site]:
    """Find open sites by words of the enterprise's name or their own, within the scope of the open transaction."""
    text = " ".join(text.split())
    if len(text) < 2:
        return []
    found = Site.objects.filter(closed_at__isnull=True).filter(Q(enterprise__name__icontains=text) | Q(name__icontains=text))
    return list(found.select_related("enterprise").order_by("enterprise__name", "name")[:limit])


def sites_by_id(ids: list[UUID]) -> list[Site]:
    """Give open sites by id, those within scope."""
    found = Site.objects.filter(pk__in=ids, closed_at__isnull=True)
    return list(found.select_related("enterprise").order_by("enterprise__name", "name"))
