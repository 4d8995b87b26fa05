"""Bulletins on their way, and the bytes of what was signed."""

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
            name="Bulletin",
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
                ("year", models.IntegerField()),
                ("issue", models.IntegerField()),
                ("pack", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=80)),
                ("issuer", models.CharField(max_length=80)),
                ("office", models.CharField(blank=True, max_length=80)),
                ("asof", models.DateTimeField()),
                ("known_era", models.IntegerField()),
                ("known_horizon", models.BigIntegerField()),
                ("known_at", models.DateTimeField()),
                ("headline", models.CharField(max_length=80)),
                ("paragraphs", models.JSONField()),
                ("figures", models.JSONField()),
                ("annex", models.JSONField(default=dict)),
                ("filler", models.CharField(max_length=64)),
                ("filler_name", models.CharField(max_length=80)),
                ("reviewer", models.CharField(blank=True, max_length=64)),
                ("reviewer_name", models.CharField(blank=True, max_length=80)),
                ("signer", models.CharField(blank=True, max_length=64)),
                ("signer_name", models.CharField(blank=True, max_length=80)),
                ("publisher", models.CharField(blank=True, max_length=64)),
                ("publisher_name", models.CharField(blank=True, max_length=80)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("drafted_at", models.DateTimeField(blank=True, null=True)),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                ("signed_at", models.DateTimeField(blank=True, null=True)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["region", "-day"], name="insight_bulletin_place")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "void"), _negated=True),
                        fields=("region", "day"),
                        name="one_bulletin_a_day",
                        violation_error_message="这一天的通报已经起草了，没有再起草一份。",
                    ),
                    models.UniqueConstraint(fields=("region", "year", "issue"), name="one_issue_of_a_number"),
                    models.CheckConstraint(
                        condition=models.Q(("reviewer", ""), models.Q(("reviewer", models.F("filler")), _negated=True), _connector="OR"),
                        name="filler_does_not_review",
                        violation_error_message="起草的人不能又来核对，没有改动。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("signer", ""),
                            models.Q(
                                models.Q(("signer", models.F("filler")), _negated=True),
                                models.Q(("signer", models.F("reviewer")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="signer_is_another",
                        violation_error_message="起草或核对的人不能又来签发，没有改动。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("publisher", ""), models.Q(("publisher", models.F("signer")), _negated=True), _connector="OR"),
                        name="signer_does_not_publish",
                        violation_error_message="签发的人不能又来发布，没有改动。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sealed",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("body", models.BinaryField()),
                ("digest", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                (
                    "bulletin",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="sealed", to="insight.bulletin"),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        Protect("Bulletin", read=True),
        AppendOnly("Sealed", read=True),
    ]
