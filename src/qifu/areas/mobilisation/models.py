"""Notices and who has confirmed them; rotas, duties and calendar links; volunteers, their posts and hours."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from qifu.kernel.access.models import Scoped
from qifu.kernel.privacy import P2
from qifu.kernel.privacy.fields import BlindIndex, SealedTextField
from qifu.kernel.values import mask_phone, uuid7
from qifu.kernel.workflow.models import Subject


class Notice(Subject):
    """One version of a notice (通知). All versions of one share `series`; a new one takes the place of the one before.

    `rule` says whom it is for: {"places": [id], "roles": [code], "departments": [uuid], "sizes": [code]}."""

    series = models.UUIDField(default=uuid7)
    version = models.SmallIntegerField(default=1)
    number = models.CharField(max_length=60, blank=True)
    """Of the paper (文号), where there is one."""
    title = models.CharField(max_length=80)
    text = models.TextField(max_length=8000)
    office = models.CharField(max_length=80)
    rule = models.JSONField(default=dict)
    rule_words = models.CharField(max_length=300, blank=True)
    confirm_by = models.DateTimeField(null=True, blank=True)
    sms = models.BooleanField(default=False)
    """Whether a short message says that there is a notice."""
    audience = models.IntegerField(default=0)
    """How many persons it was published to."""
    author = models.CharField(max_length=64)
    author_name = models.CharField(max_length=80)
    publisher = models.CharField(max_length=64, blank=True)
    publisher_name = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    """Why it was sent back or taken back."""
    written_at = models.DateTimeField(null=True, blank=True)
    handed_in_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "version"], name="one_version_of_a_notice"),
            models.UniqueConstraint(
                fields=["series"],
                condition=Q(state__in=["drafted", "review"]),
                name="one_open_version_of_a_notice",
                violation_error_message="这份通知的新版已经有人在写，没有再开一份。",
            ),
            models.CheckConstraint(
                condition=Q(publisher="") | ~Q(publisher=F("author")),
                name="notice_is_published_by_another",
                violation_error_message="这份通知是您写的，要由另一位核发，没有发布。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Receipt(Scoped):
    """One person to whom a notice was published, as they were then; and when they confirmed it."""

    PRIVACY = {"name": P2}

    id = models.UUIDField(primary_key=True, default=uuid7)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="receipts")
    person = models.UUIDField()
    name = models.CharField(max_length=60)
    office = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=48)
    place = models.IntegerField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "person"], name="one_receipt_of_a_person")]
        indexes = [models.Index(fields=["person", "confirmed_at"], name="receipt_person")]


class Roster(Subject):
    """A duty rota (值班表) of a place: its days, posts and shifts, and the rest that it keeps.

    One of `shifts`: {"code", "name", "from": "08:30", "to": "17:30", "points": 2}; `posts` are names."""

    title = models.CharField(max_length=60)
    first_day = models.DateField()
    last_day = models.DateField()
    posts = ArrayField(models.CharField(max_length=20), default=list)
    shifts = models.JSONField(default=list)
    rest_hours = models.SmallIntegerField()
    most_in_week = models.SmallIntegerField()
    phone = models.CharField(max_length=20, blank=True)
    """Of the duty room."""
    planner = models.CharField(max_length=64)
    planner_name = models.CharField(max_length=80)
    published_at = models.DateTimeField(null=True, blank=True)

    PRIVACY = {"phone": P2}

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="rota_ends_after_start",
                violation_error_message="结束日期要不早于开始日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Member(Scoped):
    """One person of a rota: the posts that they take, and the days on which they are away."""

    PRIVACY = {"name": P2}

    id = models.UUIDField(primary_key=True, default=uuid7)
    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="members")
    person = models.UUIDField()
    name = models.CharField(max_length=60)
    office = models.CharField(max_length=80, blank=True)
    posts = ArrayField(models.CharField(max_length=20), default=list)
    """Empty: every post."""
    off = ArrayField(models.DateField(), default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["roster", "person"], name="one_member_of_a_rota")]


class Turn(Subject):
    """One duty (班): a post, from when to when, and whose it is; the swap that was asked; the word at its end."""

    PRIVACY = {"name": P2, "swap_name": P2, "next_name": P2}

    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="turns")
    day = models.DateField()
    shift = models.CharField(max_length=12)
    shift_name = models.CharField(max_length=20)
    post = models.CharField(max_length=20)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    points = models.SmallIntegerField()
    person = models.UUIDField(null=True, blank=True)
    name = models.CharField(max_length=60, blank=True)
    office = models.CharField(max_length=80, blank=True)
    why = models.CharField(max_length=300, blank=True)
    """Why this person, or why nobody."""
    swap_person = models.UUIDField(null=True, blank=True)
    swap_name = models.CharField(max_length=60, blank=True)
    swap_why = models.CharField(max_length=120, blank=True)
    note = models.TextField(max_length=2000, blank=True)
    next_name = models.CharField(max_length=60, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["roster", "day", "shift", "post"], name="one_duty_of_a_post"),
            models.UniqueConstraint(
                fields=["person", "starts_at"],
                condition=~Q(state="dropped") & Q(person__isnull=False),
                name="one_duty_at_a_time",
                violation_error_message="这个人这个时间已经在值别的班，没有改动。",
            ),
        ]
        indexes = [
            models.Index(fields=["region", "starts_at"], name="turn_region"),
            models.Index(fields=["person", "starts_at"], name="turn_person"),
        ]


class Feed(Scoped):
    """The secret link under which a calendar program reads a person's duties. Renewed: the one before opens nothing."""

    person = models.UUIDField(primary_key=True)
    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of the token, in hex: a dump opens nothing."""
    made_at = models.DateTimeField()


class Call(Subject):
    """A call for volunteers (招募): for what, where to meet, how many; its poster carries `code`."""

    PRIVACY = {"phone": P2}

    title = models.CharField(max_length=60)
    text = models.CharField(max_length=1000)
    office = models.CharField(max_length=80)
    assembly = models.CharField(max_length=120, blank=True)
    """Where and when to meet (集合点)."""
    phone = models.CharField(max_length=20)
    need = models.IntegerField()
    first_day = models.DateField()
    last_day = models.DateField()
    code = models.CharField(max_length=8, unique=True)
    organiser = models.CharField(max_length=64)
    organiser_name = models.CharField(max_length=80)
    called_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="call_ends_after_start",
                violation_error_message="结束日期要不早于开始日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Post(Scoped):
    """Where volunteers of a call work (岗点); the code that hangs there signs in and out."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="posts")
    name = models.CharField(max_length=40)
    where = models.CharField(max_length=120, blank=True)
    code = models.CharField(max_length=8, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["call", "name"], name="one_post_of_a_name", violation_error_message="已经有这个岗点，没有再加。"
            )
        ]


