"""Many measures at one moment: those that are sums of groups are answered by one question, those that read the journal
by one question for each way of counting, the others one by one.

A page of seventy figures is otherwise seventy plans over the sums and the partitions of the journal."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from qifu.kernel.calendar.clock import ZONE, local

from . import rollup
from .measures import BELOW, _Half, _Ledger, _own_only, in_reach, told_by
from .terms import Moment

_GROUP = 'process, verb, "left", entered, first, facets'


class _Group(NamedTuple):
    """Entries that are alike in all that a sum may ask for, and how many there are."""

    process: str
    verb: str
    left: str
    entered: str
    first: bool
    facets: frozenset[str]
    n: int


def values(measures: Iterable[Any], moment: Moment) -> dict[Any, Any]:
    """Give the value of each measure at a moment; inside `acting`, and equal to what each says by itself."""
    asked = dict.fromkeys(measures)
    sums = [one for one in asked if isinstance(one, _Ledger) and one._summable]
    found = dict(_summed(sums, moment)) if len(sums) > 1 else {}
    alike: dict[Any, list[_Ledger]] = defaultdict(list)
    for one in asked:
        if isinstance(one, _Ledger) and not one._summable:
            alike[one.by if one.each else "", one.among].append(one)
    for some in alike.values():
        if len(some) > 1:
            found |= _read(some, moment)
    return {one: found[one] if one in found else one.value(moment) for one in asked}


def _read(measures: list[_Ledger], moment: Moment) -> dict[_Ledger, int]:
    """Give measures that count alike (the same groups, among the same subjects, or entry by entry) from one reading of the journal."""
    each, by = measures[0].each, measures[0].by
    sums, params = [], list[Any]()
    for number, one in enumerate(measures):
        own, given = one._own(*one.halves)
        sums.append(f"sum(sign * ({one.expression})) FILTER (WHERE {own}) AS n{number}")
        params += given
    columns: dict[str, set[str]] = defaultdict(set)
    for half in (half for one in measures for half in one.halves):
        columns[half.column].update(half.names)
    where = " OR ".join(f'"{column}" = ANY (%s)' for column in columns)
    inside, places = in_reach(moment)
    known, times = told_by(moment)
    among, chosen = measures[0]._chosen()
    params += [sorted({one.process for one in measures}), *map(sorted, columns.values()), *places, *times, *chosen]
    rows = f"SELECT {', '.join(sums)} FROM journal_entry WHERE process = ANY (%s) AND ({where}){inside}{known}{among}"
    if each:
        counts = ", ".join(f"count(*) FILTER (WHERE n{number} <> 0)" for number in range(len(measures)))
        rows = f"SELECT {counts} FROM ({rows} GROUP BY {by}) t"
    with connection.cursor() as cursor:
        cursor.execute(rows, params)
        return {one: int(n or 0) for one, n in zip(measures, cursor.fetchone(), strict=True)}


def _summed(measures: list[_Ledger], moment: Moment) -> Iterator[tuple[_Ledger, int]]:
    by_process: dict[str, list[_Group]] = defaultdict(list)
    for group in _groups(sorted({one.process for one in measures}), moment):
        by_process[group.process].append(group)
    for one in measures:
        where = frozenset(one.where)
        yield one, sum(half.sign * group.n for half in one.halves for group in by_process[one.process] if _holds(half, where, group))


def _holds(half: _Half, where: frozenset[str], group: _Group) -> bool:
    return getattr(group, half.column) in half.names and (group.first or not half.first) and where <= group.facets


def _groups(processes: list[str], moment: Moment) -> list[_Group]:
    """Read the groups of these processes: from the sums where they may be used, else from the journal alone."""
    inside, places = in_reach(moment)
    about, given = f"process = ANY (%s){inside}", [processes, *places]
    with connection.cursor() as cursor:
        mark = rollup.mark(cursor) if moment.known is None and not _own_only() else None
        parts = _from_journal(about, given, moment) if mark is None else _from_sums(about, given, moment, mark)
        sql = " UNION ALL ".join(f"SELECT {_GROUP}, {n} AS n FROM {rest}" for n, rest, _ in parts)
        cursor.execute(
            f"SELECT {_GROUP}, sum(n) FROM ({sql}) t GROUP BY {_GROUP} HAVING sum(n) <> 0",
            [value for _, _, values_ in parts for value in values_],
        )
        return [_Group(of, verb, left, to, first, frozenset(facets), int(n)) for of, verb, left, to, first, facets, n in cursor.fetchall()]


_Part = tuple[str, str, list[Any]]
"""What is added up, whence, and the values of that."""


def _from_journal(about: str, given: list[Any], moment: Moment) -> list[_Part]:
    known, times = told_by(moment)
    return [("sign", f"journal_entry WHERE {about}{known}", [*given, *times])]


def _from_sums(about: str, given: list[Any], moment: Moment, mark: rollup.Mark) -> list[_Part]:
    """A base, the days since it, and from the journal what the sums do not hold: as `_Ledger._from_sums` says."""
    asked = local(moment.asof).date()
    day = min(asked, mark.day)
    whole = mark.latest is None or moment.asof >= mark.latest
    base, until = mark.base(day), asked if whole else day - timedelta(days=1)
    live = f"journal_entry WHERE {about} AND at <= %s AND recorded_at >= %s"
    parts: list[_Part] = [("n", f"indicators_basesum WHERE {about} AND day = %s", [*given, base])]
    if base <= until:
        parts.append(("n", f"indicators_daysum WHERE {about} AND day >= %s AND day <= %s", [*given, base, until]))
    parts.append(("sign", f"{live} AND (era, tx) >= (%s, %s)", [*given, moment.asof, mark.told_since, mark.era, mark.horizon]))
    if not whole:
        start = datetime.combine(day, datetime.min.time(), ZONE)
        params = [*given, moment.asof, start - mark.ahead, mark.era, mark.horizon, start]
        parts.append(("sign", f"{live} AND {BELOW} AND at >= %s", params))
    return parts
