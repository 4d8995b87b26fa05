"""Meetings, their agenda and invitations, leaders' notes, tasks and papers."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import qifu.kernel.values.ids
from qifu.kernel.schema import Protect


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("casework", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Meeting",
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
                ("number", models.CharField(max_length=60, unique=True)),
                ("title", models.CharField(max_length=80)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("room", models.CharField(max_length=80)),
                ("chair", models.CharField(max_length=60)),
                ("office", models.CharField(max_length=80)),
                ("office_name", models.CharField(max_length=80)),
                ("planner", models.CharField(max_length=64)),
                ("planner_name", models.CharField(max_length=80)),
                ("calls", models.SmallIntegerField(default=0)),
                ("words", models.TextField(blank=True, max_length=4000)),
                ("writer", models.CharField(blank=True, max_length=64)),
                ("writer_name", models.CharField(blank=True, max_length=80)),
                ("signer", models.CharField(blank=True, max_length=64)),
                ("signer_name", models.CharField(blank=True, max_length=80)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("planned_at", models.DateTimeField(blank=True, null=True)),
                ("called_at", models.DateTimeField(blank=True, null=True)),
                ("held_at", models.DateTimeField(blank=True, null=True)),
                ("drafted_at", models.DateTimeField(blank=True, null=True)),
                ("signed_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["region", "starts_at"], name="meeting_region")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("signer", ""), models.Q(("signer", models.F("writer")), _negated=True), _connector="OR"),
                        name="writer_does_not_sign_minutes",
                        violation_error_message="纪要由另一个人签发，没有改动。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="meeting_ends_after_it_starts",
                        violation_error_message="结束要晚于开始，没有保存。",
                    ),
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
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("state", models.CharField(max_length=32)),
                ("state_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("been", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=32), default=list, size=None)),
                ("facets", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ("place", models.SmallIntegerField()),
                ("question", models.CharField(max_length=200)),
                ("decision", models.CharField(blank=True, max_length=1000)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("listed_by", models.CharField(max_length=64)),
                ("listed_by_name", models.CharField(max_length=80)),
                ("listed_at", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "carried_from",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="carried_to",
                        to="consultation.item",
                    ),
                ),
                ("case", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casework.case")),
                (
                    "meeting",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="items", to="consultation.meeting"),
                ),
            ],
            options={
                "ordering": ["place", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "listed")),
                        fields=("case",),
                        name="case_on_one_agenda",
                        violation_error_message="这件已经在一次会的议题里，没有再列。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Attendee",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("office", models.CharField(max_length=80)),
                ("office_name", models.CharField(max_length=80)),
                ("title", models.CharField(max_length=80)),
                ("host", models.CharField(max_length=80)),
                ("room", models.CharField(max_length=80)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("calls", models.SmallIntegerField(default=0)),
                ("off", models.BooleanField(default=False)),
                ("reply", models.CharField(blank=True, max_length=8)),
                ("who", models.CharField(blank=True, max_length=60)),
                ("words", models.CharField(blank=True, max_length=120)),
                ("replied_at", models.DateTimeField(blank=True, null=True)),
                ("came", models.BooleanField(blank=True, null=True)),
                (
                    "meeting",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="attendees", to="consultation.meeting"),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["office", "starts_at"], name="attendee_office")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("meeting", "office"),
                        name="one_invitation_of_an_office",
                        violation_error_message="这个单位已经在名单里，没有再加。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
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
                ("number", models.CharField(max_length=60, unique=True)),
                ("leader", models.CharField(max_length=40)),
                ("leader_id", models.UUIDField(blank=True, null=True)),
                ("title", models.CharField(max_length=60)),
                ("text", models.TextField(max_length=2000)),
                ("written_at", models.DateTimeField()),
                ("office", models.CharField(max_length=80)),
                ("office_name", models.CharField(max_length=80)),
                ("recorder", models.CharField(max_length=64)),
                ("recorder_name", models.CharField(max_length=80)),
                ("hours", models.IntegerField(default=24)),
                ("words", models.CharField(blank=True, max_length=500)),
                ("received_at", models.DateTimeField(blank=True, null=True)),
                ("given_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casework.case"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["region", "received_at"], name="note_region")],
                "constraints": [models.CheckConstraint(condition=models.Q(("hours__gt", 0)), name="note_has_hours")],
            },
        ),
        migrations.CreateModel(
            name="Paper",
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
                ("kind", models.CharField(max_length=12)),
                ("title", models.CharField(max_length=100)),
                ("to", models.CharField(blank=True, max_length=120)),
                ("body", models.TextField(max_length=6000)),
                ("copies", models.CharField(blank=True, max_length=200)),
                ("contact", models.CharField(blank=True, max_length=80)),
                ("organ", models.CharField(max_length=80)),
                ("place", models.IntegerField()),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("writer", models.CharField(max_length=64)),
                ("writer_name", models.CharField(max_length=80)),
                ("signer", models.CharField(blank=True, max_length=64)),
                ("issued", models.UUIDField(blank=True, null=True)),
                ("number", models.CharField(blank=True, max_length=80)),
                ("drafted_at", models.DateTimeField(blank=True, null=True)),
                ("issued_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casework.case"
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="papers", to="consultation.note"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["case"], name="paper_case"),
                    models.Index(fields=["region", "drafted_at"], name="paper_region"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("signer", ""),
                            models.Q(("signer", models.F("writer")), _negated=True),
                            _connector="OR",
                        ),
                        name="writer_does_not_sign_paper",
                        violation_error_message="文书由另一个人签发，没有改动。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("itself", models.BooleanField(default=False)),
                ("lead", models.BooleanField(default=False)),
                ("office", models.CharField(max_length=80)),
                ("office_name", models.CharField(max_length=80)),
                ("what", models.CharField(max_length=300)),
                ("due_at", models.DateTimeField()),
                ("given_at", models.DateTimeField()),
                ("given_by", models.CharField(max_length=64)),
                ("case", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casework.case")),
                (
                    "item",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="tasks", to="consultation.item"
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="tasks", to="consultation.note"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["case"], name="task_case")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("item__isnull", True), ("note__isnull", False)),
                            models.Q(("item__isnull", False), ("note__isnull", True)),
                            _connector="OR",
                        ),
                        name="task_of_item_or_note",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("item__isnull", False)),
                        fields=("item", "office"),
                        name="one_task_of_an_office_an_item",
                        violation_error_message="这个单位在这一项里已经有任务，没有再派。",
                    ),
                ],
            },
        ),
        Protect("Meeting"),
        Protect("Attendee"),
        Protect("Item"),
        Protect("Note"),
        Protect("Task", update=False),
        Protect("Paper"),
    ]
