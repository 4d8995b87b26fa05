"""Volunteers: calls, posts with their codes, who has joined, and each stay."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import qifu.kernel.privacy.fields
import qifu.kernel.values.ids
from qifu.kernel.schema import Protect


class Migration(migrations.Migration):
    dependencies = [
        ("mobilisation", "0001_notices_and_rotas"),
    ]

    operations = [
        migrations.CreateModel(
            name="Call",
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
                ("text", models.CharField(max_length=1000)),
                ("office", models.CharField(max_length=80)),
                ("assembly", models.CharField(blank=True, max_length=120)),
                ("phone", models.CharField(max_length=20)),
                ("need", models.IntegerField()),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("code", models.CharField(max_length=8, unique=True)),
                ("organiser", models.CharField(max_length=64)),
                ("organiser_name", models.CharField(max_length=80)),
                ("called_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_day__gte", models.F("first_day"))),
                        name="call_ends_after_start",
                        violation_error_message="结束日期要不早于开始日期。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=40)),
                ("where", models.CharField(blank=True, max_length=120)),
                ("code", models.CharField(max_length=8, unique=True)),
                ("made_at", models.DateTimeField()),
                ("call", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="posts", to="mobilisation.call")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("call", "name"), name="one_post_of_a_name", violation_error_message="已经有这个岗点，没有再加。"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Volunteer",
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
                ("name", models.CharField(max_length=60)),
                ("phone", qifu.kernel.privacy.fields.SealedTextField(blind="phone", klass="P2")),
                ("phone_blind", qifu.kernel.privacy.fields.BlindIndex(db_index=False, of="phone")),
                ("born_in", models.DateField()),
                ("office", models.CharField(blank=True, max_length=80)),
                ("skills", models.CharField(blank=True, max_length=120)),
                ("digest", models.CharField(max_length=64)),
                ("sender", models.CharField(max_length=64)),
                ("joined_at", models.DateTimeField(blank=True, null=True)),
                ("trained_at", models.DateTimeField(blank=True, null=True)),
                ("posted_at", models.DateTimeField(blank=True, null=True)),
                ("call", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="volunteers", to="mobilisation.call")),
                (
                    "post",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="volunteers",
                        to="mobilisation.post",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("call", "phone_blind"),
                        name="one_volunteer_of_a_number",
                        violation_error_message="这个手机号已经报过名了，没有再报一份。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Stay",
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
                ("came_at", models.DateTimeField(blank=True, null=True)),
                ("went_at", models.DateTimeField(blank=True, null=True)),
                ("minutes", models.IntegerField(default=0)),
                ("mended_by", models.CharField(blank=True, max_length=80)),
                ("reason", models.CharField(blank=True, max_length=120)),
                ("credited_at", models.DateTimeField(blank=True, null=True)),
                ("post", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="stays", to="mobilisation.post")),
                (
                    "volunteer",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="stays", to="mobilisation.volunteer"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "in")),
                        fields=("volunteer",),
                        name="one_stay_at_a_time",
                        violation_error_message="已经签到了，没有重复记。",
                    ),
                    models.CheckConstraint(condition=models.Q(("minutes__gte", 0)), name="stay_has_minutes"),
                ],
            },
        ),
        Protect("Call", read=True),
        Protect("Post", read=True),
        Protect("Volunteer"),
        Protect("Stay"),
    ]
