"""Row security may not use an index whose operator is not leakproof: the search index only cost (measured: never read)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0001_enterprises_and_workers"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="enterprise",
            name="registry_ent_bigrams",
        ),
    ]
