"""Reads of the region tree, from memory: every actor's scope and every row's district are asked here.

A process holds the whole tree (some thousand places) once; `refresh()` drops it when another process has loaded a
newer edition. `on` is a local date; without it the latest version answers.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import Any

from django.db import connections, transaction

from qifu.kernel.language import said as _

ADMINISTRATIVE = ("province", "city", "district", "town", "subdistrict", "village", "grid")
OVERLAPPING = ("zone", "park")
# Longest first: what is cut is the whole suffix.
SUFFIXES = (
    *("街道办事处", "经济技术开发区", "经济开发区", "自治县", "开发区", "街道"),
    *("镇", "乡", "省", "市", "区", "县"),
)


class UnknownPlace(LookupError):
    """No such place; `says` is the sentence for the person."""

    def __init__(self, what: object) -> None:
        self.says = _("没有找到“{what}”这个地方。可从区划列表里选一个。", what=what)
        super().__init__(self.says)


class AmbiguousPlace(LookupError):
    """A name fits several places; `candidates` lists them, `says` names them with their districts."""

    def __init__(self, what: str, candidates: "tuple[PlaceAt, ...]") -> None:
        self.candidates = candidates
        listed = "、".join(full_name(one.id) for one in candidates[:5])
        self.says = _("“{what}”可能是:{listed}。请写全名。", what=what, listed=listed)
        super().__init__(self.says)


@dataclass(frozen=True, slots=True)
class PlaceAt:
    """A place as it was in one version. `since`/`until` are what is known; `note` says what is not."""

    id: int
    number: int
    code: str
    name: str
    kind: str
    parent: int | None
    since: date | None
    until: date | None
    holds_from: date | None
    holds_until: date | None
    note: str

    def holds(self, on: date) -> bool:
        """Tell whether this version answers for the day."""
        after_start = self.holds_from is None or self.holds_from <= on
        return after_start and (self.holds_until is None or on < self.holds_until)

    @property
    def ended(self) -> bool:
        """Tell whether the place is gone (as its last version) or was renamed (as an earlier one)."""
        return self.holds_until is not None


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A place with what is under it, for pickers and menus."""

    place: PlaceAt
    children: "tuple[TreeNode, ...]"


