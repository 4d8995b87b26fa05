"""Other installations that we trust, letters to other cities, calls about them, and what was sent and received."""

from django.db import models
from django.db.models import F, Q

from qifu.areas.casework.models import Case
from qifu.kernel.access.models import Scoped
from qifu.kernel.files.enclosing import Enclosing
from qifu.kernel.privacy import P0, P1
from qifu.kernel.values import uuid7
from qifu.kernel.workflow.models import Subject, Written, none_of_the_writers

from .terms import PARCEL_STATES


class Peer(Subject):
    """Another office that runs the product too: its address and public key, entered by one and trusted by another."""

    PRIVACY = {"name": P0, "address": P0}

    name = models.CharField(max_length=80)
    address = models.CharField(max_length=200)
    kid = models.CharField(max_length=16)
    public = models.BinaryField()
    """SubjectPublicKeyInfo, DER."""
    fingerprint = models.CharField(max_length=80)
    """The SHA-256 of the key in groups of four, as both sides read it to each other."""
    proposed_by = models.CharField(max_length=64)
    trusted_by = models.CharField(max_length=64, blank=True)
    proposed_at = models.DateTimeField(null=True, blank=True)
    trusted_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kid"], condition=Q(state__in=("proposed", "trusted")), name="one_peer_of_a_key",
                violation_error_message="这把钥匙已经登记过了，没有再登记。",
            ),
            models.CheckConstraint(
                condition=Q(trusted_by="") | ~Q(trusted_by=F("proposed_by")), name="peer_is_trusted_by_another",
                violation_error_message="登记和核对要两个人，没有改动。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Letter(Enclosing, Written, Subject):
    """A request for help to an office of another city (商请函), about a case, with its number, due date and answer."""

    PRIVACY = {"title": P1, "need": P1, "answer": P1, "to_contact": P1, "to_phone": P1}

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="letters")
    number = models.CharField(max_length=60, blank=True)
    peer = models.ForeignKey(Peer, null=True, blank=True, on_delete=models.PROTECT, related_name="letters")
    to_name = models.CharField(max_length=80)
    to_contact = models.CharField(max_length=40, blank=True)
    to_phone = models.CharField(max_length=30, blank=True)
    title = models.CharField(max_length=80)
    need = models.TextField(max_length=3000)
    days = models.SmallIntegerField(default=5)
    organ = models.CharField(max_length=80)
    writer = models.CharField(max_length=64)
    writer_name = models.CharField(max_length=80)
    signer = models.CharField(max_length=64, blank=True)
    signer_name = models.CharField(max_length=80, blank=True)
    their_number = models.CharField(max_length=60, blank=True)
    answer = models.TextField(max_length=5000, blank=True)
    answer_from = models.CharField(max_length=80, blank=True)
    ended = models.CharField(max_length=12, blank=True)
    by_message = models.BooleanField(default=False)
    """The answer came signed, nobody typed it."""
    written_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    filed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["region", "state", "due_at"], name="letter_worklist"),
            models.Index(fields=["case"], name="letter_case"),
        ]
        constraints = [
            none_of_the_writers("signer", name="letter_is_signed_by_another", says="起草的人不能自己签发，没有改动。"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number or self.title


class Call(Scoped):
    """A telephone call about a letter: who was called, when, what was said. Insert only."""

    PRIVACY = {"who": P1, "phone": P1, "words": P1}

    id = models.UUIDField(primary_key=True, default=uuid7)
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="calls")
    who = models.CharField(max_length=60)
    phone = models.CharField(max_length=30, blank=True)
    words = models.CharField(max_length=500)
    reached = models.BooleanField(default=True)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]


class Parcel(Scoped):
    """A message to another installation: written in the transaction that causes it, carried by the worker until it arrives."""

    PRIVACY = {"body": P1}

    id = models.UUIDField(primary_key=True, default=uuid7)
    """Its bytes are the message's own id: delivered twice, taken once."""
    peer = models.ForeignKey(Peer, on_delete=models.PROTECT, related_name="parcels")
    kind = models.CharField(max_length=12)
    about = models.UUIDField()
    """The letter that it carries, or the delivery that it answers."""
    body = models.JSONField()
    state = models.CharField(max_length=12, choices=list(PARCEL_STATES.items()), default="queued")
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    their_number = models.CharField(max_length=60, blank=True)
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="queued"), name="parcel_due"),
            models.Index(fields=["about"], name="parcel_about"),
        ]


class Delivery(Scoped):
    """What came in from another installation, taken or refused, with the words that it was told. Insert only."""

    PRIVACY = {"number": P1}

    id = models.UUIDField(primary_key=True, default=uuid7)
    peer = models.ForeignKey(Peer, null=True, blank=True, on_delete=models.PROTECT, related_name="deliveries")
    """None where nobody knows the key."""
    kid = models.CharField(max_length=16, blank=True)
    message = models.UUIDField(null=True, blank=True)
    kind = models.CharField(max_length=12, blank=True)
    code = models.CharField(max_length=16, blank=True)
    """Why it was not taken; '' where it was."""
    theirs = models.UUIDField(null=True, blank=True)
    """The sender's letter, to which an answer goes back."""
    number = models.CharField(max_length=60, blank=True)
    """The sender's number."""
    letter = models.ForeignKey(Letter, null=True, blank=True, on_delete=models.PROTECT, related_name="deliveries")
    size = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    files = models.SmallIntegerField(default=0)
    """How many files came along and were kept with the case; the receipt says so."""
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["region", "-at"], name="delivery_region"), models.Index(fields=["at"], name="delivery_at")]
        constraints = [
            models.UniqueConstraint(fields=["peer", "message"], condition=Q(code=""), name="delivery_taken_once"),
        ]
