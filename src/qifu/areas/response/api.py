"""What the areas above may ask: which law holds at a place at an instant, and on whose word.

Everything is dated: `at` decides, so that a day in the past is judged by the law of that day. Nearest place in the
lineage wins; a local version counts only while the rule that it departs from is in force, and a stricter one only with
its approval. Call inside `acting`; `law(region, at)` reads once and answers all questions."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Literal, NamedTuple
from uuid import UUID

from django.db.models import Q

from qifu.kernel import jurisdiction
from qifu.kernel.access import once
from qifu.kernel.calendar.clock import local
from qifu.kernel.language import retold
from qifu.kernel.language import said as _

from . import packs, rules
from .models import ControlArea, Incident, Measure
from .packs import Origin, Pack

__all__ = [
    "AreaGround",
    "Effect",
    "Effects",
    "Item",
    "Law",
    "Origin",
    "RegimeInForce",
    "checklist",
    "decider",
    "effect_providers",
    "effects_preview",
    "essentials",
    "excluded_trades",
    "ground_lifted",
    "holds",
    "incident_at",
    "law",
    "measures",
    "not_before",
    "origin_of",
    "origins",
    "pack_of",
    "priority",
    "regime",
    "same_day",
    "undertaking",
    "words",
    "zone_of",
]

PASS_DAYS = 14
HEARING_HOURS = 24
"""What holds where no measure says anything (DOMAIN W5, E-04; an incident that was declared before a pack said it)."""
Regime = Literal["approval", "filing", "none"]
Decider = Literal["town", "district"]


@dataclass(frozen=True)
class RegimeInForce:
    """How resumption is granted here now. `version_id` is the measure to pin on the application (None: no incident)."""

    code: Regime
    version_id: UUID | None = None
    origin: Origin | None = None
    title: str = ""
    says: str = ""


class Item(NamedTuple):
    """One item of the assessment list: code, group (people, materials, rules), question, department that owns it."""

    code: str
    group: str
    text: str
    department: str
    name: str = ""
    owner: str = ""
    assessor: str = "team"
    required: bool = True
    when: Mapping[str, Any] = {}
    fact: str = ""
    evidence: str = "none"


def origin_of(measure: Measure) -> Origin:
    """Give on whose word a version stands."""
    return Origin(measure.origin_level, measure.origin_issuer, measure.origin_document, measure.origin_article)


def pack_of(incident: Incident) -> Pack:
    """Give the pack of an incident. Refuses PackError."""
    return packs.load(incident.pack)


def incident_at(region: int, at: datetime, *, pack: str = "") -> Incident | None:
    """Give the incident that a place stands under at an instant: the nearest in its lineage, then the latest declared."""
    found = incidents_at(region, at, pack=pack)
    return found[0] if found else None


def incidents_at(region: int, at: datetime, *, pack: str = "") -> list[Incident]:
    """Give all incidents that a place stands under, nearest first."""
    line = jurisdiction.lineage(region, local(at).date())
    found = Incident.objects.filter(region__in=line, declared_at__lte=at).filter(Q(ended_at__isnull=True) | Q(ended_at__gt=at))
    if pack:
        found = found.filter(pack=pack)
    return sorted(found, key=lambda one: (line.index(one.region), -one.declared_at.timestamp()))  # type: ignore[union-attr]


class Law:
    """All that holds at one place at one instant. Two queries at most, made when first asked."""

    def __init__(self, region: int, at: datetime, *, incident: Incident | None = None) -> None:
        self.region, self.at = region, at
        self.incident = incident or incident_at(region, at)
        self.line = jurisdiction.lineage(region, local(at).date())

    @cached_property
    def _rows(self) -> list[Measure]:
        if self.incident is None:
            return []
        found = (
            Measure.objects.filter(incident=self.incident, since__lte=self.at)
            .filter(Q(until__isnull=True) | Q(until__gt=self.at))
            .filter(Q(off_at__isnull=True) | Q(off_at__gt=self.at))
            .order_by("since", "id")
        )
        held = [row for row in found if row.place == 0 or row.place in self.line]
        bases = {row.id: row for row in held}
        return [row for row in held if row.base_id is None or self._allowed(row, bases.get(row.base_id))]

    def _allowed(self, row: Measure, base: Measure | None) -> bool:
        """A local version falls away with its rule; a stricter one never counts without its approval."""
        if base is None:
            return False
        change = rules.compare(row.kind, base.params, row.params)
        return not change.stricter or bool(row.stricter and row.approved_by)

    def _nearness(self, row: Measure) -> tuple[int, int, int, datetime]:
        # Larger wins: nearer place, then what was written for this category, then the local version, then the later.
        near = -self.line.index(row.place) if row.place else -len(self.line)
        return (near, int(bool(row.params.get("categories")) and row.kind == "regime"), int(row.base_id is not None), row.since)

    def candidates(self, kind: str, *, size: str = "", industry: str = "", category: str = "") -> list[Measure]:
        """Give every version of a kind that could apply, the one that wins first."""
        found = [row for row in self._rows if row.kind == kind and _fits(row, size, industry, category)]
        return sorted(found, key=self._nearness, reverse=True)

    def one(self, kind: str, **about: str) -> Measure | None:
        """Give the one version of a kind that applies, or None."""
        found = self.candidates(kind, **about)
        return found[0] if found else None

    def measures(self, kind: str = "") -> list[Measure]:
        """Give one version of each measure in force (regimes also one per category), in the order of the pack."""
        chosen: dict[tuple[str, tuple[str, ...]], Measure] = {}
        for row in sorted((r for r in self._rows if not kind or r.kind == kind), key=self._nearness):
            own = tuple(row.params.get("categories", ())) if row.kind == "regime" else ()
            chosen[row.key, own] = row
        return sorted(chosen.values(), key=lambda row: (_KIND_ORDER.get(row.kind, 99), row.key, row.since))

    # ------------------------------------------------------------------ questions

    def not_before(self, **about: str) -> tuple[datetime, Measure] | None:
        """Give the instant before which nobody but essentials may resume, with the measure that sets it."""
        row = self.one("not_before", **about)
        return (local(rules.instant(row.params["at"])), row) if row else None

    def essentials(self) -> dict[str, str]:
        """Give the categories that may resume earlier: code -> name."""
        row = self.one("essentials")
        return {one["code"]: retold(one["name"]) for one in row.params["categories"]} if row else {}

    def excluded_trades(self) -> tuple[str, ...]:
        """Give the prefixes (GB/T 4754) of the industries that are not accepted now."""
        return tuple(prefix for prefix, _ in self.exclusions())

    def exclusions(self) -> list[tuple[str, Measure]]:
        """Give each excluded prefix with the measure that excludes it."""
        row = self.one("excluded_trades")
        return [(prefix, row) for prefix in row.params["industries"]] if row else []

    def regime(self, category: str = "") -> RegimeInForce:
        """Give how resumption is granted for a category; `none` where no crisis asks for anything."""
        row = self.one("regime", category=category)
        if row is None:
            return RegimeInForce("none")
        return RegimeInForce(row.params["regime"], row.id, origin_of(row), row.title, row.says)

    def decider(self, size: str) -> Decider:
        """Say who decides about an enterprise of a size: the town (or zone), or the district."""
        row = self.one("decides")
        by_size = row.params["by_size"] if row else {}
        return by_size.get(size, "town" if size == "small" else "district")

    def priority(self) -> tuple[list[str], list[str]]:
        """Give the order in which applications are taken, and the levels of lists that go first."""
        row = self.one("priority_scope")
        return (list(row.params["order"]), list(row.params.get("lists", ()))) if row else ([], [])

    def same_day(self) -> dict[str, int]:
        """Give the promise in days by step (accept, assess): 0 is by the end of the same day. {} where none is given."""
        row = self.one("same_day")
        return dict(row.params) if row else {}

    def pass_days(self) -> int:
        """Give how many days a worker's pass holds, the first counted; 14 where no measure says."""
        row = self.one("pass_validity")
        return int(row.params["days"]) if row else PASS_DAYS

    def hearing_hours(self) -> int:
        """Give how long an enterprise may say its word before a decision against it; 24 where no measure says."""
        row = self.one("hearing")
        return int(row.params["hours"]) if row else HEARING_HOURS

    def checklist(self) -> list[Item]:
        """Give the items of the assessment."""
        row = self.one("checklist")
        if row is None:
            return []
        names = row.params.get("departments", {})
        return [
            Item(
                one["code"], one.get("triad", ""), one["ask"], names.get(one.get("owner"), ""),
                one.get("name", ""), one.get("owner", ""), one.get("assessor", "team"), bool(one.get("required")),
                one.get("when") or {}, one.get("fact", ""), one.get("evidence", "none"),
            )
            for one in row.params.get("items", ())
        ]  # fmt: skip

    def undertaking(self, regime: str) -> str:
        """Give the text that must be signed under a regime; '' where none must."""
        row = self.one("undertaking")
        return row.params.get("texts", {}).get(regime, "") if row else ""

    def by_hand(self, regime: str) -> bool:
        """Say whether the undertaking of a regime is taken only with a name written by hand."""
        row = self.one("undertaking")
        return row is not None and regime in row.params.get("by_hand", ())

    @cached_property
    def areas(self) -> list[ControlArea]:
        """Give the areas in force of every incident that this place stands under, the gravest first."""
        if self.incident is None:
            return []
        found = (
            ControlArea.objects.filter(incident__in=incidents_at(self.region, self.at), confirmed_at__lte=self.at, since__lte=self.at)
            .filter(Q(lifted_at__isnull=True) | Q(lifted_at__gt=self.at))
            .select_related("measure")
        )
        return sorted(found, key=lambda area: (-severity(area.measure), area.since, area.name))

    def zone_of(self, site_region: int, site_id: UUID | None = None) -> ControlArea | None:
        """Give the gravest area that a site lies in: by one of its places, or as a site named in the list."""
        line = set(jurisdiction.lineage(site_region, local(self.at).date()))
        return next((a for a in self.areas if line & set(a.places) or (site_id is not None and site_id in a.sites)), None)


