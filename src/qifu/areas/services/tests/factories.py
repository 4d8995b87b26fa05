"""A small district for tests: a fire brigade with times, two firms with contacts, the people of the desk."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from qifu.areas.registry.models import Enterprise
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, acting
from qifu.kernel.access.tests.factories import at, contact, officer
from qifu.kernel.actions import run
from qifu.kernel.booking.models import Slot
from qifu.kernel.calendar import clock
from qifu.kernel.values.codes import uscc_check_digit

START = at("2020-02-17", "09:00")
"""A Monday."""


def code(number: int) -> str:
    """Give an invented credit code with a right check digit."""
    body = f"91330213MAT{number:06d}"
    return body + uscc_check_digit(body)


@dataclass
class World:
    """People and firms of Fenghua, with the hands of the clock."""

    hands: clock.Fixed
    town: int
    district: int
    fire: Actor
    town_clerk: Actor
    bureau: Actor
    second: Actor
    approver: Actor
    taker: Actor
    liaison: Actor
    made: int = 0
    contacts: dict[UUID, Actor] = field(default_factory=dict)

    def firm(self) -> Enterprise:
        """Register a firm in the town; its contact can act for it."""
        self.made += 1
        given = {"name": f"奉化试验服务{self.made}号有限公司", "uscc": code(self.made), "region": self.town, "size": "small", "staff": 40}
        given |= {"contact": "联系人", "phone": f"164300300{self.made:02d}"}
        firm = self.ok("registry.register", by=self.town_clerk, **given)
        self.contacts[firm.id] = contact(firm.id, firm.region)
        return firm

    def ok(self, action: str, /, *, by: Actor, **given: Any) -> Any:
        answer = run(action, given, actor=by, at=clock.now())
        assert answer.ok, (answer.code, answer.says, answer.errors)
        return answer.result

    def refused(self, action: str, /, *, by: Actor, **given: Any) -> Any:
        answer = run(action, given, actor=by, at=clock.now())
        assert not answer.ok, answer.result
        return answer

    def times(self, *, first: str = "2020-02-18", last: str = "2020-02-18", times: str = "9:00、10:30", capacity: int = 1) -> list[Slot]:
        """Open times of the brigade; gives them in order."""
        given = {"service": "fire", "place": self.district, "first": first, "last": last, "times": times, "capacity": capacity}
        self.ok("services.open_times", by=self.fire, **given)
        with acting(self.fire):
            return list(Slot.objects.order_by("starts_at"))

    def ask(self, firm: Enterprise, slot: Slot | None = None, **more: Any) -> Any:
        """Ask for fire guidance as the firm; gives the answer of the action."""
        given = {"enterprise": firm.id, "service": "fire", "topic": "equipment", "slot": slot.id if slot else None, **more}
        return run("services.appointment.ask", given, actor=self.contacts[firm.id], at=clock.now())

    def asked(self, firm: Enterprise, slot: Slot | None = None) -> Any:
        answer = self.ask(firm, slot)
        assert answer.ok, answer
        return answer.result

    def slot(self, id: UUID) -> Slot:
        with acting(self.fire):
            return Slot.objects.get(pk=id)

    def fresh(self, one: Any) -> Any:
        with acting(self.bureau):
            return type(one)._base_manager.get(pk=one.id)


def world() -> Iterator[World]:
    """Give the district on a Monday morning."""
    with clock.use(clock.Fixed(START)) as hands:
        district = jurisdiction.by_name("奉化区")
        assert district is not None
        town = jurisdiction.by_name("莼湖街道", within=district.id)
        assert town is not None
        yield World(
            hands, town.id, district.id,
            fire=officer("fire_clerk", district.id, name="消防员"),
            town_clerk=officer("town_clerk", town.id, name="镇街员"),
            bureau=officer("bureau_clerk", district.id, name="经信员"),
            second=officer("bureau_clerk", district.id, name="经信二号"),
            approver=officer("approver", district.id, name="审批员"),
            taker=officer("call_taker", district.id, name="接线员"),
            liaison=officer("liaison", town.id, name="联企员"),
        )  # fmt: skip


HOUR = timedelta(hours=1)
