"""The register's tables. An enterprise is its own party: whatever is its own carries its id."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from qifu.kernel.access.models import Grant, Person, Scoped
from qifu.kernel.privacy import P0, P1, P2, P3
from qifu.kernel.privacy.fields import BlindIndex, SealedTextField
from qifu.kernel.values import mask_id, mask_phone, uuid7

from .terms import CATEGORIES, LEVELS, PROJECT, SITE_KINDS, SIZE_SOURCES, SIZES


def mask_name(name: str) -> str:
    """Show the surname only: 傅**."""
    return name[:1] + "*" * max(len(name) - 1, 1)


class Enterprise(Scoped):
    """An enterprise or individual business (企业、个体工商户), keyed by its unified social credit code.

    `provisional` says that the code is blank or wrong (`why`); decisions and money wait until it is settled.
    `name_key` is the name without place and legal form, by which two spellings of one firm are matched."""

    PRIVACY = {"legal_person": P1, "address": P1}

    id = models.UUIDField(primary_key=True, default=uuid7)
    name = models.CharField(max_length=120)
    name_key = models.CharField(max_length=120)
    pinyin = models.CharField(max_length=400, blank=True)
    """Sorts by what people look under: the readings of `name_key`."""
    uscc = models.CharField(max_length=18, null=True, blank=True)
    uscc_written = models.CharField(max_length=60, blank=True)
    """What the list said where it was no credit code."""
    provisional = models.BooleanField(default=False)
    why = models.CharField(max_length=200, blank=True)
    size = models.CharField(max_length=12, choices=list(SIZES.items()), default="small")
    size_source = models.CharField(max_length=12, choices=list(SIZE_SOURCES.items()), default="statistics")
    size_reason = models.CharField(max_length=200, blank=True)
    over_100m = models.BooleanField(default=False)
    industry = models.CharField(max_length=5, blank=True)
    """GB/T 4754 code with the section's letter: C3311."""
    category = models.CharField(max_length=16, choices=[("", "一般"), *CATEGORIES.items()], blank=True, default="")
    individual = models.BooleanField(default=False)
    staff = models.IntegerField(default=0)
    address = models.CharField(max_length=200, blank=True)
    legal_person = models.CharField(max_length=60, blank=True)
    founded = models.DateField(null=True, blank=True)
    registered_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged", db_index=False, db_constraint=False
    )
    """Held by `Refers`, as a site's enterprise is: both come by the hundred thousand."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["uscc"],
                condition=Q(uscc__isnull=False),
                name="registry_enterprise_uscc",
                violation_error_message="这个统一社会信用代码已经登记过了，没有再登记一次。",
            ),
            models.UniqueConstraint(
                fields=["region", "name"],
                condition=Q(uscc__isnull=True, closed_at__isnull=True),
                name="registry_enterprise_name_without_code",
                violation_error_message="同一个镇街里已有一家同名的待核企业，没有再登记一次。",
            ),
            models.CheckConstraint(
                condition=Q(provisional=True) | Q(uscc__isnull=False),
                name="registry_enterprise_settled_has_code",
                violation_error_message="没有信用代码的企业只能先进待核。",
            ),
            models.CheckConstraint(
                condition=~Q(size_source="override") | ~Q(size_reason=""),
                name="registry_enterprise_override_has_reason",
                violation_error_message="人工认定规模要写明理由。",
            ),
            models.CheckConstraint(
                condition=Q(staff__gte=0),
                name="registry_enterprise_staff",
                violation_error_message="人数不能是负数。",
            ),
        ]
        indexes = [
            models.Index(fields=["region", "pinyin"], name="registry_ent_region_pinyin"),
            models.Index(fields=["region"], condition=Q(provisional=True), name="registry_ent_provisional"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def facets(self) -> list[str]:
        """Small codes copied to each entry about this enterprise and to what it opens (an application)."""
        return facets_of(size=self.size, over_100m=self.over_100m, category=self.category, individual=self.individual)


def facets_of(*, size: str, over_100m: bool, category: str, individual: bool) -> list[str]:
    """Give the facets of an enterprise: size:above, over_100m, essential:living, individual.

    A major project has neither size nor need: it applies as an enterprise does and is counted apart (FEATURES 2.11)."""
    found = ["project"] if category == PROJECT else [f"size:{size}"]
    if over_100m:
        found.append("over_100m")
    if category and category != PROJECT:
        found += ["essential", f"essential:{category}"]
    if individual:
        found.append("individual")
    return sorted(found)


class Site(Scoped):
    """A site of an enterprise (场所): production, office, canteen, dormitory, gate, each in its own region.

    Permission to resume follows the site's zone, not the enterprise's address (FEATURES 1.2). `party` is the
    enterprise. Coordinates are GCJ-02, as Chinese maps give them, unless `gcj02` is off."""

    PRIVACY = {"address": P1}

    id = models.UUIDField(primary_key=True, default=uuid7)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="sites", db_index=False, db_constraint=False)
    kind = models.CharField(max_length=12, choices=list(SITE_KINDS.items()), default="production")
    name = models.CharField(max_length=80)
    address = models.CharField(max_length=200, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    gcj02 = models.BooleanField(default=True)
    capacity = models.IntegerField(null=True, blank=True)
    """Beds, seats or people at once, by kind."""
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "kind", "name"],
                condition=Q(closed_at__isnull=True),
                name="registry_site_once",
                violation_error_message="这家企业已有一个同名的同类场所，没有再加一个。",
            ),
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True) | Q(lat__gte=3, lat__lte=54, lon__gte=73, lon__lte=136),
                name="registry_site_in_china",
                violation_error_message="坐标不在国内，可能经纬度写反了。",
            ),
        ]
        indexes = [
            models.Index(fields=["region"], name="registry_site_region"),
        ]

    def __str__(self) -> str:
        return self.name


class ContactPost(Scoped):
    """A person's time as contact of an enterprise (联系人): who, from when, until when, handed to whom.

    The rights are the grant's; this is the history that both the town and the next contact see."""

    PRIVACY = {"name": P2}

    id = models.UUIDField(primary_key=True, default=uuid7)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="posts")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=60)
    phone_masked = models.CharField(max_length=20, blank=True)
    main = models.BooleanField(default=False)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    handed_to = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="took_over", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "person"],
                condition=Q(until__isnull=True),
                name="registry_contact_once",
                violation_error_message="这个人已经是这家企业的联系人，没有再加一次。",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="registry_contact_ends_after_start",
                violation_error_message="联系人的结束时间早于开始时间。",
            ),
        ]
        indexes = [
            models.Index(fields=["region"], name="registry_contact_region"),
            models.Index(fields=["person"], name="registry_contact_person"),
        ]


