"""What an issuer keeps: its signing keys, and how far each block of serial numbers is used."""

from django.db import models
from django.db.models import F, Q

from qifu.kernel.privacy import P0, P3
from qifu.kernel.privacy.fields import SealedTextField
from qifu.kernel.values import uuid7


class IssuerKey(models.Model):
    """A signing key of one issuer (a city) for one purpose. The private half is sealed; the public half is for everybody.

    It signs from `not_before` to `not_after`; what it signed then stays good until it expires, unless the key is withdrawn."""

    PRIVACY_DEFAULT = P0

    id = models.UUIDField(primary_key=True, default=uuid7)
    issuer = models.CharField(max_length=12)
    purpose = models.CharField(max_length=12, default="pass")
    turn = models.IntegerField()
    """1 is the first key of this issuer and purpose."""
    alg = models.SmallIntegerField()
    kid = models.CharField(max_length=16, unique=True)
    public = models.BinaryField()
    """SubjectPublicKeyInfo, DER."""
    private = SealedTextField(klass=P3)
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "purpose", "turn"], name="credentials_key_turn"),
            models.CheckConstraint(condition=Q(not_after__gt=F("not_before")), name="credentials_key_time"),
        ]

    def __str__(self) -> str:
        return f"{self.issuer} {self.purpose} {self.kid}"


class Block(models.Model):
    """A block of serial numbers of one issuer, and how many of it are given out."""

    PRIVACY_DEFAULT = P0

    id = models.UUIDField(primary_key=True, default=uuid7)
    issuer = models.CharField(max_length=12)
    number = models.IntegerField()
    used = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "number"], name="credentials_block_once"),
            models.CheckConstraint(condition=Q(used__gte=0, used__lte=65536), name="credentials_block_size"),
        ]

    def __str__(self) -> str:
        return f"{self.issuer} {self.number}"
