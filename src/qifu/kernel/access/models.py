"""Accounts, people, roles, grants and task forces; and `Scoped`, from which every scoped table descends."""

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast

from qifu.kernel.privacy import P2
from qifu.kernel.values import uuid7

from .terms import Actor


class ScopedQuerySet(models.QuerySet):
    """Reads start from scope. The database refuses the rest anyway; this is the second layer."""

    def visible_to(self, actor: Actor) -> Self:
        scope = actor.scope
        found = self.filter(Q(compartment="") | Q(compartment__in=scope.compartments))
        if scope.everywhere:
            return found
        return found.filter(Q(region__in=actor.sees) | Q(party__in=scope.parties))


class Scoped(models.Model):
    """Columns by which row security decides: region, party, compartment; and the immutable home district.

    `region` is the place id of a town, development zone or park; `party` the enterprise, bank, laboratory or carrier
    whose own this row is; `district` the six-digit code at creation, the later distribution column."""

    region = models.IntegerField()
    party = models.UUIDField(null=True, blank=True)
    compartment = models.CharField(max_length=24, blank=True, default="")
    district = models.IntegerField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True


class Role(models.Model):
    """A role (角色): rights by name, and whether its holder must prove a second factor. Loaded from roles.csv."""

    code = models.CharField(max_length=48, primary_key=True)
    label = models.CharField(max_length=60)
    rights = ArrayField(models.CharField(max_length=60), default=list)
    compartments = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    second_factor = models.BooleanField(default=False)
    face = models.CharField(max_length=12, default="desk")
    """Where this role starts: a key of the faces (home, desk, field, figures ...)."""
    says = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.label


class Department(models.Model):
    """A department or office (部门、单位) of one place.

    `code` holds the place's number before the name: whatever makes one from words takes no more than UNIT_MOST of them."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    place = models.IntegerField()

    def __str__(self) -> str:
        return self.name


class Person(Scoped):
    """A person who holds hats: an officer, an enterprise's contact, a bank manager."""

    PRIVACY = {"name": P2}

    id = models.UUIDField(primary_key=True, default=uuid7)
    name = models.CharField(max_length=60)
    title = models.CharField(max_length=60, blank=True)
    phone_sealed = models.TextField(blank=True)
    phone_index = models.CharField(max_length=64, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    """Barred from entering (停用) since then; what they did stays theirs."""
    factor_reset_at = models.DateTimeField(null=True, blank=True)
    """A second factor enrolled before this instant counts no more (a lost device)."""
    out_since = models.DateTimeField(null=True, blank=True)
    """Sessions opened before this instant open nothing: the number changed hands, or a device was lost."""
    entered_at = models.DateTimeField(null=True, blank=True)
    """The first time that they came in; None: never yet."""
    invited_at = models.DateTimeField(null=True, blank=True)
    """The last time that a message asked them to come in."""
    door_note = models.CharField(max_length=200, blank=True, default="", db_default="")
    """Why the door was closed or opened, or the factor voided: the latest reason; when and by whom says the journal."""

    class Meta:
        indexes = [models.Index(fields=["phone_index"])]

    def __str__(self) -> str:
        return self.name


class Account(models.Model):
    """A login (账号). The phone stands only as a blind index; the password is for officers who choose one.

    Only the door reads it. Whether its person may enter stands on Person, where their administrator reaches."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="account")
    login = models.CharField(max_length=64, unique=True)
    """Blind index of the phone number."""
    password = models.CharField(max_length=256, blank=True)
    totp_sealed = models.TextField(blank=True)
    totp_at = models.DateTimeField(null=True, blank=True)
    totp_last = models.BigIntegerField(default=0)
    """The last accepted time step: a code works once."""
    demo = models.CharField(max_length=40, blank=True)
    """In the demo: the one-touch role under which this account is offered."""
    created_at = models.DateTimeField()

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: list[str] = []
    is_anonymous = False
    is_authenticated = True

    def __str__(self) -> str:
        return str(self.id)


class Session(models.Model):
    """A signed-in browser. The cookie holds a random token; here stands its hash, so a dump opens nothing."""

    token_hash = models.CharField(max_length=64, primary_key=True)
    id = models.UUIDField(default=uuid7, unique=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    how = models.CharField(max_length=12, blank=True)
    """How it was opened: code, password, passkey, demo, or the service that vouched."""
    device = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    strong_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)


class LoginCode(models.Model):
    """A code sent by SMS: six digits, hashed, five minutes, five tries. A number that nobody has gets a row too."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    login = models.CharField(max_length=64, db_index=True)
    code_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)
    sender = models.CharField(max_length=64, blank=True, db_index=True)
    """Keyed hash of the network address that asked."""


