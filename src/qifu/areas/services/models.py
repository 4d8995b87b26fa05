"""Appointments, answers with their versions, orders of the catalogue, certificates from outside. Money is whole fen."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from qifu.areas.registry.models import Enterprise
from qifu.kernel.access.models import Scoped
from qifu.kernel.booking.models import Slot
from qifu.kernel.values import uuid7
from qifu.kernel.workflow.models import Subject

from .terms import OPEN_APPOINTMENT, OPEN_ORDER


class Appointment(Subject):
    """A service that an enterprise asked for, and the time agreed (预约). `slot` is held while the state says booked.

    `starts_at` and `ends_at` are copied from the time, so that the record stays when times are opened anew."""

    number = models.CharField(max_length=20)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    service = models.CharField(max_length=24)
    topic = models.CharField(max_length=24)
    wants = models.CharField(max_length=300, blank=True)
    channel = models.CharField(max_length=12)
    office = models.CharField(max_length=80)
    slot = models.ForeignKey(Slot, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    """When the present time was taken."""
    waits_for = models.ForeignKey(Slot, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """The full time for which it stands in line (候补) while its state says waiting, since `waits_since`."""
    waits_since = models.DateTimeField(null=True, blank=True)
    asked_by = models.CharField(max_length=80)
    server = models.CharField(max_length=80, blank=True)
    outcome = models.CharField(max_length=24, blank=True)
    words = models.CharField(max_length=500, blank=True)
    """What the office says of the outcome, or why it was called off."""
    asked_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    booked_at = models.DateTimeField(null=True, blank=True)
    served_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "service"],
                condition=Q(state__in=OPEN_APPOINTMENT),
                name="services_one_open_appointment",
                violation_error_message="这家企业已经约了一次，没有再约。要换时间的，在原来那次里改约。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("booked", "reminded")) | Q(slot__isnull=False, starts_at__isnull=False),
                name="services_booked_has_a_time",
                violation_error_message="还没有选时间，没有约上。",
            ),
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(waits_for__isnull=False, waits_since__isnull=False),
                name="services_waiting_says_for_what",
                violation_error_message="候补要写明等哪个时段，没有改动。",
            ),
        ]
        indexes = [models.Index(fields=["service", "starts_at"], name="services_appointment_day")]

    def __str__(self) -> str:
        return self.number


class Article(Subject):
    """An answer that officers give and everybody may read (知识库). What is read is its last version, never the draft.

    `draft_*` hold what is being written; `grams` are the pieces by which the published text is found."""

    title = models.CharField(max_length=80)
    service = models.CharField(max_length=24, blank=True)
    """The bookable service that helps further, if any."""
    office = models.CharField(max_length=80)
    owner = models.CharField(max_length=64)
    owner_name = models.CharField(max_length=80)
    left_at = models.DateTimeField(null=True, blank=True)
    """When the last owner was found to have left; `state_at` moves on with each change of the draft."""
    review_on = models.DateField()
    """Until when somebody must have looked at it again; past that day it is marked stale."""
    number = models.IntegerField(default=0)
    """Of the version that is public; 0: none yet."""
    answer = models.TextField(blank=True)
    source = models.CharField(max_length=200, blank=True)
    asks = models.CharField(max_length=300, blank=True)
    """Other words in which people ask it."""
    since = models.DateField(null=True, blank=True)
    draft_title = models.CharField(max_length=80)
    draft_answer = models.TextField(blank=True)
    draft_source = models.CharField(max_length=200, blank=True)
    draft_asks = models.CharField(max_length=300, blank=True)
    writer = models.CharField(max_length=64)
    writer_name = models.CharField(max_length=80)
    grams = ArrayField(models.CharField(max_length=2), default=list)
    grams_title = ArrayField(models.CharField(max_length=2), default=list)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [GinIndex(fields=["grams"], name="services_article_grams")]

    def __str__(self) -> str:
        return self.title


class Version(Scoped):
    """One dated version of an article as it was published; never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    since = models.DateField()
    title = models.CharField(max_length=80)
    answer = models.TextField()
    source = models.CharField(max_length=200)
    asks = models.CharField(max_length=300, blank=True)
    writer_name = models.CharField(max_length=80)
    publisher_name = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="services_version_once")]


