"""A town with firms, officers who visit them, and clerks who keep the list; all made by the product's actions."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from qifu.areas.registry.models import Enterprise
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor
from qifu.kernel.access.tests.factories import at, contact, officer
from qifu.kernel.actions import Done, Refused, run
from qifu.kernel.calendar import clock
from qifu.kernel.values.codes import uscc_check_digit


def code(number: int) -> str:
    """Give an invented credit code with a right check digit."""
    body = f"91330213MAW{number:06d}"
    return body + uscc_check_digit(body)


@dataclass
class Town:
    """People and firms of one town."""

    hands: clock.Fixed
    place: int
    other: int
    district: int
    clerk: Actor
    leader: Actor
    bureau: Actor
    wang: Actor
    li: Actor
    made: int = 0
    contacts: dict[UUID, Actor] = field(default_factory=dict)

    def firm(self, *, place: int | None = None, size: str = "above", **more: Any) -> Enterprise:
        """Register a firm; its contact has a number."""
        self.made += 1
        given = {
            "name": f"奉化走访机械{self.made}号有限公司", "uscc": code(self.made), "region": place or self.place, "size": size, "staff": 40,
            "industry": "C3311", "contact": "韩立东", "phone": f"1643000{self.made:04d}", "address": f"莼湖街道吴家埠村{self.made}号",
        }  # fmt: skip
        row = self.do("registry.register", self.bureau, **{**given, **more})
        self.contacts[row.id] = contact(row.id, row.region)
        return row

    def firms(self, number: int, **more: Any) -> list[Enterprise]:
        return [self.firm(**more) for _ in range(number)]

    def give(self, firms: list[Enterprise], to: Actor, *, part: str = "lead", by: Actor | None = None) -> Any:
        return self.do("visits.assign", by or self.clerk, enterprises=[one.id for one in firms], person=to.person, part=part)

    @staticmethod
    def do(name: str, actor: Actor, /, *, when: datetime | None = None, key: UUID | None = None, **given: Any) -> Any:
        """Run an action that must be done; give its result."""
        answer = run(name, given, actor=actor, at=when or clock.now(), key=key)
        assert isinstance(answer, Done), (name, answer)
        return answer.result

    @staticmethod
    def refused(name: str, actor: Actor, /, *, when: datetime | None = None, key: UUID | None = None, **given: Any) -> Refused:
        """Run an action that must be refused; give the refusal."""
        answer = run(name, given, actor=actor, at=when or clock.now(), key=key)
        assert isinstance(answer, Refused), (name, answer)
        return answer


def town(hands: clock.Fixed) -> Town:
    """Make a town with two officers who visit."""
    place, other = jurisdiction.by_name("莼湖街道").id, jurisdiction.by_name("裘村镇").id
    district = jurisdiction.by_name("奉化区").id
    return Town(
        hands, place, other, district, officer("town_clerk", place, name="经办"), officer("town_leader", place, name="镇长"),
        officer("bureau_clerk", district, name="经信"), officer("liaison", place, name="王联企"), officer("liaison", place, name="李联企"),
    )  # fmt: skip


def december(day: str, time: str = "09:00") -> datetime:
    """Give an instant of December 2021: december("20", "08:30")."""
    return at(f"2021-12-{day}", time)