@dataclass(slots=True)
class _Map:
    """The whole tree in memory."""

    edition: int
    versions: dict[int, list[PlaceAt]]
    ties: dict[tuple[int, str], list[int]]
    by_code: dict[str, list[PlaceAt]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[str, list[PlaceAt]] = field(default_factory=lambda: defaultdict(list))
    by_parent: dict[int, list[PlaceAt]] = field(default_factory=lambda: defaultdict(list))
    reaches: dict[tuple[int, date | None], tuple[int, ...]] = field(default_factory=dict)
    lineages: dict[tuple[int, date | None], tuple[int, ...]] = field(default_factory=dict)
    lists: dict[frozenset[str], tuple[PlaceAt, ...]] = field(default_factory=dict)


_lock = Lock()
_held: list[_Map] = []


def short(name: str) -> str:
    """Cut a name to what people say: 江口街道 → 江口, 溪口镇 → 溪口. Two characters at least are kept."""
    for suffix in SUFFIXES:
        if name.endswith(suffix) and len(name) - len(suffix) >= 2:
            return name[: -len(suffix)]
    return name


def forget() -> None:
    """Drop the tree held by this process; the next question reads it again."""
    with _lock:
        _held.clear()


def refresh() -> bool:
    """Drop the tree if the database holds a newer edition; one small query. For the start of a request or job."""
    if _held and _held[0].edition != _read("SELECT coalesce(sum(number), 0) FROM jurisdiction_edition")[0][0]:
        forget()
        return True
    return False


def place(place_id: int, on: date | None = None) -> PlaceAt:
    """Find a place as of a day. A day before its first or after its last version gets the nearest one.

    Refuses UnknownPlace.
    """
    versions = _map().versions.get(place_id)
    if versions is None and refresh():
        versions = _map().versions.get(place_id)
    if not versions:
        raise UnknownPlace(place_id)
    if on is None:
        return versions[-1]
    for version in versions:
        if version.holds(on):
            return version
    first = versions[0]
    return first if first.holds_from is not None and on < first.holds_from else versions[-1]


def is_place(place_id: int) -> bool:
    """Say whether there is, or was, such a place: for a number that somebody typed."""
    return place_id in _map().versions or (refresh() and place_id in _map().versions)


def by_code(code: str, on: date | None = None) -> PlaceAt | None:
    """Find a place by the code that it bears (on that day), else by one that it bore once; None if there is none.

    Nine-digit codes are also taken with the three zeros of the twelve-digit form.
    """
    wanted = str(code).strip()
    if len(wanted) == 12 and wanted.endswith("000"):
        wanted = wanted[:9]
    found = _map().by_code.get(wanted, [])
    if not found:
        return None
    # A code can pass to another place; the one in force answers first, then the latest that bore it.
    best = sorted(found, key=lambda one: (_current(one, on), one.holds_from or date.min))[-1]
    return place(best.id, on)


def named(name: str, within: int | None = None, on: date | None = None) -> tuple[PlaceAt, ...]:
    """List the places that a name may mean, best first: full name before short one, in force before former.

    Former names answer too, so that an old list still finds its place; a name may begin with the places above it
    (奉化区江口街道); `within` keeps to one reach.
    """
    wanted = "".join(name.split())
    return _named(wanted, within, on) or _named_below(wanted, within, on)


def _named(wanted: str, within: int | None, on: date | None) -> tuple[PlaceAt, ...]:
    allowed = None if within is None else frozenset(reach(within))
    ranked: dict[int, tuple[bool, bool]] = {}
    for one in [*_map().by_name.get(wanted, ()), *_map().by_name.get(short(wanted), ())]:
        full = one.name == wanted
        # 溪口镇 is not 溪口街道: a name written with its suffix never means a place of another kind,
        # unless it is one that ended and bears the new suffix now.
        if not full and wanted != short(wanted) and not _was_called(one.id, wanted):
            continue
        if allowed is not None and one.id not in allowed:
            continue
        rank = (full, _current(one, on))
        ranked[one.id] = max(rank, ranked.get(one.id, (False, False)))
    best = max(ranked.values(), default=None)
    order = sorted(ranked, key=lambda one: (ranked[one], -one), reverse=True)
    return tuple(place(one, on) for one in order if ranked[one] == best)


def _named_below(wanted: str, within: int | None, on: date | None) -> tuple[PlaceAt, ...]:
    for cut in range(len(wanted) - 2, 1, -1):
        above = {one.id for one in _map().by_name.get(wanted[:cut], ()) if one.name == wanted[:cut]}
        below = {one.id: one for region in above for one in named(wanted[cut:], region, on)}
        allowed = below.keys() if within is None else below.keys() & set(reach(within))
        if allowed:
            return tuple(below[one] for one in sorted(allowed))
    return ()


def by_name(name: str, within: int | None = None, on: date | None = None) -> PlaceAt | None:
    """Find the one place that a name means, short or full; None if there is none. Refuses AmbiguousPlace."""
    found = named(name, within, on)
    if len(found) > 1:
        raise AmbiguousPlace(name, found)
    return found[0] if found else None


def lineage(region: int, on: date | None = None) -> tuple[int, ...]:
    """List a place and those above it, itself first, the province last."""
    lines = _map().lineages
    key = (region, on)
    if key not in lines:
        ids: list[int] = []
        step: int | None = region
        while step is not None and step not in ids:
            ids.append(step)
            step = place(step, on).parent
        lines[key] = tuple(ids)
    return lines[key]


def reach(region: int, on: date | None = None) -> tuple[int, ...]:
    """List a place and all under it, zones and parks of a district included, in order of id.

    It is the reach of authority: places that ended by that day stay under their last parent, so that rows written
    there are still somebody's; places that came later are not in it. A zone is not in the reach of a town that it
    covers: its enterprises are decided by the zone and counted once.
    """
    reaches = _map().reaches
    key = (region, on)
    if key not in reaches:
        place(region, on)
        ids = {region}
        todo = [region]
        while todo:
            for one in _under(todo.pop(), on, ended=True):
                if one.id not in ids:
                    ids.add(one.id)
                    todo.append(one.id)
        reaches[key] = tuple(sorted(ids))
    return reaches[key]


def children(region: int, on: date | None = None) -> tuple[PlaceAt, ...]:
    """List the places in force directly under one: districts by code, then zones and parks."""
    return tuple(sorted(_under(region, on, ended=False), key=lambda one: (one.kind in OVERLAPPING, one.code, one.id)))


def tree(region: int, on: date | None = None, depth: int | None = None) -> TreeNode:
    """Nest the places in force under one, `depth` rungs deep (all when None)."""
    below = () if depth == 0 else children(region, on)
    deeper = None if depth is None else depth - 1
    return TreeNode(place(region, on), tuple(tree(one.id, on, deeper) for one in below))


def district_of(region: int, on: date | None = None) -> int:
    """Give the six-digit code of the county, city or district that a place belongs to.

    For a zone directly under a city it is the zone's own code; for a city or province its code filled with zeros.
    """
    chain = [place(one, on) for one in lineage(region, on)]
    for one in chain:
        if one.kind == "district" or (one.kind in OVERLAPPING and len(one.code) == 6):
            return int(one.code)
    return int(chain[0].code.ljust(6, "0")[:6])


_named_as_of: ContextVar[date | None] = ContextVar("qifu_named_as_of", default=None)


@contextmanager
def names_of(on: date | None) -> Iterator[None]:
    """Say every place in this block by its name of that day, where no other day is asked for: the rows behind a figure of
    2020 name the towns of 2020, whatever area describes them."""
    mark = _named_as_of.set(on)
    try:
        yield
    finally:
        _named_as_of.reset(mark)


def name(region: int, on: date | None = None) -> str:
    """Give the name of a place on a day."""
    return place(region, on or _named_as_of.get()).name


def full_name(region: int, on: date | None = None) -> str:
    """Give the name with the district before it: 奉化区江口街道."""
    on = on or _named_as_of.get()
    chain = [place(one, on) for one in lineage(region, on)]
    own = chain[0]
    above = next((one.name for one in chain[1:] if one.kind == "district"), "")
    return above + own.name


def covered_by(zone: int) -> tuple[int, ...]:
    """List the towns that a zone covers or overlaps."""
    ties = _map().ties
    return tuple(sorted([*ties.get((zone, "covers"), ()), *ties.get((zone, "overlaps"), ())]))


def predecessors(region: int) -> tuple[int, ...]:
    """List the places that ended and whose ground this one took over, whole or in part."""
    return tuple(sorted(_map().ties.get((region, "follows"), ())))


def history(region: int) -> tuple[PlaceAt, ...]:
    """List all versions of a place, oldest first."""
    place(region)
    return tuple(_map().versions[region])


def places(kinds: Iterable[str] = ADMINISTRATIVE + OVERLAPPING, on: date | None = None) -> tuple[PlaceAt, ...]:
    """List every place in force of the given kinds, by code."""
    wanted, tree = frozenset(kinds), _map()
    if on is None and wanted in tree.lists:
        return tree.lists[wanted]
    found = [one for versions in tree.versions.values() for one in versions if one.kind in wanted and _current(one, on)]
    listed = tuple(sorted(found, key=lambda one: (one.code, one.id)))
    if on is None:
        tree.lists[wanted] = listed
    return listed


def _current(one: PlaceAt, on: date | None) -> bool:
    return not one.ended if on is None else one.holds(on)


def _was_called(place_id: int, wanted: str) -> bool:
    return any(version.name == wanted for version in _map().versions[place_id])


def _under(region: int, on: date | None, *, ended: bool) -> list[PlaceAt]:
    below = _map().by_parent.get(region, [])
    return [one for one in below if _latest(one.id, on) is one and (ended or _current(one, on))]


def _latest(place_id: int, on: date | None) -> PlaceAt | None:
    begun = [one for one in _map().versions[place_id] if on is None or one.holds_from is None or one.holds_from <= on]
    return begun[-1] if begun else None


def _map() -> _Map:
    if not _held:
        with _lock:
            if not _held:
                _held.append(_load())
    return _held[0]


def _load() -> _Map:
    edition = _read("SELECT coalesce(sum(number), 0) FROM jurisdiction_edition")[0][0]
    versions: dict[int, list[PlaceAt]] = defaultdict(list)
    rows = _read(
        "SELECT place_id, number, code, name, kind, parent_id, since, until, holds_from, holds_until, change_note"
        " FROM jurisdiction_placeversion ORDER BY place_id, number"
    )
    for row in rows:
        versions[row[0]].append(PlaceAt(*row))
    ties: dict[tuple[int, str], list[int]] = defaultdict(list)
    for origin, other, kind in _read("SELECT place_id, other_id, kind FROM jurisdiction_placetie"):
        ties[origin, kind].append(other)
    held = _Map(edition, dict(versions), dict(ties))
    for one in (each for line in held.versions.values() for each in line):
        if one.code:
            held.by_code[one.code].append(one)
        held.by_name[one.name].append(one)
        if short(one.name) != one.name:
            held.by_name[short(one.name)].append(one)
        if one.parent is not None:
            held.by_parent[one.parent].append(one)
    return held


def _read(sql: str) -> list[tuple[Any, ...]]:
    connection = connections["default"]
    if connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())
    # An actor's scope is made of places before there is an actor: public rows are read in a transaction of their own.
    with transaction.atomic(using="default"), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', 'qifu_app', true)")
        cursor.execute(sql)
        return list(cursor.fetchall())
