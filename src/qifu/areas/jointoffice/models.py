"""The menu of a place, what an enterprise ordered from it, who comes, and what they promised."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from qifu.areas.registry.models import Enterprise
from qifu.kernel.access.models import Scoped
from qifu.kernel.privacy import P1
from qifu.kernel.values import uuid7
from qifu.kernel.workflow.models import Subject

from .terms import WAITING


class PersonNumber(Func):
    """A person's number as a range of one, so that the index of ranges compares it without any extension."""

    template = "int8range(uuid_hash_extended(%(expressions)s, 0), uuid_hash_extended(%(expressions)s, 0), '[]')"


class During(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Item(Subject):
    """One service on the menu of a place (菜单): who serves it, what the enterprise brings, how many working days it takes.

    Every enterprise below the place may order it while it is offered."""

    name = models.CharField(max_length=40)
    says = models.CharField(max_length=200)
    office = models.CharField(max_length=80)
    """The code of the office that serves it, as casework knows offices."""
    office_name = models.CharField(max_length=80)
    brings = models.CharField(max_length=200, blank=True)
    days = models.SmallIntegerField()
    why_off = models.CharField(max_length=200, blank=True)
    offered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region", "name"], condition=Q(state="offered"), name="joint_item_once",
                violation_error_message="菜单上已经有这一项了，没有再加。",
            ),
            models.CheckConstraint(
                condition=Q(days__gte=1) & Q(days__lte=60), name="joint_item_days",
                violation_error_message="“几个工作日”填1到60，没有保存。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Session(Subject):
    """One order of an enterprise and the sitting that answers it (组团会办), from the order to the last promise kept."""

    PRIVACY = {"wants": P1, "minutes": P1}

    number = models.CharField(max_length=20, unique=True)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    office = models.CharField(max_length=80)
    """The place whose monitor sets the group."""
    wants = models.CharField(max_length=300, blank=True)
    spot = models.CharField(max_length=120)
    """Where they meet: the works, or the site of a project (联企联项)."""
    wished_on = models.DateField(null=True, blank=True)
    wished_half = models.CharField(max_length=2, blank=True)
    channel = models.CharField(max_length=8)
    asked_by = models.CharField(max_length=80)
    monitor = models.CharField(max_length=64, blank=True)
    monitor_name = models.CharField(max_length=80, blank=True)
    arranged_at = models.DateTimeField(null=True, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    minutes = models.TextField(max_length=2000, blank=True)
    promised = models.SmallIntegerField(default=0)
    giver = models.CharField(max_length=64, blank=True)
    words = models.CharField(max_length=300, blank=True)
    """What goes with the present state: why it was called off, what is still open."""
    ordered_at = models.DateTimeField(null=True, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    given_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise"], condition=Q(state__in=WAITING), name="joint_one_waiting_order",
                violation_error_message="这家企业已经点过一单，还没有去，没有再下一单。要加的，打电话告诉镇街。",
            ),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True) | Q(ends_at__gt=F("starts_at")), name="joint_session_ends_after_start",
                violation_error_message="结束要晚于开始，没有保存。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number


class Line(Scoped):
    """One service that an order names, as the menu said it on that day; never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="lines")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    office = models.CharField(max_length=80)
    office_name = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "item"], name="joint_line_once")]
        ordering = ["id"]


class Seat(Scoped):
    """One office or person of a group. A person whose seat stands sits nowhere else in that time: the database holds it.

    An office of the level above is asked as such and sends whom it has; then there is no `person`."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="seats")
    role = models.CharField(max_length=8)
    person = models.UUIDField(null=True, blank=True)
    name = models.CharField(max_length=80, blank=True)
    office = models.CharField(max_length=80, blank=True)
    office_name = models.CharField(max_length=80, blank=True)
    line = models.CharField(max_length=40, blank=True)
    """The line that they lead (用工线, 物流线)."""
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    standing = models.BooleanField(default=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="joint_one_place_at_a_time",
                expressions=[
                    (PersonNumber(F("person")), RangeOperators.OVERLAPS),
                    (During(F("starts_at"), F("ends_at"), Value("[)")), RangeOperators.OVERLAPS),
                ],
                condition=Q(standing=True, person__isnull=False),
                violation_error_message="组里有人那个时间已经排了去另一家，没有定下来。换个时间，或换个人。",
            )
        ]
        ordering = ["id"]


class Task(Scoped):
    """One promise of a sitting (承诺事项), which is a case from the moment it is given out; never changed."""

    PRIVACY = {"text": P1}

    id = models.UUIDField(primary_key=True, default=uuid7)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="promises")
    text = models.CharField(max_length=300)
    office = models.CharField(max_length=80)
    office_name = models.CharField(max_length=80)
    case = models.UUIDField()
    case_number = models.CharField(max_length=24)

    class Meta:
        ordering = ["id"]
