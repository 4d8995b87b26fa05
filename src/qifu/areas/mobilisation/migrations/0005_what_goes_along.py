"""Notices carry files along."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mobilisation", "0004_training")]

    operations = [migrations.AddField("notice", "enclosed", ArrayField(base_field=models.UUIDField(), blank=True, default=list, size=None))]
