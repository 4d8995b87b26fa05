"""Who is named on which rung, and who was told of what when."""

from django.db import models
from django.db.models import Q

from qifu.kernel.access.models import Scoped
from qifu.kernel.privacy import P1
from qifu.kernel.values import uuid7


class Named(Scoped):
    """A person who is told on one rung for one office, or for a whole place (`office` ''), with cover while away."""

    PRIVACY = {"person_name": P1, "cover_name": P1}

    id = models.UUIDField(primary_key=True, default=uuid7)
    office = models.CharField(max_length=80, blank=True)
    office_name = models.CharField(max_length=80)
    rung = models.SmallIntegerField()
    person = models.UUIDField()
    person_name = models.CharField(max_length=60)
    cover = models.UUIDField(null=True, blank=True)
    cover_name = models.CharField(max_length=60, blank=True)
    away_from = models.DateField(null=True, blank=True)
    away_until = models.DateField(null=True, blank=True)
    """The last day away."""
    named_at = models.DateTimeField()
    named_by = models.CharField(max_length=64)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region", "office", "rung"], condition=Q(ended_at__isnull=True), name="one_named_on_a_rung",
                violation_error_message="这一级已经有人了，没有改动。先换掉原来的人。",
            ),
            models.CheckConstraint(condition=Q(rung__gte=1), name="named_on_a_rung"),
            models.CheckConstraint(
                condition=~Q(cover=models.F("person")), name="ladder_cover_is_another", violation_error_message="代班要另选一个人。"
            ),
            models.CheckConstraint(
                condition=Q(cover__isnull=True, away_from__isnull=True, away_until__isnull=True)
                | Q(cover__isnull=False, away_from__isnull=False, away_until__gte=models.F("away_from")),
                name="away_has_days_and_cover",
            ),
        ]  # fmt: skip


class Told(Scoped):
    """That somebody was told of one clock at one stage; insert only. A deadline that moves is told of anew."""

    PRIVACY = {"person_name": P1}

    id = models.UUIDField(primary_key=True, default=uuid7)
    run = models.UUIDField()
    """The clock's run."""
    process = models.CharField(max_length=48)
    subject = models.UUIDField()
    clock = models.CharField(max_length=32)
    due_at = models.DateTimeField()
    stage = models.SmallIntegerField()
    """Below 1 a reminder, from 1 on the rung."""
    person = models.UUIDField(null=True, blank=True)
    """None for a reminder where nobody was in charge yet."""
    person_name = models.CharField(max_length=60, blank=True)
    covers = models.CharField(max_length=60, blank=True)
    """For whom they were told."""
    message = models.UUIDField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject", "at"], name="told_subject"), models.Index(fields=["region", "-at"], name="told_region")]
        constraints = [models.UniqueConstraint(fields=["run", "due_at", "stage"], name="told_once")]
