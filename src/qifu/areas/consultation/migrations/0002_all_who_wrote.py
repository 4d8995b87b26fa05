"""Keep all who wrote at minutes and papers: none of them signs. What stands has its last writer."""

import django.contrib.postgres.fields
from django.db import migrations, models


def writers(model: str) -> migrations.AddField:
    """Give the column for all writers."""
    return migrations.AddField(
        model, "writers", django.contrib.postgres.fields.ArrayField(models.CharField(max_length=64), default=list, size=None)
    )


class Migration(migrations.Migration):
    dependencies = [("consultation", "0001_initial")]

    operations = [
        writers("meeting"),
        writers("paper"),
        migrations.RunSQL("UPDATE consultation_meeting SET writers = ARRAY[writer] WHERE writer <> ''", migrations.RunSQL.noop),
        migrations.RunSQL("UPDATE consultation_paper SET writers = ARRAY[writer]", migrations.RunSQL.noop),
    ]
