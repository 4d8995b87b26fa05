"""Asks every minute which clocks run out or have run out, and tells who is in charge, and afterwards who is named, rung by rung.

A message gathers all that one person is told at one stage, so that fifty late cases ring once. A rung above is told no
sooner than the next day after the one below (for what is due within the day: an hour), unless nobody was there to tell."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from qifu.kernel import jurisdiction, notify
from qifu.kernel.access import Actor, acting
from qifu.kernel.access.models import Grant, Person, everything
from qifu.kernel.calendar import calendar_for
from qifu.kernel.calendar.clock import local
from qifu.kernel.calendar.words import deadline
from qifu.kernel.workflow.timer import timer

from .models import Named, Told
from .naming import in_office, place_of
from .terms import FORCE, LATE_FROM, Remind, Rung, Watched, ladder, watched

PIECE = 5000
NEAR = timedelta(days=15)
"""No row of last working days lies further from its end than this: the longest holiday, and room."""
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LASTING = timedelta(hours=12)
"""What lasts less is not reminded of on its last day: an order of the night for the next afternoon is, two hours over midnight not."""
_LOCK = 0x6C61_6464

notify.register(notify.Kind(
    code="ladder.remind", label="快到期了", words="{name}，“{title}”{more}，{due}到期，还没有办。打开企服看。",
    brief="您手上有{count}件快到期，打开企服看。",
))  # fmt: skip
notify.register(notify.Kind(
    code="ladder.late", label="超期催办", words="{name}，{office}的“{title}”{more}，{due}就到期了，还没有办，请您催一下。打开企服看。",
    brief="有{count}件超期，要您催办，打开企服看。",
))  # fmt: skip


class Late(NamedTuple):
    """One run of a clock that stands at a stage."""

    id: UUID
    process: str
    subject: UUID
    name: str
    owner: str
    region: int
    district: int
    started_at: datetime
    due_at: datetime
    last_at: datetime | None
    """When a rung was told last."""

    @property
    def short(self) -> bool:
        """Was less than a day allowed?"""
        return self.due_at - self.started_at < DAY


@dataclass(frozen=True)
class Order:
    """Somebody to tell of one run."""

    run: Late
    subject: Any
    person: UUID | None
    name: str = ""
    covers: str = ""


def sweep(at: datetime) -> int:
    """Tell everybody who is to be told by now, each stage once for each deadline; gives how many clocks were told of."""
    actor = timer()
    with acting(actor):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
            if not cursor.fetchone()[0]:
                return 0
        found = ladder()
        return sum(_remind(one, at) for one in found.reminders) + sum(_press(one, at) for one in found.rungs)


# ---------------------------------------------------------------- which clocks

_SQL = """
SELECT c.id, c.process, c.subject, c.name, c.owner, c.region, c.district, c.started_at, c.due_at,
       (SELECT max(t.at) FROM ladder_told t WHERE t.run = c.id AND t.due_at = c.due_at AND t.stage >= {late})
FROM workflow_clock c
WHERE c.stopped_at IS NULL AND c.paused_at IS NULL AND c.lapse = '' AND c.process = ANY (%(processes)s) AND {where}
  AND NOT EXISTS (SELECT 1 FROM ladder_told t WHERE t.run = c.id AND t.due_at = c.due_at AND t.stage = %(stage)s)
ORDER BY c.due_at, c.id
"""


def _at_stage(where: str, stage: int, **given: Any) -> list[Late]:
    with connection.cursor() as cursor:
        cursor.execute(_SQL.format(where=where, late=LATE_FROM), {"processes": list(watched), "stage": stage, **given})
        return [Late(*row) for row in cursor.fetchall()]


def _remind(one: Remind, at: datetime) -> int:
    if one.share:
        share = "c.due_at > %(at)s AND c.started_at + (c.due_at - c.started_at) * %(share)s <= %(at)s"
        # What runs out within the day is not reminded of at half: it has hardly begun.
        runs = _at_stage(f"{share} AND c.due_at - c.started_at >= interval '2 days'", one.stage, at=at, share=one.share / 100)
    else:
        near = _at_stage("c.due_at > %(at)s AND c.due_at <= %(near)s AND c.due_at - c.started_at >= %(lasting)s",
                         one.stage, at=at, near=at + NEAR, lasting=LASTING)  # fmt: skip
        known: dict[tuple[int, datetime], bool] = {}
        for run in near:
            if (run.region, run.due_at) not in known:
                known[run.region, run.due_at] = _left(run, at) <= one.working_days
        runs = [run for run in near if known[run.region, run.due_at] and local(run.started_at).date() < local(at).date()]
    return _tell(runs, one.stage, at)


def _left(run: Late, at: datetime) -> int:
    """Working days left, today's included: 1 is the last one."""
    calendar, today = calendar_for(run.region), local(at).date()
    days = (local(run.due_at - timedelta(microseconds=1)).date() - today).days
    return sum(calendar.is_workday(today + timedelta(days=n)) for n in range(days + 1))


