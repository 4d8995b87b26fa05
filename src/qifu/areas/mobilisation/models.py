"""Notices and who has confirmed them; rotas, duties and calendar links; courses; volunteers, their posts and hours."""

from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from qifu.kernel.access.models import Scoped
from qifu.kernel.booking.models import Slot
from qifu.kernel.files.enclosing import Enclosing
from qifu.kernel.privacy import P2
from qifu.kernel.privacy.fields import BlindIndex, SealedTextField
from qifu.kernel.values import mask_phone, uuid7
from qifu.kernel.workflow.models import Subject, Written, none_of_the_writers


class Notice(Enclosing, Written, Subject):
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
            none_of_the_writers("publisher", name="notice_is_published_by_another", says="这份通知是您写的，要由另一位核发，没有发布。"),
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


class Course(Subject):
    """A training (培训): films and texts, perhaps a meeting, perhaps questions; whom it is for, by rule, and until when.

    One of `lessons`: {"title", "minutes", "link": outside address or "", "text"}; of `questions`: {"ask", "options": [words],
    "right": [indexes], "why"}. Both are data, changed while drafted only: what was passed stays what it was."""

    PRIVACY = {"phone": P2}

    title = models.CharField(max_length=60)
    text = models.CharField(max_length=1000, blank=True)
    office = models.CharField(max_length=80)
    phone = models.CharField(max_length=20, blank=True)
    """Of the office, for questions."""
    rule = models.JSONField(default=dict)
    rule_words = models.CharField(max_length=300, blank=True)
    lessons = models.JSONField(default=list)
    questions = models.JSONField(default=list)
    drawn = models.SmallIntegerField(default=0)
    """How many questions are drawn for each try; 0: all."""
    pass_mark = models.SmallIntegerField(default=80)
    """Percent."""
    tries = models.SmallIntegerField(default=3)
    live = models.BooleanField(default=False)
    """Whether one meeting has to be attended."""
    finish_by = models.DateField(null=True, blank=True)
    audience = models.IntegerField(default=0)
    keeper = models.CharField(max_length=64)
    keeper_name = models.CharField(max_length=80)
    written_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(pass_mark__gte=1, pass_mark__lte=100, tries__gte=1),
                name="course_can_be_passed",
                violation_error_message="及格线写1到100，至少给一次机会。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Call(Subject):
    """A call for volunteers (招募): for what, where to meet, how many; its poster carries `code`."""

    PRIVACY = {"phone": P2}

    spots: tuple[UUID, ...] = ()
    """Its posts, in the order in which they were named; set on the call that was just made."""

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
    course = models.ForeignKey(Course, null=True, blank=True, on_delete=models.PROTECT, related_name="calls")
    """What its volunteers have to pass before they are posted."""
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


class Trainee(Subject):
    """One person who is to learn a course, as they were then: an account, or a volunteer without one; how far they are.

    `seen`: {number of the lesson: {"opened": instant, "done": instant or ""}}."""

    PRIVACY = {"name": P2}

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="trainees")
    person = models.UUIDField(null=True, blank=True)
    volunteer = models.ForeignKey(Volunteer, null=True, blank=True, on_delete=models.PROTECT, related_name="courses")
    name = models.CharField(max_length=60)
    office = models.CharField(max_length=120, blank=True)
    place = models.IntegerField()
    seen = models.JSONField(default=dict)
    tried = models.SmallIntegerField(default=0)
    """Tries since the last time that new ones were given."""
    score = models.SmallIntegerField(null=True, blank=True)
    """The best so far, percent."""
    number = models.CharField(max_length=60, blank=True)
    """Of the certificate."""
    reason = models.CharField(max_length=120, blank=True)
    """Why it need not be learned."""
    excused_by = models.CharField(max_length=80, blank=True)
    called_at = models.DateTimeField(null=True, blank=True)
    came_at = models.DateTimeField(null=True, blank=True)
    """To the meeting."""
    passed_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "person"], condition=Q(person__isnull=False), name="one_course_of_a_person"),
            models.UniqueConstraint(fields=["course", "volunteer"], condition=Q(volunteer__isnull=False), name="one_course_of_a_volunteer"),
            models.CheckConstraint(condition=Q(person__isnull=True) ^ Q(volunteer__isnull=True), name="trainee_is_somebody"),
        ]
        indexes = [models.Index(fields=["person", "state"], name="trainee_person")]


class Sitting(Scoped):
    """One try at the questions of a course: what was drawn in which order by `seed`, the answers, percent.

    `drawn`: [[question, [its options in the order shown]]]; `answers`: {question: [options]}."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    trainee = models.ForeignKey(Trainee, on_delete=models.PROTECT, related_name="sittings")
    number = models.SmallIntegerField()
    seed = models.BigIntegerField()
    drawn = models.JSONField(default=list)
    answers = models.JSONField(default=dict)
    score = models.SmallIntegerField(null=True, blank=True)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["trainee", "number"], name="one_sitting_of_a_number", violation_error_message="这一次答题刚刚开始过了，刷新接着答。"
            ),
        ]


class Meeting(Scoped):
    """A meeting of a course (现场培训): where; when and how many seats stand in its slot; `code` hangs at the door."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="meetings")
    slot = models.OneToOneField(Slot, on_delete=models.PROTECT, related_name="+")
    where = models.CharField(max_length=120)
    code = models.CharField(max_length=8, unique=True)
    made_at = models.DateTimeField()
    called_off_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=120, blank=True)


class Seat(Scoped):
    """A seat that somebody has taken in a meeting; given back, or signed in."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    trainee = models.ForeignKey(Trainee, on_delete=models.PROTECT, related_name="seats")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="seats")
    taken_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    came_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["trainee"],
                condition=Q(left_at__isnull=True),
                name="one_seat_at_a_time",
                violation_error_message="您已经约了一场，没有再约一场。",
            ),
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
    course = models.ForeignKey(Course, null=True, blank=True, on_delete=models.PROTECT, related_name="loans")
    """What has to be passed before it is approved."""
    force = models.UUIDField(null=True, blank=True)
    """The task force whose rights are given for as long as it lasts."""
    force_role = models.CharField(max_length=48, blank=True)
    force_grant = models.UUIDField(null=True, blank=True)
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
