"""Who should answer for which enterprise: pure, so that two thousand firms and four hundred officers are one function call.

A plain rule that people can follow by hand, and that changes little: first a named person for whoever has none, each time
the officer with the fewest firms who may go there, of equals the nearest; then, only while two officers of one place lie
more than FAIR apart, the firm nearest to the one with fewer changes hands. What is not named stays as it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from qifu.kernel.language import said
from qifu.kernel.values.road import Point, road_km

from .terms import FAIR


@dataclass(frozen=True)
class Firm:
    """An enterprise to be answered for: where, how much it weighs in sorting, and who has it now."""

    id: UUID
    name: str
    town: int
    point: Point | None = None
    weight: int = 0
    now: UUID | None = None
    now_name: str = ""


@dataclass(frozen=True)
class Officer:
    """An officer: where they may go, and whether they sit in that very town (first choice) or in the district."""

    id: UUID
    name: str
    towns: frozenset[int]
    home: int = 0


@dataclass(frozen=True)
class Change:
    """One enterprise that gets another officer, and why."""

    firm: Firm
    to: Officer
    why: str


@dataclass(frozen=True)
class Proposal:
    """What should change, how many stay as they are, and the loads before and after by officer."""

    changes: Sequence[Change]
    same: int
    loads: Sequence[tuple[str, int, int]]
    left: Sequence[Firm] = field(default_factory=tuple)
    """Firms of towns for which there is nobody."""


class _Desk:
    """The firms of each officer while the rule runs."""

    def __init__(self, firms: Sequence[Firm], officers: Sequence[Officer]) -> None:
        self.by_id = {one.id: one for one in officers}
        self.held: dict[UUID, list[Firm]] = {one.id: [] for one in officers}
        for firm in firms:
            if firm.now in self.held and firm.town in self.by_id[firm.now].towns:
                self.held[firm.now].append(firm)

    def load(self, officer: Officer) -> int:
        return len(self.held[officer.id])

    def far(self, officer: Officer, firm: Firm) -> float:
        """Give the road from a firm to the nearest one that the officer has; far away where nothing is known."""
        here = [one for one in self.held[officer.id] if one.town == firm.town and one.id != firm.id]
        return min((road_km(one.point, firm.point, same_town=True) for one in here[:60]), default=50.0)


def propose(firms: Sequence[Firm], officers: Sequence[Officer], *, fair: int = FAIR) -> Proposal:
    """Lay out the territories. An officer who is gone (not among `officers`) has nothing any more."""
    desk = _Desk(firms, officers)
    before = {one.id: desk.load(one) for one in officers}
    now = {firm.id: holder for holder, held in desk.held.items() for firm in held}
    order = sorted(officers, key=lambda one: (one.name, str(one.id)))
    why: dict[UUID, str] = {}
    goes: dict[UUID, Officer] = {}
    left = []
    for firm in sorted((one for one in firms if one.id not in now), key=lambda one: (-one.weight, one.town, one.name)):
        able = [one for one in order if firm.town in one.towns]
        if not able:
            left.append(firm)
            continue
        chosen = min(able, key=lambda one: (one.home != firm.town, desk.load(one), desk.far(one, firm)))
        why[firm.id] = said("{name}已不在岗", name=firm.now_name) if firm.now else said("没有人包")
        desk.held[chosen.id].append(firm)
        goes[firm.id] = chosen
    _level(desk, order, goes, why, fair=fair)
    firm_of = {one.id: one for one in firms}
    changes = [Change(firm_of[id], to, why[id]) for id, to in goes.items() if firm_of[id].now != to.id]
    changes.sort(key=lambda one: (one.firm.town, one.to.name, one.firm.name))
    loads = [(one.name, before[one.id], desk.load(one)) for one in order if before[one.id] or desk.load(one)]
    return Proposal(changes, len(firms) - len(changes) - len(left), loads, tuple(left))


def _level(desk: _Desk, order: Sequence[Officer], goes: dict[UUID, Officer], why: dict[UUID, str], *, fair: int) -> None:
    """Let firms change hands while two officers of one home lie more than `fair` apart; each firm at most once."""
    homes: dict[int, list[Officer]] = {}
    for one in order:
        homes.setdefault(one.home, []).append(one)
    moved: set[UUID] = set()
    for here in homes.values():
        while len(here) > 1:
            most, least = max(here, key=desk.load), min(here, key=desk.load)
            if desk.load(most) - desk.load(least) <= fair:
                break
            free = [firm for firm in desk.held[most.id] if firm.id not in moved and firm.town in least.towns]
            if not free:
                break
            nearest: Callable[[Firm], tuple[float, int, str]] = lambda firm: (desk.far(least, firm), firm.weight, firm.name)  # noqa: B023, E731
            firm = min(free, key=nearest)
            words = said("{a}手上{n}家，{b}{m}家", a=most.name, n=desk.load(most), b=least.name, m=desk.load(least))
            desk.held[most.id].remove(firm)
            desk.held[least.id].append(firm)
            moved.add(firm.id)
            # A firm that had nobody has one reason, whoever gets it in the end.
            why.setdefault(firm.id, words)
            goes[firm.id] = least
