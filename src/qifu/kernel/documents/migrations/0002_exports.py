"""Long exports: who asked, who allowed, and the file for a day."""

import django.db.models.deletion
from django.db import migrations, models

import qifu.kernel.values.ids
from qifu.kernel.schema import Protect


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0001_papers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Export",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("listing", models.CharField(max_length=60)),
                ("label", models.CharField(max_length=60)),
                ("filters", models.CharField(blank=True, max_length=1000)),
                ("form", models.CharField(max_length=4)),
                ("rows", models.IntegerField()),
                ("purpose", models.CharField(max_length=100)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "等另一个人同意"),
                            ("allowed", "排队生成"),
                            ("making", "正在生成"),
                            ("ready", "可以下载"),
                            ("refused", "没有同意"),
                            ("failed", "没有生成"),
                        ],
                        max_length=8,
                    ),
                ),
                ("office", models.CharField(blank=True, max_length=80)),
                ("person", models.UUIDField(null=True)),
                ("asked_by", models.CharField(max_length=64)),
                ("asked_by_name", models.CharField(max_length=80)),
                ("asked_at", models.DateTimeField()),
                ("answered_by", models.CharField(blank=True, default="", max_length=64)),
                ("answered_by_name", models.CharField(blank=True, default="", max_length=80)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
                ("begun_at", models.DateTimeField(blank=True, null=True)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("gone_at", models.DateTimeField(blank=True, null=True)),
                ("error", models.CharField(blank=True, default="", max_length=200)),
            ],
            options={
                "indexes": [models.Index(fields=["state", "asked_at"], name="documents_export_state")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_by", ""), models.Q(("answered_by", models.F("asked_by")), _negated=True), _connector="OR"
                        ),
                        name="export_is_allowed_by_another",
                        violation_error_message="导出要由另一个人同意。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ExportFile",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                (
                    "export",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="file",
                        serialize=False,
                        to="documents.export",
                    ),
                ),
                ("sealed", models.BinaryField()),
            ],
            options={
                "abstract": False,
            },
        ),
        Protect("Export"),
        Protect("ExportFile", delete=True),
    ]
