"""Applications and what hangs on them: checklist items, permits of sites, drafts, daily numbers."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from qifu.areas.registry.models import Enterprise, Site
from qifu.areas.response.models import Incident
from qifu.kernel.access.models import Scoped, TaskForce
from qifu.kernel.language.fields import KeptText
from qifu.kernel.privacy import P0, P2
from qifu.kernel.privacy.fields import BlindIndex, SealedTextField
from qifu.kernel.values import mask_phone, uuid7
from qifu.kernel.workflow.models import Subject

from .terms import BURDENING, CLOSED, AppealWay, BurdenKind, Regime, Removal, Result, Route


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
    signature = models.UUIDField(null=True, blank=True)
    """The file with the name as it was written by hand under the undertaking; None where it was only ticked."""
    triage = models.JSONField(default=list)
    team = models.ForeignKey(TaskForce, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    visit_at = models.DateTimeField(null=True, blank=True)
    """About when the team arrives, by the day plan; it sorts the team's day."""
    submitter = models.CharField(max_length=64, blank=True)
    acceptor = models.CharField(max_length=64, blank=True)
    assessor = models.CharField(max_length=64, blank=True)
    decider = models.CharField(max_length=64, blank=True)
    remarks = models.CharField(max_length=500, blank=True)
    conditions = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    asked = models.CharField(max_length=200, blank=True, default="", db_default="")
    """The questions of the form that the clerk's sentence is about, while it is returned: their names with a space between."""
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
            models.Index(
                fields=["region", "state", "due_at", "id"],
                include=["route", "party", "compartment"],
                condition=Q(facets__contains=["project"]),
                name="application_project",
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
    name = KeptText(max_length=60)
    ask = KeptText(max_length=200)
    department = models.CharField(max_length=40)
    department_name = KeptText(max_length=60)
    required = models.BooleanField(default=True)
    result = models.CharField(max_length=8, choices=Result, blank=True, default="")
    note = models.CharField(max_length=300, blank=True)
    checked_by = models.CharField(max_length=64, blank=True)
    checked_by_name = models.CharField(max_length=80, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    by_owner = models.BooleanField(default=False, db_default=False)
    """The department that owns it has spoken: from then on only they change it."""
    before = models.JSONField(default=list, db_default=[])
    """What stood here before, the oldest first: result, note, by, at."""

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["application", "code"], name="one_item_of_a_code")]


class Visit(Scoped):
    """One visit of a team as it was handed in (现场评估): who signed, what was objected, what the phone's clock said.

    Append-only; its id is the device's key, so that a report delivered twice is one visit."""

    PRIVACY = {"signer": P2, "objection": P2, "signature": P2}

    id = models.UUIDField(primary_key=True, default=uuid7)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="visits")
    conclusion = models.CharField(max_length=8)
    found = models.JSONField(default=list)
    """Item by item as the team found it: code, result, note."""
    remarks = models.CharField(max_length=500, blank=True)
    objection = models.CharField(max_length=500, blank=True)
    """What the enterprise wrote beside its name."""
    signer = models.CharField(max_length=60, blank=True)
    signature = models.UUIDField(null=True, blank=True)
    photos = models.IntegerField(default=0)
    assessor = models.CharField(max_length=64)
    assessor_name = models.CharField(max_length=80)
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    """The phone's clock when it was signed, and by how many seconds that clock was ahead of ours."""
    ahead = models.IntegerField(default=0)
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["received_at"]


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
    steps_at = models.JSONField(default=dict)
    """By step: [when it was last saved, by which open page]. Two tabs notice each other by it."""
    signature = models.UUIDField(null=True, blank=True)
    """What the phone called the name written under the undertaking; the picture itself may still be on its way."""
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


class Batch(models.Model):
    """One published batch of approvals (复工名单第几批). Holds only what anybody may read, so that nothing else can leak."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    district = models.IntegerField()
    place = models.CharField(max_length=60)
    number = models.IntegerField()
    day = models.DateField()
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["district", "number"], name="one_batch_of_a_number")]


class Listing(models.Model):
    """One line of a published batch: name, town, and since when and why it is off the list. Public words only."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="lines")
    application = models.UUIDField()
    order = models.IntegerField()
    name = models.CharField(max_length=120)
    town = models.CharField(max_length=60)
    decided_on = models.DateField()
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_why = models.CharField(max_length=16, choices=Removal, blank=True, default="")

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["application"], condition=Q(removed_at__isnull=True), name="listed_once_at_a_time"),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_why="") | (Q(removed_at__isnull=False) & ~Q(removed_why="")),
                name="removed_with_a_reason",
                violation_error_message="移出名单要有原因。",
            ),
        ]


class SavedView(Scoped):
    """A person's own view of the worklist: a name for what the address bar says."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    person = models.UUIDField()
    name = models.CharField(max_length=24)
    words = models.CharField(max_length=500)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["saved_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "name"], name="one_view_of_a_name", violation_error_message="您已有一个同名的视图，换个名字。"
            ),
        ]


class Watch(Scoped):
    """An application that a person follows (关注); scoped as the application is."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    person = models.UUIDField()
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="watches")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "application"], name="watched_once")]


