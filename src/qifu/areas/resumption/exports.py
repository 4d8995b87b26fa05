"""The lists of resumption that may be taken out, as sheets with unit, filters and office."""

from datetime import datetime
from typing import Any

from django.http import QueryDict

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor
from qifu.kernel.calendar.clock import local
from qifu.kernel.documents import exporting
from qifu.kernel.documents.exporting import Listing
from qifu.kernel.documents.papers import Column, Sheet

from .models import Application
from .terms import SIZES, STATES
from .views import drawing
from .views.worklist import wanted
from .worklist import Worklist

_CHUNK = 1000
_COLUMNS = (
    Column("序号", "centre", 0.5), Column("编号", width=1.7), Column("企业", width=2.6),
    Column("统一社会信用代码", width=1.9), Column("镇街", width=1.1),
    Column("规模", "centre", 0.6), Column("状态", width=0.9), Column("期限", width=1.1), Column("现在在谁手里", width=1.3),
    Column("员工", "number", 0.7), Column("首批返岗", "number", 0.8), Column("提交", width=1.1), Column("受理", width=1.1),
    Column("决定", width=1.1), Column("开工", width=1.1),
)  # fmt: skip


def count(filters: QueryDict, actor: Actor, at: datetime, most: int) -> int:
    """Count the worklist as it is filtered."""
    return len(Worklist(actor, at).all_ids(wanted(filters, actor), most=most + 1))


def read(filters: QueryDict, actor: Actor, at: datetime, most: int) -> Sheet:
    """Give the worklist as it is filtered."""
    found, want = Worklist(actor, at), wanted(filters, actor)
    ids = found.all_ids(want, most=most)
    rows = [a for start in range(0, len(ids), _CHUNK) for a in found.rows(ids[start : start + _CHUNK])]
    here = local(at)
    staff, first = sum(a.enterprise.staff or 0 for a in rows), sum(a.head_count for a in rows)
    said = [f"视图：{want.view.label}", *([f"镇街：{'、'.join(jurisdiction.name(t) for t in want.towns)}"] if want.towns else [])]
    said += [f"规模：{SIZES[want.size]}"] if want.size else []
    said += [f"状态：{STATES[want.state]}"] if want.state else []
    said += ["产值：亿元以上"] if want.big else []
    said += [f"查找：{want.text}"] if want.text else []
    return Sheet(
        title="复工申请办理清单", columns=_COLUMNS, rows=[_row(n, a) for n, a in enumerate(rows, 1)], unit="家、人",
        office=next((hat.label for hat in actor.hats if hat.label), ""), as_of=f"截至{here:%Y年%-m月%-d日}{here:%H:%M}",
        totals=("", "合计", f"{len(rows):,}家", "", "", "", "", "", "", staff, first, "", "", "", ""),
        filters=tuple(said), filler=actor.name, dated=here.date(),
    )  # fmt: skip


def _row(number: int, a: Application) -> tuple[Any, ...]:
    holder = drawing.holder_of(a, team=a.team.name if a.team else "")
    times = (a.submitted_at, a.accepted_at, a.decided_at, a.started_at)
    return (
        number, a.number, a.enterprise.name, a.enterprise.uscc or "", jurisdiction.name(a.region), SIZES.get(a.enterprise.size, ""),
        STATES.get(a.state, ""),
        _short(a.due_at), holder or "", a.enterprise.staff or 0, a.head_count, *map(_short, times),
    )  # fmt: skip


def _short(at: datetime | None) -> str:
    return f"{local(at):%-m-%-d %H:%M}" if at else ""


exporting.register(Listing(name="resumption.worklist", label="复工申请", needs=("resumption.see",), count=count, read=read))
