"""Who is told of a sitting: the enterprise, and everybody in the group; an office is told by all who handle its work."""

from pathlib import Path
from uuid import UUID

from django.db.models import Q

from qifu.areas.registry import api as registry
from qifu.kernel import notify
from qifu.kernel.access import Actor
from qifu.kernel.access.models import Grant, everything
from qifu.kernel.calendar.clock import local
from qifu.kernel.events import Event, listen
from qifu.kernel.language import listed

from .models import Line, Seat, Session

notify.load(Path(__file__).parent / "notices.yaml")


def _time(one: Session) -> str:
    start = local(one.starts_at) if one.starts_at else None
    return f"{start.month}月{start.day}日{start:%H:%M}" if start else ""


def called(one: Session, event: Event) -> list[UUID]:
    """Give the people whom a sitting calls, each once: those named, and of each office those who handle its work."""
    seats = Seat._base_manager.filter(session=one.id)
    # A sitting that is called off has no standing seats any more: those of its last time are told.
    seats = [seat for seat in seats if seat.starts_at == one.starts_at]
    people = [seat.person for seat in seats if seat.person and str(seat.person) != one.monitor]
    offices = [seat.office for seat in seats if seat.office]
    places = [int(code.removeprefix("place:")) for code in offices if code.startswith("place:")]
    running = Q(revoked_at__isnull=True, since__lte=event.at) & (Q(until__isnull=True) | Q(until__gt=event.at))
    handles = everything(Grant).filter(running, role__rights__contains=["case.handle"])
    of_office = handles.filter(Q(department__code__in=offices) | Q(department__isnull=True, place__in=places))
    return list(dict.fromkeys([*people, *of_office.values_list("person_id", flat=True)]))


@listen(*(f"jointoffice.session.{verb}.v1" for verb in ("set_group", "move", "call_off", "give_out", "close")), name="jointoffice.tell")
def tell(event: Event, actor: Actor) -> None:
    """Tell the enterprise and the group of a time agreed, moved or called off; the enterprise of promises and of the end.

    What has moved on meanwhile is not told any more."""
    one = Session._base_manager.filter(pk=event.subject).first()
    if one is None or event.sign < 0:
        return
    firm = registry.enterprise(one.enterprise_id)
    told = {"time": _time(one), "number": one.number, "firm": firm.name, "spot": one.spot, "name": one.monitor_name, "words": one.words}
    orders: list[notify.Tell] = []

    def say(kind: str, *people: object, **more: object) -> None:
        words = {**told, **more}
        orders.extend(notify.Tell(to=to, kind=f"jointoffice.{kind}", on=one, words=words) for to in people)  # type: ignore[arg-type]

    phones = registry.phones_of(one.enterprise_id)
    if event.verb in ("set_group", "move") and one.state == "group_set" and event.at == one.arranged_at:
        n = Seat._base_manager.filter(session=one.id, standing=True).count()
        items = listed(Line._base_manager.filter(session=one.id).values_list("name", flat=True))
        say("agreed", *phones, n=n)
        say("called", *called(one, event), items=items)
    elif event.verb == "call_off":
        say("off", *phones, *called(one, event))
    elif event.verb == "give_out" and one.promised:
        say("promised", *phones, n=one.promised)
    elif event.verb == "close":
        say("closed", *phones)
    notify.tell_many(orders, at=event.at)
