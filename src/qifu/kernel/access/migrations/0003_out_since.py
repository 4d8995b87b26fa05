"""Sessions opened before an instant open nothing: a number that changed hands takes no session along."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0002_grants_by_another")]
    operations = [migrations.AddField("person", "out_since", models.DateTimeField(blank=True, null=True))]
