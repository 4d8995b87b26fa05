"""A proposal of territories for a place: computed, looked at, confirmed by another in one act."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from qifu.areas.registry import api as registry
from qifu.kernel import jurisdiction
from qifu.kernel.access import ActionRefused, Actor, require
from qifu.kernel.access.hats import reach_of
from qifu.kernel.actions import BadInput, action
from qifu.kernel.calendar.clock import local
from qifu.kernel.language import said
from qifu.kernel.values import uuid7
from qifu.kernel.values.road import Point

from .. import planning, queries, refusals
from ..models import Plan
from ..workflow import KEEP, PROPOSED
from . import territories


@dataclass(frozen=True, kw_only=True)
class Propose:
    place: int = field(metadata={"label": "地区"})


@dataclass(frozen=True, kw_only=True)
class OfPlan:
    plan: UUID = field(metadata={"label": "方案"})


@action("visits.propose", "排包联方案")
def propose(given: Propose, *, actor: Actor, at: datetime, key: UUID | None = None) -> Plan:
    """Compute who should answer for which enterprise of a place and keep it for another to confirm; nothing changes yet.

    Refuses NobodyToTake, NothingToChange."""
    places = frozenset(jurisdiction.reach(given.place, local(at).date()))
    if not places & set(actor.scope.regions) and not actor.scope.everywhere:
        raise BadInput({"place": said("选一个您管的镇街。")})
    able = [_officer(one, at) for one in queries.officers(actor, at)]
    able = [one for one in able if one.towns & places]
    if not able:
        raise refusals.NobodyToTake()
    proposal = planning.propose(_firms(actor, places), able)
    if not proposal.changes:
        raise refusals.NothingToChange()
    rows = [
        {
            "enterprise": str(one.firm.id), "name": one.firm.name, "town": one.firm.town, "from": str(one.firm.now or ""),
            "from_name": one.firm.now_name, "to": str(one.to.id), "to_name": one.to.name, "why": str(one.why), "done": False,
        }
        for one in proposal.changes
    ]  # fmt: skip
    plan = Plan(
        id=uuid7(), region=given.place, district=jurisdiction.district_of(given.place), place_name=jurisdiction.name(given.place),
        rows=rows, firms=proposal.same + len(rows) + len(proposal.left), loads=[list(one) for one in proposal.loads],
        proposer=actor.id, proposer_name=actor.name[:80],
    )  # fmt: skip
    return PROPOSED.open(plan, actor=actor, at=at, key=key, firms=plan.firms, changes=len(rows))


@action("visits.confirm_plan", "确认包联方案")
def confirm(given: OfPlan, *, actor: Actor, at: datetime, key: UUID | None = None) -> Plan:
    """Let every change of a proposal take place at once; rows of which somebody has changed the officer meanwhile are left
    as they are, and counted. Refuses AnotherLooks to whoever made it."""
    held = PROPOSED.lock(given.plan)
    require(actor, KEEP, at=at, on=held)
    ids = [UUID(row["enterprise"]) for row in held.rows]
    firms, leads = registry.enterprises(ids), queries.leads_of(ids)
    pairs, names, rows = [], {}, []
    for row in held.rows:
        id, person = UUID(row["enterprise"]), UUID(row["to"])
        now = str(leads[id].person_id) if id in leads else ""
        firm = firms.get(id)
        good = firm is not None and firm.closed_at is None and now == row["from"]
        if good and person not in names:
            names[person] = _name(person, [firm], at)
        good = good and bool(names[person])
        rows.append({**row, "done": good})
        if good and firm is not None:
            pairs.append(territories.Pair(firm, person, names[person], row["why"][:200]))
    skipped = len(rows) - len(pairs)
    with PROPOSED.move("confirm", held.id, actor=actor, at=at, key=key, changes=len(pairs), skipped=skipped) as plan:
        plan.rows, plan.skipped, plan.confirmer, plan.confirmer_name = rows, skipped, actor.id, actor.name[:80]
    territories.give(pairs, part="lead", actor=actor, at=at, batch=plan.id)
    return plan


@action("visits.drop_plan", "不用包联方案")
def drop(given: OfPlan, *, actor: Actor, at: datetime, key: UUID | None = None) -> Plan:
    """Put a proposal aside; nothing has changed."""
    with PROPOSED.move("drop", given.plan, actor=actor, at=at, key=key) as plan:
        pass
    return plan


def _name(person: UUID, firms: Sequence[registry.Enterprise], at: datetime) -> str:
    """Give the officer's name; '' where they lost the role since."""
    try:
        return territories.officer_name(person, firms, at=at)
    except ActionRefused:
        return ""


def _officer(one: queries.Officer, at: datetime) -> planning.Officer:
    scope = reach_of(one.place, at)
    return planning.Officer(one.id, one.name, frozenset(scope.regions), one.place)


def _firms(actor: Actor, places: frozenset[int]) -> list[planning.Firm]:
    rows = list(queries.firms(actor).filter(region__in=places).order_by("region", "pinyin"))
    leads, sites = queries.leads_of([row.id for row in rows]), registry.sites_of_many([row.id for row in rows])
    found = []
    for row in rows:
        site = next((s for s in sites.get(row.id, []) if s.lat is not None and s.lon is not None), None)
        point = Point(site.lat, site.lon) if site and site.lat is not None and site.lon is not None else None
        lead = leads.get(row.id)
        found.append(
            planning.Firm(
                row.id, row.name, row.region, point, weight=row.staff, now=lead.person_id if lead else None,
                now_name=lead.officer_name if lead else "",
            )
        )  # fmt: skip
    return found
