"""Draw, confirm, change and lift areas."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from qifu.areas.response import api
from qifu.areas.response.models import ControlArea
from qifu.areas.response.process import AREAS
from qifu.areas.response.refusals import NoGround, NothingChanges, OutsideTheIncident
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor
from qifu.kernel.actions import action
from qifu.kernel.calendar.clock import local
from qifu.kernel.language import listed
from qifu.kernel.language import said as _
from qifu.kernel.values import uuid7

from .finding import area_measure, common_place, label, open_incident, place_named, sites_known
from .writing import area_name, at_words, ground_words, tell_area


@dataclass(frozen=True, kw_only=True)
class Draw:
    """An area: a class of the pack, its places by name, code or number, and single sites."""

    klass: str = field(metadata=label("区域类别"))
    document: str = field(metadata=label("文号", most=200))
    places: list[str] = field(default_factory=list, metadata=label("镇街和开发区"))
    sites: list[UUID] = field(default_factory=list, metadata=label("场所"))
    name: str = field(default="", metadata=label("区域名称", most=80))
    since: datetime | None = field(default=None, metadata=label("生效时间"))
    incident: UUID | None = field(default=None, metadata=label("事件"))
    place: str = field(default="", metadata=label("地方"))


@action("response.area.draw", "划定区域")
def draw(given: Draw, *, actor: Actor, at: datetime, key: UUID | None = None) -> ControlArea:
    """Draw an area; it does nothing until it is confirmed. Refuses NoSuchClass, NoGround, OutsideTheIncident."""
    places = tuple(dict.fromkeys(place_named(one, at, actor=actor) for one in given.places))
    if not places and not given.sites:
        raise NoGround()
    sites = sites_known(given.sites)
    ground = [*places, *(site.region for site in sites)]
    home = place_named(given.place, at, actor=actor) if given.place else ground[0]
    incident = open_incident(given.incident, home, at)
    inside = set(jurisdiction.reach(incident.region, local(at).date()))
    if outside := [one for one in ground if one not in inside]:
        raise OutsideTheIncident(
            _("{names}不在“{title}”的范围内，没有划定。", names=listed(jurisdiction.name(one) for one in outside), title=incident.title)
        )
    measure = area_measure(incident, given.klass, at)
    region = common_place(ground, incident.region, at)
    area = ControlArea(
        id=uuid7(), incident=incident, measure=measure, klass=given.klass, places=list(places), sites=[site.id for site in sites],
        name=given.name or area_name(places, measure), document=given.document, since=given.since or at, drawn_by=actor.id,
        region=region, district=incident.district, facets=[f"class:{given.klass}"],
    )  # fmt: skip
    facts = {"klass": given.klass, "document": given.document, "places": len(area.places), "sites": len(area.sites)}
    return AREAS.open(area, actor=actor, at=at, key=key, **facts)


@dataclass(frozen=True, kw_only=True)
class OneArea:
    """One area, and the paper by which something is done to it."""

    area: UUID = field(metadata=label("区域"))
    document: str = field(default="", metadata=label("文号", most=200))


@action("response.area.confirm", "区域生效")
def confirm_area(given: OneArea, *, actor: Actor, at: datetime, key: UUID | None = None) -> ControlArea:
    """Put a drawn area in force, after its effects were shown; how much it touches stands in the record."""
    area = AREAS.lock(given.area)
    effects = api.effects_preview(area, max(area.since, at))
    touched, paper = effects.count, given.document or area.document
    with AREAS.move("confirm", area.id, actor=actor, at=at, key=key, klass=area.klass, document=paper, touched=touched) as fresh:
        fresh.document = paper
    tell_area(
        fresh,
        _(
            "{at_words}起，{ground_words}划为{what}",
            at_words=at_words(max(fresh.since, at)),
            ground_words=ground_words(fresh),
            what=fresh.measure.params.get("short", ""),
        ),
        actor=actor,
        at=at,
    )
    return fresh


@action("response.area.drop", "作废草图")
def drop_area(given: OneArea, *, actor: Actor, at: datetime, key: UUID | None = None) -> ControlArea:
    """Throw a drawn area away; it never held."""
    with AREAS.move("drop", given.area, actor=actor, at=at, key=key, why="dropped") as fresh:
        pass
    return fresh


@action("response.area.lift", "解除区域")
def lift_area(given: OneArea, *, actor: Actor, at: datetime, key: UUID | None = None) -> ControlArea:
    """Lift an area; what it held up can go on."""
    with AREAS.move("lift", given.area, actor=actor, at=at, key=key, document=given.document, why="lifted") as fresh:
        fresh.lift_document = given.document
    tell_area(fresh, _("{at_words}起，{name}解除", at_words=at_words(at), name=fresh.name), actor=actor, at=at)
    return fresh


@dataclass(frozen=True, kw_only=True)
class Reclass:
    """An area is raised or lowered to another class, on the same ground."""

    area: UUID = field(metadata=label("区域"))
    klass: str = field(metadata=label("区域类别"))
    document: str = field(metadata=label("文号", most=200))


@action("response.area.reclass", "调整区域类别")
def reclass(given: Reclass, *, actor: Actor, at: datetime, key: UUID | None = None) -> ControlArea:
    """Change the class of an area: the old one is lifted and a new one follows it at the same instant."""
    old = AREAS.lock(given.area)
    if old.klass == given.klass:
        raise NothingChanges("已经是这一类，没有改动。")
    measure = area_measure(old.incident, given.klass, at)
    with AREAS.move("lift", old.id, actor=actor, at=at, document=given.document, why="reclassed") as lifted:
        lifted.lift_document = given.document
    area = ControlArea(
        id=uuid7(), incident=old.incident, measure=measure, klass=given.klass, places=old.places, sites=old.sites,
        name=area_name(tuple(old.places), measure), document=given.document, since=at, drawn_by=actor.id, follows=lifted,
        region=old.region, district=old.district, facets=[f"class:{given.klass}"],
    )  # fmt: skip
    facts = {"klass": given.klass, "document": given.document, "places": len(area.places), "sites": len(area.sites)}
    AREAS.open(area, actor=actor, at=at, key=key, **facts)
    touched = api.effects_preview(area, at).count
    with AREAS.move("confirm", area.id, actor=actor, at=at, klass=area.klass, document=given.document, touched=touched) as fresh:
        pass
    told = _(
        "{at_words}起，{ground_words}由{what}调整为{now}",
        at_words=at_words(at),
        ground_words=ground_words(fresh),
        what=old.measure.params.get("short", ""),
        now=measure.params.get("short", ""),
    )
    tell_area(fresh, told, actor=actor, at=at)
    return fresh
