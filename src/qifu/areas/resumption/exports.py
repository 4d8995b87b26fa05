"""The lists of resumption that may be taken out, as sheets with unit, filters and office."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.http import QueryDict

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor
from qifu.kernel.calendar.clock import local
from qifu.kernel.documents import exporting
from qifu.kernel.documents.exporting import Listing
from qifu.kernel.documents.papers import Column, Sheet

from . import lists
from .models import Application, Batch
from .terms import SIZES, STATES, Removal
from .views import drawing
from .views.lists import day_of, span_of, text_of, town_of
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


def _sheet(title: str, columns: Sequence[Column], rows: Sequence[Any], said: Sequence[str], *, actor: Actor, at: datetime) -> Sheet:
    here = local(at)
    return Sheet(
        title=title, columns=columns, rows=rows, unit="家、人", office=next((hat.label for hat in actor.hats if hat.label), ""),
        as_of=f"截至{here:%Y年%-m月%-d日}{here:%H:%M}", filters=tuple(said), filler=actor.name, dated=here.date(),
    )  # fmt: skip


# ---------------------------------------------------------------- the dynamic list of an evening

_DYNAMIC = (
    Column("序号", "centre", 0.5), Column("企业", width=2.6), Column("统一社会信用代码", width=1.9), Column("镇街", width=1.1),
    Column("规模", "centre", 0.6), Column("亿元以上", "centre", 0.8), Column("状态", width=0.9), Column("从几时起", width=1.1),
    Column("首批返岗", "number", 0.8), Column("批次", "centre", 0.6),
)  # fmt: skip


def count_dynamic(filters: QueryDict, actor: Actor, at: datetime, most: int) -> int:
    """Count who may work or works on the evening of a day."""
    return min(len(_dynamic(filters, actor, at)), most + 1)


def read_dynamic(filters: QueryDict, actor: Actor, at: datetime, most: int) -> Sheet:
    """Give the dynamic list as it stood on the evening of a day."""
    found, day, town = _dynamic(filters, actor, at)[:most], day_of(filters, at), town_of(filters)
    rows = [
        (n, e.name, e.uscc, e.town, e.size, "是" if e.over_100m else "", STATES[e.state], _short(e.since), e.staff, e.batch or "")
        for n, e in enumerate(found, 1)
    ]
    said = [_day_words("哪一天", day), *([f"镇街：{jurisdiction.name(town)}"] if town else [])]
    said += [f"查找：{text_of(filters)}"] if text_of(filters) else []
    return _sheet(f"复工复产动态清单{day:%m%d}", _DYNAMIC, rows, said, actor=actor, at=at)


def _dynamic(filters: QueryDict, actor: Actor, at: datetime) -> list[lists.Line]:
    return lists.dynamic(actor, day=day_of(filters, at), text=text_of(filters), town=town_of(filters))


def _day_words(name: str, day: date) -> str:
    return f"{name}：{day:%Y年%-m月%-d日}"


# ---------------------------------------------------------------- the assessment register

_REGISTER = (
    Column("序号", "centre", 0.5), Column("编号", width=1.7), Column("企业", width=2.4), Column("镇街", width=1.0),
    Column("规模", "centre", 0.6), Column("评估小组", width=1.1), Column("评估人", width=0.9), Column("评估时间", width=1.1),
    Column("结论", width=0.9), Column("清单项数", "number", 0.6), Column("要改的", width=2.0), Column("备注", width=1.6),
    Column("现在", width=0.9), Column("决定时间", width=1.1),
)  # fmt: skip


def count_register(filters: QueryDict, actor: Actor, at: datetime, most: int) -> int:
    """Count the visits of some days."""
    since, until = span_of(filters, at)
    return min(len(lists.register(actor, since=since, until=until)), most + 1)


def read_register(filters: QueryDict, actor: Actor, at: datetime, most: int) -> Sheet:
    """Give every visit of some days with its conclusion."""
    since, until = span_of(filters, at)
    rows = [
        (n, v.number, v.name, v.town, v.size, v.team, v.assessor, _short(v.at), "通过" if v.passed else "要求整改", v.items,
         "、".join(v.to_mend), v.remarks, STATES.get(v.state, ""), _short(v.decided_at))
        for n, v in enumerate(lists.register(actor, since=since, until=until)[:most], 1)
    ]  # fmt: skip
    said = [_day_words("从", since), _day_words("到", until)]
    return _sheet(f"评估台账{since:%m%d}-{until:%m%d}", _REGISTER, rows, said, actor=actor, at=at)


# ---------------------------------------------------------------- one published batch

_BATCH = (
    Column("序号", "centre", 0.5), Column("企业", width=2.6), Column("镇街", width=1.2), Column("批准日期", width=1.0),
    Column("移出日期", width=1.0), Column("移出原因", width=1.6),
)  # fmt: skip


def count_batch(filters: QueryDict, actor: Actor, at: datetime, most: int) -> int:
    """Count the lines of a published batch; 0 where there is none of this number."""
    batch = _batch(filters)
    return min(batch.lines.count(), most + 1) if batch else 0


def read_batch(filters: QueryDict, actor: Actor, at: datetime, most: int) -> Sheet:
    """Give one published batch, with what left it."""
    batch = _batch(filters)
    lines = list(batch.lines.all()[:most]) if batch else []
    rows = [
        (line.order, line.name, line.town, f"{line.decided_on:%-m-%-d}" if line.decided_on else "",
         f"{local(line.removed_at):%-m-%-d}" if line.removed_at else "", str(Removal(line.removed_why).label) if line.removed_why else "")
        for line in lines
    ]  # fmt: skip
    title = f"{batch.place}复工名单第{batch.number}批" if batch else "复工名单"
    return _sheet(title, _BATCH, rows, (), actor=actor, at=at)


def _batch(filters: QueryDict) -> Batch | None:
    given = [filters.get(name, "") for name in ("district", "number")]
    if not all(word.isdecimal() and len(word) < 9 for word in given):
        return None
    return Batch.objects.filter(district=int(given[0]), number=int(given[1])).first()


for listing in (
    Listing(name="resumption.worklist", label="复工申请", needs=("resumption.see",), count=count, read=read),
    Listing(name="resumption.dynamic", label="动态清单", needs=("resumption.see",), count=count_dynamic, read=read_dynamic),
    Listing(name="resumption.register", label="评估台账", needs=("resumption.see",), count=count_register, read=read_register),
    Listing(name="resumption.batch", label="批次和名单", needs=("resumption.see",), count=count_batch, read=read_batch),
):
    exporting.register(listing)
