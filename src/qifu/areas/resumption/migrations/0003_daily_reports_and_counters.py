"""The daily report, whom a place is reached by, and who says to be a contact; drafts notice two tabs."""

import django.db.models.deletion
from django.db import migrations, models

import qifu.kernel.privacy.fields
import qifu.kernel.values.ids
from qifu.kernel.schema import DOOR, AppendOnly, Protect

# A contact sees her own firm alone, and yet the rate of her town: two counts come out, and none where they would name somebody.
RATE = """
CREATE FUNCTION resumption_rate_of_place(place int, of_incident uuid)
RETURNS TABLE (resumed bigint, registered bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT (SELECT count(DISTINCT a.enterprise_id) FROM resumption_application a
          WHERE a.region = place AND a.incident_id = of_incident AND a.state = 'resumed'), e.n
  FROM (SELECT count(*) AS n FROM registry_enterprise WHERE region = place AND closed_at IS NULL) e
  WHERE e.n >= 5
$$;
REVOKE ALL ON FUNCTION resumption_rate_of_place(int, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION resumption_rate_of_place(int, uuid) TO qifu_app, qifu_worker;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0005_lists_and_surveys_of_a_place"),
        ("resumption", "0002_desk"),
    ]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="steps_at",
            field=models.JSONField(default=dict),
        ),
        migrations.CreateModel(
            name="Counter",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("contact", models.CharField(blank=True, max_length=40)),
                ("phone", models.CharField(max_length=20)),
                ("hours", models.CharField(blank=True, max_length=60)),
                ("bring", models.CharField(blank=True, max_length=300)),
                ("set_at", models.DateTimeField()),
                ("set_by", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("region",), name="one_counter_of_a_place")],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("firm", models.CharField(max_length=120)),
                ("uscc", models.CharField(blank=True, max_length=18)),
                ("name", models.CharField(max_length=60)),
                ("phone", qifu.kernel.privacy.fields.SealedTextField(blind="phone", klass="P2")),
                ("phone_blind", qifu.kernel.privacy.fields.BlindIndex(db_index=False, of="phone")),
                ("sender", models.CharField(max_length=64)),
                ("state", models.CharField(default="waiting", max_length=12)),
                ("made_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("settled_by", models.CharField(blank=True, max_length=64)),
                ("reason", models.CharField(blank=True, max_length=200)),
                (
                    "enterprise",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.enterprise",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["region", "state", "made_at"], name="claim_region"),
                    models.Index(fields=["sender", "made_at"], name="claim_sender"),
                    models.Index(fields=["phone_blind", "made_at"], name="claim_phone"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DailyReport",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("revision", models.SmallIntegerField(default=1)),
                ("at_work", models.IntegerField()),
                ("expected", models.IntegerField()),
                ("running", models.IntegerField()),
                ("capacity", models.IntegerField()),
                ("answers", models.JSONField(default=dict)),
                ("why", models.CharField(blank=True, max_length=12)),
                ("told_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("late", models.BooleanField(default=False)),
                ("told_by", models.CharField(max_length=64)),
                (
                    "enterprise",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.enterprise"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["region", "day"], name="daily_region")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("enterprise", "day", "revision"),
                        name="one_report_of_a_day",
                        violation_error_message="这一天刚刚有人报过，没有再报一次。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("at_work__gte", 0), ("capacity__gte", 0), ("expected__gte", 0), ("running__gte", 0)),
                        name="daily_not_negative",
                        violation_error_message="人数和生产线不能是负数。",
                    ),
                ],
            },
        ),
        migrations.RunSQL(RATE, "DROP FUNCTION resumption_rate_of_place(int, uuid)"),
        AppendOnly("DailyReport"),
        Protect("Counter", read=True),
        Protect("Claim", also=DOOR),
    ]
