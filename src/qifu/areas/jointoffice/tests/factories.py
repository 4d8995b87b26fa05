"""A small district for tests: a town with a monitor and a clerk, bureaus with officers, a menu, firms with contacts."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from qifu.areas.casework import api as casework
from qifu.areas.jointoffice.models import Item
from qifu.areas.registry.models import Enterprise
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, acting
from qifu.kernel.access.tests.factories import at, contact, officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.values.codes import uscc_check_digit

START = at("2020-02-17", "09:00")
"""A Monday."""


@dataclass
class World:
    """People and firms of Fenghua, with the hands of the clock."""

    hands: clock.Fixed
    town: int
    district: int
    monitor: Actor
    clerk: Actor
    bureau: Actor
    labour: Actor
    taker: Actor
    approver: Actor
    menu: list[Item] = field(default_factory=list)
    made: int = 0
    contacts: dict[UUID, Actor] = field(default_factory=dict)

    def firm(self) -> Enterprise:
        """Register a firm in the town; its contact can act for it."""
        self.made += 1
        body = f"91330213MAJ{self.made:06d}"
        given = {"name": f"奉化试验组团{self.made}号有限公司", "uscc": body + uscc_check_digit(body), "region": self.town, "size": "small"}
        firm = self.ok("registry.register", by=self.clerk, **given, staff=40, contact="联系人", phone=f"164300400{self.made:02d}")
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

    def offer(self, name: str, office: str) -> Item:
        """Put a service of the district's bureau on its menu."""
        given = {"place": self.district, "name": name, "says": f"{name}的事", "office": office, "brings": "名单", "days": 3}
        return self.ok("jointoffice.item.offer", by=self.bureau, **given)

    def ordered(self, firm: Enterprise, *items: Item, **more: Any) -> Any:
        """Order as the firm; all of the menu where nothing is named."""
        ids = [str(item.id) for item in items or self.menu]
        return self.ok("jointoffice.session.order", by=self.contacts[firm.id], enterprise=firm.id, items=ids, wants="缺普工", **more)

    def agreed(self, firm: Enterprise, *, day: str = "2020-02-18", hour: str = "14:00", **more: Any) -> Any:
        """Lead an order to a group and a time."""
        session = self.ordered(firm)
        given = {"sitting": session.id, "day": day, "hour": hour, "offices": ["区人社局"], **more}
        return self.ok("jointoffice.session.set_group", by=self.monitor, **given)

    def given_out(self, firm: Enterprise) -> Any:
        """Lead an order to its promises: one for the labour bureau, one for the town."""
        session = self.agreed(firm)
        self.hands.set(at("2020-02-18", "16:00"))
        self.ok("jointoffice.session.hold", by=self.clerk, sitting=session.id, minutes="企业说缺普工二十人。\n人社局答应三天内对接。")
        tasks = "区人社局：三天内组织两场线上招工\n莼湖街道：明天把宿舍腾出来"
        return self.ok("jointoffice.session.give_out", by=self.clerk, sitting=session.id, tasks=tasks)

    def solve(self, firm: Enterprise) -> None:
        """Solve, call back and close out every case of a firm."""
        with acting(self.bureau):
            cases = [(case.id, case.office) for case in casework.cases_of(firm.id) if casework.is_open(case)]
        for id, office in cases:
            hand = self.labour if office == "区人社局" else self.clerk
            self.ok("casework.take", by=hand, case=id)
            self.ok("casework.resolve", by=hand, case=id, ended="solved", answer="办好了")

    def close_cases(self, firm: Enterprise) -> None:
        """Call back and close out what is solved."""
        with acting(self.bureau):
            ids = [case.id for case in casework.cases_of(firm.id)]
        for id in ids:
            self.ok("casework.call_back", by=self.taker, case=id, score=5)
            self.ok("casework.close", by=self.bureau, case=id)

    def fresh(self, one: Any) -> Any:
        with acting(self.bureau):
            return type(one)._base_manager.get(pk=one.id)


def world() -> Iterator[World]:
    """Give the district on a Monday morning, with two services on its menu."""
    with clock.use(clock.Fixed(START)) as hands:
        district = jurisdiction.by_name("奉化区")
        assert district is not None
        town = jurisdiction.by_name("莼湖街道", within=district.id)
        assert town is not None
        made = World(
            hands, town.id, district.id,
            monitor=officer("town_leader", town.id, name="书记"), clerk=officer("town_clerk", town.id, name="镇街员"),
            bureau=officer("bureau_clerk", district.id, name="经信员", department="区经信局"),
            labour=officer("labour_clerk", district.id, name="人社员", department="区人社局"),
            taker=officer("call_taker", district.id, name="接线员"), approver=officer("approver", district.id, name="区领队"),
        )  # fmt: skip
        made.menu = [made.offer("用工对接", "区人社局"), made.offer("断链帮扶", "区经信局")]
        yield made
