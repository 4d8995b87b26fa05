"""Declare an incident, set its level, end it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from qifu.areas.response import levels
from qifu.areas.response.models import ControlArea, Incident
from qifu.areas.response.process import AREAS, INCIDENTS
from qifu.areas.response.refusals import SameLevel
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, require, require_strong
from qifu.kernel.actions import action
from qifu.kernel.calendar.clock import local
from qifu.kernel.language import said as _
from qifu.kernel.values import uuid7

from .finding import as_shown, known_level, label, pack_named, place_named
from .writing import at_words, stop, switch, tell


@dataclass(frozen=True, kw_only=True)
class Declare:
    """A crisis begins in a place. `adjust` fills in what the pack leaves open: {"not_before.at": "2020-02-10T00:00"}."""

    pack: str = field(metadata=label("事件类别"))
    level: str = field(metadata=label("响应级别"))
    place: str = field(metadata=label("地方"))
    title: str = field(default="", metadata=label("事件名称", most=80))
    document: str = field(default="", metadata=label("依据文件", most=200))
    adjust: dict[str, Any] = field(default_factory=dict, metadata=label("填写的内容"))
    expect: str = field(default="", metadata=label("预览"))


@action("response.declare", "启动响应")
def declare(given: Declare, *, actor: Actor, at: datetime, key: UUID | None = None) -> Incident:
    """Declare an incident at a level; its measures begin. Refuses NoSuchPack, NoSuchLevel, a second open one."""
    require_strong(actor)
    pack, region = pack_named(given.pack), place_named(given.place, at, actor=actor)
    known_level(pack, given.level)
    incident = Incident(
        id=uuid7(), region=region, district=jurisdiction.district_of(region, local(at).date()), pack=pack.code,
        title=given.title or pack.suggested.get("name") or pack.name, level=given.level, level_at=at,
        document=given.document, declared_by=actor.id, facets=[f"pack:{pack.code}"],
    )  # fmt: skip
    hat = require(actor, "response.level", at=at, on=incident)
    seen = levels.preview(pack, region, given.level, at, adjust=given.adjust)
    as_shown(given.expect, seen)
    INCIDENTS.open(incident, actor=actor, at=at, key=key, pack=pack.code, level=given.level, document=given.document, on=len(seen.on))
    switch(incident, seen, before="", document=given.document, actor=actor, hat=hat, at=at)
    name = pack.level(given.level).name
    told = _(
        "{at_words}起，{name}启动{title}{name2}。开始执行：{titles}。",
        at_words=at_words(at),
        name=jurisdiction.name(region),
        title=incident.title,
        name2=name,
        titles=levels.titles(seen.on),
    )
    tell(incident, "level", incident.id, _("启动{title}{name}", title=incident.title, name=name), told, actor=actor, at=at)
    return incident


@dataclass(frozen=True, kw_only=True)
class SetLevel:
    """A new level. `expect` is the fingerprint of the preview that was confirmed."""

    incident: UUID = field(metadata=label("事件"))
    level: str = field(metadata=label("响应级别"))
    document: str = field(default="", metadata=label("依据文件", most=200))
    adjust: dict[str, Any] = field(default_factory=dict, metadata=label("填写的内容"))
    expect: str = field(default="", metadata=label("预览"))


@action("response.level", "调整响应级别")
def set_level(given: SetLevel, *, actor: Actor, at: datetime, key: UUID | None = None) -> Incident:
    """Set the level; measures switch as previewed. Refuses SameLevel, NoSuchLevel, PreviewStale."""
    incident = INCIDENTS.lock(given.incident)
    pack, before = pack_named(incident.pack), incident.level
    known_level(pack, given.level)
    if given.level == before:
        raise SameLevel()
    hat = require(actor, "response.level", at=at, on=incident)
    seen = levels.preview(pack, incident.region, given.level, at, incident=incident, adjust=given.adjust)
    as_shown(given.expect, seen)
    facts: dict[str, Any] = {"level": given.level, "before": before, "document": given.document, "on": len(seen.on), "off": len(seen.off)}
    with INCIDENTS.move("set_level", incident.id, actor=actor, at=at, key=key, **facts) as fresh:
        fresh.level, fresh.level_at = given.level, at
    switch(fresh, seen, before=before, document=given.document, actor=actor, hat=hat, at=at)
    was, now = pack.level(before).name, pack.level(given.level).name
    told = _(
        "{at_words}起，{title}由{was}调整为{now}。开始执行：{titles}。停止执行：{titles2}。",
        at_words=at_words(at),
        title=incident.title,
        was=was,
        now=now,
        titles=levels.titles(seen.on),
        titles2=levels.titles(seen.off),
    )
    tell(fresh, "level", fresh.id, _("{title}调整为{now}", title=incident.title, now=now), told, actor=actor, at=at)
    return fresh


@dataclass(frozen=True, kw_only=True)
class End:
    """The crisis is over."""

    incident: UUID = field(metadata=label("事件"))
    document: str = field(default="", metadata=label("依据文件", most=200))


@action("response.end", "结束响应")
def end(given: End, *, actor: Actor, at: datetime, key: UUID | None = None) -> Incident:
    """End an incident: all its measures lapse, its areas are lifted, what was asked for falls away."""
    incident = INCIDENTS.lock(given.incident)
    hat = require(actor, "response.level", at=at, on=incident)
    rows = levels.standing(incident, at)
    areas = list(ControlArea.objects.filter(incident=incident, state="in_force").values_list("id", flat=True))
    drawn = list(ControlArea.objects.filter(incident=incident, state="drawn").values_list("id", flat=True))
    with INCIDENTS.move("end", incident.id, actor=actor, at=at, key=key, document=given.document, off=len(rows), areas=len(areas)) as fresh:
        pass
    if areas:
        require(actor, "response.zone", at=at, on=incident)
        all_moved(AREAS.move_many("lift", areas, actor=actor, at=at, document=given.document, why="incident_ended"))
    if drawn:
        all_moved(AREAS.move_many("drop", drawn, actor=actor, at=at, why="incident_ended"))
    stop(rows, because="incident_ended", actor=actor, hat=hat, at=at)
    told = _("{at_words}起，{title}响应结束，各项措施停止执行，管理区域解除。", at_words=at_words(at), title=incident.title)
    tell(fresh, "end", fresh.id, _("{title}响应结束", title=incident.title), told, actor=actor, at=at)
    return fresh


def all_moved(moved: Any) -> None:
    for refusal in moved.refused.values():
        raise refusal
