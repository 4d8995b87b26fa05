"""People of one district who work on cases; all made by the product's actions."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from qifu.areas.casework.actions.record import letterbox
from qifu.areas.casework.models import Case
from qifu.areas.registry.models import Enterprise
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor
from qifu.kernel.access.tests.factories import at, contact, officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.values.codes import uscc_check_digit


@dataclass
class Desk:
    """A town, its district, and everybody whose step it is."""

    town: int
    other: int
    district: int
    call_taker: Actor
    second: Actor
    town_clerk: Actor
    bureau: Actor
    colleague: Actor
    labour: Actor
    fire: Actor
    supervisor: Actor
    leader: Actor
    discipline: Actor
    made: int = 0
    contacts: dict[UUID, Actor] = field(default_factory=dict)

    def firm(self, name: str = "", *, place: int | None = None) -> Enterprise:
        """Register a firm in the town; its contact can act for it."""
        self.made += 1
        body = f"91330213MAQ{self.made:06d}"
        given = {
            "name": name or f"奉化试验机械{self.made}号有限公司", "uscc": body + uscc_check_digit(body), "region": place or self.town,
            "size": "above", "staff": 40, "industry": "C3311",
        }  # fmt: skip
        firm = self.ok(run("registry.register", given, actor=self.bureau, at=clock.now()))
        self.contacts[firm.id] = contact(firm.id, firm.region)
        return firm

    def recorded(self, text: str = "车间缺普工二十人，年后招不到人", *, actor: Actor | None = None, **more: Any) -> Case:
        return self.ok(run("casework.record", {"text": text, "channel": "hotline", **more}, actor=actor or self.call_taker))

    def classified(self, text: str = "车间缺普工二十人，年后招不到人", **more: Any) -> Case:
        case = self.recorded(text, **more)
        return self.ok(run("casework.classify", {"case": case.id, "kind": "labour"}, actor=self.bureau))

    def assigned(self, office: str = "区人社局", **more: Any) -> Case:
        case = self.classified(**more)
        return self.ok(run("casework.assign", {"case": case.id, "office": office}, actor=self.bureau))

    def handling(self, **more: Any) -> Case:
        case = self.assigned(**more)
        return self.ok(run("casework.take", {"case": case.id}, actor=self.labour))

    def resolved(self, **more: Any) -> Case:
        case = self.handling(**more)
        given = {"case": case.id, "ended": "solved", "answer": "已对接两所职校，送来22人。"}
        return self.ok(run("casework.resolve", given, actor=self.labour))

    def closed(self, **more: Any) -> Case:
        case = self.resolved(**more)
        self.ok(run("casework.call_back", {"case": case.id, "score": 5}, actor=self.call_taker))
        return self.ok(run("casework.close", {"case": case.id}, actor=self.call_taker))

    def reported(self, text: str = "经办科员收了烟酒才肯盖章") -> Case:
        """Complain about somebody in office, by way of the letterbox."""
        return self.ok(run("casework.report", {"text": text, "region": self.town}, actor=letterbox()))

    @staticmethod
    def ok(answer: Any) -> Any:
        assert answer.ok, (answer.code, answer.says, answer.errors)
        return answer.result


def desk() -> Desk:
    """Make the people of Fenghua."""
    town, other = jurisdiction.by_name("莼湖街道").id, jurisdiction.by_name("裘村镇").id
    district = next(p for p in jurisdiction.lineage(town) if jurisdiction.place(p).kind == "district")
    return Desk(
        town=town, other=other, district=district,
        call_taker=officer("call_taker", district, name="熊接线", department="区企服中心"),
        second=officer("call_taker", district, name="范接线", department="区企服中心"),
        town_clerk=officer("town_clerk", town, name="袁经办"),
        bureau=officer("bureau_clerk", district, name="黄科长", department="区经信局"),
        colleague=officer("bureau_clerk", district, name="邱科长", department="区经信局"),
        labour=officer("labour_clerk", district, name="田科员", department="区人社局"),
        fire=officer("fire_clerk", district, name="陶参谋", department="区消防救援大队"),
        supervisor=officer("supervisor", district, name="督查员", department="区督查室"),
        leader=officer("leader", district, name="韩区长", department="区委区政府"),
        discipline=officer("discipline", district, name="纪检员", department="区纪委"),
    )  # fmt: skip


@contextmanager
def monday() -> Iterator[Desk]:
    """Give the people of a desk on a Monday morning; `hands` turns the clock."""
    with clock.use(clock.Fixed(at("2022-05-09"))) as hands:
        found = desk()
        found.hands = hands
        yield found
