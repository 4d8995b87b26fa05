"""Lists of key enterprises: published, entered, left. A listed firm shows where its rights come from (FEATURES 1.13)."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from qifu.areas.registry import asking, ledger, queries
from qifu.areas.registry.models import Enterprise, KeyList, KeyListEntry
from qifu.areas.registry.places import region_of
from qifu.areas.registry.terms import KEY_LIST, NothingChanged, WrongOrder
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotFound, require
from qifu.kernel.actions import action
from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.language import listed
from qifu.kernel.language import said as _
from qifu.kernel.schema import bulk
from qifu.kernel.values import uuid7

RIGHT = "registry.key_list"


@dataclass(frozen=True, kw_only=True)
class PublishKeyList:
    """A list as a level of government published it, with its paper, its dates and what it opens."""

    name: str = field(metadata={"label": "名单名称", "most": 80})
    level: Literal["state", "province", "city", "district"] = field(metadata={"label": "级别"})
    since: date = field(metadata={"label": "开始日期"})
    until: date | None = field(default=None, metadata={"label": "截止日期"})
    issuer: str = field(default="", metadata={"label": "发布机关", "most": 80})
    document: str = field(default="", metadata={"label": "文号", "most": 80})
    opens: tuple[Literal["loans", "permits", "early_resumption"], ...] = field(default=(), metadata={"label": "可享受"})
    region: int | None = field(default=None, metadata={"label": "哪里的名单"})


@dataclass(frozen=True, kw_only=True)
class PutOnKeyList:
    """Enterprises that enter a list from a day on."""

    key_list: UUID = field(metadata={"label": "名单"})
    enterprises: tuple[UUID, ...] = field(metadata={"label": "企业"})
    since: date | None = field(default=None, metadata={"label": "列入日期"})


@dataclass(frozen=True, kw_only=True)
class RemoveFromKeyList:
    """An enterprise that leaves a list, with the reason."""

    entry: UUID = field(metadata={"label": "名单上的企业"})
    reason: str = field(metadata={"label": "理由", "most": 200})
    on: date | None = field(default=None, metadata={"label": "移出日期"})


@action("registry.publish_key_list", "建立重点名单")
def publish_key_list(given: PublishKeyList, *, actor: Actor, at: datetime, key: UUID | None = None) -> KeyList:
    """Lay down a list of the place whose office keeps it. Refuses a name twice in one place, dates in the wrong order,
    and a place outside the reach of the hat."""
    require(actor, RIGHT, at=at)
    if given.until is not None and given.until < given.since:
        raise WrongOrder()
    region = region_of(region=given.region, place="", actor=keepers(actor))
    key_list = KeyList(
        id=uuid7(), region=region, district=jurisdiction.district_of(region), name=given.name, level=given.level,
        issuer=given.issuer, document=given.document, opens=list(given.opens), since=given.since, until=given.until,
    )  # fmt: skip
    hat = require(actor, RIGHT, at=at, on=key_list)
    key_list.save(force_insert=True)
    line = ledger.line(key_list, verb="publish", at=at, entered="published", first=True, facets=_facets(key_list))
    ledger.write(KEY_LIST, line, actor=actor, hat=hat, batch=key)
    return key_list


def keepers(actor: Actor) -> Actor:
    """Give the actor with those hats only that keep lists: another hat's place is not where the list belongs."""
    return replace(actor, hats=tuple(hat for hat in actor.hats if RIGHT in hat.rights))


@action("registry.put_on_key_list", "列入重点名单")
def put_on_key_list(given: PutOnKeyList, *, actor: Actor, at: datetime, key: UUID | None = None) -> tuple[UUID, ...]:
    """Put enterprises on a list of one's own place or of one above, set-based. Refuses NotFound outside the reach; one that
    stands there already is refused with its name. Gives the entries in the order of the enterprises."""
    key_list = queries.key_lists(actor).filter(pk=given.key_list).first()
    if key_list is None:
        raise NotFound()
    found = {row.id: row for row in Enterprise.objects.filter(pk__in=given.enterprises, closed_at__isnull=True)}
    if missing := [id for id in given.enterprises if id not in found]:
        raise NotFound(_("有{n}家企业没有找到，或不在您的范围内，一家都没有列入。", n=len(missing)))
    there = KeyListEntry.objects.filter(key_list=key_list, enterprise__in=found, until__isnull=True).select_related("enterprise")
    if names := [entry.enterprise.name for entry in there]:
        raise NothingChanged(_("{names}已经在这份名单上，没有再列一次。", names=listed(names[:3])), fix="去掉已在名单上的再交。")
    since = given.since or at.astimezone(ZONE).date()
    values, lines = [], []
    for id in dict.fromkeys(given.enterprises):
        row = found[id]
        hat = require(actor, RIGHT, at=at, on=row)
        entry = KeyListEntry(id=uuid7(), region=row.region, party=row.id, district=row.district)
        values.append((entry.id, key_list.id, row.id, since, "", row.region, row.id, "", row.district))
        data = {"list": str(key_list.id), "level": key_list.level}
        facets = _facets(key_list)
        line = ledger.line(entry, verb="put_on", at=at, entered="listed", first=True, about=row.id, facets=facets, data=data)
        lines.append((hat, line))
    columns = ("id", "key_list", "enterprise", "since", "reason", "region", "party", "compartment", "district")
    bulk.insert(KeyListEntry, columns, values)
    ledger.write_each(KEY_LIST, lines, actor=actor, batch=key)
    return tuple(row[0] for row in values)


@action("registry.remove_from_key_list", "移出重点名单")
def remove_from_key_list(given: RemoveFromKeyList, *, actor: Actor, at: datetime, key: UUID | None = None) -> KeyListEntry:
    """End an enterprise's place on a list from a day on, with a reason. Refuses WrongOrder, NothingChanged, NotYours."""
    entry = asking.locked(KeyListEntry, given.entry)
    hat = require(actor, RIGHT, at=at, on=entry)
    if entry.until is not None:
        raise NothingChanged("这家企业已经移出名单，没有改动。", fix="刷新看看现在的名单。")
    entry.until = given.on or at.astimezone(ZONE).date()
    if entry.until < entry.since:
        raise WrongOrder("移出的日期早于列入的日期，没有保存。")
    entry.reason = given.reason
    entry.save(update_fields=["until", "reason"])
    facets = _facets(entry.key_list)
    line = ledger.line(entry, verb="remove", at=at, left="listed", entered="removed", first=True, about=entry.enterprise_id, facets=facets)
    ledger.write(KEY_LIST, line, actor=actor, hat=hat, batch=key)
    return entry


def _facets(key_list: KeyList) -> list[str]:
    return [f"level:{key_list.level}"]
