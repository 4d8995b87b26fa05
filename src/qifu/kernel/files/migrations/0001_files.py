"""Files and their bytes: never changed, never taken back."""

import django.db.models.deletion
from django.db import migrations, models

import qifu.kernel.values.ids
from qifu.kernel.schema import AppendOnly


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="File",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=40)),
                ("about", models.UUIDField()),
                ("name", models.CharField(blank=True, max_length=120)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.IntegerField()),
                ("mime", models.CharField(max_length=40)),
                ("width", models.IntegerField(default=0)),
                ("height", models.IntegerField(default=0)),
                ("taken_at", models.DateTimeField(blank=True, null=True)),
                ("kept_at", models.DateTimeField()),
                ("kept_by", models.CharField(max_length=64)),
                ("kept_by_name", models.CharField(max_length=80)),
            ],
            options={
                "ordering": ["kept_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("about", "sha256"), name="one_file_once", violation_error_message="这张已经在了，没有再存一遍。"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Body",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name="body", serialize=False, to="files.file"
                    ),
                ),
                ("shown", models.BinaryField()),
                ("small", models.BinaryField(default=b"")),
            ],
            options={
                "abstract": False,
            },
        ),
        AppendOnly("File"),
        AppendOnly("Body"),
    ]
