"""Who answers for which enterprise and since when; visits, what was said there, and the logs of those who stay.

Every row is of its enterprise (`party`): the firm may be shown who answers for it and what became of its words."""

from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from qifu.areas.registry.models import Enterprise
from qifu.kernel.access.models import Person, Scoped
from qifu.kernel.privacy import P1, P2
from qifu.kernel.values import uuid7
from qifu.kernel.workflow.models import Subject

from .terms import KINDS, NEEDS, PARTS, WAYS


class Territory(Subject):
    """An officer's time with an enterprise (包联): in which part, from when, until when, handed to whom, and why."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    officer_name = models.CharField(max_length=60)
    part = models.CharField(max_length=8, choices=list(PARTS.items()), default="lead")
    since = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    handed_to = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="took_over", db_index=False)
    reason = models.CharField(max_length=200, blank=True)
    """Why it was given, as the proposal or a person said."""
    by_name = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise"], condition=Q(part="lead", until__isnull=True), name="visits_one_lead",
                violation_error_message="这家企业刚刚有人包了，没有再分派。",
            ),
            models.UniqueConstraint(
                fields=["enterprise", "person", "part"], condition=Q(until__isnull=True), name="visits_part_once",
                violation_error_message="这位同志已经在这家了，没有再分派一次。",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="visits_territory_ends_after_start",
                violation_error_message="交出的时间早于接手的时间。",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["person"], condition=Q(until__isnull=True), name="visits_territory_person"),
            models.Index(fields=["enterprise", "since"], name="visits_territory_firm"),
            models.Index(fields=["region"], condition=Q(until__isnull=True), name="visits_territory_region"),
        ]


class Plan(Subject):
    """A proposal of territories (分派方案) for a place, as it was computed; `rows` are its changes.

    One of `rows`: {"enterprise", "name", "from": person id or "", "from_name", "to", "to_name", "why": words, "done": bool}."""

    place_name = models.CharField(max_length=80)
    rows = models.JSONField(default=list)
    firms = models.IntegerField(default=0)
    """Enterprises that were looked at: what is not in `rows` stays as it is."""
    loads = models.JSONField(default=list)
    """[name, firms before, firms after] of each officer."""
    proposer = models.CharField(max_length=64)
    proposer_name = models.CharField(max_length=80)
    confirmer = models.CharField(max_length=64, blank=True)
    confirmer_name = models.CharField(max_length=80, blank=True)
    proposed_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    skipped = models.IntegerField(default=0)
    """Rows of which somebody else had changed the officer before it was confirmed."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmer="") | ~Q(confirmer=F("proposer")), name="visits_plan_second_look",
                violation_error_message="方案要由另一位同志确认，没有改动。",
            ),
        ]  # fmt: skip


