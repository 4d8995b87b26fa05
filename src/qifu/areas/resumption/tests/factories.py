"""A small district for tests: one incident, a few firms, the people who handle them; all made by the product's actions."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from qifu.areas.registry.models import Enterprise
from qifu.areas.resumption.models import Application
from qifu.kernel import jurisdiction
from qifu.kernel.access import DOOR, Actor, acting
from qifu.kernel.access.hats import worn_by
from qifu.kernel.access.models import Grant, TaskForce
from qifu.kernel.access.tests.factories import LONG_AGO, at, contact, officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.values.codes import uscc_check_digit

ANSWERS = {
    "head_count": 40, "roster_complete": True, "has_dormitory": False, "has_canteen": False, "mask_days": 12, "thermometers": 3,
    "planned_at": "2020-02-12T08:00", "group": "张总", "plan_text": "分三批返岗，错峰就餐。", "fire_patrol": True, "fire_plan": True,
    "undertaken": True, "signer": "张总",
}  # fmt: skip


def code(number: int) -> str:
    """Give an invented credit code with a right check digit."""
    body = f"91330213MAQ{number:06d}"
    return body + uscc_check_digit(body)


@dataclass
class World:
    """People and firms of one district, with the hands of the clock."""

    hands: clock.Fixed
    town: int
    other: int
    district: int
    town_clerk: Actor
    town_leader: Actor
    bureau: Actor
    approver: Actor
    assessor: Actor
    fire: Actor
    corrector: Actor
    team: UUID
    made: int = 0
    contacts: dict[UUID, Actor] = field(default_factory=dict)

    def firm(self, *, size: str = "above", place: int | None = None, **more: Any) -> Enterprise:
        """Register a firm in the town; its contact can act for it."""
        self.made += 1
        given = {
            "name": f"奉化试验机械{self.made}号有限公司",
            "uscc": code(self.made),
            "region": place or self.town,
            "size": size,
            "staff": 40,
            "industry": "C3311",
        }
        done = run("registry.register", {**given, **more}, actor=self.bureau, at=clock.now())
        assert done.ok, done
        firm = done.result
        self.contacts[firm.id] = contact(firm.id, firm.region)
        return firm

    def submit(self, firm: Enterprise, **answers: Any) -> Any:
        given = {"enterprise": firm.id, "answers": {**ANSWERS, **answers}}
        return run("resumption.submit", given, actor=self.contacts[firm.id], at=clock.now())

    def accepted(self, firm: Enterprise, **answers: Any) -> Application:
        """Bring a firm's application to accepted by the people whose step it is."""
        application = self.ok(self.submit(firm, **answers))
        if application.route == "district":
            self.ok(run("resumption.forward", {"application": application.id}, actor=self.town_clerk))
            return self.ok(run("resumption.accept", {"application": application.id}, actor=self.bureau))
        return self.ok(run("resumption.accept", {"application": application.id}, actor=self.town_clerk))

    def passed(self, firm: Enterprise, **answers: Any) -> Application:
        application = self.accepted(firm, **answers)
        self.ok(run("resumption.assign", {"application": application.id, "team": self.team}, actor=self.bureau))
        return self.ok(run("resumption.assess", {"application": application.id, "conclusion": "pass", "all_ok": True}, actor=self.assessor))

    def approved(self, firm: Enterprise, **answers: Any) -> Application:
        application = self.passed(firm, **answers)
        return self.ok(run("resumption.approve", {"application": application.id}, actor=self.approver))

    def proposed(self, application: Application, *, kind: str = "suspension", actor: Actor | None = None, **more: Any) -> Any:
        """Propose a burden with an item of the list as evidence."""
        with acting(self.bureau):
            item = application.items.filter(required=True, department="economy").first()
            application.items.filter(pk=item.pk).update(result="fix", note="现场没有看到")
        given = {
            "enterprise": application.enterprise_id, "kind": kind, "ground": "risk", "basis": "《通告》第三条", "reason": "测温没有人管",
            "items": [item.code], "days": 0 if kind == "refusal" else 3, **more,
        }  # fmt: skip
        return run("resumption.burden.propose", given, actor=actor or self.bureau)

    def heard(self, burden: Any, words: str = "没有意见") -> Any:
        """Let the enterprise say its word."""
        contact = self.contacts[burden.enterprise_id]
        return self.ok(run("resumption.burden.say", {"burden": burden.id, "words": words}, actor=contact))

    def suspended(self, application: Application) -> Any:
        """Suspend an approved one at once: the bureau proposes, the approver decides."""
        burden = self.ok(self.proposed(application, urgent=True))
        return self.ok(run("resumption.burden.confirm", {"burden": burden.id}, actor=self.approver))

    @staticmethod
    def ok(answer: Any) -> Any:
        assert answer.ok, (answer.code, answer.says, answer.errors)
        return answer.result


def world(hands: clock.Fixed) -> World:
    """Make the district of Fenghua in February 2020 with one assessment team."""
    town, other = jurisdiction.by_name("莼湖街道").id, jurisdiction.by_name("裘村镇").id
    district = next(p for p in jurisdiction.lineage(town) if jurisdiction.place(p).kind == "district")
    control = officer("control_office", district, department="防控办")
    answer = run("response.declare", {"pack": "epidemic", "level": "I", "place": str(district)}, actor=control)
    if not answer.ok:
        answer = run("response.declare", {"pack": "epidemic", "level": "I", "place": "奉化区"}, actor=control)
    assert answer.ok, answer
    code = jurisdiction.district_of(town)
    with acting(DOOR):
        team = TaskForce._base_manager.create(
            name="评估一组", kind="assessment", place=district, region=district, district=code, since=LONG_AGO
        )
    return World(
        hands=hands, town=town, other=other, district=district,
        town_clerk=officer("town_clerk", town), town_leader=officer("town_leader", town), bureau=officer("bureau_clerk", district),
        approver=officer("approver", district), assessor=member(team, district), fire=officer("fire_clerk", district),
        corrector=officer("corrector", district), team=team.id,
    )  # fmt: skip


def member(team: TaskForce, place: int, *, name: str = "组员") -> Actor:
    """Give an assessor whose right comes from the team."""
    actor = officer("assessor", place, name=name)
    with acting(DOOR):
        Grant._base_manager.create(
            person_id=actor.person, role_id="assessor", place=place, task_force=team, since=LONG_AGO, region=place, district=team.district
        )
        return worn_by(actor.person, at=clock.now(), strong=False)


def february(day: str, time: str = "09:00") -> datetime:
    """Give an instant of February 2020: february("10", "08:30")."""
    return at(f"2020-02-{day}", time)
