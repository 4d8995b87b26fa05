"""Accounts, people, roles, grants and task forces."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import qifu.kernel.values.ids
from qifu.kernel.schema import DOOR, AtDoor, Offer, Protect


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Department",
            fields=[
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("place", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="LoginCode",
            fields=[
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("login", models.CharField(db_index=True, max_length=64)),
                ("code_hash", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("tries", models.SmallIntegerField(default=0)),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("sender", models.CharField(blank=True, db_index=True, max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="Throttle",
            fields=[
                ("key", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("failures", models.IntegerField(default=0)),
                ("failed_at", models.DateTimeField(blank=True, null=True)),
                ("locked_until", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Role",
            fields=[
                ("code", models.CharField(max_length=48, primary_key=True, serialize=False)),
                ("label", models.CharField(max_length=60)),
                (
                    "rights",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None),
                ),
                (
                    "compartments",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=24), blank=True, default=list, size=None
                    ),
                ),
                ("second_factor", models.BooleanField(default=False)),
                ("face", models.CharField(default="desk", max_length=12)),
                ("says", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("title", models.CharField(blank=True, max_length=60)),
                ("phone_sealed", models.TextField(blank=True)),
                ("phone_index", models.CharField(blank=True, max_length=64)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("factor_reset_at", models.DateTimeField(blank=True, null=True)),
                ("door_note", models.CharField(blank=True, db_default="", default="", max_length=200)),
            ],
            options={
                "indexes": [models.Index(fields=["phone_index"], name="access_pers_phone_i_172a63_idx")],
            },
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("login", models.CharField(max_length=64, unique=True)),
                ("password", models.CharField(blank=True, max_length=256)),
                ("totp_sealed", models.TextField(blank=True)),
                ("totp_at", models.DateTimeField(blank=True, null=True)),
                ("totp_last", models.BigIntegerField(default=0)),
                ("demo", models.CharField(blank=True, max_length=40)),
                ("created_at", models.DateTimeField()),
                (
                    "person",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="account", to="access.person"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                ("token_hash", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, unique=True)),
                ("how", models.CharField(blank=True, max_length=12)),
                ("device", models.CharField(blank=True, max_length=80)),
                ("created_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("strong_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TaskForce",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("kind", models.CharField(max_length=24)),
                ("place", models.IntegerField()),
                ("purpose", models.CharField(blank=True, max_length=120)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="access.taskforce",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__isnull", True), ("until__gt", models.F("since")), _connector="OR"),
                        name="task_force_ends_after_start",
                        violation_error_message="专班的结束时间要晚于开始时间。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("place", models.IntegerField(blank=True, null=True)),
                ("for_party", models.UUIDField(blank=True, null=True)),
                ("purpose", models.CharField(blank=True, max_length=120)),
                ("lead", models.BooleanField(default=False)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("given_by", models.CharField(blank=True, max_length=64)),
                ("reason", models.CharField(blank=True, db_default="", default="", max_length=200)),
                ("revoked_by", models.CharField(blank=True, db_default="", default="", max_length=64)),
                ("revoked_reason", models.CharField(blank=True, db_default="", default="", max_length=200)),
                (
                    "department",
                    models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="access.department"),
                ),
                (
                    "person",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="grants", to="access.person"),
                ),
                ("role", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="access.role")),
                (
                    "task_force",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="access.taskforce",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person"], name="access_gran_person__35b8e8_idx"),
                    models.Index(fields=["for_party"], name="access_gran_for_par_c9cd0f_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__isnull", True), ("until__gt", models.F("since")), _connector="OR"),
                        name="grant_ends_after_start",
                        violation_error_message="授权的结束时间要晚于开始时间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("place__isnull", False), ("for_party__isnull", False), _connector="OR"),
                        name="grant_is_for_place_or_party",
                        violation_error_message="授权要写明地区或所属单位。",
                    ),
                ],
            },
        ),
        Offer("Role"),
        Offer("Department", write=True),
        Protect("Person", also=DOOR),
        Protect("TaskForce", also=DOOR, read=True),
        Protect("Grant", also=DOOR),
        AtDoor("Account"),
        AtDoor("Session"),
        AtDoor("LoginCode"),
        AtDoor("Throttle"),
    ]
