"""A small district for tests: a desk, a call-taker, firms with contacts; and a neighbour district with its own."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from qifu.areas.registry.models import Enterprise
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, acting
from qifu.kernel.access.tests.factories import at, contact, officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.events import deliver
from qifu.kernel.values.codes import uscc_check_digit
from qifu.kernel.workflow.timer import timer

START = at("2020-02-17", "09:00")
"""A Monday."""
SEALS = {"product": "丁腈密封圈", "says": "耐油 直径30", "capacity": 5000, "free": 2000, "unit": "只", "per": "day"}
LACK = {
    "product": "密封圈", "says": "耐油", "quantity": 1000, "unit": "只", "by": "2020-02-24", "since": "2020-02-10",
    "waits_for": "苏州恒力密封件厂", "waits_where": "江苏苏州", "workers": 120, "orders": "300万",
}  # fmt: skip


@dataclass
class World:
    """People and firms of Fenghua, with the hands of the clock."""

    hands: clock.Fixed
    town: int
    district: int
    clerk: Actor
    desk: Actor
    taker: Actor
    made: int = 0
    contacts: dict[UUID, Actor] = field(default_factory=dict)

    def firm(self) -> Enterprise:
        """Register a firm in the town; its contact can act for it."""
        self.made += 1
        body = f"91330213MAG{self.made:06d}"
        given = {"name": f"奉化试验供需{self.made}号有限公司", "uscc": body + uscc_check_digit(body), "region": self.town, "size": "small"}
        firm = self.ok("registry.register", by=self.clerk, **given, staff=140, contact="联系人", phone=f"164300500{self.made:02d}")
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

    def makes(self, firm: Enterprise, **more: Any) -> Any:
        return self.ok("supply.making.tell", by=self.contacts[firm.id], enterprise=firm.id, **{**SEALS, **more})

    def lacks(self, firm: Enterprise, **more: Any) -> Any:
        answer = run("supply.need.tell", {"enterprise": firm.id, **LACK, **more}, actor=self.contacts[firm.id], at=clock.now())
        assert answer.ok, (answer.code, answer.says, answer.errors)
        return answer.result

    def keeps(self, **more: Any) -> Any:
        """Keep a supplier of another city at the desk."""
        given = {
            "name": "苏州新密封件厂",
            "where": "江苏苏州",
            "product": "橡胶密封圈",
            "source": "苏州工信局2月14日电话",
            "phone": "0512-1",
        }
        return self.ok("supply.outside.keep", by=self.desk, place=self.district, **{**given, **more})

    def hear(self) -> None:
        """Let what happened be heard by whom it concerns."""
        while deliver(actor=timer()):
            pass

    def fresh(self, one: Any) -> Any:
        with acting(self.desk):
            return type(one)._base_manager.get(pk=one.id)


def world() -> Iterator[World]:
    """Give the district on a Monday morning."""
    with clock.use(clock.Fixed(START)) as hands:
        district = jurisdiction.by_name("奉化区")
        assert district is not None
        town = jurisdiction.by_name("莼湖街道", within=district.id)
        assert town is not None
        yield World(
            hands, town.id, district.id, clerk=officer("town_clerk", town.id, name="镇街员"),
            desk=officer("bureau_clerk", district.id, name="经信员", department="区经信局"),
            taker=officer("call_taker", district.id, name="接线员"),
        )  # fmt: skip
