"""What the enterprise hears on its phone: a time agreed, the day before, a no, a service that works now."""

from typing import Any

from qifu.areas.registry import api as registry
from qifu.kernel import notify
from qifu.kernel.access import Actor
from qifu.kernel.calendar.clock import local
from qifu.kernel.events import Event, listen
from qifu.kernel.language import said
from qifu.kernel.values import in_yuan
from qifu.kernel.values.secret import Secret

from .models import Appointment, Order
from .terms import catalogue


def _tell(one: Any, words: str, *, kind: str, at: Any) -> None:
    for number in registry.phones_of(one.enterprise_id):
        notify.send(notify.Message(to=number, text=Secret(words), kind=kind, at=at))


def _time(one: Appointment) -> str:
    start = local(one.starts_at) if one.starts_at else None
    return f"{start.month}月{start.day}日{start:%H:%M}" if start else ""


BOOKED = said("约好了：{time}，{office}来做{name}。编号{number}。要改时间，打开企服点改约。")
REMINDED = said("提醒：{time}，{office}来做{name}。去不了请先改约，时段可以让给别家。电话{phone}。")
DECLINED = said("您约的{name}没有受理：{words} 有疑问打{phone}。")
VERBS = ("book", "remind", "decline")


@listen(*(f"services.appointment.{verb}.v1" for verb in VERBS), name="services.tell_of_appointments")
def tell_of_appointment(event: Event, actor: Actor) -> None:
    """Tell the enterprise's contacts of a time agreed, of the day before it, and of a no with where to turn.

    What has moved on meanwhile is not told any more: a reminder of a time that was given back would send people in vain."""
    one = Appointment._base_manager.filter(pk=event.subject).first()
    service = catalogue().services.get(one.service) if one else None
    if one is None or service is None or event.sign < 0:
        return
    told = {"time": _time(one), "office": one.office, "name": str.__str__(service.name), "phone": service.phone}
    if event.verb == "book" and one.state == "booked":
        _tell(one, BOOKED.format(**told, number=one.number), kind="services.appointment", at=event.at)
    elif event.verb == "remind" and one.state == "reminded" and one.starts_at is not None and event.at < one.starts_at:
        _tell(one, REMINDED.format(**told), kind="services.appointment", at=event.at)
    elif event.verb == "decline":
        _tell(one, DECLINED.format(**told, words=one.words), kind="services.appointment", at=event.at)


@listen("services.order.open.v1", "services.order.decline.v1", "services.order.subsidise.v1", name="services.tell_of_orders")
def tell_of_order(event: Event, actor: Actor) -> None:
    """Tell the enterprise's contacts that a service works, that it will not be, or what was granted."""
    one = Order._base_manager.filter(pk=event.subject).first()
    if one is None or event.sign < 0 or one.offer not in catalogue().offers:
        return
    name = str.__str__(catalogue().offers[one.offer].name)
    words = {
        "open": said("{name}开好了，{n}个账号马上能用。编号{number}。", name=name, n=one.accounts, number=one.number),
        "decline": said("您申请的{name}没有办：{words}", name=name, words=one.words),
        "subsidise": said("{name}的补助定了：{yuan}。编号{number}。", name=name, yuan=in_yuan(one.subsidy_fen), number=one.number),
    }[event.verb]
    _tell(one, words, kind="services.order", at=event.at)
