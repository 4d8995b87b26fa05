"""Schools on their way to reopening, and who cannot come back yet."""

from django.db import models
from django.db.models import F, Q

from qifu.areas.registry.models import Site
from qifu.kernel.access.models import Scoped
from qifu.kernel.privacy import P2
from qifu.kernel.values import uuid7
from qifu.kernel.workflow.models import Subject

from .terms import Kind, Role, Why


class School(Subject):
    """One school; its party is its own id, so that its head reaches this row and its list alone.

    `two_levels` stays from the quarantine of the whole school until it has opened again."""

    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=16, choices=Kind)
    pupils = models.IntegerField()
    staff = models.IntegerField()
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """The registered site, where there is one: an area may name single sites."""
    office = models.CharField(max_length=80, blank=True)
    """Whose time it is while a report waits."""
    two_levels = models.BooleanField(default=False)
    checks = models.JSONField(default=dict)
    """Code of the self-check's item -> confirmed."""
    planned_at = models.DateTimeField(null=True, blank=True)
    reporter = models.CharField(max_length=64, blank=True)
    consenter = models.CharField(max_length=64, blank=True)
    studier = models.CharField(max_length=64, blank=True)
    replier = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    """The words that stand with the present state: why refused, why closed, what the study says."""
    reported_at = models.DateTimeField(null=True, blank=True)
    consented_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["region", "state"], name="school_list")]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "name"], name="one_school_of_a_name", violation_error_message="这个区已经有同名的学校，没有再登记。"
            ),
            models.CheckConstraint(
                condition=Q(consenter="") | ~Q(consenter=F("reporter")),
                name="reporter_does_not_consent",
                violation_error_message="报告的人不能又来同意，没有改动。",
            ),
            models.CheckConstraint(
                condition=Q(replier="") | ~Q(replier=F("studier")),
                name="studier_does_not_reply",
                violation_error_message="研判的人不能又来批复，没有改动。",
            ),
            models.CheckConstraint(
                condition=Q(pupils__gte=0, staff__gte=0), name="school_numbers_not_negative", violation_error_message="人数不能是负数。"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Absence(Scoped):
    """One person who cannot come back yet, and when the parents were told. The reason is where they are, never their health."""

    PRIVACY = {"name": P2}

    id = models.UUIDField(primary_key=True, default=uuid7)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="absences")
    name = models.CharField(max_length=60)
    role = models.CharField(max_length=8, choices=Role, default=Role.PUPIL)
    why = models.CharField(max_length=16, choices=Why)
    listed_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-listed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "name", "role"],
                condition=Q(back_at__isnull=True),
                name="once_on_the_absent_list",
                violation_error_message="名单上已经有这个人，没有再加。",
            ),
        ]

    def __str__(self) -> str:
        return self.name
