"""Applications, checklist items, permits, drafts, daily numbers."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import qifu.kernel.values.ids
from qifu.kernel.schema import Offer, Protect


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_initial"),
        ("registry", "0001_enterprises_and_workers"),
        ("response", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Application",
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
                ("regime", models.CharField(choices=[("approval", "审批"), ("filing", "备案加承诺"), ("none", "取消审批")], max_length=12)),
                ("regime_version", models.UUIDField(blank=True, null=True)),
                ("route", models.CharField(choices=[("town", "镇街决定"), ("district", "区里决定")], max_length=12)),
                ("office", models.CharField(blank=True, max_length=80)),
                ("priority", models.SmallIntegerField(default=3)),
                ("early", models.BooleanField(default=False)),
                ("accept_days", models.SmallIntegerField(default=0)),
                ("assess_days", models.SmallIntegerField(default=0)),
                ("planned_at", models.DateTimeField()),
                ("head_count", models.IntegerField()),
                ("answers", models.JSONField(default=dict)),
                ("triage", models.JSONField(default=list)),
                ("submitter", models.CharField(blank=True, max_length=64)),
                ("acceptor", models.CharField(blank=True, max_length=64)),
                ("assessor", models.CharField(blank=True, max_length=64)),
                ("decider", models.CharField(blank=True, max_length=64)),
                ("remarks", models.CharField(blank=True, max_length=500)),
                ("conditions", models.CharField(blank=True, max_length=500)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("assessed_at", models.DateTimeField(blank=True, null=True)),
                ("passed_at", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("may_start_from", models.DateTimeField(blank=True, null=True)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("enterprise", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.enterprise")),
                ("incident", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="response.incident")),
                (
                    "team",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.taskforce"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["region", "state", "due_at", "id"], include=["route", "party", "compartment"], name="application_worklist"
                    ),
                    models.Index(
                        fields=["state", "due_at", "id"], include=["region", "route", "party", "compartment"], name="application_due"
                    ),
                    models.Index(
                        fields=["region", "state", "due_at", "id"],
                        include=["route", "party", "compartment"],
                        condition=models.Q(facets__contains=["over_100m"]),
                        name="application_over_100m",
                    ),
                    models.Index(
                        fields=["region", "state", "due_at", "id"],
                        include=["route", "party", "compartment"],
                        condition=models.Q(facets__contains=["essential"]),
                        name="application_essential",
                    ),
                    models.Index(fields=["enterprise"], name="application_enterprise"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("withdrawn", "refused", "")), _negated=True),
                        fields=("enterprise", "incident"),
                        name="one_open_application",
                        violation_error_message="这家企业已经有一份在办的申请，没有再收一份。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decider", ""), models.Q(("decider", models.F("assessor")), _negated=True), _connector="OR"),
                        name="assessor_does_not_decide",
                        violation_error_message="评估的人不能又来决定，没有改动。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("head_count__gte", 0)),
                        name="head_count_not_negative",
                        violation_error_message="人数不能是负数。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DayCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("district", models.IntegerField()),
                ("day", models.DateField()),
                ("last", models.IntegerField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("district", "day"), name="one_count_a_day")],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("answers", models.JSONField(default=dict)),
                ("done", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), default=list, size=None)),
                ("version", models.IntegerField(default=1)),
                ("saved_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("enterprise", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.enterprise")),
                ("incident", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="response.incident")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("sent_at__isnull", True)), fields=("enterprise", "incident"), name="one_draft"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("order", models.SmallIntegerField()),
                ("code", models.CharField(max_length=40)),
                ("group", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=60)),
                ("ask", models.CharField(max_length=200)),
                ("department", models.CharField(max_length=40)),
                ("department_name", models.CharField(max_length=60)),
                ("required", models.BooleanField(default=True)),
                (
                    "result",
                    models.CharField(
                        blank=True, choices=[("", "未看"), ("ok", "合格"), ("fix", "待改"), ("waived", "免")], default="", max_length=8
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
                ("checked_by", models.CharField(blank=True, max_length=64)),
                ("checked_by_name", models.CharField(blank=True, max_length=80)),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "application",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="items", to="resumption.application"),
                ),
            ],
            options={
                "ordering": ["order"],
                "constraints": [models.UniqueConstraint(fields=("application", "code"), name="one_item_of_a_code")],
            },
        ),
        migrations.CreateModel(
            name="Permit",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("may_start_from", models.DateTimeField()),
                ("granted_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("why_ended", models.CharField(blank=True, max_length=120)),
                (
                    "application",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="permits", to="resumption.application"),
                ),
                ("site", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.site")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("ended_at__isnull", True)), fields=("site",), name="one_permit_of_a_site")
                ],
            },
        ),
        Protect("Application"),
        Protect("Item"),
        Protect("Permit"),
        Protect("Draft"),
        Offer("DayCount", write=True),
    ]
