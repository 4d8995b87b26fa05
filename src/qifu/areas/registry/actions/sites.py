"""Sites of an enterprise: added and closed. A permission follows the site's zone (FEATURES 1.2)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from qifu.areas.registry import asking, ledger
from qifu.areas.registry.models import Enterprise, Site
from qifu.areas.registry.places import coordinates, region_of
from qifu.areas.registry.terms import SITE, Closed, NothingChanged
from qifu.kernel import jurisdiction
from qifu.kernel.access import ActionRefused, Actor, Hat, NotFound, NotYours
from qifu.kernel.actions import action
from qifu.kernel.language import said as _
from qifu.kernel.schema import bulk
from qifu.kernel.values import uuid7


@dataclass(frozen=True, kw_only=True)
class AddSite:
    """Where else the enterprise works. Coordinates are GCJ-02 degrees; without a place it lies where the firm does."""

    enterprise: UUID = field(metadata={"label": "企业"})
    name: str = field(metadata={"label": "场所名称", "most": 80})
    kind: Literal["production", "office", "warehouse", "canteen", "dormitory", "gate"] = field(
        default="production", metadata={"label": "场所类别"}
    )
    place: str = field(default="", metadata={"label": "镇街或开发区"})
    region: int | None = field(default=None, metadata={"label": "镇街或开发区"})
    address: str = field(default="", metadata={"label": "地址", "most": 200})
    lat: str = field(default="", metadata={"label": "纬度"})
    lon: str = field(default="", metadata={"label": "经度"})
    capacity: int | None = field(default=None, metadata={"label": "可容纳人数"})


@dataclass(frozen=True, kw_only=True)
class AddSites:
    """Sites of many enterprises, in the order of a list."""

    rows: tuple[AddSite, ...] = field(metadata={"label": "场所"})


@dataclass(frozen=True, kw_only=True)
class CloseSite:
    """A site where nobody works any more."""

    site: UUID = field(metadata={"label": "场所"})


@dataclass(frozen=True)
class Added:
    """What became of the rows: per row the site's id (an old one where it stands already), and refusals by row."""

    created: int = 0
    unchanged: int = 0
    ids: tuple[UUID | None, ...] = ()
    refused: dict[int, str] = field(default_factory=dict)


@action("registry.add_site", "增加场所")
def add_site(given: AddSite, *, actor: Actor, at: datetime, key: UUID | None = None) -> Site:
    """Add a site, in the enterprise's town or another one. Refuses NotYours where that town lies outside the reach
    (the enterprise itself may add it anywhere), and the same kind and name twice."""
    done = add([given], actor=actor, at=at, batch=key, strict=True)
    if not done.created:
        raise NothingChanged("这家企业已有一个同名的同类场所，没有再加一个。", fix="换一个名称，或在原来那条上改。")
    return Site.objects.get(pk=done.ids[0])


@action("registry.add_sites_many", "增加一份场所名单")
def add_sites_many(given: AddSites, *, actor: Actor, at: datetime, key: UUID | None = None) -> Added:
    """Add a list of sites, set-based; a refused row leaves no trace."""
    return add(given.rows, actor=actor, at=at, batch=key)


def add(rows: Sequence[AddSite], *, actor: Actor, at: datetime, batch: UUID | None = None, strict: bool = False) -> Added:
    """Add sites inside the open transaction. With `strict` the first refusal is raised."""
    firms = {row.id: row for row in Enterprise.objects.filter(pk__in={given.enterprise for given in rows}, closed_at__isnull=True)}
    columns = ("enterprise_id", "kind", "name", "id")
    there = {tuple(row[:3]): row[3] for row in Site.objects.filter(enterprise__in=firms, closed_at__isnull=True).values_list(*columns)}
    values, pairs, refused, unchanged = [], [], {}, 0
    ids: list[UUID | None] = [None] * len(rows)
    for index, given in enumerate(rows):
        try:
            site, hat = _site(given, firms.get(given.enterprise), actor=actor, at=at)
        except ActionRefused as refusal:
            if strict:
                raise
            refused[index] = refusal.says
            continue
        mark = (site.enterprise_id, site.kind, site.name)
        ids[index] = there.get(mark, site.id)
        if mark in there:
            unchanged += 1
            continue
        there[mark] = site.id
        values.append([getattr(site, name) for name in _ATTRIBUTES])
        line = ledger.line(site, verb="add", at=at, entered="open", first=True, about=given.enterprise, data={"kind": given.kind})
        pairs.append((hat, line))
    bulk.insert(Site, [name.removesuffix("_id") for name in _ATTRIBUTES], values)
    ledger.write_each(SITE, pairs, actor=actor, batch=batch)
    return Added(len(values), unchanged, tuple(ids), refused)


_ATTRIBUTES = (
    "id", "enterprise_id", "kind", "name", "address", "lat", "lon", "gcj02", "capacity", "region", "party", "compartment", "district",
)  # fmt: skip


def _site(given: AddSite, firm: Enterprise | None, *, actor: Actor, at: datetime) -> tuple[Site, Hat]:
    if firm is None:
        raise NotFound("没有找到这家企业，或不在您的范围内，没有登记。")
    hat = asking.hat_for(actor, asking.EDIT, asking.OWN, at=at, on=firm)
    lat, lon = coordinates(given.lat, given.lon)
    told = given.region is not None or given.place
    region = region_of(region=given.region, place=given.place, actor=actor, near=firm.region) if told else firm.region
    site = Site(
        id=uuid7(), enterprise=firm, kind=given.kind, name=given.name, address=given.address, lat=lat, lon=lon,
        capacity=given.capacity, region=region, party=firm.id, district=jurisdiction.district_of(region),
    )  # fmt: skip
    if not actor.scope.holds(site):
        raise NotYours(_("{name}不在您的范围内，没有增加场所。", name=jurisdiction.name(region)), fix="请企业联系人或那边的经办人增加。")
    return site, hat


@action("registry.close_site", "停用场所")
def close_site(given: CloseSite, *, actor: Actor, at: datetime, key: UUID | None = None) -> Site:
    """Close a site; refuses Closed where it is already, NotYours."""
    site = asking.locked(Site, given.site)
    hat = asking.hat_for(actor, asking.EDIT, asking.OWN, at=at, on=site)
    if site.closed_at is not None:
        raise Closed("这个场所已经停用，没有改动。", fix="刷新看看现在的场所。")
    site.closed_at = at
    site.save(update_fields=["closed_at"])
    line = ledger.line(site, verb="close", at=at, left="open", entered="closed", first=True, about=site.enterprise_id)
    ledger.write(SITE, line, actor=actor, hat=hat, batch=key)
    return site