def severity(measure: Measure) -> int:
    """Rank an area's measure by what it does to resumption, then by all its effects together."""
    effects, order = measure.params["effects"], list(rules.EFFECTS)
    return 100 * order.index(effects.get("resume", "allow")) + sum(order.index(effect) for effect in effects.values())


_KINDS = "not_before regime essentials excluded_trades decides same_day priority_scope checklist undertaking pass_validity hearing area"
_KIND_ORDER = {kind: number for number, kind in enumerate(_KINDS.split())}


def _fits(row: Measure, size: str, industry: str, category: str) -> bool:
    sizes, industries = row.scope.get("sizes") or (), row.scope.get("industries") or ()
    categories = row.params.get("categories") or () if row.kind == "regime" else ()
    return (
        (not sizes or size in sizes)
        and (not industries or bool(industry and rules.covered(industry, industries)))
        and (not categories or category in categories)
    )


# ---------------------------------------------------------------- the questions, one by one


def law(region: int, at: datetime, *, incident: Incident | None = None) -> Law:
    """Give the law of a place at an instant, to ask several questions of it. Read once in a transaction."""
    return once("response", ("law", region, at, incident and incident.id), lambda: Law(region, at, incident=incident))


def measures(region: int, at: datetime, kind: str = "") -> list[Measure]:
    """Give the measures in force at a place, one version of each."""
    return law(region, at).measures(kind)


