"""Sites of an enterprise: added and closed. A permission follows the site's zone (FEATURES 1.2)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from qifu.areas.registry import asking, bulk, ledger
from qifu.areas.registry.models import Site
from qifu.areas.registry.places import coordinates, region_of
from qifu.areas.registry.terms import SITE, Closed
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotYours
from qifu.kernel.actions import action
from qifu.kernel.values import uuid7


@dataclass(frozen=True, kw_only=True)
class AddSite:
    """Where else the enterprise works. Coordinates are GCJ-02 degrees; without a place it lies where the firm does."""

    enterprise: UUID = field(metadata={"label": "企业"})
    name: str = field(metadata={"label": "场所名称"})
    kind: Literal["production", "office", "warehouse", "canteen", "dormitory", "gate"] = field(
        default="production", metadata={"label": "场所类别"}
    )
    place: str = field(default="", metadata={"label": "镇街或开发区"})
    region: int | None = field(default=None, metadata={"label": "镇街或开发区"})
    address: str = field(default="", metadata={"label": "地址"})
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


@action("registry.add_site", "增加场所")
def add_site(given: AddSite, *, actor: Actor, at: datetime, key: UUID | None = None) -> Site:
    """Add a site, in the enterprise's town or another one. Refuses NotYours where that town lies outside the reach
    (the enterprise itself may add it anywhere), and the same kind and name twice."""
    return Site.objects.get(pk=_add([given], actor=actor, at=at, key=key)[0])


@action("registry.add_sites_many", "增加一份场所名单")
def add_sites_many(given: AddSites, *, actor: Actor, at: datetime, key: UUID | None = None) -> tuple[UUID, ...]:
    """Add a list of sites, set-based; all or none. Gives their ids in the order of the rows."""
    return _add(given.rows, actor=actor, at=at, key=key)


def _add(rows: tuple[AddSite, ...] | list[AddSite], *, actor: Actor, at: datetime, key: UUID | None) -> tuple[UUID, ...]:
    found = {id: asking.open_enterprise(id) for id in sorted({given.enterprise for given in rows})}
    values, lines = [], []
    for given in rows:
        enterprise = found[given.enterprise]
        hat = asking.hat_for(actor, asking.EDIT, asking.OWN, at=at, on=enterprise)
        lat, lon = coordinates(given.lat, given.lon)
        told = given.region is not None or given.place
        region = region_of(region=given.region, place=given.place, actor=actor, near=enterprise.region) if told else enterprise.region
        site = Site(id=uuid7(), region=region, party=enterprise.id, district=jurisdiction.district_of(region))
        if not actor.scope.holds(site):
            raise NotYours(f"{jurisdiction.name(region)}不在您的范围内，没有增加场所。", fix="请企业联系人或那边的经办人增加。")
        values.append(
            (
                site.id, enterprise.id, given.kind, given.name[:80], given.address[:200], lat, lon, True, given.capacity,
                region, enterprise.id, "", site.district,
            )
        )  # fmt: skip
        entry = ledger.line(site, verb="add", at=at, entered="open", first=True, about=enterprise.id, data={"kind": given.kind})
        lines.append((hat, entry))
    columns = (
        "id", "enterprise", "kind", "name", "address", "lat", "lon", "gcj02", "capacity", "region", "party", "compartment", "district",
    )  # fmt: skip
    bulk.insert(Site, columns, values)
    ledger.write_each(SITE, lines, actor=actor, batch=key)
    return tuple(row[0] for row in values)


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
