"""An outside platform, the renewals of its key, each work order with both numbers, and the requests that were used up."""

from django.db import models
from django.db.models import F, Q

from qifu.areas.casework.models import Case
from qifu.kernel.access.models import Scoped
from qifu.kernel.privacy import P1, P2
from qifu.kernel.privacy.fields import SealedTextField
from qifu.kernel.values import uuid7

from .terms import CHANNELS, HOW, IN_HAND, STATES


class Platform(Scoped):
    """One outside platform of one district. `key` is empty until two people have put one into force."""

    PRIVACY = {"key": P2, "key_before": P2}

    id = models.UUIDField(primary_key=True, default=uuid7)
    slug = models.SlugField(max_length=40)
    name = models.CharField(max_length=60)
    channel = models.CharField(max_length=16, choices=list(CHANNELS.items()))
    how = models.CharField(max_length=4, choices=list(HOW.items()))
    callback = models.CharField(max_length=300, blank=True, default="")
    key = SealedTextField(klass=P2, blank=True, default="")
    key_at = models.DateTimeField(null=True, blank=True)
    key_before = SealedTextField(klass=P2, blank=True, default="")
    before_until = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    made_by = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["slug"], name="loops_one_slug", violation_error_message="这个接口代号有人用了，没有登记。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Renewal(Scoped):
    """A new key or address that one person proposes and another puts into force."""

    PRIVACY = {"key": P2}

    id = models.UUIDField(primary_key=True, default=uuid7)
    platform = models.ForeignKey(Platform, on_delete=models.PROTECT, related_name="renewals")
    key = SealedTextField(klass=P2, blank=True, default="")
    callback = models.CharField(max_length=300, blank=True, default="")
    proposed_by = models.CharField(max_length=64)
    proposed_by_name = models.CharField(max_length=80)
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=64, blank=True, default="")
    decided_by_name = models.CharField(max_length=80, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    confirmed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed=False) | ~Q(decided_by=F("proposed_by")), name="loops_key_by_two",
                violation_error_message="密钥和地址要另一个人确认，没有改动。",
            ),
            models.UniqueConstraint(
                fields=["platform"], condition=Q(decided_at__isnull=True), name="loops_one_open_renewal",
                violation_error_message="已经有一份等确认，先确认或撤掉那一份。",
            ),
        ]  # fmt: skip


class Order(Scoped):
    """A work order (工单) of an outside platform: its number there, the case that it is here, and where the reply stands."""

    PRIVACY = {"reply": P1}

    id = models.UUIDField(primary_key=True, default=uuid7)
    platform = models.ForeignKey(Platform, on_delete=models.PROTECT, related_name="orders", db_index=False)
    number = models.CharField(max_length=60)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    by = models.CharField(max_length=4)
    """hook, file or desk (written down by a person)."""
    came_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=list(STATES.items()), default=IN_HAND)
    round = models.SmallIntegerField(default=0)
    """How many replies it was owed: an order that was opened again is answered again under another id."""
    ended = models.CharField(max_length=12, blank=True, default="")
    reply = models.CharField(max_length=2000, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    tries = models.SmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["platform", "number"], name="loops_one_order_of_a_number"),
            models.CheckConstraint(condition=Q(state__in=list(STATES)), name="loops_order_stands_somewhere"),
        ]
        indexes = [
            models.Index(fields=["not_before"], condition=Q(state="owed"), name="loops_owed"),
            models.Index(fields=["platform", "state", "-came_at"], name="loops_platform_state"),
        ]

    def __str__(self) -> str:
        return self.number


class Used(Scoped):
    """A signature that has been taken once: the same request played again finds it here. Gone after a day."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="+", db_index=False)
    mark = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["platform", "mark"], name="loops_signature_once")]
        indexes = [models.Index(fields=["at"], name="loops_used_at")]
