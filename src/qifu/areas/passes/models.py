"""Passes of workers, and the links under which they are shown."""

from django.db import models
from django.db.models import Q

from qifu.areas.registry.models import Enterprise, Worker
from qifu.areas.resumption.models import Application
from qifu.kernel.access.models import Scoped
from qifu.kernel.privacy import P2
from qifu.kernel.values import uuid7


class Pass(Scoped):
    """A worker's pass under the start permit of an application: the signed code, and what became of it.

    `party` is the enterprise. The code holds no full name, identity number or phone, so it may stand in the clear.
    Block and serial are what a status list says; both stay when the pass is gone."""

    PRIVACY = {"code": P2}

    id = models.UUIDField(primary_key=True, default=uuid7)
    number = models.CharField(max_length=8, unique=True)
    """To type where the square cannot be read: the first 40 bits of the pass id."""
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+", db_index=False)
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    name_masked = models.CharField(max_length=12)
    firm_name = models.CharField(max_length=120)
    """As it stands in the register on the day of issue: the door, which shows a pass, does not reach the register."""
    uscc = models.CharField(max_length=18, blank=True, default="")
    code = models.CharField(max_length=600)
    issuer = models.CharField(max_length=12)
    block = models.IntegerField()
    serial = models.IntegerField()
    kid = models.CharField(max_length=16)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    """Exclusive."""
    issued_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    """No longer the present pass of its worker."""
    why_ended = models.CharField(max_length=16, blank=True, default="")
    revoked = models.BooleanField(default=False)
    """Stands on the status list."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "application"],
                condition=Q(ended_at__isnull=True),
                name="passes_one_present_pass",
                violation_error_message="这名员工已有一张有效的通行证，没有再发。",
            ),
            models.UniqueConstraint(fields=["issuer", "block", "serial"], name="passes_serial_once"),
        ]
        indexes = [
            models.Index(fields=["party", "ended_at"], name="passes_party"),
            models.Index(fields=["issuer", "block"], condition=Q(revoked=True), name="passes_revoked"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def said_number(self) -> str:
        """The number in two groups: 7K3M 29PX."""
        return f"{self.number[:4]} {self.number[4:]}"


class Link(Scoped):
    """An address under which a pass is shown to whoever holds it: unguessable, stored as a hash, ending by itself."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    of = models.ForeignKey(Pass, on_delete=models.PROTECT, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    """When it last went out by short message."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["of"], condition=Q(ended_at__isnull=True), name="passes_one_link"),
        ]