class DailyReport(Scoped):
    """One day of an enterprise after its start (复工日报), as it was told. A correction is one more row with the next revision.

    What the crisis asks besides stands in `answers`, by the fields of the pack's daily form; it never enters the journal."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    revision = models.SmallIntegerField(default=1)
    at_work = models.IntegerField()
    expected = models.IntegerField()
    running = models.IntegerField()
    capacity = models.IntegerField()
    """Lines (or shifts, counters) at work today, and how many there are in normal times."""
    answers = models.JSONField(default=dict)
    why = models.CharField(max_length=12, blank=True)
    told_at = models.DateTimeField()
    """When the contact pressed; the server may hear of it later."""
    recorded_at = models.DateTimeField()
    late = models.BooleanField(default=False)
    told_by = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["region", "day"], name="daily_region")]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "day", "revision"],
                name="one_report_of_a_day",
                violation_error_message="这一天刚刚有人报过，没有再报一次。",
            ),
            models.CheckConstraint(
                condition=Q(at_work__gte=0, expected__gte=0, running__gte=0, capacity__gte=0),
                name="daily_not_negative",
                violation_error_message="人数和生产线不能是负数。",
            ),
        ]

    @property
    def facets(self) -> list[str]:
        """Give the enterprise's codes, by which figures are narrowed."""
        return self.enterprise.facets


class Counter(Scoped):
    """Whom enterprises of a place turn to, as posters, receipts and home pages name it: published on purpose."""

    PRIVACY = {"contact": P0, "phone": P0}

    id = models.UUIDField(primary_key=True, default=uuid7)
    contact = models.CharField(max_length=40, blank=True)
    phone = models.CharField(max_length=20)
    hours = models.CharField(max_length=60, blank=True)
    bring = models.CharField(max_length=300, blank=True)
    """What to have at hand, one thing a line."""
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region"], name="one_counter_of_a_place")]


class Claim(Scoped):
    """Somebody whom nobody knows says to be the contact of an enterprise; the town confirms or refuses.

    Until then it opens nothing, and the one who asks is told nothing of the enterprise, not even whether there is one."""

    PRIVACY = {"name": P2}

    id = models.UUIDField(primary_key=True, default=uuid7)
    firm = models.CharField(max_length=120)
    uscc = models.CharField(max_length=18, blank=True)
    name = models.CharField(max_length=60)
    phone = SealedTextField(klass=P2, mask=mask_phone, blind="phone")
    phone_blind = BlindIndex("phone", db_index=False)
    sender = models.CharField(max_length=64)
    """Keyed hash of the network address: enough to count by."""
    state = models.CharField(max_length=12, default="waiting")
    enterprise = models.ForeignKey(Enterprise, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["region", "state", "made_at"], name="claim_region"),
            models.Index(fields=["sender", "made_at"], name="claim_sender"),
            models.Index(fields=["phone_blind", "made_at"], name="claim_phone"),
        ]


class Licence(Scoped):
    """The photo of the business licence that somebody sent along with a claim: as it is shown, drawn anew and sealed.

    Not one of the files: those are kept by somebody signed in, about something that he reaches. `sha256` is of the bytes as received."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="licence")
    sha256 = models.CharField(max_length=64)
    shown = models.BinaryField()
    small = models.BinaryField(default=b"")
    kept_at = models.DateTimeField()


class Burden(Subject):
    """An act that burdens an enterprise (限制性处理): not approving, suspending, not taking its applications for a while.

    Proposed by one person with ground, basis and evidence; the enterprise is heard; another person decides; it expires.
    `evidence` is a list of {"item": code, "name": ...} and {"file": id}. `hours` is how long it holds from the decision
    (0 for a refusal, which holds nothing: one may apply anew)."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, null=True, blank=True, on_delete=models.PROTECT, related_name="burdens")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="+")
    measure = models.UUIDField(null=True, blank=True)
    """The measure that it rests on: it falls with it."""
    kind = models.CharField(max_length=12, choices=BurdenKind)
    route = models.CharField(max_length=12, choices=Route)
    ground = models.CharField(max_length=16)
    basis = models.CharField(max_length=200)
    reason = models.CharField(max_length=500)
    evidence = models.JSONField(default=list)
    urgent = models.BooleanField(default=False)
    hours = models.IntegerField(default=0)
    hear_hours = models.IntegerField(default=24)
    asked_by = models.CharField(max_length=64)
    asked_by_name = models.CharField(max_length=80)
    asked_at = models.DateTimeField(null=True, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    heard_words = models.CharField(max_length=1000, blank=True)
    decided_by = models.CharField(max_length=64, blank=True)
    decided_by_name = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    """Why it was decided so in view of what the enterprise said; or why it was dropped or lifted."""

    class Meta:
        indexes = [models.Index(fields=["region", "state"], name="burden_list"), models.Index(fields=["application"], name="burden_app")]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "kind"],
                condition=Q(state__in=BURDENING),
                name="one_burden_of_a_kind",
                violation_error_message="这家企业已经有一件同类的处理在办，没有再拟一件。",
            ),
            models.CheckConstraint(
                condition=Q(decided_by="") | ~Q(decided_by=F("asked_by")),
                name="burden_decided_by_another",
                violation_error_message="拟处理的人不能又来决定，没有改动。",
            ),
            models.CheckConstraint(
                condition=~Q(basis="") & ~Q(reason="") & ~Q(evidence=[]),
                name="burden_has_basis_reason_evidence",
                violation_error_message="依据、理由和证据缺一不可，没有改动。",
            ),
            models.CheckConstraint(
                condition=Q(kind="refusal") | ~Q(state__in=("provisional", "in_force")) | Q(until__isnull=False, hours__gt=0),
                name="burden_expires",
                violation_error_message="没有到期日的处理不能执行，没有改动。",
            ),
        ]


