"""Applications and what hangs on them: checklist items, permits of sites, drafts, daily numbers."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from qifu.areas.registry.models import Enterprise, Site
from qifu.areas.response.models import Incident
from qifu.kernel.access.models import Scoped, TaskForce
from qifu.kernel.values import uuid7
from qifu.kernel.workflow.models import Subject

from .terms import CLOSED, Regime, Result, Route


class Application(Subject):
    """One enterprise's application (复工申请) in one incident. The regime of its first day stays its own.

    The six facts are stamps: accepted_at, assessed_at, passed_at, decided_at, may_start_from, started_at."""

    number = models.CharField(max_length=24, unique=True)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="+")
    regime = models.CharField(max_length=12, choices=Regime)
    regime_version = models.UUIDField(null=True, blank=True)
    route = models.CharField(max_length=12, choices=Route)
    office = models.CharField(max_length=80, blank=True)
    """Whose time it is: the office that must take the next step."""
    priority = models.SmallIntegerField(default=3)
    early = models.BooleanField(default=False)
    accept_days = models.SmallIntegerField(default=0)
    assess_days = models.SmallIntegerField(default=0)
    """Working days promised when it was handed in; 0 is by the end of the same day."""
    planned_at = models.DateTimeField()
    head_count = models.IntegerField()
    answers = models.JSONField(default=dict)
    triage = models.JSONField(default=list)
    team = models.ForeignKey(TaskForce, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    submitter = models.CharField(max_length=64, blank=True)
    acceptor = models.CharField(max_length=64, blank=True)
    assessor = models.CharField(max_length=64, blank=True)
    decider = models.CharField(max_length=64, blank=True)
    remarks = models.CharField(max_length=500, blank=True)
    conditions = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    assessed_at = models.DateTimeField(null=True, blank=True)
    passed_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    may_start_from = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["region", "state", "due_at", "id"], include=["route", "party", "compartment"], name="application_worklist"
            ),
            models.Index(fields=["state", "due_at", "id"], include=["region", "route", "party", "compartment"], name="application_due"),
            models.Index(
                fields=["region", "state", "due_at", "id"],
                include=["route", "party", "compartment"],
                condition=Q(facets__contains=["over_100m"]),
                name="application_over_100m",
            ),
            models.Index(
                fields=["region", "state", "due_at", "id"],
                include=["route", "party", "compartment"],
                condition=Q(facets__contains=["essential"]),
                name="application_essential",
            ),
            models.Index(fields=["enterprise"], name="application_enterprise"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "incident"],
                condition=~Q(state__in=CLOSED),
                name="one_open_application",
                violation_error_message="这家企业已经有一份在办的申请，没有再收一份。",
            ),
            models.CheckConstraint(
                condition=Q(decider="") | ~Q(decider=F("assessor")),
                name="assessor_does_not_decide",
                violation_error_message="评估的人不能又来决定，没有改动。",
            ),
            models.CheckConstraint(
                condition=Q(head_count__gte=0), name="head_count_not_negative", violation_error_message="人数不能是负数。"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Item(Scoped):
    """One item of the checklist (评估清单). Only its owning department changes or waives it (FEATURES 2.5)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="items")
    order = models.SmallIntegerField()
    code = models.CharField(max_length=40)
    group = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    ask = models.CharField(max_length=200)
    department = models.CharField(max_length=40)
    department_name = models.CharField(max_length=60)
    required = models.BooleanField(default=True)
    result = models.CharField(max_length=8, choices=Result, blank=True, default="")
    note = models.CharField(max_length=300, blank=True)
    checked_by = models.CharField(max_length=64, blank=True)
    checked_by_name = models.CharField(max_length=80, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["application", "code"], name="one_item_of_a_code")]


class Permit(Scoped):
    """What was permitted, site by site: permission follows the site's zone, not the enterprise's address."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="permits")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    may_start_from = models.DateTimeField()
    granted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    why_ended = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site"], condition=Q(ended_at__isnull=True), name="one_permit_of_a_site"),
        ]


class Draft(Scoped):
    """What the applicant has filled in so far: saved step by step, prefilled from the register, never lost."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(default=dict)
    done = ArrayField(models.CharField(max_length=24), default=list)
    version = models.IntegerField(default=1)
    saved_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enterprise", "incident"], condition=Q(sent_at__isnull=True), name="one_draft")]


class DayCount(models.Model):
    """The last number given in a district on a day."""

    district = models.IntegerField()
    day = models.DateField()
    last = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["district", "day"], name="one_count_a_day")]
