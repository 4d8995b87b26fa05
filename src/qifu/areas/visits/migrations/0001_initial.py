"""Territories, plans of them, visits, daily logs, and what was said."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import qifu.kernel.values.ids
from qifu.kernel.schema import Protect


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0005_passkeys_and_outside_logins"),
        ("registry", "0006_projects"),
    ]

    operations = [
        migrations.CreateModel(
            name="Plan",
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
                ("place_name", models.CharField(max_length=80)),
                ("rows", models.JSONField(default=list)),
                ("firms", models.IntegerField(default=0)),
                ("loads", models.JSONField(default=list)),
                ("proposer", models.CharField(max_length=64)),
                ("proposer_name", models.CharField(max_length=80)),
                ("confirmer", models.CharField(blank=True, max_length=64)),
                ("confirmer_name", models.CharField(blank=True, max_length=80)),
                ("proposed_at", models.DateTimeField(blank=True, null=True)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("skipped", models.IntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmer", ""), models.Q(("confirmer", models.F("proposer")), _negated=True), _connector="OR"
                        ),
                        name="visits_plan_second_look",
                        violation_error_message="方案要由另一位同志确认，没有改动。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Territory",
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
                ("officer_name", models.CharField(max_length=60)),
                (
                    "part",
                    models.CharField(
                        choices=[("lead", "包联责任人"), ("help", "协助"), ("resident", "驻企")], default="lead", max_length=8
                    ),
                ),
                ("since", models.DateTimeField(blank=True, null=True)),
                ("until", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("by_name", models.CharField(blank=True, max_length=80)),
                (
                    "enterprise",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.enterprise"
                    ),
                ),
                (
                    "handed_to",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="took_over",
                        to="visits.territory",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.person"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("until__isnull", True)), fields=["person"], name="visits_territory_person"),
                    models.Index(fields=["enterprise", "since"], name="visits_territory_firm"),
                    models.Index(condition=models.Q(("until__isnull", True)), fields=["region"], name="visits_territory_region"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("part", "lead"), ("until__isnull", True)),
                        fields=("enterprise",),
                        name="visits_one_lead",
                        violation_error_message="这家企业刚刚有人包了，没有再分派。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)),
                        fields=("enterprise", "person", "part"),
                        name="visits_part_once",
                        violation_error_message="这位同志已经在这家了，没有再分派一次。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"),
                        name="visits_territory_ends_after_start",
                        violation_error_message="交出的时间早于接手的时间。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DayLog",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("officer", models.CharField(max_length=64)),
                ("officer_name", models.CharField(max_length=80)),
                ("day", models.DateField()),
                ("found", models.JSONField(default=dict)),
                ("notes", models.JSONField(default=dict)),
                ("words", models.CharField(blank=True, max_length=1000)),
                ("written_at", models.DateTimeField()),
                (
                    "enterprise",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.enterprise"
                    ),
                ),
                (
                    "territory",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="logs", to="visits.territory"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["region", "day"], name="visits_log_region")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("territory", "day"), name="visits_log_once", violation_error_message="这一天的日志刚刚存过了，刷新后再改。"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Visit",
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
                (
                    "kind",
                    models.CharField(
                        choices=[("routine", "走访"), ("unsealed", "解封后走访"), ("revisit", "再访"), ("asked", "企业约访")],
                        default="routine",
                        max_length=12,
                    ),
                ),
                ("officer", models.CharField(blank=True, max_length=64)),
                ("officer_name", models.CharField(blank=True, max_length=80)),
                ("number", models.IntegerField(blank=True, null=True)),
                ("planned_at", models.DateTimeField(blank=True, null=True)),
                ("visited_at", models.DateTimeField(blank=True, null=True)),
                ("minutes", models.IntegerField(blank=True, null=True)),
                ("met", models.CharField(blank=True, max_length=60)),
                ("words", models.CharField(blank=True, max_length=1000)),
                ("photos", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                ("ahead", models.IntegerField(default=0)),
                ("received_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=200)),
                (
                    "enterprise",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.enterprise"
                    ),
                ),
                (
                    "follows",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="visits.visit",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["enterprise", "visited_at"], name="visits_visit_firm"),
                    models.Index(fields=["officer", "visited_at"], name="visits_visit_officer"),
                    models.Index(fields=["region", "visited_at"], name="visits_visit_region"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("number__isnull", False)),
                        fields=("enterprise", "number"),
                        name="visits_visit_number",
                        violation_error_message="这次走访的序号刚刚被用了，请再交一次。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "planned")),
                        fields=("enterprise",),
                        name="visits_one_planned",
                        violation_error_message="这家已经有一次要去的走访，没有再排一次。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Opinion",
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
                ("number", models.IntegerField()),
                (
                    "need",
                    models.CharField(
                        choices=[
                            ("labour", "用工"),
                            ("material", "原料配件"),
                            ("transport", "运输通行"),
                            ("money", "资金"),
                            ("policy", "政策"),
                            ("supplies", "防护用品"),
                            ("power", "水电气"),
                            ("other", "其他"),
                        ],
                        default="other",
                        max_length=12,
                    ),
                ),
                ("words", models.CharField(max_length=1000)),
                ("answer", models.CharField(blank=True, max_length=500)),
                ("to_ask", models.BooleanField(default=False)),
                ("officer", models.CharField(max_length=64)),
                ("officer_name", models.CharField(max_length=80)),
                ("office", models.CharField(blank=True, max_length=80)),
                ("case", models.UUIDField(blank=True, null=True)),
                ("case_number", models.CharField(blank=True, max_length=24)),
                ("noted_at", models.DateTimeField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("passed_at", models.DateTimeField(blank=True, null=True)),
                ("solved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "enterprise",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.enterprise"
                    ),
                ),
                (
                    "log",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinions",
                        to="visits.daylog",
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="opinions", to="visits.visit"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["region", "state", "noted_at"], name="visits_opinion_region"),
                    models.Index(condition=models.Q(("case__isnull", False)), fields=["case"], name="visits_opinion_case"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("enterprise", "number"),
                        name="visits_opinion_number",
                        violation_error_message="这条意见的序号刚刚被用了，请再交一次。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "answered"), _negated=True), models.Q(("answer", ""), _negated=True), _connector="OR"
                        ),
                        name="visits_answered_says_how",
                        violation_error_message="答复了要写上怎么答的。",
                    ),
                ],
            },
        ),
        Protect("Territory"),
        Protect("Plan"),
        Protect("Visit"),
        Protect("DayLog"),
        Protect("Opinion"),
    ]
