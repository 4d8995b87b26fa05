"""Keep the name under an undertaking, the question that a clerk's sentence is about, and the licence beside a claim."""

import django.db.models.deletion
from django.db import migrations, models

import qifu.kernel.values.ids
from qifu.kernel.schema import DOOR, AppendOnly


class Migration(migrations.Migration):
    dependencies = [("resumption", "0009_project_worklist")]

    operations = [
        migrations.AddField("application", "signature", models.UUIDField(blank=True, null=True)),
        migrations.AddField("application", "asked", models.CharField(blank=True, db_default="", default="", max_length=40)),
        migrations.AddField("draft", "signature", models.UUIDField(blank=True, null=True)),
        migrations.CreateModel(
            name="Licence",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("sha256", models.CharField(max_length=64)),
                ("shown", models.BinaryField()),
                ("small", models.BinaryField(default=b"")),
                ("kept_at", models.DateTimeField()),
                (
                    "claim",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="licence", to="resumption.claim"),
                ),
            ],
            options={"abstract": False},
        ),
        AppendOnly("Licence", also=DOOR),
    ]
