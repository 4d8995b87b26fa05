"""Keep who answered for a supplier, who asked it and who passed a need on: one person does not say yes for both sides."""

from django.db import migrations, models


def by(model: str, name: str) -> migrations.AddField:
    """Give a column for an actor."""
    return migrations.AddField(model, name, models.CharField(default="", max_length=64))


class Migration(migrations.Migration):
    dependencies = [("supply", "0001_initial")]

    operations = [
        by("match", "answered_by"),
        by("need", "passed_by"),
        by("call", "proposer"),
        by("call", "answered_by"),
        migrations.RunSQL(
            "UPDATE supply_call c SET proposer = m.proposer FROM supply_match m WHERE m.id = c.match",
            migrations.RunSQL.noop,
        ),
    ]
