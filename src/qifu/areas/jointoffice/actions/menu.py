"""The menu: what goes on it, what is changed, what is taken off."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from qifu.areas.casework import api as casework
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotYours
from qifu.kernel.actions import BadInput, action
from qifu.kernel.language import said

from ..models import Item
from ..terms import MENU
from ..workflow import ITEMS

MOST_DAYS = 60


@dataclass(frozen=True, kw_only=True)
class Offer:
    place: int = field(metadata={"label": "地区"})
    name: str = field(metadata={"label": "服务", "most": 40})
    says: str = field(metadata={"label": "办什么", "most": 200})
    office: str = field(metadata={"label": "谁来办"})
    brings: str = field(default="", metadata={"label": "企业备什么", "most": 200})
    days: int = field(default=5, metadata={"label": "几个工作日"})


@action("jointoffice.item.offer", "上菜单")
def offer(given: Offer, *, actor: Actor, at: datetime, key: UUID | None = None) -> Item:
    """Put a service on the menu of one's own place; every enterprise below it may order it from now on."""
    if not any(MENU in hat.rights and hat.place == given.place and hat.valid(at) for hat in actor.hats):
        raise NotYours(right=MENU)
    office = office_of(given.office, given.place, at=at)
    item = Item(
        name=given.name.strip(), says=given.says.strip(), office=office.code, office_name=office.name[:80],
        brings=given.brings.strip(), days=_days(given.days),
        region=given.place, party=None, district=jurisdiction.district_of(given.place),
    )  # fmt: skip
    return ITEMS.open(item, actor=actor, at=at, key=key)


def office_of(code: str, region: int, *, at: datetime) -> casework.Office:
    """Give an office that takes work from this place; refuses one that does not."""
    found = next((one for one in casework.offices_for(region, at=at) if one.code == code), None)
    if found is None:
        raise BadInput({"office": said("没有这个单位，或那里没有人能办。")})
    return found


def _days(days: int) -> int:
    if not 1 <= days <= MOST_DAYS:
        raise BadInput({"days": said("“几个工作日”填1到{n}。", n=MOST_DAYS)})
    return days


@dataclass(frozen=True, kw_only=True)
class Change:
    item: UUID
    says: str = field(metadata={"label": "办什么", "most": 200})
    office: str = field(metadata={"label": "谁来办"})
    brings: str = field(default="", metadata={"label": "企业备什么", "most": 200})
    days: int = field(default=5, metadata={"label": "几个工作日"})


@action("jointoffice.item.change", "改菜单")
def change(given: Change, *, actor: Actor, at: datetime, key: UUID | None = None) -> Item:
    """Change what a service is; its name stays, since orders and people know it by that."""
    days = _days(given.days)
    with ITEMS.move("change", given.item, actor=actor, at=at, key=key) as item:
        office = office_of(given.office, item.region, at=at)
        item.says, item.office, item.office_name = given.says.strip(), office.code, office.name[:80]
        item.brings, item.days = given.brings.strip(), days
    return item


@dataclass(frozen=True, kw_only=True)
class TakeOff:
    item: UUID
    words: str = field(metadata={"label": "原因", "most": 200})


@action("jointoffice.item.take_off", "撤下菜单")
def take_off(given: TakeOff, *, actor: Actor, at: datetime, key: UUID | None = None) -> Item:
    """Take a service off the menu; what was ordered stays ordered."""
    with ITEMS.move("take_off", given.item, actor=actor, at=at, key=key) as item:
        item.why_off = given.words.strip()
    return item


@dataclass(frozen=True, kw_only=True)
class Of:
    item: UUID


@action("jointoffice.item.put_back", "重新上菜单")
def put_back(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Item:
    """Put a service back on the menu."""
    with ITEMS.move("put_back", given.item, actor=actor, at=at, key=key) as item:
        item.why_off = ""
    return item
