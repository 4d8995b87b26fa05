"""Notices and who has confirmed them; rotas, duties, and the calendar links of persons."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import qifu.kernel.values.ids
from qifu.kernel.schema import DOOR, Protect


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Feed",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("person", models.UUIDField(primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Notice",
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
                ("series", models.UUIDField(default=qifu.kernel.values.ids.uuid7)),
                ("version", models.SmallIntegerField(default=1)),
                ("number", models.CharField(blank=True, max_length=60)),
                ("title", models.CharField(max_length=80)),
                ("text", models.TextField(max_length=8000)),
                ("office", models.CharField(max_length=80)),
                ("rule", models.JSONField(default=dict)),
                ("rule_words", models.CharField(blank=True, max_length=300)),
                ("confirm_by", models.DateTimeField(blank=True, null=True)),
                ("sms", models.BooleanField(default=False)),
                ("audience", models.IntegerField(default=0)),
                ("author", models.CharField(max_length=64)),
                ("author_name", models.CharField(max_length=80)),
                ("publisher", models.CharField(blank=True, max_length=64)),
                ("publisher_name", models.CharField(blank=True, max_length=80)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("written_at", models.DateTimeField(blank=True, null=True)),
                ("handed_in_at", models.DateTimeField(blank=True, null=True)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("series", "version"), name="one_version_of_a_notice"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["drafted", "review"])),
                        fields=("series",),
                        name="one_open_version_of_a_notice",
                        violation_error_message="这份通知的新版已经有人在写，没有再开一份。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("publisher", ""), models.Q(("publisher", models.F("author")), _negated=True), _connector="OR"),
                        name="notice_is_published_by_another",
                        violation_error_message="这份通知是您写的，要由另一位核发，没有发布。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Roster",
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
                ("title", models.CharField(max_length=60)),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("posts", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, size=None)),
                ("shifts", models.JSONField(default=list)),
                ("rest_hours", models.SmallIntegerField()),
                ("most_in_week", models.SmallIntegerField()),
                ("phone", models.CharField(blank=True, max_length=20)),
                ("planner", models.CharField(max_length=64)),
                ("planner_name", models.CharField(max_length=80)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_day__gte", models.F("first_day"))),
                        name="rota_ends_after_start",
                        violation_error_message="结束日期要不早于开始日期。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("person", models.UUIDField()),
                ("name", models.CharField(max_length=60)),
                ("office", models.CharField(blank=True, max_length=120)),
                ("role", models.CharField(max_length=48)),
                ("place", models.IntegerField()),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "notice",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="receipts", to="mobilisation.notice"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person", "confirmed_at"], name="receipt_person")],
                "constraints": [models.UniqueConstraint(fields=("notice", "person"), name="one_receipt_of_a_person")],
            },
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("person", models.UUIDField()),
                ("name", models.CharField(max_length=60)),
                ("office", models.CharField(blank=True, max_length=80)),
                ("posts", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, size=None)),
                ("off", django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), default=list, size=None)),
                (
                    "roster",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="members", to="mobilisation.roster"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("roster", "person"), name="one_member_of_a_rota")],
            },
        ),
        migrations.CreateModel(
            name="Turn",
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
                ("day", models.DateField()),
                ("shift", models.CharField(max_length=12)),
                ("shift_name", models.CharField(max_length=20)),
                ("post", models.CharField(max_length=20)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("points", models.SmallIntegerField()),
                ("person", models.UUIDField(blank=True, null=True)),
                ("name", models.CharField(blank=True, max_length=60)),
                ("office", models.CharField(blank=True, max_length=80)),
                ("why", models.CharField(blank=True, max_length=300)),
                ("swap_person", models.UUIDField(blank=True, null=True)),
                ("swap_name", models.CharField(blank=True, max_length=60)),
                ("swap_why", models.CharField(blank=True, max_length=120)),
                ("note", models.TextField(blank=True, max_length=2000)),
                ("next_name", models.CharField(blank=True, max_length=60)),
                ("taken_at", models.DateTimeField(blank=True, null=True)),
                ("handed_over_at", models.DateTimeField(blank=True, null=True)),
                ("roster", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="turns", to="mobilisation.roster")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["region", "starts_at"], name="turn_region"),
                    models.Index(fields=["person", "starts_at"], name="turn_person"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("roster", "day", "shift", "post"), name="one_duty_of_a_post"),
                    models.UniqueConstraint(
                        condition=models.Q(models.Q(("state", "dropped"), _negated=True), ("person__isnull", False)),
                        fields=("person", "starts_at"),
                        name="one_duty_at_a_time",
                        violation_error_message="这个人这个时间已经在值别的班，没有改动。",
                    ),
                ],
            },
        ),
        Protect("Notice", read=True),
        Protect("Receipt"),
        Protect("Roster", read=True),
        Protect("Member", delete=True),
        Protect("Turn", read=True),
        Protect("Feed", also=DOOR),
    ]
