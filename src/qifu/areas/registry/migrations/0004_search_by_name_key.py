"""Search compares the name key: pairs of characters could not be indexed under row security and said no more."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0003_fewer_indexes"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="enterprise",
            name="bigrams",
        ),
    ]
