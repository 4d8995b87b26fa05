"""An owner may be a unit by its name, which takes 80 signs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workflow", "0003_days_given_back")]

    operations = [migrations.AlterField("clockrun", "owner", models.CharField(blank=True, max_length=80))]
