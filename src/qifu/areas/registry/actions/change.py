"""Change what stands about an enterprise. A label that figures count by leaves with the old and arrives with the new."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from qifu.areas.registry import asking, ledger
from qifu.areas.registry.entering import changed_lines
from qifu.areas.registry.models import Enterprise
from qifu.areas.registry.names import Spelling, clean
from qifu.areas.registry.places import region_of
from qifu.areas.registry.terms import ENTERPRISE, NothingChanged, ReasonNeeded, WrongCode
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotYours
from qifu.kernel.actions import action
from qifu.kernel.language import said as _
from qifu.kernel.values import Problem, check_uscc

_LABELS = ("name", "uscc", "size", "over_100m", "category", "individual", "region")
"""What another office relies on: a change needs a reason."""
_OWN = ("staff", "address", "legal_person")
"""What the enterprise itself keeps up to date."""
_PLAIN = ("over_100m", "category", "individual", "industry", "staff", "address", "legal_person", "founded")


@dataclass(frozen=True, kw_only=True)
class Change:
    """What is new; None is left as it is. A size given here is an override unless it comes from the statistics office."""

    enterprise: UUID = field(metadata={"label": "企业"})
    reason: str = field(default="", metadata={"label": "理由", "most": 200})
    name: str | None = field(default=None, metadata={"label": "企业名称", "most": 120})
    uscc: str | None = field(default=None, metadata={"label": "统一社会信用代码"})
    place: str | None = field(default=None, metadata={"label": "镇街或开发区"})
    region: int | None = field(default=None, metadata={"label": "镇街或开发区"})
    size: Literal["above", "limit_above", "small"] | None = field(default=None, metadata={"label": "规模"})
    size_source: Literal["override", "statistics", "derived"] = field(default="override", metadata={"label": "规模来源"})
    over_100m: bool | None = field(default=None, metadata={"label": "亿元以上"})
    category: Literal["none", "utility", "control_supply", "living", "key_trade", "project"] | None = field(
        default=None, metadata={"label": "必需类别"}
    )
    individual: bool | None = field(default=None, metadata={"label": "个体工商户"})
    industry: str | None = field(default=None, metadata={"label": "行业代码", "most": 5})
    staff: int | None = field(default=None, metadata={"label": "员工人数"})
    address: str | None = field(default=None, metadata={"label": "地址", "most": 200})
    legal_person: str | None = field(default=None, metadata={"label": "法定代表人", "most": 60})
    founded: date | None = field(default=None, metadata={"label": "成立日期"})


@action("registry.change", "更正企业信息")
def change(given: Change, *, actor: Actor, at: datetime, key: UUID | None = None) -> Enterprise:
    """Write what is new. Refuses ReasonNeeded for a label without a reason, NothingChanged, NotYours, WrongCode.

    A contact may change staff, address and legal representative of the own firm, nothing else."""
    row = asking.open_enterprise(given.enterprise)
    old_facets, old_region = row.facets, row.region
    new = _new(given, row, actor)
    if not new:
        raise NothingChanged()
    rights = (asking.EDIT, asking.OWN) if set(new) <= set(_OWN) else (asking.EDIT,)
    hat = asking.hat_for(actor, *rights, at=at, on=row)
    if not given.reason.strip() and set(new) & set(_LABELS):
        raise ReasonNeeded()
    old = ledger.was(row, new)
    for name, value in new.items():
        setattr(row, name, value)
    if "name" in new:
        row.name_key, row.pinyin = Spelling().of(row.name)
    if "uscc" in new:
        row.provisional, row.why, row.uscc_written = False, "", ""
    if "size" in new or "size_source" in new:
        row.size_reason = given.reason
    if "region" in new:
        row.district = row.district  # the district at creation never changes (DECISIONS 4)
        if not actor.scope.holds(row):
            raise NotYours(_("{name}不在您的范围内，没有迁移。", name=jurisdiction.name(row.region)), fix="请区里经办人迁移。")
    row.save()
    data = {"changed": ",".join(sorted(new)), "why": given.reason, **old}
    lines = changed_lines(row, old_facets, verb="change", at=at, data=data, old_region=old_region)
    ledger.write(ENTERPRISE, *lines, actor=actor, hat=hat, batch=key)
    return row


def _new(given: Change, row: Enterprise, actor: Actor) -> dict[str, Any]:
    new: dict[str, Any] = {name: getattr(given, name) for name in _PLAIN if getattr(given, name) is not None}
    if new.get("category") == "none":
        new["category"] = ""
    if "industry" in new:
        new["industry"] = new["industry"].upper()
    if given.name is not None:
        new["name"] = clean(given.name)
    if given.uscc is not None:
        code = check_uscc(given.uscc)
        if isinstance(code, Problem):
            raise WrongCode(code.says)
        new["uscc"] = str(code)
    if given.size is not None:
        new |= {"size": given.size, "size_source": given.size_source}
    if given.region is not None or given.place:
        new["region"] = region_of(region=given.region, place=given.place or "", actor=actor)
    return {name: value for name, value in new.items() if getattr(row, name) != value}