def not_before(region: int, at: datetime) -> tuple[datetime, Measure] | None:
    """Give the not-before instant (an instant, exclusive of nothing: at it one may begin) and its measure, or None."""
    return law(region, at).not_before()


def essentials(region: int, at: datetime) -> dict[str, str]:
    """Give the essential categories in force: code -> name."""
    return law(region, at).essentials()


def excluded_trades(region: int, at: datetime) -> list[tuple[str, Measure]]:
    """Give the industry prefixes (GB/T 4754) excluded now, each with the measure that excludes it."""
    return law(region, at).exclusions()


def zone_of(site_region: int, site_id: UUID | None, at: datetime) -> ControlArea | None:
    """Give the gravest control area that a site lies in, or None."""
    return law(site_region, at).zone_of(site_region, site_id)


def decider(region: int, size: str, at: datetime) -> Decider:
    """Say who decides about this size here."""
    return law(region, at).decider(size)


def regime(region: int, category: str, at: datetime) -> RegimeInForce:
    """Give the regime for a category (''), with the version to pin."""
    return law(region, at).regime(category)


def checklist(region: int, at: datetime) -> list[Item]:
    """Give the assessment items in force."""
    return law(region, at).checklist()


def undertaking(region: int, at: datetime, regime: str) -> str:
    """Give the text to be signed."""
    return law(region, at).undertaking(regime)


