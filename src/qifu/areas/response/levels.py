"""What a level switches: which measures begin, which stop, which stay. Shown before, done after, and the same both times."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from qifu.kernel import jurisdiction
from qifu.kernel.calendar.clock import local
from qifu.kernel.language import listed
from qifu.kernel.language import said as _

from . import rules
from .api import origin_of
from .models import Incident, Measure
from .packs import Definition, Origin, Pack
from .refusals import AddsALayer, BelowTheRule, WrongMeasure


@dataclass(frozen=True)
class Line:
    """One measure of a preview: what it says, where, from when until when, on whose word."""

    title: str
    said: str
    origin: Origin
    place: int
    since: datetime
    until: datetime | None
    why: str = ""
    definition: Definition | None = None
    measure: Measure | None = None
    value: Mapping[str, Any] | None = None

    @property
    def place_name(self) -> str:
        return jurisdiction.name(self.place) if self.place else _("全范围")


@dataclass(frozen=True)
class Preview:
    """What a setting of the level would do. `fingerprint` stands for exactly this; confirming sends it back."""

    level: str
    on: tuple[Line, ...]
    off: tuple[Line, ...]
    stay: tuple[Line, ...]

    @property
    def fingerprint(self) -> str:
        """Give a short digest of what would be switched."""
        on = [[line.definition.slot, line.place, dict(line.value or {})] for line in self.on if line.definition]
        off = sorted(str(line.measure.id) for line in self.off if line.measure)
        return sha256(json.dumps([self.level, on, off], sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def place_level(region: int, at: datetime) -> str:
    """Give the level of the office of a place."""
    return rules.level_of_kind(jurisdiction.place(region, local(at).date()).kind)


def where(definition: Definition, region: int, at: datetime) -> tuple[int, ...]:
    """Give the places inside an incident at which a definition holds: (0,) for everywhere, () for nowhere."""
    if not definition.places:
        return (0,)
    line = jurisdiction.lineage(region, local(at).date())
    found = (jurisdiction.by_code(code, local(at).date()) for code in definition.places)
    return tuple(one.id for one in found if one and (one.id in line or region in jurisdiction.lineage(one.id, local(at).date())))


def adjusted(definition: Definition, adjust: Mapping[str, Any], *, region: int, at: datetime) -> dict[str, Any]:
    """Give the value of a definition with what was filled in at the start (`key.path`: value).

    Refuses what the pack does not offer for filling in, and what would depart from a rule above (AddsALayer)."""
    value = dict(definition.value)
    for path in definition.adjust:
        given = adjust.get(f"{definition.key}.{path}")
        if given in (None, ""):
            continue
        value[path] = plain(given, like=definition.value.get(path))
    if wrong := rules.problems(definition.kind, value):
        raise WrongMeasure(f"“{definition.title}”：{'；'.join(wrong)}。")
    if rules.rank(definition.origin.level) < rules.rank(place_level(region, at)):
        change = rules.compare(definition.kind, definition.value, value)
        if change.stricter:
            raise AddsALayer(
                _(
                    "“{title}”由{says}规定为{said}，没有改动。",
                    title=definition.title,
                    says=definition.origin.says(),
                    said=rules.said(definition.kind, definition.value),
                )
            )
        if change.looser and definition.limits.looser != "free":
            raise BelowTheRule(
                _("“{title}”由{says}规定，本级不能自行放宽，没有改动。", title=definition.title, says=definition.origin.says())
            )
    return value


def plain(given: Any, *, like: Any = None) -> Any:
    """Give a value as JSON holds it: instants as text, a list written as words split at spaces, commas and 、."""
    if isinstance(given, datetime):
        return given.isoformat()
    if isinstance(given, str) and isinstance(like, list):
        return [part for part in given.replace("、", " ").replace("，", " ").replace(",", " ").split() if part]
    if isinstance(given, str) and isinstance(like, str) and _is_instant(like):
        try:
            at = datetime.fromisoformat(given)
        except ValueError:
            return given
        return (at if at.tzinfo else at.replace(tzinfo=rules.instant(like).tzinfo)).isoformat()
    if isinstance(given, Mapping):
        return {str(key): plain(part) for key, part in given.items()}
    if isinstance(given, list | tuple):
        return [plain(part) for part in given]
    return given


def _is_instant(text: str) -> bool:
    try:
        rules.instant(text)
    except ValueError:
        return False
    return True


def preview(
    pack: Pack, region: int, level: str, at: datetime, *, incident: Incident | None = None, adjust: Mapping[str, Any] | None = None
) -> Preview:
    """Say what setting a level would switch on and off and leave as it is; nothing is written."""
    rows = standing(incident, at) if incident else []
    packed = {(row.slot, row.place): row for row in rows if row.slot}
    entered = {(row.key, row.place) for row in rows if not row.slot and row.base_id is None}
    wanted: list[tuple[Definition, int]] = [
        (definition, place)
        for definition in pack.at_level(level)
        if definition.until is None or definition.until > at
        for place in where(definition, region, at)
    ]
    known = {f"{definition.key}.{path}" for definition, _place in wanted for path in definition.adjust}
    if unknown := sorted(key for key, value in (adjust or {}).items() if value not in (None, "") and key not in known):
        raise WrongMeasure(
            _("这一级的措施里，这个地方没有“{names}”可以改，没有改动。", names=listed(unknown)), fix="对一下措施适用的级别和地区。"
        )
    on, keep = [], set()
    for definition, place in wanted:
        row = packed.get((definition.slot, place))
        value = adjusted(definition, adjust or {}, region=region, at=at)
        if row is not None and row.params == value:
            keep.add(row.id)
        elif row is not None and not _asked(definition, adjust):
            # It has been running with its own value (or an older edition of the pack): what runs is not rewritten.
            keep.add(row.id)
        elif (definition.key, place) not in entered:
            since = max(at, definition.since) if definition.since else at
            said = rules.said(definition.kind, value)
            on.append(Line(definition.title, said, definition.origin, place, since, definition.until, definition=definition, value=value))
    off = [row for row in packed.values() if row.id not in keep]
    gone = {row.id for row in off}
    local = [row for row in rows if row.base_id in gone]
    rest = [row for row in rows if row.id not in gone and row not in local]
    return Preview(
        level,
        tuple(on),
        (*(_line(row) for row in off), *(_line(row, why=_("所依据的规定停止，本地调整随之失效")) for row in local)),
        tuple(_line(row, why="" if row.slot or row.base_id else _("上级规定，不随级别变化")) for row in rest),
    )


def _asked(definition: Definition, adjust: Mapping[str, Any] | None) -> bool:
    return any((adjust or {}).get(f"{definition.key}.{path}") not in (None, "") for path in definition.adjust)


def standing(incident: Incident, at: datetime) -> list[Measure]:
    """Give the versions of an incident that hold now or are yet to begin, the oldest first."""
    rows = Measure.objects.filter(incident=incident).order_by("since", "id")
    return [row for row in rows if row.ends_at is None or row.ends_at > at]


def _line(row: Measure, why: str = "") -> Line:
    said = rules.said(row.kind, row.params)
    return Line(row.title, said, origin_of(row), row.place, row.since, row.ends_at, why=why, measure=row, value=row.params)


def titles(lines: Iterable[Line]) -> str:
    """Give the titles of lines once each, for a notice."""
    return listed(dict.fromkeys(line.title for line in lines)) or _("无")
