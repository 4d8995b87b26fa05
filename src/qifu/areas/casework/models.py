"""A case, its helpers, and what was said on it."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case as Choose
from django.db.models import F, Q, Value, When

from qifu.areas.registry.models import Enterprise
from qifu.kernel.access.models import Scoped
from qifu.kernel.privacy import P1, P2
from qifu.kernel.privacy.fields import BlindIndex, SealedTextField
from qifu.kernel.values import mask_phone, uuid7
from qifu.kernel.workflow.models import Subject

from .terms import COMPLEXITY, GONE, OPEN, RUNGS, SOLVED, STATES, SUPERVISION_STATES, TEXT_MOST, Back, Channel


class Case(Subject):
    """One trouble of one asker (诉求), from its receipt to its closing-out.

    `office` is the code of the office whose time it is ('place:<id>' for a town without departments), `handler` who
    took it on there. `text` is what was said, with numbers of identity cards and telephones masked: it is searched, so
    it cannot be sealed. The asker's name and number stand sealed beside it. `standing` is computed by the database from the
    state, so that recorded - merged = solved + open cannot fail by a row that stands nowhere."""

    PRIVACY = {"text": P1, "title": P1, "answer": P1, "asker": P2, "phone": P2}

    number = models.CharField(max_length=24)
    channel = models.CharField(max_length=16, choices=Channel)
    kind = models.CharField(max_length=24, blank=True)
    kind_why = models.CharField(max_length=120, blank=True)
    """The words by which the kind was found; '' where a person chose."""
    complexity = models.CharField(max_length=8, choices=list(COMPLEXITY.items()), blank=True)
    rung = models.CharField(max_length=12, default="local")
    intake_office = models.CharField(max_length=80, blank=True)
    office = models.CharField(max_length=80, blank=True)
    office_name = models.CharField(max_length=80, blank=True)
    handler = models.CharField(max_length=64, blank=True)
    handler_name = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=60)
    text = models.TextField(max_length=TEXT_MOST)
    grams = ArrayField(models.IntegerField(), default=list)
    """The bigrams of title and text, each as a number (rules.gram): search and likeness."""
    enterprise = models.ForeignKey(Enterprise, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    firm = models.CharField(max_length=120, blank=True)
    """The firm as it was named; it stays where nobody knows the firm."""
    asker = SealedTextField(klass=P2, blank=True)
    phone = SealedTextField(klass=P2, mask=mask_phone, blind="phone", blank=True)
    phone_blind = BlindIndex("phone", db_index=False)
    answer_channel = models.CharField(max_length=12, choices=Back)
    answer = models.TextField(max_length=TEXT_MOST, blank=True)
    answer_source = models.CharField(max_length=200, blank=True)
    ended = models.CharField(max_length=12, blank=True)
    score = models.SmallIntegerField(null=True, blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged", db_index=False)
    source = models.CharField(max_length=24, blank=True)
    source_number = models.CharField(max_length=60, blank=True)
    """The other loop's name and number: one case, both numbers."""
    origin_kind = models.CharField(max_length=40, blank=True)
    origin = models.UUIDField(null=True, blank=True)
    """What it came from (a visit's opinion, an appointment), by its process and id."""
    respond_days = models.SmallIntegerField(default=1)
    resolve_days = models.SmallIntegerField(default=5)
    until = models.TimeField(null=True, blank=True)
    """An instruction's hour: due at that time of the same or the next day, instead of in working days."""
    reason = models.CharField(max_length=500, blank=True)
    """What goes with the present state: why it was returned, what is waited for, why it is not solved."""
    more_days = models.SmallIntegerField(default=0)
    more_by = models.CharField(max_length=64, blank=True)
    more_why = models.CharField(max_length=300, blank=True)
    """A longer time that is asked for and not yet decided."""
    recorder = models.CharField(max_length=64, blank=True)
    contester = models.CharField(max_length=64, blank=True)
    caller = models.CharField(max_length=64, blank=True)
    """Who called back."""
    reopenings = models.SmallIntegerField(default=0)
    recorded_at = models.DateTimeField(null=True, blank=True)
    assigned_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    standing = models.GeneratedField(
        expression=Choose(
            When(state__in=GONE, then=Value("merged")),
            When(state__in=SOLVED, then=Value("solved")),
            When(state__in=OPEN, then=Value("open")),
        ),
        output_field=models.CharField(max_length=8),
        db_persist=True,
    )

    class Meta:
        indexes = [
            models.Index(fields=["region", "state", "due_at", "id"], include=["office", "party", "compartment"], name="case_worklist"),
            models.Index(fields=["state", "due_at", "id"], include=["region", "office", "party", "compartment"], name="case_due"),
            models.Index(fields=["office", "state", "due_at", "id"], include=["region", "party", "compartment"], name="case_of_office"),
            models.Index(fields=["enterprise", "recorded_at"], name="case_enterprise"),
            models.Index(fields=["region", "recorded_at"], name="case_recorded"),
            GinIndex(fields=["grams"], name="case_grams"),
            models.Index(
                fields=["region", "state", "due_at", "id"], include=["office", "party", "compartment"],
                condition=Q(facets__contains=["channel:instruction"]), name="case_instruction",
            ),
            models.Index(fields=["state", "due_at", "id"], include=["region"], condition=Q(more_days__gt=0), name="case_more_days"),
            models.Index(fields=["handler", "state", "due_at"], condition=~Q(handler=""), name="case_handler"),
        ]  # fmt: skip
        constraints = [
            # Not unique=True, which makes a second index for the beginning of a number: nobody asks for one.
            models.UniqueConstraint(fields=["number"], name="one_case_of_a_number"),
            models.CheckConstraint(condition=Q(state__in=list(STATES)), name="case_stands_somewhere"),
            models.CheckConstraint(
                condition=~Q(state="merged") | Q(merged_into__isnull=False),
                name="merged_into_another",
                violation_error_message="并案要写明并到哪一件，没有改动。",
            ),
            models.CheckConstraint(
                condition=Q(caller="") | ~Q(caller=F("handler")),
                name="handler_does_not_call_back",
                violation_error_message="办理的人不能自己回访，没有改动。",
            ),
            models.CheckConstraint(condition=Q(rung__in=RUNGS), name="case_on_a_rung"),
            models.CheckConstraint(condition=Q(score__isnull=True) | Q(score__gte=1, score__lte=5), name="case_score_of_five"),
            models.UniqueConstraint(
                fields=["source", "source_number"],
                condition=~Q(source_number=""),
                name="one_case_of_a_source_number",
                violation_error_message="这个单号已经收过了，没有再收一件。",
            ),
            models.UniqueConstraint(
                fields=["origin_kind", "origin"], condition=Q(origin__isnull=False), name="one_case_of_an_origin",
                violation_error_message="这一条已经转成诉求了，没有再转一件。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number


class Help(Subject):
    """One office asked to help with a case (协办), with a clock of its own."""

    PRIVACY = {"ask": P1, "reply": P1}

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="helps")
    office = models.CharField(max_length=80)
    office_name = models.CharField(max_length=80)
    ask = models.CharField(max_length=500)
    reply = models.CharField(max_length=1000, blank=True)
    days = models.SmallIntegerField(default=3)
    asked_by = models.CharField(max_length=64)
    helper_name = models.CharField(max_length=80, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    given_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["case"], name="help_case"), models.Index(fields=["office", "state"], name="help_office")]


