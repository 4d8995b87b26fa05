"""Who is lent to the front line, and who covers."""

import django.contrib.postgres.fields
from django.db import migrations, models

import qifu.kernel.values.ids
from qifu.kernel.schema import Protect


class Migration(migrations.Migration):
    dependencies = [
        ("mobilisation", "0002_volunteers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Loan",
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
                ("person", models.UUIDField()),
                ("name", models.CharField(max_length=60)),
                ("office", models.CharField(blank=True, max_length=80)),
                ("to", models.CharField(max_length=80)),
                ("task", models.CharField(max_length=200)),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("cover", models.UUIDField()),
                ("cover_name", models.CharField(max_length=60)),
                ("cover_work", models.CharField(max_length=300)),
                ("asker", models.CharField(max_length=64)),
                ("hours", models.IntegerField(default=1)),
                ("approver_name", models.CharField(blank=True, max_length=80)),
                ("reason", models.CharField(blank=True, max_length=120)),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("back_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_day__gte", models.F("first_day"))),
                        name="loan_ends_after_start",
                        violation_error_message="结束日期要不早于开始日期。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cover", models.F("person")), _negated=True),
                        name="cover_is_another",
                        violation_error_message="自己的工作要由另一位来顶，没有保存。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["asked", "covered", "away"])),
                        fields=("person",),
                        name="one_loan_at_a_time",
                        violation_error_message="这个人已经有一次抽调在办，没有再开一份。",
                    ),
                ],
            },
        ),
        Protect("Loan"),
    ]