class Appeal(Subject):
    """An appeal against an act that burdens (复议、诉讼): who hears it, what the office answered, how it ended by which paper.

    `organ`, `case_number`, `document` are public offices' words; `until` is the new end where the outcome changed it."""

    burden = models.ForeignKey(Burden, on_delete=models.PROTECT, related_name="appeals")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+", db_index=False)
    way = models.CharField(max_length=8, choices=AppealWay)
    route = models.CharField(max_length=12, choices=Route)
    decider = models.CharField(max_length=64)
    asker = models.CharField(max_length=64, default="")
    proposer = models.CharField(max_length=64, default="")
    """Who decided the act, who asked for the appeal, who proposed the act: another person writes down how the appeal ended."""
    office = models.CharField(max_length=80, blank=True)
    organ = models.CharField(max_length=60)
    asked_on = models.DateField()
    case_number = models.CharField(max_length=60, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    document = models.CharField(max_length=80, blank=True)
    settled_on = models.DateField(null=True, blank=True)
    words = models.CharField(max_length=500, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    told_by_name = models.CharField(max_length=80)
    recorder_name = models.CharField(max_length=80, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["region", "state"], name="appeal_list")]
        constraints = [
            models.UniqueConstraint(
                fields=["burden", "way"],
                condition=Q(state__in=("asked", "taken", "answered")),
                name="one_open_appeal_of_a_way",
                violation_error_message="这件已经记过一次，还没有结果，没有再记。",
            ),
        ]


class Draw(Scoped):
    """One morning's draw of look-backs in a town: out of how many, how many, and by which seed; once a day."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    day = models.DateField()
    of = models.IntegerField()
    drawn = models.IntegerField()
    percent = models.SmallIntegerField()
    seed = models.CharField(max_length=40)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "day"], name="one_draw_of_a_day")]


class Inspection(Subject):
    """One look back at an enterprise (回头看): drawn by rule, looked at on the spot, mended by a date and looked at again.

    `answers` holds {question: {"result": ok|fix, "note": ...}} of the last look; `files` hang on it by kind resumption.look."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, null=True, blank=True, on_delete=models.PROTECT, related_name="lookbacks")
    pack = models.CharField(max_length=24)
    """Whose list is asked."""
    why = models.CharField(max_length=12)
    day = models.DateField()
    days = models.SmallIntegerField(default=0)
    office = models.CharField(max_length=80, blank=True)
    assigned_to = models.CharField(max_length=64, blank=True)
    assigned_name = models.CharField(max_length=80, blank=True)
    drawn_at = models.DateTimeField(null=True, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True)
    last_look_at = models.DateTimeField(null=True, blank=True)
    looked_by = models.CharField(max_length=64, blank=True)
    looked_by_name = models.CharField(max_length=80, blank=True)
    looks = models.SmallIntegerField(default=0)
    answers = models.JSONField(default=dict)
    remarks = models.CharField(max_length=500, blank=True)
    mend_by = models.DateField(null=True, blank=True)
    mend_hours = models.IntegerField(default=0)
    mended_words = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["region", "state"], name="lookback_list"),
            models.Index(fields=["enterprise"], name="lookback_firm"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise"],
                condition=Q(state__in=("drawn", "mending", "again")),
                name="one_open_lookback",
                violation_error_message="这家企业已经在回头看，没有再抽一次。",
            ),
        ]


class FirmPlan(Scoped):
    """One enterprise's plan (一企一策方案): what it is about; its measures are lines. No incident is needed."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    enterprise = models.OneToOneField(Enterprise, on_delete=models.PROTECT, related_name="+")
    aim = models.CharField(max_length=500)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    keeper = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(fields=["region"], name="firm_plan_list")]


class PlanLine(Subject):
    """One measure of a plan: what, whose, by which day, how far. `notes` are {"at", "by", "words"}, the latest last."""

    plan = models.ForeignKey(FirmPlan, on_delete=models.PROTECT, related_name="lines")
    what = models.CharField(max_length=200)
    owner = models.CharField(max_length=12)
    owner_person = models.CharField(max_length=64, blank=True)
    owner_name = models.CharField(max_length=80, blank=True)
    office = models.CharField(max_length=80, blank=True)
    due_on = models.DateField()
    hours = models.IntegerField()
    notes = models.JSONField(default=list)
    added_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["region", "state", "due_on"], name="plan_line_due")]
