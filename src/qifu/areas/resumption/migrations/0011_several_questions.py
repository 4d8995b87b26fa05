"""Let a clerk's sentence be about several questions of the form."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("resumption", "0010_signatures_questions_licences")]

    operations = [
        migrations.AlterField("application", "asked", models.CharField(blank=True, db_default="", default="", max_length=200)),
    ]
