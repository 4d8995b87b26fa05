"""The national table of days, readable by all, and local decrees, which an officer's action writes."""

from django.db import migrations, models

from qifu.kernel.schema import Offer


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="CalendarDay",
            fields=[
                ("date", models.DateField(primary_key=True, serialize=False)),
                ("is_workday", models.BooleanField()),
                ("name", models.TextField(blank=True)),
                ("source", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="LocalDecree",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region", models.IntegerField()),
                ("from_date", models.DateField()),
                ("to_date", models.DateField()),
                ("is_workday", models.BooleanField()),
                ("reason", models.TextField()),
                ("document", models.TextField()),
                ("recorded_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("to_date__gte", models.F("from_date"))), name="decree_runs_forward"),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("reason", ""), _negated=True), models.Q(("document", ""), _negated=True)),
                        name="decree_says_why",
                    ),
                ],
            },
        ),
        Offer("CalendarDay"),
        Offer("LocalDecree", write=True),
    ]
