"""A supervision note knows which supervision it puts on paper."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consultation", "0002_all_who_wrote")]

    operations = [migrations.AddField("paper", "supervision", models.UUIDField(blank=True, null=True))]