def _press(rung: Rung, at: datetime) -> int:
    places = {place for seat in _seats(rung.stage) for place in jurisdiction.reach(seat)}
    if not places:
        return 0
    late = _at_stage("c.due_at <= %(at)s AND c.region = ANY (%(places)s)", rung.stage, at=at, places=sorted(places))
    return _tell([run for run in late if _ripe(rung, run, at)], rung.stage, at)


def _ripe(rung: Rung, run: Late, at: datetime) -> bool:
    if run.short:
        rested = run.last_at is None or at - run.last_at >= HOUR
        return rested and at - run.due_at >= timedelta(hours=rung.hours)
    rested = run.last_at is None or local(run.last_at).date() < local(at).date()
    if not rung.days:
        return rested
    # From the last instant in time: a deadline at midnight belongs to the day before it. The day under way is not yet late.
    return rested and calendar_for(run.region).working_days(run.due_at - timedelta(microseconds=1), at) > rung.days


# ---------------------------------------------------------------- whom


def _seats(stage: int) -> set[int]:
    """Give the places for which anybody at all could be told: only their clocks are read."""
    seats = set(Named._base_manager.filter(ended_at__isnull=True, rung=stage).values_list("region", flat=True))
    if stage == LATE_FROM:
        seats |= set(
            everything(Grant)
            .filter(lead=True, task_force__isnull=False, revoked_at__isnull=True)
            .values_list("task_force__place", flat=True)
        )
    return seats


class Whom:
    """Finds the person of a rung: the office's own, else that of its place, else of the place above; with cover, in office."""

    def __init__(self, at: datetime) -> None:
        self.at, self.today = at, local(at).date()
        rows = Named._base_manager.filter(ended_at__isnull=True)
        self.rows: dict[tuple[str, int, int], Named] = {(row.office, row.region, row.rung): row for row in rows}
        wanted = {row.person for row in rows} | {row.cover for row in rows if row.cover}
        self.there = set(in_office(at).filter(person__in=wanted).values_list("person_id", flat=True))
        self.seats: dict[tuple[str, int], int] = {}

    def of(self, office: str, region: int, rung: int) -> tuple[UUID, str, str] | None:
        """Give (person, name, for whom they cover) of a rung, or None where nobody is there."""
        if (office, region) not in self.seats:
            self.seats[office, region] = place_of(office, region)
        seat = self.seats[office, region]
        if rung == LATE_FROM and office.startswith(FORCE) and (lead := self._lead(office.removeprefix(FORCE))) is not None:
            return lead
        own = [self.rows.get((office, place, rung)) for place in jurisdiction.lineage(seat)] if office else []
        for row in [*own, *(self.rows.get(("", place, rung)) for place in jurisdiction.lineage(seat))]:
            if row is not None and (found := self._living(row)) is not None:
                return found
        return None

    def _lead(self, force: str) -> tuple[UUID, str, str] | None:
        """Give the leader of a special group: who leads it is named already."""
        held = in_office(self.at).filter(task_force=force, lead=True).order_by("since", "id").select_related("person").first()
        return (held.person_id, held.person.name[:60], "") if held is not None else None

    def _living(self, row: Named) -> tuple[UUID, str, str] | None:
        away = row.away_from is not None and row.away_until is not None and row.away_from <= self.today <= row.away_until
        if not away and row.person in self.there:
            return row.person, row.person_name, ""
        if row.cover is not None and row.cover in self.there and (away or row.person not in self.there):
            return row.cover, row.cover_name, row.person_name
        return None


def _orders(one: Watched, runs: Sequence[Late], stage: int, whom: Whom, at: datetime) -> list[Order]:
    rows = one.workflow.model._base_manager.select_related(*one.join) if one.join else one.workflow.model._base_manager
    subjects = rows.in_bulk({run.subject for run in runs})
    found: list[Order] = []
    for run in runs:
        subject = subjects.get(run.subject)
        if subject is None or subject.compartment:
            # A confidential matter is told to nobody: those cleared for it see it on the list.
            continue
        handlers = [] if stage >= LATE_FROM else list(dict.fromkeys(one.handlers(subject, run.name)))
        if handlers:
            found += [Order(run, subject, person) for person in handlers]
            continue
        told = whom.of(one.office(subject, run.name), subject.region, max(stage, LATE_FROM))
        if told is not None:
            found.append(Order(run, subject, *told))
        elif stage < LATE_FROM:
            found.append(Order(run, subject, None))
    names = dict(everything(Person).filter(pk__in={order.person for order in found if not order.name}).values_list("id", "name"))
    return [
        order if order.name or order.person is None else Order(order.run, order.subject, order.person, names.get(order.person, "")[:60])
        for order in found
    ]