class Attachment(Scoped):
    """A picture or a PDF that goes with an answer from version `since` until before version `until`, if it was left out.

    `body` is what is given out: a picture drawn anew, a paper as it came; both public once published, as the answer is."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="attachments")
    since = models.IntegerField()
    until = models.IntegerField(null=True, blank=True)
    name = models.CharField(max_length=120, blank=True)
    mime = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    size = models.IntegerField()
    body = models.BinaryField()
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "sha256"], condition=Q(until__isnull=True), name="services_attachment_once",
                violation_error_message="这个文件已经在了，没有再存一遍。",
            ),
        ]  # fmt: skip


class Order(Subject):
    """What an enterprise ordered from the catalogue (8+2): accounts that are opened, or a device that is bought."""

    number = models.CharField(max_length=20)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    offer = models.CharField(max_length=24)
    kind = models.CharField(max_length=12)
    wanted = models.IntegerField()
    accounts = models.IntegerField(default=0)
    office = models.CharField(max_length=80)
    sets = models.IntegerField(default=0)
    price_fen = models.BigIntegerField(default=0)
    invoice = models.CharField(max_length=40, blank=True)
    subsidy_fen = models.BigIntegerField(default=0)
    verifier = models.CharField(max_length=64, blank=True)
    verifier_name = models.CharField(max_length=80, blank=True)
    words = models.CharField(max_length=300, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    bought_at = models.DateTimeField(null=True, blank=True)
    subsidised_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "offer"],
                condition=Q(state__in=OPEN_ORDER),
                name="services_one_open_order",
                violation_error_message="这家企业已经申请过这一项，没有再收一份。要多开几个的，在原来那份里加开。",
            ),
            models.UniqueConstraint(
                fields=["invoice"],
                condition=~Q(invoice="") & ~Q(state__in=("withdrawn", "declined")),
                name="services_invoice_once",
                violation_error_message="这张发票已经报过一次，没有再收。",
            ),
            models.CheckConstraint(
                condition=Q(wanted__gt=0) & Q(accounts__gte=0) & Q(sets__gte=0) & Q(price_fen__gte=0),
                name="services_order_counts",
                violation_error_message="数量要大于零，没有保存。",
            ),
            models.CheckConstraint(
                condition=Q(subsidy_fen__gte=0) & Q(subsidy_fen__lte=F("price_fen")),
                name="services_subsidy_within_price",
                violation_error_message="补助不能比买设备花的钱还多，没有保存。",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Certificate(Subject):
    """A certificate that somebody outside issues (不可抗力证明书), from the loss found to the value that it saved."""

    number = models.CharField(max_length=20)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24)
    office = models.CharField(max_length=80)
    loss_fen = models.BigIntegerField()
    cause = models.CharField(max_length=500)
    contract = models.CharField(max_length=60, blank=True)
    counterparty = models.CharField(max_length=120, blank=True)
    papers = models.CharField(max_length=500, blank=True)
    issuer = models.CharField(max_length=80)
    issued_number = models.CharField(max_length=60, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    saved_fen = models.BigIntegerField(default=0)
    ground = models.CharField(max_length=500, blank=True)
    """On what the value saved rests: the other side's letter, the court's paper."""
    claimer = models.CharField(max_length=64, blank=True)
    claimer_name = models.CharField(max_length=80, blank=True)
    finder_name = models.CharField(max_length=80)
    words = models.CharField(max_length=300, blank=True)
    found_at = models.DateTimeField(null=True, blank=True)
    papers_at = models.DateTimeField(null=True, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(loss_fen__gt=0), name="services_loss_is_more_than_nothing", violation_error_message="损失要大于零，没有保存。"
            ),
            models.CheckConstraint(
                condition=Q(saved_fen__gte=0) & Q(saved_fen__lte=F("loss_fen")),
                name="services_saved_within_loss",
                violation_error_message="挽回的钱比报的损失还多，没有保存。",
            ),
            models.UniqueConstraint(
                fields=["issuer", "issued_number"],
                condition=~Q(issued_number=""),
                name="services_issued_once",
                violation_error_message="这个证书号已经登记过，没有再登记。",
            ),
        ]

    def __str__(self) -> str:
        return self.number
