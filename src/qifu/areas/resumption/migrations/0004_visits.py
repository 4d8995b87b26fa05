"""What a team hands in from a visit; and who looked at an item before."""

import django.db.models.deletion
from django.db import migrations, models

import qifu.kernel.values.ids
from qifu.kernel.schema import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("resumption", "0003_daily_reports_and_counters"),
    ]

    operations = [
        migrations.AddField(
            model_name="item",
            name="before",
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.AddField(
            model_name="item",
            name="by_owner",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("conclusion", models.CharField(max_length=8)),
                ("found", models.JSONField(default=list)),
                ("remarks", models.CharField(blank=True, max_length=500)),
                ("objection", models.CharField(blank=True, max_length=500)),
                ("signer", models.CharField(blank=True, max_length=60)),
                ("signature", models.UUIDField(blank=True, null=True)),
                ("photos", models.IntegerField(default=0)),
                ("assessor", models.CharField(max_length=64)),
                ("assessor_name", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                ("ahead", models.IntegerField(default=0)),
                ("received_at", models.DateTimeField()),
                (
                    "application",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="visits", to="resumption.application"),
                ),
            ],
            options={
                "ordering": ["received_at"],
            },
        ),
        AppendOnly("Visit"),
        # Until now whoever had written first kept a department's item: leave it with them.
        migrations.RunSQL(
            "UPDATE resumption_item SET by_owner = true WHERE department IN ('fire', 'health') AND checked_by <> ''",
            migrations.RunSQL.noop,
        ),
    ]
