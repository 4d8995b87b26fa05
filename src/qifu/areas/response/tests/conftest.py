"""A district with an incident, in each pack: what is promised must hold for every kind of crisis."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from qifu.areas.response import api
from qifu.areas.response.models import Incident
from qifu.kernel import actions, jurisdiction
from qifu.kernel.access import Actor, acting
from qifu.kernel.access.tests.factories import at, officer
from qifu.kernel.calendar import clock


@dataclass
class Place:
    """An invented district of Ningbo, its city's office above it, and a clock."""

    hands: clock.Fixed
    city: int
    district: int
    town: int
    zone: int
    office: Actor
    second: Actor
    above: Actor
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return self.hands.now()

    def later(self, **by: int) -> datetime:
        return self.hands.advance(timedelta(**by))

    def run(self, name: str, *, by: Actor | None = None, **given: Any) -> Any:
        """Run an action as the district's control office, or as somebody else."""
        return actions.run(name, given, actor=by or self.office, at=self.now)

    def done(self, name: str, *, by: Actor | None = None, **given: Any) -> Any:
        """Run an action that must succeed; give its result."""
        answer = self.run(name, by=by, **given)
        assert answer.ok, (answer.code, answer.says, answer.errors)
        return answer.result

    def ask(self, question: Callable[[], Any], *, by: Actor | None = None) -> Any:
        """Ask within the scope of an actor."""
        with acting(by or self.office):
            return question()

    def law(self, region: int | None = None, when: datetime | None = None) -> api.Law:
        """Give the law with everything read, so that it can be looked at outside of the transaction."""
        with acting(self.office):
            law = api.law(region or self.district, when or self.now)
            law.measures()
            assert law.areas is not None
            return law

    def declare(self, pack: str, level: str = "", **more: Any) -> Incident:
        level = level or ("I" if pack == "epidemic" else "II")
        return self.done("response.declare", pack=pack, level=level, place=str(self.district), **more)


@pytest.fixture
def place(database: SimpleNamespace) -> Iterator[Place]:
    """Give a district on an ordinary morning."""
    district = jurisdiction.by_name("明川区")
    assert district is not None
    towns = [one.id for one in jurisdiction.children(district.id) if one.kind in ("town", "subdistrict")]
    zone = next(one.id for one in jurisdiction.children(district.id) if one.kind == "zone")
    hands = clock.Fixed(at("2020-02-04", "10:00"))
    with clock.use(hands):
        city = jurisdiction.lineage(district.id)[1]
        yield Place(
            hands=hands, city=city, district=district.id, town=towns[0], zone=zone,
            office=officer("control_office", district.id, name="防控办甲", department="control"),
            second=officer("control_office", district.id, name="防控办乙", department="control"),
            above=officer("control_office", city, name="市防控办", department="city-control"),
        )  # fmt: skip


@pytest.fixture(params=["epidemic", "typhoon"])
def pack(request: pytest.FixtureRequest) -> str:
    """Give each pack in turn: the same promises for both."""
    return str(request.param)
