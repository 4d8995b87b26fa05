"""The times that offices keep open; they name nobody, so that a firm books in one that it cannot reach otherwise."""

from django.db import migrations, models

import qifu.kernel.values.ids
from qifu.kernel.schema import Offer


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Slot",
            fields=[
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("service", models.CharField(max_length=24)),
                ("place", models.IntegerField()),
                ("office", models.CharField(max_length=80)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("capacity", models.SmallIntegerField()),
                ("taken", models.SmallIntegerField(default=0)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("why_closed", models.CharField(blank=True, max_length=120)),
                ("opened_by", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("taken__gte", 0), ("taken__lte", models.F("capacity"))),
                        name="booking_slot_holds_no_more",
                        violation_error_message="这个时段刚刚约满，没有约上。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="booking_slot_ends_after_start",
                        violation_error_message="时段的结束时间要晚于开始时间，没有开出来。",
                    ),
                    models.UniqueConstraint(
                        fields=("service", "place", "starts_at"),
                        name="booking_slot_once",
                        violation_error_message="这个时间已经开过一个时段了，没有再开一个。",
                    ),
                ],
            },
        ),
        Offer("Slot", write=True),
    ]
