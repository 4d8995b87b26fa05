"""When a team arrives; published batches; a person's own views and what they follow."""

import django.db.models.deletion
from django.db import migrations, models

import qifu.kernel.values.ids
from qifu.kernel.schema import Offer, Protect


class Migration(migrations.Migration):
    dependencies = [
        ("resumption", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="application",
            name="visit_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("district", models.IntegerField()),
                ("place", models.CharField(max_length=60)),
                ("number", models.IntegerField()),
                ("day", models.DateField()),
                ("published_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("district", "number"), name="one_batch_of_a_number")],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("person", models.UUIDField()),
                ("name", models.CharField(max_length=24)),
                ("words", models.CharField(max_length=500)),
                ("saved_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["saved_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "name"), name="one_view_of_a_name", violation_error_message="您已有一个同名的视图，换个名字。"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Listing",
            fields=[
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("application", models.UUIDField()),
                ("order", models.IntegerField()),
                ("name", models.CharField(max_length=120)),
                ("town", models.CharField(max_length=60)),
                ("decided_on", models.DateField()),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "removed_why",
                    models.CharField(
                        blank=True,
                        choices=[("suspended", "暂停"), ("withdrawn", "企业撤回"), ("corrected", "登记更正")],
                        default="",
                        max_length=16,
                    ),
                ),
                ("batch", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="resumption.batch")),
            ],
            options={
                "ordering": ["order"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at__isnull", True)), fields=("application",), name="listed_once_at_a_time"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("removed_at__isnull", True), ("removed_why", "")),
                            models.Q(("removed_at__isnull", False), models.Q(("removed_why", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="removed_with_a_reason",
                        violation_error_message="移出名单要有原因。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Watch",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("person", models.UUIDField()),
                ("since", models.DateTimeField()),
                (
                    "application",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="watches", to="resumption.application"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person", "application"), name="watched_once")],
            },
        ),
        Offer("Batch", write=True),
        Offer("Listing", write=True),
        Protect("SavedView", delete=True),
        Protect("Watch", delete=True),
    ]
