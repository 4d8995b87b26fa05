"""The outbox, what people prefer, the texts that a gateway has approved, and the group robots."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from qifu.kernel.access.models import Scoped
from qifu.kernel.privacy import P2
from qifu.kernel.privacy.fields import BlindIndex, SealedTextField
from qifu.kernel.values import uuid7
from qifu.kernel.values.phone import mask_phone

from .terms import CHANNELS, MODES, ROBOTS, STATES, TEMPLATE_STATES


class Outgoing(Scoped):
    """One message: to a person, a number or a group; written in the transaction that causes it, carried by the worker.

    Its scope is that of the row it is about. Number and values are sealed; they are gone thirty days after its end."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    kind = models.CharField(max_length=60)
    person = models.UUIDField(null=True, blank=True)
    group = models.UUIDField(null=True, blank=True)
    to = SealedTextField(klass=P2, mask=mask_phone, blind="phone", blank=True, default="")
    to_index = BlindIndex("to")
    words = SealedTextField(klass=P2, blank=True, default="")
    """The values of the kind's text, as JSON."""
    about = models.UUIDField(null=True, blank=True)
    channel = models.CharField(max_length=8, blank=True, default="", choices=CHANNELS)
    """'' until the worker has chosen."""
    state = models.CharField(max_length=10, choices=STATES, default="queued")
    urgent = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    not_before = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    handed_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    """When the gateway was last asked what became of it."""
    ended_at = models.DateTimeField(null=True, blank=True)
    gateway_id = models.CharField(max_length=80, blank=True, default="")
    why = models.CharField(max_length=200, blank=True, default="")
    """Why it waits, or did not arrive; in Chinese."""
    digest = models.UUIDField(null=True, blank=True)
    """The digest that told of it."""
    key = models.CharField(max_length=120, blank=True, default="")
    """Whoever writes the same key again writes nothing."""

    class Meta:
        indexes = [
            models.Index(fields=["not_before"], name="notify_queued", condition=Q(state__in=("queued", "waiting"))),
            models.Index(fields=["state", "tried_at"], name="notify_open", condition=Q(state__in=("sending", "unknown", "handed"))),
            models.Index(fields=["region", "-made_at"], name="notify_region"),
            models.Index(fields=["person", "-made_at"], name="notify_person"),
            models.Index(fields=["gateway_id"], name="notify_gateway", condition=~Q(gateway_id="")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="notify_once", condition=~Q(key="")),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(group__isnull=False) | ~Q(to_index=""), name="notify_is_to_somebody"
            ),
        ]


class Preference(models.Model):
    """How a person wants to be told. Theirs alone: the door writes it, and the worker reads it through the door."""

    PRIVACY = {"mail_code": P2}

    person = models.UUIDField(primary_key=True, default=uuid7)
    mode = models.CharField(max_length=8, choices=MODES, default="each")
    channel = models.CharField(max_length=8, blank=True, default="", choices=CHANNELS)
    """'' where the installation chooses: work notice before SMS."""
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    morning = models.BooleanField(default=True)
    evening = models.BooleanField(default=True)
    mail = SealedTextField(klass=P2, blank=True, default="")
    mail_proved_at = models.DateTimeField(null=True, blank=True)
    mail_code = models.CharField(max_length=64, blank=True, default="")
    mail_tries = models.SmallIntegerField(default=0)
    changed_at = models.DateTimeField()


class Digested(models.Model):
    """The last morning and evening on which a person's digest was seen to, whether or not there was anything to tell."""

    person = models.UUIDField(primary_key=True)
    morning = models.DateField(null=True, blank=True)
    evening = models.DateField(null=True, blank=True)


class Template(models.Model):
    """A text as the gateway for short messages knows it; another text needs another approval."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    kind = models.CharField(max_length=60)
    gateway = models.CharField(max_length=24)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=TEMPLATE_STATES, default="asked")
    number = models.CharField(max_length=60, blank=True, default="")
    """What the gateway calls it."""
    why = models.CharField(max_length=200, blank=True, default="")
    asked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gateway", "kind", "sha256"], name="notify_template_once")]


class Robot(Scoped):
    """A group in WeChat Work or DingTalk that is told of some kinds through its robot; address and secret are sealed."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    name = models.CharField(max_length=60)
    channel = models.CharField(max_length=8, choices=ROBOTS)
    address = SealedTextField(klass=P2)
    secret = SealedTextField(klass=P2, blank=True, default="")
    kinds = ArrayField(models.CharField(max_length=60), default=list)
    made_by = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
