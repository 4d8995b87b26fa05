"""Each year of the national table is known by a digest, so that a new or changed one finds the open deadlines anew."""

from django.db import migrations, models

from qifu.kernel.schema import Offer

FILL = """
INSERT INTO calendar_knownyear (year, digest, moved, settled_at)
SELECT extract(year FROM date)::int, md5(string_agg(date::text || is_workday || name, ',' ORDER BY date)), 0, now()
FROM calendar_calendarday GROUP BY 1
"""


class Migration(migrations.Migration):
    dependencies = [("calendar", "0003_what_a_decree_moved")]

    operations = [
        migrations.CreateModel(
            name="KnownYear",
            fields=[
                ("year", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=32)),
                ("moved", models.PositiveIntegerField(default=0)),
                ("settled_at", models.DateTimeField(null=True)),
            ],
        ),
        Offer("KnownYear", write=True),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
