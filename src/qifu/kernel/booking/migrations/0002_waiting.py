"""How many wait for a time that is full."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("booking", "0001_initial"),
    ]

    operations = [
        migrations.AddField("Slot", "waiting", models.SmallIntegerField(default=0)),
        migrations.AddConstraint(
            "Slot",
            models.CheckConstraint(
                condition=models.Q(("waiting__gte", 0)),
                name="booking_slot_nobody_owes_a_wait",
                violation_error_message="候补的人数不对，没有改动。",
            ),
        ),
    ]
