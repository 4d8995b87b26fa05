"""The three rates that come from what enterprises tell each day, and who has told (FEATURES 2.16)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from qifu.kernel.calendar.clock import local
from qifu.kernel.indicators import Indicator, Moment, counted, register, standing

from .daily import CORE
from .indicators import COLUMNS, PROCESS
from .pressing import FIRM_COLUMNS, by_town, describe_firms
from .queries import describe

# As it was known at a seal: what the seal had not heard of is not there yet.
_KNOWN = " AND EXISTS (SELECT FROM journal_entry j WHERE j.subject = d.id AND j.process = 'resumption.daily' AND (j.era, j.tx) < (%s, %s))"


def _where(moment: Moment, days: Sequence[date]) -> tuple[str, list[Any]]:
    where, params = _reach(moment)
    return f"day = ANY (%s) AND told_at <= %s{where}", [list(days), moment.asof, *params]


def _reach(moment: Moment) -> tuple[str, list[Any]]:
    where, params = "", []
    if moment.within is not None:
        where += " AND region = ANY (%s)"
        params.append(list(moment.within))
    if moment.known is not None:
        where += _KNOWN
        params += [moment.known.era, moment.known.horizon]
    return where, params


def _sum(name: str) -> counted:
    """Give the sum of one number over what each firm told last: of the day asked for, else of the day before."""
    assert name in CORE

    def query(moment: Moment) -> Sequence[tuple[UUID, int]]:
        day = local(moment.asof).date()
        where, params = _where(moment, [day, day - timedelta(days=1)])
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT DISTINCT ON (enterprise_id) enterprise_id, {name} FROM resumption_dailyreport d WHERE {where}"
                " ORDER BY enterprise_id, day DESC, revision DESC",
                params,
            )
            return [(firm, number) for firm, number in cursor.fetchall() if number]

    def series(moment: Moment, instants: Sequence[datetime]) -> Sequence[int]:
        where, params = _reach(moment)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT (SELECT COALESCE(sum({name}), 0) FROM (SELECT DISTINCT ON (enterprise_id) {name} FROM resumption_dailyreport d"
                f" WHERE day IN (k.day, k.day - 1) AND told_at <= k.asof{where} ORDER BY enterprise_id, day DESC, revision DESC) t)"
                " FROM unnest(%s::date[], %s::timestamptz[]) WITH ORDINALITY AS k (day, asof, n) ORDER BY k.n",
                [*params, [local(at).date() for at in instants], list(instants)],
            )
            return [int(total) for (total,) in cursor.fetchall()]

    return counted(f"daily.{name}", query, series)


def _told(moment: Moment) -> Sequence[tuple[UUID, int]]:
    """Give the firms that have told the very day."""
    where, params = _where(moment, [local(moment.asof).date()])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT enterprise_id FROM resumption_dailyreport d WHERE {where}", params)
        return [(firm, 1) for (firm,) in cursor.fetchall()]


_RESUMED = replace(standing(PROCESS, "resumed"), by="party")


def _owing(moment: Moment) -> Sequence[tuple[UUID, int]]:
    """Give the firms at work that have not told the very day."""
    told = {firm for firm, _ in _told(moment)}
    return [(firm, 1) for firm, _ in _RESUMED.rows(moment) if firm not in told]


register(
    Indicator(
        "R40", "企业复工率", "家", standing(PROCESS, "resumed"), standing("registry.enterprise", "registered"),
        source="开工记录；分母是登记在册的企业",
        definition="现在处于已复工的企业，占登记在册的比例。", describe=describe, columns=COLUMNS,
    ),
    Indicator(
        "R41", "员工返岗率", "人", _sum("at_work"), _sum("expected"),
        source="复工日报；分母是同一份日报里的全员",
        definition="每家最近一份日报（当天的，没报的用前一天的）里今天到岗的人数，占全员的比例。更早没报的不算。",
        describe=describe_firms, columns=FIRM_COLUMNS,
    ),
    Indicator(
        "R42", "产能恢复率", "条", _sum("running"), _sum("capacity"),
        source="复工日报；分母是同一份日报里平时的生产线",
        definition="每家最近一份日报里开的生产线（或班组、柜台），占平时的比例。更早没报的不算。",
        describe=describe_firms, columns=FIRM_COLUMNS,
    ),
    Indicator(
        "R43", "今日日报", "家", counted("daily.told", _told), standing(PROCESS, "resumed"),
        source="复工日报；分母是已复工的企业",
        definition="当天已经报了日报的企业，迟报的也算。", describe=describe_firms, columns=FIRM_COLUMNS,
    ),
    Indicator(
        "R44", "今天没报日报的企业", "家", counted("daily.owing", _owing), standing(PROCESS, "resumed"),
        source="开工记录和复工日报；分母是已复工的企业",
        definition="已经复工、当天还没有报日报的企业。", describe=describe_firms, columns=FIRM_COLUMNS,
        stuck=by_town(_owing, "今天没报日报"),
    ),
)  # fmt: skip
