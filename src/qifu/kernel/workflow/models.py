"""What a worklist sorts by on the object itself, and one row for each run of a clock."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import IsNull

from qifu.kernel.access import Actor
from qifu.kernel.access.models import Scoped
from qifu.kernel.language.fields import KeptText
from qifu.kernel.values import uuid7


class Subject(Scoped):
    """Abstract: a thing for whose next step somebody answers by a date.

    `facets` are small codes that figures need (size:above, essential); they are those of the opening."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    state = models.CharField(max_length=32)
    state_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    been = ArrayField(models.CharField(max_length=32), default=list)
    facets = ArrayField(models.CharField(max_length=40), default=list)

    class Meta:
        abstract = True


class Written(models.Model):
    """Abstract: a text that one or several write and another signs. `writers` are all who wrote at it, not only the last."""

    writers = ArrayField(models.CharField(max_length=64), default=list)

    class Meta:
        abstract = True

    def written_by(self, actor: Actor) -> None:
        """Note one who wrote at it; the caller saves the row."""
        self.writers = list(dict.fromkeys([*self.writers, actor.id]))


def none_of_the_writers(signer: str, *, name: str, says: str) -> models.CheckConstraint:
    """Make the rule that whoever stands in the column `signer` has not written at it."""
    place = Func(F("writers"), F(signer), function="array_position", output_field=models.IntegerField())
    return models.CheckConstraint(condition=IsNull(place, True), name=name, violation_error_message=says)


class ClockRun(Scoped):
    """One run of a clock on one subject. `due_at` is exclusive; `because` says which days moved it; `given` are the working
    days given back because it stood still, so that another calendar finds the deadline anew."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    process = models.CharField(max_length=48)
    subject = models.UUIDField()
    name = models.CharField(max_length=32)
    owner = models.CharField(max_length=80, blank=True)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    lapse = models.CharField(max_length=48, blank=True)
    because = ArrayField(KeptText(max_length=120), default=list)
    given = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "workflow_clock"
        constraints = [
            models.UniqueConstraint(fields=["subject", "name"], condition=Q(stopped_at__isnull=True), name="one_run_of_a_clock"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(stopped_at__isnull=True), name="clock_due"),
            models.Index(fields=["subject"], name="clock_subject"),
        ]


class Kept(Scoped):
    """A report that came after its subject had moved: kept as sent, for a person to look at (DECISIONS 26)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    action = models.CharField(max_length=60)
    given = models.JSONField()
    process = models.CharField(max_length=48)
    subject = models.UUIDField()
    says = models.CharField(max_length=300)
    actor = models.CharField(max_length=64)
    actor_name = models.CharField(max_length=80)
    at = models.DateTimeField()
    kept_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=80, blank=True)
    outcome = models.CharField(max_length=200, blank=True)
    key = models.UUIDField(null=True, blank=True)
    """The device's key: a report that is delivered twice is kept once."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="kept_once")]
        indexes = [models.Index(fields=["region", "kept_at"], condition=Q(settled_at__isnull=True), name="kept_open")]
