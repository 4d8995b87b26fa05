"""How the offices stand: by office what is in hand, late, solved, how long it took, what was opened again, how it was scored.

Shown to those who work on cases, in the order of names: it helps to help, and ranks nobody (FEATURES 4.22)."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection

from qifu.kernel.access import Actor

from . import offices
from .handbook import handbook
from .terms import OPEN

_SQL = """
SELECT a.office, max(a.office_name),
       count(*) FILTER (WHERE a.state = ANY (%(open)s)),
       count(*) FILTER (WHERE a.state = ANY (%(open)s) AND a.due_at <= %(at)s),
       count(*) FILTER (WHERE a.state = 'waiting'),
       count(*) FILTER (WHERE a.standing = 'solved'),
       count(*) FILTER (WHERE a.reopenings > 0),
       count(a.score), avg(a.score),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY a.taken_at - a.assigned_at),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY a.resolved_at - a.assigned_at)
FROM casework_case a WHERE a.office <> '' {where} GROUP BY a.office
"""


class Stands(NamedTuple):
    """One office: open, of these overdue and waiting; solved; reopened; how many scored and their mean; medians to take on and to solve."""

    code: str
    name: str
    open: int
    late: int
    waiting: int
    solved: int
    reopened: int
    scored: int
    score: float | None
    to_take: timedelta | None
    to_solve: timedelta | None
    people: int
    full: bool


class Whole(NamedTuple):
    """recorded - merged = solved + open, of one reach."""

    recorded: int
    merged: int
    solved: int
    open: int
    late: int


def by_office(actor: Actor, *, at: datetime) -> list[Stands]:
    """Give how each office stands within the actor's reach, by name."""
    where, given = _reach(actor)
    with connection.cursor() as cursor:
        cursor.execute(_SQL.format(where=where), {"open": list(OPEN), "at": at} | given)
        rows = cursor.fetchall()
    people = offices.people_in([row[0] for row in rows], at=at)
    most = handbook().load
    found = [
        Stands(
            row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], float(row[8]) if row[8] is not None else None, row[9], row[10],
            people[row[0]], row[2] >= most * people[row[0]],
        )
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.name)


def whole(actor: Actor, *, at: datetime) -> Whole:
    """Give the sum of a reach."""
    where, given = _reach(actor)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE a.standing = 'merged'), count(*) FILTER (WHERE a.standing = 'solved'),"
            " count(*) FILTER (WHERE a.standing = 'open'), count(*) FILTER (WHERE a.standing = 'open' AND a.due_at <= %(at)s)"
            f" FROM casework_case a WHERE true {where}",
            {"at": at} | given,
        )
        return Whole(*cursor.fetchone())


def _reach(actor: Actor) -> tuple[str, dict[str, list[int]]]:
    if actor.scope.everywhere:
        return "", {}
    return "AND a.region = ANY (%(regions)s)", {"regions": list(actor.scope.regions)}
