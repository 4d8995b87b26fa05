"""Schools and the list of who cannot come back."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import qifu.kernel.values.ids
from qifu.kernel.schema import Protect


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("registry", "0004_search_by_name_key"),
    ]

    operations = [
        migrations.CreateModel(
            name="School",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("state", models.CharField(max_length=32)),
                ("state_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("been", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=32), default=list, size=None)),
                ("facets", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ("name", models.CharField(max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("kindergarten", "幼儿园"),
                            ("primary", "小学"),
                            ("junior", "初中"),
                            ("nine_year", "九年一贯制学校"),
                            ("senior", "高中"),
                            ("vocational", "职业学校"),
                            ("special", "特殊教育学校"),
                        ],
                        max_length=16,
                    ),
                ),
                ("pupils", models.IntegerField()),
                ("staff", models.IntegerField()),
                ("office", models.CharField(blank=True, max_length=80)),
                ("two_levels", models.BooleanField(default=False)),
                ("checks", models.JSONField(default=dict)),
                ("planned_at", models.DateTimeField(blank=True, null=True)),
                ("reporter", models.CharField(blank=True, max_length=64)),
                ("consenter", models.CharField(blank=True, max_length=64)),
                ("studier", models.CharField(blank=True, max_length=64)),
                ("replier", models.CharField(blank=True, max_length=64)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("reported_at", models.DateTimeField(blank=True, null=True)),
                ("consented_at", models.DateTimeField(blank=True, null=True)),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                (
                    "site",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.site"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["region", "state"], name="school_list")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("district", "name"),
                        name="one_school_of_a_name",
                        violation_error_message="这个区已经有同名的学校，没有再登记。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("consenter", ""), models.Q(("consenter", models.F("reporter")), _negated=True), _connector="OR"
                        ),
                        name="reporter_does_not_consent",
                        violation_error_message="报告的人不能又来同意，没有改动。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("replier", ""), models.Q(("replier", models.F("studier")), _negated=True), _connector="OR"),
                        name="studier_does_not_reply",
                        violation_error_message="研判的人不能又来批复，没有改动。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("pupils__gte", 0), ("staff__gte", 0)),
                        name="school_numbers_not_negative",
                        violation_error_message="人数不能是负数。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("role", models.CharField(choices=[("pupil", "学生"), ("staff", "教职工")], default="pupil", max_length=8)),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("in_zone", "住在管理区域内"),
                            ("in_isolation", "在隔离期"),
                            ("monitoring", "在健康监测期"),
                            ("risk_stay", "到过中高风险地区"),
                        ],
                        max_length=16,
                    ),
                ),
                ("listed_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                ("back_at", models.DateTimeField(blank=True, null=True)),
                ("school", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="absences", to="schools.school")),
            ],
            options={
                "ordering": ["-listed_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("back_at__isnull", True)),
                        fields=("school", "name", "role"),
                        name="once_on_the_absent_list",
                        violation_error_message="名单上已经有这个人，没有再加。",
                    )
                ],
            },
        ),
        Protect("School"),
        Protect("Absence"),
    ]
