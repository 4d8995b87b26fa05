"""The register as a list that may be taken out: no contact, no telephone number."""

from datetime import datetime
from typing import Any

from django.http import QueryDict

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor
from qifu.kernel.calendar.clock import local
from qifu.kernel.documents import exporting
from qifu.kernel.documents.exporting import Listing
from qifu.kernel.documents.papers import Column, Sheet
from qifu.kernel.language import said as _

from . import queries
from .models import Enterprise
from .terms import CATEGORIES, SIZE_SOURCES, SIZES

VIEWS = {
    "above": _("规上"), "limit_above": _("限上"), "small": _("规下"), "over_100m": _("亿元以上"), "essential": _("必需类"),
    "unsettled": _("待核"),
}  # fmt: skip
"""Words of the views of `queries.VIEWS`."""
_COLUMNS = (
    Column("序号", "centre", 0.5), Column("企业名称", width=2.6), Column("统一社会信用代码", width=1.9), Column("镇街", width=1.1),
    Column("规模", "centre", 0.6), Column("规模来源", width=1.0), Column("亿元以上", "centre", 0.7), Column("行业代码", "centre", 0.8),
    Column("必需类别", width=1.1), Column("员工人数", "number", 0.7), Column("地址", width=2.2), Column("待核原因", width=1.2),
)  # fmt: skip


def wanted(filters: QueryDict) -> dict[str, Any]:
    """Read what the list is narrowed by; what does not fit narrows nothing."""
    region = filters.get("region", "")
    return {
        "q": filters.get("q", "").replace("\x00", "").strip()[:80], "view": filters.get("view", "")[:20],
        "region": int(region) if region.isdecimal() and len(region) < 10 else None,
    }  # fmt: skip


def count(filters: QueryDict, actor: Actor, at: datetime, most: int) -> int:
    """Count the register as it is filtered."""
    return queries.filtered(actor, **wanted(filters)).order_by()[: most + 1].count()


def read(filters: QueryDict, actor: Actor, at: datetime, most: int) -> Sheet:
    """Give the register as it is filtered, by name."""
    want = wanted(filters)
    rows = list(queries.filtered(actor, **want).order_by("pinyin", "id")[:most])
    said = [f"查找：{want['q']}"] if want["q"] else []
    said += [f"视图：{VIEWS[want['view']]}"] if want["view"] in VIEWS else []
    said += [f"镇街：{_place(want['region'])}"] if want["region"] is not None else []
    here = local(at)
    return Sheet(
        title="企业名录", columns=_COLUMNS, rows=[_row(n, row) for n, row in enumerate(rows, 1)], unit="家、人",
        office=next((hat.label for hat in actor.hats if hat.label), ""), as_of=f"截至{here:%Y年%-m月%-d日}{here:%H:%M}",
        totals=("", "合计", f"{len(rows):,}家", "", "", "", "", "", "", sum(row.staff or 0 for row in rows), "", ""),
        filters=tuple(said), filler=actor.name, dated=here.date(),
    )  # fmt: skip


def _row(number: int, row: Enterprise) -> tuple[Any, ...]:
    return (
        number, row.name, row.uscc or row.uscc_written, jurisdiction.name(row.region), SIZES[row.size], SIZE_SOURCES[row.size_source],
        "是" if row.over_100m else "", row.industry, CATEGORIES.get(row.category, ""), row.staff or 0, row.address, row.why,
    )  # fmt: skip


def _place(region: int) -> str:
    try:
        return jurisdiction.name(region)
    except jurisdiction.UnknownPlace:
        return "没有这个地方"


exporting.register(Listing(name="registry.enterprises", label="企业名录", needs=("registry.see",), count=count, read=read))
