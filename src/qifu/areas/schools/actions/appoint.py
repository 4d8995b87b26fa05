"""Who speaks for a school: the bureau names its head, who then reports from a telephone."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from qifu.areas.registry import people
from qifu.kernel.access import Actor, require, require_strong
from qifu.kernel.access.models import Grant, Role, everything
from qifu.kernel.actions import BadInput, action
from qifu.kernel.journal.writing import record
from qifu.kernel.language import said as _
from qifu.kernel.privacy.sealing import blind
from qifu.kernel.values import Problem, check_phone

from .. import queries

ROLE = "school_head"


@dataclass(frozen=True, kw_only=True)
class AppointHead:
    """A person for a school."""

    school: UUID
    name: str = field(metadata={"label": "姓名", "most": 60})
    phone: str = field(repr=False, metadata={"label": "手机号码"})


@action("schools.appoint_head", "登记学校负责人")
def appoint_head(given: AppointHead, *, actor: Actor, at: datetime, key: UUID | None = None) -> Grant:
    """Give a person the school's own role; who is known by the number stays one person. Earlier heads stay until revoked.

    Refuses BadInput, NotFound, NotYours; needs a proved second factor."""
    school = queries.school(given.school, actor)
    hat = require(actor, "school.consent", at=at, on=school)
    require_strong(actor)
    number = check_phone(given.phone)
    if isinstance(number, Problem):
        raise BadInput({"phone": number.says})
    if not given.name.strip():
        raise BadInput({"name": _("还没有填“姓名”。")})
    index, name = blind("phone", number), given.name.strip()
    before = people.known([(index, name)]).get(index)
    if before is not None and not before.same:
        raise BadInput({"phone": _("这个手机号码已经登记在另一个人名下。")})
    scope = {"region": school.region, "district": school.district}
    person = before.id if before else None
    if person is None:
        values = people.person_values(name=name, phone=number, title="学校负责人", party=school.id, **scope)
        people.add([values])
        person = values[0]
    grant = Grant(
        person_id=person, role=everything(Role).get(code=ROLE), for_party=school.id, since=at, given_by=actor.id, party=school.id, **scope
    )
    grant.save(force_insert=True)
    record(
        "access.grant", grant, verb="give", entered="given", first=True, actor=actor, hat=hat, at=at, about=person,
        person=str(person), role=ROLE, until=None,
    )  # fmt: skip
    return grant


__all__ = ["AppointHead", "appoint_head"]
