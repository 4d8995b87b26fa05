"""Pictures and papers that go with an answer."""

import django.db.models.deletion
from django.db import migrations, models

import qifu.kernel.values.ids
from qifu.kernel.schema import Protect


class Migration(migrations.Migration):
    dependencies = [
        ("services", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("since", models.IntegerField()),
                ("until", models.IntegerField(blank=True, null=True)),
                ("name", models.CharField(blank=True, max_length=120)),
                ("mime", models.CharField(max_length=40)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.IntegerField()),
                ("body", models.BinaryField()),
                ("by_name", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                (
                    "article",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="attachments", to="services.article"),
                ),
            ],
            options={
                "ordering": ["at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)),
                        fields=("article", "sha256"),
                        name="services_attachment_once",
                        violation_error_message="这个文件已经在了，没有再存一遍。",
                    )
                ],
            },
        ),
        Protect("Attachment", read=True),
    ]
