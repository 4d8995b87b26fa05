"""The ledger of states, its seals, the keys of retries, and the attempts that were refused."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from qifu.kernel.access.models import Scoped
from qifu.kernel.values import uuid7


class Entry(Scoped):
    """One row of the journal (KERNEL.md, The journal's row). Insert only; partitioned by month of recorded_at.

    `sign` is +1, or -1 on a reversal, which repeats the reversed row: every figure is a sum of signs.
    `body` holds the canonical bytes and `hash` their SHA-256; the columns are its projection, for queries."""

    seq = models.BigIntegerField(primary_key=True)
    era = models.IntegerField()
    tx = models.BigIntegerField()
    process = models.CharField(max_length=48)
    subject = models.UUIDField()
    about = models.UUIDField()
    verb = models.CharField(max_length=48)
    left = models.CharField(max_length=32)
    entered = models.CharField(max_length=32)
    first = models.BooleanField()
    sign = models.SmallIntegerField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    facets = ArrayField(models.CharField(max_length=40))
    actor = models.CharField(max_length=64)
    actor_name = models.CharField(max_length=80)
    role = models.CharField(max_length=48)
    on_behalf_of = models.CharField(max_length=80)
    batch = models.UUIDField(null=True)
    reverses = models.BigIntegerField(null=True)
    data = models.JSONField()
    body = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        managed = False
        db_table = "journal_entry"


class Key(models.Model):
    """A retry's key: the second delivery of the same act is a no-op (DECISIONS 3)."""

    key = models.UUIDField(primary_key=True)
    process = models.CharField(max_length=48)
    subject = models.UUIDField()
    recorded_at = models.DateTimeField()


class Seal(models.Model):
    """What was known: every transaction of an era below `horizon` (the snapshot's xmin), under a Merkle root and a signature.

    `previous` is the SHA-256 of the seal before, whole; `key` the public half of the key that signed."""

    number = models.IntegerField(primary_key=True)
    era = models.IntegerField()
    horizon = models.BigIntegerField()
    rows = models.IntegerField()
    total = models.BigIntegerField()
    root = models.BinaryField()
    previous = models.BinaryField()
    at = models.DateTimeField()
    key = models.BinaryField()
    signature = models.BinaryField()


class Era(models.Model):
    """Rises at every restore, since transaction numbers start again."""

    number = models.IntegerField(primary_key=True)
    since = models.DateTimeField()
    reason = models.CharField(max_length=120)


class Finding(models.Model):
    """What one verification of the whole journal found, for the page that shows it."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    at = models.DateTimeField()
    good = models.BooleanField()
    seal = models.IntegerField(null=True)
    """The number of the last seal then."""
    rows = models.BigIntegerField()
    unsealed = models.BigIntegerField()
    problems = models.IntegerField()
    says = models.JSONField()
    """The first sentences on what does not agree."""
    seconds = models.FloatField()


class Attempt(Scoped):
    """A refused act, written in a transaction of its own after the refusal rolled back (DECISIONS 11)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    at = models.DateTimeField()
    action = models.CharField(max_length=60)
    code = models.CharField(max_length=60)
    says = models.CharField(max_length=300)
    forbidden = models.BooleanField()
    subject = models.UUIDField(null=True)
    actor = models.CharField(max_length=64)
    actor_name = models.CharField(max_length=80)
    role = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["region", "-at"], name="journal_attempt_region_at")]
