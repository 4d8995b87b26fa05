"""The catalogue: an enterprise applies, the office opens and counts; a device is bought, verified, and partly paid."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from qifu.areas.registry import api as registry
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor
from qifu.kernel.actions import BadInput, action
from qifu.kernel.language import said
from qifu.kernel.values import read_yuan
from qifu.kernel.values.problem import Problem

from .. import refusals
from ..models import Order
from ..numbering import district_place, number, scope_of
from ..terms import Offer, catalogue
from ..workflow import ORDERS

MOST_ACCOUNTS, MOST_SETS = 100_000, 1_000


def offer_of(code: str) -> Offer:
    """Give an offer of the pack; refuses NoSuchService."""
    found = catalogue().offers.get(code)
    if found is None:
        raise refusals.NoSuchService()
    return found


def subsidy(offer: Offer, *, sets: int, price_fen: int) -> int:
    """Give what is paid for a purchase, in fen: so much a set, never more than it cost. Source: the offer's `basis`."""
    return min(offer.subsidy_fen * sets, price_fen)


def _count(value: int, name: str, label: str, *, most: int) -> int:
    if not 1 <= value <= most:
        raise BadInput({name: said("“{label}”填1到{most}。", label=label, most=most)})
    return value


@dataclass(frozen=True, kw_only=True)
class Apply:
    enterprise: UUID
    offer: str = field(metadata={"label": "服务"})
    wanted: int = field(default=1, metadata={"label": "要几个"})


@action("services.order.apply", "申请服务")
def apply(given: Apply, *, actor: Actor, at: datetime, key: UUID | None = None) -> Order:
    """Ask for accounts or a device. Refuses AlreadyThere where one is open."""
    offer, firm = offer_of(given.offer), registry.enterprise(given.enterprise)
    wanted = _count(given.wanted, "wanted", said("要几个"), most=MOST_ACCOUNTS if offer.kind == "account" else MOST_SETS)
    office = f"{jurisdiction.name(district_place(firm.region))}{said('企服中心')}"
    one = Order(
        number=number("FW", at), enterprise=firm, offer=offer.code, kind=offer.kind, wanted=wanted, office=office, **scope_of(firm)
    )  # fmt: skip
    one.facets = sorted([f"kind:{offer.kind}", f"offer:{offer.code}"])
    return ORDERS.open(one, actor=actor, at=at, key=key, offer=offer.code, wanted=wanted)


@dataclass(frozen=True, kw_only=True)
class Accounts:
    order: UUID
    accounts: int = field(metadata={"label": "开了几个"})


@action("services.order.open", "开通服务")
def open_order(given: Accounts, *, actor: Actor, at: datetime, key: UUID | None = None) -> Order:
    """Say that it works now, with how many accounts. Refuses NotAnAccount."""
    accounts = _count(given.accounts, "accounts", said("开了几个"), most=MOST_ACCOUNTS)
    with ORDERS.move("open", given.order, actor=actor, at=at, key=key, accounts=accounts) as one:
        one.accounts = accounts
    return one


@action("services.order.more", "加开账号")
def more(given: Accounts, *, actor: Actor, at: datetime, key: UUID | None = None) -> Order:
    """Open further accounts beside those that are open."""
    accounts = _count(given.accounts, "accounts", said("开了几个"), most=MOST_ACCOUNTS)
    with ORDERS.move("more", given.order, actor=actor, at=at, key=key, accounts=accounts) as one:
        one.accounts += accounts
    return one


@dataclass(frozen=True, kw_only=True)
class Of:
    order: UUID


@action("services.order.use", "登记已在用")
def use(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Order:
    """Say that the enterprise uses it."""
    with ORDERS.move("use", given.order, actor=actor, at=at, key=key) as one:
        pass
    return one


@action("services.order.stop", "停用服务")
def stop(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Order:
    """End it; the accounts are taken back."""
    with ORDERS.move("stop", given.order, actor=actor, at=at, key=key) as one:
        pass
    return one


@action("services.order.withdraw", "撤回服务申请")
def withdraw(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Order:
    """Take back what was asked."""
    with ORDERS.move("withdraw", given.order, actor=actor, at=at, key=key) as one:
        pass
    return one


@dataclass(frozen=True, kw_only=True)
class Reason:
    order: UUID
    words: str = field(metadata={"label": "原因", "most": 300})


@action("services.order.decline", "不办服务申请")
def decline(given: Reason, *, actor: Actor, at: datetime, key: UUID | None = None) -> Order:
    """Say no, with the reason."""
    with ORDERS.move("decline", given.order, actor=actor, at=at, key=key) as one:
        one.words = given.words
    return one


def fen_of(text: str, name: str, label: str) -> int:
    """Read an amount that a person typed in yuan (28,000 or 2.8万); refuses BadInput beside the field."""
    found = read_yuan(text)
    if isinstance(found, Problem) or found is None or found <= 0:
        raise BadInput({name: said("“{label}”写成 28000 或 2.8万 这样的钱数。", label=label)})
    return int(found)


@dataclass(frozen=True, kw_only=True)
class Buy:
    order: UUID
    sets: int = field(metadata={"label": "买了几套"})
    price: str = field(metadata={"label": "一共多少钱"})
    invoice: str = field(metadata={"label": "发票号码", "most": 40})


@action("services.order.buy", "登记设备购买")
def buy(given: Buy, *, actor: Actor, at: datetime, key: UUID | None = None) -> Order:
    """Report a purchase with its invoice; an invoice counts once in the whole installation. Refuses NotADevice."""
    sets = _count(given.sets, "sets", said("买了几套"), most=MOST_SETS)
    price = fen_of(given.price, "price", said("一共多少钱"))
    invoice = "".join(ch for ch in given.invoice.upper() if ch.isalnum())
    if not 6 <= len(invoice) <= 40:
        raise BadInput({"invoice": said("“发票号码”照发票上的写，6到40位数字或字母。")})
    with ORDERS.move("buy", given.order, actor=actor, at=at, key=key, sets=sets, fen=price) as one:
        one.sets, one.price_fen, one.invoice, one.words = sets, price, invoice, ""
    return one


@action("services.order.verify", "核实设备购买")
def verify(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Order:
    """Say that the device stands there and the invoice is right; another decides on the money."""
    held = ORDERS.lock(given.order)
    with ORDERS.move("verify", given.order, actor=actor, at=at, key=key, sets=held.sets, fen=held.price_fen) as one:
        one.verifier, one.verifier_name = actor.id, actor.name[:80]
    return one


@action("services.order.send_back", "退回设备购买")
def send_back(given: Reason, *, actor: Actor, at: datetime, key: UUID | None = None) -> Order:
    """Send a purchase back with what does not fit."""
    with ORDERS.move("send_back", given.order, actor=actor, at=at, key=key) as one:
        one.words, one.invoice, one.sets, one.price_fen, one.verifier, one.verifier_name = given.words, "", 0, 0, "", ""
    return one


@action("services.order.subsidise", "给予设备补助")
def subsidise(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Order:
    """Grant the money that the rule gives; nobody types an amount. Refuses NoSubsidy, VerifierDoesNotPay."""
    held = ORDERS.lock(given.order)
    amount = subsidy(offer_of(held.offer), sets=held.sets, price_fen=held.price_fen)
    with ORDERS.move("subsidise", given.order, actor=actor, at=at, key=key, fen=amount, yuan=amount // 100) as one:
        one.subsidy_fen = amount
    return one
