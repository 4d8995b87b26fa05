"""Supervision becomes a record of its own; the notes written before stay as they are, each naming its office in the record."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import qifu.kernel.values.ids
from qifu.kernel.schema import Protect


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0005_i_lessons"),
    ]

    operations = [
        migrations.CreateModel(
            name="Supervision",
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
                ("number", models.CharField(max_length=40, unique=True)),
                ("office", models.CharField(max_length=80)),
                ("office_name", models.CharField(max_length=80)),
                ("ask", models.CharField(max_length=1000)),
                ("days", models.SmallIntegerField(default=1)),
                ("asker", models.CharField(max_length=64)),
                ("asker_name", models.CharField(max_length=80)),
                ("reply", models.CharField(blank=True, max_length=1000)),
                ("replier", models.CharField(blank=True, max_length=64)),
                ("replier_name", models.CharField(blank=True, max_length=80)),
                ("judge", models.CharField(blank=True, max_length=64)),
                ("why", models.CharField(blank=True, max_length=500)),
                ("returns", models.SmallIntegerField(default=0)),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                ("replied_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="supervisions", to="casework.case"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["case"], name="supervision_case"),
                    models.Index(fields=["office", "state"], name="supervision_office"),
                    models.Index(fields=["region", "state", "due_at"], name="supervision_region"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["asked", "replied", "sent_back", "confirmed", "withdrawn"])),
                        name="supervision_stands_somewhere",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("judge", ""), models.Q(("judge", models.F("replier")), _negated=True), _connector="OR"),
                        name="replier_does_not_judge",
                        violation_error_message="回复的人不能自己确认，没有改动。",
                    ),
                ],
            },
        ),
        migrations.RemoveField(model_name="remark", name="to_office"),
        Protect("Supervision"),
    ]
