"""Who stands on the list of a course, and what they are told of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from qifu.kernel import notify
from qifu.kernel.access import Actor, NotFound
from qifu.kernel.access.models import Grant, everything
from qifu.kernel.language import said
from qifu.kernel.values.secret import Secret

from .models import Course, Trainee, Volunteer
from .workflow import TRAINEES


def enrol(
    course: Course, *, actor: Actor, at: datetime, person: UUID | None = None, volunteer: Volunteer | None = None, on: Any
) -> Trainee | None:
    """Put somebody on the list of an open course whose post asks for it, in the scope of `on`; None where they stand there."""
    if course.state != "open":
        return None
    who: dict[str, Any] = {"volunteer": volunteer} if volunteer else {"person": person}
    if Trainee._base_manager.filter(course=course.id, **who).exists():
        return None
    name, office = (volunteer.name, volunteer.office) if volunteer else _known(person)
    row = Trainee(
        course=course, name=name, office=office[:120], place=on.region, region=on.region, district=on.district, party=on.party, **who
    )
    made = TRAINEES.open(row, actor=actor, at=at)
    if volunteer is None:
        tell([made], "mobilisation.course", course, at=at, key="call")
    return made


def _known(person: UUID | None) -> tuple[str, str]:
    grant = everything(Grant).filter(person=person, revoked_at__isnull=True).select_related("person", "department").first()
    if grant is None:
        raise NotFound()
    return grant.person.name, grant.department.name if grant.department else ""


def tell(people: Iterable[Trainee], kind: str, course: Course, *, at: datetime, key: str = "") -> int:
    """Write a message to each trainee who has an account or a number; gives to how many."""
    day = course.finish_by
    by = str(said("{month}月{day}日前学完", month=day.month, day=day.day) if day else said("有空就学"))
    words = {"office": course.office, "title": course.title, "by": by}
    orders = []
    for one in people:
        to: UUID | Secret | None = one.person or (one.volunteer.phone if one.volunteer else None)
        if to is not None:
            orders.append(notify.Tell(to=to, kind=kind, words=words, on=one, about=one.id, key=f"course:{key}:{one.id}" if key else ""))
    return len(notify.tell_many(orders, at=at))
