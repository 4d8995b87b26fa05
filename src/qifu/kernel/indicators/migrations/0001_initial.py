"""The roll-up of the journal by local day."""

import django.contrib.postgres.fields
from django.db import migrations, models

from qifu.kernel.schema import Offer, Protect


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="BaseSum",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("process", models.CharField(max_length=48)),
                ("day", models.DateField()),
                ("verb", models.CharField(max_length=48)),
                ("left", models.CharField(max_length=32)),
                ("entered", models.CharField(max_length=32)),
                ("first", models.BooleanField()),
                ("facets", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)),
                ("n", models.BigIntegerField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DaySum",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("process", models.CharField(max_length=48)),
                ("day", models.DateField()),
                ("verb", models.CharField(max_length=48)),
                ("left", models.CharField(max_length=32)),
                ("entered", models.CharField(max_length=32)),
                ("first", models.BooleanField()),
                ("facets", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)),
                ("n", models.BigIntegerField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Watermark",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("era", models.IntegerField()),
                ("horizon", models.BigIntegerField()),
                ("day", models.DateField()),
                ("rolled_at", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(
            [
                f'CREATE UNIQUE INDEX {table}_group ON {table} (process, day, region, district, compartment, facets, verb, "left", entered, first)'
                for table in ("indicators_daysum", "indicators_basesum")
            ],
            migrations.RunSQL.noop,
        ),
        Protect("DaySum"),
        Protect("BaseSum", delete=True),
        Offer("Watermark", write=True),
    ]
