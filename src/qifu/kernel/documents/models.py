"""Issued papers. Rows are only added: a paper is withdrawn by another row, never changed."""

from django.db import models

from qifu.kernel.access.models import Scoped
from qifu.kernel.values import uuid7


class Count(models.Model):
    """The last number given under a prefix in a year. Given inside the act: what rolls back gives its number back."""

    prefix = models.CharField(max_length=60)
    year = models.SmallIntegerField()
    last = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="one_count_of_a_prefix")]


class Issued(Scoped):
    """An issued paper: its number, its check code, and what it says as data.

    Whoever holds it may ask at /v/<code> whether it is genuine; what they read there is number, kind, unit, date and
    firm, nothing else."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    number = models.CharField(max_length=80, unique=True)
    code = models.CharField(max_length=8, unique=True)
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    organ = models.CharField(max_length=120)
    to = models.CharField(max_length=200, blank=True)
    """The firm it was issued to."""
    about = models.UUIDField()
    place = models.IntegerField()
    """The place whose organ issued it."""
    data = models.JSONField()
    sha256 = models.CharField(max_length=64)
    """Of the canonical bytes of `data`, number, code and link."""
    link = models.CharField(max_length=300)
    """What its QR code says."""
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=64)
    issued_by_name = models.CharField(max_length=80)

    class Meta:
        indexes = [
            models.Index(fields=["about"], name="documents_issued_about"),
            models.Index(fields=["region", "-issued_at"], name="documents_issued_region"),
            models.Index(fields=["party", "-issued_at"], name="documents_issued_party"),
        ]

    def __str__(self) -> str:
        return self.number


class Print(Scoped):
    """The PDF of a paper as it was set the first time: these bytes are what counts from then on."""

    paper = models.OneToOneField(Issued, on_delete=models.PROTECT, primary_key=True, related_name="print")
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    seal = models.CharField(max_length=120, blank=True, default="")
    """Serial number of the electronic seal, where a service has sealed it."""
    seal_token = models.BinaryField(default=bytes)


class Withdrawal(Scoped):
    """A paper was withdrawn (作废、撤回): when, why, by whom."""

    paper = models.OneToOneField(Issued, on_delete=models.PROTECT, primary_key=True, related_name="withdrawal")
    at = models.DateTimeField()
    why = models.CharField(max_length=200)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=80)


class Export(Scoped):
    """A long list that somebody asks to take out: what, narrowed by what, what for; and who allowed it."""

    class State(models.TextChoices):
        ASKED = "asked", "等另一个人同意"
        ALLOWED = "allowed", "排队生成"
        MAKING = "making", "正在生成"
        READY = "ready", "可以下载"
        REFUSED = "refused", "没有同意"
        FAILED = "failed", "没有生成"

    id = models.UUIDField(primary_key=True, default=uuid7)
    listing = models.CharField(max_length=60)
    label = models.CharField(max_length=60)
    filters = models.CharField(max_length=1000, blank=True)
    form = models.CharField(max_length=4)
    rows = models.IntegerField()
    purpose = models.CharField(max_length=100)
    state = models.CharField(max_length=8, choices=State.choices)
    office = models.CharField(max_length=80, blank=True)
    person = models.UUIDField(null=True)
    asked_by = models.CharField(max_length=64)
    asked_by_name = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    answered_by = models.CharField(max_length=64, blank=True, default="")
    answered_by_name = models.CharField(max_length=80, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True, default="")
    begun_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True)
    """When its file is deleted."""
    error = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["state", "asked_at"], name="documents_export_state")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answered_by="") | ~models.Q(answered_by=models.F("asked_by")),
                name="export_is_allowed_by_another",
                violation_error_message="导出要由另一个人同意。",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class ExportFile(Scoped):
    """The file, sealed; deleted after a day."""

    export = models.OneToOneField(Export, on_delete=models.PROTECT, primary_key=True, related_name="file")
    sealed = models.BinaryField()
