"""A local version of a rule before it is written: how it departs, and whether its limits allow that."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from qifu.areas.response import api, levels, packs, rules
from qifu.areas.response.models import Incident, Measure
from qifu.areas.response.packs import Limits
from qifu.areas.response.refusals import (
    AddsALayer,
    BelowTheRule,
    InThePast,
    NoSuchMeasure,
    NothingChanges,
    NotYourLevel,
    OutsideTheIncident,
    TooLong,
    WrongMeasure,
)
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, Hat, require
from qifu.kernel.calendar.clock import local
from qifu.kernel.language import listed
from qifu.kernel.language import said as _

from .finding import label, open_incident, place_named
from .writing import put, tell_measure, version_of

_SLACK = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class SetMeasure:
    """A local version of a measure in force. `value` holds only what differs."""

    key: str = field(metadata=label("措施"))
    place: str = field(metadata=label("地方"))
    value: dict[str, Any] = field(metadata=label("内容"))
    incident: UUID | None = field(default=None, metadata=label("事件"))
    reason: str = field(default="", metadata=label("原因", most=300))
    since: datetime | None = field(default=None, metadata=label("生效时间"))
    until: datetime | None = field(default=None, metadata=label("到期时间"))
    document: str = field(default="", metadata=label("依据文件", most=200))


@dataclass(frozen=True)
class Departure:
    """A local version before it is written: from which rule, to which value, and what its limits say of it."""

    incident: Incident
    base: Measure
    place: int
    level: str
    params: Mapping[str, Any]
    change: rules.Change
    since: datetime
    until: datetime | None

    @property
    def policy(self) -> str:
        """free, approval or forbidden."""
        limits = Limits.of(self.base.limits)
        if self.change.stricter:
            return limits.stricter
        return limits.looser if self.change.looser else "free"


def departure_of(given: SetMeasure, *, actor: Actor, at: datetime) -> Departure:
    """Judge what was asked for against the rule in force; writes nothing.

    Refuses OutsideTheIncident, InThePast, NoSuchMeasure, WrongMeasure, NothingChanges.
    """
    place = place_named(given.place, at, actor=actor)
    incident = open_incident(given.incident, place, at)
    if incident.region not in jurisdiction.lineage(place, local(at).date()):
        raise OutsideTheIncident()
    since = given.since or at
    if since < at - _SLACK:
        raise InThePast()
    base = rule_above(incident, place, given.key, list(given.value.get("categories") or ()), since)
    if base is None:
        raise NoSuchMeasure()
    value = {name: levels.plain(part, like=base.params.get(name)) for name, part in given.value.items()}
    if unknown := value.keys() - base.params.keys() - {"categories"}:
        raise WrongMeasure(_("“{title}”没有“{names}”这一项，没有改动。", title=base.title, names=listed(sorted(unknown))))
    params = {**base.params, **value}
    if wrong := rules.problems(base.kind, params):
        raise WrongMeasure(_("“{title}”：{names}，没有改动。", title=base.title, names=listed(wrong, "；")))
    change = rules.compare(base.kind, base.params, params)
    if params == base.params:
        raise NothingChanges()
    level = levels.place_level(place, at)
    return Departure(incident, base, place, level, params, change, since, given.until or longest(base, since))


def rule_above(incident: Incident, place: int, key: str, categories: list[str], at: datetime) -> Measure | None:
    """Give the rule that a local version at a place departs from: the nearest that is no local version of that place."""
    law = api.law(place, at, incident=incident)
    kinds = {row.kind for row in law._rows if row.key == key}
    found = [
        row
        for kind in kinds
        for row in law.candidates(kind, category=categories[0] if len(categories) == 1 else "")
        if row.key == key and not (row.base_id is not None and row.place == place)
    ]
    # A version of a place above that departs from the same rule is itself no licence to depart further.
    return next((row for row in found if row.base_id is None), None)


def longest(base: Measure, since: datetime) -> datetime | None:
    """Give the last instant that the limits allow."""
    days = Limits.of(base.limits).max_days
    return since + timedelta(days=days) if days else None


def may_set(departure: Departure, actor: Actor, at: datetime) -> Hat:
    """Give the hat that may set measures at the place."""
    probe = Measure(region=departure.place, district=departure.incident.district)
    return require(actor, "response.measure", at=at, on=probe)


def within_limits(departure: Departure) -> None:
    """Refuse what the rule does not allow this level at all: AddsALayer, NotYourLevel, BelowTheRule, TooLong."""
    base, limits, origin = departure.base, Limits.of(departure.base.limits), api.origin_of(departure.base)
    if departure.change.stricter and (limits.stricter == "forbidden" or departure.level not in limits.by):
        raise adds_a_layer(departure)
    if departure.level not in limits.by:
        raise NotYourLevel(
            _(
                "“{title}”由{says}规定，没有授权{level_words}一级调整，没有改动。",
                title=base.title,
                says=origin.says(),
                level_words=rules.LEVEL_WORDS[departure.level],
            )
        )
    if departure.change.looser and not departure.change.stricter and limits.looser == "forbidden":
        raise BelowTheRule(_("“{title}”由{says}规定，不许下级放宽，没有改动。", title=base.title, says=origin.says()))
    if limits.max_days and departure.until and departure.until - departure.since > timedelta(days=limits.max_days):
        raise TooLong(_("“{title}”的本地调整最长{max_days}天，没有改动。", title=base.title, max_days=limits.max_days))


def adds_a_layer(departure: Departure) -> AddsALayer:
    """Give the refusal that names the rule above and its origin."""
    base, origin = departure.base, api.origin_of(departure.base)
    says = _(
        "“{title}”由{says}规定为“{said}”，这样改更严，没有改动。",
        title=base.title,
        says=origin.says(),
        said=rules.said(base.kind, base.params),
    )
    if Limits.of(base.limits).stricter == "forbidden" or departure.level not in Limits.of(base.limits).by:
        return AddsALayer(says, fix="这项规定不许下级加严，按规定执行。", measure=base.id)
    return AddsALayer(says, measure=base.id)


def set_local(departure: Departure, *, document: str, reason: str, actor: Actor, hat: Hat, at: datetime, key: UUID | None) -> Measure:
    """Write a local version and tell of it; its id is the key, so that a second delivery finds it."""
    origin = packs.Origin(departure.level, jurisdiction.name(departure.place), document)
    made = version_of(
        departure.incident, departure.base, place=departure.place, region=departure.place, params=departure.params, since=departure.since,
        until=departure.until, origin=origin, reason=reason, stricter=False, local=True, at=at, set_by=(actor.id, actor.name),
    )  # fmt: skip
    made.id = key or made.id
    put(made, actor=actor, hat=hat, at=at)
    tell_measure(made, "", actor=actor, at=at)
    return made
