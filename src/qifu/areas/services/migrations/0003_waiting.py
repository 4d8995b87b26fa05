"""Standing in line for a full time, and the one open appointment counts it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("booking", "0002_waiting"),
        ("registry", "0006_projects"),
        ("services", "0002_attachments"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="appointment",
            name="services_one_open_appointment",
        ),
        migrations.AddField(
            model_name="appointment",
            name="waits_for",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="booking.slot"
            ),
        ),
        migrations.AddField(
            model_name="appointment",
            name="waits_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("asked", "accepted", "waiting", "booked", "reminded"))),
                fields=("enterprise", "service"),
                name="services_one_open_appointment",
                violation_error_message="这家企业已经约了一次，没有再约。要换时间的，在原来那次里改约。",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "waiting"), _negated=True),
                    models.Q(("waits_for__isnull", False), ("waits_since__isnull", False)),
                    _connector="OR",
                ),
                name="services_waiting_says_for_what",
                violation_error_message="候补要写明等哪个时段，没有改动。",
            ),
        ),
    ]
