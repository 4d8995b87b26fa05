"""Clock runs, and reports that were kept."""

import django.contrib.postgres.fields
from django.db import migrations, models

import qifu.kernel.values.ids
from qifu.kernel.schema import Protect


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Kept",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("action", models.CharField(max_length=60)),
                ("given", models.JSONField()),
                ("process", models.CharField(max_length=48)),
                ("subject", models.UUIDField()),
                ("says", models.CharField(max_length=300)),
                ("actor", models.CharField(max_length=64)),
                ("actor_name", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("kept_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("settled_by", models.CharField(blank=True, max_length=80)),
                ("outcome", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ClockRun",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("process", models.CharField(max_length=48)),
                ("subject", models.UUIDField()),
                ("name", models.CharField(max_length=32)),
                ("owner", models.CharField(blank=True, max_length=64)),
                ("started_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("paused_at", models.DateTimeField(blank=True, null=True)),
                ("stopped_at", models.DateTimeField(blank=True, null=True)),
                ("lapse", models.CharField(blank=True, max_length=48)),
                (
                    "because",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), default=list, size=None),
                ),
            ],
            options={
                "db_table": "workflow_clock",
                "indexes": [
                    models.Index(condition=models.Q(("stopped_at__isnull", True)), fields=["due_at"], name="clock_due"),
                    models.Index(fields=["subject"], name="clock_subject"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("stopped_at__isnull", True)),
                        fields=("subject", "name"),
                        name="one_run_of_a_clock",
                    )
                ],
            },
        ),
        Protect("ClockRun", delete=True),
        Protect("Kept"),
    ]
