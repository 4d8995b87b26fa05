"""Gongshu in May 2022: a bureau, the district's office, two schools with their heads."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from qifu.areas.schools.models import School
from qifu.kernel import jurisdiction
from qifu.kernel.access import DOOR, Actor, acting
from qifu.kernel.access.hats import worn_by
from qifu.kernel.access.models import Grant, Person
from qifu.kernel.access.tests.factories import LONG_AGO, at, officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock

CHECKS = ("closed_campus", "absent_list", "gate_check", "return_test", "twice_daily", "disinfection")


def head_of(school: School, *, name: str = "校长") -> Actor:
    """Give the head of a school: the role for its party alone."""
    scope = {"region": school.region, "district": school.district, "party": school.id}
    with acting(DOOR):
        person = Person._base_manager.create(name=name, **scope)
        Grant._base_manager.create(person=person, role_id="school_head", for_party=school.id, since=LONG_AGO, **scope)
        return worn_by(person.id, at=clock.now(), strong=False)


@dataclass
class District:
    """People of one district with the hands of the clock."""

    hands: clock.Fixed
    town: int
    other_town: int
    district: int
    bureau: Actor
    bureau_second: Actor
    control: Actor

    def ok(self, action: str, /, *, by: Actor, **given: Any) -> Any:
        answer = run(action, given, actor=by, at=clock.now())
        assert answer.ok, (answer.code, answer.says, answer.errors)
        return answer.result

    def refused(self, action: str, /, *, by: Actor, **given: Any) -> Any:
        answer = run(action, given, actor=by, at=clock.now())
        assert not answer.ok
        return answer

    def school(self, name: str = "试验小学", *, town: int = 0) -> School:
        given = {"name": name, "region": town or self.town, "kind": "primary", "pupils": 900, "staff": 60}
        return self.ok("schools.register", by=self.bureau, **given)

    def reported(self, school: School, head: Actor, *, planned: str = "2022-05-05 08:00") -> School:
        self.ok("schools.self_check", by=head, school=school.id, confirmed=CHECKS)
        return self.ok("schools.report", by=head, school=school.id, planned_at=planned)

    def quarantined(self, school: School) -> None:
        self.ok("schools.quarantine", by=self.control, school=school.id, reason="整校集中隔离。")

    def draw(self, klass: str, *places: int) -> UUID:
        """Draw and confirm an area of control."""
        drawn = self.ok("response.area.draw", by=self.control, klass=klass, document="拱防办〔2022〕9号", places=[str(p) for p in places])
        return self.ok("response.area.confirm", by=self.control, area=drawn.id).id

    def fresh(self, school: School, *, by: Actor | None = None) -> School:
        with acting(by or self.bureau):
            return School._base_manager.get(pk=school.id)


@pytest.fixture
def gongshu(database: Any) -> Iterator[District]:
    """Give the district on the third of May 2022, with its incident declared."""
    with clock.use(clock.Fixed(at("2022-05-03"))) as hands:
        district = jurisdiction.by_code("330105")
        assert district is not None
        towns = [one.id for one in jurisdiction.children(district.id) if one.kind in ("town", "subdistrict")]
        found = District(
            hands=hands, town=towns[0], other_town=towns[1], district=district.id,
            bureau=officer("education_clerk", district.id, name="教育局甲", department="education"),
            bureau_second=officer("education_clerk", district.id, name="教育局乙", department="education"),
            control=officer("control_office", district.id, name="防控办甲", department="control"),
        )  # fmt: skip
        found.ok("response.declare", by=found.control, pack="epidemic", level="II", place=str(district.id))
        yield found
