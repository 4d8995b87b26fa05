"""An incident, its levels, the versions of its measures, the areas drawn, what was asked for and what was told."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from qifu.kernel.access.models import Scoped
from qifu.kernel.language.fields import KeptText
from qifu.kernel.values import uuid7
from qifu.kernel.workflow.models import Subject

from . import rules


class Incident(Subject):
    """A crisis in one place (事件), declared from a pack. `region` is the place; its level switches measures."""

    pack = models.CharField(max_length=40)
    title = models.CharField(max_length=80)
    level = models.CharField(max_length=4)
    level_at = models.DateTimeField()
    document = models.CharField(max_length=200, blank=True)
    declared_at = models.DateTimeField(null=True)
    declared_by = models.CharField(max_length=64)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region", "pack"],
                condition=Q(state="declared"),
                name="one_open_incident_of_a_pack",
                violation_error_message="这个地方同类事件正在应对，没有再建一个。",
            ),
        ]
        indexes = [models.Index(fields=["region", "declared_at"], name="response_incident_place")]

    def __str__(self) -> str:
        return self.title


class LevelChange(Scoped):
    """One setting of the level (级别调整), the declaration being the first. Insert only."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="levels")
    before = models.CharField(max_length=4, blank=True)
    level = models.CharField(max_length=4)
    at = models.DateTimeField()
    document = models.CharField(max_length=200, blank=True)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=80)
    switched_on = models.IntegerField(default=0)
    switched_off = models.IntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["incident", "at"], name="response_level_at")]


class Measure(Scoped):
    """One version of a measure (措施): what holds, where, from when, until when, on whose word.

    Versions of the same measure share `key`. `place` is the ground on which it holds (0: wherever the incident is);
    `region` is the office that set it here. `base` is the measure that a local version departs from.
    In force at t: since <= t, t < until, t < off_at (both where given). Rows are ended, never rewritten."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="measures")
    key = models.CharField(max_length=48)
    kind = models.CharField(max_length=32)
    slot = models.CharField(max_length=60, blank=True)
    """Which definition of the pack this row was made of; '' for a local or later one."""
    title = KeptText(max_length=80)
    says = KeptText(max_length=300, blank=True)
    place = models.IntegerField(default=0)
    scope = models.JSONField(default=dict)
    """{sizes, industries, areas}: empty lists leave it open."""
    params = models.JSONField()
    origin_level = models.CharField(max_length=12)
    origin_issuer = models.CharField(max_length=120, blank=True)
    origin_document = models.CharField(max_length=200, blank=True)
    origin_article = models.CharField(max_length=60, blank=True)
    limits = models.JSONField()
    """{by, stricter, looser, max_days}: how far a lower level may go."""
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    off_at = models.DateTimeField(null=True, blank=True)
    off_because = models.CharField(max_length=40, blank=True)
    base = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="local")
    stricter = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=64)
    set_by_name = models.CharField(max_length=80)
    approved_by = models.CharField(max_length=64, blank=True)
    approved_by_name = models.CharField(max_length=80, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                name="measure_ends_after_start",
                violation_error_message="措施的结束时间要晚于开始时间。",
            ),
            models.CheckConstraint(
                condition=Q(stricter=False) | (Q(until__isnull=False) & ~Q(reason="") & ~Q(approved_by="") & ~Q(approved_by=F("set_by"))),
                name="a_layer_needs_reason_approval_expiry",
                violation_error_message="比上级更严的措施要有原因、上级另一人的同意和到期日。",
            ),
        ]
        indexes = [models.Index(fields=["incident", "kind", "since"], name="response_measure_kind")]

    def __str__(self) -> str:
        return self.title

    def in_force(self, at: datetime) -> bool:
        """Say whether this version holds at an instant, by its dates alone."""
        return self.since <= at and not any(end is not None and end <= at for end in (self.until, self.off_at))

    @property
    def origin_says(self) -> str:
        """Say on whose word it stands."""
        return rules.LEVEL_WORDS[self.origin_level] + (self.origin_document or self.origin_issuer or "规定") + self.origin_article

    @property
    def badge(self) -> str:
        """国, 省, 市, 区, 镇: the level of its origin."""
        return rules.BADGES[self.origin_level]

    @property
    def sentence(self) -> str:
        """Say it to an enterprise, with the values in force."""
        return rules.filled(self.says, self.kind, self.params)

    @property
    def said(self) -> str:
        """Say its value in one short line."""
        return rules.said(self.kind, self.params)

    @property
    def ends_at(self) -> datetime | None:
        """Give the instant at which it ends, as known now."""
        return min((end for end in (self.until, self.off_at) if end is not None), default=None)


class Proposal(Subject):
    """A version that may not be set alone (报批): a stricter local rule, or the registering of a rule from above."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="proposals")
    base = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=12)
    """`local`: departs from a rule above, approved by a higher office; `above`: a rule from above, checked by a second person."""
    place = models.IntegerField()
    params = models.JSONField()
    stricter = models.BooleanField(default=False)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    origin_level = models.CharField(max_length=12)
    origin_issuer = models.CharField(max_length=120, blank=True)
    document = models.CharField(max_length=200, blank=True)
    asked_by = models.CharField(max_length=64)
    asked_by_name = models.CharField(max_length=80)
    decided_by = models.CharField(max_length=64, blank=True)
    decided_by_name = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=300, blank=True)
    made = models.ForeignKey(Measure, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "refused"]) | ~Q(decided_by=F("asked_by")),
                name="proposal_decided_by_another",
                violation_error_message="报批要由另一个人来定。",
            ),
        ]


class ControlArea(Subject):
    """An area on the ground (管理区域): places and single sites under one class of the pack, with its effects.

    A change of class lifts this one and begins another that `follows` it, so that any past day can be asked."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="areas")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="areas")
    """The measure of the pack that gives the class its name and effects."""
    klass = models.CharField(max_length=24)
    name = models.CharField(max_length=80)
    places = ArrayField(models.IntegerField(), default=list)
    sites = ArrayField(models.UUIDField(), default=list)
    document = models.CharField(max_length=200)
    since = models.DateTimeField()
    drawn_at = models.DateTimeField(null=True)
    drawn_by = models.CharField(max_length=64)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lift_document = models.CharField(max_length=200, blank=True)
    follows = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(places=[]) | ~Q(sites=[]),
                name="area_covers_something",
                violation_error_message="区域里还没有选地方或场所。",
            ),
        ]
        indexes = [models.Index(fields=["incident", "state"], name="response_area_state")]

    def __str__(self) -> str:
        return self.name

    @property
    def class_label(self) -> str:
        """Give the word of the pack for its class."""
        return str(self.measure.params.get("short") or self.measure.title)

    @property
    def condition(self) -> str:
        """Say on which condition it lets things pass; '' where there is none."""
        return str((self.measure.params.get("condition") or {}).get("name", ""))

    def effect(self, activity: str) -> str:
        """Say what it does to an activity (resume, enter, leave, gather, goods): allow, condition or refuse."""
        return str(self.measure.params["effects"].get(activity, "allow"))

    def in_force(self, at: datetime) -> bool:
        """Say whether the area holds at an instant."""
        return (
            self.confirmed_at is not None and max(self.since, self.confirmed_at) <= at and (self.lifted_at is None or at < self.lifted_at)
        )


class Notice(Scoped):
    """What was told (告知): one sentence to all in a place, on a level, a measure or an area. Insert only."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="notices")
    topic = models.CharField(max_length=16)
    """level, measure, area, end"""
    subject = models.UUIDField()
    title = models.CharField(max_length=120)
    text = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(fields=["incident", "-at"], name="response_notice_at")]
