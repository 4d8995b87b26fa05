"""The three kinds of request as pages draw them: facts, questions of each act, who sees what. One table for desk and phone."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.urls import reverse

from qifu.kernel import jurisdiction
from qifu.kernel.booking import slots
from qifu.kernel.booking.models import Slot
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local
from qifu.kernel.language import said
from qifu.kernel.values import in_yuan
from qifu.ui import acts
from qifu.ui.acts import Asks, Fields, Sort
from qifu.ui.parts import Clock, Fact, Field, Option, State
from qifu.ui.words import date_of, say_day, say_moment

from .. import queries
from ..actions.appointments import FILL_BEFORE, MISSED, places_for
from ..actions.orders import offer_of, subsidy
from ..models import Appointment, Certificate, Order
from ..terms import CHANNELS, HOLDING, TONES, catalogue
from ..workflow import APPOINTMENTS, CERTIFICATES, ORDERS

WAIT = "wait:"
"""Before the id of a full time that is chosen to wait for."""


def line_of(one: Any) -> str:
    """Say whose it is, its number and in which town."""
    return f"{one.enterprise.name} · {one.number} · {jurisdiction.name(one.region)}"


def desk_href(one: Any) -> str:
    """Give the page of a request at the desk."""
    return reverse(f"services:desk_{path_of(one)}", args=[one.id])


def own_href(one: Any, firm: str = "") -> str:
    """Give the page of a request for its own enterprise."""
    return reverse(f"services:own_{path_of(one)}", args=[one.id]) + (f"?firm={firm}" if firm else "")


def _unsaid(one: Appointment) -> State | None:
    """A visit that is over and has no outcome asks for it."""
    over = one.state in HOLDING and one.ends_at is not None and one.ends_at <= clock.now()
    return State(said("等登记结果"), "ask") if over else None


def _waits(one: Appointment) -> Clock | None:
    """Draw the deadline of what waits for an office; the clock of a reminder is nobody's."""
    return None if one.state in HOLDING else acts.clock_of(one)


def _area(name: str, label: str, hint: str = "", *, most: int = 300, needed: bool = True) -> Field:
    return Field(name, label, "area", hint=hint, max_length=most, required=needed)


# ------------------------------------------------------------------------------------------------ appointments


def time_of(one: Any, at: datetime) -> str:
    """Say a time as people do: 2月18日（周二）09:00—10:00."""
    if one.starts_at is None:
        return said("还没有选")
    return said("{start}—{end:%H:%M}", start=say_moment(one.starts_at, at=at, style="full"), end=local(one.ends_at))


def slot_options(service: str, region: int, at: datetime) -> list[Option]:
    """Give the times that may be chosen in the next three weeks, with what is left; full ones are left out."""
    found = slots.ahead(service, places=places_for(region), since=at, until=at + timedelta(days=21))
    return [
        Option(
            str(one.id),
            said("{start}—{end:%H:%M}", start=say_moment(one.starts_at, at=at, style="full"), end=local(one.ends_at)),
            left(one),
        )
        for one in found
        if one.free
    ][:40]


def slot_days(service: str, region: int, at: datetime, *, chosen: str = "") -> list[SimpleNamespace]:
    """Give the days of the next three weeks with their times, full ones too, so that nobody looks for what is gone."""
    days: dict[Any, list[SimpleNamespace]] = {}
    for one in slots.ahead(service, places=places_for(region), since=at, until=at + timedelta(days=21))[:120]:
        word = f"{local(one.starts_at):%H:%M}—{local(one.ends_at):%H:%M}"
        mine = SimpleNamespace(
            id=str(one.id), word=word, free=one.free, on=chosen in (str(one.id), f"{WAIT}{one.id}"), starts=one.starts_at,
            line=one.waiting, wait=f"{WAIT}{one.id}" if one.starts_at > at + FILL_BEFORE else "",
        )  # fmt: skip
        days.setdefault(local(one.starts_at).date(), []).append(mine)
    return [
        SimpleNamespace(word=say_day(found[0].starts, at=at), slots=found, free=sum(one.free for one in found))
        for found in list(days.values())[:10]
    ]


def full_options(service: str, region: int, at: datetime) -> list[Option]:
    """Give the full times of the next three weeks for which one may stand in line."""
    found = slots.ahead(service, places=places_for(region), since=at + FILL_BEFORE, until=at + timedelta(days=21))
    return [
        Option(
            str(one.id),
            said("{start}—{end:%H:%M}", start=say_moment(one.starts_at, at=at, style="full"), end=local(one.ends_at)),
            said("候补{n}家", n=one.waiting),
        )
        for one in found
        if not one.free
    ][:40]


def _lines(one: Appointment, at: datetime) -> list[Field]:
    options = full_options(one.service, one.region, at)
    hint = "" if options else said("没有约满的时段，不用候补，直接选时间")
    return [Field("line", said("候补哪个时段"), "choice", hint=hint, options=options)]


def place_word(place: int) -> str:
    """Say the place in a line."""
    return said("候补第{n}位", n=place)


