"""The daily bulletin on its way, and what was signed: stored once, never changed."""

from django.db import models
from django.db.models import F, Q

from qifu.kernel.access.models import Scoped
from qifu.kernel.values import uuid7
from qifu.kernel.workflow.models import Subject


class Bulletin(Subject):
    """One issue (期) of the bulletin of a place: as of an instant, as known at a horizon of the record.

    `paragraphs` are lists of pieces: {"t": words} or {"f": number of a figure}; an own paragraph names its writer.
    `figures` hold what was computed, each with its instants; words may be edited, figures only computed anew."""

    day = models.DateField()
    year = models.IntegerField()
    issue = models.IntegerField()
    pack = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    issuer = models.CharField(max_length=80)
    office = models.CharField(max_length=80, blank=True)
    """Whose time it is."""
    asof = models.DateTimeField()
    known_era = models.IntegerField()
    known_horizon = models.BigIntegerField()
    known_at = models.DateTimeField()
    headline = models.CharField(max_length=80)
    paragraphs = models.JSONField()
    figures = models.JSONField()
    annex = models.JSONField(default=dict)
    filler = models.CharField(max_length=64)
    filler_name = models.CharField(max_length=80)
    reviewer = models.CharField(max_length=64, blank=True)
    reviewer_name = models.CharField(max_length=80, blank=True)
    signer = models.CharField(max_length=64, blank=True)
    signer_name = models.CharField(max_length=80, blank=True)
    publisher = models.CharField(max_length=64, blank=True)
    publisher_name = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    drafted_at = models.DateTimeField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["region", "-day"], name="insight_bulletin_place")]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "day"],
                condition=~Q(state="void"),
                name="one_bulletin_a_day",
                violation_error_message="这一天的通报已经起草了，没有再起草一份。",
            ),
            models.UniqueConstraint(fields=["region", "year", "issue"], name="one_issue_of_a_number"),
            models.CheckConstraint(
                condition=Q(reviewer="") | ~Q(reviewer=F("filler")),
                name="filler_does_not_review",
                violation_error_message="起草的人不能又来核对，没有改动。",
            ),
            models.CheckConstraint(
                condition=Q(signer="") | (~Q(signer=F("filler")) & ~Q(signer=F("reviewer"))),
                name="signer_is_another",
                violation_error_message="起草或核对的人不能又来签发，没有改动。",
            ),
            models.CheckConstraint(
                condition=Q(publisher="") | ~Q(publisher=F("signer")),
                name="signer_does_not_publish",
                violation_error_message="签发的人不能又来发布，没有改动。",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number that stands on the paper: TB-2020-018."""
        return f"TB-{self.year}-{self.issue:03d}"


class Sealed(Scoped):
    """What was signed, byte for byte: canonical JSON of words, figures and instants. Insert only."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    bulletin = models.OneToOneField(Bulletin, on_delete=models.PROTECT, related_name="sealed")
    body = models.BinaryField()
    digest = models.CharField(max_length=64)
    """SHA-256 of `body`, in hex; it stands in the journal too."""
    at = models.DateTimeField()
