"""What an enterprise makes and needs, told by itself or by whoever visits it; suppliers elsewhere, kept by the desk."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from qifu.areas.registry import api as registry
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotYours
from qifu.kernel.actions import BadInput, action
from qifu.kernel.calendar.clock import local
from qifu.kernel.documents.numbers import new_code
from qifu.kernel.language import said
from qifu.kernel.values import read_yuan
from qifu.kernel.values.problem import Problem

from .. import queries, refusals
from ..models import Card, Making, Need, Outside
from ..terms import DESK, PER
from ..workflow import MAKINGS, NEEDS, OUTSIDES

MOST = 100_000_000


def _count(value: int, name: str, label: str, *, least: int = 1) -> int:
    if not least <= value <= MOST:
        raise BadInput({name: said("“{label}”填{least}到{most}。", label=label, least=least, most=MOST)})
    return value


def _product(words: str) -> str:
    plain = words.strip()
    if len(plain) < 2:
        raise BadInput({"product": said("“产品”写两个字以上，写行里的叫法。")})
    return plain


@dataclass(frozen=True, kw_only=True)
class Tell:
    """What an enterprise makes. `free` is what it could give to others, in the unit of `capacity`."""

    enterprise: UUID
    product: str = field(metadata={"label": "产品", "most": 60})
    says: str = field(default="", metadata={"label": "规格、材质", "most": 200})
    capacity: int = field(metadata={"label": "产能"})
    unit: str = field(metadata={"label": "单位", "most": 12})
    per: str = field(default="day", metadata={"label": "每多久"})
    free: int = field(metadata={"label": "能给别家多少"})
    shown: bool = field(default=False, metadata={"label": "公开给别的企业看"})


@action("supply.making.tell", "登记产品")
def tell_making(given: Tell, *, actor: Actor, at: datetime, key: UUID | None = None) -> Making:
    """Tell what an enterprise makes; nobody but it and the offices reads it unless it shows it."""
    firm = registry.enterprise(given.enterprise)
    product = _product(given.product)
    capacity, free = _numbers(given.capacity, given.free, given.per)
    making = Making(
        enterprise=firm, product=product, says=given.says.strip(), capacity=capacity, free=free, unit=given.unit.strip(),
        per=given.per, shown=given.shown, teller=actor.name[:80], grams=queries.pieces(f"{product} {given.says}"),
        region=firm.region, party=firm.id, district=firm.district,
    )  # fmt: skip
    making = MAKINGS.open(making, actor=actor, at=at, key=key)
    _show(making, at)
    return making


def _numbers(capacity: int, free: int, per: str) -> tuple[int, int]:
    if per not in PER:
        raise BadInput({"per": said("没有这一项。")})
    _count(capacity, "capacity", str(said("产能")))
    _count(free, "free", str(said("能给别家多少")), least=0)
    if free > capacity:
        raise BadInput({"free": said("能给别家的不能比产能还多。")})
    return capacity, free


def _show(making: Making, at: datetime) -> None:
    """Keep the public card as the maker wants it."""
    stands = making.shown and making.state == "making"
    card = Card.objects.filter(making=making.id, party=making.party).first()
    if card is None and not stands:
        return
    card = card or Card(making=making, region=making.region, party=making.party, district=making.district)
    card.firm, card.product, card.says = making.enterprise.name[:120], making.product, making.says
    card.spare, card.on, card.since, card.grams = queries.spare_of(making)[:60], stands, local(at).date(), making.grams
    card.save()


@dataclass(frozen=True, kw_only=True)
class Change:
    making: UUID
    says: str = field(default="", metadata={"label": "规格、材质", "most": 200})
    capacity: int = field(metadata={"label": "产能"})
    per: str = field(default="day", metadata={"label": "每多久"})
    free: int = field(metadata={"label": "能给别家多少"})
    shown: bool = field(default=False, metadata={"label": "公开给别的企业看"})


@action("supply.making.change", "改产能")
def change_making(given: Change, *, actor: Actor, at: datetime, key: UUID | None = None) -> Making:
    """Change what it makes of a product, and whether everybody sees it."""
    capacity, free = _numbers(given.capacity, given.free, given.per)
    with MAKINGS.move("change", given.making, actor=actor, at=at, key=key) as making:
        making.says, making.capacity, making.free, making.per = given.says.strip(), capacity, free, given.per
        making.shown, making.grams = given.shown, queries.pieces(f"{making.product} {given.says}")
    _show(making, at)
    return making


@dataclass(frozen=True, kw_only=True)
class OfMaking:
    making: UUID


@action("supply.making.end", "不做了")
def end_making(given: OfMaking, *, actor: Actor, at: datetime, key: UUID | None = None) -> Making:
    """Say that it is made no longer; the public card goes with it."""
    with MAKINGS.move("end", given.making, actor=actor, at=at, key=key) as making:
        making.shown = False
    _show(making, at)
    return making


@action("supply.making.again", "又做了")
def make_again(given: OfMaking, *, actor: Actor, at: datetime, key: UUID | None = None) -> Making:
    """Say that it is made again, with the figures of before; it is not shown until somebody says so."""
    with MAKINGS.move("again", given.making, actor=actor, at=at, key=key) as making:
        pass
    return making


@dataclass(frozen=True, kw_only=True)
class Lack:
    """What an enterprise waits for. `workers` and `orders` are what stands still behind it, `since` since when."""

    enterprise: UUID
    product: str = field(metadata={"label": "产品", "most": 60})
    says: str = field(default="", metadata={"label": "规格、材质", "most": 300})
    quantity: int = field(metadata={"label": "要多少"})
    unit: str = field(metadata={"label": "单位", "most": 12})
    by: date = field(metadata={"label": "最晚哪天要"})
    since: date | None = field(default=None, metadata={"label": "从哪天断的"})
    waits_for: str = field(default="", metadata={"label": "原来等谁", "most": 80})
    waits_where: str = field(default="", metadata={"label": "那家在哪里", "most": 40})
    workers: int = field(default=0, metadata={"label": "多少人停着"})
    orders: str = field(default="", metadata={"label": "多少订单等着"})


@action("supply.need.tell", "报缺什么")
def tell_need(given: Lack, *, actor: Actor, at: datetime, key: UUID | None = None) -> Need:
    """Tell a broken link: what is waited for, from whom, and what stands still behind it."""
    firm, today = registry.enterprise(given.enterprise), local(at).date()
    product, quantity = _product(given.product), _count(given.quantity, "quantity", str(said("要多少")))
    workers = _count(given.workers, "workers", str(said("多少人停着")), least=0)
    since = given.since or today
    wrong: dict[str, str] = {}
    if not today <= given.by <= today + timedelta(days=366):
        wrong["by"] = said("“最晚哪天要”选今天到一年以内。")
    if not today - timedelta(days=366) <= since <= today:
        wrong["since"] = said("“从哪天断的”不能晚于今天。")
    if wrong:
        raise BadInput(wrong)
    fen = _fen(given.orders)
    need = Need(
        number=f"GX-{local(at):%m%d}-{new_code()[:4]}", enterprise=firm, office=said("{place}产业链专班", place=_district(firm.region)),
        product=product, says=given.says.strip(), quantity=quantity, unit=given.unit.strip(), by=given.by, since=since,
        waits_for=given.waits_for.strip(), waits_where=given.waits_where.strip(), workers=workers, orders_fen=fen,
        teller=actor.name[:80], grams=queries.pieces(product), region=firm.region, party=firm.id, district=firm.district,
    )  # fmt: skip
    need.facets = list(firm.facets)
    return NEEDS.open(need, actor=actor, at=at, key=key, workers=workers, yuan=fen // 100)


def _fen(text: str) -> int:
    if not text.strip():
        return 0
    read = read_yuan(text)
    if isinstance(read, Problem):
        raise BadInput({"orders": said("“多少订单等着”写 300万 或 280000。")})
    return int(read)


def _district(region: int) -> str:
    found = jurisdiction.by_code(str(jurisdiction.district_of(region)))
    return found.name if found else jurisdiction.name(region)


@dataclass(frozen=True, kw_only=True)
class Words:
    need: UUID
    words: str = field(metadata={"label": "原因", "most": 300})


@action("supply.need.drop", "不要了")
def drop_need(given: Words, *, actor: Actor, at: datetime, key: UUID | None = None) -> Need:
    """Take a need back. Refuses StillTrying while somebody is being asked."""
    if queries.is_trying(NEEDS.lock(given.need).id):
        raise refusals.StillTrying()
    with NEEDS.move("drop", given.need, actor=actor, at=at, key=key) as need:
        need.words = given.words.strip()
    return need


# ------------------------------------------------------------------------------------------------ found elsewhere


@dataclass(frozen=True, kw_only=True)
class Keep:
    place: int = field(metadata={"label": "地区"})
    name: str = field(metadata={"label": "供方名称", "most": 120})
    where: str = field(metadata={"label": "在哪里", "most": 40})
    product: str = field(metadata={"label": "产品", "most": 60})
    says: str = field(default="", metadata={"label": "规格、材质", "most": 200})
    phone: str = field(default="", metadata={"label": "电话", "most": 40})
    source: str = field(metadata={"label": "从哪里知道的", "most": 120})
    found_on: date | None = field(default=None, metadata={"label": "哪天核的"})


@action("supply.outside.keep", "登记外地供方")
def keep(given: Keep, *, actor: Actor, at: datetime, key: UUID | None = None) -> Outside:
    """Keep a supplier that was found elsewhere, with its source and the day on which it was seen."""
    if not any(DESK in hat.rights and hat.place == given.place and hat.valid(at) for hat in actor.hats):
        raise NotYours(right=DESK)
    product, today = _product(given.product), local(at).date()
    if given.found_on is not None and given.found_on > today:
        raise BadInput({"found_on": said("“哪天核的”不能晚于今天。")})
    one = Outside(
        name=given.name.strip(), where=given.where.strip(), product=product, says=given.says.strip(),
        phone=given.phone.strip(), source=given.source.strip(), found_on=given.found_on or today, keeper=actor.name[:80],
        grams=queries.pieces(f"{product} {given.says}"), region=given.place, party=None, district=jurisdiction.district_of(given.place),
    )  # fmt: skip
    return OUTSIDES.open(one, actor=actor, at=at, key=key)


@dataclass(frozen=True, kw_only=True)
class Check:
    supplier: UUID
    source: str = field(metadata={"label": "从哪里知道的", "most": 120})
    phone: str = field(default="", metadata={"label": "电话", "most": 40})


@action("supply.outside.check", "重新核过外地供方")
def check(given: Check, *, actor: Actor, at: datetime, key: UUID | None = None) -> Outside:
    """Say that a supplier elsewhere was seen again today, and where."""
    with OUTSIDES.move("check", given.supplier, actor=actor, at=at, key=key) as one:
        one.source, one.phone, one.found_on = given.source.strip(), given.phone.strip(), local(at).date()
    return one


@dataclass(frozen=True, kw_only=True)
class Gone:
    supplier: UUID
    words: str = field(metadata={"label": "原因", "most": 200})


@action("supply.outside.drop", "外地供方联系不上")
def drop(given: Gone, *, actor: Actor, at: datetime, key: UUID | None = None) -> Outside:
    """Take a supplier elsewhere out of the search."""
    with OUTSIDES.move("drop", given.supplier, actor=actor, at=at, key=key) as one:
        one.words = given.words.strip()
    return one


@dataclass(frozen=True, kw_only=True)
class OfSupplier:
    supplier: UUID


@action("supply.outside.again", "又联系上外地供方")
def reach_again(given: OfSupplier, *, actor: Actor, at: datetime, key: UUID | None = None) -> Outside:
    """Put a supplier elsewhere back into the search, seen today."""
    with OUTSIDES.move("again", given.supplier, actor=actor, at=at, key=key) as one:
        one.words, one.found_on = "", local(at).date()
    return one