def _tell(runs: Sequence[Late], stage: int, at: datetime) -> int:
    whom, told = Whom(at), 0
    by_process: dict[str, list[Late]] = defaultdict(list)
    for run in runs:
        by_process[run.process].append(run)
    orders = [
        order
        for process, found in by_process.items()
        for first in range(0, len(found), PIECE)
        for order in _orders(watched[process], found[first : first + PIECE], stage, whom, at)
    ]
    by_person: dict[UUID | None, list[Order]] = defaultdict(list)
    for order in orders:
        by_person[order.person].append(order)
    rows: list[Told] = []
    seen: set[UUID] = set()
    for person, mine in by_person.items():
        message = _message(person, mine, stage, at) if person else None
        for order in mine:
            if order.run.id in seen:
                continue
            seen.add(order.run.id)
            told += 1
            rows.append(_row(order, stage, message, at))
    Told._base_manager.bulk_create(rows, batch_size=PIECE, ignore_conflicts=True)
    return told


def _row(order: Order, stage: int, message: UUID | None, at: datetime) -> Told:
    run = order.run
    return Told(
        run=run.id, process=run.process, subject=run.subject, clock=run.name, due_at=run.due_at, stage=stage, person=order.person,
        person_name=order.name[:60], covers=order.covers[:60], message=message, at=at, region=run.region, district=run.district,
    )  # fmt: skip


def _message(person: UUID, orders: Sequence[Order], stage: int, at: datetime) -> UUID | None:
    first = min(orders, key=lambda order: (order.run.due_at, str(order.run.id)))
    late, title = stage >= LATE_FROM, watched[first.run.process].title(first.subject)
    due, office = deadline(first.run.due_at, local(at).date()), first.run.owner or jurisdiction.name(first.run.region)
    words = {
        "name": first.name, "title": title[:40], "more": f"等{len(orders)}件" if len(orders) > 1 else "",
        "due": due, "count": len(orders), "office": office,
    }  # fmt: skip
    # Not the subject's own scope: its firm would read who was told of it.
    on = SimpleNamespace(id=first.run.subject, region=first.run.region, district=first.run.district, party=None, compartment="")
    return notify.tell(person, "ladder.late" if late else "ladder.remind", on=on, at=at, words=words)


# ---------------------------------------------------------------- what nobody was told of

FAILED = ("failed", "given_up")
_SILENT = f"""
SELECT c.id, c.process, c.subject, c.name, c.owner, c.region, c.district, c.started_at, c.due_at, NULL
FROM workflow_clock c
WHERE c.stopped_at IS NULL AND c.paused_at IS NULL AND c.due_at <= %(at)s AND c.lapse = ''
  AND c.process = ANY (%(processes)s)
  AND (%(everywhere)s OR c.region = ANY (%(regions)s))
  AND NOT EXISTS (SELECT 1 FROM ladder_told t LEFT JOIN notify_outgoing m ON m.id = t.message
                  WHERE t.run = c.id AND t.due_at = c.due_at AND t.stage >= {LATE_FROM} AND t.person IS NOT NULL
                    AND coalesce(m.state, '') <> ALL (%(failed)s))
ORDER BY c.due_at, c.id LIMIT %(limit)s
"""


def silent(actor: Actor, *, at: datetime, limit: int = 500) -> list[Late]:
    """Give the clocks within the actor's reach that are late and of which nobody was told (无人可催), the latest due last.

    Also where the message did not arrive: told is who could read it."""
    with connection.cursor() as cursor:
        cursor.execute(_SILENT, {
            "at": at, "processes": list(watched), "everywhere": actor.scope.everywhere, "regions": list(actor.scope.regions),
            "failed": list(FAILED), "limit": limit,
        })  # fmt: skip
        return [Late(*row) for row in cursor.fetchall()]


def told_of(subject: UUID) -> list[Told]:
    """Give who was told of a subject's clocks, the latest first; inside acting."""
    return list(Told.objects.filter(subject=subject, person__isnull=False).order_by("-at", "-stage")[:20])


def subjects_of(runs: Iterable[Late | Told]) -> dict[UUID, Any]:
    """Give the subjects of runs by id, as far as whoever asks reaches them."""
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for run in runs:
        wanted[run.process].add(run.subject)
    return {
        id: row
        for process, ids in wanted.items()
        if process in watched
        for id, row in watched[process].workflow.model._base_manager.select_related(*watched[process].join).in_bulk(ids).items()
    }


__all__ = ["Late", "Whom", "silent", "subjects_of", "sweep", "told_of"]
