"""The sums hold today's rows too, and are found by what was entered, left or done. They are made anew at the next roll."""

from datetime import date, timedelta

from django.db import migrations, models

_SUMS = ("indicators_daysum", "indicators_basesum")
_GROUP = 'process, day, region, district, compartment, facets, verb, "left", entered, first'
_BY_STATE = 'process, entered, day, region, first, district, compartment, facets, verb, "left"'


class Migration(migrations.Migration):
    dependencies = [("indicators", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [
                f"TRUNCATE {', '.join(_SUMS)}, indicators_watermark",
                *(f"DROP INDEX {table}_group" for table in _SUMS),
                *(f"CREATE UNIQUE INDEX {table}_group ON {table} ({_BY_STATE})" for table in _SUMS),
                *(f'CREATE INDEX {table}_left ON {table} (process, "left", day, region) WHERE "left" <> \'\'' for table in _SUMS),
                *(f"CREATE INDEX {table}_verb ON {table} (process, verb, day, region)" for table in _SUMS),
                "CREATE INDEX indicators_basesum_day ON indicators_basesum (day)",
            ],
            [
                f"TRUNCATE {', '.join(_SUMS)}, indicators_watermark",
                "DROP INDEX indicators_basesum_day",
                *(f"DROP INDEX {table}_{name}" for table in _SUMS for name in ("group", "left", "verb")),
                *(f"CREATE UNIQUE INDEX {table}_group ON {table} ({_GROUP})" for table in _SUMS),
            ],
        ),
        migrations.AddField("Watermark", "since", models.DateField(default=date.min), preserve_default=False),
        migrations.AddField("Watermark", "latest", models.DateTimeField(null=True)),
        migrations.AddField("Watermark", "ahead", models.DurationField(default=timedelta()), preserve_default=False),
    ]
