"""Working days that a clock was given back stand in a column: a deadline can be found anew when the calendar changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workflow", "0002_kept_once")]

    operations = [migrations.AddField("clockrun", "given", models.PositiveSmallIntegerField(default=0))]
