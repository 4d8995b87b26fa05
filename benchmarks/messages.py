"""How many messages a minute go through the outbox to a gateway that answers at once: written, carried in batches, receipts taken.

The gateway is a process of its own behind HTTP, with signature and ids. Alone: `python -m benchmarks messages`."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from .measure import Cost, cost, scratch
from .table import Line

MESSAGES = 10_000
PEOPLE = 1_000
AT_ONCE = 500


def main(messages: int = MESSAGES) -> list[Line]:
    """Give the lines of the table."""
    with scratch("bench_messages"), gateway() as address:
        return list(measure(messages, address))


@contextmanager
def gateway() -> Iterator[str]:
    """Run the far side in a process of its own; gives its address."""
    child = subprocess.Popen([sys.executable, "-m", "benchmarks.messages"], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        yield child.stdout.readline().strip()
    finally:
        child.communicate("", timeout=10)


def measure(messages: int, address: str) -> Iterator[Line]:
    """Write, carry, take receipts; each message to a person, whose number and wishes are looked up when it leaves."""
    from qifu.integrations.sms import HttpSms
    from qifu.integrations.tests.misbehaving import SECRET
    from qifu.kernel import notify
    from qifu.kernel.access import acting
    from qifu.kernel.access.models import everything
    from qifu.kernel.calendar import clock
    from qifu.kernel.calendar.clock import ZONE
    from qifu.kernel.notify import outbox, receipts
    from qifu.kernel.notify.models import Outgoing
    from qifu.kernel.values.secret import Secret
    from qifu.kernel.workflow.timer import timer

    noon = datetime(2020, 2, 10, 12, 0, tzinfo=ZONE)
    notify.register(notify.Kind(code="bench.made", label="做好了", words="{firm}：{what}做好了。", brief="{what}做好了。"))
    people = _people(PEOPLE)
    sms = HttpSms(address, key="bench", secret=Secret(SECRET), approves=False)
    with clock.use(clock.Fixed(noon)), notify.using(sms):
        yield _line("written in the transactions that cause them", messages, cost(lambda: _write(people, messages, noon)))
        carried: list[int] = []
        spent = cost(lambda: carried.append(outbox.carry(noon, most=messages)))
        with acting(timer()):
            handed = everything(Outgoing).filter(state="handed").count()
        assert carried == [messages] and handed == messages, (carried, handed)
        yield _line("carried to a gateway that answers at once", messages, spent)
        with acting(timer()):
            ids = list(everything(Outgoing).values_list("id", flat=True))
        yield _line("known as delivered by their receipts", messages, cost(lambda: _receipts(ids, receipts, noon)))


def _line(what: str, messages: int, spent: Cost) -> Line:
    minute = messages / spent.wall * 60
    return Line(
        f"{messages:,} messages {what}",
        f"{minute:,.0f} a minute; {spent.wall:.1f} s wall (Python {spent.python:.2f} s, PostgreSQL {spent.backend:.2f} s CPU)",
        f"{MESSAGES:,} a minute",
        minute >= MESSAGES,
    )


def _people(count: int) -> list[Any]:
    from qifu.kernel.access import DOOR, acting
    from qifu.kernel.access.models import Person, everything
    from qifu.kernel.privacy import P2
    from qifu.kernel.privacy.sealing import blind, place, seal

    made = [Person(name="王晓明", region=330213008, district=330213) for _ in range(count)]
    for number, person in enumerate(made):
        phone = f"164{number:08d}"
        person.phone_sealed = seal(phone, klass=P2, where=place("access_person", "phone_sealed", person.pk))
        person.phone_index = blind("phone", phone)
    with acting(DOOR):
        everything(Person).bulk_create(made)
    return made


def _write(people: list[Any], messages: int, at: datetime) -> None:
    from qifu.kernel import notify
    from qifu.kernel.access import acting
    from qifu.kernel.workflow.timer import timer

    actor = timer()
    for low in range(0, messages, AT_ONCE):
        to = [people[number % len(people)] for number in range(low, min(low + AT_ONCE, messages))]
        words = {"firm": "宁波森顺医疗用品有限公司", "what": "申请"}
        with acting(actor):
            notify.tell_many([notify.Tell(to=one.id, kind="bench.made", words=words, on=one) for one in to], at=at)


def _receipts(ids: list[UUID], receipts: Any, at: datetime) -> None:
    from qifu.kernel.access import acting
    from qifu.kernel.notify import Receipt
    from qifu.kernel.workflow.timer import timer

    actor = timer()
    for low in range(0, len(ids), 200):
        with acting(actor):
            receipts.apply([Receipt(state="delivered", id=id) for id in ids[low : low + 200]], channel="sms", at=at)


def serve() -> None:
    """Be the gateway until the parent closes our input."""
    from qifu.integrations.tests.misbehaving import SmsProvider, serving

    with serving(SmsProvider()) as (address, _):
        print(address, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    serve()
