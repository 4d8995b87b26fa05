"""People for tests, made as the owner would: a person, an account, one grant."""

from datetime import datetime
from uuid import UUID

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, acting
from qifu.kernel.access.hats import worn_by
from qifu.kernel.access.models import Department, Grant, Person
from qifu.kernel.access.scope import DOOR
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import ZONE

LONG_AGO = datetime(2019, 1, 1, tzinfo=ZONE)


def at(day: str, time: str = "09:00") -> datetime:
    """Give an instant of Shanghai: at("2020-02-10", "08:30")."""
    return datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=ZONE)


def officer(role: str, place: int, *, name: str = "", department: str = "", strong: bool = True, until: datetime | None = None) -> Actor:
    """Give an officer with one hat: a role for a place."""
    district = jurisdiction.district_of(place)
    with acting(DOOR):
        person = Person._base_manager.create(name=name or f"{role}-{place}", region=place, district=district)
        unit = None
        if department:
            unit, _ = Department.objects.get_or_create(code=department, defaults={"name": department, "place": place})
        Grant._base_manager.create(
            person=person, role_id=role, place=place, department=unit, since=LONG_AGO, until=until, region=place, district=district
        )
        return worn_by(person.id, at=clock.now(), strong=strong)


def contact(enterprise: UUID, place: int, *, name: str = "联系人") -> Actor:
    """Give the contact of an enterprise: reach is the party alone."""
    district = jurisdiction.district_of(place)
    with acting(DOOR):
        person = Person._base_manager.create(name=name, region=place, district=district, party=enterprise)
        Grant._base_manager.create(
            person=person,
            role_id="enterprise_contact",
            for_party=enterprise,
            since=LONG_AGO,
            region=place,
            district=district,
            party=enterprise,
        )
        return worn_by(person.id, at=clock.now(), strong=False)
