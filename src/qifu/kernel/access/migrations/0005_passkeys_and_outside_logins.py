"""Passkeys beside the authenticator, logins at other services, and what the door gave out to be answered once."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import qifu.kernel.values.ids
from qifu.kernel.schema import DOOR, AtDoor, Protect


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0004_entered_and_invited"),
    ]

    operations = [
        migrations.CreateModel(
            name="Challenge",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=12)),
                ("session", models.UUIDField(blank=True, null=True)),
                ("sender", models.CharField(blank=True, db_index=True, max_length=64)),
                ("created_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Passkey",
            fields=[
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("handle", models.CharField(max_length=1400, unique=True)),
                ("public", models.BinaryField()),
                ("name", models.CharField(max_length=40)),
                ("synced", models.BooleanField(default=False)),
                ("count", models.BigIntegerField(default=0)),
                ("added_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("doubted_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="passkeys", to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Outside",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("service", models.CharField(max_length=24)),
                ("subject", models.CharField(max_length=64)),
                ("linked_at", models.DateTimeField()),
                ("linked_by", models.CharField(blank=True, max_length=64)),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="outside", to="access.person")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("service", "subject"),
                        name="outside_login_lets_one_person_in",
                        violation_error_message="这个外部账号已经关联了另一个人。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("service", "person"),
                        name="person_has_one_login_a_service",
                        violation_error_message="这个人已经关联了一个外部账号。",
                    ),
                ],
            },
        ),
        AtDoor("Challenge"),
        AtDoor("Passkey"),
        Protect("Outside", also=DOOR),
    ]
