"""Who answers for which enterprise: given by name, handed over with its history, ended with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from qifu.areas.registry import api as registry
from qifu.areas.registry.api import Enterprise
from qifu.kernel.access import Actor, NotFound, require
from qifu.kernel.access.hats import worn_by
from qifu.kernel.access.models import Person, everything
from qifu.kernel.actions import BadInput, action
from qifu.kernel.language import said
from qifu.kernel.values import uuid7

from .. import refusals
from ..models import Territory
from ..workflow import HELD, HOLD, KEEP

Part = Literal["lead", "help", "resident"]


@dataclass(frozen=True)
class Given:
    """What became of it: how many got somebody, how many of them changed hands, how many had that officer already."""

    new: int = 0
    handed: int = 0
    same: int = 0


@dataclass(frozen=True)
class Pair:
    """One enterprise and who shall have it."""

    firm: Enterprise
    person: UUID
    name: str
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Assign:
    enterprises: tuple[UUID, ...] = field(metadata={"label": "企业"})
    person: UUID = field(metadata={"label": "干部"})
    part: Part = field(default="lead", metadata={"label": "作为"})
    reason: str = field(default="", metadata={"label": "原因", "most": 200})


@dataclass(frozen=True, kw_only=True)
class Row:
    enterprise: UUID = field(metadata={"label": "企业"})
    person: UUID = field(metadata={"label": "干部"})
    part: Part = field(default="lead", metadata={"label": "作为"})


@dataclass(frozen=True, kw_only=True)
class AssignMany:
    rows: tuple[Row, ...] = field(metadata={"label": "名单"})


@dataclass(frozen=True, kw_only=True)
class End:
    territory: UUID = field(metadata={"label": "包联"})
    reason: str = field(default="", metadata={"label": "原因", "most": 200})


@action("visits.assign", "分派包联")
def assign(given: Assign, *, actor: Actor, at: datetime, key: UUID | None = None) -> Given:
    """Give enterprises to an officer; who had them hands over, and both times stay. Refuses NotAnOfficer, Closed, NotYours."""
    if not given.enterprises:
        raise BadInput({"enterprises": said("先勾选企业，再选干部。")})
    found = _firms(given.enterprises)
    name = officer_name(given.person, found, at=at)
    return give([Pair(firm, given.person, name, given.reason) for firm in found], part=given.part, actor=actor, at=at)


@action("visits.assign_many", "按名单分派包联")
def assign_many(given: AssignMany, *, actor: Actor, at: datetime, key: UUID | None = None) -> Given:
    """Give a list of enterprises to the officers beside them, set-based. Refuses NotAnOfficer, Closed."""
    firms = {one.id: one for one in _firms([row.enterprise for row in given.rows])}
    done = Given()
    for part in dict.fromkeys(row.part for row in given.rows):
        rows = [row for row in given.rows if row.part == part]
        persons: dict[UUID, list[Enterprise]] = {}
        for row in rows:
            persons.setdefault(row.person, []).append(firms[row.enterprise])
        names = {person: officer_name(person, theirs, at=at) for person, theirs in persons.items()}
        more = give([Pair(firms[row.enterprise], row.person, names[row.person]) for row in rows], part=part, actor=actor, at=at)
        done = Given(done.new + more.new, done.handed + more.handed, done.same + more.same)
    return done


@action("visits.end_territory", "不再包联")
def end_territory(given: End, *, actor: Actor, at: datetime, key: UUID | None = None) -> Territory:
    """End an officer's time with an enterprise without anybody after; it then stands among those that nobody has."""
    with HELD.move("end", given.territory, actor=actor, at=at, key=key) as territory:
        territory.reason = given.reason.strip() or territory.reason
    return territory


def give(pairs: Sequence[Pair], *, part: str, actor: Actor, at: datetime, batch: UUID | None = None) -> Given:
    """Give enterprises to officers inside the open act, set-based: who had them in this part hands over."""
    # One answers for an enterprise, and the last word of a list counts; several may help or stay there.
    pairs = list({(pair.firm.id, None if part == "lead" else pair.person): pair for pair in pairs}.values())
    for pair in pairs:
        require(actor, KEEP, at=at, on=pair.firm)
        if pair.firm.closed_at is not None:
            raise refusals.Closed(said("{name}已经注销或并入别家，没有分派。", name=pair.firm.name))
    held = everything(Territory).select_for_update().filter(enterprise__in=[pair.firm.id for pair in pairs], part=part, until__isnull=True)
    before: dict[UUID, list[Territory]] = {}
    for one in held:
        before.setdefault(one.enterprise_id, []).append(one)
    new = [pair for pair in pairs if all(one.person_id != pair.person for one in before.get(pair.firm.id, []))]
    leaving = {one.id: one for pair in new if part == "lead" for one in before.get(pair.firm.id, [])}
    if leaving:
        moved = HELD.move_many("hand_over", list(leaving), actor=actor, at=at, why="")
        for refusal in moved.refused.values():
            raise refusal
    made = [_territory(pair, part, actor) for pair in new]
    HELD.open_many(made, actor=actor, at=at, datas=[{"part": part, "officer": str(pair.person), "batch": str(batch or "")} for pair in new])
    after = {one.enterprise_id: one for one in made}
    for one in leaving.values():
        one.handed_to = after[one.enterprise_id]
    everything(Territory).bulk_update(leaving.values(), ["handed_to"], batch_size=500)
    return Given(len(new), len(leaving), len(pairs) - len(new))


def _territory(pair: Pair, part: str, actor: Actor) -> Territory:
    firm = pair.firm
    return Territory(
        id=uuid7(),
        enterprise=firm,
        person_id=pair.person,
        officer_name=pair.name[:60],
        part=part,
        reason=pair.why,
        by_name=actor.name[:80],
        region=firm.region,
        district=firm.district,
        party=firm.id,
        compartment=firm.compartment,
        facets=[*firm.facets, f"part:{part}"],
    )


def officer_name(person: UUID, firms: Sequence[Enterprise], *, at: datetime) -> str:
    """Give the officer's name, or refuse NotAnOfficer where their role does not take these enterprises on."""
    try:
        officer = worn_by(person, at=at)
    except Person.DoesNotExist:
        raise refusals.NotAnOfficer() from None
    for firm in firms:
        if officer.hat_for(HOLD, at=at, on=firm) is None:
            raise refusals.NotAnOfficer(said("{who}没有联企干部的角色，或者不管{name}这里，没有分派。", who=officer.name, name=firm.name))
    return officer.name


def _firms(ids: Sequence[UUID]) -> list[Enterprise]:
    found = registry.enterprises(ids)
    if missing := [id for id in ids if id not in found]:
        raise NotFound(said("有{n}家没有找到，可能不在您的范围内，一家也没有分派。", n=len(missing)))
    return [found[id] for id in dict.fromkeys(ids)]
