"""How the offices stand: by office what is in hand, late, solved, supervised, how long it took, what was opened again, its score.

Shown to the office itself and to those above it, in the order of names: it helps to help, and ranks nobody (FEATURES 4.22).
The sums of the whole reach are for everybody who works on cases."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection

from qifu.kernel.access import Actor

from . import evaluation, offices
from .handbook import handbook
from .terms import OPEN, PENDING

_SQL = """
WITH led AS (
SELECT a.office, max(a.office_name) AS name,
       count(*) FILTER (WHERE a.state = ANY (%(open)s)) AS open,
       count(*) FILTER (WHERE a.state = ANY (%(open)s) AND a.due_at <= %(at)s) AS late,
       count(*) FILTER (WHERE a.state = 'waiting') AS waiting,
       count(*) FILTER (WHERE a.standing = 'solved') AS solved,
       count(*) FILTER (WHERE a.reopenings > 0) AS reopened,
       count(a.score) AS scored, avg(a.score) AS score,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY a.taken_at - a.assigned_at) AS to_take,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY a.resolved_at - a.assigned_at) AS to_solve
FROM casework_case a WHERE a.office <> '' {where} GROUP BY a.office),
pressed AS (
SELECT a.office, max(a.office_name) AS name, count(*) FILTER (WHERE a.state = ANY (%(pending)s)) AS pending,
       count(*) FILTER (WHERE a.due_at <= %(at)s) AS late
FROM casework_supervision a WHERE true {where} GROUP BY a.office)
SELECT office, coalesce(led.name, pressed.name), coalesce(open, 0), coalesce(led.late, 0), coalesce(waiting, 0), coalesce(solved, 0),
       coalesce(reopened, 0), coalesce(scored, 0), score, to_take, to_solve, coalesce(pending, 0), coalesce(pressed.late, 0)
FROM led FULL JOIN pressed USING (office)
"""
_WHOSE = " AND (%(all)s OR a.office = ANY (%(mine)s) OR a.region = ANY (%(over)s))"


class Stands(NamedTuple):
    """One office: open, of these overdue and waiting; solved; reopened; how many scored and their mean; medians to take on and
    to solve; supervisions not yet confirmed, and of these with an answer overdue."""

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
    pressed: int
    silent: int
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
    """Give how each office stands within the actor's reach that is their own or stands below them, by name."""
    (where, given), places = _reach(actor), evaluation.over(actor)
    whose = {"all": places is None, "over": places or [], "mine": list(offices.offices_of(actor))}
    with connection.cursor() as cursor:
        cursor.execute(_SQL.format(where=where + _WHOSE), {"open": list(OPEN), "pending": list(PENDING), "at": at} | given | whose)
        rows = cursor.fetchall()
    people = offices.people_in([row[0] for row in rows], at=at)
    most = handbook().load
    found = [
        Stands(
            row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], float(row[8]) if row[8] is not None else None, *row[9:13],
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
