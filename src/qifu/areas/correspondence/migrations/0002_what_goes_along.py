"""Letters carry files along."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("correspondence", "0001_letters")]

    operations = [migrations.AddField("letter", "enclosed", ArrayField(base_field=models.UUIDField(), blank=True, default=list, size=None))]
