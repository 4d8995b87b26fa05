"""What the actions look up: packs, places, incidents, the ground of a level; each refuses in words."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from qifu.areas.registry.models import Site
from qifu.areas.response import api, levels, packs, rules
from qifu.areas.response.models import Incident, Measure
from qifu.areas.response.packs import Pack
from qifu.areas.response.refusals import NoIncident, NoSuchClass, NoSuchLevel, NoSuchPack, OutsideTheIncident, PreviewStale
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor
from qifu.kernel.calendar.clock import local
from qifu.kernel.language import said as _
from qifu.kernel.values import read_whole


def label(text: str, *, most: int | None = None) -> dict[str, Any]:
    """Give the metadata that names a field in sentences, and says how many characters it holds."""
    return {"label": text} if most is None else {"label": text, "most": most}


def pack_named(code: str) -> Pack:
    """Give a pack. Refuses NoSuchPack with what is wrong with it."""
    try:
        return packs.load(code)
    except packs.PackError as problem:
        raise NoSuchPack(problem.says) from None


def known_level(pack: Pack, code: str) -> None:
    """Refuse NoSuchLevel."""
    if not pack.has_level(code):
        raise NoSuchLevel(_("“{name}”没有“{code}”这个级别，没有改动。", name=pack.name, code=code))


def place_named(given: Any, at: datetime, *, actor: Actor | None = None) -> int:
    """Find a place by code, number or name, within the actor's own places first (a name may stand in two districts).

    Refuses OutsideTheIncident where nothing, or more than one, is meant."""
    text, day = str(given).strip(), local(at).date()
    number = read_whole(text, most=12)
    if number is not None and (coded := jurisdiction.by_code(text, day)):
        return coded.id
    try:
        if number is not None:
            return jurisdiction.place(number, day).id
        own = [hat.place for hat in actor.hats if hat.place] if actor else []
        for within in [*own, None]:
            if found := jurisdiction.by_name(text, within, day):
                return found.id
    except (jurisdiction.UnknownPlace, jurisdiction.AmbiguousPlace) as problem:
        raise OutsideTheIncident(problem.says, fix="从区划列表里选。") from None
    raise OutsideTheIncident(_("没有找到“{text}”这个地方，没有改动。", text=text[:40]), fix="从区划列表里选。")


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
    for one in jurisdiction.lineage(region, local(at).date()):
        if rules.level_of_kind(jurisdiction.place(one, local(at).date()).kind) == level:
            return one
    return 0


def common_place(places: Iterable[int], limit: int, at: datetime) -> int:
    """Give the nearest place above all of these."""
    lines = [jurisdiction.lineage(one, local(at).date()) for one in places]
    return next((one for one in lines[0] if all(one in line for line in lines)), limit)


def as_shown(expect: str, seen: levels.Preview) -> None:
    """Refuse PreviewStale where what would be done is not what was confirmed."""
    if expect and expect != seen.fingerprint:
        raise PreviewStale()


def sites_known(ids: Iterable[UUID]) -> list[Site]:
    """Give open sites within scope. Refuses OutsideTheIncident where one is not there."""
    wanted = list(dict.fromkeys(ids))
    found = {site.id: site for site in Site.objects.filter(pk__in=wanted, closed_at__isnull=True)}
    if missing := len(wanted) - len(found):
        raise OutsideTheIncident(
            _("有{missing}处场所没有找到，可能已经关闭，或不在您的范围内，没有划定。", missing=missing), fix="重新按企业名称找。"
        )
    return [found[id] for id in wanted]