def priority(region: int, at: datetime) -> tuple[list[str], list[str]]:
    """Give the order of taking applications and the lists that go first."""
    return law(region, at).priority()


def same_day(region: int, at: datetime) -> dict[str, int]:
    """Give the promise in days by step."""
    return law(region, at).same_day()


def words(region: int, at: datetime) -> Mapping[str, str]:
    """Give the pack's words for neutral names (resumption, readiness, plan ...); {} on ordinary days."""
    incident = incident_at(region, at)
    return pack_of(incident).words if incident else {}


def origins(found: Iterable[Measure]) -> list[tuple[str, str]]:
    """Give (badge, sentence) of each origin once, the highest level first."""
    each = {origin_of(measure) for measure in found}
    return [(one.badge, one.says()) for one in sorted(each, key=lambda o: (rules.rank(o.level), o.document))]


# ---------------------------------------------------------------- what an area would do


@dataclass(frozen=True)
class AreaGround:
    """The ground and effects of an area, drawn or still a thought: what the areas above answer about."""

    incident: Incident
    klass: str
    places: tuple[int, ...]
    sites: frozenset[UUID]
    effects: Mapping[str, str]
    at: datetime
    title: str = ""

    @cached_property
    def regions(self) -> tuple[int, ...]:
        """Give every place inside."""
        return tuple(sorted({one for place in self.places for one in jurisdiction.reach(place, local(self.at).date())}))

    def covers(self, region: int, site: UUID | None = None) -> bool:
        """Say whether a site lies inside."""
        return region in self.regions or (site is not None and site in self.sites)


class EffectRow(NamedTuple):
    """One thing that an area touches, and what becomes of it."""

    label: str
    what: str = ""
    url: str = ""


@dataclass(frozen=True)
class Effect:
    """What an area does to one kind of thing: how many, which, and what to do about them."""

    title: str
    rows: Sequence[EffectRow] = ()
    note: str = ""
    total: int | None = None
    """How many there are where `rows` shows only some."""

    @property
    def count(self) -> int:
        return len(self.rows) if self.total is None else self.total


@dataclass(frozen=True)
class Effects:
    """All that an area would do, and what the person who draws it should know before confirming."""

    ground: AreaGround
    parts: tuple[Effect, ...]
    warnings: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        return sum(part.count for part in self.parts)


effect_providers: dict[str, Callable[[AreaGround], Effect | None]] = {}
"""What areas above say an area of control does to them: by name, registered in their AppConfig.ready()."""


def effects_preview(area: ControlArea | AreaGround, at: datetime | None = None) -> Effects:
    """Give what an area does (or would do) to everything that registered; call before confirming and before lifting."""
    ground = area if isinstance(area, AreaGround) else ground_of(area, at or area.since)
    parts = [part for provide in effect_providers.values() if (part := provide(ground)) is not None]
    return Effects(ground, tuple(parts), tuple(_overlaps(ground)))


def ground_of(area: ControlArea, at: datetime) -> AreaGround:
    """Give the ground of a drawn area."""
    return AreaGround(area.incident, area.klass, tuple(area.places), frozenset(area.sites), area.measure.params["effects"], at, area.name)


def ground_lifted(area: UUID, at: datetime) -> AreaGround:
    """Give the ground of an area that was lifted at an instant, for what upper tiers do about it."""
    return ground_of(ControlArea._base_manager.select_related("incident", "measure").get(pk=area), at)


def holds(measure: UUID, at: datetime) -> bool:
    """Say whether a measure is in force at an instant, or yet to begin."""
    row = Measure._base_manager.filter(pk=measure).first()
    return row is not None and (row.ends_at is None or row.ends_at > at)


def _overlaps(ground: AreaGround) -> Iterable[str]:
    """A town drawn in does not draw in the zone that overlaps it: its enterprises belong to the zone (DECISIONS 4)."""
    inside = set(ground.regions)
    for zone in jurisdiction.places(("zone", "park"), local(ground.at).date()):
        shared = [town for town in jurisdiction.covered_by(zone.id) if town in inside]
        if shared and zone.id not in inside:
            names = "、".join(jurisdiction.name(town) for town in shared)
            yield _(
                "{name}与{names}有重叠，登记在开发区名下的场所没有划进来。需要的话，把开发区或其中的场所一并选上。",
                name=zone.name,
                names=names,
            )