class Throttle(models.Model):
    """Wrong tries under one key (a login, an account, a sender), whether or not anybody has that login."""

    key = models.CharField(max_length=100, primary_key=True)
    failures = models.IntegerField(default=0)
    failed_at = models.DateTimeField(null=True, blank=True)
    locked_until = models.DateTimeField(null=True, blank=True)


class Passkey(models.Model):
    """A passkey (通行密钥): the public half of a key that never leaves its owner's device. Counts beside the authenticator.

    What stands here opens nothing: it only tells whether an answer was signed by the other half."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="passkeys")
    handle = models.CharField(max_length=1400, unique=True)
    """The credential id as the browser names it, base64url."""
    public = models.BinaryField()
    """Attested credential data (WebAuthn 6.5.1): model of the device, credential id, COSE key."""
    name = models.CharField(max_length=40)
    synced = models.BooleanField(default=False)
    """Kept by the owner's cloud, so that it is on several devices; such keys count no signatures."""
    count = models.BigIntegerField(default=0)
    """Signatures that the device had counted at the last answer."""
    added_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    doubted_at = models.DateTimeField(null=True, blank=True)
    """Its count went back, so that it may have been copied: it opens nothing from then on."""
    ended_at = models.DateTimeField(null=True, blank=True)
    """Removed by its owner; the row stays, so that an old answer names a key that is known and closed."""


class Challenge(models.Model):
    """What the door gave out to be answered once: a passkey's challenge, or the state of a login elsewhere."""

    key = models.CharField(max_length=64, primary_key=True)
    """SHA-256 of what was given out."""
    kind = models.CharField(max_length=12)
    """add, prove, enter (passkeys); zzd, zlb (logins elsewhere)."""
    session = models.UUIDField(null=True, blank=True)
    sender = models.CharField(max_length=64, blank=True, db_index=True)
    """Keyed hash of the network address that asked."""
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)


class Outside(Scoped):
    """A login at another service (浙政钉, 浙里办) that lets a person in. It gives no right: hats come from grants alone.

    Scoped like the person, so that their administrator sees and makes the link."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="outside")
    service = models.CharField(max_length=24)
    subject = models.CharField(max_length=64)
    """Blind index of the number that the person has there."""
    linked_at = models.DateTimeField()
    linked_by = models.CharField(max_length=64, blank=True)
    """The administrator's id; '' where the person proved the telephone that both sides know."""
    used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "subject"], condition=Q(ended_at__isnull=True), name="outside_login_lets_one_person_in",
                violation_error_message="这个外部账号已经关联了另一个人。",
            ),
            models.UniqueConstraint(
                fields=["service", "person"], condition=Q(ended_at__isnull=True), name="person_has_one_login_a_service",
                violation_error_message="这个人已经关联了一个外部账号。",
            ),
        ]  # fmt: skip


class TaskForce(Scoped):
    """A task force (专班): nested, across departments, with borrowed people, a start and an end."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=24)
    """assessment, special_team, service_group, supervision ..."""
    place = models.IntegerField()
    purpose = models.CharField(max_length=120, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=models.F("since")),
                name="task_force_ends_after_start",
                violation_error_message="专班的结束时间要晚于开始时间。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Grant(Scoped):
    """A grant (授权): role x jurisdiction x department x purpose x until. A membership of a task force is one too.

    Its rights lapse by themselves: with `until`, with the end of the task force, or when revoked."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="grants")
    role = models.ForeignKey(Role, on_delete=models.PROTECT)
    place = models.IntegerField(null=True, blank=True)
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT)
    for_party = models.UUIDField(null=True, blank=True)
    purpose = models.CharField(max_length=120, blank=True)
    task_force = models.ForeignKey(TaskForce, null=True, blank=True, on_delete=models.PROTECT, related_name="members")
    lead = models.BooleanField(default=False)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    given_by = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=200, blank=True, default="", db_default="")
    revoked_by = models.CharField(max_length=64, blank=True, default="", db_default="")
    revoked_reason = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        indexes = [models.Index(fields=["person"]), models.Index(fields=["for_party"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=models.F("since")),
                name="grant_ends_after_start",
                violation_error_message="授权的结束时间要晚于开始时间。",
            ),
            models.CheckConstraint(
                condition=Q(place__isnull=False) | Q(for_party__isnull=False),
                name="grant_is_for_place_or_party",
                violation_error_message="授权要写明地区或所属单位。",
            ),
            models.CheckConstraint(
                condition=~Q(given_by=Cast("person", models.CharField())),
                name="grant_is_given_by_another",
                violation_error_message="不能给自己授权，请另一位管理员办。",
            ),
        ]


def everything(model: type[models.Model]) -> Any:
    """Give the plain manager of a model: for kernel code that runs inside `acting`, where the database holds the scope."""
    return model._base_manager
