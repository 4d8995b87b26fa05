"""Templates of the upper level, the tables of their days, and the bytes of both."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import qifu.kernel.values.ids
from qifu.kernel.schema import AppendOnly, Protect


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Blank",
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
                ("name", models.CharField(max_length=80)),
                ("filename", models.CharField(max_length=120)),
                ("unit", models.CharField(max_length=80)),
                ("office", models.CharField(blank=True, max_length=80)),
                ("hour", models.CharField(max_length=5)),
                ("cells", models.JSONField(default=list)),
                ("digest", models.CharField(max_length=64)),
                ("mapper", models.CharField(blank=True, max_length=64)),
                ("mapper_name", models.CharField(blank=True, max_length=80)),
                ("starter", models.CharField(blank=True, max_length=64)),
                ("starter_name", models.CharField(blank=True, max_length=80)),
                ("uploaded_at", models.DateTimeField(blank=True, null=True)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("starter", ""), models.Q(("starter", models.F("mapper")), _negated=True), _connector="OR"),
                        name="mapper_does_not_start",
                        violation_error_message="格子是您对的，要由另一位看过再启用，没有改动。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Kept",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("about", models.UUIDField()),
                ("step", models.CharField(max_length=16)),
                ("body", models.BinaryField()),
                ("digest", models.CharField(max_length=64)),
                ("by_name", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["about", "at"], name="returns_kept_about")],
            },
        ),
        migrations.CreateModel(
            name="Filing",
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
                ("asof", models.DateTimeField()),
                ("known_era", models.IntegerField()),
                ("known_horizon", models.BigIntegerField()),
                ("known_at", models.DateTimeField()),
                ("office", models.CharField(blank=True, max_length=80)),
                ("values", models.JSONField(default=list)),
                ("missing", models.JSONField(default=list)),
                ("against", models.DateField(blank=True, null=True)),
                ("digest", models.CharField(max_length=64)),
                ("releaser", models.CharField(blank=True, max_length=64)),
                ("releaser_name", models.CharField(blank=True, max_length=80)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("filled_at", models.DateTimeField(blank=True, null=True)),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                ("blank", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="filings", to="returns.blank")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("blank", "day"), name="one_filing_a_day", violation_error_message="这一天的表已经填了，没有再填一份。"
                    )
                ],
            },
        ),
        Protect("Blank"),
        Protect("Filing"),
        AppendOnly("Kept"),
    ]
