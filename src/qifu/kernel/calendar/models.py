"""The national table of days, written by the owner, and the decrees of single jurisdictions laid over it."""

from django.db import models

from qifu.kernel.values import uuid7


class CalendarDay(models.Model):
    """One day as the State Council's notice has it. Every day of a known year has a row, so that a missing year shows.

    `name` is the holiday to which the day belongs, as rest or as the working day given for it; `source` the notice."""

    date = models.DateField(primary_key=True)
    is_workday = models.BooleanField()
    name = models.TextField(blank=True)
    source = models.TextField()

    def __str__(self) -> str:
        return f"{self.date} {'班' if self.is_workday else '休'}{self.name}"


class KnownYear(models.Model):
    """That the national table holds a year, by a digest of its days, and whether open deadlines were found anew since they changed."""

    year = models.SmallIntegerField(primary_key=True)
    digest = models.CharField(max_length=32)
    moved = models.PositiveIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)
    """None until the worker has found the deadlines anew."""

    def __str__(self) -> str:
        return str(self.year)


class LocalDecree(models.Model):
    """Days that one jurisdiction and everything under it declares working or not, first and last day included.

    `region` is the int of a place; the decree of the nearest place wins, among its own the latest. A decree is never
    edited: it is revoked and written anew. `moved` counts the open deadlines that it and its revocation moved, `settled_at`
    says when they were found anew."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    region = models.IntegerField()
    from_date = models.DateField()
    to_date = models.DateField()
    is_workday = models.BooleanField()
    reason = models.TextField()
    document = models.TextField()
    recorded_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    moved = models.PositiveIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(to_date__gte=models.F("from_date")), name="decree_runs_forward"),
            models.CheckConstraint(condition=~models.Q(reason="") & ~models.Q(document=""), name="decree_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.from_date}至{self.to_date} {'班' if self.is_workday else '休'} {self.document}"
