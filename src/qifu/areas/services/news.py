"""What the enterprise hears on its phone: a time agreed, the day before, a no, a service that works now. Words: notices.yaml."""

from pathlib import Path
from typing import Any

from qifu.areas.registry import api as registry
from qifu.kernel import notify
from qifu.kernel.access import Actor
from qifu.kernel.calendar.clock import local
from qifu.kernel.events import Event, listen
from qifu.kernel.values import in_yuan

from .models import Appointment, Order
from .terms import catalogue

notify.load(Path(__file__).parent / "notices.yaml")


def _tell(one: Any, kind: str, event: Event, **words: object) -> None:
    for number in registry.phones_of(one.enterprise_id):
        notify.tell(number, f"services.{kind}", words=words, on=one, at=event.at)


def _time(one: Appointment) -> str:
    start = local(one.starts_at) if one.starts_at else None
    return f"{start.month}月{start.day}日{start:%H:%M}" if start else ""


_TOLD = ("book", "remind", "decline", "fill", "pass_by")


@listen(*(f"services.appointment.{verb}.v1" for verb in _TOLD), name="services.tell_of_appointments")
def tell_of_appointment(event: Event, actor: Actor) -> None:
    """Tell the enterprise's contacts of a time agreed, of the day before it, and of a no with where to turn.

    What has moved on meanwhile is not told any more: a reminder of a time that was given back would send people in vain."""
    one = Appointment._base_manager.filter(pk=event.subject).first()
    service = catalogue().services.get(one.service) if one else None
    if one is None or service is None or event.sign < 0:
        return
    name = str.__str__(service.name)
    ahead = one.starts_at is not None and event.at < one.starts_at
    if event.verb == "book" and one.state == "booked":
        _tell(one, "booked", event, time=_time(one), office=one.office, name=name, number=one.number)
    elif event.verb == "remind" and one.state == "reminded" and ahead:
        _tell(one, "reminded", event, time=_time(one), office=one.office, name=name, phone=service.phone)
    elif event.verb == "fill" and one.state == "booked":
        _tell(one, "filled", event, time=_time(one), office=one.office, name=name, number=one.number)
    elif event.verb == "pass_by" and one.state == "accepted":
        _tell(one, "passed_by", event, name=name, number=one.number, phone=service.phone)
    elif event.verb == "decline":
        _tell(one, "declined", event, name=name, words=one.words, phone=service.phone)


@listen(*(f"services.order.{verb}.v1" for verb in ("open", "decline", "subsidise")), name="services.tell_of_orders")
def tell_of_order(event: Event, actor: Actor) -> None:
    """Tell the enterprise's contacts that a service works, that it will not be, or what was granted."""
    one = Order._base_manager.filter(pk=event.subject).first()
    if one is None or event.sign < 0 or one.offer not in catalogue().offers:
        return
    told = {"name": str.__str__(catalogue().offers[one.offer].name), "number": one.number}
    if event.verb == "open":
        _tell(one, "opened", event, n=one.accounts, **told)
    elif event.verb == "decline":
        _tell(one, "not_opened", event, words=one.words, **told)
    else:
        _tell(one, "subsidised", event, yuan=in_yuan(one.subsidy_fen), **told)