def left(one: Slot) -> str:
    """Say how many places are left."""
    return said("还能约{n}家", n=one.free)


def _slots(label: str, *, needed: bool) -> Fields:
    def fields(one: Appointment, at: datetime) -> list[Field]:
        options = slot_options(one.service, one.region, at)
        hint = "" if options else said("这三周都约满了，或者还没有开时段")
        found = [Field("slot", label, "choice", hint=hint, options=options, required=needed and bool(options))]
        return found if needed else [*found, _area("words", said("说明"), said("对方看得到"), needed=False)]

    return fields


def _appointment_facts(one: Appointment, at: datetime) -> list[Fact]:
    service = catalogue().services.get(one.service)
    waits = f"{said('候补')} {say_moment(one.waits_for.starts_at, at=at, style='full')}" if one.waits_for else ""
    found = [
        Fact(said("时间"), waits or time_of(one, at)),
        Fact(said("单位"), one.office),
        Fact(said("什么事"), str(service.topics.get(one.topic, "")) if service else ""),
        Fact(said("怎么约的"), said("{channel}，{name}", channel=CHANNELS.get(one.channel, ""), name=one.asked_by)),
    ]
    if place := queries.places_in_line([one]).get(one.id):
        found.insert(1, Fact(said("排到第几"), place_word(place), note=said("有人退出来，排第1位的补上，马上发短信通知")))
    if one.wants:
        found.append(Fact(said("说一句"), one.wants))
    if one.outcome:
        word = MISSED.get(one.outcome) or (service.outcomes.get(one.outcome, "") if service else "")
        found.append(Fact(said("结果"), str(word)))
    if one.words:
        found.append(Fact(said("说明"), one.words))
    if service:
        found.append(Fact(said("电话"), service.phone, href=f"tel:{service.phone}"))
    return found


def _outcomes(one: Appointment, at: datetime) -> list[Field]:
    service = catalogue().services[one.service]
    return [
        Field("outcome", said("结果"), "choice", options=[Option(code, str(word)) for code, word in service.outcomes.items()]),
        _area("words", said("说了什么"), said("企业看得到，写清要改哪几处"), most=500, needed=False),
    ]


def _missed(one: Appointment, at: datetime) -> list[Field]:
    return [
        Field("why", said("为什么"), "choice", options=[Option(code, word) for code, word in MISSED.items()]),
        _area("words", said("说明"), needed=False),
    ]


APPOINTMENT = Sort(
    APPOINTMENTS, "appointment", TONES, line=line_of, desk=desk_href, own=own_href, clock=_waits, instead=_unsaid,
    title=lambda one: str(catalogue().services[one.service].name) if one.service in catalogue().services else one.number,
    facts=_appointment_facts,
    asks={
        "accept": Asks(primary=said("受理")),
        "decline": Asks(lambda one, at: [_area("words", said("原因"), said("写清不归这里办的，该找谁"))], said("不受理"), danger=True),
        "book": Asks(_slots(said("选时间"), needed=True), said("选时间约上")),
        "wait": Asks(_lines, said("排候补")),
        "unwait": Asks(primary=said("不候补了")),
        "free": Asks(_slots(said("换到什么时间"), needed=False), said("改约")),
        "serve": Asks(_outcomes, said("登记结果")),
        "miss": Asks(_missed, said("登记没约成")),
        "again": Asks(primary=said("再约一次")),
        "cancel": Asks(lambda one, at: [_area("words", said("原因"), needed=False)], said("取消预约"), danger=True),
    },
    main=("serve", "book", "accept", "again"),
)  # fmt: skip


# ------------------------------------------------------------------------------------------------ orders


def _order_facts(one: Order, at: datetime) -> list[Fact]:
    offer = catalogue().offers.get(one.offer)
    unit = offer.unit if offer else ""
    found = [Fact(said("申请"), f"{one.wanted}{unit}"), Fact(said("谁来办"), one.office)]
    if offer:
        found.append(Fact(said("由谁提供"), offer.provider))
    if one.accounts:
        found.append(Fact(said("已开通"), f"{one.accounts}{unit}"))
    if one.sets:
        found += [
            Fact(said("买了"), f"{one.sets}{unit}"),
            Fact(said("一共"), in_yuan(one.price_fen)),
            Fact(said("发票号码"), one.invoice),
        ]
    if one.verifier_name:
        found.append(Fact(said("谁核实的"), one.verifier_name))
    if one.subsidy_fen:
        found.append(Fact(said("补助"), in_yuan(one.subsidy_fen), note=offer.basis if offer else ""))
    elif one.state in ("bought", "verified") and offer:
        amount = subsidy(offer, sets=one.sets, price_fen=one.price_fen)
        found.append(Fact(said("按规定可补"), in_yuan(amount), note=offer.basis))
    if one.words:
        found.append(Fact(said("说明"), one.words))
    return found


