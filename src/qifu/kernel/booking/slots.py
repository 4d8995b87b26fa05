"""Opens, takes and gives back places. Each is one statement, so that 200 hands at once are let in one after the other.

The condition in the statement tells the person; the table's CHECK would stop whatever forgot to ask."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest

from qifu.kernel.calendar import Calendar
from qifu.kernel.calendar.clock import ZONE

from .models import Slot
from .refusals import FewerThanTaken, Full, LineFull, NotFull, NotOpen

MOST_WAITING = 5
"""For how many a line is worth standing in, where a time has fewer places."""
MOST_DAYS = 62
"""How far times are opened ahead at once."""


def days_between(first: date, last: date, *, calendar: Calendar, days_off: bool = False) -> list[date]:
    """Give the working days from first to last, both included; with `days_off` every day."""
    found = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return found if days_off else [day for day in found if calendar.is_workday(day)]


def open_slots(
    service: str, *, place: int, office: str, days: Sequence[date], times: Sequence[time], minutes: int, capacity: int, by: str
) -> int:
    """Open a time of `minutes` at each of `times` (Shanghai) on each day; one that is there already stays as it is.

    Gives how many are new."""
    starts = [datetime.combine(day, at, ZONE) for day in days for at in times]
    there = set(Slot.objects.filter(service=service, place=place, starts_at__in=starts).values_list("starts_at", flat=True))
    fresh = [
        Slot(
            service=service, place=place, office=office, starts_at=at, ends_at=at + timedelta(minutes=minutes), capacity=capacity,
            opened_by=by,
        )
        for at in starts
        if at not in there
    ]  # fmt: skip
    Slot.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def take(id: UUID, *, at: datetime, service: str, places: Collection[int]) -> Slot:
    """Hold one place in a time that begins after `at`, of this service, of an office of these places.

    Refuses Full, and NotOpen where it is closed, has begun, or belongs to another service or place."""
    right = Slot.objects.filter(pk=id, service=service, place__in=places, closed_at__isnull=True, starts_at__gt=at)
    if not right.filter(taken__lt=F("capacity") - F("waiting")).update(taken=F("taken") + 1):
        raise Full() if right.exists() else NotOpen()
    return Slot.objects.get(pk=id)


def give_back(id: UUID) -> None:
    """Free one place that was held."""
    Slot.objects.filter(pk=id).update(taken=F("taken") - 1)


def wait(id: UUID, *, after: datetime, service: str, places: Collection[int]) -> Slot:
    """Stand in line for a full time that begins after `after`: no more than it has places, and MOST_WAITING at least.

    Refuses NotFull, LineFull, and NotOpen as `take`."""
    right = Slot.objects.filter(pk=id, service=service, place__in=places, closed_at__isnull=True, starts_at__gt=after)
    full = right.filter(taken__gte=F("capacity") - F("waiting"))
    if not full.filter(waiting__lt=Greatest(F("capacity"), MOST_WAITING)).update(waiting=F("waiting") + 1):
        raise LineFull() if full.exists() else NotFull() if right.exists() else NotOpen()
    return Slot.objects.get(pk=id)


def wait_no_more(id: UUID) -> None:
    """Leave the line."""
    Slot.objects.filter(pk=id).update(waiting=F("waiting") - 1)


def fill(id: UUID, *, after: datetime) -> Slot | None:
    """Let one of those who wait hold a place that is free, in a time that begins after `after`; None where there is none."""
    free = Slot.objects.filter(pk=id, closed_at__isnull=True, starts_at__gt=after, taken__lt=F("capacity"), waiting__gt=0)
    return Slot.objects.get(pk=id) if free.update(taken=F("taken") + 1, waiting=F("waiting") - 1) else None


def awaited(*, after: datetime) -> tuple[list[UUID], list[UUID]]:
    """Give the times for which people wait: those with a place free, and those that are closed or begin by `after`."""
    line = Slot.objects.filter(waiting__gt=0).order_by("starts_at", "id")
    over = Q(closed_at__isnull=False) | Q(starts_at__lte=after)
    ripe = line.exclude(over).filter(taken__lt=F("capacity"))
    return list(ripe.values_list("id", flat=True)[:200]), list(line.filter(over).values_list("id", flat=True)[:200])


def close(id: UUID, *, at: datetime, why: str) -> Slot:
    """Take no more bookings in a time; those who hold it keep it until somebody moves them. Refuses NotOpen."""
    if not Slot.objects.filter(pk=id, closed_at__isnull=True).update(closed_at=at, why_closed=why):
        raise NotOpen()
    return Slot.objects.get(pk=id)


def resize(id: UUID, *, capacity: int) -> Slot:
    """Set how many places a time has. Refuses FewerThanTaken."""
    if not Slot.objects.filter(pk=id, taken__lte=capacity).update(capacity=capacity):
        raise FewerThanTaken() if Slot.objects.filter(pk=id).exists() else NotOpen()
    return Slot.objects.get(pk=id)


def ahead(service: str, *, places: Collection[int], since: datetime, until: datetime | None = None) -> QuerySet[Slot]:
    """Give the open times of these places that begin after `since`, the earliest first, full ones too."""
    found = Slot.objects.filter(service=service, place__in=places, closed_at__isnull=True, starts_at__gt=since)
    return (found.filter(starts_at__lt=until) if until else found).order_by("starts_at", "place")
