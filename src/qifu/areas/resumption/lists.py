"""The lists of a day: the dynamic list as it stood on any evening, the published batches, the assessment register.

A day's list is read from the journal as it was known that evening: neither a later step nor a later correction, nor a
firm that moved or was renamed since, alters it (FEATURES 2.8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from qifu.areas.registry import api as registry
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, once
from qifu.kernel.calendar.clock import ZONE, local

from .actions.lists import LISTED
from .models import Application, Batch, Item, Listing
from .terms import SIZES

PROCESS = "resumption.application"
MOST = 5_000
"""A page and a spreadsheet of one day show at most so many."""


@dataclass(frozen=True)
class Line:
    """One enterprise on the list of an evening: where it stood then, since when, in which town, how many people."""

    id: UUID
    number: str
    name: str
    uscc: str
    town: str
    size: str
    over_100m: bool
    state: str
    since: datetime
    staff: int
    batch: int | None = None


@dataclass(frozen=True)
class Change:
    """What came or went since the evening before, with the state that it went to."""

    line: Line
    came: bool
    state: str


def evening(day: date) -> datetime:
    """Give the instant (exclusive) until which a day's list counts: its midnight. Where that is still to come, all counts."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), ZONE)


def dynamic(actor: Actor, *, day: date, text: str = "", town: int | None = None) -> list[Line]:
    """Give who was approved or at work on the evening of a day, as known that evening, by town and name."""
    until = evening(day)
    stood = {id: found for id, found in _stood(actor, until).items() if found[0] in LISTED}
    return _lines(stood, until=until, text=text, town=town)


def changes(actor: Actor, *, day: date) -> list[Change]:
    """Give what came on the list and what left it between the evening before and this one."""
    until, eve = evening(day), evening(day - timedelta(days=1))
    before, after = _stood(actor, eve), _stood(actor, until)
    came = {id: found for id, found in after.items() if found[0] in LISTED and before.get(id, ("",))[0] not in LISTED}
    gone = {id: found for id, found in before.items() if found[0] in LISTED and after.get(id, ("",))[0] not in LISTED}
    return [
        *(Change(line, True, line.state) for line in _lines(came, until=until)),
        *(Change(line, False, after[line.id][0] if line.id in after else "") for line in _lines(gone, until=until)),
    ]


_STOOD = """
SELECT DISTINCT ON (e.subject) e.subject, e.entered, e.at, e.region
FROM journal_entry e
WHERE e.process = %(process)s AND e.sign = 1 AND (e.entered <> '' OR e.left <> '') AND e.at < %(until)s AND e.recorded_at < %(until)s
  {regions}
  AND NOT EXISTS (
    SELECT FROM journal_entry r WHERE r.subject = e.subject AND r.reverses = e.seq AND r.recorded_at < %(until)s)
ORDER BY e.subject, e.at DESC, e.seq DESC
"""


def _stood(actor: Actor, until: datetime) -> dict[UUID, tuple[str, datetime, int]]:
    """Give (state, since, region) of each application as the record told before `until`; a page asks for its day twice."""
    return once("resumption", ("stood", until), lambda: _read_stood(actor, until))


def _read_stood(actor: Actor, until: datetime) -> dict[UUID, tuple[str, datetime, int]]:
    # Row security holds the scope; the regions stand here as well, since only they lead to an index.
    regions = "" if actor.scope.everywhere else "AND e.region = ANY (%(regions)s)"
    given: dict[str, Any] = {"process": PROCESS, "until": until, "regions": list(actor.scope.regions)}
    with connection.cursor() as cursor:
        cursor.execute(_STOOD.format(regions=regions), given)
        return {id: (entered, at, region) for id, entered, at, region in cursor.fetchall()}


_SHOWN = ("id", "enterprise", "number", "head_count", "enterprise__name", "enterprise__uscc", "enterprise__size", "enterprise__over_100m")

_MAY_CHANGE = ("name", "uscc", "size", "over_100m")


