"""An import and what it holds: the original file, its rows in sealed blocks, and the rows that somebody must look at.

Rows are kept by the block and not one by one: 100,000 good rows are twenty database rows. Only a row that is doubtful,
wrong, put right by hand or turned away has a row of its own."""

from django.db import models

from qifu.kernel.access.models import Scoped
from qifu.kernel.privacy import P2
from qifu.kernel.values import uuid7


class Import(Scoped):
    """One list on its way in. `step` is not a workflow: nobody answers for it by a date."""

    class Step(models.TextChoices):
        RECEIVED = "received", "已收到"
        JUDGED = "judged", "已读完，等确认"
        WAITING = "waiting", "待复核"
        SIGNED = "signed", "已复核，可以入库"
        COMMITTED = "committed", "已入库"
        FAILED = "failed", "没有导入"
        DISCARDED = "discarded", "已作废"

    id = models.UUIDField(primary_key=True, default=uuid7)
    target = models.CharField(max_length=60)
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.IntegerField()
    year = models.SmallIntegerField()
    """The year of dates written without one."""
    step = models.CharField(max_length=12, choices=Step.choices, default=Step.RECEIVED)
    watermark = models.IntegerField(default=0)
    """How many blocks are stored; staging goes on from here."""
    staged_at = models.DateTimeField(null=True, blank=True)
    sheets = models.JSONField(default=list)
    """Per sheet of the file: name, labels, letters, header rows; in the order of `Block.sheet`."""
    mapping = models.JSONField(default=dict)
    """Normal label of a column to [field, how it was known]."""
    counts = models.JSONField(default=dict)
    """rows = good + doubtful + wrong + others; `kinds` splits the others; `enters`, `entered`."""
    columns = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    result = models.JSONField(default=dict)
    error = models.CharField(max_length=300, blank=True)
    fix = models.CharField(max_length=300, blank=True)
    created_by = models.CharField(max_length=64)
    created_by_name = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    committed_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.CharField(max_length=64, blank=True, default="", db_default="")
    sent_by_name = models.CharField(max_length=80, blank=True, default="", db_default="")
    sent_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.CharField(max_length=64, blank=True, default="", db_default="")
    signed_by_name = models.CharField(max_length=80, blank=True, default="", db_default="")
    signed_at = models.DateTimeField(null=True, blank=True)
    sent_back = models.CharField(max_length=200, blank=True, default="", db_default="")
    """What the second person wants put right."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(signed_by="") | ~models.Q(signed_by=models.F("sent_by")) & ~models.Q(signed_by=models.F("created_by")),
                name="intake_import_signed_by_another",
                violation_error_message="名单要另一个人复核签字，没有保存。",
            ),
            models.CheckConstraint(
                condition=~models.Q(step="signed") | ~models.Q(signed_by=""),
                name="intake_import_signed_by_somebody",
                violation_error_message="没有人签字，没有保存。",
            ),
        ]
        indexes = [models.Index(fields=["region", "-created_at"], name="intake_import_region_at")]

    def __str__(self) -> str:
        return self.filename


class Original(Scoped):
    """The file as it came, sealed. Kept until the import is forgotten."""

    source = models.OneToOneField(Import, primary_key=True, on_delete=models.CASCADE, related_name="original")
    sealed = models.BinaryField()


class Block(Scoped):
    """Up to 5,000 rows of one sheet, sealed; and what else stood between them."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="blocks")
    number = models.IntegerField()
    sheet = models.SmallIntegerField()
    rows = models.IntegerField()
    others = models.IntegerField(default=0)
    """How many titles, headers, totals and footnotes stand between the rows."""
    blanks = models.IntegerField(default=0)
    formulas = models.JSONField(default=dict)
    sealed = models.BinaryField()
    """{"numbers": […], "others": [[row, kind, text, cells of a total]], "rows": [[…]]}."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "number"], name="intake_block_once")]


class StagedRow(Scoped):
    """A row that somebody must look at, or that somebody put right."""

    PRIVACY = {"title": P2, "problems": P2}

    class Choice(models.TextChoices):
        OPEN = "", "还没定"
        ENTER = "enter", "照这样入库"
        SKIP = "skip", "不要这行"

    id = models.UUIDField(primary_key=True, default=uuid7)
    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="staged")
    block = models.IntegerField()
    place = models.IntegerField()
    sheet = models.CharField(max_length=120)
    row = models.IntegerField()
    title = models.CharField(max_length=120, blank=True)
    verdict = models.SmallIntegerField()
    enters = models.BooleanField()
    problems = models.JSONField(default=list)
    """[field, label, what was written (long numbers masked), what is the matter, verdict, enters]."""
    fixes_sealed = models.TextField(blank=True)
    choice = models.CharField(max_length=5, choices=Choice.choices, default=Choice.OPEN, blank=True)
    refused = models.CharField(max_length=300, blank=True)
    """Why the area turned it away at the commit."""
    entered = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "block", "place"], name="intake_row_once")]
        indexes = [models.Index(fields=["source", "verdict", "block", "place"], name="intake_row_verdict")]


class RememberedMapping(Scoped):
    """How an office mapped a header the last time."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    office = models.CharField(max_length=60)
    target = models.CharField(max_length=60)
    fingerprint = models.CharField(max_length=32)
    mapping = models.JSONField()
    remembered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "target", "fingerprint"], name="intake_mapping_once")]
