"""The lists of visits that may be taken out: coverage, and what was said."""

from datetime import datetime
from typing import Any

from django.http import QueryDict

from qifu.areas.registry import api as registry
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor
from qifu.kernel.calendar.clock import local
from qifu.kernel.documents import exporting
from qifu.kernel.documents.exporting import Listing
from qifu.kernel.documents.papers import Column, Sheet

from . import coverage, queries
from .terms import NEEDS, OPINION_STATES
from .workflow import SEE

_SIZES = {"above": "规上", "limit_above": "限上", "small": "规下"}
_COVERAGE = (
    Column("序号", "centre", 0.5), Column("企业", width=2.8), Column("镇街", width=1.1), Column("规模", "centre", 0.7),
    Column("包联责任人", width=1.1), Column("联系人", width=1.0), Column("走访次数", "number", 0.8), Column("意见", "number", 0.6),
    Column("最近一次", width=1.1),
)  # fmt: skip
_OPINIONS = (
    Column("序号", "centre", 0.5),
    Column("企业", width=2.4),
    Column("镇街", width=1.0),
    Column("第几条", "number", 0.6),
    Column("意见", width=4.0),
    Column("哪方面", width=0.8),
    Column("现在", width=0.8),
    Column("怎么答的、转给谁", width=2.4),
    Column("谁记的", width=0.9),
    Column("记下", width=1.1),
)


def _frame(title: str, columns: Any, rows: list[Any], said: list[str], *, actor: Actor, at: datetime, unit: str) -> Sheet:
    here = local(at)
    return Sheet(
        title=title, columns=columns, rows=rows, unit=unit, office=next((hat.label for hat in actor.hats if hat.label), ""),
        as_of=f"截至{here:%Y年%-m月%-d日}{here:%H:%M}", filters=tuple(said), filler=actor.name, dated=here.date(),
    )  # fmt: skip


def _count_coverage(filters: QueryDict, actor: Actor, at: datetime, most: int) -> int:
    return coverage.shown(actor, coverage.wanted(filters, actor, at)).order_by()[: most + 1].count()


def _read_coverage(filters: QueryDict, actor: Actor, at: datetime, most: int) -> Sheet:
    want = coverage.wanted(filters, actor, at)
    rows = list(coverage.shown(actor, want).order_by("region", "pinyin")[:most])
    ids = [row.id for row in rows]
    leads, told, contacts = queries.leads_of(ids), queries.told_of(ids), registry.contacts_of_many(ids)
    lines = [
        (
            n,
            row.name,
            jurisdiction.name(row.region),
            _SIZES.get(row.size, ""),
            leads[row.id].officer_name if row.id in leads else "没有人包",
            contacts[row.id][0].name if contacts.get(row.id) else "",
            told[row.id].visits,
            told[row.id].opinions,
            _short(told[row.id].last),
        )
        for n, row in enumerate(rows, 1)
    ]
    said = [f"看：{coverage.SHOWN[want.show]}", f"从{local(want.since):%Y年%-m月%-d日}算起"]
    said += [f"镇街：{jurisdiction.name(want.region)}"] if want.region else []
    said += [f"规模：{_SIZES[want.size]}"] if want.size else []
    return _frame("走访覆盖名单", _COVERAGE, lines, said, actor=actor, at=at, unit="家")


def _asked(filters: QueryDict) -> dict[str, Any]:
    region = filters.get("region", "")
    return {
        "state": filters.get("state", ""), "need": filters.get("need", ""), "q": filters.get("q", "").strip()[:60],
        "region": int(region) if region.isdecimal() and len(region) < 10 else None,
    }  # fmt: skip


def _count_opinions(filters: QueryDict, actor: Actor, at: datetime, most: int) -> int:
    return queries.opinions(actor, **_asked(filters)).order_by()[: most + 1].count()


def _read_opinions(filters: QueryDict, actor: Actor, at: datetime, most: int) -> Sheet:
    rows = queries.opinions(actor, **_asked(filters))[:most]
    lines = [
        (
            n, one.enterprise.name, jurisdiction.name(one.region), one.number, one.words, NEEDS[one.need], OPINION_STATES[one.state],
            one.answer or one.office or one.case_number, one.officer_name, _short(one.noted_at),
        )
        for n, one in enumerate(rows, 1)
    ]  # fmt: skip
    asked = _asked(filters)
    said = [f"现在：{OPINION_STATES[asked['state']]}"] if asked["state"] in OPINION_STATES else []
    return _frame("走访意见清单", _OPINIONS, lines, said, actor=actor, at=at, unit="条")


def _short(at: datetime | None) -> str:
    return f"{local(at):%-m-%-d %H:%M}" if at else ""


exporting.register(Listing(name="visits.coverage", label="走访覆盖", needs=(SEE,), count=_count_coverage, read=_read_coverage))
exporting.register(Listing(name="visits.opinions", label="走访意见", needs=(SEE,), count=_count_opinions, read=_read_opinions))
