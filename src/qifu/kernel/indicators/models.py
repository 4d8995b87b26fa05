"""The roll-up: past days as sums, so that a figure of any day costs a few thousand rows and not the whole journal."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from qifu.kernel.access.models import Scoped


class _Sum(Scoped):
    """One group of journal rows: everything that a measure may ask for, and how many there were, by sign."""

    process = models.CharField(max_length=48)
    day = models.DateField()
    verb = models.CharField(max_length=48)
    left = models.CharField(max_length=32)
    entered = models.CharField(max_length=32)
    first = models.BooleanField()
    facets = ArrayField(models.CharField(max_length=40))
    n = models.BigIntegerField()

    class Meta:
        abstract = True


class DaySum(_Sum):
    """What happened on one local day (by `at`)."""


class BaseSum(_Sum):
    """All that happened before the local day `day`: kept for the first of each month and for the watermark."""


class Watermark(models.Model):
    """Rows known below `horizon` of `era` are in the sums; all others are read live.

    `since`: the first base. `latest`: the last `at` in the sums. `ahead`: how far a row in them was dated ahead of its
    telling, at most."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    era = models.IntegerField()
    horizon = models.BigIntegerField()
    day = models.DateField()
    since = models.DateField()
    latest = models.DateTimeField(null=True)
    ahead = models.DurationField()
    rolled_at = models.DateTimeField()
