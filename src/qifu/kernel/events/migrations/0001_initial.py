"""How far each listener has read."""

from django.db import migrations, models

from qifu.kernel.schema import Offer


class Migration(migrations.Migration):
    initial = True
    dependencies = [("journal", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Cursor",
            fields=[
                ("listener", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("era", models.IntegerField()),
                ("tx", models.BigIntegerField()),
            ],
        ),
        Offer("Cursor", write=True),
    ]