def _accounts(one: Order, at: datetime) -> list[Field]:
    unit = offer_of(one.offer).unit
    hint = said("企业要{n}{unit}", n=one.wanted, unit=unit)
    return [Field("accounts", said("开了几个"), "number", value="" if one.accounts else one.wanted, hint=hint, unit=unit)]


def _buy(one: Order, at: datetime) -> list[Field]:
    offer = offer_of(one.offer)
    return [
        Field("sets", said("买了几套"), "number", value=one.wanted, unit=offer.unit, hint=offer.basis),
        Field("price", said("一共多少钱"), hint=said("照发票上的合计，写 28000 或 2.8万"), max_length=20),
        Field("invoice", said("发票号码"), hint=said("一张发票只能报一次"), max_length=40),
    ]


def _reason(one: Any, at: datetime) -> list[Field]:
    return [_area("words", said("原因"), said("企业看得到，写清怎么改"))]


ORDER = Sort(
    ORDERS, "order", TONES, line=line_of, desk=desk_href, own=own_href,
    title=lambda one: str(catalogue().offers[one.offer].name) if one.offer in catalogue().offers else one.number,
    facts=_order_facts,
    asks={
        "open": Asks(_accounts, said("开通")),
        "more": Asks(_accounts, said("加开")),
        "use": Asks(primary=said("已经用上了")),
        "stop": Asks(primary=said("停用服务"), danger=True, confirm=True),
        "decline": Asks(_reason, said("不办"), danger=True),
        "withdraw": Asks(primary=said("撤回申请"), danger=True, confirm=True),
        "buy": Asks(_buy, said("登记购买")),
        "verify": Asks(primary=said("发票和设备都对"), confirm=True),
        "send_back": Asks(_reason, said("退回")),
        "subsidise": Asks(primary=said("给予补助"), confirm=True),
    },
    main=("open", "buy", "verify", "subsidise", "use"),
)  # fmt: skip


# ------------------------------------------------------------------------------------------------ certificates


def _certificate_facts(one: Certificate, at: datetime) -> list[Fact]:
    found = [
        Fact(said("可能损失"), in_yuan(one.loss_fen)), Fact(said("怎么回事"), one.cause), Fact(said("出证单位"), one.issuer),
        Fact(said("谁发现的"), one.finder_name), Fact(said("谁来办"), one.office),
    ]  # fmt: skip
    more = (
        (said("合同号"), one.contract),
        (said("对方公司"), one.counterparty),
        (said("交了哪些"), one.papers),
        (said("证书号"), one.issued_number),
        (said("出证日期"), date_of(one.issued_on) if one.issued_on else ""),
        (said("挽回"), in_yuan(one.saved_fen) if one.saved_fen else ""),
        (said("依据"), one.ground),
        (said("谁报的"), one.claimer_name),
        (said("说明"), one.words),
    )
    return [*found, *(Fact(name, value) for name, value in more if value)]


def _issued(one: Certificate, at: datetime) -> list[Field]:
    return [
        Field("issued_number", said("证书号"), hint=said("照证书右上角写"), max_length=60),
        Field("issued_on", said("出证日期"), "date", value=local(at).date().isoformat()),
    ]


def _claim(one: Certificate, at: datetime) -> list[Field]:
    return [
        Field("saved", said("挽回多少"), hint=said("不会多于报的损失 {loss}", loss=in_yuan(one.loss_fen)), max_length=20),
        _area("ground", said("依据"), said("对方的函、法院或仲裁的文书，写清日期"), most=500),
    ]


CERTIFICATE = Sort(
    CERTIFICATES, "certificate", TONES, line=line_of, desk=desk_href, own=own_href,
    title=lambda one: str(catalogue().papers[one.kind].name) if one.kind in catalogue().papers else one.number,
    facts=_certificate_facts,
    asks={
        "hand_in": Asks(
            lambda one, at: [_area("papers", said("交了哪些"), said("一样一行：合同、通知、报关单、对方来函"), most=500)], said("交材料")
        ),
        "return": Asks(lambda one, at: [_area("words", said("原因"), said("写清缺哪一份"))], said("请企业补")),
        "issue": Asks(_issued, said("登记已出证")),
        "refuse": Asks(lambda one, at: [_area("words", said("原因"), said("写清还能走哪条路"))], said("登记没有出"), danger=True),
        "claim": Asks(_claim, said("报挽回多少")),
        "confirm": Asks(primary=said("依据对，核实"), confirm=True),
        "ask_again": Asks(_reason, said("退回重报")),
        "drop": Asks(primary=said("不办了"), danger=True, confirm=True),
    },
    main=("hand_in", "issue", "claim", "confirm"),
)  # fmt: skip

SORTS = {"appointments": APPOINTMENT, "orders": ORDER, "certificates": CERTIFICATE}


def place_of(one: Any) -> str:
    """Say in which town the enterprise is."""
    return jurisdiction.name(one.region)


def path_of(one: Any) -> str:
    """Give by which word of an address its kind is known."""
    return next(path for path, sort in SORTS.items() if sort.process.model is type(one))