def _lines(stood: dict[UUID, tuple[str, datetime, int]], *, until: datetime, text: str = "", town: int | None = None) -> list[Line]:
    listed = Listing.objects.filter(application__in=list(stood), batch__published_at__lt=until)
    listed = listed.filter(Q(removed_at__isnull=True) | Q(removed_at__gte=until))
    batches = dict(listed.values_list("application", "batch__number"))
    found = list(Application.objects.filter(pk__in=list(stood)).values_list(*_SHOWN))
    were = registry.enterprises_were({firm for _, firm, *_rest in found}, until=until)
    lines = []
    for id, firm, number, staff, *now in found:
        state, since, region = stood[id]
        name, uscc, size, over_100m = (were.get(firm, {}).get(one, value) for one, value in zip(_MAY_CHANGE, now, strict=True))
        if (town is not None and region != town) or (text and text not in name and text.upper() not in number):
            continue
        place = jurisdiction.name(region)
        lines.append(Line(id, number, name, uscc or "", place, SIZES.get(size, ""), over_100m, state, since, staff, batches.get(id)))
    return sorted(lines, key=lambda line: (line.town, line.name))


# ------------------------------------------------------------------------------------------------ batches


def batches(actor: Actor, *, most: int = 60) -> list[Batch]:
    """Give the published batches of the districts that the actor reaches, the latest first."""
    found = Batch.objects.order_by("-published_at")
    return list(found.filter(district__in=_districts(actor))[:most])


def _districts(actor: Actor) -> set[int]:
    return {jurisdiction.district_of(region) for region in actor.scope.regions[:400]}


def waiting(actor: Actor) -> list[Application]:
    """Give what is approved and stands on no published batch yet, the earliest decision first."""
    listed = Listing.objects.filter(removed_at__isnull=True).values("application")
    found = Application.objects.visible_to(actor).filter(state__in=LISTED).exclude(pk__in=listed)
    return list(found.select_related("enterprise").order_by("decided_at", "id")[:500])


# ------------------------------------------------------------------------------------------------ the assessment register


@dataclass(frozen=True)
class Assessed:
    """One line of the register (评估台账): who was seen when by whom, what was found, what was decided."""

    id: UUID
    number: str
    name: str
    town: str
    size: str
    team: str
    assessor: str
    at: datetime
    passed: bool
    items: int
    to_mend: tuple[str, ...]
    remarks: str
    state: str
    decided_at: datetime | None


_VISITS = """
SELECT e.subject, e.at, e.verb, e.actor_name, (e.data->>'items')::int
FROM journal_entry e
WHERE e.process = %(process)s AND e.sign = 1 AND e.verb IN ('pass', 'demand') AND e.at >= %(since)s AND e.at < %(until)s
  {regions}
  AND NOT EXISTS (SELECT FROM journal_entry r WHERE r.subject = e.subject AND r.reverses = e.seq)
ORDER BY e.at, e.seq LIMIT %(most)s
"""


def register(actor: Actor, *, since: date, until: date) -> list[Assessed]:
    """Give the visits between two days (both included) in their order; what was corrected away is left out."""
    regions = "" if actor.scope.everywhere else "AND e.region = ANY (%(regions)s)"
    start = datetime.combine(since, datetime.min.time(), ZONE)
    given: dict[str, Any] = {
        "process": PROCESS, "since": start, "until": datetime.combine(until + timedelta(days=1), datetime.min.time(), ZONE),
        "regions": list(actor.scope.regions), "most": MOST,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_VISITS.format(regions=regions), given)
        rows = cursor.fetchall()
    ids = [id for id, *_ in rows]
    found = {a.id: a for a in Application.objects.filter(pk__in=ids).select_related("enterprise", "team")}
    mend = _to_mend(ids)
    return [_assessed(found[id], at, verb, who, items or 0, mend.get(id, ())) for id, at, verb, who, items in rows if id in found]


def _assessed(a: Application, at: datetime, verb: str, who: str, items: int, mend: tuple[str, ...]) -> Assessed:
    return Assessed(
        a.id, a.number, a.enterprise.name, jurisdiction.name(a.region), SIZES.get(a.enterprise.size, ""), a.team.name if a.team else "",
        who, at, verb == "pass", items, mend, a.remarks, a.state, a.decided_at,
    )  # fmt: skip


def _to_mend(ids: Sequence[UUID]) -> dict[UUID, tuple[str, ...]]:
    found: dict[UUID, tuple[str, ...]] = {}
    for id, name in Item._base_manager.filter(application__in=list(ids), result="fix").values_list("application", "name"):
        found[id] = (*found.get(id, ()), name)
    return found


def days(now: datetime, *, back: int = 7) -> list[date]:
    """Give today and the days before it."""
    today = local(now).date()
    return [today - timedelta(days=number) for number in range(back)]


__all__ = ["Assessed", "Change", "Line", "batches", "changes", "days", "dynamic", "evening", "register", "waiting"]
