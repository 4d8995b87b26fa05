"""What enterprises make and need, suppliers found elsewhere, and the matches between them. Money is whole fen.

A competitor sees nobody's need: a need, a match and a call each belong to one enterprise, and what a maker shows in public stands in
a table of its own (`Card`)."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from qifu.areas.registry.models import Enterprise
from qifu.kernel.access.models import Scoped
from qifu.kernel.privacy import P1
from qifu.kernel.values import uuid7
from qifu.kernel.workflow.models import Subject

from .terms import LIVE


class Making(Subject):
    """What an enterprise makes (供): how much of it, and how much it could give to others."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    product = models.CharField(max_length=60)
    says = models.CharField(max_length=200, blank=True)
    capacity = models.IntegerField()
    free = models.IntegerField()
    unit = models.CharField(max_length=12)
    per = models.CharField(max_length=8)
    shown = models.BooleanField(default=False)
    teller = models.CharField(max_length=80)
    grams = ArrayField(models.CharField(max_length=2), default=list)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [GinIndex(fields=["grams"], name="supply_making_grams")]
        constraints = [
            models.CheckConstraint(
                condition=Q(capacity__gt=0) & Q(free__gte=0) & Q(free__lte=models.F("capacity")), name="supply_free_within_capacity",
                violation_error_message="能给别家的不能比产能还多，没有保存。",
            ),
            models.UniqueConstraint(
                fields=["enterprise", "product"], condition=Q(state="making"), name="supply_making_once",
                violation_error_message="这家企业已经登记过这样产品，没有再登记。要改数的，在原来那条里改。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.product


class Card(Scoped):
    """What a maker chose to show to everybody; `on` while it stands."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    making = models.OneToOneField(Making, on_delete=models.PROTECT, related_name="card")
    firm = models.CharField(max_length=120)
    product = models.CharField(max_length=60)
    says = models.CharField(max_length=200, blank=True)
    spare = models.CharField(max_length=60)
    on = models.BooleanField(default=True)
    since = models.DateField()
    grams = ArrayField(models.CharField(max_length=2), default=list)

    class Meta:
        indexes = [GinIndex(fields=["grams"], name="supply_card_grams")]


class Outside(Subject):
    """A supplier that was found elsewhere: who, where, what, from which source, seen on which day."""

    PRIVACY = {"phone": P1}

    name = models.CharField(max_length=120)
    where = models.CharField(max_length=40)
    product = models.CharField(max_length=60)
    says = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=120)
    found_on = models.DateField()
    keeper = models.CharField(max_length=80)
    grams = ArrayField(models.CharField(max_length=2), default=list)
    words = models.CharField(max_length=200, blank=True)
    kept_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [GinIndex(fields=["grams"], name="supply_outside_grams")]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "name", "product"], condition=Q(state="known"), name="supply_outside_once",
                violation_error_message="这家供方的这样产品已经登记过了，没有再登记。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Need(Subject):
    """What an enterprise waits for (需): a broken link, with whom it waits for and what stands still behind it."""

    number = models.CharField(max_length=20, unique=True)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    office = models.CharField(max_length=80)
    product = models.CharField(max_length=60)
    says = models.CharField(max_length=300, blank=True)
    quantity = models.IntegerField()
    unit = models.CharField(max_length=12)
    by = models.DateField()
    waits_for = models.CharField(max_length=80, blank=True)
    waits_where = models.CharField(max_length=40, blank=True)
    workers = models.IntegerField(default=0)
    orders_fen = models.BigIntegerField(default=0)
    since = models.DateField()
    teller = models.CharField(max_length=80)
    words = models.CharField(max_length=300, blank=True)
    grams = ArrayField(models.CharField(max_length=2), default=list)
    case = models.UUIDField(null=True, blank=True)
    case_number = models.CharField(max_length=24, blank=True)
    passed_by = models.CharField(max_length=64, default="")
    told_at = models.DateTimeField(null=True, blank=True)
    met_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [GinIndex(fields=["grams"], name="supply_need_grams"), models.Index(fields=["state", "-workers"], name="supply_broken")]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & Q(workers__gte=0) & Q(orders_fen__gte=0), name="supply_need_counts",
                violation_error_message="数量要大于零，没有保存。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number


class Match(Subject):
    """One try to meet a need from one supplier, as the enterprise that needs sees it. The supplier's own side is a `Call`."""

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="matches")
    making = models.UUIDField(null=True, blank=True)
    outside = models.ForeignKey(Outside, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    supplier = models.CharField(max_length=120)
    office = models.CharField(max_length=80)
    quantity = models.IntegerField()
    unit = models.CharField(max_length=12)
    by = models.DateField()
    answer = models.CharField(max_length=300, blank=True)
    """What the supplier says: price, when, from where."""
    words = models.CharField(max_length=300, blank=True)
    proposer = models.CharField(max_length=64)
    answered_by = models.CharField(max_length=64, default="")
    """Who drew the line, and who said yes or no for the supplier: neither says yes for the enterprise."""
    asked_at = models.DateTimeField(null=True, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["need"], condition=Q(state="agreed"), name="supply_one_agreed_match",
                violation_error_message="这样东西已经和一家谈成了，没有再定一家。那家没成的，先登记没成。",
            ),
            models.UniqueConstraint(
                fields=["need", "making"], condition=Q(state__in=LIVE, making__isnull=False), name="supply_maker_asked_once",
                violation_error_message="这家已经问过了，还没有结果，没有再问。",
            ),
            models.UniqueConstraint(
                fields=["need", "outside"], condition=Q(state__in=LIVE, outside__isnull=False), name="supply_outside_asked_once",
                violation_error_message="这家已经问过了，还没有结果，没有再问。",
            ),
        ]  # fmt: skip


class Call(Subject):
    """What a maker is asked: product, quantity, day and town; who needs it is told when both sides have said yes."""

    match = models.UUIDField(unique=True)
    making = models.ForeignKey(Making, on_delete=models.PROTECT, related_name="calls")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    office = models.CharField(max_length=80)
    product = models.CharField(max_length=60)
    quantity = models.IntegerField()
    unit = models.CharField(max_length=12)
    by = models.DateField()
    town = models.CharField(max_length=60)
    buyer = models.CharField(max_length=120, blank=True)
    answer = models.CharField(max_length=300, blank=True)
    proposer = models.CharField(max_length=64, default="")
    answered_by = models.CharField(max_length=64, default="")
    asked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
