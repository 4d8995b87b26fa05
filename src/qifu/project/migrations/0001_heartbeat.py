from django.db import migrations, models

from qifu.kernel.schema import Offer


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("name", models.TextField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("trouble", models.TextField(blank=True, default="")),
            ],
        ),
        Offer("Heartbeat", write=True),
    ]
