"""Meetings with their agenda and who was asked, leaders' notes, the tasks that either gives, and papers before they go out.

A task is a case: here stands only which case it is, for whom, and what was promised at the table."""

from django.db import models
from django.db.models import F, Q

from qifu.areas.casework.models import Case
from qifu.kernel.access.models import Scoped
from qifu.kernel.files.enclosing import Enclosing
from qifu.kernel.privacy import P1
from qifu.kernel.values import uuid7
from qifu.kernel.workflow.models import Subject, Written, none_of_the_writers


class Meeting(Written, Subject):
    """Several offices at one table (会商): when, where, who leads, who wrote the minutes and who signed them."""

    PRIVACY = {"words": P1}

    number = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=80)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    room = models.CharField(max_length=80)
    chair = models.CharField(max_length=60)
    office = models.CharField(max_length=80)
    office_name = models.CharField(max_length=80)
    planner = models.CharField(max_length=64)
    planner_name = models.CharField(max_length=80)
    calls = models.SmallIntegerField(default=0)
    """How often it was announced: the calendar file counts with it, so that telephones replace the old time."""
    words = models.TextField(max_length=4000, blank=True)
    """What the minutes say beside the items."""
    writer = models.CharField(max_length=64, blank=True)
    writer_name = models.CharField(max_length=80, blank=True)
    signer = models.CharField(max_length=64, blank=True)
    signer_name = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    planned_at = models.DateTimeField(null=True, blank=True)
    called_at = models.DateTimeField(null=True, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    drafted_at = models.DateTimeField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["region", "starts_at"], name="meeting_region")]
        constraints = [
            none_of_the_writers("signer", name="writer_does_not_sign_minutes", says="纪要由另一个人签发，没有改动。"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="meeting_ends_after_it_starts",
                violation_error_message="结束要晚于开始，没有保存。",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Attendee(Scoped):
    """One office that is asked to a meeting. Time and room are copied: a town reads its own invitation, not the district's."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendees")
    office = models.CharField(max_length=80)
    office_name = models.CharField(max_length=80)
    title = models.CharField(max_length=80)
    host = models.CharField(max_length=80)
    room = models.CharField(max_length=80)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    calls = models.SmallIntegerField(default=0)
    off = models.BooleanField(default=False)
    """The meeting was called off."""
    reply = models.CharField(max_length=8, blank=True)
    who = models.CharField(max_length=60, blank=True)
    """Whom the office sends; after the meeting, who came."""
    words = models.CharField(max_length=120, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    came = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["office", "starts_at"], name="attendee_office")]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "office"], name="one_invitation_of_an_office", violation_error_message="这个单位已经在名单里，没有再加。"
            )
        ]


class Item(Subject):
    """One question on the agenda of a meeting, about one case (议题)."""

    PRIVACY = {"question": P1, "decision": P1}

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    place = models.SmallIntegerField()
    question = models.CharField(max_length=200)
    decision = models.CharField(max_length=1000, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    carried_from = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="carried_to")
    listed_by = models.CharField(max_length=64)
    listed_by_name = models.CharField(max_length=80)
    listed_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["place", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state="listed"),
                name="case_on_one_agenda",
                violation_error_message="这件已经在一次会的议题里，没有再列。",
            ),
        ]


class Note(Subject):
    """A leader's instruction (批示件): what was written and when; its photo is kept beside it. Each office gets a task of its own."""

    PRIVACY = {"text": P1}

    number = models.CharField(max_length=60, unique=True)
    leader = models.CharField(max_length=40)
    leader_id = models.UUIDField(null=True, blank=True)
    """The person who hears what came back; none where the leader has no account here."""
    title = models.CharField(max_length=60)
    text = models.TextField(max_length=2000)
    written_at = models.DateTimeField()
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """The case that it is written on, where it is."""
    office = models.CharField(max_length=80)
    office_name = models.CharField(max_length=80)
    recorder = models.CharField(max_length=64)
    recorder_name = models.CharField(max_length=80)
    hours = models.IntegerField(default=24)
    """Whole hours from giving it out to the last task's time."""
    words = models.CharField(max_length=500, blank=True)
    """What the leader said to what came back."""
    received_at = models.DateTimeField(null=True, blank=True)
    given_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["region", "received_at"], name="note_region")]
        constraints = [models.CheckConstraint(condition=Q(hours__gt=0), name="note_has_hours")]

    def __str__(self) -> str:
        return self.number


class Task(Scoped):
    """One office's task of an item or of a note: which case it is, and by when it was promised. Insert only."""

    PRIVACY = {"what": P1}

    id = models.UUIDField(primary_key=True, default=uuid7)
    item = models.ForeignKey(Item, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks")
    note = models.ForeignKey(Note, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    itself = models.BooleanField(default=False)
    """The case of the item itself was given to this office; otherwise a case of its own was opened."""
    lead = models.BooleanField(default=False)
    office = models.CharField(max_length=80)
    office_name = models.CharField(max_length=80)
    what = models.CharField(max_length=300)
    due_at = models.DateTimeField()
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["case"], name="task_case")]
        constraints = [
            models.CheckConstraint(
                condition=Q(item__isnull=True, note__isnull=False) | Q(item__isnull=False, note__isnull=True), name="task_of_item_or_note"
            ),
            models.UniqueConstraint(
                fields=["item", "office"], condition=Q(item__isnull=False), name="one_task_of_an_office_an_item",
                violation_error_message="这个单位在这一项里已经有任务，没有再派。",
            ),
        ]  # fmt: skip


class Paper(Enclosing, Written, Subject):
    """A paper before it goes out, filled from a case or a note; what went out is an issued paper with its number."""

    PRIVACY = {"title": P1, "to": P1, "body": P1, "contact": P1}

    kind = models.CharField(max_length=12)
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.ForeignKey(Note, null=True, blank=True, on_delete=models.PROTECT, related_name="papers")
    supervision = models.UUIDField(null=True, blank=True)
    """The supervision (督办) of the case that it puts on paper."""
    title = models.CharField(max_length=100)
    to = models.CharField(max_length=120, blank=True)
    body = models.TextField(max_length=6000)
    copies = models.CharField(max_length=200, blank=True)
    contact = models.CharField(max_length=80, blank=True)
    organ = models.CharField(max_length=80)
    place = models.IntegerField()
    reason = models.CharField(max_length=300, blank=True)
    writer = models.CharField(max_length=64)
    writer_name = models.CharField(max_length=80)
    signer = models.CharField(max_length=64, blank=True)
    issued = models.UUIDField(null=True, blank=True)
    number = models.CharField(max_length=80, blank=True)
    drafted_at = models.DateTimeField(null=True, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["case"], name="paper_case"), models.Index(fields=["region", "drafted_at"], name="paper_region")]
        constraints = [
            none_of_the_writers("signer", name="writer_does_not_sign_paper", says="文书由另一个人签发，没有改动。"),
        ]