class Visit(Subject):
    """A visit to an enterprise (走访): planned, then made. `number` counts the visits made to the enterprise, from 1.

    `words` is what the officer saw, in free words; it stays here and never enters the record."""

    PRIVACY = {"met": P2, "words": P1}

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, choices=list(KINDS.items()), default="routine")
    officer = models.CharField(max_length=64, blank=True)
    """Whose it is while planned, and who made it afterwards: the id of an actor."""
    officer_name = models.CharField(max_length=80, blank=True)
    number = models.IntegerField(null=True, blank=True)
    planned_at = models.DateTimeField(null=True, blank=True)
    visited_at = models.DateTimeField(null=True, blank=True)
    minutes = models.IntegerField(null=True, blank=True)
    met = models.CharField(max_length=60, blank=True)
    words = models.CharField(max_length=1000, blank=True)
    photos = ArrayField(models.UUIDField(), default=list)
    told_at = models.DateTimeField(null=True, blank=True)
    """The phone's own clock; nothing is decided by it."""
    ahead = models.IntegerField(default=0)
    received_at = models.DateTimeField(null=True, blank=True)
    follows = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(max_length=200, blank=True)
    """Why it was planned, or why nobody went."""
    cases: tuple[UUID, ...] = ()
    """The cases that its opinions became when it was recorded; known to who recorded it, not kept."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "number"], condition=Q(number__isnull=False), name="visits_visit_number",
                violation_error_message="这次走访的序号刚刚被用了，请再交一次。",
            ),
            models.UniqueConstraint(
                fields=["enterprise"], condition=Q(state="planned"), name="visits_one_planned",
                violation_error_message="这家已经有一次要去的走访，没有再排一次。",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["enterprise", "visited_at"], name="visits_visit_firm"),
            models.Index(fields=["officer", "visited_at"], name="visits_visit_officer"),
            models.Index(fields=["region", "visited_at"], name="visits_visit_region"),
        ]


class Contact(Scoped):
    """That an enterprise was reached (联系过了): how, when, with whom, by whom. Insert only; the words never enter the record."""

    PRIVACY = {"met": P2, "words": P1}

    id = models.UUIDField(primary_key=True, default=uuid7)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+", db_index=False)
    way = models.CharField(max_length=8, choices=list(WAYS.items()))
    met = models.CharField(max_length=60)
    words = models.CharField(max_length=300, blank=True)
    officer = models.CharField(max_length=64)
    officer_name = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["enterprise", "at"], name="visits_contact_firm"),
            models.Index(fields=["region", "at"], name="visits_contact_region"),
        ]


class DayLog(Scoped):
    """A resident official's log of one day at one enterprise (驻企日志). Rewritten until the time for it is over.

    `found`: {item of terms.LOG_ITEMS: "ok" or "hard"}; `notes`: {item: words}."""

    PRIVACY = {"words": P1, "notes": P1}

    id = models.UUIDField(primary_key=True, default=uuid7)
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="logs", db_index=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+", db_index=False)
    officer = models.CharField(max_length=64)
    officer_name = models.CharField(max_length=80)
    day = models.DateField()
    found = models.JSONField(default=dict)
    notes = models.JSONField(default=dict)
    words = models.CharField(max_length=1000, blank=True)
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "day"], name="visits_log_once", violation_error_message="这一天的日志刚刚存过了，刷新后再改。"
            ),
        ]
        indexes = [models.Index(fields=["region", "day"], name="visits_log_region")]


class Opinion(Subject):
    """One thing that an enterprise said (意见): numbered for the enterprise from 1, with what became of it.

    `case` and `case_number` name the case that was made of it. The words stay here and never enter the record."""

    PRIVACY = {"words": P1, "answer": P1}

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+", db_index=False)
    visit = models.ForeignKey(Visit, null=True, blank=True, on_delete=models.PROTECT, related_name="opinions")
    log = models.ForeignKey(DayLog, null=True, blank=True, on_delete=models.PROTECT, related_name="opinions", db_index=False)
    number = models.IntegerField()
    need = models.CharField(max_length=12, choices=list(NEEDS.items()), default="other")
    words = models.CharField(max_length=1000)
    answer = models.CharField(max_length=500, blank=True)
    to_ask = models.BooleanField(default=False)
    """The officer was not sure and went back to ask."""
    officer = models.CharField(max_length=64)
    officer_name = models.CharField(max_length=80)
    office = models.CharField(max_length=80, blank=True)
    """To whom it was passed, in words."""
    case = models.UUIDField(null=True, blank=True)
    case_number = models.CharField(max_length=24, blank=True)
    noted_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    passed_at = models.DateTimeField(null=True, blank=True)
    solved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "number"],
                name="visits_opinion_number",
                violation_error_message="这条意见的序号刚刚被用了，请再交一次。",
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | ~Q(answer=""),
                name="visits_answered_says_how",
                violation_error_message="答复了要写上怎么答的。",
            ),
        ]
        indexes = [
            models.Index(fields=["region", "state", "noted_at"], name="visits_opinion_region"),
            models.Index(fields=["case"], condition=Q(case__isnull=False), name="visits_opinion_case"),
        ]
