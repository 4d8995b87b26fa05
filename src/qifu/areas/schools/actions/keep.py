"""The register of schools, kept by the bureau."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from qifu.areas.registry.models import Site
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor
from qifu.kernel.access.models import everything
from qifu.kernel.actions import BadInput, action
from qifu.kernel.values import uuid7

from ..models import School
from ..terms import Kind
from ..workflow import REOPENING


@dataclass(frozen=True, kw_only=True)
class Register:
    name: str = field(metadata={"label": "学校名称"})
    region: int = field(metadata={"label": "所在镇街"})
    kind: Kind = field(metadata={"label": "类别"})
    pupils: int = field(metadata={"label": "学生人数"})
    staff: int = field(metadata={"label": "教职工人数"})
    site: UUID | None = field(default=None, metadata={"label": "登记的场所"})


@action("schools.register", "登记学校")
def register(given: Register, *, actor: Actor, at: datetime, key: UUID | None = None) -> School:
    """Enter a school; it begins closed. Its head is whoever holds the role for it. Refuses BadInput, NotYours."""
    errors = {}
    if not 0 < len(given.name) <= 80:
        errors["name"] = "“学校名称”最多80个字。" if given.name else "还没有填“学校名称”。"
    for name, number in (("pupils", given.pupils), ("staff", given.staff)):
        if not 0 <= number <= 100_000:
            errors[name] = "人数要在0到100000之间。"
    if not _is_town(given.region):
        errors["region"] = "没有这个镇街。"
    if given.site is not None and not everything(Site).filter(pk=given.site, region=given.region).exists():
        errors["site"] = "这个镇街没有登记这个场所。"
    if errors:
        raise BadInput(errors)
    id = uuid7()
    school = School(
        id=id, party=id, name=given.name, kind=given.kind, pupils=given.pupils, staff=given.staff, site_id=given.site,
        region=given.region, district=jurisdiction.district_of(given.region), facets=[f"kind:{given.kind.value}"],
    )  # fmt: skip
    return REOPENING.open(school, actor=actor, at=at, key=key, pupils=given.pupils, staff=given.staff)


def _is_town(region: int) -> bool:
    try:
        return jurisdiction.place(region).kind in ("town", "subdistrict", "zone", "park")
    except jurisdiction.UnknownPlace:
        return False
