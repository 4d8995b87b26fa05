"""Cases, who helps with them, what is said on them, and the series of their numbers."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import qifu.kernel.privacy.fields
import qifu.kernel.values.ids
from qifu.kernel.schema import AppendOnly, Offer, Protect


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("registry", "0006_projects"),
    ]

    operations = [
        migrations.CreateModel(
            name="Case",
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
                ("number", models.CharField(max_length=24, unique=True)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("visit", "走访"),
                            ("hotline", "热线"),
                            ("web", "网上"),
                            ("phone_page", "手机"),
                            ("message", "群消息"),
                            ("sheet", "表格"),
                            ("loop:12345", "12345转来"),
                            ("loop:8718", "8718转来"),
                            ("loop:96871", "96871转来"),
                            ("loop:141", "县级社会治理中心转来"),
                            ("instruction", "批示"),
                            ("counter", "窗口"),
                        ],
                        max_length=16,
                    ),
                ),
                ("kind", models.CharField(blank=True, max_length=24)),
                ("kind_why", models.CharField(blank=True, max_length=120)),
                ("complexity", models.CharField(blank=True, choices=[("simple", "一问能答"), ("complex", "要交办")], max_length=8)),
                ("rung", models.CharField(default="local", max_length=12)),
                ("intake_office", models.CharField(blank=True, max_length=80)),
                ("office", models.CharField(blank=True, max_length=80)),
                ("office_name", models.CharField(blank=True, max_length=80)),
                ("handler", models.CharField(blank=True, max_length=64)),
                ("handler_name", models.CharField(blank=True, max_length=80)),
                ("title", models.CharField(max_length=60)),
                ("text", models.TextField(max_length=20000)),
                ("grams", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), default=list, size=None)),
                ("firm", models.CharField(blank=True, max_length=120)),
                ("asker", qifu.kernel.privacy.fields.SealedTextField(blank=True, klass="P2")),
                ("phone", qifu.kernel.privacy.fields.SealedTextField(blank=True, blind="phone", klass="P2")),
                ("phone_blind", qifu.kernel.privacy.fields.BlindIndex(db_index=False, of="phone")),
                (
                    "answer_channel",
                    models.CharField(
                        choices=[
                            ("call", "打电话告诉"),
                            ("message", "发短信"),
                            ("page", "在手机页面看"),
                            ("letter", "书面答复"),
                            ("loop", "回到转来的平台"),
                        ],
                        max_length=12,
                    ),
                ),
                ("answer", models.TextField(blank=True, max_length=20000)),
                ("answer_source", models.CharField(blank=True, max_length=200)),
                ("ended", models.CharField(blank=True, max_length=12)),
                ("score", models.SmallIntegerField(blank=True, null=True)),
                ("source", models.CharField(blank=True, max_length=24)),
                ("source_number", models.CharField(blank=True, max_length=60)),
                ("origin_kind", models.CharField(blank=True, max_length=40)),
                ("origin", models.UUIDField(blank=True, null=True)),
                ("respond_days", models.SmallIntegerField(default=1)),
                ("resolve_days", models.SmallIntegerField(default=5)),
                ("until", models.TimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("more_days", models.SmallIntegerField(default=0)),
                ("more_by", models.CharField(blank=True, max_length=64)),
                ("more_why", models.CharField(blank=True, max_length=300)),
                ("recorder", models.CharField(blank=True, max_length=64)),
                ("contester", models.CharField(blank=True, max_length=64)),
                ("caller", models.CharField(blank=True, max_length=64)),
                ("reopenings", models.SmallIntegerField(default=0)),
                ("recorded_at", models.DateTimeField(blank=True, null=True)),
                ("assigned_at", models.DateTimeField(blank=True, null=True)),
                ("taken_at", models.DateTimeField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "standing",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Case(
                            models.When(state__in=("merged",), then=models.Value("merged")),
                            models.When(state__in=("answered", "resolved", "confirmed", "closed_out"), then=models.Value("solved")),
                            models.When(
                                state__in=(
                                    "recorded",
                                    "classified",
                                    "assigned",
                                    "contested",
                                    "handling",
                                    "waiting",
                                    "escalated",
                                    "coordinating",
                                    "reopened",
                                ),
                                then=models.Value("open"),
                            ),
                        ),
                        output_field=models.CharField(max_length=8),
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.enterprise",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="casework.case",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["region", "state", "due_at", "id"], include=("office", "party", "compartment"), name="case_worklist"
                    ),
                    models.Index(fields=["state", "due_at", "id"], include=("region", "office", "party", "compartment"), name="case_due"),
                    models.Index(fields=["office", "state", "due_at"], name="case_office"),
                    models.Index(fields=["enterprise", "recorded_at"], name="case_enterprise"),
                    models.Index(fields=["region", "recorded_at"], name="case_recorded"),
                    models.Index(condition=models.Q(("phone_blind", None), _negated=True), fields=["phone_blind"], name="case_phone"),
                    django.contrib.postgres.indexes.GinIndex(fields=["grams"], name="case_grams"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "recorded",
                                    "classified",
                                    "answered",
                                    "assigned",
                                    "contested",
                                    "handling",
                                    "waiting",
                                    "escalated",
                                    "coordinating",
                                    "resolved",
                                    "confirmed",
                                    "closed_out",
                                    "reopened",
                                    "merged",
                                ],
                            )
                        ),
                        name="case_stands_somewhere",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("state", "merged"), _negated=True), ("merged_into__isnull", False), _connector="OR"),
                        name="merged_into_another",
                        violation_error_message="并案要写明并到哪一件，没有改动。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("caller", ""), models.Q(("caller", models.F("handler")), _negated=True), _connector="OR"),
                        name="handler_does_not_call_back",
                        violation_error_message="办理的人不能自己回访，没有改动。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rung__in", ("local", "group", "task_force", "other_city", "province"))), name="case_on_a_rung"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("score__isnull", True), models.Q(("score__gte", 1), ("score__lte", 5)), _connector="OR"),
                        name="case_score_of_five",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_number", ""), _negated=True),
                        fields=("source", "source_number"),
                        name="one_case_of_a_source_number",
                        violation_error_message="这个单号已经收过了，没有再收一件。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("origin__isnull", False)),
                        fields=("origin_kind", "origin"),
                        name="one_case_of_an_origin",
                        violation_error_message="这一条已经转成诉求了，没有再转一件。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Help",
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
                ("office", models.CharField(max_length=80)),
                ("office_name", models.CharField(max_length=80)),
                ("ask", models.CharField(max_length=500)),
                ("reply", models.CharField(blank=True, max_length=1000)),
                ("days", models.SmallIntegerField(default=3)),
                ("asked_by", models.CharField(max_length=64)),
                ("helper_name", models.CharField(blank=True, max_length=80)),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                ("given_at", models.DateTimeField(blank=True, null=True)),
                ("case", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="helps", to="casework.case")),
            ],
            options={
                "indexes": [models.Index(fields=["case"], name="help_case"), models.Index(fields=["office", "state"], name="help_office")],
            },
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=12)),
                ("text", models.CharField(max_length=1000)),
                ("to_office", models.CharField(blank=True, max_length=80)),
                ("by", models.CharField(max_length=64)),
                ("by_name", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("case", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="remarks", to="casework.case")),
            ],
            options={
                "ordering": ["at", "id"],
                "indexes": [models.Index(fields=["case", "at"], name="remark_case")],
            },
        ),
        migrations.CreateModel(
            name="Series",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.IntegerField()),
                ("year", models.SmallIntegerField()),
                ("last", models.IntegerField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("place", "year"), name="one_series_a_year")],
            },
        ),
        Protect("Case"),
        Protect("Help"),
        AppendOnly("Remark"),
        Offer("Series", write=True),
    ]
