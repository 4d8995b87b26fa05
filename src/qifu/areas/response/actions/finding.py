"""What the actions look up: packs, places, incidents, the ground of a level; each refuses in words."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from qifu.areas.response import api, levels, packs, rules
from qifu.areas.response.models import Incident, Measure
from qifu.areas.response.packs import Pack
from qifu.areas.response.refusals import NoIncident, NoSuchClass, NoSuchLevel, NoSuchPack, OutsideTheIncident, PreviewStale
from qifu.kernel import jurisdiction


def label(text: str) -> dict[str, str]:
    """Give the metadata that names a field in sentences."""
    return {"label": text}


def pack_named(code: str) -> Pack:
    """Give a pack. Refuses NoSuchPack with what is wrong with it."""
    try:
        return packs.load(code)
    except packs.PackError as problem:
        raise NoSuchPack(problem.says) from None


def known_level(pack: Pack, code: str) -> None:
    """Refuse NoSuchLevel."""
    if not pack.has_level(code):
        raise NoSuchLevel(f"“{pack.name}”没有“{code}”这个级别，没有改动。")


def place_named(given: Any, at: datetime) -> int:
    """Find a place by number, code or name. Refuses OutsideTheIncident where nothing, or more than one, is meant."""
    text = str(given).strip()
    found = jurisdiction.by_code(text, at.date()) if text.isdigit() else None
    try:
        if found is None:
            found = jurisdiction.place(int(text), at.date()) if text.isdigit() else jurisdiction.by_name(text, on=at.date())
    except (jurisdiction.UnknownPlace, jurisdiction.AmbiguousPlace) as problem:
        raise OutsideTheIncident(problem.says, fix="从区划列表里选。") from None
    if found is None:
        raise OutsideTheIncident(f"没有找到“{text[:40]}”这个地方，没有改动。", fix="从区划列表里选。")
    return found.id


def open_incident(id: UUID | None, region: int | None, at: datetime) -> Incident:
    """Give an open incident, by id or by the place. Refuses NoIncident."""
    found = Incident.objects.filter(pk=id).first() if id is not None else api.incident_at(region, at) if region is not None else None
    if found is None or found.state != "declared":
        raise NoIncident()
    return found


def area_measure(incident: Incident, klass: str, at: datetime) -> Measure:
    """Give the measure that defines a class of area. Refuses NoSuchClass."""
    for row in api.law(incident.region, at, incident=incident).measures("area"):
        if row.params["area"] == klass:
            return row
    raise NoSuchClass()


def ground_of_level(region: int, level: str, at: datetime) -> int:
    """Give the place above that a level of origin rules; 0 is everywhere."""
    for one in jurisdiction.lineage(region, at.date()):
        if rules.level_of_kind(jurisdiction.place(one, at.date()).kind) == level:
            return one
    return 0


def common_place(places: Iterable[int], limit: int, at: datetime) -> int:
    """Give the nearest place above all of these."""
    lines = [jurisdiction.lineage(one, at.date()) for one in places]
    return next((one for one in lines[0] if all(one in line for line in lines)), limit)


def as_shown(expect: str, seen: levels.Preview) -> None:
    """Refuse PreviewStale where what would be done is not what was confirmed."""
    if expect and expect != seen.fingerprint:
        raise PreviewStale()
