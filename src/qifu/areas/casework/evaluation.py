"""How offices helped over a span of days, those that led apart from those that helped (帮扶绩效督查, FEATURES 4.22).

Shown to the office itself and to those above it, in the order of names: never a ranking, and never deadlines alone."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from qifu.kernel.access import Actor
from qifu.kernel.calendar.clock import ZONE

from . import offices

ABOVE = ("case.supervise", "case.referee", "case.extend")
"""Who may look at other offices of their reach; everybody else sees their own."""

_COUNTED = {
    "c": "c.office <> '' AND c.assigned_at >= %(since)s AND c.assigned_at < %(until)s AND c.standing <> 'merged'",
    # Help that was no longer needed counts where it was late by then.
    "h": "(h.state <> 'dropped' OR EXISTS (SELECT 1 FROM workflow_clock k WHERE k.subject = h.id AND k.due_at <= h.state_at))"
    " AND h.asked_at >= %(since)s AND h.asked_at < %(until)s",
}
"""What a span counts, once for the numbers and for the rows they open."""
_ROWS = {
    "c": "SELECT c.id, c.assigned_at FROM casework_case c WHERE {counted} AND {whose} AND c.office = %(office)s ORDER BY 2, 1",
    "h": "SELECT c.id, h.asked_at FROM casework_help h JOIN casework_case c ON c.id = h.case_id"
    " WHERE {counted} AND {whose} AND h.office = %(office)s ORDER BY 2, 1",
}
_LED = """
SELECT c.office, max(c.office_name), count(*), count(*) FILTER (WHERE c.taken_at IS NOT NULL),
       count(*) FILTER (WHERE c.standing = 'solved'), count(*) FILTER (WHERE c.reopenings > 0), count(c.score), avg(c.score),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY c.taken_at - c.assigned_at),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY c.resolved_at - c.assigned_at)
FROM casework_case c
WHERE {counted} AND {whose}
GROUP BY c.office
"""
_HELPED = """
SELECT h.office, max(h.office_name), count(*), count(*) FILTER (WHERE h.state = 'given'),
       count(*) FILTER (WHERE c.standing = 'solved'), count(*) FILTER (WHERE c.reopenings > 0), count(c.score), avg(c.score),
       NULL::interval, percentile_cont(0.5) WITHIN GROUP (ORDER BY h.given_at - h.asked_at)
FROM casework_help h JOIN casework_case c ON c.id = h.case_id
WHERE {counted} AND {whose}
GROUP BY h.office
"""


class Done(NamedTuple):
    """One office in a span: how many it was given, how many it took up (coverage), of these solved and reopened, how many
    enterprises scored and their mean, medians to take up and to the end."""

    code: str
    name: str
    given: int
    taken: int
    solved: int
    reopened: int
    scored: int
    score: float | None
    to_take: timedelta | None
    to_end: timedelta | None

    @property
    def covered(self) -> int:
        """Percent of what it was given that it took up."""
        return round(100 * self.taken / self.given) if self.given else 0


def led(actor: Actor, *, first: date, last: date) -> list[Done]:
    """Give by office what it led, of cases given to it between two days, both included."""
    return _asked(_LED, "c", actor, first, last)


def helped(actor: Actor, *, first: date, last: date) -> list[Done]:
    """Give by office what it was asked to help with between two days, both included; help that was no longer wanted counts
    only where it was already late."""
    return _asked(_HELPED, "h", actor, first, last)


def rows(actor: Actor, office: str, *, helping: bool, first: date, last: date) -> list[tuple[UUID, datetime]]:
    """Give the case and the instant of each that an office's number counted: given to it, or asked of it where `helping`.

    A case with which an office was asked to help twice stands twice, as it was counted."""
    table = "h" if helping else "c"
    return [(id, since) for id, since in _found(_ROWS[table], table, actor, first, last, office=office)]


def _asked(sql: str, table: str, actor: Actor, first: date, last: date) -> list[Done]:
    rows = _found(sql, table, actor, first, last)
    found = [Done(*row[:7], float(row[7]) if row[7] is not None else None, row[8], row[9]) for row in rows]
    return sorted(found, key=lambda one: (one.name, one.code))


def _found(sql: str, table: str, actor: Actor, first: date, last: date, *, office: str = "") -> Sequence[tuple]:
    places = over(actor)
    mine = list(offices.offices_of(actor))
    whose = "true" if places is None else f"({table}.office = ANY (%(mine)s) OR {table}.region = ANY (%(places)s))"
    since, until = (datetime.combine(day, time(), ZONE) for day in (first, last + timedelta(days=1)))
    given = {"since": since, "until": until, "mine": mine, "places": places or [], "office": office}
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("{counted}", _COUNTED[table]).replace("{whose}", whose), given)
        return cursor.fetchall()


def over(actor: Actor) -> list[int] | None:
    """Give the places over whose offices an actor stands: how these stand is seen beside one's own office's; None for all."""
    hats = [hat for hat in actor.hats if hat.rights.intersection(ABOVE)]
    if any(hat.scope.everywhere for hat in hats):
        return None
    return sorted({region for hat in hats for region in hat.scope.regions})
