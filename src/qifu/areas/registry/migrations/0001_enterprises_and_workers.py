"""Enterprises, sites, contacts, key lists, workers and surveys, under row security."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import qifu.kernel.privacy.fields
import qifu.kernel.values.ids
from qifu.kernel.schema import Offer, Protect

# One person is one person for all her firms, also where the asker cannot see her: only the id comes out.
PERSON_OF_PHONE = """
CREATE FUNCTION registry_person_of_phone(indexes text[], names text[])
RETURNS TABLE (phone_index text, id uuid, same boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT DISTINCT ON (p.phone_index) p.phone_index::text, p.id, p.name = asked.name
  FROM unnest(indexes, names) AS asked(phone_index, name)
  JOIN access_person p ON p.phone_index = asked.phone_index
  WHERE asked.phone_index <> ''
  ORDER BY p.phone_index, p.name = asked.name DESC, p.id
$$;
REVOKE ALL ON FUNCTION registry_person_of_phone(text[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry_person_of_phone(text[], text[]) TO qifu_app, qifu_worker;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Enterprise",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                ("name_key", models.CharField(max_length=120)),
                ("pinyin", models.CharField(blank=True, max_length=400)),
                ("bigrams", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), default=list, size=None)),
                ("uscc", models.CharField(blank=True, max_length=18, null=True)),
                ("uscc_written", models.CharField(blank=True, max_length=60)),
                ("provisional", models.BooleanField(default=False)),
                ("why", models.CharField(blank=True, max_length=200)),
                (
                    "size",
                    models.CharField(
                        choices=[("above", "规上"), ("limit_above", "限上"), ("small", "规下")], default="small", max_length=12
                    ),
                ),
                (
                    "size_source",
                    models.CharField(
                        choices=[("statistics", "统计名录"), ("derived", "按营业收入推定"), ("override", "人工认定")],
                        default="statistics",
                        max_length=12,
                    ),
                ),
                ("size_reason", models.CharField(blank=True, max_length=200)),
                ("over_100m", models.BooleanField(default=False)),
                ("industry", models.CharField(blank=True, max_length=5)),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "一般"),
                            ("utility", "公共事业运行"),
                            ("control_supply", "防控必需物资"),
                            ("living", "群众生活必需"),
                            ("key_trade", "重点外贸"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                ("individual", models.BooleanField(default=False)),
                ("staff", models.IntegerField(default=0)),
                ("address", models.CharField(blank=True, max_length=200)),
                ("legal_person", models.CharField(blank=True, max_length=60)),
                ("founded", models.DateField(blank=True, null=True)),
                ("registered_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="merged", to="registry.enterprise"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["region", "pinyin"], name="registry_ent_region_pinyin"),
                    models.Index(fields=["party"], name="registry_ent_party"),
                    models.Index(condition=models.Q(("provisional", True)), fields=["region"], name="registry_ent_provisional"),
                    django.contrib.postgres.indexes.GinIndex(fields=["bigrams"], name="registry_ent_bigrams"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("uscc__isnull", False)),
                        fields=("uscc",),
                        name="registry_enterprise_uscc",
                        violation_error_message="这个统一社会信用代码已经登记过了，没有再登记一次。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True), ("uscc__isnull", True)),
                        fields=("region", "name"),
                        name="registry_enterprise_name_without_code",
                        violation_error_message="同一个镇街里已有一家同名的待核企业，没有再登记一次。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("provisional", True), ("uscc__isnull", False), _connector="OR"),
                        name="registry_enterprise_settled_has_code",
                        violation_error_message="没有信用代码的企业只能先进待核。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("size_source", "override"), _negated=True),
                            models.Q(("size_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="registry_enterprise_override_has_reason",
                        violation_error_message="人工认定规模要写明理由。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("staff__gte", 0)), name="registry_enterprise_staff", violation_error_message="人数不能是负数。"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactPost",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("phone_masked", models.CharField(blank=True, max_length=20)),
                ("main", models.BooleanField(default=False)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
                ("grant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.grant")),
                (
                    "handed_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="took_over",
                        to="registry.contactpost",
                    ),
                ),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.person")),
                (
                    "enterprise",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="posts", to="registry.enterprise"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["region"], name="registry_contact_region"),
                    models.Index(fields=["person"], name="registry_contact_person"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)),
                        fields=("enterprise", "person"),
                        name="registry_contact_once",
                        violation_error_message="这个人已经是这家企业的联系人，没有再加一次。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"),
                        name="registry_contact_ends_after_start",
                        violation_error_message="联系人的结束时间早于开始时间。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KeyList",
            fields=[
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80, unique=True)),
                (
                    "level",
                    models.CharField(
                        choices=[("state", "国家级"), ("province", "省级"), ("city", "市级"), ("district", "区级")], max_length=8
                    ),
                ),
                ("issuer", models.CharField(blank=True, max_length=80)),
                ("document", models.CharField(blank=True, max_length=80)),
                ("opens", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), default=list, size=None)),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"),
                        name="registry_key_list_ends_after_start",
                        violation_error_message="名单的结束日期早于开始日期。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="KeyListEntry",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=200)),
                (
                    "enterprise",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="key_entries", to="registry.enterprise"),
                ),
                ("key_list", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="registry.keylist")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["region"], name="registry_key_region"),
                    models.Index(fields=["enterprise"], name="registry_key_enterprise"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)),
                        fields=("key_list", "enterprise"),
                        name="registry_key_list_once",
                        violation_error_message="这家企业已经在这份名单上，没有再列一次。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"),
                        name="registry_key_entry_ends_after_start",
                        violation_error_message="移出的日期早于列入的日期。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("production", "生产场所"),
                            ("office", "办公场所"),
                            ("warehouse", "仓库"),
                            ("canteen", "食堂"),
                            ("dormitory", "宿舍"),
                            ("gate", "出入口"),
                        ],
                        default="production",
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("address", models.CharField(blank=True, max_length=200)),
                ("lat", models.FloatField(blank=True, null=True)),
                ("lon", models.FloatField(blank=True, null=True)),
                ("gcj02", models.BooleanField(default=True)),
                ("capacity", models.IntegerField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "enterprise",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="sites", to="registry.enterprise"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["region"], name="registry_site_region"),
                    models.Index(fields=["party"], name="registry_site_party"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("enterprise", "kind", "name"),
                        name="registry_site_once",
                        violation_error_message="这家企业已有一个同名的同类场所，没有再加一个。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lat__isnull", True), ("lon__isnull", True)),
                            models.Q(("lat__gte", 3), ("lat__lte", 54), ("lon__gte", 73), ("lon__lte", 136)),
                            _connector="OR",
                        ),
                        name="registry_site_in_china",
                        violation_error_message="坐标不在国内，可能经纬度写反了。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Worker",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("name", qifu.kernel.privacy.fields.SealedTextField(blind="name", klass="P2")),
                ("name_blind", qifu.kernel.privacy.fields.BlindIndex(db_index=False, of="name")),
                ("phone", qifu.kernel.privacy.fields.SealedTextField(blank=True, blind="phone", default="", klass="P2")),
                ("phone_blind", qifu.kernel.privacy.fields.BlindIndex(db_index=False, of="phone")),
                ("id_number", qifu.kernel.privacy.fields.SealedTextField(blank=True, blind="identity", default="", klass="P3")),
                ("id_number_blind", qifu.kernel.privacy.fields.BlindIndex(db_index=False, of="id_number")),
                ("origin_province", models.CharField(blank=True, max_length=2)),
                ("origin_city", models.CharField(blank=True, max_length=40)),
                ("relation", models.CharField(blank=True, max_length=20)),
                ("listed_at", models.DateTimeField()),
                ("left_on", models.DateField(blank=True, null=True)),
                ("went_home_on", models.DateField(blank=True, null=True)),
                ("plans_return_on", models.DateField(blank=True, null=True)),
                ("dissuaded_on", models.DateField(blank=True, null=True)),
                ("returned_on", models.DateField(blank=True, null=True)),
                ("observed", models.CharField(blank=True, max_length=8)),
                ("observed_on", models.DateField(blank=True, null=True)),
                (
                    "enterprise",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="workers", to="registry.enterprise"),
                ),
                (
                    "relative_of",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="relatives", to="registry.worker"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["region", "origin_province"], name="registry_worker_region"),
                    models.Index(fields=["party"], name="registry_worker_party"),
                    models.Index(fields=["enterprise"], name="registry_worker_enterprise"),
                    models.Index(fields=["phone_blind"], name="registry_worker_phone"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("id_number_blind", ""), _negated=True),
                        fields=("enterprise", "id_number_blind"),
                        name="registry_worker_identity_once",
                        violation_error_message="名单里已有同一个身份证号码的员工，没有再加一次。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("phone_blind", ""), _negated=True),
                        fields=("enterprise", "name_blind", "phone_blind"),
                        name="registry_worker_phone_once",
                        violation_error_message="名单里已有同名同号码的员工，没有再加一次。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkerSurvey",
            fields=[
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=80)),
                ("place", models.IntegerField()),
                ("district", models.IntegerField()),
                ("origin_province", models.CharField(max_length=2)),
                ("since", models.DateField()),
                ("purpose", models.CharField(max_length=200)),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["district", "-opened_at"], name="registry_survey_district")],
            },
        ),
        migrations.RunSQL(PERSON_OF_PHONE, "DROP FUNCTION registry_person_of_phone(text[], text[])"),
        Protect("Enterprise"),
        Protect("Site"),
        Protect("ContactPost"),
        Offer("KeyList", write=True),
        Protect("KeyListEntry"),
        Protect("Worker"),
        Offer("WorkerSurvey", write=True),
    ]
