"""The wrapped data keys. Readable by the application, which holds the root key; written when one is made or destroyed."""

from django.db import migrations, models

from qifu.kernel.schema import Offer


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Key",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("use", models.TextField(choices=[("seal", "加密"), ("blind", "盲索引")])),
                (
                    "klass",
                    models.TextField(choices=[("P0", "公开"), ("P1", "内部"), ("P2", "个人信息"), ("P3", "敏感个人信息")]),
                ),
                ("crisis", models.TextField(blank=True)),
                ("serial", models.IntegerField(default=1)),
                ("wrapped", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
                ("destroyed_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("use", "klass", "crisis", "serial"), name="one_key_per_serial"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("destroyed_at__isnull", False), ("wrapped", "")),
                            models.Q(("destroyed_at__isnull", True), models.Q(("wrapped", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="destroyed_key_is_empty",
                    ),
                ],
            },
        ),
        Offer("Key", write=True),
    ]