class Volunteer(Subject):
    """Somebody who joined a call by its poster. `digest` is of the personal code by which they sign in."""

    PRIVACY = {"name": P2, "born_in": P2, "office": P2}

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="volunteers")
    name = models.CharField(max_length=60)
    phone = SealedTextField(klass=P2, mask=mask_phone, blind="phone")
    phone_blind = BlindIndex("phone", db_index=False)
    born_in = models.DateField()
    """The first day of the month of birth."""
    office = models.CharField(max_length=80, blank=True)
    skills = models.CharField(max_length=120, blank=True)
    digest = models.CharField(max_length=64)
    sender = models.CharField(max_length=64)
    """Keyed hash of the network address: enough to count by."""
    post = models.ForeignKey(Post, null=True, blank=True, on_delete=models.PROTECT, related_name="volunteers")
    joined_at = models.DateTimeField(null=True, blank=True)
    trained_at = models.DateTimeField(null=True, blank=True)
    posted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["call", "phone_blind"],
                name="one_volunteer_of_a_number",
                violation_error_message="这个手机号已经报过名了，没有再报一份。",
            )
        ]


class Stay(Subject):
    """One time that a volunteer worked (一人次): in and out by a scan, the minutes once it is credited."""

    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="stays")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="stays")
    came_at = models.DateTimeField(null=True, blank=True)
    went_at = models.DateTimeField(null=True, blank=True)
    minutes = models.IntegerField(default=0)
    mended_by = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=120, blank=True)
    credited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer"],
                condition=Q(state="in"),
                name="one_stay_at_a_time",
                violation_error_message="已经签到了，没有重复记。",
            ),
            models.CheckConstraint(condition=Q(minutes__gte=0), name="stay_has_minutes"),
        ]


class Loan(Subject):
    """Somebody lent to the front line (抽调): to whom, for what, until when, and who does their own work meanwhile."""

    PRIVACY = {"name": P2, "cover_name": P2}

    person = models.UUIDField()
    name = models.CharField(max_length=60)
    office = models.CharField(max_length=80, blank=True)
    to = models.CharField(max_length=80)
    task = models.CharField(max_length=200)
    first_day = models.DateField()
    last_day = models.DateField()
    cover = models.UUIDField()
    cover_name = models.CharField(max_length=60)
    cover_work = models.CharField(max_length=300)
    """What the other one takes over."""
    asker = models.CharField(max_length=64)
    hours = models.IntegerField(default=1)
    """From the approval to the end of the last day: what the clock runs."""
    approver_name = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=120, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="loan_ends_after_start",
                violation_error_message="结束日期要不早于开始日期。",
            ),
            models.CheckConstraint(
                condition=~Q(cover=F("person")), name="cover_is_another", violation_error_message="自己的工作要由另一位来顶，没有保存。"
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state__in=["asked", "covered", "away"]),
                name="one_loan_at_a_time",
                violation_error_message="这个人已经有一次抽调在办，没有再开一份。",
            ),
        ]
