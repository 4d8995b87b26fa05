"""One table: what an office keeps open. Who holds a place in it stands with the area that books."""

from django.db import models
from django.db.models import F, Q

from qifu.kernel.values import uuid7


class Slot(models.Model):
    """A time (时段) of one service of one office, with `capacity` places of which `taken` are held; for `waiting` more people wait,
    and a place that frees is theirs first.

    It names nobody, and is no row of anybody: who may see or change one is asked by the area's actions. `place` is the
    office's place id; the times are instants, the end exclusive."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    service = models.CharField(max_length=24)
    place = models.IntegerField()
    office = models.CharField(max_length=80)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    capacity = models.SmallIntegerField()
    taken = models.SmallIntegerField(default=0)
    waiting = models.SmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True, blank=True)
    why_closed = models.CharField(max_length=120, blank=True)
    opened_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(taken__gte=0) & Q(taken__lte=F("capacity")),
                name="booking_slot_holds_no_more",
                violation_error_message="这个时段刚刚约满，没有约上。",
            ),
            models.CheckConstraint(
                condition=Q(waiting__gte=0),
                name="booking_slot_nobody_owes_a_wait",
                violation_error_message="候补的人数不对，没有改动。",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="booking_slot_ends_after_start",
                violation_error_message="时段的结束时间要晚于开始时间，没有开出来。",
            ),
            models.UniqueConstraint(
                fields=["service", "place", "starts_at"],
                name="booking_slot_once",
                violation_error_message="这个时间已经开过一个时段了，没有再开一个。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.place} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def free(self) -> int:
        """Give how many places are left for who does not wait."""
        return 0 if self.closed_at else max(0, self.capacity - self.taken - self.waiting)
