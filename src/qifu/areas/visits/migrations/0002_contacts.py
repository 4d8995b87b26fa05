"""That somebody got through to an enterprise, as a dated fact of its own."""

import django.db.models.deletion
from django.db import migrations, models

import qifu.kernel.values.ids
from qifu.kernel.schema import Protect


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0006_projects"),
        ("visits", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("way", models.CharField(choices=[("phone", "打电话"), ("site", "当面")], max_length=8)),
                ("met", models.CharField(max_length=60)),
                ("words", models.CharField(blank=True, max_length=300)),
                ("officer", models.CharField(max_length=64)),
                ("officer_name", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                (
                    "enterprise",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.enterprise"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["enterprise", "at"], name="visits_contact_firm"),
                    models.Index(fields=["region", "at"], name="visits_contact_region"),
                ],
            },
        ),
        Protect("Contact"),
    ]
