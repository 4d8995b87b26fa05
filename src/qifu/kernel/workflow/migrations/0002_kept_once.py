"""A report that a device delivers twice is kept once; the list of what waits to be settled."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workflow", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="kept",
            name="key",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="kept",
            index=models.Index(condition=models.Q(("settled_at__isnull", True)), fields=["region", "kept_at"], name="kept_open"),
        ),
        migrations.AddConstraint(
            model_name="kept",
            constraint=models.UniqueConstraint(fields=("key",), name="kept_once"),
        ),
    ]