class KeyList(Scoped):
    """A list of key enterprises (重点保障企业名单), as a level of government published it, and what it opens.

    `region` is the place whose office keeps it: all below read it and enter their own enterprises."""

    PRIVACY_DEFAULT = P0

    id = models.UUIDField(primary_key=True, default=uuid7)
    name = models.CharField(max_length=80)
    level = models.CharField(max_length=8, choices=list(LEVELS.items()))
    issuer = models.CharField(max_length=80, blank=True)
    document = models.CharField(max_length=80, blank=True)
    """Number of the paper that published it."""
    opens = ArrayField(models.CharField(max_length=24), default=list)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="registry_key_list_ends_after_start",
                violation_error_message="名单的结束日期早于开始日期。",
            ),
            models.UniqueConstraint(
                fields=["region", "name"],
                name="registry_key_list_name_once",
                violation_error_message="这里已经有同名的名单，没有再建一份。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class KeyListEntry(Scoped):
    """An enterprise's place on a key list, from one day to another."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    key_list = models.ForeignKey(KeyList, on_delete=models.PROTECT, related_name="entries")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="key_entries", db_index=False)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    """First day on which it no longer holds."""
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key_list", "enterprise"],
                condition=Q(until__isnull=True),
                name="registry_key_list_once",
                violation_error_message="这家企业已经在这份名单上，没有再列一次。",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="registry_key_entry_ends_after_start",
                violation_error_message="移出的日期早于列入的日期。",
            ),
        ]
        indexes = [
            models.Index(fields=["region"], name="registry_key_region"),
            models.Index(fields=["enterprise"], name="registry_key_enterprise"),
        ]


class Worker(Scoped):
    """A worker on an enterprise's roster, or a worker's relative who came along (`relative_of`). `party` is the firm.

    The dates are the current state of the dated facts, which stand in the journal as process registry.worker; they
    are written in the same act. They say where a person was on a day, never how healthy anybody is."""

    PRIVACY = {
        "origin_province": P2,
        "origin_city": P2,
        "relation": P2,
        "went_home_on": P2,
        "plans_return_on": P2,
        "dissuaded_on": P2,
        "returned_on": P2,
    }

    id = models.UUIDField(primary_key=True, default=uuid7)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="workers", db_index=False)
    name = SealedTextField(klass=P2, mask=mask_name, blind="name")
    name_blind = BlindIndex("name", db_index=False)
    phone = SealedTextField(klass=P2, mask=mask_phone, blind="phone", blank=True, default="")
    phone_blind = BlindIndex("phone", db_index=False)
    id_number = SealedTextField(klass=P3, mask=mask_id, blind="identity", blank=True, default="")
    id_number_blind = BlindIndex("id_number", db_index=False)
    origin_province = models.CharField(max_length=2, blank=True)
    """Two digits of GB/T 2260. Never a fact of a rule (FEATURES 12.10)."""
    origin_city = models.CharField(max_length=40, blank=True)
    relative_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="relatives")
    relation = models.CharField(max_length=20, blank=True)
    listed_at = models.DateTimeField()
    left_on = models.DateField(null=True, blank=True)
    went_home_on = models.DateField(null=True, blank=True)
    plans_return_on = models.DateField(null=True, blank=True)
    dissuaded_on = models.DateField(null=True, blank=True)
    returned_on = models.DateField(null=True, blank=True)
    observed = models.CharField(max_length=8, blank=True)
    observed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "id_number_blind"],
                condition=~Q(id_number_blind=""),
                name="registry_worker_identity_once",
                violation_error_message="名单里已有同一个身份证号码的员工，没有再加一次。",
            ),
            models.UniqueConstraint(
                fields=["enterprise", "name_blind", "phone_blind"],
                condition=~Q(phone_blind=""),
                name="registry_worker_phone_once",
                violation_error_message="名单里已有同名同号码的员工，没有再加一次。",
            ),
        ]
        indexes = [
            models.Index(fields=["region", "origin_province"], name="registry_worker_region"),
            models.Index(fields=["party"], name="registry_worker_party"),
            models.Index(fields=["enterprise"], name="registry_worker_enterprise"),
            models.Index(fields=["phone_blind"], name="registry_worker_phone"),
        ]


class WorkerSurvey(Scoped):
    """A survey of workers by where they come from (来源地员工调查), opened for one district (`region`) and one purpose.

    Figures of workers' travel count by the newest survey of their district. `since` is the day from which returns
    count. What is asked serves this purpose only (FEATURES 12.10)."""

    PRIVACY_DEFAULT = P0

    id = models.UUIDField(primary_key=True, default=uuid7)
    title = models.CharField(max_length=80)
    origin_province = models.CharField(max_length=2)
    since = models.DateField()
    purpose = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["district", "-opened_at"], name="registry_survey_district")]
