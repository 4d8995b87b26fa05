"""Imports: the original, its rows in sealed blocks, the rows to look at, and remembered mappings."""

import django.db.models.deletion
from django.db import migrations, models

import qifu.kernel.values.ids
from qifu.kernel.schema import Protect


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Block",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("number", models.IntegerField()),
                ("sheet", models.SmallIntegerField()),
                ("rows", models.IntegerField()),
                ("others", models.IntegerField(default=0)),
                ("blanks", models.IntegerField(default=0)),
                ("formulas", models.JSONField(default=dict)),
                ("sealed", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Import",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("target", models.CharField(max_length=60)),
                ("filename", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.IntegerField()),
                ("year", models.SmallIntegerField()),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("received", "已收到"),
                            ("judged", "已读完，等确认"),
                            ("committed", "已入库"),
                            ("failed", "没有导入"),
                            ("discarded", "已作废"),
                        ],
                        default="received",
                        max_length=12,
                    ),
                ),
                ("watermark", models.IntegerField(default=0)),
                ("staged_at", models.DateTimeField(blank=True, null=True)),
                ("sheets", models.JSONField(default=list)),
                ("mapping", models.JSONField(default=dict)),
                ("counts", models.JSONField(default=dict)),
                ("columns", models.JSONField(default=list)),
                ("notes", models.JSONField(default=list)),
                ("warnings", models.JSONField(default=list)),
                ("result", models.JSONField(default=dict)),
                ("error", models.CharField(blank=True, max_length=300)),
                ("fix", models.CharField(blank=True, max_length=300)),
                ("created_by", models.CharField(max_length=64)),
                ("created_by_name", models.CharField(max_length=80)),
                ("created_at", models.DateTimeField()),
                ("committed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["region", "-created_at"], name="intake_import_region_at")],
            },
        ),
        migrations.CreateModel(
            name="RememberedMapping",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("office", models.CharField(max_length=60)),
                ("target", models.CharField(max_length=60)),
                ("fingerprint", models.CharField(max_length=32)),
                ("mapping", models.JSONField()),
                ("remembered_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("office", "target", "fingerprint"), name="intake_mapping_once")],
            },
        ),
        migrations.CreateModel(
            name="StagedRow",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("block", models.IntegerField()),
                ("place", models.IntegerField()),
                ("sheet", models.CharField(max_length=120)),
                ("row", models.IntegerField()),
                ("title", models.CharField(blank=True, max_length=120)),
                ("verdict", models.SmallIntegerField()),
                ("enters", models.BooleanField()),
                ("problems", models.JSONField(default=list)),
                ("fixes_sealed", models.TextField(blank=True)),
                (
                    "choice",
                    models.CharField(
                        blank=True, choices=[("", "还没定"), ("enter", "照这样入库"), ("skip", "不要这行")], default="", max_length=5
                    ),
                ),
                ("refused", models.CharField(blank=True, max_length=300)),
                ("entered", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Original",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                (
                    "source",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="original",
                        serialize=False,
                        to="intake.import",
                    ),
                ),
                ("sealed", models.BinaryField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="block",
            name="source",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="blocks", to="intake.import"),
        ),
        migrations.AddField(
            model_name="stagedrow",
            name="source",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="staged", to="intake.import"),
        ),
        migrations.AddConstraint(
            model_name="block",
            constraint=models.UniqueConstraint(fields=("source", "number"), name="intake_block_once"),
        ),
        migrations.AddIndex(
            model_name="stagedrow",
            index=models.Index(fields=["source", "verdict", "block", "place"], name="intake_row_verdict"),
        ),
        migrations.AddConstraint(
            model_name="stagedrow",
            constraint=models.UniqueConstraint(fields=("source", "block", "place"), name="intake_row_once"),
        ),
        # What is sealed does not compress: keep the server from trying, on every block.
        migrations.RunSQL(
            "ALTER TABLE intake_block ALTER COLUMN sealed SET STORAGE EXTERNAL;"
            "ALTER TABLE intake_original ALTER COLUMN sealed SET STORAGE EXTERNAL",
            migrations.RunSQL.noop,
        ),
        Protect("Import"),
        Protect("Original", delete=True, update=False),
        Protect("Block", delete=True, update=False),
        Protect("StagedRow", delete=True),
        Protect("RememberedMapping"),
    ]
