"""Papers carry files along."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consultation", "0003_paper_of_a_supervision")]

    operations = [migrations.AddField("paper", "enclosed", ArrayField(base_field=models.UUIDField(), blank=True, default=list, size=None))]
