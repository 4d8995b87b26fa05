"""A delivery says how many files came along with it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("correspondence", "0003_all_who_wrote")]

    operations = [migrations.AddField("delivery", "files", models.SmallIntegerField(default=0))]