class Supervision(Subject):
    """One asking after a case (督办): an office owes an answer by a date, and the supervisor says whether it will do.

    It stays with the office it was sent to, also after the case went to another one: what it is blamed for was its own."""

    PRIVACY = {"ask": P1, "reply": P1, "why": P1}

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="supervisions", db_index=False)
    number = models.CharField(max_length=40, unique=True)
    office = models.CharField(max_length=80)
    office_name = models.CharField(max_length=80)
    ask = models.CharField(max_length=1000)
    days = models.SmallIntegerField(default=1)
    asker = models.CharField(max_length=64)
    asker_name = models.CharField(max_length=80)
    reply = models.CharField(max_length=1000, blank=True)
    replier = models.CharField(max_length=64, blank=True)
    replier_name = models.CharField(max_length=80, blank=True)
    judge = models.CharField(max_length=64, blank=True)
    """Who confirmed the answer or sent it back."""
    why = models.CharField(max_length=500, blank=True)
    """What the answer lacked."""
    returns = models.SmallIntegerField(default=0)
    asked_at = models.DateTimeField(null=True, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    """When it was answered first."""

    class Meta:
        indexes = [
            models.Index(fields=["case"], name="supervision_case"),
            models.Index(fields=["office", "state"], name="supervision_office"),
            models.Index(fields=["region", "state", "due_at"], name="supervision_region"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(SUPERVISION_STATES)), name="supervision_stands_somewhere"),
            models.CheckConstraint(
                condition=Q(judge="") | ~Q(judge=F("replier")),
                name="replier_does_not_judge",
                violation_error_message="回复的人不能自己确认，没有改动。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number


class Remark(Scoped):
    """Words on a case: a note, a try to call back. Insert only."""

    PRIVACY = {"text": P1}

    id = models.UUIDField(primary_key=True, default=uuid7)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="remarks")
    kind = models.CharField(max_length=12)
    """note, called; supervise until a supervision had a record of its own"""
    text = models.CharField(max_length=1000)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["case", "at"], name="remark_case")]


class Lesson(Scoped):
    """One training of the suggested kind (casework.learning): what was held back, how much of it was right, and the weights
    as plain numbers. Insert only: which version suggested what can always be read again."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    version = models.IntegerField()
    at = models.DateTimeField()
    cases = models.IntegerField()
    held = models.IntegerField()
    right = models.IntegerField()
    shown = models.BooleanField()
    """Right in 80 % of at least 200 held-back cases."""
    kinds = models.JSONField()
    bias = models.JSONField()
    words = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "version"], name="one_lesson_a_version")]


class Series(models.Model):
    """The last number given in a place's year. Confidential cases take none: they leave no gap."""

    place = models.IntegerField()
    year = models.SmallIntegerField()
    last = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "year"], name="one_series_a_year")]
