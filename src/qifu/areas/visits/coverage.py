"""Who was visited and who was not, as a list that can be narrowed, grouped and taken out."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict

from qifu.areas.registry.api import Enterprise
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.values import read_whole

from . import queries

SIZES = ("above", "limit_above", "small")
SHOWN = {"left": "还没走访", "done": "走访过", "all": "全部", "nobody": "没有人包"}


@dataclass(frozen=True)
class Wanted:
    """What the address asks for."""

    since: datetime
    show: str = "left"
    size: str = ""
    region: int | None = None
    person: UUID | None = None
    q: str = ""
    by: str = "town"


def wanted(asked: QueryDict, actor: Actor, at: datetime) -> Wanted:
    """Read what the address asks for; nonsense falls back to the usual."""
    since = queries.began(actor, at)
    with suppress(ValueError):
        since = datetime.combine(clock.read_day(asked.get("since", "")), time(), ZONE)
    region = read_whole(asked.get("region", ""))
    if region is not None and not jurisdiction.is_place(region):
        region = None
    try:
        person = UUID(asked["person"]) if asked.get("person") else None
    except ValueError:
        person = None
    return Wanted(
        min(since, at),
        asked.get("show", "left") if asked.get("show") in SHOWN else "left",
        asked.get("size", "") if asked.get("size") in SIZES else "",
        region,
        person,
        asked.get("q", "").strip()[:60],
        "officer" if asked.get("by") == "officer" else "town",
    )


def firms(actor: Actor, want: Wanted) -> QuerySet[Enterprise]:
    """Give the enterprises among which one looks, visited or not."""
    return queries.firms(actor, q=want.q, size=want.size, region=want.region, person=want.person)


def shown(actor: Actor, want: Wanted) -> QuerySet[Enterprise]:
    """Give the enterprises that the list shows."""
    found = firms(actor, want)
    if want.show == "left":
        return queries.unvisited(found, want.since)
    if want.show == "done":
        return found.exclude(pk__in=queries.unvisited(found, want.since).values("id"))
    if want.show == "nobody":
        return queries.firms(actor, q=want.q, size=want.size, region=want.region, person=want.person, nobody=True)
    return found
