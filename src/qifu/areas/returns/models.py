"""A template of the upper level, the tables of its days, and the bytes of both, which never change."""

from django.db import models
from django.db.models import F, Q

from qifu.kernel.access.models import Scoped
from qifu.kernel.values import uuid7
from qifu.kernel.workflow.models import Subject


class Blank(Subject):
    """A template (上级模板) of a place: due each day at its hour; `cells` say what goes where.

    One of `cells`: {"sheet": number from 0, "cell": "B4", "figure": id of an indicator or "", "part": word of terms or
    "part:<name>", "place": id of a place}."""

    name = models.CharField(max_length=80)
    filename = models.CharField(max_length=120)
    unit = models.CharField(max_length=80)
    """Who hands it in (填报单位)."""
    office = models.CharField(max_length=80, blank=True)
    hour = models.CharField(max_length=5)
    """HH:MM in local time: the hour as of which, and at which, it is filled."""
    cells = models.JSONField(default=list)
    follows = models.UUIDField(null=True, blank=True)
    """The edition before, whose mapping it took over; it is stopped when this one is put in use."""
    lost = models.JSONField(default=list, db_default=[])
    """Cells of the edition before that were not found again, as they stood there."""
    digest = models.CharField(max_length=64)
    mapper = models.CharField(max_length=64, blank=True)
    mapper_name = models.CharField(max_length=80, blank=True)
    starter = models.CharField(max_length=64, blank=True)
    starter_name = models.CharField(max_length=80, blank=True)
    uploaded_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starter="") | ~Q(starter=F("mapper")),
                name="mapper_does_not_start",
                violation_error_message="格子是您对的，要由另一位看过再启用，没有改动。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Filing(Subject):
    """The table of one day. `values` hold what was written, cell by cell, beside what the last one held; `missing` what was not.

    One of `values`: {"sheet", "cell", "figure", "part", "place", "text", "number" or null, "before": text or null,
    "step": difference in words}; one of `missing`: a cell of the template with "why", a word of terms.WHY."""

    blank = models.ForeignKey(Blank, on_delete=models.PROTECT, related_name="filings")
    day = models.DateField()
    asof = models.DateTimeField()
    known_era = models.IntegerField()
    known_horizon = models.BigIntegerField()
    known_at = models.DateTimeField()
    office = models.CharField(max_length=80, blank=True)
    values = models.JSONField(default=list)
    missing = models.JSONField(default=list)
    against = models.DateField(null=True, blank=True)
    """The day of the table that it is compared with."""
    digest = models.CharField(max_length=64)
    releaser = models.CharField(max_length=64, blank=True)
    releaser_name = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    filled_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["blank", "day"], name="one_filing_a_day", violation_error_message="这一天的表已经填了，没有再填一份。"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.blank_id} {self.day}"


class Kept(Scoped):
    """A workbook byte for byte: a template as it was uploaded, or a day's table at one of its steps. Insert only."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    about = models.UUIDField()
    """The template or the day's table."""
    step = models.CharField(max_length=16)
    """upload, fill, fill_again, release."""
    body = models.BinaryField()
    digest = models.CharField(max_length=64)
    """SHA-256 of `body`, in hex; it stands in the journal too."""
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["about", "at"], name="returns_kept_about")]
