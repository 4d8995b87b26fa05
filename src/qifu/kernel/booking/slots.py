"""Opens, takes and gives back places. Each is one statement, so that 200 hands at once are let in one after the other.

The condition in the statement tells the person; the table's CHECK would stop whatever forgot to ask."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import F, QuerySet

from qifu.kernel.calendar import Calendar
from qifu.kernel.calendar.clock import ZONE

from .models import Slot
from .refusals import FewerThanTaken, Full, NotOpen

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
    if not right.filter(taken__lt=F("capacity")).update(taken=F("taken") + 1):
        raise Full() if right.exists() else NotOpen()
    return Slot.objects.get(pk=id)


def give_back(id: UUID) -> None:
    """Free one place that was held."""
    Slot.objects.filter(pk=id).update(taken=F("taken") - 1)


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
